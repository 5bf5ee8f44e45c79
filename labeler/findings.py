"""PURE: what pydantic finds wrong -> our sentence: what, which value, what was expected.

A finding says what the model allows at that place, whatever rule was broken first: whoever sends
'ten' and then 1001 need not ask a third time.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

SHOWN_MAX = 100
"""Characters of a value or name that are repeated."""

_KEY = "[key]"
"""pydantic's last step to a key of a mapping that is wrong itself."""

_Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One value that is wrong."""

    where: str
    """The keys that lead to it, joined by dots."""
    expected: str
    """What may stand there."""
    got: str
    """What stands there, shortened."""
    sentence: str
    """All of it."""


def read(item: ErrorDetails, model: type[BaseModel], *, whole: str) -> Finding:
    """Return what is wrong where ``model`` was expected; ``item`` is one of the error's details.

    ``whole`` names the document itself, such as "body".
    """
    kind = item["type"]
    where = ".".join(_step(key) for key in item["loc"] if key != _KEY) or whole
    got = _shown(item["input"])
    if kind == "extra_forbidden":
        known = ", ".join((_at(model, item["loc"][:-1]) or {}).get("properties", {}))
        expected = f"one of the keys {known}"
        sentence = f"{where} is not a known key. Known here: {known}."
    else:
        expected = _expected(item, model)
        sentence = f"{where}: expected {expected}, got {got}."
    if kind == "missing":  # `input` is what should hold the key
        got = "nothing"
        sentence = f"{where} is missing: expected {expected}."
    return Finding(where=where, expected=expected, got=got, sentence=sentence)


def _step(key: int | str) -> str:
    text = str(key)
    if not text.isprintable():
        text = repr(text)
    return _short(text)


def _shown(value: Any) -> str:
    """Return ``value`` as JSON and YAML write it, where Python has a word of its own."""
    return json.dumps(value) if value is None or isinstance(value, bool) else _short(repr(value))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 3]}..."


def _expected(item: ErrorDetails, model: type[BaseModel]) -> str:
    if item["type"] == "value_error":  # a validator of ours has said it
        return item["msg"].removeprefix("Value error, ").removeprefix("expected ")
    schema = _at(model, item["loc"])
    return _words(schema) if schema else item["msg"]


@functools.cache
def _schema(model: type[BaseModel]) -> _Schema:
    return model.model_json_schema()


def _at(model: type[BaseModel], keys: Sequence[int | str]) -> _Schema | None:
    """Return the JSON schema of what may stand at ``keys``, or None where nothing is known."""
    root = _schema(model)
    found = root
    if keys and keys[-1] == _KEY:
        mapping = _at(model, keys[:-2]) or {}
        patterns = [{"pattern": pattern} for pattern in mapping.get("patternProperties", {})]
        return {"type": "string", **(patterns or [{}])[0], **mapping.get("propertyNames", {})}
    for key in keys:
        step = _step_into(found, key)
        if not isinstance(step, dict):
            return None
        found = _resolved(step, root)
    return found


def _step_into(schema: _Schema, key: int | str) -> Any:
    if isinstance(key, int) and schema.get("type") != "object":  # YAML keys may be numbers, too
        return schema.get("items")
    properties = schema.get("properties", {})
    if key in properties:
        return properties[key]
    others = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return others[0]


def _resolved(schema: _Schema, root: _Schema) -> _Schema:
    """Return ``schema`` without the detour over its definition, and without `or null`."""
    choices = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    if len(choices) == 1:
        schema = choices[0]
    if "$ref" in schema:
        return _resolved(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    return schema


def _words(schema: Mapping[str, Any]) -> str:
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return f"one of {', '.join(str(one) for one in schema['enum'])}"
    match schema.get("type"):
        case "integer":
            return "a whole number" + _range(schema)
        case "number":
            return "a number" + _range(schema)
        case "boolean":
            return "true or false"
        case "array":
            return "a list" + _count(schema, "Items", "entries")
        case "object":
            known = ", ".join(schema.get("properties", {}))
            most = f", {schema['maxProperties']} at most" if "maxProperties" in schema else ""
            return "keys with values" + (f" ({known})" if known else most)
        case _:
            return _text(schema)


def _text(schema: Mapping[str, Any]) -> str:
    """A pattern or format is for machines: the type that has one describes it for people."""
    if schema.get("format") == "date-time":
        return str(schema.get("description") or "a time")
    if "pattern" in schema:
        return str(schema.get("description") or f"text that matches {schema['pattern']}")
    return "text" + _count(schema, "Length", "characters")


def _range(schema: Mapping[str, Any]) -> str:
    low, above, high = (
        schema.get(name) for name in ("minimum", "exclusiveMinimum", "maximum")
    )  # fmt: skip
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if above is not None:
        return f" above {above}" + ("" if high is None else f", {high} at most")
    if low is not None:
        return f", {low} at least"
    return "" if high is None else f", {high} at most"


def _count(schema: Mapping[str, Any], what: str, noun: str) -> str:
    low, high = schema.get(f"min{what}"), schema.get(f"max{what}")
    if low is not None and high is not None:
        return f" of {low} to {high} {noun}"
    if high is not None:
        return f" of at most {high} {noun}"
    return "" if low is None else f" of at least {low} {noun}"
