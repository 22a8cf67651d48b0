"""Real cases beside what was published of them; sound programmes come out sound."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model import load, presets, simulate
from model.facts import fact, facts
from model.library import preset
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.scheduled_release import ScheduledRelease
from model.preset import PRESETS, SchemeError, sources
from model.preset_file import read
from model.published import continuous_growth, reproduced
from model.yardstick import yardstick
from tests.model.test_presets import only

CASES = presets(kind="real_case")
SOUND = presets(kind="sound")


# -- what was published -------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_every_figure_says_what_was_published_and_why(name: str) -> None:
    chosen = preset(name)
    for figure, _, agrees in reproduced(chosen):
        assert agrees == figure.agrees
        assert figure.text is not None
        assert figure.note is not None
        assert sources()[figure.source].grade in {"A", "B"}
    # At least one figure is no echo of what was put in.
    assert any(figure.agrees and not figure.fitted for figure in chosen.figure)
    assert {f.about for f in facts(about=name)} == {name}


def test_yunlianhui() -> None:
    five, ten = 1 - 0.9995**1825, 1 - 0.9995**3650
    assert (round(100 * five, 1), round(100 * ten, 1)) == (59.9, 83.9)
    ours = [value for figure, value, _ in reproduced(preset("case-yunlianhui"))]
    assert ours[:3] == pytest.approx([116 / 16, five, ten])
    assert fact("yunlianhui-press").figures == {"five_years_percent": 60, "ten_years_percent": 84}
    assert (
        fact("yunlianhui-rule").figures["owed"] / fact("yunlianhui-rule").figures["paid_in"] == 7.25
    )
    # 0.05 % a day of 7.25 for each yuan: (7.25 - 1) x 0.05 % = 0.3125 %.
    assert continuous_growth(load("case-yunlianhui")) == pytest.approx(0.003125)


@pytest.mark.parametrize("growth", [0.0, 0.0032, 0.006])
def test_the_gap_of_yunlianhui_is_all_that_was_spent(growth: float) -> None:
    series = simulate(load("case-yunlianhui", {"demand.growth": growth, "horizon": 900})).series
    gap = series["promised"] - series["pool"]
    assert gap.to_numpy() == pytest.approx(series["sales"].cumsum().to_numpy())


def test_wanjia() -> None:
    growth = continuous_growth(load("case-wanjia"))
    assert round(100 * growth, 4) == 1.2476
    assert (1 - math.exp(-500 * growth)) / (500 * growth) == pytest.approx(0.16)
    figures = fact("wanjia-verdict").figures
    turnover = figures["turnover_billion"] * 1e9
    peak = fact("wanjia-peak").figures["peak_million"] * 1e6
    # One day over the turnover of two years is no growth; our own best day stands beside it.
    assert [f.what for f in preset("case-wanjia").figure if f.what == "growth"] == []
    best = next(f for f in preset("case-wanjia").figure if f.what == "best_day")
    assert best.value == peak
    assert round(turnover / 500 / 1e6, 2) == 48.09
    assert round(0.16 * peak / 1e6, 2) == 48.00
    result = simulate(load("case-wanjia"))
    ours = next(ours for f, ours, _ in reproduced(preset("case-wanjia")) if f is best)
    assert ours == pytest.approx(500 * float(result.line.orders.max()))
    assert ours < 0.6 * peak
    assert result.series["sales"].sum() == pytest.approx(turnover, rel=1e-5)
    assert result.broken is not None
    assert result.broken.tick == preset("case-wanjia").day("2012-05-29")
    reposts = fact("wanjia-repost").figures
    assert round(reposts["income_billion"] / reposts["turnover_billion"], 3) == 0.124


def test_the_notes_on_wanjia_say_what_comes_out() -> None:
    series = simulate(load("case-wanjia")).series
    day = preset("case-wanjia").day
    left = series["paid_in"] - series["paid_out"]
    assert round(left.loc[day("2012-02-15")] / 1e6) == 7
    late = left.loc[300:]
    assert late.index[late < 0][0] == day("2012-04-04")
    assert round(float(series["price"].iloc[-1]), 1) == 0.3
    # With a smaller part of sales it comes earlier.
    less = simulate(load("case-wanjia", {"scheduled_release.share": 0.124})).series
    late = (less["paid_in"] - less["paid_out"]).loc[300:]
    assert late.index[late < 0][0] < day("2012-04-04")


def test_yuehua() -> None:
    chosen = preset("case-yuehua")
    raised, end = chosen.day("2018-05-03"), chosen.day("2018-07-03")
    assert (load("case-yuehua").platform.raised_from, load("case-yuehua").horizon) == (raised, end)
    size = fact("yuehua-size").figures
    result = simulate(load("case-yuehua"))
    assert result.totals["buyers"] == pytest.approx(size["members_million"] * 1e6, rel=1e-4)
    assert result.totals["spent"] == pytest.approx(size["fees_billion"] * 1e9, rel=0.01)
    paid = result.series["paid_out"]
    assert paid.loc[raised - 30 : raised - 1].min() > 5e6
    # No wallet holds 1000 yuan by the end: it takes 425 days of 2.36 yuan or less.
    assert paid.loc[raised:].sum() == 0
    same = simulate(load("case-yuehua", {"platform.raised_minimum": None})).series["paid_out"]
    assert same.loc[raised:].min() > 5e6


def test_days_of_a_case() -> None:
    assert preset("case-yunlianhui").day("2014-01-01") == 1
    assert preset("case-yunlianhui").day("2018-05-08") == load("case-yunlianhui").horizon
    for name in CASES:
        days = [preset(name).day(turn.date) for turn in preset(name).turn]
        assert days == sorted(days)
        assert 1 <= days[0] <= load(name).horizon
    with pytest.raises(ValueError, match="no start"):
        preset("wine-points").day("2018-05-08")


def test_turns_need_a_start_and_come_after_it() -> None:
    text = (PRESETS / "case-yuehua.toml").read_text("utf-8")
    for old, new, problem in (
        ('start = "2016-09-01"\n', "", "turns need a start"),
        ('start = "2016-09-01"', 'start = "2018-06-01"', "a turn lies before the start"),
        ('start = "2016-09-01"', 'start = "September"', "start"),
    ):
        assert old in text
        with pytest.raises(SchemeError, match=problem):
            read(text.replace(old, new).encode())


@pytest.mark.parametrize(
    ("name", "rates"),
    [
        ("case-yunlianhui", (0.0, 0.001, 0.004, 0.006)),
        ("case-wanjia", (0.015, 0.02, 0.03)),
        ("case-yuehua", (-0.001, 0.0, 0.002, 0.01)),
    ],
)
def test_totals_stay_whatever_growth_is_set(name: str, rates: tuple[float, ...]) -> None:
    scheme = load(name)
    total = int(scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=False).sum())
    for growth in rates:
        other = scheme.demand.through(total, ticks=scheme.horizon, growth=growth)
        assert other.growth == growth
        found = int(other.whole_orders(ticks=scheme.horizon, one_per_tick=False).sum())
        assert found == pytest.approx(total, rel=1e-4)


# -- sound programmes ---------------------------------------------------------------------------

SALES = {
    "constant": {},
    "falling": {"demand.kind": "growing", "demand.growth": -0.01},
    "stopping": {"demand.stop_tick": 100},
}


def test_there_are_at_least_three() -> None:
    assert len(SOUND) >= 3


@pytest.mark.parametrize("sales", SALES)
@pytest.mark.parametrize("name", SOUND)
def test_everybody_who_qualifies_is_paid_by_the_own_purchase(name: str, sales: str) -> None:
    scheme = load(name, SALES[sales])
    result = simulate(scheme)
    assert result.broken is None
    promised = scheme.most_paid
    assert promised is not None
    cohorts = result.cohorts.loc[: scheme.horizon - 1]
    each = (cohorts["received"] / cohorts["buyers"]).to_numpy()
    assert each == pytest.approx(promised)
    split = result.exit_split()
    assert split["own"].sum() == pytest.approx(result.totals["received"])
    assert np.abs(split.drop(columns="own").to_numpy()).max() == 0


@pytest.mark.parametrize("name", SOUND)
def test_nobody_later_is_needed(name: str) -> None:
    found = yardstick(load(name))
    assert found.promised == pytest.approx(1, abs=2e-3)  # the purchase itself, and time
    assert found.growth in {None, 0.0}
    assert found.empty_tick is None
    assert found.short_tick is None


@pytest.mark.parametrize("name", SOUND)
def test_the_payer_is_the_shops_margin(name: str) -> None:
    scheme = load(name)
    margin = 1 - scheme.order.parts.goods
    given = sum(mechanism.taken for mechanism in scheme.mechanisms)
    assert 0 < given < margin
    assert scheme.split()["merchant"] == pytest.approx(margin - given)
    # What is promised is what is put aside, and far from the price.
    assert scheme.most_paid == pytest.approx(given * scheme.order.spend)
    assert given <= 0.3


def test_promising_more_than_is_put_aside_does_not_come_out_sound() -> None:
    """The same two rules with a promise that is not covered."""
    card = load("cash-back-card", {"scheduled_release.gift_multiple": 0.04})
    assert only(card, ScheduledRelease).share == 0.02
    assert simulate(card).broken is not None
    assert yardstick(card).growth not in {None, 0.0}
    shares = load("cooperative-dividend", {"dividend_pool.quota_multiple": 1})
    assert only(shares, DividendPool).share == 0.02
    assert yardstick(shares).promised != pytest.approx(1, abs=2e-3)
    assert simulate(shares).exit_split()["later"].sum() > 0
