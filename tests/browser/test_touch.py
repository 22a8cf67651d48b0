"""A thumb on a phone: what scrolls moves no slider, and every screen opens at its top."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.test_frame import settle
from tests.browser.test_pages import VIEWS, drawn, fits, open_all, visitor
from tests.turns import in_turn
from view.words.words import Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(4)

W = Words("zh-Hans", strict=True)
#: Ours that move while they are dragged, and Streamlit's: on both pages that have some.
PAGES = ("money?", "money?knobs=plain&", "?step=numbers&scheme=wine-points&", "money?view=compare&")
#: The middle of each slider's thumb and its track, and its value, in the order of the page.
SLIDERS = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  return all(document).filter((e) => e.matches("input[type=range]")).map((input) => {
    const track = input.closest("[data-testid=stSlider] [style*=relative]") ?? input;
    const thumb = track === input ? null : track.querySelector("[data-rac]");
    track.scrollIntoView({ block: "center" });
    const { x, y, width, height } = track.getBoundingClientRect();
    const part = (input.value - input.min) / (input.max - input.min);
    const at = thumb?.getBoundingClientRect();
    return {
      value: input.value, width, steps: (input.max - input.min) / (input.step || 1),
      thumb: at ? at.x + at.width / 2 : x + 8 + (width - 16) * part,
      track: x + width * (part < 0.5 ? 0.85 : 0.15), y: y + height / 2,
    };
  });
}"""
END = """() => { const main = document.querySelector("[data-testid=stMain]");
  return main.scrollTop + main.clientHeight >= main.scrollHeight - 1; }"""
TOP = "() => document.querySelector('[data-testid=stMain]').scrollTop"


def slider(page: Page, at: int) -> Any:
    """One of them, scrolled into sight."""
    page.evaluate(
        SLIDERS.replace(
            "track.scrollIntoView", f"track && n++ === {at} && track.scrollIntoView"
        ).replace("() => {", "() => { let n = 0;", 1)
    )
    return page.evaluate(SLIDERS.replace('track.scrollIntoView({ block: "center" });', ""))[at]


def drag(finger: CDPSession, page: Page, x: float, y: float, *, across: int, down: int) -> None:
    """A finger comes down, moves in small steps, and goes."""

    def touch(kind: str, *points: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for k in range(1, 13):
        touch("touchMove", {"x": x + across * k, "y": y + down * k})
        page.wait_for_timeout(16)
    touch("touchEnd")
    settle(page)


@pytest.mark.part(2)
@pytest.mark.parametrize("address", PAGES)
def test_a_thumb_that_scrolls_moves_no_slider(app_url, browser, address):
    with visitor(browser, phone=True, lang="zh-Hans") as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/{address}lang=zh-Hans")
        expect(page.locator("footer.wp-footer")).to_be_visible()
        settle(page)
        page.wait_for_function(f"() => ({SLIDERS})().length >= 2")
        finger = visit.new_cdp_session(page)
        count = len(page.evaluate(SLIDERS))
        assert count >= 2
        for at in range(count):
            before = slider(page, at)
            for where in ("thumb", "track"):
                there = slider(page, at)
                top = page.evaluate(TOP)
                # With the small sideways tremble that a hand has.
                drag(finger, page, there[where], there["y"], across=0, down=-14)
                assert page.evaluate(TOP) > top or page.evaluate(END), (at, where)
                assert slider(page, at)["value"] == before["value"], (at, where)
        # Clearly sideways it moves, and lands where a finger can tell one step from the next.
        there = slider(page, 0)
        way = 4 if there["thumb"] < there["track"] else -4
        drag(finger, page, there["thumb"], there["y"], across=way, down=0)
        assert slider(page, 0)["value"] != there["value"]


def test_a_step_is_at_least_four_pixels_wide_under_a_thumb(app_url, browser):
    """Of a slider of 59 steps in 106 px every third is offered, and the box has the others."""
    with visitor(browser, phone=True, lang="zh-Hans") as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/money?lang=zh-Hans")
        settle(page)
        finger = visit.new_cdp_session(page)
        places = set()
        for across in range(-6, 7):
            there = slider(page, 0)
            drag(finger, page, there["thumb"], there["y"], across=across or 1, down=0)
            places.add(int(slider(page, 0)["value"]))
        ordered = sorted(places)
        there = slider(page, 0)
        nearest = min(b - a for a, b in pairwise(ordered[1:-1]))
        assert nearest * there["width"] / there["steps"] >= 4


def test_every_screen_opens_at_its_top(app_url, browser):
    with visitor(browser, phone=True, lang="zh-Hans") as visit:
        page = visit.new_page()
        page.goto(f"{app_url}/?lang=zh-Hans")
        settle(page)
        main = page.get_by_test_id("stMain")

        def go(name: str, *, heading: str | None = None) -> None:
            main.get_by_role("button", name=name, exact=True).click()
            if heading:
                expect(main.locator("h1")).to_have_text([heading])
            settle(page)
            page.wait_for_function(f"() => ({TOP})() === 0")
            page.wait_for_timeout(300)
            assert page.evaluate(TOP) == 0, name
            page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 9e9)")

        go(W("check.promise.points"), heading=W("wizard.offer"))
        go(W("wizard.next"), heading=W("wizard.numbers"))
        go(W("wizard.next"), heading=W("wizard.place"))
        go(W("wizard.answer"))
        go(W("wizard.paid"), heading=W("paid.heading"))
        go(W("wizard.to_answer"))
        go(W("wizard.print"))


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize(
    ("path", "key", "whole"),
    [
        ("money?for=press&", "press.take.copy", "blockquote"),
        ("?scheme=green-points&for=print&", "offer.print.copy", "[data-testid=stCode] code"),
    ],
)
def test_a_finger_copies(app_url, browser, path, key, whole, *, refused):
    """Where the browser does not allow it, the text is shown and marked."""
    with visitor(browser, phone=True, lang="zh-Hans") as visit:
        visit.grant_permissions(["clipboard-read", "clipboard-write"])
        page = visit.new_page()
        if refused:
            page.add_init_script(
                "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));"
                "document.execCommand = () => false;"
            )
        page.goto(f"{app_url}/{path}lang=zh-Hans")
        button = page.get_by_role("button", name=W(key), exact=True)
        expect(button).to_be_visible()
        settle(page)
        button.tap()
        expect(page.get_by_text(W("copy.marked" if refused else "copy.done"))).to_be_visible()
        if refused:
            box = page.get_by_role("textbox", name=W(key), exact=True)
            said = box.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
            assert box.evaluate("e => e.getRootNode().activeElement === e")
        else:
            said = page.evaluate("() => navigator.clipboard.readText()")
        assert said.split() == page.locator(whole).first.inner_text().split()
        assert said.strip()


