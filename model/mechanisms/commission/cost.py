"""What commissions cost."""

from __future__ import annotations

from model.asked.cost import Costs, Line, Sum
from model.mechanisms.commission.settings import Commission
from model.scheme import Scheme


class CommissionCosts(Costs[Commission]):
    """See :class:`Costs`."""

    feeds_account = True

    def add(self, mechanism: Commission, scheme: Scheme, line: Line, found: Sum) -> None:  # noqa: ARG002
        """A number for each recipient and tick."""
        ticks = line.ticks
        found.add(run=3 * ticks, answer=2_000 + 2 * ticks, kept=450 * ticks, memory=200 * ticks)
