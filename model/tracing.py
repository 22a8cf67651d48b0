"""The accounts that pay buyers beside a points pool, draw by draw (see :mod:`model.mixing`).

Dividends are followed from their running sums, a release and a queue from the payments they keep.
The platform's account is followed like a pool, so that what it pays is traced to those who fed it.
"Own" is per order: what one order of a cohort, package and rank is paid comes first out of what is
left of its own contribution. A draw in proportion shrinks what is left of everybody's alike, so it
is kept over one running factor; once the account has been emptied nobody has anything left in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from model.ledger import POINTS_SHOP
from model.mechanisms import DividendPoolEngine, RefundQueueEngine, ScheduledReleaseEngine
from model.mechanisms.base import Floats, Ints, Payments
from model.mechanisms.dividend_pool.paid import PaidDividends
from model.mechanisms.scheduled_release.young import YoungPaid
from model.mixing import EMPTY, Account, scatter
from model.ran import Engines, Ran

#: Columns of an account's money: fees, the stretches of joining time, outside.
FEES, OUTSIDE = 0, -1
#: Of one draw: (first cohort, orders, yuan each, whether they leave with it), (classes, cohorts).
Single = tuple[int, Floats, Floats, bool]
#: So many numbers are held before they are put in their places.
MOST_HELD = 50_000
#: Below this part of an own contribution nothing is left of it.
_NOTHING = 1e-17


class Stretches:
    """Joining time in stretches: of which one each tick is, and where each begins and ends."""

    def __init__(self, edges: Ints) -> None:
        self.edges = edges
        self.count = len(edges) - 1
        self.of_tick: Ints = np.repeat(np.arange(self.count), np.diff(edges))

    def sums(self, amounts: Floats) -> Floats:
        """Sums over the stretches of what each tick has."""
        return np.add.reduceat(amounts, self.edges[:-1])


def _per_order(buyers: Floats, sales: Floats, prices: Floats) -> Floats:
    """What one order of each package and tick paid in, if all pay the same part of their price."""
    part = np.divide(buyers, sales, out=np.zeros(len(sales)), where=sales > 0)
    found: Floats = prices[:, None] * part
    return found


class _Draws:
    """Draws on one account as they come, and the account they make."""

    def __init__(self, stretches: Stretches, *, buyers: Floats, outside: Floats) -> None:
        self.stretches = stretches
        self.buyers, self.outside = buyers, outside

    def account(
        self, tick: Ints, gross: Floats, closing: Floats, *, later: bool, own: Floats | None
    ) -> Account:
        """``gross`` (draws, recipients) on ``tick`` (draws,), ascending, and what is left after."""
        there = there_before(tick, gross.sum(axis=1), closing[tick])
        return Account(
            tick=tick,
            money=self.money(tick),
            gross=gross,
            there=there,
            fee=0.0,
            others_later=np.full(len(tick), later),
            own=own,
            own_net=own,
        )

    def money(self, tick: Ints) -> Floats:
        """What comes in before each draw, by payer."""
        stretches, ticks = self.stretches, len(self.buyers)
        found = np.zeros((len(tick), stretches.count + 2))
        if not len(tick):
            return found
        row = np.searchsorted(tick, np.arange(ticks), side="left")
        used = row < len(tick)
        if len(tick) == ticks and (tick == np.arange(ticks)).all():
            found[row, 1 + stretches.of_tick] = self.buyers
            found[:, OUTSIDE] = self.outside
            return found
        place = row * found.shape[1] + 1 + stretches.of_tick
        found += scatter(place[used], self.buyers[used], found.shape)
        found[:, OUTSIDE] += scatter(row[used], self.outside[used], tick.shape)
        return found


def there_before(tick: Ints, drawn: Floats, closing: Floats, *, fee: float = 0.0) -> Floats:
    """What is in an account before each draw, from what is in it at the end of each one's tick."""
    net = (1.0 - fee) * drawn
    there: Floats = np.maximum(closing, 0.0) + net
    for step in range(1, len(tick)):
        same = np.flatnonzero(tick[step:] == tick[:-step])
        if not len(same):
            break
        there[same] += net[same + step]
    return there


