"""The frame as visitors meet it: the document on the wire, and every page in a real browser."""

from __future__ import annotations

import gzip
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import start_app, stop_app
from tests.turns import in_turn
from view.pages import PAGES
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATHS = [page.path for page in PAGES]
BROWSER_LANGUAGE = {"en": "en-US", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}


def get(url: str, **headers: str) -> HTTPResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return urllib.request.urlopen(urllib.request.Request(url, headers=names), timeout=20)


@contextmanager
def visit(
    browser: Browser, url: str, *, size: dict[str, int] = DESK, lang: str = "en"
) -> Iterator[Page]:
    """A page opened by somebody new, with everything it shows already there."""
    context = browser.new_context(viewport=size, locale=BROWSER_LANGUAGE[lang])
    page = context.new_page()
    try:
        page.goto(url)
        settle(page)
        yield page
    finally:
        context.close()


def settle(page: Page) -> None:
    """Wait until the script has run to its end and nothing is marked as stale."""
    expect(page.locator(".wp-footer")).to_be_visible(timeout=30_000)
    expect(page.locator("#first-paint")).to_have_count(0, timeout=30_000)
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30_000
    )


def address(page: Page) -> SplitResult:
    """What the address bar says now: ``page.url`` may be a step behind the page itself."""
    return urlsplit(page.evaluate("location.href"))


# -- On the wire -------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_document_speaks_the_language_asked_for(app_url, page, lang):
    w = Words(lang, strict=True)
    by_query = get(f"{app_url}{page.path}?lang={lang}", Accept_Language="fr").read().decode()
    by_browser = get(f"{app_url}{page.path}", Accept_Language=BROWSER_LANGUAGE[lang])
    html = by_browser.read().decode()
    for text in (by_query, html):
        assert f'<html lang="{lang}">' in text
        assert f"<title>{w(f'page.{page.id}.title')}</title>" in text
        assert f'<meta name="description" content="{w(f"page.{page.id}.description")}">' in text
        assert "<h1>" in text.split('<div id="root">')[0]
    assert by_browser.headers["Cache-Control"] == "no-cache"
    assert "Accept-Language" in by_browser.headers["Vary"]


def test_document_is_compressed_and_escapes_the_address(app_url):
    query = "lang=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&preset=%3Cb%3E"
    answer = get(f"{app_url}/money?{query}", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(answer.read()).decode()
    assert "alert(1)" not in html
    assert "<b>" not in html
    assert '<html lang="en">' in html


def test_security_headers_name_no_other_host(app_url):
    headers = get(f"{app_url}/").headers
    policy = headers["Content-Security-Policy"]
    hosts = set(re.findall(r"wss?://([^\s;]+)|https?://([^\s;]+)", policy))
    assert hosts == {(urlsplit(app_url).netloc, "")}
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]


def test_static_files_are_compressed_once_and_whole(app_url):
    html = get(f"{app_url}/").read().decode()
    name = re.search(r'src="\.(/static/js/[^"]+)"', html).group(1)
    plain = get(app_url + name)
    packed = get(app_url + name, Accept_Encoding="gzip")
    body = packed.read()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "immutable" in packed.headers["Cache-Control"]
    assert gzip.decompress(body) == plain.read()
    part = get(app_url + name, Accept_Encoding="gzip", Range="bytes=0-99")
    assert part.status == 206
    assert part.headers.get("Content-Encoding") is None
    head = urllib.request.Request(
        app_url + name, method="HEAD", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(head) as answer:
        assert answer.headers["Content-Length"] == str(len(body))
        assert answer.read() == b""
    with pytest.raises(urllib.error.HTTPError, match="304"):
        get(app_url + name, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    refused = get(app_url + name, Accept_Encoding="gzip;q=0")
    assert refused.headers.get("Content-Encoding") is None


@pytest.mark.parametrize("path", ["/nowhere", "/money/deeper", "/index.html", "/money/"])
def test_a_strange_path_leads_to_a_page(app_url, path):
    answer = get(f"{app_url}{path}?lang=zh-Hant")
    assert urlsplit(answer.url).path in PATHS
    assert urlsplit(answer.url).query == "lang=zh-Hant"
    assert '<html lang="zh-Hant">' in answer.read().decode()


def test_our_own_icon(app_url):
    assert get(f"{app_url}/icon.svg").headers["Content-Type"] == "image/svg+xml"
    assert get(f"{app_url}/favicon.png").headers["Content-Type"] == "image/png"


# -- In the browser ----------------------------------------------------------------


def test_nothing_is_requested_from_another_host(app_url, browser):
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security" in message.text else None
        ),
    )
    for path in PATHS:
        page.goto(app_url + path)
        settle(page)
    context.close()
    here = urlsplit(app_url).netloc
    others = [url for url in asked if not url.startswith(("data:", "blob:"))]
    assert {urlsplit(url).netloc for url in others} == {here}
    assert refused == []


