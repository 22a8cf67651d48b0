"""Dividend pools: small cases worked by hand, and the closed forms at constant sales."""

from __future__ import annotations

import itertools
from math import exp, log
from typing import Any

import numpy as np
import pytest

from model import load, simulate
from model.behaviour import Behaviour
from model.demand import Demand
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.points_pool import PointsPool
from model.result import Result
from model.scheme import Order, Scheme
from model.standing import standing

TWO_A_DAY = Demand(orders_per_tick=2)


def run(
    *,
    horizon: int,
    demand: Demand = TWO_A_DAY,
    order: Order | None = None,
    leave: float = 0.0,
    **settings: Any,
) -> Result:
    """Orders of 100 yuan, two a day; 10 % are divided, a unit for each 100 yuan."""
    pool = DividendPool(
        **{"share": 0.1, "spend_per_unit": 100.0, "quota_multiple": None} | settings
    )
    return simulate(
        Scheme(
            horizon=horizon,
            order=order or Order(spend=100.0),
            demand=demand,
            behaviour=Behaviour(sell_share=leave),
            mechanisms=(pool,),
        )
    )


def received(result: Result) -> list[float]:
    return result.cohorts["received"].tolist()


def harmonic(n: int) -> float:
    return float(np.sum(1 / np.arange(1, n + 1)))


def test_same_day_units_share() -> None:
    # 20 a day. Day 1: 20 / 2 = 10 a unit. Day 2: 20 / 4 = 5. Day 3: 20 / 6 = 3.33.
    for day, wanted in ((1, [20]), (2, [30, 10]), (3, [30 + 20 / 3, 10 + 20 / 3, 20 / 3])):
        assert received(run(horizon=day)) == pytest.approx(wanted)
    result = run(horizon=3)
    assert result.series["paid_in"].tolist() == pytest.approx([20, 20, 20])
    assert result.series["paid_out"].tolist() == pytest.approx([20, 20, 20])
    assert result.series["pool"].tolist() == pytest.approx([0, 0, 0])
    assert result.series["holders"].tolist() == pytest.approx([2, 4, 6])


def test_a_quota_reached_in_the_middle_leaves_more_for_the_others() -> None:
    # Quota 12. Day 1: 10 each, 2 left. Day 2: 20 / 4 = 5 each, but the first two take only 2 + 2;
    # the other 16 go to the two of day 2, 8 each, 4 left. Day 3: 5 each; those of day 2 take 4 + 4,
    # those of day 3 get 6 each. Day 4: nobody's quota is in the way: 20 / 4 = 5 each, 1 left to
    # those of day 3.
    day = {"quota_multiple": 0.12}
    assert received(run(horizon=1, **day)) == pytest.approx([20])
    assert received(run(horizon=2, **day)) == pytest.approx([24, 16])
    assert received(run(horizon=3, **day)) == pytest.approx([24, 24, 12])
    result = run(horizon=4, **day)
    assert received(result) == pytest.approx([24, 24, 22, 10])
    assert result.cohorts["exit_tick"].fillna(0).tolist() == [2, 3, 0, 0]
    assert result.series["holders"].tolist() == pytest.approx([2, 2, 2, 4])
    # What holders can still be paid: 2 x 2, 2 x 4, 2 x 6, 2 x 1 + 2 x 7.
    assert result.series["promised"].tolist() == pytest.approx([4, 8, 12, 16])
    assert result.cohorts["even"].tolist() == [0, 0, 0, 0]


def test_what_nobody_may_take_stays_in_the_pool() -> None:
    # Quota 5: of 20 a day 10 are paid; next day the rest is there again.
    result = run(horizon=3, quota_multiple=0.05)
    assert result.series["paid_out"].tolist() == pytest.approx([10, 10, 10])
    assert result.series["pool"].tolist() == pytest.approx([10, 20, 30])
    # Without orders there is nobody left to pay.
    result = run(horizon=3, quota_multiple=0.05, demand=Demand(orders_per_tick=2, stop_tick=1))
    assert result.series["pool"].tolist() == pytest.approx([10, 10, 10])


def test_divided_over_all_units_ever_issued() -> None:
    # Quota 12. Day 1: 10 each. Day 2: 20 / 4 = 5; the first take 2 + 2, the others 5 + 5; 6 stay.
    # Day 3: 26 / 6 = 4.33 to the four of days 2 and 3; two parts, 8.67, stay.
    result = run(horizon=3, quota_multiple=0.12, divided_over="all")
    assert result.series["paid_out"].tolist() == pytest.approx([20, 14, 4 * 26 / 6])
    assert result.series["pool"].tolist() == pytest.approx([0, 6, 26 / 3])
    assert received(result) == pytest.approx([24, 10 + 26 / 3, 26 / 3])


