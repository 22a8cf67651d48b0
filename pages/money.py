"""Follow the money: move a knob and see price, returns and who pays change together."""

import streamlit as st

from view import live_component, money
from view.turns import in_turn

# A fragment: a moved knob redraws this page and not the frame around it. It has a name, by which a
# hand at rest on the live knobs runs it again.
st.fragment(in_turn(money.draw), key=live_component.PAGE_FRAGMENT)()
