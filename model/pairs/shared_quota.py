"""One quota for points and dividends: what dividends have paid is taken off the forced exit.

An order is in one of several ranks, which are paid differently and so leave at different times:
the points pool's line of orders is followed once for each rank, all in the same pool at one price.
Beyond the cap on units an order has points alone: those are a line of their own, whose quota no
dividend uses up. Beyond the cap on points it has units alone: those are groups of their own.
"""

from __future__ import annotations

from array import array
from functools import cached_property
from math import inf

import numpy as np

from model.arrays import Floats, Ints
from model.behaviour import Behaviour
from model.mechanisms.base import ALL_GONE, NOTHING, Line
from model.mechanisms.dividend_pool import DividendPool, DividendPoolEngine
from model.mechanisms.dividend_pool.engine import FATES
from model.mechanisms.dividend_pool.packages import Group
from model.mechanisms.dividend_pool.paid import GroupFate
from model.mechanisms.points_pool import PointsPool, PointsPoolEngine
from model.mechanisms.points_pool.eras import Era, Pointer
from model.mechanisms.points_pool.joining import REACHED
from model.scheme import Scheme

#: Orders this close to a whole number are whole: rounding leaves no part of an order.
WHOLE = 1e-9


def start(scheme: Scheme, line: Line) -> SharedPointsEngine:
    """Both pools of a ``scheme``; the dividends' engine is with the points'."""
    (mechanism,) = scheme.sharing
    spend, multiple = scheme.order.spend, scheme.pool.exit_multiple
    points = SharedPointsEngine(scheme.pool, spend=spend, behaviour=scheme.behaviour)
    SharedDividendEngine(
        mechanism,
        line=line,
        units=mechanism.units(scheme.order),
        quota=None if multiple is None else multiple * spend,
        points=points,
    )
    return points


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
        self.points = points
        super().__init__(
            settings,
            line=line,
            units=units,
            quotas=None if quota is None else (quota,),
            give_up=0.0,
        )
        #: By group, cohort -> the tick (from 1) on which dividends alone used up what was left.
        self.used_up: list[dict[int, int]] = [{} for _ in self.groups]
        self.fronts: list[list[int]] = []  # after each tick
        self.sold_of_front: list[list[float]] = []
        self._moved = False
        #: The groups of each rank.
        self._ranked = [[g for g in self.groups if g.rank == r] for r in range(self._top + 1)]
        points.share_with(self)

    def _add_packages(self) -> None:
        """Orders with units and without points, where not everybody is given points."""
        if self.packages and self.points.settings.issue_cap is not None:
            self.orders.append([0.0] * self.line.ticks)
            self.packages.append(self._package(0, 1))

    @property
    def holding(self) -> list[Group]:
        """The groups of those who hold points too."""
        return [group for group in self.groups if group.package.row == 0]

    @property
    def without_points(self) -> list[Group]:
        """The groups of those who hold units alone."""
        return [group for group in self.groups if group.package.row]

    def with_units(self, t: int) -> float:
        """How many orders of tick ``t`` (from 0) are given units; of the last one perhaps a part.

        They are the first ones of the tick.
        """
        if not self.packages:
            return 0.0
        orders = self.line.orders[t].item() * self.within_cap(t)
        whole = round(orders)
        return float(whole) if abs(orders - whole) <= WHOLE else orders

    def _cap(self, t: int) -> None:
        """Orders with points and units, and those with units alone; the points' have joined."""
        if not self.packages or not (self.settings.issue_cap or self.points.settings.issue_cap):
            return
        units = self.with_units(t)
        both = min(units, self.points.credited[t])
        self._full = self._full or units < self.line.orders[t]
        self.orders[0][t] = both
        if len(self.orders) > 1:
            self.orders[1][t] = units - both
        self._new_units[t] = self.packages[0].units * units

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
        if not group.package.row:
            self.points.take_back(k, at)

    def sold(self, k: int, *, cohort: int, inside: float, t: int) -> None:
        """All orders of a group before ``cohort``, and ``inside`` of its own, have sold."""
        package, out = self.groups[k].package, 0.0
        if self.wiped and cohort <= self.wiped[-1]:
            return  # they count as gone
        if inside and cohort <= t:
            orders, weight_to = package.orders[cohort], package.weight_to
            if orders > 0.0:
                # Those with units come first.
                part = min(inside / orders, 1.0)
                out = (weight_to[cohort + 1] - weight_to[cohort]) * part
        self._move(k, cohort, out, t)
        self._moved = True

    def _move(self, k: int, cohort: int, out: float, t: int) -> None:
        """All orders of a group before ``cohort`` are out, and ``out`` of its own."""
        group = self.groups[k]
        if cohort > self._front[k]:
            group.path.extend((t, cohort))
        self._front[k], self._out[k] = cohort, out
        self._by_rank[group.rank] = sum(self._live_orders(g, t) for g in self._ranked[group.rank])

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
        row = self.groups[k].package.row
        weights: Floats = part * self.sums.weights[row, at : t + 1]
        if len(weights):
            weights[0] -= part * sold[k]
        return at, weights

    def promised(self, quota: float) -> Floats:
        """Yuan of the quota that live orders have left at the end of each tick, shape (ticks,)."""
        plain = np.zeros(self.line.ticks)
        plain[: len(self.points.plain)] = np.frombuffer(self.points.plain, dtype=float)
        groups = range(len(self.groups))
        return sum((self.promised_to(k, quota) for k in groups), quota * plain)

    def unclaimed(self) -> Floats | None:
        """They are counted with those that the points pool knows."""
        return None

    @cached_property
    def fates(self) -> list[GroupFate]:
        """What became of those who hold units alone; the others are with the points."""
        return [GroupFate(self, group.number) for group in self.without_points]

    def _fates(self) -> dict[str, Floats]:
        # Who leaves when, and with what, is up to the points pool: see SharedResult.
        return {name: np.zeros(self.line.ticks) for name in (*FATES, "exit_tick")}


