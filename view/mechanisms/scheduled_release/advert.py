"""What is said of a daily release for a class to read. No Streamlit here."""

from __future__ import annotations

from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme
from view.sentences.advert import Advert
from view.words.format import yuan
from view.words.words import Words


class ReleaseAdvert(Advert):
    """Cash every day until a multiple of the price has come."""

    def advert(self, mechanism: ScheduledRelease, scheme: Scheme, w: Words) -> str:
        spend = scheme.order.spend
        return w(
            "advert.release",
            spend=yuan(spend, w.lang),
            daily=yuan(mechanism.daily_rate * spend, w.lang),
            most=yuan(mechanism.gift_multiple * spend, w.lang),
        )

    def days(self, mechanism: ScheduledRelease) -> int:
        # Five rounds are a quarter of the time that one order is paid for.
        return max(round(mechanism.gift_multiple / mechanism.daily_rate / 20), 1)

    def rule(self, mechanism: ScheduledRelease, scheme: Scheme, w: Words) -> str:
        price, _ = scheme.order.choices[0]
        pooled = yuan(mechanism.share * price, w.lang)
        return w("advert.release.rule", spend=yuan(price, w.lang), pooled=pooled)
