"""The pages as people use them: a slider moved, a link opened, a finger on a chart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from model import load, presets, simulate
from tests.browser.test_frame import (
    BROWSER_LANGUAGE,
    DESK,
    PHONE,
    address,
    settle,
)
from tests.conftest import start_app, stop_app
from tests.turns import in_turn
from view.parts import context
from view.sentences import findings
from view.words.format import yuan
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)
#: The height of a small phone's window: the example's verdict is in sight there.
SMALL_PHONE = 664
#: Every page in every view, with the most opened that it has.
VIEWS = {
    "check": "/",
    "question": "/?scheme=green-points&step=numbers",
    "answer": "/?scheme=wine-points&before=50&points_pool.share=0.3",
    "paste": "/?step=paste",
    "paid": "/?step=paid",
    "print": "/?scheme=green-points&for=print",
    "live": "/money",
    "steps": "/money?view=steps",
    "whose": "/money?view=whose",
    "teach": "/teach",
    "sources": "/sources",
    "cases": "/claims?view=cases&case=case-wanjia",
    "sound": "/claims?view=sound",
    "law": "/claims?view=law",
}
CHARTS = {"live": 3, "steps": 1, "whose": 1, "cases": 1}


@contextmanager
def visitor(
    browser: Browser, *, phone: bool = False, lang: str = "en", dark: bool = False
) -> Iterator[BrowserContext]:
    """Somebody new, with a desk or a phone."""
    more: dict[str, Any] = (
        {"is_mobile": True, "has_touch": True, "user_agent": PHONE_AGENT, "device_scale_factor": 2}
        if phone
        else {}
    )
    visit = browser.new_context(
        viewport=PHONE if phone else DESK,
        locale=BROWSER_LANGUAGE[lang],
        color_scheme="dark" if dark else "light",
        **more,
    )
    try:
        yield visit
    finally:
        visit.close()


def drawn(page: Page, charts: int) -> None:
    """Wait until the page is there and every chart has its marks."""
    settle(page)
    page.wait_for_function(
        "n => [...document.querySelectorAll('.js-plotly-plot')]"
        ".filter(p => p.querySelector('.trace, .bars .point, .js-line')).length >= n",
        arg=charts,
        timeout=30_000,
    )


def open_all(page: Page) -> None:
    """Open every expander, so that what is hidden is looked at too."""
    for summary in page.locator('[data-testid="stExpander"] summary').all():
        summary.click()
    settle(page)
    page.wait_for_timeout(400)  # the expander's own animation


#: The data of each chart as drawn; what is packed is compared as packed.
TRACES = (
    "[...document.querySelectorAll('.js-plotly-plot')]"
    ".map(p => JSON.stringify(p.data.map(t => [t.x, t.y])))"
)


def traces(page: Page) -> list[str]:
    return page.evaluate(f"() => {TRACES}")


def slider(page: Page, label: str) -> Any:
    """The slider of the live panels with this label."""
    return page.locator(".wp-live").get_by_role("slider", name=label, exact=True)


def stock_slider(page: Page, label: str) -> Any:
    """Streamlit's slider with this label; it carries it twice in its accessible name."""
    return page.locator(f'input[type="range"][aria-label="{label}"]')


# -- Live -----------------------------------------------------------------------------


def test_a_key_press_moves_all_three_panels_and_back_restores(app_url, browser):
    w = Words("en", strict=True)
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        finding = page.locator(".wp-finding")
        before, said = traces(page), finding.inner_text()
        assert said == findings.finding(simulate(load(presets()[0])), w)
        share = load(presets()[0]).pool.share
        slider(page, w.label("points_pool.share")).press("ArrowRight")
        more = round(share + 0.01, 10)
        expected = findings.finding(simulate(load(presets()[0], {"points_pool.share": more})), w)
        expect(finding).to_have_text(expected)
        expect(page).to_have_url(re.compile(re.escape(f"points_pool.share={more:g}")))
        # Every one of the three is another picture now.
        page.wait_for_function(f"b => {TRACES}.every((t, i) => t !== b[i])", arg=before)
        assert len(traces(page)) == len(before) == 3
        page.go_back()
        expect(finding).to_have_text(said)
        settle(page)
        assert "points_pool.share" not in parse_qs(address(page).query)
        page.wait_for_function(f"b => {TRACES}.every((t, i) => t === b[i])", arg=before)
        expect(slider(page, w.label("points_pool.share"))).to_have_attribute(
            "aria-valuetext", f"{100 * share:g}%"
        )


