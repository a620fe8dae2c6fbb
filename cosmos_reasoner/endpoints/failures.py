"""Every exception of the HTTP libraries as one of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import openai

from cosmos_reasoner.errors import (
    AuthenticationFailed,
    EndpointError,
    EndpointOverloaded,
    EndpointUnreachable,
    ModelNotFound,
    ProtocolError,
    RateLimited,
    RequestRejected,
)

__all__ = ["translated"]

_HTTP = import_module(openai.Timeout.__init__.__module__.partition(".")[0])
"""The library under the installed openai: httpx, or httpx2 under newer ones. Both may be installed."""

_LONGEST = 300
"""Characters of an endpoint's own message that are passed on."""


@contextmanager
def translated(where: str, key: str = "") -> Iterator[None]:
    """Turn every exception of the OpenAI client inside the block into an EndpointError.

    Args:
        where: The endpoint's address, for the message.
        key: What no message may show, even where the endpoint repeats it.
    """
    try:
        yield
    except (openai.OpenAIError, _HTTP.HTTPError, AttributeError, TypeError, ValueError) as error:
        # The client reads replies without checking them, so that a wrong type shows only where it is used.
        said = _said(error)
        repeated = bool(key) and key in f"{said} {error}"
        raise _ours(error, where, _short(said.replace(key, "...") if repeated else said)) from (
            None if repeated else error
        )


def _ours(error: Exception, where: str, said: str) -> EndpointError:
    if isinstance(error, openai.APITimeoutError):
        return EndpointUnreachable(f"{where} did not answer in time")
    if isinstance(error, (openai.APIConnectionError, _HTTP.HTTPError)):
        return EndpointUnreachable(f"{where} cannot be reached, or the connection broke: {said}")
    if isinstance(error, openai.APIStatusError):
        return _of_status(error.status_code, f"{where} answered {error.status_code}: {said}", _retry_after(error))
    if isinstance(error, openai.APIResponseValidationError) or not isinstance(error, openai.APIError):
        return ProtocolError(f"{where} answered something else than the chat API: {said}")
    return _of_status(_status_inside(error), f"{where} broke off its answer: {said}")


def _of_status(status: int, text: str, retry_after: float | None = None) -> EndpointError:
    if status in (401, 403):
        return AuthenticationFailed(f"{text} (is the key right, and in the environment or file that was named?)")
    if status == 404:
        return ModelNotFound(f"{text} (is the model's name right, and does the address end in /v1?)")
    if status == 429:
        return RateLimited(text, retry_after)
    if status == 408 or status >= 500:
        return EndpointOverloaded(text)
    return RequestRejected(text)


def _status_inside(error: openai.APIError) -> int:
    """Status of an error that came inside a stream; vLLM sends it as `code`."""
    code = error.body.get("code") if isinstance(error.body, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 500


def _retry_after(error: openai.APIStatusError) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _said(error: Exception) -> str:
    """What the endpoint says of an error, else what the library says: the message of an error object, or all of it."""
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        body = body.get("message") or body
    if isinstance(error, openai.APIConnectionError):
        body = error.__cause__
    return " ".join(str(body or error).split()) or type(body or error).__name__


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
