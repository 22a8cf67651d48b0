"""Widget values that no widget of ours sends are left out before anybody reads them.

A browser sends what a widget holds, in the one form that this kind of widget has. Streamlit takes
any form from whoever writes to its socket and fails on it in the middle of the page. Here a value
of another form, or a number that is none, counts as not sent.

Nor is an outside address asked for this computer's own, which is what Streamlit does to find out
whether a page of another host may open the socket: it may not.
"""

from __future__ import annotations

import json
import logging
import math
from typing import Any, Final

from streamlit import net_util
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state import session_state
from streamlit.runtime.state.common import WidgetMetadata, is_element_id
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

_log = logging.getLogger(__name__)
_take_any: Final = session_state.WStates.set_widget_from_proto
_register_any: Final = session_state.SessionState._set_widget_metadata
REFUSED: Final = "refused: a widget value that no widget sends"
#: Longer words are nobody's: the longest box on a page takes 5000 characters.
MOST_TEXT: Final = 20_000
MOST_ITEMS: Final = 500
#: How the id of a component's events ends.
EVENTS: Final = "__events"
FILES: Final = ".toml"


def acceptable(state: WidgetState, value_type: str) -> bool:
    """Whether a widget of this form may have sent this; nothing at all stands for an empty one."""
    form = state.WhichOneof("value")
    if form is None:
        return True
    # A box of whole numbers is one of numbers to the server, and the browser sends whole ones.
    if form != value_type and (form, value_type) != ("int_value", "double_value"):
        return False
    value: Any = getattr(state, form)
    if form == "double_value":
        return math.isfinite(value)
    if form == "double_array_value":
        return 0 < len(value.data) <= MOST_ITEMS and all(map(math.isfinite, value.data))
    if form in {"int_array_value", "string_array_value"}:
        return len(value.data) <= MOST_ITEMS
    if form == "file_uploader_state_value":
        # The only kind of file that a page asks for; a browser turns others away.
        return all(file.name.lower().endswith(FILES) for file in value.uploaded_file_info)
    if form == "string_value":
        return len(value) <= MOST_TEXT
    if form in {"json_value", "json_trigger_value"}:
        return len(value) <= MOST_TEXT and _is_json(value)
    return True


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_ours(id_: str) -> bool:
    """Whether an id is as Streamlit gives: of a widget, or of a component's events."""
    if id_.startswith(STREAMLIT_INTERNAL_KEY_PREFIX):
        base, events, rest = id_.removeprefix(f"{STREAMLIT_INTERNAL_KEY_PREFIX}_").partition(EVENTS)
        return is_element_id(base) and bool(events) and not rest
    return is_element_id(id_)


def _take(self: session_state.WStates, state: WidgetState) -> None:
    """What a browser has sent: under an id as Streamlit gives, in the form of its widget."""
    metadata = self.widget_metadata.get(state.id)
    known = metadata is None or acceptable(state, metadata.value_type)
    if known and is_ours(state.id):
        _take_any(self, state)
    else:
        _log.warning(REFUSED)


def _register(self: session_state.SessionState, metadata: WidgetMetadata[Any]) -> None:
    """A widget that is drawn for the first time; its value may have been sent before."""
    states = self._new_widget_state.states
    waiting = states.get(metadata.id)
    if isinstance(waiting, session_state.Serialized) and not acceptable(
        waiting.value, metadata.value_type
    ):
        _log.warning(REFUSED)
        del states[metadata.id]
    _register_any(self, metadata)


def _nobody_is_asked() -> None:
    """Instead of an own address, from outside or inside: that this computer does not know it."""


def install() -> None:
    """Leave such values out, and ask nobody, from now on."""
    net_util.get_external_ip = _nobody_is_asked
    net_util.get_internal_ip = _nobody_is_asked
    session_state.WStates.set_widget_from_proto = _take  # type: ignore[method-assign,assignment]
    session_state.SessionState._set_widget_metadata = _register  # type: ignore[method-assign,assignment]