def test_cold_link_restores_the_knobs(browser, tmp_path: Path):
    """The first request of a server that has just started."""
    w = Words("zh-Hans", strict=True)
    wanted = {
        "points_pool.share": 0.25,
        "points_pool.fee": 0.3,
        "points_pool.exit_multiple": 1.5,
        "demand.orders_per_tick": 500,
        "behaviour.sell_share": 0.02,
    }
    query = {"lang": "zh-Hans", "scheme": "wine-points@1"} | {k: str(v) for k, v in wanted.items()}
    process, url = start_app(tmp_path / "log.txt")
    try:
        with visitor(browser) as visit:
            page = visit.new_page()
            page.goto(f"{url}/money?{urlencode(query)}")
            drawn(page, 3)
            result = simulate(load("wine-points@1", wanted))
            expect(page.locator(".wp-finding")).to_have_text(findings.finding(result, w))
            assert {k: v[0] for k, v in parse_qs(address(page).query).items()} == query
            for key, value in (("points_pool.share", "25%"), ("points_pool.fee", "30%")):
                expect(slider(page, w.label(key))).to_have_attribute("aria-valuetext", value)
            open_all(page)
            box = page.get_by_role("textbox", name=w.label("behaviour.sell_share"))
            expect(box).to_have_value("2")
    finally:
        stop_app(process)


def test_the_file_says_its_units(app_url, browser):
    w = Words("en", strict=True)
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?points_pool.fee=0.3")
        drawn(page, 3)
        page.get_by_text(w("table.title"), exact=True).click()
        button = page.get_by_role("button", name=w("table.csv"))
        expect(button).to_be_visible()
        settle(page)
        with page.expect_download() as started:
            button.click()
        text = Path(started.value.path()).read_text("utf-8-sig")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    header, *rows = [line for line in text.splitlines() if not line.startswith("#")]
    assert any("points_pool.fee = 0.3" in line for line in comments)
    assert any(presets()[0] in line for line in comments)
    assert all(re.fullmatch(r".+ \(.+\)", column) for column in header.split(",")), header
    scheme = load(presets()[0], {"points_pool.fee": 0.3})
    assert len(rows) == scheme.horizon
    at = [column.split(" ")[0] for column in header.split(",")].index("pool")
    assert float(rows[-1].split(",")[at]) == pytest.approx(simulate(scheme).totals["pool"])


# -- On a phone -----------------------------------------------------------------------


