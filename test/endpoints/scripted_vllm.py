"""A vLLM without a model, as a script: it obeys its requests as the real one does, and always says the same."""

import json
import math
import re
from itertools import repeat
from typing import Any

from scripted_server import Reply, chunk, json_reply, stream, usage, whole
from server_kinds import COSMOS, Kind, KindServer, _prompt_tokens

THOUGHT = "<think>\nThe cup falls.\n</think>\n\n"


class ScriptedVllm(KindServer):
    """A vLLM that serves Cosmos-Reason1 with default flags.

    Args:
        key: What callers must send as Bearer token.
    """

    def __init__(self, key: str) -> None:
        super().__init__(Kind(key=key), metrics=True)
        self._replies = repeat(self._reply)

    def _refusal(self, body: dict[str, Any]) -> int:
        if body["model"] != COSMOS:
            return 404
        longest = self.kind.fields["max_model_len"]
        return 400 if len(_words(body).split()) > longest else super()._refusal(body)

    def _say(self, body: dict[str, Any]) -> Reply:
        tokens = re.findall(r"\w+|\W", _text(body))
        said, reason = tokens[: body["max_tokens"]], "length" if len(tokens) > body["max_tokens"] else "stop"
        counts = usage(_prompt_tokens(self.kind, body, quiet=False) + len(_words(body).split()), len(said))
        if body["stream"]:
            chunks = [chunk(content=token, logprobs=_logprobs([token], body)) for token in said]
            return stream(chunk(role="assistant", content=""), *chunks, chunk(reason), counts)
        written = json.loads(whole("".join(said), reason, _logprobs(said, body)).pieces[0])
        return json_reply({**written, "usage": counts["usage"]})


def _words(body: dict[str, Any]) -> str:
    """All that is told in words."""
    contents = [message["content"] for message in body["messages"]]
    parts = [[{"text": content}] if isinstance(content, str) else content for content in contents]
    return "\n".join(part.get("text", "") for content in parts for part in content)


def _text(body: dict[str, Any]) -> str:
    """What is said: as it is held to, in the tags that the prompt asks for, behind what is written already."""
    answer = _held(body)
    if body.get("continue_final_message"):
        return answer
    if "<think>" not in _words(body):
        return answer
    return f"{THOUGHT}<answer>\n{answer}\n</answer>"


def _held(body: dict[str, Any]) -> str:
    held = body.get("structured_outputs", {})
    if "response_format" in body:
        fields = body["response_format"]["json_schema"]["schema"]["properties"]
        return json.dumps({name: allowed["enum"][0] for name, allowed in fields.items()})
    letters = held.get("choice") or re.findall(r"\((\w)\|", held.get("regex", ""))
    return str(letters[0]) if letters else "It falls."


def _logprobs(tokens: list[str], body: dict[str, Any]) -> dict[str, Any] | None:
    """Every token is certain but a letter, which is so to three quarters."""
    if not body.get("logprobs"):
        return None
    shares = {"A": math.log(0.75), "B": math.log(0.25)}
    return {"content": [_logprob(token, shares if token in shares else {token: 0.0}) for token in tokens]}


def _logprob(token: str, shares: dict[str, float]) -> dict[str, Any]:
    tops = [{"token": name, "logprob": share, "bytes": None} for name, share in shares.items()]
    return {"token": token, "logprob": shares[token], "bytes": None, "top_logprobs": tops}
