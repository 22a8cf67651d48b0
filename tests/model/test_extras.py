"""Outside money, the issue cap and old debts: what advertised pools have besides orders."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, simulate
from tests.model import agree, reference

BARE: dict[str, Any] = {"points_pool.exit_multiple": None}


def test_outside_money_by_hand() -> None:
    changes = {**BARE, "tick": "order", "horizon": 3, "points_pool.outside": [[2, 40]]}
    result = simulate(load("wine-points", set=changes))
    # After two orders 60 yuan, 35.7 points; a round of 40: 100 / 35.7 = 2.80112
    assert result.series["pool"].tolist() == [30, 100, 130]
    assert result.series["price"][2] == pytest.approx(100 / 35.7, rel=1e-12)
    assert result.series["paid_in"].tolist() == [30, 70, 30]
    # The third order is credited at that price: 21 x 35.7 / 100 = 7.497 points
    assert result.series["points"][3] == pytest.approx(35.7 + 7.497, rel=1e-12)
    flows = result.flows
    outside = flows[flows["source"] == "outside"]
    assert outside[["tick", "target", "amount"]].to_numpy().tolist() == [[2, "pool", 40.0]]


@pytest.mark.parametrize(
    "outside",
    [[[1, 500.0]], [[3, 1e5], [3, 10]], [[40, 1e6]], [[5, 100], [6, 100], [7, 0]], [[1, 1e11]]],
)
@pytest.mark.parametrize("multiple", [None, 0.8])
def test_outside_money_against_the_oracle(outside: Any, multiple: float | None) -> None:
    changes = {
        "demand.orders_per_tick": 4,
        "horizon": 45,
        "points_pool.outside": outside,
        "points_pool.exit_multiple": multiple,
    }
    agree.check(load("wine-points", set=changes))


def test_outside_money_before_the_first_order_waits_for_it() -> None:
    changes = {**BARE, "demand.kind": "list", "demand.orders": [0, 1], "horizon": 2}
    result, _ = agree.check(load("wine-points", set={**changes, "points_pool.outside": [[1, 12]]}))
    assert result.series["price"].tolist() == [1, pytest.approx(42 / 21)]


def test_the_cap_by_hand() -> None:
    # 21 + 14.7 + 12.495 = 48.195 points after three orders; the fourth wants 11.2455 more
    changes = {**BARE, "tick": "order", "horizon": 6}
    for cap, points in ((48.195, 48.195), (59, 48.195), (59.5, 59.4405), (35.6, 21), (20, 0)):
        result = simulate(load("wine-points", set={**changes, "points_pool.issue_cap": cap}))
        assert result.series["points"][6] == pytest.approx(points, rel=1e-9)
        assert result.series["pool"].tolist() == [30, 60, 90, 120, 150, 180]
    # Orders still pay in, so the price of those who hold points goes on rising.
    assert result.series["price"].tolist() == [1] * 6  # cap 20: nobody ever holds a point
    result = simulate(load("wine-points", set={**changes, "points_pool.issue_cap": 21}))
    assert result.series["price"][6] == pytest.approx(180 / 21, rel=1e-12)


@pytest.mark.parametrize("orders", [1, 3, 10, 55])
@pytest.mark.parametrize("cap", [5, 21, 22, 100, 250.5])
@pytest.mark.parametrize("multiple", [None, 0.5])
def test_the_cap_against_the_oracle(cap: float, orders: int, multiple: float | None) -> None:
    """Once an order was too big for what is left, no later one is credited, even if smaller."""
    changes = {
        "demand.orders_per_tick": orders,
        "horizon": 25,
        "points_pool.issue_cap": cap,
        "points_pool.exit_multiple": multiple,
    }
    result, wanted = agree.check(load("wine-points", set=changes))
    assert float(wanted.points[-1]) <= cap
    buyers = result.cohorts["buyers"].sum()
    assert buyers == 25 * orders  # those who are credited nothing have bought all the same


def test_the_cap_cuts_a_huge_day() -> None:
    # 100 million orders of 100 yuan would issue about 9.2 million points; a cap of 5 million
    changes = {
        **BARE,
        "demand.orders_per_tick": 1e8,
        "horizon": 1,
        "points_pool.issue_cap": 5e6,
    }
    result = simulate(load("wine-points", set=changes))
    points = result.series["points"][1]
    assert points <= 5e6
    # One more order would have been too many: 21 yuan at the price of its turn.
    assert 5e6 - points < 21
    assert result.series["pool"][1] == pytest.approx(3e9, rel=1e-12)


def test_a_million_of_debt_cuts_three_million_by_a_quarter() -> None:
    """theory.md, 7: P = pool / S becomes pool / (S + 1/P x a million) = P x 3 / (3 + 1)."""
    changes = {
        **BARE,
        "demand.kind": "list",
        "demand.orders": [100_000],
        "horizon": 2,
        "points_pool.debt": 1e6,
        "points_pool.debt_tick": 2,
    }
    series = simulate(load("wine-points", set=changes)).series
    assert series["pool"].tolist() == [3e6, 3e6]  # 100,000 x 30
    assert series["price"][2] / series["price"][1] == pytest.approx(0.75, rel=1e-12)


def test_a_million_of_debt_at_launch() -> None:
    """theory.md, 7: a million points for nothing, then 21 for 30 yuan: 30 / 1,000,021 = 0.00003."""
    changes = {**BARE, "tick": "order", "horizon": 2, "points_pool.debt": 1e6}
    result, _ = agree.check(load("wine-points", set=changes))
    assert result.series["points"][1] == pytest.approx(1_000_021, rel=1e-12)
    assert round(result.series["price"][1], 5) == 0.00003
    assert result.series["price"][1] == pytest.approx(30 / 1_000_021, rel=1e-12)


def test_the_quote_stays_while_debt_waits_for_the_first_order() -> None:
    changes = {
        **BARE,
        "demand.kind": "list",
        "demand.orders": [0, 0, 1],
        "horizon": 3,
        "points_pool.debt": 500,
        "points_pool.debt_batches": 2,
        "points_pool.debt_interval": 1,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    assert result.series["price"].tolist()[:2] == [1, 1]
    assert result.series["points"].tolist()[:2] == [250, 500]
    assert (result.series["paid_out"] == 0).all()  # nothing there to pay it with


def test_old_debt_is_paid_once_its_points_are_worth_it() -> None:
    changes = {
        **BARE,
        "tick": "order",
        "horizon": 400,
        "points_pool.debt": 50,
        "points_pool.debt_tick": 20,
    }
    result, wanted = agree.check(load("wine-points", set=changes))
    price, paid = result.series["price"], result.series["paid_out"]
    day = int(paid.index[paid > 0][0])
    # Issued at the price after order 19, sold when the price is back: 50 less the tenth of the fee.
    assert paid[day] == pytest.approx(45, rel=1e-12)
    assert price[day] > price[19] > price[day - 1]
    assert float(wanted.debt_paid) == pytest.approx(45, rel=1e-12)
    flows = result.flows
    assert flows[flows["target"] == "old members"]["amount"].tolist() == [pytest.approx(50)]


@pytest.mark.parametrize("multiple", [None, 0.5, 1.0])
@pytest.mark.parametrize("batches", [1, 3, 8])
@pytest.mark.parametrize("tick", [1, 10])
@pytest.mark.parametrize("debt", [30, 2000, 1e6])
def test_old_debt_against_the_oracle(
    debt: float, tick: int, batches: int, multiple: float | None
) -> None:
    """Orders after a batch joined cheaper and may be due before older ones: all due leave."""
    changes = {
        "demand.orders_per_tick": 9,
        "horizon": 60,
        "points_pool.debt": debt,
        "points_pool.debt_tick": tick,
        "points_pool.debt_batches": batches,
        "points_pool.debt_interval": 6,
        "points_pool.exit_multiple": multiple,
    }
    agree.check(load("wine-points", set=changes))


def test_those_who_come_after_old_debt_leave_before_those_who_came_before() -> None:
    changes = {
        "demand.orders_per_tick": 10,
        "horizon": 300,
        "points_pool.debt": 200,
        "points_pool.debt_tick": 20,
        "points_pool.exit_multiple": 0.5,
    }
    result, _ = agree.check(load("wine-points", set=changes))
    gone = result.cohorts["exit_tick"].fillna(9999)
    assert gone[20] < gone[19]


def test_old_debt_with_people_who_sell() -> None:
    for behaviour in (
        {"behaviour.sell_share": 0.05},
        {"behaviour.take_profit": 0.3, "behaviour.take_profit_share": 0.5},
        {"behaviour.panic_growth": 0.1, "behaviour.panic_share": 0.3},
        {
            "points_pool.redeem_share": 0.03,
            "points_pool.swap_share": 0.03,
            "points_pool.swap_back_share": 1,
        },
        {"behaviour.sell_share": 0.02, "points_pool.share": 1, "points_pool.gift": 0.9},
    ):
        for fee in (0.0, 0.2):
            changes = {
                "demand.orders_per_tick": 8,
                "horizon": 60,
                "points_pool.debt": 3000,
                "points_pool.debt_tick": 15,
                "points_pool.debt_batches": 2,
                "points_pool.debt_interval": 20,
                "points_pool.exit_multiple": 1.2,
                "points_pool.fee": fee,
                **behaviour,
            }
            agree.check(load("wine-points", set=changes))


@given(
    debt=st.sampled_from([0, 10, 1000, 1e5]),
    tick=st.integers(1, 12),
    batches=st.integers(1, 5),
    interval=st.integers(1, 9),
    cap=st.sampled_from([None, 50, 400, 1e5]),
    outside=st.lists(st.tuples(st.integers(1, 40), st.sampled_from([0, 10, 3000])), max_size=3),
    multiple=st.sampled_from([None, 0.25, 0.5, 1.0]),
    sell=st.sampled_from([0.0, 0.02, 0.3]),
    days=st.lists(st.sampled_from([0, 1, 3, 20]), min_size=1, max_size=40),
)
@settings(max_examples=agree.examples(100))
def test_any_mixture_against_the_oracle(
    debt: float,
    tick: int,
    batches: int,
    interval: int,
    cap: float | None,
    outside: list[tuple[int, float]],
    multiple: float | None,
    sell: float,
    days: list[int],
) -> None:
    changes = {
        "points_pool.debt": debt,
        "points_pool.debt_tick": tick,
        "points_pool.debt_batches": batches,
        "points_pool.debt_interval": interval,
        "points_pool.issue_cap": cap,
        "points_pool.outside": outside,
        "points_pool.exit_multiple": multiple,
        "behaviour.sell_share": sell,
        "demand.kind": "list",
        "demand.orders": days,
        "horizon": len(days),
    }
    agree.check(load("wine-points", set=changes), number=reference.decimal)


@pytest.mark.parametrize(("orders", "spend", "launch"), [(7, 0.7, 1.0), (3, 99.0, 19.7)])
@pytest.mark.parametrize("how", ["forced", "chosen"])
def test_a_pool_that_everybody_has_emptied_holds_no_money(
    orders: int, spend: float, launch: float, how: str
) -> None:
    """What rounding leaves of it is no price for the points of the next day's old debt."""
    changes: dict[str, Any] = {
        "order.spend": spend,
        "horizon": 5,
        "demand.kind": "list",
        "demand.orders": [orders, 0, 1, 2, 0],
        "points_pool.share": 0.3,
        "points_pool.gift": 1.0,
        "points_pool.fee": 0.0,
        "points_pool.launch_price": launch,
        "points_pool.exit_multiple": 0.3 if how == "forced" else None,
        "points_pool.debt": 0.4,
        "points_pool.debt_tick": 2,
    }
    if how == "chosen":
        changes |= {"behaviour.take_profit": 0.3, "behaviour.take_profit_share": 1.0}
    result, wanted = agree.check(load("wine-points", set=changes), number=reference.exact)
    assert float(wanted.pool[0]) == result.series["pool"][1] == 0.0
    assert result.series["price"][2] == result.series["price"][1]
