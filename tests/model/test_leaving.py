"""Voluntary selling, take-profit, panic, points used for goods, and the constant-points swap."""

from __future__ import annotations

from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, simulate
from model.funding import METHODS
from model.mechanisms.points_pool.fate import _Sums
from tests.model import agree, reference

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

DAYS: dict[str, Any] = {"demand.orders_per_tick": 12, "horizon": 45}


@pytest.mark.parametrize("fee", [0.0, 0.1, 0.3])
@pytest.mark.parametrize(
    "behaviour",
    [
        {"sell_share": 0.01},
        {"sell_share": 0.3},
        {"take_profit": 0.3},
        {"take_profit": 0.3, "take_profit_share": 0.25},
        {"take_profit": 0.3, "take_profit_share": 0.6, "sell_share": 0.05},
        {"panic_growth": 0.2, "panic_share": 0.4},
        {"panic_growth": 0.3, "panic_share": 0.1, "sell_share": 0.02, "take_profit": 0.4},
        {"panic_growth": 10, "panic_share": 1},
    ],
    ids=lambda behaviour: "-".join(f"{k}={v}" for k, v in behaviour.items()),
)
@pytest.mark.parametrize("multiple", [None, 0.5])
def test_against_the_oracle(behaviour: dict[str, Any], fee: float, multiple: float | None) -> None:
    changes = {f"behaviour.{key}": value for key, value in behaviour.items()}
    changes |= {**DAYS, "points_pool.fee": fee, "points_pool.exit_multiple": multiple}
    agree.check(load("wine-points", set=changes))


def test_a_share_of_all_holders_sells_by_hand() -> None:
    # Two orders a day of 100 yuan, 30 % into the pool, 70 % gifted, half of all holders sell, f 0.1
    changes = {
        "demand.orders_per_tick": 2,
        "horizon": 1,
        "behaviour.sell_share": 0.5,
        "points_pool.exit_multiple": None,
    }
    result = simulate(load("wine-points", set=changes))
    day = result.series.loc[1]
    # 21 points, then 21 / (30/21) = 14.7: 35.7 points, 60 yuan, 60 / 35.7 = 1.680672
    # half sells: 17.85 points x 1.680672 = 30; 27 are paid, 3 stay: 33 yuan for 17.85 points
    assert day["pool"] == pytest.approx(33, rel=1e-12)
    assert day["points"] == pytest.approx(17.85, rel=1e-12)
    assert day["price"] == pytest.approx(33 / 17.85, rel=1e-12)
    assert day["paid_out"] == pytest.approx(27, rel=1e-12)
    assert day["fees"] == pytest.approx(3, rel=1e-12)
    assert day["exits"] == pytest.approx(1, rel=1e-12)  # half of each of two orders
    assert result.cohorts["received"][1] == pytest.approx(27, rel=1e-12)
    assert result.cohorts["held_value"][1] == pytest.approx(33, rel=1e-12)


def test_take_profit_by_hand() -> None:
    # The first order's 21 points are worth 21 x 1.4286 = 30 at once: 0.3 of the price.
    changes = {
        "tick": "order",
        "horizon": 2,
        "behaviour.take_profit": 0.3,
        "behaviour.take_profit_share": 0.5,
        "points_pool.exit_multiple": None,
    }
    result = simulate(load("wine-points", set={**changes, "behaviour.take_profit": 0.29}))
    # half of them sells: 15 less the fee of 1.5 -> 30 - 13.5 = 16.5 yuan, 10.5 points, 1.571429
    assert result.series["pool"][1] == pytest.approx(16.5, rel=1e-12)
    assert result.series["points"][1] == pytest.approx(10.5, rel=1e-12)
    assert result.cohorts["received"][1] == pytest.approx(13.5, rel=1e-12)
    # The other half has decided to wait: it does not sell when the value is reached again.
    assert result.cohorts["left"][1] == pytest.approx(0.5, rel=1e-12)


