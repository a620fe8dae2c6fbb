"""Made films whose motion is known, for tests of the embedded endpoint."""

from collections.abc import Callable

import cv2
import numpy as np

from cosmos_reasoner.clips.frame import Bgr
from cosmos_reasoner.embedded.intake.footage import Footage
from cosmos_reasoner.embedded.intake.media import Film
from cosmos_reasoner.embedded.sight.facts import ViewFacts
from cosmos_reasoner.embedded.sight.scene import observe

WIDTH, HEIGHT = 320, 240
SECONDS = tuple(index / 4 for index in range(16))
"""Four seconds at 4 Hz, the last frame at 3.75 s."""

Paint = Callable[[float], Bgr]
"""Makes the picture of an instant, s."""


def texture(seed: int, width: int = WIDTH, height: int = HEIGHT, low: int = 70, high: int = 190) -> Bgr:
    """Grey clouds with enough structure to be tracked."""
    noise = np.random.default_rng(seed).random((height, width)).astype(np.float32)
    clouds = cv2.GaussianBlur(noise, (0, 0), 2.5)
    scaled = cv2.normalize(clouds, None, low, high, cv2.NORM_MINMAX)
    return np.repeat(scaled.astype(np.uint8)[..., None], 3, axis=2)


def tile(bgr: tuple[int, int, int], side: int = 80, seed: int = 7) -> Bgr:
    """A square of a colour, with a pattern."""
    shade = texture(seed, side, side, 140, 255)[..., :1].astype(np.float32) / 255
    return (shade * np.array(bgr, np.float32)).astype(np.uint8)


def put(ground: Bgr, thing: Bgr, x: float, y: float, side: float) -> Bgr:
    """Lay a square thing with its centre at x, y and sides of that length onto a picture, to fractions of a px."""
    scale = side / thing.shape[0]
    matrix = np.array([[scale, 0, x - side / 2], [0, scale, y - side / 2]])
    size = (ground.shape[1], ground.shape[0])
    mask = cv2.warpAffine(np.ones(thing.shape[:2], np.float32), matrix, size, flags=cv2.INTER_LINEAR)[..., None]
    smooth = cv2.GaussianBlur(thing, (0, 0), 0.5 / scale) if scale < 1 else thing
    laid = cv2.warpAffine(smooth, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return (ground * (1 - mask) + laid * mask).round().astype(np.uint8)


def seen_by(ground: Bgr, dx: float = 0.0, dy: float = 0.0, zoom: float = 1.0) -> Bgr:
    """The middle of a larger picture as a camera sees it that shifts it by dx, dy and zooms into it."""
    height, width = ground.shape[:2]
    matrix = np.array(
        [[zoom, 0, WIDTH / 2 - zoom * width / 2 + dx], [0, zoom, HEIGHT / 2 - zoom * height / 2 + dy]], np.float64
    )
    return np.asarray(cv2.warpAffine(ground, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR), np.uint8)


def noisy(picture: Bgr, sigma: float, seed: int) -> Bgr:
    """Add the noise of a sensor."""
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def watched(paint: Paint, seconds: tuple[float, ...] = SECONDS, camera: str = "") -> ViewFacts:
    """What the endpoint measures in a film."""
    pictures = tuple(paint(second) for second in seconds)
    height, width = pictures[0].shape[:2]
    return observe([Footage(camera, Film(seconds, pictures, (width, height)))]).views[0]
