"""What must hold for any scheme whatever: Hypothesis looks for one that breaks it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, simulate
from model.result import Result
from tests.model import agree

SMALL = 1e-9


def tenths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda x: float(f"{x:.3g}"))


def ends(low: float, high: float) -> st.SearchStrategy[float]:
    """Where a box ends."""
    return st.sampled_from([low, high])


OPTIONAL_MULTIPLE = st.none() | tenths(0.1, 3.0)

SCHEMES = st.fixed_dictionaries(
    {
        "horizon": st.integers(1, 120),
        "tick": st.sampled_from(["day", "day", "day", "order"]),
        "order.spend": tenths(1, 1e5),
        "points_pool.share": ends(0.001, 1.0) | tenths(0.01, 1.0),
        "points_pool.gift": ends(0.001, 1.0) | tenths(0.02, 1.0),
        "points_pool.launch_price": tenths(0.01, 1e4),
        "demand.kind": st.sampled_from(["steady", "growing", "saturating", "list"]),
        "demand.orders_per_tick": st.sampled_from([0.3, 1, 7, 400, 54_795, 1e7]),
    },
    optional={
        "points_pool.fee": ends(0, 0.999999) | tenths(0, 0.95),
        "points_pool.exit_multiple": ends(0.1, 100) | OPTIONAL_MULTIPLE,
        "points_pool.issue_cap": st.none() | ends(0.001, 1e15) | tenths(1, 1e8),
        "points_pool.outside": st.lists(
            st.tuples(st.integers(1, 150), st.just(0.0) | tenths(1, 1e6)), max_size=4
        ),
        "points_pool.redeem_share": ends(0, 0.5) | tenths(0, 0.5),
        "points_pool.swap_share": ends(0, 0.5) | tenths(0, 0.5),
        "points_pool.swap_back_share": ends(0, 1) | tenths(0, 1),
        "demand.growth": ends(-0.999999, 1) | tenths(-0.5, 0.5),
        "demand.population": ends(1, 1e12) | tenths(1, 1e7),
        "demand.stop_tick": st.none() | ends(1, 10_000) | st.integers(1, 150),
        # As many lists of each length, with days without orders between the others.
        "demand.orders": st.integers(0, 120).flatmap(
            lambda days: st.lists(
                st.just(0.0) | st.just(1.0) | tenths(0, 1e5), min_size=days, max_size=days
            )
        ),
        "behaviour.sell_share": ends(0, 0.5) | tenths(0, 0.5),
        "behaviour.take_profit": ends(0.001, 100) | OPTIONAL_MULTIPLE,
        "behaviour.take_profit_share": ends(0.001, 1) | tenths(0.01, 1),
        "behaviour.panic_growth": st.none() | ends(-1, 10) | tenths(-0.5, 2.0),
        "behaviour.panic_share": ends(0, 1) | tenths(0, 1),
    },
)
DEBTS = st.fixed_dictionaries(
    {
        "points_pool.debt": tenths(1, 1e7),
        "points_pool.debt_tick": st.integers(1, 100),
        "points_pool.debt_batches": st.integers(1, 8),
        "points_pool.debt_interval": st.integers(1, 20),
    }
)
ANY = st.tuples(SCHEMES, st.just({}) | DEBTS).map(lambda pair: {**pair[0], **pair[1]})


def run(changes: dict[str, Any]) -> Result:
    # Everything the changes do not name has the model's own default, except the fee and the exit.
    return simulate(load("wine-points", set=changes))


@given(ANY)
@settings(max_examples=agree.examples(120))
def test_every_yuan_is_accounted_for(changes: dict[str, Any]) -> None:
    result = run(changes)
    series, scheme = result.series, result.scheme
    moved = 1 + series["sales"].cumsum() + series["paid_in"].cumsum() + series["paid_out"].cumsum()
    # The account kept by the flows and the pool kept by the engine, at every tick.
    closing = series["pool"].to_numpy()
    assert result.ledger.largest_gap(account="pool", closing=closing) <= SMALL
    # Accounts sum to nought at every tick: every payment has a source and a target.
    balances = result.ledger.balances()
    assert np.abs(sum(balances.values())).max() <= SMALL * moved.max()
    # The table says the same.
    flows = result.flows
    assert (flows["amount"] > 0).all()
    assert flows["tick"].between(1, scheme.horizon).all()
    for account, balance in balances.items():
        into = flows.loc[flows["target"] == account, "amount"].sum()
        out = flows.loc[flows["source"] == account, "amount"].sum()
        assert into - out == pytest.approx(balance[-1], abs=SMALL * float(moved.iloc[-1]))
    # Money in = money out + money held; pool + paid out = share x spent + outside, at every tick.
    held = series["pool"] + series["paid_out"].cumsum()
    paid_in = series["paid_in"].cumsum()
    assert (np.abs(held - paid_in) <= SMALL * moved).all()
    outside = sum(amount for tick, amount in scheme.pool.outside if tick <= scheme.horizon)
    if result.engine.halted_at is None:
        into_pool = scheme.pool.share * series["sales"].sum() + outside
        assert paid_in.iloc[-1] == pytest.approx(into_pool, rel=SMALL)
    # The whole price goes somewhere.
    spent = flows.loc[(flows["source"] == "buyers") & (flows["reason"] == "order"), "amount"].sum()
    assert spent == pytest.approx(series["sales"].sum(), rel=SMALL)


@given(ANY)
@settings(max_examples=agree.examples(120))
def test_nothing_is_negative_or_lost(changes: dict[str, Any]) -> None:
    result = run(changes)
    series, cohorts, totals = result.series, result.cohorts, result.totals
    for table in (series, cohorts.drop(columns="exit_tick")):
        values = table.to_numpy(dtype=float)
        assert np.isfinite(values).all()
        assert (values >= -1e-9 * np.abs(values).max(axis=0, initial=1.0)).all()
    assert (series["pool"] >= 0).all()
    assert (series["points"] >= 0).all()
    assert (series["price"] > 0).all()
    # Sums over cohorts are the totals.
    spent = max(totals["spent"], 1.0)
    assert cohorts["buyers"].sum() == totals["buyers"] == series["orders"].sum()
    assert cohorts["spent"].sum() == pytest.approx(totals["spent"], rel=SMALL)
    assert cohorts["received"].sum() == pytest.approx(
        totals["received"], rel=1e-8, abs=1e-8 * spent
    )
    paid = series["paid_out"].sum()
    assert totals["received"] + totals["debt_paid"] == pytest.approx(paid, rel=SMALL)
    assert series["fees"].sum() == pytest.approx(totals["fees"], rel=SMALL)
    people = max(totals["buyers"], 1.0)
    assert cohorts["left"].sum() == pytest.approx(totals["left"], abs=1e-8 * people)
    assert series["exits"].sum() == pytest.approx(totals["left"], abs=1e-8 * people)
    assert cohorts["even"].sum() == pytest.approx(totals["even"], abs=1e-8 * people)
    assert (cohorts["left"] <= cohorts["buyers"] * (1 + 1e-9)).all()
    assert (cohorts["even"] <= cohorts["left"] + 1e-9 * cohorts["buyers"]).all()
    # All claims together are worth the pool, unless nobody holds any or nothing is in it.
    claims = series["price"] * series["points"]
    some = (series["points"] > 0) & (series["pool"] > 0)
    assert claims[some].to_numpy() == pytest.approx(series["pool"][some].to_numpy(), rel=SMALL)
    # What buyers, the platform, merchants and old members hold are the points in circulation.
    points = sum(result.holdings.values())
    assert points == pytest.approx(totals["points"], rel=1e-8, abs=1e-12)
    if totals["points"] > 0:
        value = result.holdings["buyers"] * totals["price"]
        assert cohorts["held_value"].sum() == pytest.approx(value, rel=SMALL, abs=1e-9 * spent)


@given(SCHEMES)
@settings(max_examples=agree.examples(80))
def test_the_price_never_falls_when_every_point_was_paid_for(changes: dict[str, Any]) -> None:
    price = run(changes).series["price"].to_numpy()
    assert (np.diff(price) >= -1e-12 * price[:-1]).all()


@given(ANY, st.sampled_from([0.01, 3.0, 1000.0]))
@settings(max_examples=agree.examples(80))
def test_yuan_are_only_a_unit(changes: dict[str, Any], c: float) -> None:
    """Every yuan times c and every result in yuan times c; the issue cap counts points."""
    changes = {**changes, "order.spend": min(changes["order.spend"], 1e4)}
    changes["points_pool.launch_price"] = min(changes["points_pool.launch_price"], 1e3)
    scaled = dict(changes)
    scaled["order.spend"] = c * changes["order.spend"]
    scaled["points_pool.launch_price"] = c * changes["points_pool.launch_price"]
    if "points_pool.debt" in changes:
        scaled["points_pool.debt"] = c * changes["points_pool.debt"]
    scaled["points_pool.outside"] = [
        (tick, c * amount) for tick, amount in changes.get("points_pool.outside", [])
    ]
    one, other = run(changes), run(scaled)
    if one.engine.halted_at is not None or other.engine.halted_at is not None:
        return  # the limit at which a run stands still is a number of yuan
    money = ["sales", "pool", "price", "paid_in", "paid_out", "fees", "promised"]
    plain = ["orders", "points", "holders", "exits"]
    for columns, factor in ((money, c), (plain, 1.0)):
        for name in columns:
            mine = other.series[name].to_numpy(dtype=float)
            wanted = factor * one.series[name].to_numpy(dtype=float)
            floor = 1e-9 * max(np.abs(wanted).max(), factor * changes["order.spend"])
            if name in {"price", "points"}:
                floor = 1e-9 * np.abs(wanted).max()
            # One order more or less at a rounding error's distance would be a jump: none is seen.
            assert mine == pytest.approx(wanted, rel=1e-7, abs=max(floor, 1e-200)), name
    assert other.cohorts["received"].to_numpy() == pytest.approx(
        c * one.cohorts["received"].to_numpy(), rel=1e-6, abs=1e-7 * c * max(1, one.totals["spent"])
    )


@given(SCHEMES, tenths(0.05, 3.0), tenths(0, 0.9))
@settings(max_examples=agree.examples(80))
def test_no_order_is_paid_more_than_the_rule_promises(
    changes: dict[str, Any], multiple: float, fee: float
) -> None:
    """With forced exits only: never more than (1 - fee) x multiple x spend for an order."""
    changes = {key: value for key, value in changes.items() if not key.startswith("behaviour.")} | {
        "points_pool.exit_multiple": max(multiple, 0.1),
        "points_pool.fee": fee,
    }
    result = run(changes)
    most = result.scheme.most_paid
    assert most is not None
    cohorts = result.cohorts
    assert (cohorts["received"] <= most * cohorts["buyers"] * (1 + 1e-12)).all()
    if not ({"points_pool.redeem_share", "points_pool.swap_share"} & changes.keys()):
        # Whoever was paid at all was paid exactly that.
        assert cohorts["received"].to_numpy() == pytest.approx(
            most * cohorts["left"].to_numpy(), rel=1e-12
        )


@given(ANY)
@settings(max_examples=agree.examples(60))
def test_the_same_settings_give_the_same_run(changes: dict[str, Any]) -> None:
    one, other = run(changes), run(changes)
    assert one.series.equals(other.series)
    assert one.cohorts.equals(other.cohorts)
    assert one.flows.equals(other.flows)


@given(ANY, st.sampled_from(["own", "mixed", "oldest"]), st.integers(1, 30))
@settings(max_examples=agree.examples(100))
def test_whose_money_it_was_adds_up_to_what_was_paid(
    changes: dict[str, Any], method: str, bins: int
) -> None:
    """Totals are the same under each convention, and nobody gives more than they paid in."""
    result = run(changes)
    table = result.funding(method=method, bins=bins)
    paid = float(result.series["paid_out"].sum())
    tolerance = 1e-7 * max(paid, float(result.series["paid_in"].sum()), 1.0)
    assert float(table.to_numpy().sum()) == pytest.approx(paid, abs=tolerance)
    assert (table.to_numpy() >= -tolerance).all()
    assert "fees" in table.index
    assert "outside" in table.index
    outside = float(result.flows.loc[result.flows["source"] == "outside", "amount"].sum())
    assert float(table.loc["outside"].sum()) <= outside + tolerance
