"""One run: tick by tick, all mechanisms together."""

from __future__ import annotations

from model.mechanisms import PointsPoolEngine
from model.result import Result
from model.scheme import Scheme


def simulate(scheme: Scheme) -> Result:
    """Run ``scheme`` for its horizon.

    One tick, in order: a batch of old debt, the orders, outside money, forced exits (oldest first),
    sales of old debt, voluntary sales, points used for goods and swaps. The cost grows with the
    number of ticks and not with the number of orders.
    """
    orders = scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=scheme.tick == "order")
    engine = PointsPoolEngine(scheme.pool, spend=scheme.order.spend, behaviour=scheme.behaviour)
    join, settle = engine.join, engine.settle
    numbers = orders.tolist()
    done = 0
    while done < len(numbers):
        join(numbers[done])
        settle()
        done += 1
        if engine.undisturbed:
            done += engine.glide(orders[done:])
    engine.finish()
    return Result(scheme, engine)
