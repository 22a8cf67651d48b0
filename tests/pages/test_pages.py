"""Every page in every view, scheme and language opens and says what the model says."""

from __future__ import annotations

from html import escape

import pytest

from model import load, presets, simulate
from model.cost import cost
from model.library import preset
from model.published import reproduced
from tests.pages.visit import boxes, figures, finding, html, opened, with_its_note, working
from tests.turns import in_turn, with_points_alone
from tests.view.test_state import revised
from view.mechanisms.commission.said import circle
from view.mechanisms.points_pool import crowd
from view.mechanisms.points_pool import offered as points_offered
from view.money import money
from view.parts.controls import PARAMETERS
from view.sentences import answers, findings
from view.sentences.verdict import told
from view.sentences.walk import walk
from view.serving.first_paint import first_paint
from view.settings import limits
from view.settings.state import MAX_KEYS, value_of, written
from view.words.format import count, yuan
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

UNSURE = tuple(f"points_pool.{name}" for name in points_offered.UNSURE)

assert revised  # a fixture
POINTS = with_points_alone()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", POINTS)
def test_check_opens(name, lang):
    at = opened("check", {"scheme": f"{name}@{preset(name).revision}"}, lang=lang)
    w, scheme = Words(lang, strict=True), load(name)
    judged = answers.offer(scheme, preset(name), {})
    assert at.title[0].value == told(judged, w).heading
    assert finding(at) == answers.headline(judged, w)
    said = html(at)
    assert yuan(scheme.most_paid, lang) in said
    assert with_its_note(judged, crowd.crowd_sentence(judged, w), w) in said
    assert answers.split_bar(scheme, w, dark=False) in "\n".join(e.value for e in at.get("html"))
    assert not boxes(at)


@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_live_opens(name, lang):
    at = opened("money", {"scheme": f"{name}@{preset(name).revision}"}, lang=lang)
    w, result = Words(lang, strict=True), simulate(load(name))
    assert finding(at) == findings.finding(result, w)
    assert findings.assumption(result.scheme, w) in html(at)
    drawn = figures(at)
    assert len(drawn) == 3
    assert all(f"{name}@{preset(name).revision}" in figure for figure in drawn)
    for chart in at.get("plotly_chart"):
        assert chart.proto.alt  # every picture has its finding in words
    assert not boxes(at)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", POINTS)
def test_steps_open(name, lang):
    w, scheme = Words(lang, strict=True), load(name)
    # The first buyer, before the rule makes them sell.
    forced = walk(scheme, upto=100, buyer=1, sell=0).left_at
    sell = 100 if forced is None else forced - 1
    query = {"scheme": f"{name}@{preset(name).revision}", "view": "steps", "sell": str(sell)}
    at = opened("money", query, lang=lang)
    told = walk(scheme, upto=100, buyer=1, sell=sell)
    assert told.sold
    for amount in (told.paid, told.own, scheme.order.spend):
        assert yuan(amount, lang) in finding(at)
    assert finding(at).startswith((w._find("steps.left.sold") or "").split("{")[0].strip())
    assert f"{told.rows[99].price:,.4f}" in html(at)
    assert len(figures(at)) == 1
    assert not boxes(at)


@pytest.mark.part(6)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", sorted(set(presets()) - set(POINTS)))
def test_one_buyer_opens(name, lang):
    w, scheme = Words(lang, strict=True), load(name, {"horizon": 90})
    # Not everywhere does somebody order on day 5: a case may begin with an order a week.
    ordered = simulate(scheme).series["orders"].loc[5:]
    joined = int(ordered.index[ordered > 0][0])
    query = {"scheme": name, "view": "steps", "joined": str(joined), "horizon": "90"}
    at = opened("money", query, lang=lang)
    assert len(figures(at)) == 1
    assert not boxes(at)
    if findings.kind(scheme) == "commission":
        assert yuan(circle(simulate(scheme)).goods, lang) in html(at)
        return
    result = simulate(scheme)
    paid = result.paid_to(joined)
    assert yuan(float(paid[-1]), lang) in finding(at)
    assert findings.spent(scheme, w) in finding(at)
    assert at.query_params["joined"] == str(joined)


