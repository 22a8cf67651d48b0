"""Checking an offer screen by screen, a pasted advertisement, after paying, one page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import flags, presets
from model.advert import MAX_TEXT
from model.library import preset
from model.preset import sources
from tests.pages.visit import boxes, finding, html, number_input, opened, working
from tests.turns import in_turn
from view.check import check, offer, paste
from view.sentences import answers
from view.settings import state
from view.words.format import yuan
from view.words.words import LANGS, Words

W = Words("en", strict=True)


def title(at: AppTest) -> str:
    assert len(at.title) == 1
    return str(at.title[0].value)


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=f"check|{key}").click().run()
    working(at)
    return at


def settings(at: AppTest) -> state.Settings:
    return state.parse(query(at), page=check.OWN)


def query(at: AppTest) -> dict[str, str]:
    """The address as a browser would send it again."""
    return {k: v[0] if isinstance(v, list) else v for k, v in dict(at.query_params).items()}


# -- One question a screen ----------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_screen_says_what_this_is_asks_and_finds(lang):
    at, w = opened("check", lang=lang), Words(lang, strict=True)
    assert title(at) == w("page.check.heading")
    said = html(at)
    assert w("wizard.lead") in said
    assert w("check.promise") in said
    chosen = preset(presets()[0])
    judged = answers.offer(chosen.scheme(), chosen, {})
    assert finding(at) == answers.headline(judged, w)
    for promise in answers.PROMISES:
        assert at.button(key=f"check|kind:{promise}").label == w(check.PROMISE_WORDS[promise])
    assert "scheme" not in at.query_params


@pytest.mark.part(6)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("promise", answers.PROMISES)
def test_at_most_four_questions_each_with_not_sure_and_back(promise, lang):
    at, w = opened("check", lang=lang), Words(lang, strict=True)
    press(at, f"kind:{promise}")
    seen = [title(at)]
    addresses = [query(at)]
    while at.query_params["step"] not in ("answer", ["answer"]):
        assert at.button(key="check|skip").label == w("wizard.unsure")
        press(at, "skip")
        seen.append(title(at))
        addresses.append(query(at))
    assert 1 + len(seen) - 1 <= 4
    assert seen[-1] == w("page.check.heading")
    assert check.focus_of(settings(at)) == promise
    # Everything is open, the price too.
    keys = check.askable(settings(at).scheme(), promise)
    assert check.unsure_of(settings(at)) == [*keys, "order.spend"]
    # Each address alone opens its screen.
    for address, heading in zip(addresses, seen, strict=True):
        again = opened("check", address, lang=lang)
        assert title(again) == heading
    # And back, screen by screen.
    for address, heading in zip(addresses[-2::-1], seen[-2::-1], strict=True):
        again = opened("check", address, lang=lang)
        assert title(again) == heading
        before = again.query_params["step"]
        press(again, "back")
        assert again.query_params["step"] != before
    assert again.query_params["step"] in ("start", ["start"])
    assert title(again) == w("page.check.heading")


def test_answers_of_earlier_screens_are_kept():
    at = opened("check")
    press(at, "kind:points")
    at.pills(key="check|scheme").set_value("wine-points").run()
    number_input(at, key="check|order.spend").set_value(2500.0).run()
    number_input(at, key="check|order.goods_value").set_value(900.0).run()
    press(at, "next")
    at.slider(key="check|points_pool.share").set_value(25.0).run()
    at.checkbox(key="check|unsure:points_pool.fee").check().run()
    press(at, "next")
    number_input(at, key="check|before#").set_value(300).run()
    press(at, "back")
    assert at.slider(key="check|points_pool.share").value == 25
    assert at.checkbox(key="check|unsure:points_pool.fee").value
    press(at, "back")
    assert number_input(at, key="check|order.spend").value == 2500
    assert at.pills(key="check|scheme").value == "wine-points"
    for _ in range(3):
        press(at, "next")
    found = settings(at)
    assert found.preset.id == "wine-points"
    assert found.changes == {
        "order.spend": 2500,
        "order.goods_value": 900,
        "points_pool.share": 0.25,
    }
    assert check.unsure_of(found) == ["points_pool.fee"]
    assert found.page["before"] == "300"
    assert yuan(1600, "en") in html(at)  # at risk: 2500 less 900
    # To the drawer and back to the screens: still the same.
    assert at.slider(key="check|points_pool.share").value == 25
    assert finding(opened("check", query(at))) == finding(at)


def test_not_sure_after_something_was_typed_takes_it_back():
    at = opened("check", {"scheme": "wine-points", "step": "place"})
    number_input(at, key="check|before#").set_value(300).run()
    press(at, "skip")
    assert "before" not in at.query_params
    assert number_input(at, key="check|before#").value is None
    at = opened("check", {"scheme": "wine-points", "step": "offer"})
    number_input(at, key="check|order.goods_value").set_value(900.0).run()
    press(at, "skip")
    assert "order.goods_value" not in at.query_params


def test_another_offer_starts_from_nothing():
    at = opened("check", {"scheme": "guild-queue", "before": "5", "said": "dearer.yes"})
    press(at, "again")
    first = preset(presets()[0])
    assert query(at) == {"scheme": first.reference, "step": "start"}
    judged = answers.offer(first.scheme(), first, {})
    assert finding(at) == answers.headline(judged, W)
    assert title(at) == W("page.check.heading")
    assert at.button(key="check|kind:points").label


#: Addresses from before there were screens.
OLD = [
    {"scheme": f"{presets()[0]}@{preset(presets()[0]).revision}"},
    {"scheme": "wine-points@1"},
    {"promise": "queue", "scheme": "guild-queue"},
    {"points_pool.share": "0.3"},
    {"unsure": "points_pool.fee"},
    {"before": "7"},
    {"per_day": "7"},
    {"package": "1", "scheme": "green-points"},
]


@pytest.mark.parametrize("address", OLD, ids=lambda address: next(iter(address)))
def test_old_addresses_open_on_the_answer(address):
    at = opened("check", address)
    assert W("answer.title") in html(at)
    assert not boxes(at)
    # And stay there when something is moved.
    at.pills(key="check|kind").set_value("dividends").run()
    working(at)
    assert W("answer.title") in html(at)


@pytest.mark.parametrize("step", ["nowhere", "<b>", "x" * 3000])
def test_a_screen_that_does_not_exist(step):
    at = opened("check", {"step": step})
    assert len(boxes(at)) == 1
    assert "start, offer" in boxes(at)[0]
    assert title(at) == W("page.check.heading")


# -- The answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_the_answer_has_flags_with_sources_and_questions(name, lang):
    at, w = opened("check", {"scheme": name, "step": "answer"}, lang=lang), Words(lang, strict=True)
    said = html(at)
    judged = check.judge(state.parse({"scheme": name}, page=check.OWN))
    found = flags.check(offer.cases(judged, mine=False), package=judged.package)
    assert offer.flags_title(found, w) in said
    for each in found:
        flag = flags.flags()[each.flag]
        if each.met:
            assert w.text(flag.title.en, flag.title.zh) in said
            assert offer.reason(each, w, before_fee=offer.fee_open(judged)) in said
            assert w.text(flag.says.en, flag.says.zh) in said
            source = sources()[flag.source]
            assert w.text(source.title.en, source.title.zh) in said
            assert offer.source_text(flag, w) in said
    asked = said.split(w("ask.help"))[1].split("</ul>")[0].count("<li>")
    assert 3 <= asked <= offer.MOST_ASKED


def test_what_only_the_reader_knows():
    at = opened("check", {"scheme": "wine-points"})
    before = html(at)
    at.segmented_control(key="check|said:dearer").set_value("yes").run()
    at.segmented_control(key="check|said:recruits").set_value("no").run()
    working(at)
    assert query(at)["said"] == "recruits.no,dearer.yes"
    assert W("flag.said") in html(at)
    assert W("flag.said") not in before
    again = opened("check", query(at))
    assert html(again) == html(at)
    again.segmented_control(key="check|said:dearer").set_value("").run()
    again.segmented_control(key="check|said:recruits").set_value("").run()
    assert "said" not in again.query_params
    assert html(again) == before


@pytest.mark.parametrize(
    "text", ["", "x.yes", "dearer.perhaps", "dearer", ",,,", "<b>.yes", "." * 900]
)
def test_odd_answers_say_nothing(text):
    assert offer.said_of(text) == {}
    assert finding(opened("check", {"scheme": "wine-points", "said": text}))


SOUND = {
    "own:scheduled_release": {
        "scheduled_release.share": "0.02",
        "scheduled_release.gift_multiple": "0.02",
        "scheduled_release.daily_rate": "1",
        "scheduled_release.basis": "balance",
    },
    "own:refund_queue": {"refund_queue.share": "0.1", "refund_queue.refund": "0.1"},
}


@pytest.mark.parametrize("reference", SOUND)
def test_a_programme_that_pays_for_itself_meets_nothing(reference):
    at = opened("check", {"scheme": reference, **SOUND[reference]})
    said = html(at)
    assert W("flag.title_none", all=str(len(flags.flags()))) in said
    assert "wp-flags" not in said


def test_questions_follow_from_what_is_not_stated():
    def asked(query: dict[str, str]) -> list[str]:
        found = state.parse(query, page=check.OWN)
        judged = check.judge(found)
        unsure = check.unsure_of(found)
        known = offer.Known.of(found.preset, found.changes, unsure, None)
        return offer.questions(judged, known, W)

    plain = asked({"scheme": "wine-points"})
    assert W("ask.fee") not in plain
    assert W("ask.fee") in asked({"scheme": "wine-points", "unsure": "points_pool.fee"})
    assert W("ask.goods") in plain
    assert W("ask.goods") not in asked({"scheme": "wine-points", "order.goods_value": "500"})
    assert W("ask.no_orders") in plain
    assert W("ask.no_orders") not in asked(
        {"scheme": "own:refund_queue", **SOUND["own:refund_queue"]}
    )
    # What a preset only assumes is not stated either.
    spend = yuan(3000, "en")
    assert W("ask.share", spend=spend) in asked({"scheme": "green-points"})


# -- Paste the advertisement --------------------------------------------------------------------

ADVERT = (
    "张三的丽水好店有限公司，每消费1000元，30%进入资金池，送70%积分。\n"
    "提现扣10%手续费，涨到三倍出局，加微信zhang3333"
)


def pasted(text: str, lang: str = "en") -> AppTest:
    at = opened("check", {"step": "paste"}, lang=lang)
    at.text_area(key="check|advert").set_value(text)
    at.button(key="FormSubmitter:check|paste-" + Words(lang)("paste.read")).click().run()
    working(at)
    return at


def slot(at: AppTest, name: str, promise: str = "points") -> Any:
    return at.pills(key=f"check|paste:{promise}:{name}")


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_found_is_shown_in_its_place(lang):
    at, w = pasted(ADVERT, lang), Words(lang, strict=True)
    said = html(at)
    assert w("paste.found", n="5") in said
    assert said.count("<li>") == 5
    found = said.split("wp-finds")[1]
    for value, word, line in (("30%", "资金池", 1), ("70%", "送", 1), ("10%", "提现扣", 2)):
        assert f"<b>{value}</b> <small>{w('paste.near', word=word, line=str(line))}" in found
    # What is not chosen is asked for.
    assert w("paste.promise.help") in said


def test_an_advertisement_becomes_an_answer():
    at = pasted(ADVERT)
    at.pills(key="check|paste:promise").set_value("points").run()
    working(at)
    # Nothing is concluded before share, multiple and fee are each confirmed.
    for name, value in (("share", 0.3), ("multiple", 3.0), ("fee", 0.1)):
        assert at.button(key="check|paste:conclude").disabled
        assert W(paste.NAMES[name]) in html(at).split("wp-small")[-1]
        slot(at, name).set_value(value).run()
        working(at)
    assert not at.button(key="check|paste:conclude").disabled
    slot(at, "gift").set_value(0.7).run()
    slot(at, "price").set_value(1000.0).run()
    press(at, "paste:conclude")
    found = settings(at)
    assert found.preset.reference == "own:points_pool"
    scheme = found.scheme()
    assert (scheme.pool.share, scheme.pool.gift, scheme.pool.fee) == (0.3, 0.7, 0.1)
    assert scheme.pool.exit_multiple == 3
    assert yuan(2700, "en") in finding(at)
    assert finding(opened("check", query(at))) == finding(at)


def test_not_stated_gives_a_range_and_a_question():
    at = pasted(ADVERT)
    at.pills(key="check|paste:promise").set_value("points").run()
    slot(at, "share").set_value(paste.NONE).run()
    slot(at, "multiple").set_value(3.0).run()
    slot(at, "fee").set_value(paste.NONE).run()
    press(at, "paste:conclude")
    # The price was not confirmed either: of a hundred, and said to be ours.
    open_ = {"points_pool.share", "points_pool.gift", "points_pool.fee", "order.spend"}
    assert set(check.unsure_of(settings(at))) == open_
    assert W("ask.fee") in html(at)
    # The range is ours and says so; it stands below and in no headline.
    span = W("span", low=yuan(210, "en"), high=yuan(300, "en"))
    (line,) = re.findall(f"<li>([^<]*{re.escape(span)}[^<]*)</li>", html(at))
    assert W("tag.ranges", list="").strip() in line
    assert span not in finding(at)


def test_another_number_can_be_typed():
    at = pasted(ADVERT)
    at.pills(key="check|paste:promise").set_value("points").run()
    slot(at, "share").set_value(paste.NONE).run()
    slot(at, "multiple").set_value(paste.OTHER).run()
    slot(at, "fee").set_value(0.1).run()
    assert at.button(key="check|paste:conclude").disabled
    number_input(at, key="check|paste:points:multiple:typed").set_value(2.5).run()
    press(at, "paste:conclude")
    assert settings(at).scheme().pool.exit_multiple == 2.5


@pytest.mark.parametrize("promise", paste.TARGETS)
def test_every_promise_can_be_concluded_with_nothing_stated(promise):
    at = pasted("没有数字")
    assert W("paste.nothing") in html(at)
    at.pills(key="check|paste:promise").set_value(promise).run()
    for name in paste.REQUIRED:
        slot(at, name, promise).set_value(paste.NONE).run()
    press(at, "paste:conclude")
    assert settings(at).preset.reference == paste.TARGETS[promise].reference
    assert W("answer.title") in html(at)


def test_points_for_a_price_are_offered_as_a_multiple():
    at = pasted("消费3000元送9000积分")
    at.pills(key="check|paste:promise").set_value("daily").run()
    slot(at, "price", "daily").set_value(3000.0).run()
    assert "3×" in slot(at, "multiple", "daily").options


def test_the_text_is_kept_nowhere():
    at = pasted(ADVERT)
    at.pills(key="check|paste:promise").set_value("points").run()
    private = ("张三", "丽水", "有限公司", "zhang3333", "加微信")
    kept = repr(at.session_state) + repr(query(at))
    shown = "".join(str(element) for element in at.main)
    for piece in (*private, ADVERT):
        assert piece not in kept
        assert piece not in html(at)
        assert piece not in shown
    # On another screen the numbers found are gone too.
    press(at, "to:start")
    assert "check:finds" not in repr(at.session_state)


def test_a_long_text_is_read_up_to_the_limit_and_says_so():
    at = pasted("每天千分之五。" + "无" * MAX_TEXT)
    assert boxes(at) == [W("paste.cut", most="5,000")]
    assert W("paste.found", n="1") in html(at)


def test_an_empty_text_asks_again():
    for text, asks in (("每天千分之五。", False), ("  ", True)):
        at = pasted(text)
        areas = {area.key: area.value for area in at.text_area}
        assert (areas.get("check|advert") == "") is asks
        assert (W("paste.found", n="1") in html(at)) is not asks


# -- Already paid -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_what_to_do_after_paying_line_by_line_with_its_source(lang):
    at, w = opened("check", {"step": "paid"}, lang=lang), Words(lang, strict=True)
    said = html(at)
    for line in flags.advice():
        text = w.text(line.text.en, line.text.zh)
        assert text in said
        # Its source stands right behind it.
        assert said.split(text)[1].lstrip().startswith("<small class='wp-source'>")
        assert offer.source_text(line, w) in said.split(text)[1].split("</li>")[0]
    assert {line.group for line in flags.advice()} == set(offer.GROUPS)
    assert title(at) == w("paid.heading")


def test_from_there_back_to_where_one_was():
    at = opened("check")
    press(at, "to:paid")
    press(at, "to:start")
    assert title(at) == W("page.check.heading")
    at = opened("check", {"scheme": "guild-queue", "before": "12"})
    press(at, "to:paid")
    press(at, "to:answer")
    assert query(at)["before"] == "12"
    assert W("answer.title") in html(at)


# -- One page -----------------------------------------------------------------------------------


@pytest.mark.part(2)
@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_one_page_has_everything_and_a_link_that_keeps_the_numbers(name, lang):
    at = opened("check", {"scheme": name, "before": "50", "order.spend": "2000"}, lang=lang)
    answer = html(at)
    press(at, "print")
    w = Words(lang, strict=True)
    assert query(at)["for"] == "print"
    assert finding(at) in answer
    text = at.code[0].value
    assert finding(at) in text
    assert f"{name}@{preset(name).revision}" in text
    link = re.search(r"/\?(\S+)", text)
    assert link
    address = dict(pair.split("=") for pair in link[1].replace("%40", "@").split("&"))
    again = opened("check", {k: v.replace("%3A", ":") for k, v in address.items()})
    assert html(again) == answer
    # What is printed is what is sent.
    printed = html(at)
    for line in text.splitlines():
        assert line.removeprefix("- ").strip() in printed or line == w("page.check.heading")
    press(at, "to:answer")
    assert html(at) == answer
