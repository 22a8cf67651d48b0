"""How the orders of a refund queue fared."""

from __future__ import annotations

import numpy as np

from model.asked.standing import SAME, Groups, Stands
from model.mechanisms.refund_queue import RefundQueueEngine
from model.result import Result


class QueueStands(Stands):
    """The groups of a run."""

    def fill(self, result: Result, groups: Groups) -> bool:
        """Add them to ``groups``."""
        for engine in result.engines.of(RefundQueueEngine):
            _of_queue(result, engine, groups)
        return True


def _of_queue(result: Result, engine: RefundQueueEngine, groups: Groups) -> None:
    """Cohorts of the line: refunded, called and not paid, waiting, and gone."""
    line, spend, refund = result.line, engine.spend, engine.refund
    done = engine.done * refund
    waiting = engine.waiting * np.maximum(refund - engine.left, 0.0)
    called = np.maximum(engine.turn * refund - engine.owed_now, 0.0)
    groups.add(engine.done, spend, done)
    groups.add(engine.waiting, spend, waiting, waiting=True)
    groups.add(engine.turn, spend, called, waiting=True)
    gone = line.orders - engine.done - engine.waiting - engine.turn
    gone = np.where(gone > SAME * line.orders, gone, 0.0)
    groups.add(gone, spend, engine.cash - done - waiting - called, nothing=not engine.qualifies)
