"""Chat completions, in chunks or whole, as events."""

from collections.abc import Iterator
from typing import Any

from cosmos_reasoner.endpoints.events import Delta, Finish, Token
from cosmos_reasoner.endpoints.text import whole_characters
from cosmos_reasoner.errors import ProtocolError

__all__ = ["LONGEST", "CompletionReader"]

LONGEST = 4_000_000
"""Characters of one reply at most, a hundred times what a model writes; an endpoint that goes on is broken."""


class CompletionReader:
    """Reads one completion, as JSON, and gathers on the way what its last event tells.

    Newer servers call the field of a server-side reasoning parser `reasoning`, older ones `reasoning_content`.

    Args:
        where: The endpoint's address, for messages.
        model: The model that was asked.
        streamed: Whether it comes in chunks.
    """

    def __init__(self, where: str, model: str, *, streamed: bool) -> None:
        self._where = where
        self._model = model
        self._streamed = streamed
        self._reason: str | None = None
        self._tokens = (0, 0)
        self._length = 0
        self._answered = False

    def chunk(self, chunk: dict[str, Any]) -> Iterator[Delta]:
        """What was written since the last chunk."""
        self._note(chunk)
        for choice in chunk.get("choices") or ():
            if delta := self._delta(choice, choice.get("delta")):
                yield delta

    def whole(self, completion: dict[str, Any]) -> Iterator[Delta]:
        """Everything, of a completion that came at once."""
        self._note(completion)
        for choice in completion.get("choices") or ():
            if delta := self._delta(choice, choice.get("message")):
                yield delta

    def finish(self) -> Finish:
        """The end.

        Raises:
            ProtocolError: There was no choice in anything that was read.
        """
        if not self._answered:
            if not self._streamed:
                raise ProtocolError(f"{self._where} sent no choice of a chat completion: is it the OpenAI chat API?")
            raise ProtocolError(
                f"{self._where} sent no chunk of a chat completion: is it the OpenAI chat API, and does it stream? "
                "If not, set streaming: false in its profile"
            )
        return Finish(self._reason, self._model, *self._tokens)

    def _note(self, completion: dict[str, Any]) -> None:
        model = completion.get("model")
        self._model = whole_characters(model) if model and isinstance(model, str) else self._model
        for choice in completion.get("choices") or ():
            self._answered = True
            reason = choice.get("finish_reason")
            self._reason = reason if isinstance(reason, str) else self._reason
        if usage := completion.get("usage"):
            self._tokens = (_count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))

    def _delta(self, choice: dict[str, Any], written: dict[str, Any] | None) -> Delta | None:
        if written is None:  # an empty one may bring tokens: those that a reasoning parser keeps for itself
            return None
        reasoning = written.get("reasoning") or written.get("reasoning_content") or ""
        content = written.get("content") or ""
        if not (isinstance(content, str) and isinstance(reasoning, str)):
            raise TypeError(f"a piece of text is a {type(content or reasoning).__name__}")
        content, reasoning = whole_characters(content), whole_characters(reasoning)
        self._length += len(content) + len(reasoning)
        if self._length > LONGEST:
            raise ProtocolError(f"{self._where} does not stop writing: more than {LONGEST} characters in one reply")
        tokens = _tokens(choice)
        return Delta(content, reasoning, tokens) if content or reasoning or tokens else None


def _count(stated: object) -> int:
    return stated if isinstance(stated, int) else 0


def _tokens(choice: dict[str, Any]) -> tuple[Token, ...]:
    return tuple(map(_token, (choice.get("logprobs") or {}).get("content") or ()))


def _token(entry: dict[str, Any]) -> Token:
    alternatives = tuple((top["token"], top["logprob"]) for top in entry.get("top_logprobs") or ())
    return Token(entry["token"], float(entry["logprob"]), alternatives)
