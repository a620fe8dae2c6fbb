"""Ways of writing that say nothing: emphasis, boxes, "the answer is"."""

import re
import unicodedata

__all__ = ["LEAD", "plain", "shortened"]

LEAD = (
    r"(?i:(?:(?:so|thus|therefore|hence|因此|所以)[,，]?\s{0,2})?(?:"
    r"i(?: would|'d)? (?:choose|pick|select)\s{1,2}"
    r"|(?:(?:the|my) )?(?:(?:final|correct|right|best|most likely) )?(?:answer|option|choice)\b\s?(?:is\b)?"
    r"\s?[:：=]?\s{0,2}"
    r"|(?:正确|最终|最佳)?(?:答案|选项|选择|应选|我选|选)(?:应该|应)?[是为]?\s?[:：]?\s{0,2}))"
)
"""Pattern of one phrase that only announces an answer, in English or Chinese, in any case."""

_BOXED = re.compile(r"\${0,2}\\boxed\s?\{\s?(?:\\text(?:bf|rm)?\s?\{)?([^{}]*)\}{1,2}\${0,2}")
_EDGES = " \t\r\n*_`$\"'“”‘’"


def plain(text: str) -> str:
    r"""Take emphasis, quotes and LaTeX boxes off, and write full-width characters in their usual width (Unicode NFKC).

    A boxed answer is a stated answer: `\boxed{B}` becomes `answer: B`.
    """
    text = unicodedata.normalize("NFKC", text)
    text = _BOXED.sub(r"answer: \1", text).replace("**", "").replace("`", "")
    return text.strip(_EDGES)


def shortened(text: str, limit: int = 60) -> str:
    """Quote a text on one line, its middle left out where it is longer than `limit` characters."""
    line = " ".join(text.split())
    if len(line) > limit:
        line = f"{line[: limit // 2].rstrip()} ... {line[-limit // 2 :].lstrip()}"
    return f"'{line}'"
