"""One person's statement: what was paid and by whose money, or what has to happen first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from math import ceil, inf, log, log1p

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.crowd import END_OF_THE_LINE
from model.funding import PAYERS
from model.loggamma import log_growth
from model.mechanisms import DividendPool, PointsPool, RefundQueue, ScheduledRelease
from model.outlay import bounds, traced
from model.pairs.shared_result import SharedResult
from model.points_result import NEVER
from model.result import Result

Floats = npt.NDArray[np.float64]

#: More orders than this are not looked for.
MOST = 1e18
#: Fewer orders than this are nobody.
NOBODY = 0.5
#: Where the tags of :class:`_Follower` stand.
BEFORE, ME, AFTER, FEES, OUTSIDE = range(5)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Those of a day's waiting buyers whom a :class:`Need` is about, if they fare differently.

    The largest group of them: of one rank (nought: none) and one package, for ``price`` yuan; None
    where there are no ranks, or no packages. ``share``: their part of those who wait. ``had``: yuan
    that each has been paid so far.
    """

    rank: int | None
    price: float | None
    share: float
    had: float


@dataclass(frozen=True, kw_only=True)
class Need:
    """What has to happen before somebody who waits is paid, by one rule.

    ``kind`` is that of the rule, ``goal`` what would be reached: ``back``, the whole price;
    ``exit``, the forced exit; ``all``, everything the rule still promises. ``amount``: yuan that
    the person would then have been paid by this rule from now on, after the fee. ``orders``: that
    many more orders are needed, under the assumptions of :func:`statement`; inf: it never happens.
    ``turn``: the turn has come, and only the money has not. ``group``: whom it is about, where
    buyers of the day fare differently.
    """

    kind: str
    goal: str
    amount: float
    orders: float
    price: float | None = None  # of a point, to be reached
    owed_to_all: float | None = None  # yuan that the rule promises everybody who waits
    turn: bool = False
    group: Group | None = None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one person paid and was paid, yuan; of a day, its average buyer (``number`` is None).

    ``before`` and ``after`` are the orders placed before and after theirs, by the time they left
    or by the end. ``left_at`` is the tick on which they left, or the last of a day did.
    ``waits``: the part of those meant who still wait (of one person, nought or one). ``by`` says
    whose money was received, ``worth`` what is held is worth before the fee, and ``if_sold`` whose
    money a sale now would pay, all of one person alone; empty where nothing can be sold.
    """

    number: int | None
    joined: int
    spent: float
    received: float
    before: float
    after: float
    left_at: int | None
    waits: float
    by: dict[str, float]
    worth: float = 0.0
    owed: float = 0.0  # yuan that fixed promises and quotas have left for them
    if_sold: dict[str, float] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()


def by_number(result: Result) -> bool:
    """Whether single orders are known, so that a person is named by the number of the order."""
    return (
        result.points is not None
        and not result.records
        and not isinstance(result.points, SharedResult)
    )


def statement(result: Result, who: int) -> Statement:
    """The statement of order number ``who``, or of the average buyer of tick ``who``.

    Which of them it is says :func:`by_number`; both count from 1. In a points pool the person
    sells only when forced to; what a sale by hand at the end would pay is ``if_sold``. The orders
    needed are those that follow the last tick while nobody sells and nobody gives up: a points
    price then rises by orders alone, a unit is paid share x price / live units on each order, and
    a queue moves by what comes into its pool, less what is paid ahead to those behind. Forced exits
    and quotas that run out in the meantime bring it nearer. Of buyers of a day who fare differently
    the dividends needed are those of the largest group that waits. Raises ValueError if there is
    nobody.
    """
    last = int(result.line.orders.sum()) if by_number(result) else result.ticks
    if not 1 <= who <= last:
        raise ValueError(f"who: {who} is not allowed; allowed: 1 to {last}")
    if by_number(result):
        return _of_order(result, who)
    if result.line.orders[who - 1] <= 0:
        raise ValueError(f"who: nobody ordered on {who}")
    return _of_day(result, who)


# -- one order of a points pool --------------------------------------------------------------------


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


# -- the average buyer of a day --------------------------------------------------------------------


def _of_day(result: Result, day: int) -> Statement:
    orders = float(result.line.orders[day - 1])
    row = result.cohorts.loc[day].to_dict()
    received = float(row["received"]) / orders
    upto = np.cumsum(result.line.orders)
    left = row["exit_tick"]
    waits = _waiting(result, day)
    return Statement(
        number=None,
        joined=day,
        spent=float(row["spent"]) / orders,
        received=received,
        before=float(upto[day - 1] - orders),
        after=float(upto[-1] - upto[day - 1]),
        left_at=None if waits > 0 or pd.isna(left) else int(left),
        waits=waits / orders,
        by=_by_stretch(result, day, received),
        owed=float(row["held_value"]) / waits if waits > 0 else 0.0,
        needs=_needs(result, day) if waits > 0 else (),
    )


def _by_stretch(result: Result, day: int, received: float) -> dict[str, float]:
    """Whose money it was, like that of all who joined in the same stretch of time.

    Of the stretch's own money, not counting own contributions, the part of those before the day
    is what they are of the stretch's orders; none where everybody is paid by newcomers.
    """
    funding, split = traced(result)
    starts, ends = bounds(split)
    k = int(np.searchsorted(ends, day))
    column = funding.iloc[:, k].to_numpy(dtype=float)
    own = min(float(split["own"].iloc[k]), float(column[k]))
    orders = result.line.orders[starts[k] - 1 : ends[k]]
    ahead = float(orders[: day - starts[k]].sum()) / float(orders.sum())
    same = float(column[k]) - own
    before = float(column[:k].sum())
    # The split lays half of it to earlier buyers, or nothing.
    half = (float(split["earlier"].iloc[k]) - before) / same if same > 1e-9 * own else 0.0
    ahead *= 2 * min(max(half, 0.0), 0.5)
    found = {
        "own": own,
        "earlier": before + same * ahead,
        "later": float(column[k + 1 : len(starts)].sum()) + same * (1 - ahead),
        "fees": float(column[-2]),
        "outside": float(column[-1]),
    }
    total = sum(found.values())
    return {payer: received * found[payer] / total if total > 0 else 0.0 for payer in PAYERS}


def _waiting(result: Result, day: int) -> float:
    """Orders of a day that still wait for anything; so few that it is nobody are none."""
    waits = max((float(record.held[day - 1]) for record in result.records), default=0.0)
    if result.points is not None:
        of_day = result.pieces.entry == day
        waits = max(waits, float(result.fate.held_orders[of_day].sum()))
    there = float(result.line.orders[day - 1])
    return min(waits, there) if waits >= min(NOBODY, 0.5 * there) else 0.0


def _needs(result: Result, day: int) -> tuple[Need, ...]:
    """What has to happen by each rule that still owes something."""
    found: list[Need] = []
    scheme = result.scheme
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, PointsPool):
            of_day = result.pieces.entry == day
            held = float(result.fate.held_orders[of_day].sum())
            if held > 0:
                points = float(result.fate.held_points[of_day].sum()) / held
                if not scheme.sharing:
                    found += _of_points(result, points)
        elif isinstance(mechanism, DividendPool):
            if mechanism not in scheme.sharing:
                found += _of_dividends(result, mechanism, day)
        elif isinstance(mechanism, RefundQueue):
            found += _of_queue(result, mechanism, day)
        elif isinstance(mechanism, ScheduledRelease):
            found += _of_release(result, mechanism, day)
    return tuple(found)


def _of_dividends(result: Result, pool: DividendPool, day: int) -> list[Need]:
    """What the largest group of those who wait is still to be paid, and the orders it takes.

    N more orders pay a unit share x price / u x ln(1 + N u / U), with u units an order and U live
    units now, and whoever has a rank a tenth of the rank share x price / p x ln(1 + N p / L) from
    each pot up to it, with p the part of orders that reach its rank and L those there now.
    """
    record, scheme, line = result.record(pool.name), result.scheme, result.line
    engine = next(e for e in result.engines.dividends if e.settings.name == pool.name)
    live = float(record.units[-1])
    held = [float(fate.held[day - 1]) for fate in engine.fates]
    if sum(held) <= 0 or live <= 0:
        return []
    k = max(range(len(held)), key=lambda k: (held[k], -k))
    group, fate = engine.groups[k], engine.fates[k]
    package, at = group.package, np.array([day - 1])
    had = float(engine.had(k, at, np.array([result.ticks - 1]))[0])
    limited = package.quota < inf
    left = float(fate.held_value[day - 1]) / held[k] if limited else inf
    spend, price = scheme.order.mean_spend, float(line.prices[package.number])
    units = scheme.units(pool)
    each = sum(u * share for u, (_, share) in zip(units, scheme.order.choices, strict=True))
    #: Yuan that an order more pays now, and those that double what it is divided over.
    parts = [(package.units * pool.share * spend / live, live / each)] if package.units else []
    there = [0.0] * (len(pool.rank_reached) + 1)
    for g, f in zip(engine.groups, engine.fates, strict=True):
        there[g.rank] += float(f.held.sum())
    for rank in range(1, group.rank + 1):
        if pool.rank_share > 0:
            members = sum(there[rank:])
            joins = pool.rank_reached[rank - 1]
            parts.append((0.1 * pool.rank_share * spend / members, members / joins))

    def paid(orders: float) -> float:
        return sum(now * size * log1p(orders / size) for now, size in parts)

    def orders(amount: float) -> float:
        if paid(MOST) < amount:
            return inf
        low, high = 0.0, MOST
        while high - low > max(0.5, 1e-9 * high):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if paid(middle) >= amount else (middle, high)
        return float(ceil(high - 1e-6))

    about = None
    if pool.rank_share > 0 or len(line.prices) > 1:
        about = Group(
            rank=group.rank if pool.rank_share > 0 else None,
            price=price if len(line.prices) > 1 else None,
            share=held[k] / sum(held),
            had=had,
        )
    found = []
    missing = price - had
    if 1e-9 * price < missing and (not limited or missing < left * (1 - 1e-9)):
        found.append(
            Need(kind=pool.kind, goal="back", amount=missing, orders=orders(missing), group=about)
        )
    if limited:
        found.append(
            Need(
                kind=pool.kind,
                goal="all",
                amount=left,
                orders=orders(left),
                owed_to_all=float(record.promised[-1]),
                group=about,
            )
        )
    return found


def _of_queue(result: Result, queue: RefundQueue, day: int) -> list[Need]:
    """The last of the day's buyers is paid when all before are."""
    engine = result.engines.queue
    if engine is None or engine.stopped:
        return _never(result, queue, day)
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


