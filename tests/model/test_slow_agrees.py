"""Dividends, daily release, queues and commissions against the oracle, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, simulate
from model.behaviour import Behaviour
from model.demand import Demand
from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.points_pool import PointsPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.platform import Platform
from model.result import Result
from model.scheme import Order, Parts, Scheme
from tests.model import agree, reference, slow

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

SPEND = 100.0


def scheme(*mechanisms: Any, **settings_: Any) -> Scheme:
    """A small scheme: orders of 100 yuan, two a tick, unless said otherwise."""
    settings_.setdefault("order", Order(spend=SPEND))
    settings_.setdefault("demand", Demand(orders_per_tick=2))
    settings_.setdefault("horizon", 24)
    return Scheme(mechanisms=mechanisms, **settings_)


def balance(result: Result, account: str) -> Sequence[float]:
    """An account at the end of each tick; nought if nothing was ever booked on it."""
    return result.ledger.balances().get(account, [0.0] * result.scheme.horizon)


def check(what: Scheme, *, number: Any = slow.decimal) -> tuple[Result, slow.Slow]:
    """Run both and hold every column of ours to the oracle's; an exit tick of 0 means none."""
    wanted = slow.run(what, number=number)
    result = simulate(what)
    series, cohorts = result.series, result.cohorts
    price = max(what.order.mean_spend, what.order.spend)
    assert series["orders"].tolist() == wanted.orders
    agree.same(series["sales"], wanted.sales, "sales", floor=price)
    agree.same(series["paid_in"], wanted.paid_in, "paid_in", floor=price)
    agree.same(series["paid_out"], wanted.paid_out, "paid_out", floor=price)
    agree.same(series["fees"], wanted.fees, "fees", floor=price)
    agree.same(series["pool"], wanted.pool, "pool", floor=price)
    # With several mechanisms, of the first one.
    first = next(
        m.name
        for kind in (DividendPool, ScheduledRelease, RefundQueue)
        for m in what.mechanisms
        if isinstance(m, kind)
    )
    agree.same(series["holders"], wanted.holders_of[first], "holders", floor=1.0)
    if all(m.quota_multiple is not None for m in what.mechanisms if isinstance(m, DividendPool)):
        agree.same(series["promised"], wanted.promised, "promised", floor=price)
    agree.same(balance(result, "platform"), wanted.account, "platform's account", floor=price)
    pools = list(wanted.pools)
    for name in pools:
        account = "pool" if len(pools) == 1 else name
        agree.same(balance(result, account), wanted.pools[name], f"pool of {name}", floor=price)

    ticks = list(wanted.cohorts)
    assert cohorts.index.tolist() == ticks
    mine = wanted.cohorts.values()
    assert cohorts["buyers"].tolist() == [cohort.buyers for cohort in mine]
    agree.same(cohorts["spent"], [cohort.spent for cohort in mine], "spent", floor=price)
    agree.same(cohorts["received"], [c.received for c in mine], "received", floor=price)
    if len(pools) == 1:
        # Of several mechanisms together it is the average order that is even or not.
        agree.same(cohorts["even"], [cohort.even for cohort in mine], "even", floor=1.0)
    exits = [cohort.exit_tick or 0 for cohort in mine]
    agree.same(cohorts["exit_tick"].fillna(0).astype(int), exits, "exit_tick")
    if wanted.broken is None:
        assert result.broken is None
    else:
        assert result.broken is not None, f"not broken on tick {wanted.broken.tick}"
        assert result.broken.tick == wanted.broken.tick, "tick on which it broke"
        agree.same([result.broken.owed], [wanted.broken.owed], "owed", floor=price)
        agree.same([result.broken.orders], [wanted.broken.orders], "orders owed", floor=1.0)
    return result, wanted


# -- by hand -----------------------------------------------------------------------------------

HALVES = Order(spend=SPEND, packages=((1.0, 0.7), (4.0, 0.3)))
THREE = Order(spend=SPEND, packages=((1.0, 0.5), (3.0, 0.3), (9.0, 0.2)))
GROWING = Demand(kind="growing", orders_per_tick=1.5, growth=0.1)
LIST = Demand(kind="list", orders=(0, 3, 0, 1, 5, 2, 0, 0, 4, 1, 1))
STOPPING = Demand(orders_per_tick=3, stop_tick=8)
DEMANDS = {"steady": Demand(orders_per_tick=2), "growing": GROWING, "list": LIST, "stop": STOPPING}

