"""Whose money, in sentences: where it went, who stands where, and one person's statement."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from model import rounding
from model.asked.ending import Rule
from model.asked.person import Group, Need, Statement
from model.funding import PAYERS
from model.outlay import ENDS
from model.result import Result
from model.standing import Standing, standing, worth_of_goods
from model.statement import by_number
from view.mechanisms.whose import heads as people
from view.mechanisms.whose import money, whose
from view.parts.context import lang, w, words
from view.sentences import answers, case_words, findings
from view.words.format import count, count_short, percent, significant, yuan, yuan_short

#: Who has a yuan now: words of :data:`model.outlay.ENDS`.
WHO = {
    "goods": "whose.end.goods",
    "merchant": "whose.end.merchant",
    "unstated": "whose.end.unstated",
    "platform": "whose.end.platform",
    "recruiters": "whose.end.recruiters",
    "set_aside": "whose.end.set_aside",
    "others": "whose.end.others",
    "back": "whose.end.back",
    "pool": "whose.end.pool",
}
#: What was never meant to pay buyers.
GONE = ("goods", "merchant", "unstated", "platform", "recruiters", "set_aside")
FROM = {
    "own": "whose.from.own",
    "earlier": "whose.from.earlier",
    "later": "whose.from.later",
    "fees": "whose.from.fees",
    "outside": "whose.from.outside",
}
#: More orders than this are said to be no number at all.
MOST_ORDERS = 1e15
#: A part of all money below this is nothing.
NOTHING = 1e-9


def hundredth(share_: float) -> str:
    """Yuan of each 100: to the cent, with a digit or two where it is less."""
    if share_ <= NOTHING:
        return yuan(0.0, lang())
    cents = float(rounding.rounded(share_))
    return yuan(cents if share_ >= 0.01 else significant(share_, 2), lang())


# -- what is said ----------------------------------------------------------------------------------


def per_100(table: pd.DataFrame) -> dict[str, float]:
    """Yuan of each 100 that buyers paid, by who has it."""
    total = float(table["paid"].sum())
    return {end: 100 * float(table[end].sum()) / total if total > 0 else 0.0 for end in ENDS}


def finding(result: Result, table: pd.DataFrame) -> str:
    """Where each 100 yuan of buyers' money went; of a real case after what was published."""
    return case_words.led(result.scheme, _went(result, table), words())


def _went(result: Result, table: pd.DataFrame) -> str:
    share_ = per_100(table)
    time = findings.time(result, words())
    if share_["others"] + share_["back"] + share_["pool"] <= NOTHING:
        parts = [
            w("whose.finding.part", who=w(WHO[end]), amount=hundredth(share_[end]))
            for end in GONE
            if share_[end] > NOTHING
        ]
        return w("whose.finding.none", time=time, parts=findings.listed(words(), parts))
    return w(
        "whose.finding",
        time=time,
        paid=hundredth(share_["others"] + share_["back"]),
        gone=hundredth(sum(share_[end] for end in GONE)),
        others=hundredth(share_["others"]),
        back=hundredth(share_["back"]),
        pool=hundredth(share_["pool"]),
    )


def top_said(found: Standing) -> str:
    """To how few the gains went, or what was paid where nobody gained."""
    language = lang()
    (first, _), (tenth, _) = found.top[0.01], found.top[0.1]
    if found.gains > 0:
        return w(
            "whose.top",
            gains=yuan_short(found.gains, language),
            first=percent(first, language),
            tenth=percent(tenth, language),
        )
    (_, first), (_, tenth) = found.top[0.01], found.top[0.1]
    said = w("whose.top.none")
    if first > 0:
        paid = w("whose.top.paid", first=percent(first, language), tenth=percent(tenth, language))
        said = findings.together(words(), said, paid)
    return said


def goods_said(result: Result, cash: Standing) -> str:
    """Where buyers stand once the goods are counted; ``cash``: without them."""
    language = lang()
    low, high = worth_of_goods(result)
    if low < high:
        said = w("whose.goods.unknown", price=findings.spent(result.scheme, words()))
        # With goods worth the price, all cash is gain.
        received = sum(p.received for p in (cash.more, cash.same, cash.less, cash.waiting))
        if received <= 0:
            return said
        gains = w("whose.goods.gains", received=yuan_short(received, language))
        return findings.together(words(), said, gains)
    found = standing(result, goods=low)
    return w(
        "whose.goods.known",
        value=yuan(low, language),
        more=people(found.more.orders + found.same.orders, lang()),
        less=people(found.less.orders + found.nothing.orders, lang()),
        waiting=people(found.waiting.orders, lang()),
    )


def heads(found: Standing) -> dict[str, int]:
    """How many are in each group, whole and adding up to all buyers."""
    return findings.whole({name: part.orders for name, part in found.parts.items()})


def standing_said(result: Result, found: Standing) -> str:
    """How many have more, how many less, and how many wait; groups of nobody are left out."""
    language = lang()
    number = heads(found)
    n = {name: count_short(orders, language) for name, orders in number.items()}
    said = []
    if number["more"]:
        everybody = people(result.totals["buyers"], lang())
        gain = yuan_short(found.more.gain, language)
        said.append(w("whose.said.more", n=n["more"], buyers=everybody, gain=gain))
    if number["same"]:
        said.append(w("whose.said.same", n=n["same"]))
    if number["less"]:
        loss = yuan_short(-found.less.gain, language)
        said.append(w("whose.said.less", n=n["less"], loss=loss))
    if number["waiting"]:
        said.append(
            w(
                "whose.said.waiting",
                n=n["waiting"],
                paid=yuan_short(found.waiting.paid, language),
                received=yuan_short(found.waiting.received, language),
            )
        )
    if number["nothing"]:
        paid = yuan_short(found.nothing.paid, language)
        said.append(w("whose.said.nothing", n=n["nothing"], paid=paid))
    return findings.together(words(), *said)


