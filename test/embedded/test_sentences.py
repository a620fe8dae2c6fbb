"""What is said about films whose motion is known: descriptions, outcomes, and which words fit."""

import math
from dataclasses import replace

import numpy as np
import pytest
from films import HEIGHT, SECONDS, WIDTH, Paint, put, seen_by, texture, tile, watched

from cosmos_reasoner.embedded.answers.consider import consider
from cosmos_reasoner.embedded.answers.evidence import evidence
from cosmos_reasoner.embedded.answers.lexicon import Lexicon, Mention
from cosmos_reasoner.embedded.answers.outcomes import Outcome
from cosmos_reasoner.embedded.answers.problem import Considered, Problem
from cosmos_reasoner.embedded.answers.question import read_question
from cosmos_reasoner.embedded.answers.statements import Verdict, judge
from cosmos_reasoner.embedded.answers.voice import Voice
from cosmos_reasoner.embedded.sight.facts import Facts, ViewFacts

RED, BLUE = tile((40, 40, 230)), tile((230, 60, 40), seed=8)
GROUND, WIDE = texture(1), texture(2, 3 * WIDTH, 3 * HEIGHT)
LEXICON = Lexicon()


def two(t: float) -> np.ndarray:
    """Two squares that come to meet."""
    return put(put(GROUND, RED, 40 + 25 * t, 120, 30), BLUE, 280 - 25 * t, 120, 30)


FILMS: dict[str, Paint] = {
    "right": lambda t: put(GROUND, RED, 60 + 30 * t, 60, 30),
    "out": lambda t: put(GROUND, RED, 20 + 60 * t, 60, 30),
    "gone": lambda t: put(GROUND, RED, 180 + 60 * t, 60, 30),
    "hidden": lambda t: put(GROUND, RED, 60 + 30 * t, 60, 30) if t < 2.5 else GROUND,
    "meeting": two,
    "into the way": lambda t: put(GROUND, RED, 10 + 18 * t, 200, 30),
    "near": lambda t: put(GROUND, RED, 160, 120, 60 * 2.25 / (6 - t)),
    "very near": lambda t: put(GROUND, RED, 160, 120, 60 * 2.25 / (4.6 - t)),
    "away": lambda t: put(GROUND, RED, 160, 120, 240 / (2 + t)),
    "at rest": lambda t: put(GROUND, RED, 60 + 60 * min(t, 2.75), 60, 30),
    "faster": lambda t: put(GROUND, RED, 40 + 8 * t * t, 60, 30),
    "slower": lambda t: put(GROUND, RED, 40 + 8 * (8 * t - t * t), 60, 30),
    "round": lambda t: put(GROUND, RED, 160 + 70 * math.cos(0.5 * t), 120 + 70 * math.sin(0.5 * t), 30),
    "swing": lambda t: put(GROUND, RED, 160 + 60 * math.cos(math.pi * t), 60, 30),
    "pan": lambda t: seen_by(WIDE, dx=-24 * t),
    "pan with a thing": lambda t: put(seen_by(WIDE, dx=-24 * t), RED, 100 + 20 * t, 120, 36),
    "forward": lambda t: seen_by(WIDE, zoom=math.exp(0.1 * t)),
    "fast forward": lambda t: seen_by(WIDE, zoom=math.exp(0.25 * t)),
    "backward": lambda t: seen_by(WIDE, zoom=math.exp(0.4 - 0.1 * t)),
    "shaking": lambda t: seen_by(WIDE, dx=8 * (-1) ** round(4 * t)),
    "plain": lambda _: np.full((HEIGHT, WIDTH, 3), 90, np.uint8),
    "still": lambda _: GROUND,
}


@pytest.fixture(scope="module")
def measured() -> dict[str, ViewFacts]:
    """What is measured in every film."""
    return {name: watched(paint) for name, paint in FILMS.items()}


def considered(view: ViewFacts, words: str) -> Considered:
    """What comes of a question."""
    return consider(Problem(read_question("", words, None), Facts((view,)), Voice(False), LEXICON))


def outcomes(view: ViewFacts, horizon: float = 2.0) -> tuple[Outcome, ...]:
    """What may happen."""
    return considered(view, f'within the next {horizon} seconds {{"outcomes": []}}').outcomes


