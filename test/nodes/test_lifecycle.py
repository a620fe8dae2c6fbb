"""The reasoner's states: what each transition does, and how it fails."""

import pytest
from lifecycle_msgs.msg import State
from lifecycle_msgs.srv import ChangeState, GetState
from rclpy.lifecycle import TransitionCallbackReturn
from robot import Camera, active_reasoner, reasoner

from cosmos_reasoner.embedded.serving import EmbeddedServer
from cosmos_reasoner.errors import NotActive

CONFIGURE, CLEANUP, ACTIVATE, DEACTIVATE = 1, 2, 3, 4
SHUTDOWN_FROM_ACTIVE = 7


@pytest.fixture(scope="module")
def endpoint():
    with EmbeddedServer() as server:
        yield server.url


class Manager:
    """A lifecycle manager: it sees the node from outside only."""

    def __init__(self, ros) -> None:
        node = ros.node("manager")
        self._ros = ros
        self._change = node.create_client(ChangeState, "/reasoner/change_state")
        self._state = node.create_client(GetState, "/reasoner/get_state")
        assert self._change.wait_for_service(10.0) and self._state.wait_for_service(10.0)

    def change(self, transition: int) -> bool:
        request = ChangeState.Request()
        request.transition.id = transition
        return self._ros.result(self._change.call_async(request)).success

    @property
    def state(self) -> int:
        return self._ros.result(self._state.call_async(GetState.Request())).current_state.id


def test_a_manager_takes_the_node_through_all_its_states_twice(ros, endpoint) -> None:
    reasoner(ros, endpoint)
    manager = Manager(ros)
    for _ in range(2):
        assert manager.change(CONFIGURE) and manager.state == State.PRIMARY_STATE_INACTIVE
        assert manager.change(ACTIVATE) and manager.state == State.PRIMARY_STATE_ACTIVE
        assert manager.change(DEACTIVATE) and manager.state == State.PRIMARY_STATE_INACTIVE
        assert manager.change(CLEANUP) and manager.state == State.PRIMARY_STATE_UNCONFIGURED


def test_autostart_needs_no_manager(ros, endpoint) -> None:
    active_reasoner(ros, endpoint)
    assert Manager(ros).state == State.PRIMARY_STATE_ACTIVE


def test_an_inactive_node_hears_no_camera(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    camera = Camera(ros, node)
    assert Manager(ros).change(DEACTIVATE)
    ros.wait_for(lambda: camera.publisher.get_subscription_count() == 0, what="the subscription to end")
    with pytest.raises(NotActive):
        node.desk()


def test_frames_from_before_a_rest_are_forgotten(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    Camera(ros, node).film(4)
    manager = Manager(ros)
    assert manager.change(DEACTIVATE) and manager.change(ACTIVATE)
    assert node.desk().engine.rig.newest_stamp() == 0


def test_shutdown_from_active_ends_everything(ros, endpoint) -> None:
    node = active_reasoner(ros, endpoint)
    manager = Manager(ros)
    assert manager.change(SHUTDOWN_FROM_ACTIVE)
    assert manager.state == State.PRIMARY_STATE_FINALIZED
    with pytest.raises(NotActive):
        node.desk()


@pytest.mark.parametrize(
    "parameters",
    [
        {"profile": "no_such_profile"},
        {"profile": "/no/such/file.yaml"},
        {"task_directory": "/no/such/folder"},
        {"key_env": "NO_SUCH_VARIABLE_HERE"},
        {"key_file": "/no/such/key"},
        {"periodic": ["no_such_task 1.0"]},
        {"periodic": ["rank_actions 1.0"], "goal": "g"},
    ],
    ids="-".join,
)
def test_a_node_that_cannot_be_configured_stays_unconfigured_and_can_try_again(ros, endpoint, parameters) -> None:
    node = reasoner(ros, endpoint, **parameters)
    assert ros.transition(node.trigger_configure) == TransitionCallbackReturn.FAILURE
    manager = Manager(ros)
    assert manager.state == State.PRIMARY_STATE_UNCONFIGURED
    assert not manager.change(CONFIGURE)


def test_an_activation_that_fails_half_way_leaves_nothing_behind_and_can_be_tried_again(ros, endpoint) -> None:
    node = reasoner(ros, endpoint)
    assert ros.transition(node.trigger_configure) == TransitionCallbackReturn.SUCCESS
    create = node.create_subscription
    node.create_subscription = lambda *_, **__: 1 / 0
    assert ros.transition(node.trigger_activate) == TransitionCallbackReturn.ERROR
    manager = Manager(ros)
    assert manager.state == State.PRIMARY_STATE_UNCONFIGURED
    node.create_subscription = create
    assert manager.change(CONFIGURE)
    assert manager.change(ACTIVATE)


def test_a_node_can_be_configured_without_its_endpoint_running(ros) -> None:
    node = reasoner(ros, "http://127.0.0.1:9/v1")
    assert ros.transition(node.trigger_configure) == TransitionCallbackReturn.SUCCESS
