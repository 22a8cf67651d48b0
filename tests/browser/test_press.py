"""The sheet for journalists in a real browser: what it saves, and what comes out of the printer."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Download, expect

from model import simulate
from model.library import preset
from tests.browser.test_frame import settle
from tests.browser.test_pages import drawn, visitor
from tests.turns import few
from view.parts import context
from view.press import press_sheet
from view.sentences import findings
from view.words.words import LANGS, Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(3)

assert context  # registers the parameters' English words
QUERY = "scheme=cyclic-purchase@1&horizon=90"


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def saved(download: Download, folder: Path) -> bytes:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize("lang", few(LANGS))
def test_pictures_at_print_size_and_the_data(app_url, browser, tmp_path, lang):
    w = Words(lang, strict=True)
    scheme = preset("cyclic-purchase@1").scheme({"horizon": 90})
    with visitor(browser, lang=lang) as visit:
        page = visit.new_page()
        failed: list[str] = []
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.goto(f"{app_url}/money?for=press&{QUERY}&lang={lang}")
        drawn(page, 1)
        with page.expect_download() as waited:
            page.get_by_role("button", name=w("press.take.png")).click()
        assert waited.value.suggested_filename == "who-pays-cyclic-purchase-1-returns.png"
        width, height = size(saved(waited.value, tmp_path))
        assert width == press_sheet.PRINT_WIDTH * press_sheet.PRINT_SCALE
        assert height >= press_sheet.PRINT_HEIGHT * press_sheet.PRINT_SCALE
        with page.expect_download() as waited:
            page.get_by_role("button", name=w("press.take.svg")).click()
        svg = saved(waited.value, tmp_path).decode()
        # Words are words in it, and the assumption, the preset and the project are among them.
        text = re.sub(r"<[^>]+>", "", svg.replace("</tspan>", "\n")).replace("\xa0", " ")
        assert "<text" in svg
        assert findings.assumption(scheme, w) in text
        assert "cyclic-purchase@1" in text
        assert w("source.changed", name="cyclic-purchase@1") in text
        expect(page.get_by_role("status")).to_have_text(
            w("press.take.saved", file="who-pays-cyclic-purchase-1-returns.svg")
        )
        with page.expect_download() as waited:
            page.get_by_role("button", name=w("press.take.data")).click()
        saved(waited.value, tmp_path)
        assert failed == []
    with zipfile.ZipFile(tmp_path / "who-pays-cyclic-purchase-1.zip") as archive:
        readme = archive.read("README.md").decode()
        assert (
            archive.read("series.csv")
            .decode("utf-8-sig")
            .startswith("# " + w("source.changed", name="cyclic-purchase@1"))
        )
    for said in (w, Words("en", strict=True)):
        conclusion, _ = press_sheet.concluded(simulate(scheme), said)
        assert conclusion in readme
    link = next(line for line in re.findall(r"http\S+", readme))
    assert link.startswith(f"{app_url}/money?")
    with visitor(browser, lang=lang) as visit:
        # The link opens the same sheet with the same numbers, also for somebody new.
        page = visit.new_page()
        page.goto(link)
        drawn(page, 1)
        conclusion, _ = press_sheet.concluded(simulate(scheme), w)
        expect(page.locator("blockquote")).to_have_text(conclusion)


def test_the_sentence_goes_to_the_clipboard(app_url, browser):
    w = Words("en", strict=True)
    with visitor(browser) as visit:
        visit.grant_permissions(["clipboard-read", "clipboard-write"])
        page = visit.new_page()
        page.goto(f"{app_url}/money?for=press&{QUERY}")
        drawn(page, 1)
        page.get_by_role("button", name=w("press.take.copy")).click()
        expect(page.get_by_text(w("copy.done"), exact=True)).to_be_visible()
        said = page.evaluate("() => navigator.clipboard.readText()")
        assert said == page.locator("blockquote").inner_text()


def test_a_library_that_does_not_come_is_said_and_asked_for_again(app_url, browser):
    w = Words("en", strict=True)
    with visitor(browser) as visit:
        page = visit.new_page()
        page.route("**/plotly-*.js", lambda route: route.abort())
        page.goto(f"{app_url}/money?for=press&{QUERY}")
        drawn(page, 1)
        # The library that draws the page's own charts would do as well.
        page.evaluate("() => { delete window.Plotly; }")
        button = page.get_by_role("button", name=w("press.take.png"))
        button.click()
        expect(page.get_by_role("status")).to_have_text(w("press.take.failed"))
        page.unroute("**/plotly-*.js")
        with page.expect_download():
            button.click()


@pytest.mark.part(3)
@pytest.mark.parametrize("lang", LANGS)
def test_prints_on_at_most_two_pages(app_url, browser, lang):
    with visitor(browser, lang=lang) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?for=press&scheme=wine-points@1&lang={lang}")
        drawn(page, 1)
        pdf = page.pdf(format="A4")
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
        page.emulate_media(media="print")
        expect(page.locator("blockquote")).to_be_visible()
        expect(page.locator(".wp-cite")).to_be_visible()
        for left_out in (".st-key-wp-press-take", ".st-key-wp-header", ".st-key-wp-press-top"):
            expect(page.locator(left_out)).to_be_hidden()


@pytest.mark.part(3)
@pytest.mark.parametrize("path", ["/", "/money", "/money?view=steps"])
def test_the_way_there_and_back_keeps_everything(app_url, browser, path):
    w = Words("zh-Hans", strict=True)
    with visitor(browser, lang="zh-Hans") as visit:
        page = visit.new_page()
        mark = "&" if "?" in path else "?"
        page.goto(f"{app_url}{path}{mark}scheme=wine-points@1&order.spend=500")
        settle(page)
        above = "h1" if path == "/" else ".wp-finding"
        before = page.get_by_test_id("stMain").locator(above).first.inner_text()
        address = page.url
        page.get_by_role("button", name=w("press.link")).click()
        expect(page.locator("blockquote")).to_contain_text("¥500")
        expect(page).to_have_url(re.compile("for=press"))
        page.get_by_role("button", name=w("press.back")).click()
        expect(page.get_by_test_id("stMain").locator(above).first).to_have_text(before)
        # The address is written after the page has been drawn.
        expect(page).not_to_have_url(re.compile("for=press"))
        assert parse_qs(urlsplit(page.url).query) == parse_qs(urlsplit(address).query)
        page.go_back()
        expect(page.locator("blockquote")).to_be_visible()


@pytest.mark.part(2)
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_is_accessible_and_fits(app_url, browser, phone, dark):
    with visitor(browser, phone=phone, dark=dark, lang="zh-Hans") as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?for=press&{QUERY}")
        drawn(page, 1)
        settle(page)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
        assert (
            page.evaluate("() => document.documentElement.scrollWidth")
            <= (page.viewport_size or {"width": 0})["width"]
        )
