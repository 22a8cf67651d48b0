"""How the orders of a run fared, in groups that fared alike, as finely as a mechanism knows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from model.arrays import Floats
from model.result import Result

#: Paid back as much as they paid, to within rounding.
SAME = 1e-9

#: Of a group: done with, waiting, or without anything to wait for from the start.
OVER, WAITS, NOTHING = 0.0, 1.0, 2.0


class Groups:
    """Orders that fared alike: their number, and yuan paid, received and in goods, for each.

    ``goods``: yuan that what was bought is worth of itself; if not nought, points used count too.
    ``ticks``: of the run.
    """

    def __init__(self, *, goods: float, ticks: int) -> None:
        self.goods, self.ticks = goods, ticks
        self._columns: list[tuple[Floats, ...]] = []

    def add(
        self,
        orders: Floats,
        paid: Floats | float,
        received: Floats,
        *,
        waiting: bool = False,
        nothing: bool = False,
        joined: npt.NDArray[np.int64] | None = None,
    ) -> None:
        """``received`` is the total of ``orders``, ``paid`` is for one.

        ``joined``: the tick of each, counted from 0; where it is not given there is an entry for
        each tick in turn, of one package after the other.
        """
        if joined is None:
            joined = np.arange(len(orders)) % self.ticks
        orders = np.maximum(orders, 0.0)
        there = orders > 0.0
        each = np.divide(received, orders, out=np.zeros_like(orders), where=there)
        full = np.full_like(orders, NOTHING if nothing else WAITS if waiting else OVER)
        paid = np.broadcast_to(np.asarray(paid, dtype=float), orders.shape)
        columns = (orders, paid, np.maximum(each, 0.0), full, joined.astype(float))
        self._columns.append(tuple(column[there] for column in columns))

    def all(self) -> tuple[Floats, ...]:
        """(orders, paid, received, how they stand, when they joined) of every group."""
        orders, paid, received, stands, joined = (
            np.concatenate(column) for column in zip(*self._columns, strict=True)
        )
        return orders, paid, received, stands, joined


def without_claim(result: Result) -> Floats:
    """Orders that no rule gave anything to wait for, shape (packages, ticks).

    Those beyond an issue cap, of a package without units, or too small for a queue; with several
    rules those that none of them counts. Of one tick the first orders are served first. Where the
    only rules are commissions no buyer is promised anything, and nobody is left out.
    """
    line, least = result.line, result.line.counts.copy()
    if not (result.records or result.points is not None):
        return np.zeros_like(least)
    if result.points is not None:
        entry, orders = result.pieces.entry, result.pieces.orders
        known = np.bincount(entry, weights=orders, minlength=result.ticks + 1)[1:].astype(float)
        if result.shared is not None:
            known += result.shared.with_units_alone("orders")
        least = np.minimum(least, np.maximum(line.counts - known, 0.0))
    for engine in result.engines.beside:
        rest = engine.unclaimed()
        if rest is not None:
            least = np.minimum(least, rest)
    found: Floats = np.where(least > SAME * line.counts, least, 0.0)
    return found


class Stands:
    """The groups of a run in which one kind of mechanism pays buyers."""

    def fill(self, result: Result, groups: Groups) -> bool:  # noqa: ARG002
        """Add them to ``groups``; False where no more is known than of any run."""
        return False
