"""Draws on an account and whose own contributions are in them: what all mechanisms have in common.

"Own" is per order: what one order of a cohort, package and rank is paid comes first out of what is
left of its own contribution. A draw in proportion shrinks what is left of everybody's alike, so it
is kept over one running factor; once the account has been emptied nobody has anything left in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model.arrays import Floats, Ints
from model.mechanisms.base import Payments
from model.mixing import EMPTY, Account, scatter

#: The column of an account's money that came from outside: the last.
OUTSIDE = -1
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


def per_order(buyers: Floats, sales: Floats, prices: Floats) -> Floats:
    """What one order of each package and tick paid in, if all pay the same part of their price."""
    part = np.divide(buyers, sales, out=np.zeros(len(sales)), where=sales > 0)
    found: Floats = prices[:, None] * part
    return found


class Drawing:
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


def by_stretch(payments: Payments, stretches: Stretches) -> Floats:
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
