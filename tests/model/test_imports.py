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


#: The only parts that draw anything, from a seed that whoever asks has to name.
SEEDED = {
    ROOT / "model" / "recruitment.py": {"PCG64"},
    ROOT / "model" / "people.py": {"PCG64", "SeedSequence"},
}


def from_chance(tree: ast.AST) -> set[str]:
    """What is taken from numpy.random, and whatever reads a clock or the surroundings."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = names & {"random", "default_rng", "now", "today", "environ"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("numpy"):
            taken = {alias.name for alias in node.names}
            if "random" in (node.module or "").split("."):
                found |= taken
            found |= taken & {"random"}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("numpy.random")}
    return found


@pytest.mark.parametrize("path", MODEL, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_in_the_model_takes_numbers_from_chance(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert from_chance(tree) == SEEDED.get(path, set())


@pytest.mark.parametrize("path", SEEDED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_drawn_is_raw_bits_of_a_seed(path: Path) -> None:
    """Raw bits are the same in every version of numpy; without a seed they would be chance."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for name in SEEDED[path]:
        made = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == name]
        used = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name]
        assert made
        assert len(used) == len(made)  # never handed on
        for call in made:
            assert "seed" in {n.id for n in ast.walk(call) if isinstance(n, ast.Name)}
            if name == "PCG64":
                drawn = [n for n in ast.walk(tree) if getattr(n, "value", None) is call]
                assert [n.attr for n in drawn if isinstance(n, ast.Attribute)] == ["random_raw"]


def test_presets_are_pure_data() -> None:
    kinds = {path.suffix for path in (ROOT / "presets").rglob("*") if path.is_file()}
    assert kinds <= {".toml", ".md"}


def test_figures_are_built_without_the_page() -> None:
    found = sorted((ROOT / "view").rglob("charts*.py"))
    assert len(found) > 1
    assert "streamlit" in imported(ROOT / "view" / "money" / "compare.py")
    for path in (*found, ROOT / "view" / "palette.py"):
        assert "streamlit" not in imported(path), path.name


def test_model_does_not_know_the_view() -> None:
    strange = {"view", "pages", "app", "streamlit", "plotly", "tests"}
    for path, known in (
        ("app.py", "view"),
        ("view/pictures/charts.py", "plotly"),
        ("view/money/one.py", "view"),
    ):
        assert known in imported(ROOT / path) & strange
    assert len(MODEL) > 40
    for path in MODEL:
        assert not imported(path) & strange
