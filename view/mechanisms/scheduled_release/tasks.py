"""What one order is released on a day, and what advertisers pay of it. No Streamlit here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import inf

from model.claims.parts import the
from model.mechanisms.base import levels_reached
from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme


@dataclass(frozen=True)
class Advertising:
    """What advertisers pay of one order's credit."""

    days: float  # until the credit is used up; inf: never
    credit: float  # yuan of it
    advertisers: float  # yuan that they pay in these days, at most the credit
    reward: float  # yuan for the first task
    view: float  # yuan that an advertiser pays for it on average

    @property
    def buyers(self) -> float:
        """Yuan that have to come from elsewhere."""
        return self.credit - self.advertisers


def advertising(scheme: Scheme, release: ScheduledRelease, package: int) -> Advertising:
    """Work out who pays for the tasks of one order, if it does them every day."""
    credit = left = scheme.credits(release)[package]
    days, reward = 0.0, 0.0
    for level, each in reversed(release.rewards):
        if left <= 0 or not levels_reached([level], left, of=credit):
            continue
        a_day = each * release.tasks
        reward = reward or each
        if a_day <= 0:
            days = inf
            break
        # Down to the next lower level, or to nothing.
        whole = 1e-9  # of a day: rounding makes no day longer
        steps = (
            math.ceil(left / a_day - whole)
            if level <= 0
            else math.floor((left - level) / a_day + whole) + 1
        )
        days += steps
        left -= steps * a_day
    if left > 1e-9 * credit:
        days = inf  # below the first level nothing is paid
    view = release.ad_share * release.ad_income
    advertisers = credit if math.isinf(days) else min(days * release.tasks * view, credit)
    return Advertising(days, credit, advertisers if view > 0 else 0.0, reward, view)


def ads_of(scheme: Scheme, package: int) -> Advertising | None:
    """Who pays for the tasks of ``scheme``, if there are any."""
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, ScheduledRelease) and mechanism.rewards:
            return advertising(scheme, mechanism, package)
    return None


def daily_release(scheme: Scheme, package: int) -> float:
    """Yuan that one order is released on its first day, before a fee on withdrawals."""
    release = the(ScheduledRelease, scheme)
    credit = scheme.credits(release)[package]
    if release.rewards:
        return min(advertising(scheme, release, package).reward * release.tasks, credit)
    base = scheme.order.choices[package][0] if release.basis == "price" else credit
    return min(release.daily_rate * base, credit)
