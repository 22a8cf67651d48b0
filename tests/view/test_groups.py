"""Every buyer of a run is in exactly one group, and nobody's group is left out of what is said."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, presets, simulate
from model.demand import Demand
from model.figures import figures
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.points_pool import PointsPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme
from model.standing import standing, without_claim
from tests.model import any_scheme, reference
from view.money import compare, whose_said, whose_tables
from view.money.measured import measure
from view.parts import context
from view.press import press_sheet
from view.sentences import findings
from view.words.format import count, count_short, percent
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
W = Words("en", strict=True)
#: Ten orders a day for 400 days, and no points left after the first few weeks.
CAPPED = {"points_pool.issue_cap": 2000, "demand.orders_per_tick": 10, "horizon": 400}


@pytest.mark.parametrize("lang", LANGS)
def test_buyers_beyond_an_issue_cap_are_counted(lang):
    """Of 4,000 buyers, 585 are given points; as a loop over the orders of 80 days has it too."""
    scheme = load("wine-points", CAPPED)
    result = simulate(scheme)
    days = 80
    slow = reference.run(scheme.model_copy(update={"horizon": days}), [10] * days)
    assert sum(slow.credited) == 585
    assert findings.counted(result) == {
        "even": 585,
        "less": 0,
        "nothing": 3415,
        "waiting": 0,
        "used": 0,
    }
    told = findings.finding(result, Words(lang, strict=True))
    assert count(585, lang) in told
    assert count_short(3415, lang) in told
    assert standing(result).nothing.orders == 3415
    assert standing(result).less.orders == 0
    assert figures(result)["nothing"] == 3415
    assert count(3415, "en") in press_sheet.concluded(result, W)[0]


def test_the_views_count_them_too():
    result = simulate(load("wine-points", CAPPED))
    found = standing(result)
    assert whose_said.heads(found) == {
        "more": 585,
        "same": 0,
        "less": 0,
        "waiting": 0,
        "nothing": 3415,
    }
    assert count(3415, "en") in whose_said.standing_said(result, found)
    assert count(3415, "en") in whose_tables.standing_table(found)
    measured = measure(result, name="wine", reference="wine-points")
    assert measured.nothing == pytest.approx(3415 / 4000)
    rows = dict(compare.rows([measured]))
    assert rows["Buyers who were given nothing to wait for"] == [percent(3415 / 4000, "en")]
    plain = measure(simulate(load("wine-points")), name="wine", reference="wine-points")
    assert "Buyers who were given nothing to wait for" not in dict(compare.rows([plain]))


@settings(max_examples=40, deadline=None)
@given(
    scheme=any_scheme.schemes(kinds=("points_pool",), horizon=20),
    volume=st.sampled_from([0.3, 1.0, 7.0]),
    cap=st.none() | st.floats(0.01, 3.0),
)
def test_the_groups_of_a_points_pool_are_those_of_a_loop_over_its_orders(scheme, volume, cap):
    pool = scheme.pool
    if cap is not None:
        # So many times the points of a day at the first price.
        first = volume * scheme.order.spend * pool.share * pool.gift / pool.launch_price
        pool = pool.model_copy(update={"issue_cap": max(cap * first, 1e-3)})
    scheme = scheme.model_copy(
        update={
            "demand": Demand(orders_per_tick=volume),
            "mechanisms": (pool,),
            "order": scheme.order.model_copy(update={"parts": type(scheme.order.parts)()}),
        }
    )
    orders = scheme.demand.whole_orders(
        ticks=scheme.horizon, one_per_tick=scheme.tick == "order"
    ).tolist()
    slow = reference.run(scheme, orders)
    result = simulate(scheme)
    without = [n - credited for n, credited in zip(orders, slow.credited, strict=True)]
    assert without_claim(result).sum(axis=0).tolist() == without
    if not sum(orders):
        return
    exact = {
        "nothing": float(sum(without)),
        "even": float(sum(line.even for line in slow.lines)),
        "left": float(sum(line.left for line in slow.lines)),
        "waiting": float(slow.holders[-1]),
    }
    found = findings.counted(result)
    assert sum(found.values()) == sum(orders)
    for name in ("nothing", "even", "waiting"):
        assert abs(found[name] - exact[name]) < 1 + 1e-6, name
    assert abs(found["even"] + found["less"] - exact["left"]) < 2 + 1e-6


def by_the_rule(scheme: Scheme, counts: np.ndarray) -> float:
    """Orders without anything to wait for, counted from the settings; no points pool."""
    least = inf
    for mechanism in scheme.mechanisms:
        without = inf
        if isinstance(mechanism, ScheduledRelease):
            without = 0.0
        elif isinstance(mechanism, RefundQueue):
            small = scheme.order.spend < mechanism.threshold
            without = float(counts.sum()) if small else 0.0
        elif isinstance(mechanism, DividendPool):
            units, room, without = scheme.units(mechanism), mechanism.issue_cap, 0.0
            for tick in counts.T:
                new = sum(n * u for n, u in zip(tick, units, strict=True))
                part = 1.0 if room is None or new <= room else room / new
                without += sum(n * (1 - part * (u > 0)) for n, u in zip(tick, units, strict=True))
                room = None if room is None else room - part * new
        least = min(least, without)
    return 0.0 if least == inf else least


@settings(max_examples=60, deadline=None)
@given(scheme=any_scheme.schemes(horizon=30))
def test_in_every_scheme_the_groups_add_up(scheme):
    result = simulate(scheme)
    buyers = result.totals["buyers"]
    nothing = float(without_claim(result).sum())
    if not buyers:
        assert nothing == 0
        return
    found = standing(result)
    assert sum(p.orders for p in found.parts.values()) == pytest.approx(buyers, rel=1e-9)
    assert sum(whose_said.heads(found).values()) == round(buyers)
    assert found.nothing.orders == pytest.approx(nothing, rel=1e-9, abs=1e-6)
    paying = [m for m in scheme.mechanisms if m.kind != "commission"]
    if len(paying) == 1 and not isinstance(paying[0], PointsPool):
        wanted = by_the_rule(scheme, result.line.counts)
        assert nothing == pytest.approx(wanted, rel=1e-6, abs=1e-6 * buyers)
    kind = findings.kind(scheme)
    if kind in {"points", "queue"}:
        parts = findings.counted(result)
        assert all(n >= 0 for n in parts.values())
        assert sum(parts.values()) == round(buyers)
        if kind == "points" and not result.fate.goods.sum():
            assert parts["used"] == 0
    told = findings.finding(result, W)
    if round(nothing):
        assert count_short(round(nothing), "en") in told
        assert figures(result)["nothing"] == nothing
    else:
        assert "given n" not in told
        assert "nothing" not in figures(result)


@pytest.mark.parametrize("name", presets())
def test_who_is_left_out_of_a_preset(name):
    result = simulate(load(name, {"horizon": 60}))
    # The smallest package of this one is below the first level.
    below = result.line.counts[0].sum() if name == "lifetime-points" else 0
    assert without_claim(result).sum() == below
    assert standing(result).nothing.orders == below
    assert ("given no units" in findings.finding(result, W)) is bool(below)


def test_orders_too_small_for_a_queue_are_told_in_number():
    result = simulate(load("three-in-one-out", {"order.spend": 900}))
    assert findings.counted(result)["nothing"] == result.totals["buyers"]
    told = findings.finding(result, W)
    assert f"None of {count_short(result.totals['buyers'], 'en')}" in told
    assert standing(result).nothing.orders == result.totals["buyers"]


def test_packages_without_units_are_told():
    units = [0.0, *load("cyclic-packages").units(the_pool("cyclic-packages"))[1:]]
    result = simulate(load("cyclic-packages", {"dividend_pool.package_units": units}))
    first = float(result.line.counts[0].sum())
    assert first > 0
    assert standing(result).nothing.orders == first
    assert f"{count_short(first, 'en')} of these orders were given no units" in findings.finding(
        result, W
    )


def the_pool(name: str) -> DividendPool:
    return findings.the(load(name), DividendPool)


def test_who_gave_up_is_told():
    """In a queue refunded, waiting and gone are all there are."""
    scheme = load("guild-queue", {"behaviour.sell_share": 0.01})
    result = simulate(scheme)
    parts = findings.counted(result)
    assert parts["gone"] > 0
    assert f"{count_short(parts['gone'], 'en')} gave up" in findings.finding(result, W)
    held = result.cohorts["buyers"].sum() - result.totals["left"] - result.totals["holders"]
    assert parts["gone"] == pytest.approx(held, abs=1)
