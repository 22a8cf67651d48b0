"""What a points pool says of an offer. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from model.mechanisms.points_pool import PointsPool
from model.scheme import Scheme
from view.mechanisms.points_pool.crowd import (
    PLAYED,
    crowd_sentence,
    factor_of,
    orders_after,
    target_of,
)
from view.sentences import takes
from view.sentences.answers import place_sentence
from view.sentences.judged import Offer, Span
from view.sentences.offered import Fact, Offered
from view.words.format import count_short, everybody, one_in, percent, significant, yuan
from view.words.words import Words

#: What a reader may be unsure of, in the order of the questions.
UNSURE: Final = ("share", "gift", "fee", "exit_multiple")


class PointsOffered(Offered):
    """Points: nobody knows what they will be worth, and all of it waits for later orders."""

    multiplies = False
    no_limit = ("card.no_limit.text", "headline.no_limit")

    def promise(self, mechanism: PointsPool) -> str:
        return "points"

    def questions(self, mechanism: PointsPool) -> tuple[str, ...]:
        return UNSURE

    def waited_for(self, scheme: Scheme) -> tuple[float, float]:
        return target_of(scheme), factor_of(scheme)

    def most(self, judged: Offer, w: Words, *, spend: str) -> str:
        if judged.can_refund:
            return w("card.most.text", spend=spend)
        fee = percent(judged.scheme.pool.fee, w.lang)
        return w("card.most_short.text", spend=spend, fee=fee)

    def reaches(self, judged: Offer, w: Words, *, spend: str) -> str:
        return w("card.reaches.text", spend=spend)

    def payer(self, judged: Offer, w: Words) -> Fact:
        return w("card.payer"), w("card.payer.text")

    def promised(self, judged: Offer, w: Words, *, spend: str, reaches: str, most: str) -> str:
        return w("headline.most", spend=spend, reaches=reaches, most=most)

    def alone(
        self, judged: Offer, w: Words, *, before: int | None, per_day: int | None
    ) -> Iterator[str]:
        lang = w.lang

        def money(x: float) -> str:
            return yuan(x, lang)

        spend = money(judged.spend)
        if judged.most is None:
            yield w("answer.no_limit", spend=spend)
        elif judged.refunds:
            yield w("answer.most", most=judged.most.text(money, w), spend=spend)
        elif judged.can_refund:
            yield w("answer.most_unsure", most=judged.most.text(money, w), spend=spend)
        else:
            yield w("answer.most_short", most=judged.most.text(money, w), spend=spend)
        yield from takes.goods(judged, w, points=True)
        yield crowd_sentence(judged, w)
        back, target = takes.span_of(judged, "back"), judged.crowd.low
        seldom = back.known and not everybody(back.low)
        if judged.refunds and seldom and back.low < min(target * (1 - 1e-9), 1e15):
            yield w("answer.back", one_in=one_in(back.low, lang), spend=spend)
        if before is None:
            if judged.crowd.low < 1e15:
                more = Span(max(judged.crowd.low - 1, 0.0), min(judged.crowd.high, 1e15) - 1)
                shown = more.text(lambda n: count_short(significant(n), lang), w)
                yield w("answer.before_unknown", more=shown)
        elif not judged.known:
            if everybody(judged.crowd.low):
                yield w("answer.after_unsure_everybody")
            else:
                yield w("answer.after_unsure", one_in=one_in(judged.crowd.low, lang))
        else:
            after = orders_after(judged.scheme, before + 1)
            if after > 1e15:
                yield w("answer.after_never")
            else:
                yield from _after(after, w, before=before, per_day=per_day)
        yield w("answer.selling")


def _after(more: float, w: Words, *, before: int, per_day: int | None) -> Iterator[str]:
    lang = w.lang
    told = count_short(significant(more) if more > PLAYED else more, lang)
    if before:
        yield w("answer.after", before=count_short(before, lang), more=told)
    else:
        yield w("answer.after_first", more=told)
    if place := place_sentence(more, w):
        yield place
    if per_day:
        yield takes.wait(more, per_day, w)
