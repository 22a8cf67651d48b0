"""One quota for points and dividends: what dividends have paid is taken off the forced exit.

An order is in one of several ranks, which are paid differently and so leave at different times:
the points pool's line of orders is followed once for each rank, all in the same pool at one price.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import cached_property
from math import inf

import numpy as np

from model.behaviour import Behaviour
from model.mechanisms.base import ALL_GONE, NOTHING, Floats, Ints, Line
from model.mechanisms.dividend_pool import RANKS, DividendPool, DividendPoolEngine, Group
from model.mechanisms.points_pool import REACHED, Era, Pointer, PointsPool, PointsPoolEngine


class SharedDividendEngine(DividendPoolEngine):
    """A dividend pool whose live orders are those that still hold points."""

    def __init__(
        self,
        settings: DividendPool,
        *,
        line: Line,
        units: tuple[float, ...],
        quota: float | None,
        points: SharedPointsEngine,
    ) -> None:
        super().__init__(
            settings,
            line=line,
            units=units,
            quotas=None if quota is None else (quota,),
            give_up=0.0,
        )
        self.points = points
        #: By group, of the oldest live cohort: orders whose points were sold by force.
        self._sold = [0.0] * len(self.groups)
        #: By group, cohort -> the tick (from 1) on which dividends alone used up what was left.
        self.used_up: list[dict[int, int]] = [{} for _ in self.groups]
        self.fronts: list[list[int]] = []  # after each tick
        self.sold_of_front: list[list[float]] = []
        self._moved = False
        self._index = {id(group): k for k, group in enumerate(self.groups)}
        points.share_with(self)

    def left(self, k: int, cohort: int) -> float:
        """Yuan that one order of a cohort (from 0) and group has left of the quota."""
        return self._left(self.groups[k], cohort)

    def at_least(self, k: int) -> float:
        """Yuan that every order of a group has left of the quota for certain; quickly said."""
        return self._slack[self.groups[k].rank]

    def note_left(self, k: int, left: float) -> None:
        """The oldest of a group has so much left, and nobody has less."""
        self._slack[self.groups[k].rank] = left

    def _live_orders(self, group: Group, t: int) -> float:
        weight_to = self._weight_to[0]
        sold = self._sold[self._index[id(group)]]
        return group.part * max(weight_to[t + 1] - weight_to[group.at] - sold, 0.0)

    def _live_upline_of(self, group: Group, t: int) -> float:
        upline = super()._live_upline_of(group, t)
        if group.at <= t:
            sold = self._sold[self._index[id(group)]]
            upline -= group.part * sold * self.entry_upline[group.at]
        return upline

    def _lose(self, group: Group, *, first: int, before: float, t: int) -> None:  # noqa: ARG002
        # Sums anew: of the cohort in front, part may have sold.
        self._count(t)

    def _drop(self, group: Group, left: float) -> float:
        k = self._index[id(group)]
        weight_to = self._weight_to[0]
        weight = weight_to[group.at + 1] - weight_to[group.at] - self._sold[k]
        self._sold[k] = 0.0
        self.points.take_back(k, group.at)
        self.used_up[k][group.at] = self.points.tick
        group.at += 1
        return self.survivors * group.part * max(weight, 0.0) * max(left, 0.0)

    def sold(self, k: int, *, cohort: int, inside: float, t: int) -> None:
        """All orders of a group before ``cohort``, and ``inside`` of its own, have sold."""
        group = self.groups[k]
        weight_to, start = self._weight_to[0], group.at
        group.at = cohort
        orders = self.orders[0][cohort] if cohort < len(self.orders[0]) else 0.0
        weight = weight_to[cohort + 1] - weight_to[cohort] if cohort <= t else 0.0
        self._sold[k] = weight * inside / orders if orders > 0 else 0.0
        self._moved = True
        if cohort > start:
            group.path.append((t, cohort))

    def after_sales(self, t: int) -> None:
        """Those who sold of their own accord are out of both."""
        if len(self.points.keep) > t:
            self.survivors *= self.points.keep[t]
            if self.survivors < ALL_GONE:
                self._wipe(t)
        if self._moved:
            self._count(t)
            self._moved = False
        self.log["holders"][t] = self.survivors * self._live_rank[0]
        self.fronts.append([group.at for group in self.groups])
        self.sold_of_front.append(list(self._sold))

    # -- afterwards --------------------------------------------------------------------------

    @cached_property
    def _done(self) -> dict[str, Floats]:
        """The running sums as arrays, once the run is over; those at entry, by cohort."""
        return {
            "clock": np.array(self.log["clock"]),
            "clock_upline": np.array(self.log["clock_upline"]),
            "survivors": np.array(self.log["survivors"]),
            "ranks": np.array([(0.0,) * (RANKS + 1), *self._ranks]),
            "entry_clock": np.array(self.entry_clock),
            "entry_clock_upline": np.array(self.entry_clock_upline),
            "entry_upline": np.array(self.entry_upline),
            "weight": np.array(self.orders[0]) / np.array(self.log["survivors"]),
        }

    def had(self, k: int, entry: Ints, tick: Ints) -> Floats:
        """Yuan of dividends that orders of group ``k`` and cohort ``entry`` have by ``tick``.

        Both from 0; the quota is not looked at. Nought by the tick before the entry.
        """
        group, done = self.groups[k], self._done
        clock = np.append(0.0, done["clock"])
        ranks = done["ranks"][:, group.rank]
        since = clock[tick + 1] - done["entry_clock"][entry]
        had: Floats = group.units * since + ranks[tick + 1] - ranks[entry]
        if group.referral:
            had = had + group.referral * (
                np.append(0.0, done["clock_upline"])[tick + 1]
                - done["entry_clock_upline"][entry]
                - done["entry_upline"][entry] * since
            )
        return had

    def weights(self, k: int, t: int, fronts: list[int], sold: list[float]) -> tuple[int, Floats]:
        """(first cohort, live orders over their survivors) of a group, from its front to ``t``."""
        at = min(fronts[k], t + 1)
        weights = self.groups[k].part * self._done["weight"][at : t + 1]
        if len(weights):
            weights[0] -= self.groups[k].part * sold[k]
        return at, weights

    def promised(self, quota: float) -> Floats:
        """Yuan of the quota that live orders have left at the end of each tick, shape (ticks,)."""
        done, ticks = self._done, self.line.ticks
        total = np.zeros(ticks)
        tick = np.arange(ticks)
        fronts = np.minimum(np.array(self.fronts), tick[:, None] + 1)
        sold = np.array(self.sold_of_front)
        clock, upline = done["clock"], done["clock_upline"]
        for k, group in enumerate(self.groups):
            front = fronts[:, k]
            gone = np.where(front <= tick, sold[:, k], 0.0)
            ranks = done["ranks"][:, group.rank]

            def live(values: Floats, front: Ints = front, gone: Floats = gone) -> Floats:
                """Sum over the live orders of a value that each cohort has."""
                sums = np.append(0.0, np.cumsum(done["weight"] * values))
                at_front = np.append(values, 0.0)[np.minimum(front, ticks)]
                found: Floats = sums[1:] - sums[front] - gone * at_front
                return found

            orders = live(np.ones(ticks))
            had = group.units * (clock * orders - live(done["entry_clock"]))
            had = had + ranks[1:] * orders - live(ranks[:-1])
            if group.referral:
                entry = done["entry_upline"]
                had = had + group.referral * (
                    upline * orders
                    - live(done["entry_clock_upline"])
                    - clock * live(entry)
                    + live(entry * done["entry_clock"])
                )
            total += group.part * np.maximum(quota * orders - had, 0.0)
        after: Floats = np.append(done["survivors"][1:], self.survivors)
        return after * total

    def payments(self) -> Iterator[tuple[int, int, Floats]]:
        """See :meth:`DividendPoolEngine.payments`."""
        done = self._done
        fronts, sold = [0] * len(self.groups), [0.0] * len(self.groups)
        paid_off: dict[int, list[tuple[int, int]]] = {}
        for k, cohorts in enumerate(self.used_up):
            for cohort, tick in cohorts.items():
                paid_off.setdefault(tick - 1, []).append((k, cohort))
        dividends = np.diff(done["clock"], prepend=0.0)
        upline = np.diff(done["clock_upline"], prepend=0.0)
        pots = np.diff(done["ranks"], axis=0)
        for t in range(self.line.ticks):
            if self.log["paid"][t] > 0.0:
                start = min(fronts)
                amounts = np.zeros(max(t + 1 - start, 0))
                ready = paid_off.get(t, ())
                for k, group in enumerate(self.groups):
                    at, weights = self.weights(k, t, fronts, sold)
                    each: Floats | float = group.units * dividends[t] + pots[t, group.rank]
                    if group.referral:
                        each = each + group.referral * (
                            upline[t] - done["entry_upline"][at : t + 1] * dividends[t]
                        )
                    paid = weights * each
                    for other, cohort in ready:
                        if other == k:
                            before = self.had(k, np.array([cohort]), np.array([t - 1]))
                            left = group.quota - (float(before[0]) if cohort < t else 0.0)
                            paid[cohort - at] = weights[cohort - at] * left
                    amounts[at - start :] += paid
                yield t, start, amounts * done["survivors"][t]
            fronts, sold = self.fronts[t], self.sold_of_front[t]


class SharedPointsEngine(PointsPoolEngine):
    """A points pool in which every rank of orders leaves at a time of its own."""

    def __init__(self, settings: PointsPool, *, spend: float, behaviour: Behaviour) -> None:
        self.parts: list[float] = [1.0]
        super().__init__(settings, spend=spend, behaviour=behaviour)
        #: Yuan that points bought at a price of 1 are worth when the price is 1.
        self._worth = settings.share * settings.gift * spend
        self.quota = (settings.exit_multiple or 0.0) * spend
        self.forced_gross = array("d")
        self._gross = 0.0
        self._voided = 0.0  # orders whose points were taken back on this tick

    @property
    def tick(self) -> int:
        """The tick that is being played, from 1."""
        return self._tick

    def share_with(self, dividends: SharedDividendEngine) -> None:
        """Follow one line for each of the dividend pool's ranks."""
        self.dividends = dividends
        self.parts = [group.part for group in dividends.groups]
        for era in self.eras:
            era.marks = [Pointer() for _ in self.parts]

    def _new_era(self) -> None:
        before = self.eras[-1]
        super()._new_era()
        era = self.eras[-1]
        if era is not before:
            era.marks = [Pointer() for _ in self.parts]
            for mark in era.marks:
                self._place(mark, era, era.start, 0)

    def _restart(self) -> None:
        super()._restart()
        era = self.eras[-1]
        if era.start < len(self.block_n):
            for mark in era.marks:
                self._place(mark, era, len(self.block_n), 0)

    def _append(
        self, n: int, first: float, last: float, points: float, a: float, supply: float
    ) -> None:
        index = len(self.block_n)
        super()._append(n, first, last, points, a, supply)
        for mark in self.eras[-1].marks:
            if mark.block == index:
                mark.entry = first

    # -- leaving -----------------------------------------------------------------------------

    def settle(self) -> None:
        """See :meth:`PointsPoolEngine.settle`."""
        self._gross = 0.0
        super().settle()
        self.forced_gross.append(self._gross)
        self._voided = 0.0

    def _force_out(self) -> float:
        """Pay everybody whose points are worth what is left of the quota, oldest first."""
        total, moved = self._voided, True
        paid = False
        while moved:
            moved = False
            for era in self._live:
                end = self._end(era)
                for k, mark in enumerate(era.marks):
                    while mark.block < end and self.supply > 0.0 and self._is_due(k, mark):
                        total += self._pay_block(k, era, mark)
                        moved = paid = True
        if paid:
            self._behind()
        return total

    def _end(self, era: Era) -> int:
        return era.end if era.end >= 0 else len(self.block_n)

    def _limit(self, left: float) -> float:
        """The highest entry price at which orders with so much left of the quota are due."""
        if left <= NOTHING * self.quota:
            return inf
        return self.price * self._worth / (left * REACHED)

    def _is_due(self, k: int, mark: Pointer) -> bool:
        entry, bound = mark.entry, self.price * self._worth / REACHED
        if entry * self.dividends.at_least(k) > bound:
            return False
        left = max(self.dividends.left(k, self.block_tick[mark.block] - 1), 0.0)
        if entry * left <= bound:
            return True
        if len(self._live) == 1:
            self.dividends.note_left(k, left)
        return left <= NOTHING * self.quota

    def _pay_block(self, k: int, era: Era, mark: Pointer) -> float:
        """Pay those of one block who are due at today's price; returns their number."""
        block, before_orders, before_points = mark.block, mark.weighted_orders, mark.weighted_points
        left = max(self.dividends.left(k, self.block_tick[block] - 1), 0.0)
        limit = self._limit(left)
        if self.block_last[block] <= limit or mark.inside >= self.block_n[block] - 1:
            self._place(mark, era, block + 1, 0)
        else:
            self._place(mark, era, block, self._first_above(block, mark.inside, limit))
        mark.stop(self._tick)
        part = self.parts[k] * era.survivors
        orders = part * (mark.weighted_orders - before_orders)
        points = part * (mark.weighted_points - before_points)
        gross = orders * left
        self._gross += gross
        self.pool = max(self.pool - gross * (1.0 - self.settings.fee), 0.0)
        self._shrink(points)
        if self.supply <= 0.0:
            self._last_quote(k, era, block, paid=left * (1.0 - self.settings.fee))
        cohort, inside = self._where(era, mark)
        self.dividends.sold(k, cohort=cohort, inside=inside, t=self._tick - 1)
        return orders

    def _last_quote(self, k: int, era: Era, block: int, *, paid: float = 0.0) -> None:
        """Nobody is left: the price at which the last of all holders was there."""
        weight = self.parts[k] * era.survivors / self.block_survivors[block]
        points = weight * self._credit / self.block_last[block]
        if points > 0.0:
            self.price = (self.pool + weight * paid) / points

    def _where(self, era: Era, mark: Pointer) -> tuple[int, float]:
        """The cohort (from 0) a mark points at, and how many of its orders are before it."""
        block = mark.block
        if block >= self._end(era):
            if era is not self.eras[-1]:
                return self.block_tick[block] - 1 if block < len(self.block_n) else self._tick, 0.0
            return self._tick, 0.0
        tick, inside = self.block_tick[block], float(mark.inside)
        while block and self.block_tick[block - 1] == tick:
            block -= 1
            inside += self.block_n[block]
        return tick - 1, inside

    def take_back(self, k: int, cohort: int) -> None:
        """Dividends have used up the quota of a cohort: its points are destroyed unpaid."""
        for era in self._live:
            mark, end = era.marks[k], self._end(era)
            block = mark.block
            while block < end and self.block_tick[block] - 1 <= cohort:
                block += 1
            if block == mark.block:
                continue
            before_orders, before_points = mark.weighted_orders, mark.weighted_points
            self._place(mark, era, block, 0)
            mark.stop(self._tick)
            part = self.parts[k] * era.survivors
            self._voided += part * (mark.weighted_orders - before_orders)
            self._shrink(part * (mark.weighted_points - before_points))
            if self.supply <= 0.0:
                self._last_quote(k, era, block - 1)
        self._behind()

    def _behind(self) -> None:
        """The mark furthest back stands for the era where one is asked for."""
        for era in self._live:
            era.forced = min(era.marks, key=lambda mark: mark.order)

    def _holding(self) -> float:
        held = 0.0
        for era in self._live:
            whole = self._cum_weighted_points[-1] if era.end < 0 else era.end_weighted_points
            for part, mark in zip(self.parts, era.marks, strict=True):
                held += part * era.survivors * max(whole - mark.weighted_points, 0.0)
        return held

    def _live_orders(self) -> float:
        held = 0.0
        for era in self._live:
            whole = self._cum_weighted_orders[-1] if era.end < 0 else era.end_weighted_orders
            for part, mark in zip(self.parts, era.marks, strict=True):
                held += part * era.survivors * max(whole - mark.weighted_orders, 0.0)
        return held
