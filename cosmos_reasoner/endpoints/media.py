"""Encoded clips as the content parts of a chat message."""

import base64
from collections.abc import Iterator
from typing import Any

from cosmos_reasoner.clips.encode import EncodedClip, EncodedView, MediaForm
from cosmos_reasoner.endpoints.profile import TimeMode

__all__ = ["content_parts", "media_kwargs"]

Part = dict[str, Any]


def content_parts(clip: EncodedClip, time: TimeMode) -> list[Part]:
    """The clip as content parts, view by view; to stand before the text, where servers can cache it."""
    parts: list[Part] = []
    for view in clip.views:
        if len(clip.views) > 1:
            parts.append(_text(f"Camera {view.camera}:"))
        parts.extend(_parts(view, time))
    return parts


def media_kwargs(clip: EncodedClip) -> Part | None:
    """The frames' times as `media_io_kwargs` of vLLM: indices at 1000 frames a second are milliseconds.

    vLLM applies them to every video of a request, so that several views get one list each, which only the embedded
    endpoint reads.

    Returns:
        None when nothing in the clip is a frame sequence.
    """
    times = [
        [round(1000 * second) for second in view.seconds] for view in clip.views if view.form is MediaForm.JPEG_SEQUENCE
    ]
    if not times:
        return None
    return {"video": {"fps": 1000, "num_frames": -1, "frames_indices": times[0] if len(times) == 1 else times}}


def _parts(view: EncodedView, time: TimeMode) -> Iterator[Part]:
    if view.form is MediaForm.MP4:
        yield _video("mp4", [view.files[0]])
    elif view.form is MediaForm.JPEG_SEQUENCE:
        yield _video("jpeg", list(view.files))
    else:
        for file, second in zip(view.files, view.seconds):
            if time is TimeMode.TEXT and len(view.files) > 1:
                yield _text(f"{second:.2f} s:")
            yield {"type": "image_url", "image_url": {"url": _data_url("image/jpeg", [file])}}


def _text(text: str) -> Part:
    return {"type": "text", "text": text}


def _video(subtype: str, files: list[bytes]) -> Part:
    return {"type": "video_url", "video_url": {"url": _data_url(f"video/{subtype}", files)}}


def _data_url(mime: str, files: list[bytes]) -> str:
    return f"data:{mime};base64," + ",".join(base64.b64encode(file).decode("ascii") for file in files)
