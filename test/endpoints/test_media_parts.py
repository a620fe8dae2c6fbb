import base64
from typing import Any

import pytest

from cosmos_reasoner.clips.encode import EncodedClip, EncodedView, MediaForm
from cosmos_reasoner.endpoints.media import content_parts, media_kwargs
from cosmos_reasoner.endpoints.profile import TimeMode

SEQUENCE = MediaForm.JPEG_SEQUENCE


def view(form: MediaForm, seconds: tuple[float, ...] = (0.0, 0.25, 1.5), camera: str = "front") -> EncodedView:
    count = 1 if form is MediaForm.MP4 else len(seconds)
    files = tuple(f"{camera} {i}\xff".encode() for i in range(count))
    return EncodedView(camera, form, files, seconds, (640, 480), (644, 476))


def parts(*views: EncodedView, time: TimeMode = TimeMode.NONE) -> list[dict[str, Any]]:
    return content_parts(EncodedClip(views), time)


def files_in(part: dict[str, Any]) -> tuple[str, list[bytes]]:
    """Mime type and files of a media part."""
    kind = part["type"]
    assert set(part) == {"type", kind}
    mime, data = part[kind]["url"].removeprefix("data:").split(";base64,")
    return mime, [base64.b64decode(file, validate=True) for file in data.split(",")]


def test_an_mp4_is_one_video_part() -> None:
    (part,) = parts(view(MediaForm.MP4))
    assert part["type"] == "video_url"
    assert files_in(part) == ("video/mp4", [b"front 0\xc3\xbf"])


def test_a_sequence_is_one_video_part_with_the_frames_in_order() -> None:
    (part,) = parts(view(SEQUENCE))
    assert part["type"] == "video_url"
    assert files_in(part) == ("video/jpeg", list(view(SEQUENCE).files))


def test_images_are_one_part_each_in_order() -> None:
    found = parts(view(MediaForm.IMAGES))
    assert [part["type"] for part in found] == ["image_url"] * 3
    assert [files_in(part) for part in found] == [("image/jpeg", [file]) for file in view(MediaForm.IMAGES).files]


def test_times_stand_as_text_before_each_image_where_the_profile_says_so() -> None:
    found = parts(view(MediaForm.IMAGES), time=TimeMode.TEXT)
    assert [part.get("text") for part in found] == ["0.00 s:\n", None, "0.25 s:\n", None, "1.50 s:\n", None]


def test_a_single_image_needs_no_time() -> None:
    (part,) = parts(view(MediaForm.IMAGES, (0.0,)), time=TimeMode.TEXT)
    assert part["type"] == "image_url"


@pytest.mark.parametrize("form", MediaForm)
def test_with_several_cameras_each_is_named_before_its_pictures(form: MediaForm) -> None:
    found = parts(view(form), view(form, camera="wrist"))
    texts = [(index, part["text"]) for index, part in enumerate(found) if part["type"] == "text"]
    assert texts == [(0, "Camera front:\n"), (len(found) // 2, "Camera wrist:\n")]


def test_the_times_of_a_sequence_are_told_in_milliseconds() -> None:
    assert media_kwargs(EncodedClip((view(SEQUENCE),))) == {
        "video": {"fps": 1000, "num_frames": -1, "frames_indices": [0, 250, 1500]}
    }


def test_several_sequences_are_told_the_times_of_the_first() -> None:
    clip = EncodedClip(
        (view(MediaForm.IMAGES, (0.5,), "top"), view(SEQUENCE), view(SEQUENCE, (0.1, 0.2, 1.4), "wrist"))
    )
    kwargs = media_kwargs(clip)
    assert kwargs is not None
    assert kwargs["video"]["frames_indices"] == [0, 250, 1500]


@pytest.mark.parametrize("form", [MediaForm.MP4, MediaForm.IMAGES])
def test_without_a_sequence_there_is_nothing_to_tell(form: MediaForm) -> None:
    assert media_kwargs(EncodedClip((view(form),))) is None


@pytest.mark.parametrize("form", MediaForm)
def test_media_are_named_by_what_they_hold_and_when_it_was(form: MediaForm) -> None:
    def names(seconds: tuple[float, ...], camera: str) -> list[str]:
        clip = EncodedClip((view(form, seconds, camera),))
        return [part["uuid"] for part in content_parts(clip, TimeMode.NONE, uuid=True) if part["type"] != "text"]

    first = names((0.0, 0.25, 1.5), "front")
    assert first == names((0.0, 0.25, 1.5), "front")
    assert set(first).isdisjoint(names((0.0, 0.25, 1.5), "wrist"))
    assert set(first).isdisjoint(names((0.0, 0.25, 1.0), "front"))


@pytest.mark.parametrize("form", MediaForm)
def test_no_medium_is_named_where_the_profile_does_not_say_so(form: MediaForm) -> None:
    assert not any("uuid" in part for part in parts(view(form)))


def test_a_picture_that_the_endpoint_fetches_is_named_by_its_address() -> None:
    linked = EncodedView("front", MediaForm.IMAGES, (), (0.0,), (640, 480), (644, 476), address="http://h/p.png")
    expected = [{"type": "image_url", "image_url": {"url": "http://h/p.png"}}]
    assert parts(linked) == expected
    assert content_parts(EncodedClip((linked,)), TimeMode.NONE, uuid=True) == expected  # what lies there may change
