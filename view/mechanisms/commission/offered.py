"""What commissions say of an offer. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from model.claims.parts import the
from model.figures import circle
from model.mechanisms.commission import Commission
from view.mechanisms.commission.territories import territories
from view.sentences.judged import Offer
from view.sentences.offered import Fact, Offered
from view.words.format import count, count_short, multiple, percent, significant, yuan, yuan_short
from view.words.words import Words

#: The sentence about the price of each territory.
_SOLD: Final = {
    "district": "card.agents.district",
    "city": "card.agents.city",
    "province": "card.agents.province",
}
#: The same with how much has to be sold there.
_TERRITORY: Final = {
    "district": "take.territory.district",
    "city": "take.territory.city",
    "province": "take.territory.province",
}


class CommissionOffered(Offered):
    """Commissions: for bringing others, for a territory, or points of a shop of its own."""

    on_top = True

    def promise(self, mechanism: Commission) -> str:
        return "agents"

    def speaks(self, mechanism: Commission) -> str:
        if mechanism.circle > 0:
            return "circle"
        return "agents" if mechanism.rate > 0 else ""

    def questions(self, mechanism: Commission) -> Iterator[str]:
        if mechanism.circle > 0:
            yield from ("circle_points", "circle_cash", "circle_shop", "circle_goods")
            return
        yield from ("direct", "indirect", "merchant")
        if mechanism.districts:
            yield from ("district", "district_price")

    def facts(self, judged: Offer, w: Words) -> tuple[Fact, ...]:
        return (_circle_facts if _in_circle(judged) else _agents_facts)(judged, w)

    def headline(self, judged: Offer, w: Words) -> str:
        return (_circle_headline if _in_circle(judged) else _agents_headline)(judged, w)

    def alone(
        self, judged: Offer, w: Words, *, before: int | None, per_day: int | None
    ) -> Iterator[str]:
        return (_circle if _in_circle(judged) else _agents)(judged, w)


def _in_circle(judged: Offer) -> bool:
    """Whether points go round in a shop of its own."""
    return the(Commission, judged.scheme).circle > 0


def _circle_facts(judged: Offer, w: Words) -> tuple[Fact, ...]:
    lang = w.lang
    commission = the(Commission, judged.scheme)
    c = circle(judged.scheme, commission)
    return (
        (yuan(c.cash, lang), w("card.circle.cash", points=count_short(c.points, lang))),
        (yuan(c.goods, lang), w("card.circle.goods", listed=yuan(c.listed, lang))),
        (
            w("card.circle.payer"),
            w(
                "card.circle.payer.text",
                goods=yuan(c.goods, lang),
                shop=yuan(c.shop, lang),
                platform=yuan(c.platform, lang),
            ),
        ),
    )


def _agents_facts(judged: Offer, w: Words) -> tuple[Fact, ...]:
    lang = w.lang
    scheme = judged.scheme
    commission = the(Commission, scheme)
    spend = yuan(judged.spend, lang)
    budget = scheme.split().get("distribution", 0.0) * judged.spend
    cost = commission.rate * judged.spend
    first = (
        yuan(cost, lang),
        w("card.agents.cost", spend=spend, budget=yuan(budget, lang)),
    )
    sold = territories(commission)
    if sold:
        one = sold[0]
        second = (
            yuan_short(one.sales, lang),
            w(
                _SOLD[one.level],
                price=yuan_short(one.price, lang),
                rate=percent(one.rate, lang),
            ),
        )
    else:
        second = (
            yuan(commission.direct * judged.spend, lang),
            w("card.agents.direct", spend=spend),
        )
    return first, second, (w("card.payer.agents"), w("card.payer.agents.text"))


def _circle_headline(judged: Offer, w: Words) -> str:
    commission = the(Commission, judged.scheme)
    c = circle(judged.scheme, commission)
    return w(
        "headline.circle",
        spend=yuan(judged.spend, w.lang),
        points=count_short(c.points, w.lang),
        cash=yuan(c.cash, w.lang),
        goods=yuan(c.goods, w.lang),
    )


def _agents_headline(judged: Offer, w: Words) -> str:
    lang = w.lang
    commission = the(Commission, judged.scheme)
    budget = judged.scheme.split().get("distribution", 0.0)
    enough = budget >= commission.rate * (1 - 1e-9)
    return w(
        "headline.agents" if enough else "headline.agents_short",
        spend=yuan(judged.spend, lang),
        cost=yuan(commission.rate * judged.spend, lang),
        budget=yuan(budget * judged.spend, lang),
    )


def _agents(judged: Offer, w: Words) -> Iterator[str]:
    lang = w.lang
    commission = the(Commission, judged.scheme)
    spend = judged.spend
    for sold in territories(commission):
        yield w(
            _TERRITORY[sold.level],
            price=yuan_short(sold.price, lang),
            sales=yuan_short(sold.sales, lang),
            rate=percent(sold.rate, lang),
            orders=count_short(significant(sold.sales / spend), lang),
            spend=yuan(spend, lang),
        )
    if commission.direct > 0:
        recruits = math.ceil(1 / commission.direct - 1e-9)
        each = yuan(commission.direct * spend, lang)
        yield w("take.recruits", each=each, spend=yuan(spend, lang), recruits=count(recruits, lang))
    budget = judged.scheme.split().get("distribution", 0.0)
    lack = commission.rate - budget
    if lack > 1e-12:
        yield w("take.budget_short", lack=yuan(lack * spend, lang), spend=yuan(spend, lang))


def _circle(judged: Offer, w: Words) -> Iterator[str]:
    lang = w.lang
    commission = the(Commission, judged.scheme)
    c = circle(judged.scheme, commission)
    kept = judged.scheme.split().get("merchant", 0.0) * judged.spend
    yield w(
        "take.circle.list",
        listed=yuan(c.listed, lang),
        cash=yuan(c.cash, lang),
        times=multiple(c.cash / c.goods, lang) if c.goods > 0 else w("control.none"),
    )
    if kept > 0:
        yield w(
            "take.circle.shop",
            kept=yuan(kept, lang),
            spend=yuan(judged.spend, lang),
            shop=yuan(c.shop, lang),
            cash=yuan(c.cash, lang),
        )
