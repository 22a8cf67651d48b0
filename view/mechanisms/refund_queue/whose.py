"""What a queue for refunds says of whose money it was."""

from __future__ import annotations

import math

from model.asked.ending import Rule
from model.asked.person import Need
from model.mechanisms.refund_queue import RefundQueue
from model.result import Result
from view.mechanisms.whose import Whose, heads
from view.sentences.findings import the
from view.words.format import yuan_short
from view.words.words import Words


class QueueWhose(Whose):
    """A queue pays in turn, and nobody once nobody comes after."""

    account = "whose.account.queue"

    def need(self, result: Result, need: Need, w: Words, *, amount: str, orders: str) -> str:
        if not math.isfinite(need.orders):
            return w("whose.need.stopped", amount=amount)
        if need.turn:
            everybody = yuan_short(need.owed_to_all or 0.0, w.lang)
            return w("whose.need.turn", amount=amount, all=everybody, orders=orders)
        return w("whose.need.queue", amount=amount, orders=orders)

    def stopped(self, result: Result, rule: Rule, w: Words) -> list[str]:
        lang = w.lang
        lines = [
            w(
                "whose.stop.queue",
                holders=heads(rule.holders, lang),
                owed=yuan_short(rule.owed, lang),
                waiting=heads(rule.waiting, lang),
                paid=yuan_short(rule.paid, lang),
                unpaid=yuan_short(rule.unpaid, lang),
            )
        ]
        turns = the(result.scheme, RefundQueue).rule != "pool"
        if turns and rule.pool - rule.paid >= 0.005:
            left = yuan_short(rule.pool - rule.paid, lang)
            lines.append(w("whose.stop.queue.pool", pool=left))
        return lines
