"""One quota for points and dividends: what dividends have paid is taken off the forced exit.

An order is in one of several ranks, which are paid differently and so leave at different times:
the points pool's line of orders is followed once for each rank, all in the same pool at one price.
"""

from __future__ import annotations

from array import array
from functools import cached_property
from math import inf

import numpy as np

from model.behaviour import Behaviour
from model.mechanisms.base import ALL_GONE, NOTHING, Floats, Ints, Line
from model.mechanisms.dividend_pool import FATES, DividendPool, DividendPoolEngine, Group
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
        #: By group, cohort -> the tick (from 1) on which dividends alone used up what was left.
        self.used_up: list[dict[int, int]] = [{} for _ in self.groups]
        self.fronts: list[list[int]] = []  # after each tick
        self.sold_of_front: list[list[float]] = []
        self._moved = False
        points.share_with(self)

    def at_least(self) -> list[float]:
        """Yuan that every order has left of the quota for certain, by group; quickly said."""
        gain = self._gain
        return [group.left - gain[group.rank] for group in self.groups]

    def note_left(self, k: int, left: float) -> None:
        """The oldest order of a group has so much left."""
        group = self.groups[k]
        group.left = left - group.package.hair + self._gain[group.rank]

    def _take_out(self, group: Group, at: int, t: int) -> None:
        k = group.number
        self.used_up[k].update(dict.fromkeys(range(self._front[k], at), t + 1))
        self._move(k, at, 0.0, t)
        self._count_anew(t)
        self.points.take_back(k, at)

    def sold(self, k: int, *, cohort: int, inside: float, t: int) -> None:
        """All orders of a group before ``cohort``, and ``inside`` of its own, have sold."""
        package, out = self.packages[0], 0.0
        if self.wiped and cohort <= self.wiped[-1]:
            return  # they count as gone
        if inside and cohort <= t:
            orders, weight_to = package.orders[cohort], package.weight_to
            if orders > 0.0:
                out = (weight_to[cohort + 1] - weight_to[cohort]) * inside / orders
        self._move(k, cohort, out, t)
        self._moved = True

    def _move(self, k: int, cohort: int, out: float, t: int) -> None:
        """All orders of a group before ``cohort`` are out, and ``out`` of its own."""
        group, weight_to = self.groups[k], self.packages[0].weight_to
        if cohort > self._front[k]:
            group.path.extend((t, cohort))
        self._front[k], self._out[k] = cohort, out
        left = weight_to[t + 1] - weight_to[cohort] - out
        self._by_rank[group.rank] = group.part * left if left > 0.0 else 0.0

    def _count_anew(self, t: int) -> None:
        """All sums over the live orders, from those of each rank."""
        package = self.packages[0]
        if package.referral:
            self._count(t)
        else:
            self._live = package.units * sum(self._by_rank)

    def after_sales(self, t: int) -> None:
        """Those who sold of their own accord are out of both."""
        if len(self.points.keep) > t:
            self.survivors *= self.points.keep[t]
            if self.survivors < ALL_GONE:
                self._wipe(t)
        if self._moved:
            self._count_anew(t)
            self._moved = False
        self.after[t] = self.survivors
        self.holders[t] = self.survivors * sum(self._by_rank)
        self.fronts.append(self._front.copy())
        self.sold_of_front.append(self._out.copy())

    # -- afterwards --------------------------------------------------------------------------

    def paid_off(self, k: int) -> Ints:
        """See :meth:`DividendPoolEngine.paid_off`."""
        tick: Ints = np.full(self.line.ticks, self.line.ticks)
        cohorts = self.used_up[k]
        tick[list(cohorts)] = np.array(list(cohorts.values()), dtype=np.int64) - 1
        return tick

    @cached_property
    def _closing(self) -> tuple[Ints, Floats]:
        return np.array(self.fronts), np.array(self.sold_of_front)

    def closing(self, k: int) -> tuple[Ints, Floats]:
        """See :meth:`DividendPoolEngine.closing`."""
        fronts, sold = self._closing
        return fronts[:, k], sold[:, k]

    def weights(self, k: int, t: int, fronts: list[int], sold: list[float]) -> tuple[int, Floats]:
        """(first cohort, live orders over their survivors) of a group, from its front to ``t``."""
        at, part = min(fronts[k], t + 1), self.groups[k].part
        weights: Floats = part * self.sums.weights[0, at : t + 1]
        if len(weights):
            weights[0] -= part * sold[k]
        return at, weights

    def promised(self, quota: float) -> Floats:
        """Yuan of the quota that live orders have left at the end of each tick, shape (ticks,)."""
        groups = range(len(self.groups))
        return sum((self.promised_to(k, quota) for k in groups), np.zeros(self.line.ticks))

    def _fates(self) -> dict[str, Floats]:
        # Who leaves when, and with what, is up to the points pool: see SharedResult.
        return {name: np.zeros(self.line.ticks) for name in (*FATES, "exit_tick")}


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

    def share_with(self, dividends: SharedDividendEngine) -> None:
        """Follow one line for each of the dividend pool's ranks."""
        self.dividends = dividends
        self.parts = [group.part for group in dividends.groups]
        for era in self.eras:
            era.marks = [Pointer() for _ in self.parts]

    def _new_era(self) -> None:
        self._behind()
        before = self.eras[-1]
        super()._new_era()
        era = self.eras[-1]
        if era is not before:
            era.marks = [Pointer() for _ in self.parts]
            for mark in era.marks:
                self._place(mark, era, era.start, 0)

    def finish(self) -> None:
        """See :meth:`PointsPoolEngine.finish`."""
        self._behind()
        super().finish()

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
        dividends, ticks, worth = self.dividends, self.block_tick, self._worth / REACHED
        nothing, groups = NOTHING * self.quota, dividends.groups
        at_least = dividends.at_least()
        alone = len(self._live) == 1
        total, moved = self._voided, True
        while moved:
            moved = False
            for era in self._live:
                end = self._end(era)
                bound = self.price * worth
                for k, mark in enumerate(era.marks):
                    while mark.entry * at_least[k] <= bound and mark.block < end:
                        left = max(dividends.left(groups[k], ticks[mark.block] - 1), 0.0)
                        if left <= nothing:
                            limit = inf
                        elif mark.entry * left <= bound:
                            limit = bound / left
                        else:
                            if alone:
                                # In an older era, older ones may have less.
                                at_least[k] = left
                                dividends.note_left(k, left)
                            break
                        if self.supply <= 0.0:
                            return total
                        total += self._pay_block(k, era, mark, left, limit)
                        moved = True
                        bound = self.price * worth
        return total

    def _end(self, era: Era) -> int:
        return era.end if era.end >= 0 else len(self.block_n)

    def _pay_block(self, k: int, era: Era, mark: Pointer, left: float, limit: float) -> float:
        """Pay those of one block who joined at no more than ``limit``; returns their number.

        Each has ``left`` yuan left of the quota.
        """
        block, before_orders, before_points = mark.block, mark.weighted_orders, mark.weighted_points
        if self.block_last[block] <= limit or mark.inside >= self.block_n[block] - 1:
            self._place(mark, era, block + 1, 0)
        else:
            self._place(mark, era, block, self._first_above(block, mark.inside, limit))
        mark.stop(self._tick)
        part = self.parts[k] * era.survivors
        orders = part * (mark.weighted_orders - before_orders)
        gross = orders * left
        net = left * (1.0 - self.settings.fee)
        self._gross += gross
        self.pool = max(self.pool - orders * net, 0.0)
        self._shrink(part * (mark.weighted_points - before_points))
        if self.supply <= 0.0:
            self._last_quote(k, era, block, paid=net)
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
        block, ticks = mark.block, self.block_tick
        if block == len(ticks):
            return self._tick, 0.0
        tick = ticks[block]
        if block == era.end:
            return tick - 1, 0.0
        inside = float(mark.inside)
        while block and ticks[block - 1] == tick:
            block -= 1
            inside += self.block_n[block]
        return tick - 1, inside

    def take_back(self, k: int, cohort: int) -> None:
        """Dividends have used up all quotas before a cohort: the points are destroyed unpaid."""
        for era in self._live:
            mark, end = era.marks[k], self._end(era)
            block = mark.block
            while block < end and self.block_tick[block] <= cohort:
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
