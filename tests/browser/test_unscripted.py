"""Check without a script, where scripts fail, and while the page is still on its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.test_frame import BROWSER_LANGUAGE, DESK, PHONE, address
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

SMALL = {"width": 390, "height": 664}
#: Bytes of a document on the wire.
MOST = 20_000


@contextmanager
def opened(browser: Browser, *, lang: str = "en", **how: Any) -> Iterator[Page]:
    """A page in a browser of its own."""
    context = browser.new_context(locale=BROWSER_LANGUAGE[lang], **how)
    try:
        yield context.new_page()
    finally:
        context.close()


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    wide = page.evaluate(
        "() => [document.documentElement, document.getElementById('first-paint')]"
        ".map((e) => e.scrollWidth - e.clientWidth)"
    )
    assert max(wide) <= 0


@pytest.mark.parametrize("size", [SMALL, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", LANGS)
def test_check_is_walked_to_its_answer_without_a_script(app_url, browser, lang, size):
    w = Words(lang, strict=True)
    with opened(browser, lang=lang, java_script_enabled=False, viewport=size) as page:
        documents: list[int] = []
        page.on(
            "requestfinished",
            lambda request: (
                request.resource_type == "document"
                and documents.append(request.sizes()["responseBodySize"])
            ),
        )
        page.goto(app_url)
        fits(page)
        assert page.locator(".wp-loading").count() == 0
        page.locator(".wp-choices a").first.click()
        page.locator("input[name='in.order.spend']").fill("3千")
        fits(page)
        page.locator(".wp-first-button").click()
        page.locator("input[name='in.points_pool.share']").fill("一成")
        fits(page)
        page.locator(".wp-first-button").click()
        page.locator(".wp-first-button").click()
        expect(page.locator("h1")).to_have_text(w("verdict.less", spend="¥3,000", most="¥2,880"))
        fits(page)
        assert page.locator(".wp-figure", has_text="¥300").count() == 1
        # To the last question it takes four documents, and no other one is larger.
        assert len(documents) == 5
        assert max(documents) <= MOST
        # Another language says the same of the same numbers.
        other = next(code for code in LANGS if code != lang)
        page.locator(f".wp-tongues a[lang={other}]").click()
        expect(page.locator("h1")).to_have_text(
            Words(other, strict=True)("verdict.less", spend="¥3,000", most="¥2,880")
        )


def test_what_cannot_be_read_is_said_without_a_script(app_url, browser):
    with opened(browser, java_script_enabled=False, viewport=PHONE) as page:
        page.goto(f"{app_url}/?scheme=wine-points&step=offer")
        page.locator("input[name='in.order.spend']").fill("lots")
        page.locator(".wp-first-button").click()
        expect(page.get_by_role("alert")).to_contain_text("lots")
        assert page.locator("input[name='in.order.spend']").input_value() == "lots"
        fits(page)


def test_where_scripts_fail_the_page_stays_and_says_nothing_of_loading(app_url, browser):
    """As on a phone whose browser cannot read them."""

    def broken(route: Route) -> None:
        route.fulfill(body="this is ((no script", content_type="text/javascript")

    with opened(browser, viewport=SMALL) as page:
        page.route("**/static/js/*.js", broken)
        page.goto(f"{app_url}/money?scheme=wine-points", wait_until="load")
        expect(page.locator(".wp-loading")).to_be_hidden()
        expect(page.locator("#first-paint h1")).to_be_visible()
        page.goto(app_url, wait_until="load")
        page.locator(".wp-choices a").first.click()
        expect(page.locator("#first-paint h1")).to_be_visible()
        page.locator(".wp-first-button").click()
        expect(page.locator("input[name='in.points_pool.share']")).to_be_visible()


def test_the_page_takes_over_at_the_same_address(app_url, browser):
    with opened(browser, viewport=SMALL) as page:
        given = "form=offer&scheme=wine-points&in.order.spend=3%E5%8D%83&in.order.goods_value="
        page.goto(f"{app_url}/?{given}")
        expect(page.locator("#first-paint")).to_have_count(0)
        query = address(page).query
        assert "in." not in query
        assert "form" not in query
        assert "order.spend=3000" in query
        assert "step=numbers" in query
        expect(page.locator("[data-testid=stAlert], .wp-notice")).to_have_count(0)


def test_who_types_is_not_interrupted(app_url, browser):
    with opened(browser, viewport=SMALL) as page:
        waiting: list[Route] = []
        held = True

        def keep(route: Route) -> None:
            if held:
                waiting.append(route)
            else:
                route.continue_()

        page.route("**/static/js/index*.js", keep)
        page.goto(f"{app_url}/?scheme=wine-points&step=offer", wait_until="commit")
        box = page.locator("input[name='in.order.spend']")
        box.fill("2千")
        held = False
        for route in waiting:
            route.continue_()
        # The page is there, and behind what is being typed.
        expect(page.locator("#root .wp-footer")).to_be_attached()
        expect(page.locator("#root .wp-ready")).to_be_attached()
        assert box.input_value() == "2千"
        assert page.locator("#root").evaluate("(e) => e.inert")
        page.locator(".wp-first-button").click()
        expect(page.locator("#first-paint")).to_have_count(0)
        assert "order.spend=2000" in address(page).query
