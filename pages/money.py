"""Follow the money: move a knob and see price, returns and who pays change together."""

import streamlit as st

from view.money import money
from view.queueing.heavy import in_turn

# A fragment: a moved knob redraws this page and not the frame around it.
st.fragment(in_turn(money.draw))()
