"""What a points pool says of whose money it was."""

from __future__ import annotations

from model.asked.ending import Holding, Rule
from model.asked.person import Need
from model.result import Result
from view.mechanisms.whose import Whose, heads, money
from view.words.format import yuan, yuan_short
from view.words.words import Words


class PointsWhose(Whose):
    """Points are worth what they can be sold for, one after the other."""

    account = "whose.account.points"
    sells = True

    def need(self, result: Result, need: Need, w: Words, *, amount: str, orders: str) -> str:
        if need.goal == "back" and need.orders <= 0:
            return w("whose.need.back.now")
        prices = {"price": money(need.price or 0.0, w.lang), "orders": orders}
        if need.goal == "back":
            return w("whose.need.back", now=money(result.engine.price, w.lang), **prices)
        return w("whose.need.exit", amount=amount, **prices)

    def stopped(self, result: Result, rule: Rule, w: Words) -> list[str]:
        lang = w.lang
        pool = yuan_short(rule.pool, lang)
        if rule.holders < 0.5:
            return [w("whose.stop.points.nobody", pool=pool)]
        lines = [
            w(
                "whose.stop.points",
                first=money(rule.first, lang),
                middle=money(rule.middle, lang),
                last=money(rule.last, lang),
                holders=heads(rule.holders, lang),
                owed=yuan_short(rule.owed, lang),
                pool=pool,
            )
        ]
        if result.scheme.pool.fee <= 0:
            lines.append(w("whose.stop.points.no_fee"))
            return lines
        lines.append(w("whose.stop.points.fee"))
        all_of_them: tuple[Rule | Holding, ...] = (rule, *rule.groups)
        reached = any(
            some.forced is not None and some.last >= some.forced * (1 - 1e-9)
            for some in all_of_them
        )
        if reached and rule.forced is not None:
            # Of a quota that dividends use up too, everybody has a rest of their own.
            key = "whose.stop.points.rest" if result.scheme.sharing else "whose.stop.points.forced"
            lines.append(w(key, forced=yuan(rule.forced, lang)))
        return lines