DIVIDENDS = {
    "plain": {},
    "soon done": {"quota_multiple": 0.3},
    "no quota": {"quota_multiple": None},
    "over all": {"quota_multiple": 0.4, "divided_over": "all"},
    "every 5 ticks": {"quota_multiple": 0.5, "interval": 5},
    "ranks": {"quota_multiple": 0.5, "rank_share": 0.2},
    "ranks only": {"share": 0.0, "quota_multiple": 0.5, "rank_share": 0.2, "interval": 3},
    "many high ranks": {
        "quota_multiple": 0.4,
        "rank_share": 0.3,
        "rank_reached": (1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.0, 0.0, 0.0, 0.0),
    },
    "referral": {"quota_multiple": 0.5, "referral_rate": 0.1},
    "referral without quota": {
        "quota_multiple": None,
        "referral_rate": 0.3,
        "referral_generations": 2,
    },
    "referral over all": {"quota_multiple": 0.4, "referral_rate": 0.1, "divided_over": "all"},
    "capped": {"issue_cap": 17.5, "quota_multiple": 0.6},
    "capped, no quota": {"issue_cap": 12.25, "quota_multiple": None},
    "capped, referral": {"issue_cap": 17.5, "quota_multiple": 0.6, "referral_rate": 0.1},
    "levels": {"levels": ((50.0, 1.0), (150.0, 2.0)), "points_rate": 0.7},
    "below the first level": {"levels": ((50.0, 1.0),), "points_rate": 0.1},
}


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("case", DIVIDENDS)
@pytest.mark.parametrize("leave", [0.0, 0.05])
def test_dividends(case: str, demand: str, leave: float) -> None:
    pool = DividendPool(**{"share": 0.2, "spend_per_unit": 50.0, **DIVIDENDS[case]})
    check(scheme(pool, demand=DEMANDS[demand], behaviour=Behaviour(sell_share=leave)))


PACKED = {
    "by price": {},
    "units": {"package_units": (1.0, 9.0)},
    "quotas": {"package_units": (3.0, 9.0), "package_quotas": (0.2, 0.4)},
    "ranks": {"package_quotas": (0.3, 0.2), "rank_share": 0.1},
    "referral": {
        "referral_rate": 0.1,
        "package_generations": (5.0, 8.0),
        "quota_multiple": 0.4,
    },
    "levels": {"levels": ((100.0, 1.0), (400.0, 7.0)), "quota_multiple": 0.4},
    "no quota": {"package_units": (0.0, 2.0), "quota_multiple": None},
}


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("case", PACKED)
def test_dividends_by_package(case: str, demand: str) -> None:
    pool = DividendPool(**{"share": 0.2, "spend_per_unit": 100.0, **PACKED[case]})
    check(scheme(pool, demand=DEMANDS[demand], order=HALVES))
    leave = Behaviour(sell_share=0.1)
    check(scheme(pool, demand=DEMANDS[demand], order=HALVES, behaviour=leave))


@pytest.mark.parametrize("number", [1, 2, 3, 5, 7, 10])
def test_three_packages(number: int) -> None:
    """Ten orders a tick are 5, 3 and 2; of fewer, which package waits for whole orders."""
    demand = Demand(orders_per_tick=number)
    pool = DividendPool(share=0.2, package_units=(1.0, 3.0, 9.0), package_quotas=(0.2, 0.4, 0.3))
    check(scheme(pool, order=THREE, demand=demand))
    release = ScheduledRelease(share=0.3, daily_rate=0.1, package_multiples=(1.0, 1.5, 2.0))
    for policy in POLICIES.values():
        check(scheme(release, order=THREE, demand=demand, platform=policy))


@pytest.mark.parametrize("number", [1, 2, 3, 7])
def test_no_package_is_chosen_by_less_than_no_orders(number: int) -> None:
    pool = DividendPool(share=0.2, spend_per_unit=100)
    result = simulate(scheme(pool, order=THREE, demand=Demand(orders_per_tick=number)))
    assert (result.line.counts >= 0).all()


def test_two_dividend_pools() -> None:
    daily = DividendPool(name="daily", share=0.1, spend_per_unit=50, quota_multiple=0.3)
    monthly = DividendPool(
        name="monthly", share=0.2, spend_per_unit=30, quota_multiple=0.7, interval=4
    )
    check(scheme(daily, monthly, demand=GROWING), number=slow.exact)
    endless = monthly.model_copy(update={"quota_multiple": None})
    check(scheme(daily, endless, demand=GROWING, behaviour=Behaviour(sell_share=0.02)))


