"""Items, results and records for tests of runs and scores."""

from pathlib import Path
from typing import Any

from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.truth import Truth
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.reasoning.result import Answer, Latencies, Provenance, Result, Status
from cosmos_reasoner.replies.defects import Defect
from cosmos_reasoner.tasks.task import Question

ORIGIN = 1_000_000_000
"""Stamp of the first frame of every recording here, ns."""


def item(
    name: str = "one",
    truth: Truth | None = None,
    recording: Path = Path("ball.mp4"),
    window: tuple[float | None, float | None] = (0.0, 2.0),
    **more: Any,
) -> Item:
    """An item with a question in words."""
    question = more.pop("question", Question("ask", "What moves?"))
    return Item(name, more.pop("set", "set"), recording, *window, more.pop("cameras", ()), question, truth, **more)


def provenance(status: Status = Status.OK, clip_end: float = 2.0, total: float = 1.0, **more: Any) -> Provenance:
    """How a result came to be; `clip_end` in s from the recording's start."""
    fields: dict[str, Any] = {
        "request_id": "id",
        "clip_start": ORIGIN,
        "clip_end": ORIGIN + round(clip_end * 1e9),
        "cameras": ("ball",),
        "frame_id": "camera",
        "frame_count": 8,
        "model": "scripted",
        "profile": "test",
        "task": "ask",
        "prompt_hash": "0",
        "request_count": 1,
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "latencies": Latencies(0.1, 0.2, 0.3, 0.1, 0.3, total),
        "status": status,
        "status_text": "" if status is Status.OK else "why",
    }
    return Provenance(**{**fields, **more})


def result(answer: Answer | None, defects: tuple[Defect, ...] = (), **more: Any) -> Result:
    """A result; DEFECTIVE without an answer."""
    question = more.pop("question", Question("ask", "What moves?"))
    status = more.pop("status", Status.DEFECTIVE if answer is None else Status.OK)
    return Result(question, "What moves?", "I look.", "It.", answer, defects, provenance(status, **more))


def record(answer: Answer | None, key: str = "k", name: str = "one", **more: Any) -> Record:
    """A record with a result."""
    return Record(key, name, ORIGIN, result(answer, **more))
