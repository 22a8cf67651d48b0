"""One buyer: what whoever ordered on a given day is paid, day by day, against the price."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from model.arrays import Floats
from model.mechanisms.commission import Commission
from model.result import Result
from view.mechanisms.commission.said import circle
from view.mechanisms.face import paid_down
from view.parts import share
from view.parts.boxes import number_box
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.pictures import charts, charts_schemes, panels
from view.sentences import case_words, findings
from view.settings.runs import RUNS
from view.words.format import count, percent, yuan
from view.words.typed import Allowed, Unit

#: Rows of the table.
ROWS = 12
#: Of the box for a day, pixels.
WIDTH = 352


def choose(
    page: Page,
    key: str,
    default: int,
    low: int,
    high: int,
    label: str,
    help_: str,
    *,
    unit: Unit = "count",
) -> int:
    """A whole number of this view, kept in the address."""
    widget = f"{page.key(key)}#"
    given = page.whole(key, low, high)
    value = default if given is None else given
    if page.fresh or widget not in st.session_state or not low <= st.session_state[widget] <= high:
        st.session_state[widget] = value

    def keep() -> None:
        chosen = st.session_state[widget]
        st.session_state[page.key(key)] = "" if chosen == default else str(chosen)

    box = Allowed(unit=unit, low=low, high=high, whole=True)
    return int(number_box(label, key=widget, box=box, on_change=keep, help_=help_))


def draw(page: Page, *, height: int) -> None:
    """The view: which day, the finding, the picture and the table."""
    result = RUNS.of(page.settings)
    look = charts.Look(w=words(), dark=dark(), height=height)
    if not paid_down(page.scheme):
        _commission(page, result, look)
        return
    with st.container(width=WIDTH):
        joined = choose(
            page,
            "joined",
            1,
            1,
            page.scheme.horizon,
            w("one.joined"),
            w("one.joined.help"),
            unit="ticks",
        )
    paid = panels.paid_so_far(result, joined)
    said = finding(result, paid, joined)
    foot = f"{assumption(result)}<br>{share.source_line(page)}"
    st.html(f'<p class="wp-finding">{case_words.lines(said)}</p>')
    figure = charts_schemes.one_cohort(
        paid,
        look,
        joined=joined,
        spend=page.scheme.order.mean_spend,
        most=page.scheme.most_paid,
        axis=charts.time_axis(result, words()),
        foot=foot,
    )
    st.plotly_chart(
        figure,
        theme=None,
        key=f"{page.name}|chart-buyer",
        config=charts.config(words(), zoom=False),
        alt=f"{w('alt.so_far')} {said}",
    )
    st.header(w("one.table"), anchor=False)
    st.html(_table(paid, joined, page.scheme.order.mean_spend))


def assumption(result: Result) -> str:
    """What stands at the foot of the picture."""
    said = findings.assumption(result.scheme, words())
    if result.points is not None:
        return findings.together(words(), said, w("one.without_points"))
    if result.scheme.order.packages or _differ(result):
        return findings.together(words(), said, w("one.average"))
    return said


def _differ(result: Result) -> bool:
    """Whether buyers of one day are paid differently."""
    return any(getattr(m, "rank_share", 0) > 0 for m in result.scheme.mechanisms)


def finding(result: Result, paid: Floats, joined: int) -> str:
    """What this buyer has been paid; of a real case after what was published."""
    return case_words.led(result.scheme, _paid(result, paid, joined), words())


def _paid(result: Result, paid: Floats, joined: int) -> str:
    """What this buyer has been paid, and when it was the whole price."""
    language, scheme = lang(), result.scheme
    if not result.line.orders[joined - 1]:
        return w("one.nobody", day=count(joined, language))
    spend, so_far = scheme.order.mean_spend, float(paid[-1])
    common = {
        "day": count(joined, language),
        "end": count(result.ticks, language),
        "paid": yuan(so_far, language),
        "spend": findings.spent(scheme, words()),
    }
    if so_far >= spend * (1 - 1e-9):
        back = int(np.argmax(paid >= spend * (1 - 1e-9))) + 1
        return w("one.even", back=count(back, language), **common)
    said = w("one.less", part=percent(so_far / spend, language), **common)
    most = scheme.most_paid
    if most is not None and most < spend * (1 - 1e-9):
        said = findings.headed(words(), said, w("one.capped", most=yuan(most, language)))
    return said


def _table(paid: Floats, joined: int, spend: float) -> str:
    """A choice of days: what was paid on them, and so far."""
    last, language = len(paid), lang()
    spread = np.geomspace(1, max(last - joined + 1, 1), ROWS).round().astype(int)
    days = sorted({joined + int(n) - 1 for n in spread})
    steps = np.diff(paid, prepend=0.0)
    head = "".join(
        f"<th scope='col'>{escape(w(f'column.{name}'))}</th>"
        for name in ("tick", "paid_today", "paid_so_far", "of_price")
    )
    body = "".join(
        f"<tr><th scope='row'>{count(day, language)}</th>"
        f"<td>{yuan(float(steps[day - 1]), language)}</td>"
        f"<td>{yuan(float(paid[day - 1]), language)}</td>"
        f"<td>{percent(float(paid[day - 1]) / spend, language)}</td></tr>"
        for day in days
    )
    label = escape(w("one.table"))
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table class='wp-table'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _commission(page: Page, result: Result, look: charts.Look) -> None:
    """No claims are paid down here: what one buyer pays and gets, as arithmetic and picture."""
    foot = f"{findings.assumption(page.scheme, words())}<br>{share.source_line(page)}"
    _, panel, _ = panels.panels(result, look, foot=foot)
    st.html(f'<p class="wp-finding">{escape(panel.title)}</p>')
    st.plotly_chart(
        panel.figure(),
        theme=None,
        key=f"{page.name}|chart-buyer",
        config=charts.config(words(), zoom=False),
        alt=f"{panel.alt} {panel.title}",
    )
    lines = arithmetic(result)
    if lines:
        st.header(w("steps.arithmetic"), anchor=False)
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        st.html(f"<ol class='wp-answer'>{items}</ol>")


def arithmetic(result: Result) -> list[str]:
    """The points shop, or who is paid what of one order, line by line."""
    language, scheme = lang(), result.scheme
    settings = findings.the(scheme, Commission)
    spend = scheme.order.mean_spend

    def money(x: float) -> str:
        return yuan(x, language)

    if settings.circle:
        c = circle(result)
        return [
            w("one.circle.points", spend=money(spend), points=count(c.points, language)),
            w(
                "one.circle.pays",
                points=count(c.points, language),
                cash=money(c.cash),
                listed=money(c.listed),
            ),
            w(
                "one.circle.goods",
                listed=money(c.listed),
                part=percent(settings.circle_goods, language),
                goods=money(c.goods),
            ),
            w(
                "one.circle.shop",
                cash=money(c.cash),
                part=percent(settings.circle_shop, language),
                shop=money(c.shop),
            ),
            w(
                "one.circle.rest",
                cash=money(c.cash),
                goods=money(c.goods),
                shop=money(c.shop),
                rest=money(c.platform),
            ),
        ]
    return [
        w(
            "one.rate",
            who=w.label(f"commission.{name}"),
            spend=money(spend),
            rate=percent(rate, language),
            amount=money(rate * spend),
        )
        for name in ("direct", "indirect", "merchant", "bonuses", "prizes")
        if (rate := getattr(settings, name)) > 0
    ]
