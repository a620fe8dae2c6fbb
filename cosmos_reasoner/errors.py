"""Every error that this package raises on purpose.

    CosmosReasonerError
    ├── ConfigurationError      a profile, task, parameter or file that cannot be used
    ├── InvalidRequest          the caller asked something that cannot be answered
    ├── NotActive               the node is not in its active state
    ├── Busy                    the queue is full
    ├── ClipUnavailable         no frames in the asked window
    ├── FrameError              a picture that cannot be decoded
    ├── RecordingError          a bag or video that cannot be read
    ├── TimeBudgetExceeded      no answer within the time budget
    ├── Cancelled               the caller, or a shutdown, ended the work
    ├── UnreadableAnswer        a reply came, but not an answer of the asked type
    └── EndpointError           the endpoint
        ├── EndpointUnreachable     no connection, or it broke
        │   └── EndpointSilent          it wrote nothing, while there was time to ask another
        ├── AuthenticationFailed    401: the key was not accepted
        │   └── AccessDenied            403: the key was, but it opens nothing here
        ├── ModelNotFound           the endpoint has no such model
        ├── RequestRejected         the endpoint will not take this request; the same again fails again
        ├── RateLimited             too many requests at the moment
        │   └── QuotaExhausted          too many requests for today
        ├── EndpointOverloaded      the endpoint is too busy
        ├── EndpointFailed          the endpoint failed over this request
        ├── EndpointUnavailable     no endpoint of those listed answers
        └── ProtocolError           what came back is not the OpenAI chat API

A message says what was wrong, where, and what to do about it.
"""

from enum import Enum
from typing import ClassVar

__all__ = [
    "AccessDenied",
    "AuthenticationFailed",
    "Busy",
    "Cancelled",
    "ClipUnavailable",
    "ConfigurationError",
    "CosmosReasonerError",
    "EndpointError",
    "EndpointFailed",
    "EndpointOverloaded",
    "EndpointSilent",
    "EndpointUnavailable",
    "EndpointUnreachable",
    "FrameError",
    "InvalidRequest",
    "ModelNotFound",
    "NotActive",
    "ProtocolError",
    "QuotaExhausted",
    "RateLimited",
    "RecordingError",
    "Remedy",
    "RequestRejected",
    "TimeBudgetExceeded",
    "UnreadableAnswer",
]


class Remedy(Enum):
    """What helps against an endpoint's error."""

    RETRY = "ask the same endpoint again"
    FAIL_OVER = "ask another endpoint"
    GIVE_UP = "ask an endpoint that takes more, or something else"


class CosmosReasonerError(Exception):
    """The root of the tree."""


class ConfigurationError(CosmosReasonerError):
    """A profile, task, parameter or file that cannot be used."""


class InvalidRequest(CosmosReasonerError):
    """The caller asked something that cannot be answered."""


class NotActive(CosmosReasonerError):
    """The node is not in its active state."""


class Busy(CosmosReasonerError):
    """The queue is full."""


class ClipUnavailable(CosmosReasonerError):
    """No frames in the asked window."""


class FrameError(CosmosReasonerError):
    """A picture that cannot be decoded."""


class RecordingError(CosmosReasonerError):
    """A bag or video that cannot be read."""


class TimeBudgetExceeded(CosmosReasonerError):
    """No answer within the time budget."""


class Cancelled(CosmosReasonerError):
    """The caller, or a shutdown, ended the work."""


class UnreadableAnswer(CosmosReasonerError):
    """A reply came, but not an answer of the asked type."""


class EndpointError(CosmosReasonerError):
    """The endpoint could not be reached, refused, or failed.

    Args:
        message: What happened.
        retry_after: Seconds that the endpoint asked to wait; None when it did not say.
    """

    remedy: ClassVar[Remedy] = Remedy.FAIL_OVER
    """What helps against it."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EndpointUnreachable(EndpointError):
    """No connection, or it broke."""

    remedy = Remedy.RETRY


class EndpointSilent(EndpointUnreachable):
    """It wrote nothing for half of the time, while there was still time to ask another."""

    remedy = Remedy.FAIL_OVER


class AuthenticationFailed(EndpointError):
    """The endpoint did not accept the key."""


class AccessDenied(AuthenticationFailed):
    """The endpoint knows the key, and refuses its owner what was asked."""


class ModelNotFound(EndpointError):
    """The endpoint has no such model."""


class RequestRejected(EndpointError):
    """The endpoint will not take this request; the same again fails again, and often elsewhere too."""

    remedy = Remedy.GIVE_UP


class RateLimited(EndpointError):
    """Too many requests at the moment."""

    remedy = Remedy.RETRY


class QuotaExhausted(RateLimited):
    """Too many requests for today: nothing more comes until the provider's next day."""

    remedy = Remedy.FAIL_OVER


class EndpointOverloaded(EndpointError):
    """The endpoint is too busy."""

    remedy = Remedy.RETRY


class EndpointFailed(EndpointError):
    """The endpoint failed over this request; often the request's own fault, so that the same again fails again."""


class EndpointUnavailable(EndpointError):
    """No endpoint of those listed answers; `retry_after` says when the first of them is asked again."""

    remedy = Remedy.RETRY


class ProtocolError(EndpointError):
    """What came back is not the OpenAI chat API."""
