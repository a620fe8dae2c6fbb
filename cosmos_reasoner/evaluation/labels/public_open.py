"""Records of public benchmarks without options: OpenEQA, VideoPhy-2."""

from pathlib import Path, PurePosixPath

from pydantic import Field, model_validator
from typing_extensions import Self

from cosmos_reasoner.evaluation.labels.files import benchmark_media
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.public_record import PublicRecord, Text
from cosmos_reasoner.evaluation.labels.truth import ScoreTruth, TextTruth
from cosmos_reasoner.tasks.task import Question

__all__ = ["OpenEqa", "VideoPhy"]


class OpenEqa(PublicRecord):
    """A question about a walk through a building; the answer is text (github.com/facebookresearch/open-eqa)."""

    question: Text
    answer: Text
    category: Text
    question_id: Text
    episode_history: Text
    extra_answers: list[str] | None = None

    def item(self, name: str, place: str, folder: Path) -> Item:  # noqa: ARG002  records have ids of their own
        """Make an item; see PublicRecord. Its set is the category."""
        recording = benchmark_media(folder, self.episode_history, "episode_history")
        truth = TextTruth((self.answer, *(self.extra_answers or ())))
        question = Question("ask", self.question)
        return Item(self.question_id, f"{name} {self.category}", recording, None, None, (), question, truth)


class VideoPhy(PublicRecord):
    """A generated video with the people's score for physical common sense, 1 to 5 (github.com/Hritikbansal/videophy).

    The field is `pc` in the data set. The video is `video_path`, or stands beside the labels under the last part of
    `video_url`; nothing is downloaded.
    """

    pc: int = Field(ge=1, le=5)
    video_path: str = ""
    video_url: str = ""

    @model_validator(mode="after")
    def _check_video(self) -> Self:
        if not self.video_path and not self.video_url:
            raise ValueError("video_path: is missing")
        return self

    def item(self, name: str, place: str, folder: Path) -> Item:
        """Make an item; see PublicRecord."""
        video = self.video_path or PurePosixPath(self.video_url.partition("?")[0]).name
        recording = benchmark_media(folder, video, "video_path" if self.video_path else "video_url")
        return Item(f"{name} {place}", name, recording, None, None, (), Question("critique"), ScoreTruth(self.pc))
