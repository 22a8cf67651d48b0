"""Runs that have just been worked out are kept for a moment, and only a few."""

from __future__ import annotations

import pytest

from model import presets, simulate
from model.books import books
from model.funding import METHODS
from model.library import preset
from model.outlay import outlay
from model.preset import SchemeError
from model.result import Result
from model.standing import standing
from view.money.live import Shown, told
from view.settings.runs import Runs
from view.settings.state import Settings


def settings(name: str = "wine-points", **changes: object) -> Settings:
    return Settings(preset(name), changes, {})


def test_the_same_settings_are_worked_out_once():
    runs = Runs()
    first = runs.of(settings(horizon=30, **{"points_pool.fee": 0.3}))
    # In another order, on another page.
    again = Settings(preset("wine-points"), {"points_pool.fee": 0.3, "horizon": 30}, {"zoom": "on"})
    assert runs.of(again) is first
    assert first.scheme == again.scheme()
    assert first.series.equals(simulate(again.scheme()).series)


def test_other_settings_are_another_run():
    runs = Runs()
    mine = runs.of(settings(horizon=30))
    for other in (
        settings(horizon=31),
        settings("thousand-yuan-points", horizon=30),
        settings(horizon=30, **{"points_pool.exit_multiple": None}),
    ):
        assert runs.of(other) is not mine
        assert runs.of(other).scheme == other.scheme()


def test_few_are_kept_and_the_one_asked_for_longest_ago_goes_first():
    runs = Runs(most=2)
    a, b = (runs.of(settings(horizon=h)) for h in (10, 11))
    assert runs.of(settings(horizon=10)) is a
    runs.of(settings(horizon=12))
    assert runs.of(settings(horizon=10)) is a
    assert runs.of(settings(horizon=11)) is not b


def test_of_large_ones_fewer_are_kept_but_always_the_last():
    runs = Runs(memory=1e6)
    short = runs.of(settings(horizon=50))
    long = runs.of(settings(horizon=400))
    assert runs.of(settings(horizon=400)) is long
    assert runs.of(settings(horizon=50)) is not short


def contents(result: Result) -> list[bytes]:
    """All that a run says, to the last bit."""
    tables = (result.series, result.cohorts, result.flows)
    numbers = [flow.amount.tobytes() for flow in result.ledger.flows]
    return [*(table.to_csv().encode() for table in tables), *numbers, repr(result.totals).encode()]


@pytest.mark.parametrize("name", presets())
def test_who_reads_a_run_does_not_change_it(name):
    """Several readers have the same one: panels, whose money, the other side, the books."""
    mine = settings(name, horizon=30)
    run, page = Runs().of(mine), Shown(settings=mine, lang="zh-Hans", dark=True, height=200)
    before = contents(run)
    told_ = told(run, page, seq=0, refused={})
    for method in METHODS:
        run.funding(method, 5)
    for read in (outlay, standing, books):
        read(run)
    assert contents(run) == before
    assert told(run, page, seq=0, refused={}) == told_
    assert told(simulate(mine.scheme()), page, seq=0, refused={}) == told_


def test_settings_that_do_not_hold_together_are_refused():
    with pytest.raises(SchemeError):
        Runs().of(settings(horizon=-1))
