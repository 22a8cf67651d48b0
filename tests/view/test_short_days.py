"""Days on which less was paid than was due, and refunds paid in part: counted, not said of all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from model import load, simulate
from model.figures import refunded_part
from model.library import preset
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme
from tests.model import any_scheme
from view.mechanisms.refund_queue.said import pace
from view.parts import context
from view.pictures import charts, panels
from view.sentences import findings
from view.words.format import count, count_short, percent
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
W = Words("en", strict=True)
#: A shop that has more orders on some days than on others; the money is short on some of them.
WAVES = {"demand.kind": "list", "demand.orders": [100, 100, 0, 0, 0, 400, 0, 0, 0, 0] * 6}
CUT = {"platform.policy": "cut"}


def short_days(scheme: Scheme) -> tuple[int, int]:
    """(first day short, days short) of a plain release, day by day in fractions.

    A credit, of each order a part of the price every day; whatever is there is paid to all alike.
    """
    release = findings.the(scheme, ScheduledRelease)
    spend, rate = Fraction(repr(scheme.order.spend)), Fraction(repr(release.daily_rate))
    orders = scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=False).tolist()
    share, multiple = Fraction(repr(release.share)), Fraction(repr(release.gift_multiple))
    pool, left, days = Fraction(0), [], []
    for day, n in enumerate(orders, start=1):
        pool += share * spend * n
        dues = [min(rate * spend, credit) for _, credit in left]
        due = sum((m * x for (m, _), x in zip(left, dues, strict=True)), Fraction(0))
        part = min(Fraction(1), pool / due) if due else Fraction(1)
        left = [(m, credit - part * x) for (m, credit), x in zip(left, dues, strict=True)]
        pool -= part * due
        left.append((n, multiple * spend))
        if part < 1:
            days.append(day)
    return days[0], len(days)


def plain(**changes: object) -> Scheme:
    settings_ = {
        "scheduled_release.share": 0.5,
        "scheduled_release.gift_multiple": 2.0,
        "scheduled_release.daily_rate": 0.05,
        "horizon": 60,
    }
    return preset("own:scheduled_release").scheme(settings_ | WAVES | CUT | changes)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_days_on_which_less_was_paid_are_counted(share):
    scheme = plain(**{"scheduled_release.share": share})
    result = simulate(scheme)
    first, short = short_days(scheme)
    since, mine, _ = findings.days_short(result)
    assert result.broken is not None
    assert (result.broken.tick, since, mine) == (first, 60 - first + 1, short)
    assert 0 < short < since
    told = findings.finding(result, W)
    assert f"paid less than promised on {short} of {since} days" in told
    title = panels.panels(result, charts.Look(w=W, dark=False), foot="")[0].title
    assert f"paid on {short} of the {since} days since day {first}" in title


def test_every_day_is_said_only_where_it_was_every_day():
    result = simulate(load("green-points", CUT))
    since, short, _ = findings.days_short(result)
    assert since == short == 340
    assert "On that day and every day after it" in findings.finding(result, W)
    title = panels.panels(result, charts.Look(w=W, dark=False), foot="")[0].title
    assert "every day" in title


@settings(max_examples=40, deadline=None)
@given(scheme=any_scheme.schemes(kinds=("scheduled_release", "refund_queue"), horizon=40))
def test_what_is_said_of_days_is_so(scheme):
    """Every day that counts as paid in full was, by what was due and paid on it."""
    result = simulate(scheme)
    since, short, none = findings.days_short(result)
    if result.broken is None:
        assert (since, short, none) == (0, 0, 0)
        return
    assert 0 <= short <= since
    assert 0 <= none <= since
    start = result.broken.tick - 1
    records = {r.kind: r for r in result.records}
    full = sum(
        all(float(r.price[t]) >= 1 - 1e-12 for r in records.values())
        for t in range(start, result.ticks)
    )
    assert since - short == full
    paid = sum(r.paid_out for r in records.values())[start:]
    assert none == sum(float(x) < 0.005 for x in paid)  # half a fen
    if not result.totals["buyers"]:
        return
    told = findings.broke(result, W)
    every = "every day after it" in told
    assert every is (short == since and scheme.platform.policy != "stop")


@pytest.mark.parametrize(("policy", "said"), [("raise_fee", "fee"), ("raise_minimum", "nobody")])
def test_other_policies_say_what_was_done(policy, said):
    result = simulate(load("green-points", {"platform.policy": policy}))
    since, short, none = findings.days_short(result)
    told = findings.finding(result, W)
    assert said in told
    assert "From day" not in told
    assert ("less than promised" in told) is (short > 0)
    assert (f"On {none} of the {since} days" in told) is (none > 0 and policy == "raise_minimum")


# -- refunds in part -------------------------------------------------------------------------------


def turns(scheme: Scheme) -> tuple[int, float]:
    """(orders whose turn has come, yuan paid to them), one order after the other in fractions."""
    queue = findings.the(scheme, RefundQueue)
    spend, share = Fraction(repr(scheme.order.spend)), Fraction(repr(queue.share))
    refund = Fraction(repr(queue.refund)) * spend
    pool, placed, called, owed = Fraction(0), 0, 0, Fraction(0)
    paid = Fraction(0)
    for n in scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=False).tolist():
        pool += share * spend * n
        placed += n
        # Every so many newcomers it is the turn of the one in front.
        turn = max((placed - 1) // queue.newcomers, 0)
        owed += (turn - called) * refund
        called = max(called, turn)
        now = min(pool, owed)
        pool, owed, paid = pool - now, owed - now, paid + now
    return called, float(paid)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("share", [0.23, 0.1])
def test_a_queue_paid_in_part_says_what_part(share, lang):
    scheme = load("three-in-one-out", {"refund_queue.share": share, "refund_queue.lock": 0, **CUT})
    result = simulate(scheme)
    called, paid = turns(scheme)
    refund = findings.the(scheme, RefundQueue).refund * scheme.order.spend
    w = Words(lang, strict=True)
    told = findings.finding(result, w)
    assert findings.counted(result)["left"] == called
    assert refunded_part(result) == pytest.approx(paid / (called * refund))
    assert count_short(called, lang) in told
    assert percent(paid / (called * refund), lang) in told


def test_a_little_less_money_is_a_little_less_in_the_sentence():
    """At 23.4 % all refunds are paid, at 23 % each is paid 98.6 %; no order fewer has its turn."""
    full, less = (
        simulate(load("three-in-one-out", {"refund_queue.share": share, **CUT}))
        for share in (0.234, 0.23)
    )
    assert less.totals["received"] / full.totals["received"] == pytest.approx(0.986, abs=1e-3)
    for key in ("left", "waiting"):
        assert findings.counted(full)[key] == findings.counted(less)[key]
    assert refunded_part(full) == 1.0
    assert refunded_part(less) == pytest.approx(0.986, abs=1e-3)
    assert pace(full) == pace(less)
    assert count(12_166, "en") == count(findings.counted(less)["left"], "en")
    assert "98.6%" in findings.finding(less, W)
    assert "0 of" not in findings.finding(less, W).replace("00 of", "")


def test_who_gives_up_after_their_turn_counts_among_those_whose_turn_came():
    changes = {"refund_queue.share": 0.2, "behaviour.sell_share": 0.02, **CUT}
    result = simulate(load("three-in-one-out", changes))
    queue = result.engines.queue
    assert queue is not None
    parts, part = findings.counted(result), refunded_part(result)
    assert sum(parts.values()) == result.totals["buyers"]
    assert queue.turned * queue.refund * part == pytest.approx(result.totals["received"])
