"""A points pool's engine, and its run where there is nothing else."""

from __future__ import annotations

import numpy as np

from model.arrays import Ints
from model.asked.starting import Setup, Starting
from model.mechanisms.base import Line
from model.mechanisms.points_pool import PointsPool, PointsPoolEngine
from model.ran import Engines
from model.scheme import Scheme


class PointsPoolStarting(Starting):
    """How its run begins."""

    def start(self, mechanism: PointsPool, run: Setup) -> None:
        """Put an engine for it among the run's, unless it shares one with dividends."""
        if run.engines.points is None:
            run.engines.points = _engine(mechanism, run.scheme)

    def alone(self, mechanism: PointsPool, scheme: Scheme, orders: Ints) -> tuple[Line, Engines]:
        """Play all of it."""
        engine = _engine(mechanism, scheme)
        _play(engine, orders)
        # Those who joined: nobody does once the run stands still.
        joined = np.zeros(scheme.horizon, dtype=np.int64)
        joined[: len(engine.joined)] = np.frombuffer(engine.joined, dtype=float)
        return Line(joined, scheme.order.choices), Engines(points=engine)


def _engine(pool: PointsPool, scheme: Scheme) -> PointsPoolEngine:
    return PointsPoolEngine(pool, spend=scheme.order.spend, behaviour=scheme.behaviour)


def _play(engine: PointsPoolEngine, orders: Ints) -> None:
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
