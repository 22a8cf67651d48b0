"""What schemes are compared by, of one mechanism."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.arrays import Floats
from model.asked.answers import answers
from model.result import Result
from model.scheme import Mechanism


class Compared:
    """Asked of every mechanism."""

    def fixed(self, mechanism: Any) -> bool:
        """Whether it promises sums for fixed days or turns."""
        return False

    def owes(self, mechanism: Any) -> bool:
        """Whether it names a sum that is owed for a day or a turn, so that it can be kept."""
        return False

    def complete(self, result: Result, mechanism: Any) -> Floats | None:
        """Orders of each tick that it has paid all it had promised, (ticks,).

        None: it names no sum.
        """
        if not result.scheme.limit(mechanism):
            return None
        return result.record(mechanism.name).departed


def compared(mechanism: Mechanism) -> Compared:
    """Who speaks for a mechanism."""
    return answers(Compared)[mechanism.kind]


def forced(result: Result) -> Floats:
    """Orders of each tick whose points were all sold by a forced exit, (ticks,)."""
    if result.points is None:
        return np.zeros(result.ticks)
    orders, entry = result.fate.forced_orders, result.pieces.entry
    by_day = np.bincount(entry, weights=orders, minlength=result.ticks + 1)[1:]
    return by_day.astype(np.float64)
