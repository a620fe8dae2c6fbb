"""How clips should travel."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmos_reasoner.clips.processors import ProcessorName, processor_named
from cosmos_reasoner.doctor.films import Films
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.media_choice import choose_media
from cosmos_reasoner.doctor.recommend import recommended
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.endpoints.profile_files import load_profile, shipped_profiles

QWEN2_5, QWEN3 = ProcessorName.QWEN2_5_VL, ProcessorName.QWEN3_VL
maybe = st.sampled_from([True, False, None])


def chosen(
    profile: str, processor: ProcessorName, films: Films, pictures: bool | None = True, images: int | None = 8
) -> Finding:
    return choose_media(load_profile(profile).media, processor_named(processor), pictures, images, films)


def films(
    sequence: bool | None = True,
    kept: int | None = None,
    file: bool | None = True,
    rate: float | None = 4.0,
    times: bool | None = True,
) -> Films:
    return Films(sequence, kept, file, rate, times, ())


@pytest.mark.parametrize(
    ("profile", "taken", "way"),
    [
        ("cosmos_reason1", films(), ("jpeg_sequence", "burned_in")),
        ("cosmos_reason1", films(sequence=None, file=None, times=None), ("jpeg_sequence", "burned_in")),
        ("cosmos_reason1", films(sequence=False), ("mp4", "burned_in")),
        ("cosmos_reason1", films(sequence=False, file=False), ("images", "text")),
        ("computenest", films(), ("mp4", "burned_in")),
        ("computenest", films(file=False), ("jpeg_sequence", "burned_in")),
        ("modelscope", films(), ("images", "text")),
        ("qwen3_vl", films(), ("jpeg_sequence", "metadata")),
        ("qwen3_vl", films(times=False), ("images", "text")),
        ("embedded", films(), ("jpeg_sequence", "metadata")),
    ],
)
def test_the_profile_s_way_is_kept_where_it_works(profile: str, taken: Films, way: tuple[str, str]) -> None:
    said = chosen(profile, load_profile(profile).media.processor, taken).profile
    assert (said["media.form"], said["media.time"]) == way


def test_a_file_is_sent_at_the_rate_at_which_it_is_read() -> None:
    assert chosen("computenest", QWEN2_5, films(rate=2.0)).profile["media.video_rate"] == 2.0


def test_no_more_frames_are_sent_than_arrive() -> None:
    assert chosen("cosmos_reason1", QWEN2_5, films(kept=16)).profile["media.max_frames"] == 16
    assert "media.max_frames" not in chosen("cosmos_reason1", QWEN2_5, films(kept=36)).profile


@pytest.mark.parametrize(("images", "frames"), [(4, 4), (8, None), (None, None)])
def test_no_fewer_pictures_are_sent_than_are_known_to_be_accepted(images: int | None, frames: int | None) -> None:
    said = chosen("modelscope", ProcessorName.QWEN3_VL, films(), images=images).profile
    assert said.get("media.max_frames") == frames


def test_where_nothing_is_accepted_nothing_is_recommended() -> None:
    nothing = chosen("cosmos_reason1", QWEN2_5, films(sequence=False, file=False), pictures=False)
    assert (nothing.level, nothing.profile) == (Level.ERROR, {})


@settings(deadline=None)
@given(
    st.sampled_from(shipped_profiles()),
    st.sampled_from([QWEN2_5, QWEN3]),
    maybe,
    st.builds(films, maybe, st.sampled_from([None, 2, 32]), maybe, st.sampled_from([None, 2.0]), maybe),
)
def test_what_is_recommended_is_a_valid_profile_whatever_was_found(
    name: str, processor: ProcessorName, pictures: bool | None, taken: Films
) -> None:
    finding = chosen(name, processor, taken, pictures)
    if finding.profile:
        reads = Finding("media", "processor", Level.OK, "", profile={"media.processor": processor.value})
        assert isinstance(recommended(load_profile(name), "http://h/v1", [reads, finding]), Profile)
