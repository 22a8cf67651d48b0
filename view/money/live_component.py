"""The live panels in the page: one component for the knobs, the sentence and the three charts.

Streamlit's own sliders say nothing until they are let go. Here native range inputs ask for what
changes while the hand moves, beside Streamlit and without running the page (``view/money/live.py``,
``assets/live.js``); once the hand is at rest, Streamlit hears of it and the page follows.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from model.result import Result
from view.money import live
from view.parts.context import dark, lang, words
from view.parts.controls import Page
from view.pictures import live_files
from view.settings.state import Settings
from view.words.words import LANGS
from view.words.words import words as words_of

_KEY = "wp-live"
_NAME = "money"
MEMORY = f"{_NAME}:settings"
_SEQ, _REFUSED, _PLAIN = f"{_NAME}:seq", f"{_NAME}:refused", f"{_NAME}:plain"
_VISIT = f"{_NAME}:visit"

# Sent with every update, so no more than the way to the file that browsers keep.
_LOADER = f"""
let live;
export default (component) =>
  live
    ? live.default(component)
    : import(new URL("{live_files.SCRIPT.path}", document.baseURI).href)
        .then((loaded) => (live = loaded).default(component))
        .catch((error) => {{
          console.warn("the live panels cannot be shown:", error);
          component.setTriggerValue("failed", true);
        }});
"""
# What stands there until the script has taken over, and stays if it never does; a stylesheet waits
# a while and then shows the sentence of the page's language.
_WAITING = "".join(
    f'<p class="wp-live-late" lang="{lang}"><a href="?lang={lang}&amp;knobs=plain">'
    f"{escape(words_of(lang)('live.late'))}</a></p>"
    for lang in LANGS
)


_component = st.components.v2.component(
    "who_pays_live", html=_WAITING, js=_LOADER, isolate_styles=False
)


def plain(page: Page) -> bool:
    """Whether stock sliders serve: asked for in the address, or our own have failed here."""
    return page.settings.page.get("knobs") == "plain" or bool(st.session_state.get(_PLAIN))


def draw(result: Result, page: Page, *, height: int) -> None:
    """The component for the settings of the page."""
    shown = live.Shown(settings=page.settings, lang=lang(), dark=dark(), height=height)
    # Says nothing of the reader: what another process draws after a break must not look the same,
    # or the browser would not be told of it.
    visit = st.session_state.setdefault(_VISIT, secrets.token_hex(4))
    _component(
        key=_KEY,
        data=live.told(
            result,
            shown,
            seq=st.session_state.get(_SEQ, 0),
            refused=st.session_state.get(_REFUSED, {}),
            visit=visit,
            parts=live.drawn(result, shown),
        ),
        on_move_change=_on_move,
        on_failed_change=_on_failed,
    )


def _on_move() -> None:
    """A hand has come to rest: the page follows, address and all."""
    move = live.read(_event("move"))
    before: Settings | None = st.session_state.get(MEMORY)
    if move is None or before is None:
        return
    after, refused = live.moved(before, move, words())
    st.session_state[_SEQ], st.session_state[_REFUSED] = move.seq, refused
    # The page's own settings are not the knobs' to say: one may be on its way with this.
    st.session_state[f"{_NAME}:take"] = replace(after, page={})


def _on_failed() -> None:
    """The script cannot be loaded: stock sliders from here on."""
    if _event("failed"):
        st.session_state[_PLAIN] = True


def _event(name: str) -> Any:
    state: Any = st.session_state.get(_KEY)
    return state.get(name) if hasattr(state, "get") else None
