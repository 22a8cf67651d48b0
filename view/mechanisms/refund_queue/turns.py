"""When a queue's turn comes, and whether there is money for it then. No Streamlit here."""

from __future__ import annotations

import math
from math import inf

from model.claims.parts import the
from model.mechanisms.refund_queue import RefundQueue
from model.scheme import Scheme
from model.yardstick import yardstick
from view.sentences.judged import Offer, Span


def queue_backing(scheme: Scheme, queue: RefundQueue) -> float:
    """The share of sales that can be paid to the queue: its pool, and what the platform keeps."""
    platform = scheme.split().get("platform", 0.0) if queue.rule != "pool" else 0.0
    return queue.share + platform


def queue_factor(scheme: Scheme, queue: RefundQueue) -> float:
    """At any time at most one order in so many has been refunded in full."""
    by_money = queue.refund / queue_backing(scheme, queue)
    by_rule = float(queue.newcomers) if queue.rule == "shared" else 1.0
    return max(by_money, by_rule, 1.0)


def queue_factors(judged: Offer) -> list[float]:
    """:func:`queue_factor` at every corner."""
    return [queue_factor(scheme, the(RefundQueue, scheme)) for scheme in judged.schemes]


def queue_order(scheme: Scheme, queue: RefundQueue, place: int) -> float:
    """The order at which the one in ``place`` (1 = first) has been refunded."""
    by_money = math.ceil(place * queue.refund / queue_backing(scheme, queue) - 1e-9)
    by_rule = {
        "pool": place,
        "shared": queue.newcomers * place + 1,
        "own": place + queue.newcomers,
    }[queue.rule]
    return float(max(by_money, by_rule, place))


def _behind(scheme: Scheme, queue: RefundQueue, ahead: int) -> float:
    """Orders that must follow for one with so many in front, which recruits nobody."""
    exact = queue_order(scheme, queue, ahead + 1) - ahead - 1
    if queue.advance <= 0:
        return exact
    factor = yardstick(scheme).promised
    if factor is None or math.isinf(factor):
        return inf
    return max(exact, float(math.ceil(ahead * (factor - 1))))


def queue_after(judged: Offer, ahead: int) -> Span:
    """Orders that must follow for one with so many in front; may be infinite."""
    pairs = ((scheme, the(RefundQueue, scheme)) for scheme in judged.schemes)
    return Span.of(_behind(scheme, queue, ahead) for scheme, queue in pairs)


def turns_lack_money(scheme: Scheme, queue: RefundQueue) -> bool:
    """Whether turns come sooner than the money for them."""
    turns = {"pool": 0.0, "shared": 1 / queue.newcomers, "own": 1.0}[queue.rule]
    return turns * queue.refund > queue_backing(scheme, queue) * (1 + 1e-9)
