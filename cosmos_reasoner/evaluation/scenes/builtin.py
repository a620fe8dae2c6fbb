"""The scenes of the package: simulated, filmed and asked about."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.scenes import approach, crossing, edge, occlusion, tower
from cosmos_reasoner.evaluation.scenes.arena import physics
from cosmos_reasoner.evaluation.scenes.asked import Asked, Interval
from cosmos_reasoner.evaluation.scenes.film import film
from cosmos_reasoner.evaluation.scenes.lettering import lettered, place_count, places
from cosmos_reasoner.evaluation.scenes.scene import Scene, film_end
from cosmos_reasoner.evaluation.scenes.split import Split, seeds

__all__ = ["KINDS", "VERSION", "Split", "draw_scenes", "items_of", "make_scenes"]

VERSION = 1
"""Of the scenes; another one for every change of what is simulated, painted or asked, as scores can then not be
compared."""

_Draw = Callable[[int], Scene | None]


def _wanted(draw: Callable[[int, Any], Scene | None], each: tuple[Any, ...]) -> tuple[_Draw, ...]:
    return tuple(partial(_drawn, draw, wanted) for wanted in each)


def _drawn(draw: Callable[[int, Any], Scene | None], wanted: Any, seed: int) -> Scene | None:
    return draw(seed, wanted)


KINDS: dict[str, tuple[_Draw, ...]] = {
    "edge": _wanted(edge.draw, edge.WANTED),
    "tower": _wanted(tower.draw, tower.WANTED),
    "crossing": _wanted(crossing.draw, crossing.WANTED),
    "occlusion": _wanted(occlusion.draw, occlusion.WANTED),
    "approach": _wanted(approach.draw, approach.WANTED),
}
"""What each kind of scene is drawn with, one function a scene, from a seed."""


def make_scenes(folder: Path, split: Split = Split.TEST) -> Labels:
    """Simulate and film the scenes of a split, and ask about them; videos that are there already are left alone.

    Args:
        folder: Where the videos are or shall be.
        split: Which scenes.

    Raises:
        ConfigurationError: pymunk is not installed, or the folder cannot be written.
    """
    physics()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"the folder for scenes {folder} cannot be made: {error}") from error
    items = [_made(folder, split, kind) for kind in KINDS]
    return Labels(tuple(chain.from_iterable(items)), ())


def draw_scenes(split: Split, kind: str) -> list[Scene]:
    """Simulate all scenes of a kind.

    Raises:
        ConfigurationError: pymunk is not installed, or simulates other than it should, so that a scene is not found.
    """
    number = list(KINDS).index(kind)
    return [_first(draw, seeds(split, number, scene), kind) for scene, draw in enumerate(KINDS[kind])]


def items_of(scenes: list[Scene], folder: Path, split: Split, kind: str) -> list[Item]:
    """Ask about all scenes of a kind, whose videos are in a folder."""
    alike: defaultdict[tuple[str, int], list[tuple[int, Asked]]] = defaultdict(list)
    for number, scene in enumerate(scenes):
        for asked in scene.asked:
            alike[asked.name, place_count(asked)].append((number, asked))
    items = []
    for (name, count), questions in alike.items():
        random = Random(f"{split.value} {kind} {name}")
        for (number, asked), place in zip(questions, places(random, count, len(questions))):
            path = _path(folder, split, kind, number)
            items.append(_item(scenes[number], path, kind, asked, place, random))
    return sorted(items, key=lambda item: item.recording.name)


def _made(folder: Path, split: Split, kind: str) -> list[Item]:
    scenes = draw_scenes(split, kind)
    for number, scene in enumerate(scenes):
        film(scene, _path(folder, split, kind, number))
    return items_of(scenes, folder, split, kind)


def _first(draw: _Draw, tries: range, kind: str) -> Scene:
    for seed in tries:
        scene = draw(seed)
        if scene is not None:
            return scene
    raise ConfigurationError(
        f"no scene of the kind {kind!r} in {len(tries)} draws from seed {tries[0]}: this pymunk simulates otherwise "
        "than the one that the scenes are made for; pip install cosmos-reasoner[scenes] gets that one"
    )


def _path(folder: Path, split: Split, kind: str, number: int) -> Path:
    return folder / f"{split.value}_{kind}_{number:02d}.mp4"


def _item(scene: Scene, path: Path, kind: str, asked: Asked, place: int, random: Random) -> Item:
    question, truth = lettered(asked, place, random)
    end = film_end(scene.frames) if isinstance(asked, Interval) else scene.moment
    name = f"scenes/{kind}/{asked.name}"
    return Item(f"{path.stem} {asked.name}", name, path, 0.0, round(end, 3), (), question, truth)
