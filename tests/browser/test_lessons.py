"""Lessons as people have them: on a phone, with a thumb, with the keyboard, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_frame import DESK
from tests.turns import in_turn
from view.teach.facts import LESSONS, facts
from view.teach.said import SCREENS, told
from view.words.words import LANGS, Words

#: What a small phone shows of a page at once.
SMALL = {"width": 390, "height": 664}


@contextmanager
def opened(browser: Browser, **how: Any) -> Iterator[Page]:
    """A page in a browser of its own, on a small phone; nothing may go wrong in it."""
    context = browser.new_context(**{"viewport": SMALL, "reduced_motion": "reduce", **how})
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "response", lambda got: "/lesson" in got.url and got.status >= 400 and wrong.append(got)
    )
    # What a policy refuses is said there.
    page.on("console", lambda line: "Security" in line.text and wrong.append(line.text))
    try:
        yield page
        assert wrong == []
    finally:
        context.close()


def asked(page: Page) -> dict[str, str]:
    """What the address says now."""
    query = urlsplit(page.evaluate("location.href")).query
    return {key: values[0] for key, values in parse_qs(query).items()}


def go(page: Page, link: str = ".first") -> None:
    """Tap what leads on, and wait until it is there."""
    with page.expect_navigation():
        page.locator(link).first.tap()


def in_sight(page: Page) -> None:
    """Chart and the one marked way are seen without scrolling, and nothing scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    button = page.locator(".first").first
    for part in (page.locator("#chart"), button):
        if part.count():
            box = part.bounding_box()
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= page.viewport_size["height"]
    assert button.bounding_box()["height"] >= 44


def swipe(page: Page, heights: list[float]) -> None:
    """One finger across the chart, through heights from 0 at its foot to 1."""
    box = page.locator("#chart").bounding_box()
    touch = page.context.new_cdp_session(page)

    def at(k: int) -> dict[str, float]:
        x = box["x"] + box["width"] * (0.05 + 0.9 * k / (len(heights) - 1))
        # The plot is 30 to 204 of 230.
        y = box["y"] + box["height"] * (204 - 174 * heights[k]) / 230
        return {"x": x, "y": y}

    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at(0)]})
    for k in range(1, len(heights)):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at(k)]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_lesson_is_walked_with_one_thumb(app_url, browser):
    w, said = Words("en", strict=True), told("price", "en")
    with opened(browser, has_touch=True, is_mobile=True) as page:
        page.goto(f"{app_url}/teach?lang=en")
        go(page, ".wp-lessons a")
        in_sight(page)
        expect(page.locator("h1")).to_have_text(said.screens["offer"].head)
        go(page)
        # Nobody goes on with a line that nobody has drawn.
        expect(page.locator(".first")).to_be_disabled()
        assert page.locator("#rules").evaluate("e => e.getAttribute('d').length") < 20
        swipe(page, [0.3 + 0.01 * k for k in range(60)])
        expect(page.locator(".first")).to_be_enabled()
        drawn = [int(part) for part in asked(page)["drawn"].split(".")]
        assert drawn == sorted(drawn)
        assert drawn[-1] - drawn[0] >= 8
        assert page.evaluate("scrollY") == 0
        in_sight(page)
        page.reload()
        assert asked(page)["drawn"] == ".".join(map(str, drawn))
        go(page)
        in_sight(page)
        assert asked(page)["drawn"] == ".".join(map(str, drawn))
        # The knob moves the curve, what is said, and the address.
        before = page.locator("#beside").get_attribute("d")
        page.locator("#knob input").fill("6")
        expect(page.locator("#said")).to_have_text(said.stops[6])
        assert page.locator("#beside").get_attribute("d") != before
        assert asked(page)["stop"] == "6"
        for name in SCREENS[3:]:
            go(page)
            expect(page.locator(".said")).to_contain_text(said.screens[name].head)
            assert asked(page)["drawn"] == ".".join(map(str, drawn))
            if name != "think":
                assert page.locator("svg .yours").count() == 1
                in_sight(page)
        expect(page.get_by_role("link", name=w("lesson.check"))).to_be_visible()
        go(page)
        assert asked(page) == {"lang": "en", "n": LESSONS[1], "screen": "1"}


