"""Clips from whose tokens one can tell what arrived."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.clips.encode import EncodedClip, MediaForm
from cosmos_reasoner.clips.processors import ProcessorName, processor_named, video_tokens
from cosmos_reasoner.doctor.samples import arrived, film, later, processor_of

CLIPS: dict[ProcessorName, EncodedClip] = {
    name: film(40, 4.0, MediaForm.JPEG_SEQUENCE, processor_named(name)) for name in ProcessorName
}


@settings(deadline=None)
@given(st.sampled_from(ProcessorName), st.integers(1, 40), st.sampled_from([1.0, 2.0, 4.0]))
def test_the_frames_that_arrived_are_counted_to_the_pair(name: ProcessorName, seen: int, rate: float) -> None:
    rules, view = processor_named(name), CLIPS[name].views[0]
    tokens = video_tokens(rules, view.size, [index / rate for index in range(seen)])
    counted = arrived(view, rules, tokens)
    assert counted is not None and (counted + 1) // 2 == (seen + 1) // 2


@settings(deadline=None)
@given(st.sampled_from(ProcessorName), st.integers(1, 40))
def test_times_that_were_told_are_told_from_times_that_were_guessed(name: ProcessorName, seen: int) -> None:
    rules, view = processor_named(name), later(CLIPS[name]).views[0]
    guessed = video_tokens(rules, view.size, [float(index) for index in range(seen)])
    assert arrived(view, rules, video_tokens(rules, view.size, view.seconds), view.seconds) == 40
    if rules.stamps:
        assert arrived(view, rules, guessed, view.seconds) != 40


def test_tokens_that_no_number_of_frames_takes_count_none() -> None:
    name = ProcessorName.QWEN2_5_VL
    assert arrived(CLIPS[name].views[0], processor_named(name), 7) is None


@pytest.mark.parametrize(("tokens", "name"), [(206, "qwen2_5_vl"), (152, "qwen3_vl"), (255, None), (0, None)])
def test_a_picture_s_tokens_name_the_family(tokens: int, name: str | None) -> None:
    assert processor_of(tokens) == (name and ProcessorName(name))


def test_a_clip_of_forty_frames_takes_few_tokens() -> None:
    for name, clip in CLIPS.items():
        view = clip.views[0]
        assert video_tokens(processor_named(name), view.size, view.seconds) < 3000
