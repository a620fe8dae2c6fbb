"""Every form in which pictures may come."""

import io

import av
import numpy as np
import pytest
from calling import GROUND, answer, at, content, data_url, filmed, image, question, refusal, to_the_right, video
from films import SECONDS
from openai import OpenAI
from pictures import jpeg, png

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import Encoding, MediaForm, encode
from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.embedded.settings import Settings

ASK = "What moves, and where to?"


def mp4(seconds: tuple[float, ...] = SECONDS) -> bytes:
    """The film of the red square as an mp4 file, encoded as this package does."""
    pictures = [to_the_right(second) for second in seconds]
    frames = [
        Frame("front", 10**9 + round(second * 1e9), 320, 240, "bgr8", picture.tobytes(), 960)
        for second, picture in zip(seconds, pictures)
    ]
    return encode(Clip.of(frames), Encoding(MediaForm.MP4)).views[0].files[0]


def test_a_frame_sequence_at_the_default_rate(url: str) -> None:
    said = content(url, question(filmed(), ASK))

    assert "the red thing in the middle moves right at 9." in said.lower()


def test_the_times_of_a_frame_sequence_scale_the_speed(url: str) -> None:
    twice_as_fast = at(*(second / 2 for second in SECONDS))

    said = content(url, question(filmed(), ASK, media_io_kwargs=twice_as_fast))

    assert "moves right at 18." in said


def test_an_mp4_file_with_its_own_times(url: str) -> None:
    uneven = tuple(second for index, second in enumerate(SECONDS) if index % 4 != 2)

    said = content(url, question(video([mp4(uneven)], "video/mp4"), ASK))

    assert "red thing in the middle moves right at 9." in said


def test_an_mp4_file_is_sampled_at_the_asked_rate(url: str) -> None:
    slower = {"video": {"fps": 2}}

    said = content(url, question(video([mp4()], "video/mp4"), "<think>", media_io_kwargs=slower))

    assert "8 frames over 3.50 s" in said


def test_an_mp4_file_may_not_have_more_frames_than_allowed() -> None:
    with EmbeddedServer(Settings(max_frames=15)) as small:
        status, message = refusal(small.url, question(video([mp4()], "video/mp4"), ASK))

    assert status == 400
    assert "more than the 15 frames" in message


def test_at_most_the_asked_number_of_frames_is_kept(url: str) -> None:
    said = content(url, question(filmed(), "<think>", media_io_kwargs={"video": {"num_frames": 6}}))

    assert "6 frames over 3.75 s" in said


def test_single_pictures_with_times_as_text(url: str) -> None:
    parts = [part for second in SECONDS for part in (f"{second / 2:.2f} s:", image(to_the_right(second)))]

    assert "moves right at 18." in content(url, question(*parts, ASK))


def test_single_pictures_with_times_in_brackets(url: str) -> None:
    parts = [part for second in SECONDS for part in (f"<{second:.2f} seconds>", image(to_the_right(second)))]

    assert "moves right at 9." in content(url, question(*parts, ASK))


def test_single_pictures_without_times_count_at_the_default_rate(url: str) -> None:
    assert "moves right at 9." in content(url, question(*(image(to_the_right(t)) for t in SECONDS), ASK))


def test_words_before_the_pictures_are_the_question_too(url: str) -> None:
    assert content(url, question("Does something move to the right?", filmed())) == "Yes"


def test_png_pictures_are_read_whatever_the_declared_type(url: str) -> None:
    part = {"type": "image_url", "image_url": {"url": data_url("image/webp", [png(GROUND)])}}

    assert "One picture only" in content(url, question(part, ASK))


def test_one_picture_does_not_tell_motion(url: str) -> None:
    said = content(url, question(image(GROUND), "What will happen next?"))

    assert said == "One picture only: motion cannot be told from it."


def test_no_picture_is_said_plainly(url: str) -> None:
    assert content(url, question("What moves?")) == "No picture was sent, so there is nothing to measure."


