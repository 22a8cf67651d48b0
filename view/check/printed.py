"""The answer on one page, to print or to send as text."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from view.check import offer, worked
from view.check.address import judge
from view.check.ways import ways
from view.parts import copying
from view.parts.context import lang, w, words
from view.parts.controls import Page
from view.settings import state


def link_of(page: Page) -> str:
    """The address that keeps the numbers, for somebody else to open."""
    query = state.address(
        page.settings.preset,
        page.settings.changes,
        page={**page.settings.page, "step": "answer", "for": ""},
        defaults=page.own,
        keep={state.LANGUAGE: lang()},
    )
    here = str(st.context.url or "").partition("?")[0].rstrip("/")
    return f"{here}/?{urlencode(query)}"


def screen(page: Page) -> None:
    """The answer on one page, for the printer and as text."""
    judged, said = judge(page.settings), words()
    parts = worked.one_page(page.settings, judged, said, link=link_of(page))
    st.html(offer.page_html(parts))
    with st.container(key="wp-noprint"):
        st.html(f'<h2 class="wp-head">{escape(w("offer.print.text"))}</h2>')
        text = worked.text_of(parts, judged, said)
        st.code(text, language=None, wrap_lines=True)
        copying.button(text, w("offer.print.copy"), key=f"{page.name}|print-copy")
        ways(page, ("answer",))
