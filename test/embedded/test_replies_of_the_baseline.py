"""What is answered, in which form, and with which probabilities."""

import json
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from calling import GROUND, REASON, answer, content, filmed, image, question, refusal, to_the_right
from films import SECONDS, put, texture, tile
from pictures import frame_at

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.endpoints.constraints import on_all
from cosmos_reasoner.endpoints.profile_files import load_profile
from cosmos_reasoner.reasoning.reading import constraint_of
from cosmos_reasoner.replies.detections import DETECTIONS_SCHEMA
from cosmos_reasoner.replies.events import EVENTS_SCHEMA
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import Prompt, PromptStyle, render
from cosmos_reasoner.tasks.task import Action, Question

BLUE = tile((230, 60, 40), seed=8)
OUTCOMES = """What is likely to happen within the next {horizon} seconds after the last frame?
Give up to 2 outcomes that exclude each other. For each the box in {where}.
{{"outcomes": [{{"text": "...", "probability": 0.0, "hazard": "NONE", "subject": null, "camera": null}}]}}"""
PIXELS = OUTCOMES.format(horizon=1.5, where="pixels of the picture")
TURNS = "Where does the red thing go?\n(A) It goes to the left.\n(B) It goes to the right.\n(C) It stays still.\n"


def shares(reply: dict[str, Any], choice: int = 0) -> dict[str, float]:
    """Probabilities at the one token of a reply that is not certain."""
    (token,) = [entry for entry in reply["choices"][choice]["logprobs"]["content"] if entry["logprob"] != 0]
    return {top["token"]: math.exp(top["logprob"]) for top in token["top_logprobs"]}


def think_of(said: str) -> str:
    """The reasoning."""
    match = re.fullmatch(r"<think>\n(.*)\n</think>\n\n.*", said, re.DOTALL)
    assert match is not None
    return match[1]


class TestLayout:
    """Tags as they were asked for."""

    def test_both_tags(self, url: str) -> None:
        said = content(url, question(filmed(), TURNS, system=REASON))

        assert said.endswith("\n</think>\n\n<answer>\nB\n</answer>")
        assert "<" not in think_of(said)

    def test_the_think_tag_alone(self, url: str) -> None:
        said = content(url, question(filmed(), f"{TURNS}\nReason between <think> and </think> first."))

        assert said.endswith("\n</think>\n\nB")

    def test_no_tags(self, url: str) -> None:
        assert content(url, question(filmed(), TURNS)) == "B"

    def test_a_closed_think_part_is_continued_by_the_answer(self, url: str) -> None:
        body = question(filmed(), TURNS, system=REASON, continue_final_message=True, add_generation_prompt=False)
        body["messages"].append({"role": "assistant", "content": "<think>\nIt is late.\n</think>\n\n"})

        assert content(url, body) == "<answer>\nB\n</answer>"

    def test_an_open_think_part_is_closed_first(self, url: str) -> None:
        body = question(filmed(), TURNS, system=REASON, continue_final_message=True, add_generation_prompt=False)
        body["messages"].append({"role": "assistant", "content": "<think>\nIt is"})

        assert content(url, body) == "\n</think>\n\n<answer>\nB\n</answer>"

    def test_an_open_answer_is_finished(self, url: str) -> None:
        body = question(filmed(), TURNS, system=REASON, continue_final_message=True, add_generation_prompt=False)
        body["messages"].append({"role": "assistant", "content": "<think>\nx\n</think>\n\n<answer>\n"})

        assert content(url, body) == "B\n</answer>"


