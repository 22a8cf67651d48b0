"""Every number a finding names, in its own place, against loops written from the rules alone."""

from __future__ import annotations

from typing import Any

import pytest

from model import load, simulate
from tests.model import agree, reference, slow
from tests.view.told import Told
from view.parts import context
from view.sentences import findings
from view.words.format import count_short, odds, percent, yuan, yuan_short

assert context  # registers the parameters' English words
FEW = {"horizon": 30, "demand.orders_per_tick": 4, "points_pool.exit_multiple": None}
FORCED = FEW | {"points_pool.exit_multiple": 0.45}
#: What makes the pool something else than what those who wait hold, and what anybody is paid.
POINTS: dict[str, tuple[str, dict[str, Any]]] = {
    "nobody sells": ("nobody", FEW),
    "old debt": ("nobody", FEW | {"points_pool.debt": 3000.0, "points_pool.debt_tick": 5}),
    "outside money": ("nobody", FEW | {"points_pool.outside": [[9, 500.0]]}),
    "swaps": ("used", FEW | {"points_pool.swap_share": 0.1}),
    "swaps and back": (
        "used",
        FEW | {"points_pool.swap_share": 0.1, "points_pool.swap_back_share": 0.3},
    ),
    "goods": ("used", FEW | {"points_pool.redeem_share": 0.05}),
    "goods and sellers": (
        "used",
        FEW | {"points_pool.redeem_share": 0.05, "behaviour.sell_share": 0.02},
    ),
    "sellers": ("mixed_none", FEW | {"behaviour.sell_share": 0.02}),
    "sellers at a profit": (
        "mixed",
        FEW | {"behaviour.take_profit": 1.2, "demand.orders_per_tick": 20},
    ),
    "forced": ("forced", FORCED),
    "forced, old debt": ("forced", FORCED | {"points_pool.debt": 3000.0}),
    "forced and swaps": ("used", FORCED | {"points_pool.swap_share": 0.1}),
    "forced and sellers": ("mixed_none", FORCED | {"behaviour.sell_share": 0.05}),
    "all have left": (
        "all_left",
        FEW
        | {"behaviour.panic_growth": 0.5, "behaviour.panic_share": 1.0}
        | {"demand.stop_tick": 10, "horizon": 60},
    ),
}


@pytest.mark.parametrize("case", POINTS)
def test_a_points_pool_is_told_as_the_loop_counts_it(case):
    said, changes = POINTS[case]
    scheme = load("wine-points", changes)
    orders = agree.volumes(scheme)
    there = reference.run(scheme, orders)
    waiting = sum(line.weight for line in there.lines)
    held = sum(line.weight * line.points for line in there.lines) * there.price[-1]
    left = sum(line.left for line in there.lines)
    even = sum(line.even for line in there.lines)
    # Whoever did neither has no points any more: they were used for goods, or swapped.
    used = len(there.lines) - left - waiting
    wanted = {
        "buyers": count_short(len(there.lines), "en"),
        "spend": yuan(100, "en"),
        "each": findings.about(float(held / waiting), "en") if waiting else None,
        "pool": yuan_short(float(there.pool[-1]), "en"),
        "paid": yuan(float(scheme.most_paid or 0), "en"),
        "one_in": odds(float(len(there.lines) / left), "en") if left else None,
    }
    # Orders of a tick leave in parts: whole numbers are within one of them.
    parts = {"waiting": waiting, "left": left, "even": even, "less": left - even, "used": used}
    w = Told()
    findings.finding(simulate(scheme), w)
    told = w.values[f"finding.{said}"]
    assert "buyers" in told
    for name, value in told.items():
        if name in parts:
            assert abs(int(str(value).replace(",", "")) - float(parts[name])) < 1.5, name
        elif name != "time":
            assert value == wanted[name], name
    if case in {"swaps", "old debt"}:
        # What is in the pool for each who waits reads otherwise: others hold points too.
        assert wanted["each"] != findings.about(float(there.pool[-1] / waiting), "en")


