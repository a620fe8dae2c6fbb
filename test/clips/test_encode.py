import io
from dataclasses import replace

import av
import numpy as np
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import SECOND, checked, jpeg_frame, plain, png, raw_frame

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT
from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.encode import EncodedView, Encoding, MediaForm, encode
from cosmos_reasoner.clips.frame import Bgr, Frame
from cosmos_reasoner.clips.headers import compressed_size
from cosmos_reasoner.clips.sizing import PixelLimits
from cosmos_reasoner.errors import FrameError

START = 1_700_000_000 * SECOND
SMALL = PixelLimits(28, 1, 100 * 28 * 28)
"""At most 100 tokens a frame, so that the tests are quick."""


def clip_of(count: int, size: tuple[int, int] = (140, 112), step: int = SECOND // 4) -> Clip:
    """Frames that become brighter from one to the next."""
    return Clip.of([raw_frame(plain(*size, (8 * i, 8 * i, 8 * i)), START + i * step) for i in range(count)])


def sent_as(form: MediaForm, clip: Clip, **more: object) -> EncodedView:
    return encode(clip, Encoding(form, SMALL, SMALL, **more)).views[0]  # type: ignore[arg-type]


def whole_mp4(clip: Clip) -> EncodedView:
    """All frames in a file, for an endpoint that reads any rate."""
    return sent_as(MediaForm.MP4, clip, video_rate=1e6)


def decoded(mp4: bytes) -> tuple[list[int], list[Bgr]]:
    """Times in ms and pictures of a video."""
    with av.open(io.BytesIO(mp4)) as container:
        frames = [
            (round(1000 * float(frame.pts * frame.time_base)), frame.to_ndarray(format="bgr24"))
            for frame in container.decode(video=0)
            if frame.pts is not None and frame.time_base is not None
        ]
    return [time for time, _ in frames], [np.asarray(pixels, np.uint8) for _, pixels in frames]


def test_an_mp4_holds_every_frame_at_its_true_time_to_the_millisecond() -> None:
    offsets = [0, 250, 503, 749, 1300, 1301, 1700, 2000]
    frames = [raw_frame(checked(140, 112), START + offset * 1_000_000) for offset in offsets]
    view = whole_mp4(Clip.of(frames))
    times, pictures = decoded(view.files[0])
    assert times == offsets
    assert {picture.shape for picture in pictures} == {(112, 140, 3)}


def test_an_mp4_shows_the_frames_in_order() -> None:
    _, pictures = decoded(sent_as(MediaForm.MP4, clip_of(20)).files[0])
    assert [picture.mean() for picture in pictures] == pytest.approx([8 * i for i in range(20)], abs=4)


def test_the_last_of_an_odd_number_of_frames_is_shown_twice_in_an_mp4() -> None:
    times, pictures = decoded(sent_as(MediaForm.MP4, clip_of(5)).files[0])
    assert times == [0, 250, 500, 750, 1000, 1250]
    assert pictures[-1].mean() == pytest.approx(pictures[-2].mean(), abs=2)


@pytest.mark.parametrize(("step", "rate"), [(249, 4.0), (240, 4.0), (251, 1000 / 251), (300, 1000 / 300)])
@pytest.mark.parametrize("count", [15, 16])
def test_an_mp4_hardly_faster_than_the_server_reads_is_slowed_down_to_it(step: int, rate: float, count: int) -> None:
    with av.open(io.BytesIO(sent_as(MediaForm.MP4, clip_of(count, step=step * 1_000_000)).files[0])) as container:
        stream = container.streams.video[0]
        assert float(stream.average_rate or 0) == pytest.approx(rate, rel=0.002)
        assert float(stream.average_rate or 0) <= rate + 1e-9


@pytest.mark.parametrize(
    ("count", "rate", "kept"), [(17, 2.0, 9), (17, 4.0, 17), (17, 4.2, 17), (3, 0.5, 3), (9, 0.5, 4)]
)
def test_an_mp4_holds_no_more_frames_than_the_endpoint_reads(count: int, rate: float, kept: int) -> None:
    view = sent_as(MediaForm.MP4, clip_of(count), video_rate=rate)
    assert len(view.seconds) == kept
    assert (view.seconds[0], view.seconds[-1]) == (0.0, (count - 1) / 4)


def test_an_mp4_of_two_frames_decodes() -> None:
    assert decoded(sent_as(MediaForm.MP4, clip_of(2)).files[0])[0] == [0, 250]


@pytest.mark.parametrize("step", [0, 1, 1000, 400_000])
def test_frames_within_one_millisecond_follow_each_other_in_an_mp4(step: int) -> None:
    times, _ = decoded(whole_mp4(clip_of(4, step=step)).files[0])
    assert times[0] == 0
    assert len(times) == 4
    assert times == sorted(set(times))


def test_an_mp4_of_a_view_that_starts_later_keeps_the_clip_s_time() -> None:
    late = View("left", tuple(raw_frame(checked(140, 112), START + t * SECOND, "left") for t in (2, 3, 4)))
    encoded = encode(Clip((clip_of(5).views[0], late)), Encoding(MediaForm.MP4, SMALL))
    assert encoded.views[1].seconds == (2.0, 3.0, 4.0)
    assert decoded(encoded.views[1].files[0])[0] == [2000, 3000, 4000, 5000]


def test_an_mp4_claims_the_mean_rate_of_its_frames() -> None:
    with av.open(io.BytesIO(sent_as(MediaForm.MP4, clip_of(9)).files[0])) as container:
        assert float(container.streams.video[0].average_rate or 0) == pytest.approx(4.0, rel=0.15)


def test_frames_an_hour_apart_make_an_mp4() -> None:
    assert decoded(sent_as(MediaForm.MP4, clip_of(3, step=3600 * SECOND)).files[0])[0] == [
        *(0, 3_600_000, 7_200_000, 10_800_000)
    ]


@given(st.lists(st.integers(0, 3 * SECOND), min_size=2, max_size=4))
@settings(max_examples=15, deadline=None)
def test_any_rising_stamps_make_an_mp4_with_all_frames(gaps: list[int]) -> None:
    stamps = START + np.cumsum(gaps)
    view = whole_mp4(Clip.of([raw_frame(plain(56, 56), int(stamp)) for stamp in stamps]))
    assert len(decoded(view.files[0])[0]) == len(gaps) + len(gaps) % 2


@pytest.mark.parametrize("form", [MediaForm.JPEG_SEQUENCE, MediaForm.IMAGES])
def test_a_sequence_holds_one_jpeg_a_frame(form: MediaForm) -> None:
    view = sent_as(form, clip_of(5))
    assert view.form is form
    assert len(view.files) == len(view.seconds) == 5
    assert {compressed_size(file) for file in view.files} == {view.sent}
    means = [simplejpeg.decode_jpeg(file, "BGR").mean() for file in view.files]
    assert means == pytest.approx([0, 8, 16, 24, 32], abs=2)


@pytest.mark.parametrize("form", MediaForm)
def test_one_frame_travels_as_an_image_in_every_form(form: MediaForm) -> None:
    view = sent_as(form, clip_of(1))
    assert view.form is MediaForm.IMAGES
    assert len(view.files) == 1
    assert view.seconds == (0.0,)
    assert compressed_size(view.files[0]) == view.sent


def test_a_jpeg_of_the_right_size_is_passed_on_byte_by_byte() -> None:
    frame = jpeg_frame(checked(140, 112))
    assert sent_as(MediaForm.JPEG_SEQUENCE, Clip.of([frame])).files == (frame.data,)


def test_a_jpeg_in_a_view_of_memory_is_passed_on_as_bytes() -> None:
    data = bytes(jpeg_frame(checked(140, 112)).data)
    frame = Frame("front", START, 140, 112, "jpeg", memoryview(data))
    assert sent_as(MediaForm.IMAGES, Clip.of([frame])).files == (data,)


def test_a_jpeg_of_another_size_is_made_anew() -> None:
    frame = jpeg_frame(checked(150, 100))
    (file,) = sent_as(MediaForm.JPEG_SEQUENCE, Clip.of([frame])).files
    assert file != frame.data
    assert compressed_size(file) == (140, 112)


def test_a_jpeg_with_a_burned_in_time_is_made_anew() -> None:
    frames = [jpeg_frame(checked(140, 112), START + i * SECOND) for i in range(2)]
    view = sent_as(MediaForm.JPEG_SEQUENCE, Clip.of(frames), burn_in=True)
    assert {compressed_size(file) for file in view.files} == {(140, 112 + STRIP_HEIGHT)} == {view.size}


def test_a_single_frame_has_no_time_to_burn_in() -> None:
    frame = jpeg_frame(checked(140, 112))
    assert sent_as(MediaForm.JPEG_SEQUENCE, Clip.of([frame]), burn_in=True).files == (frame.data,)


@pytest.mark.parametrize("size", [(700, 560), (1399, 1121), (61, 47), (140, 112)])
@pytest.mark.parametrize("encoding", ["bgr8", "jpeg", "png"])
def test_the_picture_looks_the_same_whatever_its_size_and_encoding(size: tuple[int, int], encoding: str) -> None:
    pixels = checked(*size, side=size[0])
    frame = {
        "bgr8": raw_frame(pixels),
        "jpeg": jpeg_frame(pixels),
        "png": Frame("front", SECOND, *size, "png", png(pixels)),
    }[encoding]
    view = sent_as(MediaForm.IMAGES, Clip.of([frame]))
    received = simplejpeg.decode_jpeg(view.files[0], "BGR")
    half = view.sent[0] // 2
    for part, red in ((received[:, : half - 8], 230), (received[:, half + 8 :], 40)):
        assert part.mean(axis=(0, 1)) == pytest.approx([40, 40, red], abs=4)


@pytest.mark.parametrize("form", MediaForm)
def test_times_are_burned_in_from_the_clip_s_start_left_and_right_in_turn(form: MediaForm) -> None:
    view = sent_as(form, clip_of(4), burn_in=True)
    files = view.files
    pictures = decoded(files[0])[1] if form is MediaForm.MP4 else [simplejpeg.decode_jpeg(f, "BGR") for f in files]
    strips = [picture[-STRIP_HEIGHT:] for picture in pictures]
    assert all(picture.shape[:2] == (view.sent[1] + STRIP_HEIGHT, view.sent[0]) for picture in pictures)
    brighter = ["left" if strip[:, :70].mean() > strip[:, 70:].mean() else "right" for strip in strips]
    assert brighter == ["left", "right"] * 2


def test_the_strip_counts_in_the_pixels_of_a_frame() -> None:
    frames = [raw_frame(plain(1400, 1120), START + i * SECOND) for i in range(2)]
    view = sent_as(MediaForm.IMAGES, Clip.of(frames), burn_in=True)
    assert view.sent[0] * (view.sent[1] + STRIP_HEIGHT) <= SMALL.largest


def test_of_too_many_frames_an_even_choice_is_sent_first_and_last_among_them() -> None:
    view = sent_as(MediaForm.JPEG_SEQUENCE, clip_of(21), max_frames=5)
    assert view.seconds == (0.0, 1.25, 2.5, 3.75, 5.0)


@given(st.integers(1, 40), st.integers(2, 12))
@settings(max_examples=20, deadline=None)
def test_never_more_frames_than_allowed_are_sent_and_none_twice(count: int, most: int) -> None:
    view = sent_as(MediaForm.JPEG_SEQUENCE, clip_of(count, (28, 28)), max_frames=most)
    assert len(view.files) == len(view.seconds) == min(count, most)
    assert view.seconds[-1] == (count - 1) / 4
    assert list(view.seconds) == sorted(set(view.seconds))


def test_where_only_one_frame_is_allowed_it_is_the_newest() -> None:
    view = sent_as(MediaForm.MP4, clip_of(9), max_frames=1)
    assert (view.form, view.seconds) == (MediaForm.IMAGES, (2.0,))


def test_several_views_share_the_pixels_of_the_clip() -> None:
    limits = PixelLimits(28, 1, 400 * 28 * 28, 1200 * 28 * 28)
    frames = tuple(raw_frame(plain(1400, 1120), START + i * SECOND) for i in range(4))
    alone = encode(Clip((View("front", frames),)), Encoding(limits=limits))
    views = tuple(View(name, frames) for name in ("front", "left", "right"))
    together = encode(Clip(views), Encoding(limits=limits))
    for encoded in (alone, together):
        pixels = sum(len(view.seconds) * view.sent[0] * view.sent[1] for view in encoded.views)
        assert 0.8 * limits.clip <= pixels <= limits.clip
    assert together.frame_count == 12
    assert together.nbytes == sum(len(file) for view in together.views for file in view.files)


@pytest.mark.parametrize("form", MediaForm)
def test_where_even_the_smallest_frames_of_all_views_are_too_many_some_are_left_out(form: MediaForm) -> None:
    limits = PixelLimits(28, 128 * 784, 768 * 784, 2 * 8192 * 784)
    frames = tuple(raw_frame(plain(640, 480), START + i * SECOND // 4) for i in range(32))
    encoded = encode(
        Clip(tuple(View(name, frames) for name in "abcdefgh")), Encoding(form, limits, limits, burn_in=True)
    )
    pixels = sum(len(view.seconds) * view.size[0] * view.size[1] for view in encoded.views)
    assert 0.8 * limits.clip < pixels <= limits.clip
    assert {(view.seconds[0], view.seconds[-1]) for view in encoded.views} == {(0.0, 7.75)}


def test_views_of_different_sizes_keep_their_own() -> None:
    wide, tall = (View(name, (raw_frame(plain(*size)),)) for name, size in (("a", (1400, 700)), ("b", (700, 1400))))
    a, b = encode(Clip((wide, tall)), Encoding(picture_limits=SMALL)).views
    assert (a.camera, b.camera) == ("a", "b")
    assert a.sent == b.sent[::-1]
    assert a.sent[0] > a.sent[1]


def test_the_scale_leads_from_a_place_as_sent_to_the_place_as_taken() -> None:
    view = sent_as(MediaForm.IMAGES, Clip.of([raw_frame(plain(1920, 1080))]))
    assert view.taken == (1920, 1080)
    assert (view.sent[0] * view.scale[0], view.sent[1] * view.scale[1]) == pytest.approx((1920, 1080))


def test_a_lower_quality_takes_fewer_bytes() -> None:
    clip = Clip.of([raw_frame(checked(140, 112, 5))])
    low, high = (sent_as(MediaForm.IMAGES, clip, quality=quality) for quality in (20, 95))
    assert len(low.files[0]) < len(high.files[0])


@pytest.mark.parametrize("form", MediaForm)
def test_broken_frames_are_left_out_with_their_times(form: MediaForm) -> None:
    good = [jpeg_frame(checked(300, 200), n * SECOND) for n in (1, 3, 4)]
    clip = Clip.of([good[0], broken(2 * SECOND), *good[1:]])
    assert sent_as(form, clip).seconds == (0.0, 2.0, 3.0)


@pytest.mark.parametrize("form", MediaForm)
def test_a_view_of_broken_frames_alone_is_an_error_that_names_its_camera(form: MediaForm) -> None:
    with pytest.raises(FrameError, match="front: broken jpeg picture"):
        sent_as(form, Clip.of([broken(SECOND), broken(2 * SECOND)]))


def test_only_where_links_are_wanted_a_picture_with_an_address_stays_where_it_is() -> None:
    frame = replace(jpeg_frame(checked(641, 479)), address="http://h/p.jpg")
    sent = sent_as(MediaForm.IMAGES, Clip.of([frame]))
    linked = sent_as(MediaForm.IMAGES, Clip.of([frame]), link_limits=PixelLimits(28, 3136, 12845056))
    assert (len(sent.files), sent.address) == (1, "")
    assert (linked.files, linked.address, linked.sent) == ((), "http://h/p.jpg", (644, 476))


def broken(stamp: int) -> Frame:
    """A JPEG of which only the beginning arrived."""
    return Frame("front", stamp, 300, 200, "jpeg", b"\xff\xd8\xff\xe0 no more")
