"""Which part may know which, by reading the imports."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = sorted((ROOT / "model").rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of all imports, also those inside functions; ``.`` for relative ones."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else (node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", MODEL, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_model_stands_on_its_own(path: Path) -> None:
    allowed = {"model", "numpy", "pandas", "pydantic", *sys.stdlib_module_names}
    assert imported(path) <= allowed
    # No clock, no network, no chance.
    assert not imported(path) & {
        "asyncio", "datetime", "http", "random", "secrets", "socket", "ssl", "subprocess",
        "threading", "time", "urllib", "uuid",
    }  # fmt: skip


@pytest.mark.parametrize("path", MODEL, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_in_the_model_takes_numbers_from_chance(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"random", "default_rng", "now", "today", "environ"}


def test_presets_are_pure_data() -> None:
    kinds = {path.suffix for path in (ROOT / "presets").rglob("*") if path.is_file()}
    assert kinds <= {".toml", ".md"}


def test_figures_are_built_without_the_page() -> None:
    for name in ("charts.py", "palette.py"):
        path = ROOT / "view" / name
        if path.exists():
            assert "streamlit" not in imported(path)


def test_model_does_not_know_the_view() -> None:
    for path in MODEL:
        assert not imported(path) & {"view", "pages", "app", "streamlit", "plotly", "tests"}