#: The other rules, with few enough orders for a loop: scheme, changes, the sentences to be told.
OTHERS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "dividends": ("cyclic-purchase", {}, ("even", "typical")),
    "dividends, soon done": (
        "cyclic-purchase",
        {"dividend_pool.quota_multiple": 0.6, "dividend_pool.rank_share": 0.0},
        ("even_none", "typical", "best"),
    ),
    "dividends over the price": (
        "cyclic-purchase",
        {"dividend_pool.share": 0.9, "dividend_pool.rank_share": 0.0},
        ("even", "typical"),
    ),
    "release, kept": ("green-points", {"horizon": 12}, ("even_none", "kept")),
    "release, cut": (
        "green-points",
        {"horizon": 80, "platform.policy": "cut"},
        ("even", "broken.first"),
    ),
    "release, stopped": ("green-points", {"horizon": 80, "platform.policy": "stop"}, ("even",)),
    "queue": ("guild-queue", {"refund_queue.advance": 0.0}, ("queue",)),
    "queue, paid ahead": ("guild-queue", {}, ("queue", "queue.parts")),
    "queue and who gives up": (
        "guild-queue",
        {"behaviour.sell_share": 0.01},
        ("queue", "queue.gone"),
    ),
}


def whole(text: object) -> int:
    return int(str(text).replace(",", ""))


@pytest.mark.parametrize("case", OTHERS)
def test_the_other_rules_are_told_as_the_loop_counts_them(case):
    name, changes, keys = OTHERS[case]
    scheme = load(name, {"horizon": 40, "demand.orders_per_tick": 5} | changes)
    there, w = slow.run(scheme), Told()
    result = simulate(scheme)
    findings.finding(result, w)
    for key in keys:
        assert f"finding.{key}" in w.values
    cohorts = there.cohorts
    buyers = sum(c.buyers for c in cohorts.values())
    received = sum(c.received for c in cohorts.values())
    waits, spend = there.holders[-1], scheme.order.mean_spend
    each = {day: float(c.received / c.buyers) for day, c in cohorts.items()}
    seen, middle = 0, 0
    for day, c in cohorts.items():
        seen += c.buyers
        if seen >= buyers / 2:
            middle = day
            break
    best = max(c.received / c.spent for c in cohorts.values())
    texts = {
        "buyers": count_short(buyers, "en"),
        "spend": yuan(spend, "en"),
        "first_day": "1",
        "first": findings.about(each[1], "en"),
        "day": str(middle),
        "middle": findings.about(each[middle], "en"),
        "received": yuan_short(float(received), "en"),
        "held": yuan_short(float(there.promised[-1]), "en"),
        "pool": yuan_short(float(there.pool[-1]), "en"),
        "best": percent(float(best), "en"),
    }
    if any(getattr(m, "rank_share", 0.0) or getattr(m, "stars", ()) for m in scheme.mechanisms):
        del texts["best"]  # those of the highest rank, not a day's average buyer
    broken = there.broken
    if broken is not None:
        texts |= {"owed": yuan_short(float(broken.owed), "en")}
    counts = {
        "even": sum(c.even for c in cohorts.values()),
        "left": buyers - waits - sum(c.lapsed for c in cohorts.values()),
        "waiting": waits,
        "gone": sum(c.lapsed for c in cohorts.values()),
    }
    checked = set()
    for key, told in w.values.items():
        if not key.startswith("finding."):
            continue
        for value, text in told.items():
            if value in counts:
                assert abs(whole(text) - float(counts[value])) < 1.5, (key, value)
            elif value in texts and (value != "day" or key == "finding.typical"):
                assert text == texts[value], (key, value)
            else:
                continue
            checked.add(value)
    assert len(checked) >= 3
    if broken is not None:
        kind = "stop" if scheme.platform.policy == "stop" else "first"
        told = w.values[f"finding.broken.{kind}"]
        assert told["day"] == str(broken.tick)
        assert abs(whole(told["orders"]) - float(broken.orders)) < 1
