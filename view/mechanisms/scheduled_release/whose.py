"""What a scheduled release says of whose money it was."""

from __future__ import annotations

import math

from model.asked.ending import Rule
from model.asked.person import Need
from model.result import Result
from view.mechanisms.whose import Whose, heads
from view.words.format import days, yuan_short
from view.words.words import Words


class ReleaseWhose(Whose):
    """A release pays what is there, and what advertisers still pay."""

    account = "whose.account.release"

    def need(self, result: Result, need: Need, w: Words, *, amount: str, orders: str) -> str:
        if not math.isfinite(need.orders):
            return w("whose.need.stopped", amount=amount)
        everybody = yuan_short(need.owed_to_all or 0.0, w.lang)
        return w("whose.need.release", amount=amount, all=everybody, orders=orders)

    def stopped(self, result: Result, rule: Rule, w: Words) -> list[str]:
        lang = w.lang
        lines = [
            w(
                "whose.stop.release",
                holders=heads(rule.holders, lang),
                owed=yuan_short(rule.owed, lang),
                pool=yuan_short(rule.pool, lang),
                paid=yuan_short(rule.paid, lang),
                unpaid=yuan_short(rule.unpaid, lang),
            )
        ]
        if rule.a_day > 0 and rule.unpaid > 0:
            time = days(rule.unpaid / rule.a_day, lang)
            lines.append(w("whose.stop.ads", a_day=yuan_short(rule.a_day, lang), time=time))
        return lines
