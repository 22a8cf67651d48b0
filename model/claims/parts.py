"""Lines of arithmetic that several claims share."""

from __future__ import annotations

from typing import TypeVar

from model.claims.base import Work
from model.mechanisms import Commission, DividendPool, PointsPool, RefundQueue, ScheduledRelease
from model.scheme import Scheme

Found = TypeVar("Found", PointsPool, DividendPool, ScheduledRelease, RefundQueue, Commission)


def the(kind: type[Found], scheme: Scheme) -> Found:
    """The first mechanism of a kind; raises LookupError if there is none."""
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, kind):
            return mechanism
    raise LookupError(f"{scheme.id} has no {kind.__name__}")


def has(kind: type[Found], scheme: Scheme) -> bool:
    """Whether a scheme has a mechanism of this kind."""
    return any(isinstance(mechanism, kind) for mechanism in scheme.mechanisms)


def has_points(scheme: Scheme) -> bool:
    """Whether a scheme has a points pool."""
    return scheme.points_pool is not None


def one_order(scheme: Scheme) -> Work:
    """One order of a points pool: what goes into the pool, and the points that are given."""
    work, pool = Work(), scheme.pool
    work.given("yuan", spend=scheme.order.spend)
    work.given("share", share=pool.share, gift=pool.gift, fee=pool.fee)
    work.given("price", launch=pool.launch_price)
    work.step("yuan", "contribution", "spend * share")
    return work


def points_of_first(work: Work) -> None:
    """The points that the first order is given."""
    work.step("yuan", "credit", "contribution * gift")
    work.step("points", "points_got", "credit / launch")


def forced_exit(work: Work, scheme: Scheme) -> None:
    """What a forced exit is worth and pays."""
    work.given("multiple", times=scheme.pool.exit_multiple)
    work.step("yuan", "quota", "spend * times")
    work.step("yuan", "exit_paid", "quota * (1 - fee)")
