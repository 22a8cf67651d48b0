"""Dividends: a share of each day's sales is divided over the units whose quota is not used up.

The settings are :class:`DividendPool`; :class:`DividendPoolEngine` runs them with one running sum a
package and rank (docs/model.md, "Dividend pool").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf
from typing import Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from model.fields import Frozen, param
from model.mechanisms.base import ALL_GONE, NOTHING, Floats, Ints, Line, Record, flow

#: Ranks V1 to V10.
RANKS = 10


class DividendPool(Frozen):
    """One dividend pool: what is divided, over which units, and until when."""

    kind: Literal["dividend_pool"] = "dividend_pool"
    name: str = Field(default="dividend_pool", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.1,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.01, 0.6),
        unsure=(0.03, 0.2),
        label="Share of sales divided each day",
        help="This part of the day's sales is divided over all units that still earn.",
    )
    spend_per_unit: float = param(
        2000.0,
        unit="yuan",
        ge=0.01,
        le=1e7,
        step=100,
        label="Spending for one unit",
        help="A buyer is given one dividend unit for this much spending.",
    )
    quota_multiple: float | None = param(
        2.0,
        unit="multiple",
        ge=0.01,
        le=100,
        step=0.1,
        slider=(0.5, 5.0),
        unsure=(1.0, 3.0),
        label="Paid until",
        help="Units stop earning once their holder was paid this many times the price. "
        "None: never.",
    )
    package_units: tuple[float, ...] = param(
        (),
        unit="list",
        label="Units of each package",
        help="Units that come with each package; without a list, by the price.",
    )
    package_quotas: tuple[float, ...] = param(
        (),
        unit="list",
        label="Quota of each package",
        help="How many times its price each package can be paid; without a list, the same for all.",
    )
    levels: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Points and units",
        help="Pairs of points and units: from so many points on, a buyer has so many units. "
        "Below the first pair a buyer has none.",
    )
    points_rate: float = param(
        1.0,
        unit="share",
        ge=0.0001,
        le=10,
        step=0.01,
        slider=(0.01, 1.0),
        label="Points for one yuan",
        help="Points credited for each yuan spent, where units depend on points.",
    )
    rank_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.3),
        label="Share of sales for the rank pots",
        help="This part of the day's sales is cut into ten equal pots, one for each rank. "
        "A pot is divided equally over its members; a higher rank takes part in every lower pot.",
    )
    rank_reached: tuple[float, ...] = param(
        (0.2, 0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125, 0.0015625, 0.00078125, 0.000390625),
        unit="list",
        label="Buyers who reach each rank",
        help="The share of buyers with at least rank V1, V2, ... V10.",
    )
    referral_rate: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.3),
        label="Units from each generation of recruits",
        help="A recruiter is also given this part of the units of every recruit, "
        "for each generation that counts.",
    )
    referral_generations: int = param(
        5,
        unit="count",
        ge=1,
        le=20,
        step=1,
        label="Generations that count",
        help="How many generations of recruits bring units.",
    )
    package_generations: tuple[float, ...] = param(
        (),
        unit="list",
        label="Generations of each package",
        help="How many generations count for the holder of each package; "
        "without a list, the same for all.",
    )
    issue_cap: float | None = param(
        None,
        unit="points",
        ge=0.001,
        le=1e15,
        step=1,
        label="Most units ever issued",
        help="Once this many units have been issued, new orders are given none.",
    )
    divided_over: Literal["live", "all"] = param(
        "live",
        unit="choice",
        label="Divided over",
        help="Over the units that still earn, or over all units ever issued; "
        "then the part of the others stays in the pool.",
    )
    interval: int = param(
        1,
        unit="ticks",
        ge=1,
        le=366,
        step=1,
        label="Days from one payment to the next",
        help="The dividend is collected over this many days and then paid.",
    )
    shared_quota: Literal["own", "points_pool"] = param(
        "own",
        unit="choice",
        label="The quota counts",
        help="Only these dividends, or also what the points pool pays: then the points pool's "
        "forced exit is the quota, dividends use it up, and a holder who leaves is out of both.",
    )

    @field_validator("package_units", "package_quotas", "package_generations")
    @classmethod
    def _few(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) > 12 or any(not 0 <= number <= 1e6 for number in value):
            raise ValueError("at most 12 numbers, each from 0 to 1000000")
        return value

    @field_validator("levels")
    @classmethod
    def _rising(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if len(value) > 12 or any(not 0 <= n <= 1e9 for pair in value for n in pair):
            raise ValueError("at most 12 pairs of numbers from 0 to 1000000000")
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(value)):
            raise ValueError("points must rise from pair to pair, and units must not fall")
        return value

    @field_validator("rank_reached")
    @classmethod
    def _falling(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) != RANKS or any(not 0 <= share <= 1 for share in value):
            raise ValueError(f"{RANKS} shares, each from 0 to 1")
        if any(a < b for a, b in pairwise(value)):
            raise ValueError("shares must not rise from rank to rank")
        return value

    @model_validator(mode="after")
    def _something_to_divide(self) -> DividendPool:
        if self.share + self.rank_share < 0.001 or self.share + self.rank_share > 1 + 1e-12:
            raise ValueError("share and rank_share together must be 0.001 to 1")
        return self

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share + self.rank_share


class Group:
    """Orders of one package and rank: the same units, the same quota, the oldest paid off first."""

    __slots__ = ("at", "nothing", "package", "part", "path", "quota", "rank", "referral", "units")

    def __init__(
        self,
        *,
        package: int,
        rank: int,
        part: float,
        units: float,
        quota: float,
        referral: float,
    ) -> None:
        self.package = package
        self.rank = rank
        self.part = part  # of the package's orders
        self.units = units
        self.quota = quota
        self.nothing = NOTHING * quota if quota < inf else 0.0
        self.referral = referral  # units gained for each of a recruit's, all generations together
        self.at = 0  # the oldest cohort whose quota is not used up
        self.path: list[tuple[int, int]] = []  # (tick, first live cohort after it)


class DividendPoolEngine:
    """Runs a :class:`DividendPool`; one running sum of yuan a unit serves every cohort.

    What an order of cohort j was paid by tick t is
    units (C(t) - C(j)) + referral [E(t) - E(j) - H(j) (C(t) - C(j))] + rank money, with C the yuan
    paid a unit, H the units an order has gained for each of the average recruit's, dE = H dC.
    """

    def __init__(
        self,
        settings: DividendPool,
        *,
        line: Line,
        units: tuple[float, ...],
        quotas: tuple[float, ...] | None,
        give_up: float,
    ) -> None:
        self.settings = settings
        self.line = line
        self.pool = 0.0
        self.base = 0.0  # of it, for the next dividend
        self.pots = [0.0] * RANKS
        self.give_up = give_up
        self._units = np.array(units)
        reached = (1.0, *settings.rank_reached) if settings.rank_share > 0 else (1.0,)
        of_rank = [a - b for a, b in pairwise((*reached, 0.0))]
        self.issued = 0.0  # units so far, whoever holds them
        credited = self._within_cap()
        generations = settings.package_generations or (settings.referral_generations,) * len(units)
        self.groups = [
            Group(
                package=p,
                rank=r,
                part=part,
                units=unit,
                quota=inf if quotas is None else quotas[p],
                referral=settings.referral_rate * generations[p],
            )
            for p, unit in enumerate(units)
            for r, part in enumerate(of_rank)
            if unit > 0.0 and part > 0.0
        ]
        #: Groups of each rank and the higher ones.
        self._from_rank = [
            [k for k, group in enumerate(self.groups) if group.rank >= rank]
            for rank in range(RANKS + 1)
        ]
        self.orders: list[list[float]] = credited.tolist()  # with units, by package and tick
        self._earning = [
            (p, unit, settings.referral_rate * generations[p])
            for p, unit in enumerate(units)
            if unit > 0.0
        ]
        self._reached = (*reached, *(0.0,) * (RANKS + 1 - len(reached)))
        self._referral = settings.referral_rate > 0
        self._new_units: list[float] = (self._units @ credited).tolist()
        self.survivors = 1.0
        self.clock = self.clock_upline = self.upline = 0.0  # C, E, H
        self.earned = [0.0] * (RANKS + 1)  # rank money one order of each rank was paid so far
        self.entry_clock: list[float] = []
        self.entry_clock_upline: list[float] = []
        self.entry_upline: list[float] = []
        # Of each package, orders over the survivors when they joined, and times H: sums up to a
        # cohort.
        self._weight_to = [[0.0] for _ in units]
        self._upline_to = [[0.0] for _ in units]
        # Over the live orders: units, units a recruit's unit brings, those times H, orders by rank.
        self._live = self._live_gain = self._live_upline = 0.0
        self._live_rank = [0.0] * (RANKS + 1)
        self._open = [0] * (RANKS + 1)
        # By rank: nobody's quota can be used up before so much more has been paid to one order.
        self._slack = [0.0] * (RANKS + 1)
        self._at_rank = [
            [k for k, group in enumerate(self.groups) if group.rank == rank]
            for rank in range(RANKS + 1)
        ]
        self._most_units = max((g.units for g in self.groups), default=0.0)
        self._most_referral = max((g.referral for g in self.groups), default=0.0)
        self._least_quota = min((g.quota for g in self.groups), default=inf)
        self.wiped: list[int] = []  # ticks on which those who had not given up count as gone
        self.stopped = False
        columns = "pool paid clock clock_upline survivors after live holders unit"
        self.log: dict[str, list[float]] = {name: [] for name in columns.split()}
        self._ranks: list[tuple[float, ...]] = []
        self._paid = 0.0

    def _within_cap(self) -> Floats:
        """Orders that are given units, shape (packages, ticks)."""
        counts, cap = self.line.counts, self.settings.issue_cap
        if cap is None:
            return counts
        upto = np.cumsum(self._units @ counts)
        before = np.concatenate(([0.0], upto[:-1]))
        room = np.clip(cap - before, 0.0, None)
        new = upto - before
        part = np.divide(room, new, out=np.ones_like(new), where=new > room)
        credited: Floats = counts * part
        return credited

    # -- one tick ----------------------------------------------------------------------------

    def join(self, t: int) -> None:
        """The orders of tick ``t`` (from 0) pay in and are given their units."""
        sales = float(self.line.sales[t])
        self.base += self.settings.share * sales
        pot = self.settings.rank_share * sales / RANKS
        if pot:
            self.pots = [money + pot for money in self.pots]
        if self._referral and self._new_units[t]:
            live = self.survivors * self._live_rank[0]
            if live > 0.0:
                gained = self._new_units[t] / live
                self.upline += gained
                self.issued += self.survivors * self._live_gain * gained
        self.issued += self._new_units[t]
        self.entry_clock.append(self.clock)
        self.entry_clock_upline.append(self.clock_upline)
        self.entry_upline.append(self.upline)
        total = 0.0
        for p, units, gain in self._earning:
            weight = self.orders[p][t] / self.survivors
            total += weight
            self._weight_to[p].append(self._weight_to[p][-1] + weight)
            self._live += weight * units
            if gain:
                self._upline_to[p].append(self._upline_to[p][-1] + weight * self.upline)
                self._live_gain += weight * gain
                self._live_upline += weight * gain * self.upline
        self._live_rank = [
            have + total * part for have, part in zip(self._live_rank, self._reached, strict=True)
        ]
        self._open = [len(groups) for groups in self._from_rank]  # groups anybody is left of
        # Whoever joins has the whole quota left.
        self._slack = [min(slack, self._least_quota) for slack in self._slack]

    def _count(self, t: int) -> None:
        """Sums over the live orders, from the sums up to each cohort."""
        self._live = self._live_gain = self._live_upline = 0.0
        by_rank = [0.0] * (RANKS + 1)
        for group in self.groups:
            weight = self._live_orders(group, t)
            self._live += weight * group.units
            by_rank[group.rank] += weight
            if group.referral:
                upline = self._live_upline_of(group, t)
                self._live_gain += weight * group.referral
                self._live_upline += upline * group.referral
        for rank in range(RANKS, 0, -1):
            by_rank[rank - 1] += by_rank[rank]
        self._live_rank = by_rank  # of the rank or a higher one

    def settle(self, t: int) -> None:
        """Divide what there is to divide; then those who give up are gone."""
        self._paid = 0.0
        before = self.clock
        live = self.live_units()
        if (t + 1) % self.settings.interval == 0 and not self.stopped:
            self._divide(t)
            if self.settings.rank_share > 0:
                self._divide_pots(t)
        self.pool = self.base + sum(self.pots)
        log = self.log
        log["pool"].append(self.pool)
        log["paid"].append(self._paid)
        log["clock"].append(self.clock)
        log["clock_upline"].append(self.clock_upline)
        log["survivors"].append(self.survivors)
        log["live"].append(live)
        log["unit"].append(self.clock - before)
        self._ranks.append(tuple(self.earned))
        log["after"].append(self.survivors * (1.0 - self.give_up))
        if self.give_up:
            self.survivors *= 1.0 - self.give_up
            if self.survivors < ALL_GONE:
                self._wipe(t)
        log["holders"].append(self.survivors * self._live_rank[0])

    def _wipe(self, t: int) -> None:
        """So few are left of those who joined that they count as gone."""
        self.wiped.append(t)
        self.survivors = 1.0
        for group in self.groups:
            group.at = t + 1
        for sums in (*self._weight_to, *self._upline_to):
            sums[-1] = 0.0  # sums are only ever taken from here on
        self._count(t)

    def live_units(self) -> float:
        """Units that still earn."""
        total = self._live + self._live_gain * self.upline - self._live_upline
        return self.survivors * max(total, 0.0)

    def _left(self, group: Group, cohort: int) -> float:
        """Yuan that one order of a cohort has left of its quota."""
        since = self.clock - self.entry_clock[cohort]
        had = group.units * since + self.earned[group.rank]
        if cohort:
            had -= self._ranks[cohort - 1][group.rank]
        if group.referral:
            had += group.referral * (
                self.clock_upline
                - self.entry_clock_upline[cohort]
                - self.entry_upline[cohort] * since
            )
        return group.quota - had

    def _rate(self, group: Group, cohort: int) -> float:
        """Units of one order of a cohort."""
        if not group.referral:
            return group.units
        return group.units + group.referral * (self.upline - self.entry_upline[cohort])

    def _drop(self, group: Group, left: float) -> float:
        """The quota of the oldest cohort is used up; returns the yuan it was paid last."""
        weight_to = self._weight_to[group.package]
        weight = group.part * (weight_to[group.at + 1] - weight_to[group.at])
        group.at += 1
        return self.survivors * weight * max(left, 0.0)

    def _divide(self, t: int) -> None:
        """The day's dividend over the live units, nobody beyond the quota."""
        money = self.base
        whole = self.settings.divided_over == "all"
        units = self.issued if whole else self.live_units()
        if money <= 0.0 or units <= 0.0:
            return
        most = self._most_units + self._most_referral * self.upline
        moved: set[int] = set()
        while money > 0.0 and units > 0.0:
            part = money / units
            need = part * most * (1 + NOTHING)
            if min(self._slack) > need:
                break
            done = self._use_up(part, need, t, moved)
            if not done:
                break
            self._paid += done
            money = max(money - done, 0.0)
            if whole:
                # The others' part does not grow: it is the money over all units ever issued.
                break
            units = self.live_units()
        live = self.live_units()
        if money > 0.0 and live > 0.0:
            part = self.base / units if whole else money / live
            paid = min(part * live, money)
            self.clock += part
            self.clock_upline += part * self.upline
            self._slack = [slack - part * most for slack in self._slack]
            self._paid += paid
            money = money - paid if whole else 0.0
        self.base = money
        for index in moved:
            self.groups[index].path.append((t, self.groups[index].at))

    def _use_up(self, part: float, need: float, t: int, moved: set[int]) -> float:
        """Pay those whose quota is used up by ``part`` yuan a unit; returns the yuan."""
        done = 0.0
        for rank, slack in enumerate(self._slack):
            if slack > need:
                continue
            least = inf
            for index in self._at_rank[rank]:
                group = self.groups[index]
                while group.at <= t:
                    cohort = group.at
                    left = self._left(group, cohort)
                    rate = self._rate(group, cohort)
                    if left > max(part * rate * (1 + NOTHING), group.nothing):
                        least = min(least, left)
                        break
                    moved.add(index)
                    before = self._live_orders(group, t)
                    done += self._drop(group, left)
                    self._lose(group, first=cohort, before=before, t=t)
            self._slack[rank] = least
        return done

    def _divide_pots(self, t: int) -> None:
        """The rank pots, V1 first; each over the live orders of its rank or a higher one."""
        survivors, pots, slack = self.survivors, self.pots, self._slack
        nearest = [inf] * (RANKS + 2)  # the least quota left in a rank or a higher one
        for rank in range(RANKS, 0, -1):
            nearest[rank] = min(nearest[rank + 1], slack[rank])
        known: dict[int, float] = {}  # quota left before the pots, of groups close to its end
        gain, total = [0.0], 0.0
        paths: list[int] = []  # groups some of whom were paid off
        for rank in range(1, RANKS + 1):
            money = pots[rank - 1]
            while money > 0.0:
                live = survivors * self._live_rank[rank]
                if live <= 0.0:
                    break
                part = money / live
                limit = total + part * (1 + NOTHING)
                if nearest[rank] <= limit:
                    before = len(paths)
                    done = self._pay_off(rank, limit, total, t, known, paths)
                    for r in range(RANKS, 0, -1):
                        nearest[r] = min(nearest[r + 1], slack[r])
                    if len(paths) > before:
                        self._paid += done
                        money = max(money - done, 0.0)
                        continue
                total += part
                self._paid += money
                money = 0.0
            pots[rank - 1] = money
            gain.append(total)
        self.earned = [have + more for have, more in zip(self.earned, gain, strict=True)]
        self._slack = [left - more for left, more in zip(slack, gain, strict=True)]
        for k in set(paths):
            self.groups[k].path.append((t, self.groups[k].at))

    def _pay_off(
        self,
        rank: int,
        limit: float,
        total: float,
        t: int,
        known: dict[int, float],
        paths: list[int],
    ) -> float:
        """Pay those of a rank or a higher one who had no more than ``limit`` left; the yuan."""
        done = 0.0
        for r in range(rank, RANKS + 1):
            if self._slack[r] > limit:
                continue
            least = inf
            for k in self._at_rank[r]:
                group = self.groups[k]
                left = known.get(k)
                if left is None:
                    left = self._left(group, group.at) if group.at <= t else inf
                end = max(limit, total + group.nothing)
                if left <= end:
                    first, before = group.at, self._live_orders(group, t)
                    while left <= end:
                        done += self._drop(group, left - total)
                        left = self._left(group, group.at) if group.at <= t else inf
                    paths.append(k)
                    self._lose(group, first=first, before=before, t=t)
                known[k] = left
                least = min(least, left)
            self._slack[r] = least
        return done

    def _lose(self, group: Group, *, first: int, before: float, t: int) -> None:
        """Take those of a group, from ``first`` on, who were paid off out of the live sums."""
        gone = before - self._live_orders(group, t)
        self._live -= gone * group.units
        if group.referral:
            upline_to = self._upline_to[group.package]
            upline = group.part * (upline_to[group.at] - upline_to[first])
            self._live_gain -= gone * group.referral
            self._live_upline -= upline * group.referral
        for rank in range(group.rank + 1):
            self._live_rank[rank] -= gone
        if group.at > t:
            # So that rounding leaves nobody behind where nobody is left.
            for rank in range(group.rank + 1):
                self._open[rank] -= 1
                if not self._open[rank]:
                    self._live_rank[rank] = 0.0
            if not self._open[0]:
                self._live = self._live_gain = self._live_upline = 0.0

    def _live_orders(self, group: Group, t: int) -> float:
        """Orders of a group whose quota is not used up, over their survivors when they joined."""
        weight_to = self._weight_to[group.package]
        return group.part * (weight_to[t + 1] - weight_to[group.at])

    def _live_upline_of(self, group: Group, t: int) -> float:
        """The same, times the referral clock when they joined."""
        upline_to = self._upline_to[group.package]
        return group.part * (upline_to[t + 1] - upline_to[group.at])

    def end(self, t: int) -> None:
        """Nobody orders any more after tick ``t`` (from 0), nobody is paid and nobody gives up."""
        self.stopped, self.give_up = True, 0.0
        rest = self.line.ticks - t - 1
        for orders in self.orders:
            orders[t + 1 :] = [0.0] * rest
        self._new_units[t + 1 :] = [0.0] * rest

    # -- afterwards --------------------------------------------------------------------------

    def payments(self) -> Iterator[tuple[int, int, Floats]]:
        """(tick, first cohort, yuan to it and each following one), ticks and cohorts from 0."""
        log = {name: np.array(values) for name, values in self.log.items()}
        ticks = self.line.ticks
        ranks = np.array(self._ranks)
        joined = log["survivors"]
        weights = [
            group.part * np.array(self.orders[group.package]) / joined for group in self.groups
        ]
        entry = {
            "clock": np.array(self.entry_clock),
            "clock_upline": np.array(self.entry_clock_upline),
            "upline": np.array(self.entry_upline),
        }
        dividends = np.diff(log["clock"], prepend=0.0)
        upline = np.diff(log["clock_upline"], prepend=0.0)
        pots = np.diff(ranks, axis=0, prepend=0.0)
        paths = [dict(group.path) for group in self.groups]  # the last of a tick
        first = [0] * len(self.groups)
        wiped = set(self.wiped)
        for t in range(ticks):
            if log["paid"][t] > 0.0:
                start = min(first, default=0)
                amounts = np.zeros(t + 1 - min(start, t + 1))
                for k, group in enumerate(self.groups):
                    low = first[k]
                    now = paths[k].get(t, low)
                    for cohort in range(low, min(now, t + 1)):
                        had = self._had_before(group, cohort, t, log, ranks[:, group.rank], entry)
                        amounts[cohort - start] += weights[k][cohort] * (group.quota - had)
                    first[k] = now
                    if now > t:
                        continue
                    each: Floats | float = group.units * dividends[t] + pots[t, group.rank]
                    if group.referral:
                        part = slice(now, t + 1)
                        each = each + group.referral * (
                            upline[t] - entry["upline"][part] * dividends[t]
                        )
                    amounts[now - start :] += weights[k][now : t + 1] * each
                yield t, start, amounts * joined[t]
            if t in wiped:
                first = [t + 1] * len(self.groups)

    def _had_before(
        self,
        group: Group,
        cohort: int,
        t: int,
        log: dict[str, Floats],
        ranks: Floats,
        entry: dict[str, Floats],
    ) -> float:
        """Yuan that one order of a cohort had been paid before tick ``t``."""
        if t == cohort:
            return 0.0
        since = log["clock"][t - 1] - entry["clock"][cohort]
        had = group.units * since + ranks[t - 1] - (ranks[cohort - 1] if cohort else 0.0)
        if group.referral:
            had += group.referral * (
                log["clock_upline"][t - 1]
                - entry["clock_upline"][cohort]
                - entry["upline"][cohort] * since
            )
        return float(had)

    def record(self, accounts: str) -> Record:
        """What it did, with the pool called ``accounts`` in the ledger."""
        line, ticks = self.line, self.line.ticks
        log = {name: np.array(values) for name, values in self.log.items()}
        received, held, owed, left, even = (np.zeros(ticks) for _ in range(5))
        exit_tick, open_ = np.zeros(ticks), np.zeros(ticks, dtype=bool)
        promised, exits = np.zeros(ticks), np.zeros(ticks)
        ranks = np.array(self._ranks)
        for group in self.groups:
            fate = _Fate(self, group, log, ranks[:, group.rank])
            received += fate.received
            held += fate.held
            owed += fate.owed
            left += fate.left
            even += fate.even
            promised += fate.promised
            exits += np.bincount(
                np.where(fate.done < ticks, fate.done, ticks),
                weights=fate.left,
                minlength=ticks + 1,
            )[:ticks]
            exit_tick = np.maximum(
                exit_tick, np.where((fate.orders > 0) & (fate.done < ticks), fate.done + 1, 0)
            )
            open_ |= fate.held > 0
        paid_in = self.settings.taken * line.sales
        return Record(
            name=self.settings.name,
            kind=self.settings.kind,
            pool=log["pool"],
            paid_in=paid_in,
            paid_out=log["paid"],
            fees=np.zeros(ticks),
            promised=promised,
            holders=log["holders"],
            exits=exits,
            units=log["live"],
            price=log["unit"],
            received=received,
            held_value=owed,
            left=left,
            even=even,
            held=held,
            exit_tick=np.where(open_, 0, exit_tick),
            flows=[
                flow("buyers", accounts, "order", paid_in),
                flow(accounts, "buyers", "dividend", log["paid"]),
            ],
        )


