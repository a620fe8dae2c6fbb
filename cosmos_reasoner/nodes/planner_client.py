"""Asking a reasoner from a planner, in two lines.

client = PlannerClient(node)
ranking = await client.rank({"wait": "stand still", "go": "drive on"}, "reach the door", budget=1.0)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Event, Lock
from time import monotonic
from traceback import walk_stack
from typing import Any

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.qos import QoSProfile, QoSReliabilityPolicy
from rclpy.task import Future

from cosmos_reasoner.errors import Cancelled, CosmosReasonerError, InvalidRequest, NotActive, TimeBudgetExceeded
from cosmos_reasoner.nodes.error_codes import ERROR_CODES
from cosmos_reasoner.tasks.task import Action
from cosmos_reasoner_msgs.msg import ActionCandidate, ClipWindow
from cosmos_reasoner_msgs.srv import Ask, PredictOutcome, RankActions, Verify

__all__ = ["Call", "PlannerClient"]

_NAMES = {Ask: "ask", PredictOutcome: "predict_outcome", RankActions: "rank_actions", Verify: "verify"}
_QOS = QoSProfile(depth=2048, reliability=QoSReliabilityPolicy.RELIABLE)
"""As the reasoner's own (`services.CALLS`, which a planner need not load), so that a burst of calls loses no answer."""

_LOOK = 0.05
"""s between two looks at the calls on their way: whether the service is there now, and whether they are too late."""

_LONGEST = 86400.0
"""s of the longest budget, and of the farthest horizon."""

_MOST_OUTCOMES = 255
"""What PredictOutcome.srv has room for."""

_ERRORS = {code: kind for kind, code in reversed(ERROR_CODES.items())}
"""The error of each code: the first that has it."""


class Call(Future):
    """A call on its way: `await` it, or ask `done()` and then `exception()` and `result()`, or `cancel()` it.

    Args:
        client: Of which service.
        request: What is asked.
        part: Makes the result of the response.
        end_of_budget: When the reasoner's time is up, s of `time.monotonic`.
        deadline: When the call ends at the latest, s of the same.
    """

    def __init__(
        self, client: Any, request: Any, part: Callable[[Any], Any], end_of_budget: float, deadline: float
    ) -> None:
        super().__init__()
        self.deadline = deadline
        self._client = client
        self._request = request
        self._part = part
        self._end_of_budget = end_of_budget
        self._sent: Future | None = None
        self._lock_of_call = Lock()
        self._settled = False

    def look(self) -> None:
        """Send it if the service is there, with the time that is left; give up if it is too late."""
        try:
            if monotonic() >= self.deadline:
                self._settle(error=self._why_late())
            elif self._send():
                self._sent.add_done_callback(self._take)
        except Exception as error:  # noqa: BLE001  it is this call's, and must not end the executor and all others
            self._settle(error=error)

    def cancel(self) -> None:
        """Drop the call: it ends in `Cancelled`, and nobody hears what the reasoner says."""
        self._settle(error=Cancelled("the caller dropped the call"))
        self.exception()  # so that rclpy does not complain when nobody asks

    def _send(self) -> bool:
        with self._lock_of_call:
            left = round(1000 * (self._end_of_budget - monotonic()))
            if self._sent or self._settled or left <= 0 or not self._client.service_is_ready():
                return False
            self._request.time_budget = Duration(nanoseconds=left * 1_000_000).to_msg()
            self._sent = self._client.call_async(self._request)
            return True

    def _take(self, sent: Future) -> None:
        response = sent.result()
        if response.error_code:
            kind = _ERRORS.get(response.error_code, CosmosReasonerError)
            self._settle(error=kind(response.error_message))
        else:
            self._settle(self._part(response))

    def _settle(self, result: Any = None, error: Exception | None = None) -> None:
        """End, once: rclpy would let a response overwrite what was already said."""
        with self._lock_of_call:
            if self._settled:
                return
            self._settled = True
        if self._sent and not self._sent.done():
            self._client.remove_pending_request(self._sent)
        if error is not None:
            self.set_exception(error)
        else:
            self.set_result(result)

    def _why_late(self) -> CosmosReasonerError:
        name = self._client.srv_name
        if not self._client.service_is_ready():
            return NotActive(f"{name} is not there: start the reasoner, or correct its name")
        if self._sent is None:
            return TimeBudgetExceeded(f"the time budget was over before {name} could be asked")
        return TimeBudgetExceeded(f"{name} said nothing in time, not even an error: is the reasoner alive?")


