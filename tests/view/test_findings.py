"""What a run of any rule shows, in sentences whose numbers are the model's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model import load, presets, simulate
from model.figures import figures
from model.library import places, preset
from model.result import Result
from view.mechanisms.commission.said import commissions
from view.mechanisms.scheduled_release.said import paid_by_advertisers
from view.parts import context, share
from view.sentences import findings
from view.words.format import count, count_short, days, percent, yuan, yuan_short
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
W = Words("en", strict=True)


def run(name: str, changes: dict[str, Any] | None = None) -> Result:
    return simulate(load(name, changes or {}))


def test_kinds():
    known = {
        "local-life-points": "points",
        "wine-points": "points",
        "thousand-yuan-points": "points",
        "equity-shop": "mixed",
        "cyclic-purchase": "dividend",
        "cyclic-packages": "dividend",
        "green-points": "release",
        "guild-queue": "queue",
        "three-in-one-out": "queue",
        "ad-tasks": "tasks",
        "lifetime-points": "dividend",
        "zero-cost-marketing": "commission",
        **dict.fromkeys(presets(kind="real_case"), "release"),
        "cash-back-card": "release",
        "stamp-card": "release",
        "cooperative-dividend": "dividend",
    }
    assert {name: findings.kind(load(name)) for name in known} == known
    own = preset("own:scheduled_release+refund_queue").scheme()
    assert findings.kind(own) == "mixed"
    # Commissions on top change nothing of what a scheme is.
    assert findings.kind(preset("own:refund_queue+commission").scheme()) == "queue"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets())
def test_something_is_said_in_every_language(name, lang):
    w = Words(lang, strict=True)
    for changes in ({"horizon": 60}, {"horizon": 1}, {"horizon": 60, "demand.kind": "list"}):
        result = run(name, changes)
        for said in (findings.finding(result, w), findings.assumption(result.scheme, w)):
            assert said
            assert "{" not in said
            assert "nan" not in said
        assert "nan" not in findings.besides(result, w)


def test_dividends_say_what_first_and_middle_buyers_got():
    result = run("cyclic-purchase", {"horizon": 365})
    said, cohorts = findings.finding(result, W), result.cohorts
    first, middle = (
        float(cohorts.loc[day, "received"] / cohorts.loc[day, "buyers"]) for day in (1, 183)
    )
    for text in (
        findings.about(first, "en"),
        findings.about(middle, "en"),
        count_short(365_000, "en"),
        yuan(2000, "en"),
        "day 183",
    ):
        assert text in said


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        ("stop", "stopped for good"),
        ("cut", "less than promised"),
        ("raise_fee", "fee on withdrawals"),
        ("raise_minimum", "smallest sum"),
    ],
)
def test_a_broken_promise_says_when_and_how_much(policy, text):
    result = run("green-points", {"platform.policy": policy})
    said, broken = findings.finding(result, W), result.broken
    assert text in said
    assert f"day {broken.tick}" in said
    assert yuan_short(broken.owed, "en") in said
    assert count_short(round(broken.orders), "en") in said


def test_a_promise_that_was_kept_is_said_to_be():
    result = run("green-points", {"horizon": 20})
    assert result.broken is None
    said = findings.finding(result, W)
    assert "has been paid" in said
    assert yuan_short(result.totals["received"], "en") in said
    assert yuan_short(result.totals["pool"], "en") in said


def test_a_sound_programme_comes_out_sound():
    # A tenth back out of a fifth of sales: everything due is paid, nobody is told otherwise.
    result = simulate(
        preset("own:scheduled_release").scheme(
            {
                "scheduled_release.share": 0.2,
                "scheduled_release.gift_multiple": 0.1,
                "horizon": 365,
            }
        )
    )
    assert result.broken is None
    said = findings.finding(result, W)
    assert "not enough" not in said
    assert "Everything that was due has been paid" in said


def test_a_queue_says_how_long_the_newest_would_wait():
    result = run("guild-queue")
    said = findings.finding(result, W)
    waiting = result.totals["holders"]
    a_day = float(np.asarray(result.series["exits"])[-30:].mean())
    assert days(round(waiting / a_day), "en") in said
    assert count_short(round(result.totals["left"]), "en") in said
    small = run("three-in-one-out", {"order.spend": 900})
    assert "do not count" in findings.finding(small, W)


def test_who_pays_the_rewards():
    result = run("ad-tasks")
    ads = paid_by_advertisers(result)
    flows = {flow.reason: float(flow.amount.sum()) for flow in result.ledger.flows}
    split = result.exit_split().sum()
    assert ads == pytest.approx(100 * flows["advertisement"] / result.totals["received"])
    assert ads == pytest.approx(100 * split["outside"] / split.sum())
    assert yuan(ads, "en") in findings.finding(result, W)


def test_commissions_are_all_in_the_ledger():
    result = run("local-life-points", {"commission.prizes": 0.001, "commission.bonuses": 0.001})
    money = commissions(result)
    paid = sum(
        float(flow.amount.sum())
        for flow in result.ledger.flows
        if flow.target in {"recruiters", "agents", "leaders"}
    )
    assert money.total == pytest.approx(paid)
    said = findings.besides(result, W)
    for amount in (money.recruiters, money.district, money.leaders, money.budget):
        assert yuan_short(amount, "en") in said
    assert yuan(money.territories, "en") in said
    # More than there is: said, and how much of it could be paid.
    short = run("local-life-points", {"commission.direct": 0.3, "order.parts.platform": 0.0})
    money = commissions(short)
    assert money.paid < money.due
    assert percent(money.paid / money.due, "en") in findings.besides(short, W)
    assert findings.besides(run("wine-points"), W) == ""


def test_the_points_shop():
    result = run("zero-cost-marketing")
    said = findings.finding(result, W)
    for amount in (2000, 4000, 800, 400):
        assert yuan(amount, "en") in said
    assert count(365, "en") in said


@pytest.mark.parametrize("name", presets())
def test_columns_have_words_and_units(name):
    result = run(name, {"horizon": 60})
    columns = share.columns(result)
    names = [column.name for column in columns]
    assert len(names) == len(set(names))
    for column in columns:
        assert column.unit
        assert len(column.data) == result.ticks
        for lang in LANGS:
            assert Words(lang, strict=True)(f"column.{column.name}")
    if result.points is None:
        # What stands in the place of a price is not called one.
        assert not {"points", "price"} & set(names)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", presets(kind="sound"))
def test_what_pays_for_itself_is_told_so(name, lang):
    """A programme that keeps its promise is not told by what it never promised."""
    w = Words(lang, strict=True)
    result = simulate(load(name))
    told = findings.finding(result, w)
    assert findings.pays_for_itself(result)
    for key in ("most", "spend"):
        assert yuan(figures(result)[key], lang) in told
    short = simulate(load(name, set={"platform.policy": "cut", **SHORT[name]}))
    assert not findings.pays_for_itself(short)
    assert findings.finding(short, w) != told


#: The same with less put aside than is promised.
SHORT = {
    "cash-back-card": {"scheduled_release.share": 0.01},
    "stamp-card": {"scheduled_release.share": 0.05},
    "cooperative-dividend": {"dividend_pool.share": 0.01},
}


@pytest.mark.parametrize("lang", LANGS)
def test_a_picture_names_its_source(lang):
    """The preset with its revision, whether it was changed, or that it is somebody's own."""
    w = Words(lang, strict=True)
    wine, own = preset("wine-points"), preset("own:points_pool")
    told = [
        findings.source_line(wine, {}, w),
        findings.source_line(wine, {"points_pool.fee": 0.2}, w),
        findings.source_line(own, {"points_pool.fee": 0.2}, w),
    ]
    assert len(set(told)) == 3
    for said, name in zip(told, (wine.reference, wine.reference, w("source.own")), strict=True):
        assert name in said
    assert wine.reference not in told[2]
    for scheme, chosen in ((load("wine-points"), wine), (own.scheme(), own)):
        foot = findings.foot(scheme, chosen, {}, w)
        assert foot == f"{findings.assumption(scheme, w)}<br>{findings.source_line(chosen, {}, w)}"