class TestOptions:
    """Options are scored by their words against what is measured."""

    def test_the_letter_has_the_probabilities(self, url: str) -> None:
        reply = answer(url, question(filmed(), TURNS, system=REASON, logprobs=True, top_logprobs=5))

        found = shares(reply)
        assert sum(found.values()) == pytest.approx(1)
        assert found["B"] > 0.9
        assert max(found, key=found.__getitem__) == "B"

    def test_the_tokens_joined_are_the_text(self, url: str) -> None:
        choice = answer(url, question(filmed(), TURNS, system=REASON, logprobs=True))["choices"][0]

        assert "".join(entry["token"] for entry in choice["logprobs"]["content"]) == choice["message"]["content"]
        assert all(entry["bytes"] == list(entry["token"].encode()) for entry in choice["logprobs"]["content"])

    def test_the_order_of_the_options_makes_no_difference(self, url: str) -> None:
        texts = ["It goes to the left.", "It goes to the right.", "It stays still.", "It is made of wood."]
        by_text: list[dict[str, float]] = []
        for shift in range(4):
            turned = texts[shift:] + texts[:shift]
            options = "\n".join(f"({letter}) {option}" for letter, option in zip("ABCD", turned))
            reply = answer(url, question(filmed(), f"What happens?\n{options}", logprobs=True, top_logprobs=4))
            found = shares(reply)
            by_text.append({option: found[letter] for letter, option in zip("ABCD", turned)})

        for other in by_text[1:]:
            assert other == pytest.approx(by_text[0])

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("It moves down.", "It does not move down."),
            ("It moves away to the left.", "It keeps moving to the right."),
            ("Nothing moves.", "Something moves."),
            ("它向左移动。", "它向右移动。"),
            ("它静止不动。", "它没有向左移动。"),
            ("The camera moves forward.", "The camera stands still."),
        ],
    )
    def test_motion_words_decide(self, url: str, wrong: str, right: str) -> None:
        assert content(url, question(filmed(), f"What happens?\n(A) {wrong}\n(B) {right}")) == "B"

    def test_options_without_motion_words_get_the_same_share(self, url: str) -> None:
        asked = "What is it?\n(A) a cup\n(B) a cat\n(C) a chair"

        found = shares(answer(url, question(filmed(), asked, logprobs=True, top_logprobs=3)))

        assert list(found.values()) == pytest.approx([1 / 3] * 3)

    def test_a_still_picture_decides_nothing(self, url: str) -> None:
        found = shares(answer(url, question(image(GROUND), TURNS, logprobs=True, top_logprobs=3)))

        assert list(found.values()) == pytest.approx([1 / 3] * 3)


class TestStatements:
    """Statements and yes-or-no questions."""

    @pytest.mark.parametrize(
        ("statement", "letter"),
        [
            ("Something moves to the right.", "A"),
            ("The red square moved to the left.", "B"),
            ("The cup is full of tea.", "C"),
        ],
    )
    def test_a_statement_is_judged(self, url: str, statement: str, letter: str) -> None:
        asked = (
            f"Statement: {statement}\nIs this true of the clip? Judge only by what the frames show.\n"
            "(A) it is true\n(B) it is not true\n(C) the clip does not tell"
        )

        assert content(url, question(filmed(), asked)) == letter

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("Does something move to the right?", "Yes"),
            ("Is the thing moving to the left?", "No"),
            ("Is the cup full?", "The pictures do not tell: only motion is measured here."),
            ('Does the video contain any anomalies? Answer "Yes" or "No".', "No"),
            ("有物体向右移动吗？", "是"),
        ],
    )
    def test_yes_or_no(self, url: str, asked: str, said: str) -> None:
        assert content(url, question(filmed(), asked)) == said


