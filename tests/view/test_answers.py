"""The answers in figures and sentences, from the model and in every language."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load, presets, simulate
from model.claims.parts import the
from model.crowd import crowd_factor
from model.figures import circle, taken, usual_package
from model.library import places, preset
from model.preset import SchemeError
from model.result import Result
from model.scheme import Scheme, scheme_parameters
from view.mechanisms.commission.territories import territories
from view.mechanisms.points_pool import offered as points_offered
from view.mechanisms.points_pool.crowd import crowd_sentence, orders_after
from view.mechanisms.refund_queue import turns
from view.mechanisms.scheduled_release import tasks
from view.parts import context
from view.sentences import answers, findings, stated
from view.sentences.judged import Offer, Span
from view.sentences.walk import walk
from view.words.format import one_in, percent, significant, yuan
from view.words.words import LANGS, Words

UNSURE = tuple(f"points_pool.{name}" for name in points_offered.UNSURE)

FIRST = "local-life-points"
#: Presets in which points and nothing else are paid to buyers.
POINTS = [name for name in presets() if answers.paying(load(name)) == ("points",)]
assert context  # registers the parameters' English words


def judged(name: str, unsure: tuple[str, ...] = (), **pool: Any) -> Offer:
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


def inside(span: Span | None, x: float) -> bool:
    return span is not None and span.low <= x * (1 + 1e-12) and x <= span.high * (1 + 1e-12)


@given(
    name=st.sampled_from(POINTS),
    unsure=st.lists(st.sampled_from(UNSURE), unique=True),
    data=st.data(),
)
def test_what_is_not_known_gives_a_range_that_holds_the_truth(name, unsure, data):
    """Whatever a number nobody is sure of turns out to be, the answer is in the range given."""
    known = scheme_parameters()
    ranges = {key: known[key].unsure for key in UNSURE}
    truth = {}
    for key in UNSURE:
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
@pytest.mark.parametrize("name", POINTS)
def test_headline_and_card_say_the_model_s_numbers(name, lang):
    w = Words(lang, strict=True)
    scheme, offer = load(name), judged(name)
    spend = yuan(scheme.order.spend, lang)
    reaches, most = yuan(scheme.pool.share * scheme.order.spend, lang), yuan(scheme.most_paid, lang)
    headline = answers.headline(offer, w)
    said = stated.sentences(w("headline.most", spend=spend, reaches=reaches, most=most))
    for sentence, whole in zip(stated.sentences(headline), said, strict=True):
        # The multiple of one preset is ours: the sentence with it says so, every other is as it is.
        assert sentence.startswith(whole[:-1])
        ours = name == "wine-points" and most in sentence
        assert (stated.label(offer.chosen, "points_pool.exit_multiple", w) in sentence) == ours
        assert (sentence == whole) != ours
    card = answers.card(offer, w)
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
    # Never "1 in 1".
    "crowd.everybody": {"exit_multiple": 0.1},
    "crowd.everybody_range": {"exit_multiple": 0.5, "unsure": ("points_pool.share",)},
    "crowd.everybody_perhaps": {
        "exit_multiple": 0.5,
        "unsure": ("points_pool.share", "points_pool.gift"),
    },
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
        said = crowd_sentence(judged(FIRST, **how), w)
        assert clause in said, key
        assert max(placeholder_free(sentences[key]), key=len) in said, key
    offer = judged(FIRST)
    assert one_in(offer.crowd.low, lang) in crowd_sentence(offer, w)


def placeholder_free(text: str) -> list[str]:
    """The pieces of a sentence between its placeholders."""
    return re.split(r"\{\w+(?:~\w+)?\}", text)


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


@pytest.mark.parametrize("name", POINTS)
@pytest.mark.parametrize("place", [1, 2, 3])
def test_orders_after_mine_as_played(name, place):
    """Early in the line it is what a run of single orders says, those forced out included."""
    scheme = load(name, {"points_pool.exit_multiple": 0.8})
    after = orders_after(scheme, place)
    assert walk(scheme, upto=place + int(after), buyer=place, sell=0).left_at == place + after


@pytest.mark.parametrize("place", [10**4, 10**6, 10**9])
def test_orders_after_mine_far_down_the_line(place):
    """For every order before mine K - 1 more must follow."""
    scheme = load(FIRST)
    expected = (crowd(scheme, 1.2) - 1) * place
    assert orders_after(scheme, place) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("lang", LANGS)
def test_places_to_compare_with(lang):
    w = Words(lang, strict=True)
    assert answers.place_sentence(places()[0].people, w) == ""
    for place in places():
        assert w(f"place.{place.id}") in answers.place_sentence(place.people + 1, w)
    assert answers.place_sentence(float("inf"), w) == w("place.never")


# -- Every promise ---------------------------------------------------------------------


def test_every_preset_stands_under_a_promise():
    shown = [name for promise in answers.PROMISES[:-1] for name in answers.presets_of(promise)]
    assert set(shown) == {*presets(kind="advertised"), *presets(kind="sound")}
    assert answers.presets_of("cashback") == tuple(presets(kind="sound"))
    assert answers.presets_of("several") == tuple(presets(kind="advertised"))
    for promise in answers.PROMISES:
        assert answers.presets_of(promise)
    # Under more than one promise only what also pays commissions.
    for name in presets():
        if shown.count(name) > 1:
            assert load(name).first("commission") is not None


@pytest.mark.parametrize("name", presets())
def test_package_by_package_the_most_and_what_reaches_buyers(name):
    """The average over the packages is what the model says of the whole scheme."""
    scheme, chosen = load(name), preset(name)
    choices = scheme.order.choices
    offers = [answers.offer(scheme, chosen, {}, package=k) for k in range(len(choices))]
    taken = sum(mechanism.taken for mechanism in scheme.mechanisms)
    for judged_, (price, _) in zip(offers, choices, strict=True):
        assert judged_.spend == price
        assert judged_.reaches == Span(taken * price, taken * price)
    if scheme.most_paid is not None:
        most = [judged_.most.low for judged_ in offers if judged_.most is not None]
        mean = sum(m * share for m, (_, share) in zip(most, choices, strict=True))
        assert mean == pytest.approx(scheme.most_paid, rel=1e-12)
    assert answers.offer(scheme, chosen, {}, package=99).package == usual_package(scheme)


def test_advertisers_pay_little_of_it():
    # 1000 points down to 2000 at 40 a day (25.025 days: 26), down to 1000 at 20, then at 2.
    scheme = load("ad-tasks")
    ads = tasks.ads_of(scheme, 0)
    assert ads is not None
    left, days_ = 3000.0, 0
    rewards = scheme.mechanisms[0].rewards
    while left > 0:
        days_ += 1
        left -= max(yuan_ for points, yuan_ in rewards if points <= left)
    assert ads.days == days_
    assert ads.advertisers == pytest.approx(days_ * 0.25 * 0.1, rel=1e-12)
    assert ads.reward == 40
    assert ads.buyers + ads.advertisers == pytest.approx(3000, rel=1e-12)
    # A run in which everybody is paid has just as many days.
    paid = simulate(load("ad-tasks", {"scheduled_release.share": 1.0, "platform.capital": 1e12}))
    assert paid.broken is None
    assert paid.cohorts["exit_tick"].iloc[0] == days_ + 1


@pytest.mark.parametrize("income", [2.0, 400.0])
def test_advertisers_who_pay_for_all_of_it(income):
    changes = {"scheduled_release.ad_income": income}
    scheme = load("ad-tasks", changes)
    ads = tasks.ads_of(scheme, 0)
    assert ads is not None
    assert ads.advertisers == pytest.approx(min(ads.days * 0.25 * income, 3000), rel=1e-12)
    assert ads.buyers >= 0
    offer = answers.offer(scheme, preset("ad-tasks"), changes)
    w = Words("en", strict=True)
    enough = w("headline.ads_enough", spend=yuan(3000, "en"), most=yuan(3000, "en"))
    # The price is an example's, and said to be.
    assert answers.headline(offer, w).startswith(enough[:-1]) == (ads.buyers == 0)


def test_tasks_that_pay_nothing_below_a_level():
    rewards = {"scheduled_release.rewards": [[1000, 10]]}
    ads = tasks.ads_of(load("ad-tasks", rewards), 0)
    assert ads is not None
    assert ads.days == float("inf")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("guild-queue", {"refund_queue.advance": 0, "refund_queue.lock": 0}),
        ("three-in-one-out", {}),
        ("three-in-one-out", {"refund_queue.rule": "own", "refund_queue.share": 1.0}),
        (
            "three-in-one-out",
            {"refund_queue.rule": "own", "refund_queue.newcomers": 7, "refund_queue.share": 0.7},
        ),
    ],
)
@pytest.mark.parametrize("place", [1, 2, 7, 20])
def test_orders_until_a_refund_as_played(name, changes, place):
    scheme = load(name, {**changes, "tick": "order", "horizon": 400, "platform.policy": "cut"})
    queue = the(type(scheme.mechanisms[0]), scheme)
    expected = turns.queue_order(scheme, queue, place)
    played = simulate(scheme).cohorts
    refunded = played["received"].to_numpy()[place - 1]
    assert refunded == pytest.approx(queue.refund * scheme.order.spend, rel=1e-9)
    assert played["exit_tick"].to_numpy()[place - 1] == expected
    # And never more of them than is said.
    done = played["exit_tick"].notna().sum()
    assert done <= 400 / turns.queue_factor(scheme, queue) + 1


def test_a_queue_that_can_pay_is_said_to():
    changes = {"refund_queue.share": 1.0}
    scheme = load("guild-queue", changes)
    offer = answers.offer(scheme, preset("guild-queue"), changes)
    w = Words("en", strict=True)
    spend = yuan(100, "en")
    assert answers.headline(offer, w) == w(
        "headline.queue_enough", spend=spend, reaches=spend, most=spend
    )


def test_the_price_of_a_territory():
    commission = load(FIRST).first("commission")
    assert commission is not None
    sold = territories(commission)
    # 20,000 at 0.1%; a city and a province have what the level below leaves them, 0.1% each.
    assert [t.level for t in sold] == ["district", "city", "province"]
    assert [t.rate for t in sold] == pytest.approx([0.001] * 3)
    assert [t.sales for t in sold] == pytest.approx([2e7, 1e8, 1e9])


def test_where_the_cash_of_the_points_shop_goes():
    scheme = load("zero-cost-marketing")
    c = circle(scheme, scheme.first("commission"))
    assert (c.points, c.cash, c.listed) == (2000, 2000, 4000)
    assert c.goods + c.shop + c.platform == pytest.approx(c.cash, rel=1e-12)
    flows = simulate(load("zero-cost-marketing", {"horizon": 10})).ledger.flows
    booked = {f.target: f.amount.sum() / 1000 for f in flows if f.reason == "points shop"}
    assert booked["goods"] == pytest.approx(c.goods, rel=1e-9)
    assert booked["merchant"] == pytest.approx(c.shop, rel=1e-9)
    assert booked["platform"] == pytest.approx(c.cash, rel=1e-9)


@given(data=st.data(), name=st.sampled_from(presets()))
def test_every_promise_gives_a_range_that_holds_the_truth(data, name):
    """For whatever number of any scheme a reader is not sure of."""
    chosen = preset(name)
    focus = data.draw(st.sampled_from(("several", answers.main_promise(chosen))))
    known = scheme_parameters(chosen.scheme())
    keys = [k for k in answers.questions(chosen.scheme(), focus) if known[k].unsure]
    unsure = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=4)) if keys else []
    truth = {key: data.draw(st.floats(*(known[key].unsure or (0, 1)))) for key in unsure}
    try:
        actual = chosen.scheme(truth)
    except SchemeError:
        return
    offer = answers.offer(chosen.scheme(), chosen, {}, unsure, focus=focus)
    # Two ends of each range, and none where there may be none.
    known_ = scheme_parameters(chosen.scheme())
    assert len(offer.schemes) <= math.prod(2 + known_[key].optional for key in offer.ranged)
    assert len(offer.ranged) <= answers.MOST_UNSURE
    assert inside(offer.reaches, taken(actual) * offer.spend) or len(unsure) > 1
    most = actual.most_paid_for(offer.package)
    assert most is None or inside(offer.most, most)
    for lang in LANGS:
        w = Words(lang, strict=True)
        assert answers.headline(offer, w)
        assert answers.card(offer, w)


def test_numbers_that_do_not_go_together_stop_where_they_would():
    """Half and half of the price may be open, but never more than all of it."""
    chosen = preset("own:scheduled_release+refund_queue")
    unsure = ("scheduled_release.share", "refund_queue.share")
    offer = answers.offer(chosen.scheme(), chosen, {}, unsure)
    spend = chosen.scheme().order.spend
    assert offer.reaches.low == pytest.approx(0.15 * spend, rel=1e-9)
    assert offer.reaches.high == pytest.approx(spend, rel=1e-5)
    assert offer.reaches.high <= spend * (1 + 1e-9)


MIXTURES = (
    "own:points_pool",
    "own:points_pool+commission",
    "own:points_pool+dividend_pool+scheduled_release+refund_queue+commission",
    "own:dividend_pool+dividend_pool.second",
    "own:refund_queue",
    "own:commission",
    "own:scheduled_release+commission",
)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reference", MIXTURES)
def test_any_mixture_is_judged(reference, lang):
    chosen = preset(reference)
    w = Words(lang, strict=True)
    for focus in (*answers.promises_of(chosen.scheme()), "several"):
        offer = answers.offer(chosen.scheme(), chosen, {}, focus=focus)
        assert answers.headline(offer, w)
        assert len(answers.facts(offer, w)) in {1, 3}
        assert len(answers.questions(offer.scheme, focus)) <= answers.MOST_QUESTIONS
