"""What a daily release pays one order by its age, by itself and brought forward."""

from __future__ import annotations

from math import ceil, exp, expm1, floor, inf, isfinite, log1p

import numpy as np

from model.asked.course import NOTHING
from model.asked.steady import LONGEST
from model.mechanisms.base import levels_reached
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.scheme import Scheme

#: Steps in which a release that recruits or teams make faster is followed.
STEPS = 4000


class Schedule:
    """What one order of each package is released day by day, before the fee, by its age in ticks.

    By itself, without recruits or stars. ``upto(days)``: yuan so far, shape (packages,).
    """

    def __init__(self, scheme: Scheme, release: ScheduledRelease) -> None:
        self.release = release
        choices = scheme.order.choices
        self.prices = np.array([price for price, _ in choices])
        self.shares = np.array([share for _, share in choices])
        self.credits = np.array(scheme.credits(release))
        self.rate = release.daily_rate
        self.levels = [points for points, _ in release.rewards]
        self.rewards = [0.0, *(yuan for _, yuan in release.rewards)]
        #: per package and band of credit: (days, yuan a day), rewards only
        self.bands = [self._tasks(float(c)) for c in self.credits] if release.rewards else []

    def _tasks(self, credit: float) -> list[tuple[int, float]]:
        """(days, yuan a day) in turn until the credit is used up or releases nothing."""
        found: list[tuple[int, float]] = []
        left = credit
        while left > NOTHING * credit:
            at = int(levels_reached(self.levels, left, of=credit))
            daily = self.release.tasks * self.rewards[at]
            if daily <= 0:
                break
            if daily >= left:
                found.append((1, left))
                break
            floor_ = self.levels[at - 1] if at else 0.0
            # The reward is by the credit at the opening, so the last day may cross the level.
            days = max(floor((left - floor_) / daily * (1 + 1e-12)) + (floor_ > 0), 1)
            days = min(days, int(left / daily * (1 + 1e-12)))
            found.append((days, daily))
            left -= days * daily
        return found

    def days(self, package: int) -> float:
        """Ticks until the credit of ``package`` is used up; inf if it never is."""
        if self.bands:
            paid = sum(days * yuan for days, yuan in self.bands[package])
            days = sum(days for days, _ in self.bands[package])
            return days if paid >= self.credits[package] * (1 - 1e-6) else inf
        if self.release.basis == "balance":
            return inf
        daily = self.rate * float(self.prices[package])
        return float(ceil(float(self.credits[package]) / daily * (1 - NOTHING)))

    def upto(self, days: float, package: int) -> float:
        """Yuan released to one order by its age in whole ticks."""
        credit = float(self.credits[package])
        if self.bands:
            total, left = 0.0, days
            for length, yuan in self.bands[package]:
                total += min(left, length) * yuan
                left -= min(left, length)
            return min(total, credit)
        if self.release.basis == "balance":
            return credit * -expm1(days * log1p(-min(self.rate, 1 - NOTHING)))
        return min(days * self.rate * float(self.prices[package]), credit)

    def summed(self, days: float, package: int) -> float:
        """The sum of ``upto`` over the ages 0, 1, ... up to ``days`` - 1."""
        credit = float(self.credits[package])
        if self.release.basis == "balance":
            left = exp(days * log1p(-min(self.rate, 1 - NOTHING)))
            return credit * (days - (1 - left) / self.rate)
        daily = self.rate * float(self.prices[package])
        full = floor(credit / daily * (1 + NOTHING))
        last = min(days - 1, full)
        return daily * last * (last + 1) / 2 + credit * max(days - 1 - full, 0.0)

    def watched(self) -> float:
        """What an advertiser pays for one live order a tick, yuan."""
        if not self.bands:
            return 0.0
        return self.release.ad_share * self.release.ad_income * self.release.tasks

    def discounted(self, growth: float) -> tuple[float, float]:
        """Yuan due to the average order, and its ticks of watching, each x (1 + growth)^-age."""
        due = watching = 0.0
        for p, part in enumerate(self.shares.tolist()):
            credit = float(self.credits[p])
            if self.bands:
                age = 0
                for days, yuan in self.bands[p]:
                    due += part * yuan * annuity(days, growth) * exp(-age * log1p(growth))
                    age += days
                watching += part * annuity(self.waiting(p), growth)
            elif self.release.basis == "balance":
                due += part * credit * self.rate / (growth + self.rate)
            else:
                daily = self.rate * float(self.prices[p])
                full = floor(credit / daily * (1 + NOTHING))
                rest = max(credit - full * daily, 0.0)
                due += part * daily * annuity(full, growth)
                due += part * rest * exp(-(full + 1) * log1p(growth))
        return due, watching

    def waiting(self, package: int) -> float:
        """Ticks on which an order has credit left; a very long time if some is never released."""
        return min(self.days(package), float(LONGEST))


