"""What a queue for refunds says of an offer. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.claims.parts import the
from model.mechanisms.refund_queue import RefundQueue
from view.mechanisms.refund_queue.turns import (
    queue_after,
    queue_backing,
    queue_factors,
    turns_lack_money,
)
from view.sentences.answers import place_sentence
from view.sentences.judged import Offer, Span
from view.sentences.offered import Fact, Offered
from view.sentences.takes import pace, wait
from view.words.format import count_short, days, percent, quantity, significant, yuan
from view.words.words import Words


class QueueOffered(Offered):
    """A queue: the price back once one's turn comes, out of what later orders pay."""

    multiplies = False

    def promise(self, mechanism: RefundQueue) -> str:
        return "queue"

    def questions(self, mechanism: RefundQueue) -> Iterator[str]:
        yield from ("share", "refund")
        if mechanism.rule != "pool":
            yield "newcomers"
        yield "lock"

    def most(self, judged: Offer, w: Words, *, spend: str) -> str:
        return w("card.most.queue", spend=spend)

    def reaches(self, judged: Offer, w: Words, *, spend: str) -> str:
        return w("card.reaches.text", spend=spend)

    def payer(self, judged: Offer, w: Words) -> Fact:
        return w("card.payer.queue"), w("card.payer.queue.text")

    def promised(self, judged: Offer, w: Words, *, spend: str, reaches: str, most: str) -> str:
        share = Span.of(1 / factor for factor in queue_factors(judged))
        if share.low >= 1:
            return w("headline.queue_enough", spend=spend, reaches=reaches, most=most)
        shown = share.text(lambda x: percent(x, w.lang), w)
        queue = the(RefundQueue, judged.scheme)
        # What keeps it there: the money, or the rule that so many must follow.
        by_rule = judged.known and queue.rule == "shared" and share.low == 1 / queue.newcomers
        key = "headline.queue_rule" if by_rule else "headline.queue"
        return w(key, share=shown, spend=spend, reaches=reaches, most=most)

    def takes(self, judged: Offer, w: Words, *, before: int | None) -> Iterator[str]:
        lang = w.lang
        corners = [(scheme, the(RefundQueue, scheme)) for scheme in judged.schemes]
        queue = corners[0][1]
        if judged.most is not None and judged.most.high <= 0:
            yield w("take.queue.below", least=yuan(queue.threshold, lang))
            return
        if any(turns_lack_money(scheme, each) for scheme, each in corners):
            there = Span.of(queue_backing(s, q) * judged.spend for s, q in corners)
            due = Span.of(q.refund * judged.spend for _, q in corners)
            yield w(
                "take.queue.short",
                there=there.text(lambda x: yuan(x, lang), w),
                due=due.text(lambda x: yuan(x, lang), w),
            )
            return
        orders_a_day = pace(judged)
        ahead = before if before is not None else max(round(orders_a_day), 1)
        more = queue_after(judged, ahead)
        if math.isinf(more.high):
            yield w("take.queue.never" if math.isinf(more.low) else "take.queue.perhaps_never")
            return
        shown = more.text(lambda n: count_short(significant(n) if n > 1e4 else n, lang), w)
        key = "take.queue.after" if before is not None else "take.queue.example"
        if before is None or before:
            yield w(key, before=count_short(ahead, lang), more=shown)
        else:
            yield w("take.queue.first", more=shown)
        if place := place_sentence(more.low, w):
            yield place
        if more.known:
            if more.low / orders_a_day < queue.lock:
                lock = days(queue.lock, lang)
                yield w(
                    "take.queue.lock", per_day=quantity(orders_a_day, lang, short=True), lock=lock
                )
            else:
                yield wait(more.low, orders_a_day, w)
        if max(queue_factors(judged)) > 1 + 1e-9:
            yield w("take.queue.grows")
        if queue.advance > 0 and queue.advance_payer == "pool":
            yield w("take.queue.advance")
