"""Real cases, sound programmes, red flags and the law, as somebody opens them."""

from __future__ import annotations

import re

import pytest

from model.facts import facts
from model.library import preset, presets
from model.preset import sources
from tests.pages.visit import figures, finding, html, opened
from tests.test_words import FORBIDDEN_CHINESE, FORBIDDEN_ENGLISH
from tests.view.test_facts import WORLD_CHINESE, WORLD_ENGLISH
from view.claims import cases, law, sound
from view.sentences.facts import when
from view.words.words import LANGS, Words

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

CASES = presets(kind="real_case")
SOUND = presets(kind="sound")


def statements(said: str) -> list[str]:
    """The HTML of every statement of fact."""
    return re.findall(r"class='wp-world'.*?</small>", said, re.DOTALL)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", CASES)
def test_a_case(name: str, lang: str) -> None:
    w = Words(lang, strict=True)
    at = opened("claims", {"view": "cases", "case": name}, lang=lang)
    said = html(at)
    chosen = preset(name)
    assert finding(at) == cases.finding(chosen, w)
    assert re.search(r"\d", finding(at))
    (picture,) = figures(at)
    for turn in chosen.turn:
        assert turn.date in picture
    for figure in chosen.figure:
        assert figure.text is not None
        assert figure.note is not None
        assert w.text(figure.text.en, figure.text.zh) in said
        assert w.text(figure.note.en, figure.note.zh) in said
        source = sources()[figure.source]
        assert w.text(source.title.en, source.title.zh) in said
    for one in facts(about=name):
        assert f"id='fact-{one.id}'" in said
    for verdict, there in (
        ("fitted", any(f.fitted for f in chosen.figure)),
        ("differs", any(not f.agrees for f in chosen.figure)),
    ):
        assert (w(f"cases.verdict.{verdict}") in said) == there


@pytest.mark.parametrize("lang", LANGS)
def test_published_beside_our_model(lang: str) -> None:
    """The numbers of the public record as they are printed there."""
    for name, shown in {
        "case-yunlianhui": ("7.25", "60%", "59.9%", "84%", "83.9%"),
        "case-wanjia": ("0.4", "0.39"),
        "case-yuehua": ("7.25",),
    }.items():
        said = html(opened("claims", {"view": "cases", "case": name}, lang=lang))
        table = said.split("wp-beside")[1].split("</table>")[0]
        for number in shown:
            assert f">{number}<" in table, number
    wanjia = html(opened("claims", {"view": "cases", "case": "case-wanjia"}, lang=lang))
    million = ("¥48.00 million", "¥48.09 million") if lang == "en" else ("¥4,800 ", "¥4,809 ")
    assert all(number in wanjia for number in million)


@pytest.mark.parametrize("lang", LANGS)
def test_foreign_shares_stand_by_themselves(lang: str) -> None:
    w = Words(lang, strict=True)
    said = html(opened("claims", {"view": "cases"}, lang=lang))
    home, abroad = said.split("<section class='wp-abroad'>")
    assert w("cases.other.no_share") in home
    assert w("cases.other.abroad_only") in abroad
    for one in facts(topic="case", place="abroad"):
        assert w.text(one.text.en, one.text.zh) in abroad
        for name, share in one.figures.items():
            if name == "lost_percent":
                assert f"{share:g}%" not in home
    for one in facts(topic="case", place="cn"):
        assert w.text(one.text.en, one.text.zh) not in abroad


def test_the_growth_that_is_assumed_can_be_moved_and_is_in_the_address() -> None:
    w = Words("en", strict=True)
    plain = opened("claims", {"view": "cases", "case": "case-wanjia"})
    at = opened("claims", {"view": "cases", "case": "case-wanjia", "case_growth": "2"})
    slider = at.slider[0]
    assert (slider.label, slider.value) == (w("cases.growth"), 2.0)
    assert figures(at) != figures(plain)
    assert finding(at) == finding(plain)
    assert "2.00%" in html(at)
    slider.set_value(2.75).run()
    assert at.query_params["case_growth"] in ("2.75", ["2.75"])
    at.slider[0].set_value(2.5).run()
    assert "case_growth" not in at.query_params


