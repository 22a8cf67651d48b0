"""The answer to "can I get back what I pay?", held to runs and to sums made by hand."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model import load, presets, simulate
from model.arrays import Floats
from model.demand import Demand
from model.giving_up import MOST, daily_for, given_up
from model.library import places, preset
from model.rounds import rounds
from model.scheme import Scheme
from model.standing import reached, standing
from model.verdict import verdict
from model.yardstick import yardstick
from tests.model.any_scheme import schemes

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

SINGLE = settings(max_examples=60, deadline=None)


def own(reference: str, **changes: object) -> Scheme:
    kind = reference.partition(":")[2]
    found = {(k.replace("__", ".") if "__" in k else f"{kind}.{k}"): v for k, v in changes.items()}
    return preset(reference).scheme(found)


def test_the_answers_of_the_first_preset_by_hand():
    """1.2 times the price less 20 % fee is 960 of 1,000: less, whoever comes."""
    found = verdict(load("local-life-points"))
    assert (found.kind, found.spend, found.most) == ("less", 1000, pytest.approx(960))
    assert found.more is None
    assert found.goods is None
    assert found.short is None


def test_the_goods_stand_in_the_same_sum():
    found = verdict(load("local-life-points", {"order.goods_value": 30}))
    assert found.short == pytest.approx(10)  # 1000 - 960 - 30
    assert found.dear
    found = verdict(load("local-life-points", {"order.goods_value": 40}))
    assert found.short == pytest.approx(0, abs=1e-9)
    assert not found.dear


@pytest.mark.parametrize("name", presets(kind="sound"))
def test_sound_programmes_are_paid_out_of_the_margin(name):
    scheme = load(name)
    found = verdict(scheme)
    assert found.kind == "kept"
    assert found.margin
    assert not found.dear
    # Whose goods cost the seller nearly all of the price has no margin to pay from.
    assert found.most is not None
    part = found.most / found.spend
    dearer = scheme.model_copy(
        update={
            "order": scheme.order.model_copy(
                update={"parts": scheme.order.parts.model_copy(update={"goods": 1 - part / 2})}
            )
        }
    )
    assert not verdict(dearer).margin


@pytest.mark.parametrize("name", presets(kind="advertised") + presets(kind="real_case"))
def test_no_scheme_of_another_kind_comes_out_sound(name):
    assert verdict(load(name)).kind not in {"kept", "backed"}


@SINGLE
@given(
    share=st.floats(0.1, 1),
    part=st.floats(0.1, 1),
    rate=st.floats(0.02, 1),
    pace=st.floats(1, 50),
)
def test_what_is_kept_is_paid_though_nobody_buys_after(share, part, rate, pace):
    """All orders on the first day, none later: a release is still paid in full."""
    promised = share * part
    scheme = own(
        "own:scheduled_release",
        share=share,
        gift_multiple=promised,
        daily_rate=rate,
        basis="price",
    ).model_copy(
        update={"horizon": 120, "demand": Demand(kind="list", orders=(round(pace), *([0] * 119)))}
    )
    assert verdict(scheme).kind == "kept"
    cohorts = simulate(scheme).cohorts
    whole = promised * scheme.order.spend * float(cohorts["buyers"].sum())
    assert float(cohorts["received"].sum()) == pytest.approx(whole, rel=1e-9)


@SINGLE
@given(share=st.floats(0.1, 1), part=st.floats(0.1, 0.999), pace=st.floats(1, 50))
def test_a_queue_that_is_kept_waits_for_nobody(share, part, pace):
    scheme = own("own:refund_queue", share=share, refund=share * part, rule="pool", lock=0)
    scheme = scheme.model_copy(
        update={"horizon": 10, "demand": Demand(kind="list", orders=(round(pace), *([0] * 9)))}
    )
    assert verdict(scheme).kind == "kept"
    assert reached(simulate(scheme)) == pytest.approx(round(pace), rel=1e-6)


@settings(max_examples=80, deadline=None)
@given(schemes())
def test_whoever_gets_less_is_never_paid_more(scheme):
    """Whatever people do: the best paid order of a run got no more than the answer says."""
    package = 0
    found = verdict(scheme, package=package)
    assert (found.growth is None) or found.kind in {"grow", "never"}
    assert (found.more is None) == (found.kind not in {"follow", "never"})
    if found.kind not in {"less", "nothing"} or len(scheme.order.choices) > 1:
        return
    result = simulate(scheme)
    assert standing(result).best * found.spend <= (found.most or 0.0) * (1 + 1e-6) + 1e-6


@settings(max_examples=80, deadline=None)
@given(schemes())
def test_the_answer_says_what_the_yardstick_says(scheme):
    found = verdict(scheme)
    assume(found.kind in {"follow", "never", "grow", "backed"})
    measure = yardstick(scheme, package=0)
    everybody = max(place.people for place in places())
    if found.kind == "follow":
        assert found.more is not None
        assert 0 < found.more + 1 == pytest.approx(measure.back)
        assert measure.back < everybody
    elif found.kind == "grow":
        assert found.growth == measure.growth
        assert 0 < measure.growth < inf
    elif found.kind == "backed":
        assert measure.growth == 0
        assert measure.back == pytest.approx(1)
    else:
        assert measure.growth == inf or measure.back >= everybody


# -- people who give up --------------------------------------------------------------------------


def giving_up(scheme: Scheme, orders: Floats, part: float) -> Scheme:
    daily = daily_for(orders, part)
    assert daily is not None
    behaviour = scheme.behaviour.model_copy(update={"sell_share": daily})
    return scheme.model_copy(update={"behaviour": behaviour})


def test_half_of_two_days_by_hand():
    """Half give up each day: 75 of the first hundred and 50 of the second, 125 of 200."""
    orders = np.array([100.0, 100.0])
    assert given_up(orders, 0.5) == pytest.approx(0.625)
    assert daily_for(orders, 0.625) == pytest.approx(0.5)
    assert daily_for(orders, 0.63) is None
    assert daily_for(np.zeros(3), 0.5) is None


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=200), st.floats(0.01, 0.99))
def test_how_many_give_up_each_day_and_by_the_end(orders, part):
    line = np.array(orders)
    daily = daily_for(line, part)
    if daily is None:
        assert line.sum() == 0 or given_up(line, MOST) < part
    else:
        assert given_up(line, daily) == pytest.approx(part, rel=1e-6)


@pytest.mark.parametrize("part", [0.0, 1.0, -1.0, float("nan")])
def test_a_part_of_all_is_between_none_and_all(part):
    with pytest.raises(ValueError, match="between 0 and 1"):
        daily_for(np.ones(3), part)


#: Nobody is paid off in them; in the queue hardly anybody.
NO_END: dict[str, dict[str, object]] = {
    "wine-points": {"points_pool.exit_multiple": None},
    "cyclic-purchase": {"dividend_pool.quota_multiple": None, "horizon": 300},
    "cash-back-card": {"scheduled_release.daily_rate": 0.00001},
    "guild-queue": {"refund_queue.lock": 1000},
}


@pytest.mark.parametrize("part", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("name", NO_END)
def test_so_many_give_up_in_a_run(name, part):
    """Where nobody is paid off, exactly that part has left by the end."""
    scheme = load(name, NO_END[name])
    before = simulate(scheme)
    after = giving_up(scheme, before.line.orders, part)
    totals = simulate(after).totals
    exact = 4e-3 if name == "guild-queue" else 1e-9
    assert 1 - totals["holders"] / totals["buyers"] == pytest.approx(part, abs=exact)


def test_the_same_count_before_and_after():
    """138 of 365,000 have been paid all that the rule pays; more if others give up."""
    scheme = load("local-life-points")
    before = simulate(scheme)
    assert reached(before) == 138
    half = giving_up(scheme, before.line.orders, 0.5)
    after = reached(simulate(half))
    assert after is not None
    assert 138 < after < before.totals["buyers"] / 100


def test_what_only_means_tell_is_not_told():
    scheme = load("three-in-one-out")
    half = giving_up(scheme, simulate(scheme).line.orders, 0.5)
    assert reached(simulate(scheme)) is not None
    assert reached(simulate(half)) is None


# -- rounds --------------------------------------------------------------------------------------


def test_three_for_each_by_hand():
    """1, 4, 13, 40: the third round has more than 13 in all, and not more than 40."""
    assert rounds(each=3, people=13) == 3
    assert rounds(each=3, people=12) == 2
    assert rounds(each=3, people=0) == 0


@given(st.integers(2, 1000), st.integers(1, 10**10))
def test_the_round_that_needs_more(each, people):
    found = rounds(each=each, people=people)
    members = [sum(each**k for k in range(n + 1)) for n in (found - 1, found)]
    assert members[0] <= people < members[1]


def test_one_for_each_has_no_end():
    with pytest.raises(ValueError, match="2 or more"):
        rounds(each=1, people=10)
