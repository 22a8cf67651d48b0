"""The live panels in the page: one component for the knobs, the sentence and the three charts.

Streamlit's own sliders say nothing until they are let go. Here native range inputs send what the
hand does while it moves, and one answer brings everything that it changes (``assets/live.js``).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from model import simulate
from model.result import Result
from model.scheme import Scheme, scheme_parameters
from view import charts, live, live_files, share
from view.context import dark, words
from view.controls import Page, to_widget
from view.state import Settings
from view.turns import in_turn
from view.words import LANGS
from view.words import words as words_of

#: The fragment of the whole page, which a hand at rest runs again.
PAGE_FRAGMENT = "wp-money"
_KEY = "wp-live"
_NAME = "money"
MEMORY = f"{_NAME}:settings"
_SEQ, _REFUSED, _PLAIN = f"{_NAME}:seq", f"{_NAME}:refused", f"{_NAME}:plain"

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


@dataclass(frozen=True)
class _Shown:
    """As much of a page as the foot of a picture needs."""

    settings: Settings
    scheme: Scheme


def plain(page: Page) -> bool:
    """Whether stock sliders serve: asked for in the address, or our own have failed here."""
    return page.settings.page.get("knobs") == "plain" or bool(st.session_state.get(_PLAIN))


def draw(result: Result, *, height: int) -> None:
    """The component for the settings of the page; it runs by itself while a hand moves."""
    st.fragment(in_turn(_panels))([result], height)


def _panels(ready: list[Result], height: int) -> None:
    """``ready`` holds the result that the page already has, once."""
    settings: Settings = st.session_state[MEMORY]
    result = ready.pop() if ready else simulate(settings.scheme())
    look = charts.Look(
        w=words(),
        dark=dark(),
        height=height,
        zoom=settings.page.get("zoom") == "on",
        plain=True,
    )
    _component(
        key=_KEY,
        data=live.told(
            result,
            look,
            foot=share.foot(_Shown(settings, result.scheme)),
            reference=settings.preset.reference,
            seq=st.session_state.get(_SEQ, 0),
            refused=st.session_state.get(_REFUSED, {}),
        ),
        on_move_change=_on_move,
        on_failed_change=_on_failed,
    )


def _on_move() -> None:
    """A hand has moved: take its values up; at rest let the whole page follow, address and all."""
    move = live.read(_event("move"))
    before: Settings | None = st.session_state.get(MEMORY)
    if move is None or before is None:
        return
    after, refused = live.moved(before, move, words())
    st.session_state[_SEQ], st.session_state[_REFUSED] = move.seq, refused
    st.session_state[MEMORY] = st.session_state["page:carried"] = after
    scheme = after.scheme()
    for key in {*after.changes, *before.changes}:
        # The stock widgets of the same numbers, should the page be drawn before the hand rests.
        parameter = scheme_parameters(scheme)[key]
        st.session_state[f"{_NAME}|{key}"] = to_widget(parameter, scheme.get(key))
    if move.rest:
        st.session_state[f"{_NAME}:take"] = after
        st.rerun(PAGE_FRAGMENT)


def _on_failed() -> None:
    """The script cannot be loaded: stock sliders from here on."""
    if _event("failed"):
        st.session_state[_PLAIN] = True
        st.rerun(PAGE_FRAGMENT)


def _event(name: str) -> Any:
    state = st.session_state.get(_KEY)
    return state.get(name) if hasattr(state, "get") else None
