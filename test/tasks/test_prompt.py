import json
import re
from typing import Any

import pytest
from pictures import SECOND, frame_at

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import MAX_OPTIONS, Prompt, PromptStyle, render
from cosmos_reasoner.tasks.schema import violation
from cosmos_reasoner.tasks.task import Action, AnswerType, Question, RankingMethod, Task

PICTURE = Clip.of([frame_at(SECOND)])
CLIP = Clip.of([frame_at(SECOND), frame_at(3 * SECOND + SECOND // 4)])
TWO_CAMERAS = Clip((CLIP.views[0], View("wrist", (frame_at(SECOND, "wrist"),))))
ACTIONS = (Action("go", "drive on"), Action("halt", "stop"))
SILENT = PromptStyle(reasoning="none")
FULL: dict[str, Any] = {
    "text": "Is the door open?",
    "actions": ACTIONS,
    "goal": "leave the room",
    "context": "The robot is small.",
}
SCHEMA = {"type": "object", "properties": {"door": {"enum": ["open", "closed"]}}}
LEAST: dict[str, dict[str, Any]] = {
    "ask": {"text": "Why?"},
    "extract": {"schema": SCHEMA},
    "ground": {"text": "cups"},
    "rank_actions": {"goal": "g", "actions": ACTIONS},
    "verify": {"text": "It fell."},
}
"""What the shipped tasks cannot do without."""
OF_ONE_PICTURE = {"ground", "ocr"}


def rendered(user: str, clip: Clip = CLIP, style: PromptStyle = SILENT, **question: Any) -> str:
    """The user text of a task that the test made up."""
    return render(Task(name="mine", user=user), Question("mine", **question), clip, style).user


def ours(name: str, clip: Clip = CLIP, style: PromptStyle = SILENT, **question: Any) -> Prompt:
    return render(TaskLibrary.load().named(name), Question(name, **question), clip, style)


@pytest.mark.parametrize("name", sorted(TaskLibrary.load()))
def test_every_shipped_task_starts_with_the_clip_and_fills_in_everything(name: str) -> None:
    lines = ours(name, **LEAST.get(name, {}) | FULL).user.splitlines()
    what = "This is a single picture." if name in OF_ONE_PICTURE else "The clip lasts 2.25 s."
    assert lines[:2] == [what, "The robot is small."]
    assert all(lines)
    assert not re.search(r"\{[a-z_]+\}", "\n".join(lines))


@pytest.mark.parametrize("name", sorted(TaskLibrary.load()))
def test_every_shipped_task_reads_well_with_only_what_it_needs(name: str) -> None:
    lines = ours(name, **LEAST.get(name, {})).user.splitlines()
    assert all(line.strip() and not line.endswith((": ", ":")) for line in lines if "JSON" not in line)


def test_each_shipped_task_says_what_it_is_about() -> None:
    assert "Is the door open?" in ours("ask", **FULL).user
    assert "Statement: Is the door open?" in ours("verify", **FULL).user
    assert "Goal: leave the room" in ours("next_action", **FULL).user
    assert "within the next 5 seconds" in ours("predict_outcome", horizon=5.0).user
    assert "up to 4 outcomes" in ours("predict_outcome", max_outcomes=4).user


def test_the_house_s_system_message_is_used_where_a_task_has_none() -> None:
    names = [name for name, task in TaskLibrary.load().items() if not task.system]
    systems = {ours(name, **LEAST.get(name, {})).system for name in names}
    assert len(names) > 5 and len(systems) == 1
    assert "physical world" in systems.pop()
    own = Task(name="mine", system="You are a guard.", user="Look.")
    assert render(own, Question(), CLIP, SILENT).system == "You are a guard."


def test_a_ranking_letters_the_actions_and_asks_for_one_letter() -> None:
    prompt = ours("rank_actions", **FULL)
    assert (prompt.answer, prompt.options) == (AnswerType.RANKING, ("drive on", "stop"))
    assert "\n(A) drive on\n(B) stop\n" in prompt.user
    assert prompt.user.endswith("\nAnswer with the letter of one option only.")


def test_a_ranking_by_the_model_s_own_scores_asks_for_a_number_a_letter() -> None:
    prompt = ours("rank_actions", method=RankingMethod.SELF_REPORTED, **FULL)
    assert (prompt.answer, prompt.options) == (AnswerType.DATA, ("drive on", "stop"))
    assert "\n(A) drive on\n(B) stop\n" in prompt.user
    assert prompt.user.endswith('all together 1, in this form:\n{"A": 0.0, "B": 0.0}')
    assert prompt.schema is not None
    assert violation({"A": 0.25, "B": 0.75}, prompt.schema) == ""
    assert violation({"A": 0.25}, prompt.schema) and violation({"A": 0.5, "B": 0.25, "C": 0.25}, prompt.schema)


def test_the_method_of_a_ranking_changes_no_other_task() -> None:
    asked = [ours("ask", text="Why?", method=method) for method in RankingMethod]
    assert len({prompt.hash for prompt in asked}) == 1 and {prompt.answer for prompt in asked} == {AnswerType.TEXT}


def test_a_verdict_letters_its_fixed_options() -> None:
    prompt = ours("verify", text="It fell.", options=("ignored", "too"))
    assert prompt.answer is AnswerType.VERDICT
    assert prompt.options == ("it is true", "it is not true", "the clip does not tell")
    assert "(A) it is true\n(B) it is not true\n(C) the clip does not tell\nAnswer with the letter" in prompt.user


def test_a_score_offers_its_levels_without_letters() -> None:
    prompt = ours("critique")
    assert (prompt.answer, prompt.options) == (AnswerType.SCORE, ("1", "2", "3", "4", "5"))
    assert "(A)" not in prompt.user
    assert "letter" not in prompt.user


def test_outcomes_are_asked_for_as_json_whose_braces_are_left_alone() -> None:
    prompt = ours("predict_outcome")
    assert prompt.answer is AnswerType.OUTCOMES
    assert '{"outcomes": [{"text": "...", "probability": 0.0, "hazard": "NONE"' in prompt.user


def test_a_question_in_words_asks_for_words() -> None:
    prompt = ours("ask", text="Why?")
    assert (prompt.answer, prompt.options) == (AnswerType.TEXT, ())
    assert prompt.user == "The clip lasts 2.25 s.\nWhy?"


def test_a_question_with_options_becomes_a_choice() -> None:
    prompt = ours("ask", text="Which?", options=("red", "green"))
    assert (prompt.answer, prompt.options) == (AnswerType.CHOICE, ("red", "green"))
    assert prompt.user.endswith("Which?\n(A) red\n(B) green\nAnswer with the letter of one option only.")


def test_an_option_of_several_lines_becomes_one_line() -> None:
    assert "(A) red and\u00a0round\n" not in rendered("{options}", options=("red\n  and round", "green"))
    assert "(A) red and round\n" in rendered("{options}", options=("red\n  and round", "green"))


@pytest.mark.parametrize("options", [("one",), tuple(map(str, range(27)))])
def test_a_choice_has_2_to_26_options(options: tuple[str, ...]) -> None:
    with pytest.raises(InvalidRequest, match=f"{len(options)} options: give 2 to 26"):
        ours("ask", text="Which?", options=options)


@pytest.mark.parametrize("count", [0, 1, 27])
def test_a_ranking_has_2_to_26_actions(count: int) -> None:
    actions = tuple(Action(str(i), f"action {i}") for i in range(count))
    with pytest.raises(InvalidRequest, match=f"{count} actions: give 2 to 26"):
        ours("rank_actions", goal="win", actions=actions)


def test_the_last_of_26_options_is_z() -> None:
    prompt = ours("ask", text="Which?", options=tuple(map(str, range(MAX_OPTIONS))))
    assert "(Z) 25" in prompt.user


def test_a_task_of_choice_wants_options() -> None:
    with pytest.raises(InvalidRequest, match="0 options"):
        render(Task(name="mine", user="{options}", answer=AnswerType.CHOICE), Question(), CLIP, SILENT)


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_an_option_or_action_without_text_is_refused(empty: str) -> None:
    with pytest.raises(InvalidRequest, match="one of the options has no text"):
        ours("ask", text="Which?", options=("red", empty))
    with pytest.raises(InvalidRequest, match="one of the actions has no text"):
        ours("rank_actions", goal="win", actions=(ACTIONS[0], Action("id", empty)))


@pytest.mark.parametrize(
    ("name", "given", "missing"),
    [
        ("ask", {}, "question"),
        ("ask", {"text": " \n"}, "question"),
        ("verify", {}, "question"),
        ("rank_actions", {"actions": ACTIONS}, "goal"),
    ],
)
def test_what_a_task_needs_and_does_not_get_is_named(name: str, given: dict[str, Any], missing: str) -> None:
    with pytest.raises(InvalidRequest, match=f"task '{name}' needs a {missing}"):
        ours(name, **given)


def test_a_single_picture_is_called_so() -> None:
    assert rendered("{clip}", PICTURE) == "This is a single picture."


def test_several_cameras_are_named() -> None:
    assert rendered("{clip}", TWO_CAMERAS) == (
        "The clip lasts 2.25 s. It was taken at the same time by 2 cameras: front, wrist."
    )


def test_pictures_without_time_between_them_are_counted_and_named() -> None:
    pictures = Clip((PICTURE.views[0], View("wrist", (frame_at(SECOND, "wrist"),))))
    assert rendered("{clip}", pictures) == "There are 2 pictures, in this order: front, wrist."


def test_a_task_of_the_newest_frames_speaks_of_no_others() -> None:
    task = Task(name="mine", user="{clip}", frames="newest")
    assert render(task, Question(), CLIP, SILENT).user == "This is a single picture."
    assert render(task, Question(), TWO_CAMERAS, SILENT).user == "There are 2 pictures, in this order: front, wrist."


def test_cameras_are_offered_as_a_word_only_where_there_are_several() -> None:
    assert rendered("First.\nOne of: {cameras}.", TWO_CAMERAS) == "First.\nOne of: front, wrist."
    assert rendered("First.\nOne of: {cameras}.") == "First."
    assert "one of: front, wrist." in ours("ground", TWO_CAMERAS, text="cups").user
    assert "camera" not in ours("ground", text="cups").user


def test_a_line_is_left_out_when_all_its_words_are_empty() -> None:
    template = "First.\nGoal: {goal}\nNote: {context}{question}\nLast."
    assert rendered(template) == "First.\nLast."
    assert rendered(template, context="Dark.") == "First.\nNote: Dark.\nLast."


def test_an_empty_line_of_a_template_stays() -> None:
    assert rendered("First.\n\nLast.") == "First.\n\nLast."


def test_a_user_s_own_words_come_from_extra() -> None:
    assert rendered("Find {object_name}.", extra={"object_name": "the mug"}) == "Find the mug."


def test_a_word_that_nobody_gives_is_named() -> None:
    with pytest.raises(InvalidRequest, match="task 'mine' needs a object_name"):
        rendered("Find {object_name}.")


@pytest.mark.parametrize(
    ("template", "word", "known"),
    [
        ("{clip}", "clip", "it has none of its own"),
        ("{place} {clip}", "clip", "its own words are place"),
        ("{place}", "plaec", "its own words are place"),
    ],
)
def test_a_value_for_a_word_that_is_not_the_task_s_own_is_refused(template: str, word: str, known: str) -> None:
    with pytest.raises(InvalidRequest, match=f"task 'mine' takes no value for the word '{word}': {known}"):
        rendered(template, extra={"place": "here", word: "x"} if "place" in template else {word: "x"})


def test_words_in_braces_that_a_caller_writes_are_not_filled_in() -> None:
    assert rendered("{question}", text="Is {goal} {near}?", goal="home") == "Is {goal} {near}?"


@pytest.mark.parametrize("text", ["{}", '{"a": {"b": 1}}', "{A}", "{a b}", "${1}", "\\1 \\g<0>"])
def test_other_braces_and_backslashes_are_left_alone(text: str) -> None:
    assert rendered(text) == text
    assert rendered("{question}", text=text) == text


@pytest.mark.parametrize(("seconds", "written"), [(2.0, "2"), (0.5, "0.5"), (12.25, "12.25")])
def test_the_horizon_is_written_without_needless_digits(seconds: float, written: str) -> None:
    assert rendered("{horizon}", horizon=seconds) == written


@pytest.mark.parametrize(("form", "words"), [("pixels", "pixels of the picture"), ("thousandths", "0 to 1000")])
def test_boxes_are_asked_for_in_the_model_s_coordinates(form: str, words: str) -> None:
    assert words in ours("predict_outcome", style=PromptStyle(coordinates=form)).user


def test_another_language_is_asked_for_in_the_last_line_and_english_is_not() -> None:
    prompt = ours("ask", text="Why?", language="Chinese")
    assert prompt.user.splitlines()[-1] == "Reason in Chinese, and write every text of the answer in Chinese."
    assert "English" not in ours("ask", text="Why?").user


@pytest.mark.parametrize(("where", "bare"), [("system", False), ("system", True), ("user", False), ("user", True)])
def test_reasoning_is_asked_for_once_where_and_how_the_model_wants_it(where: str, bare: bool) -> None:
    prompt = ours("ask", text="Why?", style=PromptStyle(where, answer_tag=not bare))
    asked, other = (prompt.system, prompt.user) if where == "system" else (prompt.user, prompt.system)
    assert asked.count("<think>") == 1
    assert "<answer>" in asked or bare
    assert "<answer>" not in asked or not bare
    assert "<" not in other


def test_reasoning_is_not_asked_for_where_the_prompt_makes_no_difference() -> None:
    prompt = ours("ask", text="Why?")
    assert "think" not in prompt.system + prompt.user


def test_a_task_that_asks_for_reasoning_in_its_own_words_is_not_asked_again() -> None:
    for task in (Task(name="a", user="Use <think>."), Task(name="b", system="Use <think>.", user="Look.")):
        prompt = render(task, Question(), CLIP, PromptStyle())
        assert (prompt.system + prompt.user).count("<think>") == 1


def test_a_question_that_mentions_the_tag_does_not_stop_the_request_for_reasoning() -> None:
    assert "between <think> and </think>" in ours("ask", text="Does it say <think>?", style=PromptStyle()).system


@pytest.mark.parametrize(
    ("task", "where", "reasons"),
    [
        (Task(name="a", user="Look."), "system", True),
        (Task(name="a", user="Look."), "none", False),
        (Task(name="a", user="Use <think>."), "none", True),
        (Task(name="a", user="Look.", reasoning=False), "system", False),
        (Task(name="a", user="Use <think>.", reasoning=False), "user", False),
    ],
)
def test_a_prompt_tells_whether_it_asks_for_reasoning(task: Task, where: str, reasons: bool) -> None:
    prompt = render(task, Question(), CLIP, PromptStyle(where))
    assert prompt.reasons is reasons
    assert ("between <think>" in prompt.system + prompt.user) is (reasons and "<think>" not in task.user)


def test_a_task_without_reasoning_asks_for_another_language_only_in_its_answer() -> None:
    last = ours("ground", text="cups", language="Chinese").user.splitlines()[-1]
    assert last == "Write every text of the answer in Chinese."


def test_what_is_copied_keeps_its_language() -> None:
    assert "Chinese" not in ours("ocr", language="Chinese").user
    assert "Chinese" not in ours("extract", schema=SCHEMA, language="Chinese").user


def test_data_is_asked_for_by_the_caller_s_schema_or_the_task_s() -> None:
    prompt = ours("extract", schema=SCHEMA)
    assert prompt.user.endswith(json.dumps(SCHEMA)) and prompt.schema == SCHEMA
    task = Task(name="door", user="{schema}", answer=AnswerType.DATA, schema=SCHEMA)
    assert render(task, Question(), CLIP, SILENT).schema == SCHEMA
    assert render(task, Question(schema={"type": "array"}), CLIP, SILENT).user == '{"type": "array"}'


def test_a_schema_that_is_none_or_for_another_kind_of_task_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="not a JSON schema"):
        ours("extract", schema={"type": "thing"})
    with pytest.raises(InvalidRequest, match="task 'ask' takes no schema"):
        ours("ask", text="Why?", schema=SCHEMA)
    with pytest.raises(InvalidRequest, match="task 'extract' needs a schema"):
        ours("extract")


def test_the_hash_changes_with_the_texts_and_with_nothing_else() -> None:
    prompt = ours("ask", text="Why?")
    assert re.fullmatch("[0-9a-f]{16}", prompt.hash)
    assert prompt.hash == Prompt(prompt.system, prompt.user, AnswerType.CHOICE, ("a", "b")).hash
    assert (
        len({prompt.hash, Prompt("", prompt.user, prompt.answer).hash, Prompt(prompt.system, "", prompt.answer).hash})
        == 3
    )
    assert Prompt("ab", "c", prompt.answer).hash != Prompt("a", "bc", prompt.answer).hash
