"""Replies and errors in the words of the OpenAI chat API, as vLLM writes them."""

import json
import time
import uuid
from typing import Any

from cosmos_reasoner.embedded.answers.generation import Generated, WrittenToken
from cosmos_reasoner.embedded.respond import Reply
from cosmos_reasoner.embedded.settings import MAX_MODEL_LEN, MODEL

__all__ = ["DONE", "Wire", "error_body", "event", "models"]

Json = dict[str, Any]

DONE = b"data: [DONE]\n\n"
"""The last line of a stream."""


def models() -> Json:
    """The body of GET /v1/models."""
    card = {"id": MODEL, "object": "model", "created": 0, "owned_by": "cosmos_reasoner", "max_model_len": MAX_MODEL_LEN}
    return {"object": "list", "data": [card]}


def error_body(status: int, kind: str, message: str) -> Json:
    """An error in the form of the API."""
    return {"error": {"message": message, "type": kind, "param": None, "code": status}}


def event(body: Json) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


class Wire:
    """Writes one reply, whole or chunk by chunk."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._head: Json = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}

    def completion(self) -> Json:
        """The body of an answer that is not streamed."""
        choices = [self._choice(index, choice) for index, choice in enumerate(self._reply.choices)]
        return {**self._head, "object": "chat.completion", "choices": choices, "usage": self._usage()}

    def opening(self, index: int) -> Json:
        """The chunk that comes first."""
        return self._chunk(index, {"role": "assistant", "content": ""})

    def token(self, index: int, token: WrittenToken) -> Json:
        """The chunk of one token."""
        return self._chunk(index, {"content": token.text}, self._logprobs([token]))

    def closing(self, index: int) -> Json:
        """The chunk that says how a reply ended."""
        return self._chunk(index, {}, finish=self._reply.choices[index].finish)

    def usage(self) -> Json:
        """The chunk with the counts."""
        return {**self._head, "object": "chat.completion.chunk", "choices": [], "usage": self._usage()}

    def _choice(self, index: int, choice: Generated) -> Json:
        text = "".join(token.text for token in choice.tokens)
        return {
            "index": index,
            "message": {"role": "assistant", "content": text},
            "logprobs": self._logprobs(choice.tokens),
            "finish_reason": choice.finish,
        }

    def _chunk(self, index: int, delta: Json, logprobs: Json | None = None, finish: str | None = None) -> Json:
        choice = {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
        return {**self._head, "object": "chat.completion.chunk", "choices": [choice]}

    def _logprobs(self, tokens: tuple[WrittenToken, ...] | list[WrittenToken]) -> Json | None:
        if not self._reply.request.logprobs:
            return None
        return {"content": [_entry(token) for token in tokens]}

    def _usage(self) -> Json:
        prompt, written = self._reply.prompt_tokens, sum(len(choice.tokens) for choice in self._reply.choices)
        return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}


def _entry(token: WrittenToken) -> Json:
    tops = [_one(text, logprob) for text, logprob in token.alternatives]
    return {**_one(token.text, token.logprob), "top_logprobs": tops}


def _one(text: str, logprob: float) -> Json:
    return {"token": text, "logprob": logprob, "bytes": list(text.encode())}
