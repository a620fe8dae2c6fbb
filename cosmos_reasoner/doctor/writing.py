"""The recommended profile as a file, and the report as JSON."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import yaml

from cosmos_reasoner.doctor.examine import Report
from cosmos_reasoner.doctor.recommend import differences
from cosmos_reasoner.endpoints.profile_files import load_profile

__all__ = ["profile_file", "report_json"]


def profile_file(report: Report, date: str) -> str:
    """The recommended profile as YAML: a shipped one as the base, and what differs, each with the reason.

    Args:
        report: What was found out.
        date: Of the examination, as it shall stand there.
    """
    reasons = {place: f"{finding.name}: {finding.text}" for finding in report.findings for place in finding.profile}
    head = [
        f"# {_one_line(report.url)}: {_one_line(report.model)} on {_one_line(report.server)}",
        f"# Found out by cosmos-reasoner doctor on {date}.",
        f"base: {report.base}",
    ]
    lines = _lines(differences(report.profile, load_profile(report.base)), reasons)
    return "\n".join([*head, *lines]) + "\n"


def report_json(report: Report) -> str:
    """The whole report as JSON."""
    findings = [{**asdict(finding), "level": finding.level.value} for finding in report.findings]
    plain = {name: getattr(report, name) for name in ("url", "model", "server", "seconds", "requests")}
    profile = {"base": report.base, **differences(report.profile, load_profile(report.base))}
    return json.dumps({**plain, "findings": findings, "profile": profile}, ensure_ascii=False, indent=2)


def _lines(data: Mapping[str, Any], reasons: Mapping[str, str], place: str = "", indent: str = "") -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _lines(value, reasons, f"{place}{key}.", indent + "  ")
            continue
        if reason := reasons.get(place + key):
            yield f"{indent}# {_one_line(reason)}"
        style = None if str(value).isprintable() else '"'
        yield indent + yaml.safe_dump({key: value}, default_style=style, allow_unicode=True, width=math.inf).strip()


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
