"""Claims and cases: what is said of such offers, what became of some, and what the law says."""

import streamlit as st

from view.claims import claims_page
from view.press import press
from view.queueing.heavy import in_turn


# A fragment: a moved knob redraws this page and not the frame around it.
@st.fragment
@in_turn
def draw() -> None:
    """The whole page."""
    page = claims_page.page_of()
    subject = claims_page.subject_of(page)
    if subject is not None and press.drawn(page, subject):  # a sheet for journalists instead
        return
    claims_page.head(page)
    claims_page.VIEWS[page.settings.page["view"]].draw(page)
    if subject is not None:
        press.link(page)
    page.finish()


draw()
