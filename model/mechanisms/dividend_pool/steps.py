"""Dividends: a share of each day's sales is divided over the units whose quota is not used up.

The settings are :class:`DividendPool`; :class:`DividendPoolEngine` runs them with one running sum a
package and rank (docs/mechanisms/dividend_pool.md).
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from math import inf

import numpy as np

from model.arrays import Floats
from model.mechanisms.base import ALL_GONE, NOTHING, Engine, Line
from model.mechanisms.dividend_pool.packages import Group, Package, table
from model.mechanisms.dividend_pool.settings import RANKS, DividendPool
from model.mechanisms.lineage import Lineage

#: More than one by what counts as nothing.
HAIR = 1 + NOTHING
#: A smaller share of buyers is nobody: money divided by it would be more than a float can say.
NOBODY = 1e-300


class DividendSteps(Engine):
    """Steps through a :class:`DividendPool`; one running sum of yuan a unit serves every cohort.

    What an order of cohort j was paid by tick t is
    (units + const(j)) (C(t) - C(j)) + gain(j) . [E(t) - E(j)] + rank money, with C the yuan paid a
    unit and, where recruits bring units, dE = V dC (:class:`model.mechanisms.lineage.Lineage`).

    Nobody of a package and rank has less left of the quota than the oldest order. What that has is
    followed from payment to payment, and worked out exactly only where it may be used up.
    """

    settings: DividendPool

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
        self.pots = [0.0] * RANKS  # what is left over in each
        self._fresh = 0.0  # new in each
        self.give_up = give_up
        self._units = np.array(units)
        #: The highest rank that is paid differently.
        self._top = RANKS if settings.rank_share > 0 else 0
        reached = (1.0, *(r if r >= NOBODY else 0.0 for r in settings.rank_reached[: self._top]))
        self._of_rank = [a - b for a, b in pairwise((*reached, 0.0))]
        self.issued = 0.0  # units so far, whoever holds them
        self._full = False  # whether the cap has left no room for some order
        self.orders: list[list[float]] = line.counts.tolist()  # with units, by row and tick
        self._new_units: list[float] = (self._units @ line.counts).tolist()
        self._whole = settings.divided_over == "all"
        # What goes into the pool for the dividend, and into each pot, by tick.
        self._into_base: list[float] = (settings.share * line.sales).tolist()
        self._into_pots: list[float] = (settings.rank_share * line.sales / RANKS).tolist()
        self._quotas = quotas
        generations = settings.package_generations or (settings.referral_generations,) * len(units)
        self.has_referral = settings.referral_rate > 0 and any(generations)
        self.kin = (
            Lineage(line, rate=settings.referral_rate, last=tuple(generations))
            if self.has_referral
            else None
        )
        self.packages = [self._package(p, p) for p, unit in enumerate(units) if unit > 0.0]
        self._add_packages()
        self.groups = [g for package in self.packages for g in package.groups]
        for k, group in enumerate(self.groups):
            group.number = k
        self._front = [0] * len(self.groups)  # the oldest cohort whose quota is not used up
        self._out = [0.0] * len(self.groups)  # of it, those out for another reason; over survivors
        #: Those whose quota may be used up.
        self._limited = [] if quotas is None else self.groups
        #: Those of them with no more left than the bound; the least that is left, of all.
        self._near: list[Group] = []
        self._bound = self._least = 0.0
        self._gain = [0.0] * (self._top + 1)  # rank money of the last payment, not yet taken off
        self.survivors = 1.0
        self.clock = 0.0  # C
        self.entry_clock: list[float] = []
        if self.kin is not None:
            shape = self.kin.brought.shape[1:]
            self._now = np.zeros(shape)  # V
            self.brought = np.zeros(shape)  # E
            self._brought: list[Floats] = []  # E at the end of each tick
            #: See _by_recruits; until a running sum moves.
            self._known: dict[tuple[int, int], tuple[float, float]] = {}
            # Of the oldest order of each group.
            self._span = np.zeros(len(self.groups), dtype=np.int64)
            self._gain_of = np.zeros((len(self.groups), shape[1]))
            #: Over the live orders, by span.
            self._live_gain = np.zeros(shape)
            for group in self.groups:
                self._front_of(group, 0)
        self.earned = [0.0] * (self._top + 1)  # rank money one order of each rank was paid so far
        self._ranks = [self.earned]  # the same at the opening of each tick
        self.entry_brought: list[Floats] = []
        # Over the live orders: units but for gain . V, orders by rank.
        self._live = 0.0
        self._by_rank = [0.0] * (self._top + 1)
        self.wiped: list[int] = []  # ticks on which those who had not given up count as gone
        self.stopped = False
        self.after: list[float] = []
        self.holders: list[float] = []
        self._rows: list[tuple[float, ...]] = []  # the other columns of the log

    @cached_property
    def log(self) -> dict[str, Floats]:
        """What happened on every tick, once the run is over."""
        names = ("pool", "paid", "clock", "survivors", "live", "unit")
        columns = table(self._rows, len(names)).T.copy()
        found: dict[str, Floats] = dict(zip(names, columns, strict=True))
        return found | {"after": np.array(self.after), "holders": np.array(self.holders)}

    def _package(self, p: int, row: int) -> Package:
        return Package(
            p,
            row=row,
            units=float(self._units[p]),
            quota=inf if self._quotas is None else self._quotas[p],
            kin=self.kin,
            orders=self.orders[row],
            parts=self._of_rank,
        )

    def _add_packages(self) -> None:
        """Those beside the scheme's own."""

    def within_cap(self, t: int) -> float:
        """The part of the orders of tick ``t`` (from 0) that is given units, before they join.

        An order comes with its own units and those that it brings the recruiters: where there is
        not room for all, that part of the orders has both, and later ones have none.
        """
        cap, new = self.settings.issue_cap, self._new_units[t]
        if cap is None or not new:
            return 1.0
        room = cap - self.issued
        if self._full or room <= NOTHING * cap:
            return 0.0
        wanted = new * (1.0 + self._brings(t))
        return 1.0 if wanted <= room + NOTHING * cap else room / wanted

    def _brings(self, t: int) -> float:
        """Units that recruiters are given, all together, for each new one of tick ``t``."""
        if self.kin is None:
            return 0.0
        return max(self.survivors * float(np.vdot(self._live_gain, self.kin.each[t])), 0.0)

    def _cap(self, t: int) -> None:
        """Leave the orders of a tick that are given units."""
        if self.settings.issue_cap is None:
            return
        part = self.within_cap(t)
        if part < 1.0:
            self._full = True
            for orders in self.orders:
                orders[t] *= part
            self._new_units[t] *= part

    # -- one tick ----------------------------------------------------------------------------

    def join(self, t: int) -> None:
        """The orders of tick ``t`` (from 0) pay in and are given their units."""
        self._cap(t)
        survivors, new_units = self.survivors, self._new_units[t]
        self.base += self._into_base[t]
        self._fresh += self._into_pots[t]
        kin = self.kin
        if kin is not None:
            self.issued += new_units * self._brings(t)
            self._now = kin.join(t, new_units)
            self._known.clear()
            self.entry_brought.append(self.brought[kin.of[t]].copy())
        self.issued += new_units
        self.entry_clock.append(self.clock)
        total = 0.0
        for package in self.packages:
            weight = package.orders[t] / survivors
            total += weight
            package.weight_to.append(package.weight_to[-1] + weight)
            self._live += weight * package.units
            if kin is not None:
                const, gain = weight * float(package.const[t]), weight * package.gain[t]
                package.const_to.append(package.const_to[-1] + const)
                package.gain_to[t + 1] = package.gain_to[t] + gain
                self._live += const
                self._live_gain[kin.of[t]] += gain
        if total:
            self._by_rank = [
                have + total * part for have, part in zip(self._by_rank, self._of_rank, strict=True)
            ]

    def _count(self, t: int) -> None:
        """Sums over the live orders, from the sums up to each cohort."""
        self._live = 0.0
        self._by_rank = [0.0] * (self._top + 1)
        if self.kin is not None:
            self._live_gain[:] = 0.0
        for group in self.groups:
            weight = self._live_orders(group, t)
            self._live += weight * group.package.units
            self._by_rank[group.rank] += weight
            if self.kin is not None:
                at, k = self._front[group.number], group.number
                self._add_units(group, at, t + 1, 1.0)
                if at <= t and self._out[k]:
                    out = group.part * self._out[k]
                    self._live -= out * group.package.const[at]
                    self._live_gain[self.kin.of[at]] -= out * group.package.gain[at]

    def _add_units(self, group: Group, first: int, end: int, sign: float) -> None:
        """Add what recruits bring the orders of a group and of some cohorts, or take it off."""
        package, part = group.package, sign * group.part
        for span, start, stop in self.kin.parts(first, end) if self.kin is not None else ():
            self._live += part * (package.const_to[stop] - package.const_to[start])
            self._live_gain[span] += part * (package.gain_to[stop] - package.gain_to[start])

    def settle(self, t: int) -> None:
        """Divide what there is to divide; then those who give up are gone."""
        before, live, survivors, paid = self.clock, self.live_units(), self.survivors, 0.0
        unit = 0.0
        if (t + 1) % self.settings.interval == 0 and not self.stopped:
            paid = self._divide(t)
            # Where every unit's quota was used up, no running sum has moved.
            used_up = paid / live if live > 0.0 else 0.0
            unit = self.clock - before if self.clock > before else used_up
            if self._top:
                paid += self._divide_pots(t)
        self._ranks.append(self.earned)
        self.pool = self.base + sum(self.pots) + RANKS * self._fresh
        self._rows.append((self.pool, paid, self.clock, survivors, live, unit))
        if self.kin is not None:
            self._brought.append(self.brought.copy())
        self.survivors = survivors = survivors * (1.0 - self.give_up)
        self.after.append(survivors)
        if survivors < ALL_GONE:
            self._wipe(t)
        self.holders.append(self.survivors * sum(self._by_rank))

    def _wipe(self, t: int) -> None:
        """So few are left of those who joined that they count as gone."""
        self.wiped.append(t)
        self.survivors = 1.0
        self._front = [t + 1] * len(self.groups)
        self._out = [0.0] * len(self.groups)
        for package in self.packages:
            # Sums are only ever taken from here on.
            package.weight_to[-1] = package.const_to[-1] = 0.0
            if self.kin is not None:
                package.gain_to[t + 1] = 0.0
        self._count(t)

    def live_units(self) -> float:
        """Units that still earn."""
        total = self._live
        if self.kin is not None:
            total += float(np.vdot(self._live_gain, self._now))
        return self.survivors * total if total > 0.0 else 0.0

    def _divide(self, t: int) -> float:
        """The day's dividend over the live units, nobody beyond the quota; returns the yuan."""
        money, whole, paid = self.base, self._whole, 0.0
        live = self.live_units()
        units = self.issued if whole else live
        part = money / units if units > 0.0 else 0.0
        self._take_off(part)
        while self._least <= 0.0 < money:
            done = self._use_up(t, part)
            if done is None:
                break
            paid += done
            money = max(money - done, 0.0)
            live = self.live_units()
            if whole or live <= 0.0:
                # The others' part does not grow if it is the money over all units ever issued.
                break
            before, part = part, money / live
            self._take_off(part - before)
        if part > 0.0 and live > 0.0 and money > 0.0:
            self.clock += part
            if self.kin is not None:
                self.brought += part * self._now
                self._known.clear()
            given = min(part * live, money)
            paid += given
            money = money - given if whole else 0.0
        self.base = money
        return paid

    def _take_off(self, part: float) -> None:
        """Take ``part`` yuan a unit, and the last rank money, off what is left of all quotas."""
        gain, bound, near, least = self._gain, self._bound, [], inf
        bring = self._brought_to_fronts()
        for group in self._limited:
            units = group.rate + bring[group.number]
            group.left = left = group.left - part * units - gain[group.rank]
            if left <= bound:
                near.append(group)
                if left < least:  # noqa: PLR1730 - the quickest
                    least = left
        self._gain = [0.0] * (self._top + 1)
        self._near, self._least = near, least

    def _brought_to_fronts(self) -> list[float]:
        """Gain . V of the oldest order of each group."""
        if self.kin is None:
            return [0.0] * len(self.groups)
        found: list[float] = (self._gain_of * self._now[self._span]).sum(axis=1).tolist()
        return found

    def _front_of(self, group: Group, cohort: int) -> None:
        """Note the units of the oldest order of a group."""
        package = group.package
        group.rate = package.units
        if self.kin is not None:
            at = min(cohort, self.line.ticks - 1)
            span, gain = self.kin.of[at], package.gain[at]
            # Who has yet to join has none now, and at most what the next ones bring on joining.
            group.known = cohort < len(self.entry_clock)
            group.rate += float(package.const[at] if group.known else -(gain @ self._now[span]))
            self._span[group.number], self._gain_of[group.number] = span, gain

    def _use_up(self, t: int, part: float) -> float | None:
        """Pay those who have nothing left after ``part`` yuan a unit; the yuan, or None if none."""
        done = None
        for group in self._near:
            if group.left <= 0.0:
                paid = self._pay_off(t, group, part * HAIR, 0.0, 0.0)
                units = group.rate
                if self.kin is not None:
                    k = group.number
                    units += float(self._gain_of[k] @ self._now[self._span[k]])
                group.left -= part * units
                if paid is not None:
                    done = paid + (done or 0.0)
        return done

    def left(self, group: Group, cohort: int) -> float:
        """Yuan that one order of a cohort has left of its quota."""
        package, rank = group.package, group.rank
        since = self.clock - self.entry_clock[cohort]
        money = self.earned[rank] - self._ranks[cohort][rank]
        left = package.quota - package.units * since - money
        if self.kin is not None:
            left -= self._by_recruits(package, cohort)[0]
        return left

    def _by_recruits(self, package: Package, cohort: int) -> tuple[float, float]:
        """Yuan that an order has been paid by its recruits' units, and all units that it has."""
        kin, at = self.kin, (package.row, cohort)
        found = self._known.get(at)
        if found is None and kin is not None:
            span, gain, const = kin.of[cohort], package.gain[cohort], package.const[cohort]
            had = const * (self.clock - self.entry_clock[cohort])
            had += gain @ (self.brought[span] - self.entry_brought[cohort])
            now = package.units + const + gain @ self._now[span]
            found = self._known[at] = (float(had), float(now))
        return found or (0.0, package.units)

    def _look(self, group: Group, t: int) -> None:
        """Note what the oldest order of a group has left, and its units."""
        package, cohort = group.package, self._front[group.number]
        if cohort <= t:
            group.left = self.left(group, cohort) - package.hair
        else:
            # Nobody is there; who joins has the whole quota.
            group.left = package.quota - package.hair
        self._front_of(group, cohort)

    def _divide_pots(self, t: int) -> float:
        """The rank pots, V1 first; each over the live orders of its rank or a higher one."""
        survivors, pots, fresh = self.survivors, self.pots, self._fresh
        orders = self._from_rank(1)
        gain, total, paid = [0.0], 0.0, 0.0
        least = min(self._least, self._bound)
        for rank, kept in enumerate(pots, start=1):
            money = kept + fresh
            while money > 0.0:
                live = survivors * orders[rank]
                if live <= 0.0:
                    break
                part = money / live
                if least <= total + part * HAIR:
                    least, done = self._use_up_pot(t, rank, part * HAIR, total)
                    if done is not None:
                        orders = self._from_rank(rank)
                        paid += done
                        money = max(money - done, 0.0)
                        continue
                total += part
                paid += money
                money = 0.0
            if money != kept:
                pots[rank - 1] = money
            gain.append(total)
        self._fresh = 0.0
        if total > 0.0:
            self._gain, self._bound = gain, 1.5 * total
            self.earned = [have + more for have, more in zip(self.earned, gain, strict=True)]
        return paid

    def _from_rank(self, lowest: int) -> list[float]:
        """Live orders of each rank and the higher ones, down to ``lowest``."""
        orders, total = self._by_rank.copy(), 0.0
        for rank in range(RANKS, lowest - 1, -1):
            orders[rank] = total = total + orders[rank]
        return orders

    def _use_up_pot(self, t: int, rank: int, more: float, had: float) -> tuple[float, float | None]:
        """Pay those of a rank or a higher one whose quota ``more`` yuan an order use up.

        Returns the least that others of them have left before the day's rank money, of which they
        ``had`` some; and the yuan, or None if there are none.
        """
        reach, done = had + more, None
        if reach >= self._bound:
            self._bound = 1.5 * reach
            self._near = [group for group in self._limited if group.left <= self._bound]
        least = self._bound
        for group in self._near:
            if group.rank >= rank:
                if group.left <= reach:
                    paid = self._pay_off(t, group, 0.0, more, had)
                    if paid is not None:
                        done = paid + (done or 0.0)
                if group.left < least:  # noqa: PLR1730 - the quickest
                    least = group.left
        return least, done

    def _pay_off(self, t: int, group: Group, unit: float, more: float, had: float) -> float | None:
        """Pay those of a group whose quota a payment uses up; the yuan, or None if there are none.

        The payment is ``unit`` yuan a unit and ``more`` an order, after ``had`` on the same tick.
        """
        package, rank, k = group.package, group.rank, group.number
        quota, units, kin = package.quota, package.units, self.kin
        clock, entry_clock, ranks = self.clock, self.entry_clock, self._ranks
        earned, weight_to = self.earned[rank], package.weight_to
        first = at = self._front[k]
        out, paid, due = self._out[k], 0.0, unit * units + more
        while at <= t:
            # As in left and _look, without the calls.
            since = clock - entry_clock[at]
            left = quota - units * since - (earned - ranks[at][rank])
            if kin is not None:
                had_more, now = self._by_recruits(package, at)
                left -= had_more
                due = unit * now + more
            if left > had + due and left > had + package.nothing:
                group.left = left - package.hair
                if at > first or not group.known:
                    self._front_of(group, at)
                break
            weight = weight_to[at + 1] - weight_to[at] - out
            if left > had and weight > 0.0:
                paid += (left - had) * weight
            out = 0.0
            at += 1
        if at == first:
            return None
        self._take_out(group, at, t)
        if at > t:
            self._look(group, t)
        return self.survivors * group.part * paid

    def _take_out(self, group: Group, at: int, t: int) -> None:
        """Those of a group before cohort ``at`` have used up their quota."""
        package, part, rank, k = group.package, group.part, group.rank, group.number
        first = self._front[k]
        gone = part * (package.weight_to[at] - package.weight_to[first])
        self._live -= gone * package.units
        self._by_rank[rank] -= gone
        if self.kin is not None:
            self._add_units(group, first, at, -1.0)
        self._front[k] = at
        group.path.extend((t, at))
        if at > t:
            # So that rounding leaves nobody behind where nobody is left.
            self._by_rank[rank] = sum(
                self._live_orders(g, t) for g in self.groups if g.rank == rank
            )
            if not any(self._by_rank):
                self._live = 0.0
                if self.kin is not None:
                    self._live_gain[:] = 0.0

    def _live_orders(self, group: Group, t: int) -> float:
        """Orders of a group whose quota is not used up, over their survivors when they joined."""
        weight_to, k = group.package.weight_to, group.number
        return group.part * max(weight_to[t + 1] - weight_to[self._front[k]] - self._out[k], 0.0)

    @property
    def own(self) -> float:
        """Units that came with orders, without those for recruits."""
        return sum(self._new_units)

    def end(self, t: int) -> None:
        """Nobody orders any more after tick ``t`` (from 0), nobody is paid and nobody gives up."""
        self.stopped, self.give_up = True, 0.0
        rest = self.line.ticks - t - 1
        for new in (*self.orders, self._new_units, self._into_base, self._into_pots):
            new[t + 1 :] = [0.0] * rest
