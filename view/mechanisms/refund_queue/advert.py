"""What is said of a queue of refunds for a class to read. No Streamlit here."""

from __future__ import annotations

from model.mechanisms.refund_queue import RefundQueue
from model.scheme import Scheme
from view.sentences.advert import Advert
from view.words.format import yuan
from view.words.words import Words


class QueueAdvert(Advert):
    """One's order waits in line, and comes back."""

    def advert(self, mechanism: RefundQueue, scheme: Scheme, w: Words) -> str:
        spend = scheme.order.spend
        refund = yuan(mechanism.refund * spend, w.lang)
        return w("advert.queue", spend=yuan(spend, w.lang), refund=refund)

    def days(self, mechanism: RefundQueue) -> int:
        return mechanism.lock + 1

    def rule(self, mechanism: RefundQueue, scheme: Scheme, w: Words) -> str:
        spend = scheme.order.spend
        pooled = yuan(mechanism.share * spend, w.lang)
        return w("advert.queue.rule", spend=yuan(spend, w.lang), pooled=pooled)
