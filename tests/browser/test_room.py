"""A class in real browsers: one rude, one reloaded, one off line, one in two tabs, one late."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from benchmarks.pupil import Pupil, key, make, sit
from benchmarks.servers import serving, with_uvicorn

PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "locale": "zh-CN"}


@pytest.fixture(scope="module")
def server():
    with serving(*with_uvicorn("view.serving.rooms:app")) as found:
        yield found.url


def fits(page):
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0, page.url


def accessible(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def statement(page):
    return page.locator("h1").inner_text()


def test_eight_phones_play_a_whole_lesson(browser, server):
    contexts, errors = [], []

    def opened(path="", **told):
        context = browser.new_context(**{**PHONE, **told})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server + path)
        return page

    maker = opened("/room/new?lang=zh-Hans", viewport={"width": 768, "height": 1024})
    maker.locator("select[name=scheme]").select_option("thousand-yuan-points")
    maker.locator("#make").click()
    expect(maker.locator("#steps")).to_be_attached()
    code = maker.url.split("/room/")[1].split("/")[0]
    console = maker
    # The teacher's link is all there is to it: the same on a second screen.
    second = opened(maker.url.removeprefix(server), viewport={"width": 1280, "height": 800})
    expect(second.locator("#steps")).to_be_attached()
    wall = opened(f"/room/{code}/wall?lang=zh-Hans", viewport={"width": 1280, "height": 720})
    expect(wall.locator("svg.qr")).to_be_visible()
    accessible(wall)

    def phone(**told):
        page = opened(f"/room/{code}?lang=zh-Hans", **told)
        page.locator("#join").click()
        expect(page.locator("#spoken")).to_be_attached()
        return page

    plain, rude, reloaded, off, tabs = (phone() for _ in range(5))
    bare = phone(java_script_enabled=False)
    keys = phone()
    tab = tabs.context.new_page()
    tab.goto(tabs.url)
    expect(tab.locator("h1")).to_contain_text("5 号")
    expect(wall.locator(".huge")).to_contain_text("7")
    accessible(plain)
    fits(plain)

    def on(text):
        console.locator("#next").click()
        expect(console.locator("h1")).to_have_text(re.compile(text))

    on("先猜一猜")
    for page, choice in ((plain, "half"), (rude, "all"), (tabs, "none"), (keys, "unsure")):
        page.locator(f"#guess-{choice}").click()
    expect(tab.locator("h1")).to_contain_text("没有人")
    bare.reload()
    bare.locator("#guess-few").click()
    expect(bare.locator("h1")).to_contain_text("少数人")
    expect(wall.locator(".huge")).to_contain_text("5")
    # Nobody's guess is seen by anybody before all are opened.
    assert "大约一半" not in wall.locator("main").inner_text()
    accessible(rude)

    late = None
    for number in range(1, 6):
        on(f"第 {number} 轮")
        expect(plain.locator("#act-buy")).to_be_visible()
        if number == 2:
            late = phone()
            off.context.set_offline(True)
        plain.locator("#act-buy").click()
        # One click and another, and everything else that looks like a button.
        rude.locator("#act-buy").dblclick()
        rude.evaluate(
            "() => { for (let n = 0; n < 20; n += 1) fetch(location.pathname, {method: 'POST', "
            "body: new URLSearchParams({do: 'move', round: '9', act: '<b>rude</b>'})}) }"
        )
        reloaded.reload()
        reloaded.locator("#act-buy").click()
        expect(reloaded.locator("h1")).to_contain_text("买")
        reloaded.reload()
        expect(reloaded.locator("h1")).to_have_text("你决定：买。")
        # Off line in the second round: the click waits, and goes out with the connection.
        off.locator("#act-buy").click()
        if number == 2:
            expect(off.locator("#away")).to_be_visible()
            off.context.set_offline(False)
        expect(off.locator("h1")).to_have_text("你决定：买。")
        tabs.locator("#act-wait").click()
        expect(tab.locator("h1")).to_have_text("你决定：等。")
        bare.reload()
        bare.locator("#act-buy").click()
        expect(bare.locator("h1")).to_have_text("你决定：买。")
        keys.locator("#act-buy").focus()
        keys.keyboard.press("Tab")
        keys.keyboard.press("Enter")
        expect(keys.locator("h1")).to_have_text("你决定：等。")
        if late is not None:
            late.locator("#act-buy").click()
        expect(plain.locator("h1")).to_have_text("你决定：买。")
        expect(wall.locator("h1")).to_contain_text(f"有 {7 + (number > 1)} 人决定了")
        if number == 3:
            accessible(plain)
            accessible(console)
            accessible(wall)
        console.locator("#next").click()
        expect(plain.locator("h1")).to_contain_text("一个积分")
        fits(plain)

    on("停止下单")
    # Five of them bought five times, the late one four times, two never.
    expect(wall.locator("h1")).to_contain_text("¥29,000")
    expect(wall.locator("h1")).to_contain_text("¥8,700")
    for page in (plain, rude, reloaded, off):
        expect(page.locator("h1")).to_contain_text("¥5,000")
    expect(late.locator("h1")).to_contain_text("¥4,000")
    expect(tabs.locator("h1")).to_contain_text("没有买")
    bare.reload()
    assert "¥5,000" in statement(bare)
    # The spoken number brings another phone to the same seat.
    plain.locator("#spoken summary").click()
    number = re.search(r"换机码是 (\d+)", plain.locator("#spoken").inner_text())[1]
    other = opened(f"/room/{code}?lang=en", locale="en-GB", color_scheme="dark")
    other.locator("#again summary").click()
    other.locator("input[name=number]").fill(number)
    other.locator("#again button").click()
    expect(other.locator("h1")).to_contain_text("You paid ¥5,000")
    for page in (plain, other, wall, console):
        accessible(page)
        fits(page)
    for step in ("三个问题", "可靠", "新的活动", "小结"):
        on(step)
        accessible(plain)
        fits(wall)
    expect(wall.locator("h1")).to_contain_text("进来 ¥8,700")
    assert "rude" not in wall.content() + console.content()
    console.locator("#links input[type=checkbox]").check()
    console.locator("#delete").click()
    expect(plain.locator("h1")).to_contain_text("课堂已经结束")
    assert errors == []
    for context in contexts:
        context.close()


@pytest.mark.part(3)
@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_screen_at_every_width(browser, server, width, scheme):
    teacher, code, lead = make(server)
    pupil = sit(server, code)
    context = browser.new_context(
        viewport={"width": width, "height": 720}, color_scheme=scheme, locale="en-GB"
    )
    context.add_cookies(
        [
            {"name": name, "value": value, "url": f"{server}/room/{code}"}
            for name, value in (*pupil.cookies.items(), ("who_pays_lead", lead))
        ]
    )
    page = context.new_page()
    for step in ("join", "guess", "round-1", "stop", "talk", "sound", "offer", "end"):
        if step != "join":
            teacher.ask(f"/room/{code}/lead", {"do": "go", "step": step, "key": key()})
        if step == "round-1":
            buy = {"do": "move", "round": 1, "act": "buy", "key": key()}
            pupil.ask(f"/room/{code}", buy)
        for path in ("", "/wall", "/lead"):
            page.goto(f"{server}/room/{code}{path}?lang=en")
            fits(page)
        accessible(page)
    for path in ("/room", "/room/new", f"/room/{code}"):
        page.context.clear_cookies()
        page.goto(f"{server}{path}?lang=zh-Hant")
        fits(page)
        accessible(page)
    context.close()


def test_one_announcement_a_change_and_the_focus_stays(browser, server):
    teacher, code, _ = make(server)
    context = browser.new_context(**{**PHONE, "locale": "en-GB"})
    page = context.new_page()
    page.goto(f"{server}/room/{code}?lang=en")
    page.locator("#join").click()
    expect(page.locator("#spoken")).to_be_attached()
    page.evaluate(
        "() => { window.told = []; new MutationObserver(() => told.push("
        "document.getElementById('said').textContent)).observe("
        "document.getElementById('said'), {childList: true, characterData: true, subtree: true}) }"
    )
    page.locator("#spoken summary").focus()
    page.locator("#spoken summary").press("Enter")
    teacher.ask(f"/room/{code}/lead", {"do": "go", "step": "guess", "key": key()})
    expect(page.locator("h1")).to_contain_text("How many of us")
    assert [text for text in page.evaluate("told") if text] == [statement(page)]
    # What was opened stays open.
    expect(page.locator("#spoken p")).to_be_visible()
    # What others do is not announced.
    sit(server, code)
    teacher.ask(f"/room/{code}/lead", {"do": "longer", "seconds": 60, "key": key()})
    page.wait_for_timeout(500)
    assert len([text for text in page.evaluate("told") if text]) == 1
    context.close()


def test_a_phone_whose_news_do_not_come_asks(browser, server):
    teacher, code, _ = make(server)
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.route("**/news*", lambda route: route.abort())
    page.goto(f"{server}/room/{code}?lang=en")
    page.locator("#join").click()
    expect(page.locator("#spoken")).to_be_attached()
    teacher.ask(f"/room/{code}/lead", {"do": "go", "step": "guess", "key": key()})
    expect(page.locator("h1")).to_contain_text("How many of us")
    # A removed seat can be taken anew.
    teacher.ask(f"/room/{code}/lead", {"do": "remove", "seat": 1, "key": key()})
    expect(page.locator("#join")).to_be_visible()
    context.close()


def test_what_the_server_cannot_write_is_sent_again(browser, server):
    teacher, code, _ = make(server)
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{server}/room/{code}?lang=en")
    page.locator("#join").click()
    expect(page.locator("#spoken")).to_be_attached()
    teacher.ask(f"/room/{code}/lead", {"do": "go", "step": "round-1", "key": key()})
    refused = []

    def full(route):
        if route.request.method == "POST" and len(refused) < 2:
            refused.append(route.request.post_data)
            route.fulfill(status=503, body="full")
        else:
            route.continue_()

    page.route(f"**/room/{code}?lang=en", full)
    page.locator("#act-buy").click()
    expect(page.locator("h1")).to_have_text("You buy.")
    # Twice the same act, by its key.
    assert len(refused) == 2
    assert len(set(refused)) == 1
    assert "1 of 1" in Pupil(server).ask(f"/room/{code}/wall?lang=en").text
    context.close()
