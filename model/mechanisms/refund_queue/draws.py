"""A refund queue's payments, draw by draw (see :mod:`model.mixing`): from what it has kept."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.asked.draws import Draws, Paid, Promise
from model.draws import Stretches, by_stretch
from model.mechanisms.refund_queue.engine import RefundQueueEngine
from model.ran import Engines


class RefundQueueDraws(Draws):
    """See :class:`Draws`."""

    def promise(self, engines: Engines) -> Promise | None:
        """See :class:`Draws`."""
        engine = engines.queue
        if engine is None:
            return None
        return Promise(
            share=engine.settings.share,
            outside=0.0,
            pool=np.array(engine.log["pool"]),
            by_account=any(engine.log["account"]) or any(engine.log["advance_account"]),
            payments=engine.payments,
            paid=partial(_paid, engine),
        )


def _paid(engine: RefundQueueEngine, stretches: Stretches) -> list[Paid]:
    """Recruiters are paid ahead before refunds are paid."""
    payments = engine.payments
    tick = np.array(payments.ticks, dtype=np.int64)
    yuan = by_stretch(payments, stretches)
    log = {name: np.array(values) for name, values in engine.log.items()}
    found = []
    newest = np.array(payments.lasts, dtype=np.int64)
    for step, leave in ((0, False), (2, True)):
        names = ("refunds", "account") if leave else ("advance", "advance_account")
        mine = np.flatnonzero(np.array(payments.leave, dtype=bool) == leave)
        at = tick[mine]
        pool, account = log[names[0]][at], log[names[1]][at]
        paid = pool + account
        part = np.divide(account, paid, out=np.zeros(len(at)), where=paid > 0)
        found.append(
            Paid(
                tick=at,
                yuan=yuan[mine],
                by_platform=np.clip(part, 0.0, 1.0),
                step=step,
                event=mine,
                newest=newest[mine],
                payments=payments,
                # Where nobody was paid ahead, all who were paid left.
                leave=leave or not len(at),
            )
        )
    return found
