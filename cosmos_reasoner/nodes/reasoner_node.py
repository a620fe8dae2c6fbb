"""The node `reasoner`: cameras in, predictions and rankings out."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.doctor.glance import glance
from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.errors import CosmosReasonerError, EndpointError, NotActive
from cosmos_reasoner.nodes.bridge import LoopThread
from cosmos_reasoner.nodes.cameras import Cameras
from cosmos_reasoner.nodes.desk import Desk
from cosmos_reasoner.nodes.diagnostics import Diagnostics
from cosmos_reasoner.nodes.hindsight import Verifier
from cosmos_reasoner.nodes.live import Live
from cosmos_reasoner.nodes.overlay import Overlay
from cosmos_reasoner.nodes.parameters import Parameters
from cosmos_reasoner.nodes.periodic import Periodic
from cosmos_reasoner.nodes.publishers import Publishers
from cosmos_reasoner.nodes.reason_action import ReasonAction
from cosmos_reasoner.nodes.requests import of_periodic
from cosmos_reasoner.nodes.services import Services
from cosmos_reasoner.nodes.settings import Settings
from cosmos_reasoner.reasoning.engine import Engine
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.scheduler import Scheduler
from cosmos_reasoner.tasks.library import TaskLibrary

__all__ = ["ReasonerNode"]

_WAY_BACK = 0.03
"""s that a result may take through the executor and ROS on a busy machine of two cores; mostly it is a third."""

_ENCODERS = 2
"""Threads that encode clips."""


class ReasonerNode(LifecycleNode):
    """Buffers camera frames into clips, asks an endpoint about them, and publishes what it answers.

    Configured, it has read its files and its keys; active, it hears its cameras and answers. Services and the action
    are there in every state.
    """

    def __init__(self, **options: Any) -> None:
        self._configured: _Configured | None = None
        self._active: _Active | None = None
        self._reason_action: ReasonAction | None = None  # rclpy may destroy a node that is not complete
        super().__init__("reasoner", **options)
        self._declared = Parameters(self, self._check_settings, self._settings_changed)
        self._offered = Services(self, self.desk)
        self._reason_action = ReasonAction(self, self.desk)

    @property
    def settings(self) -> Settings:
        """The settings of the moment."""
        return self._declared.settings

    def desk(self) -> Desk:
        """Where questions are brought.

        Raises:
            NotActive: The node is not in its active state.
        """
        if self._active is None or self._configured is None:
            raise NotActive("the node is not active: configure and activate it first")
        return self._configured.desk

    @property
    def periodic_counts(self) -> Counter[str]:
        """What became of the periodic questions since the last activation."""
        return self._active.periodic.counts if self._active else Counter()

    def camera_counts(self, name: str) -> Counter[str]:
        """What became of a camera's messages since the last activation."""
        return self._active.cameras.counts(name) if self._active else Counter()

    def start(self) -> None:
        """Configure and activate, if the parameter `autostart` says so."""
        if self.settings.autostart and self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
            self.trigger_activate()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Read profiles, keys and tasks."""
        try:
            configured = _Configured(self)
        except CosmosReasonerError as error:
            self.get_logger().error(str(error))
            return TransitionCallbackReturn.FAILURE
        self._configured = configured
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Hear the cameras and answer."""
        done = super().on_activate(state)
        try:
            if self._configured:
                self._active = _Active(self, self._configured)
        except Exception as error:
            if self.context.ok():
                self.get_logger().error(f"cannot be activated: {type(error).__name__}: {error}")
            raise
        return done

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Hear and answer no more; what is on its way is cancelled."""
        self._rest()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Forget everything that was read."""
        self._forget()
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """End, from whatever state."""
        self._rest()
        self._forget()
        return super().on_shutdown(state)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Forget everything after a transition that failed half-way; it can be tried again from the beginning."""
        self._rest()
        self._forget()
        return super().on_error(state)

    def destroy_node(self) -> None:
        """End, whether or not a transition came before."""
        self._rest()
        self._forget()
        if self._reason_action:
            self._reason_action.close()
        super().destroy_node()

    def _rest(self) -> None:
        if self._active:
            self._active.close()
            self._active = None

    def _forget(self) -> None:
        if self._configured:
            self._configured.close()
            self._configured = None

    def _check_settings(self, settings: Settings) -> None:
        if self._configured:
            self._configured.check_periodic(settings)

    def _settings_changed(self, before: Settings, after: Settings) -> None:
        if self._active and before.periodic != after.periodic:
            self._active.periodic.schedule()
        if self._configured and not after.hindsight:
            self._configured.verifier.forget()


class _Configured:
    """What exists from configure to cleanup."""

    def __init__(self, node: ReasonerNode) -> None:
        settings = node.settings
        clients = [spec.client() for spec in settings.endpoints]
        verifying = [spec.client() for spec in settings.verifying_endpoints]
        self._clients = [*clients, *verifying]
        if settings.concurrency:
            clients[0].profile = clients[0].profile.model_copy(update={"concurrency": settings.concurrency})
        profile = clients[0].profile
        tasks = TaskLibrary.load(Path(settings.task_directory).expanduser() if settings.task_directory else None)
        self._pool = ThreadPoolExecutor(_ENCODERS, thread_name_prefix="encode")
        self._loop = LoopThread()
        self._publishers = Publishers(node, lambda: node.settings.max_result_age)
        self._live = Live(node, self._loop)
        rig = CameraRig(
            settings.cameras, settings.sample_rate, settings.buffer_seconds, settings.buffer_megabytes * 1_000_000
        )
        scheduler = Scheduler(profile.concurrency, settings.queue_size)
        self._reasoner = Reasoner(clients, tasks, settings.orderings, self._pool, method=settings.ranking_method)
        engine = Engine(rig, self._reasoner, scheduler, _WAY_BACK)
        same = {client.base_url for client in verifying} & {client.base_url for client in clients}
        turns = scheduler if same else Scheduler(1, 0)  # another server may verify while this one is busy
        judge = Engine(rig, Reasoner(verifying, tasks, pool=self._pool), turns) if verifying else engine
        self.verifier = Verifier(node, judge, self._loop, self._publishers, lambda: node.settings)
        self.desk = Desk(
            node, engine, profile, self._loop, self._live, self._publishers, lambda: node.settings, self.verifier.expect
        )
        names = [route.name for route in self._reasoner.failover.routes]
        node.get_logger().info(f"asks {names[0]}" + "".join(f", else {name}" for name in names[1:]))
        if verifying:
            node.get_logger().info(f"has predictions verified by {judge.reasoner.failover.answering.name}")

        try:
            self.check_periodic(settings)
        except CosmosReasonerError:
            self.close()
            raise

    def check_periodic(self, settings: Settings) -> None:
        """Refuse periodic tasks that do not exist or lack what they need."""
        for name in settings.periods:
            self._reasoner.check(of_periodic(name, settings))

    def look_at_endpoints(self, node: ReasonerNode) -> None:
        """Log in a line each what serves at the endpoints, as soon as they say it; nobody waits for them."""
        for client in self._clients:
            self._loop.submit(_look_at(client, node))

    def close(self) -> None:
        self.verifier.close()
        self._loop.stop(last=self._close_clients())
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._live.close()
        self._publishers.close()

    async def _close_clients(self) -> None:
        for client in self._clients:
            await client.close()


class _Active:
    """What exists from activate to deactivate."""

    def __init__(self, node: ReasonerNode, configured: _Configured) -> None:
        settings, desk = node.settings, configured.desk
        desk.engine.rig.flush()
        desk.is_open = True
        configured.look_at_endpoints(node)
        self._desk = desk
        self.cameras = Cameras(node, settings.transport_of, desk.engine.rig, settings.sample_rate, time.monotonic)
        self.periodic = Periodic(node, desk)
        self._verifier = configured.verifier
        self._verifier.open()
        self._overlay = Overlay(node, desk, 1 / settings.sample_rate)
        self._diagnostics = Diagnostics(node, self.cameras, desk, self.periodic, self._verifier)

    def close(self) -> None:
        self._diagnostics.close()
        self._overlay.close()
        self._verifier.close()
        self.periodic.close()
        self.cameras.close()
        self._desk.close()


async def _look_at(client: EndpointClient, node: ReasonerNode) -> None:
    try:
        node.get_logger().info(str(await glance(client)))
    except EndpointError as error:
        node.get_logger().warning(str(error))
