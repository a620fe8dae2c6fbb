"""How reasoning and answer stand in a reply."""

from cosmos_reasoner.embedded.answers.question import Asked

__all__ = ["around"]


def around(asked: Asked, thoughts: str, prefill: str) -> tuple[str, str]:
    """Text before and after the answer, in the tags that were asked for.

    Args:
        asked: The question.
        thoughts: The reasoning.
        prefill: Beginning of the reply that is there already; what is written continues it.
    """
    tag = asked.answer_tag and "<answer>" not in prefill
    before, after = "<answer>\n" if tag else "", "\n</answer>" if asked.answer_tag else ""
    if not asked.think or "</think>" in prefill:
        return before, after
    if "<think>" in prefill:
        return f"\n</think>\n\n{before}", after
    return f"<think>\n{thoughts}\n</think>\n\n{before}", after
