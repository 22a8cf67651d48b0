"""What a scheduled release says of an offer. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from math import inf

from model.claims.parts import the
from model.library import places
from model.mechanisms.scheduled_release import ScheduledRelease
from model.yardstick import used_up
from view.mechanisms.scheduled_release.tasks import ads_of, daily_release
from view.sentences.judged import Offer, Span
from view.sentences.offered import Fact, Offered
from view.sentences.takes import PLACES, span_of
from view.words.format import count, days, percent, quantity, significant, yuan
from view.words.words import Words


class ReleaseOffered(Offered):
    """A release: so much a day, by itself or for tasks that advertisers pay for in part."""

    own_order = ("gift_multiple", "share", "daily_rate")
    multiplies = False
    beside = ("platform.withdrawal_fee",)

    def promise(self, mechanism: ScheduledRelease) -> str:
        return "ads" if mechanism.rewards else "daily"

    def questions(self, mechanism: ScheduledRelease) -> Iterator[str]:
        yield "share"
        if not mechanism.package_multiples:
            yield "gift_multiple"
        yield from ("tasks", "ad_share", "ad_income") if mechanism.rewards else ("daily_rate",)

    def most(self, judged: Offer, w: Words, *, spend: str) -> str:
        if _for_tasks(judged):
            return w("card.most.ads", spend=spend, reward=_reward(judged, w))
        if _at_once(judged):
            return w("card.most.once", spend=spend)
        return w("card.most.daily", spend=spend, a_day=_a_day(judged, w))

    def reaches(self, judged: Offer, w: Words, *, spend: str) -> str:
        return w("card.reaches.text", spend=spend)

    def payer(self, judged: Offer, w: Words) -> Fact:
        if _for_tasks(judged):
            found = [ads_of(scheme, judged.package) for scheme in judged.schemes]
            parts = Span.of(each.buyers / each.credit for each in found if each)
            if parts.high <= 0:
                return w("card.payer.ads_alone"), w("card.payer.ads_alone.text")
            shown = parts.text(lambda x: percent(x, w.lang), w)
            return shown, w("card.payer.ads.text")
        if judged.most is not None and judged.most.high <= judged.reaches.low * (1 + 1e-9):
            return w("card.payer.own"), w("card.payer.own.text")
        account = judged.scheme.platform.capital > 0
        return w("card.payer"), w("card.payer.daily_account" if account else "card.payer.daily")

    def promised(self, judged: Offer, w: Words, *, spend: str, reaches: str, most: str) -> str:
        if _for_tasks(judged):
            found = [ads_of(scheme, judged.package) for scheme in judged.schemes]
            part = Span.of(each.advertisers for each in found if each)
            if judged.most is not None and part.low >= judged.most.high:
                return w("headline.ads_enough", spend=spend, most=most)
            shown = part.text(lambda x: yuan(significant(x), w.lang), w)
            return w("headline.ads", spend=spend, reaches=reaches, most=most, part=shown)
        if _at_once(judged):
            return w("headline.once", spend=spend, reaches=reaches, most=most)
        a_day = _a_day(judged, w)
        return w("headline.daily", spend=spend, reaches=reaches, most=most, a_day=a_day)

    def takes(self, judged: Offer, w: Words, *, before: int | None) -> Iterator[str]:
        lang = w.lang
        scheme = judged.scheme
        ads = ads_of(scheme, judged.package)
        if ads is not None and judged.known:
            if ads.reward > 0:
                yield w("take.ads.task", reward=yuan(ads.reward, lang), view=yuan(ads.view, lang))
            if ads.days < inf:
                yield w("take.ads.days", credit=yuan(ads.credit, lang), time=count(ads.days, lang))
            else:
                yield w("take.ads.stuck")
        growth = span_of(judged, "growth")
        if math.isinf(growth.low):
            yield w("take.growth_never")
        elif growth.high <= 0:
            yield w("take.growth_none")
        else:
            yield from _growth(judged, growth, w)
        short, empty = span_of(judged, "short_tick"), span_of(judged, "empty_tick")
        if empty.low < inf <= empty.high:
            a_day = quantity(scheme.demand.orders_per_tick, lang, short=True)
            yield w("take.empty_perhaps", orders=a_day, empty=count(empty.low, lang))
        elif empty.low < inf:

            def day(x: float) -> str:
                return count(x, lang) if x < inf else w("take.no_day")

            key = "take.empty" if short.low < empty.low else "take.empty_at_once"
            values = {"empty": empty.text(day, w)}
            if key == "take.empty":
                values["short"] = short.text(day, w)
            yield w(key, orders=quantity(scheme.demand.orders_per_tick, lang, short=True), **values)


def _for_tasks(judged: Offer) -> bool:
    """Whether what is released is paid for tasks."""
    return bool(the(ScheduledRelease, judged.scheme).rewards)


def _growth(judged: Offer, growth: Span, w: Words) -> Iterator[str]:
    lang = w.lang
    a_day = growth.text(lambda x: percent(x, lang) if x < inf else w("take.no_end"), w)
    if not growth.known:
        yield w("take.growth_range", growth=a_day)
        return
    double = math.log(2) / math.log1p(growth.low)
    double_text = days(round(double) if double >= 3 else double, lang)
    yield w("take.growth", growth=a_day, double=double_text)
    people = {place.id: place.people for place in places()}
    orders = judged.scheme.demand.orders_per_tick
    found = [
        used_up(growth=growth.low, orders_per_tick=orders, people=people[id_]) for id_ in PLACES
    ]
    if all(tick is not None and math.isfinite(tick) for tick in found):
        named = {
            key: text
            for k, (id_, tick) in enumerate(zip(PLACES, found, strict=True), start=1)
            for key, text in (
                (f"place{k}", w(f"place.{id_}")),
                (f"time{k}", days(float(tick), lang)),
            )
        }
        yield w("take.used_up", orders=quantity(orders, lang, short=True), **named)


def _at_once(judged: Offer) -> bool:
    """Whether all that is promised is released on one day."""
    return all(
        daily_release(scheme, judged.package)
        >= scheme.credits(the(ScheduledRelease, scheme))[judged.package] * (1 - 1e-9)
        for scheme in judged.schemes
    )


def _a_day(judged: Offer, w: Words) -> str:
    """What is released on the first day, or its range."""
    span = Span.of(daily_release(scheme, judged.package) for scheme in judged.schemes)
    return span.text(lambda x: yuan(x, w.lang), w)


def _reward(judged: Offer, w: Words) -> str:
    """What the first task pays."""
    found = (ads_of(scheme, judged.package) for scheme in judged.schemes)
    return Span.of(each.reward for each in found if each).text(lambda x: yuan(x, w.lang), w)
