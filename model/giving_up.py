"""How many have to give up each day so that a part of all buyers has by the end of a run."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats

#: The largest share of those who wait that may give up on one day (model.behaviour).
MOST = 0.5


def given_up(orders: Floats, daily: float) -> float:
    """The part of all buyers who have given up by the end, nobody having been paid off.

    ``orders``: those of each tick, shape (ticks,). ``daily``: the share of all who wait that gives
    up on any one day, their own among them, 0 to 1: of those of d days (1 - daily)^d still wait.
    """
    days = np.arange(len(orders), 0, -1)
    return float(orders @ (1 - (1 - daily) ** days) / orders.sum())


def daily_for(orders: Floats, part: float) -> float | None:
    """The share giving up each day for which ``part`` of all have by the end: 0 < part < 1.

    The inverse of :func:`given_up`, by bisection; None if more than :data:`MOST` would have to.
    """
    if not 0 < part < 1:
        raise ValueError(f"part: {part} is not allowed; allowed: between 0 and 1")
    if orders.sum() <= 0 or given_up(orders, MOST) < part:
        return None
    low, high = 0.0, MOST
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if given_up(orders, middle) < part else (low, middle)
    return high
