from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import checked, plain
from recorded import shared

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.reasoning.result import Detection, Outcome, Prediction, RankedAction, Ranking, Region
from cosmos_reasoner.replies.levels import Hazard, Origin
from cosmos_reasoner.tasks.task import Action, RankingMethod
from cosmos_reasoner.view.drawing.box import Box
from cosmos_reasoner.view.drawing.lettering import Hershey, Lettering, TrueType
from cosmos_reasoner.view.drawing.overlay import Sheet, draw
from cosmos_reasoner.view.drawing.palette import BLACK, DARKENED, HAZARD_COLORS, QUIET, SHADE, TRACK, WHITE, Color
from cosmos_reasoner.view.drawing.pen import Align, Pen
from cosmos_reasoner.view.drawing.plan import plan

HAS_FONTS = hasattr(cv2, "FontFace")
ALL = [Hershey(), TrueType()] if HAS_FONTS else [Hershey()]
every_lettering = pytest.mark.parametrize("letters", ALL, ids=lambda letters: type(letters).__name__)

SIZES = [(320, 240), (640, 480), (480, 640), (1280, 720), (3840, 2160)]
ODD_SIZES = [(1, 1), (2, 1000), (1000, 2), (64, 48), (4000, 100), (100, 4000)]
GROUND = (90, 120, 150)

LONG = "The car ahead brakes for a pedestrian who steps out from between the parked cars on the right side of the road"
HOSTILE = "\x1b[31m" + "a\u0301\u0301\u0301\u202e\ud800\n行人 " * 50


def outcome(text: str = "a glass falls", hazard: Hazard = Hazard.HIGH, subject: Region | None = None) -> Outcome:
    return Outcome(text, 0.5, Origin.SELF_REPORTED, 2.0, hazard, subject)


def prediction(*outcomes: Outcome) -> Prediction:
    return Prediction(outcomes or (outcome(),))


def ranking(*scores: float, name: str = "go") -> Ranking:
    actions = tuple(RankedAction(Action(f"{name}_{i}", "drive on"), score) for i, score in enumerate(scores))
    return Ranking("reach the door", actions, RankingMethod.VOTE, Origin.VOTE, 0.5, None, 8, 8)


def region(left: int, top: int, width: int, height: int, camera: str = "front") -> Region:
    return Region(camera, left, top, width, height)


def point(x: int, y: int, label: str = "", camera: str = "front") -> Detection:
    return Detection(label, camera, None, (x, y))


def full_sheet(text: str = LONG) -> Sheet:
    return Sheet(
        prediction(outcome(text, Hazard.IMMINENT), outcome(text, Hazard.LOW), outcome(text, Hazard.NONE)),
        3.2,
        stale=True,
        ranking=ranking(0.5, 0.2, 0.1, 0.1, 0.04, 0.03, 0.02, 0.01, name=text),
        ranking_age=12.3,
        ranking_stale=True,
    )


def on_ground(sheet: Sheet, size: tuple[int, int] = (640, 480), letters: Lettering | None = None) -> Bgr:
    return draw(plain(*size, GROUND), "front", sheet, letters)


def same(one: Bgr, other: Bgr) -> bool:
    return bool((one == other).all())


def where(pixels: Bgr, color: Color) -> tuple[int, int, int, int]:
    """Left, top, width and height of the smallest area that holds all px of a colour."""
    rows, columns = np.nonzero((pixels == color).all(axis=2))
    return (int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)


