"""What a browser sends before this process has drawn anything for it.

After a break, or when another process takes over, a browser comes with the widgets as they stand
on its page, which may be newer than its address. Streamlit knows them by their ids alone until they
are drawn, and by then the address has set them. So they are put aside, read once all is drawn, and
where one says something else, the page is run again with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.session_state import Serialized, SessionState, WStates

#: Forms of what keeps a value; a button's press is over.
KEPT: Final = frozenset(
    f"{form}_value"
    for form in ("bool", "double", "double_array", "int", "int_array", "string", "string_array")
)


class Said(NamedTuple):
    """What a widget says, and what is to be called as if a hand had moved it."""

    key: str
    value: Any
    moved: Callable[[], None]


def _session() -> SessionState | None:
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.session_state._state


def aside() -> WStates:
    """A copy of what has been sent and nobody has read."""
    found, session = WStates(), _session()
    if session is not None:
        for state in list(session._new_widget_state.states.values()):
            if isinstance(state, Serialized) and state.value.WhichOneof("value") in KEPT:
                found.set_widget_from_proto(state.value)
    return found


def otherwise(waiting: WStates) -> list[Said]:
    """Those of the widgets drawn by now whose page showed something else in the browser."""
    session = _session()
    if session is None:
        return []
    found = []
    for id_ in list(waiting.states):
        metadata = session._new_widget_state.widget_metadata.get(id_)
        key = user_key_from_element_id(id_)
        # Values of another form than the widget's have been thrown away when it was drawn.
        if metadata is None or key is None or id_ not in session._new_widget_state.states:
            continue
        waiting.set_widget_metadata(metadata)
        value = waiting[id_]
        if value != st.session_state[key]:
            args, more = metadata.callback_args or (), metadata.callback_kwargs or {}
            call = metadata.callback
            moved = (lambda: None) if call is None else (lambda c=call, a=args, m=more: c(*a, **m))
            found.append(Said(key, value, moved))
    return found


def heard(said: list[Said]) -> None:
    """Before anything is drawn: the widgets as they stand in the browser."""
    for one in said:
        st.session_state[one.key] = one.value
    for one in said:
        one.moved()
