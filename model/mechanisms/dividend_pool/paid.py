"""What a dividend pool paid to whom, and what became of every cohort, once the run is over."""

from __future__ import annotations

from math import inf

import numpy as np

from model.arrays import Bools, Floats, Ints
from model.mechanisms.dividend_pool.afterwards import DividendRun


class PaidDividends:
    """What a dividend pool paid each cohort of each group; shape (groups, ticks) if not said.

    From cohort ``first`` to the tick, an order had ``each`` and what its recruits' units brought
    (:meth:`by_recruits`), and ``alive`` x its weight of them were there. What does not fit in is
    beside them, of ``single`` cohorts, as arrays of the ticks, cohorts, groups, orders and yuan
    each; orders are negative where they are to be taken off again.
    """

    def __init__(self, engine: DividendRun) -> None:
        sums, groups = engine.sums, engine.groups
        ticks = engine.line.ticks
        self.rows = sorted({group.package.row for group in groups})
        self.package = np.array([self.rows.index(g.package.row) for g in groups], dtype=np.int64)
        self.numbers = np.array([group.package.number for group in groups], dtype=np.int64)
        dividends = np.diff(sums.clock, prepend=0.0)
        pots = np.diff(sums.ranks, axis=0)
        units = np.array([group.package.units for group in groups])
        part = np.array([group.part for group in groups])
        self.each = units[:, None] * dividends + pots[:, [group.rank for group in groups]].T
        self.kin, self.dividends = engine.kin, dividends
        if engine.kin is not None:
            # E of each tick alone.
            self.brought = np.diff(sums.brought, axis=0, prepend=0.0)
        self.alive = part[:, None] * sums.survivors
        self.first = np.zeros((len(groups), ticks), dtype=np.int64)
        found = []
        for k in range(len(groups)):
            self.first[k], single = self._of_group(engine, k)
            found.append(single)
        self.single = tuple(np.concatenate(column) for column in zip(*found, strict=True))

    def by_recruits(self, package: int, tick: Ints, cohort: Ints) -> Floats:
        """Yuan that one order of ``package`` had on a tick by the units of its recruits."""
        found = np.zeros(np.broadcast(tick, cohort).shape)
        if self.kin is not None:
            found += self.kin.const[package][cohort] * self.dividends[tick]
            gain, span = self.kin.gain[package][cohort], self.kin.of[cohort]
            found += (gain * self.brought[tick, span]).sum(axis=-1)
        return found

    def shapes(self, package: int) -> list[tuple[Floats, Floats]]:
        """The same as products of a number of the cohort and one of the tick, each (ticks,)."""
        if self.kin is None:
            return []
        found = [(self.kin.const[package], self.dividends)]
        for span, generation in np.ndindex(self.brought.shape[1:]):
            gain = np.where(self.kin.of == span, self.kin.gain[package][:, generation], 0.0)
            found.append((gain, self.brought[:, span, generation]))
        return found

    def _of_group(
        self, engine: DividendRun, k: int
    ) -> tuple[Ints, tuple[Ints, Ints, Ints, Floats, Floats]]:
        """The first cohort of a group that is paid like the later ones; who is paid otherwise."""
        group, sums = engine.groups[k], engine.sums
        weights, ticks = sums.weights[group.package.row], engine.line.ticks
        closed, out = engine.closing(k)
        before, out = np.append(0, closed[:-1]), np.append(0.0, out[:-1])
        paid_off = engine.paid_off(k)
        cohort = np.flatnonzero(paid_off < ticks)
        tick = paid_off[cohort]
        first = before.copy()
        np.maximum.at(first, tick, cohort + 1)
        left = group.package.quota - engine.had(k, cohort, tick - 1)
        orders = weights[cohort] - np.where(cohort == before[tick], out[tick], 0.0)
        some = np.flatnonzero((out > 0.0) & (first == before) & (first < np.arange(1, ticks + 1)))
        if len(some):
            front = first[some]
            each = self.each[k, some] + self.by_recruits(group.package.number, some, front)
            tick, cohort = np.concatenate((tick, some)), np.concatenate((cohort, front))
            orders, left = np.concatenate((orders, -out[some])), np.concatenate((left, each))
        return first, (tick, cohort, np.full(len(tick), k), self.alive[k, tick] * orders, left)


