"""What is at risk and how many buyers after: every preset and mixture, every open number."""

from __future__ import annotations

import pytest

from model import load, presets
from model.library import preset
from tests.view.test_answers import MIXTURES
from view.check import check, offer
from view.mechanisms.points_pool import crowd
from view.parts import context
from view.sentences import answers
from view.sentences.judged import Offer, Span
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
W = Words("en", strict=True)


def judged(name: str, changes: dict | None = None, unsure: tuple = (), **how) -> Offer:
    chosen = preset(name)
    return answers.offer(chosen.scheme(changes or {}), chosen, changes or {}, unsure, **how)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reference", [*presets(), *MIXTURES])
def test_figures_for_people(reference, lang):
    w, scheme = Words(lang, strict=True), preset(reference).scheme()
    for focus in {*answers.promises_of(scheme), answers.main_promise(preset(reference))}:
        keys = check.askable(scheme, focus)[: answers.MOST_UNSURE]
        for unsure in ((), keys):
            for before in (None, 0, 50, 8_000_000_000):
                found = judged(reference, unsure=unsure, focus=focus)
                for value, text in offer.more_facts(found, w, before=before):
                    assert value
                    assert text
                    assert not {"inf", "nan", "—"} & set(value.split())


def test_at_risk_is_the_price_less_the_goods():
    assert offer.at_risk(judged("wine-points")) == Span(0, load("wine-points").order.spend)
    for goods, left in ((300, 700), (1000, 0), (5000, 0)):
        changes = {"order.spend": 1000, "order.goods_value": goods}
        assert offer.at_risk(judged("wine-points", changes)) == Span(left, left)
    # A package's goods in proportion: 9000 for what costs 3000 with goods worth 1000.
    changes = {"order.goods_value": 1000}
    assert offer.at_risk(judged("green-points", changes, package=1)) == Span(6000, 6000)
    assert offer.at_risk(judged("zero-cost-marketing")) is None


def test_buyers_after_as_the_sentences_say():
    found = judged("local-life-points")
    exact = crowd.orders_after(found.scheme, 51)
    value, _ = offer.more_facts(found, W, before=50)[1]
    assert float(value.replace(",", "")) == pytest.approx(exact, rel=5e-3)
    value, text = offer.more_facts(found, W, before=None)[1]
    assert float(value.replace(",", "")) == pytest.approx(found.crowd.low - 1, rel=5e-3)
    assert text == W("offer.after.each")
    # An open number that no crowd may be enough for says so.
    found = judged("local-life-points", unsure=("points_pool.gift",))
    value, _ = offer.more_facts(found, W, before=None)[1]
    assert value.endswith(W("offer.after.unbounded"))


def test_a_span_without_end_is_no_single_figure():
    assert not Span(3.0, float("inf")).known
    assert Span(float("inf"), float("inf")).known
