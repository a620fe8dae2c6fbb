import pytest

from cosmos_reasoner.replies.refusal import is_refusal


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't assist with that.",
        "I’m sorry, I cannot help with this request.",
        "I am very sorry, but I am unable to provide that information.",
        "Sorry, I won't answer this.",
        "My apologies, but I'm not able to discuss it.",
        "I can't help with that.",
        '"I cannot assist you with this request."',
        "很抱歉，我无法回答这个问题。",
        "对不起，我不能提供帮助。",
        "抱歉，无法为您提供该信息。",
    ],
)
def test_an_apology_for_not_answering_is_a_refusal(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "B",
        "I'm sorry, but I can't see the cup in any frame.",
        "I cannot tell whether the robot helps.",
        "The clerk says: I'm sorry, but I can't help with that.",
        "The robot can't help with that.",
        "I'm sorry for the delay; the cup falls.",
        "抱歉，我看不清杯子。",
        "机器人无法提供帮助。",
        "I'm sorry, but I can't help noticing" + " much" * 100,
    ],
)
def test_an_answer_that_only_sounds_like_it_is_none(answer: str) -> None:
    assert not is_refusal(answer)
