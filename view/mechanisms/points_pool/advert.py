"""What is said of points for a class to read. No Streamlit here."""

from __future__ import annotations

from model.mechanisms.points_pool import PointsPool
from model.scheme import Scheme
from view.sentences.advert import Advert
from view.words.format import yuan
from view.words.words import Words


class PointsAdvert(Advert):
    """Points whose price only rises."""

    def advert(self, mechanism: PointsPool, scheme: Scheme, w: Words) -> str:
        spend, multiple = scheme.order.spend, mechanism.exit_multiple
        told = {"spend": yuan(spend, w.lang)}
        if multiple is None:
            return w("advert.points.never", **told)
        return w("advert.points", **told, most=yuan(multiple * spend, w.lang))
