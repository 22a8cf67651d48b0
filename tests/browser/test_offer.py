"""Checking an offer as people do it: on a phone, with the browser's Back, with a pasted text."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from model.library import presets
from tests.browser.test_frame import PHONE, address, settle
from tests.browser.test_pages import CUT, SIDEWAYS, open_all, visitor
from tests.turns import few, in_turn
from tests.view.test_verdict import of
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(3)


def press(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()


def heading(page: Page, text: str) -> None:
    # A list: for a moment the heading before is there as well.
    expect(page.get_by_test_id("stMain").locator("h1")).to_have_text([text])
    settle(page)


@pytest.mark.parametrize("lang", few(LANGS))
def test_four_questions_and_back_through_all_of_them(app_url, browser, lang):
    w = Words(lang, strict=True)
    with visitor(browser, phone=True, lang=lang) as visit:
        page = visit.new_page()
        page.goto(app_url)
        heading(page, w("page.check.heading"))
        # What this is, every answer to the first question and a finding are there at once.
        for key in ("check.promise.points", "check.promise.cashback", "check.none"):
            button = page.get_by_role("button", name=w(key), exact=True)
            expect(button).to_be_in_viewport(ratio=1)
        expect(page.get_by_test_id("stMain").locator(".wp-verdict")).to_be_in_viewport(ratio=1)
        press(page, w("check.promise.points"))
        heading(page, w("wizard.offer"))
        press(page, w("wizard.next"))
        heading(page, w("wizard.numbers"))
        press(page, w("wizard.next"))
        heading(page, w("wizard.place"))
        press(page, w("wizard.answer"))
        heading(page, of({"scheme": presets()[0], "mine": "1"}, w).heading)
        expect(page.locator(".wp-next")).to_be_visible()
        assert parse_qs(address(page).query)["step"] == ["answer"]
        for asked in ("wizard.place", "wizard.numbers", "wizard.offer"):
            page.go_back()
            heading(page, w(asked))
            assert (
                page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
                < PHONE["height"] / 2
            )
        page.go_back()
        heading(page, w("page.check.heading"))
        assert address(page).query == ""
        page.go_forward()
        heading(page, w("wizard.offer"))


def picks(page: Page) -> Any:
    """The groups of choices below what was found, without the one for the promise."""
    return page.get_by_test_id("stMain").get_by_test_id("stButtonGroup")


@pytest.mark.parametrize(("lang", "phone"), in_turn(LANGS, [True, False]))
def test_a_pasted_advertisement(app_url, browser, lang, phone):
    w = Words(lang, strict=True)
    text = (
        "某某好店有限公司：每消费1000元，30%进入资金池，积分只涨不跌。\n"
        "提现扣10%手续费，三倍出局，微信zhang3333"
    )
    with visitor(browser, phone=phone, lang=lang, dark=phone) as visit:
        page = visit.new_page()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
        page.goto(f"{app_url}/?step=paste")
        settle(page)
        page.locator("textarea").fill(text)
        press(page, w("paste.read"))
        expect(page.locator(".wp-finds li")).to_have_count(4)
        main = page.get_by_test_id("stMain")
        main.get_by_text(w("check.promise.points"), exact=True).click()
        settle(page)
        for value in ("30%", "3×" if lang == "en" else "3 倍", "10%"):
            main.locator("button", has_text=re.compile(f"^{re.escape(value)}")).first.click()
            settle(page)
        assert max(page.evaluate(SIDEWAYS)) <= 0
        assert page.evaluate(CUT) == []
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        press(page, w("wizard.answer"))
        expect(page.locator(".wp-next")).to_be_visible()
        expect(page).to_have_url(re.compile("points_pool.share"))
        query = {k: v[0] for k, v in parse_qs(address(page).query).items()}
        assert query["points_pool.share"] == "0.3"
        assert query["points_pool.exit_multiple"] == "3"
        assert query["points_pool.fee"] == "0.1"
        # The text has gone nowhere but through the page's own connection.
        for piece in ("某某好店", "zhang3333", "%E6%9F%90"):
            assert not any(piece in url for url in sent)
            assert piece not in page.content()


@pytest.mark.parametrize("lang", LANGS[:2])
def test_the_page_to_print_fits_on_one_sheet(app_url, browser, lang):
    with visitor(browser, lang=lang) as visit:
        page = visit.new_page()
        for scheme in ("local-life-points", "cyclic-packages"):
            page.goto(f"{app_url}/?scheme={scheme}&before=500&per_day=20&for=print")
            settle(page)
            expect(page.locator(".wp-print")).to_be_visible()
            sheets = page.pdf(format="A4").count(b"/Type /Page\n")
            assert sheets == 1, scheme
            page.emulate_media(media="print")
            expect(page.locator(".wp-print")).to_be_visible()
            expect(page.locator(".st-key-wp-header")).to_be_hidden()
            expect(page.locator(".st-key-wp-noprint")).to_be_hidden()
            page.emulate_media(media="screen")


def test_the_flags_and_the_drawer_opened(app_url, browser):
    with visitor(browser, phone=True, lang="zh-Hans") as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/?scheme=local-life-points&step=answer")
        settle(page)
        open_all(page)
        for summary in page.locator(".wp-flags summary").all():
            summary.click()
        assert max(page.evaluate(SIDEWAYS)) <= 0
        assert page.evaluate(CUT) == []
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