RELEASES = {
    "plain": {},
    "balance": {"basis": "balance"},
    "one generation": {"first_generation": 0.5},
    "two generations": {"first_generation": 0.5, "second_generation": 0.3},
    "second only": {"second_generation": 0.9, "basis": "balance"},
    "stars": {"stars": ((500.0, 0.1), (1500.0, 0.3), (4000.0, 0.5))},
    "everything": {
        "first_generation": 0.5,
        "second_generation": 0.3,
        "stars": ((500.0, 0.1), (2000.0, 0.5)),
    },
    "rewards": {
        "rewards": ((0.0, 2.0), (51.0, 5.0), (101.0, 11.0)),
        "ad_share": 0.5,
        "ad_income": 3.0,
        "tasks": 1.0,
    },
    "rewards, gap": {
        "rewards": ((40.0, 2.0), (101.0, 7.0)),
        "tasks": 2.0,
        "first_generation": 0.5,
        "ad_income": 1.0,
    },
}
POLICIES = {
    "stop": Platform(),
    "stop, capital": Platform(capital=1234.0),
    "cut": Platform(policy="cut"),
    "cut, capital, fee": Platform(policy="cut", capital=500.0, withdrawal_fee=0.1),
    "fee": Platform(policy="raise_fee"),
    "fee from the start": Platform(policy="raise_fee", withdrawal_fee=0.15, fee_step=0.07),
    "minimum": Platform(policy="raise_minimum"),
    "minimum, capital": Platform(policy="raise_minimum", capital=700.0, withdrawal_fee=0.05),
}


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", RELEASES)
def test_release(case: str, policy: str, demand: str) -> None:
    release = ScheduledRelease(
        **{"share": 0.3, "gift_multiple": 1.5, "daily_rate": 0.1, **RELEASES[case]}
    )
    check(scheme(release, demand=DEMANDS[demand], platform=POLICIES[policy], horizon=30))


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", ["plain", "balance", "everything", "rewards"])
def test_release_with_giving_up(case: str, policy: str, demand: str) -> None:
    release = ScheduledRelease(
        **{"share": 0.25, "gift_multiple": 1.2, "daily_rate": 0.09, **RELEASES[case]}
    )
    leave = Behaviour(sell_share=0.03)
    check(scheme(release, demand=DEMANDS[demand], platform=POLICIES[policy], behaviour=leave))


@pytest.mark.parametrize("policy", ["stop, capital", "cut", "fee", "minimum"])
@pytest.mark.parametrize("case", ["plain", "balance", "two generations", "stars", "everything"])
def test_release_by_package(case: str, policy: str) -> None:
    release = ScheduledRelease(
        share=0.3,
        daily_rate=0.1,
        package_multiples=(1.0, 1.7),
        **RELEASES[case],
    )
    for demand in DEMANDS.values():
        check(scheme(release, demand=demand, platform=POLICIES[policy], order=HALVES))


@pytest.mark.parametrize("policy", ["stop", "cut", "raise_fee", "raise_minimum"])
@pytest.mark.parametrize("least", [25.0, 47.0, 1000.0])
def test_smallest_withdrawal_from_the_start(policy: str, least: float) -> None:
    release = ScheduledRelease(share=0.5, gift_multiple=1.3, daily_rate=0.1)
    platform = Platform(policy=policy, minimum=least, capital=300.0, withdrawal_fee=0.1)
    for demand in DEMANDS.values():
        check(scheme(release, demand=demand, platform=platform))


@pytest.mark.parametrize("policy", ["stop", "cut", "raise_fee", "raise_minimum"])
@pytest.mark.parametrize(
    ("least", "later", "day"), [(25.0, 90.0, 12), (0.0, 30.0, 5), (50.0, 20.0, 3)]
)
@pytest.mark.parametrize("case", ["plain", "balance", "everything"])
def test_a_smallest_withdrawal_that_is_raised_on_a_day(
    case: str, least: float, later: float, day: int, policy: str
) -> None:
    release = ScheduledRelease(
        **{"share": 0.5, "gift_multiple": 1.3, "daily_rate": 0.1, **RELEASES[case]}
    )
    platform = Platform(
        policy=policy, minimum=least, raised_minimum=later, raised_from=day, capital=300.0
    )
    for demand in DEMANDS.values():
        check(scheme(release, demand=demand, platform=platform))


def test_the_platform_s_part_pays_what_the_pool_lacks() -> None:
    release = ScheduledRelease(share=0.2, gift_multiple=1.0, daily_rate=0.1)
    order = Order(spend=SPEND, parts=Parts(platform=0.3), rest="goods")
    for policy in POLICIES.values():
        check(scheme(release, order=order, platform=policy))


QUEUES = {
    "pool": {},
    "pool, lock": {"lock": 4},
    "pool, 110 %": {"refund": 1.1, "share": 0.35},
    "pool, advance": {"advance": 0.2},
    "pool, advance, lock": {"advance": 0.3, "lock": 6},
    "platform's advance": {"advance": 0.2, "advance_payer": "platform"},
    "shared": {"rule": "shared", "refund": 0.7},
    "shared, lock": {"rule": "shared", "refund": 0.7, "lock": 5, "share": 0.3},
    "shared, one": {"rule": "shared", "newcomers": 1, "refund": 0.5, "share": 0.3},
    "shared, advance": {"rule": "shared", "advance": 0.1},
    "own": {"rule": "own", "refund": 0.7},
    "own, enough": {"rule": "own", "refund": 0.7, "share": 0.7},
    "own, lock, advance": {
        "rule": "own",
        "refund": 0.7,
        "share": 0.6,
        "lock": 3,
        "advance": 0.15,
        "advance_payer": "platform",
    },
    "does not qualify": {"threshold": 101.0},
    "qualifies": {"threshold": 100.0},
}


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("policy", ["stop", "stop, capital", "cut", "cut, capital, fee"])
@pytest.mark.parametrize("case", QUEUES)
def test_queue(case: str, policy: str, demand: str) -> None:
    queue = RefundQueue(**{"share": 0.25, **QUEUES[case]})
    check(scheme(queue, demand=DEMANDS[demand], platform=POLICIES[policy], horizon=20))
    check(
        scheme(
            queue,
            demand=DEMANDS[demand],
            platform=POLICIES[policy],
            behaviour=Behaviour(sell_share=0.05),
            horizon=20,
        )
    )


