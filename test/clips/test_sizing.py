import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.clips.sizing import PixelLimits, fit

FORMULA = Path(__file__).parents[3] / "shared" / "tools" / "vllm_tiny" / "token_formula.py"
TOKEN = 28 * 28
NO_CLIP_LIMIT = 10**12
SIDES = st.integers(1, 4000)


@pytest.fixture(scope="module")
def formula() -> ModuleType:
    """The sizes and token counts that were measured on a real server."""
    if not FORMULA.is_file():
        pytest.skip(f"no measurements at {FORMULA}")
    spec = importlib.util.spec_from_file_location("token_formula", FORMULA)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def limits(smallest: int, largest: int) -> PixelLimits:
    return PixelLimits(28, smallest, largest, NO_CLIP_LIMIT)


def test_pictures_get_the_size_that_the_model_s_processor_gives_them(formula: ModuleType) -> None:
    @given(SIDES, SIDES, st.sampled_from(["image", "video"]))
    @settings(deadline=None)
    def check(width: int, height: int, kind: str) -> None:
        bounds = formula.LIMITS["qwen2_5_vl"][kind]
        assert fit(width, height, 1, limits(*bounds)) == formula.resized(width, height, 28, *bounds)

    check()


@pytest.mark.parametrize("kind", ["image", "jpegs"])
def test_the_server_counted_the_tokens_of_our_size(formula: ModuleType, kind: str) -> None:
    for entry in formula.MEASURED["qwen2_5_vl", kind].split():
        width, height, frames, _, _, smallest, largest, tokens = formula.ENTRY.match(entry).groups()
        of_kind = formula.LIMITS["qwen2_5_vl"]["image" if kind == "image" else "video"]
        bounds = (int(smallest), int(largest)) if smallest else of_kind
        sent = fit(int(width), int(height), 1, limits(*bounds))
        count = 1 if not frames else len(frames.split("/")) if "/" in frames else int(frames)
        pairs = -(-count // 2)
        assert pairs * sent[0] * sent[1] // TOKEN + 2 == int(tokens), entry


def test_a_picture_of_the_sent_size_is_not_touched_again(formula: ModuleType) -> None:
    @given(SIDES, SIDES, st.integers(1, 40), st.sampled_from([0, 28]))
    @settings(deadline=None)
    def check(width: int, height: int, count: int, strip: int) -> None:
        bounds = PixelLimits()
        sent = fit(width, height, count, bounds, strip)
        as_sent = (sent[0], sent[1] + strip)
        if as_sent[0] * as_sent[1] <= bounds.largest:
            assert formula.resized(*as_sent, 28, bounds.smallest, bounds.largest) == as_sent

    check()


@given(SIDES, SIDES, st.integers(1, 64), st.sampled_from([28, 32]))
@settings(deadline=None)
def test_both_sides_are_multiples_of_the_factor(width: int, height: int, count: int, factor: int) -> None:
    sent = fit(width, height, count, PixelLimits(factor))
    assert sent[0] % factor == sent[1] % factor == 0
    assert min(sent) >= factor


@given(st.integers(200, 4000), st.integers(200, 4000), st.integers(1, 64), st.sampled_from([0, 28]))
@settings(deadline=None)
def test_ordinary_pictures_stay_within_the_bounds_strip_included(
    width: int, height: int, count: int, strip: int
) -> None:
    bounds = PixelLimits()
    sent = fit(width, height, count, bounds, strip)
    assert sent[0] * (sent[1] + strip) <= bounds.of_frame(count)
    assert strip or sent[0] * sent[1] >= bounds.smallest


@given(st.integers(200, 4000), st.integers(200, 4000), st.integers(1, 64))
@settings(deadline=None)
def test_the_strip_costs_its_own_pixels_and_little_more(width: int, height: int, count: int) -> None:
    bounds = PixelLimits()
    with_strip, without = (fit(width, height, count, bounds, strip) for strip in (28, 0))
    room = min(bounds.of_frame(count), without[0] * (without[1] + 28))
    assert with_strip[0] * (with_strip[1] + 28) >= 0.75 * room


@given(SIDES, SIDES)
@settings(deadline=None)
def test_a_picture_on_its_side_is_sent_on_its_side(width: int, height: int) -> None:
    assert fit(width, height, 1, PixelLimits()) == fit(height, width, 1, PixelLimits())[::-1]


@given(st.integers(300, 3000), st.integers(300, 3000))
@settings(deadline=None)
def test_the_shape_is_kept_to_about_a_token(width: int, height: int) -> None:
    sent = fit(width, height, 1, PixelLimits())
    scale = sent[0] / width
    assert abs(sent[1] - height * scale) <= 28 * (1 + height / width)


def test_a_tiny_picture_grows_to_the_smallest_size() -> None:
    assert fit(1, 1, 1, PixelLimits()) == (336, 336)


def test_a_huge_picture_shrinks_to_the_largest_size() -> None:
    assert fit(8000, 6000, 1, PixelLimits()) == (896, 672)


def test_a_picture_that_fits_is_only_rounded() -> None:
    assert fit(640, 480, 1, PixelLimits()) == (644, 476)


def test_many_frames_share_the_clip_s_pixels() -> None:
    bounds = PixelLimits(clip=40 * 200 * TOKEN)
    sent = fit(1280, 720, 40, bounds)
    assert 150 * TOKEN <= sent[0] * sent[1] <= 200 * TOKEN


def test_however_many_frames_there_are_each_has_the_smallest_size() -> None:
    assert PixelLimits().of_frame(10_000) == PixelLimits().smallest


def test_a_few_frames_are_bounded_by_the_largest_size() -> None:
    assert PixelLimits().of_frame(1) == PixelLimits().largest


def test_a_band_too_low_to_shrink_further_is_sent_all_the_same() -> None:
    assert fit(100_000, 10, 1, PixelLimits(), strip=28)[1] == 28
