"""Errors as the codes that every service and action of this package ends in."""

from typing import Any

from cosmos_reasoner import errors
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner_msgs.srv import Ask

__all__ = ["ERROR_CODES", "error_of", "note_defective", "note_error"]

_Codes = Ask.Response

ERROR_CODES: dict[type[Exception], int] = {
    errors.InvalidRequest: _Codes.INVALID_REQUEST,
    errors.ConfigurationError: _Codes.INVALID_REQUEST,
    errors.NotActive: _Codes.NOT_ACTIVE,
    errors.Busy: _Codes.BUSY,
    errors.ClipUnavailable: _Codes.NO_CLIP,
    errors.FrameError: _Codes.NO_CLIP,
    errors.TimeBudgetExceeded: _Codes.TIME_BUDGET,
    errors.EndpointError: _Codes.ENDPOINT,
    errors.UnreadableAnswer: _Codes.UNREADABLE,
    errors.Cancelled: _Codes.CANCELLED,
}
"""The code of each kind of error; the nearest ancestor counts, and INTERNAL stands for everything else."""


def error_of(error: Exception) -> tuple[int, str]:
    """The code and the message of an error."""
    for kind in type(error).__mro__:
        if kind in ERROR_CODES:
            return ERROR_CODES[kind], str(error)
    return _Codes.INTERNAL, f"{type(error).__name__}: {error}"


def note_error(response: Any, error: Exception, logger: Any, name: str) -> None:
    """Say in a response what went wrong, and log it when it is a defect of ours.

    Args:
        response: Of a service or the action.
        error: What went wrong.
        logger: Of the node.
        name: Of the service or action.
    """
    if not isinstance(error, errors.CosmosReasonerError):
        logger.error(f"{name}: {type(error).__name__}: {error}")  # noqa: G004  rclpy takes the whole text
    response.error_code, response.error_message = error_of(error)


def note_defective(response: Any, result: Result) -> None:
    """Say in a response that its result has no answer, if so."""
    if result.answer is None:
        response.error_code, response.error_message = _Codes.UNREADABLE, result.provenance.status_text
