"""Settings at the edge of what is allowed: finite, balanced, and never endless."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model import load, presets, simulate
from model.mechanisms.points_pool.joining import PRICE_LIMIT
from model.preset import SchemeError
from model.result import Result
from model.scheme import scheme_parameters
from tests.model import agree

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)


def sound(result: Result) -> None:
    """Finite everywhere, and every yuan accounted for."""
    series, cohorts = result.series, result.cohorts.drop(columns="exit_tick")
    for table in (series, cohorts):
        assert np.isfinite(table.to_numpy(dtype=float)).all()
    closing = series["pool"].to_numpy()
    assert result.ledger.largest_gap(account="pool", closing=closing) <= 1e-9
    assert all(np.isfinite(value) for value in result.totals.values())
    table = result.funding()
    assert np.isfinite(table.to_numpy()).all()


POINTS = scheme_parameters(load("wine-points"))
BESIDE: list[dict[str, Any]] = [
    {},
    {"behaviour.sell_share": 0.5, "points_pool.redeem_share": 0.5, "points_pool.swap_share": 0.5},
    {"behaviour.take_profit": 0.3, "behaviour.take_profit_share": 0.5},
    {"behaviour.panic_growth": 10, "behaviour.panic_share": 1},
    {"points_pool.debt": 1000.0, "points_pool.exit_multiple": 0.3},
    {"points_pool.issue_cap": 1000, "points_pool.outside": [[5, 1e13]]},
]


@pytest.mark.parametrize("beside", BESIDE, ids=lambda beside: "-".join(beside) or "alone")
@pytest.mark.parametrize(
    "key",
    [k for k, p in POINTS.items() if p.unit not in {"choice", "list", "ticks"}],
)
def test_every_number_at_its_bounds(key: str, beside: dict[str, Any]) -> None:
    parameter = POINTS[key]
    assert parameter.minimum is not None
    assert parameter.maximum is not None
    low, high = parameter.minimum, parameter.maximum
    if parameter.exclusive_minimum:
        low = float(np.nextafter(low, high))
    if parameter.exclusive_maximum:
        high = float(np.nextafter(high, low))
    values = [low, high]
    if parameter.minimum == 0:
        values.append(5e-324)  # as small as a number can be
    for value in values:
        if isinstance(parameter.default, int):
            value = int(value)  # noqa: PLW2901
        settings = {"horizon": 40, "demand.orders_per_tick": 30, **beside, key: value}
        sound(simulate(load("wine-points", set=settings)))


@pytest.mark.parametrize("name", sorted(set(presets()) - set(presets(family="points_pool"))))
def test_every_number_of_every_other_preset_at_its_bounds(name: str) -> None:
    refused = tried = 0
    for key, parameter in scheme_parameters(load(name)).items():
        if parameter.unit in {"choice", "list"} or key == "horizon":
            continue
        for value in (parameter.minimum, parameter.maximum):
            if value is None:
                continue
            whole = int(value) if isinstance(parameter.default, int) else value
            tried += 1
            try:
                scheme = load(name, set={"horizon": 25, "demand.orders_per_tick": 30, key: whole})
            except SchemeError:
                refused += 1  # beside the other numbers it does not hold
                continue
            result = simulate(scheme)
            for table in (result.series, result.cohorts.drop(columns="exit_tick")):
                values = table.to_numpy(dtype=float)
                assert np.isfinite(values).all(), (key, whole)
                assert values.min(initial=0.0) >= -1e-6 * max(1.0, values.max(initial=0.0)), key
    assert refused < tried / 4


@pytest.mark.parametrize("gift", [0.001, 0.01, 0.99, 0.999999, 1.0])
@pytest.mark.parametrize("multiple", [None, 0.1, 0.31, 1.0])
@pytest.mark.parametrize("fee", [0.0, 0.1, 0.999999])
def test_gifts_and_fees_at_the_edge(gift: float, multiple: float | None, fee: float) -> None:
    changes = {
        "points_pool.gift": gift,
        "points_pool.exit_multiple": multiple,
        "points_pool.fee": fee,
        "demand.orders_per_tick": 12,
        "horizon": 12,
    }
    agree.check(load("wine-points", set=changes))
    sound(simulate(load("wine-points", set={**changes, "demand.orders_per_tick": 1e6})))


def test_the_run_stands_still_where_the_price_has_left_everything_sensible() -> None:
    """Everybody leaves every day: what the fees leave behind multiplies the price without end."""
    changes = {"points_pool.exit_multiple": 0.2, "demand.orders_per_tick": 100, "horizon": 100}
    result = simulate(load("wine-points", set=changes))
    halted = result.engine.halted_at
    assert halted is not None
    series = result.series
    assert series["price"][halted - 2] <= PRICE_LIMIT < series["price"][halted - 1]
    assert (series.loc[halted:, ["orders", "paid_in", "paid_out", "exits"]] == 0).all().all()
    assert series.loc[halted - 1 :, "price"].nunique() == 1
    assert series.loc[halted - 1 :, "pool"].nunique() == 1
    sound(result)


def test_ten_thousand_ticks_of_everything() -> None:
    changes = {
        "horizon": 10_000,
        "demand.orders_per_tick": 3,
        "behaviour.sell_share": 0.05,
        "behaviour.take_profit": 0.5,
        "behaviour.take_profit_share": 0.5,
        "points_pool.exit_multiple": 1.0,
        "points_pool.fee": 0.0,
        "points_pool.redeem_share": 0.01,
        "points_pool.swap_share": 0.01,
        "points_pool.swap_back_share": 0.01,
        "points_pool.debt": 5000.0,
        "points_pool.debt_batches": 6,
        "points_pool.debt_interval": 1000,
    }
    sound(simulate(load("wine-points", set=changes)))


def test_a_sale_that_lasts_longer_than_numbers_reach() -> None:
    """Five per cent a day for 10,000 days: 0.95^10,000 is 1e-223, yet yesterday's are all there."""
    changes = {
        "points_pool.exit_multiple": None,
        "points_pool.fee": 0.0,
        "demand.orders_per_tick": 100,
        "behaviour.sell_share": 0.05,
        "horizon": 10_000,
    }
    result = simulate(load("wine-points", set=changes))
    # Without a fee a sale leaves the price alone, and 95 % of the pool: it settles at 19 days' pay.
    assert result.series["pool"][10_000] == pytest.approx(19 * 100 * 30, rel=1e-9)
    assert result.series["holders"][10_000] == pytest.approx(19 * 100, rel=1e-9)
    held = result.cohorts["held_value"]
    assert held.sum() == pytest.approx(57_000, rel=1e-9)
    assert held[10_000] > held[9_999] > held[9_990] > 0


@pytest.mark.parametrize("gift", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("multiple", [0.3, 0.35, 0.5])
def test_ten_million_orders_in_a_day_and_many_thrown_out_at_once(
    gift: float, multiple: float
) -> None:
    changes = {
        "points_pool.gift": gift,
        "points_pool.fee": 0.2,
        "points_pool.exit_multiple": multiple,
        "demand.orders_per_tick": 1e7,
        "horizon": 2,
    }
    result = simulate(load("wine-points", set=changes))
    points = result.holdings["buyers"]
    assert points == pytest.approx(result.totals["points"], rel=1e-12)
    left = result.totals["buyers"] - result.totals["forced"]
    assert result.totals["holders"] == pytest.approx(left, abs=1e-6)
    sound(result)


def test_fees_keep_their_digits_however_small() -> None:
    changes = {"points_pool.fee": 1e-10, "points_pool.exit_multiple": 1.0}
    result = simulate(load("wine-points", set=changes))
    assert result.totals["forced"] > 0
    assert result.totals["fees"] == pytest.approx(result.totals["forced"] * 1e-8, rel=1e-12)
