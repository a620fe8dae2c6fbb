"""What motion cannot answer is refused before anything is measured."""

import json
import re
from typing import Any

from cosmos_reasoner.embedded.answers.question import Asked, Kind
from cosmos_reasoner.errors import InvalidRequest

__all__ = ["check_within_reach"]

_BEYOND: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("take data out of pictures by a JSON schema (task extract)", re.compile(r"\bjson[ -]schema\b", re.IGNORECASE)),
    (
        "find things as boxes or points (task ground)",
        re.compile(r'"bbox(?:_2d)?"|"point_2d"|\bbounding[ -]box(?:es)?\b|边界框|检测框', re.IGNORECASE),
    ),
    (
        "date events (task events)",
        re.compile(r'"start(?:_time)?".*"end(?:_time)?"|\bstart and end times?\b|起止时间', re.IGNORECASE | re.DOTALL),
    ),
    (
        "read text (task ocr)",
        re.compile(
            r"\b(?:copy|read|transcribe|recogni[sz]e)\b[^.?!:\n]{0,30}\b(?:text|words|letters|writing)\b|\bOCR\b"
            r"|(?:识别|读出|抄写|提取).{0,8}(?:文字|文本)",
            re.IGNORECASE,
        ),
    ),
)
"""What is beyond this endpoint, with the words or JSON keys that every request for it needs."""


def check_within_reach(asked: Asked, schema: dict[str, Any] | None) -> None:
    """Refuse a question for places, times of events, texts or data; letters and outcomes are always within reach.

    Args:
        asked: The question.
        schema: JSON schema of the answer, if any; only the answers of these tasks are lists.

    Raises:
        InvalidRequest: It asks for what this endpoint cannot do; the message says what, and who can.
    """
    if asked.options or asked.kind is Kind.OUTCOMES:
        return
    form = json.dumps(schema) if schema and schema.get("type") == "array" else ""
    for what, words in _BEYOND:
        if words.search(f"{asked.text}\n{form}"):
            raise InvalidRequest(
                f"this endpoint measures motion and cannot {what}: ask a vision-language model instead, such as "
                "Cosmos-Reason or Qwen-VL"
            )
