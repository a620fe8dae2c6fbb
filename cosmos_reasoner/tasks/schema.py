"""JSON schemas: read, checked, and held against values."""

import json
from typing import Any

from jsonschema.exceptions import SchemaError, best_match
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from cosmos_reasoner.errors import InvalidRequest

__all__ = ["check_schema", "read_schema", "violation"]

_NOTHING_BUT_ITSELF: Registry[Any] = Registry()
"""What a `$ref` may point into, besides the schema itself: nothing is ever fetched."""


def read_schema(text: str) -> dict[str, Any]:
    """Read a schema that a caller wrote.

    Raises:
        InvalidRequest: It is no JSON object; the message says where it breaks.
    """
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"the schema is not JSON: {error}") from error
    if not isinstance(schema, dict):
        raise InvalidRequest('the schema is JSON but no object; write for example {"type": "object"}')
    return schema


def check_schema(schema: dict[str, Any]) -> None:
    """Make sure that a value is a JSON schema, of the draft that its `$schema` names or else the newest.

    Raises:
        ValueError: It is none; the message says where and why.
    """
    try:
        validator_for(schema).check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"not a JSON schema: {error.json_path}: {error.message}") from error


def violation(value: Any, schema: dict[str, Any]) -> str:
    """Say where a value breaks a schema, and how; empty when it does not.

    Raises:
        InvalidRequest: A `$ref` of the schema leads nowhere inside it.
    """
    validator = validator_for(schema)(schema, registry=_NOTHING_BUT_ITSELF)
    try:
        error = best_match(validator.iter_errors(value))
    except Unresolvable as failure:
        raise InvalidRequest(f"the schema has a $ref that leads nowhere inside it: {failure.ref}") from failure
    return f"{error.json_path}: {error.message}" if error else ""
