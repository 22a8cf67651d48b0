"""Claims in words and pictures, without a page."""

from __future__ import annotations

import json
import math
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load
from model.claims import CLAIMS, GROUPS, Claim, Conclusion, Number
from model.preset import sources
from model.scheme import scheme_parameters
from tests.model.test_claims import FLIPS, any_setting, concluded
from view.claims import charts_claims, claims_text
from view.claims.claims_text import arithmetic, exact, shown, tell
from view.parts import context
from view.pictures.charts import Look
from view.words.words import LANGS, Words, placeholders, written

assert context  # registers the parameters' English words
EACH = pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.id)


def said_keys(claim: Claim) -> set[str]:
    """Every key a claim can need."""
    own = f"claims.{claim.id}"
    keys = {f"{own}.claim"}
    keys |= {f"claims.input.{wanted.name}" for wanted in claim.inputs}
    for found in variants(claim):
        keys.add(f"{own}.fact.{found.case}" if found.case else f"{own}.fact")
        keys |= {f"{own}.reason.{reason.name}" for reason in found.reasons}
        keys |= {f"claims.value.{step.name}" for step in found.steps}
        keys |= {f"claims.value.{n}" for n in found.values if n in claims_text.FOUND}
    keys |= {f"claims.value.{f.name}" for f in claim.figures if not f.worked}
    keys |= {f"claims.value.{name}" for name, _ in charts_claims.BARS.get(claim.id, ())}
    return keys


@cache
def variants(claim: Claim) -> tuple[Conclusion, ...]:
    """The claim for its schemes, and for what brings out facts and reasons of other rules."""
    found = [claim.conclude(load(id_)) for id_ in claim.presets]
    for number, changes, inputs, *_ in FLIPS:
        if number == claim.number:
            found.append(concluded(number, inputs=inputs, **changes))
    return tuple(found)


@pytest.mark.parametrize("lang", LANGS)
@EACH
def test_every_claim_has_its_words(claim, lang):
    w = Words(lang, strict=True)
    assert len(said_keys(claim)) >= 3
    assert not w.has(f"claims.{claim.id}.rumour")
    assert {key for key in said_keys(claim) if not w.has(key)} == set()


def test_no_words_of_claims_are_left_over():
    needed = set().union(*map(said_keys, CLAIMS.values()))
    kept = ("claims.group.", "claims.never.")
    mine = {
        key
        for key in written("en")
        if re.match(r"claims\.(value|input)\.", key)
        or any(key.startswith(f"claims.{claim}.") for claim in CLAIMS)
    }
    assert len(mine & needed) > len(CLAIMS)
    left = {key for key in mine - needed if not key.endswith(".note")}
    assert not any(key.startswith(kept) for key in left)
    assert left == set()


@EACH
def test_every_number_in_a_sentence_is_the_models(claim):
    """A sentence of fact holds no digits of its own: only what is filled in, and dates of laws."""
    laws = re.compile(r"Order 444 \(2005\)|article 7|第 444 号（2005 年）|第七条")
    for lang in ("en", "zh-Hans"):
        w = Words(lang, strict=True)
        for key in said_keys(claim):
            if ".fact" in key or ".reason." in key:
                text = re.sub(r"\{[a-z_]+(~[a-z]+)?\}", "", laws.sub("", w._find(key)))
                text = re.sub("[Oo]f 100 orders", "", text).replace("每 100 单", "")
                text = text.replace("前面每有 1 单", "")
                text = text.replace("一元得 1 积分", "").replace("一元得 0.01 积分", "")
                assert not re.search(r"\d", text), (key, lang, text)


