"""Cameras, scheduler and reasoner together: whoever wants an answer about the newest clip asks here."""

from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.rig import CameraRig
from cosmos_reasoner.reasoning.audience import Audience
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.reasoning.result import Result
from cosmos_reasoner.reasoning.scheduler import Priority, Scheduler
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.tasks.task import Question

__all__ = ["Engine", "Window"]


@dataclass(frozen=True, slots=True)
class Window:
    """Which stretch of the buffered frames to look at: its length in s, its end in ns (None: newest), its cameras."""

    duration: float
    end: int | None = None
    cameras: Sequence[str] = ()


class Engine:
    """Answers questions about what the cameras saw.

    Args:
        rig: What they saw.
        reasoner: Who asks the endpoint.
        scheduler: Who goes first.
        way_back: What of a caller's time an answer takes from here to the caller, s.
    """

    def __init__(self, rig: CameraRig, reasoner: Reasoner, scheduler: Scheduler, way_back: float = 0.0) -> None:
        self.rig = rig
        self.reasoner = reasoner
        self.scheduler = scheduler
        self._way_back = way_back

    async def answer(
        self,
        question: Question,
        window: Window,
        seconds: float,
        priority: Priority = Priority.REQUEST,
        audience: Audience | None = None,
    ) -> Result:
        """Answer one question.

        The clip is taken when the turn comes, so that a request that waited sees what is newest then.

        Args:
            question: What is asked.
            window: About which stretch of time.
            seconds: How long the caller will wait, s.
            priority: Who goes first.
            audience: Is told of the clip, and of what the model writes while it writes it.

        Raises:
            CosmosReasonerError: Busy, Cancelled, ClipUnavailable, and those of `Reasoner.reason`.
        """
        self.reasoner.check(question)
        budget = TimeBudget(seconds, self._way_back)
        sees_newest = self.reasoner.tasks.named(question.task).frames == "newest"

        async def work() -> Result:
            clip = self.rig.clip(window.duration, window.end, window.cameras)
            if audience:
                audience.saw(clip.newest_frames() if sees_newest else clip)
            listener = audience.wrote if audience else None
            waits = priority is Priority.REQUEST
            return await self.reasoner.reason(question, clip, budget, listener, waits=waits, priority=priority)

        return await budget.hold(self.scheduler.run(priority, work))

    async def look_back(self, question: Question, clip: Clip, seconds: float) -> Result:
        """Answer one question about a clip that was taken before, once nobody else asks anything.

        Args:
            question: What is asked.
            clip: What is seen.
            seconds: How long an answer may take once its turn has come, s.

        Raises:
            Preempted: Somebody else asked something.
            CosmosReasonerError: Those of `Reasoner.reason`.
        """
        self.reasoner.check(question)

        async def work() -> Result:
            return await self.reasoner.reason(
                question, clip, TimeBudget(seconds), waits=False, priority=Priority.HINDSIGHT
            )

        return await self.scheduler.run(Priority.HINDSIGHT, work)
