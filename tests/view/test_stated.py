"""Nothing that was not stated is told as a promise: every family, every mix of what is known."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from model import flags, presets
from model.library import preset
from model.preset import Preset, SchemeError
from model.scheme import named_parameters
from tests.turns import in_turn
from view.check import answer, check, confirm, offer, worked
from view.parts import context
from view.press import press_sheet
from view.sentences import answers, cases, stated, takes
from view.sentences.judged import Offer
from view.settings import state
from view.words.format import yuan
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
FOCUSES = [
    (name, focus)
    for focus in answers.PROMISES[:-1]
    for name in answers.presets_of(focus)
    if focus in answers.promises_of(preset(name).scheme())
]
#: What says that a number is ours, in each language.
OURS = {
    lang: tuple(
        Words(lang, strict=True)(key, list="|").partition("|")[0].strip()
        or Words(lang, strict=True)(key, list="|").partition("|")[2].strip()
        for key in ("tag.ours", "tag.ranges")
    )
    for lang in LANGS
}


def told(
    chosen: Preset, unsure: Any, focus: str, lang: str, *, changes: Any = None
) -> dict[str, list[str]]:
    """Every sentence of an answer by where it stands."""
    w = Words(lang, strict=True)
    changes = changes or {}
    judged = answers.offer(chosen.scheme(changes), chosen, changes, unsure, focus=focus, mine=True)
    found = flags.check(cases.cases(judged, mine=True), package=judged.package)
    fee = cases.fee_open(judged)
    met = [offer.reason(f, w, before_fee=fee) for f in found if f.met]
    known = offer.Known.of(chosen, changes, list(judged.unsure), None)
    more = offer.more_facts(judged, w, before=None)
    printed = offer.more_facts(judged, w, before=None, printed=True)
    return {
        "headline": stated.sentences(answers.headline(judged, w)),
        "facts": [f"{value} {text}" for value, text in answers.facts(judged, w)],
        "more": [f"{value} {text}" for value, text in more],
        "lines": takes.lines(judged, w, before=None, per_day=None),
        "printed": [
            *(f"{value} {text}" for value, text in printed),
            *takes.lines(judged, w, before=None, per_day=None, printed=True),
        ],
        "flags": [offer.flags_title(found, w), *met],
        "questions": offer.questions(judged, known, w),
    }


def with_value(chosen: Preset, key: str, value: Any) -> Preset | None:
    """The preset as if its author had written another number; None if it cannot be."""
    entries = tuple(
        each.model_copy(update={"value": value}) if each.key == key else each
        for each in chosen.value
    )
    other = chosen.model_copy(update={"value": entries})
    try:
        other.scheme()
    except SchemeError:
        return None
    return other


def others(chosen: Preset, key: str, turn: int) -> list[Preset]:
    """Another value of it, the one below or the one above in turn."""
    known = named_parameters(chosen.parts)
    values = stated.others(known[key], chosen.scheme().get(key))[:2]
    found = [each for each in (with_value(chosen, key, value) for value in values) if each]
    return found[turn % 2 :][:1] or found[:1]


def plain(sentence: str) -> str:
    """A sentence without the remark that some of its numbers are ours."""
    return re.sub(r" \([^()]*\)|（[^（）]*）", "", sentence)


def mixes(keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Which of the questions are answered "not sure": all, none, each, and every pair of few."""
    pairs = list(itertools.combinations(keys, 2)) if len(keys) < 4 else []
    return list(dict.fromkeys([(), *((key,) for key in keys), *pairs, keys]))


