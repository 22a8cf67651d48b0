"""Runs that have just been worked out are kept for a moment, and only a few."""

from __future__ import annotations

import pytest

from model import simulate
from model.library import SchemeError, preset
from view.runs import Runs
from view.state import Settings


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


def test_of_long_ones_fewer_are_kept_but_always_the_last():
    runs = Runs(ticks=100)
    short = runs.of(settings(horizon=50))
    long = runs.of(settings(horizon=400))
    assert runs.of(settings(horizon=400)) is long
    assert runs.of(settings(horizon=50)) is not short


def test_settings_that_do_not_hold_together_are_refused():
    with pytest.raises(SchemeError):
        Runs().of(settings(horizon=-1))
