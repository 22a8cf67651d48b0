"""The presets give what they gave (tests/model/golden.py says how to write the tables anew)."""

from __future__ import annotations

import csv

import pytest

from model.result import Result
from tests.model import golden

RUNS = dict(golden.runs(golden.kept()))


def test_every_table_is_a_preset_s() -> None:
    assert len(golden.kept()) >= 18
    assert {path.stem for path in golden.FOLDER.glob("*.csv")} == set(RUNS)


@pytest.mark.parametrize("name", sorted(RUNS))
def test_as_before(name: str) -> None:
    result: Result = RUNS[name]
    with (golden.FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        wanted = {(row["table"], row["row"]): float(row["value"]) for row in csv.DictReader(file)}
    found = {(what, row): value for what, row, value in golden.rows(result)}
    assert found.keys() == wanted.keys()
    scale: dict[str, float] = {}
    for (what, _), value in wanted.items():
        scale[what] = max(scale.get(what, 0.0), abs(value))
    different = [
        f"{what} {row}: {found[what, row]!r}, not {value!r}"
        for (what, row), value in wanted.items()
        # relative to the number itself, or to the largest of its kind where it is a rounding error
        if abs(found[what, row] - value) > 1e-9 * max(abs(value), 1e-6 * scale[what])
    ]
    assert not different, "; ".join(different[:5])