PEOPLE = max(place.people for place in places())


@pytest.mark.parametrize("name", [n for n in presets() if n not in presets(kind="real_case")])
def test_more_buyers_than_people_are_called_that(name):
    """Just above and well below what the earth has, for every preset."""
    said = count_short(PEOPLE, "en")
    horizon = load(name).horizon
    for orders, told in ((2 * PEOPLE / horizon, True), (PEOPLE / 2 / horizon, False)):
        changes = {"demand.kind": "steady", "demand.stop_tick": None}
        changes |= {"demand.orders_per_tick": min(orders, 1e9)}
        found = findings.finding(run(name, changes), W)
        assert (W("finding.beyond.people", people=said) in found) == told


def test_more_money_than_there_can_be_is_called_that():
    changes = {"order.spend": 1e7, "demand.orders_per_tick": 1e9, "points_pool.exit_multiple": None}
    changes |= {"horizon": 4000, "points_pool.gift": 0.01}
    said = W("finding.beyond.money", fortune="¥1 million", people=count_short(PEOPLE, "en"))
    assert findings.finding(run("wine-points", changes), W).endswith(said)
    assert said not in findings.finding(run("wine-points", {"order.spend": 1e5}), W)


@pytest.mark.parametrize("lang", LANGS)
def test_a_wait_of_ages_has_no_number_of_years(lang):
    w = Words(lang, strict=True)
    found = findings.finding(run("three-in-one-out", {"behaviour.sell_share": 0.5}), w)
    assert days(1e9, lang) in found
    assert "10" not in days(1e9, lang).replace("1,000", "")
