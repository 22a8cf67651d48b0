"""The view "Whose money" as a page: every scheme, every language, every setting."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from model import load, presets, simulate
from tests.pages.visit import (
    boxes,
    figures,
    finding,
    html,
    number_inputs,
    opened,
    working,
)
from tests.turns import in_turn
from view.money import money
from view.sources.sources import PERSON, PERSON_MULTIPLE, same_person
from view.words.format import yuan
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

DRAWERS = ("whose-copy", "whose-arithmetic")
#: What else is set: hardly anything happened, it was stopped, or people leave.
OTHERWISE = {
    "one day": {"horizon": "1"},
    "single orders": {"tick": "order", "horizon": "50"},
    "stops": {"platform.policy": "stop", "horizon": "200"},
    "cut": {"platform.policy": "cut", "platform.capital": "1e6", "order.parts.platform": "0.1"},
    "leave": {"behaviour.sell_share": "0.01", "horizon": "200"},
    "nobody": {"demand.orders_per_tick": "0.001", "horizon": "10"},
    "end of orders": {"demand.stop_tick": "20", "horizon": "60", "stop": "30", "who": "40"},
}


def visit(query: dict[str, str], *, lang: str = "en", drawers: tuple[str, ...] = ()) -> AppTest:
    at = opened("money", {"view": "whose", **query}, lang=lang)
    if drawers:
        for drawer in drawers:
            at.session_state[f"money|{drawer}"] = True
        at.run()
        working(at)
    return at


@pytest.mark.parametrize(("name", "lang"), in_turn(presets(), LANGS))
def test_every_scheme_opens(name, lang):
    at = visit({"scheme": name}, lang=lang)
    w = Words(lang, strict=True)
    assert "¥" in finding(at)
    said = html(at)
    # Where nothing is meant for buyers, nobody pays anybody.
    for_buyers = any(m.kind != "commission" for m in load(name).mechanisms)
    assert len(figures(at)) == (4 if for_buyers else 2)
    assert w("whose.books.how") in said
    assert (w("whose.convention") in said) == for_buyers
    assert said.count("wp-statement") == 1
    assert w("whose.books.ok", gap="0.00") in said
    assert not boxes(at)
    for chart in at.get("plotly_chart"):
        assert chart.proto.alt


@pytest.mark.part(3)
@pytest.mark.parametrize(("name", "other"), in_turn(presets(), OTHERWISE, each=2))
def test_every_scheme_opens_whatever_happens(name, other):
    at = visit({"scheme": name, **OTHERWISE[other]})
    w = Words("en", strict=True)
    one_day = load(name, {"horizon": 1}).demand.whole_orders(ticks=1, one_per_tick=False)
    if other == "nobody" or (other == "one day" and not one_day.any()):
        assert boxes(at, "info") == [w("finding.no_orders")]
        return
    assert w("whose.books.ok", gap="0.00") in html(at)


def test_the_example_of_the_pitch_is_on_the_page():
    at = visit({"scheme": "wine-points", "tick": "order", "horizon": "100"}, drawers=DRAWERS)
    for amount in ("¥97.77", "¥67.77", "¥30", "99 who bought after you"):
        assert amount in html(at)
    copied, arithmetic = (element.value for element in at.code)
    assert "¥67.77" in copied
    assert "wine-points@" in copied
    assert all(line.count("\t") == 2 for line in arithmetic.splitlines())


def worked_out(lines: list[list[str]], formula: str) -> float:
    """What a spreadsheet makes of one of our formulas."""

    def cell(name: str) -> float:
        return float(lines[int(name[1:]) - 1][1])

    def summed(match: re.Match[str]) -> str:
        first, last = int(match[1]), int(match[2])
        return repr(sum(cell(f"B{k}") for k in range(first, last + 1)))

    text = re.sub(r"SUM\(B(\d+):B(\d+)\)", summed, formula.removeprefix("="))
    text = re.sub(r"B\d+", lambda match: repr(cell(match[0])), text)
    assert re.fullmatch(r"[\d.e+*/()\- ]+", text), text
    return float(eval(text))


@pytest.mark.part(3)
@pytest.mark.parametrize("name", presets())
def test_a_spreadsheet_gets_the_same(name):
    at = visit({"scheme": name}, drawers=DRAWERS)
    lines = [line.split("\t") for line in at.code[-1].value.splitlines()]
    checked = [line for line in lines[1:] if line[2]]
    assert len(checked) >= 4
    for label, amount, formula in checked:
        assert worked_out(lines, formula) == pytest.approx(float(amount), rel=1e-6, abs=0.03), label


def test_settings_stand_in_the_address_and_out_of_range_is_clamped():
    at = visit({"scheme": "guild-queue", "who": "9999", "stop": "0"})
    boxes = {box.key: box.value for box in number_inputs(at)}
    assert boxes["money|who#"] == 365
    assert boxes["money|stop#"] == 1
    box = next(box for box in number_inputs(at) if box.key == "money|who#")
    box.set_value(7).run()
    working(at)
    assert at.query_params["who"] in ("7", ["7"])
    assert {"who", "stop"} <= set(money.OWN)
    for text in ("-1", "1e5", "abc", "9" * 30, "<b>"):
        at = visit({"scheme": "wine-points", "who": text, "stop": text})
        assert "wp-statement" in html(at)


def test_a_knob_changes_what_is_shown():
    at = visit({"scheme": "local-life-points"})
    before = finding(at)
    slider = next(s for s in at.slider if s.key == "money|points_pool.share")
    slider.set_value(30.0).run()
    working(at)
    assert finding(at) != before
    assert at.query_params["points_pool.share"] in ("0.3", ["0.3"])


@pytest.mark.parametrize("lang", LANGS)
def test_sources_show_one_person_under_each_convention(lang):
    at = opened("sources", lang=lang)
    w = Words(lang, strict=True)
    said = html(at)
    for method in ("own", "mixed", "oldest"):
        assert w(f"whose.method.{method}") in said
    found = same_person()
    for _, parts in found.rows:
        assert sum(parts) == pytest.approx(found.paid)
        assert min(parts) >= 0
    scheme = load(PERSON, {"points_pool.exit_multiple": PERSON_MULTIPLE})
    assert found.paid == pytest.approx(scheme.most_paid)
    assert yuan(found.paid, lang) in said
    # Nobody had left before.
    one = {"tick": "order", "points_pool.exit_multiple": PERSON_MULTIPLE}
    assert simulate(load(PERSON, {**one, "horizon": found.order})).totals["left"] == 1
    assert simulate(load(PERSON, {**one, "horizon": found.order - 1})).totals["left"] == 0
