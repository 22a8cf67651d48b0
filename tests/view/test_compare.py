"""What the comparison measures, and its figures."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import simulate
from model.library import own_preset, preset, presets
from tests.model import slow
from view.money import compare
from view.money.measured import Measured, first_part, measure
from view.pictures import charts, charts_compare
from view.settings import state
from view.settings.state import Settings
from view.words.words import LANGS, Words


def run(id_: str, **changes: object) -> Measured:
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    result = simulate(preset(id_).scheme({"horizon": 200, **dotted}))
    return measure(result, name=id_, reference=id_)


@pytest.mark.parametrize("id_", presets())
def test_every_scheme_measures_within_bounds(id_):
    one = run(id_)
    assert one.buyers > 0
    assert 0 <= one.even <= 1
    assert one.fulfilled is None or 0 <= one.fulfilled <= 1
    assert one.mean >= 0
    if one.limit is not None and len(one.scheme.order.choices) == 1:
        assert max(one.first, one.middle, one.last) <= one.limit * (1 + 1e-9)
    if one.top1 is not None:
        assert 0 <= one.top1 <= one.top10 <= 1
    assert max(one.bars.back) >= one.mean * (1 - 1e-9)
    assert len(one.bars.edges) == len(one.bars.back) + 1


def test_the_mean_is_the_buyers_mean():
    scheme = preset("guild-queue").scheme({"horizon": 200})
    result = simulate(scheme)
    one = measure(result, name="", reference="")
    received = result.cohorts["received"].sum()
    assert one.mean == pytest.approx(100 * received / result.cohorts["spent"].sum())


def test_the_first_the_middle_and_the_last_buyer_s_are_theirs():
    scheme = preset("cyclic-purchase").scheme({"horizon": 60, "demand.stop_tick": 50})
    cohorts, heads = simulate(scheme).cohorts, 0.0
    each = (100 * cohorts["received"] / cohorts["spent"]).tolist()
    for middle, buyers in enumerate(cohorts["buyers"]):  # noqa: B007 -- the day is looked for
        heads += buyers
        if heads >= cohorts["buyers"].sum() / 2:
            break
    one = run("cyclic-purchase", horizon=60, demand__stop_tick=50)
    assert (one.first, one.middle, one.last) == pytest.approx((each[0], each[middle], each[-1]))
    assert len({round(each[k], 6) for k in (0, middle, -1)}) == 3


def test_forced_exits_are_all_that_was_promised():
    one = run("local-life-points")
    left = simulate(one.scheme).totals["forced"]
    assert one.fulfilled == pytest.approx(left / one.buyers)
    # Selling of one's own accord is not what was promised.
    sold = run("local-life-points", behaviour__sell_share=0.02)
    assert sold.fulfilled == pytest.approx(simulate(sold.scheme).totals["forced"] / sold.buyers)


@pytest.mark.parametrize("multiple", [0.6, 0.8])
def test_a_quota_shared_by_points_and_dividends_is_all_that_was_promised(multiple):
    """Whoever does not wait any more, order by order, was paid all of it: nobody sells."""
    changes = {"points_pool.exit_multiple": multiple, "demand.orders_per_tick": 3, "horizon": 30}
    scheme = preset("equity-shop").scheme(changes)
    waiting = float(sum(one.weight for one in slow.run_shared(scheme).waiting))
    one = measure(simulate(scheme), name="", reference="")
    assert 0 < waiting < 80
    assert one.fulfilled == pytest.approx(1 - waiting / 90, rel=1e-6)


def test_no_sum_is_promised_without_a_limit():
    assert run("local-life-points").fulfilled is not None
    assert run("local-life-points", points_pool__exit_multiple=None).fulfilled is None
    assert run("zero-cost-marketing").fulfilled is None
    assert run("lifetime-points").fulfilled is None


def test_the_first_part_of_the_buyers():
    heads, received = np.full(100, 10.0), np.zeros(100)
    assert first_part(heads, received, 0.1) is None
    received[:] = 3.0
    assert first_part(heads, received, 0.1) == pytest.approx(0.1)
    received[10:] = 0.0
    assert first_part(heads, received, 0.1) == pytest.approx(1)
    assert first_part(heads, received, 0.01) == pytest.approx(0.1)


def test_a_scheme_that_holds_comes_out_sound():
    """Three yuan of a hundred, paid from five of each order."""
    sound = own_preset("scheduled_release").scheme(
        {
            "scheduled_release.share": 0.05,
            "scheduled_release.gift_multiple": 0.03,
            "scheduled_release.daily_rate": 0.01,
            "horizon": 400,
        }
    )
    one = measure(simulate(sound), name="", reference="")
    assert one.limit == pytest.approx(3)
    assert one.broken is None
    assert one.fixed
    assert not one.short
    assert one.fulfilled > 0.98
    assert one.top10 == pytest.approx(0.1, abs=0.002)
    assert one.first == pytest.approx(one.middle) == pytest.approx(3)


ONE_DAY = {"horizon": 1, "demand.orders_per_tick": 1.0, "order.spend": 100.0}


@pytest.mark.parametrize(
    ("share", "short"), [(0.02, True), (0.0299, True), (0.03, False), (0.0301, False)]
)
def test_a_fen_that_is_missing_is_missing(share, short):
    """One order of ¥100 is promised ¥3; its pool has as much, or a fen less or more."""
    one = run(
        "own:scheduled_release",
        scheduled_release__share=share,
        scheduled_release__gift_multiple=0.03,
        **ONE_DAY,
    )
    assert (one.promised, one.there) == pytest.approx((3.0, 100 * share))
    assert one.short is short


@given(
    there=st.integers(0, 10**9).map(lambda fen: fen / 100),
    missing=st.sampled_from([-100.0, -0.01, -0.004, 0.0, 0.004]) | st.floats(0.01, 1e6),
)
def test_more_is_promised_than_there_is_from_the_first_fen_on(there, missing):
    one = dataclasses.replace(sound(), promised=there + missing, there=there)
    # Of ten million yuan a fen is the last thing that arithmetic tells.
    assert one.short is (missing >= max(0.01, 1.01 * (0.005 + 1e-9 * there)))


@cache
def sound() -> Measured:
    return run("own:scheduled_release", **ONE_DAY)


@pytest.mark.parametrize("orders", [9, 10, 11, 99, 100, 101])
def test_the_first_hundredth_is_told_where_a_day_is_no_more_than_that(monkeypatch, orders):
    """With n orders in all, one a day, the first day is 1 / n of the buyers."""
    monkeypatch.setattr(compare, "lang", lambda: "en")
    monkeypatch.setattr(compare, "w", Words("en", strict=True))
    found = run("guild-queue", horizon=orders, demand__orders_per_tick=1.0)
    assert found.first_day == pytest.approx(1 / orders)
    labels = [label for label, _ in compare.rows([found])]
    w = Words("en", strict=True)
    assert (w("compare.row.top1") in labels) is (orders >= 100)
    assert (w("compare.row.top10") in labels) is (orders >= 10)


def test_a_promise_not_kept_is_dated():
    one = run("green-points")
    assert one.broken is not None
    assert one.short
    assert run("guild-queue").broken is None


def test_the_crowd_is_the_same_and_the_rules_are_not():
    scheme = preset("wine-points").scheme(
        {"demand.orders_per_tick": 7.0, "horizon": 90, "behaviour.sell_share": 0.01}
    )
    for id_ in presets():
        other = compare.on_the_same_crowd(preset(id_), scheme)
        assert other.demand == scheme.demand
        assert other.horizon == 90
        assert other.behaviour == scheme.behaviour
        assert other.order == preset(id_).scheme().order
        assert other.mechanisms == preset(id_).scheme().mechanisms


def test_what_an_address_may_name():
    settings = Settings(preset("wine-points"), {}, {})
    assert compare.wanted("wine-points@1,nowhere,own:points_pool,,-", settings) == []
    assert compare.wanted("green-points@1, green-points@1,guild-queue", settings) == [
        "green-points@1",
        "guild-queue@1",
    ]
    many = ",".join(presets())
    assert len(compare.wanted(many, settings)) == compare.MOST_OTHERS
    assert compare.wanted("x," * 10_000, settings) == []
    # With numbers of one's own the scheme can be held against itself.
    changed = Settings(preset("wine-points"), {"points_pool.fee": 0.5}, {})
    assert compare.wanted("wine-points", changed) == ["wine-points@1"]


@pytest.mark.parametrize("id_", presets())
def test_at_first_it_is_compared_with_other_kinds(id_):
    settings = Settings(preset(id_), {}, {})
    found = [preset(one) for one in compare.others_at_first(settings)]
    assert 2 <= len(found) <= compare.OTHERS_AT_FIRST
    families = [one.family for one in found]
    assert len(set(families)) == len(families)
    assert preset(id_).family not in families


@pytest.mark.parametrize("lang", LANGS)
def test_figures_are_valid_and_carry_their_source(lang):
    look = charts.Look(w=Words(lang, strict=True))
    shown = [
        charts_compare.Shown(
            name=one.name,
            bars=one.bars,
            mean=one.mean,
            promised=one.promised * one.per_100,
            there=one.there * one.per_100,
        )
        for one in map(run, presets()[:5])
    ]
    for number in (1, 2, 5):
        some = shown[:number]
        for figure in (
            charts_compare.back_by_joining(some, look, axis="x", average=str, foot="a<br>b"),
            charts_compare.promised_and_there(some, look, promised=str, there=str, foot="a<br>b"),
        ):
            type(figure)(figure.to_dict())  # checked by Plotly now
            assert "b" in figure.layout.title.text
            assert not figure.layout.showlegend
            assert figure.layout.dragmode is False
            for axis in (k for k in figure.layout.to_plotly_json() if k.startswith(("xa", "ya"))):
                assert figure.layout[axis].fixedrange is True
            names = [note.text for note in figure.layout.annotations]
            assert all(any(one.name in name for name in names) for one in some)


def test_the_choice_survives_the_address():
    own = {"view": ("live", "compare"), **compare.OWN}
    page = {"view": "compare", "with": "green-points@1,guild-queue@1"}
    query = state.address(preset("wine-points"), {}, page=page, defaults=own, keep={})
    assert state.parse(query, page=own).page["with"] == page["with"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_who_keeps_the_promise_comes_first_whatever_its_size(monkeypatch, order):
    """A card that pays its two yuan stands before a queue that owes most of a hundred."""
    w = Words("en", strict=True)
    for name, value in {"lang": lambda: "en", "words": lambda: w, "w": w}.items():
        monkeypatch.setattr(compare, name, value)
    all_of_them = [run("cash-back-card"), run("guild-queue"), run("local-life-points")]
    card, queue, points = all_of_them
    assert card.mean < queue.mean
    found = compare.ranked([all_of_them[at] for at in order])
    assert [one.name for one in found] == ["cash-back-card", "guild-queue", "local-life-points"]
    assert (card.kept, points.kept) == (1.0, None)
    owed = queue.promised - queue.there
    assert queue.kept == pytest.approx(1 - owed / (queue.paid + queue.promised))
    assert 0 < queue.kept < 1
    heading, _, below = compare.finding(found).partition("\n")
    assert heading == w("compare.finding.ranked", schemes="2", covered="1")
    assert below.index("cash-back-card") < below.index("guild-queue")
    assert w("compare.finding.unranked", names="local-life-points") in below
    assert "¥2 promised" in compare.said(card)
    assert "¥0 owed" in compare.said(card)


@pytest.mark.parametrize("id_", presets(kind="sound"))
def test_every_sound_scheme_has_a_place_and_keeps_all(id_):
    assert run(id_).kept == 1.0


@pytest.mark.parametrize("id_", presets())
def test_what_is_kept_is_a_share(id_):
    one = run(id_)
    assert one.kept is None or 0 <= one.kept <= 1
    assert (one.kept == 1.0) <= (not one.short)
    assert one.uncovered >= 0
