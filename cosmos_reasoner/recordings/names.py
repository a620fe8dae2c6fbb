"""Names made of the paths of files."""

__all__ = ["readable"]


def readable(name: str) -> str:
    r"""A name that can be printed and written: bytes of a file's name that are no UTF-8 become `\udc..`."""
    return name.encode("utf-8", "backslashreplace").decode()