def _between(amounts: Floats, start: Ints, end: Ints) -> Floats:
    """Sums of ``amounts`` from ``start`` to before ``end``, from the side with more digits."""
    to = np.append(0.0, np.cumsum(amounts))
    rest = np.append(np.cumsum(amounts[::-1])[::-1], 0.0)
    found: Floats = np.where(to[end] <= rest[start], to[end] - to[start], rest[start] - rest[end])
    return found


class GroupFate:
    """What became of each cohort of one group; shape (ticks,)."""

    def __init__(self, engine: DividendRun, k: int) -> None:
        self._engine, self._k, self._group = engine, k, engine.groups[k]
        group, sums = self._group, engine.sums
        ticks, survivors, gone = engine.line.ticks, sums.survivors, engine.gone
        self._cohort = cohort = np.arange(ticks)
        self.orders = group.part * sums.orders[group.package.row]
        self._done = done = engine.paid_off(k)
        is_done = done < ticks
        all_stay = engine.survivors == 1.0 and not engine.wiped
        last = np.minimum(np.minimum(done, gone), ticks - 1)
        before = np.where(is_done, done - 1, last)
        each = engine.had(k, cohort, before)
        quota = group.package.quota
        limited = quota < inf
        rest = np.where(is_done, quota - each, 0.0) if limited else np.zeros(ticks)
        # Of each order, the part that was still there on its last tick.
        still = np.ones(ticks) if all_stay else survivors[np.minimum(done, ticks - 1)] / survivors
        cash = each + rest if all_stay else self._cash(before) + rest * still
        self.received = self.orders * cash
        waits = ~is_done & (gone >= ticks)
        self.held = np.where(waits, self.orders * (sums.after[-1] / survivors), 0.0)
        final = engine.had(k, cohort, np.full(ticks, ticks - 1))
        self.held_value = self.held * np.maximum(quota - final, 0.0) if limited else np.zeros(ticks)
        self.departed = np.where(is_done, self.orders * still, 0.0)
        self.exits = np.bincount(done, weights=self.departed, minlength=ticks + 1)[:ticks]
        self.exit_tick = np.where((self.orders > 0) & is_done, done + 1, 0)
        self.even = self._even(last, all_stay=all_stay)
        self.promised = engine.promised_to(k, quota)

    def _cash(self, last: Ints) -> Floats:
        """Yuan an order was paid up to its tick ``last`` when some give up on every tick."""
        group, sums, cohort = self._group, self._engine.sums, self._cohort
        package = group.package
        ranks = sums.ranks[1:, group.rank]
        end = last + 1

        def each(clock: Floats) -> Floats:
            """The sum of what was paid on each tick, to the part that was there."""
            paid, found = np.diff(clock, prepend=0.0) * sums.survivors, np.zeros(len(clock))
            for part in self._engine.stretches:
                start = part.start
                found[part] = _between(paid[part], cohort[part] - start, end[part] - start)
            return found

        since, kin = each(sums.clock), self._engine.kin
        cash = package.units * since + each(ranks)
        if kin is not None:
            cash += kin.const[package.number] * since
            for span, generation in np.ndindex(sums.brought.shape[1:]):
                gain = np.where(kin.of == span, package.gain[:, generation], 0.0)
                cash += gain * each(sums.brought[:, span, generation])
        found: Floats = cash / sums.survivors
        return found

    def _even(self, last: Ints, *, all_stay: bool) -> Floats:
        """Orders that were paid at least their price: the first tick on which they had it."""
        package, engine = self._group.package, self._engine
        price = float(engine.line.prices[package.number]) * (1 - 1e-9)
        if package.quota < price:
            return np.zeros(len(last))

        def met(tick: Ints) -> Bools:
            # Where the quota was reached on that tick, so was the price.
            return (engine.had(self._k, self._cohort, tick) >= price) | (tick >= self._done)

        if all_stay:
            return np.where(met(last), self.orders, 0.0)
        low, high = self._cohort - 1, last + 1  # not yet at low, at high or never
        while np.any(high - low > 1):
            middle = (low + high) // 2
            enough, open_ = met(middle), high - low > 1
            high = np.where(open_ & enough, middle, high)
            low = np.where(open_ & ~enough, middle, low)
        survivors = engine.sums.survivors
        at = np.minimum(high, len(last) - 1)
        return np.where(high <= last, self.orders * survivors[at] / survivors, 0.0)
