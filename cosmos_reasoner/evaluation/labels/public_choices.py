"""Records of public benchmarks with options: Physical AI Bench, ERQA, Minimal Video Pairs, IntPhys 2.

Forms as read by lmms-eval 0.7.3 (github.com/EvolvingLMMs-Lab/lmms-eval, tasks physical_ai_understanding, erqa, mvp and
intphys2).
"""

import ast
import re
from pathlib import Path
from string import ascii_uppercase

from pydantic import Field

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.evaluation.labels.files import benchmark_media
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.lettered import lettered_choice
from cosmos_reasoner.evaluation.labels.public_record import PublicRecord, Text
from cosmos_reasoner.evaluation.labels.truth import OptionTruth
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.tasks.task import Question

__all__ = ["Erqa", "IntPhys", "MinimalPairs", "PhysicalAiBench"]

_CHOICES = re.compile(r"\s*\bChoices:\s*", re.IGNORECASE)
_LETTER = re.compile(r"(?<!\S)\(?([A-Z])[.)]\s+")
_REQUEST = re.compile(r"\s*Please answer directly with only the letter\b.*", re.IGNORECASE | re.DOTALL)


class PhysicalAiBench(PublicRecord):
    """A question about a video, with lettered options."""

    question: Text
    index2ans: dict[str, str]
    answer: Text
    video_path: Text

    def item(self, name: str, place: str, folder: Path) -> Item:
        """Make an item; see PublicRecord."""
        question, truth = lettered_choice(self.question, self.index2ans, self.answer)
        return Item(
            f"{name} {place}",
            name,
            benchmark_media(folder, self.video_path, "video_path"),
            None,
            None,
            (),
            question,
            truth,
        )


class Erqa(PublicRecord):
    """A question about pictures, of which an item has one; its text ends in "Choices: A. ... B. ..."."""

    question: Text
    question_type: Text
    images: list[Text] = Field(min_length=1)
    answer: Text

    def item(self, name: str, place: str, folder: Path) -> Item:
        """Make an item; see PublicRecord. Its set is the type of question."""
        if len(self.images) > 1:
            raise ConfigurationError(f"images: there are {len(self.images)}, and only one can be shown")
        text, *choices = _CHOICES.split(_REQUEST.sub("", self.question), maxsplit=1)
        question, truth = lettered_choice(text, _options(" ".join(choices)), self.answer)
        recording = benchmark_media(folder, self.images[0], "images")
        return Item(f"{name} {place}", f"{name} {self.question_type}", recording, None, None, (), question, truth)


class MinimalPairs(PublicRecord):
    """One of two videos that differ in little, and two candidates, each of which is right for one of them."""

    question: Text
    candidates: list[str] | str
    answer: Text
    video_path: Text
    source: Text
    video_id: str = ""

    def item(self, name: str, place: str, folder: Path) -> Item:
        """Make an item; see PublicRecord. Its group is `video_id` without what follows the last underscore."""
        candidates = _listed(self.candidates)
        if len(candidates) != 2 or self.answer not in candidates:
            raise ConfigurationError("candidates: there must be two texts, one of them the answer")
        recording = benchmark_media(folder, self.video_path.lstrip("/"), "video_path")
        question, truth = Question("ask", self.question, tuple(candidates)), OptionTruth(candidates.index(self.answer))
        group = self.video_id.rpartition("_")[0]
        return Item(f"{name} {place}", f"{name} {self.source}", recording, None, None, (), question, truth, group)


class IntPhys(PublicRecord):
    """A simulated video that is, or is not, physically possible."""

    file_name: Text
    type: Text
    condition: Text

    def item(self, name: str, place: str, folder: Path) -> Item:
        """Make an item; see PublicRecord. Its set is the condition, such as permanence."""
        kind = self.type.lower()
        if "possible" not in kind:
            raise ConfigurationError(f"type: {self.type!r} says neither possible nor impossible")
        recording = benchmark_media(folder, self.file_name, "file_name")
        question = Question("ask", "Is what this video shows physically possible?", ("possible", "impossible"))
        truth = OptionTruth(int("impossible" in kind))
        return Item(f"{name} {place}", f"{name} {self.condition}", recording, None, None, (), question, truth)


def _options(text: str) -> dict[str, str]:
    """Options by letter; a capital that is not the next letter belongs to an option, as in "behind line C. ..."."""
    marks: list[re.Match[str]] = []
    for match in _LETTER.finditer(text):
        if ascii_uppercase.find(match[1]) == len(marks):
            marks.append(match)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return {mark[1]: text[mark.end() : end].strip() for mark, end in zip(marks, ends)}


def _listed(candidates: list[str] | str) -> list[str]:
    """Candidates; some copies of the data have them as the text of a Python list."""
    if isinstance(candidates, list):
        return candidates
    try:
        found = ast.literal_eval(candidates)
        return [readable(str(text)) for text in found] if isinstance(found, list) else []
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []
