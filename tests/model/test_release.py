"""Daily release: small cases worked by hand, every policy, and the closed forms."""

from __future__ import annotations

from typing import Any

import pytest

from model import simulate
from model.behaviour import Behaviour
from model.demand import Demand
from model.mechanisms.scheduled_release import ScheduledRelease
from model.mechanisms.scheduled_release.schedule import Schedule
from model.platform import Platform
from model.result import Result
from model.scheme import Order, Parts, Scheme
from tests.model import slow
from view.mechanisms.scheduled_release.tasks import advertising


def run(
    *,
    horizon: int,
    orders: float | tuple[float, ...] = 1.0,
    order: Order | None = None,
    platform: dict[str, Any] | None = None,
    leave: float = 0.0,
    **settings: Any,
) -> Result:
    """One order of 100 yuan a day, credited 100, 10 released a day from 10 % of sales."""
    demand = (
        Demand(kind="list", orders=orders)
        if isinstance(orders, tuple)
        else Demand(orders_per_tick=orders)
    )
    basics = {"share": 0.1, "gift_multiple": 1.0, "daily_rate": 0.1}
    return simulate(
        Scheme(
            horizon=horizon,
            order=order or Order(spend=100.0),
            demand=demand,
            behaviour=Behaviour(sell_share=leave),
            platform=Platform(**(platform or {})),
            mechanisms=(ScheduledRelease(**(basics | settings)),),
        )
    )


def paid(result: Result) -> list[float]:
    return result.series["paid_out"].tolist()


def test_green_points() -> None:
    # 3000 -> 9000 points, 36 a day for 250 days; an order of 9000 -> 27,000 points, 108 a day.
    # Both together 144; when the first is used up 108. The second comes on day 101.
    order = Order(spend=3000.0, packages=((3.0, 0.5), (1.0, 0.5)))
    result = run(
        horizon=400,
        orders=(1.0, *[0.0] * 99, 1.0),
        order=order,
        gift_multiple=3.0,
        daily_rate=0.012,
        share=1.0,
        platform={"capital": 1e6},
    )
    assert result.series["sales"].iloc[[0, 100]].tolist() == [3000, 9000]
    day = [0] + [36] * 100 + [144] * 150 + [108] * 100 + [0] * 49
    assert paid(result) == pytest.approx(day)
    assert result.cohorts["received"].tolist() == pytest.approx([9000, 27_000])
    assert result.cohorts["exit_tick"].tolist() == [251, 351]
    assert result.series["promised"].iloc[[0, 100, 250, 350]].tolist() == pytest.approx(
        [9000, 9000 - 3600 + 27_000, 27_000 - 150 * 108, 0], abs=1e-6
    )
    assert result.broken is None


def test_faster_by_recruits() -> None:
    # Day 3: the second order's 36 bring its recruiter, the first, 18 more: 54 and 36.
    settings = {"gift_multiple": 3.0, "daily_rate": 0.012, "share": 1.0, "first_generation": 0.5}
    result = run(horizon=3, order=Order(spend=3000.0), **settings)
    assert paid(result) == pytest.approx([0, 36, 54 + 36])
    # Day 3's order was brought by either of the two. Day 4: 36 + 18 + 9 for the first, 36 + 9 for
    # the second, 36 for the third.
    result = run(horizon=4, order=Order(spend=3000.0), **settings)
    assert paid(result)[3] == pytest.approx(63 + 45 + 36)
    # The third is the first's in the second generation if the second brought it: 30 % of 36 / 2.
    result = run(horizon=4, order=Order(spend=3000.0), second_generation=0.3, **settings)
    assert result.cohorts["received"].tolist() == pytest.approx(
        [36 + 54 + 63 + 5.4, 36 + 45, 36, 0]
    )
    # Day 5, h = 1, 1/2, 1/3: the first has 1 + 1/2 + 1/3 in the first generation, and in the second
    # 1/2 of day 3's and (1 + 1/2) / 3 = 1/2 of day 4's, ((11/6)^2 - 1 - 1/4 - 1/9) / 2 = 1 in all.
    result = run(horizon=5, order=Order(spend=3000.0), second_generation=0.3, **settings)
    today = 36 + 18 * 11 / 6 + 0.3 * 36
    assert result.cohorts["received"].iloc[0] == pytest.approx(36 + 54 + 63 + 5.4 + today)


def test_acceleration_comes_out_of_one_s_own_credit() -> None:
    # Credit 25. Day 2: 10. Day 3: 10 + 10, but only 15 are left. Day 4: the first has none; the
    # second 10 of 15 left for a whole recruit of half chance: 10 + 5; day 5: day 4's order.
    result = run(horizon=4, gift_multiple=0.25, first_generation=1.0, share=1.0)
    # Day 4: the first is done; the second has 15 left: 10 + 1/2 x 10; the third 10.
    assert paid(result) == pytest.approx([0, 10, 15 + 10, 15 + 10])
    assert result.cohorts["exit_tick"].fillna(0).tolist() == [3, 4, 0, 0]
    # Only recruits that still have credit count, and only their base.
    later = run(horizon=5, gift_multiple=0.25, first_generation=1.0, share=1.0)
    # Day 5: the third has 15 left: 10 + 10 / 3 of the fourth; the fourth 10.
    assert paid(later)[4] == pytest.approx(10 + 10 / 3 + 10)


def test_stars() -> None:
    # From 200 of sales on 50 % of what is released go to the oldest. Day 2: sales 200, base 10:
    # 5 more for the first. Day 3: base 20, 10 more. Credit 100.
    result = run(horizon=3, stars=((200.0, 0.5),), share=1.0)
    assert result.cohorts["received"].tolist() == pytest.approx([10 + 5 + 10 + 10, 10, 0])
    # Below 500 nothing.
    assert paid(run(horizon=3, stars=((500.0, 0.5),), share=1.0)) == pytest.approx([0, 10, 20])
    # Credit 20: day 2: 10 + 5; day 3: 5 left for the first, nothing beside it: base 5 + 10, of
    # which 50 % are 7.5, all for the second, whose 10 left can bear it.
    result = run(horizon=3, gift_multiple=0.2, stars=((200.0, 0.5),), share=1.0)
    assert result.cohorts["received"].tolist() == pytest.approx([20, 17.5, 0])


def test_part_of_the_balance() -> None:
    # 10 % of what is left: 10, 9, 8.1 ... for one order of day 1.
    result = run(horizon=4, orders=(1.0,), basis="balance", share=1.0)
    assert paid(result) == pytest.approx([0, 10, 9, 8.1])
    assert result.series["promised"].tolist() == pytest.approx([100, 90, 81, 72.9])


def test_rewards_for_tasks() -> None:
    # Three tasks a day at 2 yuan from 0, 20 from 41 points on: 100 -> 40 -> 34 -> 28. Half the
    # tasks are paid for by advertisers at 0.5: 0.75 a day from day 2 on.
    result = run(
        horizon=5,
        orders=(1.0,),
        rewards=((0.0, 2.0), (41.0, 20.0)),
        tasks=3.0,
        ad_share=0.5,
        ad_income=0.5,
        share=1.0,
    )
    assert paid(result) == pytest.approx([0, 60, 6, 6, 6])
    assert result.series["paid_in"].tolist() == pytest.approx([100, 0.75, 0.75, 0.75, 0.75])
    advertisers = result.flows.query("source == 'advertisers'")
    assert advertisers["amount"].sum() == pytest.approx(3)
    # Below the first pair nothing.
    result = run(horizon=3, orders=(1.0,), rewards=((101.0, 5.0),), share=1.0)
    assert paid(result) == [0, 0, 0]


@pytest.mark.parametrize("multiple", [3.0, 0.7 * 3])
def test_rounding_does_not_decide_what_a_task_pays(multiple: float) -> None:
    """3 less 5 x 0.2 is 2, and 0.7 x 3 is 2.1: whoever holds 2 is paid as the holder of 2 is."""
    rewards = ((0.0, 0.05), (1.8, 0.1), (2.0, 0.2)) if multiple == 3 else ((0.0, 0.05), (2.1, 0.3))
    release = ScheduledRelease(gift_multiple=multiple, rewards=rewards, tasks=1, share=1.0)
    what = Scheme(
        horizon=60,
        order=Order(spend=1.0),
        demand=Demand(kind="list", orders=(1.0,)),
        platform=Platform(capital=100.0),
        mechanisms=(release,),
    )
    # From 3: six days at 0.2 (to 1.8), one at 0.1, 34 at 0.05; from 2.1: one at 0.3, 36 at 0.05.
    wanted = [0.2] * 6 + [0.1] + [0.05] * 34 if multiple == 3 else [0.3] + [0.05] * 36
    exactly = slow.run(what, number=slow.exact)
    if multiple == 3:
        assert [float(x) for x in exactly.paid_out] == [0.0, *wanted, *[0.0] * (59 - len(wanted))]
    result = simulate(what)
    assert paid(result)[1 : len(wanted) + 1] == pytest.approx(wanted)
    assert paid(result)[len(wanted) + 1 :] == pytest.approx([0.0] * (59 - len(wanted)), abs=1e-12)
    assert result.cohorts["exit_tick"].tolist() == [len(wanted) + 1]
    assert Schedule(what, release).days(0) == len(wanted)
    assert advertising(what, release, 0).days == len(wanted)


def test_a_star_is_reached_in_spite_of_rounding() -> None:
    """Three orders of 0.7 are sales of 2.1."""
    release = ScheduledRelease(stars=((2.1, 0.5),), gift_multiple=3.0, daily_rate=0.1, share=1.0)
    what = Scheme(
        horizon=6,
        order=Order(spend=0.7),
        demand=Demand(kind="list", orders=(1.0, 1.0, 1.0)),
        platform=Platform(capital=1.0),
        mechanisms=(release,),
    )
    wanted = slow.run(what, number=slow.exact)
    assert paid(simulate(what)) == pytest.approx([float(x) for x in wanted.paid_out])
    assert wanted.paid_out[2] == pytest.approx(0.14 + 0.07)  # two orders' days, and half as much


def test_a_wallet_that_is_not_paid_holds_up_nobody_behind_it() -> None:
    """An unpaid wallet in front, and behind it one that is too small for ever: that one is done."""
    release = ScheduledRelease(
        share=0.327, gift_multiple=1.586, rewards=((0.0, 0.99), (49.6, 4.95), (99.99, 19.8)),
        tasks=3.0, second_generation=1.0,
    )  # fmt: skip
    for policy, least in (("raise_minimum", 0.0), ("stop", 30.0), ("cut", 30.0)):
        what = Scheme(
            horizon=30,
            order=Order(spend=99.0),
            demand=Demand(kind="list", orders=(5, 5, 0, 3, 3, 2, 3, 3, 2, 1)),
            platform=Platform(policy=policy, minimum=least, withdrawal_fee=0.1),
            mechanisms=(release,),
        )
        wanted, result = slow.run(what), simulate(what)
        for name in ("promised", "holders", "paid_out"):
            mine = [float(x) for x in getattr(wanted, name)]
            assert result.series[name].tolist() == pytest.approx(mine, abs=1e-7), (policy, name)


def test_the_fee_stays_with_the_payer() -> None:
    # 20 % of what is released: 8 of 10 are paid, 10 are taken off the credit; ten days and done.
    result = run(horizon=12, orders=(1.0,), share=1.0, platform={"withdrawal_fee": 0.2})
    assert paid(result) == pytest.approx([0] + [8] * 10 + [0])
    assert result.series["fees"].tolist() == pytest.approx([0] + [2] * 10 + [0])
    assert result.series["pool"].iloc[-1] == pytest.approx(20)
    assert result.cohorts["exit_tick"].tolist() == [11]
    assert result.cohorts["even"].tolist() == [0]


# One order a day, 10 a day into the pool: day 2 pays 10 of 20, day 3 pays 20 of 20, day 4 has 10
# for 30.


def test_stop() -> None:
    # Everybody gets a third. Then nothing is paid and nobody orders.
    result = run(horizon=8)
    assert paid(result) == pytest.approx([0, 10, 20, 10, 0, 0, 0, 0])
    assert result.series["orders"].tolist() == [1] * 4 + [0] * 4
    third = 10 / 3
    assert result.cohorts["received"].tolist() == pytest.approx([20 + third, 10 + third, third, 0])
    assert result.broken is not None
    assert result.broken.tick == 4
    # 70, 80, 90 before the day's payment of 10 less 3.33 each, and 100.
    assert result.broken.owed == pytest.approx(80 + 90 + 100 + 100 - 10)
    assert result.broken.orders == 4


def test_cut() -> None:
    # Only what is paid is taken off: day 4 leaves 76.67, 86.67, 96.67 and 100; day 5 10 for 40.
    result = run(horizon=6, platform={"policy": "cut"})
    assert paid(result) == pytest.approx([0, 10, 20, 10, 10, 10])
    assert result.cohorts["received"].tolist() == pytest.approx(
        [20 + 10 / 3 + 2.5 + 2, 10 + 10 / 3 + 2.5 + 2, 10 / 3 + 2.5 + 2, 2.5 + 2, 2, 0]
    )
    assert result.broken is not None
    assert result.broken.tick == 4
    assert result.broken.owed == pytest.approx(360)
    assert result.series["promised"].iloc[3] == pytest.approx(360)
    assert result.series["orders"].tolist() == [1] * 6


def test_raise_fee() -> None:
    # Day 4: 30 gross for 10: a fee of 0.7 (0.6 is not enough) pays 9 and leaves 1; 30 are taken off
    # the credit. Day 5: 40 gross, 12 for 11: 0.8, 8 are paid and 3 left. Day 6: 50: 10 of 13.
    # Day 7: 60: 12 of 13. Day 8: 70: 14 for 11: 0.9, 7 are paid.
    result = run(horizon=8, platform={"policy": "raise_fee"})
    assert paid(result) == pytest.approx([0, 10, 20, 9, 8, 10, 12, 7])
    assert result.series["fees"].tolist() == pytest.approx([0, 0, 0, 21, 32, 40, 48, 63])
    assert result.series["pool"].tolist() == pytest.approx([10, 10, 0, 1, 3, 3, 1, 4])
    assert result.broken is not None
    assert result.broken.tick == 4
    assert result.broken.owed == pytest.approx(70 + 80 + 90 + 100)


def test_never_beyond_nine_tenths() -> None:
    # One order a day at 1 % of sales: day 2: 10 for 2: 0.8 (2 of 2); day 3: 20 gross, 2 at 0.9 for
    # 1: then a cut to a half, and 10 of the 20 are taken off.
    result = run(horizon=3, share=0.01, platform={"policy": "raise_fee"})
    assert paid(result) == pytest.approx([0, 2, 1])
    assert result.series["promised"].tolist() == pytest.approx([100, 190, 280])


def test_raise_minimum() -> None:
    # Day 4: wallets of 10, 10, 10 for 10 in the pool: a minimum of 10 does not help, 20 does:
    # nobody has it. Day 5: 20, 20, 20 and 10 for 20: 40. Day 6: 30, 30, 30, 20, 10. Day 7: 40,
    # 40, 40, 30, 20, 10 for 40: 80. Day 10: 50 + 4 x ... none has 80 before day 11, when three of
    # 80 meet 80: 160, which nobody who was credited 100 can ever reach.
    result = run(horizon=30, platform={"policy": "raise_minimum"})
    assert paid(result) == pytest.approx([0, 10, 20] + [0] * 27)
    assert result.series["pool"].tolist() == pytest.approx([10, 10] + [10.0 * d for d in range(28)])
    assert result.broken is not None
    assert result.broken.tick == 4
    assert result.broken.owed == pytest.approx(70 + 80 + 90 + 100 + 30)
    # The first order's credit is used up on day 11, with 80 in the wallet for ever.
    assert result.cohorts["received"].tolist()[:3] == pytest.approx([20, 10, 0])
    assert result.cohorts["exit_tick"].fillna(0).tolist()[:3] == [11, 12, 13]


def test_what_is_left_below_the_smallest_withdrawal() -> None:
    # A minimum of 30 from the start: 30 on days 4, 7 and 10; the last 10 are never paid.
    result = run(horizon=14, orders=(1.0,), share=1.0, platform={"minimum": 30.0})
    assert paid(result) == pytest.approx([0, 0, 0, 30, 0, 0, 30, 0, 0, 30, 0, 0, 0, 0])
    assert result.series["promised"].iloc[-1] == 0
    assert result.series["holders"].iloc[-1] == 0
    assert result.cohorts["exit_tick"].tolist() == [11]
    assert result.broken is None
    # Of 110 credited the last 20 are lost; 90 paid are less than the price. Of 120, all is paid.
    result = run(
        horizon=14,
        orders=(1.0,),
        share=1.0,
        gift_multiple=1.2,
        platform={"minimum": 30.0, "capital": 100.0},
    )
    assert result.cohorts["received"].tolist() == pytest.approx([120])
    assert result.cohorts["even"].tolist() == [1]
    assert result.cohorts["exit_tick"].tolist() == [13]


def test_a_minimum_raised_on_a_day() -> None:
    # 10 a day in the wallet: 20 on days 3 and 5; from day 6 on 30 are needed: day 8; the wallet of
    # 30 on day 11 is the last. Of 100, the whole 100 is paid; with a minimum of 70 from day 6 on
    # the wallet ends at 60, for ever.
    once = {"horizon": 14, "orders": (1.0,), "share": 1.0}
    steps: dict[str, Any] = {"minimum": 20.0, "raised_minimum": 30.0, "raised_from": 6}
    result = run(**once, platform=steps)
    assert paid(result) == pytest.approx([0, 0, 20, 0, 20, 0, 0, 30, 0, 0, 30, 0, 0, 0])
    result = run(**once, platform={**steps, "raised_minimum": 70.0})
    assert paid(result) == pytest.approx([0, 0, 20, 0, 20] + [0] * 9)
    assert result.cohorts["exit_tick"].tolist() == [11]
    assert result.cohorts["received"].tolist() == pytest.approx([40])
    assert result.broken is None
    # It is never lowered.
    result = run(**once, platform={**steps, "raised_minimum": 0.0})
    assert paid(result) == pytest.approx([0, 0, 20, 0, 20, 0, 20, 0, 20, 0, 20, 0, 0, 0])


def test_the_minimum_starts_from_one_day_s_due_of_a_full_order() -> None:
    # 40 % of the balance of 150: 60, 36, 21.6 ... Day 2: 60 of 60. Day 3: 36 + 60 of 60 + 60.
    # Day 4: 21.6 + 36 + 60 for 24: with a minimum of 60 the newest order's 60 cannot be paid; with
    # 120 nobody can withdraw. Day 5: the fullest wallet holds 60 + 36.
    settings: dict[str, Any] = {
        "basis": "balance",
        "daily_rate": 0.4,
        "gift_multiple": 1.5,
        "share": 0.6,
        "orders": (1.0, 1.0, 1.0, 0.0, 2.0),
        "horizon": 5,
    }
    result = run(platform={"policy": "raise_minimum"}, **settings)
    assert paid(result) == pytest.approx([0, 60, 96, 0, 0])
    # With 40 more to pay from a minimum of 60 is enough. The next day's 96 are also there.
    result = run(platform={"policy": "raise_minimum", "capital": 40.0}, **settings)
    assert paid(result) == pytest.approx([0, 60, 96, 60, 0])


def test_the_platform_s_account() -> None:
    # 10 for the pool and 5 for the platform from each order. Day 2: 10 of 20. Day 3: 20 of 20.
    # Day 4: 10 of the pool and 20 of the platform's 20. Day 5: 10 + 5 for 40.
    order = Order(spend=100.0, parts=Parts(platform=0.05), rest="goods")
    result = run(horizon=6, order=order)
    assert paid(result) == pytest.approx([0, 10, 20, 30, 15, 0])
    account = result.ledger.balances()["platform"].tolist()
    assert account == pytest.approx([5, 10, 15, 0, 0, 0])
    assert result.broken is not None
    assert result.broken.tick == 5


def test_giving_up() -> None:
    # Half leave each evening, and their credit lapses: 0.5 x 10 on day 2, then 2.5, 1.25.
    result = run(horizon=4, orders=(1.0,), share=1.0, leave=0.5)
    assert paid(result) == pytest.approx([0, 5, 2.5, 1.25])
    assert result.series["holders"].tolist() == pytest.approx([0.5, 0.25, 0.125, 0.0625])
    assert result.series["promised"].tolist() == pytest.approx(
        [50, 0.25 * 90, 0.125 * 80, 0.0625 * 70]
    )


# -- closed forms ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("multiple", "rate", "share"), [(3.0, 0.012, 0.3), (1.0, 0.002, 0.16), (2.5, 0.01, 0.5)]
)
def test_linear_release_at_constant_sales(multiple: float, rate: float, share: float) -> None:
    # What is due passes what comes in on day a D / M, and the pool is empty on day 2 a D / M
    # (payments start on the second day: one later each).
    days = multiple / rate
    cross = share * days / multiple
    horizon = int(2 * cross) + 5
    result = run(
        horizon=horizon,
        orders=10.0,
        gift_multiple=multiple,
        daily_rate=rate,
        share=share,
    )
    series = result.series
    assert series["pool"].idxmax() == pytest.approx(cross + 1, abs=1)
    assert result.broken is not None
    assert result.broken.tick == pytest.approx(2 * cross + 2, abs=1)


@pytest.mark.parametrize(("growth", "holds"), [(0.0126, True), (0.0115, False)])
def test_the_growth_a_linear_release_needs_for_ever(growth: float, holds: bool) -> None:
    # M = 1, D = 500, a = 0.16: 1.2476 % a day, doubling every 56 days.
    result = simulate(
        Scheme(
            horizon=1100,
            order=Order(spend=100.0),
            demand=Demand(kind="growing", orders_per_tick=1000, growth=growth),
            mechanisms=(ScheduledRelease(share=0.16, gift_multiple=1.0, daily_rate=0.002),),
        )
    )
    assert (result.broken is None) == holds


@pytest.mark.parametrize(("growth", "holds"), [(0.0105, True), (0.0085, False)])
def test_the_growth_a_part_of_the_balance_needs(growth: float, holds: bool) -> None:
    # q = rho (M / a - 1): 0.01 x (1 / 0.5 - 1) = 1 % a day.
    result = simulate(
        Scheme(
            horizon=1200,
            order=Order(spend=100.0),
            demand=Demand(kind="growing", orders_per_tick=1000, growth=growth),
            mechanisms=(
                ScheduledRelease(share=0.5, gift_multiple=1.0, daily_rate=0.01, basis="balance"),
            ),
        )
    )
    assert (result.broken is None) == holds


def test_a_cut_is_a_slower_clock() -> None:
    # With factors phi each order has been paid rate x price x (their sum since it came).
    result = run(horizon=60, share=0.2, daily_rate=0.02, platform={"policy": "cut"}, orders=3.0)
    due = [6.0 * day for day in range(60)]
    factors = [p / d if d else 0.0 for p, d in zip(paid(result), due, strict=True)]
    assert factors[59] < 1
    for entry in (1, 10, 50):
        wanted = 2.0 * sum(factors[entry:])
        assert result.cohorts["received"].loc[entry] / 3 == pytest.approx(wanted)
