"""Nothing is said about the world without its source, date and grade."""

from __future__ import annotations

import re
from html import unescape

import pytest

from model.facts import facts
from model.preset import sources
from view.sentences.facts import cite, fact_html, facts_html, legend, when
from view.words.words import LANGS, Words, written

#: What only somebody outside can have said or done.
WORLD_ENGLISH = (
    r"\bcourts?\b|\bprosecutor|\bpolice\b|\bconvicted\b|\bsentenced\b|\bregulator|\bministr(?:y|ies)\b"
    r"|State Council|Criminal Law|\bOrder \d+|\bSEC\b|\bFTC\b|Securities and Exchange"
)
WORLD_CHINESE = r"法院|检察院|警方|公安|监管部门|部门|国务院令|刑法|判处|判刑|条例"
#: Either it names its grade itself, or it says nothing that could be true or false: headings,
#: introductions and what the grades mean.
GRADED = r"[Gg]rade [AB]|\([AB][,)]|[AB] 级|[AB]：|[AB]:"
SAYS_NOTHING = frozenset(
    {
        "page.claims.description",
        "law.general",
        "law.rules",
        "press.not.case",
    }
)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("found", facts(), ids=lambda found: found.id)
def test_a_fact_never_comes_without_its_source(found, lang) -> None:
    w = Words(lang, strict=True)
    said = unescape(fact_html(found, w, dated=True))
    assert w.text(found.text.en, found.text.zh) in said
    assert all(w.text(item.en, item.zh) in said for item in found.items)
    for id_ in found.sources:
        source = sources()[id_]
        line = said.split(w.text(source.title.en, source.title.zh))[1].split("</span>")[0]
        assert when(source.date, w) in line
        assert w("facts.grade", grade=source.grade) in line
        assert str(source.address) in line


def test_addresses_are_text_and_not_links() -> None:
    said = facts_html(facts(), Words("en"))
    assert "lawinfochina.com" in said
    assert "<a" not in said
    assert "://" not in said


def test_dates() -> None:
    en, zh = Words("en", strict=True), Words("zh-Hans", strict=True)
    assert [when(d, en) for d in ("2018-05-08", "2018-05", "2018")] == [
        "May 8, 2018", "May 2018", "2018",
    ]  # fmt: skip
    assert [when(d, zh) for d in ("2018-05-08", "2018-05", "2018")] == [
        "2018 年 5 月 8 日", "2018 年 5 月", "2018 年",
    ]  # fmt: skip
    assert when("undated", en) == "undated"


def test_a_source_is_cited_once() -> None:
    w = Words("en", strict=True)
    assert cite(["order-444", "order-444"], w).count("lawinfochina.com") == 1
    assert "A" in legend(w)
    assert "B" in legend(w)


@pytest.mark.parametrize(("lang", "pattern"), [("en", WORLD_ENGLISH), ("zh-Hans", WORLD_CHINESE)])
def test_words_of_pages_leave_facts_to_the_facts(lang, pattern) -> None:
    """A sentence of a catalogue that names a court or a regulator has its grade in it."""
    about = {key: text for key, text in written(lang).items() if re.search(pattern, text)}
    assert about.keys() & SAYS_NOTHING
    graded = {key for key, text in about.items() if re.search(GRADED, text)}
    assert graded
    assert about.keys() - graded - SAYS_NOTHING == set()
