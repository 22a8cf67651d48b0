"""Who funded whom: what holds for every scheme, and cell by cell against a slow reference."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from model import load, presets, simulate
from model.funding import METHODS
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.points_pool import PointsPool
from model.result import Result
from model.scheme import Scheme
from tests.model import agree, any_scheme, slow_funding
from tests.model.any_scheme import schemes

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

CLOSE = 1e-9
OTHERS = ("dividend_pool", "scheduled_release", "refund_queue")


def edges(ticks: int, bins: int) -> list[int]:
    return np.linspace(0, ticks, min(bins, ticks) + 1).round().astype(int).tolist()


def scale(result: Result) -> float:
    """Yuan that rounding is held against: all that was paid in."""
    return max(float(result.series["paid_in"].sum()), result.scheme.order.spend)


def by_stretch(amounts: np.ndarray, cuts: list[int]) -> np.ndarray:
    return np.array([amounts[a:b].sum() for a, b in pairwise(cuts)])


def paid_in_by_buyers(result: Result) -> np.ndarray:
    """What buyers paid into all that pays buyers, by tick, less what a points shop paid on."""
    accounts = {result.account_of(m.name) for m in result.scheme.mechanisms} | {"platform"}
    flows = result.ledger.flows
    none = np.zeros(result.ticks)
    paid = [f for f in flows if f.target in accounts and f.source == "buyers" and f.reason != "fee"]
    on = [f for f in flows if f.source == "platform" and f.reason == "points shop"]
    into, out = (sum((f.amount for f in some), none) for some in (paid, on))
    return np.maximum(into - out, 0.0)


# -- what holds for every scheme ------------------------------------------------------------------


@given(schemes(horizon=50), st.integers(1, 50))
@settings(max_examples=agree.examples(150))
def test_columns_are_what_was_paid_and_rows_what_there_was(scheme: Scheme, bins: int) -> None:
    result = simulate(scheme)
    cuts, slack = edges(scheme.horizon, bins), CLOSE * scale(result)
    count = len(cuts) - 1
    received = result.cohorts["received"].reindex(range(1, result.ticks + 1), fill_value=0.0)
    wanted = by_stretch(received.to_numpy(dtype=float), cuts)
    bought = by_stretch(paid_in_by_buyers(result), cuts)
    paid = float(result.series["paid_out"].sum())
    totals = []
    for method in METHODS:
        table = result.funding(method=method, bins=bins)
        values = table.to_numpy()
        assert (values >= 0).all()
        assert values[:, :count].sum(axis=0) == pytest.approx(wanted, rel=CLOSE, abs=slack)
        assert float(values.sum()) == pytest.approx(paid, rel=CLOSE, abs=slack)
        assert (values[:count].sum(axis=1) <= bought + slack).all()
        assert float(table.loc["fees"].sum()) <= float(result.series["fees"].sum()) + slack
        totals.append(values.sum(axis=0))
    # The totals of every recipient do not depend on the convention.
    assert totals[1] == pytest.approx(totals[0], rel=CLOSE, abs=slack)
    assert totals[2] == pytest.approx(totals[0], rel=CLOSE, abs=slack)


@given(schemes(horizon=40), st.sampled_from(METHODS), st.integers(1, 5))
@settings(max_examples=agree.examples(120))
def test_finer_stretches_add_up_to_coarser_ones(scheme: Scheme, method: str, bins: int) -> None:
    horizon = max(bins, scheme.horizon // bins * bins)
    result = simulate(scheme.model_copy(update={"horizon": horizon}))
    coarse = result.funding(method=method, bins=bins)
    fine = result.funding(method=method, bins=horizon)
    size, slack = horizon // bins, CLOSE * scale(result)
    labels = [f"{k * size + 1}-{(k + 1) * size}" if size > 1 else str(k + 1) for k in range(bins)]
    rows = [*np.repeat(labels, size), "fees", "outside"]
    columns = [*np.repeat(labels, size), *fine.columns[horizon:]]
    rows, columns = np.array(rows, dtype=object), np.array(columns, dtype=object)
    summed = fine.groupby(rows, sort=False).sum().T.groupby(columns, sort=False).sum().T
    assert list(summed.index) == list(coarse.index)
    assert list(summed.columns) == list(coarse.columns)
    assert summed.to_numpy() == pytest.approx(coarse.to_numpy(), rel=1e-7, abs=slack)


@given(schemes(horizon=40), st.integers(1, 40))
@settings(max_examples=agree.examples(100))
def test_the_split_adds_up_to_the_table(scheme: Scheme, bins: int) -> None:
    result = simulate(scheme)
    split, table = result.exit_split(bins), result.funding("own", bins)
    count, slack = len(split), CLOSE * scale(result)
    assert (split.to_numpy() >= 0).all()
    values = table.to_numpy()[:, :count]
    assert split.sum(axis=1).to_numpy() == pytest.approx(values.sum(axis=0), rel=CLOSE, abs=slack)
    for name in ("fees", "outside"):
        mine = table.loc[name].to_numpy()[:count]
        assert split[name].to_numpy() == pytest.approx(mine, rel=CLOSE, abs=slack)
    # Own contributions are of one's own stretch.
    assert (split["own"].to_numpy() <= np.diag(values[:count]) + slack).all()


def test_what_is_shown_can_be_changed_without_changing_the_run() -> None:
    result = simulate(load("wine-points"))
    table = result.funding()
    table.iloc[:, :] = 0.0
    assert result.funding().to_numpy().sum() > 0


# -- against the slow reference -------------------------------------------------------------------


def check(scheme: Scheme, bins: int) -> None:
    """Every cell, under each convention, within 1e-9 of all that was paid."""
    result = simulate(scheme)
    if result.points is not None and result.engine.halted_at is not None:
        return
    cuts = edges(scheme.horizon, bins)
    count = len(cuts) - 1
    place: dict[Any, int] = {
        tick: k for k, (a, b) in enumerate(pairwise(cuts)) for tick in range(a + 1, b + 1)
    }
    place |= {"fees": count, "outside": count + 1, "old members": count}
    for method in METHODS:
        table, own = slow_funding.follow(scheme, method)
        wanted = np.zeros((count + 2, count + 1))
        for (payer, to), yuan in table.items():
            wanted[place[payer], place[to]] += float(yuan)
        mine = result.funding(method, bins).to_numpy()
        wanted = wanted[:, : mine.shape[1]]
        slack = CLOSE * max(float(wanted.sum()), scheme.order.spend)
        assert np.abs(mine - wanted).max() <= slack, (
            f"{method}: {np.argwhere(np.abs(mine - wanted) > slack)[:3].tolist()}\n{mine}\n{wanted}"
        )
        if method == "own":
            split = np.zeros(count)
            for tick, yuan in own.items():
                split[place[tick]] += float(yuan)
            assert np.abs(result.exit_split(bins)["own"].to_numpy() - split).max() <= slack


NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)
FEW = st.sampled_from([1.0, 2.0, 5.0])


def small(scheme: Scheme, volume: float, **changes: Any) -> Scheme:
    demand = scheme.demand.model_copy(
        update={"orders_per_tick": volume, "growth": min(max(scheme.demand.growth, -0.1), 0.1),
                "orders": tuple(min(n, 9) for n in scheme.demand.orders)}
    )  # fmt: skip
    return scheme.model_copy(update={"demand": demand, **changes})


@given(schemes(kinds=("points_pool",), horizon=12), FEW, st.integers(1, 12))
@settings(max_examples=agree.examples(40), deadline=None, phases=NO_SHRINK)
def test_a_points_pool_order_by_order(scheme: Scheme, volume: float, bins: int) -> None:
    """Forced and voluntary exits, outside money, old debt, caps and fees together."""
    check(small(scheme, volume), bins)


@pytest.mark.parametrize("fee", [0.0, 0.1])
def test_who_is_forced_out_because_old_debt_was_paid(fee: float) -> None:
    points = {"share": 0.75, "gift": 0.5, "fee": fee, "exit_multiple": 0.5}
    orders = [0, 12, 12, 0, 12, 9]
    scheme = Scheme.model_validate(
        {
            "horizon": 6,
            "order": {"spend": 1.0},
            "demand": {"kind": "list", "orders": orders},
            "mechanisms": [{"kind": "points_pool", **points, "debt": 5.0, "debt_tick": 2}],
        }
    )
    assert simulate(scheme).engine.debt_paid
    check(scheme, 6)


def as_the_oracle(scheme: Scheme) -> bool:
    """Whether the oracle has the same rule: it deals out three packages and more differently."""
    ranks = {m.rank_reached for m in scheme.mechanisms if isinstance(m, DividendPool)}
    promises = {m.kind for m in scheme.mechanisms} >= {"scheduled_release", "refund_queue"}
    # Paid by both out of the platform's account, the orders of a day are looked at on average.
    account = scheme.platform.capital + scheme.order.parts.platform > 0
    both = promises and (account or scheme.order.rest == "platform")
    return len(scheme.order.packages) <= 2 and len(ranks) <= 1 and not both


@given(schemes(kinds=OTHERS, horizon=12).filter(as_the_oracle), FEW, st.integers(1, 12))
@settings(max_examples=agree.examples(60), deadline=None, phases=NO_SHRINK)
def test_dividends_release_and_queue_order_by_order(
    scheme: Scheme, volume: float, bins: int
) -> None:
    """Pools emptied every day or never, the platform's capital and its part of orders."""
    try:
        check(small(scheme, volume), bins)
    except AssertionError as error:
        if "nothing to double" in str(error):
            return  # a rule that makes no sense; the oracle says so
        raise


