"""What callers send, as questions; what they leave out comes from the parameters."""

from typing import Any

from builtin_interfaces.msg import Duration

from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.nodes.conversions import nanoseconds, seconds
from cosmos_reasoner.nodes.settings import Settings
from cosmos_reasoner.reasoning.engine import Window
from cosmos_reasoner.tasks.schema import read_schema
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod, template_values
from cosmos_reasoner_msgs import action, msg, srv

__all__ = ["of_ask", "of_goal", "of_periodic", "of_predict", "of_rank", "of_verify", "time_budget", "window"]

_METHODS = tuple(method.value for method in RankingMethod)


def window(message: msg.ClipWindow, settings: Settings) -> Window:
    """Which stretch of time a caller means.

    Raises:
        InvalidRequest: The duration is negative, or longer than the buffers.
    """
    length = _at_least_zero(message.duration, "window.duration") or settings.clip_duration
    if length > settings.buffer_seconds:
        raise InvalidRequest(
            f"window.duration: {length:g} s is more than buffer_seconds, {settings.buffer_seconds:g} s"
        )
    return Window(length, nanoseconds(message.end) or None, tuple(message.cameras))


def time_budget(request: Any, settings: Settings) -> float:
    """How long a caller will wait, s.

    Raises:
        InvalidRequest: It is negative.
    """
    return _at_least_zero(request.time_budget, "time_budget") or settings.time_budget


def of_ask(request: srv.Ask.Request, settings: Settings) -> Question:
    """A question in words.

    Raises:
        InvalidRequest: The values or the schema cannot be read.
    """
    return _question(
        settings,
        task=request.task or "ask",
        text=request.question,
        options=tuple(request.options),
        context=request.context,
        extra=template_values(request.values),
        schema=_schema(request.schema),
    )


def of_predict(request: srv.PredictOutcome.Request, settings: Settings) -> Question:
    """A prediction."""
    return _question(
        settings,
        task="predict_outcome",
        horizon=_at_least_zero(request.horizon, "horizon"),
        max_outcomes=request.max_outcomes,
        context=request.context,
    )


def of_rank(request: srv.RankActions.Request, settings: Settings) -> Question:
    """A ranking.

    Raises:
        InvalidRequest: There is no such method.
    """
    return _question(
        settings,
        task="rank_actions",
        actions=_actions(request.actions),
        goal=request.goal,
        method=_method(request.method),
        context=request.context,
    )


def of_verify(request: srv.Verify.Request, settings: Settings) -> Question:
    """A verdict."""
    return _question(settings, task="verify", text=request.statement, context=request.context)


def of_goal(goal: action.Reason.Goal, settings: Settings) -> Question:
    """Any task.

    Raises:
        InvalidRequest: The method, the horizon, the values or the schema cannot be read.
    """
    return _question(
        settings,
        task=goal.task or "ask",
        text=goal.question,
        options=tuple(goal.options),
        actions=_actions(goal.actions),
        goal=goal.goal,
        method=_method(goal.method),
        context=goal.context,
        horizon=_at_least_zero(goal.horizon, "horizon"),
        max_outcomes=goal.max_outcomes,
        extra=template_values(goal.values),
        schema=_schema(goal.schema),
    )


def of_periodic(task: str, settings: Settings) -> Question:
    """A periodic task."""
    return _question(settings, task=task, text=settings.question, actions=settings.ranked_actions, goal=settings.goal)


def _question(settings: Settings, **given: Any) -> Question:
    """Fill in what the caller left empty."""
    usual = {
        "context": settings.context,
        "horizon": settings.horizon,
        "max_outcomes": settings.max_outcomes,
        "language": settings.answer_language,
    }
    return Question(**{**usual, **{name: value for name, value in given.items() if value}})


def _actions(messages: list[msg.ActionCandidate]) -> tuple[Action, ...]:
    return tuple(Action(message.id, message.description) for message in messages)


def _method(name: str) -> RankingMethod | None:
    if name and name not in _METHODS:
        raise InvalidRequest(f"method: there is no {name!r}; take one of {', '.join(_METHODS)}")
    return RankingMethod(name) if name else None


def _schema(text: str) -> dict[str, Any] | None:
    return read_schema(text) if text else None


def _at_least_zero(value: Duration, name: str) -> float:
    if seconds(value) < 0:
        raise InvalidRequest(f"{name}: {seconds(value):g} s is negative")
    return seconds(value)
