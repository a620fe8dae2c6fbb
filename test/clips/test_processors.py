"""Sizes and token counts against those that were measured on a real server."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cosmos_reasoner.clips.processors import (
    Processor,
    ProcessorName,
    image_tokens,
    processor_named,
    video_tokens,
)
from cosmos_reasoner.clips.sizing import PixelLimits, fit

FORMULA = Path(__file__).parents[3] / "shared" / "tools" / "vllm_tiny" / "token_formula.py"
HUGE = 1 << 30
FAMILIES = [name.value for name in ProcessorName]


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


def own_limits(processor: Processor, kind: str, asked: str | None, largest: str | None) -> PixelLimits:
    """What the processor allows, or what a request asked for instead."""
    if not asked:
        make = processor.image_limits if kind == "image" else processor.video_limits
        return make(HUGE, HUGE)
    together = processor.whole_clip and kind != "image"
    return PixelLimits(
        processor.factor, int(asked), HUGE if together else int(largest or 0), int(largest or 0), together
    )


def seconds_of(
    formula: ModuleType, family: str, kind: str, frames: str, fps: str | None, read: str | None
) -> list[float]:
    """When the server takes the frames to have been taken."""
    if kind == "mp4":
        rate = float(fps or 0)
        return [i / rate for i in formula.sampled(family, int(frames), rate, float(read or 2))]
    indices = [int(i) for i in frames.split("/")] if "/" in frames else range(int(frames))
    return [i / float(fps or 1) for i in indices]


@pytest.mark.parametrize("kind", ["image", "jpegs", "mp4"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_server_counted_as_many_tokens_as_we_do(formula: ModuleType, family: str, kind: str) -> None:
    processor = processor_named(ProcessorName(family))
    for entry in formula.MEASURED[family, kind].split():
        width, height, frames, fps, read, smallest, largest, tokens = formula.ENTRY.match(entry).groups()
        limits = own_limits(processor, kind, smallest, largest)
        if kind == "image":
            assert image_tokens(processor, fit(int(width), int(height), 1, limits)) == int(tokens), entry
            continue
        seconds = seconds_of(formula, family, kind, frames, fps, read)
        size = bounded(int(width), int(height), len(seconds), limits)
        assert video_tokens(processor, size, seconds) == int(tokens), entry


def bounded(width: int, height: int, count: int, limits: PixelLimits) -> tuple[int, int]:
    """The size of a frame; the server knows no budget of a clip that would bound a Qwen2.5-VL's frames."""
    return fit(width, height, count, limits) if limits.together else fit(width, height, 1, limits)


SIDES = st.integers(1, 3000)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_we_send_is_not_resized_again(formula: ModuleType, family: str) -> None:
    processor, bounds = processor_named(ProcessorName(family)), formula.LIMITS[family]

    @given(SIDES, SIDES, st.integers(2, 64), st.integers(1, 4), st.integers(1, 4000), st.integers(1, 20_000))
    @settings(deadline=None, max_examples=300)
    def check(width: int, height: int, count: int, views: int, most: int, clip: int) -> None:
        if max(width, height) > 100 * min(width, height):
            return
        together = count if processor.whole_clip else None
        frame = fit(width, height, count, processor.video_limits(most, clip), shared_by=views * count)
        assert formula.resized(*frame, processor.factor, *bounds["video"], together) == frame
        picture = fit(width, height, 1, processor.image_limits(most, clip), shared_by=views * count)
        assert formula.resized(*picture, processor.factor, *bounds["image"]) == picture

    check()


def test_a_frame_with_its_strip_is_not_resized_again_either(formula: ModuleType) -> None:
    processor, bounds = processor_named(ProcessorName.QWEN2_5_VL), formula.LIMITS["qwen2_5_vl"]["video"]

    @given(st.integers(60, 3000), st.integers(60, 3000), st.integers(2, 64), st.integers(1, 768), st.integers(1, 9000))
    @settings(deadline=None, max_examples=300)
    def check(width: int, height: int, count: int, most: int, clip: int) -> None:
        if max(width, height) > 20 * min(width, height):
            return
        w, h = fit(width, height, count, processor.video_limits(most, clip), strip=28)
        assert formula.resized(w, h + 28, processor.factor, *bounds) == (w, h + 28)

    check()


@pytest.mark.parametrize("family", FAMILIES)
@given(st.integers(200, 3000), st.integers(200, 3000), st.integers(1, 16), st.integers(3200, 8192))
@settings(deadline=None)
def test_a_clip_stays_within_its_tokens(family: str, width: int, height: int, pairs: int, clip: int) -> None:
    # A picture that is narrower still, or whose share of the clip is less than 200 tokens, may have no size between
    # its fewest tokens, 128, and its share: sizes go in steps of a row or a column.
    assume(max(width, height) <= 8 * min(width, height))
    processor = processor_named(ProcessorName(family))
    size = fit(width, height, 2 * pairs, processor.video_limits(768, clip))
    assert pairs * size[0] * size[1] // processor.factor**2 <= clip


def test_frames_of_a_qwen3_clip_may_be_smaller_than_a_single_picture() -> None:
    processor = processor_named(ProcessorName.QWEN3_VL)
    assert fit(640, 480, 40, processor.video_limits(768, 400)) < fit(640, 480, 1, processor.image_limits(10, 400))
