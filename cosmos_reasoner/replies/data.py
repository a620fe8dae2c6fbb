"""Data in the form of a caller's own schema."""

from typing import Any

from cosmos_reasoner.errors import UnreadableAnswer
from cosmos_reasoner.replies.json_answer import read_json
from cosmos_reasoner.replies.wording import shortened
from cosmos_reasoner.tasks.schema import violation

__all__ = ["read_data"]


def read_data(answer: str, schema: dict[str, Any] | None) -> tuple[object, bool]:
    """Read the one JSON object or list of an answer.

    Args:
        answer: What the model wrote.
        schema: JSON schema that it must obey; None for any.

    Returns:
        The value, and whether something had to be mended.

    Raises:
        UnreadableAnswer: It is no JSON, or breaks the schema; the message says where.
        InvalidRequest: A `$ref` of the schema leads nowhere inside it.
    """
    value, mended = read_json(answer)
    if schema is not None and (broken := violation(value, schema)):
        raise UnreadableAnswer(f"the answer {shortened(answer)} breaks the schema: {shortened(broken, 200)}")
    return value, mended
