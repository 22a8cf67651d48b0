"""What becomes of a refund queue at steady sales."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.asked.course import NOTHING
from model.asked.steady import LONGEST, Ends, Sales, Steady
from model.mechanisms.refund_queue.settings import RefundQueue

#: So many ticks are played where advances leave no closed form.
PLAYED = 2500


class SteadyQueue(Steady[RefundQueue]):
    """A promise of a turn is a fixed one; what is paid out of a pool is none."""

    whole = True

    def ends(self, queue: RefundQueue, sales: Sales) -> Ends | None:
        """Tick by tick, nobody paid ahead; see :meth:`Steady.ends`."""
        price, orders = sales.scheme.order.mean_spend, sales.orders
        if queue.rule == "pool" or price < queue.threshold:
            return None
        played = PLAYED if queue.advance > 0 else 0
        income = (queue.share + sales.account) * price * orders
        tick: Floats = np.arange(1.0, LONGEST + 1.0)
        placed = np.floor(orders * tick * (1 + 1e-12) + 1e-9)
        locked = np.concatenate((np.zeros(min(queue.lock, LONGEST)), placed))[:LONGEST]
        turns: Floats
        smooth: Floats
        if queue.rule == "shared":
            turns, smooth = (
                np.floor((placed - 1) / queue.newcomers),
                orders * tick / queue.newcomers,
            )
        else:
            turns, smooth = placed - queue.newcomers, orders * tick - queue.newcomers
        refund = queue.refund * price
        due = refund * np.maximum(np.minimum(turns, locked), 0.0)
        come = (queue.share + sales.account) * price * placed + sales.capital
        empty = np.flatnonzero(due > come * (1 + 1e-12))
        if not len(empty):
            return Ends(short=None, empty=None, played=played)
        steady = refund * np.maximum(np.minimum(smooth, orders * (tick - queue.lock)), 0.0)
        short = np.flatnonzero(np.diff(steady, prepend=0.0) > income * (1 + NOTHING))
        first = min(int(short[0]), int(empty[0])) if len(short) else int(empty[0])
        return Ends(short=float(first + 1), empty=float(empty[0] + 1), played=played)

    def times(self, queue: RefundQueue, scale: float) -> RefundQueue:  # noqa: ARG002
        """See :meth:`Steady.times`."""
        return queue
