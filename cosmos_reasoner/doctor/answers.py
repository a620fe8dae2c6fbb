"""How replies come: reasoning apart or not, log-probabilities, and whether one can be continued."""

import asyncio
from typing import Any

from cosmos_reasoner.doctor.bench import Bench, Said, question
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.reach import GREETING_TOKENS

__all__ = ["NO_THINKING", "REASON_FIRST", "examine_logprobs", "examine_prefill", "examine_switch"]

NO_THINKING: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}
"""What the chat templates of Qwen3 take to leave the reasoning out."""

REASON_FIRST = {"role": "system", "content": "Reason between <think> and </think>, then answer in <answer></answer>."}
"""Asks for reasoning in tags."""

_GROUP = "answers"
_ALTERNATIVES = (20, 5, 1)
_CONTINUED = {"continue_final_message": True, "add_generation_prompt": False}


async def examine_switch(bench: Bench, hello: Said) -> Finding:
    """Find out whether the chat template can switch reasoning off.

    Args:
        bench: Asks.
        hello: What the same question gets without the switch.
    """
    trial = await bench.trial(question(), GREETING_TOKENS, extra_body=NO_THINKING)
    if not trial.said:
        said = {"prompting.thinking_switch": False} if trial.refused else {}
        return Finding(_GROUP, "thinking switch", Level.INFO, trial.why, profile=said)
    if _switches(trial.said, hello):
        text = "enable_thinking: false works"
        return Finding(_GROUP, "thinking switch", Level.OK, text, profile={"prompting.thinking_switch": True})
    return Finding(_GROUP, "thinking switch", Level.INFO, "enable_thinking: false changes nothing that can be seen")


async def examine_logprobs(bench: Bench) -> Finding:
    """Find out for how many alternatives a token's log-probabilities may be asked."""
    name = "log-probabilities"
    for count in _ALTERNATIVES:
        trial = await bench.trial(question(), logprobs=True, top_logprobs=count)
        if trial.said and any(token.alternatives for token in trial.said.tokens):
            text = f"{count} alternatives a token may be asked for"
            return Finding(_GROUP, name, Level.OK, text, profile={"logprobs": count})
        if not trial.refused:
            break
    if not trial.said and not trial.refused:
        return Finding(_GROUP, name, Level.WARN, trial.why)
    text = "accepted and left out" if trial.said else trial.why
    return Finding(_GROUP, name, Level.INFO, f"{text}: scores come from votes or words", profile={"logprobs": 0})


async def examine_prefill(bench: Bench, extra: dict[str, Any]) -> Finding:
    """Find out whether a reply can be continued.

    A prompt that goes on in the assistant's turn lacks the tokens that would end it and open another. Where tokens are
    not told, or counted without those, a reply that begins to reason anew gives it away.

    Args:
        bench: Asks.
        extra: What keeps the reply out of the reasoning field, where that is needed.
    """
    messages = [REASON_FIRST, *question(), {"role": "assistant", "content": "<think>\nNothing moves"}]
    going_on, anew = await asyncio.gather(
        bench.trial(messages, 8, extra_body={**extra, **_CONTINUED}), bench.trial(messages, 8, extra_body=extra)
    )
    if not going_on.said:
        profile = {"closing": "ask_again"} if going_on.refused else {}
        return Finding(_GROUP, "prefill", Level.INFO, going_on.why, profile=profile)
    if anew.accepted is None:
        return Finding(_GROUP, "prefill", Level.INFO, anew.why)
    if _continues(going_on.said, anew.said):
        return Finding(_GROUP, "prefill", Level.OK, "a reply can be continued", profile={"closing": "prefill"})
    text = "accepted and ignored, as far as can be seen"
    return Finding(_GROUP, "prefill", Level.WARN, text, profile={"closing": "ask_again"})


def _switches(quiet: Said, hello: Said) -> bool:
    """Whether the reasoning field stays empty, or the prompt itself has changed."""
    counts = {quiet.finish.prompt_tokens, hello.finish.prompt_tokens}
    return bool(hello.reasoning and not quiet.reasoning) or (len(counts) == 2 and 0 not in counts)


def _continues(going_on: Said, anew: Said | None) -> bool:
    if anew is None:
        return False
    if 0 < going_on.finish.prompt_tokens < anew.finish.prompt_tokens:
        return True
    return anew.content.lstrip().startswith("<think>") and not going_on.content.lstrip().startswith("<think>")
