"""Lessons for one: their numbers are the model's, their screens are short and complete."""

from __future__ import annotations

import gzip
import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from model import load, simulate
from model.relay import consign_relay, ended
from model.yardstick import yardstick
from view.check import other
from view.light.html import source_hash
from view.money import money
from view.serving import lessons as serving
from view.serving.first_paint import first_paint
from view.settings import state
from view.teach import chart, lessons
from view.teach.facts import LESSONS, MOST_POINTS, facts
from view.teach.said import SCREENS, listed, told
from view.words.format import yuan
from view.words.words import LANGS, Words

# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_s_chart_holds_together(lesson):
    found = facts(lesson)
    assert 7 <= len(found.asked) <= 11
    assert 7 <= len(found.stops) <= 11
    assert found.stops[found.usual].curve == found.curve
    assert found.stops[found.usual].numbers == found.numbers
    assert list(found.asked) == sorted(found.asked)
    assert found.seen < found.asked[0] or found.seen == 0 or lesson == "recruiters"
    values = [stop.value for stop in found.stops]
    assert values == sorted(set(values))
    for stop in found.stops:
        assert len(stop.curve.x) == len(stop.curve.y) <= MOST_POINTS
        assert 0 <= min(stop.curve.y) <= max(stop.curve.y) <= found.top
        assert stop.numbers.keys() == found.numbers.keys()
        if stop.beside is not None:
            assert max(stop.beside.y) <= found.beside_top
    assert found.asked[-1] == pytest.approx(found.curve.x[-1])
    assert all(0 <= y <= found.top for y in found.truth)


def test_the_pool_of_each_buyer_is_that_of_the_run():
    found = facts("price")
    series = simulate(load("wine-points")).series
    assert found.numbers["each"] == series["pool"].iloc[-1] / series["holders"].iloc[-1]
    # Whatever the number of orders: never more than a buyer's own part.
    for stop in found.stops:
        assert stop.numbers["each"] <= stop.numbers["into_pool"]
        assert stop.numbers["price"] > 30
    ends = [stop.numbers["price"] for stop in found.stops]
    assert ends == sorted(ends)


def test_places_in_the_line_share_the_pool():
    found = facts("place")
    assert np.mean(found.truth) == pytest.approx(found.numbers["mean"])
    for stop in found.stops:
        # What all have together is what the pool was paid, a fee that was kept aside.
        assert stop.numbers["mean"] == pytest.approx(stop.numbers["into_pool"], rel=1e-3)
        assert stop.numbers["middle"] == pytest.approx(259, abs=3)
        assert stop.numbers["above"] == pytest.approx(0.305, abs=0.006)


def test_a_price_stands_when_orders_stop():
    found = facts("stop")
    result = simulate(load("thousand-yuan-points", {"demand.stop_tick": 180}))
    row = result.cohorts.loc[30]
    assert found.numbers["worth_end"] == pytest.approx(row["held_value"] / row["buyers"])
    assert found.numbers["worth_stop"] == found.numbers["worth_end"]
    assert found.numbers["factor"] == yardstick(load("thousand-yuan-points")).back
    assert found.numbers["worth_then"] < found.numbers["worth_end"] < found.numbers["spend"]
    assert found.stops[-1].numbers["worth_end"] > found.numbers["worth_end"]


def test_the_queue_grows_with_those_before():
    found = facts("queue")
    cohorts = simulate(load("three-in-one-out")).cohorts
    assert found.numbers["last_waits"] == cohorts["exit_tick"].loc[100] - 100
    # The order before which n stand is paid at order 3 n + 1.
    assert found.curve.at(50.0) == pytest.approx(2 * 50 + 1, abs=1)
    for stop in found.stops:
        assert stop.numbers["refunded"] == pytest.approx(1 / 3, rel=1e-3)
        assert stop.numbers["last_waits"] <= found.numbers["last_waits"]


def test_cash_every_day_until_the_pool_is_empty():
    found = facts("daily")
    result = simulate(load("ad-tasks", {"horizon": 240}))
    series = result.series
    assert found.numbers["full_days"] == result.broken.tick - 1
    assert found.truth == pytest.approx([100 * series["price"].loc[x] for x in found.asked])
    # The first day's buyers, by the table of rewards for 2001 to 4000 of credit.
    assert found.numbers["a_day"] == 40
    # All that the pool was paid, and what advertisers add.
    assert found.numbers["had_mean"] == pytest.approx(found.numbers["into_pool"], rel=0.01)
    owed = [stop.numbers["owed"] for stop in found.stops]
    full = [stop.numbers["full_days"] for stop in found.stops]
    assert owed == sorted(owed)
    assert full == sorted(full)


