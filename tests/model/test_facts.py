"""Statements about the world: none without an official source, its address, date and grade."""

from __future__ import annotations

import re

import pytest

from model.facts import WorldFact, fact, facts, read_facts
from model.preset import SchemeError, sources
from tests.test_words import FORBIDDEN_CHINESE, FORBIDDEN_ENGLISH, simplified_left
from view.words.words import traditional

GOOD = """
[[fact]]
id = "one"
about = "one"
topic = "law"
place = "cn"
text = { en = "Text.", zh = "文字。" }
sources = ["order-444"]
date = "2005"
grade = "A"
"""


def test_a_good_one_is_read() -> None:
    (found,) = read_facts(GOOD)
    assert (found.id, found.grade, found.sources) == ("one", "A", ("order-444",))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('sources = ["order-444"]', "sources = []", r"fact one: sources: .*at least 1"),
        ('sources = ["order-444"]\n', "", r"fact one: sources: Field required"),
        ('["order-444"]', '["nobody"]', r"fact one: sources: unknown source 'nobody'"),
        ('["order-444"]', '["pitch-wine"]', r"pitch-wine: a fact needs an official source"),
        ('["order-444"]', '["census-2020"]', r"census-2020: .* with its address"),
        ('grade = "A"', 'grade = "C"', r"fact one: grade: Input should be 'A' or 'B'"),
        ('grade = "A"', 'grade = "B"', r"the grade is that of the best source, A"),
        ('grade = "A"', 'grade = "A"\nlink = "x"', r"fact one: link: Extra inputs"),
        ('date = "2005"', 'date = "May"', r"fact one: date: "),
        ('date = "2005"\n', "", r"fact one: date: Field required"),
        ("[[fact]]", "[[facts]]", r"unknown key facts"),
        ('id = "one"', "id = 'one", r"not a TOML file"),
    ],
)
def test_one_that_cannot_be_trusted_is_refused(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(SchemeError, match=problem):
        read_facts(GOOD.replace(old, new))


def test_no_id_twice() -> None:
    with pytest.raises(SchemeError, match="given twice"):
        read_facts(GOOD + GOOD)
    with pytest.raises(KeyError):
        fact("nobody")


def test_what_can_be_asked_for() -> None:
    assert {f.id for f in facts(about="order-737")} == {"order-737-2", "order-737-25"}
    assert all(f.place == "abroad" for f in facts(topic="case", place="abroad"))
    assert len(facts(topic="case")) + len(facts(topic="law")) == len(facts())


def test_addresses_are_official_or_press() -> None:
    """Never a sales page's, no links that a browser would open, and each only once."""
    found = [source.address for source in sources().values() if source.address is not None]
    assert len(found) == len(set(found)) >= 20
    for id_, source in sources().items():
        assert (source.address is None) or source.kind == "official", id_
        assert not source.address or "://" not in source.address, id_


@pytest.mark.parametrize("found", facts(), ids=lambda found: found.id)
def test_the_figures_stand_in_the_text(found: WorldFact) -> None:
    """As digits in English; in Chinese too, or in tens of thousands and hundreds of millions."""
    scale = {"billion": 1e9, "million": 1e6}
    for name, value in found.figures.items():
        assert re.search(rf"(?<![\d.]){value:g}(?![\d]|\.\d)", found.text.en), (name, value)
        yuan = value * next((n for unit, n in scale.items() if name.endswith(unit)), 1.0)
        written = {f"{yuan / 10**power:.6g}" for power in (0, 4, 8)} | {f"{value:g}"}
        if name == "daily_percent" and yuan == 0.05:
            written = {"万分之五"}
        assert any(text in found.text.zh for text in written), (name, value)


@pytest.mark.parametrize("found", facts(), ids=lambda found: found.id)
def test_tone(found: WorldFact) -> None:
    """The rule is described, and nobody is called names; Traditional Chinese comes out right."""
    for text in (found.text, *found.items):
        assert not re.search("|".join(FORBIDDEN_ENGLISH), text.en, re.IGNORECASE)
        assert not re.search(FORBIDDEN_CHINESE, text.zh)
        assert simplified_left(traditional(text.zh)) == set()
