"""What holders of points can still sell them for once orders have stopped."""

from __future__ import annotations

from bisect import bisect_left
from math import exp, inf, lgamma

import numpy as np

from model.asked.ending import GROUPS, Endings, Holding, Rule, by_joining
from model.loggamma import log_rising
from model.mechanisms.points_pool.settings import PointsPool
from model.result import Result

#: So much less than a whole holder, relative to all of them, is one.
_ROUNDING = 1e-9


class PointsEndings(Endings[PointsPool]):
    """Nobody needs to leave; what is said is of a row of sales by all, one after another."""

    def rule(self, pool: PointsPool, *, result: Result, account: float) -> Rule:  # noqa: ARG002
        """See :meth:`Endings.rule`."""
        return _rule(pool, result)


def leave_in_turn(holders: float, *, fee: float, place: float, others: float = 0.0) -> float:
    """By how much the price has risen when the holder in ``place`` (1 = first) sells.

    ``holders`` equal holders sell all they have one after another and nobody buys; points worth
    ``others`` holdings are held by somebody who does not sell. Each sale takes the part (1 - fee)
    of its worth out of the pool: of s holdings that are there (s - 1 + fee) / s of the pool stays
    and (s - 1) / s of the points. So from S to s holdings the price is multiplied by
    exp(phi(S) - phi(s)), phi(x) = ln gamma(x + fee) - ln gamma(x). Without a fee it stays.
    """
    if fee <= 0.0 or holders < 1.0 or place <= 1.0:
        return 1.0
    total, left = holders + others, max(holders - place + 1.0, 0.0) + others
    if left <= 0.0:
        return inf
    phi = log_rising(fee)
    return exp(phi(total) - phi(left))


def _paid_in_turn(holders: float, worth: float, *, fee: float, others: float, most: float) -> float:
    """Yuan that all of them together are paid, each at most ``most`` before the fee.

    One after another, the part of a holder that is over last of all.
    """
    total, whole = holders + others, int(holders * (1 + _ROUNDING))
    over = max(holders - whole, 0.0)

    def forced(place: int) -> bool:
        return worth * leave_in_turn(holders, fee=fee, place=place, others=others) >= most

    # Somebody is forced out at ``most``, and everybody after: the first such place.
    first = bisect_left(range(whole), True, key=lambda k: forced(k + 1))
    left = total - first if over + others > 0.0 or first < whole else 0.0
    paid = total * worth * (1.0 - _pool_left(total, left, fee=fee))
    if first < whole:
        return paid + (holders - first) * most * (1 - fee)
    if over > 0.0:
        rise = leave_in_turn(holders, fee=fee, place=whole + 1, others=others)
        paid += over * min(worth * rise, most) * (1 - fee)
    return paid


def _pool_left(total: float, left: float, *, fee: float) -> float:
    """Of the pool, the part that is left once sales have brought ``total`` holdings to ``left``."""
    if fee <= 0.0:
        return left / total
    phi = log_rising(fee)
    if left <= 0.0:
        return exp(phi(total) - lgamma(fee)) / total
    return exp(phi(total) - phi(left)) * left / total


def _rule(pool: PointsPool, result: Result) -> Rule:
    engine = result.engine
    fee = pool.fee
    orders, points = result.fate.held_orders, result.fate.held_points
    holders, held = float(orders.sum()), float(points.sum())
    price = engine.price
    if holders < 1e-9 or held <= 0.0 or engine.pool <= 0.0:
        return Rule(
            kind=pool.kind,
            name=pool.name,
            pool=engine.pool,
            owed=0.0,
            paid=0.0,
            unpaid=0.0,
            holders=0.0,
            waiting=0.0,
        )
    each = held / holders
    # Points of the platform, of merchants and of old members stay where they are.
    others = max(engine.supply - held, 0.0) / each if each > 0 else 0.0
    others = others if others > 1e-9 * holders else 0.0
    worth = each * price

    def rise(place: float) -> float:
        return leave_in_turn(holders, fee=fee, place=place, others=others)

    rises = rise(1.0), rise((holders + 1) / 2), rise(holders)
    quotas = result.quota_left

    def gets(value: float, most: float) -> tuple[float, float, float]:
        first, middle, last = ((1 - fee) * min(value * factor, most) for factor in rises)
        return first, middle, last

    # What the average holder has left of the quota; to the digit where all have the same.
    most = inf if quotas is None else float(np.average(quotas, weights=orders))
    if quotas is not None:
        most = min(max(most, float(quotas.min())), float(quotas.max()))
    first, middle, last = gets(worth, most)
    paid = _paid_in_turn(holders, worth, fee=fee, others=others, most=most)
    groups = []
    at = result.pieces.first
    limits = [most] * len(GROUPS)
    if quotas is not None and np.ptp(quotas) > 0.0:
        left = by_joining(at, orders, orders * quotas)
        limits = [total / count if count > 0 else most for count, total in left]
    for (count, total), limit in zip(by_joining(at, orders, points), limits, strict=True):
        value = total / count * price if count > 0 else 0.0
        a, b, c = gets(value, limit)
        forced = None if quotas is None else (1 - fee) * limit
        groups.append(Holding(orders=count, worth=value, first=a, middle=b, last=c, forced=forced))
    owed = held * price
    return Rule(
        kind=pool.kind,
        name=pool.name,
        pool=engine.pool,
        owed=owed,
        paid=paid,
        unpaid=max(owed - paid, 0.0),
        holders=holders,
        waiting=holders,
        each=worth,
        first=first,
        middle=middle,
        last=last,
        forced=None if quotas is None else (1 - fee) * most,
        groups=tuple(groups),
    )
