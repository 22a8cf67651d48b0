"""What it takes: the sentences say the yardstick's numbers, for every preset and language."""

from __future__ import annotations

import math

import pytest

from model import load, presets, simulate
from model.library import places, preset
from model.scheme import scheme_parameters
from model.yardstick import used_up, yardstick
from tests.view.test_answers import MIXTURES
from view.mechanisms.dividend_pool.units import unit_paid
from view.mechanisms.refund_queue import turns
from view.parts import context
from view.sentences import answers, stated, takes
from view.words.format import (
    count,
    count_short,
    days,
    multiple,
    percent,
    significant,
    yuan,
    yuan_short,
)
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words


def said(name: str, lang: str, *, before=None, per_day=None, **how) -> str:
    chosen = preset(name)
    offer = answers.offer(chosen.scheme(), chosen, {}, **how)
    w = Words(lang, strict=True)
    return "\n".join(takes.lines(offer, w, before=before, per_day=per_day))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
@pytest.mark.parametrize("before", [None, 0, 1, 1000, 8_000_000_000])
@pytest.mark.parametrize("per_day", [None, 50])
def test_every_preset_says_something(name, lang, before, per_day):
    assert said(name, lang, before=before, per_day=per_day)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reference", MIXTURES)
def test_any_mixture_says_something(reference, lang):
    assert said(reference, lang, before=10)


@pytest.mark.parametrize("lang", LANGS)
def test_the_growth_a_daily_release_needs(lang):
    w = Words(lang, strict=True)
    scheme = load("green-points")
    found = yardstick(scheme, package=0)
    text = said("green-points", lang)
    assert percent(found.growth, lang) in text
    assert count(found.empty_tick, lang) in text
    assert count(found.short_tick, lang) in text
    people = {place.id: place.people for place in places()}
    for id_ in takes.PLACES:
        tick = used_up(growth=found.growth, orders_per_tick=100, people=people[id_])
        assert w(f"place.{id_}") in text
        assert days(tick, lang) in text


@pytest.mark.parametrize("lang", LANGS)
def test_a_release_that_can_be_kept_is_said_to_be(lang):
    w = Words(lang, strict=True)
    changes = {"scheduled_release.share": 1.0, "scheduled_release.gift_multiple": 0.9}
    chosen = preset("own:scheduled_release")
    offer = answers.offer(chosen.scheme(changes), chosen, changes)
    lines = takes.lines(offer, w, before=None, per_day=None)
    assert any(line.startswith(w("take.growth_none")[:-1]) for line in lines)
    assert not [line for line in lines if line.startswith(w("take.growth_never"))]


@pytest.mark.parametrize("lang", LANGS)
def test_a_unit_on_the_first_and_on_the_second_day(lang):
    scheme = load("cyclic-purchase")
    paid = unit_paid(scheme, "dividend_pool")
    record = simulate(scheme).record("dividend_pool")
    assert paid == tuple(float(record.price[day]) for day in (0, 1, 365))
    assert paid[0] == pytest.approx(200)
    text = said("cyclic-purchase", lang)
    for amount in paid:
        assert yuan(amount, lang) in text
    assert multiple(yardstick(scheme, package=0).back, lang) in text


@pytest.mark.parametrize("lang", LANGS)
def test_how_many_more_orders_until_the_money_is_back(lang):
    back = yardstick(load("equity-shop"), package=0).back
    more = 1000 * (back - 1)
    text = said("equity-shop", lang, before=1000, per_day=50)
    assert count_short(significant(more), lang) in text
    assert days(more / 50, lang) in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_wait_in_a_queue(lang):
    scheme = load("three-in-one-out")
    more = turns.queue_order(scheme, scheme.mechanisms[0], 501) - 501
    text = said("three-in-one-out", lang, before=500, per_day=20)
    assert count_short(more, lang) in text
    assert days(more / 20, lang) in text
    # Whoever recruits nobody waits longer than the money alone would take.
    scheme = load("guild-queue")
    factor = yardstick(scheme, package=0).promised
    assert count_short(math.ceil(500 * (factor - 1)), lang) in said("guild-queue", lang, before=500)


SHORT: dict[str, dict[str, object]] = {
    "take.queue.short": {"refund_queue.rule": "own"},
    "take.queue.never": {"refund_queue.rule": "pool", "refund_queue.advance": 0.5},
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", SHORT)
def test_a_queue_that_cannot_pay_is_said_to(key, lang):
    w = Words(lang, strict=True)
    chosen, changes = preset("three-in-one-out"), SHORT[key]
    offer = answers.offer(chosen.scheme(changes), chosen, changes)
    values = {"there": yuan(300, lang), "due": yuan(700, lang)} if "short" in key else {}
    whole = w(key, **values)
    (line,) = [x for x in takes.lines(offer, w, before=10, per_day=None) if whole[:-1] in x]
    # The preset assumes how much goes into the queue: the sentence says so.
    assert stated.label(chosen, "refund_queue.share", w) in line


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_territory_must_sell(lang):
    text = said("local-life-points", lang, focus="agents")
    for sales in (2e7, 1e8, 1e9):
        assert yuan_short(sales, lang) in text
    assert count(334, lang) in text  # 1 / 0.3%


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_ranges_where_numbers_are_open(name, lang):
    chosen = preset(name)
    known = scheme_parameters(chosen.scheme())
    asked = answers.questions(chosen.scheme(), answers.main_promise(chosen))
    unsure = [key for key in asked if known[key].unsure][: answers.MOST_UNSURE]
    assert said(name, lang, unsure=unsure, before=77)
