"""The next items of an iterator, prepared by a thread while the present one is used."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

__all__ = ["ReadAhead"]

_T = TypeVar("_T")


class ReadAhead(Generic[_T]):
    """Iterator over items that a thread makes in advance.

    What making an item raises, StopIteration included, is raised to the reader at the same place.

    Args:
        items: Only the thread touches it.
        depth: Items that wait at most.
    """

    def __init__(self, items: Iterable[_T], depth: int) -> None:
        self._ready: queue.Queue[_T | _Raised] = queue.Queue(depth)
        self._closed = False
        self._thread = threading.Thread(target=self._fill, args=(iter(items),), name="read ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[_T]:
        return self

    def __next__(self) -> _T:
        item = self._ready.get()
        if isinstance(item, _Raised):
            self._end_with(item)
            raise item.error
        return item

    def close(self) -> None:
        """End the thread, as soon as the item that it makes is done. Who waits for an item gets the end."""
        self._closed = True
        while self._thread.is_alive() or not self._ready.empty():
            # Whatever it waits to hand over is taken from it.
            with suppress(queue.Empty):
                self._ready.get(timeout=0.01)
        self._end_with(_Raised(StopIteration()))

    def _end_with(self, end: "_Raised") -> None:
        """Leave an end for the next who asks; where somebody has just left one, there is no room, and no need."""
        with suppress(queue.Full):
            self._ready.put_nowait(end)

    def _fill(self, items: Iterator[_T]) -> None:
        while not self._closed:
            try:
                self._ready.put(next(items))
            except Exception as error:  # noqa: BLE001  the reader gets it, be it only the end
                self._ready.put(_Raised(error))
                return


class _Raised:
    def __init__(self, error: Exception) -> None:
        self.error = error
