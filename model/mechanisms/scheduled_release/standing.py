"""How the orders of a daily release fared."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.asked.standing import SAME, Groups, Stands
from model.mechanisms.scheduled_release import ScheduledReleaseEngine
from model.result import Result


class ReleaseStands(Stands):
    """The groups of a run."""

    def fill(self, result: Result, groups: Groups) -> bool:
        """Add them to ``groups``."""
        for engine in result.engines.of(ScheduledReleaseEngine):
            _of_release(result, engine, groups)
        return True


def _of_release(result: Result, engine: ScheduledReleaseEngine, groups: Groups) -> None:
    """Cohorts of each package; who gave up, by day."""
    line, record = result.line, result.records[0]
    price = line.prices[:, None]
    claim = engine.left if engine.wallet is None else engine.left + engine.wallet
    # Orders that were never placed, because payment had stopped, are not in the line.
    weight = np.minimum(engine.weight, line.counts)
    cash = weight * engine.got
    waits = claim > 0.0
    groups.add(
        np.where(waits, weight, 0.0).ravel(), _each(price, weight), cash.ravel(), waiting=True
    )
    groups.add(np.where(waits, 0.0, weight).ravel(), _each(price, weight), cash.ravel())
    gone = line.counts - weight
    gone = np.where(gone > SAME * line.counts, gone, 0.0)
    number = gone.sum(axis=0)
    mean = np.divide(
        (price * gone).sum(axis=0), number, out=np.zeros_like(number), where=number > 0
    )
    groups.add(number, mean, record.received - cash.sum(axis=0))


def _each(price: Floats, shape: Floats) -> Floats:
    found: Floats = np.broadcast_to(price, shape.shape).ravel()
    return found
