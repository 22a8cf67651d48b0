"""How far the line must grow with forced exits settled: the closed form beside simulations."""

from __future__ import annotations

from math import exp, inf, log
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from model import load, simulate
from model.crowd import crowd_factor
from model.mechanisms.points_pool import PointsPool
from model.scheme import scheme_parameters
from tests.model.agree import examples

#: Every slider of a points pool over all that its field takes, ends included.
KEYS = ("share", "gift", "fee", "exit_multiple")


def one_by_one(pool: PointsPool, multiple: float, orders: int) -> np.ndarray[Any, Any]:
    """Buyers who are out after each order, shape (orders,), by the rule alone.

    Everything in multiples of the price of an order. Of what a pool is worth the points are a
    share; they are added up anew where differences would lose their digits.
    """
    money = held = largest = 0.0
    price, points, out, found = 1.0, [], 0, np.zeros(orders)
    for n in range(orders):
        points.append(pool.share * pool.gift / price)
        money += pool.share
        held += points[-1]
        largest = max(largest, held)
        price = money / held
        while out <= n and points[out] * price >= multiple * (1 - 1e-10):
            money -= (1 - pool.fee) * multiple
            held -= points[out]
            out += 1
            if held < 1e-3 * largest:
                held = largest = sum(points[out:])
            price = money / held if out <= n else price
        if price > 1e50:
            points[out:] = [each * price for each in points[out:]]
            held, largest, price = held * price, largest * price, 1.0
        found[n] = out
    return found


def by_days(pool: PointsPool, multiple: float) -> tuple[Any, Any]:
    """All orders and buyers who are out by the end of each day of sales that grow by 2 %."""
    changes = {
        "points_pool.share": pool.share,
        "points_pool.gift": pool.gift,
        "points_pool.fee": pool.fee,
        "points_pool.exit_multiple": multiple,
        "demand.kind": "growing",
        "demand.growth": 0.02,
        "demand.orders_per_tick": 1000,
        "horizon": 700,
    }
    series = simulate(load("local-life-points", set=changes)).series
    return series["orders"].cumsum().to_numpy(), series["exits"].cumsum().to_numpy()


def in_a_run(factor: float, pool: PointsPool, multiple: float) -> tuple[float, float, float]:
    """(least, mean, most) of all orders over those out, once the launch is over.

    In the mean over the logarithm of orders, over a wave at least: exits come in waves, which take
    less than the factor and die down slowly, if at all.
    """
    if factor < 60:
        orders, out = np.arange(1.0, 60_001.0), one_by_one(pool, multiple, 60_000)
    else:
        orders, out = by_days(pool, multiple)
    last = log(orders[-1])
    at = np.exp(np.linspace(last - min(max(log(factor), log(4.0)), 12), last, 400))
    share = np.interp(at, orders, out / orders)
    least, most = float(share.min()), float(share.max())
    lowest, mean, highest = (
        1 / part if part > 0 else inf for part in (most, float(share.mean()), least)
    )
    return lowest, mean, highest


def bounds(key: str) -> st.SearchStrategy[float]:
    """Anything a field takes, its ends and its slider's ends."""
    parameter = scheme_parameters(load("local-life-points"))["points_pool." + key]
    low, high = float(parameter.minimum), float(parameter.maximum)
    if key == "fee":
        high = 0.999  # below one
    ends = sorted({low, high, *map(float, parameter.slider)})
    even = st.floats(log(max(low, 1e-3)), log(high)).map(lambda x: min(max(exp(x), low), high))
    return st.sampled_from(ends) | even | st.floats(low, high)


@settings(max_examples=examples(24))
@given(
    share=bounds("share"), gift=bounds("gift"), fee=bounds("fee"), multiple=bounds("exit_multiple")
)
# Where the equation of rates alone has K = multiple / (share gift) for an answer: 150, 75, 5.7.
@example(share=0.16, gift=0.05, fee=0.2, multiple=1.2)
@example(share=0.16, gift=0.10, fee=0.2, multiple=1.2)
@example(share=0.3, gift=0.7, fee=0.2, multiple=1.2)
# Waves that die down slowly, waves that never do, and everybody out at once.
@example(share=0.01, gift=0.001, fee=0.0, multiple=0.1)
@example(share=0.6, gift=0.05, fee=0.93, multiple=5.0)
@example(share=0.6, gift=0.05, fee=0.5, multiple=1.25)
@example(share=0.3, gift=0.05, fee=0.5, multiple=0.5)
@example(share=0.3, gift=1.0, fee=0.5, multiple=0.3)
@example(share=0.3, gift=1.0, fee=0.5, multiple=0.4)
def test_the_closed_form_is_what_a_line_comes_to(
    share: float, gift: float, fee: float, multiple: float
) -> None:
    """Within 3 % of a line at rest, and where exits come in waves among their ups and downs."""
    pool = PointsPool(share=share, gift=gift, fee=fee)
    factor = crowd_factor(multiple, pool=pool, forced_exits=True)
    least, mean, most = in_a_run(factor, pool, multiple)
    if factor > 1e5:
        assert least > 3e4  # longer than the run by then
    elif most < 1.1 * least:
        assert factor == pytest.approx(mean, rel=0.03)
    else:
        assert least * 0.97 <= factor <= most * 1.03
