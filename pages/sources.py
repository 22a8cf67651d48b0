"""Sources: every number with its origin, the method, the words, and what is left out."""

from html import escape

import streamlit as st

from model.library import preset, presets
from model.preset import SHOWN_KINDS
from view.parts import numbers
from view.parts.context import w, words
from view.parts.controls import warn
from view.settings import state
from view.sources import sources

st.title(w("page.sources.heading"), anchor=False)
st.html(f'<p class="wp-finding">{escape(sources.finding(words()))}</p>')
warn(state.parse(st.query_params.to_dict(), page={}).problems, w.label)
st.html(f"<h2>{escape(w('sources.numbers'))}</h2>")
for kind in SHOWN_KINDS:
    listed = presets(kind=kind)
    if listed:
        st.html(f"<h3>{escape(w(f'sources.kind.{kind}'))}</h3>")
    for name in listed:
        numbers.numbers(preset(name), first=name == presets()[0])
sources.method()
sources.conventions()
sources.lists()