def test_cold_deep_link_keeps_its_address(browser, tmp_path: Path):
    process, url = start_app(tmp_path / "log.txt")
    try:
        link = f"{url}/money?scheme=wine-points@1&lang=zh-Hant"
        with visit(browser, link) as page:
            assert address(page).path == "/money"
            query = parse_qs(address(page).query)
            assert query["scheme"] == ["wine-points@1"]
            assert query["lang"] == ["zh-Hant"]
            w = Words("zh-Hant", strict=True)
            expect(page.locator(".st-key-wp-here-money")).to_contain_text(w("page.money.nav"))
            expect(page).to_have_title(w("page.money.title"))
    finally:
        stop_app(process)


def test_language_switch_keeps_the_rest_and_goes_along(app_url, browser):
    with visit(browser, f"{app_url}/money?scheme=wine-points@1") as page:
        page.get_by_role("radio", name="繁體").or_(page.get_by_role("button", name="繁體")).click()
        w = Words("zh-Hant", strict=True)
        expect(page).to_have_title(w("page.money.title"))
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
        expect(page).to_have_url(re.compile("lang=zh-Hant"))
        query = parse_qs(address(page).query)
        assert query["scheme"] == ["wine-points@1"]
        assert query["lang"] == ["zh-Hant"]
        page.get_by_role("link", name=w("page.sources.nav"), exact=True).click()
        expect(page).to_have_title(w("page.sources.title"))
        settle(page)
        assert address(page).path == "/sources"
        assert parse_qs(address(page).query)["lang"] == ["zh-Hant"]
        page.go_back()
        expect(page).to_have_title(w("page.money.title"))


def test_an_unknown_language_speaks_the_browser_s(app_url, browser):
    with visit(browser, f"{app_url}/sources?lang=tlh", lang="zh-Hans") as page:
        expect(page).to_have_title(Words("zh-Hans")("page.sources.title"))


def test_first_paint_needs_no_javascript(app_url, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(app_url)
    expect(page.locator("h1")).to_be_visible()
    context.close()
    # Chromium with scripts switched off from outside still hides what is meant for that case.
    html = get(f"{app_url}/money", Accept_Language="zh-CN").read().decode()
    assert Words("zh-Hans", strict=True)("app.noscript") in html.split("<noscript>")[1]
    # Check lacks nothing without them.
    assert "<noscript>" not in get(app_url).read().decode()


@pytest.mark.parametrize(("path", "lang"), in_turn(PATHS, LANGS))
def test_phone_header_is_small_and_nothing_scrolls_sideways(app_url, browser, path, lang):
    with visit(browser, app_url + path, size=PHONE, lang=lang) as page:
        wide = page.evaluate(
            "() => [document.documentElement, ...document.querySelectorAll("
            "'[data-testid=stMain], [data-testid=stAppViewContainer]')]"
            ".map(e => e.scrollWidth - e.clientWidth)"
        )
        assert max(wide) <= 0
        header = page.locator(".st-key-wp-header").bounding_box()
        assert header["y"] + header["height"] <= 96
        assert header["height"] <= 88
        for entry in PAGES:
            link = page.get_by_role("link", name=Words(lang)(f"page.{entry.id}.nav"), exact=True)
            expect(link.first).to_be_in_viewport(ratio=1)


def test_first_load_over_the_wire(app_url, browser):
    """Bytes as sent, headers included, of a first visit to the page one lands on."""
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sent: list[float] = []
    network.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    page.goto(app_url)
    settle(page)
    page.wait_for_timeout(1000)
    context.close()
    assert 0.3e6 < sum(sent) < 4e6


def test_the_scheme_goes_along_and_back_is_no_trap(app_url, browser):
    with visit(browser, f"{app_url}/?scheme=wine-points@1") as page:
        w = Words("en", strict=True)
        page.get_by_role("link", name=w("page.money.nav"), exact=True).click()
        expect(page).to_have_title(w("page.money.title"))
        expect(page).to_have_url(re.compile("scheme=wine-points%401"))
        settle(page)
        page.go_back()  # to the address as the link had it
        settle(page)
        page.go_back()
        expect(page).to_have_title(w("page.check.title"))
        expect(page).to_have_url(re.compile("/\\?scheme=wine-points"))
