"""Entries checked against what they may hold, with faults in plain words."""

from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.replies.wording import shortened

__all__ = ["validated"]

_Model = TypeVar("_Model", bound=BaseModel)

_LONGEST_NAME = 40
"""Characters of a name of a mapping that a line repeats."""

_WORDS = {
    "missing": "is missing",
    "invalid_key": "must be text: put it in quotes",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of names to values",
}
"""What pydantic's own words for an error are replaced by."""


def validated(model: type[_Model], data: object) -> _Model:
    """Check an entry.

    Raises:
        ConfigurationError: It is not valid; each field that is wrong is named, and of an unknown key the nearest known.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError("; ".join(_explain(model, dict(entry)) for entry in error.errors())) from None


def _explain(model: type[BaseModel], entry: dict[str, Any]) -> str:
    place = entry["loc"]
    if entry["type"] == "invalid_key":
        place = (*place, "[key]")
    elif place[-1:] == ("[key]",):
        place = (*place[:-2], entry["input"], "[key]")  # pydantic's own place says 1 for True
    if entry["type"] == "extra_forbidden":
        return _unknown(_model_at(model, place[:-1]), str(place[-1]), _named(place[:-1]))
    where = _named(place)
    return f"{where}: {_complaint(entry)}" if where else _complaint(entry)


def _complaint(entry: dict[str, Any]) -> str:
    if entry["type"] == "value_error":
        return str(entry["ctx"]["error"])
    if entry["type"] == "string_type":
        plain = isinstance(entry["input"], bool | int | float | date)
        return f"must be text{': put it in quotes' if plain else ''}"
    return _WORDS.get(entry["type"], str(entry["msg"]))


def _unknown(model: type[BaseModel], key: str, where: str) -> str:
    near = get_close_matches(key, model.model_fields, n=1)
    hint = f", did you mean {near[0]!r}?" if near else f": there are {', '.join(model.model_fields)}"
    return f"{where}{': ' if where else ''}unknown key {shortened(key)}{hint}"


def _named(place: tuple[Any, ...]) -> str:
    """A place in words, entries of lists counted from 1; `[key]` is pydantic's mark for a key of a mapping."""
    if place[-1:] == ("[key]",):
        return f"{_named(place[:-2])} key {place[-2]!r}".lstrip()
    words = [part + 1 if isinstance(part, int) else part for part in place]
    return " ".join(str(word)[:_LONGEST_NAME] for word in words)


def _model_at(model: type[BaseModel], place: tuple[Any, ...]) -> type[BaseModel]:
    for part in place:
        if part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
