"""Encoded clips as the content parts of a chat message."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from cosmos_reasoner.clips.encode import EncodedClip, EncodedView, MediaForm
from cosmos_reasoner.endpoints.profile import TimeMode

__all__ = ["content_parts", "media_kwargs"]

Part = dict[str, Any]


def content_parts(clip: EncodedClip, time: TimeMode, *, uuid: bool = False) -> list[Part]:
    """The clip as content parts, view by view; to stand before the text, where servers can cache it.

    Each text ends its line: so it makes the same tokens whatever follows it, and can be counted without the pictures.

    Args:
        clip: What is seen.
        time: How the model is told when.
        uuid: Name each medium by its content, so that vLLM finds in its cache what it has seen before.
    """
    parts: list[Part] = []
    for view in clip.views:
        if len(clip.views) > 1:
            parts.append(_text(f"Camera {view.camera}:\n"))
        named = uuid and not view.address  # what lies at an address may change
        parts += [_named(part, view) if named else part for part in _parts(view, time)]
    return parts


def media_kwargs(clip: EncodedClip) -> Part | None:
    """The frames' times as `media_io_kwargs` of vLLM: indices at 1000 frames a second are milliseconds.

    vLLM applies them to every video of a request: where there are several, they have the same number of frames (see
    `Media.suited_to`), and the times are those of the first, to which the others are aligned.

    Returns:
        None when nothing in the clip is a frame sequence.
    """
    first = next((view for view in clip.views if view.form is MediaForm.JPEG_SEQUENCE), None)
    if first is None:
        return None
    times = [round(1000 * second) for second in first.seconds]
    return {"video": {"fps": 1000, "num_frames": -1, "frames_indices": times}}


def _parts(view: EncodedView, time: TimeMode) -> Iterator[Part]:
    if view.address:
        yield _image(view.address)
    elif view.form is MediaForm.MP4:
        yield _video("mp4", [view.files[0]])
    elif view.form is MediaForm.JPEG_SEQUENCE:
        yield _video("jpeg", list(view.files))
    else:
        for file, second in zip(view.files, view.seconds):
            if time is TimeMode.TEXT and len(view.files) > 1:
                yield _text(f"{second:.2f} s:\n")
            yield _image(_data_url("image/jpeg", [file]))


def _named(part: Part, view: EncodedView) -> Part:
    """Under a name that it knows a server answers about what it has seen: so the name is the hash of all it is told."""
    if part["type"] == "text":
        return part
    told = f"{view.seconds}{part[part['type']]['url']}"
    return {**part, "uuid": hashlib.sha256(told.encode()).hexdigest()[:32]}


def _text(text: str) -> Part:
    return {"type": "text", "text": text}


def _image(url: str) -> Part:
    return {"type": "image_url", "image_url": {"url": url}}


def _video(subtype: str, files: list[bytes]) -> Part:
    return {"type": "video_url", "video_url": {"url": _data_url(f"video/{subtype}", files)}}


def _data_url(mime: str, files: list[bytes]) -> str:
    return f"data:{mime};base64," + ",".join(base64.b64encode(file).decode("ascii") for file in files)
