"""A place for the page to come."""

import streamlit as st

from view.context import w

st.title(w("page.check.heading"), anchor=False)
st.write(w("page.check.description"))
