"""Whose money pays what the rules beside a points pool pay: each pool followed tick by tick.

The conventions are those of :mod:`model.funding`. Every payment is known by cohort of one tick; the
platform's account is followed like a pool, so that what it pays is traced to those who fed it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from model.mechanisms import DividendPoolEngine
from model.mechanisms.base import Floats, Ints
from model.points_result import SharedResult

if TYPE_CHECKING:
    from model.result import Result

#: (first cohort, yuan to it and to each of the following ones).
Event = tuple[int, Floats]


@dataclass
class Purse:
    """What went into one account and what it paid to buyers. Yuan, shape (ticks,)."""

    buyers: Floats
    outside: Floats
    elsewhere: Floats  # paid to others than buyers
    events: dict[int, list[Event]] = field(default_factory=dict)
    #: Whoever is paid, is paid by those who come on the same tick or have come later.
    by_newcomers: bool = False

    def add(self, tick: int, first: int, amounts: Floats) -> None:
        """One payment on ``tick`` (from 0)."""
        if len(amounts):
            self.events.setdefault(tick, []).append((first, amounts))


class _Recorder:
    """Keeps what a run tells of its payments."""

    def __init__(self) -> None:
        self.paid_by: dict[str, dict[int, list[Event]]] = {}

    def paid(self, tick: int, account: str, first: int, amounts: Floats) -> None:
        """See :class:`model.mechanisms.base.Tracer`."""
        self.paid_by.setdefault(account, {}).setdefault(tick, []).append((first, amounts.copy()))


def purses(result: Result) -> list[Purse]:
    """Every account beside a points pool that paid buyers."""
    found = [_dividends(result, engine) for engine in result.engines.dividends]
    if isinstance(result.points, SharedResult):
        found.append(_points(result.points))
    promises = [e for e in (result.engines.release, result.engines.queue) if e is not None]
    if not promises:
        return found
    from model.simulate import simulate

    recorder = _Recorder()
    simulate(result.scheme, tracer=recorder)
    ticks, ledger = result.ticks, result.ledger
    platform = Purse(np.zeros(ticks), np.zeros(ticks), np.zeros(ticks))
    for flow in ledger.flows:
        if flow.target == "platform":
            side = platform.buyers if flow.source == "buyers" else platform.outside
            side += flow.amount
        if flow.source == "platform" and flow.target != "buyers":
            platform.elsewhere += flow.amount
    for engine in promises:
        name = engine.settings.name
        record = result.record(name)
        account = sum(
            (f.amount for f in record.flows if (f.source, f.target) == ("platform", "buyers")),
            np.zeros(ticks),
        )
        outside = sum(
            (f.amount for f in record.flows if f.source == "advertisers"), np.zeros(ticks)
        )
        part = np.divide(account, record.paid_out, out=np.zeros(ticks), where=record.paid_out > 0)
        purse = Purse(record.paid_in - outside, outside, np.zeros(ticks))
        for tick, events in recorder.paid_by.get(name, {}).items():
            for first, amounts in events:
                if part[tick] < 1:
                    purse.add(tick, first, amounts * (1 - part[tick]))
                if part[tick] > 0:
                    platform.add(tick, first, amounts * part[tick])
        found.append(purse)
    if platform.events:
        found.append(platform)
    return found


def _dividends(result: Result, engine: DividendPoolEngine) -> Purse:
    """The payments of a dividend pool, from its running sums."""
    ticks = result.ticks
    record = result.record(engine.settings.name)
    purse = Purse(record.paid_in, np.zeros(ticks), np.zeros(ticks), by_newcomers=True)
    for tick, first, amounts in engine.payments():
        purse.add(tick, first, amounts)
    return purse


def _points(points: SharedResult) -> Purse:
    """The payments of a points pool under a quota shared with dividends, after the fee.

    A fee stays with those whose money it was. Who sells of their own accord is paid by the points
    they hold; of a day some of whose orders have left, the others hold points in proportion.
    """
    ticks, engine = points.ticks, points.engine
    joined = np.frombuffer(engine.joined, dtype=float)
    bought = np.zeros(ticks)
    bought[: len(joined)] = joined * engine.contribution
    outside = np.zeros(ticks)
    for tick, amount in engine.outside_paid:
        outside[tick - 1] += amount
    purse = Purse(bought, outside, np.zeros(ticks))
    forced, entry = points.pieces.forced, points.pieces.entry
    cash = points.fate.forced_cash
    left = np.flatnonzero(cash > 0)
    order = left[np.argsort(forced[left], kind="stable")]
    ends = np.flatnonzero(np.diff(forced[order], append=-1)) + 1
    for part in np.split(order, ends[:-1] if len(ends) else []):
        if len(part):
            first = int(entry[part].min())
            amounts = np.bincount(entry[part] - first, weights=cash[part]).astype(float)
            purse.add(int(forced[part[0]]) - 1, first - 1, amounts)
    gross = np.frombuffer(engine.sale_gross, dtype=float)
    block_tick = np.frombuffer(engine.block_tick, dtype=np.int64)
    held = np.bincount(
        block_tick, weights=np.frombuffer(engine.block_points, dtype=float), minlength=ticks + 1
    )[1:]
    dividends, sales = engine.dividends, []
    by_cohort = np.zeros(ticks)
    for t in np.flatnonzero(gross).tolist():
        weights = np.zeros(t + 1)
        for k in range(len(dividends.groups)):
            at, live = dividends.weights(k, t, dividends.fronts[t], dividends.sold_of_front[t])
            each = np.divide(
                held[at : t + 1], joined[at : t + 1], out=np.zeros(len(live)), where=live > 0
            )
            weights[at:] += live * each
        total = float(weights.sum())
        if total > 0:
            net = float(gross[t]) * (1 - points.scheme.pool.fee)
            sales.append((t, net * weights / total))
            by_cohort[: t + 1] += sales[-1][1]
    # What each cohort got in all is known to the order.
    exact = np.bincount(
        entry, weights=points.fate.sold_cash + points.fate.taken_cash, minlength=ticks + 1
    )[1:]
    right = np.divide(exact, by_cohort, out=np.ones(ticks), where=by_cohort > 0)
    for t, amounts in sales:
        purse.add(t, 0, amounts * right[: t + 1])
    return purse


class Followed:
    """One purse, followed: who paid whom, by stretches of joining time; yuan.

    ``matrix`` recipient x payer (stretches, fees, outside), the own contribution apart in ``own``;
    ``shares`` what came from earlier and from later buyers.
    """

    def __init__(self, purse: Purse, *, of_tick: Ints, count: int, method: str) -> None:
        self.count = count
        self.matrix = np.zeros((count, count + 2))
        self.own = np.zeros(count)
        self.shares = np.zeros((count, 2))
        self._purse = purse
        self._of_tick = of_tick
        self._starts = np.searchsorted(of_tick, np.arange(count))
        if method == "oldest":
            self._follow_oldest()
        else:
            self._follow(own_first=method == "own")
        earlier = np.tril(self.matrix[:, :count], -1).sum(axis=1)
        later = np.triu(self.matrix[:, :count], 1).sum(axis=1)
        same = self.matrix[:, :count].diagonal()
        before = 0.0 if purse.by_newcomers else 0.5
        self.shares[:, 0] = earlier + before * same
        self.shares[:, 1] = later + (1 - before) * same

    def _binned(self, first: int, amounts: Floats) -> Floats:
        """Sums over stretches of joining time."""
        found = np.zeros(self.count)
        low, high = int(self._of_tick[first]), int(self._of_tick[first + len(amounts) - 1])
        edges = np.maximum(self._starts[low : high + 1] - first, 0)
        found[low : high + 1] = np.add.reduceat(amounts, edges)
        return found

    def _follow(self, *, own_first: bool) -> None:
        purse, count = self._purse, self.count
        left = np.zeros(len(purse.buyers))  # of each cohort's own money, in the purse
        held = np.zeros(count + 2)
        of_tick = self._of_tick.tolist()
        buyers, outside = purse.buyers.tolist(), purse.outside.tolist()
        elsewhere = purse.elsewhere.tolist()
        oldest = 0  # nobody before has money of their own left
        for t in range(len(buyers)):
            left[t] = buyers[t]
            held[of_tick[t]] += buyers[t]
            held[count + 1] += outside[t]
            for first, amounts in purse.events.get(t, ()):
                end = first + len(amounts)
                begin = max(first, oldest)
                to = self._binned(first, amounts)
                if own_first and begin < end:
                    own = np.minimum(amounts[begin - first :], left[begin:end])
                    left[begin:end] -= own
                    mine = self._binned(begin, own)
                    mine = np.minimum(mine, held[:count])
                    held[:count] -= mine
                    self.own += mine
                    to -= mine
                oldest = self._draw(held, left, to, oldest, t)
            if elsewhere[t] > 0.0:
                oldest = self._draw(held, left, np.array([elsewhere[t]]), oldest, t, count=False)
            oldest = min(oldest, t + 1)

    def _draw(
        self, held: Floats, left: Floats, to: Floats, oldest: int, t: int, *, count: bool = True
    ) -> int:
        """Pay ``to`` out of all that is held in proportion; returns the new ``oldest``."""
        drawn, there = float(to.sum()), float(held.sum())
        if drawn <= 0.0 or there <= 0.0:
            return oldest
        part = min(drawn / there, 1.0)
        if count:
            self.matrix += to[:, None] * (held * (part / drawn))
        if part >= 1 - 1e-12:
            held[:] = 0.0
            left[oldest : t + 1] = 0.0
            return t + 1
        held *= 1 - part
        left[oldest : t + 1] *= 1 - part
        return oldest

    def _follow_oldest(self) -> None:
        purse, count = self._purse, self.count
        queue: deque[list[float]] = deque()

        def add(payer: int, amount: float) -> None:
            if amount > 0.0:
                if queue and queue[-1][0] == payer:
                    queue[-1][1] += amount
                else:
                    queue.append([payer, amount])

        def take(amount: float) -> Floats:
            found = np.zeros(count + 2)
            while amount > 0.0 and queue:
                head = queue[0]
                part = min(amount, head[1])
                found[int(head[0])] += part
                amount -= part
                head[1] -= part
                if head[1] <= 0.0:
                    queue.popleft()
            return found

        for t in range(len(purse.buyers)):
            add(int(self._of_tick[t]), float(purse.buyers[t]))
            add(count + 1, float(purse.outside[t]))
            for first, amounts in purse.events.get(t, ()):
                to = self._binned(first, amounts)
                total = float(to.sum())
                if total > 0.0:
                    self.matrix += to[:, None] * (take(total) / total)
            take(float(purse.elsewhere[t]))
