"""A recording's items, answered in a process of their own; runs on a machine of a cluster."""

import asyncio
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cosmos_reasoner.endpoints.spec import EndpointSpec
from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.asking import Asker
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.tasks.library import TaskLibrary

__all__ = ["Job", "Report", "answer_shard"]


@dataclass(frozen=True, slots=True)
class Job:
    """How items are asked; it travels, and a key does not: each machine reads it from its own environment or file.

    Attributes:
        endpoint: Who is asked.
        tasks: Folder with the user's tasks; None for ours alone.
        rate: Frames a second and camera, Hz.
        concurrency: Items of one recording on their way at the same time.
        seconds: How long one answer may take, s.
    """

    endpoint: EndpointSpec
    tasks: Path | None
    rate: float
    concurrency: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker hands over.

    Attributes:
        line: A record, as in results.jsonl; empty for none.
        strip: The picture that belongs to it, a JPEG file; empty for none.
        fault: What was wrong with a recording that could be used in part; empty for nothing.
        stopped: Why the rest was given up; empty when it was not.
    """

    line: bytes = b""
    strip: bytes = b""
    fault: str = ""
    stopped: str = ""


def answer_shard(job: Job, items: Mapping[str, Item]) -> Iterator[Report]:
    """Ask items, and report on each as soon as its record is there.

    Args:
        job: How.
        items: By key.
    """
    reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory() as strips:
        thread = threading.Thread(target=_answer, args=(job, items, Path(strips), reports.put), daemon=True)
        thread.start()
        while (report := reports.get()) is not None:
            yield report
        thread.join()


def _answer(job: Job, items: Mapping[str, Item], strips: Path, put: Callable[[Report | None], None]) -> None:
    def on_record(record: Record) -> None:
        strip = strips / f"{record.key}.jpg"
        put(Report(record.to_line(), strip.read_bytes() if record.strip else b""))
        strip.unlink(missing_ok=True)

    try:
        asyncio.run(_ask(job, items, strips, on_record, lambda line: put(Report(fault=line))))
    except CosmosReasonerError as error:
        put(Report(stopped=str(error)))
    except Exception as error:  # noqa: BLE001  a defect of ours must be told, not wait here for ever
        put(Report(stopped=f"{type(error).__name__}: {error}"))
    finally:
        put(None)


async def _ask(
    job: Job,
    items: Mapping[str, Item],
    strips: Path,
    on_record: Callable[[Record], None],
    on_fault: Callable[[str], None],
) -> None:
    client = job.endpoint.client(job.concurrency)
    try:
        reasoner = Reasoner([client], TaskLibrary.load(job.tasks))
        asker = Asker(reasoner, job.rate, job.concurrency, job.seconds, strips)
        await asker.ask_all(items, on_record, on_fault)
    finally:
        await client.close()
