"""A browser for tests, which holds against a page whatever it complains of, shows unasked, or asks of others."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Open = Callable[..., Any]


@contextmanager
def started() -> Iterator[Any]:
    """A browser."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def pages(browser: Any, is_own: Callable[[str, str], bool]) -> Iterator[Open]:
    """Give a function that opens an address; at the end no page may have complained.

    Args:
        browser: See `started`.
        is_own: Whether a page at the second address may ask for the first.
    """
    contexts, troubles = [], []

    def open_page(address: str, width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: None if is_own(asked.url, address) else troubles.append(asked.url))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, troubles


def keep(page: Any, file: Path) -> None:
    """Take a picture of a page, and keep it where the run's artifacts go."""
    page.screenshot(path=file, full_page=True)
    if folder := os.environ.get("ARTIFACTS"):
        shutil.copy(file, folder)


def is_too_wide(page: Any) -> bool:
    """Whether it must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
