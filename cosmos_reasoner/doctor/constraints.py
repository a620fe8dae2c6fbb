"""Whether a model can be held to an answer, proven by answers that no model would give."""

import asyncio
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from cosmos_reasoner.doctor.answers import NO_THINKING, REASON_FIRST
from cosmos_reasoner.doctor.bench import Bench, Trial, question
from cosmos_reasoner.doctor.finding import Finding, Level

__all__ = ["examine_constraints"]

_GROUP = "answers"
_WORD = "zqxv"
_REGEX = "zq[x-y]v"
_OBJECT = '{"zq":"xv"}'
_SCHEMA = {
    "type": "object",
    "properties": {"zq": {"type": "string", "enum": ["xv"]}},
    "required": ["zq"],
    "additionalProperties": False,
}
_RESPONSE_FORMAT = {"type": "json_schema", "json_schema": {"name": "answer", "schema": _SCHEMA, "strict": True}}
_ANSWER_TOKENS = 16
_BRIEF_THINK = 4
_THINK_TOKENS = 256
"""Enough for the short reasoning that the embedded endpoint puts before its answer."""

_NO_PARSER = "serve it without --reasoning-parser: with such a tokenizer, the parser switches constraints off silently"


class _Held(Enum):
    ENFORCED = "enforced"
    IGNORED = "accepted and ignored"
    REFUSED = "refused"
    UNKNOWN = "not found out"


_LEVELS = {_Held.ENFORCED: Level.OK, _Held.IGNORED: Level.WARN, _Held.REFUSED: Level.INFO, _Held.UNKNOWN: Level.INFO}


async def examine_constraints(bench: Bench, apart: bool, switch: bool) -> tuple[Finding, ...]:
    """Ask for answers that no model would give, from the first token on and behind its reasoning.

    Args:
        bench: Asks.
        apart: Reasoning comes in a field of its own.
        switch: It can be switched off.
    """
    direct = await _direct(bench, NO_THINKING if apart else {}) if switch or not apart else {}
    if apart:
        behind = await _behind_field(bench)
    else:
        holds = direct["structured_outputs.choice"][0] is _Held.ENFORCED
        behind = await _behind_tag(bench) if holds else _Held.UNKNOWN
    held = {name: found for name, (found, _) in direct.items()}
    findings = [_finding(name, found, trial) for name, (found, trial) in direct.items()]
    return *findings, _place(held, behind, apart)


async def _direct(bench: Bench, extra: dict[str, Any]) -> dict[str, tuple[_Held, Trial]]:
    """Hold whole replies to an answer."""

    def structured(constraint: dict[str, Any]) -> Any:
        return bench.trial(question(), _ANSWER_TOKENS, extra_body={**extra, "structured_outputs": constraint})

    choice, regex, schema, portable = await asyncio.gather(
        structured({"choice": [_WORD]}),
        structured({"regex": _REGEX}),
        structured({"json": _SCHEMA}),
        bench.trial(question(), _ANSWER_TOKENS, response_format=_RESPONSE_FORMAT, extra_body=extra),
    )
    return {
        "structured_outputs.choice": (_word(choice), choice),
        "structured_outputs.regex": (_word(regex), regex),
        "structured_outputs.json": (_json(schema), schema),
        "response_format": (_json(portable), portable),
    }


async def _behind_field(bench: Bench) -> _Held:
    """Hold the content to an answer while the reasoning has a field of its own; it is cut short where that works."""
    extra = {"structured_outputs": {"choice": [_WORD]}, "thinking_token_budget": _BRIEF_THINK}
    trial = await bench.trial(question(), 4 * _ANSWER_TOKENS, extra_body=extra)
    return _word(trial) if not trial.said or trial.said.content else _Held.UNKNOWN


async def _behind_tag(bench: Bench) -> _Held:
    """Hold to an answer a reply that shall reason first: does the constraint wait for the end of the reasoning?"""
    extra = {"structured_outputs": {"choice": [_WORD]}}
    trial = await bench.trial([REASON_FIRST, *question()], _THINK_TOKENS, extra_body=extra)
    think, closed, answer = trial.said.content.partition("</think>") if trial.said else ("", "", "")
    return _Held.ENFORCED if closed and _WORD in answer and _WORD not in think else _Held.IGNORED


def _word(trial: Trial) -> _Held:
    return _verdict(trial, trial.said is not None and trial.said.content.strip() == _WORD)


def _json(trial: Trial) -> _Held:
    """A reply may be cut off, and vLLM lets a model write as much white space as it likes."""
    written = re.sub(r"\s", "", trial.said.content) if trial.said else ""
    return _verdict(trial, bool(written) and _OBJECT.startswith(written))


def _verdict(trial: Trial, obeyed: bool) -> _Held:
    if not trial.said:
        return _Held.REFUSED if trial.refused else _Held.UNKNOWN
    return _Held.ENFORCED if obeyed else _Held.IGNORED


def _finding(name: str, held: _Held, trial: Trial) -> Finding:
    text = held.value if trial.said else trial.why
    return Finding(_GROUP, name, _LEVELS[held], text)


def _place(held: Mapping[str, _Held], behind: _Held, apart: bool) -> Finding:
    """Where constraints hold, and how a profile should use them."""
    name = "constraints"
    if behind is _Held.ENFORCED:
        return Finding(_GROUP, name, Level.OK, "hold behind the reasoning", profile={"constraint": "schema"})
    regex = held.get("structured_outputs.regex", _Held.UNKNOWN)
    if apart:
        if behind is _Held.IGNORED or regex is _Held.IGNORED:
            text = "do not hold behind the reasoning field"
            return Finding(_GROUP, name, Level.WARN, text, _NO_PARSER, {"constraint": "none"})
        return Finding(_GROUP, name, Level.INFO, "not found out whether they hold behind the reasoning field")
    if regex is _Held.ENFORCED:
        text = "hold from the first token, so that reasoning is part of the expression"
        return Finding(_GROUP, name, Level.OK, text, profile={"constraint": "regex"})
    if regex is _Held.UNKNOWN:
        return Finding(_GROUP, name, Level.INFO, "not found out where they hold")
    return Finding(_GROUP, name, Level.INFO, "cannot be used with reasoning", profile={"constraint": "none"})
