"""Whose money: where it went, who stands where, one person's statement, and the books."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from model import rounding
from model.asked.ending import Holding, Rule
from model.asked.person import Group, Need, Statement
from model.books import Account, Books, books
from model.funding import PAYERS
from model.library import real_case
from model.mechanisms import RefundQueue
from model.outlay import ENDS, outlay, traced
from model.result import Result
from model.standing import Part, Standing, standing, worth_of_goods
from model.statement import by_number, statement
from model.stopped import Stopped, stopped, until
from view.money import one
from view.parts import knobs, notices, share
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts, charts_whose
from view.sentences import answers, case_words, findings
from view.settings import state
from view.settings.runs import RUNS
from view.words.format import count, count_short, days, percent, significant, yuan, yuan_short

#: Settings of the view beside the scheme's.
OWN: dict[str, tuple[str, ...]] = {"who": state.whole(), "stop": state.whole()}
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
SOURCES = {
    "buyers": "whose.books.from.buyers",
    "outside": "whose.books.from.outside",
    "advertisers": "whose.books.from.advertisers",
    "owners": "whose.books.from.owners",
    "agents": "whose.books.from.agents",
}
USES = {
    "buyers": "whose.books.to.buyers",
    "old members": "whose.books.to.old",
    "goods": "whose.end.goods",
    "merchant": "whose.end.merchant",
    "unstated": "whose.end.unstated",
    "platform": "whose.end.platform",
    "distribution": "whose.end.recruiters",
    "recruiters": "whose.end.recruiters",
    "agents": "whose.end.recruiters",
    "leaders": "whose.end.recruiters",
}
ACCOUNTS = {
    "points_pool": "whose.account.points",
    "dividend_pool": "whose.account.dividend",
    "scheduled_release": "whose.account.release",
    "refund_queue": "whose.account.queue",
    "platform": "whose.account.platform",
    "distribution": "whose.account.distribution",
}
JOINED = ("people.joined.top", "people.joined.next", "people.joined.middle", "people.joined.rest")
#: Of the boxes for a number, pixels.
WIDTH = 352
#: More orders than this are said to be no number at all.
MOST_ORDERS = 1e15
#: A part of all money below this is nothing.
NOTHING = 1e-9


def money(x: float) -> str:
    """Yuan for people, three digits at most below a thousand's cents."""
    return yuan(significant(x) if 0 < abs(x) < 0.01 else x, lang())


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
        more=_heads(found.more.orders + found.same.orders),
        less=_heads(found.less.orders + found.nothing.orders),
        waiting=_heads(found.waiting.orders),
    )


def _heads(orders: float) -> str:
    return count_short(round(orders), lang())


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
        everybody = _heads(result.totals["buyers"])
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
            n = {"n": _heads(numbers[payer])} if payer in numbers else {}
            said.append(w(FROM[payer], amount=money(by[payer]), **n))
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
    language = lang()
    amount, orders = yuan(need.amount, language), _orders(need.orders)
    if need.kind == "points_pool":
        if need.goal == "back" and need.orders <= 0:
            return w("whose.need.back.now")
        prices = {"price": money(need.price or 0.0), "orders": orders}
        if need.goal == "back":
            return w("whose.need.back", now=money(result.engine.price), **prices)
        return w("whose.need.exit", amount=amount, **prices)
    if need.kind == "dividend_pool":
        if need.goal == "back":
            return w("whose.need.dividend.back", amount=amount, orders=orders)
        return w("whose.need.dividend.all", amount=amount, orders=orders)
    if not math.isfinite(need.orders):
        return w("whose.need.stopped", amount=amount)
    everybody = yuan_short(need.owed_to_all or 0.0, language)
    if need.kind == "refund_queue":
        if need.turn:
            return w("whose.need.turn", amount=amount, all=everybody, orders=orders)
        return w("whose.need.queue", amount=amount, orders=orders)
    return w("whose.need.release", amount=amount, all=everybody, orders=orders)


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
    place = w("whose.you.first") if first else w("whose.you.before", before=_heads(found.before))
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
                worth=money(found.worth),
                net=money(sum(found.if_sold.values())),
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


