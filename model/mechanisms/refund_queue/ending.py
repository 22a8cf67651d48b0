"""What a queue can still refund once orders have stopped."""

from __future__ import annotations

import numpy as np

from model.asked.ending import Endings, Rule, owed_by_joining
from model.mechanisms.refund_queue.engine import RefundQueueEngine
from model.mechanisms.refund_queue.settings import RefundQueue
from model.result import Result


class QueueEndings(Endings[RefundQueue]):
    """The oldest are refunded until the pool is empty; no more turns come without orders."""

    def rule(self, mechanism: RefundQueue, *, result: Result, account: float) -> Rule | None:  # noqa: ARG002
        """See :meth:`Endings.rule`."""
        engine = result.engines.queue
        if engine is None:
            return None
        settings = engine.settings
        record = result.record(settings.name)
        owed, holders = max(engine.owed, 0.0), float(record.holders[-1])
        # Those who were paid in part are in front.
        waiting, claims = (
            engine.waiting + engine.turn,
            engine.waiting * engine.left + engine.owed_now,
        )
        if engine.stopped:
            paid, orders_paid, there = 0.0, 0.0, engine.pool
        elif settings.rule == "pool":
            there = engine.pool
            paid = min(there, owed)
            yuan = np.concatenate(([0.0], np.cumsum(claims)))
            orders_paid = float(np.interp(paid, yuan, np.concatenate(([0.0], np.cumsum(waiting)))))
        else:
            there = engine.pool + account
            called = float(engine.turn.sum()) + _still_locked(result, engine)[0]
            due = float(engine.owed_now.sum()) + _still_locked(result, engine)[1]
            paid = min(due, there)
            orders_paid = called * (paid / due) if due > 0 else 0.0
        ahead = orders_paid / holders if holders > 0 else 0.0
        each = owed / holders if holders > 0 else 0.0
        return Rule(
            kind=settings.kind,
            name=settings.name,
            pool=there,
            owed=owed,
            paid=paid,
            unpaid=max(owed - paid, 0.0),
            holders=holders,
            waiting=max(holders - orders_paid, 0.0),
            each=each,
            first=each if ahead > 0 else 0.0,
            middle=each if ahead >= 0.5 else 0.0,
            last=each if ahead >= 1 - 1e-12 else 0.0,
            groups=owed_by_joining(record.held, record.held_value),
        )


def _still_locked(result: Result, engine: RefundQueueEngine) -> tuple[float, float]:
    """(orders, yuan) whose turn has come by the number of newcomers, but whose time has not."""
    settings = engine.settings
    if not engine.qualifies:
        return 0.0, 0.0
    placed = float(result.line.orders.sum())
    k = settings.newcomers
    upto = (placed - 1) // k if settings.rule == "shared" else placed - k
    end = np.cumsum(result.line.orders)
    # Those in front of a cohort are called first: of what waits, all but those behind ``upto``.
    behind = np.clip(end - max(upto, 0.0), 0.0, result.line.orders)
    orders = np.maximum(engine.waiting - behind, 0.0)
    return float(orders.sum()), float((orders * engine.left).sum())
