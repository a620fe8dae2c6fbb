"""YAML files that people write: profiles, tasks, labelled questions."""

from pathlib import Path
from typing import Any

import yaml
from yaml.reader import ReaderError

from cosmos_reasoner.errors import ConfigurationError

__all__ = ["read_yaml"]


def read_yaml(file: Path, what: str) -> Any:
    """Read a file, of which no part is anything but data.

    Args:
        file: Where it is; `~` is the user's folder.
        what: What it should be, in a word, for errors. These never show more of its text than a key.

    Raises:
        ConfigurationError: It cannot be read, is no YAML, or says a key twice; the message says where.
    """
    try:
        return yaml.load(file.expanduser().read_text(encoding="utf-8"), _UniqueKeys)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{what} {file}: line {line}: {error.problem}") from None
    except ReaderError as error:
        raise ConfigurationError(f"{what} {file}: {error.reason}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{what} {file}: {error}") from error
    except (AttributeError, RuntimeError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{what} {file}: it cannot be read as YAML ({type(error).__name__})") from None


class _UniqueKeys(yaml.SafeLoader):
    """Refuses a key that is said twice, of which YAML would take the last one silently."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if (key.tag, str(key.value)) in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} is said twice", problem_mark=key.start_mark)
            seen.add((key.tag, str(key.value)))
        return node