@pytest.mark.parametrize("typed", ["x", "nan", "inf", "-5", "1e9", "9" * 300, "<b>"])
def test_a_growth_nobody_meant_is_the_assumed_one(typed: str) -> None:
    at = opened("claims", {"view": "cases", "case_growth": typed})
    assert at.slider[0].value == pytest.approx(0.32)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", SOUND)
def test_a_sound_programme(name: str, lang: str) -> None:
    w = Words(lang, strict=True)
    at = opened("claims", {"view": "sound", "programme": name}, lang=lang)
    said = html(at)
    assert finding(at) == sound.finding(w) == w("sound.finding", n=len(SOUND), own=100, later=0)
    assert w.text(preset(name).summary.en, preset(name).summary.zh) in said
    assert w("sound.needed") in said
    for pattern in (*FORBIDDEN_ENGLISH, FORBIDDEN_CHINESE, WORLD_ENGLISH, WORLD_CHINESE):
        assert not re.search(pattern, said), pattern


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize("sales", sound.SALES)
def test_everybody_who_qualifies_is_shown_as_paid(name: str, sales: str) -> None:
    found = sound.kept(name, sales)
    assert found.paid == found.qualify > 0
    assert (found.later, found.other) == (0, 0)
    assert found.own > 0


@pytest.mark.parametrize("lang", LANGS)
def test_the_law(lang: str) -> None:
    w = Words(lang, strict=True)
    at = opened("claims", {"view": "law"}, lang=lang)
    said = html(at)
    assert finding(at) == law.finding(w)
    shown = [one for one in facts(topic="law") if f"id='fact-{one.id}'" in said]
    assert shown == list(facts(topic="law"))
    for one in shown:
        assert all(w.text(item.en, item.zh) in said for item in one.items)
    for warning in ("notice-2018", "notice-2012", "green-points-2026", "yuhua-2025"):
        (one,) = facts(about=warning)
        assert f"<b>{when(one.date, w)}</b>" in said


def test_every_fact_is_shown_somewhere() -> None:
    said = html(opened("claims", {"view": "law"}))
    for name in CASES:
        said += html(opened("claims", {"view": "cases", "case": name}))
    assert set(re.findall(r"id='fact-([\w-]+)'", said)) == {one.id for one in facts()}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", ["cases", "law"])
def test_nothing_is_said_of_the_world_without_source_date_and_grade(view: str, lang: str) -> None:
    """Whatever names a court or a regulator has the line beneath that says where it is from."""
    w = Words(lang, strict=True)
    said = html(opened("claims", {"view": view, "case": "case-wanjia"}, lang=lang))
    grades = [w("facts.grade", grade=grade) for grade in "AB"]
    found = statements(said)
    assert len(found) >= 8
    for one in found:
        line = one.split("wp-cite")[1]
        assert any(grade in line for grade in grades), one
        assert any(str(source.address) in line for source in sources().values()), one
    rest = said
    for one in found:
        rest = rest.replace(one, "")
    # The table of figures and that of the preset cite their sources in the same row; a legend
    # says what the grades mean; headings and introductions say nothing that could be wrong.
    rest = re.sub(r"<tr class='wp-because'>.*?</tr>", "", rest, flags=re.DOTALL)
    rest = re.sub(r"<details.*?</details>", "", rest, flags=re.DOTALL)
    rest = rest.replace(w("law.general"), "").replace(w("law.rules"), "")
    for grade in "AB":
        rest = rest.replace(w(f"facts.grade.{grade}"), "")
    loose = re.findall(WORLD_ENGLISH if lang == "en" else WORLD_CHINESE, rest)
    assert loose == []
