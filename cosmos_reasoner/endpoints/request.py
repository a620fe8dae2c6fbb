"""A prompt and a clip as the body of a chat completion."""

from typing import Any

from cosmos_reasoner.clips.encode import EncodedClip
from cosmos_reasoner.endpoints.constraints import Constraint, behind_reasoning, on_all
from cosmos_reasoner.endpoints.media import content_parts, media_kwargs
from cosmos_reasoner.endpoints.profile import Draw, Profile, TimeMode
from cosmos_reasoner.tasks.prompt import Prompt

__all__ = ["build", "continued"]

_STANDARD = ("temperature", "top_p", "max_tokens", "seed", "presence_penalty")
"""What the OpenAI API knows of a `Draw`; vLLM takes the rest too."""


def build(
    profile: Profile,
    prompt: Prompt,
    clip: EncodedClip,
    constraint: Constraint | None,
    time: TimeMode | None = None,
    sample: int = 0,
) -> dict[str, Any]:
    """Make the keyword arguments of `chat.completions.create`, but for the model.

    Args:
        profile: How the endpoint wants it.
        prompt: What is asked.
        clip: What is seen.
        constraint: What the answer may be; None for anything.
        time: How the model is told when; None for as the profile says.
        sample: Which of several replies to the same question; each has a seed of its own.
    """
    time = time or profile.media.time
    content = [*content_parts(clip, time, uuid=profile.media.uuid), {"type": "text", "text": prompt.user}]
    body: dict[str, Any] = {
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": content}],
        "stream": profile.streaming,
    }
    if profile.streaming:
        body["stream_options"] = {"include_usage": True}
    if profile.logprobs and constraint is not None and constraint.choices:
        body |= {"logprobs": True, "top_logprobs": profile.logprobs}
    extra: dict[str, Any] = {}
    if time is TimeMode.METADATA and (times := media_kwargs(clip)):
        extra["media_io_kwargs"] = times
    if profile.prompting.thinking_switch and not prompt.reasons:
        extra["chat_template_kwargs"] = {"enable_thinking": False}
    draw = profile.sampling.draw(prompt.reasons)
    held = behind_reasoning(profile, constraint) if prompt.reasons else on_all(profile, constraint)
    return _with(body, extra, _drawn(draw, sample), held)


def continued(body: dict[str, Any], profile: Profile, written: str, constraint: Constraint | None) -> dict[str, Any]:
    """Make the request that goes on behind what a model has already written, its reasoning closed.

    Args:
        body: The request that it was answering.
        profile: How the endpoint wants it.
        written: The reply so far, up to where its answer begins.
        constraint: What the answer may be; None for anything.
    """
    messages = [*body["messages"], {"role": "assistant", "content": written}]
    extra = {name: value for name, value in body.get("extra_body", {}).items() if name != "structured_outputs"}
    kept = {name: value for name, value in body.items() if name not in ("extra_body", "response_format")}
    extra |= {"continue_final_message": True, "add_generation_prompt": False}
    if profile.prompting.thinking_switch:
        extra["chat_template_kwargs"] = {"enable_thinking": False}
    if profile.prompting.answer_tag:
        kept["stop"] = ["</answer>"]
    return _with({**kept, "messages": messages}, extra, on_all(profile, constraint))


def _with(body: dict[str, Any], extra: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    """Add what vLLM takes beside the OpenAI API as `extra_body`."""
    for part in more:
        extra = extra | part.get("extra_body", {})
        body = body | part
    return {**body, "extra_body": extra} if extra else {k: v for k, v in body.items() if k != "extra_body"}


def _drawn(draw: Draw, sample: int) -> dict[str, Any]:
    said = draw.model_dump(exclude_none=True)
    if draw.seed is not None:
        said["seed"] = draw.seed + sample
    extra = {name: said.pop(name) for name in tuple(said) if name not in _STANDARD}
    return {**said, "extra_body": extra}
