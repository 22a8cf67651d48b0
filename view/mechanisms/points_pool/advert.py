"""What is said of points for a class to read. No Streamlit here."""

from __future__ import annotations

from model.mechanisms.points_pool import PointsPool
from model.scheme import Scheme
from view.sentences.advert import Advert
from view.words.format import percent, yuan
from view.words.words import Words


class PointsAdvert(Advert):
    """Points whose price only rises."""

    def advert(self, mechanism: PointsPool, scheme: Scheme, w: Words) -> str:
        spend, multiple = scheme.order.spend, mechanism.exit_multiple
        told = {"spend": yuan(spend, w.lang)}
        if multiple is None:
            return w("advert.points.never", **told)
        return w("advert.points", **told, most=yuan(multiple * spend, w.lang))

    def rule(self, mechanism: PointsPool, scheme: Scheme, w: Words) -> str:
        spend = scheme.order.spend
        return w(
            "advert.points.rule",
            spend=yuan(spend, w.lang),
            pooled=yuan(mechanism.share * spend, w.lang),
            worth=yuan(mechanism.share * mechanism.gift * spend, w.lang),
            fee=percent(mechanism.fee, w.lang),
        )
