"""What is said of dividends for a class to read. No Streamlit here."""

from __future__ import annotations

from model.mechanisms.dividend_pool import DividendPool
from model.scheme import Scheme
from view.sentences.advert import Advert
from view.words.format import percent, yuan
from view.words.words import Words


class DividendAdvert(Advert):
    """A part of the sales for everybody who has bought."""

    def advert(self, mechanism: DividendPool, scheme: Scheme, w: Words) -> str:
        spend, quota = scheme.order.spend, mechanism.quota_multiple
        told = {"spend": yuan(spend, w.lang), "share": percent(mechanism.share, w.lang)}
        if quota is None:
            return w("advert.dividend.never", **told)
        return w("advert.dividend", **told, most=yuan(quota * spend, w.lang))

    def days(self, mechanism: DividendPool) -> int:
        return mechanism.interval

    def rule(self, mechanism: DividendPool, scheme: Scheme, w: Words) -> str:
        price, _ = scheme.order.choices[0]
        pooled = yuan(mechanism.share * price, w.lang)
        return w("advert.dividend.rule", spend=yuan(price, w.lang), pooled=pooled)