@pytest.mark.parametrize("policy", ["fee", "minimum"])
def test_a_queue_s_refunds_are_cut_whatever_is_raised(policy: str) -> None:
    queue = RefundQueue(share=0.25, rule="own", refund=0.7)
    check(scheme(queue, platform=POLICIES[policy]))


COMMISSIONS = {
    "plain": {},
    "agents": {"districts": 2, "cities": 1, "provinces": 1},
    "no city": {"districts": 2, "provinces": 1},
    "city only": {"cities": 1},
    "more than the budget": {"direct": 0.1, "indirect": 0.05},
    "bonuses, prizes": {"bonuses": 0.03, "prizes": 0.02},
    "circle": {"circle": 0.5},
}


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("case", COMMISSIONS)
def test_commission(case: str, demand: str) -> None:
    prices = {"district_price": 20.0, "city_price": 100.0, "province_price": 1000.0}
    commission = Commission(**{**prices, **COMMISSIONS[case]})
    order = Order(spend=SPEND, parts=Parts(distribution=0.02, platform=0.02), rest="goods")
    dividend = DividendPool(share=0.2, spend_per_unit=50.0, quota_multiple=0.4)
    release = ScheduledRelease(share=0.4, gift_multiple=1.0, daily_rate=0.1)
    for beside in (dividend, release):
        for policy in ("stop", "stop, capital", "cut"):
            what = scheme(
                beside,
                commission,
                order=order,
                demand=DEMANDS[demand],
                platform=POLICIES[policy],
            )
            result, wanted = check(what)
            paid = result.flows
            budget = balance(result, "distribution")
            agree.same(budget, wanted.distribution, "budget for distribution", floor=SPEND)
            assert (paid["amount"] >= 0).all()


def test_commission_when_the_rest_is_for_distribution() -> None:
    order = Order(spend=SPEND, rest="distribution")
    pool = DividendPool(share=0.9, spend_per_unit=50.0, quota_multiple=0.4)
    check(scheme(pool, Commission(direct=0.1, indirect=0.05), order=order, demand=LIST))


MIXED = {
    "dividend and release": (
        DividendPool(share=0.1, spend_per_unit=50.0, quota_multiple=0.4),
        ScheduledRelease(share=0.3, gift_multiple=1.0, daily_rate=0.08),
    ),
    "dividend and queue": (
        DividendPool(share=0.1, spend_per_unit=50.0, quota_multiple=0.4, rank_share=0.1),
        RefundQueue(share=0.25, lock=2),
    ),
    "release and queue of turns": (
        ScheduledRelease(share=0.3, gift_multiple=0.8, daily_rate=0.05, first_generation=0.5),
        RefundQueue(share=0.2, rule="shared", refund=0.7),
    ),
    "all": (
        DividendPool(share=0.1, spend_per_unit=50.0, quota_multiple=0.4, referral_rate=0.1),
        ScheduledRelease(share=0.3, gift_multiple=0.8, daily_rate=0.05),
        RefundQueue(share=0.2, advance=0.1),
        Commission(direct=0.02),
    ),
}


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize(
    "policy",
    ["stop", "stop, capital", "cut", "cut, capital, fee", "fee", "minimum", "minimum, capital"],
)
@pytest.mark.parametrize("case", MIXED)
@pytest.mark.parametrize("leave", [0.0, 0.04])
def test_mixtures(case: str, policy: str, demand: str, leave: float) -> None:
    check(
        scheme(
            *MIXED[case],
            demand=DEMANDS[demand],
            platform=POLICIES[policy],
            behaviour=Behaviour(sell_share=leave),
            horizon=18,
        )
    )


@pytest.mark.parametrize("policy", ["raise_fee", "raise_minimum"])
def test_what_is_raised_does_not_pay_a_queue_more(policy: str) -> None:
    """The account is divided by what each lacks before anything is raised."""
    release = ScheduledRelease(share=0.05, gift_multiple=1.0, daily_rate=0.2)
    queue = RefundQueue(share=0.2, rule="shared", newcomers=1, refund=1.0, lock=1)
    order = Order(spend=SPEND, parts=Parts(platform=0.15), rest="goods")
    what = scheme(
        release,
        queue,
        order=order,
        platform=Platform(policy=policy, fee_step=0.03),
        demand=Demand(kind="list", orders=(0, 5, 2, 5)),
        horizon=8,
    )
    result, wanted = check(what)
    assert result.broken is not None
    assert max(wanted.account) > 0  # something is left where the release is paid less


