"""The kit as a printer and a phone meet it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from view.kit import html, kit
from view.words.words import LANGS

#: Pixels of a sheet of paper, upright.
WIDE, HIGH = 794, 1123

#: How far each page's content stays from its edges and its last line, in pixels.
ROOM = """() => [...document.querySelectorAll('.page')].map((page) => {
  const edge = page.getBoundingClientRect();
  const foot = page.querySelector('footer').getBoundingClientRect();
  let [low, right, left, top] = [0, 0, 1e9, 1e9];
  for (const part of page.querySelectorAll('*')) {
    if (part.closest('footer')) continue;
    const box = part.getBoundingClientRect();
    if (!box.height || !box.width) continue;
    low = Math.max(low, box.bottom); right = Math.max(right, box.right);
    left = Math.min(left, box.left); top = Math.min(top, box.top);
  }
  return [foot.top - low, edge.right - right, left - edge.left, top - edge.top];
})"""


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": WIDE, "height": HIGH})
    yield context.new_page()
    context.close()


@pytest.mark.part(18)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", kit.PARTS)
@pytest.mark.parametrize("lesson", kit.KITS)
def test_it_prints_on_as_many_pages_as_it_says(page: Page, lesson: str, part: str, lang: str):
    page.set_content(html.page(lesson, part, lang))
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == kit.count(lesson, part)
    [box] = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed))
    across, down = (float(side) for side in box)
    assert (across > down) is (part == "slides")
    # Nothing lies upon the last line, nor reaches an edge.
    page.emulate_media(media="print")
    if part == "slides":
        page.set_viewport_size({"width": HIGH, "height": WIDE})
    for below, right, left, above in page.evaluate(ROOM):
        assert below >= 0
        assert min(right, left, above) >= 20
    if part == "slides":
        # A twentieth of the wall's height can be read from its back.
        sizes = page.evaluate(
            "() => [...document.querySelectorAll('.slide h2, .slide .words p')]"
            ".map((e) => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= WIDE / 25


def test_a_page_that_is_too_full_is_seen(page: Page):
    """The measure finds what it is for: one more paragraph too many is a page more."""
    full = html.page("price", "sheet", "en").replace("</footer>", "</footer>" + "<p>x</p>" * 40)
    page.set_content(full)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 1


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_read_on_a_phone_and_loads_nothing(app_url: str, browser: Browser, dark: bool):
    context = browser.new_context(
        color_scheme="dark" if dark else "light", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    problems: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/kit?lang=zh-Hans")
    parts = (f"{app_url}/kit?lang=en&n=room&part={part}" for part in ("plan", "sheet", "slides"))
    addresses = [page.url, *parts]
    for address in addresses:
        page.goto(address)
        # Its style is let in by the policy.
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert problems == []
    assert {url for url in asked if not url.endswith("favicon.ico")} <= set(addresses)
    context.close()


def test_the_wire_says_what_there_is(app_url: str):
    def ask(query: str) -> tuple[int, str, str]:
        try:
            with urllib.request.urlopen(f"{app_url}/kit{query}", timeout=30) as answer:
                return answer.status, answer.headers["Content-Security-Policy"], answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Content-Security-Policy"], error.read()

    status, policy, body = ask("?n=price&part=ticket&lang=en")
    assert status == 200
    assert b"<section" in body
    parts = policy.split("; ")
    assert "default-src 'none'" in parts
    assert any(part.startswith("style-src 'sha256-") for part in parts)
    assert not any(part.startswith("script-src") for part in parts)
    status, policy, body = ask("?n=%3Cscript%3E&lang=en")
    assert status == 404
    assert b"<script" not in body
    assert b"n=room" in body
