"""Profiles as YAML files: those that come with the package, and those of users."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from cosmos_reasoner.endpoints.profile import Profile
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.tasks.yaml_file import read_yaml

__all__ = ["FILE_ENDINGS", "load_profile", "shipped_profiles"]

FILE_ENDINGS = (".yaml", ".yml")
"""What tells a file from the name of a shipped profile."""

_LONGEST_NAME = 24
"""Characters; keys are longer."""

_SHIPPED = Path(__file__).parent / "profiles"


def shipped_profiles() -> tuple[str, ...]:
    """Names of the profiles that come with the package."""
    return tuple(sorted(file.stem for file in _SHIPPED.glob("*.yaml")))


def load_profile(name_or_path: str) -> Profile:
    """Read a profile.

    Args:
        name_or_path: Name of a shipped profile, or path of a YAML file. Such a file may name a shipped profile as its
            `base` and say only what differs.

    Raises:
        ConfigurationError: There is none, or it is not valid; an unknown key is named with the nearest known one.
    """
    if name_or_path in shipped_profiles():
        return _validated(_read_shipped(name_or_path), name_or_path)
    if not name_or_path.endswith(FILE_ENDINGS):
        word = _shown(name_or_path)
        raise ConfigurationError(f"no profile {word}: name one of {_known()}, or a file ending in .yaml")
    data = read_yaml(Path(name_or_path), "profile")
    if isinstance(data, dict) and "base" in data:
        base = data.pop("base")
        if base not in shipped_profiles():
            text = f"base {_shown(str(base))} is not the name of a shipped profile: name one of {_known()}"
            raise ConfigurationError(f"profile {name_or_path}: {text}")
        data = _merged(_read_shipped(base), data)
    return _validated(data, name_or_path)


def _known() -> str:
    return ", ".join(shipped_profiles())


def _shown(name: str) -> str:
    """A name as it was written; one that is so long might be a key in a wrong place."""
    return repr(name) if len(name) <= _LONGEST_NAME else "of this name"


def _read_shipped(name: str) -> Any:
    return read_yaml(_SHIPPED / f"{name}.yaml", "profile")


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """What `over` says, and of the rest what `base` says, section by section."""
    sections = [key for key, value in over.items() if isinstance(value, dict) and isinstance(base.get(key), dict)]
    return {**base, **over, **{key: _merged(base[key], over[key]) for key in sections}}


def _validated(data: object, where: str) -> Profile:
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        lines = [_explain(dict(entry)) for entry in error.errors()]
        raise ConfigurationError(f"profile {where}: {'; '.join(lines)}") from error


def _explain(entry: dict[str, Any]) -> str:
    place = [str(part) for part in entry["loc"]]
    if entry["type"] != "extra_forbidden":
        return f"{'.'.join(place) or 'the file'}: {entry['msg']}"
    model: type[BaseModel] = Profile
    for part in place[:-1]:
        model = type(model.model_fields[part].default)
    near = get_close_matches(place[-1], model.model_fields, n=1)
    return f"unknown key {'.'.join(place)!r}" + (f", did you mean {near[0]!r}?" if near else "")
