"""Check an offer: the most one can get, what reaches the pool, who pays."""

import streamlit as st

from view import check, press
from view.context import w
from view.controls import Page
from view.share import reset_button, to_money

page = Page("check", own={**check.OWN, **press.OWN})
if press.drawn(page):
    st.stop()
st.title(w("page.check.heading"), anchor=False)
page.notices()
check.choose_scheme(page)
judged = check.card(page)
to_money(page)
check.own_numbers(page, judged)
check.result(page, judged)
reset_button(page)
press.link(page)
page.finish()
