"""One order of a points pool: whose money it was paid, and the prices it waits for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import inf, log

import numpy as np

from model.arrays import Floats
from model.asked.person import Need, Persons, Statement
from model.crowd import END_OF_THE_LINE
from model.funding import PAYERS
from model.loggamma import log_growth
from model.mechanisms.points_pool.fate import NEVER
from model.mechanisms.points_pool.settings import PointsPool
from model.result import Result

#: Where the tags of :class:`_Follower` stand.
BEFORE, ME, AFTER, FEES, OUTSIDE = range(5)


class PointsPersons(Persons[PointsPool]):
    """Orders are known by their number where nothing but points pays them."""

    def numbered(self, mechanism: PointsPool, *, result: Result) -> bool:  # noqa: ARG002
        """See :meth:`Persons.numbered`."""
        return not result.records

    def of_order(self, mechanism: PointsPool, *, result: Result, number: int) -> Statement:  # noqa: ARG002
        """See :meth:`Persons.of_order`."""
        return _of_order(result, number)

    def needs(self, mechanism: PointsPool, *, result: Result, day: int) -> list[Need]:  # noqa: ARG002
        """None where the quota is not of points alone; see :meth:`Persons.needs`."""
        of_day = result.pieces.entry == day
        held = float(result.fate.held_orders[of_day].sum())
        if held <= 0 or result.scheme.sharing:
            return []
        return list(_of_points(result, float(result.fate.held_points[of_day].sum()) / held))


class _Follower:
    """Follows a points pool's money by who paid it in, seen by one order; yuan.

    The convention is ``own`` of :mod:`model.funding`; the tags are the orders before, the order
    itself, the orders after it, fees and outside money. Of those who sell of their own accord it
    is not known here who took how much of the own contribution: they take it like the average.
    """

    def __init__(self, result: Result, number: int) -> None:
        self.result, self.number = result, number
        self.held = np.zeros(5)
        self.factor = 1.0
        self.fee = result.scheme.pool.fee
        self.at_entry = 1.0
        self.paid: dict[str, float] = {}
        self._run()

    def _tags(self, first: float, orders: float) -> Floats:
        """How many of ``orders`` after the first ``first`` are before, the order, and after it."""
        place = self.number - 1
        before = min(max(place - first, 0.0), orders)
        me = min(max(place + 1 - first, 0.0), orders) - before
        return np.array([before, me, orders - before - me])

    def _run(self) -> None:
        result, engine = self.result, self.result.engine
        pieces, fate = result.pieces, result.fate
        contribution = engine.contribution
        quota = (result.scheme.pool.exit_multiple or 0.0) * result.scheme.order.spend
        joined = np.frombuffer(engine.joined, dtype=float)
        cum = np.concatenate(([0.0], np.cumsum(joined))).tolist()
        numbers = joined.tolist()
        leavers: dict[int, list[int]] = {}
        forced_orders = fate.forced_orders
        for k in np.flatnonzero(forced_orders).tolist():
            leavers.setdefault(int(pieces.forced[k]), []).append(k)
        own = bisect_right(pieces.first, self.number - 1) - 1
        if pieces.forced[own] != NEVER and forced_orders[own] <= 0.0:
            # Everybody else of them has sold before; this order has not.
            leavers.setdefault(int(pieces.forced[own]), []).append(own)
        outside = dict(engine.outside_paid)
        debt: dict[int, float] = {}
        for tick, owed in engine.debt_paid:
            debt[tick] = debt.get(tick, 0.0) + owed
        gross, sold = list(engine.sale_gross), list(engine.sold_orders)
        holders = list(engine.holders)
        factor_at = [1.0] * (len(numbers) + 1)
        for tick, number in enumerate(numbers, start=1):
            factor_at[tick] = self.factor
            if cum[tick - 1] < self.number <= cum[tick]:
                self.at_entry = self.factor
            self.held[:3] += contribution * self._tags(cum[tick - 1], number)
            if tick in outside:
                self.held[OUTSIDE] += outside[tick]
            if tick in leavers:
                self._force(leavers[tick], quota, factor_at)
            if tick in debt:
                self._take(self._part(debt[tick]))
                self.held[FEES] += self.fee * debt[tick]
            if tick <= len(gross) and gross[tick - 1] > 0.0:
                there = holders[tick - 1] + sold[tick - 1]
                self._volunteer(gross[tick - 1], min(sold[tick - 1] / there, 1.0))

    def _part(self, amount: float) -> float:
        total = float(self.held.sum())
        return min(amount / total, 1.0) if total > 0.0 and amount > 0.0 else 0.0

    def _take(self, part: float) -> None:
        self.held *= 1.0 - part
        self.factor = max(self.factor * (1.0 - part), 1e-200)

    def _split(self, mine: float, gross: float) -> dict[str, float]:
        """What one leaver is paid by whose money it is: the own first, the rest in proportion.

        The own contribution has been taken out of what is held.
        """
        net = (1.0 - self.fee) * gross
        own = min(net, mine)
        total = float(self.held.sum())
        others = self.held * ((net - own) / total) if total > 0.0 else np.zeros(5)
        own += float(others[ME])
        return dict(
            zip(PAYERS, (own, *others[[BEFORE, AFTER, FEES, OUTSIDE]].tolist()), strict=True)
        )

    def _force(self, leavers: list[int], quota: float, factor_at: list[float]) -> None:
        """All forced exits of one tick."""
        pieces, fate = self.result.pieces, self.result.fate
        contribution = self.result.engine.contribution
        drawn = total = 0.0
        mine: float | None = None
        for k in leavers:
            orders = float(fate.forced_orders[k])
            left = min(quota, contribution * self.factor / factor_at[int(pieces.entry[k])])
            whole = float(pieces.orders[k])
            tags = self._tags(float(pieces.first[k]), whole)
            if tags[ME] > 0.0:
                mine = left
            tags *= orders / whole
            self.held[:3] -= np.minimum(left * tags, self.held[:3])
            drawn += orders * (quota - left)
            total += orders * quota
        if mine is not None:
            self.paid = self._split(mine, quota)
        self._take(self._part(drawn))
        self.held[FEES] += self.fee * total

    def _volunteer(self, gross: float, share: float) -> None:
        """Sales of one tick by hand, by the part ``share`` of all holders."""
        buyers = self.held[:3].copy()
        there = float(buyers.sum())
        own = min(share * there, gross)
        if there > 0.0:
            self.held[:3] -= buyers * (own / there)
        self._take(self._part(gross - own))
        self.held[FEES] += self.fee * gross

    def sale(self, gross: float) -> dict[str, float]:
        """Whose money a sale by this order alone would pay at the end of the run."""
        mine = self.result.engine.contribution * self.factor / self.at_entry
        mine = min(mine, gross, float(self.held[ME]))
        self.held[ME] -= mine
        found = self._split(mine, gross)
        self.held[ME] += mine
        return found


def _of_order(result: Result, number: int) -> Statement:
    pool, engine, spend = result.scheme.pool, result.engine, result.scheme.order.spend
    total = float(result.line.orders.sum())
    if number > engine.cum_orders[-1]:
        # No more points were issued.
        upto = np.cumsum(result.line.orders)
        return Statement(
            number=number,
            joined=int(np.searchsorted(upto, number)) + 1,
            spent=spend,
            received=0.0,
            before=number - 1,
            after=total - number,
            left_at=None,
            waits=0.0,
            by=dict.fromkeys(PAYERS, 0.0),
        )
    joined, points = engine.credited_to(number)
    pieces = result.pieces
    piece = bisect_right(pieces.first, number - 1) - 1
    forced = int(pieces.forced[piece])
    follower = _Follower(result, number)
    if forced != NEVER:
        by_then = float(result.line.orders[:forced].sum())
        return Statement(
            number=number,
            joined=joined,
            spent=spend,
            received=(1 - pool.fee) * (pool.exit_multiple or 0.0) * spend,
            before=number - 1,
            after=by_then - number,
            left_at=forced,
            waits=0.0,
            by=follower.paid,
        )
    price = engine.price
    worth = points * price
    return Statement(
        number=number,
        joined=joined,
        spent=spend,
        received=0.0,
        before=number - 1,
        after=total - number,
        left_at=None,
        waits=1.0,
        by=dict.fromkeys(PAYERS, 0.0),
        worth=worth,
        if_sold=follower.sale(min(worth, engine.pool)),
        needs=_of_points(result, points),
    )


def _of_points(result: Result, points: float) -> tuple[Need, ...]:
    """The prices to be reached: for the whole price after the fee, and for the forced exit."""
    pool, spend = result.scheme.pool, result.scheme.order.spend
    net, multiple = 1 - pool.fee, pool.exit_multiple
    goals: list[tuple[str, float]] = []
    if multiple is None or multiple * net >= 1 + 1e-12:
        goals.append(("back", 1 / net))
    if multiple is not None:
        goals.append(("exit", multiple))
    found = []
    for goal, times in goals:
        price = times * spend / points
        found.append(
            Need(
                kind=pool.kind,
                goal=goal,
                amount=net * times * spend,
                orders=orders_until(result, price),
                price=price,
            )
        )
    return tuple(found)


def orders_until(result: Result, price: float) -> float:
    """Orders after the last tick until a point costs ``price``, if nobody sells; inf: never.

    On a pool of A contributions N orders multiply the price by (A + N) / A over the growth of the
    points in circulation, exp(phi(A + N) - phi(A)).
    """
    engine = result.engine
    if engine.price >= price * (1 - 1e-12):
        return 0.0
    a = engine.pool / engine.contribution
    if a <= 0.0 or engine.supply <= 0.0 or engine.halted_at is not None:
        return inf
    growth, wanted = log_growth(engine.settings.gift), log(price / engine.price)

    def rise(orders: int) -> float:
        return log((a + orders) / a) - growth(a, float(orders))

    if rise(END_OF_THE_LINE) < wanted:
        return inf
    return float(bisect_left(range(END_OF_THE_LINE), wanted * (1 - 1e-12), key=rise))
