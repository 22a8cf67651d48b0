"""A daily release's payments, draw by draw (see :mod:`model.mixing`): from what it has kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from model.arrays import Floats, Ints
from model.asked.draws import Draws, Paid, Promise
from model.draws import Single, Stretches, by_stretch
from model.mechanisms.scheduled_release.engine import ScheduledReleaseEngine
from model.mechanisms.scheduled_release.young import YoungPaid
from model.ran import Engines


class ScheduledReleaseDraws(Draws):
    """See :class:`Draws`."""

    def promise(self, engines: Engines) -> Promise | None:
        """See :class:`Draws`; what it earns with advertisements comes from outside."""
        engine = engines.release
        if engine is None:
            return None
        return Promise(
            share=engine.settings.share,
            outside=np.array(engine.log["ads"]),
            pool=np.array(engine.log["pool"]),
            by_account=any(engine.log["account"]),
            payments=engine.payments,
            paid=partial(_paid, engine),
        )


def _paid(engine: ScheduledReleaseEngine, stretches: Stretches) -> list[Paid]:
    """The old ones and the young ones are paid together."""
    payments = engine.payments
    tick = np.array(payments.ticks, dtype=np.int64)
    paid, account = np.array(engine.log["paid"]), np.array(engine.log["account"])
    total = np.zeros((engine.line.ticks, stretches.count))
    total[tick] = by_stretch(payments, stretches)
    event = np.full(engine.line.ticks, -1)
    event[tick] = np.arange(len(tick))
    for young in engine.of_young:
        at, more = _of_young(young, stretches)
        total[at] += more
    at = np.flatnonzero(paid > 0.0)
    whole = total[at].sum(axis=1)
    right = np.divide(paid[at], whole, out=np.zeros(len(at)), where=whole > 0)
    return [
        Paid(
            tick=at,
            yuan=total[at] * right[:, None],
            by_platform=np.divide(account[at], paid[at]),
            step=1,
            event=event[at],
            newest=at - 1,
            payments=payments,
            beside={
                row[0]: partial(_of_young_orders, engine, young, row)
                for young in engine.of_young
                for row in young.rows
            },
        )
    ]


def _of_young(young: YoungPaid, stretches: Stretches) -> tuple[Ints, Floats]:
    """(ticks, yuan by tick and stretch) of what young cohorts were paid."""
    if not young.rows:
        return np.zeros(0, dtype=np.int64), np.zeros((0, stretches.count))
    tick, first, part, v, g = (np.array(column) for column in zip(*young.rows, strict=True))
    at = np.clip(stretches.edges[None, :], first[:, None], tick[:, None]) - young.start
    base = np.append(0.0, np.cumsum(young.base))
    orders, recruits, k = young.sums
    upto = base[at] + v[:, None] * orders[at] - g[:, None] * recruits[at] - k[at]
    return tick, np.maximum(part[:, None] * np.diff(upto, axis=1), 0.0)


def _of_young_orders(
    engine: ScheduledReleaseEngine,
    young: YoungPaid,
    row: tuple[int, int, float, float, float],
    fresh: int,
) -> Iterator[Single]:
    """What single orders of young cohorts from ``fresh`` on were paid on a tick."""
    tick, first, share, v, g = row
    first = max(first, fresh)
    if first < tick:
        at = slice(first - young.start, tick - young.start)
        brought = v - g * young.recruits[at] - young.k[at]
        each = np.maximum(share * (engine.rate[:, :1] + brought), 0.0)
        yield first, engine.line.counts[:, first:tick], each, False
