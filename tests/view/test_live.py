"""What a hand sends becomes settings, and what the browser is told of them."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load, presets, simulate
from model.library import preset
from model.scheme import scheme_parameters
from view.money import live
from view.money.live import Move
from view.parts import knobs
from view.parts.controls import from_widget, to_widget
from view.pictures import charts, panels
from view.sentences import findings
from view.settings import limits, state
from view.settings.state import Settings
from view.words.words import LANGS, Words, words

W = Words("en", strict=True)
OWN = (
    "own:points_pool+dividend_pool+commission",
    "own:scheduled_release+refund_queue",
    "own:commission",
)
EVERY = [*presets(), *OWN]


def settings_of(name: str, **changes: Any) -> Settings:
    return Settings(preset(name), changes, {"view": "live"})


def move(settings: Settings, values: dict[str, Any]) -> Move:
    return Move(1, settings.preset.reference, values)


# -- A message is read with suspicion -----------------------------------------------------

GOOD = {"seq": 3, "scheme": "wine-points@1", "values": {"points_pool.share": 20}}


def test_a_message_of_our_own_is_read():
    assert live.read(GOOD) == Move(3, "wine-points@1", {"points_pool.share": 20})


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": -1},
        {"seq": 2**53},
        {"seq": True},
        {"seq": "3"},
        {"scheme": None},
        {"values": []},
        {"values": {str(k): 1 for k in range(live.MOST_VALUES + 1)}},
        {"values": {3: 1}},
    ],
)
def test_any_other_message_is_none(wrong):
    assert live.read({**GOOD, **dict.fromkeys(wrong)}) is None
    assert live.read({**GOOD, **{key: GOOD[key] for key in wrong}}) is not None
    assert live.read({**GOOD, **wrong}) is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@given(anything)
def test_no_message_is_too_strange_to_be_read(message):
    assert live.read(message) is None or isinstance(message, dict)


@given(st.sampled_from(EVERY), st.data())
def test_no_value_is_too_strange_to_be_answered(name, data):
    """Whatever is sent: settings that hold, and a sentence for each value that is not taken."""
    before = settings_of(name)
    offered = knobs.headline(before.scheme())
    values = data.draw(st.dictionaries(st.sampled_from(offered), anything))
    after, refused = live.moved(before, move(before, values), W)
    after.scheme()
    assert set(refused) <= set(values)
    assert all(refused.values())
    assert set(after.changes) <= {*values, live.KIND}


# -- What a hand does ----------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_every_stop_of_every_knob_is_taken_and_taken_back(name):
    before = settings_of(name)
    scheme = before.scheme()
    for key in knobs.headline(scheme):
        parameter = scheme_parameters(scheme)[key]
        about = live.knob(scheme, key, W)
        assert len(about["values"]) == len(about["texts"]) == len(set(about["texts"]))
        assert about["value"] in about["values"]
        for value in (*about["values"][:2], about["values"][-1]):
            after, refused = live.moved(before, move(before, {key: value}), W)
            if refused:
                # Usable by itself, but not beside the other numbers of this scheme.
                assert refused == {key: W("url.combination")}
                assert dict(after.changes) == {}
                continue
            assert after.scheme().get(key) == pytest.approx(from_widget(parameter, value))
        again, _ = live.moved(after, move(before, {key: about["value"]}), W)
        assert dict(again.changes) == {}


def test_never_is_the_last_stop():
    before = settings_of("wine-points")
    about = live.knob(before.scheme(), "points_pool.exit_multiple", W)
    assert about["values"][-1] is None
    assert about["texts"][-1] == W("control.never") == about["box"]["none"]
    after, _ = live.moved(before, move(before, {"points_pool.exit_multiple": None}), W)
    assert after.scheme().pool.exit_multiple is None


def test_growth_turns_a_steady_volume_into_a_growing_one_and_back():
    before = settings_of("wine-points")
    after, _ = live.moved(before, move(before, {live.GROWTH: 1.5}), W)
    assert after.changes == {live.GROWTH: 0.015, live.KIND: "growing"}
    again, _ = live.moved(after, move(before, {live.GROWTH: 0}), W)
    assert again.changes == {}
    levelling = settings_of("wine-points", **{live.KIND: "saturating", live.GROWTH: 0.01})
    after, _ = live.moved(levelling, move(levelling, {live.GROWTH: 2}), W)
    assert after.scheme().demand.kind == "saturating"


@pytest.mark.parametrize(
    "value",
    [
        0,
        -5,
        100.1,
        1e300,
        10**400,
        -(10**400),
        math.inf,
        "a lot",
        "120",
        "1.2倍",
        "",
        True,
        None,
        [16],
        math.nan,
    ],
)
def test_out_of_range_is_refused_with_a_sentence_and_nothing_moves(value):
    before = settings_of("wine-points", **{"points_pool.fee": 0.3})
    after, refused = live.moved(before, move(before, {"points_pool.share": value}), W)
    assert after.changes == before.changes
    sentence = refused["points_pool.share"]
    assert W.label("points_pool.share") in sentence
    assert "0.1%" in sentence
    assert "100%" in sentence


@pytest.mark.parametrize(
    ("text", "share"),
    [("20", 0.2), ("２０％", 0.2), ("两成", 0.2), ("2,55", 0.0255), ("1,2", 0.012)],
)
def test_what_was_typed_is_read_as_in_every_box(text, share):
    before = settings_of("wine-points")
    after, refused = live.moved(before, move(before, {"points_pool.share": text}), W)
    assert after.changes == {"points_pool.share": share}
    assert refused == {}


def test_a_text_that_is_no_number_is_refused_and_not_repeated():
    before = settings_of("wine-points")
    _, refused = live.moved(before, move(before, {"points_pool.share": "a lot"}), W)
    scheme = before.scheme()
    assert refused["points_pool.share"] == live.refusal(scheme, "points_pool.share", W)
    assert "a lot" not in refused["points_pool.share"]


def test_what_is_usable_is_taken_beside_what_is_not():
    before = settings_of("wine-points")
    values = {"points_pool.share": 400, "points_pool.fee": 25}
    after, refused = live.moved(before, move(before, values), W)
    assert after.changes == {"points_pool.fee": 0.25}
    assert set(refused) == {"points_pool.share"}


def test_numbers_that_do_not_fit_together_are_taken_as_far_as_they_do():
    before = settings_of("zero-cost-marketing")
    values = {"commission.circle_cash": 0.0, live.GROWTH: 1}
    after, refused = live.moved(before, move(before, values), W)
    assert refused == {"commission.circle_cash": W("url.combination")}
    assert after.scheme().demand.growth == 0.01
    assert after.scheme().demand.kind == "growing"


def test_an_open_end_is_said_and_held():
    before = settings_of("wine-points")
    _, refused = live.moved(before, move(before, {"points_pool.fee": 100}), W)
    assert W("typed.less", x="100%") in refused["points_pool.fee"]


def test_whole_things_are_whole():
    before = settings_of("guild-queue")
    after, refused = live.moved(before, move(before, {"refund_queue.lock": 2.5}), W)
    assert after.changes == {}
    assert "whole number" in refused["refund_queue.lock"]


def test_a_choice_is_one_of_those_offered():
    before = settings_of("guild-queue")
    after, refused = live.moved(before, move(before, {"refund_queue.rule": "own"}), W)
    assert after.scheme().get("refund_queue.rule") == "own"
    assert refused == {}
    after, refused = live.moved(before, move(before, {"refund_queue.rule": "<b>"}), W)
    assert after.changes == {}
    assert set(refused) == {"refund_queue.rule"}


def test_a_message_for_another_scheme_or_of_a_knob_that_is_gone_changes_nothing():
    before = settings_of("wine-points")
    other = Move(1, "green-points@1", {"demand.orders_per_tick": 5})
    assert live.moved(before, other, W) == (before, {})
    after, refused = live.moved(before, move(before, {"horizon": 5, "dividend_pool.share": 9}), W)
    assert (after.changes, refused) == ({}, {})


def test_a_value_of_the_address_joins_the_stops_in_its_place():
    scheme = load("wine-points", {"points_pool.share": 0.333})
    about = live.knob(scheme, "points_pool.share", W)
    at = about["values"].index(33.3)
    assert about["values"][at - 1 : at + 2] == (33.0, 33.3, 34.0)
    assert about["texts"][at] == "33.3%"


def test_problems_of_an_address_are_not_kept():
    query = {"scheme": "wine-points", "points_pool.fee": "7"}
    before = state.parse(query, page={})
    assert before.problems
    after, _ = live.moved(before, move(before, {"points_pool.share": 20}), W)
    assert after.problems == ()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", EVERY)
def test_every_knob_speaks_every_language(name, lang):
    w = Words(lang, strict=True)
    scheme = preset(name).scheme()
    for key in knobs.headline(scheme):
        about = live.knob(scheme, key, w)
        assert all(about["texts"])
        if key not in {"refund_queue.rule", "platform.policy"}:
            assert about["label"] in about["box"]["label"]
            assert about["label"] in live.refusal(scheme, key, w)


# -- What the browser is told ----------------------------------------------------------------


def plain(value: Any) -> Any:
    """A figure as read from JSON, packed arrays as lists."""
    if isinstance(value, dict):
        if "bdata" in value:
            packed = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
            shape = value.get("shape")
            return (packed if shape is None else packed.reshape(json.loads(f"[{shape}]"))).tolist()
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", EVERY)
def test_the_figures_are_those_of_every_other_use(name):
    scheme = preset(name).scheme({"horizon": 40})
    result = simulate(scheme)
    page = page_of(settings_of(name, horizon=40), height=300)
    told = json.loads(live.told(result, page, seq=7, refused={}))
    assert told["seq"] == 7
    foot = findings.foot(scheme, page.settings.preset, page.settings.changes, W)
    assert [about["key"] for about in told["knobs"]] == knobs.headline(scheme)
    usual = panels.panels(result, charts.Look(w=W), foot=foot)
    for mine, panel in zip(told["panels"], usual, strict=True):
        assert mine["title"] == panel.title
        # Strict JSON: what is not a number must not reach the browser as NaN.
        figure = json.loads(mine["figure"], parse_constant=pytest.fail)
        same = plain(json.loads(panel.figure().to_json()))
        assert _close(plain(figure), same)


def page_of(settings: Settings, *, lang: str = "en", dark: bool = False, height: int = 310):
    return live.Shown(settings=settings, lang=lang, dark=dark, height=height)


def asked(page: live.Shown, values: dict[str, Any], seq: int = 9) -> bytes:
    """What our script sends while a hand moves."""
    reference = page.settings.preset.reference
    message = {"seq": seq, "scheme": reference, "values": values, "page": page.written()}
    return json.dumps(message).encode()


@pytest.mark.parametrize("name", EVERY)
def test_a_moving_hand_is_answered_as_the_page_at_rest(name):
    """The same panels and sentences, although nobody remembers who asks."""
    before = settings_of(name, horizon=30)
    key = knobs.headline(before.scheme())[0]
    value = live.knob(before.scheme(), key, W)["values"][1]
    page = page_of(before, lang="zh-Hans", dark=True, height=200)
    answer = json.loads(live.answer(asked(page, {key: value})))
    after, refused = live.moved(before, move(before, {key: value}), words("zh-Hans"))
    result = simulate(after.scheme())
    rest = json.loads(live.told(result, replace(page, settings=after), seq=9, refused=refused))
    assert answer == {key: rest[key] for key in answer}
    more = {"lang", "visit", "scheme", "page", "words", "knobs", "config"}
    assert set(rest) - set(answer) == more


def test_what_the_browser_keeps_of_a_page_brings_it_back():
    settings = settings_of("wine-points", **{"points_pool.fee": 0.25, "horizon": 77})
    page = page_of(
        replace(settings, page={"view": "live", "zoom": "on"}), lang="zh-Hant", dark=True
    )
    again = live.shown(json.loads(json.dumps(page.written())))
    assert again is not None
    assert again.settings.preset == settings.preset
    assert again.settings.changes == settings.changes
    assert again.look == page.look
    assert again.look.zoom


def test_a_heavy_scheme_is_not_worked_out_for_longer_than_by_its_page():
    heavy = settings_of("equity-shop", horizon=10_000, **{"behaviour.sell_share": 0.01})
    most = limits.most_days(heavy.scheme())
    assert limits.bounded(heavy).scheme().horizon == most < 10_000
    short = limits.bounded(settings_of("wine-points", horizon=10_000))
    assert short.scheme().horizon == 10_000


WRONG = {
    "no JSON": b"{",
    "deep": b"[" * 40_000,
    "a list": b"[]",
    "no page": json.dumps(GOOD).encode(),
    "long": b" " * (live.MOST_BYTES + 1),
    "bytes": bytes(range(256)),
}
PAGE_WRONG = (
    {"query": 3},
    {"query": "a=1&" * 200},
    {"lang": "fr"},
    {"dark": 1},
    {"height": 50},
    {"height": 1e3},
    {"height": 10**9},
    {"height": True},
)


@pytest.mark.parametrize("message", WRONG.values(), ids=WRONG)
def test_what_is_no_move_gets_one_sentence(message):
    with pytest.raises(live.RefusedError) as refused:
        live.answer(message)
    assert str(refused.value).startswith("A move ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("wrong", PAGE_WRONG, ids=str)
def test_a_page_that_was_not_sent_gets_one_sentence(wrong):
    page = page_of(settings_of("wine-points"))
    message = json.loads(asked(page, {}))
    message["page"] |= wrong
    with pytest.raises(live.RefusedError):
        live.answer(json.dumps(message).encode())


@given(anything, anything)
def test_no_page_is_too_strange_to_be_read(page, query):
    live.shown(page)
    live.shown({"query": query, "lang": "en", "dark": False, "height": 300})
    strange = {"query": str(query), "lang": "en", "dark": False, "height": 300}
    again = live.shown(strange)
    assert again is None or again.settings.scheme()


def _close(a: Any, b: Any) -> bool:
    """Equal up to what numbers lose on their way through text, an empty dictionary aside."""
    if isinstance(a, dict) and isinstance(b, dict):
        return all(_close(a.get(key, {}), b.get(key, {})) for key in {*a, *b})
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_close, a, b))
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-12)
    return bool(a == b)


def test_values_in_units_of_people_come_back():
    for name in EVERY:
        scheme = preset(name).scheme()
        for key in knobs.headline(scheme):
            parameter = scheme_parameters(scheme)[key]
            value = to_widget(parameter, scheme.get(key))
            assert from_widget(parameter, value) == pytest.approx(scheme.get(key))


def test_limits_are_said_in_chinese():
    scheme = load("wine-points")
    said = live.refusal(scheme, "demand.orders_per_tick", words("zh-Hans"))
    assert "不小于 0.001" in said
    assert "不大于 10 亿" in said
