"""How an endpoint is held to an answer."""

import re
from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.endpoints.profile import ConstraintMode, Profile

__all__ = ["Constraint", "behind_reasoning", "on_all"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """What an answer may be.

    Attributes:
        choices: The only allowed answers; empty when `schema` says it.
        schema: A JSON schema.
    """

    choices: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None


def on_all(profile: Profile, constraint: Constraint | None) -> dict[str, Any]:
    """What a request says to hold all that is written to a constraint; `extra_body` is what vLLM alone takes.

    Args:
        profile: Of the endpoint.
        constraint: What may be written; None for anything.
    """
    if constraint is None or profile.constraint is ConstraintMode.NONE:
        return {}
    if constraint.choices:
        return _structured({"choice": list(constraint.choices)})
    schema = {"name": "answer", "schema": constraint.schema or {}, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def behind_reasoning(profile: Profile, constraint: Constraint | None) -> dict[str, Any]:
    """What a request says to hold the answer to a constraint, and let the model reason freely before it.

    Where the server does not part the reasoning off (REGEX), the whole text is held to a regular expression, which
    can say the choices but no schema. Where it does (SCHEMA), the constraint holds from `</think>` on. A model that
    gives its answer bare writes an empty line there, which is asked for: else the probabilities of the letters
    would be those of an unnatural place.

    Args:
        profile: Of the endpoint.
        constraint: What the answer may be; None for anything.
    """
    if constraint is None or not constraint.choices:
        return on_all(profile, constraint) if profile.constraint is ConstraintMode.SCHEMA else {}
    answer = f"({'|'.join(re.escape(choice) for choice in constraint.choices)})"
    bare = rf"\n\n{answer}"
    if profile.constraint is ConstraintMode.REGEX:
        ending = rf"\s*<answer>\n{answer}\n</answer>" if profile.prompting.answer_tag else bare
        return _structured({"regex": rf"<think>\n[^<]+\n</think>{ending}"})
    if profile.constraint is ConstraintMode.SCHEMA and not profile.prompting.answer_tag:
        return _structured({"regex": bare})
    return on_all(profile, constraint)


def _structured(what: dict[str, Any]) -> dict[str, Any]:
    return {"extra_body": {"structured_outputs": what}}
