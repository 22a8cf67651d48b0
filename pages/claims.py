"""Claims and cases: what is said of such offers, what became of some, and what the law says."""

import streamlit as st

from view.claims import claims_page
from view.queueing.heavy import in_turn

# A fragment: a moved knob redraws this page and not the frame around it.
st.fragment(in_turn(claims_page.draw))()
