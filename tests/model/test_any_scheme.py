"""What must hold for schemes of every kind and for mixtures; Hypothesis looks for breaches."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import simulate
from model.behaviour import Behaviour
from model.demand import MAX_ORDERS_PER_TICK, Demand
from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.dividend_pool.settings import RANKS
from model.mechanisms.points_pool import PointsPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.platform import Platform
from model.result import Result
from model.scheme import KINDS, MAX_HORIZON, Mechanism, Order, Scheme
from tests.model import agree
from tests.model.any_scheme import in_other_money, schemes

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(3)

SMALL = 1e-9
MONEY = ("sales", "pool", "paid_in", "paid_out", "fees", "promised")


def moved(result: Result) -> np.ndarray:
    """Yuan moved so far, at every tick: what a rounding error is held against."""
    return np.cumsum(sum((flow.amount for flow in result.ledger.flows), np.ones(result.ticks)))


def pools(result: Result) -> dict[str, np.ndarray]:
    """What each mechanism says is in its pool at the end of each tick."""
    found = {record.name: record.pool for record in result.records}
    if result.points is not None:
        found[result.scheme.pool.name] = result.points.series["pool"].to_numpy()
    return found


def halted(result: Result) -> bool:
    """Whether the price of points left everything sensible: then the pool stands still."""
    return result.points is not None and result.engine.halted_at is not None


# -- every yuan ---------------------------------------------------------------------------------


@given(schemes())
@settings(max_examples=agree.examples(150))
def test_every_account_balances_on_every_tick(scheme: Scheme) -> None:
    result = simulate(scheme)
    balances, scale = result.ledger.balances(), moved(result)
    none = np.zeros(result.ticks)
    for name, closing in pools(result).items():
        account = balances.get(result.account_of(name), none)
        assert (np.abs(account - closing) <= SMALL * scale).all(), name
        assert (closing >= -SMALL * scale).all(), name
    assert (np.abs(sum(balances.values(), none)) <= SMALL * scale).all()
    if result.account is not None:
        own = balances.get("platform", none)
        assert (np.abs(own - result.account.balance) <= SMALL * scale).all()
    for name in ("platform", "distribution", "goods", "merchant", "unstated"):
        assert (balances.get(name, none) >= -SMALL * scale).all(), name
    for name in ("owners", "advertisers", "outside"):
        assert (balances.get(name, none) <= 0).all(), name


@given(schemes())
@settings(max_examples=agree.examples(100))
def test_the_whole_price_goes_somewhere(scheme: Scheme) -> None:
    result = simulate(scheme)
    paid = sum(
        (f.amount for f in result.ledger.flows if f.source == "buyers" and f.reason == "order"),
        np.zeros(result.ticks),
    )
    assert paid == pytest.approx(result.series["sales"].to_numpy(), rel=SMALL)
    scale = float(moved(result)[-1])
    assert all((flow.amount >= -1e-12 * scale).all() for flow in result.ledger.flows)


@given(schemes())
@settings(max_examples=agree.examples(150))
def test_what_was_paid_out_is_what_was_received(scheme: Scheme) -> None:
    result = simulate(scheme)
    series, cohorts, totals = result.series, result.cohorts, result.totals
    paid = float(series["paid_out"].sum())
    close = pytest.approx(paid, rel=SMALL, abs=SMALL * scheme.order.spend)
    assert float(cohorts["received"].sum()) + totals["debt_paid"] == close
    assert totals["received"] + totals["debt_paid"] == close
    flows = result.flows
    to_buyers = flows[flows["target"] == "buyers"]["amount"].sum()
    back = flows[(flows["source"] == "buyers") & (flows["reason"] == "fee")]["amount"].sum()
    assert float(to_buyers - back) + totals["debt_paid"] == close


@given(schemes())
@settings(max_examples=agree.examples(150))
def test_nothing_is_negative_and_everything_finite(scheme: Scheme) -> None:
    result = simulate(scheme)
    series, cohorts = result.series, result.cohorts
    assert len(series) == scheme.horizon
    for table in (series, cohorts.drop(columns="exit_tick")):
        values = table.to_numpy(dtype=float)
        assert np.isfinite(values).all()
        assert (values >= -SMALL * np.abs(values).max(axis=0, initial=1.0)).all()
    assert all(np.isfinite(value) for value in result.totals.values())
    assert cohorts["buyers"].sum() == series["orders"].sum() == result.totals["buyers"]
    assert cohorts["spent"].to_numpy() == pytest.approx(
        series["sales"].loc[cohorts.index].to_numpy(), rel=SMALL
    )
    buyers = cohorts["buyers"] * (1 + SMALL)
    for name in ("left", "even"):
        assert (cohorts[name] <= buyers).all(), name
    gone = cohorts["exit_tick"].dropna().astype(int)
    assert (gone >= gone.index).all()
    assert (gone <= scheme.horizon).all()


@given(schemes())
@settings(max_examples=agree.examples(60))
def test_the_same_settings_give_the_same_run(scheme: Scheme) -> None:
    one, other = simulate(scheme), simulate(scheme)
    assert one.series.equals(other.series)
    assert one.cohorts.equals(other.cohorts)
    assert one.flows.equals(other.flows)
    assert one.totals == other.totals


# -- yuan are only a unit -----------------------------------------------------------------------


def factors(result: Result, c: float) -> dict[str, float]:
    """What each column is multiplied by when every yuan is."""
    found = dict.fromkeys(MONEY, c) | dict.fromkeys(("orders", "holders", "exits"), 1.0)
    main = result.points or (result.records[0] if result.records else None)
    # Points and what one costs; units and what one was paid; or yuan to come, and a share.
    money = main is not None and getattr(main, "kind", "") in {"scheduled_release", "refund_queue"}
    return found | {"points": c if money else 1.0, "price": 1.0 if money else c}


@given(schemes(), st.sampled_from([1 / 64, 8.0, 4096.0]))
@settings(max_examples=agree.examples(120))
def test_yuan_are_only_a_unit(scheme: Scheme, c: float) -> None:
    """Powers of two, so that no order is pushed over an edge by rounding alone."""
    one, other = simulate(scheme), simulate(in_other_money(scheme, c))
    if halted(one) or halted(other):
        return  # the limit at which a run stands still is a number of yuan
    for name, factor in factors(one, c).items():
        wanted = factor * one.series[name].to_numpy(dtype=float)
        mine = other.series[name].to_numpy(dtype=float)
        floor = SMALL * float(np.abs(wanted).max(initial=1e-200))
        assert mine == pytest.approx(wanted, rel=1e-7, abs=floor), name
    for name in ("received", "held_value", "left", "even", "paper_even"):
        factor = c if name in {"received", "held_value"} else 1.0
        wanted = factor * one.cohorts[name].to_numpy(dtype=float)
        floor = SMALL * float(np.abs(wanted).max(initial=1e-200))
        assert other.cohorts[name].to_numpy(dtype=float) == pytest.approx(
            wanted, rel=1e-7, abs=max(floor, 1e-9 * factor)
        ), name
    assert (one.broken is None) == (other.broken is None)
    if one.broken is not None and other.broken is not None:
        assert other.broken.tick == one.broken.tick
        assert other.broken.owed == pytest.approx(c * one.broken.owed, rel=1e-7)


# -- never more than the rule says --------------------------------------------------------------


def most_by_package(scheme: Scheme) -> list[float] | None:
    """The most an order of each package can be paid by all rules, yuan; None: no limit."""
    total = np.zeros(len(scheme.order.choices))
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, PointsPool):
            limit = scheme.limit(mechanism)
            if limit is None:
                return None
            total += limit
        elif isinstance(mechanism, DividendPool):
            if mechanism.shared_quota == "points_pool":
                continue
            quotas = scheme.quotas(mechanism)
            if quotas is None:
                return None
            total += quotas
        elif isinstance(mechanism, ScheduledRelease):
            total += np.array(scheme.credits(mechanism)) * (1 - scheme.platform.withdrawal_fee)
        elif isinstance(mechanism, RefundQueue):
            total += scheme.limit(mechanism) or 0.0
    return total.tolist()


@given(schemes())
@settings(max_examples=agree.examples(200))
def test_no_order_is_paid_more_than_the_rule_promises(scheme: Scheme) -> None:
    result = simulate(scheme)
    each = most_by_package(scheme)
    assert (each is None) == (scheme.most_paid is None)
    if each is None:
        return
    mean = sum(most * share for most, (_, share) in zip(each, scheme.order.choices, strict=True))
    assert scheme.most_paid == pytest.approx(mean, rel=SMALL, abs=1e-12)
    most = np.array(each) @ result.line.counts
    received = result.cohorts["received"]
    assert (received <= most[received.index.to_numpy() - 1] * (1 + SMALL)).all()


# -- whose money --------------------------------------------------------------------------------

PURSES = ("own", "mixed", "oldest")


def paid_in_by(result: Result, *, bins: int) -> tuple[np.ndarray, float, float]:
    """(what the buyers of each stretch paid into what pays buyers, fees, what others did), yuan."""
    accounts = {result.account_of(m.name) for m in result.scheme.mechanisms} | {"platform"}
    buyers, fees, outside = np.zeros(result.ticks), 0.0, 0.0
    for flow in result.ledger.flows:
        if flow.target not in accounts:
            continue
        if flow.reason == "fee":
            fees += float(flow.amount.sum())
        elif flow.source == "buyers":
            buyers += flow.amount
        else:
            outside += float(flow.amount.sum())
    edges = np.linspace(0, result.ticks, bins + 1).round().astype(int)
    return (
        np.array([buyers[a:b].sum() for a, b in pairwise(edges)]),
        fees,
        outside,
    )


@given(schemes(horizon=40), st.sampled_from(PURSES), st.integers(1, 40))
@settings(max_examples=agree.examples(200))
def test_nobody_s_money_pays_twice(scheme: Scheme, method: str, bins: int) -> None:
    result = simulate(scheme)
    table = result.funding(method=method, bins=bins)
    paid = float(result.series["paid_out"].sum())
    slack = 1e-8 * max(paid, float(moved(result)[-1]) * 1e-3, scheme.order.spend)
    values = table.to_numpy()
    assert np.isfinite(values).all()
    assert (values >= -slack).all()
    assert float(values.sum()) == pytest.approx(paid, abs=slack)
    count = min(bins, result.ticks)
    mine, fees, outside = paid_in_by(result, bins=count)
    given_by = table.sum(axis=1)
    assert (given_by.to_numpy()[:count] <= mine + slack).all()
    assert float(given_by["fees"]) <= fees + slack
    assert float(given_by["outside"]) <= outside + slack
    # To each stretch what its buyers received.
    received = result.cohorts["received"].reindex(range(1, result.ticks + 1), fill_value=0.0)
    edges = np.linspace(0, result.ticks, count + 1).round().astype(int)
    wanted = [float(received.iloc[a:b].sum()) for a, b in pairwise(edges)]
    assert values[:, :count].sum(axis=0) == pytest.approx(wanted, rel=1e-7, abs=slack)


@given(schemes(horizon=40), st.integers(1, 40))
@settings(max_examples=agree.examples(100))
def test_the_split_of_what_leavers_were_paid(scheme: Scheme, bins: int) -> None:
    result = simulate(scheme)
    split = result.exit_split(bins=bins)
    table = result.funding(method="own", bins=bins)
    paid = float(result.series["paid_out"].sum()) - result.totals["debt_paid"]
    slack = 1e-8 * max(paid, float(moved(result)[-1]) * 1e-3, scheme.order.spend)
    assert (split.to_numpy() >= -slack).all()
    assert float(split.to_numpy().sum()) == pytest.approx(paid, abs=slack)
    to = table.drop(columns="old members", errors="ignore").sum(axis=0)
    assert split.sum(axis=1).to_numpy() == pytest.approx(to.to_numpy(), rel=1e-7, abs=slack)
    assert float(split["fees"].sum()) == pytest.approx(
        float(table.loc["fees"].drop("old members", errors="ignore").sum()), abs=slack
    )


# -- order by order -----------------------------------------------------------------------------


@given(schemes(horizon=40))
@settings(max_examples=agree.examples(60))
def test_order_by_order_is_a_day_of_one_order(scheme: Scheme) -> None:
    stop = scheme.demand.stop_tick
    ones = Demand(kind="list", orders=(1.0,) * scheme.horizon, stop_tick=stop)
    single = simulate(scheme.model_copy(update={"tick": "order"}))
    daily = simulate(scheme.model_copy(update={"tick": "day", "demand": ones}))
    pd.testing.assert_frame_equal(single.series, daily.series)
    pd.testing.assert_frame_equal(single.cohorts, daily.cohorts)


@given(
    st.builds(
        RefundQueue,
        share=st.sampled_from([0.2, 0.5, 1.0]),
        refund=st.sampled_from([0.3, 0.7, 1.0, 1.5]),
        rule=st.sampled_from(["pool", "shared", "own"]),
        newcomers=st.integers(1, 4),
    ),
    st.lists(st.integers(0, 9), min_size=1, max_size=12),
)
@settings(max_examples=agree.examples(80))
def test_a_queue_with_money_enough_is_the_same_by_the_day(
    queue: RefundQueue, counts: list[int]
) -> None:
    """Whose turn it is depends on the orders before, and not on when a day ends."""
    total = sum(counts)
    if not total:
        return
    enough: dict[str, Any] = {"platform": {"capital": 1e9}, "order": {"spend": 100}}
    single = simulate(Scheme(tick="order", horizon=total, mechanisms=(queue,), **enough))
    demand = Demand(kind="list", orders=tuple(float(n) for n in counts))
    daily = simulate(Scheme(horizon=len(counts), demand=demand, mechanisms=(queue,), **enough))
    days = np.repeat(np.arange(len(counts)), counts)
    by_day = np.bincount(days, weights=single.series["paid_out"].to_numpy(), minlength=len(counts))
    assert daily.series["paid_out"].to_numpy() == pytest.approx(by_day, rel=SMALL, abs=1e-6)
    received = np.bincount(
        days,
        weights=single.cohorts["received"].reindex(range(1, total + 1)).to_numpy(),
        minlength=len(counts),
    )
    mine = daily.cohorts["received"].reindex(range(1, len(counts) + 1), fill_value=0.0)
    assert mine.to_numpy() == pytest.approx(received, rel=SMALL, abs=1e-6)


# -- cases once found ---------------------------------------------------------------------------


def small(*mechanisms: Mechanism, orders: float = 1.0, horizon: int = 2, **more: Any) -> Result:
    return simulate(
        Scheme(
            horizon=horizon,
            demand=Demand(orders_per_tick=orders),
            mechanisms=mechanisms,
            **{"order": Order(spend=1.0), **more},
        )
    )


def test_a_package_without_a_quota_takes_nothing_of_the_others() -> None:
    """Two orders a day, 0.4 of each divided: the one that may have 0.5 has no more."""
    order = Order(spend=1.0, packages=((1.0, 0.5), (1.0, 0.5)))
    pool = DividendPool(share=0.4, spend_per_unit=1.0, package_quotas=(0.0, 0.5))
    result = small(pool, orders=2, order=order)
    assert result.series["paid_out"].tolist() == pytest.approx([0.5, 0.5])
    assert result.series["pool"].tolist() == pytest.approx([0.3, 0.6])
    assert result.cohorts["received"].tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("least", [5e-324, 1e-300, 1e-12])
@pytest.mark.parametrize("shared", [False, True])
def test_a_rank_that_next_to_nobody_reaches(least: float, shared: bool) -> None:
    reached = (least, *[0.0] * (RANKS - 1))
    pool = DividendPool(
        share=0.1, rank_share=0.1, quota_multiple=None, rank_reached=reached,
        shared_quota="points_pool" if shared else "own",
    )  # fmt: skip
    points = [PointsPool(share=0.3, exit_multiple=0.5)] if shared else []
    result = small(*points, pool, horizon=3)
    series = result.series
    for table in (series, result.cohorts.drop(columns="exit_tick")):
        assert np.isfinite(table.to_numpy(dtype=float)).all()
    assert (series["paid_out"].cumsum() <= series["paid_in"].cumsum() * (1 + SMALL)).all()


def test_a_price_beyond_all_sense_does_not_lose_the_rest_of_the_order() -> None:
    points = PointsPool(share=0.25, gift=0.5, fee=0.0, exit_multiple=0.219)
    release = ScheduledRelease(share=0.25, gift_multiple=0.25, daily_rate=0.5)
    for mechanisms in ((points,), (points, release)):
        result = small(*mechanisms, orders=1e7, horizon=60)
        assert halted(result)
        paid = sum(
            float(flow.amount.sum())
            for flow in result.ledger.flows
            if flow.source == "buyers" and flow.reason == "order"
        )
        assert paid == pytest.approx(float(result.series["sales"].sum()), rel=SMALL)


@pytest.mark.parametrize("capped", ["points_pool", "dividend_pool"])
def test_a_cap_under_a_shared_quota(capped: str) -> None:
    """One order of 1 yuan: of its two units one is within the cap, or hardly a point is."""
    points = PointsPool(share=0.25, gift=1.0, issue_cap=0.1 if capped == "points_pool" else None)
    pool = DividendPool(
        share=0.1, spend_per_unit=0.5, quota_multiple=None, shared_quota="points_pool",
        issue_cap=1 if capped == "dividend_pool" else None,
    )  # fmt: skip
    result = small(points, pool)
    paid = float(result.series["paid_out"].sum())
    assert float(result.cohorts["received"].sum()) == pytest.approx(paid, rel=SMALL)


def test_a_shared_quota_before_anybody_has_ordered() -> None:
    """Three orders in ten days, nobody of whom is given a unit: a first day without an order."""
    dividends = DividendPool(
        levels=((0.5, 1.0),), points_rate=0.0001, quota_multiple=None, shared_quota="points_pool"
    )
    scheme = Scheme(
        horizon=1,
        demand=Demand(orders_per_tick=0.3),
        mechanisms=(dividends, PointsPool(exit_multiple=None)),
        order=Order(spend=1.0),
    )
    assert simulate(scheme).totals["buyers"] == 0
    later = simulate(scheme.model_copy(update={"horizon": 10}))
    assert later.totals["buyers"] == 3
    assert later.series["price"].iloc[-1] > 1


def test_who_takes_profit_has_no_more_than_the_forced_exit_pays() -> None:
    points = PointsPool(
        share=0.75, gift=0.5, fee=0.0, exit_multiple=0.5, debt=20.0, debt_tick=2, debt_batches=1
    )
    result = small(points, orders=400, behaviour=Behaviour(take_profit=1.0))
    assert (result.cohorts["received"] <= 0.5 * 400 * (1 + SMALL)).all()


# -- as large as it gets ------------------------------------------------------------------------

TWELVE = Order(packages=tuple((k + 1.0, 1 / 12) for k in range(12)))
REACHED = tuple(1 - k / 10 for k in range(RANKS))
LARGEST: dict[str, dict[str, Any]] = {
    "dividends": {
        "order": TWELVE,
        "mechanisms": (
            DividendPool(
                share=0.3, rank_share=0.3, rank_reached=REACHED, quota_multiple=0.5,
                referral_rate=0.4, referral_generations=20,
            ),
        ),
    },
    "release": {
        "order": TWELVE,
        "behaviour": Behaviour(sell_share=0.001),
        "platform": Platform(policy="cut"),
        "mechanisms": (
            ScheduledRelease(
                share=0.5, gift_multiple=100, daily_rate=0.0001, first_generation=1,
                second_generation=1, stars=((1, 0.5),),
            ),
        ),
    },
    "queue": {
        "behaviour": Behaviour(sell_share=0.001),
        "platform": Platform(policy="cut", capital=1e12),
        "mechanisms": (RefundQueue(share=0.3, refund=10, rule="own", advance=0.5),),
    },
    "shared": {
        "mechanisms": (
            PointsPool(share=0.3, fee=0.1, exit_multiple=1.0),
            DividendPool(
                share=0.2, rank_share=0.1, rank_reached=REACHED, referral_rate=0.1,
                shared_quota="points_pool",
            ),
        ),
    },
    "everything": {
        "behaviour": Behaviour(sell_share=0.001),
        "platform": Platform(policy="raise_fee"),
        "mechanisms": (
            PointsPool(share=0.2),
            DividendPool(share=0.1, rank_share=0.1, rank_reached=REACHED, referral_rate=0.1),
            ScheduledRelease(share=0.2, gift_multiple=10, daily_rate=0.001, first_generation=1),
            RefundQueue(share=0.2, advance=0.01),
            Commission(districts=1, circle=1),
        ),
    },
}  # fmt: skip


@pytest.mark.part(3)
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_run_is_bounded(name: str) -> None:
    """The longest there is, with as many packages and orders as are allowed; else a fifth of it."""
    demand = Demand(kind="growing", orders_per_tick=1000, growth=0.01)
    ticks = MAX_HORIZON if agree.SEARCH > 1 else MAX_HORIZON // 5
    result = simulate(Scheme(horizon=ticks, demand=demand, **LARGEST[name]))
    scale = float(moved(result)[-1])
    assert result.series["orders"].max() == pytest.approx(MAX_ORDERS_PER_TICK)
    for table in (result.series, result.cohorts.drop(columns="exit_tick")):
        values = table.to_numpy(dtype=float)
        assert np.isfinite(values).all()
        assert values.min() >= -SMALL * scale
    paid = float(result.series["paid_out"].sum())
    # Units for recruits' recruits are worked out from differences of large sums.
    assert float(result.cohorts["received"].sum()) == pytest.approx(paid, rel=1e-5)


def test_every_kind_is_tried() -> None:
    """The strategy reaches each kind alone, mixtures, and a shared quota."""
    seen: set[frozenset[str]] = set()
    shared = []

    @given(schemes())
    @settings(max_examples=200)
    def look(scheme: Scheme) -> None:
        seen.add(frozenset(m.kind for m in scheme.mechanisms))
        shared.append(bool(scheme.sharing))

    look()
    assert {frozenset({kind}) for kind in KINDS} <= seen
    assert len([kinds for kinds in seen if len(kinds) > 1]) > 10
    assert any(shared)
