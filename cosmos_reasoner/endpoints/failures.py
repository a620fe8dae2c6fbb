"""Every exception of the HTTP libraries as one of ours, by its kind."""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

import openai

from cosmos_reasoner.endpoints.quota import read_quota
from cosmos_reasoner.endpoints.text import whole_characters
from cosmos_reasoner.endpoints.transport import HTTP
from cosmos_reasoner.errors import (
    AccessDenied,
    AuthenticationFailed,
    EndpointError,
    EndpointFailed,
    EndpointOverloaded,
    EndpointUnreachable,
    ModelNotFound,
    ProtocolError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
)

__all__ = ["said_inside", "translated"]

_LONGEST = 300
"""Characters of an endpoint's own message that are passed on."""

_SHORT_WAIT = 60.0
"""s; whoever asks to come back within a minute limits the rate, whatever else the headers say."""

_LONGEST_WAIT = 86400.0
"""s; an endpoint that asks to wait longer is asked again after a day."""

_TODAY = re.compile(r"\b(tomorrow|per day|daily)\b", re.IGNORECASE)
"""Words of an endpoint that counts by the day, and has no header that says so."""

_NOT_FOUND = (ModelNotFound, "is the model's name right, and does the address end in /v1?")
_BUSY = (EndpointOverloaded, "")

_KINDS: dict[int, tuple[type[EndpointError], str]] = {
    401: (AuthenticationFailed, "is the key right, and in the environment or file that was named?"),
    403: (AccessDenied, "may this key use this model? ModelScope says so to an account that is not verified yet"),
    404: _NOT_FOUND,
    405: _NOT_FOUND,
    408: _BUSY,
    502: _BUSY,
    503: _BUSY,
    504: _BUSY,
    529: _BUSY,
}
"""What a status means, and what to look at; 529 is the overload of some hosted endpoints."""

_UNCHECKED = (AttributeError, KeyError, TypeError, ValueError, RecursionError, OverflowError)
"""The OpenAI client reads replies without checking them, so that a wrong type shows only where it is used."""

_FOREIGN = (openai.OpenAIError, HTTP.HTTPError, HTTP.InvalidURL, *_UNCHECKED)

_NO_JSON = "a page or nothing instead of JSON; does the address end in /v1?"


@contextmanager
def translated(where: str, key: str = "") -> Iterator[None]:
    """Turn every exception of the OpenAI client inside the block into an EndpointError.

    Args:
        where: The endpoint's address, for the message.
        key: What no message may show, even where the endpoint repeats it.
    """
    try:
        yield
    except _FOREIGN as error:
        if isinstance(error.__cause__, EndpointError):
            raise error.__cause__ from None
        said = _said(error)
        if not (key and key in f"{said} {error!r} {error.__cause__!r}"):
            raise _ours(error, where, _short(said)) from error
        ours = _ours(error, where, _short(said.replace(key, "...")))
        try:
            raise ours from None
        finally:
            ours.__context__ = None  # it holds the key, and some print contexts too


def said_inside(where: str, error: object, key: str = "") -> EndpointError:
    """An error that an endpoint sent where its answer should be, though the status of the response was 200.

    Args:
        where: The endpoint's address.
        error: As it came: an object with a message, or a text. vLLM gives the status as `code`.
        key: What the message may not show.
    """
    said = " ".join(str(_message(error)).split())
    said = _short(said.replace(key, "...") if key else said)
    return _of_status(_status_inside(error), f"{where} broke off its answer: {said}", {})


def _ours(error: Exception, where: str, said: str) -> EndpointError:
    if isinstance(error, openai.APITimeoutError):
        return EndpointUnreachable(f"{where} did not answer in time")
    if isinstance(error, openai.APIStatusError):
        return _of_status(error.status_code, f"{where} answered {error.status_code}: {said}", error.response.headers)
    if isinstance(error, (openai.APIConnectionError, HTTP.HTTPError, HTTP.InvalidURL)):
        return _of_connection(error, where, said)
    if isinstance(error, openai.APIResponseValidationError) or not isinstance(error, openai.APIError):
        said = _NO_JSON if isinstance(error, AttributeError) else said
        return ProtocolError(f"{where} answered something else than the chat API: {said}")
    return _of_status(_status_inside(error.body), f"{where} broke off its answer: {said}", {})


def _of_connection(error: Exception, where: str, said: str) -> EndpointError:
    cause = error.__cause__ or error
    if isinstance(cause, HTTP.DecodingError):
        return ProtocolError(f"{where} sent what cannot be decoded: {said}")
    if isinstance(cause, (HTTP.TooManyRedirects, HTTP.UnsupportedProtocol, HTTP.InvalidURL)):
        return ProtocolError(f"{where} leads nowhere: {said}")
    return EndpointUnreachable(f"{where} cannot be reached, or the connection broke: {said}")


def _of_status(status: int, text: str, headers: Mapping[str, str]) -> EndpointError:
    wait = _retry_after(headers)
    if status in (402, 429):
        return _limited(status, text, headers, wait)
    if status in _KINDS:
        kind, hint = _KINDS[status]
        return kind(f"{text} ({hint})" if hint else text, wait)
    if status >= 500:
        return EndpointFailed(f"{text} (often the request's own fault: the endpoint's log knows more)")
    return RequestRejected(text) if status >= 400 else ProtocolError(f"{text} (give the address it moved to)")


def _limited(status: int, text: str, headers: Mapping[str, str], wait: float | None) -> EndpointError:
    """Tell "not today" (402 is an account without means) from "slow down"."""
    quota = read_quota(headers)
    used_up = quota is not None and quota.is_used_up
    of_today = (quota is not None and quota.is_used_up_today) or bool(_TODAY.search(text))
    if status == 402 or (of_today if wait is None else (of_today or used_up) and wait > _SHORT_WAIT):
        return QuotaExhausted(f"{text} (nothing is left until tomorrow: list another endpoint as a fallback)", wait)
    return RateLimited(text, wait)


def _status_inside(body: object) -> int:
    """Status of an error that came inside a stream; vLLM sends it as `code`."""
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 500


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a response asks to wait; a date counts from the response's own (RFC 9110, 10.2.3)."""
    asked = headers.get("retry-after", "")
    try:
        seconds = float(asked)
    except ValueError:
        seconds = _between(headers.get("date", ""), asked)
    return min(max(0.0, seconds), _LONGEST_WAIT) if math.isfinite(seconds) else None


def _between(first: str, second: str) -> float:
    """Seconds between two HTTP dates; NaN when one is none."""
    try:
        return (parsedate_to_datetime(second) - parsedate_to_datetime(first)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _said(error: Exception) -> str:
    """What the endpoint says of an error, else what the library says: the message of an error object, or all of it."""
    body: object = getattr(error, "body", None)
    if isinstance(error, openai.APIConnectionError):
        body = error.__cause__
    return " ".join(str(_message(body) or error).split()) or type(body or error).__name__


def _message(body: object) -> object:
    return (body.get("message") or body) if isinstance(body, dict) else body


def _short(text: str) -> str:
    text = whole_characters(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