def instalments(
    tick: Ints,
    drawn: Floats,
    there: Floats,
    singles: Callable[[int, int], Iterator[Single]],
    per_order: Floats,
    stretches: Stretches,
    newest: Ints,
    people: Floats | None = None,
) -> Floats:
    """Own contributions in each draw, by stretch: yuan, shape (draws, stretches).

    ``per_order`` (classes, ticks) is what one order of each class paid in, ``singles(draw, first)``
    what orders of cohorts from ``first`` on are paid by a draw. ``newest`` (draws,) is
    the last cohort that each may pay. ``people`` (ticks,): the orders of each cohort, where those
    who leave for one rule may still be paid by another; what they have taken is then taken off what
    the cohort's orders have left on average.
    """
    own = np.zeros((len(tick), stretches.count))
    found: list[tuple[int, int, Floats]] = []  # draw, first cohort, yuan by cohort
    held = 0  # numbers in it
    times, amounts, levels = tick.tolist(), drawn.tolist(), there.tolist()
    lasts = newest.tolist()
    left = np.zeros(per_order.shape)  # over the factor
    factors = np.ones(per_order.shape[1])  # when a cohort joined
    for start, end in _runs(tick, drawn, there, newest):
        fresh = times[start - 1] + 1 if start else 0
        noted = filled = fresh
        factor = 1.0
        for r in range(start, end):
            t, mine = times[r], 0.0
            if noted <= t:
                factors[noted : t + 1] = factor
                noted = t + 1
            if fresh <= lasts[r]:
                for first, orders, each, leave in singles(r, fresh):
                    upto = first + each.shape[1]
                    if filled < upto:
                        left[:, filled:upto] = per_order[:, filled:upto] / factors[filled:upto]
                        filled = upto
                    rest = left[:, first:upto]
                    took = np.minimum(each, rest * factor)
                    if not leave or people is not None:
                        part = orders / people[first:upto] if leave and people is not None else 1.0
                        taken = took / factor * part
                        # Those paid in full and in part are of one class.
                        rest -= taken if len(taken) == len(rest) else taken.sum(axis=0)
                        np.maximum(rest, 0.0, out=rest)
                    took *= orders
                    by_cohort = took[0] if len(took) == 1 else took.sum(axis=0)
                    found.append((r, first, by_cohort))
                    held += len(by_cohort)
                    mine += float(by_cohort.sum())
            if held > MOST_HELD:
                _put(own, found, stretches)
                found, held = [], 0
            draw, level = amounts[r] - mine, levels[r] - mine
            if level <= 0.0 or draw >= level * (1.0 - EMPTY):
                fresh = noted = filled = t + 1
                factor = 1.0
            elif draw > 0.0:
                factor *= 1.0 - draw / level
                if factor < 1e-100:
                    left[:, fresh:filled] *= factor
                    factors[fresh:noted] /= factor
                    factor = 1.0
            if r % 32 == 31 and fresh < filled:
                some = left[:, fresh:filled] * factor > _NOTHING * per_order[:, fresh:filled]
                alive = np.flatnonzero(some.any(axis=0))
                fresh = fresh + int(alive[0]) if len(alive) else filled
    _put(own, found, stretches)
    return own


def _put(own: Floats, found: list[tuple[int, int, Floats]], stretches: Stretches) -> None:
    """Put yuan by draw and cohort in their places; nothing of these draws is there yet."""
    if not found:
        return
    low, high = found[0][0], found[-1][0] + 1
    sizes = np.array([len(yuan) for _, _, yuan in found])
    row = np.repeat([r - low for r, _, _ in found], sizes)
    first_ = np.array([first for _, first, _ in found]) - (np.cumsum(sizes) - sizes)
    cohort = np.repeat(first_, sizes) + np.arange(len(row))
    place = row * stretches.count + stretches.of_tick[cohort]
    yuan = np.concatenate([yuan for _, _, yuan in found])
    own[low:high] = scatter(place, yuan, own[low:high].shape)


