"""Order volume over time."""

from __future__ import annotations

from itertools import pairwise
from math import exp, floor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model import load, simulate
from model.demand import MAX_ORDERS_PER_TICK, Demand


def orders(ticks: int, *, one_per_tick: bool = False, **settings: object) -> list[int]:
    demand = Demand.model_validate(settings)
    return [int(n) for n in demand.whole_orders(ticks=ticks, one_per_tick=one_per_tick)]


def test_steady() -> None:
    assert orders(4, orders_per_tick=100) == [100, 100, 100, 100]


def test_fractions_are_carried_over() -> None:
    # 0.5 a day: one order every other day
    assert orders(6, orders_per_tick=0.5) == [0, 1, 0, 1, 0, 1]
    # ten days of a tenth are one order, in spite of binary fractions
    assert orders(30, orders_per_tick=0.1) == ([0] * 9 + [1]) * 3
    # 2.4 a day: 2.4, 4.8, 7.2, 9.6, 12.0 placed in all -> 2, 4, 7, 9, 12
    assert orders(5, orders_per_tick=2.4) == [2, 2, 3, 2, 3]


def test_growing() -> None:
    # 100, 110, 121, 133.1, 146.41: 100, 210, 331, 464.1, 610.51 in all
    assert orders(5, kind="growing", orders_per_tick=100, growth=0.1) == [100, 110, 121, 133, 146]


def test_shrinking() -> None:
    # 100, 90, 81, 72.9, 65.61: 100, 190, 271, 343.9, 409.51 in all
    assert orders(5, kind="growing", orders_per_tick=100, growth=-0.1) == [100, 90, 81, 72, 66]


def test_growth_stops_at_the_most_anybody_can_order() -> None:
    found = orders(200, kind="growing", orders_per_tick=1e6, growth=1.0)
    assert found[:3] == [1_000_000, 2_000_000, 4_000_000]
    assert max(found) == MAX_ORDERS_PER_TICK == found[-1]


def test_saturating_starts_with_the_given_volume_and_ends_with_the_population() -> None:
    found = orders(400, kind="saturating", orders_per_tick=100, growth=0.05, population=1_000_000)
    assert found[0] == 100
    assert sum(found) <= 1_000_000
    assert sum(found) == pytest.approx(1_000_000, rel=0.005)
    peak = int(np.argmax(found))
    # Half of the population has ordered at the peak: ln(P / C0 - 1) / 0.05, with C0 = 2000 but for
    # what a day's growth within the first day makes of it.
    assert peak == pytest.approx(np.log(1_000_000 / 2000 - 1) / 0.05, abs=1.5)
    assert all(a <= b + 1 for a, b in pairwise(found[:peak]))
    assert all(a >= b - 1 for a, b in pairwise(found[peak:]))


@given(
    start=st.floats(1e-3, MAX_ORDERS_PER_TICK),
    growth=st.sampled_from([1e-9, 1e-4, 0.05, 1.0]) | st.floats(-0.99, 1.0),
    population=st.floats(1, 1e12),
)
@example(start=1000.0, growth=1e-4, population=1e6)
@example(start=1000.0, growth=1.0, population=1e6)
@example(start=1e9, growth=1.0, population=1e12)
def test_saturating_starts_where_its_label_says(
    start: float, growth: float, population: float
) -> None:
    """The number on the first day is that of the first day, whatever the growth."""
    found = orders(
        3, kind="saturating", orders_per_tick=start, growth=growth, population=population
    )
    assert found[0] == pytest.approx(min(start, population), rel=1e-9, abs=1)
    # As any other kind with these numbers.
    steady = orders(1, kind="steady", orders_per_tick=min(start, population))
    assert abs(found[0] - steady[0]) <= 1e-9 * start + (start % 1 < 1e-6 or start % 1 > 1 - 1e-6)