def test_who_was_given_no_units_is_paid_off_when_the_other_rule_is() -> None:
    """One unit and a half for all: the second order waits for its release and for nothing else."""
    pool = DividendPool(share=0.1, spend_per_unit=SPEND, quota_multiple=0.5, issue_cap=1.5)
    release = ScheduledRelease(share=0.8, gift_multiple=0.4, daily_rate=0.2)
    what = scheme(pool, release, demand=Demand(orders_per_tick=1), platform=Platform(capital=1e4))
    result, _ = check(what)
    assert result.cohorts["exit_tick"].tolist()[2] == 5
    queue = RefundQueue(share=0.3, threshold=101.0)
    result, _ = check(scheme(release.model_copy(update={"share": 0.5}), queue, horizon=6))
    assert result.cohorts["exit_tick"].tolist()[0] == 3


# -- a quota shared with a points pool ---------------------------------------------------------


def check_shared(what: Scheme, *, number: Any = slow.decimal) -> None:
    """Both pools, the price and the buyers of each day against the oracle."""
    wanted = slow.run_shared(what, number=number)
    result = simulate(what)
    series, cohorts, price = result.series, result.cohorts, what.order.spend
    assert series["orders"].tolist() == slow.volumes(what)
    started = int(np.argmax(series["orders"].to_numpy() > 0))
    held = np.array([float(points) for points in wanted.points[started:]])
    if len(held) and (held < 0.01 * np.maximum.accumulate(held)).any():
        # Next to nobody holds a point any more, and parts of orders (ranks, those who sell) decide
        # in which turn the last of them are paid and what the last quote is: a convention.
        return
    agree.same(series["price"], wanted.price, "price")
    most = max(float(points) for points in wanted.points)
    agree.same(series["points"], wanted.points, "points", floor=1e-6 * most)
    agree.same(series["paid_out"], wanted.paid_out, "paid_out", floor=price)
    agree.same(series["fees"], wanted.fees, "fees", floor=price)
    agree.same(series["holders"], wanted.holders, "holders", floor=1.0)
    names = {m.kind: result.account_of(m.name) for m in what.mechanisms}
    points, dividends = names["points_pool"], names["dividend_pool"]
    agree.same(balance(result, points), wanted.points_pool, "points pool", floor=price)
    agree.same(balance(result, dividends), wanted.dividend_pool, "dividend pool", floor=price)
    assert cohorts.index.tolist() == list(wanted.cohorts)
    mine = wanted.cohorts.values()
    agree.same(cohorts["received"], [c.received for c in mine], "received", floor=price)
    exits = [cohort.exit_tick or 0 for cohort in mine]
    agree.same(cohorts["exit_tick"].fillna(0).astype(int), exits, "exit_tick")
    if not what.behaviour.sells:
        # Of those who sell of their own accord, dividends and sale are not added up one by one.
        agree.same(cohorts["even"], [cohort.even for cohort in mine], "even", floor=1.0)


SHARED = {
    "plain": ({}, {}),
    "soon done": ({"exit_multiple": 0.6}, {}),
    "by dividends alone": ({"share": 0.05, "exit_multiple": 0.4}, {"share": 0.4}),
    "by points alone": ({"share": 0.6, "exit_multiple": 0.8}, {"share": 0.01}),
    "no quota": ({"exit_multiple": None}, {}),
    "ranks": ({"exit_multiple": 0.6}, {"rank_share": 0.1}),
    "every 4 ticks": ({"exit_multiple": 0.6}, {"interval": 4}),
    "over all": ({"exit_multiple": 0.6}, {"divided_over": "all"}),
    "referral": ({"exit_multiple": 0.6}, {"referral_rate": 0.1}),
    "dear fee": ({"exit_multiple": 0.7, "fee": 0.5}, {}),
    "units capped": ({"exit_multiple": 0.6}, {"issue_cap": 17.0}),
    "units capped within an order": ({"exit_multiple": 0.6}, {"issue_cap": 9.5}),
    "points capped": ({"exit_multiple": 0.6, "issue_cap": 250.0}, {}),
    "both capped": ({"exit_multiple": 0.6, "issue_cap": 250.0}, {"issue_cap": 7.3}),
    "capped, no quota": ({"exit_multiple": None, "issue_cap": 90.0}, {"issue_cap": 13.0}),
    "capped, ranks": (
        {"exit_multiple": 0.6, "issue_cap": 200.0},
        {"rank_share": 0.1, "issue_cap": 9.5},
    ),
    "capped, referral": ({"exit_multiple": 0.6}, {"referral_rate": 0.1, "issue_cap": 21.5}),
}


