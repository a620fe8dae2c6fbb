"""The live page in a browser, beside a real node."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import Open, is_too_wide, keep, needs_chromium, sync_api
from recorded import shared
from scripted_server import ScriptedServer, spoken

pytest.importorskip("rclpy", reason="needs ROS 2")
pytestmark = needs_chromium

from robot import Camera, active_reasoner  # noqa: E402
from ros_graph import Ros, claim_domain, domain_of  # noqa: E402

from cosmos_reasoner.embedded.serving import EmbeddedServer  # noqa: E402
from cosmos_reasoner.nodes.playback import Playback  # noqa: E402
from cosmos_reasoner.nodes.player import CameraPlayer  # noqa: E402
from cosmos_reasoner.nodes.reasoner_node import ReasonerNode  # noqa: E402
from cosmos_reasoner.recordings.open import open_recording  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
START = [sys.executable, "-c", "from cosmos_reasoner.cli.view import main; raise SystemExit(main())", "--port", "0"]
expect = sync_api.expect

TASKS = ["predict_outcome 0.5", "rank_actions 0.5"]
ACTIONS = ["wait: stand still", "go: drive on"]
HEARD = {f"/reasoner/{topic}" for topic in ("reasoning", "outcome", "action_ranking", "verdict", "clip/compressed")}
"""Topics that the page hears all the time."""

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202e\x1b[31m&amp; end"
OUTCOME = {"text": HOSTILE, "probability": 0.8, "hazard": "HIGH", "subject": None, "camera": None}


def hostile(body: Any) -> Any:
    """A reply that tries to be more than text."""
    asked = str(body["messages"])
    answer = json.dumps({"outcomes": [OUTCOME]}) if "What is likely to happen" in asked else "A"
    return spoken(f"<think>{HOSTILE}</think><answer>{answer}</answer>")


@dataclass
class Stage:
    """A robot, its reasoner, and the address of the page that shows it."""

    ros: Ros
    node: ReasonerNode
    address: str


def address_of(process: "subprocess.Popen[str]") -> str:
    """Where the page is served."""
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"shows /reasoner on (http://127\.0\.0\.1:\d+/)\n", line)
    assert match is not None, (line, process.stderr.read() if process.stderr else "")
    return match[1]


@contextmanager
def program(ros: Ros) -> Iterator[str]:
    """Run the page's program, and give its address."""
    environment = {
        **ros.environment,
        "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}",
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
    }
    with subprocess.Popen(START, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as page:
        try:
            yield address_of(page)
        finally:
            page.send_signal(signal.SIGINT)
            assert page.communicate(timeout=30) == ("", "")
            assert page.returncode == 0


@contextmanager
def staged(endpoint: str, **parameters: Any) -> Iterator[Stage]:
    """A reasoner beside a page that has found it."""
    with claim_domain() as lock, closing(Ros(domain_of(lock))) as ros:
        node = active_reasoner(ros, endpoint, **parameters)
        told = [each for each in node.publishers if each.topic_name in HEARD]
        with program(ros) as address:
            ros.wait_for(lambda: all(each.get_subscription_count() for each in told), what="the page")
            yield Stage(ros, node, address)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A robot that has seen a square on its way, and predicts and ranks."""
    with EmbeddedServer() as server, staged(server.url, periodic=TASKS, actions=ACTIONS, goal="go on") as stage:
        Camera(stage.ros, stage.node).film()
        stage.ros.wait_for(lambda: has_asked_everything(stage.node), what="the end of the periodic questions")
        yield stage


def has_asked_everything(node: ReasonerNode) -> bool:
    """Whether nothing is on its way any more, because nothing new is filmed."""
    scheduler = node.desk().engine.scheduler
    return node.periodic_counts["unchanged"] > 4 and not scheduler.running and not scheduler.waiting


def test_it_shows_footage_with_its_thinking_its_prediction_and_its_ranking(opened: Open, tmp_path: Path) -> None:
    with (
        EmbeddedServer() as server,
        staged(server.url, periodic=TASKS, actions=ACTIONS, goal="cross", transports=["compressed"]) as stage,
        open_recording(shared("videos/vtest.avi")) as recording,
    ):
        page = opened(stage.address)
        stage.ros.spin(CameraPlayer(recording, Playback(loop=True), context=stage.ros.context)).start()
        expect(page.locator("#freshness")).to_contain_text("seen", timeout=60_000)
        expect(page.locator("#outcomes .track")).not_to_have_count(0, timeout=30_000)
        expect(page.locator("#ranking .track")).to_have_count(2, timeout=30_000)
        expect(page.locator("#think")).not_to_be_empty()
        for picture in ("#film", "#overlay"):
            expect(page.locator(picture)).to_be_visible(timeout=30_000)
            assert page.locator(picture).evaluate("canvas => canvas.width") > 600
        keep(page, tmp_path / "view.png")
        page.close()


def test_a_question_gets_its_answer(opened: Open, stage: Stage) -> None:
    page = opened(stage.address)
    page.locator("#text").fill("Does anything move to the right?")
    page.locator("#options").fill("yes\nno")
    page.get_by_role("button", name="Ask").press("Enter")
    expect(page.locator("#said")).to_have_text("yes", timeout=30_000)


def test_actions_are_ranked_from_the_page(opened: Open, stage: Stage) -> None:
    page = opened(stage.address)
    page.get_by_label("What for").select_option("rank_actions")
    page.locator("#wanted").fill("come through")
    page.locator("#actions").fill("halt: stand still\nback: drive back\ngo: drive on")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#goal")).to_have_text("come through", timeout=30_000)
    expect(page.locator("#ranking .track")).to_have_count(3)


def test_an_error_is_said_in_its_own_words(opened: Open, stage: Stage) -> None:
    page = opened(stage.address)
    page.get_by_label("What for").select_option("rank_actions")
    page.locator("#actions").fill("halt: stand still")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#said")).to_contain_text("2", timeout=30_000)


def test_the_slider_goes_back_in_time_and_returns_by_the_keyboard(opened: Open, stage: Stage) -> None:
    page = opened(stage.address)
    slider = page.get_by_role("slider", name="Moment")
    expect(slider).to_be_enabled(timeout=30_000)
    slider.press("Home")
    expect(page.locator("#freshness")).to_contain_text("then:")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("predict_outcome|rank_actions"))
    page.get_by_role("button", name="Back to now").press("Enter")
    expect(page.locator("#freshness")).not_to_contain_text("then:")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scroll(opened: Open, stage: Stage, scheme: str, tmp_path: Path) -> None:
    page = opened(stage.address, width=360, color_scheme=scheme)
    expect(page.locator("#outcomes .track")).not_to_have_count(0, timeout=30_000)
    assert not is_too_wide(page)
    keep(page, tmp_path / f"view-phone-{scheme}.png")


def test_the_node_draws_and_tells_only_while_somebody_looks(browser: Any, stage: Stage) -> None:
    topics = ("/reasoner/overlay/compressed", "/reasoner/progress")

    def heard() -> list[int]:
        return [stage.node.count_subscribers(topic) for topic in topics]

    context = browser.new_context()
    context.new_page().goto(stage.address)
    stage.ros.wait_for(lambda: heard() == [1, 1], what="the page to listen")
    context.close()
    stage.ros.wait_for(lambda: heard() == [0, 0], what="the page to stop listening")


def test_hostile_text_stays_text_and_a_silent_reasoner_is_said_to_be_silent(opened: Open) -> None:
    actions = [f"{HOSTILE}: x", "go: drive on"]
    with (
        ScriptedServer([hostile] * 100) as server,
        staged(server.url, periodic=TASKS, actions=actions, goal="go on") as stage,
    ):
        page = opened(stage.address)
        Camera(stage.ros, stage.node).film()
        expect(page.locator("#outcomes .text")).to_have_text(HOSTILE, timeout=30_000)
        expect(page.locator("#think")).to_contain_text("<script>")
        page.locator("#text").fill(HOSTILE)
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#said")).to_have_text("A", timeout=30_000)
        assert page.locator("main :is(script, img[src='x'])").count() == 0
        stage.ros.transition(stage.node.trigger_deactivate)
        expect(page.locator("#freshness")).to_contain_text("the reasoner is silent", timeout=30_000)
        expect(page.locator("#overlay")).to_be_hidden()
        page.close()


def test_a_reasoner_that_is_not_there_is_said_to_be_missing(opened: Open) -> None:
    with claim_domain() as lock, closing(Ros(domain_of(lock))) as ros, program(ros) as address:
        page = opened(address)
        page.locator("#text").fill("What moves?")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#said")).to_contain_text("is not there: start the reasoner")
        page.close()


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [*START[:-1], str(taken.getsockname()[1])]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("cosmos-reasoner: cannot listen on 127.0.0.1:") and done.stderr.count("\n") == 1
