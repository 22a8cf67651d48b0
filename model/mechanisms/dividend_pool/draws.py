"""A dividend pool's account, draw by draw (see :mod:`model.mixing`): from its running sums."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.arrays import Floats, Ints
from model.asked.draws import Draws
from model.draws import Drawing, Single, Stretches, instalments, per_order
from model.mechanisms.dividend_pool.engine import DividendPoolEngine
from model.mechanisms.dividend_pool.paid import PaidDividends
from model.mixing import EMPTY, Account, scatter
from model.ran import Ran


class DividendPoolDraws(Draws):
    """See :class:`Draws`."""

    def accounts(self, result: Ran, stretches: Stretches, *, own: bool) -> list[Account]:
        """See :class:`Draws`."""
        return [_account(result, engine, stretches, own=own) for engine in result.engines.dividends]


def _account(
    result: Ran, engine: DividendPoolEngine, stretches: Stretches, *, own: bool
) -> Account:
    """The account of a dividend pool."""
    log = engine.log
    tick = np.flatnonzero(log["paid"] > 0.0)
    buyers = engine.settings.taken * result.line.sales
    draws = Drawing(stretches, buyers=buyers, outside=np.zeros(result.ticks))
    if not len(tick) or not engine.groups:
        empty = np.zeros((0, stretches.count + 1))
        return draws.account(tick[:0], empty, log["pool"], later=True, own=empty[:, :-1])
    paid = engine.payments()
    gross = np.zeros((len(tick), stretches.count + 1))
    gross[:, :-1] = _paid_dividends(engine, paid, tick, stretches)
    whole = gross.sum(axis=1)
    gross *= np.divide(log["paid"][tick], whole, out=np.zeros(len(tick)), where=whole > 0)[:, None]
    mine = None
    if own:
        mine = _own_dividends(result, engine, paid, tick, stretches, buyers)
        np.minimum(mine, gross[:, :-1], out=mine)
    # Paid out of the sales of the day itself: who joined in the same stretch came later.
    return draws.account(tick, gross, log["pool"], later=True, own=mine)


def _paid_dividends(
    engine: DividendPoolEngine, paid: PaidDividends, tick: Ints, stretches: Stretches
) -> Floats:
    """Yuan by draw and stretch, from running sums of the orders' weights."""
    sums, count, edges = engine.sums, stretches.count, stretches.edges
    found = np.zeros((len(tick), count))
    row_of = np.full(engine.line.ticks, -1)
    row_of[tick] = np.arange(len(tick))
    for part in engine.stretches:
        rows = slice(*np.searchsorted(tick, [part.start, part.stop]).tolist())
        at = tick[rows]
        if not len(at):
            continue
        row = np.arange(len(at))
        inner = np.clip(edges, part.start, part.stop)
        for p, number in enumerate(paid.rows):
            groups = np.flatnonzero(paid.package == p)
            first = np.maximum(paid.first[groups][:, at], part.start)
            there = first <= at
            column = stretches.of_tick[np.minimum(first, at)]
            kinds = [(np.ones(engine.line.ticks), paid.each[groups])]
            shapes = paid.shapes(int(paid.numbers[groups[0]]))
            kinds += [(factor, each[None, :]) for factor, each in shapes]
            alive, partial = paid.alive[groups], np.zeros(first.shape)
            for factor, each in kinds:
                amount = np.where(there, (each * alive)[:, at], 0.0)
                upto = np.zeros(engine.line.ticks + 1)
                weights = (sums.weights[number] * factor)[part]
                upto[part.start + 1 : part.stop + 1] = np.cumsum(weights)
                ends = upto[np.minimum(inner[None, :], at[:, None] + 1)]
                place = row * (count + 1) + column
                # A cohort after the stretch of the first one is paid by every group ...
                later = scatter((place + 1).ravel(), amount.ravel(), (len(at) + 1, count + 1))
                later = later[:-1, :count]
                found[rows] += np.cumsum(later, axis=1) * np.diff(ends, axis=1)
                # ... and in that stretch those from the first one on.
                ends_of = upto[np.minimum(edges[column + 1], at + 1)]
                partial += amount * (ends_of - upto[np.minimum(first, at + 1)])
            found[rows] += scatter(
                (row * count + column).ravel(), partial.ravel(), (len(at), count)
            )
    t, cohort, _, orders, each = paid.single
    some = row_of[t] >= 0
    place = row_of[t[some]] * count + stretches.of_tick[cohort[some]]
    found += scatter(place, (orders * each)[some], found.shape)
    return np.maximum(found, 0.0)


