"""report.html and comparison.html as people open them: in a browser, from the disk."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import Open, is_too_wide, keep, needs_chromium, pages, sync_api
from evaluation.report.pages import HOSTILE
from evaluation.report.runs import INFO, Run, choice, failed, mixed, renamed, run_of, with_strip

from cosmos_reasoner.evaluation.report.comparison_page import write_comparison
from cosmos_reasoner.evaluation.report.page import write_report
from cosmos_reasoner.evaluation.scoring.comparison import compare

pytestmark = needs_chromium


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """Give a function that opens a file."""
    with pages(browser, lambda asked, address: asked == address or asked.startswith("data:")) as open_page:
        yield lambda file, *args, **options: open_page(file.as_uri(), *args, **options)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with something of everything."""
    return written(mixed(tmp_path_factory.mktemp("runs") / "run1"))


def written(run: Run) -> Path:
    write_report(run.folder, run.summary, run.scored)
    return run.folder / "report.html"


def test_filters_hide_items_and_say_how_many_are_left(opened: Open, report: Path) -> None:
    page = opened(report)
    shown, items = page.locator("#shown"), page.locator("details.item:visible")
    sync_api.expect(shown).to_have_text("19 of 19 items")
    page.locator("#kind").select_option("ranking")
    sync_api.expect(shown).to_have_text("2 of 19 items")
    sync_api.expect(items).to_have_count(2)
    page.locator("#outcome").select_option("wrong")
    sync_api.expect(items).to_have_count(1)
    page.locator("#kind").select_option("")
    page.locator("#outcome").select_option("")
    page.locator("#set").select_option(label="stacking")
    sync_api.expect(items).to_have_count(3)
    page.locator("#set").select_option("")
    page.get_by_label("Search").fill("CUP-2")
    sync_api.expect(shown).to_have_text("1 of 19 items")


def test_items_are_sorted_by_latency_and_confidence(opened: Open, report: Path) -> None:
    page = opened(report)
    page.get_by_label("Sort by").select_option("latency")
    sync_api.expect(page.locator("details.item .id").first).to_have_text("stack-0")
    sync_api.expect(page.locator("details.item .id").last).to_have_text("lost")
    page.get_by_label("Sort by").select_option("confidence")
    sync_api.expect(page.locator("details.item .id").first).to_have_text("cup-0")
    page.get_by_label("Sort by").select_option("place")
    sync_api.expect(page.locator("details.item .id").first).to_have_text("box-0")


def test_a_strip_plays_and_is_moved_by_the_keyboard(opened: Open, report: Path, tmp_path: Path) -> None:
    page = opened(report)
    item = page.locator("details.item").nth(1)
    item.locator("summary").press("Enter")
    time, slider, picture = item.locator(".player output"), item.get_by_label("moment"), item.locator(".film img")
    sync_api.expect(time).to_have_text("0.00 s")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 5 * 160
    start = picture.bounding_box()["x"]
    slider.press("ArrowRight")
    sync_api.expect(time).to_have_text("0.50 s")
    assert start - picture.bounding_box()["x"] == pytest.approx(item.locator(".film").bounding_box()["width"], abs=1)
    item.get_by_role("button", name="Play").press("Enter")
    sync_api.expect(time).to_have_text("1.50 s")
    item.get_by_role("button", name="Pause").press("Enter")
    sync_api.expect(item.get_by_role("button")).to_have_text("Play")
    keep(page, tmp_path / "report.png")


def test_a_phone_needs_no_sideways_scroll(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    long = "a_word_without_any_end_" * 20
    pair = renamed(with_strip(folder, choice("box")), long)
    info = replace(INFO, name=long, what=long, model=long, profile=long)
    page = opened(
        written(run_of(folder, [pair, *[choice(f"b{place}") for place in range(3)]], info, [long])), width=360
    )
    page.locator("summary").first.click()
    assert not is_too_wide(page)


def test_a_dark_phone_shows_everything_of_a_run(opened: Open, report: Path, tmp_path: Path) -> None:
    page = opened(report, width=360, color_scheme="dark")
    page.locator("summary").nth(1).click()
    assert not is_too_wide(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    keep(page, tmp_path / "report_phone.png")


def test_hostile_text_runs_nothing_and_is_shown_as_it_is(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    pair = renamed(with_strip(folder, choice("box"), ("front", "left")), HOSTILE, (HOSTILE, HOSTILE))
    info = replace(INFO, name=HOSTILE, what=HOSTILE, model=HOSTILE, profile=HOSTILE, written=HOSTILE)
    page = opened(written(run_of(folder, [pair, failed("lost", HOSTILE)], info, [HOSTILE])))
    page.locator("summary").first.click()
    page.get_by_label("Search").fill("window.hit")
    assert page.evaluate("window.hit") is None
    assert page.locator("script").count() == 2
    shown = [
        page.locator(place).first.text_content() for place in ("pre", "h1 bdi", ".faults bdi", ".film span", ".id")
    ]
    assert shown == [HOSTILE] * 5


def test_a_script_that_got_in_would_not_run(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hit=1'}))"
    )
    assert page.evaluate("window.hit") is None
    page.close()


def test_the_page_can_be_read_without_javascript(opened: Open, report: Path) -> None:
    page = opened(report, java_script_enabled=False)
    sync_api.expect(page.locator("#filters")).to_be_hidden()
    item = page.locator("details.item").first
    item.locator("summary").click()
    sync_api.expect(item.get_by_text("It leans to the left.")).to_be_visible()


def test_a_comparison_opens_on_a_phone(opened: Open, tmp_path: Path) -> None:
    first = mixed(tmp_path / "run1")
    second = run_of(tmp_path / "run2", [choice(f"box-{place}", place % 4 != 1) for place in range(9)])
    write_comparison(compare(first.summary, second.summary), tmp_path / "comparison.html")
    page = opened(tmp_path / "comparison.html", width=360)
    assert not is_too_wide(page)
    sync_api.expect(page.get_by_role("heading", name="Gained 3")).to_be_visible()
    keep(page, tmp_path / "comparison.png")
