"""The whole examination of an endpoint."""

import asyncio
import time
from dataclasses import dataclass

from cosmos_reasoner.clips.processors import processor_named
from cosmos_reasoner.doctor.answers import NO_THINKING, examine_logprobs, examine_prefill, examine_switch
from cosmos_reasoner.doctor.bench import Bench, Said
from cosmos_reasoner.doctor.constraints import examine_constraints
from cosmos_reasoner.doctor.films import examine_films
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.manners import examine_cancel, examine_pace, examine_quota
from cosmos_reasoner.doctor.media_choice import choose_media
from cosmos_reasoner.doctor.reach import Reached, reach
from cosmos_reasoner.doctor.recommend import best_fitting, recommended
from cosmos_reasoner.doctor.sight import Eye, examine_cache, examine_picture, most_images
from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.endpoints.profile_files import load_profile, shipped_profiles

__all__ = ["LONGEST", "Report", "examine"]

LONGEST = 55.0
"""s; longest examination. Who starts the command waits a minute at most, the start of the program included."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an endpoint can do.

    Attributes:
        url: Its address.
        model: The model that answers.
        server: What serves it, in words.
        seconds: How long the examination took, s.
        requests: How many questions it took.
        findings: In the order of the groups.
        base: Name of the shipped profile that the recommended one starts from.
        profile: The recommended profile.
    """

    url: str
    model: str
    server: str
    seconds: float
    requests: int
    findings: tuple[Finding, ...]
    base: str
    profile: Profile


async def examine(url: str, model: str, key: str, start: Profile | None = None, seconds: float = LONGEST) -> Report:
    """Find out what an endpoint can do, with some twenty tiny questions.

    Args:
        url: Its address, ending in /v1.
        model: The model to ask; empty for the first that it lists.
        key: The key; empty for none.
        start: The profile to start from; None for the shipped one that fits best.
        seconds: Longest examination, s; what is not done by then is a finding that says so.

    Raises:
        EndpointError: It cannot be reached, refuses the key, or does not answer at all.
    """
    began = time.monotonic()
    tried = start or load_profile(best_fitting(url, model, None))
    reached = await reach(url, model, key, tried, began + seconds)
    try:
        return await _examine(reached, start, began)
    finally:
        await reached.bench.client.close()


async def _examine(reached: Reached, start: Profile | None, began: float) -> Report:
    bench, plain = reached.bench, reached.hello.finish.prompt_tokens
    pace = await examine_pace(bench)
    eye = await examine_picture(bench, plain)
    best = best_fitting(bench.client.base_url, reached.model, eye.processor)
    base = start or load_profile(best)
    media, answers = await asyncio.gather(_media(bench, plain, base, eye), _answers(bench, reached.hello))
    cancel = await examine_cancel(bench)  # alone: others would keep the server busy
    findings = (*reached.findings, *media, *answers, pace, cancel, examine_quota(bench))
    return Report(
        url=bench.client.base_url,
        model=reached.model,
        server=reached.server,
        seconds=time.monotonic() - began,
        requests=bench.requests,
        findings=findings,
        base=base.name if base.name in shipped_profiles() else best,
        profile=recommended(base, bench.client.base_url, findings),
    )


async def _media(bench: Bench, plain: int, base: Profile, eye: Eye) -> tuple[Finding, ...]:
    rules = processor_named(eye.processor) if eye.processor else base.media.rules
    images, cache, films = await asyncio.gather(
        most_images(bench, base.media.max_frames), examine_cache(bench), examine_films(bench, plain, rules)
    )
    chosen = choose_media(base.media, rules, eye.accepted, images, films)
    return *eye.findings, _several(images, base.media.max_frames), *films.findings, cache, chosen


def _several(images: int | None, wanted: int) -> Finding:
    text = f"at least {images} in one request" if images else "not found out how many a request may hold"
    refused = f", but not {wanted}" if images and images < wanted else ""
    return Finding("media", "images", Level.INFO, text + refused)


async def _answers(bench: Bench, hello: Said) -> tuple[Finding, ...]:
    apart = bool(hello.reasoning)
    text = "a parser parts the reasoning off" if apart else "none is used"
    field = Finding("answers", "reasoning field", Level.INFO, text)
    switch = await examine_switch(bench, hello)
    off = switch.level is Level.OK
    logprobs, prefill, constraints = await asyncio.gather(
        examine_logprobs(bench),
        examine_prefill(bench, NO_THINKING if off else {}),
        examine_constraints(bench, apart, off),
    )
    return field, switch, *constraints, logprobs, prefill
