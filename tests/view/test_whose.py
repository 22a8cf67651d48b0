"""What the view "Whose money" says, and its figures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load, simulate
from model.outlay import ENDS, outlay
from model.standing import standing
from model.statement import statement
from model.stopped import stopped
from view.money import whose, whose_said, whose_tables
from view.palette import roles
from view.pictures import charts, charts_whose
from view.words.format import yuan
from view.words.words import LANGS, Words


@pytest.fixture(params=LANGS)
def lang(request, monkeypatch):
    for module in (whose, whose_said, whose_tables):
        monkeypatch.setattr(module, "lang", lambda: request.param)
        monkeypatch.setattr(
            module, "words", lambda: Words(request.param, strict=True), raising=False
        )
        monkeypatch.setattr(module, "w", Words(request.param, strict=True))
    return request.param


in_each_language = pytest.mark.usefixtures("lang")


def test_every_end_has_words_and_a_fill():
    assert set(whose_said.WHO) == set(ENDS) == set(charts_whose.FILLS)
    for dark in (False, True):
        assert set(charts_whose.FILLS.values()) <= set(roles(dark=dark))


@in_each_language
def test_the_finding_says_the_four_amounts():
    result = simulate(load("cyclic-purchase"))
    table = outlay(result)
    said, found = whose_said.finding(result, table), whose_said.per_100(table)
    assert sum(found.values()) == pytest.approx(100)
    assert whose_said.hundredth(found["unstated"]) == "¥70"
    for end in ("unstated", "others", "back", "pool"):
        assert whose_said.hundredth(found[end]) in said


@in_each_language
def test_where_nothing_comes_back_it_says_so():
    result = simulate(load("zero-cost-marketing"))
    said = whose_said.finding(result, outlay(result))
    assert "¥26.67" in said
    assert "¥40" in said
    assert whose.ends_of(outlay(result))[-1].role == "platform"


@in_each_language
def test_the_top_is_told_of_gains_or_of_what_was_paid():
    wine = standing(simulate(load("wine-points")))
    assert "100%" in whose_said.top_said(wine)
    local = whose_said.top_said(standing(simulate(load("local-life-points"))))
    assert local.startswith(whose_said.w("whose.top.none"))
    nothing = standing(simulate(load("local-life-points", {"horizon": 1})))
    assert whose_said.top_said(nothing) == whose_said.w("whose.top.none")


@in_each_language
def test_goods_are_counted_if_their_worth_is_known():
    known = simulate(load("local-life-points", {"order.goods_value": 50.0}))
    assert "¥50" in whose_said.goods_said(known, standing(known))
    assert "138" in whose_said.goods_said(known, standing(known))
    unknown = simulate(load("local-life-points"))
    assert "¥1,000" in whose_said.goods_said(unknown, standing(unknown))


@in_each_language
@pytest.mark.parametrize(
    ("id_", "who", "parts"),
    [
        ("local-life-points", 1, ["¥960", "¥160", "¥800"]),
        ("wine-points", 300_000, ["¥100"]),
        # The average of all ranks, and what those without one still need.
        ("cyclic-purchase", 100, ["¥1,212", "¥622.29", "¥1,378"]),
        ("guild-queue", 100, ["¥74.03"]),
        ("green-points", 1, ["¥36,975"]),
    ],
)
def test_a_statement_has_its_numbers(id_, who, parts):
    result = simulate(load(id_))
    said = "\n".join(whose_said.told(result, statement(result, who)))
    for part in parts:
        assert part in said, said


@in_each_language
def test_who_gave_up_was_not_paid_everything():
    result = simulate(load("guild-queue", {"behaviour.sell_share": 0.01}))
    found = statement(result, 100)
    said = whose_said.told(result, found)
    amount = {"left": "202", "received": "¥40.33"}
    parts = whose_said._parts(found.by, before=found.before, after=found.after)
    assert whose_said.w("whose.you.gone", **amount, parts=parts) in said
    assert whose_said.w("whose.you.done", **amount, parts=parts) not in said


@in_each_language
def test_it_is_said_that_one_order_does_not_sell():
    keeps = {
        share: whose_said.w("whose.you.keeps") in whose_said.told(result, statement(result, 1000))
        for share in (0.0, 0.01)
        for result in (simulate(load("wine-points", {"behaviour.sell_share": share})),)
    }
    assert keeps == {0.0: False, 0.01: True}


@in_each_language
def test_dividends_under_the_quota_of_the_points_were_not_without_limit():
    result = simulate(load("equity-shop", {"horizon": 90}))
    _, dividends = stopped(result).rules
    said = whose_said.stopped_said(result, dividends)
    n = whose_said.people(dividends.holders, whose_said.lang())
    assert said == [whose_said.w("whose.stop.dividend.shared", holders=n)]


@in_each_language
def test_what_is_left_of_a_shared_quota_is_said_with_its_average():
    tight = {"points_pool.exit_multiple": 0.8, "points_pool.fee": 0.4}
    changes = {"horizon": 20, "demand.orders_per_tick": 3} | tight
    result = simulate(load("equity-shop", changes))
    rule = stopped(result).rules[0]
    assert rule.forced < 0.6 * 0.8 * 2000
    amount = yuan(rule.forced, whose_said.lang())
    said = whose_said.stopped_said(result, rule)
    assert said[-1] == whose_said.w("whose.stop.points.rest", forced=amount)
    assert amount in said[-1]


@in_each_language
def test_groups_of_nobody_are_no_rows():
    result = simulate(load("wine-points", {"tick": "order", "horizon": 3}))
    table = whose_tables.holdings_table(stopped(result).rules[0])
    assert table.count("<tr>") == 1 + 2


@in_each_language
def test_a_turn_without_money_needs_orders():
    result = simulate(load("three-in-one-out", {"refund_queue.rule": "own"}))
    found = statement(result, 100)
    (need,) = found.needs
    assert need.turn
    owed = float(result.engines.queue.owed_now.sum())
    assert need.orders == np.ceil(owed / 300)
    assert whose_said._need(result, need) in whose_said.told(result, found)


@in_each_language
def test_once_payment_has_stopped_no_orders_help():
    result = simulate(load("green-points", {"platform.policy": "stop"}))
    found = statement(result, 20)
    need = found.needs[0]
    assert need.orders == np.inf
    said = whose_said.told(result, found)
    assert whose_said._need(result, need) in said


@in_each_language
@pytest.mark.parametrize("id_", ["wine-points", "cyclic-purchase", "guild-queue", "green-points"])
def test_orders_that_stop_are_told_with_a_table(id_):
    result = simulate(load(id_))
    rule = stopped(result).rules[0]
    assert all(whose_said.stopped_said(result, rule))
    table = whose_tables.holdings_table(rule)
    assert table.count("<tr>") == 5
    free = simulate(load("wine-points", {"points_pool.fee": 0.0}))
    rule = stopped(free).rules[0]
    assert whose_said.w("whose.stop.points.no_fee") in whose_said.stopped_said(free, rule)
    assert rule.first == pytest.approx(rule.last)


def test_a_ledger_writes_cents_and_no_minus_nought():
    assert whose_tables.to_the_cent(-1e-9) == "0.00"
    assert whose_tables.to_the_cent(1234.5) == "1,234.50"
    assert whose_tables.to_the_cent(-0.01) == "-0.01"


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=9).map(sorted),
)
def test_words_beside_the_bar_never_overlap(wanted):
    places = charts_whose._spread(wanted, least=5.6, top=100.0)
    assert all(b - a >= 5.6 - 1e-9 for a, b in pairwise(places))
    assert places[0] >= 0
    assert places[-1] <= 100


def _end(role: str, share: float) -> charts_whose.End:
    return charts_whose.End(
        role=role, who=role, share=share, amount=f"¥{share}", total="¥1", yuan=share
    )


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("tag", LANGS)
def test_figures_are_plotlys(tag, dark):
    look = charts.Look(w=Words(tag, strict=True), dark=dark)
    ends = [
        _end(role, share) for role, share in zip(ENDS, (40, 20, 5, 5, 1, 1, 20, 3, 5), strict=True)
    ]
    paid = np.triu(np.ones((6, 6))).T
    names = [str(k) for k in range(6)]
    figures = [
        charts_whose.hundred(ends, look, foot="foot<br>source"),
        charts_whose.flow(
            ends, look, buyers="b", pool="p", outsiders="o", outside=4.0, foot="foot<br>source"
        ),
        charts_whose.by_joining(
            {end.role: (end.who, np.full(6, end.share)) for end in ends},
            look,
            stretches=names,
            axis="a",
            money=str,
            foot="foot<br>source",
        ),
        charts_whose.who_paid_whom(
            paid, look, stretches=names, names=names, axes=("y", "x"), money=str, foot="foot"
        ),
        charts_whose.who_paid_whom(
            0 * paid, look, stretches=names, names=names, axes=("y", "x"), money=str, foot="foot"
        ),
    ]
    for figure in figures:
        checked = go.Figure(figure.to_dict())  # Plotly's own checks
        assert "foot" in checked.layout.title.text
    assert sum(trace.y[0] for trace in figures[0].data) == pytest.approx(100)
    link = figures[1].data[0].link
    node = figures[1].data[0].node
    flows = np.zeros(len(node.label))
    for source, target, value in zip(link.source, link.target, link.value, strict=True):
        flows[source] -= value
        flows[target] += value
    # What comes to the middle leaves it again.
    assert flows[1] == pytest.approx(0, abs=1e-9)
    assert -flows[0] == pytest.approx(100)
    assert len(figures[1].layout.annotations) == len(ends)
