"""Which cases a day has: all of them in n days, and each on one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import turns


def item(name: str, *parts: int) -> SimpleNamespace:
    marks = [SimpleNamespace(args=(number,)) for number in parts]
    return SimpleNamespace(name=name, iter_markers=lambda _name: iter(marks))


@pytest.mark.parametrize("search", [1, 10])
def test_in_as_many_days_as_there_are_parts_every_case_is_met_once(monkeypatch, search):
    monkeypatch.setattr(turns, "SEARCH", search)
    names = [f"test_x[{n}]" for n in range(200)]
    met = []
    for day in range(739_000, 739_004):
        monkeypatch.setenv(turns.DAY, str(day))
        assert turns.today(item("test_without_a_part"))
        mine = [name for name in names if turns.today(item(name, 4))]
        assert len(mine) == 200 if search > 1 else 20 < len(mine) < 80
        assert set(mine) == {name for name in names if turns.today(item(name, 4, 7))}  # the nearest
        met += mine
    assert sorted(met) == sorted(names * (4 if search > 1 else 1))
