"""A refund queue's engine."""

from __future__ import annotations

from model.asked.starting import Setup, Starting
from model.mechanisms.refund_queue import RefundQueue, RefundQueueEngine


class RefundQueueStarting(Starting):
    """How its run begins."""

    def start(self, mechanism: RefundQueue, run: Setup) -> None:
        """Put an engine for it among the run's."""
        run.engines.beside.append(
            RefundQueueEngine(
                mechanism,
                line=run.line,
                give_up=run.scheme.behaviour.sell_share,
                payments=run.payments(),
            )
        )
