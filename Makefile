# Each target does its own setup, which takes a second when nothing has changed. ROS_DISTRO=kilted chooses another ROS 2.
.PHONY: help setup build demo test check clean

help:
	@echo "make demo     show predictions live, on footage from a package registry; VIDEO=file or BAG=path: on your own"
	@echo "make test     build and run the tests; ARGS='-k name' goes to pytest"
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

check: setup
	@scripts/check

clean:
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build install log
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
