"""Templates filled in: whatever comes from a run is text to them, never markup or script."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cosmos_reasoner.evaluation.report import text
from cosmos_reasoner.evaluation.report.figure_rows import figure_rows
from cosmos_reasoner.evaluation.whole_files import write_whole

__all__ = ["policy", "write_page"]


def write_page(file: Path, template: str, script: str = "", **values: Any) -> None:
    """Write a page that needs nothing from outside.

    Args:
        file: Where to; it is replaced.
        template: Name of the template, without its ending.
        script: Name of the one script that may run in it, without its ending; empty for none.
        values: What the template shows.

    Raises:
        OSError: It cannot be written.
    """
    code = _source(f"{script}.js") if script else ""
    page = _environment().get_template(f"{template}.html.j2")
    pieces = page.generate(policy=policy(code), style=_trusted(_source("page.css")), script=_trusted(code), **values)
    write_whole(file, (piece.encode() for piece in pieces))


def policy(script: str) -> str:
    """The content security policy of a page: nothing from outside, and no script but this one, told by its hash.

    W3C, Content Security Policy Level 3, https://www.w3.org/TR/CSP3/.
    """
    allowed = f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" if script else "'none'"
    rules = ("default-src 'none'", "img-src data:", "style-src 'unsafe-inline'", f"script-src {allowed}")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cosmos_reasoner.evaluation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (
        text.chance,
        text.cut,
        text.decimal,
        text.number,
        text.percent,
        text.seconds,
        text.share_or_number,
        text.signed,
        text.with_unit,
        figure_rows,
    ):
        environment.filters[function.__name__] = function
    environment.globals["LONGEST"] = text.LONGEST
    return environment


def _shown(value: Any) -> Any:
    """What stands in the page for a value: markup is ours and stays, any other text may hold anything."""
    return text.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _source(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def _trusted(ours: str) -> Markup:
    """A file of this package as it is."""
    return Markup(ours)
