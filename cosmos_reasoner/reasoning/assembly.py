"""Exchanges and an answer as one result."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import EncodedClip
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.reasoning.exchange import Exchange
from cosmos_reasoner.reasoning.result import Answer, Latencies, Provenance, Result, Status
from cosmos_reasoner.reasoning.scheduler import Priority
from cosmos_reasoner.reasoning.signs import Signs
from cosmos_reasoner.reasoning.time_budget import TimeBudget
from cosmos_reasoner.replies.defects import Defect
from cosmos_reasoner.tasks.task import Question

__all__ = ["Work", "assemble", "failure"]


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A question on its way: what is asked, about what, and how long it took to get this far, s."""

    question: Question
    clip: Clip
    encoded: EncodedClip
    budget: TimeBudget
    queue: float
    encode: float
    signs: Signs
    priority: Priority


def assemble(
    work: Work,
    profile: Profile,
    exchanges: Sequence[Exchange],
    answer: Answer | None,
    defects: tuple[Defect, ...],
    note: str = "",
) -> Result:
    """Put a result together.

    Args:
        work: What was asked.
        profile: Of the endpoint.
        exchanges: At least one; the first is the one that is shown.
        answer: The typed answer; None when none could be read.
        defects: What was wrong.
        note: What else there is to say of it.
    """
    shown = exchanges[0]
    return Result(
        question=work.question,
        prompt=shown.prompt.user,
        think=shown.reply.think,
        reply=shown.reply.answer,
        answer=answer,
        defects=defects,
        provenance=_provenance(work, profile, exchanges, answer, defects, note),
    )


def failure(question: Question, profile: Profile, error: Exception, spent: float) -> Result:
    """Say in a result that no reply came, for those who hear of results only.

    Args:
        question: What was asked.
        profile: Of the endpoint.
        error: Why.
        spent: How long it was tried, s.
    """
    provenance = Provenance(
        request_id=uuid.uuid4().hex,
        clip_start=0,
        clip_end=0,
        cameras=(),
        frame_id="",
        frame_count=0,
        model="",
        profile=profile.name,
        task=question.task,
        prompt_hash="",
        request_count=0,
        prompt_tokens=0,
        completion_tokens=0,
        latencies=Latencies(total=spent),
        status=Status.FAILED,
        status_text=str(error),
    )
    return Result(question, "", "", "", None, (), provenance)


def _provenance(
    work: Work,
    profile: Profile,
    exchanges: Sequence[Exchange],
    answer: Answer | None,
    defects: tuple[Defect, ...],
    note: str,
) -> Provenance:
    shown = exchanges[0]
    closed = [exchange.closed for exchange in exchanges if exchange.closed]
    status, text = Status.OK, note
    if answer is None:
        status, text = Status.DEFECTIVE, "; ".join(defect.text for defect in defects)
    elif closed:
        status, text = Status.TRUNCATED_THINK, "; ".join(filter(None, [f"{closed[0]}: the answer was asked for", note]))
    return Provenance(
        request_id=uuid.uuid4().hex,
        clip_start=work.clip.start,
        clip_end=work.clip.end,
        cameras=work.clip.cameras,
        frame_id=work.clip.newest.frame_id,
        frame_count=work.encoded.frame_count,
        model=shown.finish.model,
        profile=profile.name,
        task=work.question.task,
        prompt_hash=shown.prompt.hash,
        request_count=len(exchanges) + len(closed),
        prompt_tokens=sum(exchange.finish.prompt_tokens for exchange in exchanges),
        completion_tokens=sum(exchange.finish.completion_tokens for exchange in exchanges),
        latencies=Latencies(
            queue=work.queue + shown.waited,
            encode=work.encode,
            first_token=shown.first_token,
            think=shown.thinking,
            answer=shown.answering,
            total=work.budget.spent,
        ),
        status=status,
        status_text=text,
    )
