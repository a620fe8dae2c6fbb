from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import av
import cv2
import numpy as np
import pytest
from pictures import square

from cosmos_reasoner.errors import RecordingError
from cosmos_reasoner.recordings.images import read_images


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "bmp"])
def test_pictures_of_all_usual_kinds_are_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"square.{ending}"
    assert cv2.imwrite(str(path), square(0))
    (frame,) = read_images([str(path)]).views[0].frames
    assert (frame.camera, frame.width, frame.height) == ("image1", 320, 240)
    pixels = np.frombuffer(frame.data, np.uint8).reshape(240, 320, 3)
    assert pixels[120, 40] == pytest.approx((30, 60, 220), abs=40)


def test_several_pictures_are_cameras_in_their_order_at_one_instant(tmp_path: Path) -> None:
    for index in (0, 1):
        cv2.imwrite(str(tmp_path / f"{index}.png"), square(index))
    clip = read_images([str(tmp_path / "1.png"), str(tmp_path / "0.png")])
    assert clip.cameras == ("image1", "image2") and clip.start == clip.end > 0
    assert bytes(clip.views[0].frames[0].data) == square(1).tobytes()


def test_of_an_animation_the_first_picture_counts(tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "gray"
        for brightness in (0, 100, 200):
            pixels = np.full((48, 64), brightness, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="gray")))
        container.mux(stream.encode())
    (frame,) = read_images([str(path)]).views[0].frames
    assert (frame.width, frame.height) == (64, 48) and max(bytes(frame.data)) < 10


@pytest.mark.parametrize("text", ["no picture", ""])
def test_what_is_no_picture_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "letter.png").write_text(text)
    for path in (tmp_path / "letter.png", tmp_path, tmp_path / "missing.png"):
        with pytest.raises(RecordingError, match=str(path)):
            read_images([str(path)])


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[str]:
    """Address of a folder with square.png and letter.txt."""
    cv2.imwrite(str(tmp_path / "square.png"), square(0))
    (tmp_path / "letter.txt").write_text("no picture")

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_picture_is_fetched_from_its_address_and_keeps_it(pictures: str) -> None:
    (frame,) = read_images([f"{pictures}/square.png"]).views[0].frames
    assert (frame.camera, frame.width, frame.height) == ("image1", 320, 240)
    assert frame.address == f"{pictures}/square.png"


@pytest.mark.parametrize("name", ["missing.png", "letter.txt"])
def test_an_address_without_a_picture_is_named(pictures: str, name: str) -> None:
    with pytest.raises(RecordingError, match=f"{pictures}/{name}: "):
        read_images([f"{pictures}/{name}"])
