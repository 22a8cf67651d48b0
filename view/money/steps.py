"""One order at a time: the arithmetic as the pitch tells it, and one buyer's way through it."""

from __future__ import annotations

from html import escape

import streamlit as st

from model.rounding import written
from view.mechanisms.points_pool import charts as charts_points
from view.money import one
from view.parts import share
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts
from view.sentences import case_words
from view.sentences.walk import Walk, walk
from view.words.format import count, percent, yuan

MOST_STEPS = 10_000


def draw(page: Page, *, height: int) -> None:
    """Everything below the head of the page."""
    steps(page, *steps_settings(page), height=height)


def steps_settings(page: Page) -> tuple[int, int, int]:
    """How many orders are played, whom we follow, and after which order that buyer sells."""
    a, b, c = st.columns(3, gap="medium")
    with a:
        upto = one.choose(page, "upto", 100, 2, MOST_STEPS, w("steps.upto"), w("steps.upto.help"))
    with b:
        buyer = one.choose(page, "buyer", 1, 1, upto, w("steps.buyer"), w("steps.buyer.help"))
    with c:
        sell = one.choose(page, "sell", 0, 0, upto, w("steps.sell"), w("steps.sell.help"))
    return upto, buyer, sell


def steps(page: Page, upto: int, buyer: int, sell: int, *, height: int) -> None:
    """The arithmetic as the pitch tells it, order by order, and one buyer's way through it."""
    said, language = words(), lang()
    scheme = page.scheme
    told = walk(scheme, upto=upto, buyer=buyer, sell=sell)
    spend = scheme.order.spend
    me = told.rows[buyer - 1]

    def money(x: float) -> str:
        return yuan(x, language)

    if told.left_at is not None:
        common = {
            "buyer": count(buyer, language),
            "order": count(told.left_at, language),
            "paid": money(told.paid),
            "spend": money(spend),
            "own": money(told.own),
            "others": money(told.paid - told.own),
        }
        if told.sold:
            finding = w("steps.left.sold", **common)
        else:
            later = count(told.left_at - buyer, language)
            finding = w("steps.left.forced", later=later, **common)
    else:
        finding = w(
            "steps.waiting",
            buyer=count(buyer, language),
            order=count(upto, language),
            value=money(told.values[-1]),
            net=money(told.values[-1] * (1 - scheme.pool.fee)),
            spend=money(spend),
        )
    st.html(f'<p class="wp-finding">{case_words.lines(finding)}</p>')
    if told.left_at is None:
        _to_the_end(page, buyer)
    look = charts.Look(w=said, dark=dark(), height=height)
    figure = charts_points.one_buyer(
        told.values,
        look,
        first=buyer,
        spend=spend,
        target=None if scheme.pool.exit_multiple is None else scheme.pool.exit_multiple * spend,
        sold_at=told.left_at,
        foot=f"{w('steps.assume')}<br>{share.source_line(page)}",
    )
    st.plotly_chart(
        figure,
        theme=None,
        key=f"{page.name}|chart-buyer",
        config=charts.config(said, zoom=False),
        alt=f"{w('alt.buyer')} {finding}",
    )
    st.header(w("steps.arithmetic"), anchor=False)
    share_, gift = scheme.pool.share, scheme.pool.gift
    lines = [
        w(
            "steps.line.pool",
            spend=money(spend),
            share=percent(share_, language),
            contribution=money(told.contribution),
        ),
        w(
            "steps.line.points",
            contribution=money(told.contribution),
            gift=percent(gift, language),
            credit=money(told.contribution * gift),
            price=_price(me.entry),
            points=count4(me.credited),
        ),
        w(
            "steps.line.price",
            pool=money(me.pool),
            points=count4(me.points),
            price=_price(me.price),
        ),
    ]
    if told.sale is not None:
        sale = told.sale
        lines.append(
            w(
                "steps.line.sale",
                points=count4(sale.points),
                price=_price(sale.price),
                gross=money(sale.gross),
                fee=percent(scheme.pool.fee, language),
                kept=money(sale.kept),
                paid=money(sale.paid),
                before=_price(sale.price),
                after=_price(sale.after),
            )
        )
    st.html("<ol class='wp-answer'>" + "".join(f"<li>{escape(x)}</li>" for x in lines) + "</ol>")
    st.html(_steps_table(told, buyer))


def _to_the_end(page: Page, buyer: int) -> None:
    """A button that plays on until this buyer is paid out, or a sentence that it takes longer."""
    end = walk(page.scheme, upto=MOST_STEPS, buyer=buyer, sell=0).left_at
    if end is None:
        st.markdown(w("steps.no_end", orders=count(MOST_STEPS, lang())))
        return

    def play() -> None:
        st.session_state[page.key("upto")] = str(end)
        st.session_state[f"{page.key('upto')}#"] = end

    st.button(
        w("steps.to_end", buyer=count(buyer, lang()), order=count(end, lang())),
        on_click=play,
        key=f"{page.name}|to-end",
    )


def _price(price: float) -> str:
    return f"¥{written(price, 4)}" if price < 1e9 else yuan(price, lang())


def count4(points: float) -> str:
    """Points with as many decimals as the pitch prints."""
    text = written(points, 3)
    return text.rstrip("0").rstrip(".")


def _steps_table(told: Walk, buyer: int) -> str:
    """The first orders, those around the buyer, and the last, as a table."""
    last = len(told.rows)
    wanted = sorted(
        {*range(1, min(10, last) + 1), *range(max(1, buyer - 1), min(last, buyer + 1) + 1)}
        | set(range(max(1, last - 2), last + 1))
        | ({told.left_at} if told.left_at else set())
    )
    head = "".join(
        f"<th scope='col'>{escape(w(f'column.{name}'))}</th>"
        for name in ("order", "price", "credited", "pool", "points", "event")
    )
    body, before = [], 0
    for number in wanted:
        if number > before + 1:
            body.append("<tr class='wp-gap'><td colspan='6'>⋮</td></tr>")
        before = number
        row = told.rows[number - 1]
        event = "; ".join(
            w(
                "steps.event.sold" if who < 0 else "steps.event.forced",
                buyer=count(abs(who), lang()),
            )
            for who in row.leavers
        )
        mark = " class='wp-me'" if number == buyer else ""
        body.append(
            f"<tr{mark}><th scope='row'>{number}</th><td>{_price(row.price)}</td>"
            f"<td>{count4(row.credited)}</td><td>{escape(yuan(row.pool, lang()))}</td>"
            f"<td>{count4(row.points)}</td><td>{escape(event)}</td></tr>"
        )
    label = escape(w("steps.table"))
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table class='wp-table'><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
        "</table></div>"
    )