# -- orders stop -----------------------------------------------------------------------------------


def stopped_said(result: Result, rule: Rule) -> list[str]:
    """What one rule can still pay once orders have stopped."""
    language = lang()
    short = {
        "holders": _heads(rule.holders),
        "owed": yuan_short(rule.owed, language),
        "pool": yuan_short(rule.pool, language),
    }
    if rule.kind == "points_pool":
        if rule.holders < 0.5:
            return [w("whose.stop.points.nobody", pool=short["pool"])]
        lines = [
            w(
                "whose.stop.points",
                first=money(rule.first),
                middle=money(rule.middle),
                last=money(rule.last),
                **short,
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
            lines.append(w(key, forced=yuan(rule.forced, language)))
        return lines
    paid = {"paid": yuan_short(rule.paid, language), "unpaid": yuan_short(rule.unpaid, language)}
    if rule.kind == "dividend_pool":
        if rule.shared:
            lines = [w("whose.stop.dividend.shared", holders=short["holders"])]
        elif rule.never:
            lines = [w("whose.stop.dividend.never", holders=short["holders"])]
        else:
            lines = [w("whose.stop.dividend", holders=short["holders"], owed=short["owed"])]
        if rule.pool >= 0.005:
            lines.append(w("whose.stop.dividend.pool", pool=short["pool"]))
        return lines
    if rule.kind == "refund_queue":
        lines = [
            w(
                "whose.stop.queue",
                holders=short["holders"],
                owed=short["owed"],
                waiting=_heads(rule.waiting),
                **paid,
            )
        ]
        queue = result.scheme.first("refund_queue")
        turns = isinstance(queue, RefundQueue) and queue.rule != "pool"
        if turns and rule.pool - rule.paid >= 0.005:
            left = yuan_short(rule.pool - rule.paid, language)
            lines.append(w("whose.stop.queue.pool", pool=left))
        return lines
    lines = [w("whose.stop.release", **short, **paid)]
    if rule.a_day > 0 and rule.unpaid > 0:
        time = days(rule.unpaid / rule.a_day, language)
        lines.append(w("whose.stop.ads", a_day=yuan_short(rule.a_day, language), time=time))
    return lines


# -- the books -------------------------------------------------------------------------------------


def to_the_cent(x: float) -> str:
    """A sum to the cent, as a ledger writes it; never minus nought."""
    return rounding.written(x)


def account_names(found: Books) -> list[tuple[str, Account]]:
    """What each account is called; several of a kind are counted."""
    kinds = [account.kind for account in found.accounts]
    named = []
    for at, account in enumerate(found.accounts):
        name = w(ACCOUNTS[account.kind])
        if kinds.count(account.kind) > 1:
            n = kinds[: at + 1].count(account.kind)
            name = w("whose.account.several", name=name, n=n)
        named.append((name, account))
    return named


def _uses(found: Books) -> dict[str, float]:
    """Money out by its words: recruiters, agents and leaders together."""
    sums: dict[str, float] = {}
    for use, amount in found.uses.items():
        name = w(USES[use])
        sums[name] = sums.get(name, 0.0) + amount
    return sums


# -- tables ----------------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, css: str = "") -> str:
    """A table with its first column as heads of the rows; a row of one cell is a band."""
    corner, *names = head
    top = f"<th scope='col' class='wp-left'>{escape(corner)}</th>" + "".join(
        f"<th scope='col'>{escape(cell)}</th>" for cell in names
    )
    body = []
    for first, *cells in rows:
        if not cells:
            body.append(
                f"<tr class='wp-band'><th scope='rowgroup'>{escape(first)}</th>"
                f"<td colspan='{len(head) - 1}'></td></tr>"
            )
            continue
        body.append(
            f"<tr><th scope='row'>{escape(first)}</th>"
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{escape(label)}'>"
        f"<table class='wp-table wp-compare wp-people wp-tight {css}'><thead><tr>{top}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def standing_table(found: Standing) -> str:
    """How many have more, the same, less, wait or were given nothing, with their money."""
    language = lang()
    rows = []
    number, parts = heads(found), found.parts
    everybody = Part(
        orders=sum(p.orders for p in parts.values()),
        paid=sum(p.paid for p in parts.values()),
        received=sum(p.received for p in parts.values()),
    )
    keys = {
        "more": "whose.standing.more",
        "same": "whose.standing.same",
        "less": "whose.standing.less",
        "waiting": "whose.standing.waiting",
        "nothing": "whose.standing.nothing",
    }
    named = [
        (keys[name], number[name], part)
        for name, part in parts.items()
        if part.orders > 0 or name not in {"same", "nothing"}
    ]
    for key, orders, part in [*named, ("whose.standing.all", sum(number.values()), everybody)]:
        rows.append(
            (
                w(key),
                count(orders, language),
                yuan_short(part.paid, language),
                yuan_short(part.received, language),
                yuan_short(part.gain, language),
            )
        )
    head = [
        w("whose.standing.group"),
        w("whose.standing.orders"),
        w("whose.standing.paid"),
        w("whose.standing.received"),
        w("whose.standing.gain"),
    ]
    return _table(head, rows, label=w("whose.standing"))


def _fen(x: float, language: str) -> str:
    """Yuan, nothing smaller than a fen."""
    return yuan(float(rounding.rounded(x)), language)


def holdings_table(rule: Rule) -> str:
    """Who holds what by joining time, and what a sale would pay first, in the middle, last."""
    language = lang()
    points = rule.kind == "points_pool"
    head = [w("whose.stop.joined"), w("whose.stop.holders")]
    if points:
        head += [
            w("whose.stop.worth"),
            w("whose.stop.first"),
            w("whose.stop.middle"),
            w("whose.stop.last"),
        ]
    else:
        head.append(w("whose.stop.owed"))
    rows = []
    for key, group in zip(JOINED, rule.groups, strict=True):
        if group.orders < 0.5:
            continue
        cells = [w(key), _heads(group.orders), _fen(group.worth, language)]
        if points:
            cells += [_fen(x, language) for x in (group.first, group.middle, group.last)]
        rows.append(cells)
    return _table(head, rows, label=w("whose.stop.table"))


def books_table(found: Books) -> str:
    """Money in, out and held, line by line, with the difference."""
    rows: list[tuple[str, ...]] = [(w("whose.books.in"),)]
    rows += [(w(SOURCES[name]), to_the_cent(x)) for name, x in found.sources.items()]
    rows.append((w("whose.books.out"),))
    rows += [(name, to_the_cent(x)) for name, x in _uses(found).items()]
    rows.append((w("whose.books.held"),))
    rows += [(name, to_the_cent(a.held)) for name, a in account_names(found)]
    rows.append((w("whose.books.gap.band"),))
    rows.append((w("whose.books.gap.row"), to_the_cent(found.gap)))
    rows.append((w("whose.books.buyers"), to_the_cent(found.to_buyers - found.to_each_buyer)))
    head = [w("whose.books"), w("whose.books.amount")]
    return _table(head, rows, label=w("whose.books"), css="wp-books")


# -- the arithmetic --------------------------------------------------------------------------------


def arithmetic(table: pd.DataFrame, found: Statement | None, ledger: Books) -> str:
    """The page's numbers as lines for a spreadsheet: label, amount, and a formula that checks it.

    Tab-separated, to be pasted into cell A1: the formulas name the cells above them.
    """
    lines = [
        (
            w("whose.arithmetic.head"),
            w("whose.arithmetic.amount"),
            w("whose.arithmetic.check"),
        )
    ]

    def add(label: str, amount: float, formula: str = "") -> int:
        lines.append((label, rounding.plain(amount), formula))
        return len(lines)

    total = float(table["paid"].sum())
    paid = add(w("whose.arithmetic.paid"), total)
    ends = [end for end in ENDS if float(table[end].sum()) > NOTHING * total]
    places = [add(w(WHO[end]), float(table[end].sum())) for end in ends]
    add(w("whose.arithmetic.sum"), total, f"=SUM(B{places[0]}:B{places[-1]})" if places else "")
    for end, place in zip(ends, places, strict=True):
        amount = 100 * float(table[end].sum()) / total
        add(w("whose.arithmetic.hundred", who=w(WHO[end])), amount, f"=B{place}/B{paid}*100")
    if found is not None:
        for key, by in (
            ("whose.arithmetic.you", found.by if found.received > 0 else {}),
            ("whose.arithmetic.sale", found.if_sold),
        ):
            parts = [
                add(w(f"role.{payer}"), by[payer]) for payer in PAYERS if by.get(payer, 0.0) > 0
            ]
            if parts:
                add(w(key), sum(by.values()), f"=SUM(B{parts[0]}:B{parts[-1]})")
    came = [add(w(SOURCES[name]), x) for name, x in ledger.sources.items()]
    went = [add(name, x) for name, x in _uses(ledger).items()]
    held = [add(name, account.held) for name, account in account_names(ledger)]

    def summed(places: list[int]) -> str:
        return f"SUM(B{places[0]}:B{places[-1]})" if places else "0"

    formula = f"={summed(came)}-{summed(went)}-{summed(held)}"
    add(w("whose.books.gap.row"), float(rounding.rounded(ledger.gap)), formula)
    return "\n".join("\t".join(line) for line in lines)


# -- the view --------------------------------------------------------------------------------------


def draw(page: Page) -> None:
    """The whole view; the heading and the choice of the scheme stand above it."""
    result = RUNS.of(page.settings)
    if not result.totals["buyers"]:
        notices.tell(w("finding.no_orders"))
        _knobs(page)
        return
    table = outlay(result)
    assumed = findings.assumption(page.scheme, words())
    st.html(
        f'<p class="wp-finding">{case_words.lines(finding(result, table))}</p>'
        f'<p class="wp-assume">{escape(assumed)}</p>'
        + (f"<p>{escape(halted)}</p>" if (halted := findings.halted(result, words())) else "")
    )
    _knobs(page)
    _pictures(page, result, table)
    _standing(result)
    found = _statement(page, result)
    _stopped(page, result)
    ledger = books(result)
    _books(ledger)
    behind = st.expander(
        w("whose.arithmetic"), on_change="rerun", key=f"{page.name}|whose-arithmetic"
    )
    if behind.open:
        behind.markdown(w("whose.arithmetic.how"))
        behind.code(arithmetic(table, found, ledger), language=None, wrap_lines=True)


def _knobs(page: Page) -> None:
    with st.container(
        key="wp-knobs",
        horizontal=True,
        vertical_alignment="top" if findings.kind(page.scheme) == "points" else "bottom",
        gap="medium",
    ):
        knobs.draw_headline(page)


def _phone() -> bool:
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def ends_of(table: pd.DataFrame) -> list[charts_whose.End]:
    """Who has the money, from the first named part to the pool; what is nothing is left out."""
    language = lang()
    share_ = per_100(table)
    return [
        charts_whose.End(
            role=end,
            who=w(WHO[end]),
            share=share_[end],
            amount=hundredth(share_[end]),
            total=yuan_short(float(table[end].sum()), language),
            yuan=float(table[end].sum()),
        )
        for end in ENDS
        if share_[end] > NOTHING
    ]


def stretch_names(result: Result, labels: Sequence[str]) -> list[str]:
    """Stretches of joining time in words."""
    single = result.scheme.tick == "order"
    shown = [label.replace("-", "–") for label in labels]
    if single:
        return [w("whose.stretch.order", stretch=label) for label in shown]
    return [w("whose.stretch.day", stretch=label) for label in shown]


def _pictures(page: Page, result: Result, table: pd.DataFrame) -> None:
    """The bar of 100 yuan; where there is room, also the flow, by joining time, and the map."""
    said = words()
    look = charts.Look(w=said, dark=dark())
    foot = share.foot(page)
    ends = ends_of(table)
    config = charts.config(said, zoom=False)

    def show(figure: Any, key: str, title: str, alt: str) -> None:
        st.html(f'<h2 class="wp-panel wp-low">{escape(title)}</h2>')
        st.plotly_chart(
            figure, theme=None, key=f"{page.name}|chart-whose-{key}", config=config, alt=alt
        )

    numbers = findings.listed(
        said, [w("whose.label", who=end.who, amount=end.amount) for end in ends]
    )
    for_buyers = any(end.role not in GONE for end in ends)
    with st.container(key="wp-whose"):
        if _phone():
            show(
                charts_whose.hundred(ends, look, foot=foot),
                "bar",
                w("whose.where"),
                f"{w('whose.bar.alt')} {numbers}",
            )
            if for_buyers:
                st.html(f'<p class="wp-besides">{escape(w("whose.convention"))}</p>')
            return
        left, right = st.columns([5, 7], gap="medium")
        with left:
            show(
                charts_whose.hundred(ends, look, foot=foot),
                "bar",
                w("whose.where"),
                f"{w('whose.bar.alt')} {numbers}",
            )
        with right, st.container(key="wp-wide-flow"):
            show(
                _flow(result, table, ends, look, foot),
                "flow",
                w("whose.flow"),
                f"{w('whose.flow.alt')} {numbers}",
            )
        if not for_buyers:
            return
        with st.container(key="wp-wide-time"):
            left, right = st.columns(2, gap="medium")
            names = stretch_names(result, list(table.index))
            short = [label.replace("-", "–") for label in table.index]
            with left:
                show(
                    _by_joining(result, table, short, look, foot),
                    "time",
                    w("whose.time"),
                    w("whose.time.alt"),
                )
            paid = _buyers_to_buyers(result)
            if result.scheme.tick == "order":
                axes = w("whose.map.payer.order"), w("whose.map.paid.order")
            else:
                axes = w("whose.map.payer.day"), w("whose.map.paid.day")
            with right:
                show(
                    charts_whose.who_paid_whom(
                        paid,
                        look,
                        stretches=short,
                        names=names,
                        axes=axes,
                        money=lambda x: yuan_short(x, lang()),
                        foot=foot,
                    ),
                    "map",
                    w("whose.map"),
                    w("whose.map.alt"),
                )
            if paid.sum() > 0:
                later = 100 * float(np.tril(paid, -1).sum()) / float(paid.sum())
                reading = w("whose.map.reading", later=hundredth(later))
                st.html(f'<p class="wp-besides">{escape(reading)}</p>')
        st.html(f'<p class="wp-besides">{escape(w("whose.convention"))}</p>')


def _buyers_to_buyers(result: Result) -> Any:
    """Yuan from buyers to buyers by joining time, shape (payers, paid)."""
    funding, _ = traced(result)
    size = len(funding) - 2
    return funding.to_numpy(dtype=float)[:size, :size]


def _flow(
    result: Result,
    table: pd.DataFrame,
    ends: list[charts_whose.End],
    look: charts.Look,
    foot: str,
) -> Any:
    language = lang()
    funding, _ = traced(result)
    outside = float(funding.to_numpy(dtype=float)[-1].sum())
    middle = float(table[["others", "back", "pool"]].to_numpy().sum()) + outside
    return charts_whose.flow(
        ends,
        look,
        buyers=w("whose.flow.buyers", amount=yuan_short(float(table["paid"].sum()), language)),
        pool=w("whose.flow.pool", amount=yuan_short(middle, language)),
        outsiders=w("whose.flow.outsiders", amount=yuan_short(outside, language))
        if outside > 0
        else None,
        outside=outside,
        foot=foot,
    )


def _by_joining(
    result: Result, table: pd.DataFrame, names: list[str], look: charts.Look, foot: str
) -> Any:
    paid = table["paid"].to_numpy(dtype=float)
    shares = {}
    for end in ENDS:
        column = table[end].to_numpy(dtype=float)
        if column.sum() > NOTHING * paid.sum():
            shares[end] = (
                w(WHO[end]),
                np.divide(100 * column, paid, out=np.zeros_like(column), where=paid > 0),
            )
    single = result.scheme.tick == "order"
    return charts_whose.by_joining(
        shares,
        look,
        stretches=names,
        axis=w("chart.axis.order") if single else w("chart.axis.joined"),
        money=hundredth,
        foot=foot,
    )


def _standing(result: Result) -> None:
    found = standing(result)
    st.header(w("whose.standing"), anchor=False)
    if real_case(result.scheme) is None:
        lines = [standing_said(result, found), top_said(found), goods_said(result, found)]
    else:
        # Orders of a real case are no people: what they come to stands in the table alone.
        lines = [w("case.standing", spend=case_words.order(result.scheme, words()))]
    if found.means:
        lines.append(w("whose.means"))
    commission = result.engines.commission
    if commission is not None:
        if commission.settings.rate > 0:
            lines.append(w("whose.no_commission"))
        cash = float(commission.circle()["cash"].sum())
        if cash > 0:
            lines.append(w("whose.points_shop", cash=yuan_short(cash, lang())))
    paragraphs = "".join(f'<p class="wp-besides">{escape(line)}</p>' for line in lines)
    st.html(paragraphs + standing_table(found))


def _statement(page: Page, result: Result) -> Statement | None:
    """One person, chosen by number or day; the statement to read, print and copy."""
    st.header(w("whose.statement"), anchor=False)
    numbered = by_number(result)
    most = int(result.line.orders.sum()) if numbered else result.ticks
    label, help_ = (
        (w("whose.who.order"), w("whose.who.order.help"))
        if numbered or result.scheme.tick == "order"
        else (w("whose.who.day"), w("whose.who.day.help"))
    )
    with st.container(width=WIDTH):
        # Days before the first order have nobody.
        first = 1 if numbered else int(np.flatnonzero(result.line.orders)[0]) + 1
        who = one.choose(page, "who", first, 1, most, label, help_)
    if not numbered and not result.line.orders[who - 1]:
        notices.tell(w("one.nobody", day=count(who, lang())))
        return None
    found = statement(result, who)
    lines = told(result, found)
    title = w("whose.statement")
    items = "".join(f"<p>{escape(line)}</p>" for line in lines)
    name = escape(share.source_line(page))
    st.html(
        f"<section class='wp-statement' aria-label='{escape(title)}'>"
        f"{items}<small>{name}</small></section>"
    )
    copy = st.expander(w("whose.copy"), on_change="rerun", key=f"{page.name}|whose-copy")
    if copy.open:
        text = "\n".join(
            [*lines, findings.assumption(page.scheme, words()), share.source_line(page)]
        )
        copy.code(text, language=None, wrap_lines=True)
        copy.markdown(w("whose.print"))
    return found


def _stopped(page: Page, result: Result) -> None:
    """Pick the last day with orders: who holds what then, and what it can still pay."""
    st.header(w("whose.stop"), anchor=False)
    single = result.scheme.tick == "order"
    label = w("whose.stop.order") if single else w("whose.stop.day")
    horizon = result.scheme.horizon
    with st.container(width=WIDTH):
        day = one.choose(page, "stop", horizon, 1, horizon, label, w("whose.stop.help"))
    state = until(page.scheme, day, result=result)
    found = stopped(state)
    lines: list[str] = []
    for rule in found.rules:
        lines += stopped_said(state, rule)
    if not found.rules:
        lines.append(w("whose.stop.none"))
    st.html("".join(f'<p class="wp-besides">{escape(line)}</p>' for line in lines))
    _holdings(page, found)


def _holdings(page: Page, found: Stopped) -> None:
    """Who holds what, rule by rule."""
    spent = yuan(page.scheme.order.mean_spend, lang())
    for rule in found.rules:
        if rule.groups and rule.holders >= 0.5:
            said = w("whose.stop.each", spent=spent)
            st.html(
                f'<h3 class="wp-panel wp-low">{escape(w("whose.stop.table"))}</h3>'
                f'<p class="wp-assume">{escape(said)}</p>' + holdings_table(rule)
            )


def _books(found: Books) -> None:
    """Money in, money out, money held, and the difference to the cent."""
    st.header(w("whose.books"), anchor=False)
    gaps = [found.gap, found.to_buyers - found.to_each_buyer]
    gaps += [account.gap for account in found.accounts]
    balanced = all(abs(gap) < 0.005 for gap in gaps)
    largest = max(gaps, key=abs)
    said = w("whose.books.ok" if balanced else "whose.books.gap", gap=to_the_cent(largest))
    line = w("whose.books.line", said=said, how=w("whose.books.how"))
    st.html(f'<p class="wp-besides">{escape(line)}</p>' + books_table(found))
