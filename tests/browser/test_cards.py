"""Cards as others meet them: on the wire, and in the frames of other people's pages."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_frame import BROWSER_LANGUAGE
from view.light import embeds
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(url: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    """Status, headers and body, of a redirect too."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(urllib.request.Request(url, headers=names), timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


# -- On the wire -------------------------------------------------------------------


def test_one_result_has_one_address(app_url):
    wanted = "lang=en&scheme=wine-points@1&points_pool.fee=0.3"
    for given in (
        "points_pool.fee=0.30&scheme=wine-points&lang=en",
        f"{wanted}&utm_source=x&from=timeline&isappinstalled=0&fbclid=1",
        f"{wanted}&step=answer",
    ):
        status, headers, _ = ask(f"{app_url}/card?{given}")
        assert status == 308
        assert headers["Location"] == f"./card?{wanted}"
    status, headers, body = ask(f"{app_url}/card?{wanted}")
    assert status == 200
    again, _, nothing = ask(f"{app_url}/card?{wanted}", If_None_Match=headers["ETag"])
    assert (again, nothing) == (304, b"")
    other = ask(f"{app_url}/card?{wanted.replace('0.3', '0.31')}")[1]["ETag"]
    assert other != headers["ETag"]
    assert len(body) < 20_000


def test_who_names_no_language_may_come_again_with_another(app_url):
    for lang in LANGS:
        accept = BROWSER_LANGUAGE[lang]
        status, headers, _ = ask(f"{app_url}/card?scheme=wine-points", Accept_Language=accept)
        assert status == 307
        assert f"lang={lang}&" in headers["Location"]
        assert headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("form", ["card", "embed", "card.svg", "card.png", "card.csv", "card.json"])
def test_anybody_may_show_a_card_and_it_loads_nothing(app_url, form):
    for query, wanted in (("lang=en&scheme=wine-points@1", 200), ("lang=en&scheme=none", 400)):
        status, headers, body = ask(f"{app_url}/{form}?{query}")
        assert status == wanted
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "frame-ancestors *" in policy
        assert "unsafe" not in policy
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Cross-Origin-Opener-Policy" not in headers
        assert body
    # The pages keep theirs.
    page = ask(f"{app_url}/?scheme=wine-points")[1]
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_crowd_gets_one_drawing_and_nobody_an_error(app_url):
    url = f"{app_url}/card.png?lang=zh-Hant&page=money&scheme=guild-queue@1&horizon=77"
    with ThreadPoolExecutor(20) as pool:
        found = [*pool.map(ask, [url] * 20)]
    assert {status for status, _, _ in found} == {200}
    assert len({body for _, _, body in found}) == 1


def test_too_long_an_address_is_refused(app_url):
    assert ask(f"{app_url}/card?lang=en&x={'y' * 9000}")[0] == 414
    # Without an address of its own the server knows no embed of anybody's.
    assert ask(f"{app_url}/oembed?url=https://elsewhere.example/card")[0] == 404


# -- In other people's pages -----------------------------------------------------------

HOST = """<!DOCTYPE html><html><body style="margin:0"><p>An article.</p>
<iframe id="it" title="card" sandbox="allow-scripts" style="border:0;width:100%;height:100px"
 src="{src}"></iframe>
<script>
const frame = document.getElementById("it");
const heard = window.heard = {{}};
addEventListener("message", ({{ data }}) => {{
  const set = (name, height) => {{ heard[name] = height; frame.style.height = height + "px"; }};
  if (data && data.sender === "who-pays") set("own", data.height);
  const wrapped = data && data["datawrapper-height"];
  if (wrapped) set("datawrapper", Object.values(wrapped)[0]);
  if (typeof data === "string" && data.startsWith("pymxPYMx")) {{
    const [, id, what, height] = data.split("xPYMx");
    if (what === "height") set("pym", Number(height));
  }}
  if (data && data.sentinel === "amp" && data.type === "embed-size") set("amp", data.height);
  if (typeof data === "string" && data[0] === "{{") {{
    const told = JSON.parse(data);
    if (told.context === "iframe.resize") set("embedly", told.height);
  }}
  if (data && data.message === "height" && data.secret === "abc123") set("wordpress", data.value);
}});
</script></body></html>"""


@pytest.fixture(scope="module")
def host(app_url: str) -> Iterator[str]:
    """A page of somebody else, on another address."""

    class Handler(BaseHTTPRequestHandler):
        body: ClassVar[bytes] = HOST.format(
            src=f"{app_url}/embed?lang=en&page=money&scheme=green-points@1&secret=abc123#?secret=abc123"
        ).encode()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(self.body)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_an_embed_sizes_itself_under_every_host_s_script(browser, host, dark):
    context = browser.new_context(
        color_scheme="dark" if dark else "light", viewport={"width": 1280, "height": 1000}
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(host)
    inside = page.frames[-1]
    inside.wait_for_selector("#card")
    for width in (280, 320, 390, 500, 640, 800, 1000, 1200):
        page.set_viewport_size({"width": width, "height": 1000})
        page.wait_for_function(
            "() => ['own', 'datawrapper', 'pym', 'amp', 'embedly', 'wordpress']"
            ".every((name) => window.heard[name] > 100)"
        )
        page.wait_for_function(
            "() => new Set(Object.values(window.heard)).size === 1"
            " && document.getElementById('it').clientHeight === window.heard.own"
        )
        expect(inside.locator("#finding")).to_be_visible()
        inside.wait_for_function(
            "() => document.documentElement.scrollHeight <= innerHeight + 1"
            " && document.documentElement.scrollWidth <= innerWidth"
        )
        assert page.evaluate("window.heard.own") <= 1000
    assert problems == []
    context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_card_is_accessible_and_needs_no_script(app_url, browser, dark):
    scheme = "dark" if dark else "light"
    url = f"{app_url}/card?lang=zh-Hans&scheme=guild-queue@1"
    with_scripts = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844})
    page = with_scripts.new_page()
    page.goto(url)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture = page.locator("main > img").first
    assert picture.evaluate("(e) => e.complete && e.naturalWidth") == 1080
    with_scripts.close()
    without = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = without.new_page()
    page.goto(url)
    w = Words("zh-Hans", strict=True)
    page.get_by_text(w("field.play")).click()
    assert page.locator("#play").is_checked()
    page.get_by_role("link", name=w("card.open")).click()
    expect(page.locator("h1")).to_be_visible()
    without.close()


def test_the_share_bar_leads_to_the_card_of_this_state(app_url, browser):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{app_url}/?scheme=wine-points&points_pool.fee=0.3&lang=en")
    page.locator("button[name=copy]").click(timeout=30_000)
    assert "points_pool.fee=0.3" in page.evaluate("navigator.clipboard.readText()")
    with context.expect_page() as opened:
        page.locator("a[name=card]").click()
    card = opened.value
    expect(card.locator("#finding")).to_be_visible()
    assert card.url.endswith("/card?lang=en&scheme=wine-points@1&points_pool.fee=0.3")
    told = json.loads(ask(card.url.replace("/card?", "/card.json?"))[2])
    assert told["settings"]["points_pool.fee"] == "0.3"
    assert embeds.SCRIPT not in card.content()
    context.close()
