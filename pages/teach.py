"""Teach: lessons for one, the class room, and what can be printed."""

import streamlit as st

from view.parts.context import lang, w
from view.parts.controls import warn
from view.settings import state
from view.teach import teach

st.title(w("page.teach.heading"), anchor=False)
warn(state.parse(st.query_params.to_dict(), page={}).problems, w.label)
st.html(teach.html(lang()))
