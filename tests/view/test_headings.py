"""A view's heading says one thing, with at most two numbers; the rest stands below it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from model import load, presets, simulate
from model.outlay import outlay
from model.result import Result
from view.money import compare, one, people, rules, whose_said
from view.money.measured import measure
from view.parts import context
from view.pictures import panels
from view.sentences import findings
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
NUMBER = re.compile(r"\d[\d,.]*")
MOST = 2
#: Of a whole year much is the same as of fewer days: every kind of rule has orders, and pays.
DAYS = 120


def numbers(text: str) -> int:
    return len(NUMBER.findall(text))


def speaking(monkeypatch: pytest.MonkeyPatch, lang: str) -> Words:
    w = Words(lang, strict=True)
    for module in (whose_said, compare, people, one, rules):
        monkeypatch.setattr(module, "lang", lambda: lang)
        monkeypatch.setattr(module, "w", w)
        if hasattr(module, "words"):
            monkeypatch.setattr(module, "words", lambda: w)
    return w


def views(result: Result, w: Words) -> Iterator[tuple[str, str]]:
    scheme = result.scheme
    yield "live", findings.finding(result, w)
    yield "whose", whose_said.finding(result, outlay(result))
    yield "rules", rules.finding(scheme)
    mine = measure(result, name="A", reference="a")
    other = measure(simulate(load("guild-queue", {"horizon": DAYS})), name="B", reference="b")
    yield "compare", compare.finding([mine])
    yield "compare with another", compare.finding([mine, other])
    if one.paid_down(scheme):
        yield "one", one.finding(result, panels.paid_so_far(result, 1), 1)
    if people.applies(scheme):
        found = people.measured(scheme, 1, 0.3)
        if found is not None:
            yield "people", people.finding(found, scheme)
    else:
        yield "people", w("people.elsewhere")


@pytest.mark.part(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_a_heading_has_at_most_two_numbers(monkeypatch, name, lang):
    w = speaking(monkeypatch, lang)
    found = dict(views(simulate(load(name, {"horizon": DAYS})), w))
    assert {"live", "whose", "rules", "compare", "people"} <= set(found)
    for view, said in found.items():
        heading, _, below = said.partition("\n")
        assert numbers(heading) <= MOST, (view, heading)
        # One sentence; a real case's heading says what stands below it.
        assert len(re.findall(r"[.。!?](?=\s|$|[^\d\s])", heading)) == 1, (view, heading)
        assert below or not numbers(heading), view


@pytest.mark.parametrize("lang", LANGS)
def test_every_heading_of_the_catalogues_leaves_the_rest_to_the_line_below(lang):
    """Whatever has a line below it, of the orders followed one by one too."""
    w = Words(lang, strict=True)
    # Lines of what is printed for a class are items of a list.
    keys = [key for key in w.keys() if not key.startswith("kit.")]
    broken = [text for key in keys if "\n" in (text := w._find(key) or "")]
    assert len(broken) > 20
    for text in broken:
        heading = re.sub(r"\{[^}]*~[^}]*\}", "", text.partition("\n")[0])
        assert heading.count("{") + numbers(heading) <= MOST, heading


def test_what_has_three_numbers_is_counted_as_three():
    assert numbers("After 365 days, 138 of 365,000 buyers have been paid out.") == 3
    assert numbers("Of each ¥100, ¥1.50 is back.") == 2
