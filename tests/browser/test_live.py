"""The live panels under a real hand: mouse, keyboard, finger, and a browser that cannot."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from model import load, presets, simulate
from model.library import preset
from tests.browser.test_frame import address, settle
from tests.browser.test_pages import TRACES, drawn, slider, swipe, traces, visitor
from tests.turns import one_of_each
from view.money import live
from view.parts import context
from view.parts import knobs as offered
from view.sentences import findings
from view.words.words import Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(4)

assert context  # registers the parameters' English words
W = Words("en", strict=True)
SHARE = "points_pool.share"
FIRST = presets()[0]


def said(changes: dict[str, Any], w: Words = W, scheme: str = FIRST) -> str:
    """The finding of the first preset with these changes."""
    return findings.finding(simulate(load(scheme, changes)), w)


def finding(page: Page) -> Locator:
    return page.locator(".wp-live .wp-finding")


def box(page: Page, key: str, w: Words = W) -> Locator:
    """The box beside a slider."""
    label = w("live.box", label=w.label(key), unit=w("unit.share"))
    return page.get_by_role("textbox", name=label, exact=True)


def all_changed(page: Page, before: list[str]) -> None:
    page.wait_for_function(f"b => {TRACES}.every((t, i) => t !== b[i])", arg=before)


def at_rest(page: Page) -> None:
    """Wait longer than a hand needs to be at rest, then until the page has followed."""
    page.wait_for_timeout(600)
    settle(page)


# -- At first ------------------------------------------------------------------------------


def test_the_charts_are_there_before_streamlit_is(app_url, browser):
    """Drawn from the document alone; the same charts stay when the page takes over."""
    with visitor(browser) as visit:
        page = visit.new_page()
        page.route("**/_stcore/host-config", lambda route: route.abort())  # it asks again
        page.goto(f"{app_url}/money?lang=en")
        first = page.locator("#first-paint .js-plotly-plot .main-svg .trace")
        expect(first.first).to_be_visible()
        expect(page.locator("#first-paint .js-plotly-plot")).to_have_count(3)
        expect(page.locator("#first-paint .wp-panel")).to_have_count(3)
        page.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map(c => c.mine = true)")
        page.unroute("**/_stcore/host-config")
        expect(page.locator("#first-paint")).to_have_count(0)
        drawn(page, 3)
        kept = "[...document.querySelectorAll('.js-plotly-plot')].map(c => c.mine === true)"
        assert page.evaluate(kept) == [True, True, True]
        expect(finding(page)).to_have_text(said({}))
        before = traces(page)
        slider(page, W.label(SHARE)).press("ArrowRight")
        all_changed(page, before)


# -- Moved --------------------------------------------------------------------------------


def test_a_drag_changes_sentence_and_panels_before_it_ends_and_the_address_after(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        share = slider(page, W.label(SHARE))
        start, before, titles = finding(page).inner_text(), traces(page), panel_titles(page)
        there, place = page.url, share.bounding_box()
        assert place is not None
        entries = page.evaluate("history.length")
        middle = place["y"] + place["height"] / 2
        page.mouse.move(place["x"] + place["width"] * 0.26, middle)
        page.mouse.down()
        states = set()
        for k in range(27, 60, 4):
            page.mouse.move(place["x"] + place["width"] * k / 100, middle)
            told = share.get_attribute("aria-valuetext") or ""
            expect(finding(page)).to_have_text(said({SHARE: float(told.rstrip("%")) / 100}))
            states.add(finding(page).inner_text())
            # Nothing moves under the hand.
            assert share.bounding_box() == place
        assert len(states) > 5
        all_changed(page, before)
        assert panel_titles(page)[0] != titles[0]
        # Held for longer than a hand needs to be at rest: the address waits for the end.
        page.wait_for_timeout(600)
        assert page.url == there
        page.mouse.up()
        value = float((share.get_attribute("aria-valuetext") or "").rstrip("%")) / 100
        expect(page).to_have_url(re.compile(re.escape(f"{SHARE}={value:g}") + "$"))
        assert page.evaluate("history.length") == entries + 1
        expect(finding(page)).to_have_text(said({SHARE: value}))
        page.go_back()
        expect(finding(page)).to_have_text(start)
        expect(share).to_have_attribute("aria-valuetext", "16%")
        page.wait_for_function(f"b => {TRACES}.every((t, i) => t === b[i])", arg=before)
        page.go_forward()
        expect(finding(page)).to_have_text(said({SHARE: value}))
        expect(share).to_have_attribute("aria-valuetext", f"{100 * value:g}%")


def test_while_the_server_has_no_panels_it_is_said_why_and_the_page_follows(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        note = page.locator(".wp-live .wp-note")
        expect(note).to_be_hidden()
        page.route(
            "**/live/move",
            lambda route: route.fulfill(
                status=503, content_type="text/plain; charset=utf-8", body=W("live.slow")
            ),
        )
        share = slider(page, W.label(SHARE))
        place = share.bounding_box()
        middle = place["y"] + place["height"] / 2
        page.mouse.move(place["x"] + place["width"] * 0.2, middle)
        page.mouse.down()
        page.mouse.move(place["x"] + place["width"] * 0.6, middle)
        expect(note).to_have_text(W("live.slow"))
        page.mouse.up()
        value = float((share.get_attribute("aria-valuetext") or "").rstrip("%")) / 100
        expect(finding(page)).to_have_text(said({SHARE: value}))
        expect(note).to_be_hidden()


def panel_titles(page: Page) -> list[str]:
    return page.locator(".wp-live .wp-panel").all_inner_texts()


def test_a_key_held_down_ends_where_the_sentence_is(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        share = slider(page, W.label(SHARE))
        share.focus()
        entries = page.evaluate("history.length")
        for _ in range(25):
            page.keyboard.press("ArrowRight", delay=5)
        expect(share).to_have_attribute("aria-valuetext", "41%")
        expect(finding(page)).to_have_text(said({SHARE: 0.41}))
        expect(page).to_have_url(re.compile(r"points_pool\.share=0\.41$"))
        expect(share).to_be_focused()
        # One address for the whole way.
        assert page.evaluate("history.length") == entries + 1


def test_the_end_of_a_slider_is_never_and_growth_grows(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        out = slider(page, W.label("points_pool.exit_multiple"))
        out.press("End")
        expect(out).to_have_attribute("aria-valuetext", W("control.never"))
        expect(finding(page)).to_have_text(said({"points_pool.exit_multiple": None}))
        at_rest(page)
        slider(page, W.label("demand.growth")).press("End")
        changes = {
            "points_pool.exit_multiple": None,
            "demand.growth": 0.05,
            "demand.kind": "growing",
        }
        expect(finding(page)).to_have_text(said(changes))
        at_rest(page)
        query = parse_qs(address(page).query)
        assert query["points_pool.exit_multiple"] == ["none"]
        assert query["demand.kind"] == ["growing"]


@pytest.mark.part(6)
@pytest.mark.parametrize("name", one_of_each(presets()))
def test_every_scheme_s_knobs_move_what_is_shown(app_url, browser, name):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?scheme={name}")
        drawn(page, 3)
        scheme = preset(name).scheme()
        keys = offered.headline(scheme)
        about = {key: live.knob(scheme, key, W) for key in keys}
        shown = page.locator(".wp-live .wp-knob")
        expect(shown).to_have_count(len(keys))
        key = keys[0]
        values = about[key]["values"]
        at = values.index(about[key]["value"])
        other = at + 1 if at + 1 < len(values) else at - 1
        before = page.locator(".wp-live").inner_text()
        knob = slider(page, about[key]["label"])
        knob.press("ArrowRight" if other > at else "ArrowLeft")
        expect(knob).to_have_attribute("aria-valuetext", about[key]["texts"][other])
        page.wait_for_function(
            "b => document.querySelector('.wp-live').innerText !== b", arg=before
        )
        at_rest(page)
        assert key in parse_qs(address(page).query)


def test_a_choice_among_the_knobs(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?scheme=green-points")
        drawn(page, 3)
        policy = page.get_by_role("combobox", name=W.label("platform.policy"), exact=True)
        policy.select_option(W("choice.policy.stop"))
        expect(finding(page)).to_have_text(said({"platform.policy": "stop"}, scheme="green-points"))
        expect(page).to_have_url(re.compile("platform.policy=stop"))


def test_settings_below_and_knobs_above_keep_each_other(app_url, browser):
    """A stock widget of the page, the reset button and another scheme, between moves."""
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        page.get_by_text(W("money.more"), exact=True).click()
        share = slider(page, W.label(SHARE))
        share.press("ArrowRight")
        at_rest(page)
        sell = page.get_by_role("textbox", name=W.label("behaviour.sell_share"))
        sell.fill("2")
        sell.press("Enter")
        changes = {SHARE: 0.17, "behaviour.sell_share": 0.02}
        expect(finding(page)).to_have_text(said(changes))
        share.press("ArrowRight")
        expect(finding(page)).to_have_text(said({**changes, SHARE: 0.18}))
        at_rest(page)
        query = parse_qs(address(page).query)
        assert query[SHARE] == ["0.18"]
        assert query["behaviour.sell_share"] == ["0.02"]
        page.get_by_role("button", name=W("control.reset")).click()
        expect(finding(page)).to_have_text(said({}))
        expect(share).to_have_attribute("aria-valuetext", "16%")


def test_a_knob_just_let_go_is_kept_by_whoever_goes_on_to_something_else(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        view = page.get_by_role("button", name=W("money.view.whose")).or_(
            page.get_by_role("radio", name=W("money.view.whose"))
        )
        place = view.bounding_box()
        assert place is not None
        slider(page, W.label(SHARE)).press("ArrowRight")
        page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        expect(page).to_have_url(re.compile("view=whose"))
        expect(page).to_have_url(re.compile(rf"{re.escape(SHARE)}=0\.17"))


# -- Typed --------------------------------------------------------------------------------


def test_a_number_is_typed_and_a_wrong_one_is_answered(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        share, typed = slider(page, W.label(SHARE)), box(page, SHARE)
        expect(typed).to_have_value("16")
        typed.fill("33.3%")
        typed.press("Enter")
        expect(finding(page)).to_have_text(said({SHARE: 0.333}))
        expect(share).to_have_attribute("aria-valuetext", "33.3%")
        expect(page).to_have_url(re.compile(r"points_pool\.share=0\.333$"))
        # Off its own stops, and on from there.
        share.press("ArrowRight")
        expect(share).to_have_attribute("aria-valuetext", "34%")
        at_rest(page)
        for wrong in ("0", "101", "a lot", ""):
            typed.fill(wrong)
            typed.press("Enter")
            refused = page.get_by_role("alert").filter(has_text=W.label(SHARE))
            expect(refused).to_have_text(live.refusal(load(FIRST), SHARE, W))
            expect(typed).to_have_value(wrong)
            expect(typed).to_have_attribute("aria-invalid", "true")
            expect(finding(page)).to_have_text(said({SHARE: 0.34}))
        typed.fill("20")
        typed.press("Enter")
        expect(finding(page)).to_have_text(said({SHARE: 0.2}))
        expect(typed).not_to_have_attribute("aria-invalid", "true")
        expect(page.get_by_role("alert").filter(has_text=W.label(SHARE))).to_have_count(0)


def test_numbers_as_they_are_typed_in_chinese(app_url, browser):
    w = Words("zh-Hans", strict=True)
    with visitor(browser, lang="zh-Hans") as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        key = "demand.orders_per_tick"
        label = w("live.box", label=w.label(key), unit=w("unit.orders"))
        typed = page.get_by_role("textbox", name=label, exact=True)
        typed.fill("1.2 万")
        typed.press("Enter")
        expect(finding(page)).to_have_text(said({key: 12_000}, w))
        expect(typed).to_have_value("12,000")
        typed.fill("３００")
        typed.press("Enter")
        expect(finding(page)).to_have_text(said({key: 300}, w))


# -- On a phone, and for everybody ----------------------------------------------------------


def test_a_finger_on_a_knob(app_url, browser):
    with visitor(browser, phone=True) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        share = slider(page, W.label(SHARE))
        place, before = share.bounding_box(), traces(page)
        assert place is not None
        touch = page.context.new_cdp_session(page)
        y = place["y"] + place["height"] / 2

        def send(kind: str, *shares: float) -> None:
            points = [{"x": place["x"] + place["width"] * share, "y": y} for share in shares]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", 0.27)
        for k in range(28, 70, 3):
            send("touchMove", k / 100)
            page.wait_for_timeout(16)
        expect(share).not_to_have_attribute("aria-valuetext", "16%")
        all_changed(page, before)
        send("touchEnd")
        value = float((share.get_attribute("aria-valuetext") or "").rstrip("%")) / 100
        assert value > 0.3
        expect(finding(page)).to_have_text(said({SHARE: value}))
        expect(page).to_have_url(re.compile(re.escape(f"{SHARE}={value:g}") + "$"))


def test_knobs_stay_in_sight_and_a_swipe_on_a_chart_scrolls(app_url, browser):
    with visitor(browser, phone=True) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        chart = page.locator(".js-plotly-plot").nth(1)
        chart.evaluate("e => e.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(300)
        share = slider(page, W.label(SHARE))
        expect(share).to_be_in_viewport(ratio=1)
        # In sight and on top: what is there under a finger is the slider, or its cover.
        assert share.evaluate(
            "e => { const r = e.getBoundingClientRect();"
            " return document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)"
            "?.parentElement === e.parentElement; }"
        )
        place = chart.bounding_box()
        assert place is not None
        position = "() => document.querySelector('[data-testid=stMain]').scrollTop + window.scrollY"
        start = page.evaluate(position)
        swipe(page, place["x"] + 150, place["y"] + place["height"] - 20, -150)
        page.wait_for_function(f"s => Math.abs(s - ({position})()) > 100", arg=start)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_help_and_refusals_are_accessible(app_url, browser, dark):
    with visitor(browser, dark=dark) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?zoom=on")
        drawn(page, 3)
        ask = page.get_by_role("button", name=W("live.help", label=W.label(SHARE)), exact=True)
        tip = page.get_by_role("tooltip").filter(has_text=W.help(SHARE))
        expect(tip).to_have_count(0)
        ask.focus()
        expect(tip).to_be_visible()
        expect(ask).to_have_accessible_description(W.help(SHARE))
        box(page, SHARE).fill("500")
        box(page, SHARE).press("Enter")
        ask.focus()
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        page.keyboard.press("Escape")
        expect(tip).to_have_count(0)


# -- Zoom, picture, another host --------------------------------------------------------------


def test_a_zoom_that_was_asked_for_stays_while_knobs_move(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?zoom=on")
        drawn(page, 3)
        chart = page.locator(".js-plotly-plot").first
        place = chart.bounding_box()
        assert place is not None
        page.mouse.move(place["x"] + 100, place["y"] + 80)
        page.mouse.down()
        page.mouse.move(place["x"] + 250, place["y"] + 180, steps=5)
        page.mouse.up()
        shown = "() => document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range.join()"
        page.wait_for_function(f"() => !({shown})().startsWith('1,')")
        zoomed = page.evaluate(shown)
        before = traces(page)
        slider(page, W.label(SHARE)).press("ArrowRight")
        all_changed(page, before)
        assert page.evaluate(shown) == zoomed
        with page.expect_download() as picture:
            page.locator(f'[data-title="{W("modebar.download_plot")}"]').first.click()
        assert picture.value.suggested_filename.endswith(".png")


def test_nothing_is_asked_of_another_host_and_the_charts_come_once(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.goto(f"{app_url}/money")
        drawn(page, 3)
        slider(page, W.label(SHARE)).press("ArrowRight")
        at_rest(page)
    named = [url for url in asked if not url.startswith(("data:", "blob:"))]
    assert {urlsplit(url).netloc for url in named} == {urlsplit(app_url).netloc}
    assert sum("plotly" in url.lower() for url in named) == 1


# -- A browser that cannot ------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["plotly-", "live-"])
def test_stock_sliders_serve_where_the_script_does_not_load(app_url, browser, lost):
    with visitor(browser) as visit:
        page = visit.new_page()

        def refuse(route: Route) -> None:
            route.abort()

        page.route(re.compile(f"/live/{lost}"), refuse)
        page.goto(f"{app_url}/money?points_pool.fee=0.3")
        stock = page.get_by_test_id("stSlider").get_by_role("slider", name=W.label(SHARE)).first
        expect(stock).to_be_attached()
        drawn(page, 3)
        stock.press("ArrowRight")
        changes = {SHARE: 0.17, "points_pool.fee": 0.3}
        expect(page.locator(".wp-finding")).to_have_text(said(changes))
        expect(page).to_have_url(re.compile(r"points_pool\.share=0\.17"))
        # What this browser cannot do is nobody else's business.
        assert "knobs" not in parse_qs(address(page).query)


def test_stock_sliders_can_be_asked_for(app_url, browser):
    with visitor(browser) as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?knobs=plain")
        drawn(page, 3)
        expect(page.locator(".wp-live")).to_have_count(0)
        stock = page.get_by_test_id("stSlider").get_by_role("slider", name=W.label(SHARE)).first
        stock.press("ArrowRight")
        expect(page.locator(".wp-finding")).to_have_text(said({SHARE: 0.17}))
        expect(page).to_have_url(re.compile("knobs=plain"))


def test_a_script_that_never_answers_leaves_a_way(app_url, browser):
    """Nothing fails and nothing comes: after a while a link leads to the stock sliders."""
    with visitor(browser) as visit:
        page = visit.new_page()
        page.route(
            re.compile("/live/live-"),
            lambda route: route.fulfill(
                content_type="text/javascript", body="export default () => {};"
            ),
        )
        page.goto(f"{app_url}/money?points_pool.fee=0.3")
        link = page.get_by_role("link", name=W("live.late"))
        expect(link).to_be_in_viewport()
        link.click()
        expect(page).to_have_url(re.compile("knobs=plain"))
        drawn(page, 3)
        expect(page.locator(".wp-finding")).to_have_text(said({"points_pool.fee": 0.3}))
