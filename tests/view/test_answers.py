"""The answers in figures and sentences, from the model and in every language."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load, presets, simulate
from model.crowd import crowd_factor
from model.library import places, preset
from model.result import Result
from model.scheme import Scheme
from view import answers, context, findings
from view.format import one_in, percent, significant, yuan
from view.walk import walk
from view.words import LANGS, Words

FIRST = "local-life-points"
assert context  # registers the parameters' English words


def judged(name: str, unsure: tuple[str, ...] = (), **pool: Any) -> answers.Offer:
    changes = {f"points_pool.{key}": value for key, value in pool.items()}
    return answers.offer(preset(name).scheme(changes), preset(name), changes, unsure)


def test_most_and_reaching_of_the_first_scheme():
    # 1000 * 16% = 160 into the pool; forced out at 1.2 times: 1200 less 20% = 960.
    offer = judged(FIRST)
    assert (offer.reaches.low, offer.reaches.high) == (160, 160)
    assert offer.most is not None
    assert offer.most.low == offer.most.high == pytest.approx(960, rel=1e-12)
    assert offer.most.low == load(FIRST).most_paid
    assert offer.target is not None
    assert offer.target.low == pytest.approx(1200, rel=1e-12)
    assert not offer.refunds
    assert not offer.can_refund
    # Without exits K = (1.2 / (0.16 * 0.7)) ^ (1 / 0.3) = 2711; the fees of those forced out make
    # it a little less.
    assert offer.crowd.low == pytest.approx(crowd(load(FIRST), 1.2), rel=1e-9)
    assert 0.9 < offer.crowd.low / (1.2 / 0.112) ** (1 / 0.3) < 1


@pytest.mark.parametrize(
    ("name", "reaches", "most"), [("wine-points", 30, 180), ("thousand-yuan-points", 300, 2400)]
)
def test_the_other_schemes(name, reaches, most):
    # 100 * 30%; 200 less 10%. 1000 * 30%; 3000 less 20%.
    offer = judged(name)
    assert offer.reaches.low == pytest.approx(reaches, rel=1e-12)
    assert offer.most is not None
    assert offer.most.high == pytest.approx(most, rel=1e-12)
    assert offer.refunds


def test_without_a_forced_exit_there_is_no_most():
    offer = judged(FIRST, exit_multiple=None)
    assert offer.most is None
    # Then the crowd figure is about the money back: points worth 1 / (1 - 20%) = 1.25 times.
    assert offer.one_target == pytest.approx(1.25, rel=1e-12)


def crowd(scheme: Scheme, target: float) -> float:
    """The model's crowd factor, with the exits that the rule itself forces."""
    forced = scheme.pool.exit_multiple is not None
    return crowd_factor(target, pool=scheme.pool, forced_exits=forced)


def inside(span: answers.Span | None, x: float) -> bool:
    return span is not None and span.low <= x * (1 + 1e-12) and x <= span.high * (1 + 1e-12)


@given(
    name=st.sampled_from(presets()),
    unsure=st.lists(st.sampled_from(answers.UNSURE), unique=True),
    data=st.data(),
)
def test_what_is_not_known_gives_a_range_that_holds_the_truth(name, unsure, data):
    """Whatever a number nobody is sure of turns out to be, the answer is in the range given."""
    known = answers.scheme_parameters()
    ranges = {key: known[key].unsure for key in answers.UNSURE}
    truth = {}
    for key in answers.UNSURE:
        given_range = ranges[key]
        assert given_range is not None
        truth[key] = data.draw(st.floats(*given_range), label=key)
    said = {key: value for key, value in truth.items() if key not in unsure}
    chosen = preset(name)
    offer = answers.offer(chosen.scheme(said), chosen, said, unsure)
    actual = chosen.scheme(truth)
    assert inside(offer.reaches, actual.pool.share * actual.order.spend)
    assert inside(offer.most, actual.most_paid)
    assert inside(offer.target, actual.pool.exit_multiple * actual.order.spend)
    assert inside(offer.crowd, crowd(actual, actual.pool.exit_multiple))
    if offer.refunds:
        assert actual.most_paid >= actual.order.spend * (1 - 1e-6)
    if actual.most_paid >= actual.order.spend:
        assert offer.can_refund
    assert offer.reaches.known == ("points_pool.share" not in unsure)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_headline_and_card_say_the_model_s_numbers(name, lang):
    w = Words(lang, strict=True)
    scheme, offer = load(name), judged(name)
    spend = yuan(scheme.order.spend, lang)
    reaches, most = yuan(scheme.pool.share * scheme.order.spend, lang), yuan(scheme.most_paid, lang)
    headline = answers.headline(offer, w)
    assert headline == w("headline.most", spend=spend, reaches=reaches, most=most)
    for dark in (False, True):
        card = answers.card(scheme, offer, w, dark=dark)
        assert most in card
        assert reaches in card
        assert w("card.payer") in card


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_the_bar_names_every_part_once_and_they_add_up(name, lang):
    w = Words(lang, strict=True)
    scheme = load(name)
    bar = answers.split_bar(scheme, w, dark=False)
    split = scheme.split()
    assert sum(split.values()) == pytest.approx(1, rel=1e-12)
    for part, share in split.items():
        assert w(f"part.{part}") in bar
        assert f"<b>{yuan(share * scheme.order.spend, lang)}</b>" in bar
    assert bar.count("<li>") == bar.count("wp-cell") == len(split)


# -- Who is assumed to sell ------------------------------------------------------------

CROWDS = {
    "crowd.one_in": {},
    "crowd.range": {"unsure": ("points_pool.fee", "points_pool.exit_multiple")},
    "crowd.at_least": {"unsure": ("points_pool.gift",)},
    "crowd.never": {"gift": 1.0},
}


