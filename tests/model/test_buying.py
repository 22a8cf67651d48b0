"""Orders without exits: one exact evaluation a tick agrees with order by order to 1e-9."""

from __future__ import annotations

from decimal import Context, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, simulate
from tests.model import agree, reference
from tests.model.reference import DIGITS, decimal, log_gamma

NO_EXIT: dict[str, Any] = {"points_pool.exit_multiple": None}


@pytest.mark.parametrize("preset", ["wine-points", "thousand-yuan-points", "local-life-points"])
@pytest.mark.parametrize(
    "demand",
    [
        {"demand.orders_per_tick": 1, "horizon": 60},
        {"demand.orders_per_tick": 7, "horizon": 40},
        {"demand.orders_per_tick": 0.4, "horizon": 100},
        {"demand.orders_per_tick": 150, "horizon": 4},
        {
            "demand.kind": "growing",
            "demand.growth": 0.2,
            "demand.orders_per_tick": 2,
            "horizon": 20,
        },
        {
            "demand.kind": "growing",
            "demand.growth": -0.1,
            "demand.orders_per_tick": 40,
            "horizon": 60,
        },
        {
            "demand.kind": "saturating",
            "demand.growth": 0.3,
            "demand.orders_per_tick": 3,
            "demand.population": 400,
            "horizon": 40,
        },
        {"demand.stop_tick": 5, "demand.orders_per_tick": 30, "horizon": 12},
        {"demand.kind": "list", "demand.orders": [0, 0, 17, 0, 200, 1, 1, 2, 0, 90], "horizon": 12},
        {"tick": "order", "horizon": 300},
    ],
    ids=lambda demand: "-".join(str(value) for value in demand.values())[:40],
)
def test_many_demands_in_exact_fractions(preset: str, demand: dict[str, Any]) -> None:
    agree.check(load(preset, set={**NO_EXIT, **demand}), number=reference.exact)


@given(
    gift=st.floats(0.01, 1.0).map(lambda x: round(x, 3)),
    share=st.floats(0.01, 1.0).map(lambda x: round(x, 3)),
    launch=st.sampled_from([0.01, 1.0, 7.3, 1000.0]),
    days=st.lists(st.integers(0, 60), min_size=1, max_size=12),
)
@settings(max_examples=agree.examples(60))
def test_any_split_and_any_days(gift: float, share: float, launch: float, days: list[int]) -> None:
    changes = {
        **NO_EXIT,
        "points_pool.gift": gift,
        "points_pool.share": share,
        "points_pool.launch_price": launch,
        "demand.kind": "list",
        "demand.orders": days,
        "horizon": len(days),
    }
    agree.check(load("wine-points", set=changes))


def test_a_thousand_orders_by_hand() -> None:
    # P = pool / points, order by order in exact fractions: 30 into the pool, 21 / P points.
    pool, points = Fraction(30), Fraction(21)
    prices = [pool / points]
    for _ in range(299):
        points += 21 / (pool / points)
        pool += 30
        prices.append(pool / points)
    series = simulate(load("wine-points", set={**NO_EXIT, "tick": "order", "horizon": 300})).series
    agree.same(series["price"], prices, "price")


@pytest.mark.parametrize("gift", [0.05, 0.5, 0.7, 0.95])
def test_a_million_orders_in_a_day(gift: float) -> None:
    """One day of a million orders against the gamma closed form in many digits."""
    changes = {
        **NO_EXIT,
        "points_pool.gift": gift,
        "demand.orders_per_tick": 1_000_000,
        "horizon": 3,
    }
    series = simulate(load("wine-points", set=changes)).series
    for day in (1, 2, 3):
        wanted = reference.price_after(day * 1_000_000, gift=gift)
        assert series["price"][day] == pytest.approx(float(wanted), rel=1e-12)
        assert series["pool"][day] == pytest.approx(day * 30e6, rel=1e-14)


def test_a_million_orders_in_plain_floats() -> None:
    """The same without any gamma function: the recurrence itself, a million times."""
    scheme = load("wine-points", set={**NO_EXIT, "demand.orders_per_tick": 250_000, "horizon": 4})
    loop = reference.float_loop(scheme, [250_000] * 4)
    series = simulate(scheme).series
    agree.same(series["price"], loop.price, "price")
    agree.same(series["points"], loop.points, "points")