def test_one_recruit_for_each_whoever_brings_them():
    found = facts("recruiters")
    for stop in found.stops:
        # All but the first member were brought by somebody.
        assert stop.numbers["mean"] == pytest.approx(1 - 1 / stop.numbers["members"])
        assert stop.numbers["none"] >= found.numbers["none"]
    assert found.numbers["none"] == pytest.approx(0.5, abs=0.01)
    assert found.numbers["needed"] == 10
    # A random tree: half bring one more than the last.
    assert found.truth[0] == pytest.approx(2 * found.truth[1], rel=0.05)


def test_the_last_holder_has_paid_for_all():
    found = facts("relay")
    rule = consign_relay().relay
    for stop in found.stops:
        n = stop.numbers
        last = ended(rule, sales=int(stop.value))
        assert (n["loss"], n["fees"], n["gains"]) == (last.loss, last.fees, last.gains)
        assert n["loss"] == pytest.approx(n["first_sale"] + n["fees"] + n["gains"])


def test_a_sound_promise_is_paid_in_full():
    found = facts("sound")
    assert set(found.truth) == {100.0}
    result = simulate(load("stamp-card", {"horizon": 240}))
    assert result.broken is None
    for stop in found.stops[1:]:
        n = stop.numbers
        assert n["last"] == pytest.approx(100 * n["aside"] / n["promised"], rel=0.01)


# -- words -----------------------------------------------------------------------------------------

WORDS, CHARACTERS = 40, 80
CHINESE = re.compile("[\u4e00-\u9fff]")


def length(text: str, lang: str) -> int:
    return len(text.split()) if lang == "en" else len(CHINESE.findall(text))


def screens(lesson: str, lang: str) -> list[str]:
    """Every screen as it is read, the one with the knob once for each stop."""
    found = told(lesson, lang)
    play = found.screens["play"]
    return [
        *(" ".join(said) for name, said in found.screens.items() if name != "play"),
        *(f"{play.head} {text}" for text in found.stops),
    ]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_screen_is_short(lesson, lang):
    assert tuple(told(lesson, lang).screens) == SCREENS
    assert 6 <= len(SCREENS) <= 8
    most = WORDS if lang == "en" else CHARACTERS
    for text in screens(lesson, lang):
        assert 3 < length(text, lang) <= most, text


@pytest.mark.parametrize("lang", LANGS)
def test_odds_stand_with_what_they_rest_on(lang):
    """What one finds is said with its assumption, on the same screen."""
    for lesson in LESSONS:
        assert told(lesson, lang).screens["reveal"].below, lesson


def test_a_screen_that_is_too_long_is_found():
    assert length(" ".join(["word"] * 41), "en") > WORDS
    assert length("字" * 81, "zh-Hans") > CHARACTERS


# -- pages -----------------------------------------------------------------------------------------

MOST_BYTES = 20_000


def page(**query: str) -> str:
    return lessons.page(lessons.asked_of(query))


def text_of(html: str) -> str:
    main = re.search("<main>(.*)</main>", html, re.DOTALL)
    assert main
    return unescape(re.sub("<[^>]+>", " ", main[1]))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("lesson", LESSONS)
def test_every_screen_is_drawn(lesson, lang):
    drawn_ = ".".join(["7"] * len(facts(lesson).asked))
    for screen, name in enumerate(SCREENS, start=1):
        for drawn in ("", lessons.UNSURE, drawn_):
            query = {"n": lesson, "screen": str(screen), "lang": lang}
            html = page(**query, **({"drawn": drawn} if drawn else {}))
            packed = gzip.compress(html.encode(), 6, mtime=0)
            assert len(packed) <= MOST_BYTES
            assert told(lesson, lang).screens[name].head in text_of(html)
            assert 'role="alert"' not in html
            # The curve is not there before somebody has guessed; what was drawn is, after.
            early, yours = screen < 3, name in {"play", "reveal", "why", "heard"}
            whole = chart.shape(facts(lesson), facts(lesson).curve)
            assert (whole in html) <= (not early)
            assert ('class="yours"' in html) == (name == "draw" or (yours and drawn == drawn_))
            # One way is marked, and is on the screen.
            assert html.count('"button first"') == 1


