"""What a model sees of single pictures."""

from dataclasses import dataclass

from cosmos_reasoner.clips.processors import ProcessorName, processor_named
from cosmos_reasoner.doctor.bench import Bench, question
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.doctor.samples import ODD_SIZE, picture, processor_of, small_picture

__all__ = ["Eye", "examine_cache", "examine_picture", "most_images"]

_GROUP = "media"
_UUID = "cosmos-reasoner-doctor"
_COORDINATES = {ProcessorName.QWEN2_5_VL: "pixels", ProcessorName.QWEN3_VL: "thousandths"}
"""How the models of a family say where something is."""


@dataclass(frozen=True, slots=True)
class Eye:
    """How a model takes a single picture.

    Attributes:
        accepted: Pictures are accepted; None when that was not found out.
        processor: The family of models that counts as this one does; None when unknown.
        findings: The same in words.
    """

    accepted: bool | None
    processor: ProcessorName | None
    findings: tuple[Finding, ...]


async def examine_picture(bench: Bench, plain: int) -> Eye:
    """Show one picture of odd size, and tell from its tokens which family of models reads it.

    Args:
        bench: Asks.
        plain: Prompt tokens of the same question without a picture; 0 when they are not told.
    """
    trial = await bench.trial(question(picture()))
    if not trial.said:
        level = Level.ERROR if trial.refused else Level.WARN
        return Eye(trial.accepted, None, (Finding(_GROUP, "image", level, trial.why),))
    tokens = trial.prompt_tokens - plain if plain and trial.prompt_tokens else 0
    processor = processor_of(tokens)
    return Eye(True, processor, (Finding(_GROUP, "image", Level.OK, "accepted"), _grid(tokens, processor)))


async def most_images(bench: Bench, wanted: int) -> int | None:
    """Ask with as many pictures as are wanted, and with half of them as often as that is refused.

    Args:
        bench: Asks.
        wanted: Pictures.

    Returns:
        How many pictures were accepted: fewer than are wanted only where more were refused. None when that was not
        found out.
    """
    count = wanted
    while count:
        trial = await bench.trial(question(*[small_picture()] * count))
        if not trial.refused:
            return count if trial.said else None
        count //= 2
    return None


async def examine_cache(bench: Bench) -> Finding:
    """Show a picture under a name, then the name alone: who answers that has kept the picture."""
    named = {**small_picture(), "uuid": _UUID}
    shown = await bench.trial(question(named))
    if shown.refused:
        text = f"names of media are {shown.why}"
        return Finding(_GROUP, "media cache", Level.INFO, text, profile={"media.uuid": False})
    if not shown.said:
        return Finding(_GROUP, "media cache", Level.INFO, shown.why)
    again = await bench.trial(question({**named, "image_url": None}))
    if again.accepted is None:
        return Finding(_GROUP, "media cache", Level.INFO, again.why)
    if again.said:
        return Finding(_GROUP, "media cache", Level.OK, "media are found by name", profile={"media.uuid": True})
    return Finding(_GROUP, "media cache", Level.INFO, "names of media are accepted, and seem to be ignored")


def _grid(tokens: int, processor: ProcessorName | None) -> Finding:
    size = f"{ODD_SIZE[0]}x{ODD_SIZE[1]} px"
    if not tokens:
        return Finding(_GROUP, "processor", Level.WARN, "unknown: the endpoint does not tell what a picture takes")
    if processor is None:
        advice = "name the profile whose processor comes nearest, and do not trust token counts"
        return Finding(_GROUP, "processor", Level.WARN, f"unknown: a picture of {size} takes {tokens} tokens", advice)
    factor = processor_named(processor).factor
    text = f"{processor.value}: {factor} px a token ({size} take {tokens})"
    profile = {"media.processor": processor.value, "prompting.coordinates": _COORDINATES[processor]}
    return Finding(_GROUP, "processor", Level.OK, text, profile=profile)
