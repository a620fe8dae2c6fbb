"""Keys: from the environment or a file, and nowhere else."""

import os
from collections.abc import Mapping
from pathlib import Path

from cosmos_reasoner.errors import ConfigurationError

__all__ = ["read_key"]

_OF_OTHERS = 0o077
"""Permissions of a file's group and of everybody."""


def read_key(variable: str = "", file: str = "", environment: Mapping[str, str] | None = None) -> str:
    """Read the key of an endpoint.

    Args:
        variable: Name of the environment variable that holds it.
        file: Path of the file that holds it, readable by its owner alone; used when `variable` is empty.
        environment: Instead of the process's own.

    Returns:
        The key; empty when neither was named.

    Raises:
        ConfigurationError: What was named holds no key, or others can read it. The message never has the key's text.
    """
    if variable:
        if not variable.isidentifier():
            raise ConfigurationError("key_env is not the name of an environment variable: is it the key itself?")
        key = (os.environ if environment is None else environment).get(variable, "").strip()
        if not key:
            raise ConfigurationError(f"environment variable {variable} holds no key: export it before the start")
        return _checked(key, f"environment variable {variable}")
    if not file:
        return ""
    key = _read(file)
    if not key:
        raise ConfigurationError(f"key file {file} is empty")
    return _checked(key, f"key file {file}")


def _read(file: str) -> str:
    try:
        with Path(file).expanduser().open(encoding="utf-8") as opened:
            if os.fstat(opened.fileno()).st_mode & _OF_OTHERS:
                raise ConfigurationError(f"key file {file} is open to other users of this machine: chmod 600 {file}")
            return opened.read().strip()
    except (OSError, UnicodeDecodeError, RuntimeError) as error:  # RuntimeError is a home that does not exist
        raise ConfigurationError(f"key file {file} cannot be read: {type(error).__name__}") from error


def _checked(key: str, where: str) -> str:
    """Refuse what no HTTP header can carry: the HTTP library would do so with the key's text in its message."""
    if not (key.isascii() and key.isprintable()):
        raise ConfigurationError(f"{where} holds other than printable ASCII on one line: it must hold the key alone")
    return key