@pytest.mark.parametrize("tick", ["day", "order"])
@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("leave", [0.0, 0.05])
@pytest.mark.parametrize("case", SHARED)
def test_shared_quota(case: str, leave: float, demand: str, tick: str) -> None:
    if case == "by dividends alone":
        # Where dividends pay off everybody at once nobody holds a point, and with parts of orders
        # the last price quoted is a convention: compared with whole orders only.
        leave = 0.0
    points, dividends = SHARED[case]
    check_shared(
        scheme(
            PointsPool(**{"share": 0.3, "gift": 0.7, "fee": 0.1, "exit_multiple": 1.0, **points}),
            DividendPool(
                **{"share": 0.1, "spend_per_unit": 50.0, **dividends}, shared_quota="points_pool"
            ),
            tick=tick,
            demand=DEMANDS[demand],
            behaviour=Behaviour(sell_share=leave),
            horizon=30 if tick == "order" else 16,
        )
    )


@pytest.mark.parametrize(("multiple", "share"), [(0.1, 0.5), (0.25, 0.4)])
def test_a_quota_that_dividends_use_up_at_once(multiple: float, share: float) -> None:
    """Points taken back before anybody could sell leave none behind, not a rounding error."""
    changes = {
        "demand.orders_per_tick": 1,
        "horizon": 12,
        "points_pool.exit_multiple": multiple,
        "points_pool.share": 0.1,
        "points_pool.launch_price": 1.0,
        "dividend_pool.share": share,
    }
    what = load("equity-shop", changes)
    wanted, result = slow.run_shared(what), simulate(what)
    agree.same(result.series["price"], wanted.price, "price")
    assert result.series["points"].tolist() == [0.0] * 12


#: Orders, then so many days without any that next to nobody is left, then one order.
LATE = [(2, 0, 1, 2, *(0,) * gap, 1) for gap in (60, 100, 130, 190)]


@pytest.mark.parametrize("demand", LATE)
@pytest.mark.parametrize("multiple", [None, 2.0])
@pytest.mark.parametrize("generations", [1, 5])
def test_units_for_recruits_once_everybody_has_left(
    demand: tuple[float, ...], multiple: float | None, generations: int
) -> None:
    """Units of those who are left are no rounding error of those of the newcomer."""
    referral = {"referral_rate": 0.1, "referral_generations": generations}
    own = DividendPool(share=0.3, spend_per_unit=50.0, quota_multiple=multiple, **referral)
    points = PointsPool(share=0.3, gift=0.1, fee=0.1, exit_multiple=multiple)
    days = {"demand": Demand(kind="list", orders=demand), "horizon": len(demand)}
    leaving = Behaviour(sell_share=0.5)
    check(scheme(own, behaviour=leaving, **days))
    what = scheme(
        points,
        own.model_copy(update={"quota_multiple": 2.0, "shared_quota": "points_pool"}),
        behaviour=leaving,
        **days,
    )
    wanted, result = slow.run_shared(what), simulate(what)
    agree.same(result.series["paid_out"], wanted.paid_out, "paid_out", floor=SPEND)
    dividends = result.record("dividend_pool").paid_out
    agree.same(dividends, wanted.dividends, "dividends", floor=SPEND)
    assert float(wanted.paid_out[-1]) == pytest.approx(43.5)


@pytest.mark.parametrize("multiple", [None, 0.4])
def test_of_those_who_came_last_nobody_is_gone_because_the_first_are(
    multiple: float | None,
) -> None:
    """Half give up on each day: of the first ones 10^-63 are left, of the last ones half."""
    pool = DividendPool(share=0.1, spend_per_unit=50.0, quota_multiple=multiple)
    demand = Demand(kind="list", orders=(1.0,) * 4 + (0.0,) * 190 + (2.0,) * 12)
    what = scheme(pool, demand=demand, behaviour=Behaviour(sell_share=0.5), horizon=208)
    result, _ = check(what)
    assert result.series["holders"].min() > 0.0


# -- at random ---------------------------------------------------------------------------------


def shares(low: float, high: float, *, digits: int = 3) -> st.SearchStrategy[float]:
    """Numbers of few digits."""
    scale = 10**digits
    return st.integers(round(low * scale), round(high * scale)).map(lambda n: n / scale)


demands = st.one_of(
    st.builds(
        Demand,
        kind=st.just("growing"),
        orders_per_tick=shares(0.3, 4),
        growth=shares(-0.1, 0.1),
        stop_tick=st.none() | st.integers(1, 30),
    ),
    st.builds(
        Demand,
        kind=st.just("list"),
        orders=st.lists(st.integers(0, 5), min_size=1, max_size=30).map(tuple),
    ),
    st.builds(Demand, orders_per_tick=shares(0.3, 4), stop_tick=st.none() | st.integers(1, 30)),
)
behaviours = st.builds(Behaviour, sell_share=st.just(0.0) | shares(0.001, 0.2))
packages = st.sampled_from(
    [(), (), ((1.0, 0.7), (4.0, 0.3)), ((1.0, 0.25), (2.5, 0.75)), ((0.7, 1.0),)]
)


