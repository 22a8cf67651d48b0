"""Long products of cases, a few in turn: each row meets some columns, and every column is met."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import product
from typing import Any
from zlib import crc32

import pytest

from model import load, presets
from tests.model.agree import SEARCH

#: The variable that says which day it is, as a number.
DAY = "TEST_DAY"


def today(item: pytest.Item) -> bool:
    """Whether this day has the case: where there are many of a kind (`part(n)`), one in n.

    Which ones follows from their names, so that n days in a row have all of them. A longer search
    has all on every day.
    """
    marks = [mark.args[0] for mark in item.iter_markers("part")]
    number = marks[0] if marks else 1  # the nearest
    return SEARCH > 1 or (crc32(item.name.encode()) + int(os.environ[DAY])) % number == 0


def in_turn(rows: Iterable[Any], columns: Iterable[Any], *, each: int = 1) -> list[tuple[Any, Any]]:
    """Every row with ``each`` of the columns in turn; with all of them in a longer search."""
    rows, columns = list(rows), list(columns)
    if SEARCH > 1 or each >= len(columns):
        return list(product(rows, columns))
    return [
        (row, columns[(number * each + k) % len(columns)])
        for number, row in enumerate(rows)
        for k in range(each)
    ]


def one_of_each(names: Iterable[str]) -> list[str]:
    """The first preset of each mixture of mechanisms; in a longer search all of them."""
    names, first = list(names), dict[frozenset[str], str]()
    for name in names:
        first.setdefault(frozenset(m.kind for m in load(name).mechanisms), name)
    return names if SEARCH > 1 else list(first.values())


def with_points_alone() -> list[str]:
    """The presets with points and nothing beside them but commissions."""
    return [
        name
        for name in presets()
        if {m.kind for m in load(name).mechanisms} - {"commission"} == {"points_pool"}
    ]


def few(languages: Iterable[str]) -> list[str]:
    """The one that most readers speak, for what is the same in all; all in a longer search."""
    return list(languages) if SEARCH > 1 else ["zh-Hans"]
