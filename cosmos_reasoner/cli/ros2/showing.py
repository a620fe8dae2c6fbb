"""What `ros2 reason` shows of a question: the reasoning while it is written, and what came of it."""

from types import TracebackType

from cosmos_reasoner.cli.cells import one_line
from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.nodes.conversions import nanoseconds
from cosmos_reasoner.nodes.plain import plain
from cosmos_reasoner.replies.live import Part, Piece
from cosmos_reasoner_msgs.action import Reason
from cosmos_reasoner_msgs.msg import Reasoning

__all__ = ["Transcript", "show_source"]


class Transcript:
    """Writes what a model writes. A context manager: what breaks off ends its line.

    Args:
        console: Where.

    Attributes:
        answer: What was written of the answer.
    """

    def __init__(self, console: Console) -> None:
        self.answer = ""
        self._console = console
        self._has_begun = False

    def __call__(self, feedback: Reason.Feedback) -> None:
        """Take what has just been written."""
        part = Part(feedback.part)
        self._has_begun = True
        self.answer = "" if part is Part.RESTART else self.answer + (feedback.text if part is Part.ANSWER else "")
        self._console.write(Piece(part, feedback.text))

    def __enter__(self) -> "Transcript":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None and self._has_begun:
            self._console.line()


def show_source(reasoning: Reasoning, console: Console) -> None:
    """Write what is to be known of an answer: what is wrong with it, what was seen, what it cost."""
    told = plain(reasoning)
    source = told["provenance"]
    if source["status"] != "ok":
        console.line(f"{source['status'].upper()}: {one_line(source['status_text'])}", style="red")
    for defect in told["defects"]:
        console.line(f"{defect['kind'].upper()}: {one_line(defect['text'])}", style="yellow")
    clip = reasoning.provenance
    seconds = (nanoseconds(clip.clip_end) - nanoseconds(clip.clip_start)) / 1e9
    console.line(
        f"{one_line(clip.model)}: {clip.frame_count} frames of {seconds:.2f} s, "
        f"{clip.prompt_tokens} + {clip.completion_tokens} tokens, {source['total_latency']:.2f} s",
        style="dim",
    )
