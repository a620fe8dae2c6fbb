"""How many requests a provider still grants, as its headers say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Quota", "read_quota"]

_DAILY = "modelscope-ratelimit-"
"""ModelScope API-Inference: so many requests a day, and so many of them to one model."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many requests were granted and are left; None where the provider does not say.

    Attributes:
        limit: Granted.
        remaining: Left of them.
        model_limit: Granted to the model that was asked.
        model_remaining: Left of those.
        daily: It comes back with the provider's next day; else mostly within a minute.
    """

    limit: int | None = None
    remaining: int | None = None
    model_limit: int | None = None
    model_remaining: int | None = None
    daily: bool = False

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left."""
        return 0 in (self.remaining, self.model_remaining)

    @property
    def is_used_up_today(self) -> bool:
        """Whether nothing is left, and nothing more is granted before the provider's next day."""
        return self.daily and self.is_used_up

    @property
    def share(self) -> float | None:
        """What is left, 0..1, of the scarcer of both; None when unknown."""
        pairs = ((self.remaining, self.limit), (self.model_remaining, self.model_limit))
        return min((left / limit for left, limit in pairs if left is not None and limit), default=None)


def read_quota(headers: Mapping[str, str]) -> Quota | None:
    """Read what the headers of a response say.

    `modelscope-ratelimit-{requests,model-requests}-{limit,remaining}`, else the common
    `x-ratelimit-{limit,remaining}-requests`.

    Args:
        headers: Names are looked up in lower case.

    Returns:
        None when they say nothing.
    """

    def number(name: str) -> int | None:
        value = headers.get(name, "").strip()
        return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None

    daily = Quota(
        number(f"{_DAILY}requests-limit"),
        number(f"{_DAILY}requests-remaining"),
        number(f"{_DAILY}model-requests-limit"),
        number(f"{_DAILY}model-requests-remaining"),
        daily=True,
    )
    if daily != Quota(daily=True):
        return daily
    common = Quota(number("x-ratelimit-limit-requests"), number("x-ratelimit-remaining-requests"))
    return common if common != Quota() else None
