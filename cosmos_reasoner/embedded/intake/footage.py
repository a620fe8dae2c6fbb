"""The media of a request as views: who filmed, when, what."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.embedded.intake.media import Film, read_files, read_film, read_picture
from cosmos_reasoner.embedded.intake.request import ChatRequest, ImagePart, TextPart, VideoKwargs, VideoPart
from cosmos_reasoner.embedded.settings import Settings
from cosmos_reasoner.errors import InvalidRequest

__all__ = ["Footage", "Source", "load", "sources", "words"]

_CAMERA = re.compile(r"""camera\s+(?:(['"])(?P<quoted>.{1,64})\1\s*:?|(?P<plain>[^'":?\n]{1,64}):)""", re.IGNORECASE)
_TIME = re.compile(
    r"[<(\[]?\s*(?:time|at|t\s*=)?\s*(\d{1,9}(?:\.\d+)?)\s*(?:s|sec|seconds?|秒)\s*[>)\]]?\s*:?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Footage:
    """What one camera saw.

    Attributes:
        camera: Its name as the request has it; empty when it has none.
        film: The decoded frames.
        is_images: Whether it was sent as single pictures; tokens are counted otherwise for them.
    """

    camera: str
    film: Film
    is_images: bool = False


@dataclass(slots=True)
class Source:
    """One view as it was sent: the data URLs, and what the texts around them say.

    Attributes:
        camera: Name of the camera; empty when unknown.
        urls: One video, or one picture each.
        times: Time that stands before each picture, s; None where none does.
        is_video: Whether it is a video.
    """

    camera: str
    is_video: bool
    urls: list[str] = field(default_factory=list)
    times: list[float | None] = field(default_factory=list)

    @property
    def digest(self) -> bytes:
        """SHA-256 of all that decides how it decodes but the request's settings."""
        return hashlib.sha256("\0".join([self.camera, str(self.times), *self.urls]).encode()).digest()


def sources(request: ChatRequest) -> list[Source]:
    """Find the views of a request, in their order.

    Pictures that follow each other are one view. A text such as "Camera front:" names the view that follows it, and one
    such as "0.75 s:" the time of the picture that follows it.
    """
    found: list[Source] = []
    camera, time, fresh = "", None, True
    for part in _parts(request):
        if isinstance(part, TextPart):
            label = _CAMERA.fullmatch(part.text.strip())
            time = _time(part.text)
            camera = label["quoted"] or label["plain"] if label else camera
            fresh = fresh or time is None
            continue
        if fresh or isinstance(part, VideoPart) or found[-1].is_video:
            found.append(Source(camera, isinstance(part, VideoPart)))
            camera, fresh = "", False
        found[-1].urls.append(part.image_url.url if isinstance(part, ImagePart) else part.video_url.url)
        found[-1].times.append(time)
        time = None
    return found


def words(request: ChatRequest) -> tuple[str, str]:
    """The words of the system's and of the last user's message, without the labels of cameras and times."""
    system = [message.text for message in request.messages if message.role in ("system", "developer")]
    user = [message for message in request.messages if message.role == "user"][-1:]
    texts = [part.text for message in user for part in message.parts if isinstance(part, TextPart)]
    return "\n".join(system), "\n".join(text for text in texts if not _is_label(text))


def load(found: Sequence[Source], kwargs: VideoKwargs, settings: Settings) -> list[Footage]:
    """Decode the views.

    Raises:
        FrameError: Something cannot be decoded.
        InvalidRequest: Times do not fit the frames, or a limit is passed.
    """
    loaded: list[Footage] = []
    videos = 0
    for number, source in enumerate(found, 1):
        left = settings.max_frames - sum(len(footage.film.seconds) for footage in loaded)
        if source.is_video:
            loaded.append(_video(source, number, _indices(kwargs, videos), kwargs, settings, left))
            videos += 1
        else:
            loaded.append(_images(source, number, settings, left))
    return loaded


def _parts(request: ChatRequest) -> list[TextPart | ImagePart | VideoPart]:
    return [part for message in request.messages for part in message.parts]


def _time(text: str) -> float | None:
    match = _TIME.fullmatch(text.strip())
    return float(match[1]) if match else None


def _is_label(text: str) -> bool:
    return bool(_CAMERA.fullmatch(text.strip()) or _TIME.fullmatch(text.strip()))


def _indices(kwargs: VideoKwargs, video: int) -> list[float] | None:
    """The frame numbers of one video: a list for all, or the list that belongs to it."""
    lists = [entry for entry in kwargs.frames_indices or [] if isinstance(entry, list)]
    plain = [entry for entry in kwargs.frames_indices or [] if not isinstance(entry, list)]
    if lists and video >= len(lists):
        raise InvalidRequest(f"frames_indices: {len(lists)} lists, but more videos")
    return lists[video] if lists else plain or None


def _video(
    source: Source, number: int, indices: list[float] | None, kwargs: VideoKwargs, settings: Settings, left: int
) -> Footage:
    name = f"video {number}"
    mime, files = read_files(source.urls[0])
    if mime == "video/jpeg":
        _check_count(len(files), left, settings)
        times = _sequence_times(len(files), indices, kwargs.fps or settings.fps, name)
        film = _sequence(files, times, name, settings)
    else:
        film = read_film(files[0], name, kwargs.fps or settings.fps, left, settings)
    return Footage(source.camera, _thinned(film, kwargs.num_frames))


def _sequence_times(count: int, indices: list[float] | None, fps: float, name: str) -> list[float]:
    places = indices if indices is not None else [float(index) for index in range(count)]
    if len(places) != count:
        raise InvalidRequest(f"frames_indices: {len(places)} numbers for the {count} frames of {name}")
    return [place / fps for place in places]


def _images(source: Source, number: int, settings: Settings, left: int) -> Footage:
    _check_count(len(source.urls), left, settings)
    files = [_one_file(url) for url in source.urls]
    told = [time for time in source.times if time is not None]
    times = told if len(told) == len(files) else [index / settings.fps for index in range(len(files))]
    return Footage(source.camera, _sequence(files, times, f"picture of view {number}", settings), is_images=True)


def _one_file(url: str) -> bytes:
    mime, files = read_files(url)
    if not mime.startswith("image/") or len(files) != 1:
        raise InvalidRequest(f"image_url: one picture is needed, not {len(files)} of {mime}")
    return files[0]


def _sequence(files: list[bytes], seconds: list[float], name: str, settings: Settings) -> Film:
    if any(later <= earlier for earlier, later in pairwise(seconds)):
        raise InvalidRequest(f"{name}: the times of the frames must rise, got {seconds[:8]}")
    read = [read_picture(file, f"{name}, frame {index}", settings) for index, file in enumerate(files)]
    sizes = {size for _, size in read}
    if len(sizes) > 1:
        raise InvalidRequest(f"{name}: its frames have different sizes: {sorted(sizes)}")
    return Film(tuple(seconds), tuple(pixels for pixels, _ in read), read[0][1])


def _check_count(count: int, left: int, settings: Settings) -> None:
    if count > left:
        raise InvalidRequest(f"more than {settings.max_frames} frames in one request")


def _thinned(film: Film, at_most: int) -> Film:
    if at_most < 1 or len(film.seconds) <= at_most:
        return film
    chosen = [round(place) for place in np.linspace(0, len(film.seconds) - 1, at_most)]
    pictures: tuple[Bgr, ...] = tuple(film.pictures[index] for index in chosen)
    return Film(tuple(film.seconds[index] for index in chosen), pictures, film.size)