def shared_clause(texts: list[str]) -> str:
    """The longest stretch of words that all of them have."""
    first = min(texts, key=len)
    stretches = (first[a:b] for a, b in itertools.combinations(range(len(first) + 1), 2))
    plain = (s for s in stretches if not set(s) & set("{}"))
    return max((s for s in plain if all(s in text for text in texts)), key=len)


@pytest.mark.parametrize("lang", LANGS)
def test_how_far_the_line_must_grow_is_never_said_without_who_sells(lang):
    w = Words(lang, strict=True)
    catalogue = {key: w._find(key) or "" for key in w.keys() if key.startswith("crowd.")}
    sentences = {key: text for key, text in catalogue.items() if "{what}" in text}
    assert set(sentences) == set(CROWDS)
    # They all have the same condition, in a clause of its own.
    clause = shared_clause(list(sentences.values()))
    assert len(clause) >= 8
    assert set(clause) & set(",，")
    assert "{" not in clause
    for key, how in CROWDS.items():
        said = answers.crowd_sentence(judged(FIRST, **how), w)
        assert clause in said, key
        assert max(placeholder_free(sentences[key]), key=len) in said, key
    offer = judged(FIRST)
    assert one_in(offer.crowd.low, lang) in answers.crowd_sentence(offer, w)


def placeholder_free(text: str) -> list[str]:
    """The pieces of a sentence between its placeholders."""
    return re.split(r"\{\w+\}", text)


BEHAVIOURS: dict[str, dict[str, Any]] = {
    "forced": {},
    "nobody": {"points_pool.exit_multiple": None},
    "sell": {"behaviour.sell_share": 0.013},
    "take": {"behaviour.take_profit": 1.7, "behaviour.take_profit_share": 0.37},
    "panic": {"behaviour.panic_growth": 0.23, "behaviour.panic_share": 0.11},
    "all": {
        "behaviour.sell_share": 0.013,
        "behaviour.take_profit": 1.7,
        "behaviour.take_profit_share": 0.37,
        "behaviour.panic_growth": 0.23,
        "behaviour.panic_share": 0.11,
    },
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("who", BEHAVIOURS)
def test_the_assumption_names_everybody_who_sells(who, lang):
    w = Words(lang, strict=True)
    said = findings.assumption(load("wine-points", BEHAVIOURS[who]), w)
    expected = {
        "behaviour.sell_share": percent(0.013, lang),
        "behaviour.take_profit_share": percent(0.37, lang),
        "behaviour.panic_growth": percent(0.23, lang),
        "behaviour.panic_share": percent(0.11, lang),
    }
    for key, text in expected.items():
        assert (text in said) == (key in BEHAVIOURS[who]), key
    if who == "forced":
        assert said == w("assume.forced_only")
    if who == "nobody":
        assert said == w("assume.nobody")


# -- The finding of a run --------------------------------------------------------------

RUNS: dict[str, dict[str, Any]] = {
    "finding.forced": {},
    "finding.nobody": {"points_pool.exit_multiple": None},
    "finding.no_orders": {"demand.kind": "list"},
    "finding.mixed": {"behaviour.sell_share": 0.01},
    "finding.mixed_none": {
        "behaviour.sell_share": 0.2,
        "points_pool.exit_multiple": None,
        "points_pool.gift": 1.0,
        "points_pool.fee": 0.0,
    },
    "finding.used": {"points_pool.redeem_share": 0.02},
}


@pytest.fixture(scope="module")
def runs() -> dict[str, Result]:
    return {key: simulate(load("wine-points", changes)) for key, changes in RUNS.items()}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", RUNS)
def test_each_finding_is_of_its_run(runs, key, lang):
    w = Words(lang, strict=True)
    result = runs[key]
    said = findings.finding(result, w)
    # Spaces between a Chinese figure and its word come and go.
    pieces = [re.escape("".join(p.split())) for p in placeholder_free(w._find(key) or "")]
    assert re.fullmatch("(.+)".join(pieces), "".join(said.split()))
    if key != "finding.no_orders":
        each = result.totals["held"] / result.totals["holders"]
        assert yuan(significant(each), lang) in said
    if key == "finding.forced":
        totals = result.totals
        assert one_in(totals["buyers"] / totals["left"], lang) in said
        assert yuan(180, lang) in said


@given(
    changes=st.dictionaries(st.sampled_from(("horizon", "demand.stop_tick")), st.integers(1, 40))
)
def test_short_runs_have_a_finding_too(changes):
    for behaviour in BEHAVIOURS.values():
        result = simulate(load("wine-points", {**behaviour, **changes}))
        for lang in LANGS:
            assert findings.finding(result, Words(lang, strict=True))


# -- Places in line --------------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
@pytest.mark.parametrize("place", [1, 2, 3])
def test_orders_after_mine_as_played(name, place):
    """Early in the line it is what a run of single orders says, those forced out included."""
    scheme = load(name, {"points_pool.exit_multiple": 0.8})
    after = answers.orders_after(scheme, place)
    assert walk(scheme, upto=place + int(after), buyer=place, sell=0).left_at == place + after


@pytest.mark.parametrize("place", [10**4, 10**6, 10**9])
def test_orders_after_mine_far_down_the_line(place):
    """For every order before mine K - 1 more must follow."""
    scheme = load(FIRST)
    expected = (crowd(scheme, 1.2) - 1) * place
    assert answers.orders_after(scheme, place) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("lang", LANGS)
def test_places_to_compare_with(lang):
    w = Words(lang, strict=True)
    assert answers.place_sentence(places()[0].people, w) == ""
    for place in places():
        assert w(f"place.{place.id}") in answers.place_sentence(place.people + 1, w)
    assert answers.place_sentence(float("inf"), w) == w("place.never")
