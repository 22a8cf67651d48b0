"""A box for a number in which people type as they write (``view/words/typed.py``).

The number stands in the session under the box's key, the text under :func:`text_key`: what cannot
be used stays in the box with a sentence below it, and the last good number goes on being used.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from view.parts.context import words
from view.words import typed, typed_said
from view.words.typed import Allowed, TypedError

#: What the containers of such boxes are called: their keypad has digits (``document.js``).
CONTAINER = "wp-typed"


def text_key(key: str) -> str:
    """The widget's key: what was typed for the number ``key``."""
    return f"{key}="


def number_box(
    label: str,
    *,
    key: str,
    box: Allowed,
    name: str = "",
    help_: str | None = None,
    placeholder: str = "",
    on_change: Callable[[], None] | None = None,
) -> Any:
    """A box for the number in the session under ``key``; gives that number, None for none.

    ``name``: what the sentence calls it, the label if not given. ``placeholder`` is what an empty
    box says; it may be typed as well. ``on_change`` is called once a new number has been taken.
    """
    widget, mark, trouble = text_key(key), f"{key}=of", f"{key}=trouble"
    state = st.session_state
    value = state.setdefault(key, None)
    if widget not in state or mark not in state or state[mark] != value:
        state[widget], state[mark] = typed.written(value), value
        state.pop(trouble, None)

    def keep() -> None:
        text = state[widget]
        try:
            wanted = typed.read("" if text.strip() == placeholder else text, box)
        except TypedError as error:
            state[trouble] = "" if error.readable or not text.strip() else text
            return
        state.pop(trouble, None)
        state[key] = state[mark] = wanted
        state[widget] = typed.written(wanted)
        if on_change is not None:
            on_change()

    with st.container(key=f"{CONTAINER}-{key}", gap="xxsmall"):
        st.text_input(
            label, key=widget, on_change=keep, help=help_, placeholder=placeholder, max_chars=200
        )
        if trouble in state:
            unread = state[trouble] or None
            said = typed_said.refusal(name or label, box, words(), unread=unread)
            st.html(f'<p class="wp-refused" role="alert">{escape(said)}</p>')
    return value
