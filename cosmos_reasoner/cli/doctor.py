"""`cosmos-reasoner doctor`: what an endpoint can do, and the profile that fits it."""

import argparse
import asyncio
import shutil
import sys
import textwrap
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from cosmos_reasoner.cli.asking import add_endpoint_arguments, endpoints_of
from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.doctor.examine import Report, examine
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.writing import profile_file, report_json
from cosmos_reasoner.endpoints.keys import read_key
from cosmos_reasoner.endpoints.profile_files import load_profile

__all__ = ["add_arguments", "main", "run"]

_STYLES = {Level.OK: "green", Level.INFO: "", Level.WARN: "yellow", Level.ERROR: "bold red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.epilog = (
        "It asks some twenty tiny questions, which count where an endpoint counts calls by the day. "
        "Of --endpoint without --profile it finds out which profile fits."
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the profile that fits to this YAML file")
    parser.add_argument("--json", action="store_true", help="print the report as JSON and nothing else")
    add_endpoint_arguments(parser, fallbacks=False)


def run(args: argparse.Namespace) -> int:
    """Examine the endpoint, print what was found out, and write the profile if asked.

    Returns:
        0, whatever was found out; an endpoint that cannot be asked at all is an exception.
    """
    report = _examined(args)
    text = profile_file(report, datetime.now(timezone.utc).date().isoformat())
    if args.write:
        args.write.write_text(text, encoding="utf-8")
    if args.json:
        print(report_json(report))
    else:
        _show(report, text, args.write, Console())
    return 0


def main() -> int:
    """Run as `ros2 run cosmos_reasoner doctor`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["doctor", *sys.argv[1:]])


def _examined(args: argparse.Namespace) -> Report:
    with endpoints_of(args) as (spec,):
        start = load_profile(spec.profile)
        best = bool(args.endpoint) and not args.profile
        key = read_key(spec.key_env, spec.key_file)
        report = asyncio.run(examine(spec.url, spec.model, key, None if best else start))
    if args.endpoint:
        return report
    # The address is the profile's own, or that of an endpoint which was started for this command and is gone now.
    return replace(report, profile=report.profile.model_copy(update={"base_url": start.base_url}))


def _show(report: Report, profile: str, written: Path | None, console: Console) -> None:
    width = max(len(finding.name) for finding in report.findings)
    group = ""
    for finding in report.findings:
        if finding.group != group:
            group = finding.group
            console.line(group, style="cyan")
        _show_finding(finding, width, console)
    console.line(f"{report.requests} questions in {report.seconds:.1f} s", style="dim")
    console.line()
    console.line(profile.rstrip("\n") if written is None else f"profile written to {written}")


def _show_finding(finding: Finding, width: int, console: Console) -> None:
    level = "" if finding.level is Level.INFO else finding.level.name
    margin = " " * (width + 11)
    console.line(
        _wrapped(f"  {level:5}  {finding.name:{width}}  {finding.text}", margin, console), _STYLES[finding.level]
    )
    if finding.advice:
        console.line(_wrapped(f"{margin}-> {finding.advice}", f"{margin}   ", console))


def _wrapped(text: str, margin: str, console: Console) -> str:
    """Keep the columns apart on a terminal; elsewhere a line stays a line, for those who search in it."""
    if not console.is_terminal:
        return text
    return textwrap.fill(text, max(2 * len(margin), shutil.get_terminal_size().columns), subsequent_indent=margin)
