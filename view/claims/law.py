"""Red flags and the law: what regulators say, with source, date and grade."""

from __future__ import annotations

from html import escape

import streamlit as st

from model.facts import WorldFact, facts
from view.pages import PAGES
from view.parts.context import lang, w, words
from view.parts.controls import Page
from view.sentences.facts import facts_html, legend
from view.settings import state
from view.words.words import Words

OWN: dict[str, tuple[str, ...]] = {}
#: What stands under each heading, by what the facts are about; whatever is new first.
WARNINGS = ("green-points-2026", "yuhua-2025", "notice-2018", "notice-2012")
RULES = ("order-444", "criminal-law-224-1", "order-737", "guiding-case-41")


def draw(page: Page) -> None:  # noqa: ARG001 - every view is drawn with its page
    """Everything below the head of the page."""
    said = words()
    st.html(f'<p class="wp-finding">{escape(finding(said))}</p>')
    st.html(f'<p class="wp-assume">{escape(w("law.general"))}</p>')
    st.header(w("law.warnings"), anchor=False)
    st.html(facts_html(about(WARNINGS), said, dated=True))
    st.header(w("law.rules"), anchor=False)
    st.html(facts_html(about(RULES), said, dated=True))
    st.header(w("law.abroad"), anchor=False)
    st.html(facts_html(facts(topic="law", place="abroad"), said) + legend(said))
    st.header(w("law.reading"), anchor=False)
    st.html(f"<p>{escape(w('law.reading.text'))}</p>")
    entry = next(entry for entry in PAGES if entry.id == "check")
    with st.container(key="wp-go-check"):
        st.page_link(
            st.Page(entry.script, url_path=entry.url_path, default=True),
            label=w("law.to_check"),
            query_params={state.LANGUAGE: lang()} if state.LANGUAGE in st.query_params else {},
            icon=":material/arrow_forward:",
        )


def about(groups: tuple[str, ...]) -> tuple[WorldFact, ...]:
    """The facts of several groups, in this order."""
    return tuple(fact for group in groups for fact in facts(about=group))


def finding(said: Words) -> str:
    """How many notices and rules of Chinese authorities stand here, and since when."""
    warned = [int(fact.date[:4]) for fact in about(WARNINGS)]
    return said("law.finding", warnings=len(WARNINGS), year=min(warned), rules=len(about(RULES)))
