"""What shows that an endpoint is at work on a question."""

from cosmos_reasoner.reasoning.time_budget import TimeBudget

__all__ = ["Signs"]


class Signs:
    """When an endpoint last wrote something, and whether it has answered already.

    Args:
        budget: The question's, which is the clock.
    """

    def __init__(self, budget: TimeBudget) -> None:
        self._budget = budget
        self._last: float | None = None
        self.has_answered = False
        """There is an answer; all that may still come makes it better."""

    def beat(self) -> None:
        """Note that the endpoint was asked, or wrote something."""
        self._last = self._budget.spent

    @property
    def silence(self) -> float:
        """s since it wrote something or, before it did, was asked; 0 before that."""
        return 0.0 if self._last is None else self._budget.spent - self._last