class TestActions:
    """Actions are weighed against a goal."""

    ACTIONS = "(A) Drive on straight ahead\n(B) Stop and wait\n(C) Sing a song"

    @staticmethod
    def approaching(t: float) -> np.ndarray:
        """Something that comes towards the camera."""
        return put(GROUND, BLUE, 160, 150, 60 * 2.25 / (5.5 - t))

    def test_safety_lets_the_camera_wait_for_what_comes_closer(self, url: str) -> None:
        said = content(url, question(filmed(self.approaching), f"Goal: avoid collisions\n{self.ACTIONS}"))

        assert said == "B"

    def test_asked_for_a_number_for_each_action_it_writes_its_own(self, url: str) -> None:
        asked = f"Goal: avoid collisions\n{self.ACTIONS}\n"
        form = 'Answer with JSON only, in this form:\n{"A": 0.0, "B": 0.0, "C": 0.0}'

        said = json.loads(content(url, question(filmed(self.approaching), asked + form)))

        known = shares(answer(url, question(filmed(self.approaching), asked, logprobs=True, top_logprobs=3)))
        assert said == pytest.approx(known, abs=0.001)

    def test_progress_lets_it_go_on_when_nothing_is_in_the_way(self, url: str) -> None:
        still = filmed(lambda _: GROUND)

        assert content(url, question(still, f"Goal: make progress quickly\n{self.ACTIONS}")) == "A"

    def test_following_means_going_where_the_thing_goes(self, url: str) -> None:
        actions = "(A) Turn left\n(B) Turn right\n(C) Stop"

        assert content(url, question(filmed(), f"Goal: follow the red thing\n{actions}")) == "B"

    def test_the_think_part_has_a_line_for_each_action(self, url: str) -> None:
        said = content(url, question(filmed(), f"Goal: be safe\n{self.ACTIONS}", system=REASON))

        lines = re.findall(r"^\(([A-C])\) (.+) -- (.+)$", think_of(said), re.MULTILINE)
        assert [line[0] for line in lines] == ["A", "B", "C"]
        assert lines[0][1] == "the camera would go on straight ahead"
        assert lines[2][1] == "what it does cannot be told from its words"

    def test_the_next_action_is_one_sentence(self, url: str) -> None:
        said = content(url, question(filmed(self.approaching), "Goal: avoid collisions\nWhat should be done next?"))

        assert said.startswith("Stop and wait: ")