def test_panic_waits_for_thirty_ticks_and_for_slow_growth() -> None:
    changes = {
        "demand.orders_per_tick": 12,
        "horizon": 80,
        "behaviour.panic_growth": 0.35,
        "behaviour.panic_share": 0.1,
        "points_pool.exit_multiple": None,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    series = result.series
    assert (series["exits"].loc[:30] == 0).all()
    calm = simulate(load("wine-points", set={**changes, "behaviour.panic_growth": None})).series
    # Until the first panic the price is as if nobody ever sold; growth over 30 days falls as
    # (t / (t - 30))^0.3, under 1.35 from day 48 on.
    growth = calm["price"] / calm["price"].shift(30) - 1
    first = int(series.index[series["exits"] > 0][0])
    assert first == int(growth.index[growth < 0.35][0])
    assert 40 < first < 60


def test_panic_raises_the_price_and_shrinks_the_pool() -> None:
    """The cycle story: points fall faster than the pool, so the price jumps (the fee is why)."""
    changes = {
        "demand.orders_per_tick": 20,
        "demand.stop_tick": 40,
        "horizon": 80,
        "behaviour.panic_growth": 0.05,
        "behaviour.panic_share": 0.2,
        "points_pool.fee": 0.2,
        "points_pool.exit_multiple": None,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    series = result.series
    panic = series.index[series["exits"] > 0]
    first = int(panic[0])
    before, after = series.loc[first - 1], series.loc[first]
    assert after["price"] > before["price"]
    assert after["points"] / before["points"] == pytest.approx(0.8, rel=1e-9)
    # a fifth sells, four fifths of its value leave: 1 - 0.2 x 0.8
    assert after["pool"] / before["pool"] == pytest.approx(0.84, rel=1e-9)


def test_a_run_on_the_pool_is_no_danger_to_the_pool() -> None:
    """Everybody sells at once: each is paid the price less the fee and the pool keeps the fee."""
    changes = {
        "demand.orders_per_tick": 10,
        "demand.stop_tick": 31,
        "horizon": 33,
        "behaviour.panic_growth": 10,
        "behaviour.panic_share": 1,
        "points_pool.exit_multiple": None,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    series = result.series
    assert series["points"][31] == 0
    # 31 days x 10 orders x 30 yuan = 9300; a tenth of it stays behind
    assert series["pool"][31] == pytest.approx(930, rel=1e-12)
    assert series["price"][33] == series["price"][31]
    assert result.totals["received"] == pytest.approx(8370, rel=1e-12)


def test_the_next_buyer_after_everybody_left_owns_the_fees() -> None:
    changes = {
        "demand.kind": "list",
        "demand.orders": [0] * 30 + [10, 0, 1],
        "horizon": 34,
        "behaviour.panic_growth": 10,
        "behaviour.panic_share": 1,
        "points_pool.exit_multiple": None,
    }
    # growth over 30 days is judged from day 31 on; day 31 sells all ten
    result, wanted = agree.check(load("wine-points", set=changes))
    assert float(wanted.points[30]) == 0
    # 10 x 30 x 0.1 = 30 yuan of fees. The buyer of day 33 pays in 30 and is alone: 60 yuan, of
    # which he is paid 54 the same evening, for a purchase that put 30 into the pool.
    assert result.cohorts["received"][33] == pytest.approx(54, rel=1e-12)


@pytest.mark.parametrize("gap", [0, 1, 2, 31])
@pytest.mark.parametrize("sell_share", [0.0, 0.05])
@pytest.mark.parametrize("multiple", [None, 0.4])
def test_who_comes_after_everybody_sold_and_a_day_without_orders(
    gap: int, sell_share: float, multiple: float | None
) -> None:
    """On day 31 everybody sells, on the empty days after it again; then there are new buyers."""
    days = [10] * 31 + [0] * gap + [10] * 5 + [0] * 3 + [10] * 3
    changes = {
        "demand.kind": "list",
        "demand.orders": days,
        "horizon": len(days),
        "behaviour.panic_growth": 2,
        "behaviour.panic_share": 1,
        "behaviour.sell_share": sell_share,
        "points_pool.exit_multiple": multiple,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    cohorts, paid = result.cohorts, float(result.series["paid_out"].sum())
    assert (cohorts["exit_tick"].dropna() >= cohorts.index[cohorts["exit_tick"].notna()]).all()
    assert float(cohorts["received"].sum()) == pytest.approx(paid, rel=1e-12)
    for method in METHODS:
        table = result.funding(method=method, bins=len(days))
        assert float(table.to_numpy().sum()) == pytest.approx(paid, rel=1e-9)


def test_what_is_left_of_a_crowd_sells_at_a_price_beyond_all_sense() -> None:
    """All but one in a million sell each day; what little is left is then worth a fortune."""
    changes = {
        "demand.kind": "list",
        "demand.orders": [0] * 31 + [2] * 7 + [0] * 31,
        "horizon": 99,
        "behaviour.panic_growth": 0.3,
        "behaviour.panic_share": 0.999999,
        "behaviour.sell_share": 0.05,
        "points_pool.exit_multiple": 3,
        "points_pool.gift": 1,
        "points_pool.outside": [[5, 100.0], [40, 1000.0]],
        "points_pool.debt": 500.0,
        "points_pool.debt_tick": 33,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    received = float(result.cohorts["received"].sum())
    assert received == pytest.approx(result.totals["received"], rel=1e-9)


def test_what_little_a_sale_leaves_in_the_pool_keeps_its_digits() -> None:
    """Nothing is kept back, all sell, and nothing is left but what old members cannot sell yet."""
    changes = {
        "demand.kind": "list",
        "demand.orders": [0, 1] + [0] * 31 + [1, 1],
        "horizon": 65,
        "behaviour.panic_growth": 0.1,
        "behaviour.panic_share": 1,
        "behaviour.sell_share": 0.5,
        "points_pool.exit_multiple": None,
        "points_pool.fee": 0,
        "points_pool.redeem_share": 0.5,
        "points_pool.gift": 0.05,
        "points_pool.debt": 500.0,
        "points_pool.debt_tick": 33,
        "points_pool.debt_batches": 3,
        "points_pool.debt_interval": 7,
    }
    agree.check(load("wine-points", set=changes))


@given(
    powers=st.lists(st.floats(-40, 40), min_size=1, max_size=70),
    ends=st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), min_size=1, max_size=20),
)
@settings(max_examples=agree.examples(60))
def test_sums_between_ticks_keep_their_digits(
    powers: list[float], ends: list[tuple[int, int]]
) -> None:
    amounts = 10.0 ** np.array(powers)
    start, end = np.minimum(np.sort(np.array(ends), axis=1), len(powers)).T
    wanted = [fsum(amounts[a:b]) for a, b in zip(start, end, strict=True)]
    assert _Sums(amounts).between(start, end) == pytest.approx(wanted, rel=1e-9, abs=0.0)


@pytest.mark.parametrize("multiple", [None, 0.6])
def test_goods_for_points(multiple: float | None) -> None:
    changes = {**DAYS, "points_pool.redeem_share": 0.05, "points_pool.exit_multiple": multiple}
    result, _ = agree.check(load("wine-points", set=changes))
    assert result.totals["received"] > 0 or multiple is None
    assert (result.series["fees"] == 0).all() or multiple is not None


def test_goods_for_points_destroy_points_and_leave_the_pool() -> None:
    changes = {
        "demand.orders_per_tick": 2,
        "horizon": 1,
        "points_pool.redeem_share": 0.5,
        "points_pool.exit_multiple": None,
    }
    result = simulate(load("wine-points", set=changes))
    day = result.series.loc[1]
    # 35.7 points, 60 yuan; half the points are spent on goods: 17.85 left, still 60 yuan
    assert day["pool"] == 60
    assert day["points"] == pytest.approx(17.85, rel=1e-12)
    assert day["price"] == pytest.approx(60 / 17.85, rel=1e-12)
    assert result.cohorts["goods"][1] == pytest.approx(30, rel=1e-12)  # at 1.680672
    assert result.cohorts["received"][1] == 0
    assert day["exits"] == 0  # nobody was paid off


def test_swapping_into_constant_points_keeps_the_points_in_circulation() -> None:
    changes = {
        "demand.orders_per_tick": 2,
        "horizon": 1,
        "points_pool.swap_share": 0.5,
        "points_pool.exit_multiple": None,
    }
    result = simulate(load("wine-points", set=changes))
    day = result.series.loc[1]
    # Half of 35.7 points go to the platform for 17.85 x 1.680672 = 30 constant points.
    assert (day["pool"], day["price"]) == (60, pytest.approx(60 / 35.7, rel=1e-12))
    assert day["points"] == pytest.approx(35.7, rel=1e-12)
    assert result.constant_points.tolist() == [pytest.approx(30, rel=1e-12)]
    assert result.holdings["platform"] == pytest.approx(17.85, rel=1e-12)
    assert result.holdings["buyers"] == pytest.approx(17.85, rel=1e-12)


def test_merchants_swap_back_at_the_price_of_the_day() -> None:
    changes = {
        "demand.kind": "list",
        "demand.orders": [2, 2],
        "horizon": 2,
        "points_pool.swap_share": 0.5,
        "points_pool.swap_back_share": 0.5,
        "points_pool.exit_multiple": None,
    }
    result = simulate(load("wine-points", set=changes))
    # Day 1 as above, then half of the 30 constant points go back: 8.925 points to merchants.
    # Day 2: 35.7 points at 60 / 35.7; order 3: 12.495 -> 48.195, 90; order 4: 21 / 1.867414 =
    # 11.2455 -> 59.4405 points, 120 yuan, 2.018826. Buyers hold 17.85 + 23.7405 = 41.5905 and swap
    # half, 20.79525 points, at 2.018826. With the 15 from day 1, half of it goes back.
    price = Fraction(120) / Fraction("59.4405")
    swapped = Fraction("20.79525") * price
    back = (15 + swapped) / 2 / price
    assert result.series["points"][2] == pytest.approx(59.4405, rel=1e-12)
    assert result.constant_points[1] == pytest.approx(float(15 + swapped) / 2, rel=1e-12)
    holdings = result.holdings
    assert holdings["merchants"] == pytest.approx(8.925 + float(back), rel=1e-12)
    assert holdings["platform"] == pytest.approx(8.925 + 20.79525 - float(back), rel=1e-12)
    assert sum(holdings.values()) == pytest.approx(59.4405, rel=1e-12)


@pytest.mark.parametrize("multiple", [None, 0.6])
@pytest.mark.parametrize("back", [0.0, 0.1, 1.0])
def test_swaps_against_the_oracle(back: float, multiple: float | None) -> None:
    changes = {
        **DAYS,
        "points_pool.swap_share": 0.04,
        "points_pool.swap_back_share": back,
        "points_pool.exit_multiple": multiple,
        "behaviour.sell_share": 0.01,
    }
    agree.check(load("wine-points", set=changes))


@given(
    sell=st.sampled_from([0.0, 0.003, 0.1, 0.5]),
    take=st.sampled_from([None, 0.22, 0.3, 0.5]),
    take_share=st.sampled_from([0.1, 0.5, 1.0]),
    panic=st.sampled_from([None, 0.1, 0.5]),
    panic_share=st.sampled_from([0.05, 0.5, 1.0]),
    redeem=st.sampled_from([0.0, 0.02, 0.5]),
    swap=st.sampled_from([0.0, 0.05, 0.5]),
    back=st.sampled_from([0.0, 0.3, 1.0]),
    multiple=st.sampled_from([None, 0.25, 0.4, 1.0]),
    fee=st.sampled_from([0.0, 0.1, 0.4]),
    days=st.lists(st.sampled_from([0, 0, 1, 2, 5, 30]), min_size=33, max_size=60),
)
@settings(max_examples=agree.examples(100))
def test_any_mixture_against_the_oracle(
    sell: float,
    take: float | None,
    take_share: float,
    panic: float | None,
    panic_share: float,
    redeem: float,
    swap: float,
    back: float,
    multiple: float | None,
    fee: float,
    days: list[int],
) -> None:
    changes = {
        "behaviour.sell_share": sell,
        "behaviour.take_profit": take,
        "behaviour.take_profit_share": take_share,
        "behaviour.panic_growth": panic,
        "behaviour.panic_share": panic_share,
        "points_pool.redeem_share": redeem,
        "points_pool.swap_share": swap,
        "points_pool.swap_back_share": back,
        "points_pool.exit_multiple": multiple,
        "points_pool.fee": fee,
        "demand.kind": "list",
        "demand.orders": days,
        "horizon": len(days),
    }
    agree.check(load("wine-points", set=changes))


@pytest.mark.parametrize(
    ("settings_", "ticks"),
    [
        ({"behaviour.sell_share": 0.5}, 450),
        ({"behaviour.sell_share": 0.5, "demand.stop_tick": 300}, 400),
        ({"behaviour.sell_share": 0.5, "points_pool.fee": 0.0}, 800),
        (
            {"behaviour.sell_share": 0.5, "points_pool.exit_multiple": 0.4, "points_pool.fee": 0},
            400,
        ),
        ({"points_pool.redeem_share": 0.5, "points_pool.swap_share": 0.5}, 200),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_long_time_of_heavy_selling(settings_: dict[str, Any], ticks: int) -> None:
    """What is left of early orders falls below 1e-100; those of yesterday are still there."""
    changes = {
        "demand.orders_per_tick": 2,
        "points_pool.exit_multiple": None,
        **settings_,
        "horizon": ticks,
    }
    scheme = load("wine-points", set=changes)
    result = simulate(scheme)
    wanted = reference.run(scheme, agree.volumes(scheme))
    agree.same(result.series["price"], wanted.price, "price")
    agree.same(result.series["pool"], wanted.pool, "pool")
    agree.same(result.series["points"], wanted.points, "points")
    received = wanted.by_cohort(lambda line: line.received)
    agree.same(result.cohorts["received"], list(received.values()), "received", floor=1e-6)
    left = wanted.by_cohort(lambda line: line.left)
    agree.same(result.cohorts["left"], list(left.values()), "left", floor=1e-6)
    held = wanted.by_cohort(lambda line: line.weight * line.points * wanted.price[-1])
    agree.same(result.cohorts["held_value"], list(held.values()), "held", floor=1e-6)