def _between(amounts: Floats, start: Ints, end: Ints) -> Floats:
    """Sums of ``amounts`` from ``start`` to before ``end``, from the side with more digits."""
    to = np.append(0.0, np.cumsum(amounts))
    rest = np.append(np.cumsum(amounts[::-1])[::-1], 0.0)
    found: Floats = np.where(to[end] <= rest[start], to[end] - to[start], rest[start] - rest[end])
    return found


class _Fate:
    """What became of each cohort of one group; shape (ticks,)."""

    def __init__(
        self, engine: DividendPoolEngine, group: Group, log: dict[str, Floats], ranks: Floats
    ) -> None:
        ticks = engine.line.ticks
        survivors = log["survivors"]  # while the tick's dividends were paid
        cohort = np.arange(ticks)
        self.orders = group.part * np.array(engine.orders[group.package])
        entry = {
            "clock": np.array(engine.entry_clock),
            "clock_upline": np.array(engine.entry_clock_upline),
            "upline": np.array(engine.entry_upline),
            "rank": np.concatenate(([0.0], ranks[:-1])),
        }

        def had(t: Ints, clock: Floats, clock_upline: Floats, rank: Floats) -> Floats:
            """Yuan one order of each cohort would have by the end of its tick ``t``, no quota."""
            since = clock[t] - entry["clock"]
            total: Floats = group.units * since + rank[t] - entry["rank"]
            if group.referral:
                total += group.referral * (
                    clock_upline[t] - entry["clock_upline"] - entry["upline"] * since
                )
            return total

        path = np.array([(-1, 0), *group.path])
        self.done = np.append(path[:, 0], ticks)[np.searchsorted(path[:, 1], cohort, side="right")]
        gone = np.append(engine.wiped, ticks)[np.searchsorted(engine.wiped, cohort)].astype(int)
        self.done = np.where(self.done <= gone, self.done, ticks)
        last = np.minimum(np.minimum(self.done, gone), ticks - 1)
        is_done = self.done < ticks
        before = np.maximum(np.where(is_done, self.done - 1, last), cohort - 1)
        none_before = before < cohort
        at = np.maximum(before, 0)
        clocks = (log["clock"], log["clock_upline"], ranks)
        each = np.where(none_before, 0.0, had(at, *clocks))
        quota = group.quota
        rest = np.where(is_done, quota - each, 0.0) if np.isfinite(quota) else np.zeros(ticks)
        joined = survivors[cohort]
        if engine.survivors == 1.0 and not engine.wiped:
            cash = each + rest
        else:
            since, upline, rank_money = (
                _between(np.diff(clock, prepend=0.0) * survivors, cohort, at + 1)
                for clock in clocks
            )
            cash = group.units * since + rank_money
            if group.referral:
                cash += group.referral * (upline - entry["upline"] * since)
            cash = np.where(none_before, 0.0, cash)
            cash = (cash + rest * survivors[np.minimum(self.done, ticks - 1)]) / joined
        self.received = self.orders * cash
        end = log["after"][-1]
        waits = ~is_done & (gone >= ticks)
        self.held = np.where(waits, self.orders * end / joined, 0.0)
        final = had(np.full(ticks, ticks - 1), *clocks)
        self.owed = (
            self.held * np.maximum(quota - final, 0.0) if np.isfinite(quota) else np.zeros(ticks)
        )
        self.left = np.where(
            is_done, self.orders * survivors[np.minimum(self.done, ticks - 1)] / joined, 0.0
        )
        self.even = self._even(engine, group, had, clocks, last, joined, survivors)
        self.promised = self._promised(engine, group, log, ranks, joined)

    def _even(
        self,
        engine: DividendPoolEngine,
        group: Group,
        had: Callable[[Ints, Floats, Floats, Floats], Floats],
        clocks: tuple[Floats, Floats, Floats],
        last: Ints,
        joined: Floats,
        survivors: Floats,
    ) -> Floats:
        """Orders that were paid at least their price: the first tick on which they had it."""
        price = float(engine.line.prices[group.package]) * (1 - 1e-9)
        if group.quota < price:
            return np.zeros(len(last))
        low, high = np.arange(len(last)) - 1, last + 1  # not yet at low, at high or never
        while np.any(high - low > 1):
            middle = (low + high) // 2
            met = had(np.maximum(middle, 0), *clocks) >= price
            # Where the quota was reached on that tick, so was the price.
            met |= middle >= self.done
            open_ = high - low > 1
            high = np.where(open_ & met, middle, high)
            low = np.where(open_ & ~met, middle, low)
        reached = high <= last
        at = np.minimum(high, len(last) - 1)
        return np.where(reached, self.orders * survivors[at] / joined, 0.0)

    def _promised(
        self,
        engine: DividendPoolEngine,
        group: Group,
        log: dict[str, Floats],
        ranks: Floats,
        joined: Floats,
    ) -> Floats:
        """Yuan of quota that the live orders have left at the end of each tick; the price if none.

        Sums over the live cohorts at every tick from running sums over entry ticks.
        """
        ticks = len(joined)
        weight = self.orders / joined
        after = log["after"]
        path = np.array([(-1, 0), *group.path])
        moves = np.searchsorted(path[:, 0], np.arange(ticks), side="right") - 1
        first = path[moves, 1]
        for wiped in engine.wiped:
            first[wiped:] = np.maximum(first[wiped:], wiped + 1)

        def live(values: Floats) -> Floats:
            sums = np.append(0.0, np.cumsum(values))
            found: Floats = sums[1:] - sums[np.minimum(first, ticks)]
            return found

        orders = live(weight)
        if not np.isfinite(group.quota):
            return after * orders * float(engine.line.prices[group.package])
        clock, entry = log["clock"], np.array(engine.entry_clock)
        had = group.units * (clock * orders - live(weight * entry))
        had += ranks * orders - live(weight * np.concatenate(([0.0], ranks[:-1])))
        if group.referral:
            upline = np.array(engine.entry_upline)
            had += group.referral * (
                log["clock_upline"] * orders
                - live(weight * np.array(engine.entry_clock_upline))
                - clock * live(weight * upline)
                + live(weight * upline * entry)
            )
        none_left = first > np.arange(ticks)
        return np.where(none_left, 0.0, np.maximum(after * (group.quota * orders - had), 0.0))