class TestOutcomes:
    """Outcomes are JSON, with probabilities and boxes."""

    def outcomes(self, url: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The outcomes of a reply."""
        return json.loads(content(url, body))["outcomes"]

    def test_what_moves_goes_on_or_does_not(self, url: str) -> None:
        first, second = self.outcomes(url, question(filmed(), PIXELS))

        assert first["text"].startswith("The red thing in the middle goes on moving right")
        assert first["probability"] > second["probability"] > 0
        assert first["probability"] + second["probability"] <= 1
        assert first["hazard"] == "NONE"
        assert first["camera"] is None
        left, top, right, bottom = first["subject"]
        assert (left + right) / 2 == pytest.approx(60 + 30 * SECONDS[-1], abs=4)
        assert (top + bottom) / 2 == pytest.approx(120, abs=4)

    def test_boxes_may_be_in_thousandths(self, url: str) -> None:
        asked = OUTCOMES.format(horizon=1.5, where="thousandths of the picture's width and height (0 to 1000)")

        (left, top, right, bottom) = self.outcomes(url, question(filmed(), asked))[0]["subject"]

        assert (left + right) / 2 == pytest.approx(1000 * (60 + 30 * SECONDS[-1]) / 320, abs=13)
        assert (top + bottom) / 2 == pytest.approx(500, abs=17)

    def test_an_approach_is_a_hazard(self, url: str) -> None:
        soon = filmed(lambda t: put(GROUND, BLUE, 160, 120, 60 * 2.25 / (4.5 - t)))

        first = self.outcomes(url, question(soon, PIXELS))[0]

        assert "comes closer and reaches the camera after about" in first["text"]
        assert first["hazard"] == "IMMINENT"

    def test_a_still_scene_stays_as_it_is(self, url: str) -> None:
        first = self.outcomes(url, question(filmed(lambda _: GROUND), PIXELS))[0]

        assert first["text"] == "Nothing moves; the scene stays as it is."
        assert first["subject"] is None

    def test_the_camera_that_shows_it_is_named(self, url: str) -> None:
        still = filmed(lambda _: GROUND)

        first = self.outcomes(url, question("Camera left:", still, "Camera right:", filmed(), PIXELS))[0]

        assert first["camera"] == "right"

    def test_a_single_picture_does_not_tell(self, url: str) -> None:
        (only,) = self.outcomes(url, question(image(GROUND), PIXELS))

        assert only["text"] == "The pictures do not tell what will happen."


class TestSampling:
    """Several replies, drawn by the probabilities."""

    BODY = question(filmed(), "What is it?\n(A) a cup\n(B) a cat\n(C) a chair", n=24, temperature=1.0)

    def drawn(self, url: str, **change: Any) -> list[str]:
        """All answers."""
        return [choice["message"]["content"] for choice in answer(url, {**self.BODY, **change})["choices"]]

    def test_even_chances_give_every_answer(self, url: str) -> None:
        assert set(self.drawn(url, seed=1)) == {"A", "B", "C"}

    def test_the_same_seed_gives_the_same_answers(self, url: str) -> None:
        assert self.drawn(url, seed=5) == self.drawn(url, seed=5)

    def test_top_p_leaves_out_what_is_unlikely(self, url: str) -> None:
        assert set(self.drawn(url, seed=1, top_p=0.1)) == {"A"}

    def test_a_low_temperature_keeps_to_the_likeliest(self, url: str) -> None:
        body = question(filmed(), TURNS, n=8, temperature=0.1, seed=3)

        assert {choice["message"]["content"] for choice in answer(url, body)["choices"]} == {"B"}

    def test_the_choices_of_a_stream_come_in_turn(self, url: str) -> None:
        reply = answer(url, {**self.BODY, "n": 3, "seed": 1})

        assert [choice["index"] for choice in reply["choices"]] == [0, 1, 2]
        assert reply["usage"]["completion_tokens"] == 3


class TestWords:
    """Free questions."""

    def test_how_many(self, url: str) -> None:
        two = filmed(lambda t: put(to_the_right(t), BLUE, 250 - 20 * t, 40, 30))

        assert content(url, question(two, "How many things move?")).startswith("2 things move by themselves.")

    def test_the_camera(self, url: str) -> None:
        assert content(url, question(filmed(), "How does the camera move?")).startswith("The camera stands still")

    def test_what_comes_next(self, url: str) -> None:
        assert "goes on moving right" in content(url, question(filmed(), "What will happen next?"))

    def test_more_than_motion_is_not_known(self, url: str) -> None:
        assert "Only motion is measured here" in content(url, question(filmed(), "What colour is the cup?"))

    def test_a_score_is_a_number(self, url: str) -> None:
        assert content(url, question(filmed(), "Give a score from 1 to 5 for physical plausibility.")) == "4"

    def test_a_thing_that_jumps_about_scores_lower(self, url: str) -> None:
        places = np.random.default_rng(4).uniform(60, 260, len(SECONDS))
        jumping = filmed(lambda t: put(GROUND, BLUE, places[SECONDS.index(t)], 120, 40))

        assert content(url, question(jumping, "Give a score from 1 to 5 for physical plausibility.")) in {"2", "3"}

    def test_too_much_at_once_is_said(self, url: str) -> None:
        def flickering(t: float) -> np.ndarray:
            picture = texture(99, low=0, high=255)
            picture[:, :220] = texture(SECONDS.index(t), 220, 240, 0, 255)
            return picture

        assert "cannot be told apart" in content(url, question(filmed(flickering), "What moves?"))


class TestChinese:
    """Answers in Chinese."""

    def test_reasoning_and_answer(self, url: str) -> None:
        said = content(url, question(filmed(), "What moves?\nReason and answer in Chinese.", system=REASON))

        assert "中间的红色物体以每秒画面宽度 9." in said
        assert not re.search(r"[A-Za-z]{2,}", re.sub(r"</?(think|answer)>", "", said))

    def test_every_text_of_the_outcomes(self, url: str) -> None:
        asked = f"{PIXELS}\nWrite every text in Chinese; letters, numbers and JSON keys stay as they are."

        first = json.loads(content(url, question(filmed(), asked)))["outcomes"][0]

        assert first["text"].startswith("中间的红色物体继续向右移动")
        assert first["hazard"] == "NONE"

    def test_a_chinese_question(self, url: str) -> None:
        assert content(url, question(filmed(), "接下来会发生什么？")).startswith("中间的红色物体继续向右移动")


STYLES = [PromptStyle(), PromptStyle("user", False, "thousandths"), PromptStyle("none")]
BEYOND = ["events", "extract", "ground", "ocr"]
SCHEMA = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}


def prompt_of(name: str, style: PromptStyle, **change: Any) -> Prompt:
    """A task of the package, asked about a clip."""
    asked = Question(
        task=name,
        text="The red thing moves to the right.",
        actions=(Action("go", "Go on"), Action("stop", "Stop and wait")) if name == "rank_actions" else (),
        goal="avoid collisions",
        schema=SCHEMA if name == "extract" else None,
    )
    clip = Clip.of([frame_at(10**9), frame_at(5 * 10**9)])
    return render(TaskLibrary.load().named(name), replace(asked, **change), clip, style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", sorted(set(TaskLibrary.load()) - set(BEYOND)))
def test_every_task_of_the_package_is_understood_unless_it_is_beyond_motion(
    url: str, name: str, style: PromptStyle
) -> None:
    prompt = prompt_of(name, style)

    said = content(url, question(filmed(), prompt.user, system=prompt.system))

    last = re.sub(r"</?answer>", "", said.split("</think>")[-1]).strip()
    expected = {
        "outcomes": r'\{"outcomes": .*\}',
        "ranking": "A|B",
        "verdict": "A",
        "score": "4",
        "text": r"(?s).{10,}",
    }[prompt.answer.value]
    assert re.fullmatch(expected, last), said
    assert ("<think>" in said) == (style.reasoning != "none")


@pytest.mark.parametrize("held", [True, False], ids=["held to its schema", "asked in words only"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("name", "text"),
    [*((name, "Everything that moves.") for name in BEYOND), ("events", ""), ("extract", ""), ("ocr", "")],
)
@pytest.mark.parametrize("media", [filmed(), image(GROUND)], ids=["a clip", "a picture"])
def test_a_task_that_is_beyond_motion_is_refused_by_name(
    url: str, media: Any, name: str, style: PromptStyle, text: str, held: bool
) -> None:
    prompt = prompt_of(name, style, text=text)
    constraint = constraint_of(prompt) if held else None

    status, message = refusal(
        url,
        question(media, prompt.user, system=prompt.system, **on_all(load_profile("embedded"), constraint)),
    )

    assert status == 400
    assert f"(task {name})" in message
    assert "ask a vision-language model instead" in message


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Detect all cups. Report bounding boxes.", "ground"),
        ('Locate the cup: {"bbox_2d": [...], "label": "cup"}', "ground"),
        ("输出杯子的边界框", "ground"),
        ("When is the cup lifted? Give start and end times.", "events"),
        ("Read all the text on the sign.", "ocr"),
        ("Do OCR.", "ocr"),
        ("识别图中的文字", "ocr"),
        ("Fill this JSON schema: {}", "extract"),
    ],
)
def test_what_is_beyond_motion_is_recognised_in_other_words(url: str, asked: str, name: str) -> None:
    assert f"(task {name})" in refusal(url, question(filmed(), asked))[1]


@pytest.mark.parametrize("schema", [DETECTIONS_SCHEMA, EVENTS_SCHEMA])
def test_what_is_beyond_motion_is_recognised_by_the_schema_alone(url: str, schema: dict[str, Any]) -> None:
    status, message = refusal(url, question(filmed(), "What moves?", structured_outputs={"json": schema}))

    assert status == 400
    assert "this endpoint measures motion and cannot" in message


@pytest.mark.parametrize(
    "asked",
    [
        "Goal: read the text on the box\nWhat should be done next?",
        "Where does the red thing start and end?",
        "Does the box with the text on it move?",
        "At which point does it stop?",
        "What does the robot, which reads the words on the boxes, do?",
        "Is the text read by somebody?\n(A) yes\n(B) no",
    ],
)
def test_a_question_about_motion_may_name_texts_boxes_and_times(url: str, asked: str) -> None:
    assert content(url, question(filmed(), asked))


def test_a_refusal_names_what_is_not_known(url: str) -> None:
    schema = {"type": "object", "properties": {"licence_plate": {"type": "string"}}, "required": ["licence_plate"]}

    status, message = refusal(
        url,
        question(filmed(), "Read it.", response_format={"type": "json_schema", "json_schema": {"schema": schema}}),
    )

    assert status == 400
    assert "answer.licence_plate is required" in message
