"""Statements of the theory that the pages print, each with its number."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from model import crowd, load, simulate
from model.mechanisms.points_pool import PointsPool
from tests.model import agree, reference

THIRTY = PointsPool(share=0.3, gift=0.7, fee=0.1)
SIXTEEN = PointsPool(share=0.16, gift=0.7, fee=0.2)


def test_price_from_launch() -> None:
    # P_n = gamma(n + 1) gamma(1.7) / (0.7 gamma(n + 0.7)); 30 / 21, 60 / 35.7, 90 / 48.195, ...
    known = {1: 1.4286, 2: 1.6807, 3: 1.8674, 4: 2.0188, 100: 5.1731}
    for order, price in known.items():
        assert round(crowd.price_after(order, pool=THIRTY), 4) == price
        assert round(float(reference.price_after(order, gift=0.7)), 4) == price
    assert round(crowd.price_after(100, pool=THIRTY), 8) == 5.17307660
    for order in (1, 10, 1234, 10**6, 10**12, 10**15):
        wanted = float(reference.price_after(order, gift=0.7))
        assert crowd.price_after(order, pool=THIRTY) == pytest.approx(wanted, rel=1e-11)
    assert crowd.price_after(0, pool=THIRTY) == 1


def test_price_grows_like_the_number_of_orders_to_the_0_3() -> None:
    # close to gamma(1.7) / 0.7 x n^0.3 = 1.2981 n^0.3
    assert crowd.price_after(10**9, pool=THIRTY) == pytest.approx(1.29806 * 1e9**0.3, rel=1e-5)


@pytest.mark.parametrize(
    ("pool", "multiple", "fee", "factor"),
    [
        # K = (m / (a g (1 - f)))^(1 / 0.3); before the fee f = 0
        (THIRTY, 1.0, 0.0, 182),
        (THIRTY, 1.2, 0.0, 334),
        (THIRTY, 2.0, 0.0, 1831),
        (THIRTY, 3.0, 0.0, 7074),
        (SIXTEEN, 1.0, 0.0, 1476),
        (SIXTEEN, 1.2, 0.0, 2712),
        # the money back after the fee
        (THIRTY, 1.0, 0.1, 258),
        (THIRTY, 1.0, 0.2, 382),
        (SIXTEEN, 1.0, 0.2, 3107),
    ],
)
def test_crowd_factor(pool: PointsPool, multiple: float, fee: float, factor: int) -> None:
    found = crowd.crowd_factor(multiple / (1 - fee), pool=pool)
    assert found == pytest.approx(factor, abs=0.7)
    # So it is in a run of a million orders in which nobody sells: one buyer in K has got there.
    changes = {
        "points_pool.share": pool.share,
        "points_pool.exit_multiple": None,
        "horizon": 1000,
        "points_pool.fee": fee,
        "demand.orders_per_tick": 1000,
    }
    if multiple == 1.0:
        totals = simulate(load("wine-points", set=changes)).totals
        assert totals["paper_even"] == pytest.approx(1e6 / factor, rel=0.01)


@pytest.mark.parametrize(
    ("share", "multiple", "fee", "formula", "loop", "exits"),
    [
        # 300,000 orders one by one: 300,000 / 1008 = 298, / 114 = 2632, / 169 = 1775, / 43 = 6977
        (0.3, 1.2, 0.2, 298, 298, 1008),
        (0.16, 1.2, 0.2, 2623, 2632, 114),
        (0.3, 2.0, 0.1, 1768, 1775, 169),
        (0.3, 3.0, 0.2, 6943, 6977, 43),
    ],
)
def test_crowd_factor_with_forced_exits(
    share: float, multiple: float, fee: float, formula: int, loop: int, exits: int
) -> None:
    pool = PointsPool(share=share, gift=0.7, fee=fee)
    found = crowd.crowd_factor(multiple, pool=pool, forced_exits=True)
    assert found == pytest.approx(formula, abs=0.7)
    changes = {
        "points_pool.share": share,
        "points_pool.exit_multiple": multiple,
        "points_pool.fee": fee,
        "demand.orders_per_tick": 30,
        "horizon": 10_000,
    }
    scheme = load("wine-points", set=changes)
    each = reference.float_loop(scheme, [300_000], settle="order")
    assert sum(each.forced) == exits
    assert round(300_000 / exits) == loop
    # Thirty orders a day, settled daily, are the same to one exit.
    assert simulate(scheme).totals["forced"] == pytest.approx(exits, abs=1.01)
    # Within half a percent of the formula once there are enough exits to count.
    long = simulate(load("wine-points", set={**changes, "demand.orders_per_tick": 10_000})).totals
    assert long["buyers"] / long["forced"] == pytest.approx(found, rel=0.005)


def test_the_first_buyers_need_less() -> None:
    # 100 / 21 = 4.7619 is first reached by order 76, 200 / 21 = 9.5238 by order 768
    assert crowd.order_reaching(1, place=1, pool=THIRTY) == 76
    assert crowd.order_reaching(2, place=1, pool=THIRTY) == 768
    series = simulate(
        load(
            "wine-points", set={"tick": "order", "horizon": 800, "points_pool.exit_multiple": None}
        )
    ).series
    value = 21 * series["price"]
    assert int(value.index[value >= 100][0]) == 76
    assert int(value.index[value >= 200][0]) == 768


def test_selling_by_others_shortens_the_line_at_their_cost() -> None:
    """If half of all buyers sell at once (a = 0.3, f = 0.2), one in 21 gets there, not one in 182.

    Of every contribution of 1, half of the 0.7 gifted is sold back at 0.8: the pool keeps 0.72 and
    0.35 worth of points stay, so the price grows like N^((0.72 - 0.35) / 0.72) = N^0.5139, and
    4.7619^(1 / 0.5139) = 20.8.
    """
    changes = {
        "tick": "order",
        "horizon": 10_000,
        "points_pool.exit_multiple": None,
        "points_pool.fee": 0.2,
        "behaviour.take_profit": 0.01,
        "behaviour.take_profit_share": 0.5,
    }
    result = simulate(load("wine-points", set=changes))
    # half of each order's holders are still there; together they hold at least the price
    there = (2 * result.cohorts["held_value"] >= 100).sum()
    assert 10_000 / there == pytest.approx(20.8, rel=0.01)
    # 4.7619 = 100 / 21
    assert pytest.approx(20.8, abs=0.1) == 4.7619 ** (0.72 / 0.37)


def test_who_holds_what_if_nobody_sells() -> None:
    changes = {
        "points_pool.exit_multiple": None,
        "demand.orders_per_tick": 1000,
        "horizon": 1000,
    }
    result = simulate(load("wine-points", set=changes))
    each = (result.cohorts["held_value"] / result.cohorts["buyers"]).to_numpy()
    assert each[499:501].mean() == pytest.approx(25.85, abs=0.02)  # 21 x 2^0.3
    assert 100 * crowd.median_value(pool=THIRTY) == pytest.approx(25.85, abs=0.005)
    assert (each >= 30).mean() == pytest.approx(0.305, abs=0.001)  # (30 / 21)^(-1 / 0.3)
    assert (each >= 100).mean() == pytest.approx(0.0055, abs=0.001)
    assert crowd.share_holding(0.3, pool=THIRTY) == pytest.approx(0.305, abs=0.0005)
    assert crowd.share_holding(1, pool=THIRTY) == pytest.approx(0.0055, abs=0.00005)
    assert each[:10].sum() / each.sum() == pytest.approx(0.04, abs=0.0005)  # 0.01^0.7
    assert each[500:].sum() / each.sum() == pytest.approx(0.38, abs=0.005)  # 1 - 0.5^0.7


def test_price_depends_on_orders_and_not_on_pace() -> None:
    slow = {"demand.orders_per_tick": 10, "horizon": 1000}
    fast = {"demand.kind": "growing", "demand.growth": 0.5, "demand.orders_per_tick": 100}
    runs = []
    for demand in (slow, {**fast, "horizon": 9}):
        series = simulate(load("wine-points", set={"points_pool.exit_multiple": None, **demand}))
        runs.append(series.series)
    total = int(runs[1]["orders"].sum())
    assert runs[0]["price"][total // 10] == pytest.approx(
        float(reference.price_after(total // 10 * 10, gift=0.7)), rel=1e-12
    )
    assert runs[1]["price"][9] == pytest.approx(float(reference.price_after(total, gift=0.7)))


def test_the_pool_is_all_there_is() -> None:
    """price x points = pool: all claims together are worth the pool, whatever people do."""
    changes = {
        "demand.orders_per_tick": 30,
        "horizon": 200,
        "behaviour.sell_share": 0.01,
        "behaviour.take_profit": 0.5,
        "points_pool.exit_multiple": 0.8,
    }
    series = simulate(load("wine-points", set=changes)).series
    agree.same(series["price"] * series["points"], series["pool"], "claims")
    # pool + everything ever paid out = 30 % of everything ever spent
    both = series["pool"] + series["paid_out"].cumsum()
    agree.same(both, 0.3 * series["sales"].cumsum(), "pool and paid out")


def test_a_thousand_equal_holders_leave_one_after_another() -> None:
    """Those who wait get more: 2.70 for the first, 2.89 in the middle, 5.66 for the last.

    A thousand holders of one point each at a price of 3, f = 0.1; nobody orders any more.
    """
    pool, paid = 3000.0, []
    for left in range(1000, 0, -1):
        paid.append(0.9 * pool / left)
        pool -= paid[-1]
    assert [round(paid[k], 2) for k in (0, 500, 999)] == [2.70, 2.89, 5.66]
    # The engine's own selling: half of the holders leave every day, at one price a day.
    changes = {
        "demand.kind": "list",
        "demand.orders": [1000],
        "horizon": 10,
        "points_pool.gift": 1,
        "behaviour.sell_share": 0.5,
        "points_pool.exit_multiple": None,
        "points_pool.fee": 0.1,
    }
    result = simulate(load("wine-points", set=changes))
    # 1 - 0.5 x 0.9 = 0.55 of the pool and 0.5 of the points are left: the price rises by a tenth
    assert np.diff(np.log(result.series["price"])) == pytest.approx(log(1.1), rel=1e-9)


def test_forced_exit_pays_no_more_than_the_multiple_less_the_fee() -> None:
    for preset, most in (
        ("local-life-points", 960),  # 0.8 x 1.2 x 1000
        ("thousand-yuan-points", 2400),  # 0.8 x 3 x 1000
        ("wine-points", 180),  # 0.9 x 2 x 100
    ):
        assert load(preset).most_paid == pytest.approx(most, rel=1e-12)
    assert load("wine-points", set={"points_pool.exit_multiple": None}).most_paid is None


def test_several_orders_of_one_member_tested_together() -> None:
    # Orders 1 and 3 at 1 and 1.6807: 21 and 12.495 points, 200 yuan spent, forced out at 2x = 400:
    # 400 / 33.495 = 11.942
    found = crowd.member_exit_price([1, 3], multiple=2, pool=THIRTY)
    assert found == pytest.approx(400 / 33.495, rel=1e-9)
    with pytest.raises(ValueError, match="at least one"):
        crowd.member_exit_price([], multiple=2, pool=THIRTY)


def test_never_is_never() -> None:
    flat = PointsPool(share=0.3, gift=1.0)
    assert crowd.orders_until_price(2, pool=flat) == float("inf")
    assert crowd.crowd_factor(1, pool=flat) == float("inf")
    assert crowd.order_reaching(100, place=10**9, pool=THIRTY) == float("inf")
    assert crowd.crowd_factor(0.2, pool=THIRTY) == 1  # less than what is credited
