"""What a dividend pool says of an offer. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterator

from model.mechanisms.dividend_pool import DividendPool
from view.mechanisms.dividend_pool.units import pools, unit_paid
from view.sentences.judged import Offer, Span
from view.sentences.offered import Fact, Offered
from view.words.format import count_short, days, yuan
from view.words.words import Words


class DividendsOffered(Offered):
    """Dividends: a part of all sales, divided by more and more units."""

    own_order = ("quota_multiple", "share")
    played = True

    def promise(self, mechanism: DividendPool) -> str:
        return "dividends"

    def questions(self, mechanism: DividendPool) -> Iterator[str]:
        shared = mechanism.shared_quota == "points_pool"
        yield "share"
        if mechanism.rank_share or not mechanism.levels:
            yield "rank_share"
        if not shared and not mechanism.package_quotas:
            yield "quota_multiple"
        if mechanism.levels:
            yield "points_rate"

    def most(self, judged: Offer, w: Words, *, spend: str) -> str:
        return w("card.most.dividends", spend=spend)

    def reaches(self, judged: Offer, w: Words, *, spend: str) -> str:
        ranks = _rank_part(judged, w)
        if ranks:
            return w("card.reaches.ranks", spend=spend, ranks=ranks)
        return w("card.reaches.dividends", spend=spend)

    def payer(self, judged: Offer, w: Words) -> Fact:
        return w("card.payer.dividends"), w("card.payer.dividends.text")

    def promised(self, judged: Offer, w: Words, *, spend: str, reaches: str, most: str) -> str:
        return w("headline.dividends", spend=spend, reaches=reaches, most=most)

    def takes(self, judged: Offer, w: Words, *, before: int | None) -> Iterator[str]:
        lang = w.lang
        pool = pools(judged.scheme)[0]
        units = judged.scheme.units(pool)[judged.package]
        if units <= 0 and judged.known:
            yield w(
                "take.no_unit",
                spend=yuan(judged.spend, lang),
                points=count_short(pool.levels[0][0] if pool.levels else 0, lang),
            )
        paid = (0.0, 0.0, 0.0)
        if judged.known and units > 0:  # a run for every corner would say no more
            paid = unit_paid(judged.scheme, pool.name)
        if paid[0] > 0 and paid[1] > 0:
            first, second, later = (yuan(x * units, lang) for x in paid)
            key = "take.units" if pool.interval == 1 else "take.units_interval"
            yield w(
                key,
                spend=yuan(judged.spend, lang),
                first=first,
                second=second,
                later=later,
                **({} if pool.interval == 1 else {"interval": days(pool.interval, lang)}),
            )
        if pool.levels and units > 0:
            yield w("take.levels", points=count_short(pool.levels[0][0], lang))


def _rank_part(judged: Offer, w: Words) -> str:
    """What of one order goes to holders of a rank alone; empty if nothing does."""
    span = Span.of(
        sum(pool.rank_share for pool in pools(scheme)) * judged.spend for scheme in judged.schemes
    )
    return span.text(lambda x: yuan(x, w.lang), w) if span.high > 0 else ""
