"""Items made in advance by a thread."""

import sys
import threading
from collections.abc import Iterator
from itertools import count

import pytest

from cosmos_reasoner.recordings.read_ahead import ReadAhead


def test_all_items_come_in_order_and_the_end_stays_the_end() -> None:
    items = ReadAhead(range(100), 3)
    assert list(items) == list(range(100))
    assert list(items) == []
    items.close()


def test_an_error_comes_after_the_items_before_it() -> None:
    def failing() -> Iterator[int]:
        yield from (1, 2)
        raise OSError("the disk is gone")

    items = ReadAhead(failing(), 4)
    assert (next(items), next(items)) == (1, 2)
    with pytest.raises(OSError, match="the disk is gone"):
        next(items)
    items.close()


def test_no_more_than_the_depth_is_made_in_advance() -> None:
    made = []
    asked = threading.Semaphore(0)

    def items() -> Iterator[int]:
        for i in count():
            made.append(i)
            asked.release()
            yield i

    ahead = ReadAhead(items(), 2)
    for _ in range(3):
        assert asked.acquire(timeout=10)
    assert not asked.acquire(timeout=0.05)
    assert made == [0, 1, 2]
    ahead.close()


def test_closing_ends_the_thread_whether_it_waits_or_not() -> None:
    before = threading.active_count()
    for depth in (1, 5):
        ahead = ReadAhead(count(), depth)
        assert next(ahead) == 0
        ahead.close()
        ahead.close()
    assert threading.active_count() == before


def test_closing_gives_the_end_to_whoever_waits_for_an_item() -> None:
    made, gate = threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        made.set()
        gate.wait(10)
        yield 1

    ahead = ReadAhead(items(), 1)
    ended: list[object] = []
    waiting = [threading.Thread(target=lambda: ended.append(next(ahead, None))) for _ in range(3)]
    for reader in waiting:
        reader.start()
    assert made.wait(10)
    closing = threading.Thread(target=ahead.close)
    closing.start()
    gate.set()
    for thread in (closing, *waiting):
        thread.join(10)
    assert not any(thread.is_alive() for thread in (closing, *waiting))
    assert len(ended) == 3


@pytest.fixture
def nervous() -> Iterator[None]:
    """Threads take turns so often that whatever can happen between two lines happens."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("nervous")
def test_readers_at_the_end_and_a_close_at_the_same_time_hinder_nobody() -> None:
    for _ in range(500):
        ahead = ReadAhead(range(1), 1)
        threads = [threading.Thread(target=list, args=(ahead,), daemon=True) for _ in range(3)]
        threads.append(threading.Thread(target=ahead.close, daemon=True))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in threads)
