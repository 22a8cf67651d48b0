"""What schemes are compared by, of a queue for refunds."""

from __future__ import annotations

from model.mechanisms.refund_queue import RefundQueue
from view.mechanisms.compare import Compared


class QueueCompared(Compared):
    """A turn is a promise; a share of a pool is none."""

    def fixed(self, mechanism: RefundQueue) -> bool:
        return mechanism.rule != "pool"

    def owes(self, mechanism: RefundQueue) -> bool:
        return True
