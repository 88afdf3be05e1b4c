"""What is wrong with a case arrives as values, and nothing panics."""

import datetime
import math
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import winset

SMALL: dict[str, Any] = {
    "winset": 1,
    "title": "two sides, one issue",
    "as_of": datetime.date(2025, 4, 22),
    "question": {"text": "A deal?", "yes": "a signed text", "by": datetime.date(2025, 6, 30)},
    "issues": {"price": {"name": "Price", "now": 0}},
    "sides": {
        "buyer": {
            "ratify": "anna",
            "position": {"price": "20..30..40"},
            "salience": {"price": 50},
            "discount": "5..10..30",
        },
        "seller": {
            "ratify": "ben",
            "position": {"price": 60},
            "salience": {"price": 50},
            "discount": 10,
        },
    },
    "actors": {
        "anna": {"side": "buyer", "role": "leader", "capability": 100},
        "ben": {"side": "seller", "role": "leader", "capability": 100},
    },
}


def test_a_dictionary_is_a_case() -> None:
    case = winset.Case.from_dict(SMALL)
    assert (case.title, case.as_of) == ("two sides, one issue", datetime.date(2025, 4, 22))
    assert 0 <= case.forecast(draws=20).answer.p <= 1


def test_a_dictionary_and_the_file_it_stands_for_are_one_case() -> None:
    import tomllib

    path = Path("cases/emission-standards-1994/case.toml")
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    assert winset.Case.from_dict(values).fingerprint == winset.Case.load(path).fingerprint


def test_a_mistake_has_code_line_and_hint() -> None:
    with pytest.raises(winset.CaseError) as caught:
        winset.Case.from_dict({**SMALL, "isues": {}})
    (finding,) = caught.value.findings
    assert (finding.code, finding.line, finding.severity) == ("unknown-key", 8, "error")
    assert finding.hint is not None and "issues" in finding.hint
    assert "from_dict:8:" in str(caught.value)


def test_the_lines_of_a_file_are_its_own(tmp_path: Path) -> None:
    text = Path("cases/us-iran-2025/case.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("by "))
    lines[at] = 'by = "soon"'
    (tmp_path / "case.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(winset.CaseError) as caught:
        winset.Case.load(tmp_path)
    assert at + 1 in [finding.line for finding in caught.value.findings]


def test_a_wrong_change_names_the_path() -> None:
    with pytest.raises(winset.CaseError, match="discount"):
        winset.Case.demo(set=["sides.us.discont=5"])
    with pytest.raises(TypeError, match="list"):
        winset.Case.demo(set="sides.us.discount=5")


def test_what_is_not_there_is_an_error_of_the_system() -> None:
    with pytest.raises(FileNotFoundError, match=r"no/such/case\.toml") as caught:
        winset.Case.load("no/such/case.toml")
    assert caught.value.filename == "no/such/case.toml"
    with pytest.raises(FileNotFoundError, match="nowhere"):
        winset.Case.load("nowhere")
    with pytest.raises(FileNotFoundError, match=r"case\.toml"):
        winset.Case.load(Path("docs"))
    with pytest.raises(TypeError, match=r"Case\.load\(.*Case\.demo\(\).*Case\.from_dict"):
        winset.Case("us-iran-2025")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="us-iran-2025"):
        winset.Case.demo("us-iran")
    with pytest.raises(ValueError, match="2025-04-22"):
        winset.Case.demo(as_of="yesterday")


@pytest.mark.parametrize("path", sorted(Path("cases/broken").iterdir()), ids=str)
def test_every_broken_case_is_refused_or_warned_of(path: Path) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", winset.CaseWarning)
            findings = winset.Case.load(path).findings
        assert findings and all(finding.severity == "warning" for finding in findings)
    except winset.CaseError as error:
        assert any(finding.severity == "error" for finding in error.findings)


NUMBERS = (
    st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(2**70), 2**70) | st.booleans()
)
WORDS = st.sampled_from(["record", "1..2", "3..2..1", "normal(1, 2)", "anna", "5 of (ben)", "leader"])
LEAVES = NUMBERS | st.text(max_size=12) | WORDS | st.dates() | st.none() | st.binary(max_size=2)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths(values: dict[str, Any], at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for key, value in values.items():
        found.append((*at, key))
        if isinstance(value, dict):
            found += paths(value, (*at, key))
    return found


def replaced(values: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    if len(path) == 1:
        return {**values, path[0]: value}
    return {**values, path[0]: replaced(values[path[0]], path[1:], value)}


def ask(values: dict[str, Any]) -> None:
    """Whatever is typed is a case or an error of the documented kinds."""
    try:
        case = winset.Case.from_dict(values)
    except (winset.CaseError, TypeError, ValueError):
        return
    answer = case.forecast(draws=2, threads=1).answer
    assert 0 <= answer.p <= 1 and math.isfinite(answer.mcse)


@given(st.sampled_from(paths(SMALL)), VALUES)
@settings(max_examples=300, deadline=None)
@pytest.mark.filterwarnings("ignore::winset.CaseWarning")
def test_any_value_anywhere_is_answered(path: tuple[str, ...], value: object) -> None:
    ask(replaced(SMALL, path, value))


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_dictionary_is_answered(values: dict[str, Any]) -> None:
    with pytest.raises((winset.CaseError, TypeError, ValueError)):
        winset.Case.from_dict(values)


@given(st.text(max_size=30), st.text(max_size=10))
@settings(max_examples=100, deadline=None)
@pytest.mark.filterwarnings("ignore::winset.CaseWarning")
def test_any_change_is_answered(change: str, day: str) -> None:
    for arguments in ({"set": [change]}, {"as_of": day}):
        try:
            winset.Case.from_dict(SMALL, **arguments)  # type: ignore[arg-type]
        except (winset.CaseError, ValueError):
            pass
