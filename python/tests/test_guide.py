"""The code of the guide runs, top to bottom, and is typed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

import winset

PAGES = Path(__file__).parents[2] / "docs/src/guide"
DATA = Path(os.environ.get("WINSET_DATA", "no data")).resolve() / "deu"


def code(page: str, data: bool) -> str:
    """The blocks of Python of a page, each on its own lines; those on the DEU data if there are."""
    text = (PAGES / page).read_text(encoding="utf-8")
    lines = text.splitlines()
    kept = ["" for _ in lines]
    inside = False
    for k, line in enumerate(lines):
        if found := re.fullmatch(r"```python( deu)?", line):
            inside = data or found[1] is None
        elif line.startswith("```"):
            inside = False
        elif inside:
            kept[k] = line
    return "\n".join(kept) + "\n"


def test_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = DATA.is_dir()
    if data:
        Path("deu").symlink_to(DATA, target_is_directory=True)
    else:
        with open(os.environ["WINSET_SKIPPED"], "a", encoding="utf-8") as skipped:
            skipped.write("the guide's row of the DEU table (set WINSET_DATA to the data)\n")
    exec(compile(code("python.md", data), PAGES / "python.md", "exec"), {"__name__": "guide"})
    assert Path("agreement.svg").is_file()


def test_what_r_reads_is_the_forecast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "guide"}
    exec(compile(code("r.md", data=False), PAGES / "r.md", "exec"), names)
    forecast = names["forecast"]
    assert isinstance(forecast, winset.Forecast)
    read = pyarrow.parquet.read_table("agreement.parquet")
    assert read.schema.field("date").type == pyarrow.date32()
    assert read.to_pylist() == forecast.agreement.to_dicts()
    conflicts = pyarrow.parquet.read_table("conflicts.parquet").to_pylist()
    assert conflicts == forecast.conflicts.to_dicts()
    assert any(len(row["constraints"]) > 1 for row in conflicts)


@pytest.mark.parametrize("page", ["python.md", "r.md"])
def test_the_guide_is_typed(page: str, tmp_path: Path) -> None:
    (tmp_path / "guide.py").write_text(code(page, data=True), encoding="utf-8")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nstrict = true\n[mypy-pyarrow.*]\nignore_missing_imports = true\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "guide.py"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
