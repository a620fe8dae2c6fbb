"""What makes an item's answer what it is, as one short text."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.recordings.find import files_of
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import MAX_OPTIONS, render

__all__ = ["Keys", "fingerprint"]

_PIECE = 65_536
"""Bytes at both ends of a file that tell it from others of its name and size."""

_FILES = 16
"""Files at both ends of a folder that are looked into."""

_OF_NO_MATTER = {"name", "description", "base_url", "auth", "concurrency", "streaming"}
"""Of a profile, what does not change an answer."""

_NAMES = {"name", "description"}
"""Of a task, likewise."""

_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes keys of items for one way of asking.

    Attributes:
        tasks: What can be asked.
        profile: How the endpoint is asked.
        model: Who answers.
        rate: Frames a second.
        live: Whether a robot is simulated, whose questions may be dropped.
    """

    tasks: TaskLibrary
    profile: Profile
    model: str
    rate: float
    live: bool = False

    def of(self, item: Item) -> str:
        """Key of an item: 32 hex digits of the SHA-256 of all that its answer depends on.

        That is the recording (not where it lies), the window, the cameras, the question with its sample, the task, the
        prompt made of it, the profile, the model and the frame rate. What is right does not belong to it: a corrected
        label asks nothing.

        Raises:
            InvalidRequest: The question does not fit its task.
            OSError: The recording cannot be read.
        """
        first = replace(item.question, actions=item.question.actions[:MAX_OPTIONS])  # more are asked in groups
        task = self.tasks.named(first.task)
        prompt = render(task, first, None, self.profile.prompting.style)
        parts: list[Any] = [
            fingerprint(item.recording),
            [item.start, item.end, item.cameras, self.rate, self.live],
            asdict(item.question),
            task.model_dump(mode="json", exclude=_NAMES),
            prompt.hash,
            self.profile.model_dump(mode="json", exclude=_OF_NO_MATTER),
            self.model,
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:_DIGITS]


@lru_cache(maxsize=4096)
def fingerprint(recording: Path) -> str:
    """What tells a recording from others: names and sizes of its files, and both ends of the first and the last ones.

    Raises:
        OSError: It cannot be read.
        RecordingError: It is a folder without a recording.
    """
    digest = hashlib.sha256()
    files = files_of(recording)
    for file in files:
        digest.update(os.fsencode(file.name) + b" %d\n" % file.stat().st_size)
    for file in dict.fromkeys((*files[:_FILES], *files[-_FILES:])):  # of a folder of pictures there may be thousands
        with file.open("rb") as opened:
            digest.update(opened.read(_PIECE))
            opened.seek(max(file.stat().st_size - _PIECE, 0))
            digest.update(opened.read(_PIECE))
    return digest.hexdigest()
