"""Numbers on the command line: checked before anything is done with them."""

import argparse
import math

__all__ = ["count", "finite", "port", "positive", "seconds"]

_LEAST, _MOST = 1e-3, 1e6


def finite(text: str) -> float:
    """A number that is neither infinite nor NaN."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return value


def positive(text: str) -> float:
    """A number above 0, neither so large nor so small that nobody can mean it."""
    value = finite(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    if not _LEAST <= value <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not from {_LEAST:g} to {_MOST:g}")
    return value


def seconds(text: str) -> float:
    """A time above 0 in s, written with or without the unit: 2, 2s, 0.5s."""
    return positive(text.removesuffix("s"))


def count(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def port(text: str) -> int:
    """A TCP port; 0 for any free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)