@EACH
def test_the_fact_has_a_number_and_comes_before_the_claim(claim):
    for lang in ("en", "zh-Hans"):
        for found in variants(claim):
            case = f".{found.case}" if found.case else ""
            text = Words(lang)._find(f"claims.{claim.id}.fact{case}")
            # Of half price without points there is no number to give.
            assert placeholders(text) or found.case == "no_points"


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_the_knobs_say_there_are_words_and_a_picture(data):
    claim = data.draw(st.sampled_from(list(CLAIMS.values())))
    scheme, inputs = any_setting(data.draw, claim)
    lang = data.draw(st.sampled_from(LANGS))
    w = Words(lang, strict=True)
    told = tell(claim, w, scheme, inputs)
    for text in (told.fact, *told.leaves_out, *(line for _, line in told.lines)):
        assert "nan" not in text
        assert "inf" not in re.sub("[Ii]nfo", "", text)
        assert "{" not in text
    if claim.id in charts_claims.BARS:
        figure = charts_claims.side_by_side(
            charts_claims.bars_of(told), Look(w=w), foot="assumed<br>source"
        )
        assert all(math.isfinite(x) for x in json.loads(figure.to_json())["data"][0]["x"])


@EACH
def test_pictures_never_show_a_price_without_what_the_pool_can_pay(claim):
    """Lines of a price stand beside the money for each buyer; bars show no prices."""
    w = Words("en", strict=True)
    scheme = load(claim.home)
    told = tell(claim, w, scheme)
    figure = charts_claims.picture(told, scheme, Look(w=w), foot="assumed<br>source")
    names = [trace.name for trace in figure.data]
    if w("chart.price.name") in names:
        assert w("chart.backing.name") in names
    else:
        assert not any(
            told.found.values[name].unit == "price"
            for name, _ in charts_claims.BARS.get(claim.id, ())
        )
    assert "source" in figure.layout.title.text


def number(text: str) -> float:
    """A printed number as a reader reads it."""
    text = text.replace("\u2060", "").replace(",", "").replace("¥", "").replace("−", "-")
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


@EACH
def test_printed_arithmetic_can_be_redone_by_hand(claim):
    """From the printed digits alone, to within their rounding."""
    w = Words("en", strict=True)
    for step in (step for found in variants(claim) for step in found.steps):
        if not all(math.isfinite(n.value) for n in (step.result, *dict(step.inputs).values())):
            continue
        text = arithmetic(step, w).replace("\u2060", "")
        if "at least" in text or "at most" in text:
            continue
        left, _, right = text.rpartition(" = ")
        python = re.sub(r"([\d.,]+)%", lambda m: f"({number(m[1])}/100)", left.replace("¥", ""))
        python = re.sub(r"(?<=\d),(?=\d)", "", python)
        python = python.replace("×", "*").replace("÷", "/").replace("−", "-").replace("^", "**")
        python = python.replace("e**", f"{math.e}**")
        redone = eval(python)
        assert redone == pytest.approx(number(right), rel=2e-3, abs=6e-3), text


@pytest.mark.parametrize("lang", LANGS)
def test_never_is_said_in_words(lang):
    w = Words(lang, strict=True)
    for unit in ("yuan", "price", "points", "share", "rate", "count", "multiple", "days", "months"):
        assert shown(Number(math.inf, unit), w) == w(f"claims.never.{unit}")
        assert exact(Number(math.inf, unit), w) == w(f"claims.never.{unit}")


@EACH
def test_every_claim_says_where_it_was_read(claim):
    for lang in LANGS:
        text = tell(claim, Words(lang, strict=True)).read_on
        for id_ in (claim.source, *claim.also):
            title = sources()[id_].title
            assert (title.en if lang == "en" else title.zh) in text or lang == "zh-Hant"
        assert Words(lang)("grade.pitch") in text


@EACH
def test_facts_about_the_world_have_a_source_with_a_grade(claim):
    """Whoever speaks of a population or a law names a source that is graded."""
    w = Words("en", strict=True)
    texts = " ".join(w._find(key) for key in said_keys(claim) if w.has(key))
    about_the_world = re.search(
        r"population|rule quoted below|Order 444|court|ministry|police", texts
    )
    graded = {id_ for id_ in claim.also if sources()[id_].grade in {"A", "B"}}
    assert bool(about_the_world) == bool(graded)


def test_knobs_belong_to_the_scheme():
    for claim in CLAIMS.values():
        for id_ in claim.presets:
            assert set(claim.knobs) <= set(scheme_parameters(load(id_))), (claim.id, id_)
        assert 1 <= len(claim.knobs) + len(claim.inputs) <= 5
    assert {claim.group for claim in CLAIMS.values()} == set(GROUPS)
