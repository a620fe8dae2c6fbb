"""How many prompt tokens a clip takes: what an endpoint's own count is compared with."""

from typing import Any

from cosmos_reasoner.clips.encode import EncodedClip, EncodedView, MediaForm
from cosmos_reasoner.clips.processors import Processor, image_tokens, video_tokens
from cosmos_reasoner.endpoints.profile import TimeMode

__all__ = ["clip_tokens", "text_alone"]

_SEQUENCE_RATE = 1.0
"""Frames a second that vLLM assumes of a frame sequence when nobody says how many."""


def clip_tokens(clip: EncodedClip, processor: Processor, time: TimeMode) -> int:
    """Prompt tokens of all pictures and videos of a clip; exact when the endpoint sees them as they were sent."""
    first = next((view for view in clip.views if view.form is MediaForm.JPEG_SEQUENCE), None)
    return sum(_tokens(view, processor, first if time is TimeMode.METADATA else None) for view in clip.views)


def text_alone(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same messages without their pictures and videos."""
    return [
        message
        if isinstance(message["content"], str)
        else {**message, "content": [part for part in message["content"] if part["type"] == "text"]}
        for message in messages
    ]


def _tokens(view: EncodedView, processor: Processor, told: EncodedView | None) -> int:
    if view.form is MediaForm.IMAGES:
        return len(view.seconds) * image_tokens(processor, view.size)
    seconds = told.seconds if told else tuple(index / _SEQUENCE_RATE for index in range(len(view.seconds)))
    if view.form is MediaForm.MP4:
        seconds = view.seconds
    return video_tokens(processor, view.size, seconds)