def departures(
    tick: Ints,
    drawn: Floats,
    there: Floats,
    who: tuple[Ints, Ints, Floats, Floats],
    per_order: Floats,
    stretches: Stretches,
    newest: Ints,
) -> Floats:
    """The same where each order is paid once and leaves with it.

    ``who`` are the draws, ascending, cohorts, orders and yuan each; ``per_order`` (ticks,).
    """
    draws, cohorts, people, yuan = (column.tolist() for column in who)
    begin = np.searchsorted(who[0], np.arange(len(tick) + 1)).tolist()
    times, amounts, levels = tick.tolist(), drawn.tolist(), there.tolist()
    paid_in = per_order.tolist()
    factors = [1.0] * len(paid_in)
    took = [0.0] * len(draws)
    for start, end in _runs(tick, drawn, there, newest):
        fresh = times[start - 1] + 1 if start else 0
        noted, factor = fresh, 1.0
        for r in range(start, end):
            t, mine = times[r], 0.0
            while noted <= t:
                factors[noted] = factor
                noted += 1
            for k in range(begin[r], begin[r + 1]):
                cohort = cohorts[k]
                if cohort >= fresh:
                    left = paid_in[cohort] * factor / factors[cohort]
                    took[k] = people[k] * min(yuan[k], left)
                    mine += took[k]
            draw, level = amounts[r] - mine, levels[r] - mine
            if level <= 0.0 or draw >= level * (1.0 - EMPTY):
                fresh = noted = t + 1
                factor = 1.0
            elif draw > 0.0:
                factor *= 1.0 - draw / level
                if factor < 1e-100:
                    factors[fresh:noted] = [value / factor for value in factors[fresh:noted]]
                    factor = 1.0
    place = who[0] * stretches.count + stretches.of_tick[who[1]]
    return scatter(place, np.array(took), (len(tick), stretches.count))


def _runs(tick: Ints, drawn: Floats, there: Floats, newest: Ints) -> list[tuple[int, int]]:
    """The draws to look at: from one that empties the account to the next.

    Left out are those by themselves that pay nobody who joined since the one before.
    """
    empties = drawn >= there * (1.0 - EMPTY)
    starts = np.flatnonzero(np.append(True, empties[:-1]))
    ends = np.append(np.flatnonzero(empties) + 1, len(tick))[: len(starts)]
    fresh = np.append(0, tick[:-1] + 1)[starts]
    some = np.maximum.reduceat(newest, starts) >= fresh if len(starts) else starts > 0
    return list(zip(starts[some].tolist(), ends[some].tolist(), strict=True))


# -- dividends ------------------------------------------------------------------------------------


def dividends(
    result: Ran, engine: DividendPoolEngine, stretches: Stretches, *, own: bool
) -> Account:
    """The account of a dividend pool."""
    log = engine.log
    tick = np.flatnonzero(log["paid"] > 0.0)
    buyers = engine.settings.taken * result.line.sales
    draws = _Draws(stretches, buyers=buyers, outside=np.zeros(result.ticks))
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
    by_package = _per_order(buyers, line.sales, line.prices)
    per_order = by_package[paid.numbers]
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
    mine = np.minimum(amount, per_order[:, cohorts]) * (paid.alive[:, at] * weights[:, cohorts])
    place = row[cohorts] * count + stretches.of_tick[cohorts]
    own += scatter(place, mine.sum(axis=0), own.shape)
    some = np.flatnonzero(use[cohort] & (tick[np.minimum(row[cohort], len(tick) - 1)] == t))
    if len(some):
        mine = orders[some] * np.minimum(each[some], per_order[group[some], cohort[some]])
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
    rest = instalments(tick, drawn, there, singles, per_order, stretches, newest)
    return np.maximum(own + rest, 0.0)


# -- promises -------------------------------------------------------------------------------------

Promise = ScheduledReleaseEngine | RefundQueueEngine


@dataclass
class _Paid:
    """Payments of one promise, one a draw: which tick, by stretch, and how much of each by whom."""

    tick: Ints
    yuan: Floats  # (draws, stretches)
    by_platform: Floats  # (draws,), the part
    step: int  # order within a tick
    event: Ints  # number among the engine's payments, or -1
    newest: Ints  # the last cohort paid
    engine: Promise


def promises(result: Ran, stretches: Stretches, *, own: bool) -> list[Account]:
    """The accounts of a release and a queue, and the platform's if it paid any of it."""
    engines = result.engines
    if not _enough(engines, stretches, own=own):
        engines = result.with_whole_payments()
    found, by_platform = [], []
    for engine in (engines.release, engines.queue):
        if engine is None:
            continue
        paid = _payments(engine, stretches)
        buyers = engine.settings.share * result.line.sales
        outside = np.zeros(result.ticks)
        if isinstance(engine, ScheduledReleaseEngine):
            outside = np.array(engine.log["ads"])
        draws = _Draws(stretches, buyers=buyers, outside=outside)
        found.append(_account(result, draws, paid, np.array(engine.log["pool"]), own=own))
        by_platform += paid
    if any(part.by_platform.any() for part in by_platform):
        found.append(_platform(result, by_platform, stretches, own=own))
    return found