def annuity(days: float, growth: float) -> float:
    """The sum of (1 + growth)^-d over d = 1 .. days."""
    if growth <= 0:
        return days
    return -expm1(-days * log1p(growth)) / growth


class Faster:
    """A release that recruits and stars bring forward, at steady growth; followed step by step.

    An order has on average ``growth`` direct recruits for each tick it has been there, and
    growth^2 (age - a) of the second generation of age a. Stars are paid at the highest rate, as
    all sales together pass every threshold in time, to the oldest: all orders of one age are paid
    off by them.
    """

    def __init__(self, schedule: Schedule, growth: float) -> None:
        release = schedule.release
        credit = schedule.credits.tolist()
        rates = (schedule.rate * schedule.prices).tolist()
        shares = schedule.shares.tolist()
        star = max((share for _, share in release.stars), default=0.0)
        ends = [schedule.days(p) for p in range(len(credit))]
        longest = max((d for d in ends if isfinite(d)), default=0.0)
        if release.basis == "balance" and not release.rewards:
            longest = 25.0 / schedule.rate
        step = max(1.0, ceil(longest / STEPS))
        discount, keep = 1.0, exp(-step * log1p(growth))
        each = growth * step
        left, first, second = list(credit), 0.0, 0.0
        due_sum = star_sum = watched = 0.0
        #: yuan one order of each package has had by the end of each step
        self.path: list[list[float]] = [[0.0] * len(credit)]
        self.step = step
        for _ in range(int(longest / step) + 2):
            discount *= keep
            extra = each * (
                release.first_generation * first + release.second_generation * each * second
            )
            base_mean = due_mean = 0.0
            open_ = False
            for p, (part, have) in enumerate(zip(shares, left, strict=True)):
                if have <= NOTHING * credit[p]:
                    continue
                open_ = True
                if release.rewards:
                    at = int(levels_reached(schedule.levels, have, of=credit[p]))
                    base = min(step * release.tasks * schedule.rewards[at], have)
                    watched += part * step * discount
                elif release.basis == "balance":
                    base = have * (1 - (1 - schedule.rate) ** step)
                else:
                    base = min(step * rates[p], have)
                due = min(base + extra, have)
                left[p] = have - due
                base_mean += part * base
                due_mean += part * due
            if not open_:
                break
            second += first
            first += base_mean
            due_sum += due_mean * discount
            star_sum += star * base_mean * discount
            room = sum(part * have for part, have in zip(shares, left, strict=True)) * discount
            paid_off = star > 0 and star_sum >= room
            if paid_off:
                left = [0.0] * len(credit)
            self.path.append([c - have for c, have in zip(credit, left, strict=True)])
            if paid_off or discount < 1e-26:
                break
        # All of the stars' money finds somebody who has credit left.
        due_sum += star_sum
        self.due = due_sum
        self.watching = watched

    def upto(self, days: float, package: int) -> float:
        """Yuan released to the average order of ``package`` by its age."""
        return self.path[min(int(days / self.step), len(self.path) - 1)][package]


def made_faster(release: ScheduledRelease) -> bool:
    """Whether recruits or teams bring it forward."""
    return bool(release.first_generation or release.second_generation or release.stars)
