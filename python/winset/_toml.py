"""A dictionary as the TOML text of a case."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Mapping
from typing import SupportsFloat, SupportsIndex

from winset._scalars import is_datetime64

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def document(values: Mapping[str, object]) -> str:
    """The text, a line a key of the top: what errors call a line is one of these."""
    return "".join(f"{text(key)} = {literal(value, key)}\n" for key, value in values.items())


def text(text: object) -> str:
    """A text in quotes."""
    if not isinstance(text, str):
        raise TypeError(f"a key is {text!r}; keys are text")
    # Half a surrogate pair has no place in UTF-8.
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError(f"{text!r} is not text that UTF-8 can hold")
    return '"' + "".join(_ESCAPES.get(c) or _plain(c) for c in text) + '"'


def _plain(c: str) -> str:
    return f"\\u{ord(c):04X}" if ord(c) < 0x20 or ord(c) == 0x7F else c


def literal(value: object, path: str) -> str:
    """A value as TOML writes it on one line; `path` is what errors call it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return text(value)
        case float():
            # `repr` writes 1e+16, nan and inf as TOML does, and 1e16 never without a sign or digit;
            # that of a number of numpy names its type.
            return repr(float(value))
        case datetime.datetime():
            # Not a time, as pandas says it, has no hour.
            if value != value or value.time() != datetime.time():
                raise TypeError(f"`{path}` is a time; write a day, as datetime.date")
            return value.date().isoformat()
        case datetime.date():
            return value.isoformat()
        case Mapping():
            inside = (f"{text(k)} = {literal(v, f'{path}.{k}')}" for k, v in value.items())
            return "{ " + ", ".join(inside) + " }"
        case list() | tuple():
            return "[" + ", ".join(literal(v, f"{path}[{k}]") for k, v in enumerate(value)) + "]"
    if is_datetime64(value):
        return literal(value.astype("datetime64[us]").tolist(), path)  # type: ignore[attr-defined]
    # What arrays, series and their values are in Python.
    if hasattr(value, "tolist") and type(plain := value.tolist()) is not type(value):
        return literal(plain, path)
    if isinstance(value, SupportsIndex):
        number = operator.index(value)
        if not -(2**63) <= number < 2**63:
            raise ValueError(f"`{path}` is {number}, too large for a case")
        return str(number)
    if isinstance(value, SupportsFloat):
        return repr(float(value))
    kinds = "text, numbers, true or false, dates, lists and dictionaries"
    raise TypeError(f"`{path}` is {type(value).__name__}; a case holds {kinds}")
