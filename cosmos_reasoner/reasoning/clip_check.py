"""Whether the endpoint saw the clip as it was sent: its count of the prompt's tokens against ours."""

from cosmos_reasoner.replies.defects import Defect, DefectKind
from cosmos_reasoner.tasks.prompt import Prompt

__all__ = ["altered"]

_MOST_CHARACTERS = 8
"""Of a token of text: English has about 4."""

_TEMPLATE = 64
"""Tokens that a chat template may add around the messages."""


def altered(prompt: Prompt, frames: int, counted: int, clip: int, text: int | None) -> tuple[Defect, ...]:
    """The defect of a clip that reached the model with other frames, or other sizes, than were sent; else none.

    Args:
        prompt: What was asked.
        frames: How many frames were sent.
        counted: Prompt tokens by the endpoint's count; 0 when it did not say.
        clip: Tokens of the clip by ours.
        text: Tokens of the text by the endpoint's count; None when it does not count for us, and a range is taken.
    """
    if not counted:
        return ()
    words = prompt.system + prompt.user
    least = len(words) // _MOST_CHARACTERS if text is None else text
    most = len(words.encode()) + _TEMPLATE + 8 * frames if text is None else text
    if counted - least < clip:
        bound, seen, what = "at most ", counted - least, "frames were dropped or made smaller"
    elif counted - most > clip:
        bound, seen, what = "at least ", counted - most, "frames were made larger or repeated"
    else:
        return ()
    told = f"the endpoint counted {bound if text is None else ''}{seen} tokens for {frames} frames that take {clip}"
    return (Defect(DefectKind.CLIP_ALTERED, f"{told}: {what} on the way"),)
