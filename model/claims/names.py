"""Claims that lie in what something is called."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from model.claims.base import SAME, Claim, Figure, Input, Work
from model.claims.parts import (
    about,
    forced_exit,
    has_points,
    one_order,
    the,
    until_forced_out,
)
from model.claims.price import POINTS, ROUNDING
from model.crowd import crowd_factor, price_after
from model.mechanisms.commission import Commission
from model.result import Result
from model.scheme import MAX_HORIZON, Scheme
from model.simulate import simulate

CAP = 100_000_000


def listing(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """19. Listing turns points into shares."""
    work = one_order(scheme)
    work.given("count", orders=own["at_order"])
    work.given("points", cap=own["cap"])
    work.given("share", stands_for=own["stands_for"] / 100)
    work.given("price", price=price_after(own["at_order"], pool=scheme.pool))
    work.step("yuan", "sales", "orders * spend")
    work.step("yuan", "pool_then", "orders * contribution")
    work.step("points", "issued", "pool_then / price")
    work.step("yuan", "all_points", "price * cap")
    work.step("yuan", "company", "all_points / stands_for")
    work.step("multiple", "over_sales", "company / sales")
    work.step("share", "issued_part", "issued / cap")
    work.reason("over_cap", "issued", ">", "cap", "wrong")
    work.reason("worth_more_than_sales", "company", ">", "sales", "leaves_out")
    work.reason("not_in_pool", "all_points", ">", "pool_then", "leaves_out")
    return work


def no_recruiting(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """21. It is not a pyramid because it does not need strong recruiting."""
    work, pool, rates = one_order(scheme), scheme.pool, the(Commission, scheme)
    if pool.exit_multiple is not None:
        forced_exit(work, scheme)
        case = until_forced_out(work, scheme)
    else:
        # Nobody is forced out: what a buyer waits for is the price back, after the fee.
        work.given("yuan", exit_paid=work["spend"])
        work.given("multiple", factor=crowd_factor(1 / (1 - pool.fee), pool=pool))
        never = not math.isfinite(work["factor"])
        case = "at_once" if work["factor"] <= 1 + SAME else "never" if never else ""
    work.case = case
    work.step("yuan", "from_others", "max(exit_paid - contribution, 0)")
    work.given("rate", direct=rates.direct, indirect=rates.indirect)
    work.step("yuan", "for_recruits", "spend * (direct + indirect)")
    if case == "never":
        work.reason("never_paid", "factor", ">", 1, "wrong")
    else:
        work.step("count", "new_orders", "factor - 1")
        others = work["from_others"] > 0
        name = "needs_new_buyers" if others else "needs_new_orders"
        work.reason(name, "factor", ">", 1, "wrong")
    work.reason("pays_on_recruits", "for_recruits", ">", 0, "leaves_out")
    return work


def paused(scheme: Scheme, days: int) -> Result:
    """Orders for so many days, and then none for as many."""
    demand = scheme.demand.model_copy(update={"stop_tick": days})
    return simulate(scheme.model_copy(update={"demand": demand, "horizon": 2 * days}))


def one_by_one(scheme: Scheme, orders: int) -> Result:
    """Single orders from launch, without exits; at most as many as a run may have."""
    pool = scheme.pool.model_copy(update={"exit_multiple": None})
    mechanisms = tuple(pool if m is scheme.pool else m for m in scheme.mechanisms)
    horizon = min(orders, MAX_HORIZON)
    return simulate(
        scheme.model_copy(update={"tick": "order", "horizon": horizon, "mechanisms": mechanisms})
    )


def every_day(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """23. The market alone sets the price, it rises every day: orders stop half way."""
    half = own["pause"]
    result = paused(scheme, half)
    work = one_order(scheme)
    series = result.series if result.points is None else result.points.series
    price = series["price"].to_numpy(dtype=float)
    after = price[half - 1 :]
    work.given("price", price_last_order=price[half - 1], price_later=price[-1])
    work.given("days", pause=half)
    work.given("count", rising_days=float((np.diff(after) > ROUNDING * after[:-1]).sum()))
    work.given("yuan", pool_later=float(series["pool"].iloc[-1]))
    work.given("points", points_later=float(series["points"].iloc[-1]))
    work.step("price", "by_formula", "pool_later / points_later")
    work.step("price", "price_change", "price_later - price_last_order")
    if work["rising_days"] <= 0:
        work.case = "still"
    work.reason("stands_still", "rising_days", "<", "pause", "wrong")
    if work["points_later"] > 0:
        work.reason("a_formula", "by_formula", ">", 0, "leaves_out")
    return work


def scarce(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """24. Points are scarce."""
    work = one_order(scheme)
    work.given("count", orders=own["issue_orders"])
    work.given("points", cap=own["cap"])
    work.given("share", holder_part=0.02)
    work.given("price", price=price_after(own["issue_orders"], pool=scheme.pool))
    work.step("yuan", "pool_then", "orders * contribution")
    work.step("points", "issued", "pool_then / price")
    work.step("yuan", "all_points", "price * cap")
    work.step("points", "holder_needs", "cap * holder_part")
    work.step("yuan", "holder_worth", "holder_needs * price")
    work.reason("over_cap", "issued", ">", "cap", "wrong")
    work.reason("cap_unreached", "issued", "<", "cap", "leaves_out")
    work.reason("not_in_pool", "all_points", ">", "pool_then", "leaves_out")
    return work


def rose_times(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """28. It rose 5.1731 times."""
    work = one_order(scheme)
    work.given("count", orders=own["ratio_orders"])
    work.given("price", price=price_after(own["ratio_orders"], pool=scheme.pool))
    work.step("multiple", "ratio", "price / launch")
    work.step("share", "rise_part", "ratio - 1")
    work.step("yuan", "median", "contribution * gift * 2 ** (1 - gift)")
    work.reason("is_the_ratio", "rise_part", "<", "ratio", "wrong")
    work.reason("not_for_all", "median", "<", "spend", "leaves_out")
    return work


def has_points_and_pay(scheme: Scheme) -> bool:
    """Whether a scheme has a points pool and commissions."""
    return has_points(scheme) and about("commissions", scheme)


CLAIMS = (
    Claim(
        number=19,
        id="points-become-shares",
        group="names",
        presets=("wine-points",),
        source="pitch-wine",
        work=listing,
        applies=has_points,
        pinned="leaves_out",
        because=("worth_more_than_sales", "not_in_pool"),
        knobs=("points_pool.share", "points_pool.gift"),
        inputs=(
            Input(name="at_order", default=100, least=1, most=10**9),
            Input(name="cap", default=CAP, least=1, most=10**12),
            Input(name="stands_for", default=50, least=1, most=100),
        ),
        figures=(
            Figure("price", 5.1731, 4),
            Figure("company", 1.03e9, -7, worked=True),
            Figure("sales", 10_000, 0, worked=True),
        ),
    ),
    Claim(
        number=21,
        id="no-pyramid-without-recruiting",
        group="names",
        presets=("local-life-points",),
        source="pitch-local-life",
        work=no_recruiting,
        applies=has_points_and_pay,
        pinned="wrong",
        because=("needs_new_buyers", "pays_on_recruits"),
        knobs=("points_pool.exit_multiple", "commission.direct", "commission.indirect"),
        figures=(Figure("for_recruits", 5, 0, worked=True),),  # 1000 x (0.3 % + 0.2 %)
        also=("order-444",),
    ),
    Claim(
        number=23,
        id="the-market-lifts-it-every-day",
        group="names",
        presets=POINTS,
        source="pitch-wine",
        work=every_day,
        applies=has_points,
        pinned="wrong",
        because=("stands_still", "a_formula"),
        knobs=("demand.orders_per_tick", "behaviour.sell_share"),
        inputs=(Input(name="pause", default=30, least=1, most=1000),),
        figures=(Figure("price_change", 0, 8, worked=True),),
    ),
    Claim(
        number=24,
        id="points-are-scarce",
        group="names",
        presets=("wine-points",),
        source="pitch-wine",
        work=scarce,
        applies=has_points,
        pinned="leaves_out",
        because=("cap_unreached", "not_in_pool"),
        knobs=("points_pool.share", "points_pool.gift"),
        inputs=(
            Input(name="issue_orders", default=100_000_000, least=1, most=10**12),
            Input(name="cap", default=CAP, least=1, most=10**12),
        ),
        figures=(
            Figure("price", 326.06, 2, worked=True),
            Figure("issued", 9.2e6, -5, worked=True),
            Figure("all_points", 32.6e9, -8, worked=True),
            Figure("pool_then", 3e9, 0, worked=True),
            Figure("holder_needs", 2_000_000, 0),
        ),
    ),
    Claim(
        number=28,
        id="it-rose-five-times",
        group="names",
        presets=("wine-points",),
        source="pitch-wine",
        work=rose_times,
        applies=has_points,
        pinned="wrong",
        because=("is_the_ratio", "not_for_all"),
        knobs=("points_pool.gift",),
        inputs=(Input(name="ratio_orders", default=100, least=1, most=10**9),),
        figures=(Figure("ratio", 5.1731, 4), Figure("rise_part", 4.17, 2, worked=True)),
    ),
)