def _never(result: Result, mechanism: RefundQueue | ScheduledRelease, day: int) -> list[Need]:
    """Payment has been stopped for good."""
    record, release = result.record(mechanism.name), result.engines.release
    held = float(record.held[day - 1])
    if held <= 0:
        return []
    fee = release.fee if release is not None and release.settings is mechanism else 0.0
    return [
        Need(
            kind=mechanism.kind,
            goal="all",
            amount=float(record.held_value[day - 1]) / held * (1 - fee),
            orders=inf,
            owed_to_all=float(record.promised[-1]),
        )
    ]


def _of_release(result: Result, release: ScheduledRelease, day: int) -> list[Need]:
    """So many orders bring as much as is owed to everybody who waits."""
    engine, record = result.engines.release, result.record(release.name)
    if engine is None or engine.stopped:
        return _never(result, release, day)
    held = float(record.held[day - 1])
    if held <= 0:
        return []
    promised, account = float(record.promised[-1]), 0.0
    if result.account is not None:
        account = max(float(result.account.balance[-1]), 0.0)
    lacks = max(promised * (1 - engine.fee) - engine.pool - account, 0.0)
    return [
        Need(
            kind=release.kind,
            goal="all",
            amount=float(record.held_value[day - 1]) / held * (1 - engine.fee),
            orders=float(ceil(lacks / (release.share * result.scheme.order.mean_spend))),
            owed_to_all=promised,
        )
    ]