# -- one person ------------------------------------------------------------------------------------


def _parts(by: dict[str, float], *, before: float, after: float) -> str:
    """Whose money it was, part by part; nothing is left out but what is nothing."""
    numbers = {"earlier": before, "later": after}
    total = sum(by.values())
    said = []
    for payer in PAYERS:
        if by[payer] > 1e-6 * total:
            n = {"n": people(numbers[payer], lang())} if payer in numbers else {}
            said.append(w(FROM[payer], amount=money(by[payer], lang()), **n))
    return findings.listed(words(), said)


def _orders(orders: float) -> str:
    """How many more orders are needed, in words."""
    language = lang()
    if orders <= 0:
        return w("whose.orders.none")
    if orders > MOST_ORDERS or not math.isfinite(orders):
        return w("whose.orders.never")
    rounded = significant(orders) if orders >= 1000 else orders
    place = answers.larger_than(orders)
    if place is not None:
        return w(
            "whose.orders.place",
            n=count_short(rounded, language),
            place=w(f"place.{place.id}"),
        )
    return w("whose.orders.more", n=count_short(rounded, language))


def _need(result: Result, need: Need) -> str:
    """What has to happen, in a sentence."""
    amount, orders = yuan(need.amount, lang()), _orders(need.orders)
    return whose(need.kind).need(result, need, words(), amount=amount, orders=orders)


def _group(group: Group) -> str:
    """Whom of those who wait the next sentences are about, and what they have been paid."""
    language = lang()
    who = []
    if group.rank is not None:
        rank = {"rank": group.rank} if group.rank else {}
        who.append(w("whose.group.rank" if group.rank else "whose.group.no_rank", **rank))
    if group.price is not None:
        who.append(w("whose.group.package", price=yuan(group.price, language)))
    return w(
        "whose.you.group",
        who=w("whose.group.both", rank=who[0], package=who[1]) if len(who) > 1 else who[0],
        share=percent(group.share, language),
        had=yuan(group.had, language),
    )


def _distinct(needs: Sequence[Need]) -> list[Need]:
    """Of several rules that all lead to the whole price, the nearest."""
    found: dict[tuple[str, str], Need] = {}
    for need in needs:
        key = need.kind, need.goal
        if need.goal != "back" or key not in found or need.orders < found[key].orders:
            found[key if need.goal == "back" else (need.kind, f"{need.goal}{len(found)}")] = need
    return list(found.values())


def told(result: Result, found: Statement) -> list[str]:
    """One person's statement, sentence by sentence."""
    language = lang()
    single = result.scheme.tick == "order"
    spent = yuan(found.spent, language)
    # Where each tick is one order, a tick is an order's number.
    number = found.joined if single and found.number is None else found.number
    lines = []
    if number is None:
        lines.append(
            w(
                "whose.you.day",
                day=count(found.joined, language),
                spent=spent,
            )
        )
    elif single:
        lines.append(w("whose.you.single", number=count(number, language), spent=spent))
    else:
        lines.append(
            w(
                "whose.you.order",
                number=count(number, language),
                day=count(found.joined, language),
                spent=spent,
            )
        )
    first = found.before < 1
    before = people(found.before, language)
    place = w("whose.you.first") if first else w("whose.you.before", before=before)
    lines[0] = findings.together(words(), lines[0], place)
    if found.number is not None and result.scheme.behaviour.sells:
        lines.append(w("whose.you.keeps"))
    others = {"before": found.before, "after": found.after}
    if found.received > 0:
        numbers = {
            "received": yuan(found.received, language),
            "parts": _parts(found.by, **others),
        }
        if found.left_at is None:
            lines.append(w("whose.you.received", **numbers))
        else:
            left = count(found.left_at, language)
            if found.number is None:
                # Whoever gave up got less than was promised.
                if result.scheme.behaviour.sells:
                    done = "whose.you.gone.single" if single else "whose.you.gone"
                else:
                    done = "whose.you.done.single" if single else "whose.you.done"
                lines.append(w(done, left=left, **numbers))
            elif single:
                lines.append(w("whose.you.left.single", left=left, **numbers))
            else:
                lines.append(w("whose.you.left", left=left, **numbers))
    elif by_number(result) and not found.if_sold:
        lines.append(w("whose.you.no_points"))
    else:
        lines.append(w("whose.you.nothing"))
    if found.if_sold:
        lines.append(
            w(
                "whose.you.worth",
                worth=money(found.worth, lang()),
                net=money(sum(found.if_sold.values()), lang()),
                parts=_parts(found.if_sold, **others),
            )
        )
    if number is None and 0 < found.waits < 1 - 1e-9:
        lines.append(w("whose.you.waits", share=percent(found.waits, language)))
    needs = _distinct(found.needs)
    about: Group | None = None
    for need in needs:
        if need.group is not None and need.group != about:
            about = need.group
            lines.append(_group(about))
        lines.append(_need(result, need))
    if any(need.orders > 0 for need in needs):
        lines.append(w("whose.need.who"))
    return lines


def stopped_said(result: Result, rule: Rule) -> list[str]:
    """What one rule can still pay once orders have stopped."""
    return whose(rule.kind).stopped(result, rule, words())