def _enough(engines: Engines, stretches: Stretches, *, own: bool) -> bool:
    """Whether what the engines have kept of their payments says what is asked."""
    for engine in (engines.release, engines.queue):
        if engine is None:
            continue
        payments = engine.payments
        if payments.coarse is not None and not np.array_equal(stretches.edges, payments.edges):
            return False
        paid_by_account = any(engine.log["account"]) or any(engine.log.get("advance_account", ()))
        if own and (payments.lost or paid_by_account) and not payments.whole:
            return False
    return True


def _payments(engine: Promise, stretches: Stretches) -> list[_Paid]:
    """What a promise paid, in the order of its kinds within a tick."""
    payments = engine.payments
    tick = np.array(payments.ticks, dtype=np.int64)
    yuan = _binned(payments, stretches)
    log = {name: np.array(values) for name, values in engine.log.items()}
    if isinstance(engine, ScheduledReleaseEngine):
        # The old ones and the young ones are paid together.
        total = np.zeros((engine.line.ticks, stretches.count))
        total[tick] = yuan
        event = np.full(engine.line.ticks, -1)
        event[tick] = np.arange(len(tick))
        for young in engine.of_young:
            at, more = _of_young(young, stretches)
            total[at] += more
        at = np.flatnonzero(log["paid"] > 0.0)
        part = np.divide(log["account"][at], log["paid"][at])
        whole = total[at].sum(axis=1)
        right = np.divide(log["paid"][at], whole, out=np.zeros(len(at)), where=whole > 0)
        return [_Paid(at, total[at] * right[:, None], part, 1, event[at], at - 1, engine)]
    found = []
    newest = np.array(payments.lasts, dtype=np.int64)
    for step, leave in ((0, False), (2, True)):
        names = ("refunds", "account") if leave else ("advance", "advance_account")
        mine = np.flatnonzero(np.array(payments.leave, dtype=bool) == leave)
        at = tick[mine]
        pool, account = log[names[0]][at], log[names[1]][at]
        paid = pool + account
        part = np.divide(account, paid, out=np.zeros(len(at)), where=paid > 0)
        found.append(
            _Paid(at, yuan[mine], np.clip(part, 0.0, 1.0), step, mine, newest[mine], engine)
        )
    return found


def _binned(payments: Payments, stretches: Stretches) -> Floats:
    """Yuan by payment and stretch of joining time."""
    found = np.zeros((len(payments.ticks), stretches.count))
    fine = len(payments.ticks) if payments.coarse is None else payments.coarse
    upto = np.cumsum([len(yuan) for yuan in payments.yuan[:fine]])
    start = 0
    while start < fine:
        before = upto[start - 1] if start else 0
        stop = max(int(np.searchsorted(upto, before + MOST_HELD, side="right")), start + 1)
        found[start:stop] = _by_stretch(payments, slice(start, stop), stretches)
        start = stop
    for k in range(fine, len(payments.ticks)):
        first, yuan = payments.firsts[k], payments.yuan[k]
        found[k, first : first + len(yuan)] = yuan
    return found


def _by_stretch(payments: Payments, part: slice, stretches: Stretches) -> Floats:
    """The same of a few payments that are kept by cohort."""
    yuan = payments.yuan[part]
    found = np.zeros((len(yuan), stretches.count))
    sizes = np.array([len(amounts) for amounts in yuan])
    flat = np.concatenate((*yuan, [0.0]))
    begin = np.cumsum(sizes) - sizes
    edge = stretches.edges[None, :] - np.array(payments.firsts[part])[:, None]
    place = begin[:, None] + np.clip(edge, 0, sizes[:, None])
    some = place[:, 1:] > place[:, :-1]
    found[some] = np.add.reduceat(flat, np.append(place[:, :-1][some], len(flat) - 1))[:-1]
    if (place[:, -1] < begin + sizes).any():
        raise AssertionError("a cohort beyond the last tick")
    return found


