"""What a model sees of clips."""

import asyncio
from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.clips.encode import EncodedClip, MediaForm
from cosmos_reasoner.clips.processors import Processor
from cosmos_reasoner.doctor.bench import Bench, Trial, question
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.samples import arrived, film, later
from cosmos_reasoner.endpoints.media import content_parts, media_kwargs
from cosmos_reasoner.endpoints.profile import TimeMode

__all__ = ["Films", "examine_films"]

_GROUP = "media"
_SEQUENCE_FRAMES = 40
"""More than the 32 that vLLM keeps unless told otherwise."""

_FILE_FRAMES = 16
_RATE = 4.0
"""Frames a second; twice as many as vLLM takes of a file unless told otherwise."""

_KEEP_ALL = """serve it with --media-io-kwargs '{"video": {"fps": 4, "num_frames": -1}}'"""

_TRUST = "serve it with --trust-request-mm-kwargs: else the model does not learn when the frames were taken"


@dataclass(frozen=True, slots=True)
class Films:
    """How a model takes clips; what is None was not found out.

    Attributes:
        sequence: JPEG sequences are accepted.
        kept: Frames of a long sequence that arrive; None also when all do.
        file: Files (mp4) are accepted.
        rate: Frames a second that are read of a file.
        times: The times of the frames can be told beside the request.
        findings: The same in words.
    """

    sequence: bool | None
    kept: int | None
    file: bool | None
    rate: float | None
    times: bool | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A clip, what came of it, and how many of its frames arrived (None: unknown)."""

    sent: int
    trial: Trial
    seen: int | None
    counted: bool


async def examine_films(bench: Bench, plain: int, rules: Processor) -> Films:
    """Show clips in every form, and find out from their tokens what arrives of them.

    Args:
        bench: Asks.
        plain: Prompt tokens of the same question without media; 0 when they are not told.
        rules: How the model counts.
    """
    sequence = film(_SEQUENCE_FRAMES, _RATE, MediaForm.JPEG_SEQUENCE, rules)
    file = film(_FILE_FRAMES, _RATE, MediaForm.MP4, rules)
    kept, told, read = await asyncio.gather(
        _show(bench, plain, rules, sequence),
        _show(bench, plain, rules, later(sequence), tell=True),
        _show(bench, plain, rules, file),
    )
    times = told.seen == told.sent if told.counted else None if told.trial.said else told.trial.accepted
    findings = (_sequence(kept, rules, times is True), _file(read, rules), _times(told, rules))
    rate = _RATE * read.seen / read.sent if read.seen else None
    cut = kept.seen if kept.seen and kept.seen < kept.sent else None
    return Films(kept.trial.accepted, cut, read.trial.accepted, rate, times, findings)


async def _show(bench: Bench, plain: int, rules: Processor, clip: EncodedClip, tell: bool = False) -> _Shown:
    view = clip.views[0]
    more: dict[str, Any] = {"extra_body": {"media_io_kwargs": media_kwargs(clip)}} if tell else {}
    trial = await bench.trial(question(*content_parts(clip, TimeMode.NONE)), **more)
    counted = bool(plain and trial.prompt_tokens)
    times = view.seconds if tell else ()
    seen = arrived(view, rules, trial.prompt_tokens - plain, times) if counted else None
    return _Shown(len(view.seconds), trial, seen, counted)


def _sequence(shown: _Shown, rules: Processor, told: bool) -> Finding:
    name = "jpeg_sequence"
    if not shown.trial.said:
        return Finding(_GROUP, name, Level.INFO, shown.trial.why)
    if shown.seen is None:
        return _uncounted(name, shown)
    text = f"accepted; {shown.seen} of {shown.sent} frames arrive"
    if shown.seen == shown.sent:
        return Finding(_GROUP, name, Level.OK, text)
    if told:
        return Finding(_GROUP, name, Level.OK, f"{text}, all when the request says so")
    return Finding(_GROUP, name, Level.WARN, f"{text}, silently", _TRUST if rules.stamps else _KEEP_ALL)


def _file(shown: _Shown, rules: Processor) -> Finding:
    if not shown.trial.said:
        return Finding(_GROUP, "mp4", Level.INFO, shown.trial.why)
    if shown.seen is None:
        return _uncounted("mp4", shown)
    rate = _RATE * shown.seen / shown.sent
    text = f"accepted; read at {rate:g} frames a second ({shown.seen} of {shown.sent} frames at {_RATE:g} Hz arrive)"
    if shown.seen == shown.sent:
        return Finding(_GROUP, "mp4", Level.OK, text)
    advice = (
        "send JPEG sequences: such a model samples files anew, whatever the server's flags"
        if rules.stamps
        else _KEEP_ALL
    )
    return Finding(_GROUP, "mp4", Level.WARN, text, advice)


def _times(shown: _Shown, rules: Processor) -> Finding:
    name = "times of frames"
    if shown.trial.accepted is None:
        return Finding(_GROUP, name, Level.INFO, shown.trial.why)
    if not shown.trial.said:
        level = Level.WARN if rules.stamps else Level.INFO
        return Finding(_GROUP, name, level, f"media_io_kwargs are {shown.trial.why}", _TRUST if rules.stamps else "")
    if not shown.counted:
        return Finding(_GROUP, name, Level.INFO, "media_io_kwargs are accepted; whether they work cannot be counted")
    if shown.seen == shown.sent:
        return Finding(_GROUP, name, Level.OK, f"media_io_kwargs are obeyed: all {shown.sent} frames arrive")
    return Finding(_GROUP, name, Level.WARN, "media_io_kwargs are accepted and ignored")


def _uncounted(name: str, shown: _Shown) -> Finding:
    if not shown.counted:
        return Finding(_GROUP, name, Level.INFO, "accepted; what arrives is not told")
    tokens = shown.trial.prompt_tokens
    text = f"accepted; {shown.sent} frames take {tokens} tokens with the question, which no number of frames explains"
    return Finding(_GROUP, name, Level.WARN, text, "do not trust token counts")