@st.composite
def orders(draw: st.DrawFn, *, packed: bool = True) -> Order:
    return Order(
        spend=draw(st.sampled_from([1.0, 99.0, 100.0, 2000.0])),
        packages=draw(packages) if packed else (),
        parts=Parts(
            platform=draw(shares(0.0, 0.3)),
            distribution=draw(shares(0.0, 0.1)),
            goods=draw(shares(0.0, 0.9)),
        ),
        rest=draw(st.sampled_from(["goods", "platform", "distribution", "unstated"])),
    )


def a_list(draw: st.DrawFn, size: int, numbers: st.SearchStrategy[float]) -> tuple[float, ...]:
    return tuple(draw(st.lists(numbers, min_size=size, max_size=size)))


@st.composite
def dividend_pools(draw: st.DrawFn, order: Order, *, most: float = 0.5) -> DividendPool:
    size = len(order.choices)
    falling = sorted(a_list(draw, 10, shares(0.0, 1.0)), reverse=True)
    packed = draw(st.booleans()) and size > 1
    referral = draw(st.sampled_from([0.0, 0.0, 0.1, 0.35]))
    capped = size == 1 and draw(st.booleans())
    return DividendPool(
        share=draw(shares(0.001, most)),
        spend_per_unit=order.spend * draw(shares(0.1, 3)),
        quota_multiple=draw(st.none() | shares(0.05, 1.0)),
        package_units=a_list(draw, size, st.integers(0, 9).map(float)) if packed else (),
        package_quotas=a_list(draw, size, shares(0.05, 1.0)) if packed else (),
        rank_share=draw(st.just(0.0) | shares(0.001, 0.3)),
        rank_reached=tuple(falling),
        referral_rate=referral,
        referral_generations=draw(st.integers(1, 6)),
        issue_cap=draw(shares(0.5, 60)) if capped else None,
        divided_over=draw(st.sampled_from(["live", "live", "all"])),
        interval=draw(st.sampled_from([1, 1, 1, 2, 7])),
    )


@st.composite
def releases(draw: st.DrawFn, order: Order, *, most: float = 0.6) -> ScheduledRelease:
    size = len(order.choices)
    spend = order.spend
    multiples = st.integers(1, 8).map(lambda n: n / 4)
    stars = ((2.5 * spend, 0.1), (13.5 * spend, 0.2), (40.5 * spend, 0.5))
    # Levels that nobody comes down to, and levels that are met to the digit.
    between = ((0.0, spend / 100), (0.501 * spend, spend / 20), (1.01 * spend, spend / 5))
    met = ((0.0, spend / 100), (0.5 * spend, spend / 20), (spend, spend / 5))
    rewards = draw(st.sampled_from([between, met]))
    return ScheduledRelease(
        share=draw(shares(0.01, most)),
        gift_multiple=draw(shares(0.1, 3)),
        package_multiples=a_list(draw, size, multiples) if size > 1 else (),
        daily_rate=draw(shares(0.01, 0.4)),
        basis=draw(st.sampled_from(["price", "balance"])),
        first_generation=draw(st.just(0.0) | shares(0.01, 1.0)),
        second_generation=draw(st.just(0.0) | shares(0.01, 1.0)),
        stars=draw(st.sampled_from([(), (), stars, stars[1:]])),
        rewards=draw(st.sampled_from([(), (), (), rewards, rewards[1:]])),
        tasks=draw(st.integers(0, 3).map(float)),
        ad_share=draw(shares(0, 1)),
        ad_income=draw(shares(0, 0.05)) * spend,
    )


@st.composite
def queues(draw: st.DrawFn, *, most: float = 0.8) -> RefundQueue:
    return RefundQueue(
        share=draw(shares(0.01, most)),
        refund=draw(shares(0.1, 1.3)),
        lock=draw(st.sampled_from([0, 0, 1, 5])),
        rule=draw(st.sampled_from(["pool", "shared", "own"])),
        newcomers=draw(st.integers(1, 5)),
        advance=draw(st.just(0.0) | shares(0.01, 0.5)),
        advance_payer=draw(st.sampled_from(["pool", "platform"])),
    )


@st.composite
def commissions(draw: st.DrawFn) -> Commission:
    levels = sorted(a_list(draw, 3, shares(0, 0.05)))
    return Commission(
        direct=draw(shares(0, 0.1)),
        indirect=draw(shares(0, 0.1)),
        merchant=draw(shares(0, 0.05)),
        district=levels[0],
        city=levels[1],
        province=levels[2],
        districts=draw(st.integers(0, 2)),
        cities=draw(st.integers(0, 1)),
        provinces=draw(st.integers(0, 1)),
        district_price=100.0,
        city_price=300.0,
        province_price=1000.0,
        bonuses=draw(shares(0, 0.05)),
        prizes=draw(shares(0, 0.02)),
        circle=draw(st.just(0.0) | shares(0.01, 1)),
    )