def _of_young(young: YoungPaid, stretches: Stretches) -> tuple[Ints, Floats]:
    """(ticks, yuan by tick and stretch) of what young cohorts were paid."""
    if not young.rows:
        return np.zeros(0, dtype=np.int64), np.zeros((0, stretches.count))
    tick, first, part, v, g = (np.array(column) for column in zip(*young.rows, strict=True))
    at = np.clip(stretches.edges[None, :], first[:, None], tick[:, None]) - young.start
    base = np.append(0.0, np.cumsum(young.base))
    orders, recruits, k = young.sums
    upto = base[at] + v[:, None] * orders[at] - g[:, None] * recruits[at] - k[at]
    return tick, np.maximum(part[:, None] * np.diff(upto, axis=1), 0.0)


def _singles(
    paid: list[_Paid], which: Ints, number: Ints
) -> Callable[[int, int], Iterator[Single]]:
    """What single orders are paid by each draw: of ``paid[which]``, its draw ``number``."""
    kinds, numbers = which.tolist(), number.tolist()
    young: dict[int, tuple[YoungPaid, tuple[int, int, float, float, float]]] = {}
    for part in paid:
        if isinstance(part.engine, ScheduledReleaseEngine):
            young = {row[0]: (y, row) for y in part.engine.of_young for row in y.rows}

    def singles(r: int, fresh: int) -> Iterator[Single]:
        part, k = paid[kinds[r]], numbers[r]
        engine, event = part.engine, int(part.event[k])
        if event >= 0 and event in engine.payments.single:
            first, orders, each = engine.payments.single[event]
            skip = max(fresh - first, 0)
            if skip < orders.shape[1]:
                leave = engine.payments.leave[event]
                yield first + skip, orders[:, skip:], each[:, skip:], leave
        if isinstance(engine, ScheduledReleaseEngine):
            got = young.get(int(part.tick[k]))
            if got is not None:
                y, (t, first, share, v, g) = got
                first = max(first, fresh)
                if first < t:
                    at = slice(first - y.start, t - y.start)
                    brought = v - g * y.recruits[at] - y.k[at]
                    each = np.maximum(share * (engine.rate[:, :1] + brought), 0.0)
                    yield first, engine.line.counts[:, first:t], each, False

    return singles


def _departed(
    paid: list[_Paid], which: Ints, number: Ints, share: list[float]
) -> tuple[Ints, Ints, Floats, Floats] | None:
    """Who leaves with each draw, for :func:`departures`; None if orders are paid several times."""
    queue = all(
        isinstance(one.engine, RefundQueueEngine) and (one.step == 2 or not len(one.tick))
        for one in paid
    )
    cells = 0
    for one in paid:
        if isinstance(one.engine, ScheduledReleaseEngine) and any(
            young.rows for young in one.engine.of_young
        ):
            return None
        singles = one.engine.payments.single.values()
        # Of a queue two rows are who was paid in full and who in part, of a release packages.
        if not queue and any(len(each) > 1 for _, _, each in singles):
            return None
        cells += sum(each.shape[1] for _, _, each in singles)
    if not queue and cells > one.engine.line.ticks:
        return None
    found = []
    for r, (k, n) in enumerate(zip(which.tolist(), number.tolist(), strict=True)):
        if k >= 0:
            single = paid[k].engine.payments.single.get(int(paid[k].event[n]))
            if single is not None:
                found.append((r, single))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0), np.zeros(0)
    sizes = np.array([single[1].size for _, single in found])
    rows = np.repeat([r for r, _ in found], sizes)
    cohorts = np.concatenate(
        [np.tile(np.arange(single[1].shape[1]), len(single[1])) + single[0] for _, single in found]
    )
    if not queue and len(np.unique(cohorts)) < len(cohorts):
        return None
    orders = np.concatenate([single[1].ravel() for _, single in found])
    each = np.concatenate([single[2].ravel() for _, single in found]) * np.array(share)[rows]
    return rows, cohorts, orders, each


def _account(
    result: Ran, draws: _Draws, paid: list[_Paid], closing: Floats, *, own: bool
) -> Account:
    """The pool's part of its promise's payments."""
    return _of_part(
        result, draws, paid, closing, [1.0 - p.by_platform for p in paid], None, own=own
    )


