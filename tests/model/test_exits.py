"""Forced exits, the fee and the order in which people are paid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, simulate
from tests.model import agree, reference


@pytest.mark.parametrize("multiple", [0.25, 0.5, 1.0, 1.2, 2.0])
@pytest.mark.parametrize("fee", [0.0, 0.1, 0.2, 0.5])
def test_single_orders(multiple: float, fee: float) -> None:
    changes = {
        "tick": "order",
        "horizon": 500,
        "points_pool.exit_multiple": multiple,
        "points_pool.fee": fee,
    }
    result, wanted = agree.check(load("wine-points", set=changes))
    if multiple <= 1.2:
        assert sum(wanted.forced) > 0
    assert result.totals["forced"] == pytest.approx(float(sum(wanted.forced)), rel=1e-12)


def test_single_orders_in_exact_fractions() -> None:
    changes = {"tick": "order", "horizon": 200, "points_pool.exit_multiple": 0.5}
    _, wanted = agree.check(load("wine-points", set=changes), number=reference.exact)
    assert sum(wanted.forced) > 10


@pytest.mark.parametrize("preset", ["wine-points", "thousand-yuan-points", "local-life-points"])
@pytest.mark.parametrize(
    ("orders", "horizon", "multiple"),
    [(1, 300, 1.0), (5, 100, 0.6), (40, 25, 0.8), (40, 25, 0.4), (300, 5, 0.5), (1000, 1, 0.9)],
)
def test_days_against_settling_at_the_end_of_the_day(
    preset: str, orders: int, horizon: int, multiple: float
) -> None:
    changes = {
        "demand.orders_per_tick": orders,
        "horizon": horizon,
        "points_pool.exit_multiple": multiple,
    }
    _, wanted = agree.check(load(preset, set=changes))
    if multiple < 0.6:
        assert sum(wanted.forced) > 0


def test_many_orders_against_settling_at_the_end_of_the_day() -> None:
    """A quarter of a million orders: prices, pool, points and counts of exits."""
    changes = {
        "demand.orders_per_tick": 2500,
        "horizon": 100,
        "points_pool.exit_multiple": 1.2,
        "points_pool.fee": 0.2,
    }
    scheme = load("wine-points", set=changes)
    loop = reference.float_loop(scheme, [2500] * 100)
    result = simulate(scheme)
    agree.same(result.series["price"], loop.price, "price")
    agree.same(result.series["pool"], loop.pool, "pool")
    agree.same(result.series["points"], loop.points, "points")
    assert result.series["exits"].tolist() == loop.forced
    assert result.totals["received"] == pytest.approx(loop.paid, rel=1e-9)


def test_within_a_day_entry_prices_differ() -> None:
    """Why a pointer over day cohorts is wrong: part of the launch day leaves, not all or nobody."""
    changes = {
        "demand.orders_per_tick": 54_765,
        "horizon": 2,
        "points_pool.exit_multiple": 2,
        "points_pool.fee": 0.1,
    }
    scheme = load("wine-points", set=changes)
    result = simulate(scheme)
    # Launch-day prices run from 1 to about 34 (theory.md, 6).
    assert result.series["price"][1] == pytest.approx(34.2, abs=0.5)
    loop = reference.float_loop(scheme, [54_765] * 2)
    agree.same(result.series["price"], loop.price, "price")
    assert result.series["exits"].tolist() == loop.forced
    assert 0 < loop.forced[0] < 54_765
    assert result.cohorts["left"][1] == sum(loop.forced)
    assert result.cohorts["exit_tick"].isna().all()


def test_a_days_settlement_against_order_by_order() -> None:
    """What settling once a day instead of after every order costs in accuracy.

    1.2x, a = 0.3, fee 0.2, 1000 orders a day for 400 days: the last price is 1.1 % lower and the
    cash paid 0.30 % less than if exits were settled after every single order, because whoever is
    due during a day is paid that evening, and the fees work a little later.
    """
    changes = {
        "points_pool.exit_multiple": 1.2,
        "points_pool.fee": 0.2,
        "demand.orders_per_tick": 1000,
        "horizon": 400,
    }
    scheme = load("wine-points", set=changes)
    daily = simulate(scheme)
    each = reference.float_loop(scheme, [1000] * 400, settle="order")
    price = daily.series["price"][400] / each.price[-1] - 1
    paid = daily.totals["received"] / each.paid - 1
    assert price == pytest.approx(-0.011, abs=0.0007)
    assert paid == pytest.approx(-0.0030, abs=0.0002)


def test_single_order_ticks_are_order_by_order() -> None:
    changes = {"points_pool.exit_multiple": 1.2, "points_pool.fee": 0.2, "tick": "order"}
    scheme = load("wine-points", set={**changes, "horizon": 10_000})
    loop = reference.float_loop(scheme, [1] * 10_000, settle="order")
    result = simulate(scheme)
    agree.same(result.series["price"], loop.price, "price")
    assert result.series["exits"].tolist() == loop.forced


def test_quota_at_or_below_the_gift_throws_everybody_out_at_once() -> None:
    """0.2 x the price is less than the 21 % credited: due on arrival, every evening."""
    changes = {
        "points_pool.exit_multiple": 0.2,
        "points_pool.fee": 0.2,
        "demand.orders_per_tick": 10,
        "horizon": 20,
    }
    result, wanted = agree.check(load("wine-points", set=changes))
    assert [int(n) for n in wanted.forced] == [10] * 20
    assert (result.series["points"] == 0).all()
    # Day 1: 10 x 30 come in, 10 x 20 x 0.8 = 160 are paid: 140 stay with nobody holding a point.
    assert result.series["pool"][1] == pytest.approx(140, rel=1e-12)
    # The last price stays the quote while nobody holds points, so it is not pool / points.
    assert result.series["price"][1] > 0
    assert np.isfinite(result.series["price"]).all()


@pytest.mark.parametrize(("share", "multiple"), [(0.3, 0.3), (0.1, 0.1), (0.7, 0.7)])
def test_a_quota_met_exactly_is_due(share: float, multiple: float) -> None:
    """gift = 1: points are always worth exactly share x spend, and so exactly the quota."""
    changes = {
        "points_pool.gift": 1,
        "points_pool.share": share,
        "points_pool.exit_multiple": multiple,
        "points_pool.fee": 0,
        "demand.orders_per_tick": 7,
        "horizon": 20,
    }
    result = simulate(load("wine-points", set=changes))
    assert result.series["exits"].tolist() == [7] * 20
    assert result.series["pool"].to_numpy() == pytest.approx(0, abs=1e-9 * 700)
    assert result.totals["received"] == pytest.approx(140 * share * 100, rel=1e-9)


def test_everything_gifted_nothing_kept() -> None:
    """gift = 1 and a quota above it: the price never moves, so nobody ever leaves."""
    changes = {"demand.orders_per_tick": 50, "horizon": 200, "points_pool.exit_multiple": 0.4}
    exits = [
        simulate(load("wine-points", set={**changes, "points_pool.gift": gift})).series["exits"]
        for gift in (0.9, 1)
    ]
    assert exits[0].sum() > 0
    assert exits[1].sum() == 0


def test_without_a_fee() -> None:
    changes = {
        "points_pool.fee": 0,
        "points_pool.exit_multiple": 1,
        "demand.orders_per_tick": 30,
        "horizon": 40,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    assert (result.series["fees"] == 0).all()
    flows = result.flows
    assert flows[flows["reason"] == "fee"].empty


def test_after_orders_stop_fees_alone_do_not_set_off_the_rest() -> None:
    changes = {
        "points_pool.exit_multiple": 1,
        "points_pool.fee": 0.2,
        "demand.orders_per_tick": 20,
        "demand.stop_tick": 30,
        "horizon": 60,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    after = result.series.loc[31:]
    # Everybody due was paid the evening before: without orders nothing happens any more.
    assert (after["exits"] == 0).all()
    assert after["price"].nunique() == 1


def test_the_largest_order_by_order_payment_is_the_quota_after_the_fee() -> None:
    changes = {"tick": "order", "horizon": 2000, "points_pool.exit_multiple": 1.2}
    result = simulate(load("local-life-points", set=changes))
    paid = result.cohorts["received"]
    # (1 - 0.2) x 1.2 x 1000 = 960: paid to the last fen or not at all
    assert result.scheme.most_paid == pytest.approx(960, rel=1e-15)
    assert set(np.round(paid, 9)) == {0.0, 960.0}


def test_oldest_first() -> None:
    result = simulate(
        load("wine-points", set={"tick": "order", "horizon": 3000, "points_pool.exit_multiple": 1})
    )
    gone = result.cohorts["exit_tick"].dropna()
    assert gone.index.tolist() == list(range(1, len(gone) + 1))
    assert gone.is_monotonic_increasing


@given(
    gift=st.integers(1, 20).map(lambda n: n / 20),
    share=st.sampled_from([0.05, 0.16, 0.3, 0.6, 1.0]),
    fee=st.sampled_from([0.0, 0.1, 0.25, 0.9]),
    multiple=st.sampled_from([0.1, 0.3, 0.5, 1.0, 1.5]),
    days=st.lists(st.integers(0, 50), min_size=1, max_size=15),
)
@settings(max_examples=agree.examples(120))
def test_any_rule_against_the_oracle(
    gift: float, share: float, fee: float, multiple: float, days: list[int]
) -> None:
    changes: dict[str, Any] = {
        "points_pool.gift": gift,
        "points_pool.share": share,
        "points_pool.fee": fee,
        "points_pool.exit_multiple": multiple,
        "demand.kind": "list",
        "demand.orders": days,
        "horizon": len(days) + 2,
    }
    agree.check(load("wine-points", set=changes), number=reference.decimal)
