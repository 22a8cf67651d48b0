"""The answer in words: the same wherever it is said, and never more than was stated."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.library import preset, presets
from model.scheme import scheme_parameters
from tests.turns import in_turn
from tests.view.test_answers import MIXTURES
from tests.view.test_first_paint import painted
from view.check import check, giving_up, other
from view.check.address import judge
from view.parts import context
from view.sentences import answers, stated
from view.sentences.verdict import Told, told
from view.settings import state
from view.words.format import yuan
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
W = Words("en", strict=True)
#: Numbers with their grouping, not the index of "1 in 3".
NUMBER = re.compile(r"\d[\d,.]*")


def of(query: dict[str, str], w: Words = W) -> Told:
    return told(judge(state.parse(query, page=check.OWN)), w)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reference", [*presets(), *MIXTURES])
def test_one_sentence_with_at_most_two_numbers(reference, lang):
    w = Words(lang, strict=True)
    verdict = of({"scheme": reference}, w)
    assert len(stated.sentences(verdict.heading)) <= 2  # "No. At most ..."
    # Chinese says "for each 1 order so far": the one is no number of the offer.
    found = [n for n in NUMBER.findall(verdict.heading) if n != "1"]
    assert len(found) <= 2
    html = painted("check", lang, {"scheme": reference, "step": "answer"})
    assert f"<h1>{verdict.heading}</h1>" in html
    for sentence in (verdict.condition, verdict.goods):
        assert sentence in html


def test_each_kind_of_answer_by_hand():
    """1.2 times 1,000 less a fifth; a queue with 30 %; 2 % out of the margin; commissions."""
    assert of({"scheme": "local-life-points"}).heading == W(
        "verdict.less", most="¥960", spend="¥1,000"
    )
    assert of({"scheme": "guild-queue"}).heading == W("verdict.follow", more="3.8")
    assert of({"scheme": "green-points"}).name == "grow"
    assert of({"scheme": "zero-cost-marketing"}).heading == W("verdict.nothing")
    assert of({"scheme": "local-life-points", "promise": "agents"}).heading == W("verdict.recruit")
    card = of({"scheme": "cash-back-card"})
    assert card.fine
    assert card.heading == W("verdict.kept.margin", most="¥2", spend="¥100")


def test_the_goods_in_the_same_sum():
    query = {"scheme": "local-life-points"}
    assert W("verdict.goods.unknown") in of(query).goods
    assert W("verdict.goods.covers") in of({**query, "order.goods_value": "600"}).goods
    assert W("verdict.goods.short", short="¥20") in of({**query, "order.goods_value": "20"}).goods
    dear = of({"scheme": "cash-back-card", "order.goods_value": "50"})
    assert not dear.fine
    assert dear.heading == W("verdict.kept.dear", worth="¥52", spend="¥100")


def test_a_number_that_decides_and_is_not_stated_leaves_only_to_ask():
    for key in ("exit_multiple", "share,points_pool.exit_multiple"):
        found = of({"scheme": "own:points_pool", "mine": "1", "unsure": f"points_pool.{key}"})
        assert not NUMBER.search(found.heading) or found.name == "not_stated"
    found = of({"scheme": "wine-points", "mine": "1", "unsure": "points_pool.exit_multiple"})
    assert found.name == "not_stated"
    assert found.heading == W("verdict.not_stated")
    label = stated.label(preset("wine-points"), "points_pool.exit_multiple", W)
    assert W("verdict.missing", what=label) in found.condition


def test_a_fee_nobody_has_stated_is_said_and_not_filled_in():
    found = of({"scheme": "local-life-points", "mine": "1", "unsure": "points_pool.fee"})
    assert W("verdict.before_fee") in found.condition
    assert yuan(1200, "en") in found.goods  # before any fee
    assert yuan(960, "en") not in " ".join(found.sentences)


@pytest.mark.parametrize("name", presets(kind="advertised"))
def test_with_nothing_stated_there_is_no_number_in_the_answer(name):
    chosen = preset(name)
    scheme = chosen.scheme()
    focus = answers.main_promise(chosen)
    keys = [*answers.questions(scheme, focus), "order.spend"]
    verdict = of({"scheme": name, "mine": "1", "unsure": ",".join(keys)})
    assert not NUMBER.search(verdict.heading)
    if verdict.name != "recruit" and answers.questions(scheme, focus):
        assert "not stated" in verdict.condition.lower() or verdict.name == "nothing"


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(presets(kind="advertised")),
    st.sets(st.integers(0, 7), max_size=3),
    st.sampled_from(LANGS),
)
def test_whatever_is_open_the_answer_can_be_said(name, open_, lang):
    chosen = preset(name)
    keys = answers.questions(chosen.scheme(), answers.main_promise(chosen))
    unsure = [key for number, key in enumerate(keys) if number in open_]
    verdict = of(
        {"scheme": name, "mine": "1", "unsure": ",".join(unsure)}, Words(lang, strict=True)
    )
    assert verdict.heading
    named = [key for key in unsure if key in scheme_parameters(chosen.scheme())]
    if verdict.name == "not_stated":
        assert any(
            stated.label(chosen, key, Words(lang, strict=True)) in verdict.condition
            for key in named
        )


def test_a_price_that_nobody_has_stated_is_not_told_as_the_offer_s():
    open_ = of(
        {"scheme": "own:points_pool", "mine": "1", "unsure": "points_pool.share,order.spend"}
    )
    assert not NUMBER.search(" ".join(open_.sentences))
    card = of({"scheme": "stamp-card", "mine": "1", "unsure": "order.spend"})
    price = stated.label(preset("stamp-card"), "order.spend", W)
    assert price in card.condition
    assert price not in of({"scheme": "stamp-card", "mine": "1", "order.spend": "150"}).condition


# -- cash back in the shop -----------------------------------------------------------------------


def test_an_ordinary_programme_of_one_s_own():
    """Buy ten, get one: 10 % put aside from the same order."""
    parts = {
        "scheduled_release.gift_multiple": "0.1",
        "scheduled_release.share": "0.1",
        "scheduled_release.daily_rate": "0.1",
    }
    found = of({"scheme": "cash-back-card", "mine": "1", **parts})
    assert found.fine
    assert W("verdict.cash_back") in found.condition
    half = dict.fromkeys(parts, "0.5") | {"order.parts.goods": "0.5"}
    found = of({"scheme": "cash-back-card", "mine": "1", **half})
    assert not found.fine
    assert found.heading == W("verdict.cash_back.much", most="¥50", spend="¥100")


# -- what is not modelled ------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "lang"), in_turn(other.KINDS, LANGS, each=2))
def test_of_what_is_not_modelled_no_number_is_told(kind, lang):
    w = Words(lang, strict=True)
    said = [other.heading(kind, w), *other.lines(kind, w)]
    assert all(said)
    assert not any(NUMBER.search(each) for each in said)


# -- people who give up --------------------------------------------------------------------------


def test_the_same_count_before_and_after():
    query = {"scheme": "local-life-points", "leave": "50"}
    first, *rest = giving_up.lines(state.parse(query, page=check.OWN), 50)
    assert "138" in first
    assert "365,000" in first
    assert len(rest) == 2
    assert rest[-1].startswith("Assumed")
