"""`cosmos-reasoner compare` as people run it."""

from pathlib import Path

import pytest
from evaluation.report.runs import choice, outcome, run_of

from cosmos_reasoner.cli.main import main


@pytest.fixture
def runs(tmp_path: Path) -> tuple[str, str]:
    """Two runs over four boxes, of which the second has one more right; the first has a cup too."""
    run_of(tmp_path / "run1", [*(choice(f"box{place}", place < 2) for place in range(4)), outcome("cup")])
    run_of(tmp_path / "run2", [choice(f"box{place}", place < 3) for place in range(4)])
    return str(tmp_path / "run1"), str(tmp_path / "run2")


def test_it_prints_figures_with_their_difference(runs: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *runs]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    (row,) = [line for line in lines if line[:1] == ["choice"] and line[1] == "physics"]
    assert row[:7] == ["choice", "physics", "4", "accuracy,", "%", "50.0", "75.0"]
    assert row[7] == "+25.0"
    assert row[-3:] == ["1", "0", "1.000"]


def test_it_names_items_that_flipped_and_counts_those_left_out(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["compare", *runs])
    said = capsys.readouterr().out
    assert "gained: 1\n  box2: B. no -> A. yes (truth: A. yes)\nlost: 0\n" in said
    assert "left out: 1 only in the first run\n" in said


def test_what_is_no_terminal_gets_plain_lines(runs: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["compare", *runs])
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "…" not in said


def test_the_page_is_written_where_it_is_asked_for(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "comparison.html"
    assert main(["compare", *runs, "--out", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert f"comparison written to {page}" in capsys.readouterr().out


def test_names_of_a_run_cannot_control_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("run1", "run2"):
        run_of(tmp_path / name, [choice("box\x1b[2J\n[red]", right=name == "run1", set="[bold]\x1b]0;set")])
    assert main(["compare", str(tmp_path / "run1"), str(tmp_path / "run2")]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "box\u241b[2J [red]" in said and "[bold]\u241b]0;set" in said


def test_a_folder_that_is_no_run_is_said_in_one_line(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", runs[0], str(tmp_path / "nowhere")]) == 1
    said = capsys.readouterr().err
    assert "nowhere the folder of a run?" in said
    assert said.count("\n") == 1


def test_runs_with_nothing_in_common_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_of(tmp_path / "run1", [choice("a")])
    run_of(tmp_path / "run2", [choice("b")])
    assert main(["compare", str(tmp_path / "run1"), str(tmp_path / "run2")]) == 1
    assert "no answered item in common" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_said_in_one_line(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *runs, "--out", str(tmp_path / "nowhere" / "comparison.html")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_page_cannot_be_written_over_a_folder(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.iterdir())
    assert main(["compare", *runs, "--out", str(tmp_path)]) == 1
    assert "it is a folder; name a file in it" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
