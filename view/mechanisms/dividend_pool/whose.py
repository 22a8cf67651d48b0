"""What a dividend pool says of whose money it was."""

from __future__ import annotations

from model.asked.ending import Rule
from model.asked.person import Need
from model.result import Result
from view.mechanisms.whose import Whose, heads
from view.words.format import yuan_short
from view.words.words import Words


class DividendsWhose(Whose):
    """Dividends end with the sales they are a part of."""

    account = "whose.account.dividend"

    def need(self, result: Result, need: Need, w: Words, *, amount: str, orders: str) -> str:
        if need.goal == "back":
            return w("whose.need.dividend.back", amount=amount, orders=orders)
        return w("whose.need.dividend.all", amount=amount, orders=orders)

    def stopped(self, result: Result, rule: Rule, w: Words) -> list[str]:
        holders = heads(rule.holders, w.lang)
        if rule.shared:
            lines = [w("whose.stop.dividend.shared", holders=holders)]
        elif rule.never:
            lines = [w("whose.stop.dividend.never", holders=holders)]
        else:
            owed = yuan_short(rule.owed, w.lang)
            lines = [w("whose.stop.dividend", holders=holders, owed=owed)]
        if rule.pool >= 0.005:
            lines.append(w("whose.stop.dividend.pool", pool=yuan_short(rule.pool, w.lang)))
        return lines