def test_saturating_is_logistic_growth() -> None:
    """Small steps of dC/dt = q C (1 - C / P), stretched: what is placed in the end is P."""
    growth, population, first = 0.03, 1e5, 400.0
    found = np.cumsum(
        orders(600, kind="saturating", orders_per_tick=first, growth=growth, population=population)
    )

    def played(start: float) -> list[float]:
        grown, after = start, []
        for step in range(600 * 100):
            grown += growth / 100 * grown * (1 - grown / population)
            if (step + 1) % 100 == 0:
                after.append((grown - start) / (population - start) * population)
        return after

    low, high = 1.0, population / 2
    for _ in range(40):
        start = (low + high) / 2
        low, high = (
            (start, high) if played_first(start, growth, population) < first else (low, start)
        )
    assert found == pytest.approx(np.array(played(start)), abs=3 + 2e-3 * population)


def played_first(start: float, growth: float, population: float) -> float:
    """What the same small steps place on the first day."""
    grown = start
    for _ in range(100):
        grown += growth / 100 * grown * (1 - grown / population)
    return (grown - start) / (population - start) * population


def test_saturating_without_growth_fades_or_stays() -> None:
    assert orders(3, kind="saturating", orders_per_tick=10, growth=0, population=25) == [10, 10, 5]
    found = orders(50, kind="saturating", orders_per_tick=100, growth=-0.1, population=1e6)
    wanted = [100 * exp(-0.1 * day) for day in range(50)]
    assert np.cumsum(found).tolist() == [floor(x * (1 + 1e-12) + 1e-9) for x in np.cumsum(wanted)]


def test_list_then_none() -> None:
    assert orders(5, kind="list", orders=[3, 0, 2.5]) == [3, 0, 2, 0, 0]
    assert orders(2, kind="list", orders=[3, 4, 5]) == [3, 4]
    assert orders(3, kind="list", orders=[]) == [0, 0, 0]


@pytest.mark.parametrize("kind", ["steady", "growing", "saturating", "list"])
def test_every_kind_can_stop(kind: str) -> None:
    settings = {"kind": kind, "orders_per_tick": 50, "orders": [50.0] * 20}
    open_end = orders(20, **settings)
    assert all(open_end)
    # The last day with orders is day 7.
    assert orders(20, stop_tick=7, **settings) == open_end[:7] + [0] * 13


def test_one_order_a_tick_keeps_only_the_stop() -> None:
    assert orders(4, one_per_tick=True, kind="growing", orders_per_tick=500) == [1, 1, 1, 1]
    assert orders(4, one_per_tick=True, stop_tick=2) == [1, 1, 0, 0]


def test_the_run_uses_it() -> None:
    scheme = load(
        "wine-points",
        set={"demand.kind": "list", "demand.orders": [5, 0, 7], "horizon": 4},
    )
    series = simulate(scheme).series
    assert series["orders"].tolist() == [5, 0, 7, 0]
    assert series["sales"].tolist() == [500, 0, 700, 0]  # 100 yuan an order
    # With no orders and nobody leaving nothing changes: the price does not rise by itself.
    assert series["price"][2] == series["price"][1]
    assert series["price"][4] == series["price"][3]


@given(
    kind=st.sampled_from(["steady", "growing", "saturating", "list"]),
    start=st.floats(1e-3, MAX_ORDERS_PER_TICK),
    growth=st.floats(-0.99, 1.0),
    population=st.floats(1, 1e12),
    listed=st.lists(st.floats(0, MAX_ORDERS_PER_TICK), max_size=20),
    ticks=st.integers(1, 200),
)
def test_never_negative_never_endless(
    kind: str, start: float, growth: float, population: float, listed: list[float], ticks: int
) -> None:
    found = orders(
        ticks,
        kind=kind,
        orders_per_tick=start,
        growth=growth,
        population=population,
        orders=listed,
    )
    assert len(found) == ticks
    assert all(0 <= n <= MAX_ORDERS_PER_TICK * (1 + 1e-9) + 1 for n in found)
    if kind == "saturating":
        assert sum(found) <= population * (1 + 1e-9) + 1e-6