def test_the_page_loads_nothing_and_its_policy_is_that_of_its_parts():
    html = page(n="price", screen="3", lang="en")
    assert re.findall(r'(?:src|href)="(?!\./)', html) == []
    policy = serving.HEADERS["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    for kind, found in (("style", "<style>(.*?)</style>"), ("script", "<script>(.*?)</script>")):
        (text,) = re.findall(found, html, re.DOTALL)
        assert f"{kind}-src '{source_hash(text)}'" in policy


def test_a_drawing_goes_along_from_screen_to_screen():
    drawn = "1.3.5.7.9.11.13"
    for screen in range(2, len(SCREENS)):
        html = unescape(page(n="price", screen=str(screen), drawn=drawn, lang="en"))
        links = [dict(parse_qsl(urlsplit(one).query)) for one in re.findall('href="([^"]+)"', html)]
        onward = [link for link in links if link.get("screen") == str(screen + 1)]
        if screen != 2:  # a form
            assert {link["drawn"] for link in onward} == {drawn}
        back = [link for link in links if link.get("screen") == str(screen - 1)]
        assert {link["drawn"] for link in back} == {drawn}
    asked = lessons.asked_of({"n": "price", "screen": "4", "drawn": drawn})
    assert lessons.asked_of(dict(parse_qsl(asked.query()))) == asked


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_form_without_a_script_gives_a_drawing(lesson):
    found = facts(lesson)
    for end in lessons.ENDS:
        asked = lessons.asked_of({"n": lesson, "screen": "3", "end": str(end)})
        assert len(asked.drawn) == len(found.asked)
        assert asked.drawn[-1] == end
        assert not asked.problem
    assert lessons.asked_of({"n": lesson, "drawn": "unsure", "end": "5"}).unsure


BAD = (
    ({"n": "nowhere"}, "nowhere"),
    ({"n": "<script>alert(1)</script>"}, "script"),
    ({"screen": "99"}, "99"),
    ({"screen": "-1"}, "-1"),
    ({"screen": "٣"}, "٣"),
    ({"screen": "1e9999"}, "1e9999"),
    ({"drawn": "1.2.3"}, "1.2.3"),
    ({"drawn": "1.2.3.4.5.6.700"}, "700"),
    ({"drawn": "." * 5000}, "...."),
    ({"drawn": "²." * 7}, "²"),
    ({"end": "21"}, "21"),
    ({"end": "NaN"}, "NaN"),
    ({"stop": "7"}, "7"),
    ({"stop": "x"}, "x"),
    ({"lang": "tlh"}, "tlh"),
)


@pytest.mark.parametrize(("query", "said"), BAD, ids=lambda each: str(each)[:30])
def test_what_cannot_be_used_is_said_in_one_sentence(query, said):
    for base in ({}, {"n": "place", "screen": "3"}):
        asked = lessons.asked_of({**base, **query})
        html = lessons.page(asked)
        (problem,) = re.findall('role="alert">(.*?)</p>', html)
        assert said in unescape(problem)
        assert "<script>alert" not in html
        assert 1 <= asked.screen <= len(SCREENS)
    assert lessons.asked_of({"screen": "99"}).screen == len(SCREENS)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_what_a_class_will_find(lang):
    w, n = Words(lang, strict=True), facts("price").numbers
    html = first_paint("teach", lang, {}).html
    assert first_paint("teach", lang, {}).whole
    said = unescape(html)
    assert yuan(n["each"], lang) in said
    for lesson in LESSONS:
        assert all(text in said for text in listed(lesson, w))
        assert f"n={lesson}" in said
    for way in ("./room?", "./kit?"):
        assert way in html
    assert w("page.teach.heading") in said


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_leads_to_the_numbers_it_is_about(lesson):
    html = unescape(page(n=lesson, screen=str(len(SCREENS)), lang="en"))
    (address,) = re.findall(r'href="(\./money\?[^"]+|\./\?[^"]*step=other[^"]*)"', html)
    query = dict(parse_qsl(urlsplit(address).query))
    found = facts(lesson)
    if found.money:
        settings = state.parse(query, page=money.OWN)
        assert not settings.problems
        assert settings.preset.reference == found.preset
        assert settings.changes == found.settings
    else:
        assert query["other"] in other.KINDS
    assert "./room?" in html
