"""Check an offer: can I get back what I pay? Then the most one can get, and who pays."""

from view.check import answer, check
from view.parts.controls import Page
from view.press import press

page = Page("check", own=check.OWN)
if answer.sheet_is_open(page) or not press.drawn(page, answer.sheet(page)):
    check.show(page)
    page.finish()