def test_one_buyer_of_a_day_without_orders():
    at = opened(
        "money",
        {"scheme": "cyclic-purchase", "view": "steps", "joined": "50", "demand.stop_tick": "20"},
    )
    assert finding(at) == Words("en", strict=True)("one.nobody", day=50)


@pytest.mark.parametrize("lang", LANGS)
def test_sources_open(lang):
    at = opened("sources", lang=lang)
    w = Words(lang, strict=True)
    said = html(at)
    for name in presets():
        assert w.text(preset(name).name.en, preset(name).name.zh) in said
        kinds = {part: kind for kind, part in preset(name).parts}
        for value in preset(name).value:
            group, _, number = value.key.rpartition(".")
            key = f"{kinds[group]}.{number}" if group in kinds else value.key
            assert w.label(key) in said
    assert finding(at) == w("sources.finding", **_counted())


def _counted() -> dict[str, int]:
    values = [value for name in presets() for value in preset(name).value]
    figures_ = [row for name in presets() for row in reproduced(preset(name))]
    return {
        "numbers": len(values),
        "schemes": len(presets()),
        "assumed": sum(value.quality == "assumed" for value in values),
        "figures": len(figures_),
        "agree": sum(agrees for _, _, agrees in figures_),
    }


# -- An address nobody meant -----------------------------------------------------------

MANGLED: dict[str, dict[str, str]] = {
    "nan": {"points_pool.fee": "nan", "horizon": "NaN"},
    "infinite": {"points_pool.exit_multiple": "inf", "demand.orders_per_tick": "1e999"},
    "huge": {"horizon": "9" * 400, "order.spend": "1e308"},
    "unknown": {"points_pool.<script>alert(1)</script>": "1", "points_pool.colour": "blue"},
    "html": {"order.rest": "<img src=x onerror=alert(1)>", "tick": '"><script>'},
    "scheme": {"scheme": "../../etc"},
    "revision": {"scheme": "wine-points@99"},
    "list": {"demand.orders": "[[[[1]]]]", "points_pool.outside": '[["a", {}]]'},
    "long": {"points_pool.share": "0." + "1" * 5000},
    "control": {"points_pool.gift": "\x00\x01\u202e", "\x07": "\x1b[31m"},
    "combined": {"demand.kind": "often", "horizon": "0", "points_pool.share": "-1"},
    "language": {"lang": "tlh", "points_pool.debt_batches": "1.5"},
}


@pytest.mark.parametrize("page", ["check", "money"])
@pytest.mark.parametrize("case", MANGLED)
def test_a_mangled_address_is_answered_in_sentences(page, case):
    at = opened(page, MANGLED[case])
    assert 1 <= len(boxes(at)) <= len(MANGLED[case])
    assert all(boxes(at))
    assert finding(at)
    # The next look has nothing left to complain about, and the address is clean.
    query = dict(at.query_params)
    assert not set(query) & (MANGLED[case].keys() - {"scheme"})
    at.run()
    working(at)
    assert not boxes(at)


def test_too_many_settings():
    at = opened("money", {f"points_pool.key{k}": "1" for k in range(3 * MAX_KEYS)})
    assert 1 <= len(boxes(at)) <= 5


#: Free texts of a page's own: any text may come.
ODD = ("", "-1", "0", "1.5", "9" * 30, "9" * 400, "9" * 1900, "²", "٣", "<b>", "nan", "x" * 1900)


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:8] or "empty")
def test_odd_numbers_of_the_page_s_own(text):
    at = opened("check", {"before": text, "per_day": text, "unsure": text})
    assert finding(at)
    at = opened("money", {"view": "steps", "upto": text, "buyer": text, "sell": text})
    assert finding(at)


def least(key: str) -> str:
    """The smallest value of a parameter."""
    parameter = PARAMETERS[key]
    exclusive = parameter.exclusive_minimum
    return written((parameter.minimum or 0.0) + (1e-6 if exclusive else 0.0))


