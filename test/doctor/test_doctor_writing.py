"""The recommended profile as a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.doctor.examine import Report
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.writing import profile_file, report_json
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.endpoints.profile_files import load_profile, shipped_profiles


def report(profile: Profile, base: str = "qwen3_vl", *findings: Finding, model: str = "m") -> Report:
    return Report("http://h:1/v1", model, "vLLM 0.32.0", 1.5, 20, findings, base, profile)


def changed(base: str, /, **changes: Any) -> Profile:
    return Profile.model_validate({**load_profile(base).model_dump(), **changes})


def read_back(told: Report, folder: Path) -> Profile:
    file = folder / "profile.yaml"
    file.write_text(profile_file(told, "2026-01-31"), encoding="utf-8")
    return load_profile(str(file))


@settings(deadline=None)
@given(
    base=st.sampled_from(shipped_profiles()),
    name=st.text(min_size=1),
    description=st.text(),
    logprobs=st.integers(0, 20),
    streaming=st.booleans(),
    seed=st.none() | st.integers(),
    temperature=st.floats(0, 2),
)
def test_what_is_written_is_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory, base: str, seed: int | None, temperature: float, **changes: Any
) -> None:
    draw = {"reasoning": {"temperature": temperature, "seed": seed}}
    profile = changed(base, sampling=draw, **changes)
    assert read_back(report(profile, base), tmp_path_factory.mktemp("written")) == profile


def test_only_what_differs_is_written_and_each_with_its_reason() -> None:
    finding = Finding("answers", "prefill", Level.WARN, "accepted\nand ignored", profile={"closing": "ask_again"})
    written = profile_file(report(changed("qwen3_vl", closing="ask_again"), "qwen3_vl", finding), "2026-01-31")
    assert written == (
        "# http://h:1/v1: m on vLLM 0.32.0\n"
        "# Found out by cosmos-reasoner doctor on 2026-01-31.\n"
        "base: qwen3_vl\n"
        "# prefill: accepted and ignored\n"
        "closing: ask_again\n"
    )


@settings(deadline=None)
@given(st.text())
def test_no_name_of_a_model_becomes_a_setting(model: str) -> None:
    written = profile_file(report(load_profile("qwen3_vl"), model=model), "2026-01-31")
    assert [line for line in written.splitlines() if not line.startswith("#")] == ["base: qwen3_vl"]


def test_json_holds_findings_and_profile() -> None:
    finding = Finding("answers", "prefill", Level.WARN, "ignored", "advice", {"closing": "ask_again"})
    told = json.loads(report_json(report(changed("qwen3_vl", closing="ask_again"), "qwen3_vl", finding)))
    assert told["profile"] == {"base": "qwen3_vl", "closing": "ask_again"}
    assert told["findings"] == [
        {
            "group": "answers",
            "name": "prefill",
            "level": "warn",
            "text": "ignored",
            "advice": "advice",
            "profile": {"closing": "ask_again"},
        }
    ]
    assert (told["model"], told["requests"], told["server"]) == ("m", 20, "vLLM 0.32.0")
