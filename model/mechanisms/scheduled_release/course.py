"""What an order is paid by a daily release, as the line grows."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, inf, isfinite, log1p

from model.asked.course import NOTHING, Buyer, Course, Courses
from model.mechanisms.scheduled_release.schedule import Faster, Schedule, made_faster
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.scheme import Scheme


class ReleaseCourse(Courses[ScheduledRelease]):
    """It takes days and no crowd while it can be paid.

    At the growth needed for ever, orders multiply by (1 + q)^D over D days; where none is needed
    (q = 0) by 1. By the balance, the credit is never quite used up.
    """

    def course(self, release: ScheduledRelease, buyer: Buyer) -> Course:
        """See :meth:`Courses.course`."""
        scheme, package = buyer.scheme, buyer.package
        growth = _growth_needed(scheme, release, buyer.account)
        schedule = Schedule(scheme, release)
        net = 1 - scheme.platform.withdrawal_fee
        price, credit = float(schedule.prices[package]), float(schedule.credits[package])
        if not isfinite(growth):
            return Course(paid=lambda _: 0.0, done=inf, growth=growth)
        days = schedule.days(package)
        per_tick = log1p(growth)
        upto: Callable[[float, int], float] = schedule.upto
        if buyer.recruits and made_faster(release) and growth > 0:
            faster = Faster(schedule, growth)
            upto = faster.upto
            if isfinite(days):
                at = [row[package] for row in faster.path]
                days = faster.step * next(
                    (k for k, had in enumerate(at) if had >= credit * (1 - NOTHING)), len(at) - 1
                )
        if per_tick <= 0:
            all_of_it = (
                credit if isfinite(days) or not schedule.bands else schedule.upto(inf, package)
            )
            return Course(
                paid=lambda _: net * all_of_it / price,
                done=0.0 if all_of_it >= credit * (1 - 1e-6) else inf,
                growth=growth,
            )

        def paid(x: float) -> float:
            return net * upto(floor(x / per_tick * (1 + 1e-12) + NOTHING), package) / price

        done = days * per_tick if isfinite(days) else inf
        return Course(paid=paid, done=done, growth=growth)


def _growth_needed(scheme: Scheme, release: ScheduledRelease, account: float) -> float:
    """Growth a tick at which what is due is what comes in, for ever; 0 if none is needed.

    The sum of what an order is due at each age, each (1 + q)^-age, less what advertisers pay, is
    what an order brings in: for one package released in equal parts M (1 - e^(-qD)) / (qD) = a, for
    a part of the balance q = rho (M/a - 1). What comes in is the share and the platform's part.
    """
    schedule = Schedule(scheme, release)
    net = 1 - scheme.platform.withdrawal_fee
    there = (release.share + account) * scheme.order.mean_spend
    view = schedule.watched()

    def lacks(growth: float) -> bool:
        if made_faster(release):
            faster = Faster(schedule, growth)
            due, watching = faster.due, faster.watching
        else:
            due, watching = schedule.discounted(growth)
        return net * due > (there + view * watching) * (1 + 1e-12)

    if net * float(schedule.credits @ schedule.shares) <= there * (1 + 1e-12):
        return 0.0
    # Advertisers pay more the longer orders wait, so the largest growth that lacks money counts.
    high = 64.0 if view > 0 else 1e-3
    while lacks(high):
        high *= 2
        if high > 1e6:
            return inf
    low = high / 2
    while not lacks(low):
        high, low = low, low / 2
        if low < 1e-9:
            return 0.0
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if lacks(middle) else (low, middle)
    return high
