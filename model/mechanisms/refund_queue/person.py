"""What buyers of a day are still to be refunded by a queue, and the orders it takes."""

from __future__ import annotations

from math import ceil, inf

import numpy as np

from model.asked.person import MOST, Need, Persons, never
from model.mechanisms.refund_queue.settings import RefundQueue
from model.result import Result


class QueuePersons(Persons[RefundQueue]):
    """The last of the day's buyers is paid when all before are."""

    def needs(self, queue: RefundQueue, *, result: Result, day: int) -> list[Need]:
        """See :meth:`Persons.needs`."""
        engine = result.engines.queue
        if engine is None or engine.stopped:
            return never(result, queue, day)
        at = day - 1
        waiting, turn = float(engine.waiting[at]), float(engine.turn[at])
        if waiting + turn <= 0:
            return []
        left = (waiting * float(engine.left[at]) + float(engine.owed_now[at])) / (waiting + turn)
        placed = float(result.line.orders.sum())
        last = float(result.line.orders[:day].sum())
        contribution = queue.share * engine.spend
        ahead = float((engine.waiting[:day] * engine.left[:day]).sum())
        called, account = float(engine.owed_now.sum()), 0.0
        if queue.rule == "pool":  # who was paid in part is in front
            ahead, called = ahead + called, 0.0
        if result.account is not None and queue.rule != "pool":
            account = max(float(result.account.balance[-1]), 0.0)
        by_money = max(called + ahead - engine.pool - account, 0.0) / contribution
        has_turn = queue.rule != "pool" and turn > 0 and waiting <= 0
        if queue.rule == "pool":
            orders = _orders_ahead(result, queue, day, max(ahead - engine.pool, 0.0))
        elif has_turn:
            orders = by_money
        elif queue.rule == "shared":
            orders = max(last * queue.newcomers + 1 - placed, by_money)
        else:
            orders = max(last + queue.newcomers - placed, by_money)
        return [
            Need(
                kind=queue.kind,
                goal="all",
                amount=left,
                orders=float(ceil(orders * (1 - 1e-12))) if orders < inf else inf,
                owed_to_all=called if has_turn else engine.owed,
                turn=has_turn,
            )
        ]


def _orders_ahead(result: Result, queue: RefundQueue, day: int, owed: float) -> float:
    """Orders until the pool has paid ``owed`` yuan to those of a day and before; inf: never.

    What recruiters are paid ahead out of the pool goes to all who wait, of each recruit's order to
    one in ``placed``: what those behind are paid of it does not bring the queue forward.
    """
    engine = result.engines.queue
    if engine is None:
        return inf
    contribution, ahead = queue.share * engine.spend, queue.advance * engine.spend
    if queue.advance_payer != "pool" or ahead <= 0.0 or owed <= 0.0:
        return owed / contribution
    placed = float(result.line.orders.sum())
    waiting = engine.waiting + engine.turn
    before, behind = float(waiting[:day].sum()), float(waiting[day:].sum())
    n = np.concatenate(([0.0], np.geomspace(1e-3, MOST, 8000)))
    to_behind = np.minimum(ahead / (placed + n), contribution / (before + behind + n))
    rate = contribution - to_behind * (behind + n)
    paid = np.concatenate(([0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(n))))
    return float(np.interp(owed, paid, n)) if paid[-1] >= owed else inf
