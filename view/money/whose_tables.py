"""Whose money, in tables: who stands where, who holds what, the books, and the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from model import rounding
from model.asked.ending import Rule
from model.asked.person import Statement
from model.books import Account, Books
from model.funding import PAYERS
from model.outlay import ENDS
from model.standing import Part, Standing
from view.mechanisms.whose import heads as people
from view.mechanisms.whose import whose
from view.money.whose_said import NOTHING, WHO, heads
from view.parts.context import lang, w
from view.words.format import count, yuan, yuan_short

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
#: Accounts that are no mechanism's.
ACCOUNTS = {
    "platform": "whose.account.platform",
    "distribution": "whose.account.distribution",
}
JOINED = ("people.joined.top", "people.joined.next", "people.joined.middle", "people.joined.rest")


# -- the books -------------------------------------------------------------------------------------


def to_the_cent(x: float) -> str:
    """A sum to the cent, as a ledger writes it; never minus nought."""
    return rounding.written(x)


def account_names(found: Books) -> list[tuple[str, Account]]:
    """What each account is called; several of a kind are counted."""
    kinds = [account.kind for account in found.accounts]
    named = []
    for at, account in enumerate(found.accounts):
        name = w(ACCOUNTS.get(account.kind) or whose(account.kind).account)
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
    sold = whose(rule.kind).sells
    head = [w("whose.stop.joined"), w("whose.stop.holders")]
    if sold:
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
        cells = [w(key), people(group.orders, language), _fen(group.worth, language)]
        if sold:
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
