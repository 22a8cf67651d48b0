"""What the sums of a dividend pool say once the run is over."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from math import inf

import numpy as np

from model.arrays import Floats, Ints
from model.mechanisms.dividend_pool.packages import Sums, table
from model.mechanisms.dividend_pool.steps import DividendSteps


class DividendRun(DividendSteps):
    """The same, for whoever asks afterwards."""

    @cached_property
    def sums(self) -> Sums:
        """The running sums, once the run is over."""
        log, orders = self.log, np.array(self.orders)
        survivors = log["survivors"]
        return Sums(
            clock=log["clock"],
            brought=np.array(self._brought) if self.has_referral else np.zeros((0, 0, 0)),
            ranks=table(self._ranks, len(self.earned)),
            survivors=survivors,
            after=log["after"],
            entry_clock=np.array(self.entry_clock),
            entry_brought=np.array(self.entry_brought),
            orders=orders,
            weights=orders / survivors,
        )

    def had(self, k: int, entry: Ints, tick: Ints) -> Floats:
        """Yuan of dividends that orders of group ``k`` and cohort ``entry`` have by ``tick``.

        Both from 0; the quota is not looked at. Nought by the tick before the entry.
        """
        group, sums = self.groups[k], self.sums
        package, ranks = group.package, sums.ranks[:, group.rank]
        since = np.where(tick < 0, 0.0, sums.clock[tick]) - sums.entry_clock[entry]
        had: Floats = package.units * since + (ranks[tick + 1] - ranks[entry])
        if self.kin is not None:
            brought = sums.brought[tick, self.kin.of[entry]]
            brought[tick < 0] = 0.0
            brought -= sums.entry_brought[entry]
            had += self.kin.const[package.number][entry] * since
            had += (package.gain[entry] * brought).sum(axis=1)
        return had

    def paid_off(self, k: int) -> Ints:
        """The tick on which dividends used up the quota of each cohort of group ``k``, from 0.

        The number of ticks for those who still wait or gave up before.
        """
        ticks = self.line.ticks
        path = np.frombuffer(self.groups[k].path, dtype=np.int64).reshape(-1, 2)
        at = np.searchsorted(path[:, 1], np.arange(ticks), side="right")
        tick: Ints = np.append(path[:, 0], ticks)[at]
        return np.where(tick <= self.gone, tick, ticks)

    @cached_property
    def gone(self) -> Ints:
        """The tick on which what was left of each cohort counts as gone; else the last and one."""
        wiped = np.array([*self.wiped, self.line.ticks])
        gone: Ints = wiped[np.searchsorted(wiped[:-1], np.arange(self.line.ticks))]
        return gone

    @property
    def stretches(self) -> list[slice]:
        """The ticks between those on which everybody counts as gone."""
        edges = [0, *(tick + 1 for tick in self.wiped), self.line.ticks]
        return [slice(start, end) for start, end in pairwise(edges)]

    def closing(self, k: int) -> tuple[Ints, Floats]:
        """The first live cohort of group ``k`` after each tick, and orders of it that are out.

        Those are over the survivors when they joined, and of all ranks.
        """
        ticks = self.line.ticks
        path = np.frombuffer(self.groups[k].path, dtype=np.int64).reshape(-1, 2)
        first: Ints = path[np.searchsorted(path[:, 0], np.arange(ticks), side="right") - 1, 1]
        for wiped in self.wiped:
            first[wiped:] = np.maximum(first[wiped:], wiped + 1)
        return first, np.zeros(ticks)

    def promised_to(self, k: int, quota: float) -> Floats:
        """Yuan that the live orders of group ``k`` have left of ``quota`` at the end of each tick.

        The price if it has no end. Sums over the live cohorts from running sums over entry ticks.
        """
        group, sums = self.groups[k], self.sums
        package = group.package
        first, out = self.closing(k)
        waiting = first <= np.arange(self.line.ticks)  # whether anybody is, by then
        out = np.where(waiting, out, 0.0)
        weights = sums.weights[package.row]

        def live(values: Floats) -> Floats:
            """Sum over the live orders of a value that each cohort has."""
            found: Floats = -out * np.append(values, 0.0)[first]
            for part in self.stretches:
                upto = np.append(0.0, np.cumsum(weights[part] * values[part]))
                found[part] += upto[1:] - upto[np.minimum(first[part] - part.start, len(upto) - 1)]
            return found

        orders = live(np.ones(len(weights)))
        if quota == inf:
            price = float(self.line.prices[package.number])
            return group.part * price * sums.after * np.maximum(orders, 0.0)
        clock, ranks = sums.entry_clock, sums.ranks[:, group.rank]
        had = package.units * (sums.clock * orders - live(clock))
        had += ranks[1:] * orders - live(ranks[:-1])
        if self.kin is not None:
            const = self.kin.const[package.number]
            had += sums.clock * live(const) - live(const * clock)
            had -= live((package.gain * sums.entry_brought).sum(axis=1))
            for span, generation in np.ndindex(sums.brought.shape[1:]):
                gain = np.where(self.kin.of == span, package.gain[:, generation], 0.0)
                had += sums.brought[:, span, generation] * live(gain)
        left = group.part * sums.after * np.maximum(quota * orders - had, 0.0)
        return np.where(waiting, left, 0.0)
