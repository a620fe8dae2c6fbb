"""Servers of all kinds, as scripts: they count tokens as the real ones do, and obey, ignore or refuse."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import av
import simplejpeg
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, listing, stream, whole

from cosmos_reasoner.clips.processors import ProcessorName, image_tokens, processor_named, video_tokens
from cosmos_reasoner.clips.sizing import fit

COSMOS = "nvidia/Cosmos-Reason1-7B"
_ALTERNATIVES = [{"token": str(index), "logprob": -float(index), "bytes": None} for index in range(20)]


@dataclass(frozen=True)
class Kind:
    """What a server is like; the defaults are those of a vLLM without flags."""

    model: str = COSMOS
    processor: ProcessorName = ProcessorName.QWEN2_5_VL
    fields: Mapping[str, Any] = field(default_factory=lambda: {"owned_by": "vllm", "max_model_len": 16384})
    key: str = ""
    scheme: str = "Bearer "
    headers: Mapping[str, str] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset({"media_io_kwargs"})
    """Names of keys and of types of parts that are answered with 400."""
    ignores: frozenset[str] = frozenset()
    """Names of keys that change nothing."""
    fails: frozenset[str] = frozenset()
    """Names of keys that are answered with 503."""
    parser: bool = False
    switch: bool = False
    keeps: int = 32
    rate: float = 2.0
    images: int = 64
    streams: bool = True
    usage: bool = True


class KindServer(ScriptedServer):
    """A server of a kind.

    Args:
        kind: What it is like.
        metrics: Whether it says how busy it is; long replies then last until the client leaves.
    """

    def __init__(self, kind: Kind, metrics: bool = False) -> None:
        version = {"GET /version": json_reply({"version": "0.32.0"})}
        super().__init__([self._reply] * 99, listing(kind.model, **kind.fields), version)
        self.kind = kind
        self.metrics = metrics
        self._media: set[str] = set()
        self._busy = False

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Serve the page that says how busy it is, too."""
        if path == "GET /metrics" and self.metrics:
            running = float(self._busy and not self.disconnected.is_set())
            return Reply(200, {}, (f'vllm:num_requests_running{{engine="0"}} {running}\n'.encode(),))
        return super().answer(path, headers, body)

    def _reply(self, body: dict[str, Any]) -> Reply:
        kind = self.kind
        if kind.key and self.headers[-1].get("authorization") != kind.scheme + kind.key:
            return json_reply({"error": "Unauthorized"}, 401)
        if status := self._refusal(body):
            return json_reply({"error": {"message": "this server does not take that"}}, status)
        if body.get("ignore_eos"):
            self._busy = True
            return stream(chunk(content="on"), ending=Ending.HELD)
        return self._say({name: value for name, value in body.items() if name not in kind.ignores})

    def _refusal(self, body: dict[str, Any]) -> int:
        kind, parts = self.kind, _parts(body)
        named = {*body, *(part["type"] for part in parts), *(["uuid"] if _names(body) else [])}
        if named & kind.fails:
            return 503
        images = sum(part["type"] == "image_url" for part in parts)
        cannot = (named & kind.refuses, images > kind.images, body["stream"] and not kind.streams)
        return 400 if any(cannot) or not self._knows(body) else 0

    def _knows(self, body: dict[str, Any]) -> bool:
        """Remember pictures by name; whether those that come by name alone are known."""
        alone = {part["uuid"] for part in _parts(body) if part["type"] == "image_url" and not part["image_url"]}
        known = alone <= self._media
        self._media |= _names(body)
        return known

    def _say(self, body: dict[str, Any]) -> Reply:
        kind = self.kind
        quiet = kind.switch and body.get("chat_template_kwargs", {}).get("enable_thinking") is False
        reasoning, content = _written(kind, body, quiet)
        count = _prompt_tokens(kind, body, quiet)
        logprobs = {"content": [_token()]} if body.get("logprobs") else None
        if not body["stream"]:
            return _with_headers(kind, whole(content, logprobs=logprobs, reasoning=reasoning))
        counts = {"prompt_tokens": count, "completion_tokens": 1, "total_tokens": count + 1}
        last = [{**chunk(), "choices": [], "usage": counts}] if kind.usage else []
        said = chunk("stop", logprobs=logprobs, content=content, reasoning=reasoning)
        return _with_headers(kind, stream(said, *last))


def _with_headers(kind: Kind, reply: Reply) -> Reply:
    return Reply(reply.status, {**reply.headers, **kind.headers}, reply.pieces, reply.ending)


def _token() -> dict[str, Any]:
    return {"token": "0", "logprob": 0.0, "bytes": None, "top_logprobs": _ALTERNATIVES}


def _parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    contents = [message["content"] for message in body["messages"]]
    return [part for content in contents if isinstance(content, list) for part in content]


def _names(body: dict[str, Any]) -> set[str]:
    return {part["uuid"] for part in _parts(body) if "uuid" in part}


def _written(kind: Kind, body: dict[str, Any], quiet: bool) -> tuple[str, str]:
    """Reasoning and content."""
    answer = _held(body)
    if not kind.parser or quiet:
        return "", answer or ("falls." if body.get("continue_final_message") else "<think>It falls.</think>\n\nYes")
    if body["max_tokens"] < 20:
        return "It falls", ""
    return "It falls", answer if answer and "thinking_token_budget" in body else "Yes"


def _held(body: dict[str, Any]) -> str:
    """The answer that a constraint leaves."""
    if "response_format" in body or "json" in body.get("structured_outputs", {}):
        return '{"zq":\n"xv"}'
    return "zqxv" if "structured_outputs" in body else ""


def _prompt_tokens(kind: Kind, body: dict[str, Any], quiet: bool) -> int:
    turn = 5 if body.get("add_generation_prompt", True) else 0
    return 20 + turn + (4 if quiet else 0) + sum(_media_tokens(kind, part, body) for part in _parts(body))


def _media_tokens(kind: Kind, part: dict[str, Any], body: dict[str, Any]) -> int:
    rules = processor_named(kind.processor)
    url = (part.get(part["type"]) or {}).get("url", "") if part["type"] != "text" else ""
    files = [base64.b64decode(data) for data in url.partition(",")[2].split(",")]
    if part["type"] == "image_url" and url:
        height, width, *_ = simplejpeg.decode_jpeg_header(files[0])
        return image_tokens(rules, fit(width, height, 1, rules.image_limits(16384, 16384)))
    if "video/jpeg" in url:
        height, width, *_ = simplejpeg.decode_jpeg_header(files[0])
        told = body.get("media_io_kwargs", {}).get("video", {}).get("frames_indices")
        seconds = [index / 1000 for index in told] if told else [float(index) for index in range(len(files))]
        return video_tokens(rules, (width, height), seconds if told else seconds[: kind.keeps])
    if "video/mp4" in url:
        with av.open(io.BytesIO(files[0])) as container:
            size = (container.streams.video[0].width, container.streams.video[0].height)
            length = sum(1 for _ in container.decode(video=0)) / 4.0
        return video_tokens(rules, size, [index / kind.rate for index in range(round(length * kind.rate))])
    return 0