@pytest.mark.parametrize(
    ("film", "said"),
    [
        ("right", "The red thing at the top moves right at 9."),
        ("gone", "at the edge of the picture."),
        ("hidden", "and then no more, in the midst of the picture."),
        ("meeting", "2 things move by themselves."),
        ("near", "it comes closer, and would reach the camera in about 2."),
        ("away", "it goes away."),
        ("at rest", "The red thing in the upper right stands still now"),
        ("faster", "It speeds up."),
        ("slower", "It slows down."),
        ("swing", "It has turned back"),
        ("pan", "The background shifts left by 7.5 % of the width a second: the camera turns or goes right."),
        ("pan with a thing", "As the camera moves too, it goes right at 6."),
        ("forward", "the camera goes forward, and would reach what is ahead in about "),
        ("backward", "the camera goes backward."),
        ("shaking", "The camera shakes."),
        ("plain", "too little to hold on to"),
        ("still", "The camera stands still"),
    ],
)
def test_what_is_seen_is_described(measured: dict[str, ViewFacts], film: str, said: str) -> None:
    assert said in "\n".join(considered(measured[film], "What moves?").thoughts)


def test_a_rolling_camera_is_described() -> None:
    still = watched(FILMS["still"])
    assert still.motion is not None
    rolling = replace(still, motion=replace(still.motion, roll=-5.0))

    assert "The background turns by -5.0 degrees a second" in "\n".join(considered(rolling, "What moves?").thoughts)


@pytest.mark.parametrize(
    ("film", "said", "hazard"),
    [
        ("right", "goes on moving right and is then", "NONE"),
        ("out", "and leaves the picture at the right after about 1.", "NONE"),
        ("meeting", "meets the blue thing in the middle after about 0.", "HIGH"),
        ("into the way", "and enters the way ahead of the camera after about", "LOW"),
        ("near", "comes closer, but does not reach the camera yet.", "LOW"),
        ("very near", "comes closer and reaches the camera after about 0.", "IMMINENT"),
        ("at rest", "The red thing in the upper right stays where it is.", "NONE"),
        ("pan", "The camera goes on right; nothing else is found to move.", "NONE"),
        ("forward", "The camera goes on forward;", "LOW"),
        ("backward", "The camera goes on backward;", "NONE"),
        ("plain", "Nothing moves; the scene stays as it is.", "NONE"),
        ("still", "Nothing moves; the scene stays as it is.", "NONE"),
    ],
)
def test_the_likeliest_outcome_is_what_goes_on(
    measured: dict[str, ViewFacts], film: str, said: str, hazard: str
) -> None:
    found = outcomes(measured[film])

    assert said in found[0].text
    assert found[0].hazard == hazard
    assert sum(outcome.probability for outcome in found) <= 1
    assert [outcome.probability for outcome in found] == sorted((o.probability for o in found), reverse=True)


def test_what_turned_back_before_may_turn_back_again(measured: dict[str, ViewFacts]) -> None:
    assert any("turns back, as it did before" in outcome.text for outcome in outcomes(measured["swing"]))


def test_the_probability_falls_with_the_horizon(measured: dict[str, ViewFacts]) -> None:
    near, far = (outcomes(measured["right"], horizon)[0].probability for horizon in (0.5, 3))

    assert near > far


@pytest.mark.parametrize(
    ("film", "concept", "about", "sign"),
    [
        ("right", "right", "things", 1),
        ("right", "left", "things", -1),
        ("right", "up", "things", -1),
        ("right", "move", "things", 1),
        ("right", "still", "things", -1),
        ("right", "stop", "things", -1),
        ("right", "turn", "things", -1),
        ("right", "straight", "things", 1),
        ("right", "leave", "things", -1),
        ("right", "enter", "things", -1),
        ("right", "collide", "things", -1),
        ("right", "quick", "things", -1),
        ("right", "camera", "things", 0),
        ("right", "faster", "things", 0),
        ("right", "away", "things", 0),
        ("right", "right", "robot", 1),
        ("out", "leave", "things", 1),
        ("gone", "leave", "things", 1),
        ("meeting", "collide", "things", 1),
        ("near", "towards", "things", 1),
        ("near", "away", "things", -1),
        ("away", "away", "things", 1),
        ("at rest", "stop", "things", 1),
        ("at rest", "slower", "things", 1),
        ("faster", "faster", "things", 1),
        ("faster", "slower", "things", -1),
        ("slower", "slower", "things", 1),
        ("round", "turn", "things", 1),
        ("swing", "turn", "things", 1),
        ("still", "move", "things", -1),
        ("still", "still", "things", 1),
        ("still", "stop", "things", 0),
        ("still", "move", "camera", -1),
        ("still", "still", "camera", 1),
        ("still", "straight", "camera", 1),
        ("pan", "right", "camera", 1),
        ("pan", "left", "camera", -1),
        ("pan", "turn", "camera", 1),
        ("pan", "stop", "camera", -1),
        ("forward", "forward", "camera", 1),
        ("forward", "reverse", "camera", -1),
        ("forward", "forward", "robot", 1),
        ("backward", "away", "camera", 1),
        ("plain", "left", "camera", 0),
    ],
)
def test_words_fit_what_is_seen_or_contradict_it(
    measured: dict[str, ViewFacts], film: str, concept: str, about: str, sign: int
) -> None:
    facts = Facts((measured[film],))

    weight = evidence(Mention(concept, False, about), facts, 2.0)

    assert -1 <= weight <= 1
    assert (weight > 0.1) - (weight < -0.1) == sign, weight
    assert evidence(Mention(concept, True, about), facts, 2.0) == -weight


