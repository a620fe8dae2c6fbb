"""What can be wrong with a reply."""

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Defect", "DefectKind", "repairs"]


class DefectKind(IntEnum):
    """Kinds of defects, numbered as in cosmos_reasoner_msgs/msg/Defect.msg."""

    TRUNCATED = 1
    NO_REASONING = 2
    UNCLOSED_THINK = 3
    NO_ANSWER = 4
    UNCLOSED_ANSWER = 5
    SEVERAL_ANSWERS = 6
    UNREADABLE = 7
    REPAIRED = 8
    REFUSED = 9
    CLIP_ALTERED = 10


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that was wrong with a reply: its kind, and what exactly."""

    kind: DefectKind
    text: str


def repairs(mended: bool) -> tuple[Defect, ...]:
    """The defect of an answer that had to be mended; none where it had not."""
    return (Defect(DefectKind.REPAIRED, "the answer was mended before it could be read"),) if mended else ()