class PlannerClient:
    """Asks a reasoner.

    Each method starts a call at once and returns it; `await` it in any callback or task of the node's executor, or
    `wait` for it in a thread of your own. It ends in a message of cosmos_reasoner_msgs, which its .msg file explains
    (classes of our own would only say the same again), or in an error of `cosmos_reasoner.errors` by what the reasoner
    said; at the latest when the budget and the grace are over, whether the reasoner is there, dies or was never
    started. What cannot be sent raises `InvalidRequest` at once, and what is asked of a closed client `Cancelled`.
    Every error means: nothing is known.

    Args:
        node: Whose executor brings the answers. All that is made has a callback group of its own.
        reasoner: Full name of the reasoner node.
        grace: How long after the budget the reasoner's own error may still arrive, s.
    """

    def __init__(self, node: Node, reasoner: str = "/reasoner", grace: float = 0.5) -> None:
        self._node = node
        self._grace = grace
        self._calls: set[Call] = set()
        self._closed = False
        self._lock = Lock()
        # In the group of an `async def` callback, which stays occupied while that awaits, no answer could arrive.
        group = ReentrantCallbackGroup()
        self._clients = {
            kind: node.create_client(kind, f"{reasoner}/{name}", qos_profile=_QOS, callback_group=group)
            for kind, name in _NAMES.items()
        }
        # Not the node's own clock, which stands still when a simulation does.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(_LOOK, self._look, callback_group=group, clock=steady)
        self._timer.cancel()

    def rank(
        self,
        actions: Mapping[str, str] | Iterable[Action],
        goal: str,
        *,
        budget: float,
        method: str = "",
        context: str = "",
        window: ClipWindow | None = None,
    ) -> Call:
        """Ask which action serves a goal best.

        Args:
            actions: 2 to 64: descriptions by id, or actions.
            goal: What they shall serve.
            budget: How long you will wait, s.
            method: See RankActions.srv; empty for the reasoner's own.
            context: Anything that the model should know.
            window: Which clip; the newest of all cameras by default.

        Returns:
            A call that ends in an `ActionRanking`.
        """
        pairs = actions.items() if isinstance(actions, Mapping) else ((each.id, each.description) for each in actions)
        candidates = [
            ActionCandidate(id=_text("action id", name), description=_text("action description", description))
            for name, description in pairs
        ]
        request = RankActions.Request(
            actions=candidates,
            goal=_text("goal", goal),
            method=_text("method", method),
            context=_text("context", context),
        )
        return self._start(RankActions, request, budget, window, lambda response: response.ranking)

    def predict(
        self,
        *,
        budget: float,
        horizon: float = 0.0,
        max_outcomes: int = 0,
        context: str = "",
        window: ClipWindow | None = None,
    ) -> Call:
        """Ask what is likely to happen.

        Args:
            budget: How long you will wait, s.
            horizon: How far to look ahead, s; 0 for the reasoner's own.
            max_outcomes: How many outcomes at most, up to 255; 0 for the reasoner's own.
            context: Anything that the model should know.
            window: Which clip; the newest of all cameras by default.

        Returns:
            A call that ends in an `OutcomePrediction`.
        """
        if not 0.0 <= horizon <= _LONGEST:
            raise InvalidRequest(f"horizon: {horizon:g} s is not between 0 and {_LONGEST:g} s")
        if not isinstance(max_outcomes, int) or not 0 <= max_outcomes <= _MOST_OUTCOMES:
            raise InvalidRequest(f"max_outcomes: {max_outcomes!r} is not a whole number from 0 to {_MOST_OUTCOMES}")
        ahead = Duration(seconds=horizon).to_msg()
        request = PredictOutcome.Request(horizon=ahead, max_outcomes=max_outcomes, context=_text("context", context))
        return self._start(PredictOutcome, request, budget, window, lambda response: response.prediction)

    def verify(self, statement: str, *, budget: float, context: str = "", window: ClipWindow | None = None) -> Call:
        """Ask whether to go on: whether a statement is true of what the cameras see.

        Args:
            statement: What must hold to go on.
            budget: How long you will wait, s.
            context: Anything that the model should know.
            window: Which clip; the newest of all cameras by default.

        Returns:
            A call that ends in a `Verify.Response` with `decision`, `verdict` and `reason`.
        """
        request = Verify.Request(statement=_text("statement", statement), context=_text("context", context))
        return self._start(Verify, request, budget, window)

    def ask(
        self,
        question: str,
        options: Sequence[str] = (),
        *,
        budget: float,
        context: str = "",
        window: ClipWindow | None = None,
    ) -> Call:
        """Ask a question in words.

        Args:
            question: What.
            options: Of which the answer shall be one; without any it comes in words.
            budget: How long you will wait, s.
            context: Anything that the model should know.
            window: Which clip; the newest of all cameras by default.

        Returns:
            A call that ends in an `Ask.Response`.
        """
        request = Ask.Request(
            question=_text("question", question),
            options=[_text("option", option) for option in options],
            context=_text("context", context),
        )
        return self._start(Ask, request, budget, window)

    def wait(self, call: Call) -> Any:
        """Block a thread of your own until a call ends; return its result or raise its error.

        Raises:
            InvalidRequest: This is a callback, whose executor could then not bring the answer.
        """
        if any(frame.f_globals.get("__name__", "").partition(".")[0] == "rclpy" for frame, _ in walk_stack(None)):
            call.cancel()
            raise InvalidRequest("wait() in a callback would block the executor that brings the answer: await the call")
        ended = Event()
        call.add_done_callback(lambda _: ended.set())
        if not ended.wait(call.deadline + 2 * _LOOK - monotonic()):
            call.cancel()
            raise TimeBudgetExceeded("no answer, because nobody spins the planner's node")
        return call.result()

    def close(self) -> None:
        """Drop all calls, and give back what was made of the node; after that nothing can be asked."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for call in tuple(self._calls):
            call.cancel()
        self._node.destroy_timer(self._timer)
        for client in self._clients.values():
            self._node.destroy_client(client)

    def _start(
        self,
        kind: Any,
        request: Any,
        budget: float,
        window: ClipWindow | None,
        part: Callable[[Any], Any] = lambda whole: whole,
    ) -> Call:
        if not 0.0 < budget <= _LONGEST:
            raise InvalidRequest(f"budget: {budget:g} s is not between 0 and {_LONGEST:g} s")
        request.window = window or ClipWindow()
        end = monotonic() + budget
        call = Call(self._clients[kind], request, part, end, end + self._grace)
        with self._lock:
            if self._closed or not self._node.context.ok():
                raise Cancelled("this client is closed, or ROS is shut down")
            self._timer.reset()
            self._calls.add(call)
        call.add_done_callback(self._end)
        call.look()
        self._wake()
        return call

    def _look(self) -> None:
        for call in tuple(self._calls):
            call.look()

    def _end(self, call: Call) -> None:
        with self._lock:
            self._calls.discard(call)
            if not self._calls and not self._closed:
                self._timer.cancel()
        self._wake()

    def _wake(self) -> None:
        """Have the executor see what changed: rclpy before 7.1.9 does not when another thread changed it."""
        if self._node.executor:
            self._node.executor.wake()


def _text(name: str, value: str) -> str:
    """A text that ROS can carry: over others it ends the process, loses what follows, or raises when it is sent.

    Raises:
        InvalidRequest: It is no str, has a NUL, or cannot be written as UTF-8.
    """
    if not isinstance(value, str):
        raise InvalidRequest(f"{name}: {value!r} is not a text")
    if "\0" in value:
        raise InvalidRequest(f"{name}: {value!r} has a NUL in it, which ROS cannot carry")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest(f"{name}: {value!r} cannot be written as UTF-8: {error.reason}") from error
    return value