@pytest.mark.parametrize("label", ["Camera {}:", "Camera '{}':", 'Camera "{}"'])
def test_several_cameras_are_told_apart_by_their_names(url: str, label: str) -> None:
    left, right = label.format("left"), label.format("rear view")
    times = {"video": {"fps": 1000, "frames_indices": [[0, 250], [round(1000 * t) for t in SECONDS]]}}

    still = filmed(lambda _: GROUND, seconds=(0.0, 0.25))
    said = content(url, question(left, still, right, filmed(), "<think>", media_io_kwargs=times))

    first, second = said.split("View of camera rear view:")
    assert "View of camera left:\n2 frames over 0.25 s" in first
    assert "Nothing is found that moves by itself" in first
    assert "red thing" in second


def test_a_question_about_the_camera_is_no_label(url: str) -> None:
    assert content(url, question(filmed(), "Camera motion?")).startswith("The camera stands still")


def test_pictures_are_counted_as_the_processor_would(url: str) -> None:
    words = answer(url, question("Hi"))["usage"]["prompt_tokens"]

    with_image = answer(url, question(image(np.zeros((280, 420, 3), np.uint8)), "Hi"))["usage"]["prompt_tokens"]
    frames = [jpeg(np.zeros((280, 420, 3), np.uint8))] * 5
    with_video = answer(url, question(video(frames), "Hi"))["usage"]["prompt_tokens"]

    assert with_image - words == 10 * 15 + 2
    assert with_video - words == 3 * 10 * 15 + 2


def test_the_openai_client_is_served(url: str) -> None:
    with OpenAI(base_url=url, api_key="any", max_retries=0) as client:
        models = client.models.list().data
        reply = client.chat.completions.create(model=models[0].id, messages=question(filmed(), ASK)["messages"])

    assert [model.id for model in models] == ["embedded-motion"]
    assert "moves right" in str(reply.choices[0].message.content)
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


WRONG = {
    "a web address": ({"type": "image_url", "image_url": {"url": "http://127.0.0.1/x.jpg"}}, "nothing is fetched"),
    "a file": ({"type": "image_url", "image_url": {"url": "file:///etc/hostname"}}, "nothing is fetched"),
    "no base64": ({"type": "image_url", "image_url": {"url": "data:image/png,abc"}}, "only data URLs in base64"),
    "broken base64": ({"type": "image_url", "image_url": {"url": "data:image/png;base64,%%"}}, "broken base64"),
    "no picture": (video([b"hello"]), "neither a JPEG nor a PNG"),
    "a broken JPEG": (video([jpeg(GROUND)[:300]]), "video 1, frame 0"),
    "a broken mp4": (video([b"\0" * 99], "video/mp4"), "video 1: broken video"),
    "an image of a video": ({"type": "image_url", "image_url": video([b""])["video_url"]}, "one picture is needed"),
    "other sizes": (video([jpeg(GROUND), jpeg(GROUND[:100])]), "different sizes"),
    "sound": ({"type": "input_audio", "input_audio": {}}, "messages.0.content"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_media_are_refused_with_the_reason(url: str, what: str) -> None:
    part, reason = WRONG[what]

    status, message = refusal(url, question(part, ASK))

    assert status == 400
    assert reason in message


def test_an_mp4_without_pictures_is_refused(url: str) -> None:
    memory = io.BytesIO()
    with av.open(memory, "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
        sound.sample_rate = 8000
        container.mux(stream.encode(sound))
        container.mux(stream.encode())

    assert refusal(url, question(video([memory.getvalue()], "video/mp4"), ASK))[1].endswith("has no video in it")


@pytest.mark.parametrize(
    ("kwargs", "reason"),
    [
        ({"frames_indices": [0, 1, 2]}, "3 numbers for the 16 frames"),
        ({"frames_indices": [0] * 16}, "must rise"),
        ({"fps": 0}, "media_io_kwargs.video.fps"),
    ],
)
def test_times_that_do_not_fit_are_refused(url: str, kwargs: dict[str, object], reason: str) -> None:
    status, message = refusal(url, question(filmed(), ASK, media_io_kwargs={"video": kwargs}))

    assert status == 400
    assert reason in message