def test_a_lesson_is_drawn_and_played_with_the_keyboard(app_url, browser):
    with opened(browser, viewport=DESK) as page:
        page.goto(f"{app_url}/lesson?lang=en&n=daily&screen=2")
        count = len(facts("daily").asked)
        points = page.locator("#points input")
        assert points.count() == count
        points.first.focus()
        for at in range(count):
            expect(points.nth(at)).to_be_focused()
            for _ in range(at + 1):
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
        assert asked(page)["drawn"] == ".".join(str(20 - at - 1) for at in range(count))
        assert points.first.get_attribute("aria-valuetext") == "95%"
        expect(page.locator("#unsure")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#knob input")).to_be_visible()
        assert page.locator("[aria-live]").count() == 1
        page.locator("#knob input").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#said")).to_have_text(told("daily", "en").stops[1])


def test_a_lesson_needs_no_script(app_url, browser):
    with opened(browser, java_script_enabled=False) as page:
        page.goto(f"{app_url}/lesson?lang=zh-Hans&n=relay&screen=2")
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
        page.locator("#ends input").nth(3).check()
        page.locator(".first").click()
        assert asked(page)["drawn"].endswith(".15")
        page.locator(".stops a").nth(4).click()
        expect(page.locator("#said")).to_have_text(told("relay", "zh-Hans").stops[4])
        page.locator(".first").click()
        assert page.locator("svg .yours").count() == 1
        page.go_back()
        page.goto(f"{app_url}/lesson?lang=zh-Hans&n=relay&screen=2")
        # Who is not sure goes on as well.
        page.locator("#unsure").click()
        page.locator(".first").click()
        assert page.locator("svg .yours").count() == 0
        expect(page.locator("h1")).to_have_text(told("relay", "zh-Hans").screens["reveal"].head)


@pytest.mark.part(4)
@pytest.mark.parametrize(("lesson", "lang"), in_turn(LESSONS, LANGS))
def test_every_screen_fits_a_small_phone(app_url, browser, lesson, lang):
    drawn = ".".join(["9"] * len(facts(lesson).asked))
    with opened(browser) as page:
        for screen in range(1, len(SCREENS)):
            end = f"&drawn={drawn}" if screen > 2 else ""
            page.goto(f"{app_url}/lesson?lang={lang}&n={lesson}&screen={screen}{end}")
            in_sight(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_use_a_lesson(app_url, browser, dark):
    scheme = "dark" if dark else "light"
    papers = set()
    with opened(browser, color_scheme=scheme) as page:
        for screen in (2, 3, 4, 7):
            drawn = "&drawn=6.7.8.9.9.9.9.9.9.9" if screen > 2 else ""
            page.goto(f"{app_url}/lesson?lang=en&n=place&screen={screen}{drawn}")
            found = Axe().run(page).response["violations"]
            assert [each["id"] for each in found] == [], screen
            papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert papers == {"rgb(18, 23, 30)" if dark else "rgb(251, 250, 247)"}


def test_what_moves_moves_for_those_who_want_it(app_url, browser):
    address = f"{app_url}/lesson?lang=en&n=stop&screen=4"
    names = []
    for motion in ("reduce", "no-preference"):
        with opened(browser, reduced_motion=motion) as page:
            page.goto(address)
            names.append(page.evaluate("getComputedStyle(rules).animationName"))
    assert names == ["none", "draw"]


def test_a_bad_address_is_answered(app_url, browser):
    context = browser.new_context()
    try:
        for query in ("n=nowhere", "screen=99", "drawn=x", "stop=-1", "n=price&screen=%00"):
            answer = context.request.get(f"{app_url}/lesson?lang=en&{query}")
            assert answer.status == 400
            assert answer.text().count('role="alert"') == 1
        answer = context.request.get(f"{app_url}/lesson?" + "x" * 9000)
        assert answer.status == 414
        good = context.request.get(f"{app_url}/lesson?screen=1&n=price&lang=en&utm_source=x")
        assert urlsplit(good.url).query == "lang=en&n=price&screen=1"
        assert "frame-ancestors 'self'" in good.headers["content-security-policy"]
        assert good.headers["content-encoding"] == "gzip"
    finally:
        context.close()
