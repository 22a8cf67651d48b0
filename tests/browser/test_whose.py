"""The view "Whose money" in a real browser: both widths, a number typed, paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from model import load, simulate
from tests.browser.test_pages import SIDEWAYS, drawn, visitor
from view.words.words import Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(3)

PATH = "/money?view=whose&scheme=wine-points&tick=order&horizon=100"


@pytest.mark.parametrize("phone", [True, False], ids=["390", "1280"])
def test_opens_at_both_widths(app_url, browser, phone):
    with visitor(browser, phone=phone) as visit:
        page = visit.new_page()
        page.goto(app_url + PATH)
        drawn(page, 1 if phone else 2)
        assert max(page.evaluate(SIDEWAYS)) <= 0
        plots = page.locator(".js-plotly-plot:visible")
        expect(plots).to_have_count(1 if phone else 4)
        if not phone:
            # Every end of the flow has its words beside it, inside the picture.
            box = plots.nth(1).bounding_box()
            labels = plots.nth(1).locator(".annotation-text").all()
            assert labels
            for label in labels:
                inside = label.bounding_box()
                assert inside["x"] + inside["width"] <= box["x"] + box["width"] + 1


def test_a_number_typed_changes_the_statement_and_the_address(app_url, browser):
    w = Words("en", strict=True)
    assert simulate(load("wine-points")).totals["buyers"] > 5
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(app_url + PATH)
        drawn(page, 1)
        statement = page.locator(".wp-statement")
        expect(statement).to_contain_text("¥67.77")
        expect(statement).to_contain_text("¥97.77")
        box = page.get_by_label(w("whose.who.order"), exact=True)
        box.fill("5")
        box.press("Enter")
        expect(statement).not_to_contain_text("¥67.77")
        expect(page).to_have_url(re.compile("who=5"))
        page.reload()
        expect(page.get_by_label(w("whose.who.order"), exact=True)).to_have_value("5")


def test_only_the_finding_and_the_statement_come_on_paper(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(app_url + PATH)
        drawn(page, 1)
        page.emulate_media(media="print")
        expect(page.locator(".wp-finding")).to_be_visible()
        expect(page.locator(".wp-statement")).to_be_visible()
        for hidden in (
            ".js-plotly-plot",
            ".wp-table",
            '[class*="st-key-wp-typed-"]',
            '[data-testid="stExpander"]',
            ".st-key-wp-knobs",
            ".st-key-wp-choose",
            ".wp-footer",
        ):
            assert page.locator(f"{hidden}:visible").count() == 0, hidden