def test_a_small_day_after_a_huge_one() -> None:
    """Two late orders beside a billion: their points must not drown in the rounding of the rest."""
    changes = {
        **NO_EXIT,
        "demand.kind": "list",
        "demand.orders": [1e9, 2, 100],
        "horizon": 3,
    }
    result = simulate(load("wine-points", set=changes))
    with localcontext(Context(prec=DIGITS)):
        g, n = decimal(0.7), decimal(1_000_000_000)

        def supply(orders: Any) -> Any:
            # S_N = 21 gamma(N + g) gamma(2) / (gamma(1 + g) gamma(N + 1)) x N, i.e. pool / price
            logs = log_gamma(orders + g) - log_gamma(1 + g) - log_gamma(orders)
            return 21 * logs.exp()

        second = supply(n + 2) - supply(n)
        third = supply(n + 102) - supply(n + 2)
    price = result.series["price"][3]
    assert result.cohorts["held_value"][2] == pytest.approx(float(second) * price, rel=1e-9)
    assert result.cohorts["held_value"][3] == pytest.approx(float(third) * price, rel=1e-9)


def test_a_billion_orders_every_tick_stay_finite() -> None:
    changes = {**NO_EXIT, "demand.orders_per_tick": 1e9, "horizon": 10_000}
    series = simulate(load("wine-points", set=changes)).series
    wanted = reference.price_after(10**13, gift=0.7)
    assert series["price"][10_000] == pytest.approx(float(wanted), rel=1e-9)
    assert series["price"].is_monotonic_increasing


def test_days_and_orders_are_the_same_line() -> None:
    """Without exits the length of a tick is only where one looks."""
    by_order = simulate(load("wine-points", set={**NO_EXIT, "tick": "order", "horizon": 600}))
    by_day = simulate(
        load("wine-points", set={**NO_EXIT, "demand.orders_per_tick": 60, "horizon": 10})
    )
    for day in range(1, 11):
        assert by_day.series["price"][day] == pytest.approx(
            by_order.series["price"][60 * day], rel=1e-12
        )
        mine = by_order.cohorts["held_value"].loc[60 * day - 59 : 60 * day].sum()
        assert by_day.cohorts["held_value"][day] == pytest.approx(mine, rel=1e-11)


def test_everything_gifted_never_moves_the_price() -> None:
    """gift = 1: every yuan is matched by a point's worth, so the price stays at launch."""
    changes = {**NO_EXIT, "points_pool.gift": 1, "demand.orders_per_tick": 1000, "horizon": 50}
    result, _ = agree.check(load("wine-points", set={**changes, "demand.orders_per_tick": 9}))
    assert result.series["price"].to_numpy() == pytest.approx(1.0, rel=1e-12)
    big = simulate(load("wine-points", set=changes)).series
    assert big["price"].to_numpy() == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(
    "demand",
    [
        {"demand.orders_per_tick": 54_795, "horizon": 1825},
        {"demand.orders_per_tick": 0.01, "horizon": 900},
        {"demand.kind": "growing", "demand.growth": 0.5, "demand.orders_per_tick": 1},
        {"demand.kind": "list", "demand.orders": [0, 0, 5, 0, 1e9, 1, 0, 2]},
        {"tick": "order", "horizon": 2000},
    ],
    ids=lambda demand: "-".join(str(value) for value in demand.values())[:40],
)
def test_many_ticks_at_once_are_the_same_as_one_by_one(demand: dict[str, Any]) -> None:
    """A cap that is never reached changes nothing but the way the run is worked out."""
    quick = simulate(load("wine-points", set={**NO_EXIT, **demand}))
    slow = simulate(load("wine-points", set={**NO_EXIT, **demand, "points_pool.issue_cap": 1e15}))
    for name in quick.series.columns:
        agree.same(quick.series[name], slow.series[name], name)
    for name in ("buyers", "spent", "received", "held_value", "paper_even"):
        agree.same(quick.cohorts[name], slow.cohorts[name], name)
    assert quick.flows["amount"].sum() == pytest.approx(slow.flows["amount"].sum(), rel=1e-12)
