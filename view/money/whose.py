"""Whose money: where it went, who stands where, one person's statement, and the books."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from model.asked.person import Statement
from model.books import Books, books
from model.library import real_case
from model.outlay import ENDS, outlay, traced
from model.result import Result
from model.standing import standing
from model.statement import by_number, statement
from model.stopped import Stopped, stopped, until
from view.mechanisms.whose import whose
from view.money import one
from view.money.whose_said import (
    GONE,
    NOTHING,
    WHO,
    finding,
    goods_said,
    hundredth,
    per_100,
    standing_said,
    stopped_said,
    told,
    top_said,
)
from view.money.whose_tables import (
    arithmetic,
    books_table,
    holdings_table,
    standing_table,
    to_the_cent,
)
from view.parts import copying, knobs, notices, share
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts, charts_whose
from view.sentences import case_words, findings
from view.settings import state
from view.settings.runs import RUNS
from view.words.format import count, yuan, yuan_short
from view.words.typed import Unit

#: Settings of the view beside the scheme's.
OWN: dict[str, tuple[str, ...]] = {"who": state.whole(), "stop": state.whole()}
#: Of the boxes for a number, pixels.
WIDTH = 352


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
        sums = arithmetic(table, found, ledger)
        behind.code(sums, language=None, wrap_lines=True)
        with behind:
            copying.button(sums, w("copy.lines"), key=f"{page.name}|whose-sums")


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
    for mechanism in result.scheme.mechanisms:
        lines += whose(mechanism.kind).uncounted(result, words())
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
        with copy:
            copying.button(text, w("offer.print.copy"), key=f"{page.name}|whose-text")
        copy.markdown(w("whose.print"))
    return found


def _stopped(page: Page, result: Result) -> None:
    """Pick the last day with orders: who holds what then, and what it can still pay."""
    st.header(w("whose.stop"), anchor=False)
    single = result.scheme.tick == "order"
    label = w("whose.stop.order") if single else w("whose.stop.day")
    horizon = result.scheme.horizon
    with st.container(width=WIDTH):
        help_ = w("whose.stop.help")
        unit: Unit = "orders" if single else "ticks"
        day = one.choose(page, "stop", horizon, 1, horizon, label, help_, unit=unit)
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
