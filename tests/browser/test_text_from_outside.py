"""In a real browser: no link, picture, script or formula comes of what was sent."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from model.library import preset
from model.preset_file import written
from tests.browser.test_frame import get, settle
from tests.pages.test_text_from_outside import MARK, SENT

#: What markup would have made, by what is in its attributes or what it is.
MADE = """() => [...document.querySelectorAll("*")]
  .filter((each) => each.matches(".katex, [data-testid=stIconMaterial]")
    ? each.textContent.includes("MARK")
    : [...each.attributes].some(({ name, value }) => !OURS.includes(name)
      && value.replace(/stAppEmbeddingId-\\w+/, "").includes("MARK")))
  .map((each) => each.outerHTML.slice(0, 300))"""


def made(page: Page) -> list[str]:
    """Elements that what was sent has become; what a box holds, or is called by, is text."""
    ours = json.dumps(["value", "title", "aria-label"])
    return page.evaluate(MADE.replace("MARK", MARK).replace("OURS", ours))


def test_what_was_sent_is_text(app_url: str, browser: Browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(_outside(request, app_url)))
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    boxes = page.locator(".wp-notice.wp-warning")

    def in_order() -> None:
        assert made(page) == []
        assert MARK not in page.evaluate("document.head.innerHTML + document.title")
        assert page.locator(".wp-notice :not(.nothing)").count() == 0
        assert [each for each in asked if each] == []

    try:
        # The live panels, drawn before and after the script; no more than five sentences.
        query = {"scheme": SENT[0], "order.rest": SENT[9], "view": SENT[1]}
        query |= {"points_pool.fee": SENT[5], f"points_pool.{SENT[6]}": SENT[2]}
        page.goto(f"{app_url}/money?{urlencode(query)}")
        settle(page)
        expect(boxes).to_have_count(5)
        said = " ".join(boxes.all_inner_texts())
        for text in (SENT[0], SENT[9], SENT[1], SENT[5], f"points_pool.{SENT[6]}"):
            assert text[:38] in said
        in_order()
        # A box for lines of numbers, and a file.
        page.goto(f"{app_url}/money?view=rules&scheme=cyclic-packages")
        settle(page)
        lines = page.locator("textarea").first
        lines.fill(SENT[9])
        lines.press("Control+Enter")
        expect(boxes).to_contain_text([f"www.{MARK}.example"])
        in_order()
        chosen = preset("wine-points")
        text = written(chosen.scheme(), name=chosen.name, summary=chosen.summary)
        strange = text.replace('key = "points_pool.fee"', f"key = {json.dumps(SENT[9])}")
        page.locator('input[type="file"]').set_input_files(
            {
                "name": f"{MARK}[a](http:!!{MARK}.example) <b>.toml",
                "mimeType": "application/toml",
                "buffer": strange.encode(),
            }
        )
        expect(boxes.filter(has_text="http://")).to_have_count(2)
        in_order()
    finally:
        context.close()


def _outside(request: Request, app_url: str) -> str:
    """A request that goes elsewhere, or would not be made but for what was sent."""
    here = request.url.startswith((app_url, app_url.replace("http", "ws", 1), "data:", "blob:"))
    return (
        "" if here and (MARK not in request.url or request.is_navigation_request()) else request.url
    )


def test_headers_are_repeated_nowhere(app_url: str):
    sent = {"Accept_Language": SENT[3], "User_Agent": SENT[2], "X_Forwarded_Host": SENT[0]}
    for path in ("/", "/money", "/claims", "/teach", "/sources"):
        answer = get(f"{app_url}{path}", **sent)
        assert MARK not in answer.read().decode()
        assert MARK not in str(answer.headers)


def test_metrics_are_nobody_s_and_cookies_are_for_tls(app_url: str):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{app_url}/_stcore/metrics")
    for proto in ("http", "https"):
        headers = {"X-Forwarded-Proto": proto}
        request = urllib.request.Request(f"{app_url}/_stcore/health", headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            (cookie,) = answer.headers.get_all("Set-Cookie")
        assert ("; Secure" in cookie) == (proto == "https")
        assert "SameSite=Lax" in cookie
