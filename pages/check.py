"""Check an offer: four questions, then the most one can get, what reaches the pool, who pays."""

from view import check
from view.controls import Page

page = Page("check", own=check.OWN)
check.show(page)
page.finish()
