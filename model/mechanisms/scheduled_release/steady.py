"""What becomes of a daily release at steady sales."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, isfinite

import numpy as np

from model.asked.course import NOTHING
from model.asked.steady import LONGEST, PLAYED, Ends, Sales, Steady
from model.mechanisms.scheduled_release.schedule import Schedule, made_faster
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.scheme import Scheme


class SteadyRelease(Steady[ScheduledRelease]):
    """Continuously, for a release in equal parts: a D / M and 2 a D / M; here whole ticks."""

    def ends(self, release: ScheduledRelease, sales: Sales) -> Ends:
        """Packages in their shares; see :meth:`Steady.ends`."""
        short, empty = _ends(sales.scheme, release, sales.capital / sales.orders, sales.account)
        played = PLAYED if empty is not None and made_faster(release) else 0
        return Ends(short=short, empty=empty, played=played)

    def times(self, release: ScheduledRelease, scale: float) -> ScheduledRelease:
        """Teams, too, sell so many times as much; see :meth:`Steady.times`."""
        stars = tuple((sales * scale, share) for sales, share in release.stars)
        return release.model_copy(update={"stars": stars})


def _ends(
    scheme: Scheme, release: ScheduledRelease, capital: float, account: float
) -> tuple[float | None, float | None]:
    """Due on tick t is what orders of all ages up to t - 1 are released; per order a tick."""
    schedule = Schedule(scheme, release)
    net = 1 - scheme.platform.withdrawal_fee
    income = (release.share + account) * scheme.order.mean_spend
    shares: list[tuple[int, float]] = list(enumerate(schedule.shares.tolist()))
    if schedule.bands:
        return _task_ends(schedule, net, income, capital)
    if net * float(schedule.credits @ schedule.shares) <= income * (1 + NOTHING):
        return None, None

    def due(tick: int) -> float:
        return net * sum(w * schedule.upto(tick - 1, p) for p, w in shares)

    def all_due(tick: int) -> float:
        return net * sum(w * schedule.summed(tick, p) for p, w in shares)

    short = _first_tick(lambda t: due(t) > income * (1 + 1e-12))
    if short is None:
        return None, None
    # From then on the gap only widens.
    empty = _first_tick(lambda t: t >= short and all_due(t) > (income * t + capital) * (1 + 1e-12))
    return float(short), None if empty is None else float(empty)


def _first_tick(true: Callable[[int], bool]) -> int | None:
    """The first tick for which something that stays true is true; None beyond a million years."""
    high = 1
    while not true(high):
        high *= 2
        if high > 365_000_000:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if true(middle) else (middle, high)
    return high


def _task_ends(
    schedule: Schedule, net: float, income: float, capital: float
) -> tuple[float | None, float | None]:
    """Tasks: summed day by day, with what advertisers pay for every live order."""
    ends = [schedule.days(p) for p in range(len(schedule.shares))]
    known = [sum(days for days, _ in band) for band in schedule.bands]
    length = min(max(known) + 2, LONGEST)
    daily, watched = np.zeros(length + 1), np.zeros(length + 1)
    for p, part in enumerate(schedule.shares.tolist()):
        at = 1
        for days, yuan in schedule.bands[p]:
            stop = min(at + days, length + 1)
            daily[at:stop] += part * yuan
            watched[at:stop] += part
            at = stop
        if not isfinite(ends[p]):
            watched[at:] += part
    due = net * np.cumsum(daily)  # of all ages up to
    come = income + schedule.watched() * np.cumsum(watched)
    gone = np.cumsum(due) - np.cumsum(come)
    # Index k is age k, due on tick k + 1.
    short = np.flatnonzero(due > come * (1 + 1e-12))
    empty = np.flatnonzero(gone > capital + 1e-12 * np.cumsum(come))
    if len(empty):
        return float(short[0] + 1), float(empty[0] + 1)
    lack = float(due[-1] - come[-1])
    if lack <= 0 or not len(short) or not all(isfinite(end) for end in ends):
        return None, None
    return float(short[0] + 1), float(length + 1 + floor((capital - gone[-1]) / lack) + 1)
