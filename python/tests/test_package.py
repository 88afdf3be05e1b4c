"""The package as it is installed: typed, stubs true, the wheel within Python's stable interface."""

import dataclasses
import os
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import winset

HERE = Path(winset.__file__).parent


def run(*args: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *args],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        # Wide enough that no line is broken.
        env={**os.environ, "COLUMNS": "400"},
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def test_the_package_is_typed(tmp_path: Path) -> None:
    assert (HERE / "py.typed").is_file()
    cache = ["--cache-dir", str(tmp_path)]
    untyped = ["pyarrow.*", "ray.*"]
    config = tmp_path / "mypy.ini"
    config.write_text(
        "[mypy]\nstrict = true\n"
        + "".join(f"[mypy-{name}]\nignore_missing_imports = true\n" for name in untyped)
    )
    run("mypy", "--config-file", str(config), *cache, "-p", "winset", cwd=tmp_path)


def test_the_stub_is_true(tmp_path: Path) -> None:
    run("mypy.stubtest", "winset._native", cwd=tmp_path)


def test_the_wheel_keeps_to_the_stable_interface() -> None:
    wheel = os.environ["WINSET_WHEEL"]
    assert "cp311-abi3" in wheel
    assert "0 ABI version mismatches and 0 ABI violations found" in run(
        "abi3audit", "--verbose", "--summary", wheel
    )


def test_importing_needs_nothing_else() -> None:
    others = {"numpy", "pyarrow", "polars", "pandas", "ray", "distributed"}
    code = f"import sys, winset; sys.exit(len({others} & sys.modules.keys()))"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_executors_are_there_after_one_import_and_read_when_named() -> None:
    code = (
        "import sys, winset; assert 'winset.ray' not in sys.modules; "
        "winset.ray.RayExecutor, winset.dask.executor; assert 'ray' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="spark"):
        winset.spark
    assert {"dask", "ray"} < set(dir(winset))


@pytest.mark.parametrize(
    "kind",
    [winset.Answer, winset.Zone, winset.Question, winset.Measured, winset.Finding],
    ids=lambda kind: kind.__name__,
)
def test_help_explains_every_field(kind: type) -> None:
    said = pydoc.render_doc(kind)
    head = said[: said.index("Method resolution order") if "Method resolution" in said else 2_000]
    for field in dataclasses.fields(kind):
        assert f"``{field.name}``" in head, field.name
