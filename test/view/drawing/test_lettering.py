import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import plain

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.view.drawing.lettering import Hershey, Lettering, TrueType, lettering
from cosmos_reasoner.view.drawing.lines import fitted, plain_line
from cosmos_reasoner.view.drawing.palette import WHITE

HAS_FONTS = hasattr(cv2, "FontFace")
ALL = [Hershey(), TrueType()] if HAS_FONTS else [Hershey()]
every_lettering = pytest.mark.parametrize("letters", ALL, ids=lambda letters: type(letters).__name__)
only_fonts = pytest.mark.skipif(not HAS_FONTS, reason="this OpenCV brings no fonts")
SENTENCE = "The robot's gripper jogs a full glass, which may fall off the table"

any_text = st.text(st.characters(codec=None, exclude_categories=[]), max_size=60)
"""Halves of characters, too."""


def drawn(letters: Lettering, text: str, size: int = 24, bold: bool = False) -> Bgr:
    """White letters on black, 100 px from the left edge."""
    canvas = plain(1600, 3 * size)
    letters.draw(canvas, text, (100, 2 * size), size, WHITE, bold)
    return canvas


def same(one: Bgr, other: Bgr) -> bool:
    return bool((one == other).all())


class Watched(Hershey):
    """Remembers how much it had to measure."""

    def __init__(self) -> None:
        self.longest = 0

    def width(self, text: str, size: int, bold: bool = False) -> int:
        self.longest = max(self.longest, len(text))
        return super().width(text, size, bold)


@every_lettering
@pytest.mark.parametrize("size", [8, 12, 24, 60])
@pytest.mark.parametrize("bold", [False, True])
def test_letters_are_as_wide_as_was_measured(letters: Lettering, size: int, bold: bool) -> None:
    text = "Wide and narrow"
    columns = np.flatnonzero(drawn(letters, text, size, bold).any(axis=(0, 2))) - 100
    assert abs(columns[0]) <= 1 + size / 6
    assert abs(columns[-1] - letters.width(text, size, bold)) <= 1 + size / 6


@every_lettering
def test_a_capital_letter_is_three_quarters_of_the_size_high(letters: Lettering) -> None:
    rows = np.flatnonzero((drawn(letters, "H", 60) > 127).any(axis=(1, 2)))
    assert rows[-1] - rows[0] + 1 == pytest.approx(45, abs=5)


@only_fonts
@pytest.mark.parametrize("text", ["行人走上马路", "歩行者", "보행자", "пешеход", "πεζός", "piéton"])
def test_letters_of_other_languages_are_drawn(text: str) -> None:
    unknown = drawn(TrueType(), "?" * len(text))
    pictures = [drawn(TrueType(), letter) for letter in text]
    assert not same(drawn(TrueType(), text), unknown)
    assert len({picture.tobytes() for picture in pictures}) == len(set(text))
    assert not any(same(picture, drawn(TrueType(), "?")) for picture in pictures)


def test_strokes_draw_a_question_mark_for_each_letter_that_they_lack() -> None:
    assert same(drawn(Hershey(), "行人 stops"), drawn(Hershey(), "?? stops"))


def test_strokes_draw_the_nearest_of_ascii_where_there_is_one() -> None:
    assert same(drawn(Hershey(), "“café” – naïve…"), drawn(Hershey(), '"cafe" - naive...'))


@every_lettering
def test_bold_letters_are_heavier(letters: Lettering) -> None:
    assert drawn(letters, SENTENCE, 18, bold=True).sum() > 1.2 * drawn(letters, SENTENCE, 18).sum()


def test_the_best_that_opencv_has_is_chosen() -> None:
    assert isinstance(lettering(), TrueType if HAS_FONTS else Hershey)


@every_lettering
def test_threads_can_draw_at_the_same_time(letters: Lettering) -> None:
    texts = [f"{SENTENCE} {number} 行人" for number in range(16)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: drawn(letters, text, bold=True), texts))
    assert all(same(picture, drawn(letters, text, bold=True)) for picture, text in zip(together, texts, strict=True))


def test_half_a_character_does_not_end_the_process() -> None:
    program = (
        "import numpy\n"
        "from cosmos_reasoner.view.drawing.lettering import Hershey, lettering\n"
        "for letters in (Hershey(), lettering()):\n"
        "    assert letters.width('a\\ud800b', 20)\n"
        "    letters.draw(numpy.zeros((50, 50, 3), numpy.uint8), 'a\\ud800b', (0, 30), 20, (255, 255, 255))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\r\nlines\tand  gaps ", "two lines and gaps"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("bell\x07 and nothing\x00", "bell and nothing"),
        ("abc\u202eevil\u202c \u2067right\u2069", "abcevil right"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("line\u2028paragraph\u2029end", "line paragraph end"),
        ("half \ud800 of one", "half \ufffd of one"),
        ("\ud83d\ude00", "😀"),
        ("e\u0301t\u0301\u0301\u0301\u0301\u0301", "ét"),
        ("行人　走", "行人 走"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_harmless_line(text: str, line: str) -> None:
    assert plain_line(text) == line


@given(any_text)
def test_nothing_unseen_is_left_in_a_line(text: str) -> None:
    assert {unicodedata.category(letter) for letter in plain_line(text)}.isdisjoint(
        {"Cc", "Cf", "Cs", "Mn", "Me", "Zl"}
    )


@every_lettering
@settings(max_examples=30, deadline=None)
@given(text=any_text, room=st.integers(-5, 400), size=st.integers(1, 40))
def test_a_fitted_text_is_no_wider_than_its_room_and_complete_or_ends_in_an_ellipsis(
    letters: Lettering, text: str, room: int, size: int
) -> None:
    line = fitted(letters, text, room, size)
    assert not line or letters.width(line, size) <= room
    assert line in {"", plain_line(text)} or line.endswith(letters.ellipsis)


@every_lettering
@pytest.mark.parametrize("room", [60, 150, 333, 500])
def test_a_shortened_text_has_as_many_letters_as_fit(letters: Lettering, room: int) -> None:
    line = fitted(letters, SENTENCE, room, 20)
    kept = line.removesuffix(letters.ellipsis)
    assert SENTENCE.startswith(kept)
    assert letters.width(SENTENCE[: len(kept) + 2] + letters.ellipsis, 20) > room


@every_lettering
def test_a_text_that_just_fits_is_not_shortened(letters: Lettering) -> None:
    assert fitted(letters, SENTENCE, letters.width(SENTENCE, 20), 20) == SENTENCE


def test_a_line_without_end_is_shortened_after_a_look_at_its_beginning() -> None:
    letters = Watched()
    assert fitted(letters, "word " * 200_000, 100_000, 20).endswith("word...")
    assert letters.longest < 500