EXTREMES: dict[str, dict[str, str]] = {
    "longest": {"horizon": "10000", "demand.orders_per_tick": "1e9"},
    "one day": {"horizon": "1"},
    "smallest": {key: least(key) for key in ("order.spend", *UNSURE[:3])},
    "largest": {"order.spend": "1e7", "points_pool.launch_price": "1e6", "demand.growth": "1"},
    "everything": {"points_pool.share": "1", "points_pool.gift": "1", "points_pool.fee": "0"},
    "whole fee": {"points_pool.fee": "0.999999", "points_pool.exit_multiple": "0.1"},
    "nobody": {"demand.kind": "list", "demand.orders": "[]"},
    "fading": {"demand.kind": "growing", "demand.growth": "-0.99"},
    "single orders": {"tick": "order"},
    "all sell": {"behaviour.sell_share": "0.5", "points_pool.redeem_share": "0.5"},
    "debt": {"points_pool.debt": "1e13", "points_pool.debt_batches": "60"},
    "outside": {"points_pool.outside": "[[1,1e13],[2,5],[9999,1]]"},
}


@pytest.mark.part(3)
@pytest.mark.parametrize("case", EXTREMES)
def test_extreme_but_allowed(case):
    for page, query in (
        ("check", {"before": "7"}),
        ("money", {}),
        ("money", {"view": "steps", "upto": "1000", "buyer": "3"}),
    ):
        at = opened(page, {**EXTREMES[case], **query})
        assert finding(at)
        assert not boxes(at)
        for key, text in EXTREMES[case].items():
            assert value_of(at.query_params[key]) == value_of(text), key


# -- Old revisions ---------------------------------------------------------------------


def test_a_link_with_an_old_revision_shows_its_numbers_and_says_so(revised):
    at = opened("money", {"scheme": "wine-points@1"})
    w = Words("en", strict=True)
    assert boxes(at, "info") == [w("url.old_revision", revision=1, newest=2)]
    old = load("wine-points@1")
    assert old.pool.fee == revised
    assert finding(at) == findings.finding(simulate(old), w)
    assert all("wine-points@1" in figure for figure in figures(at))
    assert at.query_params["scheme"] == "wine-points@1"
    # Back to the preset means to its newest revision.
    at.button(key="money|reset-button").click().run()
    working(at)
    assert finding(at) == findings.finding(simulate(load("wine-points")), w)
    assert load("wine-points").pool.fee == 0.25
    assert not boxes(at, "info")


def test_views_of_the_page_are_all_tested():
    # The others have tests of their own (test_whose.py, test_people.py,
    # test_compare_and_rules.py).
    assert money.VIEWS == ("live", "steps", "whose", "people", "compare", "rules")


# -- A number of a page's own that there is not --------------------------------------------------

BEYOND = {
    "buyer": ("money", {"view": "steps", "buyer": "123456789012"}),
    "sell": ("money", {"view": "steps", "sell": "99999"}),
    "joined": ("money", {"scheme": "guild-queue", "view": "steps", "joined": "99999"}),
    "who": ("money", {"view": "whose", "who": "0"}),
    "stop": ("money", {"view": "whose", "stop": "99999"}),
    "pull": ("money", {"scheme": "three-in-one-out", "view": "people", "pull": "101"}),
    "package": ("check", {"scheme": "cyclic-packages", "step": "offer", "package": "77"}),
    "before": ("check", {"scheme": "wine-points", "step": "place", "before": "999999999999"}),
}


@pytest.mark.parametrize("key", BEYOND)
def test_a_number_that_there_is_not_is_named_with_what_there_is(key):
    page, query = BEYOND[key]
    said = [text for text in boxes(opened(page, query)) if f"“{key}”" in text]
    assert len(said) == 1, said
    assert query[key] in said[0]
    assert "allowed is a whole number from" in said[0]


def test_sources_names_what_it_does_not_know():
    (said,) = boxes(opened("sources", {"package": "1", "scheme": "wine-points"}))
    assert "“package”" in said


def test_the_first_words_say_that_a_run_was_cut_short(monkeypatch):
    scheme = load("wine-points", {"horizon": 400})
    monkeypatch.setattr(limits, "MEMORY", 0.9 * cost(scheme).memory)
    html = first_paint("money", "en", {"scheme": "wine-points", "horizon": "400"}).html
    days = limits.most_days(scheme)
    assert 1 < days < 400
    assert escape(Words("en")("url.heavy", days=count(days, "en"))) in html
