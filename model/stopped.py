"""What is left when orders stop: who holds what, what the pools can pay, and who is left unpaid."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import exp, inf, lgamma

import numpy as np
import numpy.typing as npt

from model.loggamma import log_rising
from model.mechanisms import (
    DividendPool,
    DividendPoolEngine,
    PointsPool,
    RefundQueue,
    RefundQueueEngine,
    ScheduledRelease,
    ScheduledReleaseEngine,
)
from model.result import Result
from model.scheme import Scheme
from model.simulate import simulate

Floats = npt.NDArray[np.float64]

#: Groups by joining time: the first 1 %, the next 9 %, the next 40 %, the last half.
GROUPS = (0.01, 0.1, 0.5, 1.0)
#: So much less than a whole holder, relative to all of them, is one.
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Those who still wait of a group by joining time: their number, and yuan for each.

    ``worth``: what is held or owed. ``first``, ``middle``, ``last``: what a sale of everything pays
    to whoever of them leaves first, when half have left, and last of all. ``forced``: the most a
    forced exit pays, after the fee; None: nobody is forced out.
    """

    orders: float
    worth: float
    first: float
    middle: float
    last: float
    forced: float | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one rule can still pay once orders have stopped; yuan and orders.

    ``pool``: what there is for it, the platform's account included where it pays. ``owed``: what
    the rule promises those who wait; of a points pool, what their points are worth. ``paid``: what
    comes of it without new orders, all together: of a points pool, if all leave one after another;
    ``unpaid`` the rest of what is owed, to ``waiting`` orders. ``never``: units that earn without
    limit, and now nothing. ``shared``: their quota is that of the points. ``holders``: orders that
    hold anything. ``first``, ``middle``, ``last``: what the average holder gets who leaves first,
    in the middle, last, or is first, in the middle and last in line. ``groups``: who holds what, by
    joining time, the earliest first. ``a_day``: yuan a tick that advertisers bring beside it while
    all who wait go on with the tasks.
    """

    kind: str
    name: str
    pool: float
    owed: float
    paid: float
    unpaid: float
    holders: float
    waiting: float
    never: bool = False
    shared: bool = False
    each: float = 0.0
    first: float = 0.0
    middle: float = 0.0
    last: float = 0.0
    a_day: float = 0.0
    forced: float | None = None  # the most a forced exit pays the average holder, after the fee
    groups: tuple[Holding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """The state on ``day``, its last orders included, and what each rule can still pay."""

    day: int
    orders: float
    spent: float
    received: float
    rules: tuple[Rule, ...]


def until(scheme: Scheme, day: int, *, result: Result | None = None) -> Result:
    """The run up to ``day``; ``result`` is used where it is just that long.

    Nothing that happens later changes what happened before. Raises ValueError for a day that is
    not in the run.
    """
    if not 1 <= day <= scheme.horizon:
        raise ValueError(f"day: {day} is not allowed; allowed: 1 to {scheme.horizon}")
    if result is not None and day == scheme.horizon:
        return result
    return simulate(scheme.model_copy(update={"horizon": day}))


def stopped(result: Result) -> Stopped:
    """What is left if no order follows the last tick of ``result``.

    Closed forms over the state that is left, no loop over orders or days. In a points pool nobody
    needs to leave; ``first`` to ``last`` are those of a row of sales in which all buyers who hold
    points sell one after another, each a holder of the average size (:func:`leave_in_turn`); with a
    quota that dividends use up too, each has what the average holder has left of it.
    Queues pay the oldest first and daily release in proportion until the money is gone, with what
    the platform's account holds; after a promise has been broken under the policy "stop" nothing.
    Dividends end with the orders.
    """
    rules = []
    account = max(float(result.account.balance[-1]), 0.0) if result.account is not None else 0.0
    dividends = {engine.settings.name: engine for engine in result.engines.dividends}
    for mechanism in result.scheme.mechanisms:
        if isinstance(mechanism, PointsPool):
            rules.append(_points(result))
        elif isinstance(mechanism, DividendPool):
            rules.append(_dividends(result, mechanism, dividends[mechanism.name]))
        elif isinstance(mechanism, RefundQueue) and result.engines.queue is not None:
            rules.append(_queue(result, result.engines.queue, account))
        elif isinstance(mechanism, ScheduledRelease) and result.engines.release is not None:
            rules.append(_release(result, result.engines.release, account))
    return Stopped(
        day=result.ticks,
        orders=float(result.line.orders.sum()),
        spent=float(result.line.sales.sum()),
        received=float(result.cohorts["received"].sum()),
        rules=tuple(rules),
    )


# -- points ----------------------------------------------------------------------------------------


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


def _points(result: Result) -> Rule:
    pool, engine = result.scheme.pool, result.engine
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
        left = _by_joining(at, orders, orders * quotas)
        limits = [total / count if count > 0 else most for count, total in left]
    for (count, total), limit in zip(_by_joining(at, orders, points), limits, strict=True):
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


def _by_joining(first: Floats, orders: Floats, amounts: Floats) -> list[tuple[float, float]]:
    """(orders, amount) of the groups by joining time, of those who are there."""
    at = np.argsort(first, kind="stable")
    upto = np.concatenate(([0.0], np.cumsum(orders[at])))
    sums = np.concatenate(([0.0], np.cumsum(amounts[at])))
    total = upto[-1]
    edges = [0.0, *(share * total for share in GROUPS)]
    # Ranks of a shared quota stand one behind the other: each is there from its own beginning.
    orders_at = np.diff(edges)
    amounts_at = np.diff(np.interp(edges, upto, sums))
    return list(zip(orders_at.tolist(), amounts_at.tolist(), strict=True))


# -- the other rules -------------------------------------------------------------------------------


def _dividends(result: Result, pool: DividendPool, engine: DividendPoolEngine) -> Rule:
    record = result.record(pool.name)
    holders = float(record.holders[-1])
    shared = pool in result.scheme.sharing
    quotas = result.scheme.quotas(pool)
    # Under a shared quota what is still owed stands with the points.
    limited = quotas is not None and not shared
    owed = float(record.promised[-1]) if limited else 0.0
    groups: tuple[Holding, ...] = ()
    if limited:
        groups = _owed_by_joining(record.held, record.held_value)
    return Rule(
        kind=pool.kind,
        name=pool.name,
        pool=engine.pool,
        owed=owed,
        paid=0.0,
        unpaid=owed,
        holders=holders,
        waiting=holders,
        never=not limited and not shared,
        shared=shared,
        each=owed / holders if holders > 0 else 0.0,
        groups=groups,
    )


def _owed_by_joining(held: Floats, owed: Floats) -> tuple[Holding, ...]:
    return tuple(
        Holding(
            orders=orders,
            worth=amount / orders if orders > 0 else 0.0,
            first=0.0,
            middle=0.0,
            last=0.0,
        )
        for orders, amount in _by_joining(np.arange(len(held), dtype=float), held, owed)
    )


def _queue(result: Result, engine: RefundQueueEngine, account: float) -> Rule:
    """The oldest are refunded until the pool is empty; no more turns come without orders."""
    settings = engine.settings
    record = result.record(settings.name)
    owed, holders = max(engine.owed, 0.0), float(record.holders[-1])
    # Those who were paid in part are in front.
    waiting, claims = engine.waiting + engine.turn, engine.waiting * engine.left + engine.owed_now
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
        groups=_owed_by_joining(record.held, record.held_value),
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


def _release(result: Result, engine: ScheduledReleaseEngine, account: float) -> Rule:
    """Everybody is released the same part of what is owed, until the money is gone."""
    record = result.record(engine.settings.name)
    holders = float(record.holders[-1])
    owed = max(float(record.promised[-1]), 0.0) * (1 - engine.fee)
    there = engine.pool + (0.0 if engine.stopped else account)
    paid = 0.0 if engine.stopped else min(there, owed)
    each = owed / holders if holders > 0 else 0.0
    part = paid / owed if owed > 0 else 0.0
    settings = engine.settings
    a_day = 0.0
    if settings.rewards and not engine.stopped:
        a_day = settings.ad_share * settings.ad_income * settings.tasks * holders
    return Rule(
        kind=engine.settings.kind,
        name=engine.settings.name,
        pool=there,
        owed=owed,
        paid=paid,
        unpaid=owed - paid,
        holders=holders,
        waiting=holders if part < 1 - 1e-12 else 0.0,
        each=each,
        first=each * part,
        middle=each * part,
        last=each * part,
        a_day=a_day,
        groups=_owed_by_joining(record.held, record.held_value * (1 - engine.fee)),
    )
