"""Text of others, which may hold anything that JSON can write."""

__all__ = ["whole_characters"]


def whole_characters(text: str) -> str:
    """A text in which U+FFFD stands for each half of a character: JSON can hold one, but no message of ROS, no file."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
