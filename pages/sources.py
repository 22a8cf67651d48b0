"""Sources: every number with its origin, the method, the words, and what is left out."""

from html import escape

import streamlit as st

from model.library import preset, presets
from view import sources
from view.context import w, words

st.title(w("page.sources.heading"), anchor=False)
st.html(f'<p class="wp-finding">{escape(sources.finding(words()))}</p>')
st.html(f"<h2>{escape(w('sources.numbers'))}</h2>")
for place, name in enumerate(presets()):
    sources.numbers(preset(name), first=place == 0)
sources.method()
sources.conventions()
sources.lists()
