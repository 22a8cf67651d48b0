"""Lines of arithmetic that several claims share."""

from __future__ import annotations

from math import ceil, inf, isfinite
from typing import TypeVar

from model.claims.base import SAME, Work
from model.crowd import crowd_factor
from model.mechanisms.dividend_pool import DividendPool
from model.scheme import Mechanism, Scheme
from model.simulate import simulate

Found = TypeVar("Found", bound=Mechanism)


def the(kind: type[Found], scheme: Scheme) -> Found:
    """The first mechanism of a kind; raises LookupError if there is none."""
    for mechanism in kind.among(scheme.mechanisms):
        return mechanism
    raise LookupError(f"{scheme.id} has no {kind.__name__}")


def about(topic: str, scheme: Scheme) -> bool:
    """Whether a scheme has a mechanism that claims about ``topic`` speak of."""
    return any(mechanism.topic == topic for mechanism in scheme.mechanisms)


def has_points(scheme: Scheme) -> bool:
    """Whether a scheme has a points pool."""
    return about("points", scheme)


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
    """What a forced exit is worth and pays; without limit where nobody is forced out."""
    work.given("multiple", times=scheme.pool.exit_multiple)
    work.step("yuan", "quota", "spend * times")
    work.step("yuan", "exit_paid", "quota * (1 - fee)")


def until_forced_out(work: Work, scheme: Scheme) -> str:
    """``factor``: orders must multiply by so much until a late buyer is forced out.

    Returns what is special about it: ``no_exit``, ``never``, ``at_once`` (or after a few orders) or
    nothing. Gives ``forced``: 1 where the rule forces buyers out, else 0.
    """
    pool, multiple = scheme.pool, scheme.pool.exit_multiple
    work.given("count", forced=0 if multiple is None else 1)
    factor = inf if multiple is None else crowd_factor(multiple, pool=pool, forced_exits=True)
    work.given("multiple", factor=factor)
    if multiple is None:
        return "no_exit"
    if factor <= 1 + SAME:
        return "at_once"
    return "" if isfinite(factor) else "never"


#: The day on which a year has passed since the first.
A_YEAR_ON = 366


def unit_paid(scheme: Scheme, pool: DividendPool) -> tuple[float, float, float, float]:
    """(first, second, a year on, units at the second): yuan a unit is paid, and how many share.

    At the first two payments and at the first one a year after day one. A unit is paid its even
    part of the pot and never more than its quota, also where that is used up at once and a run's
    record of the payment is empty.
    """
    every = pool.interval
    year = ceil(A_YEAR_ON / every) * every
    longer = scheme.model_copy(update={"horizon": max(scheme.horizon, year, 2 * every)})
    result = simulate(longer)
    record = result.record(pool.name)
    quota = (pool.quota_multiple or inf) * pool.spend_per_unit

    def at(tick: int) -> float:
        recorded, units = float(record.price[tick - 1]), float(record.units[tick - 1])
        if units <= 0:
            return 0.0
        if recorded <= 0:
            recorded = pool.share * float(result.line.sales[tick - every : tick].sum()) / units
        return min(recorded, quota)

    return at(every), at(2 * every), at(year), float(record.units[2 * every - 1])
