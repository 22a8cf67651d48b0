"""No run on a page costs more than its budget: longer ones are cut short, and the page says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model import load, presets
from model.cost import cost
from model.library import preset
from tests.pages.visit import opened
from view import context, limits
from view.format import count
from view.state import Settings
from view.words import LANGS, Words

assert context  # registers the parameters' English words
HEAVY = {"scheme": "equity-shop", "horizon": "10000", "behaviour.sell_share": "0.01"}


@pytest.mark.parametrize("lang", LANGS)
def test_a_heavy_scheme_is_shown_for_fewer_days(lang, monkeypatch):
    monkeypatch.setattr(limits, "WORK", 12.0)
    at = opened("money", HEAVY | {"lang": lang})
    heavy = load("equity-shop", {"horizon": 10_000, "behaviour.sell_share": 0.01})
    most = limits.most_days(heavy)
    assert 100 <= most < 10_000
    said = Words(lang, strict=True)("url.heavy", days=count(most, lang))
    assert said in [box.value for box in at.warning]
    assert at.query_params["horizon"] in (str(most), [str(most)])


@pytest.mark.parametrize("name", presets())
def test_every_preset_fits_to_the_end_of_its_slider(name):
    scheme = load(name)
    for days in (scheme.horizon, 1825):
        assert limits.fits(load(name, {"horizon": days}))


def settings(name: str, **changes: object) -> Settings:
    return Settings(preset(name), changes, {})


def test_what_fits_is_left_alone():
    mine = settings("wine-points", **{"behaviour.sell_share": 0.01})
    assert limits.bounded(mine) is mine


def test_what_does_not_fit_is_as_long_as_it_can_be():
    mine = settings("equity-shop", horizon=10_000, **{"behaviour.sell_share": 0.01})
    shorter = limits.bounded(mine)
    days = shorter.changes["horizon"]
    assert [problem.key for problem in shorter.problems] == ["url.heavy"]
    assert cost(shorter.scheme()).work <= limits.WORK
    longer = replace(shorter, changes={**shorter.changes, "horizon": days + 1})
    assert not limits.fits(longer.scheme())
    assert limits.bounded(shorter) is shorter


def test_what_cannot_be_cut_short_is_refused_and_never_run(monkeypatch):
    mine = settings("equity-shop", horizon=10_000, **{"behaviour.sell_share": 0.01})
    monkeypatch.setattr(limits, "_holds", lambda *_: False)
    shown = limits.bounded(mine)
    assert [problem.key for problem in shown.problems] == ["url.too_heavy"]
    assert not shown.changes
    assert limits.fits(shown.scheme())


def test_a_short_run_of_one_rule_is_light():
    assert limits.light(load("cash-back-card", {"horizon": 90}))
    assert not limits.light(load("equity-shop", {"horizon": 3650}))
