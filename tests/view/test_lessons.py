"""Lessons for one: their numbers are the model's, their screens are short and complete."""

from __future__ import annotations

import numpy as np
import pytest

from model import load, simulate
from model.relay import consign_relay, ended
from model.yardstick import yardstick
from view.teach.facts import LESSONS, MOST_POINTS, facts

# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_s_chart_holds_together(lesson):
    found = facts(lesson)
    assert 7 <= len(found.asked) <= 11
    assert 7 <= len(found.stops) <= 11
    assert found.stops[found.usual].curve == found.curve
    assert found.stops[found.usual].numbers == found.numbers
    assert list(found.asked) == sorted(found.asked)
    assert found.seen < found.asked[0] or found.seen == 0 or lesson == "recruiters"
    values = [stop.value for stop in found.stops]
    assert values == sorted(set(values))
    for stop in found.stops:
        assert len(stop.curve.x) == len(stop.curve.y) <= MOST_POINTS
        assert 0 <= min(stop.curve.y) <= max(stop.curve.y) <= found.top
        assert stop.numbers.keys() == found.numbers.keys()
        if stop.beside is not None:
            assert max(stop.beside.y) <= found.beside_top
    assert found.asked[-1] == pytest.approx(found.curve.x[-1])
    assert all(0 <= y <= found.top for y in found.truth)


def test_the_pool_of_each_buyer_is_that_of_the_run():
    found = facts("price")
    series = simulate(load("wine-points")).series
    assert found.numbers["each"] == series["pool"].iloc[-1] / series["holders"].iloc[-1]
    # Whatever the number of orders: never more than a buyer's own part.
    for stop in found.stops:
        assert stop.numbers["each"] <= stop.numbers["into_pool"]
        assert stop.numbers["price"] > 30
    ends = [stop.numbers["price"] for stop in found.stops]
    assert ends == sorted(ends)


def test_places_in_the_line_share_the_pool():
    found = facts("place")
    assert np.mean(found.truth) == pytest.approx(found.numbers["mean"])
    for stop in found.stops:
        # What all have together is what the pool was paid, a fee that was kept aside.
        assert stop.numbers["mean"] == pytest.approx(stop.numbers["into_pool"], rel=1e-3)
        assert stop.numbers["middle"] == pytest.approx(259, abs=3)
        assert stop.numbers["above"] == pytest.approx(0.305, abs=0.006)


def test_a_price_stands_when_orders_stop():
    found = facts("stop")
    result = simulate(load("thousand-yuan-points", {"demand.stop_tick": 180}))
    row = result.cohorts.loc[30]
    assert found.numbers["worth_end"] == pytest.approx(row["held_value"] / row["buyers"])
    assert found.numbers["worth_stop"] == found.numbers["worth_end"]
    assert found.numbers["factor"] == yardstick(load("thousand-yuan-points")).back
    assert found.numbers["worth_then"] < found.numbers["worth_end"] < found.numbers["spend"]
    assert found.stops[-1].numbers["worth_end"] > found.numbers["worth_end"]


def test_the_queue_grows_with_those_before():
    found = facts("queue")
    cohorts = simulate(load("three-in-one-out")).cohorts
    assert found.numbers["last_waits"] == cohorts["exit_tick"].loc[100] - 100
    # The order before which n stand is paid at order 3 n + 1.
    assert found.curve.at(50.0) == pytest.approx(2 * 50 + 1, abs=1)
    for stop in found.stops:
        assert stop.numbers["refunded"] == pytest.approx(1 / 3, rel=1e-3)
        assert stop.numbers["last_waits"] <= found.numbers["last_waits"]


def test_cash_every_day_until_the_pool_is_empty():
    found = facts("daily")
    result = simulate(load("ad-tasks", {"horizon": 240}))
    series = result.series
    assert found.numbers["full_days"] == result.broken.tick - 1
    assert found.truth == pytest.approx([100 * series["price"].loc[x] for x in found.asked])
    # The first day's buyers, by the table of rewards for 2001 to 4000 of credit.
    assert found.numbers["a_day"] == 40
    # All that the pool was paid, and what advertisers add.
    assert found.numbers["had_mean"] == pytest.approx(found.numbers["into_pool"], rel=0.01)
    owed = [stop.numbers["owed"] for stop in found.stops]
    full = [stop.numbers["full_days"] for stop in found.stops]
    assert owed == sorted(owed)
    assert full == sorted(full)


def test_one_recruit_for_each_whoever_brings_them():
    found = facts("recruiters")
    for stop in found.stops:
        # All but the first member were brought by somebody.
        assert stop.numbers["mean"] == pytest.approx(1 - 1 / stop.numbers["members"])
        assert stop.numbers["none"] >= found.numbers["none"]
    assert found.numbers["none"] == pytest.approx(0.5, abs=0.01)
    assert found.numbers["needed"] == 10
    # A random tree: half bring one more than the last.
    assert found.truth[0] == pytest.approx(2 * found.truth[1], rel=0.05)


def test_the_last_holder_has_paid_for_all():
    found = facts("relay")
    rule = consign_relay().relay
    for stop in found.stops:
        n = stop.numbers
        last = ended(rule, sales=int(stop.value))
        assert (n["loss"], n["fees"], n["gains"]) == (last.loss, last.fees, last.gains)
        assert n["loss"] == pytest.approx(n["first_sale"] + n["fees"] + n["gains"])


def test_a_sound_promise_is_paid_in_full():
    found = facts("sound")
    assert set(found.truth) == {100.0}
    result = simulate(load("stamp-card", {"horizon": 240}))
    assert result.broken is None
    for stop in found.stops[1:]:
        n = stop.numbers
        assert n["last"] == pytest.approx(100 * n["aside"] / n["promised"], rel=0.01)
