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
        ├── AuthenticationFailed    401, 403
        ├── ModelNotFound           the endpoint has no such model
        ├── RequestRejected         the endpoint will not take this request; the same again fails again
        ├── RateLimited             too many requests
        ├── EndpointOverloaded      the endpoint is too busy or failed inside
        └── ProtocolError           what came back is not the OpenAI chat API

A message says what was wrong, where, and what to do about it.
"""

__all__ = [
    "AuthenticationFailed",
    "Busy",
    "Cancelled",
    "ClipUnavailable",
    "ConfigurationError",
    "CosmosReasonerError",
    "EndpointError",
    "EndpointOverloaded",
    "EndpointUnreachable",
    "FrameError",
    "InvalidRequest",
    "ModelNotFound",
    "NotActive",
    "ProtocolError",
    "RateLimited",
    "RecordingError",
    "RequestRejected",
    "TimeBudgetExceeded",
    "UnreadableAnswer",
]


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
    """The endpoint could not be reached, refused, or failed."""


class EndpointUnreachable(EndpointError):
    """No connection, or it broke."""


class AuthenticationFailed(EndpointError):
    """The endpoint did not accept the key."""


class ModelNotFound(EndpointError):
    """The endpoint has no such model."""


class RequestRejected(EndpointError):
    """The endpoint will not take this request; the same again fails again."""


class RateLimited(EndpointError):
    """Too many requests.

    Args:
        message: What happened.
        retry_after: Seconds that the endpoint asked to wait; None when it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EndpointOverloaded(EndpointError):
    """The endpoint is too busy or failed inside."""


class ProtocolError(EndpointError):
    """What came back is not the OpenAI chat API."""
