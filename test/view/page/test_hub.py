"""What listeners of the page hear."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from view.page.kept import prediction, reasoning, verdict

from cosmos_reasoner.view.page.hub import OVERLAY, Hub

Event = tuple[str, Any]


def hear(do: Callable[[Hub], Awaitable[None] | None], watched: Callable[[bool], None] = lambda _: None) -> list[Event]:
    """All events of a listener who comes before something is done."""

    async def run() -> list[Event]:
        hub, heard = Hub(lambda: 0.0, watched), []
        listening = asyncio.ensure_future(take(hub, heard))
        await asyncio.sleep(0)
        if waiting := do(hub):
            await waiting
        for _ in range(2000):
            await asyncio.sleep(0)
        listening.cancel()
        await asyncio.wait({listening})
        assert heard.pop(0)[0] == "all"
        return heard

    return asyncio.run(run())


async def take(hub: Hub, heard: list[Event]) -> None:
    async for event in hub.listen():
        kind, data, *end = event.split("\n")
        assert end == ["", ""]
        heard.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))


def test_a_result_is_told_with_each_message_of_it() -> None:
    def predict(hub: Hub) -> None:
        hub.publish("reasoning", reasoning("one"))
        hub.publish("outcome", prediction("one"))

    (first, brief), (second, later) = hear(predict)
    assert (first, second, brief["hazard"], later["hazard"]) == ("moment", "moment", "", "low")


def test_a_verdict_of_hindsight_is_told_of_its_prediction_and_is_no_moment_of_its_own() -> None:
    def verify(hub: Hub) -> None:
        hub.publish("reasoning", reasoning("one"))
        hub.publish("outcome", prediction("one"))
        hub.publish("reasoning", reasoning("check", task="verify"))
        hub.publish("verdict", verdict("one"))
        assert [moment.id for moment in hub.moments] == ["one"]

    events = hear(verify)
    assert ("gone", "check") in events
    assert events[-1][1]["id"] == "one" and events[-1][1]["verdict"] == "happened"


def test_a_verdict_that_overtakes_its_own_reasoning_leaves_no_moment_either() -> None:
    def verify(hub: Hub) -> None:
        hub.publish("reasoning", reasoning("one"))
        hub.publish("verdict", verdict("one"))
        hub.publish("reasoning", reasoning("check", task="verify"))
        assert [moment.id for moment in hub.moments] == ["one"]

    hear(verify)


def test_what_is_forgotten_is_told() -> None:
    def fill(hub: Hub) -> None:
        for number in range(5):
            hub.publish("reasoning", reasoning(str(number), think="x" * 20_000_000))

    assert ("gone", "0") in hear(fill)


def test_a_result_without_a_clip_stands_at_the_time_at_which_it_came() -> None:
    def fail(hub: Hub) -> None:
        hub.tick(50.0, 0.0)
        hub.publish("reasoning", reasoning("one", end="0.000000000", status="failed"))

    assert hear(fail)[-1][1]["at"] == 50.0


def test_a_verdict_that_a_caller_asked_for_is_a_moment() -> None:
    def verify(hub: Hub) -> None:
        hub.publish("reasoning", reasoning("check", task="verify"))
        hub.publish("verdict", verdict("", name="check"))
        assert [moment.brief["text"] for moment in hub.moments] == ["happened"]

    hear(verify)


def test_what_is_being_written_is_told_and_not_kept() -> None:
    words = {"request_id": "one", "task": "ask", "part": "think", "text": "So"}
    assert hear(lambda hub: hub.publish("progress", words)) == [("progress", words)]


def test_who_comes_late_is_told_what_was() -> None:
    hub = Hub(lambda: 0.0)
    hub.publish("reasoning", reasoning("one"))
    hub.publish("hindsight", {"happened": 3})
    hub.diagnose("queue", {"level": "ok"})
    snapshot = hub.snapshot()
    assert [brief["id"] for brief in snapshot["moments"]] == ["one"]
    assert (snapshot["hindsight"], snapshot["diagnostics"]) == ({"happened": 3}, {"queue": {"level": "ok"}})


def test_a_listener_that_falls_behind_hears_all_again() -> None:
    def flood(hub: Hub) -> None:
        for number in range(10_000):
            hub.tick(float(number), 0.0)

    events = hear(flood)
    assert len(events) < 1000
    assert "all" in [kind for kind, _ in events]
    assert events[-1] == ("time", {"now": 9999.0, "silent": 0.0})


def test_it_says_when_the_first_listener_comes_and_when_the_last_is_gone() -> None:
    changes: list[bool] = []
    hear(lambda _: None, changes.append)
    assert changes == [True, False]


def test_the_newest_overlay_takes_the_place_of_the_one_before() -> None:
    def show(hub: Hub) -> None:
        hub.show(OVERLAY, b"one")
        hub.show(OVERLAY, b"two")
        assert (hub.overlay, len(hub.clips)) == (b"two", 0)

    assert hear(show) == [("picture", OVERLAY)] * 2
