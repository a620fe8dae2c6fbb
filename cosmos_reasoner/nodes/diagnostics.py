"""How the node is, once a second on /diagnostics."""

import math
from collections import Counter
from collections.abc import Mapping

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType
from rclpy.lifecycle import LifecycleNode

from cosmos_reasoner.endpoints.breaker import BreakerState
from cosmos_reasoner.nodes.cameras import Cameras
from cosmos_reasoner.nodes.desk import Desk
from cosmos_reasoner.nodes.hindsight import Verifier
from cosmos_reasoner.nodes.periodic import Periodic
from cosmos_reasoner.reasoning.calibration import BINS
from cosmos_reasoner.reasoning.result import Status
from cosmos_reasoner.reasoning.visit import Route
from cosmos_reasoner.replies.defects import DefectKind

__all__ = ["Diagnostics"]

_PERIOD = 1.0

_AHEAD = 0.5
"""s by which a camera's clock may be ahead of the node's."""

_SCARCE = 0.1
"""Share of a quota below which people should know."""


class Diagnostics:
    """Publishes one status for each camera and each endpoint, and one each for answers, queue and hindsight.

    Args:
        node: Who publishes.
        cameras: What is heard.
        desk: What is asked and answered.
        periodic: What is asked again and again.
        verifier: What is asked once it is known.
    """

    def __init__(
        self, node: LifecycleNode, cameras: Cameras, desk: Desk, periodic: Periodic, verifier: Verifier
    ) -> None:
        self._node = node
        self._cameras = cameras
        self._desk = desk
        self._periodic = periodic
        self._verifier = verifier
        self._before: dict[str, Counter[str]] = {}
        self._refused = 0
        self._publisher = node.create_publisher(DiagnosticArray, "/diagnostics", 10)
        self._timer = node.create_timer(_PERIOD, self.publish, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def publish(self) -> None:
        """Publish how things are now."""
        message = DiagnosticArray()
        message.header.stamp = self._node.get_clock().now().to_msg()
        message.status = [*map(self._camera, self._desk.engine.rig.cameras), *self._endpoints()]
        message.status += [self._answers(), self._queue(), self._hindsight()]
        self._publisher.publish(message)

    def close(self) -> None:
        """Publish no more."""
        self._node.destroy_timer(self._timer)
        self._node.destroy_publisher(self._publisher)

    def _camera(self, name: str) -> DiagnosticStatus:
        counts, newest = self._cameras.counts(name), self._desk.engine.rig.newest(name)
        recent = counts - self._before.get(name, Counter())
        self._before[name] = counts
        age = (self._node.get_clock().now().nanoseconds - newest.stamp) / 1e9 if newest else math.nan
        level, text = self._health(name, recent, age)
        values = {"topic": self._cameras.topic(name), "age of newest frame [s]": f"{age:.3f}", **counts}
        return self._status(f"camera {name}", level, text, values)

    def _health(self, name: str, recent: "Counter[str]", age: float) -> tuple[bytes, str]:
        """How a camera was in the last second."""
        cameras, silence = self._cameras, self._cameras.silence(name)
        if silence > self._desk.settings.camera_timeout:
            level = DiagnosticStatus.STALE if cameras.counts(name)["received"] else DiagnosticStatus.ERROR
            topic = f"{cameras.topic(name)} ({cameras.publishers(name)} publishers)"
            return level, f"no message for {silence:.1f} s on {topic}"
        if recent["broken"]:
            return DiagnosticStatus.WARN, cameras.broken(name)
        if recent["no_stamp"]:
            return DiagnosticStatus.WARN, "frames without a stamp are not used: let the driver stamp them"
        if recent["over_bytes"]:
            return DiagnosticStatus.WARN, "buffer_megabytes is too small for buffer_seconds: clips are cut short"
        if age < -_AHEAD:
            return DiagnosticStatus.WARN, f"stamps are {-age:.1f} s ahead of the node's clock: synchronise the clocks"
        return DiagnosticStatus.OK, "frames arrive"

    def _endpoints(self) -> list[DiagnosticStatus]:
        routes = self._desk.engine.reasoner.failover.routes
        all_open = all(route.breaker.state is BreakerState.OPEN for route in routes)
        return [self._endpoint(index, route, all_open) for index, route in enumerate(routes, 1)]

    def _endpoint(self, index: int, route: Route, all_open: bool) -> DiagnosticStatus:
        breaker, quota = route.breaker, route.endpoint.quota
        values: dict[str, object] = {
            "profile": route.endpoint.profile.name,
            "url": route.endpoint.base_url,
            "breaker": breaker.state.value,
            "next try in [s]": f"{breaker.seconds_left:.1f}",
            "last error": breaker.reason,
        }
        level, text = DiagnosticStatus.OK, "may be asked"
        if quota is not None:
            left = {"left": quota.remaining, "left of the model's": quota.model_remaining}
            values |= {f"quota {name}": count for name, count in left.items() if count is not None}
            if quota.share is not None and quota.share < _SCARCE:
                level, text = DiagnosticStatus.WARN, f"{quota.share:.0%} of the quota left"
        if breaker.state is not BreakerState.CLOSED:
            level = DiagnosticStatus.ERROR if all_open else DiagnosticStatus.WARN
            text = f"{breaker.state.value}: {breaker.reason}"
        return self._status(f"endpoint {index} {route.endpoint.profile.name}", level, text, values)

    def _answers(self) -> DiagnosticStatus:
        desk, last = self._desk, self._desk.last_result
        level, text = DiagnosticStatus.OK, "no answer yet" if last is None else "answers"
        if desk.trouble:
            level, text = DiagnosticStatus.ERROR, desk.trouble
        elif last is not None and last.provenance.status is not Status.OK:
            level, text = DiagnosticStatus.WARN, f"{last.provenance.status.name}: {last.provenance.status_text}"
        elif last is not None and (changes := [x.text for x in last.defects if x.kind is DefectKind.CLIP_ALTERED]):
            level, text = DiagnosticStatus.WARN, changes[0]
        values: dict[str, object] = {**desk.counts, "max_result_age [s]": desk.settings.max_result_age}
        if last is not None:
            source = last.provenance
            values |= {
                "profile": source.profile,
                "model": source.model,
                "encode latency [s]": f"{source.latencies.encode:.3f}",
                "first token latency [s]": f"{source.latencies.first_token:.3f}",
                "total latency [s]": f"{source.latencies.total:.3f}",
            }
        return self._status("answers", level, text, values)

    def _queue(self) -> DiagnosticStatus:
        scheduler = self._desk.engine.scheduler
        level, text = DiagnosticStatus.OK, f"{scheduler.running} running, {scheduler.waiting} waiting"
        if scheduler.counts["refused"] > self._refused:
            level, text = DiagnosticStatus.WARN, f"{text}; requests were refused: the callers are too fast"
        self._refused = scheduler.counts["refused"]
        values: dict[str, object] = {**scheduler.counts, **self._periodic.counts}
        values["buffered bytes"] = self._desk.engine.rig.nbytes
        return self._status("queue", level, text, values)

    def _hindsight(self) -> DiagnosticStatus:
        verifier, calibration = self._verifier, self._verifier.calibration
        level, text = DiagnosticStatus.OK, f"{calibration.happened + calibration.did_not} outcomes verified"
        if verifier.why_off:
            text = verifier.why_off
        elif verifier.trouble:
            level, text = DiagnosticStatus.WARN, verifier.trouble
        scores = {"brier score": calibration.brier_score, "calibration error": calibration.calibration_error}
        values: dict[str, object] = {name: f"{score:.3f}" for name, score in scores.items() if score is not None}
        values |= {"happened": calibration.happened, "did not": calibration.did_not, "unclear": calibration.unclear}
        values |= {"waiting": verifier.waiting, "missed": calibration.missed}
        for index, entry in enumerate(calibration.bins):
            if entry.count:
                place = f"predicted with {index / BINS:.1f} to {(index + 1) / BINS:.1f}"
                values[place] = f"{entry.count}, of which {entry.happened:.0%} happened"
        return self._status("hindsight", level, text, values)

    def _status(self, part: str, level: bytes, text: str, values: Mapping[str, object]) -> DiagnosticStatus:
        pairs = [KeyValue(key=key, value=str(value)) for key, value in values.items()]
        name = f"{self._node.get_fully_qualified_name().lstrip('/')}: {part}"
        return DiagnosticStatus(level=level, name=name, message=text, hardware_id="cosmos_reasoner", values=pairs)
