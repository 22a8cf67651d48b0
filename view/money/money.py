"""Follow the money: live panels, one buyer, whose money, schemes side by side, rules to change."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from model.library import preset
from model.result import Result
from view.money import compare, live_component, one, people, rules, steps, whose
from view.parts import knobs, notices, share
from view.parts.context import dark, w, words
from view.parts.controls import Page
from view.pictures import charts, panels
from view.press import press
from view.sentences import case_words, findings
from view.settings import state

VIEWS = ("live", "steps", "whose", "people", "compare", "rules")
#: Views that draw everything below the head themselves.
WHOLE = {"whose": whose, "people": people, "compare": compare, "rules": rules}
#: Settings of the page beside the scheme's; the first of each is the default.
OWN: dict[str, tuple[str, ...]] = {
    "view": VIEWS,
    "zoom": ("off", "on"),
    "knobs": ("live", "plain"),
    "upto": state.whole(2, steps.MOST_STEPS),
    "buyer": state.whole(),
    "sell": state.whole(),
    "joined": state.whole(),
    **compare.OWN,
    **rules.OWN,
    **people.OWN,
    **whose.OWN,
    **press.OWN,
}
HEIGHT = 310
#: On a phone all three panels should be in sight together.
HEIGHT_PHONE = 200


def height_for(browser: str) -> int:
    """How high the pictures are, by what a browser calls itself."""
    return HEIGHT_PHONE if "Mobi" in browser else HEIGHT


def _height() -> int:
    return height_for(st.context.headers.get("User-Agent") or "")


def below(page: Page) -> None:
    """What a view other than the live panels draws below the head."""
    view = page.settings.page["view"]
    if view in WHOLE:
        WHOLE[view].draw(page)
    elif findings.kind(page.scheme) == "points":
        steps.draw(page, height=_height())
    else:
        one.draw(page, height=_height())


def head(page: Page) -> None:
    """Title, what is wrong with the address, and what is shown: the scheme and the view."""
    st.title(w("page.money.heading"), anchor=False)
    page.notices()
    header(page)


def header(page: Page) -> None:
    """View and scheme, side by side on a desk."""
    with st.container(key="wp-choose"):
        left, middle, right = st.columns([4.6, 9.6, 2], vertical_alignment="bottom")
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


def panels_of(result: Result, page: Page) -> None:
    """The finding, the knobs, and three panels that change together: live, or Streamlit's own."""
    if not live_component.plain(page):
        live_component.draw(result, page, height=_height())
        return
    above = st.container()
    above_panels = st.container(
        key="wp-knobs",
        horizontal=True,
        # Long names take two lines: the knobs themselves stay in a row.
        vertical_alignment="top" if findings.kind(page.scheme) == "points" else "bottom",
        gap="medium",
    )
    with st.container(key="wp-panels"):
        _three(page, result)
    with above:
        if halted := findings.halted(result, words()):
            notices.tell(halted)
        st.html(
            f'<p class="wp-finding">{case_words.lines(findings.finding(result, words()))}</p>'
            f'<p class="wp-assume">{escape(findings.assumption(page.scheme, words()))}</p>'
        )
    with above_panels:
        knobs.draw_headline(page)


def _three(page: Page, result: Result) -> None:
    """Three panels, each under its own finding."""
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
