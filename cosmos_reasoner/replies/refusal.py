"""Replies in which a model declines to answer."""

import re

__all__ = ["is_refusal"]

_LONGEST = 400
"""Characters; a longer text says more than no."""

_ENGLISH = re.compile(
    r"(?:i['’]?m|i am|my apologies|apologies|sorry)(?: (?:very |so |really )?sorry)?[,;:.]?\s*(?:but )?i\s?"
    r"(?:can['’]?t|can ?not|won['’]?t|will not|(?:am|['’]m) (?:unable|not able) to|(?:am|['’]m) not allowed to)\s+"
    r"(?:help|assist|answer|comply|fulfil|fulfill|do that|provide|discuss|engage|continue)\b"
    r"|i (?:can['’]?t|can ?not) (?:help|assist)(?: you)? with (?:that|this)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?:很|非常|十分)?(?:抱歉|对不起|不好意思)[,,，。!！\s]*(?:但|但是)?我?(?:无法|不能|没办法|不可以)(?:为您|为你|向您)?"
    r"(?:回答|提供|协助|帮助|满足|处理|讨论|继续)"
)


def is_refusal(answer: str) -> bool:
    """Tell whether an answer is an apology for not answering, in English or Chinese.

    Only a short text counts, and only when it starts with the apology and names what the model will not do ("help",
    "answer", ...): "I'm sorry, but I can't see the cup" is an answer.
    """
    if len(answer) > _LONGEST:
        return False
    text = answer.lstrip(" \t\r\n*_\"'“‘")
    return bool(_ENGLISH.match(text) or _CHINESE.match(text))
