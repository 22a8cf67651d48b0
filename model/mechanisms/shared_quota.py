"""One quota for points and dividends: what dividends have paid is taken off the forced exit.

An order is in one of several ranks, which are paid differently and so leave at different times:
the points pool's line of orders is followed once for each rank, all in the same pool at one price.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np

from model.behaviour import Behaviour
from model.mechanisms.base import ALL_GONE, NOTHING, Floats, Ints, Line
from model.mechanisms.dividend_pool import DividendPool, DividendPoolEngine, Group
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
        self._index = {id(group): k for k, group in enumerate(self.groups)}
        points.share_with(self)

    def left(self, k: int, cohort: int) -> float:
        """Yuan that one order of a cohort (from 0) and group has left of the quota."""
        return self._left(self.groups[k], cohort)

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
        if cohort > start:
            group.path.append((t, cohort))

    def after_sales(self, t: int) -> None:
        """Those who sold of their own accord are out of both."""
        if len(self.points.keep) > t:
            self.survivors *= self.points.keep[t]
            if self.survivors < ALL_GONE:
                self._wipe(t)
        self._count(t)
        # Whoever is in front of a group now may have less left than those before.
        self._slack = [0.0] * len(self._slack)
        self.log["holders"][t] = self.survivors * self._live_rank[0]
        self.fronts.append([group.at for group in self.groups])
        self.sold_of_front.append(list(self._sold))

    # -- afterwards --------------------------------------------------------------------------

    def had(self, k: int, entry: Ints, tick: Ints) -> Floats:
        """Yuan of dividends that orders of group ``k`` and cohort ``entry`` have by ``tick``.

        Both from 0; the quota is not looked at.
        """
        group = self.groups[k]
        clock = np.array(self.log["clock"])
        ranks = np.append(0.0, np.array(self._ranks)[:, group.rank])
        start = np.array(self.entry_clock)[entry]
        since = clock[tick] - start
        had: Floats = group.units * since + ranks[tick + 1] - ranks[entry]
        if group.referral:
            upline = np.array(self.log["clock_upline"])
            had = had + group.referral * (
                upline[tick]
                - np.array(self.entry_clock_upline)[entry]
                - np.array(self.entry_upline)[entry] * since
            )
        return had

    def _weights(self, k: int, t: int, fronts: list[int], sold: list[float]) -> tuple[int, Floats]:
        """(first cohort, live orders over their survivors) of a group after a tick."""
        at = min(fronts[k], t + 1)
        weights = np.diff(self._weight_to[0][at : t + 2])
        if len(weights):
            weights[0] -= sold[k]
        return at, self.groups[k].part * weights

    def promised(self, quota: float) -> Floats:
        """Yuan of the quota that live orders have left at the end of each tick, shape (ticks,)."""
        ticks = self.line.ticks
        total = np.zeros(ticks)
        survivors = np.append(np.array(self.log["survivors"])[1:], self.survivors)
        for t in range(ticks):
            for k in range(len(self.groups)):
                at, weights = self._weights(k, t, self.fronts[t], self.sold_of_front[t])
                if len(weights):
                    cohort = np.arange(at, t + 1)
                    left = np.maximum(quota - self.had(k, cohort, np.full(len(cohort), t)), 0.0)
                    total[t] += survivors[t] * float(weights @ left)
        return total

    def payments(self) -> Iterator[tuple[int, int, Floats]]:
        """See :meth:`DividendPoolEngine.payments`."""
        survivors = self.log["survivors"]
        fronts, sold = [0] * len(self.groups), [0.0] * len(self.groups)
        for t in range(self.line.ticks):
            if self.log["paid"][t] > 0.0:
                start = min(fronts)
                amounts = np.zeros(max(t + 1 - start, 0))
                for k, group in enumerate(self.groups):
                    at, weights = self._weights(k, t, fronts, sold)
                    if not len(weights):
                        continue
                    cohort = np.arange(at, t + 1)
                    before = np.where(
                        cohort < t, self.had(k, cohort, np.full(len(cohort), max(t - 1, 0))), 0.0
                    )
                    each = self.had(k, cohort, np.full(len(cohort), t)) - before
                    each = np.clip(each, 0.0, np.maximum(group.quota - before, 0.0))
                    for done in (c for c in range(at, t + 1) if self.used_up[k].get(c) == t + 1):
                        each[done - at] = group.quota - before[done - at]
                    amounts[at - start :] += weights * each
                yield t, start, amounts * survivors[t]
            fronts, sold = self.fronts[t], self.sold_of_front[t]


class SharedPointsEngine(PointsPoolEngine):
    """A points pool in which every rank of orders leaves at a time of its own."""

    def __init__(self, settings: PointsPool, *, spend: float, behaviour: Behaviour) -> None:
        self.parts: list[float] = [1.0]
        super().__init__(settings, spend=spend, behaviour=behaviour)
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
        while moved:
            moved = False
            for era in self._live:
                for k, mark in enumerate(era.marks):
                    before = mark.order
                    while self.supply > 0.0 and self._is_due(k, era, mark):
                        total += self._pay_block(k, era, mark)
                    moved = moved or mark.order > before
            if len(self._live) == 1 and len(self.parts) == 1:
                break
        self._behind()
        return total

    def _end(self, era: Era) -> int:
        return era.end if era.end >= 0 else len(self.block_n)

    def _limit(self, k: int, block: int) -> float:
        """The highest entry price at which orders of a block are due."""
        left = max(self.dividends.left(k, self.block_tick[block] - 1), 0.0)
        if left <= NOTHING * self.quota:
            return float("inf")
        reached = self.settings.share * self.settings.gift * self.spend / (left * REACHED)
        return self.price * reached

    def _is_due(self, k: int, era: Era, mark: Pointer) -> bool:
        return mark.block < self._end(era) and mark.entry <= self._limit(k, mark.block)

    def _pay_block(self, k: int, era: Era, mark: Pointer) -> float:
        """Pay those of one block who are due at today's price; returns their number."""
        block, before_orders, before_points = mark.block, mark.weighted_orders, mark.weighted_points
        left = max(self.dividends.left(k, self.block_tick[block] - 1), 0.0)
        limit = self._limit(k, block)
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