@pytest.mark.parametrize("cash", [1.0, 0.4])
def test_a_points_shop_pays_on_the_spot(cash: float) -> None:
    """What it leaves feeds the account paying the release: much, or at 0.4 a point little."""
    scheme = Scheme.model_validate(
        {
            "horizon": 8,
            "order": {"spend": 100.0, "parts": {"platform": 0.1}},
            "demand": {"orders_per_tick": 3.0},
            "platform": {"capital": 50.0, "policy": "cut"},
            "mechanisms": [
                {"kind": "scheduled_release", "share": 0.1, "daily_rate": 0.25},
                {"kind": "commission", "circle": 1.0, "circle_points": 0.9, "circle_cash": cash},
            ],
        }
    )
    result = simulate(scheme)
    assert any(f.source == "platform" and f.reason == "release" for f in result.ledger.flows)
    check(scheme, 4)


@given(st.data(), FEW, st.integers(1, 8))
@settings(max_examples=agree.examples(25), deadline=None, phases=NO_SHRINK)
def test_one_quota_for_points_and_dividends_order_by_order(
    data: st.DataObject, volume: float, bins: int
) -> None:
    order = any_scheme.Order(spend=100.0)
    points = data.draw(any_scheme.points_pools(order, most=0.4, shared=True))
    points = points.model_copy(update={"outside": (), "redeem_share": 0.0, "swap_share": 0.0})
    pool = data.draw(any_scheme.dividend_pools(order, most=0.4, shared=True))
    pool = pool.model_copy(update={"levels": ()})
    scheme = Scheme(
        horizon=data.draw(st.integers(1, 8)),
        order=order,
        demand=any_scheme.Demand(orders_per_tick=volume),
        behaviour=any_scheme.Behaviour(sell_share=data.draw(any_scheme.sometimes(st.just(0.1)))),
        mechanisms=(points, pool),
    )
    check(scheme, bins)


@pytest.mark.parametrize("name", presets())
def test_presets_order_by_order(name: str) -> None:
    # As many orders as give whole ones of every package.
    packed = bool(load(name).order.packages)
    scheme = load(name, {"horizon": 8, "demand.orders_per_tick": 200 if packed else 3})
    if any(isinstance(m, PointsPool) for m in scheme.mechanisms) and not scheme.sharing:
        scheme = scheme.model_copy(
            update={"mechanisms": tuple(m for m in scheme.mechanisms if m.kind == "points_pool")}
        )
    check(scheme, 4)
