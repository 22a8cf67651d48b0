"""Commissions: small cases worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from model import simulate
from model.demand import Demand
from model.mechanisms.commission import Commission
from model.mechanisms.refund_queue import RefundQueue
from model.platform import Platform
from model.result import Result
from model.scheme import Order, Parts, Scheme

NOTHING = {
    "direct": 0.0,
    "indirect": 0.0,
    "merchant": 0.0,
    "district": 0.0,
    "city": 0.0,
    "province": 0.0,
}
#: The rates of the examples: 26.6 of 1000 against a budget of 20.
EXAMPLES = {
    "direct": 0.01,
    "indirect": 0.005,
    "merchant": 0.01,
    "district": 0.001,
    "city": 0.0015,
    "province": 0.0016,
    "districts": 1,
    "cities": 1,
    "provinces": 1,
    "district_price": 0.0,
    "city_price": 0.0,
    "province_price": 0.0,
}


def run(
    *,
    horizon: int,
    orders: float = 1.0,
    budget: float = 0.02,
    part: float = 0.0,
    capital: float = 0.0,
    **settings: Any,
) -> Result:
    """One order of 1000 a day beside a queue; ``budget`` of the price is for distribution."""
    parts = Parts(distribution=budget, platform=part)
    return simulate(
        Scheme(
            horizon=horizon,
            order=Order(spend=1000.0, parts=parts, rest="goods"),
            demand=Demand(orders_per_tick=orders),
            platform=Platform(capital=capital),
            mechanisms=(RefundQueue(share=0.1), Commission(**(NOTHING | settings))),
        )
    )


def balance(result: Result, account: str) -> list[float]:
    held = result.ledger.balances().get(account)
    return [0.0] * result.ticks if held is None else held.tolist()


def test_whoever_has_no_recruiter_brings_nobody_a_commission() -> None:
    # The orders of the first day have no recruiter, those of the second no second one: 2 x 10, then
    # 2 x 10 + 2 x 5 x (4 - 2) / 4, then 2 x 10 + 2 x 5 x 4 / 6.
    result = run(horizon=4, orders=2, direct=0.01, indirect=0.005)
    paid = [0, 20, 25, 20 + 20 / 3]
    left = [40 * day - sum(paid[:day]) for day in range(1, 5)]
    assert balance(result, "distribution") == pytest.approx(left)
    assert result.totals["commissions"] == pytest.approx(sum(paid))
    # It is no money of the buyers as buyers.
    assert result.series["paid_out"].tolist() == pytest.approx([200] * 4)


@pytest.mark.parametrize(
    ("sold", "rate"),
    [
        ({}, 0.0),
        ({"districts": 3}, 0.001),
        ({"cities": 1}, 0.002),
        ({"provinces": 1}, 0.003),
        ({"districts": 3, "cities": 1}, 0.002),
        ({"districts": 3, "provinces": 1}, 0.003),
        ({"cities": 1, "provinces": 1}, 0.003),
        ({"districts": 3, "cities": 1, "provinces": 1}, 0.003),
    ],
)
def test_agents_are_paid_differences(sold: dict[str, int], rate: float) -> None:
    # 0.1, 0.2 and 0.3 % are 0.3 % together: a city's agent is given what the districts' is not,
    # and a level that is not sold leaves its part to the one above it.
    agents = {"district": 0.001, "city": 0.002, "province": 0.003}
    free = {"district_price": 0.0, "city_price": 0.0, "province_price": 0.0}
    result = run(horizon=3, orders=5, **agents, **free, **sold)
    assert result.totals["commissions"] == pytest.approx(3 * 5000 * rate)
    assert balance(result, "distribution")[-1] == pytest.approx(3 * 5000 * (0.02 - rate))


def test_the_examples_cost_more_than_the_budget() -> None:
    # 10 + 5 + 10 + 1.6 = 26.6 of 1000 once nearly everybody has a second recruiter. Day 1: 11.6 of
    # 20; day 2: 21.6; day 3: 21.6 + 5 / 2 = 24.1; 2.7 are left. Day 4: 21.6 + 5 x 2 / 3 = 24.93
    # of 22.7; day 5: 21.6 + 5 x 3 / 4 = 25.35 of 20.
    assert Commission(**EXAMPLES).rate == pytest.approx(0.0266)
    result = run(horizon=5, **EXAMPLES)
    assert balance(result, "distribution") == pytest.approx([8.4, 6.8, 2.7, 0, 0], abs=1e-9)
    # Nobody else pays: 4.93 - 2.7 and 5.35 are cut.
    assert result.totals["commissions"] == pytest.approx(11.6 + 21.6 + 24.1 + 22.7 + 20)
    # The platform does, out of 2 of each order: it has 8 on day 4.
    short = 21.6 + 10 / 3 - 22.7
    result = run(horizon=5, part=0.002, **EXAMPLES)
    account = [2, 4, 6, 8 - short, 10 - short - 5.35]
    assert balance(result, "platform") == pytest.approx(account)
    # A cut of what recruiters get is no broken promise to a buyer.
    assert result.broken is None


def test_prizes_are_paid_by_the_platform() -> None:
    # 3 of each order, from 100 of capital; the budget for distribution is not touched.
    result = run(horizon=4, prizes=0.003, capital=100.0)
    assert balance(result, "platform") == pytest.approx([97, 94, 91, 88])
    assert balance(result, "distribution") == pytest.approx([20, 40, 60, 80])
    # Without money no prizes.
    result = run(horizon=4, prizes=0.003, part=0.001)
    assert balance(result, "platform") == pytest.approx([0] * 4)


def test_rewards_to_leaders_come_out_of_the_budget() -> None:
    result = run(horizon=2, bonuses=0.015)
    assert balance(result, "distribution") == pytest.approx([5, 10])


def test_territories_are_paid_for_on_the_first_day() -> None:
    # 3 x 20,000 + 2 x 100,000 + 1,000,000.
    result = run(horizon=2, districts=3, cities=2, provinces=1)
    assert balance(result, "platform") == pytest.approx([1_260_000] * 2)
    agents = result.flows.query("source == 'agents'")
    assert agents["tick"].unique().tolist() == [1]
    assert agents["amount"].sum() == pytest.approx(1_260_000)


def test_zero_cost_marketing() -> None:
    # A customer of 1000 is given 2000 points and spends them with 2000 in cash on goods listed at
    # 4000. The shop gets 20 % of the cash, 400; the goods cost 20 % of the list price, 800; 800
    # stay with the platform. Half the customers do it: 400 an order.
    result = run(horizon=2, circle=0.5, circle_points=2.0, circle_cash=1.0, orders=4)
    assert balance(result, "platform") == pytest.approx([1600, 3200])
    assert balance(result, "merchant") == pytest.approx([800, 1600])
    # Beside the goods' 88 % of the price.
    assert balance(result, "goods")[0] == pytest.approx(0.88 * 4000 + 1600)
    # At 10 % the goods cost 400; at 30 % 1200.
    for share, kept in ((0.1, 1200), (0.3, 400)):
        result = run(horizon=1, circle=1.0, circle_goods=share)
        assert balance(result, "platform") == pytest.approx([kept])


def test_commissions_do_not_touch_what_buyers_are_paid() -> None:
    with_them = run(horizon=30, **EXAMPLES)
    without = run(horizon=30)
    assert with_them.series["paid_out"].tolist() == without.series["paid_out"].tolist()
    assert with_them.cohorts["received"].tolist() == without.cohorts["received"].tolist()