class SharedPointsEngine(PointsPoolEngine):
    """A points pool in which every rank of orders leaves at a time of its own."""

    def __init__(self, settings: PointsPool, *, spend: float, behaviour: Behaviour) -> None:
        super().__init__(settings, spend=spend, behaviour=behaviour)
        #: Yuan that points bought at a price of 1 are worth when the price is 1.
        self._worth = settings.share * settings.gift * spend
        self.quota = (settings.exit_multiple or 0.0) * spend
        self.forced_gross = array("d")
        self._gross = 0.0
        self._voided = 0.0  # orders whose points were taken back on this tick
        self._with_units = 1.0  # the part of each order that is given units
        self.plain = array("d")  # orders with points and without units, at the end of the tick

    def share_with(self, dividends: SharedDividendEngine) -> None:
        """Follow one line for each of the dividend pool's ranks, and one of those without units."""
        self.dividends = dividends
        self._groups = dividends.holding
        self._follow(self.eras[-1])

    @property
    def lines(self) -> int:
        """How many there are; the last one is that of orders without units."""
        return len(self._groups) + 1

    def _follow(self, era: Era) -> None:
        """Mark the beginning of each line in an era without orders."""
        units = self._with_units
        era.parts = [*(units * group.part for group in self._groups), 1.0 - units]
        era.marks = [Pointer() for _ in era.parts]
        for mark in era.marks:
            self._place(mark, era, era.start, 0)

    def _admit(self, n: int) -> None:
        given = self.dividends.with_units(self._tick - 1)
        whole = min(int(given), n)
        part = given - whole if whole < n else 0.0
        crossing = int(part > 0.0)
        for size, units in ((whole, 1.0), (crossing, part), (n - whole - crossing, 0.0)):
            if not size:
                continue
            if units != self._with_units:
                self._with_units = units
                if self.supply > 0.0 and self.pool > 0.0:
                    self.price = self.pool / self.supply
                self._new_era()
                self._follow(self.eras[-1])
            super()._admit(size)

    def _new_era(self) -> None:
        self._behind()
        before = self.eras[-1]
        super()._new_era()
        era = self.eras[-1]
        if era is not before:
            self._follow(era)

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
        self.plain.append(self._orders_of(slice(-1, None)))

    def _force_out(self) -> float:
        """Pay everybody whose points are worth what is left of the quota, oldest first."""
        dividends, ticks, worth = self.dividends, self.block_tick, self._worth / REACHED
        nothing, groups = NOTHING * self.quota, self._groups
        at_least = [*dividends.at_least()[: len(groups)], self.quota]
        alone = len(self._live) == 1
        total, moved = self._voided, True
        self._voided = 0.0
        while moved:
            moved = False
            for era in self._live:
                end = self._end(era)
                bound = self.price * worth
                for k, (part, mark) in enumerate(zip(era.parts, era.marks, strict=True)):
                    if not part:
                        continue
                    while mark.entry * at_least[k] <= bound and mark.block < end:
                        left = self.quota
                        if k < len(groups):
                            left = max(dividends.left(groups[k], ticks[mark.block] - 1), 0.0)
                        if left <= nothing:
                            limit = inf
                        elif mark.entry * left <= bound:
                            limit = bound / left
                        else:
                            if alone and k < len(groups):
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
        part = era.parts[k] * era.survivors
        orders = part * (mark.weighted_orders - before_orders)
        gross = orders * left
        net = left * (1.0 - self.settings.fee)
        self._gross += gross
        self._pay_out(orders * net)
        self._shrink(part * (mark.weighted_points - before_points))
        if self.supply <= 0.0:
            self._last_quote(k, era, block, paid=net)
        if k < len(self._groups):
            cohort, inside = self._where(mark)
            self.dividends.sold(k, cohort=cohort, inside=inside, t=self._tick - 1)
        return orders

    def _last_quote(self, k: int, era: Era, block: int, *, paid: float = 0.0) -> None:
        """Nobody is left: the price at which the last of all holders was there."""
        weight = era.parts[k] * era.survivors / self.block_survivors[block]
        points = weight * self._credit / self.block_last[block]
        if points > 0.0:
            self.price = (self.pool + weight * paid) / points

    def _where(self, mark: Pointer) -> tuple[int, float]:
        """The cohort (from 0) a mark points at, and how many of its orders are before it."""
        block, ticks = mark.block, self.block_tick
        if block == len(ticks):
            return self._tick, 0.0
        tick = ticks[block]
        inside = float(mark.inside)
        while block and ticks[block - 1] == tick:
            block -= 1
            inside += self.block_n[block]
        return tick - 1, inside

    def take_back(self, k: int, cohort: int) -> None:
        """Dividends have used up all quotas before a cohort: the points are destroyed unpaid."""
        for era in self._live:
            if not era.parts[k]:
                continue
            mark, end = era.marks[k], self._end(era)
            block = mark.block
            while block < end and self.block_tick[block] <= cohort:
                block += 1
            if block == mark.block:
                continue
            before_orders, before_points = mark.weighted_orders, mark.weighted_points
            self._place(mark, era, block, 0)
            mark.stop(self._tick)
            part = era.parts[k] * era.survivors
            self._voided += part * (mark.weighted_orders - before_orders)
            self._shrink(part * (mark.weighted_points - before_points))
            if self.supply <= 0.0:
                self._last_quote(k, era, block - 1)

    def _behind(self) -> None:
        """The mark furthest back stands for the era where one is asked for."""
        for era in self._live:
            # An era in which nobody has joined yet has lines that nobody is in.
            marks = [m for part, m in zip(era.parts, era.marks, strict=True) if part] or era.marks
            era.forced = min(marks, key=lambda mark: mark.order)

    def _holding(self) -> float:
        held = 0.0
        for era in self._live:
            whole = self._cum_weighted_points[-1] if era.end < 0 else era.end_weighted_points
            for part, mark in zip(era.parts, era.marks, strict=True):
                held += part * era.survivors * max(whole - mark.weighted_points, 0.0)
        return held

    def _live_orders(self) -> float:
        return self._orders_of(slice(None))

    def _orders_of(self, lines: slice) -> float:
        """Orders of some lines that are there."""
        held = 0.0
        for era in self._live:
            whole = self._cum_weighted_orders[-1] if era.end < 0 else era.end_weighted_orders
            for part, mark in zip(era.parts[lines], era.marks[lines], strict=True):
                held += part * era.survivors * max(whole - mark.weighted_orders, 0.0)
        return held
