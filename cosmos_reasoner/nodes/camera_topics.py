"""Camera topics as names, transports and remappings: what the launch files and the demo give the node."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.errors import ConfigurationError

__all__ = ["CameraTopics"]

_COMPRESSED = "/compressed"
_USUAL_ENDINGS = re.compile(r"/(image|image_raw|image_color|image_rect|image_rect_color)$")


@dataclass(frozen=True, slots=True)
class CameraTopics:
    """Cameras by their topics.

    Attributes:
        names: A name for each, made of its topic: "/front/image_raw/compressed" is "front".
        transports: "raw", or "compressed" for topics that end so.
        remappings: From the topics that the node knows them by to their real ones.
    """

    names: tuple[str, ...]
    transports: tuple[str, ...]
    remappings: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, topics: Sequence[str]) -> "CameraTopics":
        """Make names for topics.

        Raises:
            ConfigurationError: Two topics would have one name, or there is none.
        """
        names = tuple(_name(topic) for topic in topics)
        if not names or len(set(names)) < len(names):
            raise ConfigurationError(f"camera topics {list(topics)}: give at least one, and each only once")
        packed = [topic.endswith(_COMPRESSED) for topic in topics]
        heard = [f"{name}/image_raw{_COMPRESSED if compressed else ''}" for name, compressed in zip(names, packed)]
        return cls(
            names,
            tuple("compressed" if compressed else "raw" for compressed in packed),
            tuple(zip(heard, topics)),
        )


def _name(topic: str) -> str:
    base = topic.removesuffix(_COMPRESSED)
    base = _USUAL_ENDINGS.sub("", base) or base
    name = re.sub(r"\W+", "_", base, flags=re.ASCII).strip("_")
    return name if name[:1].isalpha() else f"camera_{name}".rstrip("_")
