"""The compose files serve what docs/endpoints.md and the profiles ask for, and docs/serving.md tells of all of it."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from cosmos_reasoner.clips.encode import MediaForm
from cosmos_reasoner.endpoints.profile import ConstraintMode, Profile, TimeMode
from cosmos_reasoner.endpoints.profile_files import load_profile

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
ENDPOINTS = (ROOT / "docs/endpoints.md").read_text(encoding="utf-8")
MODELS = sorted(path.name for path in (ROOT / "docker").glob("*.yaml") if path.name != "base.yaml")
MOST_CAMERAS = 8


def command(name: str, service: str) -> list[str]:
    """Return the words of a service's command."""
    read: Any = yaml.safe_load((ROOT / "docker" / name).read_text(encoding="utf-8"))["services"][service]["command"]
    return shlex.split(read) if isinstance(read, str) else read


def flags(words: list[str]) -> dict[str, str]:
    """Return flags with their values, whether they stand behind an equals sign or a space."""
    found: dict[str, str] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name, _, value = word.partition("=")
            found[name] = value
        elif name:
            found[name] = word
    return found


def served(name: str) -> dict[str, str]:
    return flags(command(name, "vllm"))


def profile_name(name: str) -> str:
    (found,) = (word.removeprefix("profile:=") for word in command(name, "node") if word.startswith("profile:="))
    return found


def profile(name: str) -> Profile:
    return load_profile(profile_name(name))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_served_as_docs_endpoints_says_of_its_profile(name: str) -> None:
    section = ENDPOINTS.split(f": `{profile_name(name)}`\n")[1].split("\n## ")[0]
    _, _, model, *words = shlex.split(re.findall(r"^    (vllm serve .*)$", section, re.MULTILINE)[0])
    assert model == command(name, "vllm")[0]
    assert flags(words).items() <= served(name).items()
    assert ("--reasoning-parser" in flags(words)) == ("--reasoning-parser" in served(name))


@pytest.mark.parametrize("name", MODELS)
def test_data_are_kept_from_endless_white_space(name: str) -> None:
    (said,) = re.findall(r"--structured-outputs-config '(.*?)'", ENDPOINTS)
    assert json.loads(served(name)["--structured-outputs-config"]) == json.loads(said)


@pytest.mark.parametrize("name", MODELS)
def test_a_clip_a_reply_and_a_question_fit_into_the_context(name: str) -> None:
    asked = profile(name)
    most = max(asked.sampling.reasoning.max_tokens, asked.sampling.direct.max_tokens)
    assert int(served(name)["--max-model-len"]) >= asked.media.clip_tokens + most + 2048


@pytest.mark.parametrize("name", MODELS)
def test_all_frames_of_all_cameras_are_accepted(name: str) -> None:
    media = profile(name).media
    limits = json.loads(served(name)["--limit-mm-per-prompt"])
    assert media.form is MediaForm.JPEG_SEQUENCE
    assert limits["video"] >= MOST_CAMERAS
    apart = MOST_CAMERAS * media.max_frames if media.time is TimeMode.METADATA else media.max_frames
    assert limits["image"] >= apart


@pytest.mark.parametrize("name", MODELS)
def test_times_that_travel_beside_the_frames_are_trusted_and_no_others(name: str) -> None:
    assert ("--trust-request-mm-kwargs" in served(name)) == (profile(name).media.time is TimeMode.METADATA)


@pytest.mark.parametrize("name", MODELS)
def test_the_reasoning_is_parted_off_where_constraints_hold_behind_it(name: str) -> None:
    assert ("--reasoning-parser" in served(name)) == (profile(name).constraint is ConstraintMode.SCHEMA)


@pytest.mark.parametrize("name", MODELS)
def test_as_many_requests_run_at_once_as_the_node_sends(name: str) -> None:
    assert int(served(name)["--max-num-seqs"]) >= profile(name).concurrency


@pytest.mark.parametrize("name", MODELS)
def test_no_request_makes_the_server_fetch_anything_or_read_files(name: str) -> None:
    assert served(name)["--allowed-media-domains"].endswith(".invalid")
    assert "--allowed-local-media-path" not in served(name)


@pytest.mark.parametrize("name", MODELS)
def test_the_node_is_launched_with_arguments_that_the_launch_file_has(name: str) -> None:
    program, given = command(name, "node")[:4], command(name, "node")[4:]
    assert program == ["ros2", "launch", "cosmos_reasoner", "reasoner.launch.py"]
    launch = (ROOT / "launch/reasoner.launch.py").read_text(encoding="utf-8")
    known = set(re.findall(r'^    "(\w+)": \(', launch, re.MULTILINE))
    assert {re.sub(r"^\$\{\w+:\+", "", word).split(":=")[0] for word in given} <= known


def test_the_guide_lists_every_file_with_its_model_and_profile() -> None:
    rows = re.findall(r"^\| `([\w.-]+\.yaml)` \| `([^`]+)` \| `(\w+)` \|", GUIDE, re.MULTILINE)
    assert sorted(rows) == [(name, command(name, "vllm")[0], profile_name(name)) for name in MODELS]


def test_the_guide_says_why_of_every_flag_and_of_no_other() -> None:
    section = GUIDE.split("\n## Flags")[1].split("\n## ")[0]
    explained = set(re.findall(r"^\| `(--[\w-]+)` \|", section, re.MULTILINE))
    assert explained == {flag for name in MODELS for flag in served(name)}


def test_every_file_that_the_guide_names_exists() -> None:
    named = re.findall(r"(?<![\w/.])docker/[\w.-]+", GUIDE) + re.findall(r"\]\(([\w./-]+\.md)\)", GUIDE)
    assert len(named) > 5
    for path in named:
        there = ROOT / path if path.startswith("docker/") else ROOT / "docs" / path
        assert there.exists() or path == "docker/.env", path
