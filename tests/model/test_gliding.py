"""Many undisturbed ticks at once give what tick by tick gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model import load, simulate
from model.mechanisms.base import Line
from model.mechanisms.points_pool import PointsPoolEngine
from model.ran import Engines
from model.result import Result
from model.scheme import Scheme

RUNS: list[dict[str, Any]] = [
    {},
    {"points_pool.gift": 1},
    {"points_pool.gift": 0.01, "demand.orders_per_tick": 1e9, "horizon": 900},
    {"demand.orders_per_tick": 0.3},
    {"demand.orders_per_tick": 54_795, "horizon": 1825},
    {"tick": "order", "horizon": 3000},
    {"demand.kind": "growing", "demand.growth": -0.05},
    {"demand.kind": "growing", "demand.growth": 0.05},
    {"demand.kind": "list", "demand.orders": [0, 0, 3, 0, 1, 1, 500, 0]},
    {"demand.stop_tick": 20},
]


def _tick_by_tick(scheme: Scheme) -> Result:
    engine = PointsPoolEngine(scheme.pool, spend=scheme.order.spend, behaviour=scheme.behaviour)
    orders = scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=scheme.tick == "order")
    for number in orders.tolist():
        engine.join(number)
        engine.settle()
    engine.finish()
    line = Line(orders, scheme.order.choices)
    return Result(scheme, line=line, engines=Engines(points=engine), account=None, again=Engines)


@pytest.mark.parametrize("changes", RUNS)
def test_gliding_is_tick_by_tick(changes: dict[str, Any]) -> None:
    scheme = load("wine-points", {"points_pool.exit_multiple": None, **changes})
    fast, slow = simulate(scheme), _tick_by_tick(scheme)
    assert len(fast.engine.eras) == len(slow.engine.eras)
    for ours, theirs in ((fast.series, slow.series), (fast.cohorts, slow.cohorts)):
        assert list(ours.index) == list(theirs.index)
        for column in ours.columns:
            a = ours[column].astype(float).to_numpy(na_value=-1)
            b = theirs[column].astype(float).to_numpy(na_value=-1)
            np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-9, err_msg=column)


def test_what_disturbs_is_not_glided_over() -> None:
    for changes in (
        {},
        {"points_pool.exit_multiple": 2},
        {"behaviour.sell_share": 0.01},
        {"points_pool.outside": [[5, 1000]]},
        {"points_pool.debt": 1000, "points_pool.debt_tick": 9},
        {"points_pool.issue_cap": 1e6},
        {"points_pool.redeem_share": 0.01},
    ):
        scheme = load("wine-points", {"points_pool.exit_multiple": None, **changes})
        engine = PointsPoolEngine(scheme.pool, spend=100.0, behaviour=scheme.behaviour)
        assert engine.undisturbed is (changes == {})
