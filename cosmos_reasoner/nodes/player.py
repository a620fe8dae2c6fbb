"""A recording, published as if its cameras were there."""

import time
from collections.abc import Callable, Iterator
from itertools import chain
from threading import Event, Thread
from typing import Any, NamedTuple

from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.task import Future
from rosgraph_msgs.msg import Clock

from cosmos_reasoner.clips.frame import Frame
from cosmos_reasoner.errors import FrameError
from cosmos_reasoner.nodes.images import time_from_stamp
from cosmos_reasoner.nodes.outlets import Outlets, reliable_qos
from cosmos_reasoner.nodes.pace import Pace
from cosmos_reasoner.nodes.passes import passes
from cosmos_reasoner.nodes.playback import Playback, Summary
from cosmos_reasoner.recordings.read_ahead import ReadAhead
from cosmos_reasoner.recordings.recording import VIDEO, Recording

__all__ = ["CLOCK_PERIOD", "LATE", "CameraPlayer"]

CLOCK_PERIOD = 20_000_000
"""ns from one /clock to the next, if no frame comes between."""

LATE = 20_000_000
"""ns after its time from which a frame counts as late."""

_READ_AHEAD = 4
_SUBSCRIBER_POLL = 50_000_000
_ACKNOWLEDGE = Duration(seconds=1)

_MOST_BACK = 1_000_000_000
_MOST_AHEAD = 600_000_000_000
"""ns. Stamps of several cameras come somewhat out of order, and recordings may pause; but a step beyond these is a
clock that somebody set, as a robot's does when it finds the network. Then playing goes on from there at once."""


class _Entry(NamedTuple):
    """What is published at one time of the recording."""

    time: int
    is_frame: bool
    messages: list[tuple[Publisher, Any]]


class CameraPlayer(Node):
    """Publishes a recording's cameras; reading, decoding and encoding happen ahead of time in a thread.

    After `start`, `finished` is done at the end of the recording, with a `Summary` or with the error that ended it.
    Destroying the node stops it.

    Args:
        recording: What to play; the player does not close it.
        playback: How.
        monotonic: Clock that paces, ns.
        now: Clock for stamps that are shifted to the present, ns since the epoch.
        options: Passed to `Node`.
    """

    def __init__(
        self,
        recording: Recording,
        playback: Playback,
        *,
        monotonic: Callable[[], int] = time.monotonic_ns,
        now: Callable[[], int] = time.time_ns,
        **options: Any,
    ) -> None:
        # First of all: a shutdown destroys the node, even one that is not complete.
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="camera player", daemon=True)
        super().__init__("camera_player", **options)
        self.finished = Future()
        self._recording = recording
        self._playback = playback
        self._monotonic = monotonic
        self._now = now
        self._outlets = Outlets(self, playback.tracks(recording), playback.transport)
        self._clock = self.create_publisher(Clock, "/clock", reliable_qos()) if playback.clock else None
        self._frames = self._late = self._broken = 0

    @property
    def topics(self) -> list[str]:
        """Picture topics, as remapped."""
        return [publisher.topic_name for publisher in self._outlets.pictures]

    @property
    def summary(self) -> Summary:
        """What was played so far."""
        return Summary(self._frames, self._late, self._broken + self._recording.skipped)

    def start(self) -> None:
        """Begin to play."""
        self._thread.start()

    def destroy_node(self) -> None:
        """Stop playing and destroy the node."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        super().destroy_node()

    def _run(self) -> None:
        try:
            self._play()
        except Exception as error:  # noqa: BLE001  it belongs to whoever waits for `finished`
            # A shutdown, which takes the publishers away under the thread, is an ordinary end.
            if self.context.ok():
                self.finished.set_exception(error)
                return
        self.finished.set_result(self.summary)

    def _play(self) -> None:
        entries = ReadAhead(self._entries(), _READ_AHEAD)
        try:
            first = next(entries)
            if self._playback.wait_for_subscribers and not self._await_subscribers(first.time):
                return
            pace, shift = self._pace(first.time), self._shift(first.time)
            due = first.time
            for entry in chain([first], entries):
                if -_MOST_BACK < entry.time - due < _MOST_AHEAD:
                    due = max(due, entry.time)
                else:
                    pace, due = self._pace(entry.time), entry.time
                if not self._wait(pace, due, shift):
                    return
                self._publish(entry, shift, pace.until(due) < -LATE)
        finally:
            entries.close()
        self._outlets.flush(_ACKNOWLEDGE)

    def _entries(self) -> Iterator[_Entry]:
        """Make the messages; runs in the thread that reads ahead."""
        for when, sample in passes(self._recording, self._playback):
            try:
                yield _Entry(when, isinstance(sample, Frame), self._outlets.messages(sample))
            except FrameError as error:
                self._broken += 1
                self.get_logger().warning(str(error), once=True)
                yield _Entry(when, False, [])

    def _await_subscribers(self, begin: int) -> bool:
        """Wait for a subscriber of every picture topic, with the clock standing; False when stopped."""
        while not self._outlets.all_subscribed():
            self._publish_clock(begin + self._shift(begin))
            if self._stopped.wait(_SUBSCRIBER_POLL / 1e9):
                return False
        return True

    def _pace(self, begin: int) -> Pace:
        return Pace(begin, self._playback.rate, self._monotonic)

    def _shift(self, begin: int) -> int:
        """What is added to stamps, when `begin` is played now."""
        is_video = all(track.type == VIDEO for track in self._recording.cameras)
        stamp = self._playback.stamp or ("now" if is_video else "recorded")
        return self._now() - begin if stamp == "now" else 0

    def _wait(self, pace: Pace, until: int, shift: int) -> bool:
        """Wait for a time of the recording; False when stopped."""
        while (rest := pace.until(until)) > 0:
            self._publish_clock(pace.position + shift)
            if self._stopped.wait((min(rest, CLOCK_PERIOD) if self._clock else rest) / 1e9):
                return False
        self._publish_clock(pace.position + shift)
        return not self._stopped.is_set()

    def _publish(self, entry: _Entry, shift: int, late: bool) -> None:
        stamp = time_from_stamp(entry.time + shift)
        for publisher, message in entry.messages:
            message.header.stamp = stamp
            publisher.publish(message)
        self._frames += entry.is_frame
        self._late += entry.is_frame and late

    def _publish_clock(self, stamp: int) -> None:
        if self._clock:
            self._clock.publish(Clock(clock=time_from_stamp(stamp)))