def _platform(result: Ran, paid: list[_Paid], stretches: Stretches, *, own: bool) -> Account:
    """The platform's account: who fed it, what it paid of the promises, and to others.

    A points shop pays on the spot out of what was just paid in it (a scheme in which it would pay
    more is refused): only what it leaves comes into the account.
    """
    ticks = result.ticks
    buyers, outside, elsewhere = np.zeros((3, ticks))
    for flow in result.ledger.flows:
        if flow.target == "platform":
            side = buyers if flow.source == "buyers" else outside
            side += flow.amount
        if flow.source == "platform" and flow.reason == POINTS_SHOP:
            buyers -= flow.amount
        elif flow.source == "platform" and flow.target != "buyers":
            elsewhere += flow.amount
    draws = _Draws(stretches, buyers=np.maximum(buyers, 0.0), outside=outside)
    balance = np.zeros(ticks) if result.account is None else result.account.balance
    parts = [p.by_platform for p in paid]
    account = _of_part(result, draws, paid, balance, parts, elsewhere, own=own)
    # Capital and the price of territories.
    account.opening = float(outside[0])
    return account


def _of_part(
    result: Ran,
    draws: _Draws,
    paid: list[_Paid],
    closing: Floats,
    parts: list[Floats],
    elsewhere: Floats | None,
    *,
    own: bool,
) -> Account:
    """An account that bears the parts ``parts`` of some payments and ``elsewhere``, per tick."""
    stretches = draws.stretches
    ticks, steps, which, number, gross = [], [], [], [], []
    for k, (one, part) in enumerate(zip(paid, parts, strict=True)):
        some = np.flatnonzero((part > 0.0) & (one.yuan.sum(axis=1) > 0.0))
        ticks.append(one.tick[some])
        steps.append(np.full(len(some), one.step))
        which.append(np.full(len(some), k))
        number.append(some)
        yuan = np.zeros((len(some), stretches.count + 1))
        yuan[:, :-1] = one.yuan[some] * part[some, None]
        gross.append(yuan)
    if elsewhere is not None:
        some = np.flatnonzero(elsewhere > 0.0)
        ticks.append(some)
        steps.append(np.full(len(some), 9))
        which.append(np.full(len(some), -1))
        number.append(some)
        yuan = np.zeros((len(some), stretches.count + 1))
        yuan[:, -1] = elsewhere[some]
        gross.append(yuan)
    # A draw of nothing where outside money comes in, so that it is in line behind who had come.
    bare = np.setdiff1d(np.flatnonzero(draws.outside > 0.0), np.concatenate(ticks))
    ticks.append(bare)
    steps.append(np.full(len(bare), -1))
    which.append(np.full(len(bare), -1))
    number.append(bare)
    gross.append(np.zeros((len(bare), stretches.count + 1)))
    tick, step = np.concatenate(ticks), np.concatenate(steps)
    order = np.lexsort((step, tick))
    tick, rows = tick[order], np.concatenate(gross)[order]
    kind, place = np.concatenate(which)[order], np.concatenate(number)[order]
    account = draws.account(tick, rows, closing, later=False, own=None)
    account.others = elsewhere is not None
    if own and len(tick):
        line = result.line
        per_order = _per_order(draws.buyers, line.sales, line.prices)
        whole = _singles(paid, kind, place)
        share = [1.0 if k < 0 else float(parts[k][n]) for k, n in zip(kind, place, strict=True)]

        def singles(r: int, fresh: int) -> Iterator[Single]:
            if kind[r] >= 0:
                for first, orders, each, leave in whole(r, fresh):
                    yield first, orders, each if share[r] == 1.0 else share[r] * each, leave

        drawn = rows.sum(axis=1)
        newest = np.array(
            [paid[k].newest[n] if k >= 0 else -1 for k, n in zip(kind, place, strict=True)]
        )
        who = _departed(paid, kind, place, share)
        if who is not None:
            mine = departures(tick, drawn, account.there, who, per_order[0], stretches, newest)
        else:
            both = len({type(one.engine) for one in paid}) > 1
            people = np.maximum(line.orders, 1.0) if both else None
            mine = instalments(
                tick, drawn, account.there, singles, per_order, stretches, newest, people
            )
        account.own = account.own_net = np.minimum(mine, rows[:, :-1])
    return account