@pytest.mark.parametrize(
    ("film", "goal", "best"),
    [
        ("still", "make progress", "Go on faster"),
        ("still", "do something", "Go on faster"),
        ("fast forward", "avoid any collision", "Stop and wait"),
        ("very near", "be safe", "Stop and wait"),
        ("into the way", "drive safely to the door", "Turn right"),
        ("right", "follow the red thing", "Turn right"),
    ],
)
def test_the_best_move_serves_the_goal(measured: dict[str, ViewFacts], film: str, goal: str, best: str) -> None:
    answers = dict(considered(measured[film], f"Goal: {goal}\nWhat should be done next?").answers)

    assert max(answers, key=answers.__getitem__).startswith(best), answers
    assert sum(answers.values()) == pytest.approx(1)


def test_a_thing_that_appears_and_one_that_vanishes_are_named_in_the_score(measured: dict[str, ViewFacts]) -> None:
    appearing = watched(lambda t: put(GROUND, RED, 60 + 30 * t, 60, 30) if t > 1 else GROUND)

    assert "appears in the midst" in "\n".join(considered(appearing, "Score it from 1 to 5.").thoughts)
    assert "vanishes in the midst" in "\n".join(considered(measured["hidden"], "Score it from 1 to 5.").thoughts)
    assert len(SECONDS) == appearing.movers[0].sights + 5


def judged(statement: str, paint: Paint) -> Verdict:
    """What a statement is worth for a film."""
    problem = Problem(
        read_question("", f"Statement: {statement}", None), Facts((watched(paint),)), Voice(False), LEXICON
    )
    return judge(statement, problem)


@pytest.mark.parametrize("film", ["right", "pan", "forward", "backward", "still", "plain", "at rest"])
def test_what_was_predicted_and_goes_on_is_found_true_afterwards(measured: dict[str, ViewFacts], film: str) -> None:
    (likeliest, *_) = outcomes(measured[film])

    verdict = judged(likeliest.text, lambda t: FILMS[film](t + SECONDS[-1]))

    assert verdict.yes > max(verdict.no, verdict.open), likeliest.text


@pytest.mark.parametrize(
    ("film", "otherwise"),
    [
        ("right", lambda t: put(GROUND, RED, 260 - 30 * t, 60, 30)),
        ("right", lambda _: GROUND),
        ("pan", lambda t: seen_by(WIDE, dx=24 * t)),
        ("pan", lambda _: GROUND),
        ("still", lambda t: put(GROUND, RED, 60 + 30 * t, 60, 30)),
    ],
)
def test_what_was_predicted_and_comes_otherwise_is_found_false(
    measured: dict[str, ViewFacts], film: str, otherwise: Paint
) -> None:
    (likeliest, *_) = outcomes(measured[film])

    verdict = judged(likeliest.text, otherwise)

    assert verdict.no > max(verdict.yes, verdict.open), likeliest.text


@pytest.mark.parametrize(
    "statement",
    [
        "The thing at the left moves right.",
        "The thing in the upper left goes on moving right and is then in the middle.",
        "左侧的物体继续向右移动。",
    ],
)
def test_where_a_thing_is_does_not_say_where_it_goes(statement: str) -> None:
    verdict = judged(statement, FILMS["right"])

    assert verdict.yes > max(verdict.no, verdict.open)


@pytest.mark.parametrize(
    ("statement", "film"),
    [
        ("A thing comes towards the camera.", "very near"),
        ("物体向相机靠近。", "very near"),
        ("The camera moves towards the wall.", "forward"),
    ],
)
def test_what_comes_towards_the_camera_is_not_the_camera(statement: str, film: str) -> None:
    verdict = judged(statement, FILMS[film])

    assert verdict.yes > max(verdict.no, verdict.open)
