"""The frame every page stands in: title, language, the way to the other pages, and the small print.

Streamlit runs this script for every interaction, with the page inside it.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from view.pages import PAGES
from view.parts.context import find_language, lang, w
from view.queueing.heavy import turn
from view.queueing.turns import visitor
from view.words.words import LANGS, NAMES

_SWITCH = "wp-lang"


def _choose_language() -> None:
    """Write the chosen language to the address, beside what the page has there."""
    st.query_params["lang"] = st.session_state[_SWITCH]


def _header(current: str, pages: dict[str, st.Page]) -> None:
    """Name, language and pages: all in sight, because a menu on a phone is not found."""
    with st.container(key="wp-header", horizontal=True, vertical_alignment="center", gap=None):
        st.html(
            f'<div class="wp-ready wp-name" lang="{lang()}">{escape(w("app.name_full"))}</div>',
            width="content",
        )
        with st.container(key="wp-nav", horizontal=True, width="content", gap=None):
            # The language asked for goes along; the browser's own needs no asking.
            query = {"lang": lang()} if "lang" in st.query_params else None
            for id_, page in pages.items():
                with st.container(
                    key=f"wp-here-{id_}" if id_ == current else f"wp-to-{id_}", width="content"
                ):
                    st.page_link(page, label=w(f"page.{id_}.nav"), query_params=query)
        st.session_state[_SWITCH] = lang()
        st.segmented_control(
            w("app.language"),
            LANGS,
            format_func=NAMES.__getitem__,
            key=_SWITCH,
            required=True,
            on_change=_choose_language,
            label_visibility="collapsed",
        )


with turn(visitor()):
    st.session_state["wp:lang"] = find_language()
    pages = {
        entry.id: st.Page(
            entry.script,
            title=w(f"page.{entry.id}.title"),
            url_path=entry.url_path,
            default=entry.path == "/",
        )
        for entry in PAGES
    }
    page = st.navigation(list(pages.values()), position="hidden")
    here = next(id_ for id_, candidate in pages.items() if candidate == page)
    st.set_page_config(
        page_title=w(f"page.{here}.title"), layout="wide", initial_sidebar_state="collapsed"
    )
    _header(here, pages)
    try:
        page.run()
    finally:
        st.html(f'<footer class="wp-footer">{escape(w("app.disclaimer"))}</footer>')