@pytest.mark.part(3)
@pytest.mark.parametrize(("of", "turn"), in_turn(FOCUSES, [0, 1]))
def test_no_sentence_rests_on_what_nobody_stated_unless_it_says_so(of, turn):
    """Every second mix in one of two languages; a longer search, the others in the other."""
    name, focus = of
    chosen = preset(name)
    keys = answers.questions(chosen.scheme(), focus)
    held = {value.key for value in chosen.value}
    for number, unsure in enumerate(mixes(keys)):
        # What nothing and everything is known of is read in both.
        if number % 2 != turn and unsure not in {(), keys}:
            continue
        lang = ("en", "zh-Hans")[turn]
        base = told(chosen, unsure, focus, lang)
        judged = answers.offer(chosen.scheme(), chosen, {}, unsure, focus=focus, mine=True)
        for key in {*judged.unsure, *judged.ours} & held:
            for other in others(chosen, key, number + turn):
                now = told(other, unsure, focus, lang)
                for place, lines in base.items():
                    there = {plain(s) for each in now[place] for s in stated.sentences(each)}
                    different = [
                        s
                        for line in lines
                        for s in stated.sentences(line)
                        if plain(s) not in there and re.search(r"\d", s)
                    ]
                    if place in {"flags", "questions"} or (
                        key in judged.unsure and place in {"headline", "facts", "printed"}
                    ):
                        assert not different, (unsure, key, place)
                    for sentence in different:
                        assert any(mark in sentence for mark in OURS[lang]), (unsure, key, sentence)


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize("promise", [name for name in confirm.TARGETS if name != "cashback"])
def test_what_an_advertisement_does_not_say_is_not_filled_in(promise, lang):
    target = confirm.TARGETS[promise]
    some: dict[str, float] = {"share": 0.2, "multiple": 2.0, "fee": 0.1, "price": 500.0}
    for size in range(len(some) + 1):
        for said in itertools.combinations(some, size):
            settings = confirm.settings_of(promise, {slot: some[slot] for slot in said})
            judged = check.judge(settings)
            for slot, key in target.keys.items():
                if slot in said:
                    assert key not in judged.unsure
                    assert judged.chosen.scheme(judged.changes).get(key) == some[slot]
                elif slot != "goods":
                    assert key in (*judged.unsure, *judged.ours)
            w = Words(lang, strict=True)
            found = flags.check(cases.cases(judged, mine=True), package=judged.package)
            met = {f.flag: f for f in found if f.met}
            if "multiple" not in said:
                # None may be named, or there may be none: no flag, no sum, no press sheet.
                assert not met
                assert w("card.not_stated") in {value for value, _ in answers.facts(judged, w)}
            if "share" not in said:
                assert all("there" not in f.values for f in met.values())
                assert not [q for q in _questions(judged, w) if q == _rest(judged, w)]
            if "price" not in said:
                for sentence in stated.sentences(answers.headline(judged, w)):
                    marked = any(mark in sentence for mark in OURS[lang])
                    assert marked or "¥" not in sentence
            assert bool(answer.untold(judged)) == bool(judged.unsure or "price" not in said)


def _questions(judged: Offer, w: Words) -> list[str]:
    known = offer.Known.of(judged.chosen, judged.changes, list(judged.unsure), None)
    return offer.questions(judged, known, w)


def _rest(judged: Offer, w: Words) -> str:
    rest = judged.scheme.split().get("unstated", 0.0) * judged.spend
    return w("ask.rest", rest=yuan(rest, w.lang), spend=yuan(judged.spend, w.lang))


@pytest.mark.parametrize("key", ["points_pool.exit_multiple", "dividend_pool.quota_multiple"])
def test_a_multiple_that_is_not_named_may_be_none(key):
    name = "wine-points" if key.startswith("points") else "cyclic-purchase"
    chosen = preset(name)
    judged = answers.offer(chosen.scheme(), chosen, {}, [key])
    assert None in [scheme.get(key) for scheme in judged.schemes]


def test_defaults_of_ours_are_said_to_be_ours():
    """A dividend pool of the reader's own: nobody named the multiple that the model starts with."""
    settings = state.parse({"scheme": "own:dividend_pool"}, page=check.OWN)
    judged, w = check.judge(settings), Words("en", strict=True)
    assert "dividend_pool.quota_multiple" in judged.ours
    for sentence in stated.sentences(answers.headline(judged, w)):
        assert OURS["en"][0] in sentence
    assert answer.untold(judged)


@pytest.mark.parametrize("name", presets(kind="advertised"))
def test_an_example_gives_another_offer_no_flag(name):
    """What nobody was asked for counts only of the offer itself, never of one like it."""
    chosen = preset(name)
    judged = answers.offer(chosen.scheme(), chosen, {}, mine=True)
    found = {f.flag: f for f in flags.check(cases.cases(judged, mine=True), package=judged.package)}
    asked = answers.questions(judged.scheme, judged.focus)
    # Of commissions some offers ask, as one of several promises; then it was said.
    if not any(key.startswith("commission") for key in asked):
        assert not found["recruits"].met
        assert not found["territory"].met
    assert not found["terms_raised"].met


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets(kind="advertised"))
def test_an_example_s_own_words_are_not_those_of_another_offer(name, lang):
    w = Words(lang, strict=True)
    for query in (
        {},
        {"mine": "1"},
        {"unsure": check.askable(preset(name).scheme(), "several")[0]},
    ):
        settings = state.parse({"scheme": name, **query}, page=check.OWN)
        said = worked.claim_text(settings, check.judge(settings), w)
        assert bool(said) == (not query)


def test_every_flag_can_be_answered_no():
    settings = state.parse({"scheme": "local-life-points"}, page=check.OWN)
    judged = check.judge(settings)
    schemes = cases.cases(judged, mine=False)
    met = {f.flag for f in flags.check(schemes, package=judged.package) if f.met}
    assert met
    for flag in met:
        found = flags.check(schemes, {flag: "no"}, package=judged.package)
        assert {f.flag for f in found if f.met} == met - {flag}


@pytest.mark.parametrize("lang", LANGS)
def test_a_sheet_says_which_numbers_are_ours(lang):
    chosen, w = preset("wine-points"), Words(lang, strict=True)
    judged = answers.offer(chosen.scheme(), chosen, {})
    note = answers.noted(judged, judged.ours, w)
    conclusion = press_sheet.of_scheme(chosen, {}, w).conclusion
    assert note in stated.each_tagged(conclusion, note, w)
    assert stated.label(chosen, "points_pool.exit_multiple", w) in note
