"""Check an offer: four questions, then the most one can get, what reaches the pool, who pays."""

from view.check import check
from view.parts.controls import Page
from view.press import press

page = Page("check", own=check.OWN)
if check.sheet_is_open(page) or not press.drawn(page, check.sheet(page)):
    check.show(page)
    page.finish()
