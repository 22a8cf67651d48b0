"""Long products of cases, a few in turn: each row meets some columns, and every column is met."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

from tests.model.agree import SEARCH


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
