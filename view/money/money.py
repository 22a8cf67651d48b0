"""Follow the money: live panels, one buyer, whose money, schemes side by side, rules to change."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from model.library import preset
from model.result import Result
from model.rounding import written
from view.money import compare, live_component, one, people, rules, whose
from view.parts import knobs, notices, share
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts, panels
from view.press import press
from view.sentences import case_words, findings
from view.sentences.walk import Walk, walk
from view.settings import state
from view.settings.runs import RUNS
from view.words.format import count, percent, yuan

MOST_STEPS = 10_000
VIEWS = ("live", "steps", "whose", "people", "compare", "rules")
#: Views that draw everything below the head themselves.
WHOLE = {"whose": whose, "people": people, "compare": compare, "rules": rules}
#: Settings of the page beside the scheme's; the first of each is the default.
OWN: dict[str, tuple[str, ...]] = {
    "view": VIEWS,
    "zoom": ("off", "on"),
    "knobs": ("live", "plain"),
    "upto": state.whole(2, MOST_STEPS),
    "buyer": state.whole(),
    "sell": state.whole(),
    "joined": state.whole(),
    **compare.OWN,
    **rules.OWN,
    **people.OWN,
    **whose.OWN,
    **press.OWN,
    **whose.OWN,
}
HEIGHT = 310
#: On a phone all three panels should be in sight together.
HEIGHT_PHONE = 200


def draw() -> None:
    """The whole page."""
    page = Page("money", own=OWN)
    if press.drawn(page):
        return
    view = page.settings.page["view"]
    if view in WHOLE:
        _head(page)
        WHOLE[view].draw(page)
    elif page.settings.page["view"] == "steps" and findings.kind(page.scheme) != "points":
        _head(page)
        one.draw(page, height=_height())
    elif page.settings.page["view"] == "steps":
        _head(page)
        steps(page, *steps_settings(page))
    elif not live_component.plain(page):
        # The panels are sent first: they take longest to draw, and the rest goes out meanwhile.
        above = st.container()
        result = RUNS.of(page.settings)
        live_component.draw(result, page, height=_height())
        with above:
            _head(page)
        more_knobs(page)
        share.table(result, page)
        share.to_claims(page)
    else:
        above = st.container()
        above_panels = st.container(
            key="wp-knobs",
            horizontal=True,
            # Long names take two lines: the knobs themselves stay in a row.
            vertical_alignment="top" if findings.kind(page.scheme) == "points" else "bottom",
            gap="medium",
        )
        below = st.container(key="wp-panels")
        result = RUNS.of(page.settings)
        with below:
            live(page, result)
        with above:
            _head(page)
            if halted := findings.halted(result, words()):
                notices.tell(halted)
            st.html(
                f'<p class="wp-finding">{case_words.lines(findings.finding(result, words()))}</p>'
                f'<p class="wp-assume">{escape(findings.assumption(page.scheme, words()))}</p>'
            )
        with above_panels:
            knobs.draw_headline(page)
        more_knobs(page)
        share.table(result, page)
        share.to_claims(page)
    press.link(page)
    page.finish()


def _head(page: Page) -> None:
    st.title(w("page.money.heading"), anchor=False)
    page.notices()
    header(page)


def header(page: Page) -> None:
    """View and scheme, side by side on a desk."""
    with st.container(key="wp-choose"):
        left, middle, right = st.columns([6, 8, 2.6], vertical_alignment="bottom")
    with left:
        st.selectbox(
            w("money.scheme"),
            page.schemes,
            format_func=_scheme_name,
            key=page.ready(state.PRESET),
        )
    with middle:
        st.segmented_control(
            w("money.view"),
            VIEWS,
            format_func=_view_name(page),
            key=page.ready("view"),
            required=True,
            label_visibility="collapsed",
        )
    with right:
        # Beside the others, so that nothing below moves when it appears.
        share.reset_button(page)


def _scheme_name(id_: str) -> str:
    """A scheme in the list of all: what is no advertised rule says what it is."""
    chosen = preset(id_)
    return w(f"money.kind.{chosen.kind}", name=w.text(chosen.name))


def _view_name(page: Page) -> Callable[[str], str]:
    """Single orders can be followed where points have a price; elsewhere one buyer is."""
    points = findings.kind(page.scheme) == "points"
    steps = f"money.view.{'steps' if points else 'buyer'}"
    return lambda view: w(steps if view == "steps" else f"money.view.{view}")


def height_for(browser: str) -> int:
    """How high the pictures are, by what a browser calls itself."""
    return HEIGHT_PHONE if "Mobi" in browser else HEIGHT


def _height() -> int:
    return height_for(st.context.headers.get("User-Agent") or "")


# -- live --------------------------------------------------------------------------------------


def more_knobs(page: Page) -> None:
    """Everything else, out of the way until it is wanted."""
    more = st.expander(w("money.more"), on_change="rerun", key=f"{page.name}|more")
    if not more.open:
        return
    with more:
        knobs.draw_more(page)
        st.container(key="wp-zoom").toggle(
            w("money.zoom"),
            value=page.settings.page.get("zoom") == "on",
            key=f"{page.name}|zoom-toggle",
            on_change=_zoom,
            args=(page.key("zoom"), f"{page.name}|zoom-toggle"),
        )


def _zoom(target: str, toggle: str) -> None:
    st.session_state[target] = "on" if st.session_state[toggle] else "off"


def live(page: Page, result: Result) -> None:
    """Three panels that change together, each under its own finding."""
    said = words()
    zoom = page.settings.page.get("zoom") == "on"
    look = charts.Look(w=said, dark=dark(), height=_height(), zoom=zoom)
    config = charts.config(said, zoom=zoom)
    three = panels.panels(result, look, foot=share.foot(page))
    for column, panel, name in zip(st.columns(3, gap="medium"), three, panels.NAMES, strict=True):
        with column:
            st.html(f'<h2 class="wp-panel">{escape(panel.title)}</h2>')
            # Built just before it is sent, so that the browser draws one while the next is made.
            st.plotly_chart(
                panel.figure(),
                theme=None,
                key=f"{page.name}|chart-{name}",
                config=config,
                alt=f"{panel.alt} {panel.title}",
            )
    besides = findings.besides(result, said)
    if besides:
        st.html(f'<p class="wp-besides">{escape(besides)}</p>')


# -- one order at a time -----------------------------------------------------------------------


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


def steps(page: Page, upto: int, buyer: int, sell: int) -> None:
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
    st.html(f'<p class="wp-finding">{escape(finding)}</p>')
    if told.left_at is None:
        _to_the_end(page, buyer)
    look = charts.Look(w=said, dark=dark(), height=_height())
    figure = charts.one_buyer(
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
