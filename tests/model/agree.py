"""Comparing a run with the oracle, column by column."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from model import simulate
from model.mechanisms.points_pool.joining import PRICE_LIMIT
from model.result import Result
from model.scheme import Scheme
from tests.model import reference

CLOSE = 1e-9
#: How many times as many random examples as usual are tried, and new ones each time if above 1.
SEARCH = int(os.environ.get("SEARCH", "1"))


def examples(number: int) -> int:
    """How many random examples to try: half of ``number``, or so many times it as is asked for."""
    return number // 2 if SEARCH == 1 else number * SEARCH


def volumes(scheme: Scheme) -> list[int]:
    """Orders of each tick (the demand has tests of its own)."""
    counts = scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=scheme.tick == "order")
    return [int(count) for count in counts]


def same(ours: object, theirs: Sequence[Any], what: str, *, floor: float = 0.0) -> None:
    """Every entry within 1e-9 of the oracle's, relative to it or to ``floor``."""
    mine = np.asarray(ours, dtype=float)
    wanted = np.array([float(value) for value in theirs])
    assert mine.shape == wanted.shape, f"{what}: {mine.shape} entries instead of {wanted.shape}"
    scale = np.maximum(np.abs(wanted), floor)
    off = np.abs(mine - wanted) > CLOSE * scale
    if off.any():
        first = int(np.flatnonzero(off)[0])
        raise AssertionError(f"{what}, entry {first + 1}: {mine[first]!r}, not {wanted[first]!r}")


def check(scheme: Scheme, *, number: Any = reference.decimal) -> tuple[Result, reference.Outcome]:
    """Run both and hold every published column of ours to the oracle's.

    Where everybody leaves time and again the price multiplies without end, and our run stands still
    from 1e150 on: then the run up to there is compared.
    """
    result = simulate(scheme)
    if result.engine.halted_at is not None:
        assert result.series["price"].max() > PRICE_LIMIT
        assert result.series["orders"].loc[result.engine.halted_at :].sum() == 0
        scheme = scheme.model_copy(update={"horizon": result.engine.halted_at - 1})
        result = simulate(scheme)
    orders = volumes(scheme)
    wanted = reference.run(scheme, orders, number=number)
    compare(result, wanted, orders)
    return result, wanted


def compare(result: Result, wanted: reference.Outcome, orders: Sequence[int]) -> None:
    """Series, cohorts and totals against the oracle.

    Money and points of a tick are compared relative to what the tick began with, so that "nothing"
    need not be nothing to the last bit; prices relative to themselves.
    """
    scheme, series, cohorts = result.scheme, result.series, result.cohorts
    spend = scheme.order.spend
    assert series["orders"].tolist() == list(orders)
    most = max([spend * scheme.pool.share, *(float(v) for v in wanted.pool)])
    same(series["price"], wanted.price, "price")
    same(series["pool"], wanted.pool, "pool", floor=1e-3 * most)
    issued = [float(points) for points in wanted.points]
    # A supply of a few ten-billionths of what it was is compared with the price above.
    same(series["points"], wanted.points, "points", floor=1e-6 * max(issued, default=0.0))
    same(series["paid_out"], wanted.paid_out, "paid_out", floor=1e-3 * most)
    same(series["fees"], wanted.fees, "fees", floor=1e-3 * most)
    same(
        series["exits"],
        [a + b for a, b in zip(wanted.forced, wanted.sold, strict=True)],
        "exits",
        floor=1.0,
    )
    same(series["holders"], wanted.holders, "holders", floor=1.0)
    same(result.constant_points, wanted.constant, "constant points", floor=1e-3 * most)
    multiple = scheme.pool.exit_multiple
    promise = spend * (1.0 if multiple is None else multiple)
    same(series["promised"], [float(h) * promise for h in wanted.holders], "promised", floor=spend)

    ticks = [tick for tick, count in enumerate(orders, start=1) if count]
    assert cohorts.index.tolist() == ticks
    last = float(wanted.price[-1]) if wanted.price else 0.0
    for column, value in {
        "received": lambda line: line.received,
        "held_value": lambda line: float(line.weight) * float(line.points) * last,
        "left": lambda line: line.left,
        "even": lambda line: line.even,
        "goods": lambda line: line.goods,
    }.items():
        found = wanted.by_cohort(value)
        floor = 1.0 if column in ("left", "even") else spend
        same(cohorts[column], [found[tick] for tick in ticks], column, floor=floor)
    same([result.totals["paper_even"]], [wanted.paper_even], "paper_even", floor=1.0)
    # An exit tick only where nobody of a cohort is left.
    for tick in ticks:
        mine = [line for line in wanted.lines if line.tick == tick]
        gone = all(line.points > 0 and line.weight == 0 for line in mine)
        assert bool(cohorts["exit_tick"].notna()[tick]) == gone, f"exit_tick of {tick}"
    holdings = result.holdings
    floor = 1e-6 * max(issued, default=0.0)
    same([holdings["platform"]], [wanted.treasury], "platform's points", floor=floor)
    same([holdings["merchants"]], [wanted.merchants], "merchants' points", floor=floor)
    same([holdings["old members"]], [sum(p for p, _, _ in wanted.lots)], "old debt", floor=floor)
