"""A prompt and a clip as the body of a chat completion."""

import re
from dataclasses import dataclass
from typing import Any

from cosmos_reasoner.clips.encode import EncodedClip
from cosmos_reasoner.endpoints.media import content_parts, media_kwargs
from cosmos_reasoner.endpoints.profile import ConstraintMode, Profile, TimeMode
from cosmos_reasoner.tasks.prompt import Prompt

__all__ = ["Constraint", "build"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """What an answer may be.

    Attributes:
        choices: The only allowed answers; empty when `schema` says it.
        schema: A JSON schema.
    """

    choices: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None


def build(profile: Profile, prompt: Prompt, clip: EncodedClip, constraint: Constraint | None) -> dict[str, Any]:
    """Make the keyword arguments of `chat.completions.create`, but for the model.

    Args:
        profile: How the endpoint wants it.
        prompt: What is asked.
        clip: What is seen.
        constraint: What the answer may be; None for anything.
    """
    content = [*content_parts(clip, profile.media.time), {"type": "text", "text": prompt.user}]
    extra = _extra(profile, clip, constraint)
    body: dict[str, Any] = {
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": content}],
        "stream": True,
        "stream_options": {"include_usage": True},
        **profile.sampling.model_dump(),
    }
    if profile.logprobs and constraint is not None and constraint.choices:
        body |= {"logprobs": True, "top_logprobs": profile.logprobs}
    if constraint is not None and constraint.schema and profile.constraint is ConstraintMode.SCHEMA:
        body["response_format"] = _response_format(constraint.schema)
    return body | ({"extra_body": extra} if extra else {})


def _extra(profile: Profile, clip: EncodedClip, constraint: Constraint | None) -> dict[str, Any]:
    """What vLLM takes beside the OpenAI API."""
    extra: dict[str, Any] = {}
    if profile.media.time is TimeMode.METADATA and (times := media_kwargs(clip)):
        extra["media_io_kwargs"] = times
    if constraint is not None and constraint.choices:
        if profile.constraint is ConstraintMode.SCHEMA:
            extra["structured_outputs"] = {"choice": list(constraint.choices)}
        elif profile.constraint is ConstraintMode.REGEX:
            extra["structured_outputs"] = {"regex": _regex(profile, constraint.choices)}
    return extra


def _response_format(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


def _regex(profile: Profile, choices: tuple[str, ...]) -> str:
    """Match a whole reply: free reasoning first, then one of the choices."""
    answer = f"({'|'.join(re.escape(choice) for choice in choices)})"
    if profile.prompting.reasoning == "none":
        return answer
    think = r"<think>\n[^<]+\n</think>\s*"
    return think + (rf"<answer>\n{answer}\n</answer>" if profile.prompting.answer_tag else answer)