def test_ten_rank_pots() -> None:
    # Ten orders of 100 a day: ten pots of 10. Everybody has at least rank 2, half rank 3.
    # Day 1: pots 1 and 2 pay 1 to each of ten, pot 3 pays 2 to each of five; 70 stay.
    # Day 2: half as much to twice as many: 5 + 5 + 5 to each day's orders; 70 more stay.
    reached = (1.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    result = run(
        horizon=2,
        share=0.0,
        rank_share=0.1,
        rank_reached=reached,
        demand=Demand(orders_per_tick=10),
    )
    assert result.series["paid_out"].tolist() == pytest.approx([30, 30])
    assert result.series["pool"].tolist() == pytest.approx([70, 140])
    assert received(result) == pytest.approx([45, 15])


def test_a_pot_under_a_quota() -> None:
    # As before, but nobody may be paid more than 3.5. Day 1: 1 + 1, and 2 to the higher half who
    # may only take 1.5: 10 + 10 + 7.5, and 2.5 stay in pot 3. Day 2: pots 1 and 2 over the five
    # lower ones of day 1 (1.5 left each) and ten new ones: 10 / 15 each; pot 3, 12.5, over the five
    # higher new ones: 2.5 each, of which they may take 3.5 - 1.33 = 2.17.
    reached = (1.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    result = run(
        horizon=2,
        share=0.0,
        rank_share=0.1,
        rank_reached=reached,
        quota_multiple=0.035,
        demand=Demand(orders_per_tick=10),
    )
    second = 5 * (3.5 - 20 / 15)
    assert result.series["paid_out"].tolist() == pytest.approx([27.5, 20 + second])
    assert received(result) == pytest.approx([27.5 + 5 * 20 / 15, 10 * 20 / 15 + second])
    # 70 a day in pots nobody is in, and what pot 3 could not pay.
    assert result.series["pool"].tolist() == pytest.approx([72.5, 140 + 12.5 - second])


def test_the_pitch_s_example_of_ten_pots() -> None:
    # 1 million a day, 20 % for ranks: 200,000 over ten pots are 20,000 each, not 10,000.
    # With one order in ten at V1 and nobody higher only the first is paid.
    reached = (0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    result = run(
        horizon=1,
        share=0.0,
        rank_share=0.2,
        rank_reached=reached,
        demand=Demand(orders_per_tick=10_000),
    )
    assert result.series["paid_out"].iloc[0] == pytest.approx(20_000)
    assert result.series["pool"].iloc[0] == pytest.approx(180_000)


def test_two_hundred_a_unit_a_day() -> None:
    # 1000 orders of 2000 are 2 million; 10 % over their own 1000 units are 200 each. The next day
    # there are 2000 units, and a tenth as much after ten days.
    result = run(
        horizon=10,
        spend_per_unit=2000.0,
        order=Order(spend=2000.0),
        demand=Demand(orders_per_tick=1000),
    )
    last_day = result.cohorts["received"].iloc[-1] / 1000
    assert last_day == pytest.approx(20)
    first = result.cohorts["received"].iloc[0] / 1000
    assert first == pytest.approx(200 * sum(1 / day for day in range(1, 11)))


def test_paid_every_third_day() -> None:
    # Days 1 and 2 nothing; day 3: 60 / 6 = 10 each, those of the same day included.
    result = run(horizon=5, interval=3)
    assert result.series["paid_out"].tolist() == pytest.approx([0, 0, 60, 0, 0])
    assert received(result) == pytest.approx([20, 20, 20, 0, 0])
    assert result.series["pool"].tolist() == pytest.approx([20, 40, 0, 20, 40])


def test_units_for_recruits() -> None:
    # Day 2: two new units over two orders: one recruit each, 10 % of a unit. 20 / (2 x 1.1 + 2).
    second = 20 / 4.2
    result = run(horizon=2, referral_rate=0.1, referral_generations=5)
    assert received(result) == pytest.approx([20 + 2.2 * second, 2 * second])
    # Day 3: each of four has half a recruit, 0.05; and one in two of the recruits of day 3 is a
    # recruit of the one recruit that an order of day 1 has: 0.05 more. 20 / (2 x 1.2 + 2.1 + 2).
    third = 20 / 6.5
    result = run(horizon=3, referral_rate=0.1, referral_generations=5)
    assert received(result) == pytest.approx(
        [20 + 2.2 * second + 2.4 * third, 2 * second + 2.1 * third, 2 * third]
    )
    # The first generation alone, and half of the second: 1.15 and 1.175 units on day 3.
    for generations, units in ((1.0, 1.15), (1.5, 1.175)):
        result = run(horizon=3, referral_rate=0.1, package_generations=(generations,))
        third = 20 / (2 * units + 2.1 + 2)
        assert received(result)[2] == pytest.approx(2 * third)


def test_generations_are_those_of_a_tree() -> None:
    """Every tree that uniform recruiting can make of two orders a day, each as likely as another.

    Nobody's quota is used up, so the units of an order are its own and a tenth of those of its
    first three generations, in the mean over all trees.
    """
    days, each = 4, 2
    total = np.zeros(days)
    trees = list(itertools.product(*(range(day * each) for day in range(1, days) for _ in "ab")))
    for above in trees:
        recruiter = [-1] * each + list(above)
        for member in range(days * each):
            upline = member
            for _ in range(3):
                upline = recruiter[upline]
                if upline < 0:
                    break
                total[upline // each] += 0.1
    wanted = total / len(trees) + each
    result = run(horizon=days, referral_rate=0.1, referral_generations=3, quota_multiple=None)
    unit = result.record("dividend_pool").price[-1]
    before = run(horizon=days - 1, referral_rate=0.1, referral_generations=3, quota_multiple=None)
    last = np.array(received(result)) - np.array([*received(before), 0.0])
    assert last / unit == pytest.approx(wanted, rel=1e-9)


def test_units_for_recruits_count_as_issued() -> None:
    # As before with quota 12 and "all": day 2: 4.2 units: the first two have 2 left and take 2 + 2,
    # the new ones a unit's part each; the rest stays. Day 3: 0.05 for each of the two of day 2, as
    # whoever is out has recruits too; issued in all 4.2 + 0.1 + 2 = 6.3; there is what stayed and
    # 20, over 2 x 1.05 and 2 units.
    result = run(
        horizon=3,
        referral_rate=0.1,
        referral_generations=5,
        quota_multiple=0.12,
        divided_over="all",
    )
    second = 20 / 4.2
    stays = 20 - 4 - 2 * second
    third = (stays + 20) / 6.3
    paid = [20, 4 + 2 * second, 4.1 * third]
    assert result.series["paid_out"].tolist() == pytest.approx(paid)
    assert result.series["pool"].tolist() == pytest.approx([0, stays, stays + 20 - 4.1 * third])


def test_no_units_beyond_the_cap() -> None:
    # Three units in all: of day 2 one order has one. Then 20 / 3 a unit for ever.
    result = run(horizon=3, issue_cap=3.0)
    assert received(result) == pytest.approx([20 + 80 / 3, 40 / 3, 0])
    # Two and a half: half an order.
    result = run(horizon=3, issue_cap=2.5)
    assert received(result) == pytest.approx([20 + 2 * 16, 2 * 4, 0])


def test_units_by_package() -> None:
    # Of two orders one is the package for 300 with 5 units: 400 of sales, 40 / (1 + 5) a unit.
    order = Order(spend=100.0, packages=((1.0, 0.5), (3.0, 0.5)))
    result = run(horizon=1, package_units=(1.0, 5.0), order=order)
    assert result.cohorts["spent"].tolist() == [400]
    assert received(result) == pytest.approx([40])
    # Quota 0.02 of the price each: 2 and 6 of 40 are taken, 32 stay.
    result = run(horizon=1, package_units=(1.0, 5.0), order=order, quota_multiple=0.02)
    assert received(result) == pytest.approx([8])
    assert result.series["pool"].tolist() == pytest.approx([32])
    # Quotas of their own: 0.04 x 100 = 4 and 0.1 x 300 = 30; 40 / 6 a unit are 6.67 and 33.3, so
    # both take all they may: 34.
    result = run(horizon=1, package_quotas=(0.04, 0.1), order=order, quota_multiple=2.0)
    assert received(result) == pytest.approx([34])


def test_units_by_points() -> None:
    # 100 yuan are 50 points; from 40 on two units, from 60 on three. Nobody below 40.
    levels = ((40.0, 2.0), (60.0, 3.0))
    result = run(horizon=1, levels=levels, points_rate=0.5)
    assert received(result) == pytest.approx([20])
    result = run(horizon=1, levels=levels, points_rate=0.3)
    assert result.series["paid_out"].tolist() == [0]
    assert result.series["pool"].tolist() == pytest.approx([20])


def shared(*, horizon: int, exit_multiple: float = 1.0, share: float = 0.1) -> Result:
    """One order of 100 a tick; 30 a pool of points, 10 divided; both under one quota."""
    return simulate(
        Scheme(
            tick="order",
            horizon=horizon,
            order=Order(spend=100.0),
            mechanisms=(
                PointsPool(share=0.3, gift=0.7, fee=0.1, exit_multiple=exit_multiple),
                DividendPool(share=share, spend_per_unit=100.0, shared_quota="points_pool"),
            ),
        )
    )


def test_dividends_use_up_the_points_pool_s_quota() -> None:
    # Order 1 has 21 points. After 17 orders it has been paid 10 (1 + 1/2 + ... + 1/17) = 34.40, so
    # 65.60 of 100 are left, and its points are worth 21 x 3.0556 = 64.17. After 18: 65.05 are left
    # and the points are worth 21 x 3.1074 = 65.26: it is forced out for 0.9 x 65.05.
    assert shared(horizon=17).cohorts["exit_tick"].isna().all()
    left = 100 - 10 * harmonic(18)
    result = shared(horizon=18)
    assert result.cohorts["exit_tick"].iloc[0] == 18
    assert result.cohorts["received"].iloc[0] == pytest.approx(100 - left + 0.9 * left)
    assert result.series["fees"].iloc[17] == pytest.approx(0.1 * left)
    # It has lost its unit: the next 10 are divided over 18 orders, of which 17 are old.
    later = shared(horizon=19)
    assert later.cohorts["received"].iloc[0] == pytest.approx(100 - left + 0.9 * left)
    assert later.cohorts["received"].iloc[18] == pytest.approx(10 / 18)


def test_points_are_taken_back_for_nothing_once_dividends_used_up_the_quota() -> None:
    # 50 of each order are divided, the quota is 40: the first order is paid 40 of 50 at once, its
    # 21 points go, and its 30 are all that is in the pool. The second joins at the last price
    # and is paid 40 of 60; 20 stay.
    result = shared(horizon=2, exit_multiple=0.4, share=0.5)
    assert result.cohorts["received"].tolist() == pytest.approx([40, 40])
    assert result.cohorts["exit_tick"].tolist() == [1, 2]
    assert result.series["holders"].tolist() == [0, 0]
    assert result.series["points"].tolist() == [0, 0]
    assert result.series["pool"].tolist() == pytest.approx([30 + 10, 60 + 20])


def test_giving_up() -> None:
    # A tenth leaves each evening. Day 2: units 1.8 + 2; 20 / 3.8 each.
    result = run(horizon=2, leave=0.1)
    assert received(result) == pytest.approx([20 + 1.8 * 20 / 3.8, 2 * 20 / 3.8])
    assert result.series["holders"].tolist() == pytest.approx([1.8, 1.62 + 1.8])


def test_five_years_of_cyclic_purchase() -> None:
    # 10 % of sales, constant sales: 200 (1 + 1/2 + ... + 1/1825) = 1617 of the first day's 2000,
    # and 200 ln 2 = 139 of the median buyer's; nobody is whole.
    result = run(
        horizon=1825,
        spend_per_unit=2000.0,
        quota_multiple=2.0,
        order=Order(spend=2000.0),
        demand=Demand(orders_per_tick=100),
    )
    each = result.cohorts["received"] / result.cohorts["buyers"]
    assert each.iloc[0] == pytest.approx(200 * harmonic(1825))
    assert round(each.iloc[0]) == 1617
    assert round(each.loc[913]) == 139
    assert result.cohorts["even"].sum() == 0


@pytest.mark.parametrize(("share", "multiple"), [(0.3, 1.0), (0.3, 0.5), (0.6, 2.0), (0.5, 1.0)])
def test_how_long_a_quota_takes_at_constant_sales(share: float, multiple: float) -> None:
    # ln K = m (1 - 1/K) / a: whoever came on day t has m times the price on day K t. The first
    # day's need about e^-0.577 = 0.56 of the e^(m/a) it would be without a quota.
    factor = exp(multiple / share)
    for _ in range(200):
        factor = exp(multiple * (1 - 1 / factor) / share)
    assert log(factor) == pytest.approx(multiple * (1 - 1 / factor) / share)
    entry = 200
    result = run(
        horizon=int(factor * entry * 1.1),
        share=share,
        quota_multiple=multiple,
        demand=Demand(orders_per_tick=10),
    )
    exits = result.cohorts["exit_tick"]
    assert int(exits.loc[entry]) / entry == pytest.approx(factor, rel=0.01)
    # Until then nobody has finished: 1 + 1/2 + ... + 1/t reaches m / a near 0.5615 e^(m/a).
    first = int(exits.loc[1])
    assert harmonic(first - 1) < multiple / share <= harmonic(first) * (1 + 1e-12)
    assert first == pytest.approx(0.5615 * exp(multiple / share), abs=1)
    # The oldest finish first, and all units that still earn share what comes in.
    done = exits.dropna().astype(int).to_numpy()
    assert (np.diff(done) >= 0).all()
    assert result.series["paid_out"].sum() == pytest.approx(result.series["paid_in"].sum())


def test_published_factors() -> None:
    # Without quotas that run out K = e^(m/a): 28, 786; 148; 22,026, twice 4.85e8. So a buyer of
    # day 10 has the money back on day 280 with 30 % of sales.
    for share, multiple, wanted in (
        (0.3, 1, 28),
        (0.3, 2, 786),
        (0.2, 1, 148),
        (0.1, 1, 22_026),
        (0.1, 2, 4.85e8),
    ):
        assert exp(multiple / share) == pytest.approx(wanted, rel=1e-2)
    entry = 100
    back = int(entry * exp(1 / 0.3))
    each = run(horizon=back, share=0.3).cohorts["received"] / 2
    assert each.loc[entry] == pytest.approx(100, rel=0.005)


def test_a_unit_is_paid_on_the_day_on_which_all_quotas_are_used_up():
    """A quota of 100 yuan, and 200 yuan a unit to divide: 100 are paid, on every day."""
    pool = DividendPool(share=0.1, quota_multiple=0.05, spend_per_unit=2000)
    scheme = Scheme(
        horizon=3,
        order=Order(spend=2000),
        demand=Demand(orders_per_tick=1000),
        mechanisms=(pool,),
    )
    record = simulate(scheme).records[0]
    assert record.price == pytest.approx([100.0] * 3)
    assert record.price * record.units == pytest.approx(record.paid_out)


def test_recruits_units_are_within_the_cap() -> None:
    result = simulate(load("cyclic-packages", {"dividend_pool.issue_cap": 1000}))
    (engine,) = result.engines.dividends
    assert engine.issued == pytest.approx(1000, rel=1e-9)
    assert engine.own < 1000  # the rest are recruits'
    assert result.series["points"].max() <= 1000 * (1 + 1e-9)


CAPS: tuple[dict[str, Any], ...] = (
    {"dividend_pool.issue_cap": 1e4},
    {"points_pool.issue_cap": 1e5},
    {"points_pool.issue_cap": 1e5, "dividend_pool.issue_cap": 2e4},
)


@pytest.mark.parametrize("caps", CAPS)
@pytest.mark.parametrize("leave", [0.0, 0.01])
def test_caps_beside_a_shared_quota(caps: dict[str, Any], leave: float) -> None:
    """What is booked as received is what is paid, and everybody is somewhere."""
    changes = {**caps, "behaviour.sell_share": leave, "dividend_pool.rank_share": 0.05}
    result = simulate(load("equity-shop", {**changes, "horizon": 400}))
    paid = float(result.series["paid_out"].sum())
    assert float(result.cohorts["received"].sum()) == pytest.approx(paid, rel=1e-9)
    assert float(result.funding(bins=8).to_numpy().sum()) == pytest.approx(paid, rel=1e-9)
    found = standing(result)
    parts = (found.more, found.same, found.less, found.waiting, found.nothing)
    assert sum(part.orders for part in parts) == pytest.approx(result.line.orders.sum(), rel=1e-9)
    assert sum(part.received for part in parts) == pytest.approx(paid, rel=1e-9)
    assert (found.nothing.orders > 0) == (len(caps) == 2)


@pytest.mark.parametrize("method", ["own", "mixed", "oldest"])
def test_whose_money_recruits_units_were_paid(method: str) -> None:
    """An order a day of 1 yuan, an eighth divided, a quarter of a unit for each recruit."""
    order, demand = Order(spend=1.0), Demand(orders_per_tick=1)
    result = run(
        horizon=3, demand=demand, order=order, share=0.125, spend_per_unit=1.0,
        referral_rate=0.25, referral_generations=1,
    )  # fmt: skip
    # Units on day 2: 1.25 and 1; on day 3: 1.375, 1.125 and 1.
    parts = [[1.0], [1.25 / 2.25, 1 / 2.25], [1.375 / 3.5, 1.125 / 3.5, 1 / 3.5]]
    wanted = [0.125 * sum(day[k] for day in parts if k < len(day)) for k in range(3)]
    assert received(result) == pytest.approx(wanted)
    assert result.funding(method=method, bins=3).to_numpy()[:, :3].sum(axis=0) == pytest.approx(
        wanted
    )
