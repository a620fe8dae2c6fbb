import pytest
from pydantic import ValidationError

from cosmos_reasoner.errors import InvalidRequest
from cosmos_reasoner.tasks.task import Action, AnswerType, Question, Task, template_values


def test_a_task_needs_no_more_than_a_name_and_words() -> None:
    task = Task(name="mine", user="Look.")
    assert (task.answer, task.system, task.needs, task.options) == (AnswerType.TEXT, "", (), ())


def test_white_space_around_the_words_is_dropped_and_inside_them_kept() -> None:
    task = Task(name="mine", system="\n Be  brief.\n", user="  Look.\n\n  Then tell.\n")
    assert (task.system, task.user) == ("Be  brief.", "Look.\n\n  Then tell.")


@pytest.mark.parametrize("user", ["", " ", "\n\n"])
def test_a_task_without_words_is_refused(user: str) -> None:
    with pytest.raises(ValidationError, match="user"):
        Task(name="mine", user=user)


@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_verdict_has_three_options(count: int) -> None:
    with pytest.raises(ValidationError, match="a verdict needs three options"):
        Task(name="mine", user="Look.", answer=AnswerType.VERDICT, options=("a", "b", "c", "d")[:count])


@pytest.mark.parametrize("options", [(), ("1", "two"), ("1.5",), ("-1",), ("",)])
def test_the_levels_of_a_score_are_whole_numbers(options: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="a score needs whole numbers"):
        Task(name="mine", user="Look.", answer=AnswerType.SCORE, options=options)


def test_a_score_may_have_any_levels() -> None:
    assert Task(name="mine", user="Look.", answer=AnswerType.SCORE, options=("0", "10")).options == ("0", "10")


def test_an_unknown_answer_type_is_refused() -> None:
    with pytest.raises(ValidationError, match="'text', 'choice'"):
        Task(name="mine", user="Look.", answer="essay")  # type: ignore[arg-type]


def test_a_task_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Task(name="mine", user="Look.").user = "Do not look."  # type: ignore[misc]


def test_a_question_asks_for_words_in_english_unless_told_otherwise() -> None:
    question = Question()
    assert (question.task, question.language, question.options, question.actions) == ("ask", "English", (), ())
    assert Action("go", "drive on") == Action("go", "drive on")


def test_a_schema_is_named_as_in_the_file_and_goes_with_data() -> None:
    task = Task(name="mine", user="Look.", answer=AnswerType.DATA, schema={"type": "object"})
    assert task.answer_schema == {"type": "object"}
    with pytest.raises(ValidationError, match="a schema goes with answer: data"):
        Task(name="mine", user="Look.", schema={"type": "object"})


def test_values_of_a_task_s_own_words_are_read() -> None:
    assert template_values(["object_name: the red: cup ", "place:"]) == {"object_name": "the red: cup", "place": ""}


@pytest.mark.parametrize("text", ["", "no colon", ": text", "Object: cup", "a b: c", "{word}: c"])
def test_a_value_without_its_word_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match='is not "word: text"'):
        template_values([text])


def test_a_word_with_two_values_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="the word 'a' has two values"):
        template_values(["a: 1", "a: 2"])
