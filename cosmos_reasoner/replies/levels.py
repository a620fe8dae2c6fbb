"""Levels that an answer can state, numbered as in the messages."""

from enum import IntEnum

__all__ = ["Hazard", "Origin", "Verdict"]


class Hazard(IntEnum):
    """How dangerous an outcome is to people, the robot or things; HAZARD_* of cosmos_reasoner_msgs/msg/Outcome.msg."""

    UNKNOWN = 0
    NONE = 1
    LOW = 2
    HIGH = 3
    IMMINENT = 4


class Origin(IntEnum):
    """Where a probability comes from; ORIGIN_* of cosmos_reasoner_msgs/msg/Outcome.msg."""

    NONE = 0
    SELF_REPORTED = 1
    VOTE = 2
    LOGPROB = 3


class Verdict(IntEnum):
    """Whether a statement came true; constants of cosmos_reasoner_msgs/msg/OutcomeVerdict.msg."""

    UNCLEAR = 0
    HAPPENED = 1
    DID_NOT = 2
