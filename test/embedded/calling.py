"""Requests to the embedded endpoint, as bytes over HTTP."""

import base64
import http.client
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from films import SECONDS, Paint, put, texture, tile
from pictures import jpeg

Json = dict[str, Any]

REASON = "First reason between <think> and </think>. Then write the final answer between <answer> and </answer>."
GROUND, RED = texture(1), tile((40, 40, 230))


def to_the_right(t: float) -> np.ndarray:
    """A red square that goes right at 30 px/s."""
    return put(GROUND, RED, 60 + 30 * t, 120, 36)


def data_url(mime: str, files: Sequence[bytes]) -> str:
    """Files as one data URL."""
    return f"data:{mime};base64," + ",".join(base64.b64encode(file).decode() for file in files)


def text(words: str) -> Json:
    """A part of words."""
    return {"type": "text", "text": words}


def image(pixels: np.ndarray) -> Json:
    """A part of one picture."""
    return {"type": "image_url", "image_url": {"url": data_url("image/jpeg", [jpeg(pixels)])}}


def video(files: Sequence[bytes], mime: str = "video/jpeg") -> Json:
    """A part of one video."""
    return {"type": "video_url", "video_url": {"url": data_url(mime, files)}}


def filmed(paint: Paint = to_the_right, seconds: Sequence[float] = SECONDS) -> Json:
    """A part of a film, frame by frame."""
    return video([jpeg(paint(second)) for second in seconds])


def at(*seconds: float) -> Json:
    """Times of the frames, in ms, as vLLM takes them."""
    return {"video": {"fps": 1000, "num_frames": -1, "frames_indices": [round(1000 * second) for second in seconds]}}


def question(*parts: Json | str, system: str = "", **more: Any) -> Json:
    """A request."""
    content = [text(part) if isinstance(part, str) else part for part in parts]
    messages = [{"role": "system", "content": system}] if system else []
    return {"messages": [*messages, {"role": "user", "content": content}], **more}


def send(
    url: str, body: Json | bytes | None = None, path: str = "/chat/completions", headers: Json | None = None
) -> tuple[int, str]:
    """Send a request, a GET when there is no body, and wait for the end of the answer.

    Returns:
        The status and the body.
    """
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    base = urlsplit(url).path if not path.startswith("/.") else ""
    connection.request("GET" if data is None else "POST", base + path.removeprefix("/."), data, headers or {})
    response = connection.getresponse()
    try:
        return response.status, response.read().decode()
    finally:
        connection.close()


def answer(url: str, body: Json) -> Json:
    """The answer to a request that must be accepted."""
    status, said = send(url, body)
    assert status == 200, said
    return json.loads(said)


def content(url: str, body: Json) -> str:
    """What the first choice says."""
    return answer(url, body)["choices"][0]["message"]["content"]


def refusal(url: str, body: Json | bytes) -> tuple[int, str]:
    """Status and message of a request that must be refused."""
    status, said = send(url, body)
    error = json.loads(said)["error"]
    assert error["code"] == status
    return status, error["message"]


def events(url: str, body: Json) -> list[Json]:
    """The chunks of a streamed answer, without the last line, which must be [DONE]."""
    status, said = send(url, {**body, "stream": True})
    assert status == 200, said
    lines = [line.removeprefix("data: ") for line in said.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]
