"""The server dies in the middle of use and comes back: so does the page, with its settings."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, expect

from tests.browser.test_frame import address
from tests.browser.test_live import SHARE, finding, said
from tests.browser.test_pages import drawn, slider, stock_slider, visitor
from tests.conftest import start_app, stop_app
from view.words.words import Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(6)


@pytest.mark.parametrize(("lang", "moved_before"), [("en", False), ("zh-Hans", True)])
def test_a_page_comes_back_after_its_server_was_killed(browser, tmp_path, lang, moved_before):
    w = Words(lang, strict=True)
    label = w.label("points_pool.share")
    process, url = start_app(tmp_path / "first.txt")
    try:
        with visitor(browser, lang=lang) as visit:
            page = visit.new_page()
            page.goto(f"{url}/money?knobs=plain&points_pool.share=0.25&points_pool.fee=0.1")
            drawn(page, 3)
            finding, knob = page.locator(".wp-finding").last, stock_slider(page, label)
            if moved_before:
                said = finding.inner_text()
                knob.press("ArrowRight")
                expect(finding).not_to_have_text(said)
            said, query = finding.inner_text(), address(page).query
            process.kill()
            process.wait()
            # One sentence in the reader's language, and nothing that keeps them from reading.
            expect(page.locator("#wp-away")).to_have_text(w("app.away"))
            expect(page.locator("#wp-away")).to_be_visible()
            expect(finding).to_have_text(said)
            page.wait_for_timeout(3000)
            expect(page.locator("[role=dialog]")).to_have_count(0)
            process, _ = start_app(tmp_path / "second.txt", urlsplit(url).port)
            expect(page.locator("#wp-away")).to_have_text(w("app.look"))
            expect(page.locator("#wp-away")).to_be_hidden()
            drawn(page, 3)
            expect(finding).to_have_text(said)
            assert address(page).query == query
            # And it is alive: the next move is answered, and what was set before is kept.
            knob.press("ArrowRight")
            expect(finding).not_to_have_text(said)
            share = 0.27 if moved_before else 0.26
            page.wait_for_function("s => location.search.includes(s)", arg=f"share={share}")
            assert "points_pool.fee=0.1" in address(page).query
        log = (tmp_path / "second.txt").read_text("utf-8")
        assert "Traceback" not in log
        assert "fragment" not in log
    finally:
        stop_app(process)


def test_moves_that_no_server_has_heard_of_are_not_lost(browser, tmp_path):
    """Killed under a moving hand; and moved while nobody answers, then loaded anew."""
    w = Words("en", strict=True)
    process, url = start_app(tmp_path / "first.txt")
    try:
        with visitor(browser) as visit:
            page = visit.new_page()
            page.goto(f"{url}/money?points_pool.fee=0.1")
            drawn(page, 3)
            share = slider(page, w.label(SHARE))
            for _ in range(4):
                share.press("ArrowRight")
            process.kill()  # before the hand has come to rest, unless the computer is slow
            process.wait()
            share.press("ArrowRight")  # of this one the address knows nothing
            assert "=0.21" not in address(page).query
            process, _ = start_app(tmp_path / "second.txt", urlsplit(url).port)
            expect(page.locator("#wp-away")).to_have_text(w("app.back"))
            expect(page).to_have_url(re.compile(rf"{re.escape(SHARE)}=0\.21$"))
            expect(share).to_have_attribute("aria-valuetext", "21%")
            expect(finding(page)).to_have_text(said({SHARE: 0.21, "points_pool.fee": 0.1}))
            expect(page.locator("#wp-away")).to_be_hidden()

            process.kill()
            process.wait()
            for _ in range(3):
                share.press("ArrowRight")
            with pytest.raises(Error, match="REFUSED"):
                page.reload()
            process, _ = start_app(tmp_path / "third.txt", urlsplit(url).port)
            page.reload()
            expect(page).to_have_url(re.compile(rf"{re.escape(SHARE)}=0\.24$"))
            expect(share).to_have_attribute("aria-valuetext", "24%")
            expect(finding(page)).to_have_text(said({SHARE: 0.24, "points_pool.fee": 0.1}))
            # Said once: what is set otherwise afterwards is not undone.
            page.get_by_role("button", name=w("control.reset")).click()
            expect(share).to_have_attribute("aria-valuetext", "16%")
            page.wait_for_function("s => !location.search.includes(s)", arg=SHARE)
            page.reload()
            drawn(page, 3)
            expect(finding(page)).to_have_text(said({}))
        assert "Traceback" not in (tmp_path / "third.txt").read_text("utf-8")
    finally:
        stop_app(process)
