"""Items on a Ray cluster: a worker for each recording, and their records come back here, one by one.

A worker that dies loses only what it had not handed over yet: those items go to another worker.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmos_reasoner.errors import ConfigurationError, EndpointUnavailable
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.run.record import Record
from cosmos_reasoner.evaluation.run.shard import Job, Report, answer_shard
from cosmos_reasoner.reasoning.together import all_of

__all__ = ["LOCAL", "ClusterAsker"]

LOCAL = "local"
"""Address that means a cluster on this machine, started for the run."""

_ATTEMPTS = 3
"""Workers that may die over the same recording; then the rest of it is left for another time."""


@dataclass(frozen=True, slots=True)
class ClusterAsker:
    """Asks items on a Ray cluster; to a session the same as an `Asker`.

    On the machines of the cluster this package must be installed, the recordings must lie at the same paths, and a key
    must be in the environment or in its file.

    Attributes:
        address: Of the cluster; LOCAL for one on this machine.
        job: How items are asked.
        workers: Recordings on their way at the same time.
        strips: Folder for the pictures of what was seen, on this machine.
    """

    address: str
    job: Job
    workers: int
    strips: Path

    async def ask_all(
        self, items: Mapping[str, Item], on_record: Callable[[Record], None], on_fault: Callable[[str], None]
    ) -> None:
        """Ask items, and hand out the record of each as soon as it is there.

        Args:
            items: By key.
            on_record: Takes a record. What it raises ends the work.
            on_fault: Is told of trouble that does not end it.

        Raises:
            ConfigurationError: Ray is not installed, or there is no such cluster.
            EndpointUnavailable: The endpoint is gone.
        """
        if not items:
            return
        with _cluster(self.address, self.workers) as ray:
            remote = ray.remote(num_cpus=1, max_retries=0)(answer_shard).options(num_returns="streaming")
            turns = asyncio.Semaphore(self.workers)

            def take(report: Report, shard: dict[str, Item]) -> None:
                if report.stopped:
                    raise EndpointUnavailable(report.stopped)
                if report.fault:
                    on_fault(report.fault)
                    return
                record = Record.from_line(report.line)
                if report.strip:
                    (self.strips / f"{record.key}.jpg").write_bytes(report.strip)
                shard.pop(record.key, None)
                on_record(record)

            async def work(shard: dict[str, Item]) -> None:
                async with turns:
                    for _ in range(_ATTEMPTS):
                        if died := await self._answered(ray, remote, shard, take):
                            on_fault(f"{_recording(shard)}: a worker died over it: {died}")
                        if not died or not shard:
                            return

            await all_of(work(shard) for shard in _shards(items))

    async def _answered(
        self, ray: Any, remote: Any, shard: dict[str, Item], take: Callable[[Report, dict[str, Item]], None]
    ) -> str:
        """Have a worker answer a shard, and say why it died; nothing where it did not."""
        try:
            async for reference in remote.remote(self.job, dict(shard)):
                take(await reference, shard)
        except ray.exceptions.RayTaskError as error:
            raise ConfigurationError(f"a worker could not do its part: {error.cause}") from error
        except ray.exceptions.RayError as error:
            return str(error).partition("\n")[0]
        return ""


def _shards(items: Mapping[str, Item]) -> list[dict[str, Item]]:
    """Items by their recordings."""
    shards: dict[Path, dict[str, Item]] = {}
    for key, item in items.items():
        shards.setdefault(item.recording, {})[key] = item
    return list(shards.values())


def _recording(shard: Mapping[str, Item]) -> Path | str:
    return next((item.recording for item in shard.values()), "a recording")


@contextmanager
def _cluster(address: str, workers: int) -> Iterator[Any]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a run tells nobody of itself
    try:
        import ray
    except ModuleNotFoundError as error:
        raise ConfigurationError("--ray needs Ray: pip install 'cosmos_reasoner[ray]'") from error
    here = {"num_cpus": workers, "include_dashboard": False, "runtime_env": {"env_vars": {"PYTHONPATH": _path()}}}
    try:
        ray.init(
            **(here if address == LOCAL else {"address": address}), log_to_driver=False, logging_level=logging.ERROR
        )
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise ConfigurationError(f"--ray {address}: no cluster: {error}") from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _path() -> str:
    """Where this process finds its packages; its workers on the same machine shall too."""
    return os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
