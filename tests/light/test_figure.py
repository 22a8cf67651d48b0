"""The figure in a real browser: its sentence and its bars are the model's, to the last digit."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from model import simulate
from model.library import presets
from tests.model.agree import SEARCH
from view.light import figure
from view.light.figure import Figure
from view.money import card as money_card
from view.serving import cards
from view.settings.runs import RUNS
from view.words.format import yuan
from view.words.words import LANGS, Words

#: Gzipped bytes of a file.
MOST = 30_000
#: Mixtures of stops for each preset, fewer where a run is long.
MANY = 400 if SEARCH > 1 else 12


def figure_of(name: str, lang: str = "en") -> Figure | None:
    settings = money_card.settings_of({"scheme": name})
    w = Words(lang, strict=True)
    return figure.figure(settings, RUNS.of(settings), money_card.offered(settings, w), w)


NAMES = [name for name in presets() if figure_of(name) is not None]


def page_of(name: str, lang: str = "en") -> str:
    return cards.made("figure", {"page": "money", "scheme": name, "lang": lang}).decode()


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """A page that may ask nobody for anything."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def test_every_family_has_one():
    families = {money_card.settings_of({"scheme": n}).scheme().mechanisms[0].kind for n in NAMES}
    assert families == {"points_pool", "dividend_pool", "scheduled_release", "refund_queue"}
    assert len(NAMES) >= 9


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small_and_says_what_the_card_does(name):
    for lang in LANGS:
        html = page_of(name, lang)
        assert len(gzip.compress(html.encode(), 6)) <= MOST
        assert "http://" not in html.replace("http://www.w3.org", "")
        assert "fetch(" not in html
        assert "localStorage" not in html


def of_model(name: str, found: Figure, stops: list[int], lang: str) -> dict[str, Any] | None:
    """What the model says of a mixture of stops; None where the settings do not hold."""
    settings = money_card.settings_of({"scheme": name})
    changes = {k.key: k.values[at] for k, at in zip(found.knobs, stops, strict=True)}
    scheme = figure.changed(settings, changes)
    if scheme is None:
        return None
    if figure.kernels.orders(scheme) > figure.MOST_ORDERS:
        return {"many": True}
    result, w = simulate(scheme), Words(lang, strict=True)
    joined, paid = figure.cohorts(result)
    spend = scheme.order.mean_spend
    return {
        "said": figure.sentence(joined, paid, spend=spend, time=figure.time_of(scheme, w), w=w),
        "path": figure.path_of(joined, paid, spend=spend),
        "line": figure.line_of(joined, paid, spend=spend),
    }


@pytest.mark.parametrize("name", NAMES)
def test_wherever_the_knobs_stand_it_says_what_the_model_says(blank, name):
    lang = LANGS[NAMES.index(name) % len(LANGS)]
    found = figure_of(name, lang)
    assert found is not None
    chance = random.Random(f"{name} {SEARCH}")
    days = RUNS.of(money_card.settings_of({"scheme": name})).ticks
    mixtures = [
        [chance.randrange(len(knob.values)) for knob in found.knobs]
        for _ in range(max(MANY * 365 // days, 4))
    ]
    mixtures.append([knob.at for knob in found.knobs])
    blank.set_content(page_of(name, lang))
    told = blank.evaluate(
        "(all) => { const f = figureOf(JSON.parse("
        "document.getElementById('figure-data').textContent)); return all.map(f.shown); }",
        mixtures,
    )
    compared = 0
    for stops, now in zip(mixtures, told, strict=True):
        wanted = of_model(name, found, stops, lang)
        if wanted is None:
            continue
        if wanted.get("many"):
            assert now["said"] == Words(lang, strict=True)("figure.many")
            continue
        compared += 1
        assert now == wanted, stops
    assert compared >= len(mixtures) // 3


@pytest.mark.parametrize("lang", LANGS)
def test_money_is_written_alike(blank, lang):
    blank.set_content(page_of("wine-points", lang))
    chance = random.Random(16)
    amounts = [chance.choice((1, 7, 1000)) * 10 ** chance.uniform(-6, 9) for _ in range(3000)]
    amounts += [0.0, 0.005, 1.005, 2.675, 999.994, 999.995, 1000.5, 381.22499999999997, 1e15]
    amounts += [round(x, 2) for x in amounts[:500]]
    told = blank.evaluate(
        "(all) => all.map(figureOf(JSON.parse("
        "document.getElementById('figure-data').textContent)).yuan)",
        amounts,
    )
    wrong = [(x, said) for x, said in zip(amounts, told, strict=True) if said != yuan(x, lang)]
    assert wrong == []


def test_a_hand_moves_the_sentence_and_the_bars(blank):
    blank.set_content(page_of("green-points"))
    said, bars = blank.locator("#figure-said"), blank.locator("#bars")
    before = said.inner_text(), bars.get_attribute("d")
    expect(blank.locator("#moved")).to_be_hidden()
    blank.locator("#knob-0").press("End")
    expect(said).not_to_have_text(before[0])
    assert bars.get_attribute("d") != before[1]
    expect(blank.locator("#stop-0")).to_have_text("100%")
    expect(blank.locator("#moved")).to_be_visible()
    assert np.isfinite(float(str(blank.locator("#price").get_attribute("transform"))[12:-1]))