#: Latin words in what is read, shown or read aloud; what is only for machines is left out.
LATIN = r"""() => {
  const said = [];
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  for (const e of all(document.body)) {
    if (!e.checkVisibility() || e.matches("script, style, noscript, [lang=en]")) continue;
    for (const name of ["aria-label", "placeholder", "title"]) said.push(e.getAttribute(name));
    // What is ours is in st.html, markdown, a chart or a component: the catalogues answer for it.
    if (e.closest("[data-testid=stHtml], [data-testid=stMarkdownContainer], svg, pre")) continue;
    if (e.getRootNode() !== document || e.closest("[data-testid=stIconMaterial]")) continue;
    for (const n of e.childNodes) if (n.nodeType === Node.TEXT_NODE) said.push(n.data.trim());
  }
  return said.filter((text) => /[A-Za-z]{2}/.test(text ?? ""));
}"""
#: Names, which are the same in every language.
NAMES = re.compile(r"Who Pays\?|English|CSV|ZIP|PNG|SVG|[a-z0-9-]+@\d+|ZeekRewards|BurnLounge")
EVERY = {
    **VIEWS,
    "compare": "/money?view=compare",
    "people": "/money?view=people",
    "plain": "/money?knobs=plain",
    "press": "/money?for=press",
}


def test_no_word_of_streamlits_own_is_left_in_english(app_url, browser):
    with visitor(browser, phone=True, lang="zh-Hans") as visit:
        page = visit.new_page()
        for view, path in EVERY.items():
            page.goto(f"{app_url}{path}{'&' if '?' in path else '?'}lang=zh-Hans")
            expect(page.locator("footer.wp-footer")).to_be_visible()
            drawn(page, 0)
            open_all(page)
            left = [
                said
                for said in page.evaluate(LATIN)
                if re.search("[A-Za-z]{2}", NAMES.sub("", said))
            ]
            assert left == [], view


def test_the_words_written_over_are_those_streamlit_has(app_url, browser):
    """In English nothing is written over, and the catalogue has Streamlit's words to the letter."""
    english = Words("en", strict=True)
    keys = ("stock.open", "stock.clear", "stock.chosen", "stock.skip")
    with visitor(browser, phone=True) as visit:
        page = visit.new_page()
        for lang, said in (("en", english), ("zh-Hans", W)):
            page.goto(f"{app_url}/money?view=compare&lang={lang}")
            expect(page.locator("footer.wp-footer")).to_be_visible()
            settle(page)
            for key in keys[:3]:
                expect(page.get_by_label(said(key), exact=True).first).to_be_attached()
            expect(page.get_by_test_id("stSkipToContent")).to_have_text(said(keys[3]))


@pytest.mark.part(6)
@pytest.mark.parametrize(("view", "lang"), in_turn(EVERY, ("en", "zh-Hans")))
def test_nothing_scrolls_sideways_on_a_narrow_phone(app_url, browser, view, lang):
    """But tables that are marked for it, and these say so by a shadow at their edge."""
    with visitor(browser, phone=True, lang=lang) as visit:
        page = visit.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{app_url}{EVERY[view]}{'&' if '?' in EVERY[view] else '?'}lang={lang}")
        expect(page.locator("footer.wp-footer")).to_be_visible()
        drawn(page, 0)
        open_all(page)
        fits(page)
        assert page.evaluate(INNER) == []


#: What can be scrolled sideways and is not marked for it, or is and has no shadow.
INNER = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
    && ["auto", "scroll"].includes(getComputedStyle(e).overflowX)
    && !(e.matches(".wp-scroll[tabindex]")
      && getComputedStyle(e).backgroundAttachment === "local, local, scroll, scroll"))
  .map((e) => `${e.tagName} ${e.className} ${e.scrollWidth}>${e.clientWidth}`)"""