def _own_dividends(
    result: Ran,
    engine: DividendPoolEngine,
    paid: PaidDividends,
    tick: Ints,
    stretches: Stretches,
    buyers: Floats,
) -> Floats:
    """Own contributions in each dividend, by stretch.

    Where the pool is emptied by each, only who joined since the last one has anything in it, and
    has had nothing yet. The other draws are looked at one by one.
    """
    log, sums, ticks = engine.log, engine.sums, result.ticks
    line, count = result.line, stretches.count
    by_package = per_order(buyers, line.sales, line.prices)
    each_order = by_package[paid.numbers]
    drawn = log["paid"][tick]
    there = np.maximum(log["pool"][tick], 0.0) + drawn
    empties = drawn >= there * (1.0 - EMPTY)
    after_empty = np.append(True, empties[:-1])
    simple = after_empty & empties
    own = np.zeros((len(tick), count))
    weights = sums.weights[np.array(paid.rows)[paid.package]]
    t, cohort, group, orders, each = paid.single
    each = np.maximum(each, 0.0)
    # One draw a cohort.
    row = np.searchsorted(tick, np.arange(ticks))
    use = np.append(simple, False)[row]
    cohorts = np.flatnonzero(use)
    at = tick[row[cohorts]]
    amount = paid.each[:, at].copy()
    for number in np.unique(paid.numbers).tolist():
        amount[paid.numbers == number] += paid.by_recruits(number, at, cohorts)
    amount = np.where(paid.first[:, at] <= cohorts, np.maximum(amount, 0.0), 0.0)
    mine = np.minimum(amount, each_order[:, cohorts]) * (paid.alive[:, at] * weights[:, cohorts])
    place = row[cohorts] * count + stretches.of_tick[cohorts]
    own += scatter(place, mine.sum(axis=0), own.shape)
    some = np.flatnonzero(use[cohort] & (tick[np.minimum(row[cohort], len(tick) - 1)] == t))
    if len(some):
        mine = orders[some] * np.minimum(each[some], each_order[group[some], cohort[some]])
        place = row[cohort[some]] * count + stretches.of_tick[cohort[some]]
        own += scatter(place, mine, own.shape)
    if simple.all():
        return np.maximum(own, 0.0)
    order = np.argsort(t, kind="stable")
    bounds = np.searchsorted(t[order], np.arange(ticks + 1)).tolist()
    times = tick.tolist()

    def singles(r: int, first: int) -> Iterator[Single]:
        t = times[r]
        part = slice(first, t + 1)
        yuan = np.repeat(paid.each[:, t, None], t + 1 - first, axis=1)
        for number in np.unique(paid.numbers).tolist():
            by_recruits = paid.by_recruits(number, np.array([t]), np.arange(first, t + 1))
            yuan[paid.numbers == number] += by_recruits
        there = paid.first[:, t, None] <= np.arange(first, t + 1)
        yuan = np.where(there, np.maximum(yuan, 0.0), 0.0)
        people = np.where(there, paid.alive[:, t, None] * weights[:, part], 0.0)
        for k in order[bounds[t] : bounds[t + 1]].tolist():
            if cohort[k] >= first:
                place = group[k], cohort[k] - first
                people[place] += orders[k]
                if not there[place]:
                    yuan[place] = each[k]
        yield first, np.maximum(people, 0.0), yuan, False

    # The others are done.
    newest = np.where(simple, -1, tick)
    rest = instalments(tick, drawn, there, singles, each_order, stretches, newest)
    return np.maximum(own + rest, 0.0)
