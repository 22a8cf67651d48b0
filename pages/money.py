"""Follow the money: move a knob and see price, returns and who pays change together."""

from html import escape

import streamlit as st

from model import simulate
from view import answers, money, share
from view.context import w, words
from view.controls import Page

page = Page("money", own=money.OWN)
st.title(w("page.money.heading"), anchor=False)
page.notices()
money.header(page)
if page.settings.page["view"] == "steps":
    money.steps(page, *money.steps_settings(page))
else:
    result = simulate(page.scheme)
    st.html(f'<p class="wp-finding">{escape(answers.finding(result, words()))}</p>')
    st.html(f'<p class="wp-assume">{escape(answers.assumption(page.scheme, words()))}</p>')
    money.headline_knobs(page)
    money.live(page, result)
    money.more_knobs(page)
    share.table(result, page)
page.finish()
