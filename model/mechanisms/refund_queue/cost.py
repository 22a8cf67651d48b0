"""What a refund queue costs."""

from __future__ import annotations

from model.asked.cost import Costs, Line, Sum, kept_payments, played_again
from model.mechanisms.base import MOST_CELLS
from model.mechanisms.refund_queue.settings import RefundQueue
from model.scheme import Scheme


class RefundQueueCosts(Costs[RefundQueue]):
    """See :class:`Costs`."""

    def add(self, mechanism: RefundQueue, scheme: Scheme, line: Line, found: Sum) -> None:
        """The cohorts that are paid; all that wait where recruiters are paid ahead."""
        ticks = line.ticks
        give_up = scheme.behaviour.sell_share > 0
        every = 0.5 * ticks * ticks
        ahead = mechanism.advance > 0
        cells = 4.0 * ticks
        if mechanism.rule != "pool":
            cells = every  # whoever has been called and cannot be paid waits on
        run = ticks * (45.0 + 40.0 * ahead + 20.0 * give_up) + cells * 0.03
        if ahead:
            run += every * 0.03
            cells += every
        if give_up:
            run += every * 0.01
        found.add(run=run, answer=3_000 + 15 * ticks, kept=ticks * 1_200, memory=ticks * 300)
        kept_payments(cells, 1, line, found)
        if cells > MOST_CELLS or line.account_pays:
            played_again(run, cells, 1, line, found, shared=False)
