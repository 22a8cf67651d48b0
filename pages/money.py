"""Follow the money: move a knob and see price, returns and who pays change together."""

import streamlit as st

from view.money import money
from view.parts import share
from view.parts.controls import Page
from view.press import press
from view.queueing.heavy import in_turn
from view.settings.runs import RUNS


# A fragment: a moved knob redraws this page and not the frame around it.
@st.fragment
@in_turn
def draw() -> None:
    """The whole page."""
    page = Page("money", own=money.OWN)
    if press.drawn(page):  # a sheet for journalists instead
        return
    head = st.container()
    if page.settings.page["view"] == "live":
        # The panels are sent first: they take longest to draw, and the rest goes out meanwhile.
        result = RUNS.of(page.settings)
        money.panels_of(result, page)
        with head:
            money.head(page)
        money.more_knobs(page)
        share.table(result, page)
        share.to_claims(page)
    else:
        with head:
            money.head(page)
        money.below(page)
    press.link(page)
    page.finish()


draw()