@st.composite
def platforms(draw: st.DrawFn, spend: float) -> Platform:
    return Platform(
        capital=draw(st.sampled_from([0.0, 0.0, 1.0, 10.0])) * spend,
        policy=draw(st.sampled_from(["stop", "cut", "raise_fee", "raise_minimum"])),
        withdrawal_fee=draw(st.just(0.0) | shares(0.01, 0.5)),
        fee_step=draw(shares(0.01, 0.4)),
        minimum=draw(st.sampled_from([0.0, 0.0, 0.0, 0.437])) * spend,
        raised_minimum=draw(st.sampled_from([None, None, None, 0.0, 0.611 * spend])),
        raised_from=draw(st.integers(1, 40)),
    )


@settings(max_examples=agree.examples(60))
@given(data=st.data())
def test_random_dividends(data: st.DataObject) -> None:
    order = data.draw(orders())
    check(
        Scheme(
            horizon=data.draw(st.integers(1, 40)),
            order=order,
            demand=data.draw(demands),
            behaviour=data.draw(behaviours),
            mechanisms=(data.draw(dividend_pools(order)),),
        )
    )


@settings(max_examples=agree.examples(80))
@given(data=st.data())
def test_random_release(data: st.DataObject) -> None:
    order = data.draw(orders())
    check(
        Scheme(
            horizon=data.draw(st.integers(1, 40)),
            order=order,
            demand=data.draw(demands),
            behaviour=data.draw(behaviours),
            platform=data.draw(platforms(order.spend)),
            mechanisms=(data.draw(releases(order)),),
        )
    )


@settings(max_examples=agree.examples(80))
@given(data=st.data())
def test_random_queues(data: st.DataObject) -> None:
    order = data.draw(orders(packed=False))
    check(
        Scheme(
            horizon=data.draw(st.integers(1, 40)),
            order=order,
            demand=data.draw(demands),
            behaviour=data.draw(behaviours),
            platform=data.draw(platforms(order.spend)),
            mechanisms=(data.draw(queues()),),
        )
    )


@settings(max_examples=agree.examples(60))
@given(data=st.data())
def test_random_mixtures(data: st.DataObject) -> None:
    with_queue = data.draw(st.booleans())
    order = data.draw(orders(packed=not with_queue))
    mechanisms: list[Any] = []
    if data.draw(st.booleans()):
        mechanisms.append(data.draw(dividend_pools(order, most=0.2)))
    if not mechanisms or data.draw(st.booleans()):
        mechanisms.append(data.draw(releases(order, most=0.3)))
    if with_queue:
        mechanisms.append(data.draw(queues(most=0.2)))
    mechanisms = data.draw(st.permutations(mechanisms))
    if data.draw(st.booleans()):
        mechanisms.append(data.draw(commissions()))
    check(
        Scheme(
            horizon=data.draw(st.integers(1, 25)),
            order=order,
            demand=data.draw(demands),
            behaviour=data.draw(behaviours),
            platform=data.draw(platforms(order.spend)),
            mechanisms=tuple(mechanisms),
        )
    )


@settings(max_examples=agree.examples(40))
@given(data=st.data())
def test_random_shared_quota(data: st.DataObject) -> None:
    order = data.draw(orders(packed=False))
    points = PointsPool(
        share=data.draw(shares(0.05, 0.5)),
        gift=data.draw(shares(0.1, 1.0)),
        fee=data.draw(shares(0.0, 0.5)),
        exit_multiple=data.draw(st.none() | shares(0.2, 1.5)),
        issue_cap=data.draw(st.none() | shares(1, 3000)),
    )
    dividends = data.draw(dividend_pools(order, most=0.2))
    check_shared(
        Scheme(
            tick=data.draw(st.sampled_from(["day", "order"])),
            horizon=data.draw(st.integers(1, 25)),
            order=order,
            demand=data.draw(demands),
            behaviour=data.draw(behaviours),
            mechanisms=(
                points,
                dividends.model_copy(
                    update={
                        "shared_quota": "points_pool",
                        # Parts of a single order in a rank leave by convention: ranks are compared
                        # in the cases above, with whole crowds.
                        "rank_share": 0.0,
                        "share": max(dividends.share, 0.001),
                    }
                ),
            ),
        )
    )


def test_the_oracle_of_a_shared_quota_is_that_of_the_points_pool_if_no_dividend_is_paid() -> None:
    points = PointsPool(share=0.3, gift=0.7, fee=0.2, exit_multiple=0.5)
    for tick, settle in (("day", "day"), ("order", "order")):
        what = scheme(
            points,
            DividendPool(share=0.1, interval=366, shared_quota="points_pool"),
            tick=tick,
            demand=GROWING,
            behaviour=Behaviour(sell_share=0.02),
            horizon=40,
        )
        wanted = reference.run(what, slow.volumes(what), settle=settle)
        found = slow.run_shared(what)
        assert [float(p) for p in found.price] == pytest.approx([float(p) for p in wanted.price])
        mine = [float(cohort.received) for cohort in found.cohorts.values()]
        assert mine == pytest.approx(list(wanted.by_cohort(lambda line: line.received).values()))
