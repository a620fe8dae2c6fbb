"""Runs for tests: real items, records and strips, judged and put into numbers as `evaluate` does it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pictures import plain, raw_frame

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.evaluation.labels.item import Item
from cosmos_reasoner.evaluation.labels.truth import OptionTruth, OutcomeTruth, RankingTruth
from cosmos_reasoner.evaluation.run.record import Live, Record, Strip
from cosmos_reasoner.evaluation.run.strips import draw_strip
from cosmos_reasoner.evaluation.scoring.judge import judge
from cosmos_reasoner.evaluation.scoring.scored import Scored
from cosmos_reasoner.evaluation.scoring.summarise import summarise
from cosmos_reasoner.evaluation.scoring.summary import RunInfo, Summary, write_summary
from cosmos_reasoner.reasoning.result import (
    Answer,
    ChoiceAnswer,
    Latencies,
    Provenance,
    RankedAction,
    Ranking,
    Result,
    Status,
    VerdictAnswer,
)
from cosmos_reasoner.replies.defects import Defect, DefectKind
from cosmos_reasoner.replies.levels import Origin, Verdict
from cosmos_reasoner.tasks.task import Action, Question, RankingMethod

ORIGIN = 1_000_000_000
INFO = RunInfo("run1", "warehouse.mcap, ask", "cosmos-test-2b", "qwen-vl", 4.0, "2026-01-02T03:04:05+00:00")
OPTIONS = ("yes", "no")
ACTIONS = (Action("brake", "brake now"), Action("turn", "turn left"), Action("go", "go on"))


@dataclass(frozen=True, slots=True)
class Run:
    """A run in its folder."""

    folder: Path
    summary: Summary
    scored: tuple[Scored, ...]


def choice(name: str, right: bool = True, sure: float = 0.75, **changes: Any) -> tuple[Item, Record]:
    """A question of yes or no whose truth is yes."""
    index = 0 if right else 1
    chances = (sure, 1 - sure) if right else (1 - sure, sure)
    item = _item(name, Question("ask", "Will the box fall?", OPTIONS), OptionTruth(0), changes.pop("set", "physics"))
    return item, record(item, ChoiceAnswer(index, OPTIONS[index], chances), **changes)


def ranking(name: str, right: bool = True, **changes: Any) -> tuple[Item, Record]:
    """A ranking of three actions, of which to brake is the best."""
    item = _item(
        name, Question("rank_actions", goal="avoid contact", actions=ACTIONS), RankingTruth(_ids(ACTIONS)), "driving"
    )
    order = ACTIONS if right else ACTIONS[::-1]
    ranked = [RankedAction(one, share, "it stops", "near") for one, share in zip(order, (0.6, 0.3, 0.1))]
    return item, record(
        item, Ranking("avoid", tuple(ranked), RankingMethod.VOTE, Origin.VOTE, 0.8, None, 3, 3), **changes
    )


def outcome(name: str, said: float = 0.9, happened: bool = True, **changes: Any) -> tuple[Item, Record]:
    """A statement with the probability that it was given."""
    item = _item(name, Question("verify_outcome", "The cup tips over."), OutcomeTruth(happened), "falls")
    verdict = Verdict.HAPPENED if said > 0.5 else Verdict.DID_NOT
    return item, record(item, VerdictAnswer("The cup tips over.", verdict, said, Origin.LOGPROB), **changes)


def unreadable(name: str) -> tuple[Item, Record]:
    """A reply without an answer."""
    item, answered = choice(name)
    assert answered.result is not None
    came = replace(answered.result.provenance, status=Status.DEFECTIVE, status_text="no option is named")
    defects = (Defect(DefectKind.UNREADABLE, "no option is named"),)
    return item, replace(answered, result=replace(answered.result, answer=None, defects=defects, provenance=came))


def failed(name: str, error: str = "connection refused") -> tuple[Item, Record]:
    """An item to which no reply came."""
    item, answered = choice(name)
    return item, replace(answered, result=None, error=error)


def live(pair: tuple[Item, Record], due: float, delay: float) -> tuple[Item, Record]:
    """The same as a simulated robot had it."""
    return pair[0], replace(pair[1], live=Live(due, due, due + delay))


def record(item: Item, answer: Answer | None, latency: float = 1.5, **words: Any) -> Record:
    """What came of an item."""
    times = Latencies(0.1, 0.05, 0.25, 0.4 * latency, 0.2 * latency, latency)
    came = Provenance(
        "1",
        ORIGIN,
        ORIGIN + 2 * 10**9,
        ("front",),
        "",
        9,
        "cosmos-test-2b",
        "qwen-vl",
        item.question.task,
        "cafe",
        1,
        900,
        120,
        times,
    )
    defaults = {"prompt": "Will the box fall?\nA. yes\nB. no", "think": "It leans to the left.", "reply": "A"}
    texts = {**defaults, **words}
    return Record(
        f"{item.id.encode().hex()[:24]:0<32}",
        item.id,
        ORIGIN,
        Result(item.question, **texts, answer=answer, defects=(), provenance=came),
    )


def renamed(pair: tuple[Item, Record], text: str, cameras: Sequence[str] = ()) -> tuple[Item, Record]:
    """The same with one text in every place where a run has text of others."""
    item, answered = pair
    assert answered.result is not None
    question = replace(item.question, text=text, options=(text, "no"))
    came = replace(
        answered.result.provenance, status_text=text, model=text, profile=text, status=Status.TRUNCATED_THINK
    )
    result = replace(
        answered.result,
        question=question,
        prompt=text,
        think=text,
        reply=text,
        answer=ChoiceAnswer(0, text, (0.7, 0.3)),
        defects=(Defect(DefectKind.REPAIRED, text),),
        provenance=came,
    )
    strip = answered.strip and replace(answered.strip, cameras=tuple(cameras) or answered.strip.cameras)
    named = replace(item, id=text, set=text, group=text, recording=Path(text.replace("/", "_")), question=question)
    return named, replace(answered, id=text, result=result, strip=strip)


def with_strip(folder: Path, pair: tuple[Item, Record], cameras: Sequence[str] = ("front",)) -> tuple[Item, Record]:
    """The same with a picture of five moments, each in its own grey, 0.5 s apart."""
    (folder / "strips").mkdir(exist_ok=True)
    views = tuple(View(camera, tuple(_frame(step, camera) for step in range(5))) for camera in cameras)
    strip: Strip = draw_strip(Clip(views), folder / "strips" / f"{pair[1].key}.jpg")
    return pair[0], replace(pair[1], strip=strip)


def run_of(folder: Path, pairs: Sequence[tuple[Item, Record]], info: RunInfo = INFO, faults: Sequence[str] = ()) -> Run:
    """Judge items, and write the summary of a run."""
    folder.mkdir(exist_ok=True)
    scored = tuple(Scored(item, came, judge(item, came)) for item, came in pairs)
    judged, records = [one.judged for one in scored], [came for _, came in pairs]
    summary = summarise(info, judged, records, faults, 2.0)
    write_summary(summary, folder / "summary.json")
    return Run(folder, summary, scored)


def mixed(folder: Path) -> Run:
    """A run with something of everything: 19 items of three kinds in four sets."""
    folder.mkdir(exist_ok=True)
    chance = np.random.default_rng(3)
    pairs = [
        choice(f"box-{place}", place % 3 != 0, 0.55 + 0.05 * place, latency=1.0 + 0.1 * place) for place in range(8)
    ]
    pairs += [choice(f"stack-{place}", place != 1, 0.8, set="stacking", latency=2.0) for place in range(3)]
    pairs += [ranking("brake-1"), ranking("brake-2", right=False)]
    pairs += [outcome(f"cup-{place}", float(chance.random()), place % 2 == 0, latency=0.5) for place in range(4)]
    pairs = [with_strip(folder, pair, ("front", "left")[: 1 + place % 2]) for place, pair in enumerate(pairs)]
    pairs = [live(pair, 2.0, 1.0 + 0.08 * place) for place, pair in enumerate(pairs)]
    return run_of(
        folder,
        [*pairs, unreadable("mumble"), failed("lost")],
        faults=["ramp.mp4: no such file; its 2 questions are left out"],
    )


def _item(name: str, question: Question, truth: Any, group: str) -> Item:
    return Item(name, group, Path("warehouse.mcap"), 2.0, 4.0, (), question, truth)


def _ids(actions: Sequence[Action]) -> tuple[str, ...]:
    return tuple(action.id for action in actions)


def _frame(step: int, camera: str) -> Any:
    pixels = plain(160, 90, (60 * step, 60 * step, 60 * step))
    pixels[30:60, 10 + 25 * step : 40 + 25 * step] = (40, 60, 220)
    return raw_frame(pixels, ORIGIN + step * 500_000_000, camera)
