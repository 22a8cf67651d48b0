"""The claims as people read them: on a phone and a desk, in three languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from model import load
from model.claims import CLAIMS
from tests.browser.test_frame import settle
from tests.browser.test_pages import drawn, stock_slider, visitor, whole_at_both_widths
from tests.turns import in_turn
from view.claims.claims_text import tell
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(3)

#: The list, and claims that between them have everything a claim can have: a picture of bars, of a
#: price with its backing, of dividends; own numbers; the choice of an offer; a law; a population.
SHOWN = {
    "list": "/claims",
    "income": "/claims?group=income",
    **{
        id_: f"/claims?claim={id_}"
        for id_ in (
            "the-first-buyer-made",
            "price-only-rises",
            "a-unit-pays-every-day",
            "three-in-one-out",
            "an-agent-earns-every-month",
            "no-pyramid-without-recruiting",
            "points-are-scarce",
            "sell-offs-restart-the-rise",
        )
    },
}


@pytest.mark.part(3)
@pytest.mark.parametrize(("name", "lang"), in_turn(SHOWN, LANGS))
def test_fits_is_whole_and_is_accessible(app_url, browser, name, lang):
    """Light and dark in turn."""
    with visitor(browser, phone=True, lang=lang, dark=list(SHOWN).index(name) % 2 == 1) as visit:
        page = visit.new_page()
        page.goto(app_url + SHOWN[name])
        drawn(page, int(name in CLAIMS))
        whole_at_both_widths(page)


def test_a_claim_is_opened_tried_and_left_on_a_phone(app_url, browser):
    w = Words("zh-Hans", strict=True)
    claim = CLAIMS["everyone-gets-it-all-back"]
    with visitor(browser, phone=True, lang="zh-Hans") as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/claims")
        drawn(page, 0)
        page.get_by_role("button", name=re.compile("人人都能把货款全部拿回来")).tap()
        expect(page).to_have_url(re.compile("claim=everyone-gets-it-all-back"))
        finding = page.locator(".wp-finding")
        expect(finding).to_have_text(tell(claim, w).fact)
        drawn(page, 1)
        # A fee one percent higher: one sentence, one address, and the same after a reload.
        stock_slider(page, w.label("points_pool.fee")).press("ArrowRight")
        other = tell(claim, w, load(claim.home, {"points_pool.fee": 0.21}))
        expect(finding).to_have_text(other.fact)
        expect(page).to_have_url(re.compile(r"points_pool\.fee=0\.21"))
        page.reload()
        settle(page)
        expect(finding).to_have_text(other.fact)
        # On to the money with the same numbers.
        page.get_by_role("link", name=w("claims.to_money")).tap()
        expect(page).to_have_url(re.compile(r"/money\?.*points_pool\.fee=0\.21"))
        page.go_back()
        expect(page).to_have_url(re.compile("claim=everyone-gets-it-all-back"))
        settle(page)
        expect(finding).to_have_text(other.fact)
        page.get_by_role("button", name=w("claims.back")).tap()
        expect(page).not_to_have_url(re.compile("claim="))
