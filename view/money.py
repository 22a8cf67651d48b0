"""Follow the money: the live panels, and one order at a time."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from model import simulate
from model.funding import exit_split
from model.library import preset
from model.result import Result
from view import answers, charts, findings, share, state
from view.context import dark, lang, w, words
from view.controls import Page
from view.format import count, count_short, multiple, one_in, percent, yuan
from view.walk import Walk, walk

VIEWS = ("live", "steps")
#: Settings of the page beside the scheme's; the first of each is the default.
OWN: dict[str, tuple[str, ...]] = {
    "view": VIEWS,
    "zoom": ("off", "on"),
    "upto": (),
    "buyer": (),
    "sell": (),
}
HEIGHT = 310
#: On a phone all three panels should be in sight together.
HEIGHT_PHONE = 200
#: Joining time of leavers is cut this finely for the third panel.
BINS = 24


def draw() -> None:
    """The whole page."""
    page = Page("money", own=OWN)
    if page.settings.page["view"] == "steps":
        _head(page)
        steps(page, *steps_settings(page))
    else:
        # The panels are sent first: they take longest to draw, and the rest goes out meanwhile.
        above = st.container()
        knobs = st.container(key="wp-knobs", horizontal=True, gap="medium")
        panels = st.container(key="wp-panels")
        result = simulate(page.scheme)
        with panels:
            live(page, result)
        with above:
            _head(page)
            if result.engine.halted_at is not None:
                st.info(w("money.halted", day=count(result.engine.halted_at, lang())))
            st.html(
                f'<p class="wp-finding">{escape(findings.finding(result, words()))}</p>'
                f'<p class="wp-assume">{escape(findings.assumption(page.scheme, words()))}</p>'
            )
        with knobs:
            headline_knobs(page)
        more_knobs(page)
        share.table(result, page)
    page.finish()


def _head(page: Page) -> None:
    st.title(w("page.money.heading"), anchor=False)
    page.notices()
    header(page)


def header(page: Page) -> None:
    """View and scheme, side by side on a desk."""
    with st.container(key="wp-choose"):
        left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    with left:
        st.selectbox(
            w("money.scheme"),
            page.schemes,
            format_func=lambda id_: w.text(preset(id_).name),
            key=page.ready(state.PRESET),
        )
    with middle:
        st.segmented_control(
            w("money.view"),
            VIEWS,
            format_func=lambda view: w(f"money.view.{view}"),
            key=page.ready("view"),
            required=True,
            label_visibility="collapsed",
        )
    with right:
        # Beside the others, so that nothing below moves when it appears.
        share.reset_button(page)


def _height() -> int:
    phone = "Mobi" in (st.context.headers.get("User-Agent") or "")
    return HEIGHT_PHONE if phone else HEIGHT


# -- live --------------------------------------------------------------------------------------


def headline_knobs(page: Page) -> None:
    """The four knobs that matter most."""
    page.share_slider("points_pool.share")
    page.share_slider("points_pool.fee")
    page.exit_multiple()
    page.volume()
    page.growth()


#: The other knobs by group; each shown only where it does something.
MORE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "orders",
        ("horizon", "demand.stop_tick", "order.spend", "demand.kind", "demand.population"),
    ),
    ("points", ("points_pool.gift", "points_pool.launch_price", "points_pool.issue_cap")),
    (
        "people",
        (
            "behaviour.sell_share",
            "behaviour.take_profit",
            "behaviour.take_profit_share",
            "behaviour.panic_growth",
            "behaviour.panic_share",
        ),
    ),
    (
        "special",
        (
            "points_pool.redeem_share",
            "points_pool.swap_share",
            "points_pool.debt",
            "points_pool.debt_tick",
            "points_pool.debt_batches",
            "points_pool.debt_interval",
        ),
    ),
)

#: A knob that only matters under a condition on the scheme.
SHOWN_IF: dict[str, Callable[[answers.Scheme], bool]] = {
    "demand.population": lambda s: s.demand.kind == "saturating",
    "behaviour.take_profit_share": lambda s: s.behaviour.take_profit is not None,
    "behaviour.panic_share": lambda s: s.behaviour.panic_growth is not None,
    "points_pool.debt_tick": lambda s: s.pool.debt > 0,
    "points_pool.debt_batches": lambda s: s.pool.debt > 0,
    "points_pool.debt_interval": lambda s: s.pool.debt > 0 and s.pool.debt_batches > 1,
}


def more_knobs(page: Page) -> None:
    """Everything else, out of the way until it is wanted."""
    more = st.expander(w("money.more"), on_change="rerun", key=f"{page.name}|more")
    if not more.open:
        return
    with more:
        columns = st.columns(len(MORE), gap="medium")
        for column, (group, keys) in zip(columns, MORE, strict=True):
            with column:
                st.markdown(f"**{w(f'money.group.{group}')}**")
                for key in keys:
                    if key in SHOWN_IF and not SHOWN_IF[key](page.scheme):
                        continue
                    if key == "demand.kind":
                        page.demand_kind()
                    else:
                        page.number(key)
                if group == "special":
                    page.outside_money()
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
    said, language = words(), lang()
    scheme, totals = result.scheme, result.totals
    zoom = page.settings.page.get("zoom") == "on"
    look = charts.Look(w=said, dark=dark(), height=_height(), zoom=zoom)
    foot = share.foot(page)
    config = charts.config(said, zoom=zoom)
    split = exit_split(result, bins=BINS).sum(axis=0).to_dict()

    buyers = max(totals["buyers"], 1.0)
    backing = (totals["pool"] + totals["received"] + totals["debt_paid"]) / buyers
    rise = totals["price"] / scheme.pool.launch_price
    titles = (
        w(
            "panel.price",
            rise=multiple(rise, language),
            backing=findings.about(backing, language),
        ),
        _returns_title(result),
        _funding_title(split),
    )
    # Each is built just before it is sent, so that the browser draws one while the next is made.
    figures = (
        lambda: charts.price_and_backing(result, look, foot=foot),
        lambda: charts.returns_by_joining(result, look, foot=foot),
        lambda: charts.exit_funding(split, look, foot=foot),
    )
    names = ("price", "returns", "funding")
    for column, title, figure, name in zip(
        st.columns(3, gap="medium"), titles, figures, names, strict=True
    ):
        with column:
            st.html(f'<h2 class="wp-panel">{escape(title)}</h2>')
            st.plotly_chart(
                figure(),
                theme=None,
                key=f"{page.name}|chart-{name}",
                config=config,
                alt=f"{w(f'alt.{name}')} {title}",
            )


def _returns_title(result: Result) -> str:
    totals, language = result.totals, lang()
    if not totals["buyers"]:
        return w("panel.returns.none")
    even = totals["even"]
    if even >= 0.5:
        return w(
            "panel.returns.even",
            even=count_short(round(even), language),
            buyers=count_short(totals["buyers"], language),
            one_in=one_in(totals["buyers"] / even, language),
        )
    most = result.scheme.most_paid
    if most is not None and most < result.scheme.order.spend * (1 - 1e-9):
        return w(
            "panel.returns.capped",
            most=yuan(most, language),
            spend=yuan(result.scheme.order.spend, language),
        )
    return w("panel.returns.nobody", buyers=count_short(totals["buyers"], language))


def _funding_title(split: dict[str, float]) -> str:
    total = sum(split.values())
    if not total:
        return w("panel.funding.none")
    language = lang()
    own = round(100 * split["own"] / total)
    return w(
        "panel.funding",
        own=yuan(own, language),
        others=yuan(100 - own, language),
    )


# -- one order at a time -----------------------------------------------------------------------

MOST_STEPS = 10_000


def _number(page: Page, key: str, default: int, low: int, high: int) -> int:
    text = page.settings.page.get(key, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
    return min(max(number, low), high)


def _choose(page: Page, key: str, default: int, low: int, high: int, label: str, help_: str) -> int:
    """A whole number of this view, kept in the address."""
    widget = f"{page.key(key)}#"
    value = _number(page, key, default, low, high)
    if page.fresh or widget not in st.session_state or not low <= st.session_state[widget] <= high:
        st.session_state[widget] = value

    def keep() -> None:
        chosen = st.session_state[widget]
        st.session_state[page.key(key)] = "" if chosen == default else str(chosen)

    return int(
        st.number_input(
            label, min_value=low, max_value=high, step=1, key=widget, on_change=keep, help=help_
        )
    )


def steps_settings(page: Page) -> tuple[int, int, int]:
    """How many orders are played, whom we follow, and after which order that buyer sells."""
    a, b, c = st.columns(3, gap="medium")
    with a:
        upto = _choose(page, "upto", 100, 2, MOST_STEPS, w("steps.upto"), w("steps.upto.help"))
    with b:
        buyer = _choose(page, "buyer", 1, 1, upto, w("steps.buyer"), w("steps.buyer.help"))
    with c:
        sell = _choose(page, "sell", 0, 0, upto, w("steps.sell"), w("steps.sell.help"))
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
    return f"¥{price:,.4f}" if price < 1e9 else yuan(price, lang())


def count4(points: float) -> str:
    """Points with as many decimals as the pitch prints."""
    text = f"{points:,.3f}"
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
