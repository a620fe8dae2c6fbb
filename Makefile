# Each target does its own setup, which takes a second when nothing has changed. ROS_DISTRO=kilted chooses another ROS 2.
.PHONY: help setup build demo test conformance bench-ranking bench-evaluation pictures check clean

help:
	@echo "make demo     show predictions live, on footage from a package registry; VIDEO=file or BAG=path: on your own"
	@echo "make test     build and run the tests; ARGS='-k name' goes to pytest"
	@echo "make conformance  what every endpoint must do: scripted, embedded, and the one of COSMOS_CONFORMANCE_URL"
	@echo "make bench-evaluation  how fast recordings are evaluated and in what memory; docs/evaluation.md has the figures"
	@echo "make bench-ranking  how right rankings are, by a simulated judge; prints the tables of docs/ranking.md"
	@echo "make pictures make the README's pictures anew, of real output; needs chromium"
	@echo "make check    style and types"
	@echo "make setup    only make the environment and build both packages ('make build' is the same)"
	@echo "make clean    remove all that these targets made"
	@echo "ROS_DISTRO    jazzy (default) or kilted; where a ROS 2 is sourced, that one is used"

setup build:
	@scripts/setup

demo: setup
	@scripts/demo $(ARGS)

test: setup
	@scripts/test $(ARGS)

define CONFORMANCE_HELP
COSMOS_CONFORMANCE_URL is not set: only the scripted and the embedded endpoint are tried. To try a vLLM:

    vllm serve nvidia/Cosmos-Reason1-7B --api-key "$$COSMOS_API_KEY" \
        --media-io-kwargs '{"video": {"fps": 4, "num_frames": -1}}'
    COSMOS_CONFORMANCE_URL=http://HOST:8000/v1 COSMOS_API_KEY=... make conformance

COSMOS_CONFORMANCE_PROFILE names a profile (default: the one that the doctor recommends), COSMOS_CONFORMANCE_MODEL
the model (default: the first that is listed). It asks some 130 short questions: mind quotas.

endef
export CONFORMANCE_HELP

conformance: setup
	@[ -n "$$COSMOS_CONFORMANCE_URL" ] || printf '%s\n' "$$CONFORMANCE_HELP"
	@scripts/test test/endpoints/test_contract.py -rs $(ARGS)

bench-ranking: setup
	@scripts/in_env python benchmarks/ranking.py

bench-evaluation: setup
	@scripts/in_env python benchmarks/evaluation.py

pictures: setup
	@scripts/in_env scripts/pictures

check: setup
	@scripts/check

clean:
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build install log
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