def luminance(color: Color) -> float:
    """Relative luminance, 0..1: WCAG 2.2."""
    blue, green, red = (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio, 1..21: WCAG 2.2."""
    darker, brighter = sorted((luminance(one), luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


@every_lettering
@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    text=st.text(st.characters(codec=None, exclude_categories=[]), max_size=80),
    place=st.tuples(*[st.integers(-500, 10**12)] * 4),
    age=st.floats(),
)
def test_any_sheet_fits_any_picture(
    letters: Lettering, width: int, height: int, text: str, place: tuple[int, int, int, int], age: float
) -> None:
    pixels = checked(width, height)
    before = pixels.copy()
    found = (Detection(text, "front", region(*place), None), point(*place[:2], text))
    sheet = replace(full_sheet(text), age=age, ranking_age=age, detections=found)
    sheet = replace(sheet, prediction=prediction(outcome(text, Hazard.LOW, region(*place))))
    assert draw(pixels, "front", sheet, letters).shape == pixels.shape
    assert same(pixels, before)


@every_lettering
@pytest.mark.parametrize("size", ODD_SIZES)
def test_the_oddest_pictures_can_be_drawn_over(letters: Lettering, size: tuple[int, int]) -> None:
    pixels = plain(*size, GROUND)
    assert draw(pixels, "front", replace(full_sheet(HOSTILE), detections=(point(0, 0, HOSTILE),)), letters).shape == (
        size[1],
        size[0],
        3,
    )


@every_lettering
@settings(max_examples=40, deadline=None)
@given(
    edges=st.tuples(*[st.integers(-50, 150)] * 4),
    text=st.sampled_from(["jumping fjord", "行人走上马路", LONG, HOSTILE]),
    size=st.integers(1, 60),
    align=st.sampled_from(Align),
)
def test_text_stays_in_its_area_and_in_the_picture(
    letters: Lettering, edges: tuple[int, int, int, int], text: str, size: int, align: Align
) -> None:
    wall = plain(140, 140, GROUND)
    picture = wall[20:120, 20:120]
    area = Box(*edges)
    Pen(picture, letters, size).write(area, text, align=align)
    allowed = np.zeros(wall.shape[:2], bool)
    seen = area.inside(Box.of(picture))
    allowed[20 + seen.top : 20 + seen.bottom, 20 + seen.left : 20 + seen.right] = True
    assert (wall == GROUND).all(axis=2)[~allowed].all()


@every_lettering
@pytest.mark.parametrize("align", Align)
def test_text_is_not_cut_off_at_the_edges_of_its_area(letters: Lettering, align: Align) -> None:
    canvas = plain(600, 60)
    pen = Pen(canvas, letters, 24)
    width = pen.width("jumping fjord", 24)
    pen.write(Box(200, 10, 200 + width, 50), "jumping fjord", align=align)
    roomy = plain(600, 60)
    letters.draw(roomy, "jumping fjord", (200, 39), 24, WHITE)
    assert canvas.sum() == roomy.sum()


@every_lettering
@pytest.mark.parametrize("size", SIZES)
def test_half_of_the_picture_stays_as_it_was(letters: Lettering, size: tuple[int, int]) -> None:
    drawn = on_ground(full_sheet(), size, letters)
    assert cv2.inRange(drawn, GROUND, GROUND).mean() >= 255 / 2


def test_half_of_a_real_picture_stays_as_it_was() -> None:
    pixels = cv2.VideoCapture(str(shared("videos/dashcam_sample.mp4"))).read()[1]
    assert (draw(pixels, "front", full_sheet()) == pixels).all(axis=2).mean() >= 0.5


@every_lettering
@pytest.mark.parametrize("size", SIZES)
def test_text_keeps_a_margin_to_the_edges(letters: Lettering, size: tuple[int, int]) -> None:
    drawn = on_ground(full_sheet(), size, letters)
    margin = size[1] // 120
    edges = [drawn[:margin], drawn[-margin:], drawn[:, :margin], drawn[:, -margin:]]
    darkest = np.array(GROUND) // DARKENED
    assert all(((edge == GROUND) | (edge == darkest)).all() for edge in edges)


@pytest.mark.parametrize("size", SIZES)
def test_capital_letters_are_readable_at_any_size(size: tuple[int, int]) -> None:
    assert plan(*size, 3, 8).size >= max(11, min(size) / 36)


DIFFERENT = {
    "text": Sheet(prediction(outcome("a cup falls"))),
    "probability": Sheet(prediction(replace(outcome(), probability=0.6))),
    "no probability": Sheet(prediction(replace(outcome(), probability=None))),
    "hazard": Sheet(prediction(outcome(hazard=Hazard.LOW))),
    "subject": Sheet(prediction(outcome(subject=region(300, 200, 50, 50)))),
    "two outcomes": Sheet(prediction(outcome(), outcome())),
    "no outcome": Sheet(Prediction(())),
    "no prediction": Sheet(),
    "age": Sheet(prediction(), 1.0),
    "minutes": Sheet(prediction(), 1000.0),
    "hours": Sheet(prediction(), 10_000.0),
    "stale": Sheet(prediction(), stale=True),
    "ranking": Sheet(prediction(), ranking=ranking(0.7, 0.3)),
    "age of a ranking": Sheet(prediction(), ranking=ranking(0.7, 0.3), ranking_age=1.0),
    "stale ranking": Sheet(prediction(), ranking=ranking(0.7, 0.3), ranking_stale=True),
    "scores": Sheet(prediction(), ranking=ranking(0.6, 0.4)),
    "ids": Sheet(prediction(), ranking=ranking(0.7, 0.3, name="wait")),
    "box": Sheet(prediction(), detections=(Detection("", "front", region(300, 200, 50, 50), None),)),
    "point": Sheet(prediction(), detections=(point(300, 200),)),
    "label": Sheet(prediction(), detections=(point(300, 200, "cup"),)),
}


@every_lettering
def test_all_that_differs_looks_different(letters: Lettering) -> None:
    pictures = {name: on_ground(sheet, letters=letters).tobytes() for name, sheet in DIFFERENT.items()}
    pictures[""] = on_ground(Sheet(prediction()), letters=letters).tobytes()
    assert len(set(pictures.values())) == len(pictures)


@pytest.mark.skipif(not HAS_FONTS, reason="this OpenCV brings no fonts")
def test_chinese_is_drawn() -> None:
    one, other, unknown = (on_ground(Sheet(prediction(outcome(text)))) for text in ("玻璃杯", "盘子坠", "???"))
    assert not same(one, other)
    assert not same(one, unknown)


@pytest.mark.parametrize("hazard", Hazard)
def test_an_outcome_has_a_tag_in_the_colour_of_its_hazard(hazard: Hazard) -> None:
    left, top, width, height = where(on_ground(Sheet(prediction(outcome(hazard=hazard)))), HAZARD_COLORS[hazard])
    row = plan(640, 480, 1, 0).outcomes[0]
    assert row.left < left < left + width < row.right
    assert row.top < top < top + height < row.bottom


def test_hazards_are_told_in_words_as_well_as_colours() -> None:
    sheets = [Sheet(prediction(outcome(hazard=hazard), outcome(hazard=Hazard.IMMINENT))) for hazard in Hazard]
    words = {(on_ground(sheet).max(axis=2) < 100).tobytes() for sheet in sheets}
    assert len(words) == len(Hazard)


@every_lettering
@pytest.mark.parametrize("size", [(320, 240), (640, 480), (1280, 720)])
def test_what_does_not_fit_is_counted_in_the_last_line(letters: Lettering, size: tuple[int, int]) -> None:
    few, more = (
        on_ground(Sheet(prediction(*[outcome()] * n), ranking=ranking(*[1 / n] * n)), size, letters) for n in (40, 41)
    )
    places = plan(*size, 40, 40)
    rows, columns = np.nonzero((few != more).any(axis=2))
    counts = columns > 0.9 * size[0]
    last = [places.outcomes[-1], places.actions[-1]]
    assert set(rows[counts]) <= {row for box in last for row in range(box.top, box.bottom)}
    assert {box for box in last if (set(rows[counts]) & set(range(box.top, box.bottom)))} == set(last)


@pytest.mark.parametrize("size", SIZES)
def test_outcomes_and_actions_share_the_room(size: tuple[int, int]) -> None:
    places = plan(*size, 3, 8)
    assert len(places.outcomes) == 3
    assert len(places.actions) >= 2
    assert places.top.height + places.bottom.height <= size[1] / 2
    assert len(plan(*size, 30, 1).actions) == 1
    assert len(plan(*size, 1, 30).outcomes) == 1


@pytest.mark.parametrize("score", [0.0, 0.25, 0.75, 1.0])
def test_a_bar_is_as_long_as_its_share(score: float) -> None:
    place = plan(640, 480, 1, 2).actions[0]
    line, empty = (
        on_ground(Sheet(ranking=ranking(best, max(score, 1 - score))))[(place.top + place.bottom) // 2]
        for best in (score, 0.0)
    )
    track = np.flatnonzero((empty == TRACK).all(axis=1))
    filled = (line[track] == WHITE).all(axis=1)
    assert filled.mean() == pytest.approx(score, abs=1 / len(track))
    assert not (np.diff(filled.astype(int)) > 0).any()


@every_lettering
def test_only_the_best_action_stands_out(letters: Lettering) -> None:
    drawn = on_ground(Sheet(ranking=ranking(0.4, 0.3, 0.3)), letters=letters)
    rows = plan(640, 480, 1, 3).actions
    bright = [int((drawn[row.top : row.bottom] == WHITE).all(axis=2).sum()) for row in rows]
    assert bright[0] > 0
    assert bright[1:] == [0, 0]


@pytest.mark.parametrize("hazard", Hazard)
@pytest.mark.parametrize("place", [(200, 160, 90, 70), (0, 200, 640, 60), (333, 222, 1, 1), (300, 200, 2, 100)])
def test_a_box_marks_the_outermost_pixels_of_its_subject(hazard: Hazard, place: tuple[int, int, int, int]) -> None:
    left, top, width, height = place
    drawn = on_ground(Sheet(prediction(outcome(hazard=hazard, subject=region(*place)))))
    right, bottom = left + width - 1, top + height - 1
    color = HAZARD_COLORS[hazard]
    assert (drawn[[top, bottom], left : right + 1] == color).all()
    assert (drawn[top : bottom + 1, [left, right]] == color).all()
    assert (drawn[bottom + 1, left : right + 1] == BLACK).all()
    beside = [x for x in (left - 1, right + 1) if 0 <= x < 640]
    assert (drawn[top : bottom + 1, beside] == BLACK).all()


def test_the_inside_of_a_box_and_what_is_around_it_stay_visible() -> None:
    drawn = on_ground(Sheet(prediction(outcome(subject=region(200, 180, 90, 70)))))
    assert (drawn[190:240, 210:280] == GROUND).all()
    assert (drawn[255:260, 195:295] == GROUND).all()
    assert (drawn[160:260, 295:300] == GROUND).all()


@pytest.mark.parametrize(
    ("place", "seen"),
    [
        ((-50, 200, 100, 40), (0, 200, 50, 40)),
        ((600, 200, 10**12, 40), (600, 200, 40, 40)),
        ((-(10**12), 200, 2 * 10**12, 40), (0, 200, 640, 40)),
    ],
)
def test_a_box_that_reaches_out_of_the_picture_is_clipped(
    place: tuple[int, int, int, int], seen: tuple[int, int, int, int]
) -> None:
    wide, clipped = (on_ground(Sheet(prediction(outcome(subject=region(*box))))) for box in (place, seen))
    assert same(wide, clipped)
    assert not same(wide, on_ground(Sheet(prediction())))


@pytest.mark.parametrize("place", [(700, 200, 40, 40), (100, -90, 40, 40), (100, 200, 0, 0), (100, 200, -40, 40)])
def test_a_box_outside_of_the_picture_is_not_drawn(place: tuple[int, int, int, int]) -> None:
    drawn = on_ground(Sheet(prediction(outcome(subject=region(*place)))))
    assert same(drawn, on_ground(Sheet(prediction())))


def test_what_another_camera_sees_is_not_drawn() -> None:
    places = {"box": region(200, 200, 50, 50, camera="rear"), "point": None}
    found = tuple(Detection("cup", "rear", box, (300, 200)) for box in places.values())
    elsewhere = Sheet(prediction(outcome(subject=places["box"])), detections=found)
    assert same(on_ground(elsewhere), on_ground(Sheet(prediction())))


@pytest.mark.parametrize("size", [(320, 240), (640, 480), (1920, 1080)])
def test_the_cross_on_a_point_is_centred_on_its_pixel(size: tuple[int, int]) -> None:
    x, y = size[0] // 3, size[1] // 2
    changed = (on_ground(Sheet(detections=(point(x, y),)), size) != on_ground(Sheet(), size)).any(axis=2)
    rows, columns = np.nonzero(changed)
    across, down = np.flatnonzero(changed[y]), np.flatnonzero(changed[:, x])
    assert across[0] + across[-1] == 2 * x
    assert down[0] + down[-1] == 2 * y
    assert changed[
        np.hypot(*np.ogrid[-y : size[1] - y, -x : size[0] - x]).round() == round(plan(*size, 1, 0).size / 2)
    ].all()
    assert (columns.mean(), rows.mean()) == pytest.approx((x, y), abs=0.5)


def test_a_point_outside_of_the_picture_is_not_drawn() -> None:
    outside = tuple(point(x, y, "cup") for x, y in [(640, 200), (-1, 200), (300, 480), (10**12, 5)])
    assert same(on_ground(Sheet(detections=outside)), on_ground(Sheet()))


@every_lettering
@pytest.mark.parametrize("x", [0, 320, 630])
@pytest.mark.parametrize("y", [90, 240, 479])
def test_the_label_of_a_point_is_whole_and_leaves_the_point_free(letters: Lettering, x: int, y: int) -> None:
    _, _, width, height = where(on_ground(Sheet(detections=(point(320, 200, "a cup"),)), letters=letters), SHADE)
    drawn = on_ground(Sheet(detections=(point(x, y, "a cup"),)), letters=letters)
    left, top, *size = where(drawn, SHADE)
    assert size == [width, height]
    assert not (left <= x < left + width and top <= y < top + height)


def test_labels_do_not_cover_each_other() -> None:
    one = region(300, 200, 60, 60)
    outcomes = [outcome(hazard=hazard, subject=one) for hazard in (Hazard.LOW, Hazard.HIGH, Hazard.NONE)]
    alone = Sheet(prediction(outcomes[0]))
    crowd = Sheet(prediction(*outcomes), detections=(Detection("cup", "front", one, None), point(330, 190, "lid")))
    middle = plan(640, 480, 3, 0).middle
    pictures = [on_ground(sheet)[middle.top : middle.bottom] for sheet in (alone, crowd)]
    pills = [(pictures[1] == HAZARD_COLORS[entry.hazard]).all(axis=2).sum() for entry in outcomes]
    assert min(pills) > 100
    assert (pictures[1] == SHADE).all(axis=2).sum() > 200


def test_subjects_in_the_same_place_share_a_box_in_the_colour_of_the_worst() -> None:
    one = region(300, 200, 60, 60)
    drawn = on_ground(Sheet(prediction(outcome(hazard=Hazard.LOW, subject=one), outcome(subject=one))))
    assert (drawn[259, 300:360] == HAZARD_COLORS[Hazard.HIGH]).all()


@pytest.mark.parametrize("picture", [BLACK, WHITE])
def test_text_has_contrast_whatever_is_behind_it(picture: Color) -> None:
    behind = tuple(channel // DARKENED for channel in picture)
    assert min(contrast(ink, behind) for ink in (WHITE, QUIET)) >= 4.5
    assert min(contrast(tag, behind) for tag in HAZARD_COLORS.values()) >= 3


def test_text_on_labels_has_contrast() -> None:
    assert contrast(WHITE, SHADE) >= 4.5
    assert min(contrast(BLACK, ground) for ground in (WHITE, *HAZARD_COLORS.values())) >= 4.5


def test_the_strips_are_as_dark_as_the_contrast_needs() -> None:
    drawn = draw(plain(640, 480, WHITE), "front", full_sheet())
    assert (drawn[0] == 255 // DARKENED).all()
    assert (drawn[-1] == 255 // DARKENED).all()
