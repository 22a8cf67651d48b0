"""What a points pool costs."""

from __future__ import annotations

from model.asked.cost import Costs, Line, Sum
from model.mechanisms.points_pool.settings import PointsPool
from model.pairs.shared_cost import leaving, lines_of_orders
from model.scheme import Scheme

#: More eras than most runs have; see :class:`model.mechanisms.points_pool.eras.Era`.
ERAS = 4


class PointsPoolCosts(Costs[PointsPool]):
    """See :class:`Costs`."""

    def add(self, mechanism: PointsPool, scheme: Scheme, line: Line, found: Sum) -> None:
        """Columns of a block and of a tick; pointers that move through the line."""
        ticks, people = line.ticks, scheme.behaviour
        batches = 0
        if mechanism.debt > 0:
            batches = min(mechanism.debt_batches, 1 + ticks // mechanism.debt_interval)
        leaves = leaving(scheme)
        taking = people.take_profit is not None
        exits = mechanism.exit_multiple is not None
        eras = ERAS + batches
        lines = lines_of_orders(scheme)
        each = 14.0 + 14.0 * exits + 14.0 * (leaves or taking) + 10.0 * taking
        busy = exits or leaves or taking
        found.add(run=ticks * (each + 4.0 * lines * eras * busy))
        # Sales of many days are followed a block at a time.
        found.add(kept=700 * ticks, memory=900 * ticks + 2.5e6 * (leaves or taking))
        pieces = ticks * (1 + exits + taking + 0.5 * leaves) * lines
        found.add(
            answer=6_000 + pieces * (4.0 + 12.0 * (leaves or taking) + 0.4 * batches),
            kept=pieces * (400 + 32 * batches),
            memory=pieces * (500 + 40 * batches) + 1_200 * ticks,
        )
