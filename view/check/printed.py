"""The answer on one page, to print or to send as text."""

from __future__ import annotations

import datetime as dt
from html import escape
from urllib.parse import urlencode

import streamlit as st

from view.check import answer, offer
from view.check.address import judge
from view.check.ways import ways
from view.parts import copying
from view.parts.context import lang, w, words
from view.parts.controls import Page
from view.parts.share import source_line
from view.sentences import answers
from view.sentences.verdict import told
from view.settings import state
from view.words.format import date


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
    judged = judge(page.settings)
    chosen, said = page.settings.preset, words()
    stand = w("offer.print.stand_own")
    if chosen.kind != "own":
        day = date(dt.date.fromisoformat(chosen.date), lang())
        stand = w("offer.print.stand", source=source_line(page), date=day)
    parts = offer.one_page(
        judged=judged,
        claim=answer.claim_text(page.settings, judged, said),
        lines=answer.lines_of(page, judged, printed=True),
        found=answer.found_flags(page, judged),
        asked=answer.asked_of(page, judged),
        facts=[
            *answers.facts(judged, said),
            *offer.more_facts(judged, said, before=answer.numbers_of(page)[0], printed=True),
        ],
        stand=stand,
        link=w("offer.print.link", link=link_of(page)),
        w=said,
    )
    st.html(offer.page_html(parts))
    with st.container(key="wp-noprint"):
        st.html(f'<h2 class="wp-head">{escape(w("offer.print.text"))}</h2>')
        text = offer.page_text(parts, told(judged, said).heading)
        st.code(text, language=None, wrap_lines=True)
        copying.button(text, w("offer.print.copy"), key=f"{page.name}|print-copy")
        ways(page, ("answer",))
