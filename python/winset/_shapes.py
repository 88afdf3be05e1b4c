"""What the columns of every table are, read off the schema of the reports and never off the data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from winset import _native

Columns = tuple[tuple[str, str], ...]
"""Names and kinds: `text`, `number`, `whole`, `date`, `flag`, `texts`, `numbers`; or `rows` for what
holds rows itself, which no data frame has a column for."""

_LISTS = {"text": "texts", "number": "numbers", "whole": "numbers"}
_KINDS = {"string": "text", "number": "number", "integer": "whole", "boolean": "flag"}


@cache
def columns(schema: str, key: str) -> Columns:
    """The columns of the list under a key of a report; none if it is no list of rows.

    An object within a row has a column for each of its keys, as ``block.change``.
    """
    for shape in _alternatives(_shapes().get(schema, {})):
        found = _items(shape.get("properties", {}).get(key, {}))
        if "properties" in found:
            return tuple(_of(found, ""))
    return ()


@cache
def _shapes() -> dict[str, Any]:
    shapes: dict[str, Any] = json.loads(_native.shapes())["$defs"]
    return shapes


def _alternatives(shape: dict[str, Any]) -> list[dict[str, Any]]:
    """The shapes that a value may have, but nothing."""
    all_of = shape.get("anyOf") or shape.get("oneOf") or [shape]
    return [one for one in all_of if one.get("type") != "null"]


def _filled(shape: dict[str, Any]) -> dict[str, Any]:
    """The one shape of what is there if it is not missing."""
    found = _alternatives(shape)
    return found[0] if found else shape


def _type(shape: dict[str, Any]) -> str | None:
    kind = shape.get("type")
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), None)
    return kind


def _items(shape: dict[str, Any]) -> dict[str, Any]:
    shape = _filled(shape)
    items = shape.get("items")
    return _filled(items) if _type(shape) == "array" and isinstance(items, dict) else {}


def _of(row: dict[str, Any], at: str) -> Iterator[tuple[str, str]]:
    for key, shape in row["properties"].items():
        name, shape = f"{at}{key}", _filled(shape)
        if "properties" in shape:
            yield from _of(shape, f"{name}.")
        else:
            yield name, _kind(shape)


def _kind(shape: dict[str, Any]) -> str:
    kind = _type(shape)
    if kind == "array":
        return _LISTS.get(_kind(_items(shape)), "rows")
    if kind == "string" and shape.get("format") == "date":
        return "date"
    return _KINDS.get(kind or "", "rows")
