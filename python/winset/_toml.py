"""A dictionary as the TOML text of a case."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def document(values: Mapping[str, object]) -> str:
    """The text, a line a key of the top: what errors call a line is one of these."""
    return "".join(f"{_text(key)} = {literal(value, key)}\n" for key, value in values.items())


def _text(text: object) -> str:
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
        case int():
            if not -(2**63) <= value < 2**63:
                raise ValueError(f"`{path}` is {value}, too large for a case")
            return str(value)
        case float():
            # `repr` writes 1e+16, nan and inf as TOML does, and 1e16 never without a sign or digit.
            return repr(value)
        case str():
            return _text(value)
        case datetime.datetime():
            raise TypeError(f"`{path}` is a time; write a day, as datetime.date")
        case datetime.date():
            return value.isoformat()
        case Mapping():
            inside = (f"{_text(k)} = {literal(v, f'{path}.{k}')}" for k, v in value.items())
            return "{ " + ", ".join(inside) + " }"
        case list() | tuple():
            return "[" + ", ".join(literal(v, f"{path}[{k}]") for k, v in enumerate(value)) + "]"
    kinds = "text, numbers, true or false, dates, lists and dictionaries"
    raise TypeError(f"`{path}` is {type(value).__name__}; a case holds {kinds}")
