"""Pictures of the clips of the last hour, as many of the newest as there is room for."""

__all__ = ["Pictures"]


class Pictures:
    """JPEG files by a name.

    Args:
        nbytes: What all take together.

    Attributes:
        nbytes: What all take together now.
    """

    def __init__(self, nbytes: int = 128_000_000) -> None:
        self.nbytes = 0
        self._room = nbytes
        self._kept: dict[str, bytes] = {}

    def add(self, name: str, jpeg: bytes) -> None:
        """Keep one; the oldest go, if need be. The newest stays however large it is."""
        self.nbytes += len(jpeg) - len(self._kept.pop(name, b""))
        self._kept[name] = jpeg
        while self.nbytes > self._room and len(self._kept) > 1:
            self.nbytes -= len(self._kept.pop(next(iter(self._kept))))

    def get(self, name: str) -> bytes | None:
        """One by its name."""
        return self._kept.get(name)

    def __len__(self) -> int:
        return len(self._kept)
