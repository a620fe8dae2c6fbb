"""Every exception of the HTTP libraries as one of ours."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import openai

try:  # whichever of the two the installed openai is built on
    import httpx2 as httpx
except ImportError:
    import httpx

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

_LONGEST = 300
"""Characters of an endpoint's own message that are passed on."""


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn every exception of the OpenAI client inside the block into an EndpointError.

    Args:
        where: The endpoint's address, for the message.
    """
    try:
        yield
    except openai.APITimeoutError as error:
        raise EndpointUnreachable(f"{where} did not answer in time") from error
    except openai.APIConnectionError as error:
        raise EndpointUnreachable(f"{where} cannot be reached: {error.__cause__ or error}") from error
    except openai.APIStatusError as error:
        raise _of_status(where, error) from error
    except openai.APIResponseValidationError as error:
        raise ProtocolError(f"{where} answered something else than the chat API: {_short(error)}") from error
    except openai.APIError as error:
        raise EndpointOverloaded(f"{where} broke off its answer: {_short(error)}") from error
    except openai.OpenAIError as error:
        raise ProtocolError(f"{where}: {_short(error)}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ProtocolError(f"{where} answered something else than JSON: {_short(error)}") from error
    except httpx.HTTPError as error:  # the OpenAI client does not wrap these once a stream has begun
        raise EndpointUnreachable(f"{where} broke the connection: {type(error).__name__} {_short(error)}") from error


def _of_status(where: str, error: openai.APIStatusError) -> EndpointError:
    status = error.status_code
    text = f"{where} answered {status}: {_short(error)}"
    if status in (401, 403):
        return AuthenticationFailed(f"{text} (is the key right, and in the environment or file that was named?)")
    if status == 404:
        return ModelNotFound(f"{text} (is the model's name right, and does the address end in /v1?)")
    if status == 429:
        return RateLimited(text, _retry_after(error))
    if status >= 500:
        return EndpointOverloaded(text)
    return RequestRejected(text)


def _retry_after(error: openai.APIStatusError) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _short(error: Exception) -> str:
    text = " ".join(str(getattr(error, "message", None) or error).split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
