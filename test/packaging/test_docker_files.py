"""The files of docker/: what is in the node's image, who may reach what, and whether vLLM takes the flags."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
MODELS = sorted(path.name for path in DOCKER.glob("*.yaml") if path.name != "base.yaml")
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\+[^}]*)\}")


def services(name: str) -> dict[str, Any]:
    """Return the services of a compose file."""
    read: dict[str, Any] = yaml.safe_load((DOCKER / name).read_text(encoding="utf-8"))["services"]
    return read


def example() -> dict[str, str]:
    """Return the settings of docker/example.env."""
    lines = (DOCKER / "example.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def allowed() -> list[str]:
    """Return what .dockerignore lets through, after it has shut everything out."""
    lines = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert lines[0] == "*"
    return [line[1:] for line in lines if line.startswith("!")]


def source(line: str) -> str:
    """Return what a COPY takes."""
    return line.split()[1]


@pytest.mark.parametrize("name", MODELS)
def test_each_model_has_a_server_and_a_node_made_of_the_common_ones(name: str) -> None:
    extended = {key: service["extends"] for key, service in services(name).items()}
    assert extended == {key: {"file": "base.yaml", "service": key} for key in ("vllm", "node")}


def test_every_service_has_a_healthcheck_and_the_node_waits_for_that_of_the_server() -> None:
    base = services("base.yaml")
    assert all("healthcheck" in service for service in base.values())
    assert base["node"]["depends_on"] == {"vllm": {"condition": "service_healthy"}}


def test_the_server_is_published_on_loopback_unless_someone_says_otherwise() -> None:
    assert services("base.yaml")["vllm"]["ports"] == ["${BIND:-127.0.0.1}:8000:8000"]
    assert all("ports" not in service for name in MODELS for service in services(name).values())


def test_every_image_has_a_tag_that_says_a_version() -> None:
    images = [VARIABLE.sub(r"\2", service["image"]) for service in services("base.yaml").values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 3
    for image in images:
        name, _, tag = image.rpartition(":")
        assert name and tag not in {"", "latest"}, image


def test_the_node_runs_as_an_ordinary_user_who_can_gain_nothing() -> None:
    node = services("base.yaml")["node"]
    assert VARIABLE.sub(r"\2", node["user"]) == re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1] == "1000:1000"
    assert node["cap_drop"] == ["ALL"]
    assert node["security_opt"] == ["no-new-privileges:true"]


def test_the_settings_of_the_example_are_those_of_the_files_with_the_same_defaults() -> None:
    text = "".join((DOCKER / name).read_text(encoding="utf-8") for name in ["base.yaml", *MODELS])
    assert dict(VARIABLE.findall(text)) == example()


def test_no_file_holds_a_key_and_the_one_that_will_is_ignored() -> None:
    shapes = re.compile(r"hf_\w{8,}|nvapi-\w+|\bsk-\w{4,}|(?:KEY|TOKEN)[:=] ?\w")
    for path in [*DOCKER.iterdir(), ROOT / "docs/serving.md"]:
        assert path.name == ".env" or not shapes.search(path.read_text(encoding="utf-8")), path.name
    assert (example()["VLLM_API_KEY"], example()["HF_TOKEN"]) == ("", "")
    assert ".env" in (DOCKER / ".gitignore").read_text(encoding="utf-8").split()
    assert not [path for path in allowed() if path.startswith("docker") and path != "docker/entrypoint"]


def test_everything_that_the_image_is_built_from_exists_and_goes_into_it() -> None:
    copied = [source(line) for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
    inside = [path for path in copied if path != "."]
    assert inside and all((ROOT / path).exists() for path in [*inside, *allowed()])
    assert {Path(path).parts[0] for path in inside} <= set(allowed())
    shared = re.findall(r'\*shared\("(\w+)"', (ROOT / "setup.py").read_text(encoding="utf-8"))
    assert {*shared, "setup.py", "setup.cfg", "resource", "requirements", "cosmos_reasoner"} <= set(allowed())


def test_the_entrypoint_can_be_executed() -> None:
    assert (DOCKER / "entrypoint").stat().st_mode & stat.S_IXUSR


def test_rosdep_is_told_to_skip_the_same_keys_as_in_the_workflow() -> None:
    keys = r'--skip-keys "([^"]+)"'
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert re.findall(keys, DOCKERFILE) == re.findall(keys, workflow)


@pytest.mark.parametrize("name", MODELS)
def test_vllm_takes_every_flag(name: str) -> None:
    cli_args = pytest.importorskip("vllm.entrypoints.launchers.cli_args", reason="needs vLLM 0.32")
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    command = [VARIABLE.sub(r"\2", word) for word in services(name)["vllm"]["command"]]
    args = cli_args.make_arg_parser(FlexibleArgumentParser()).parse_args(command)
    cli_args.validate_parsed_serve_args(args)
    assert args.model_tag == command[0]
