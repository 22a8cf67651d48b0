"""What a queue for refunds says of how its money spreads over people."""

from __future__ import annotations

from model.mechanisms.refund_queue import RefundQueue
from model.scheme import Scheme
from view.mechanisms.people import People
from view.words.format import percent
from view.words.words import Words


class QueuePeople(People):
    """Those of a day are paid alike."""

    def share(self, mechanism: RefundQueue, w: Words) -> list[str]:
        return [w("assume.share", share=percent(mechanism.share, w.lang))]

    def how(self, mechanism: RefundQueue, scheme: Scheme, w: Words) -> list[str]:
        return [w("people.how.day")]
