"""No run on a page costs more than its budget: longer ones are cut short, and the page says so."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from model import load, presets
from model.cost import cost
from model.library import preset
from tests.pages.visit import boxes, opened
from view.money import compare
from view.money.live import Shown, answer
from view.pages import ROOT
from view.parts import context
from view.queueing.heavy import heavy
from view.settings import limits
from view.settings.runs import RUNS, played
from view.settings.state import Settings
from view.words.format import count
from view.words.words import LANGS, Words

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
    assert said in boxes(at)
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
    monkeypatch.setattr(limits, "holds", lambda *_: False)
    shown = limits.bounded(mine)
    assert [problem.key for problem in shown.problems] == ["url.too_heavy"]
    assert not shown.changes
    assert limits.fits(shown.scheme())


def test_a_short_run_of_one_rule_is_light():
    assert not heavy(load("cash-back-card", {"horizon": 90}))
    assert heavy(load("equity-shop", {"horizon": 3650}))


# -- every way in ----------------------------------------------------------------------------------


def plays(path) -> bool:
    """Whether a module can play a run by itself."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        names = {alias.name for alias in getattr(node, "names", ()) if hasattr(alias, "name")}
        if isinstance(node, ast.ImportFrom) and node.module in {"model", "model.simulate"}:
            names &= {"simulate"}
        elif isinstance(node, ast.Import):
            names &= {"model.simulate"}
        elif isinstance(node, ast.Attribute):
            names = {node.attr} & {"simulate", "with_whole_payments"}
        else:
            continue
        if names:
            return True
    return False


def test_one_place_alone_plays_runs():
    """And that one asks first how long they may be."""
    modules = [ROOT / "app.py", *(ROOT / "view").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    assert len(modules) > 50
    assert [path.name for path in modules if plays(path)] == ["runs.py"]


def test_no_run_of_a_page_is_longer_than_it_may_be(monkeypatch):
    monkeypatch.setattr(limits, "WORK", 2.0)
    mine = settings("equity-shop", horizon=3000)
    most = limits.most_days(mine.scheme())
    assert 1 <= most < 100
    assert played(mine.scheme()).ticks == most
    assert RUNS.of(mine).ticks == most


@pytest.mark.parametrize("lang", LANGS)
def test_a_move_beyond_the_bound_is_answered_for_fewer_days_and_says_so(lang, monkeypatch):
    monkeypatch.setattr(limits, "WORK", 4.0)
    mine = settings("green-points", horizon=1000)
    page = Shown(settings=mine, lang=lang, dark=False, height=200)
    message = {"seq": 1, "scheme": mine.preset.reference, "values": {}, "page": page.written()}
    told = json.loads(answer(json.dumps(message).encode()))
    most = limits.most_days(mine.scheme())
    assert most < 1000
    assert Words(lang, strict=True)("url.heavy", days=count(most, lang)) in told["note"]


def test_what_is_compared_keeps_to_one_budget_together():
    mine = load("cyclic-packages", {"horizon": 1825})
    others = [preset(name) for name in ("equity-shop", "green-points", "case-yuehua")]
    schemes = compare.bounded(mine, others)
    assert len({scheme.horizon for scheme in schemes}) == 1
    assert 365 <= schemes[0].horizon < 1825
    assert sum(cost(scheme).run for scheme in schemes) <= limits.WORK


def test_matrices_are_left_to_one_thread_however_the_server_is_started():
    """What says so is read when numpy is loaded: nothing before the pages' own code does."""
    code = (
        "import os, sys, streamlit, streamlit.web.cli, uvicorn; "
        "assert 'numpy' not in sys.modules; import view; assert 'numpy' not in sys.modules; "
        "print(*(os.environ[f'{name}_NUM_THREADS'] for name in ('OPENBLAS', 'OMP', 'MKL')))"
    )
    names = ("OPENBLAS", "OMP", "MKL")
    bare = {k: v for k, v in os.environ.items() if not k.startswith(names)}
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=bare, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["1", "1", "1"]
