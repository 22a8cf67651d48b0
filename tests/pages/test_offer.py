"""Checking an offer screen by screen, a pasted advertisement, after paying, one page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import flags, presets
from model.library import preset
from model.preset import sources
from model.reading import MAX_TEXT, read
from tests.pages.visit import boxes, drawers, finding, html, number_input, opened, working
from tests.turns import in_turn
from view.check import check, choosing, found, offer, other, paid, paste
from view.check.confirm import NONE, OTHER, REQUIRED, TARGETS
from view.sentences import answers, cases
from view.sentences.judged import Offer
from view.sentences.verdict import told
from view.settings import state
from view.words.format import yuan
from view.words.words import LANGS, Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(3)

W = Words("en", strict=True)


def title(at: AppTest) -> str:
    assert len(at.title) == 1
    return str(at.title[0].value)


def verdict(judged: Offer, w: Words) -> str:
    return told(judged, w).heading


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
    assert w("check.promise") in said
    chosen = preset(presets()[0])
    judged = answers.offer(chosen.scheme(), chosen, {})
    assert verdict(judged, w) in said
    assert w.text(chosen.summary.en, chosen.summary.zh) in said
    for promise in choosing.CHOICES:
        assert at.button(key=f"check|kind:{promise}").label == w(choosing.CHOICE_WORDS[promise])
    assert "scheme" not in at.query_params


@pytest.mark.part(6)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("promise", answers.PROMISES[:-1])
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
    assert seen[-1] == verdict(check.judge(settings(at)), w)
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
    assert verdict(judged, W) in html(at)
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
    assert W("answer.title") in drawers(at)
    assert not boxes(at)
    # And stay there when something is moved.
    at.pills(key="check|kind").set_value("dividends").run()
    working(at)
    assert W("answer.title") in drawers(at)


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
    found = flags.check(cases.cases(judged, mine=False), package=judged.package)
    assert offer.flags_title(found, w) in drawers(at)
    for each in found:
        flag = flags.flags()[each.flag]
        if each.met:
            assert w.text(flag.title.en, flag.title.zh) in said
            assert offer.reason(each, w, before_fee=cases.fee_open(judged)) in said
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
    assert W("flag.title_none", all=str(len(flags.flags()))) in drawers(at)
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


def kind(at: AppTest, name: str) -> AppTest:
    """Say what kind of offer it is, proposed or not."""
    pills = at.pills(key="check|paste:kind")
    if W(paste.KINDS[name]) in pills.options:
        pills.set_value(name).run()
    else:
        pills.set_value(paste.MORE).run()
        at.pills(key="check|paste:kind-more").set_value(name).run()
    working(at)
    return at


def slot(at: AppTest, name: str, promise: str = "points") -> Any:
    return at.pills(key=f"check|paste:{promise}:{name}")


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_found_is_shown_in_its_place(lang):
    at, w = pasted(ADVERT, lang), Words(lang, strict=True)
    said = html(at)
    assert w("paste.found", n="5") in said
    listed = said.split("wp-finds")[1].split("</ol>")[0]
    assert listed.count("<li>") == 5
    numbers = read(ADVERT).numbers
    assert [n.role for n in numbers] == ["price", "share", "gift", "fee", "multiple"]
    for number in numbers:
        word = w.text(number.reason, number.reason)
        value, name = found.value_text(number, w), w(found.NAMES[str(number.role)])
        assert word
        assert w("paste.line.near", value=value, name=name, word=word) in listed
    for piece in ("1000元", "30%", "70%", "10%", "三倍"):
        assert f"<mark>{piece}</mark>" in said
    # The kind is proposed with its reasons, and not chosen.
    assert at.pills(key="check|paste:kind").value is None
    assert w(paste.KINDS["points"]) in at.pills(key="check|paste:kind").options
    assert (
        w.text("积分", "积分")
        in said.split(w("paste.kind.why", kind=w(paste.KINDS["points"]), words="|").split("|")[0])[
            1
        ]
    )


def test_an_advertisement_becomes_an_answer():
    at = kind(pasted(ADVERT), "points")
    # Nothing is concluded before share, multiple and fee are each confirmed.
    for name, value in (("share", 0.3), ("multiple", 3.0), ("fee", 0.1)):
        assert at.button(key="check|paste:conclude").disabled
        assert W(found.NAMES[name]) in html(at).split("wp-small")[-1]
        slot(at, name).set_value(value).run()
        working(at)
    assert not at.button(key="check|paste:conclude").disabled
    slot(at, "gift").set_value(0.7).run()
    slot(at, "price").set_value(1000.0).run()
    press(at, "paste:conclude")
    result = settings(at)
    assert result.preset.reference == "own:points_pool"
    scheme = result.scheme()
    assert (scheme.pool.share, scheme.pool.gift, scheme.pool.fee) == (0.3, 0.7, 0.1)
    assert scheme.pool.exit_multiple == 3
    assert yuan(2700, "en") in finding(at)
    assert finding(opened("check", query(at))) == finding(at)
    # Back to the text: what was found and said is still there.
    press(at, "to:paste")
    assert slot(at, "share").value == 0.3
    assert slot(at, "multiple").value == 3.0


def test_not_stated_gives_a_range_and_a_question():
    at = kind(pasted(ADVERT), "points")
    slot(at, "share").set_value(NONE).run()
    slot(at, "multiple").set_value(3.0).run()
    slot(at, "fee").set_value(NONE).run()
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
    at = kind(pasted(ADVERT), "points")
    slot(at, "share").set_value(NONE).run()
    slot(at, "multiple").set_value(OTHER).run()
    slot(at, "fee").set_value(0.1).run()
    assert at.button(key="check|paste:conclude").disabled
    number_input(at, key="check|paste:points:multiple:typed").set_value(2.5).run()
    press(at, "paste:conclude")
    assert settings(at).scheme().pool.exit_multiple == 2.5


@pytest.mark.parametrize("promise", TARGETS)
def test_every_promise_can_be_concluded_with_nothing_stated(promise):
    at = pasted("没有数字")
    assert W("paste.nothing") in html(at)
    kind(at, promise)
    for name in REQUIRED:
        if name in TARGETS[promise].keys:
            slot(at, name, promise).set_value(NONE).run()
    press(at, "paste:conclude")
    assert settings(at).preset.id == preset(TARGETS[promise].reference).id
    assert W("answer.title") in drawers(at)
    # Nothing that was not stated is told as a promise.
    assert not re.search(r"\d", title(at))


@pytest.mark.parametrize("name", [name for name in paste.KINDS if name in other.KINDS])
def test_a_kind_that_is_not_modelled_says_so(name):
    at = kind(pasted("每人要推荐3人"), name)
    press(at, "paste:conclude")
    assert title(at) == W(other.KINDS[name][0])
    assert query(at)["step"] == "other"
    assert "¥" not in html(at)


@pytest.mark.parametrize("name", ["ads", "agents", "commission"])
def test_other_promises_go_to_their_questions(name):
    at = kind(pasted("没有数字"), name)
    press(at, "paste:conclude")
    assert title(at) == W("wizard.offer")
    assert check.focus_of(settings(at)) == paste.AS_PROMISE.get(name, name)


def test_a_list_price_is_not_what_the_goods_cost_elsewhere():
    at = kind(pasted("市场价1299元，消费1000元，30%进入资金池"), "points")
    assert slot(at, "goods").options == [W("paste.not_stated"), W("paste.other")]


def test_what_is_shown_is_what_is_used():
    at = kind(pasted("消费1000元，提现手续费2.55%，30%进入资金池，三倍出局"), "points")
    assert "2.55%" in html(at).split("wp-finds")[1]
    slot(at, "fee").set_value(0.0255).run()
    assert any(option.startswith("2.55%") for option in slot(at, "fee").options)
    slot(at, "share").set_value(0.3).run()
    slot(at, "multiple").set_value(3.0).run()
    press(at, "paste:conclude")
    assert query(at)["points_pool.fee"] == "0.0255"


def test_points_for_a_price_are_offered_as_a_multiple():
    at = kind(pasted("消费3000元送9000积分"), "daily")
    slot(at, "price", "daily").set_value(3000.0).run()
    assert any(option.startswith("3×") for option in slot(at, "multiple", "daily").options)


def test_names_and_contacts_are_kept_nowhere():
    at = kind(pasted(ADVERT), "points")
    private = ("丽水", "有限公司", "zhang3333")
    kept = repr(at.session_state) + repr(query(at))
    shown = "".join(str(element) for element in at.main)
    for piece in (*private, ADVERT):
        assert piece not in kept
        assert piece not in html(at)
        assert piece not in shown
    # Once another offer is begun the numbers found are gone too.
    press(at, "to:start")
    assert "check:reading" not in repr(at.session_state)


def test_a_long_text_is_read_up_to_the_limit_and_says_so():
    at = pasted("手续费千分之五。" + "无" * MAX_TEXT)
    assert boxes(at) == [W("paste.cut", most="5,000")]
    assert W("paste.found", n="1") in html(at)


def test_an_empty_text_asks_again():
    for text, asks in (("手续费千分之五。", False), ("  ", True)):
        at = pasted(text)
        areas = {area.key: area.value for area in at.text_area}
        assert (areas.get("check|advert") == "") is asks
        assert (W("paste.found", n="1") in html(at)) is not asks


# -- Already paid -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_what_to_do_after_paying_line_by_line_with_its_source(lang):
    at, w = opened("check", {"step": "paid"}, lang=lang), Words(lang, strict=True)
    said = html(at)
    sources = [each.split("</li>")[0] for each in said.split("wp-source")[1].split("<li>")[1:]]
    assert len(sources) == len(set(sources))
    for line in flags.advice():
        text = w.text(line.text.en, line.text.zh)
        # Right behind it the number of its source.
        number = re.match(r"<sup class='wp-ref'>(\d+)</sup>", said.split(text)[1])
        assert number
        assert sources[int(number[1]) - 1] == offer.source_text(line, w)
    assert {line.group for line in flags.advice()} == set(paid.GROUPS)
    for call in ("12315", "96110"):
        assert f"<a href='tel:{call}'>{call}</a>" in said
    # What to stop comes first, then where to report.
    assert said.index(w("paid.stop")) < said.index("tel:") < said.index(w("paid.keep"))
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
    assert W("answer.title") in drawers(at)


# -- One page -----------------------------------------------------------------------------------


@pytest.mark.part(2)
@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_one_page_has_everything_and_a_link_that_keeps_the_numbers(name, lang):
    at = opened("check", {"scheme": name, "before": "50", "order.spend": "2000"}, lang=lang)
    answer, said, found = html(at), title(at), finding(at)
    press(at, "to:print")
    w = Words(lang, strict=True)
    assert query(at)["for"] == "print"
    assert title(at) == said == verdict(check.judge(settings(at)), w)
    text = at.code[0].value
    assert text.startswith(said)
    assert found in text
    assert f"{name}@{preset(name).revision}" in text
    link = re.search(r"/\?(\S+)", text)
    assert link
    address = dict(pair.split("=") for pair in link[1].replace("%40", "@").split("&"))
    again = opened("check", {k: v.replace("%3A", ":") for k, v in address.items()})
    assert html(again) == answer
    # What is printed is what is sent.
    printed = html(at)
    for line in text.splitlines():
        assert line.removeprefix("- ").strip() in printed or line == said
    press(at, "to:answer")
    assert html(at) == answer


# -- Cash back in the shop, several, none ---------------------------------------------------------


def test_an_honest_stamp_card_comes_out_fine():
    at = opened("check")
    press(at, "kind:cashback")
    at.pills(key="check|scheme").set_value("stamp-card").run()
    number_input(at, key="check|order.spend").set_value(150.0).run()
    press(at, "next")
    number_input(at, key="check|scheduled_release.gift_multiple#back").set_value(12.0).run()
    press(at, "next")
    # Nothing is asked of a place in a line, and nothing is filled in for the goods.
    assert title(at) == W("verdict.kept.margin", most=yuan(18, "en"), spend=yuan(150, "en"))
    assert W("verdict.goods.unknown") in html(at)
    assert W("next.fine") in html(at)
    changes = settings(at).changes
    for name in ("gift_multiple", "share", "daily_rate"):
        assert changes[f"scheduled_release.{name}"] == pytest.approx(0.12)
    assert title(opened("check", query(at))) == title(at)


def test_more_than_shops_earn_is_no_ordinary_programme():
    at = opened("check")
    press(at, "kind:cashback")
    press(at, "next")
    number_input(at, key="check|scheduled_release.gift_multiple#back").set_value(80.0).run()
    press(at, "next")
    assert title(at) == W("verdict.cash_back.much", most=yuan(80, "en"), spend=yuan(100, "en"))
    assert W("next.fine") not in html(at)


@pytest.mark.parametrize("name", ["several", "none"])
def test_several_and_none_get_what_can_be_said(name):
    at = opened("check")
    press(at, f"kind:{name}")
    assert title(at) == W(other.KINDS[name][0])
    assert "¥" not in html(at)
    press(at, "to:start")
    assert title(at) == W("page.check.heading")


def test_how_many_rounds_it_takes():
    """1 + 3 + ... + 3^16 is the first of these sums above the people of Shanghai."""
    at = opened("check", {"step": "other", "other": "push_three", "each": "3"})
    place = W("place.shanghai")
    assert W("other.needed", each="3", rounds="16", place=place) in html(at)
    assert sum(3**k for k in range(16)) < 24_870_895 < sum(3**k for k in range(17))
    for odd in ("1", "0", "x", "9" * 30):
        at = opened("check", {"step": "other", "other": "push_three", "each": odd})
        assert len(boxes(at)) == 1


def test_the_same_count_if_people_give_up():
    at = opened("check", {"scheme": "local-life-points"})
    before = html(at)
    at.segmented_control(key="check|leave#").set_value("50").run()
    working(at)
    assert query(at)["leave"] == "50"
    assert "138" in html(at).removeprefix(before)
    assert html(opened("check", query(at))) == html(at)
    at.segmented_control(key="check|leave#").set_value("").run()
    assert html(at) == before
    # Of a sound programme nobody has to wait for anybody.
    assert W("give.title") not in drawers(opened("check", {"scheme": "cash-back-card"}))