@pytest.mark.parametrize("chart", [0, 2])
def test_a_swipe_that_starts_on_a_chart_scrolls_the_page(app_url, browser, chart):
    with visitor(browser, phone=True) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        plot = page.locator(".js-plotly-plot").nth(chart)
        plot.evaluate("e => e.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(300)
        box = plot.bounding_box()
        data = traces(page)
        ranges = (
            "() => [...document.querySelectorAll('.js-plotly-plot')]"
            ".map(p => JSON.stringify([p.layout.xaxis.range, p.layout.yaxis.range]))"
        )
        axes = page.evaluate(ranges)
        position = "() => document.querySelector('[data-testid=stMain]').scrollTop + window.scrollY"
        start = page.evaluate(position)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        # The first chart may stand at the top of the page, the last at its end.
        way = -150 if chart == 0 else 150
        swipe(page, x, y, way)
        page.wait_for_function(f"s => Math.abs(s - ({position})()) > 100", arg=start)
        swipe(page, x, y, -way)
        page.wait_for_function(f"s => Math.abs(({position})() - s) < 50", arg=start)
        assert traces(page) == data
        assert page.evaluate(ranges) == axes


def swipe(page: Page, x: float, y: float, by: float) -> None:
    """A finger put down and moved."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: float) -> None:
        at = [{"x": x, "y": point} for point in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    send("touchStart", y)
    for k in range(1, 11):
        send("touchMove", y + by * k / 10)
        page.wait_for_timeout(16)
    send("touchEnd")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("lang", LANGS)
def test_check_answers_before_any_chart_and_without_a_tap(app_url, browser, lang):
    scheme = load(presets()[0])
    most, spend = yuan(scheme.most_paid, lang), yuan(scheme.order.spend, lang)
    verdict = Words(lang, strict=True)("verdict.less", most=most, spend=spend)
    with visitor(browser, phone=True, lang=lang) as visit:
        page = visit.new_page()
        blocked: list[str] = []
        visit.route(
            re.compile("plotly", re.IGNORECASE),
            lambda route: (blocked.append(route.request.url), route.abort()),
        )
        page.goto(app_url)
        settle(page)
        said = page.get_by_test_id("stMain").locator(".wp-verdict")
        expect(said).to_have_text(verdict)
        expect(said).to_be_in_viewport(ratio=1)
        box = said.bounding_box()
        assert box["y"] + box["height"] <= SMALL_PHONE
        assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == 0


SIDEWAYS = """() => [document.documentElement, document.body,
    ...document.querySelectorAll('[data-testid=stMain], [data-testid=stAppViewContainer]')]
    .map(e => e.scrollWidth - e.clientWidth)"""
# Text that is wider than what holds it and neither wraps nor scrolls. A help's button and what is
# only for screen readers (a pixel wide) do not count.
CUT = """() => [...document.querySelectorAll(
    'label, button, h1, h2, h3, summary, p, li, a, [data-testid=stWidgetLabel], ' +
    '[data-baseweb=select] div, [role=radio], [role=tab]')]
    .filter(e => e.checkVisibility() && e.clientWidth > 4 && e.innerText?.trim()
        && !e.closest('.js-plotly-plot')
        && getComputedStyle(e).display !== 'inline'
        && (e.scrollWidth > e.clientWidth + 1
            || (getComputedStyle(e).overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 2)))
    .map(e => `${e.tagName} ${e.className} ${e.innerText.slice(0, 60)} `
        + `${e.scrollWidth}>${e.clientWidth} ${e.scrollHeight}>${e.clientHeight}`)"""


# -- For everybody --------------------------------------------------------------------


def fits(page: Page) -> None:
    """Nothing is wider than the page, nothing cut, and everybody can use it."""
    page.wait_for_timeout(300)
    assert max(page.evaluate(SIDEWAYS)) <= 0
    assert page.evaluate(CUT) == []


def whole_at_both_widths(page: Page) -> None:
    """A phone's page that has been drawn, and the same on a desk."""
    for width in (PHONE, DESK):
        page.set_viewport_size(width)
        fits(page)
        results = Axe().run(page)
        assert len(results.response["passes"]) > 10
        assert results.violations_count == 0, results.generate_report()


@pytest.mark.part(6)
@pytest.mark.parametrize(("view", "lang"), in_turn(VIEWS, LANGS, each=2))
def test_fits_is_whole_and_is_accessible(app_url, browser, view, lang):
    """Light and dark in turn, so that each view has been seen in both."""
    dark = (list(VIEWS).index(view) + LANGS.index(lang)) % 2 == 1
    with visitor(browser, phone=True, lang=lang, dark=dark) as visit:
        page = visit.new_page()
        page.goto(app_url + VIEWS[view])
        drawn(page, CHARTS.get(view, 0))
        fits(page)
        open_all(page)
        whole_at_both_widths(page)


def test_a_round_through_everything_makes_no_noise_and_asks_nobody_else(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        asked: list[str] = []
        noise: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on(
            "console",
            lambda message: (
                noise.append(f"{message.text} {message.location.get('url', '')}")
                if message.type == "error"
                else None
            ),
        )
        for view, path in VIEWS.items():
            page.goto(app_url + path)
            drawn(page, CHARTS.get(view, 0))
            open_all(page)
        w = Words("en", strict=True)
        page.goto(f"{app_url}/money?zoom=on")
        drawn(page, 3)
        slider(page, w.label("points_pool.fee")).press("ArrowLeft")
        settle(page)
        page.get_by_role("link", name=w("page.check.nav"), exact=True).click()
        expect(page).to_have_title(w("page.check.title"))
        settle(page)
    here = urlsplit(app_url).netloc
    others = [url for url in asked if not url.startswith(("data:", "blob:"))]
    assert {urlsplit(url).netloc for url in others} == {here}
    # Streamlit looks for itself under every part of a page's path; what is not there is a 404.
    known = re.compile(r"404.*_stcore/(health|host-config)")
    assert [text for text in noise if not known.search(text)] == []
