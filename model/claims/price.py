"""Claims about the price of points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.claims.base import Claim, Figure, Input, Work
from model.claims.parts import has_points, one_order
from model.result import Result
from model.scheme import Scheme
from model.simulate import simulate

POINTS = ("wine-points", "thousand-yuan-points", "local-life-points")
#: A change of a price or a number this small (relative) is rounding.
ROUNDING = 1e-12


def _points(result: Result) -> tuple[Result, float, float]:
    """(run, yuan the pool has ever had, orders)."""
    series = result.series if result.points is None else result.points.series
    had = float(series["pool"].iloc[-1] + series["paid_out"].sum())
    return result, had, float(series["orders"].sum())


def _column(result: Result, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    series = result.series if result.points is None else result.points.series
    return series[name].to_numpy(dtype=float)


def only_rises(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """1. The price can only rise."""
    work = one_order(scheme)
    result, had, orders = _points(simulate(scheme))
    price = _column(result, "price")
    before = np.concatenate([[scheme.pool.launch_price], price[:-1]])
    work.given("price", end_price=price[-1])
    work.given("yuan", had=had)
    work.given(
        "count",
        orders=orders,
        falls=float((price < before * (1 - ROUNDING)).sum()),
        rises=float((price > before * (1 + ROUNDING)).sum()),
    )
    work.given("days", days=result.ticks)
    work.step("multiple", "rise", "end_price / launch")
    work.step("yuan", "backing", "had / orders")
    work.step("yuan", "median", "contribution * gift * 2 ** (1 - gift)")
    work.reason("fell", "falls", ">", 0, "wrong")
    work.reason("never_rises", "rises", "<=", 0, "wrong")
    rose = work["rises"] > 0
    work.reason("not_money" if rose else "a_part", "backing", "<", "spend", "leaves_out")
    work.reason("middle", "median", "<", "spend", "leaves_out")
    return work


def keeps_falling(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """4. The number in circulation keeps falling."""
    work = one_order(scheme)
    result, had, orders = _points(simulate(scheme))
    points = _column(result, "points")
    work.given("points", points_first=points[0], points_end=points[-1])
    work.given(
        "count",
        orders=orders,
        rose_days=float((np.diff(points) > ROUNDING * points[:-1]).sum()),
    )
    work.given("days", days=result.ticks)
    work.given("yuan", had=had)
    work.step("points", "points_more", "points_end - points_first")
    if work["points_first"] > 0:
        work.step("multiple", "points_change", "points_end / points_first")
    else:
        work.case = "none_at_first"
    work.step("yuan", "backing", "had / orders")
    work.reason("more_at_end", "points_end", ">", "points_first", "wrong")
    work.reason("rose", "rose_days", ">", 0, "wrong")
    work.reason("same_money", "backing", "<", "spend", "leaves_out")
    return work


def sell_offs(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """9. Sell-offs restart the rise. Many small holders sell in turn (docs/model.md)."""
    work = one_order(scheme)
    work.given("count", buyers=own["buyers"])
    work.given("share", sellers=own["sellers"] / 100)
    work.step("yuan", "pool_before", "buyers * contribution")
    work.step("multiple", "price_times", "(1 - sellers) ** (-fee)")
    work.step("share", "jump", "price_times - 1")
    work.step("yuan", "pool_after", "pool_before * (1 - sellers) ** (1 - fee)")
    work.step("yuan", "paid_sellers", "pool_before - pool_after")
    work.step("yuan", "per_seller", "paid_sellers / (buyers * sellers)")
    work.step("count", "refill", "paid_sellers / contribution")
    work.reason("no_rise", "price_times", "<=", 1, "wrong")
    # Without a fee nothing is left behind, and nobody else's points rise.
    fee = work["fee"] > 0
    work.case = "" if fee else "no_fee"
    work.reason("pool_falls" if fee else "refill", "pool_after", "<", "pool_before", "leaves_out")
    work.reason("sellers_less" if fee else "a_part", "per_seller", "<", "spend", "leaves_out")
    return work


def fee_benefits(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """10. The fee benefits the holders. Equal holders sell one after another."""
    work = one_order(scheme)
    number, fee = own["holders"], scheme.pool.fee
    left = np.arange(number, 0, -1.0)  # holders, before each sale
    part = (1 - fee) / left  # of the pool that each sale pays
    pool = work["contribution"] * number * np.cumprod(np.concatenate([[1.0], 1 - part[:-1]]))
    paid = pool * part
    work.given("count", holders=number)
    work.step("yuan", "first_paid", "contribution * (1 - fee)")
    work.given("yuan", middle_paid=paid[number // 2], last_paid=paid[-1], all_paid=paid.sum())
    work.step("yuan", "average_paid", "all_paid / holders")
    work.step("yuan", "stays", "contribution * holders - all_paid")
    work.reason("no_fee", "fee", "<=", 0, "wrong")
    work.reason("nothing_added", "average_paid", "<=", "contribution", "leaves_out")
    work.reason("first_less", "first_paid", "<", "contribution", "leaves_out")
    return work


CLAIMS = (
    Claim(
        number=1,
        id="price-only-rises",
        group="price",
        presets=POINTS,
        source="pitch-wine",
        work=only_rises,
        applies=has_points,
        pinned="leaves_out",
        because=("not_money", "middle"),
        knobs=("points_pool.share", "points_pool.gift", "demand.growth", "behaviour.sell_share"),
        # 100 x 0.3 x 0.7 x 2^0.3 = 21 x 1.2311 = 25.85
        figures=(Figure("median", 25.85, 2, worked=True),),
    ),
    Claim(
        number=4,
        id="fewer-and-fewer-points",
        group="price",
        presets=POINTS,
        source="pitch-wine",
        work=keeps_falling,
        applies=has_points,
        pinned="wrong",
        because=("more_at_end", "rose", "same_money"),
        knobs=("points_pool.gift", "demand.growth", "behaviour.sell_share"),
    ),
    Claim(
        number=9,
        id="sell-offs-restart-the-rise",
        group="price",
        presets=("thousand-yuan-points", "local-life-points"),
        source="pitch-six-subsidies",
        work=sell_offs,
        applies=has_points,
        pinned="leaves_out",
        because=("pool_falls", "sellers_less"),
        knobs=("points_pool.fee", "points_pool.share"),
        inputs=(
            Input(name="sellers", default=50, least=1, most=99),
            # Many small holders: one in a hundred is at least one.
            Input(name="buyers", default=1000, least=100, most=1_000_000_000),
        ),
        # 0.5^-0.2 = 1.1487; 300,000 x 0.5^0.8 = 172,305
        figures=(
            Figure("price_times", 1.1487, 4, worked=True),
            Figure("pool_after", 172_305, 0, worked=True),
        ),
    ),
    Claim(
        number=10,
        id="the-fee-is-good-for-holders",
        group="price",
        presets=POINTS,
        source="pitch-wine",
        work=fee_benefits,
        applies=has_points,
        pinned="leaves_out",
        because=("nothing_added", "first_less"),
        knobs=("points_pool.fee", "points_pool.share"),
        inputs=(Input(name="holders", default=1000, least=2, most=100_000),),
        # 30 x 0.9 = 27; theory: 2.70, 2.89, 5.66 for each 3 paid in
        figures=(
            Figure("first_paid", 27, 0, worked=True),
            Figure("middle_paid", 28.9, 1, worked=True),
            Figure("last_paid", 56.6, 1, worked=True),
        ),
    ),
)
