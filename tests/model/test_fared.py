"""Who had how much back, along the line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, presets, simulate
from model.result import Result
from model.standing import fared, reached, standing


def agrees(result: Result) -> None:
    """The line adds up, to the same counts as elsewhere."""
    found, n = fared(result), result.totals["buyers"]
    if found is None:
        return
    assert (found.orders > 0).all()
    assert sum(found.counts) == pytest.approx(n, rel=1e-9)
    assert not (found.reached & ~found.paid).any()
    if (wanted := reached(result)) is not None:
        assert found.counts[0] == pytest.approx(wanted, rel=1e-9, abs=1e-6 * n)
    stands = standing(result)
    if found.owed == 1.0 and not stands.means:
        assert found.counts[0] == pytest.approx(
            stands.more.orders + stands.same.orders, abs=1e-6 * n
        )
    # Somebody has been paid where money was, and nobody where none was.
    assert (found.counts[2] < n * (1 - 1e-12)) == (result.totals["received"] > 0.01)


@pytest.mark.parametrize("name", presets())
def test_every_preset_adds_up(name):
    agrees(simulate(load(name, {"horizon": 60})))


@settings(max_examples=40)
@given(
    name=st.sampled_from(presets(kind="advertised")),
    sells=st.sampled_from([0.0, 0.0, 0.01, 0.2]),
    growth=st.floats(-0.01, 0.03),
    days=st.integers(1, 90),
)
def test_whatever_people_do_it_adds_up(name, sells, growth, days):
    changes = {"horizon": days, "behaviour.sell_share": sells}
    agrees(simulate(load(name, {**changes, "demand.kind": "growing", "demand.growth": growth})))


def test_the_first_in_line_stand_first():
    """Of wine points the first are forced out, and nobody has anything behind the last of them."""
    found = fared(simulate(load("wine-points")))
    assert found is not None
    last = int(np.flatnonzero(found.paid).max())
    assert found.orders[: last + 1].sum() < 0.01 * found.orders.sum()
    assert found.counts[0] == 206


def test_a_programme_that_gives_a_little_back_is_kept_whole():
    found = fared(simulate(load("cash-back-card", {"horizon": 40})))
    assert found is not None
    assert found.owed == pytest.approx(0.02)
    assert found.counts[0] == pytest.approx(sum(found.counts), rel=0.06)


def test_where_only_means_are_known_nobody_is_counted():
    assert fared(simulate(load("lifetime-points", {"horizon": 30}))) is None
    assert fared(simulate(load("zero-cost-marketing", {"horizon": 30}))) is None
