"""Real cases with an official ending: what was published beside what the same rules give."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from math import ceil, log, log1p

import streamlit as st

from model.facts import WorldFact, facts, leading
from model.library import preset, presets
from model.mechanisms.scheduled_release import ScheduledRelease
from model.preset import Preset
from model.published import continuous_growth
from model.result import Result
from model.scheme import Scheme
from view.parts import numbers, share
from view.parts.context import dark, w, words
from view.parts.controls import Page
from view.pictures import charts, charts_cases
from view.press import press, press_sheet
from view.sentences import case_words
from view.sentences.facts import cite, facts_html, legend
from view.sentences.findings import the, together
from view.settings import state
from view.settings.runs import played
from view.words.format import count, yuan, yuan_short
from view.words.words import Words

CASES = tuple(presets(kind="real_case"))
#: The growth a day that the slider offers, in percent: through all of it the totals can be kept.
GROWTH = {
    "case-yunlianhui": (0.0, 0.6),
    "case-wanjia": (1.5, 3.0),
    "case-yuehua": (0.0, 1.0),
}
OWN: dict[str, tuple[str, ...]] = {
    "case": CASES,
    "case_growth": state.number(
        min(low for low, _ in GROWTH.values()), max(high for _, high in GROWTH.values())
    ),
}
STEP = 0.01
#: Other cases, by what their facts are about.
OTHER_CHINA = ("meitemei", "guiding-case-41")


def draw(page: Page) -> None:
    """Everything below the head of the page."""
    chosen = _choose(page)
    growth = _growth(page, chosen)
    changes = _changes(chosen, growth)
    result = _run(chosen.id, growth)
    st.html(lead(chosen, words()))
    st.html(f'<p class="wp-finding">{escape(finding(chosen, words()))}</p>')
    st.html(f'<p class="wp-assume">{escape(assumption(result, words()))}</p>')
    _chart(page, chosen, result)
    _slider(page, chosen)
    share.money_link(chosen, changes, label=w("cases.to_money"))
    st.header(w("cases.beside"), anchor=False)
    st.html(beside(chosen, words()))
    st.html(f'<p class="wp-assume">{escape(w("cases.beside.still"))}</p>')
    st.header(w("cases.about"), anchor=False)
    st.html(facts_html(facts(about=chosen.id), words()) + _follows(chosen, words()))
    numbers.numbers(chosen)
    _others()


def subject(page: Page) -> press.Subject:
    """The case chosen, for journalists."""
    chosen = preset(page.settings.page["case"])
    changes = _changes(chosen, _growth(page, chosen))
    return lambda said: press_sheet.of_scheme(chosen, changes, said)


# -- which case, and with what assumption --------------------------------------------------------


def _choose(page: Page) -> Preset:
    """The choice of the case."""

    def forget() -> None:
        st.session_state[page.key("case_growth")] = ""

    st.pills(
        w("cases.which"),
        CASES,
        format_func=_name,
        key=page.ready("case"),
        required=True,
        on_change=forget,
        label_visibility="collapsed",
    )
    return preset(page.settings.page["case"])


def _name(id_: str) -> str:
    return w.text(preset(id_).name)


def _growth(page: Page, chosen: Preset) -> float:
    """The growth a day asked for, within what the slider offers; a fraction."""
    own = float(chosen.scheme().demand.growth)
    try:
        asked = float(page.settings.page.get("case_growth", "") or 100 * own)
    except ValueError:
        return own
    low, high = GROWTH[chosen.id]
    # Not a number compares as false.
    return own if not low <= asked <= high else round(asked / 100, 6)


def _slider(page: Page, chosen: Preset) -> None:
    """Growth a day, the one assumption that shapes the picture."""
    low, high = GROWTH[chosen.id]
    own = 100 * float(chosen.scheme().demand.growth)
    widget = f"{page.key('case_growth')}#{chosen.id}"
    now = 100 * _growth(page, chosen)
    if page.fresh or widget not in st.session_state:
        st.session_state[widget] = round(now, 4)

    def keep() -> None:
        value = st.session_state[widget]
        same = abs(value - own) < STEP / 2
        st.session_state[page.key("case_growth")] = "" if same else f"{value:g}"

    st.slider(
        w("cases.growth"),
        min_value=low,
        max_value=high,
        step=STEP,
        key=widget,
        format="%.2f%%",
        on_change=keep,
        help=w("cases.growth.help"),
    )


def _changes(chosen: Preset, growth: float) -> dict[str, float]:
    """What another growth changes of the preset, so that the published total stays."""
    scheme = chosen.scheme()
    if abs(growth - scheme.demand.growth) < 1e-9:
        return {}
    total = float(scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=False).sum())
    other = scheme.demand.through(total, ticks=scheme.horizon, growth=growth)
    return {"demand.growth": growth, "demand.orders_per_tick": other.orders_per_tick}


@lru_cache(maxsize=4)
def _run(id_: str, growth: float) -> Result:
    chosen = preset(id_)
    return played(chosen.scheme(_changes(chosen, growth)))


def lead(chosen: Preset, said: Words) -> str:
    """What was published of a case, with its sources, as HTML: it stands before all of ours."""
    fact = leading(chosen.id)
    if fact is None:
        return ""
    text = escape(said.text(fact.text.en, fact.text.zh))
    return f"<p class='wp-world'>{text}{cite(fact.sources, said)}</p>"


# -- what it comes to ---------------------------------------------------------------------------


def release_of(scheme: Scheme) -> ScheduledRelease:
    """The daily release that every case has."""
    return the(scheme, ScheduledRelease)


def first_withdrawal(scheme: Scheme, minimum: float) -> int:
    """Ticks until a release of a part of the balance has put so many yuan into a wallet."""
    release = release_of(scheme)
    credit = release.gift_multiple * scheme.order.spend
    return ceil(log(1 - minimum / credit) / log1p(-release.daily_rate) - 1e-9)


def finding(chosen: Preset, said: Words) -> str:
    """What no behaviour changes about the rule of a case, with its numbers."""
    scheme = chosen.scheme()
    release, language = release_of(scheme), said.lang
    spend = scheme.order.spend
    if chosen.id == "case-yunlianhui":
        left = 1 - release.daily_rate
        return said(
            "cases.finding.case_yunlianhui",
            owed=yuan(release.gift_multiple / release.share, language),
            rate=f"{100 * release.daily_rate:g}%",
            five=f"{100 * (1 - left ** (5 * 365)):.1f}%",
            ten=f"{100 * (1 - left ** (10 * 365)):.1f}%",
        )
    if chosen.id == "case-wanjia":
        growth = continuous_growth(scheme)
        paid_in = release.share * spend
        return said(
            "cases.finding.case_wanjia",
            paid_in=f"{paid_in:g}",
            days=count(paid_in / (release.daily_rate * spend), language),
            growth=f"{100 * growth:.4f}%",
            double=count(log(2) / growth, language),
        )
    platform = scheme.platform
    told = said(
        "cases.finding.case_yuehua",
        spend=yuan(spend, language),
        low=yuan(platform.minimum, language),
        high=yuan(platform.raised_minimum or 0.0, language),
        before=count(first_withdrawal(scheme, platform.minimum), language),
        after=count(first_withdrawal(scheme, platform.raised_minimum or 0.0), language),
    )
    return together(said, told, case_words.assumed(scheme, said))


def assumption(result: Result, said: Words) -> str:
    """What is assumed about sales in a run."""
    demand = result.scheme.demand
    return said(
        "cases.assumed",
        growth=f"{100 * demand.growth:.2f}%",
        at_first=said("cases.at_first") if demand.kind == "saturating" else "",
        total=yuan_short(result.totals["spent"], said.lang),
    )


def _chart(page: Page, chosen: Preset, result: Result) -> None:
    """The picture with the dated turns."""
    said = words()
    marks = [
        charts_cases.Mark(chosen.day(turn.date), turn.date, w.text(turn.text))
        for turn in chosen.turn
    ]
    named = ", ".join(dict.fromkeys(numbers.source_title(turn.source) for turn in chosen.turn))
    foot = (
        f"{assumption(result, said)}<br>"
        f"{w('cases.foot.source', name=f'{chosen.id}@{chosen.revision}', sources=named)}"
    )
    alt = w(f"cases.chart.alt.{charts_cases.kind(result)}")
    told = "; ".join(f"{mark.date} {mark.text}" for mark in marks)
    st.html(f'<h2 class="wp-panel wp-low">{escape(w("cases.chart.title"))}</h2>')
    st.plotly_chart(
        charts_cases.case(
            result, chosen, marks, charts.Look(w=said, dark=dark(), height=380), foot=foot
        ),
        theme=None,
        key=f"{page.name}|chart-case",
        config=charts.config(said, zoom=False),
        alt=f"{alt} {told}",
    )


# -- published, and ours --------------------------------------------------------------------------


def beside(chosen: Preset, said: Words) -> str:
    """Every published figure beside ours, with whether it agrees, why, and the source, as HTML."""
    head = "".join(
        f"<th scope='col'>{escape(said(f'cases.head.{key}'))}</th>"
        for key in ("what", "published", "ours")
    )
    body = []
    for figure, ours, agrees in numbers.figures_of(chosen.id):
        published, mine = numbers.figure_values(figure, ours, said)
        verdict = "fitted" if figure.fitted else "agrees" if agrees else "differs"
        note = said.text(figure.note.en, figure.note.zh) if figure.note else ""
        body.append(
            "<tr>"
            f"<th scope='row'>{escape(numbers.figure_name(figure))}</th>"
            f"<td>{escape(published)}</td><td>{escape(mine)}<br>"
            f"<b>{escape(said(f'cases.verdict.{verdict}'))}</b></td></tr>"
            f"<tr class='wp-because'><td colspan='3'>{escape(note)} "
            f"{cite([figure.source], said)}</td></tr>"
        )
    label = escape(said("cases.beside"))
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table class='wp-table wp-beside'><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _follows(chosen: Preset, said: Words) -> str:
    """What follows from the published figures, as HTML."""
    lines = "".join(
        f"<li class='wp-world'>{escape(text)}{cite([source], said)}</li>"
        for text, source in (
            (
                said(
                    "cases.fact",
                    text=said.text(fact.text.en, fact.text.zh),
                    quality=said(f"quality.{fact.quality}"),
                ),
                fact.source,
            )
            for fact in chosen.fact
        )
    )
    return f"<h3>{escape(said('cases.follows'))}</h3><ul class='wp-facts'>{lines}</ul>"


def facts_table(found: tuple[WorldFact, ...], said: Words, *, label: str) -> str:
    """Facts with their grade in a column of its own, as HTML."""
    head = "".join(
        f"<th scope='col'>{escape(said(f'cases.head.{key}'))}</th>" for key in ("found", "grade")
    )
    body = "".join(
        f"<tr id='fact-{escape(fact.id)}'><td class='wp-world'>"
        f"{escape(said.text(fact.text.en, fact.text.zh))}{cite(fact.sources, said)}</td>"
        f"<td>{fact.grade}</td></tr>"
        for fact in found
    )
    return (
        f"<table class='wp-table wp-graded' aria-label='{escape(label)}'>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _others() -> None:
    """Other cases: in China, and elsewhere, never mixed."""
    said = words()
    st.header(w("cases.other"), anchor=False)
    china = tuple(fact for about in OTHER_CHINA for fact in facts(about=about))
    abroad = facts(topic="case", place="abroad")
    st.html(
        f"<h3>{escape(w('cases.other.china'))}</h3>"
        f"<p>{escape(w('cases.other.no_share'))}</p>"
        + facts_table(china, said, label=w("cases.other.china"))
    )
    st.html(
        f"<section class='wp-abroad'><h3>{escape(w('cases.other.abroad'))}</h3>"
        f"<p>{escape(w('cases.other.abroad_only'))}</p>"
        + facts_table(abroad, said, label=w("cases.other.abroad"))
        + "</section>"
        + legend(said)
    )
