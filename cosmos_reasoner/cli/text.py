"""Text of others on the terminal."""

__all__ = ["printable"]


def printable(text: str) -> str:
    """Text with everything that is no visible character written out: names in a file may hold anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
