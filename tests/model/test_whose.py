"""The other side of funding, standing, statements, stopped orders and the books of a run."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, presets, simulate
from model.books import books
from model.funding import PAYERS
from model.ledger import Flow, Ledger
from model.library import preset
from model.mechanisms.points_pool.ending import _paid_in_turn, leave_in_turn
from model.mechanisms.points_pool.person import orders_until
from model.outlay import ENDS, outlay
from model.scheme import Scheme
from model.standing import standing, without_claim, worth_of_goods
from model.statement import by_number, statement
from model.stopped import stopped, until
from tests.model import agree, slow
from tests.model.any_scheme import schemes

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(3)

#: What may have been paid besides: the platform's account, sellers, one day, orders one by one.
OTHERWISE = (
    {},
    {"horizon": 1},
    {"tick": "order", "horizon": 90},
    {"behaviour.sell_share": 0.01},
    {"order.parts.platform": 0.2, "platform.capital": 1e6, "platform.policy": "cut"},
)
_RUNS: dict[tuple[str, int], object] = {}


def run(id_: str, k: int):
    if (id_, k) not in _RUNS:
        _RUNS[id_, k] = simulate(load(id_, OTHERWISE[k]))
    return _RUNS[id_, k]


every_run = pytest.mark.parametrize(
    ("id_", "k"), [(id_, k) for id_ in presets() for k in range(len(OTHERWISE))]
)


# -- the other side --------------------------------------------------------------------------------


def check_outlay(result) -> None:
    found = outlay(result, bins=12)
    paid = found["paid"].to_numpy()
    scale = max(float(paid.sum()), 1.0)
    assert found[list(ENDS)].sum(axis=1).to_numpy() == pytest.approx(paid, abs=1e-9 * scale)
    assert float(found.to_numpy().min()) >= 0.0
    # All that buyers paid, by the ledger: orders, and cash in a points shop.
    by_ledger = sum(
        float(flow.amount.sum())
        for flow in result.ledger.flows
        if flow.source == "buyers" and flow.reason != "fee"
    )
    assert float(paid.sum()) == pytest.approx(by_ledger, rel=1e-9)
    # No more came back, or went to others, than was paid out.
    out = result.totals["received"] + result.totals["debt_paid"]
    given = float((found["others"] + found["back"]).sum())
    assert given <= out * (1 + 1e-9) + 1e-9 * scale
    if not any(
        f.source not in {"buyers", "old members"}
        and f.amount.any()
        and f.reason in {"outside", "advertisement", "capital", "territory"}
        for f in result.ledger.flows
    ):
        # Where nobody else brought money, buyers paid all of it.
        assert given == pytest.approx(out, rel=1e-6, abs=1e-9 * scale)
        assert float(found["pool"].sum()) == pytest.approx(
            result.totals["pool"], rel=1e-6, abs=1e-9 * scale
        )


@every_run
def test_of_each_yuan_it_is_known_where_it_went(id_, k):
    check_outlay(run(id_, k))


@settings(max_examples=60, deadline=None)
@given(scheme=schemes(horizon=30))
def test_the_other_side_of_any_scheme_adds_up(scheme):
    check_outlay(simulate(scheme))


def test_what_a_points_shop_pays_on_is_not_drawn_from_those_who_came_before():
    """Of the 0.5 paid in the points shop 0.3 go on at once; 0.2 are left to pay earlier buyers."""
    result = simulate(
        Scheme.model_validate(
            {
                "horizon": 4,
                "order": {"spend": 1.0, "parts": {}},
                "demand": {"orders_per_tick": 1.0, "growth": 0.25},
                "mechanisms": [
                    {"kind": "scheduled_release", "share": 0.125, "daily_rate": 0.25},
                    {"kind": "commission", "circle": 1.0, "circle_points": 0.5},
                    {"kind": "refund_queue", "share": 0.25, "rule": "pool"},
                ],
            }
        )
    )
    check_outlay(result)
    found = outlay(result, bins=12)
    assert found["goods"].to_list() == pytest.approx([0.2] * 4)
    assert found["merchant"].to_list() == pytest.approx([0.1] * 4)


def test_recruiters_are_shown_with_what_they_were_paid():
    result = run("local-life-points", 0)
    found = outlay(result).sum()
    assert found["recruiters"] == pytest.approx(
        sum(f.amount.sum() for f in result.ledger.flows if f.source == "distribution")
    )
    assert found["recruiters"] + found["set_aside"] == pytest.approx(0.02 * found["paid"])
    # On the first day nobody could have recruited anybody: it cost less.
    assert run("local-life-points", 1).totals["commissions"] < 0.01 * 1e6
    # Where no rule says how they are paid, it is all theirs.
    found = outlay(run("thousand-yuan-points", 0)).sum()
    assert found["recruiters"] == pytest.approx(0.3 * found["paid"])
    assert found["set_aside"] == 0.0


def test_a_points_shop_takes_more_than_the_price():
    """1000 for the order and 2000 in the points shop; 400 of that to the shop, 800 for goods."""
    found = outlay(run("zero-cost-marketing", 0)).sum()
    each = found / 36_500
    assert each["paid"] == pytest.approx(3000)
    assert each["merchant"] == pytest.approx(800 + 400)
    assert each["goods"] == pytest.approx(800)
    assert each["platform"] == pytest.approx(200 + 2000 - 400 - 800)


def test_four_orders_by_hand():
    """Wine, order by order, out at 0.45 of the price; each order pays 30 into the pool.

    Order 1: 21 points. After order 2 the price is 60 / 35.7 = 1.6807: 21 points are worth 35.29;
    after order 3 90 / 48.195 = 1.8674: 39.22; after order 4 120 / 59.44 = 2.0188: 42.39. After
    order 5 21 points are worth 45.2 or more: order 1 is paid 0.9 x 45 = 40.50. 30 of the 45 are
    its own, 15 are drawn from the 120 of orders 2 to 5: 3.75 each, of which 10.5 / 15 are paid out.
    """
    result = simulate(
        load("wine-points", {"tick": "order", "horizon": 5, "points_pool.exit_multiple": 0.45})
    )
    assert result.totals["left"] == 1
    found = outlay(result, bins=5)
    assert found["back"].to_list() == pytest.approx([30, 0, 0, 0, 0])
    # 4.50 were kept back: nobody has been paid with them, so they lie in the pool.
    assert found["others"].to_list() == pytest.approx([0, *[10.5 / 4] * 4])
    assert found["pool"].to_list() == pytest.approx([0, *[30 - 10.5 / 4] * 4])
    assert found["unstated"].to_list() == pytest.approx([70] * 5)


# -- the books -------------------------------------------------------------------------------------


def check_books(result) -> None:
    found = books(result)
    moved = max(found.money_in, 1.0)
    assert abs(found.gap) <= 1e-9 * moved
    for account in found.accounts:
        assert account.largest_gap <= 1e-9 * moved
        assert abs(account.gap) <= 1e-9 * moved
    assert found.to_buyers == pytest.approx(found.to_each_buyer, rel=1e-6, abs=1e-9 * moved)
    assert found.sources.get("buyers", 0.0) >= result.totals["spent"] * (1 - 1e-9)


@every_run
def test_the_books_balance(id_, k):
    check_books(run(id_, k))
    assert abs(books(run(id_, k)).gap) < 0.005  # to the cent


@settings(max_examples=60, deadline=None)
@given(scheme=schemes(horizon=30))
def test_the_books_of_any_scheme_balance(scheme):
    check_books(simulate(scheme))


def test_a_payment_nobody_booked_shows():
    result = simulate(load("guild-queue", {"horizon": 40}))
    lost = np.zeros(40)
    lost[7] = 12.34
    flow = Flow(source="pool", target="buyers", reason="refund", amount=lost)
    result.ledger = Ledger((*result.ledger.flows, flow))
    found = books(result)
    assert found.gap == pytest.approx(-12.34, abs=1e-6)
    assert found.to_buyers - found.to_each_buyer == pytest.approx(12.34, abs=1e-6)
    assert {a.name: round(a.gap, 2) for a in found.accounts}["pool"] == -12.34


# -- who was paid back more and who less -----------------------------------------------------------


def check_standing(result) -> None:
    found = standing(result)
    parts = (found.more, found.same, found.less, found.waiting, found.nothing)
    totals = result.totals
    assert sum(p.orders for p in parts) == pytest.approx(totals["buyers"], rel=1e-9, abs=1e-9)
    assert sum(p.paid for p in parts) == pytest.approx(totals["spent"], rel=1e-9, abs=1e-9)
    assert sum(p.received for p in parts) == pytest.approx(
        totals["received"], rel=1e-6, abs=1e-9 * max(totals["spent"], 1.0)
    )
    assert found.more.gain >= 0
    assert found.less.gain <= 0
    assert found.waiting.gain <= 0
    assert found.nothing.received == 0
    assert found.nothing.orders == pytest.approx(without_claim(result).sum(), rel=1e-9, abs=1e-6)
    assert found.gains == pytest.approx(found.more.gain, rel=1e-6, abs=1e-6)
    for gains, received in found.top.values():
        assert -1e-9 <= gains <= 1 + 1e-9
        assert -1e-9 <= received <= 1 + 1e-9
    assert found.top[0.01][0] <= found.top[0.1][0] + 1e-9


@every_run
def test_everybody_stands_somewhere(id_, k):
    result = run(id_, k)
    check_standing(result)
    if not standing(result).means:
        found = standing(result)
        even = found.more.orders + found.same.orders
        assert even == pytest.approx(result.totals["even"], rel=1e-6, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(scheme=schemes(horizon=30))
def test_everybody_in_any_scheme_stands_somewhere(scheme):
    if scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=scheme.tick == "order").any():
        check_standing(simulate(scheme))


def test_orders_that_were_never_placed_stand_nowhere():
    """Payment stops on day 26: nobody orders after that."""
    result = simulate(load("green-points", {"platform.policy": "stop"}))
    assert result.broken is not None
    check_standing(result)


def test_wine_after_a_year():
    """206 were forced out with 180 for 100; nobody else was paid anything."""
    found = standing(run("wine-points", 0))
    assert (found.more.orders, found.more.gain) == pytest.approx((206, 206 * 80))
    assert found.less.orders == 0
    assert found.waiting.orders == pytest.approx(365_000 - 206)
    assert found.waiting.received == 0
    # 206 of 365,000 are fewer than one in a hundred: all gains are theirs.
    assert found.top[0.01] == pytest.approx((1.0, 1.0))


def test_960_for_1000_is_less():
    found = standing(run("local-life-points", 0))
    assert (found.less.orders, found.less.gain) == pytest.approx((138, -40 * 138))
    assert found.gains == 0
    assert found.top[0.01] == pytest.approx((0.0, 1.0))


def test_goods_count_if_they_are_worth_something():
    result = run("local-life-points", 0)
    assert worth_of_goods(result) == (0.0, 1000.0)
    found = standing(result, goods=1000.0)
    assert found.less.orders == found.waiting.orders == 0
    assert found.more.gain == pytest.approx(138 * 960)
    known = simulate(load("local-life-points", {"order.goods_value": 50}))
    assert worth_of_goods(known) == (50, 50)
    found = standing(known, goods=50)
    assert found.more.orders == pytest.approx(138)  # 960 and goods for 50
    with pytest.raises(ValueError, match="negative"):
        standing(known, goods=-1)


def test_a_full_refund_is_neither_more_nor_less():
    found = standing(run("guild-queue", 0))
    assert found.same.orders == pytest.approx(run("guild-queue", 0).totals["left"])
    assert found.more.orders == found.less.orders == 0
    # Those who wait were paid something ahead for recruits.
    assert 0 < found.waiting.received < found.waiting.paid


# -- one person ------------------------------------------------------------------------------------


def test_the_example_of_the_pitch():
    """Order 1 of wine sells after 100 orders: 97.77, 30.00 own and 67.77 of the 99 after."""
    result = simulate(load("wine-points", {"tick": "order", "horizon": 100}))
    found = statement(result, 1)
    assert found.after == 99
    assert sum(found.if_sold.values()) == pytest.approx(97.77, abs=0.005)
    assert found.if_sold["own"] == pytest.approx(30.00, abs=1e-9)
    assert found.if_sold["later"] == pytest.approx(67.77, abs=0.005)
    assert found.if_sold["earlier"] == found.if_sold["fees"] == found.if_sold["outside"] == 0
    assert found.worth == pytest.approx(108.635, abs=0.001)
    # Its points are worth 200 at 200 / 21 = 9.5238, order 768 (docs/model.md).
    need = found.needs[-1]
    assert (need.goal, need.amount) == ("exit", pytest.approx(180))
    assert need.price == pytest.approx(200 / 21)
    assert need.orders == 668
    # And the whole price after the fee, 100 / 0.9 / 21 = 5.291, eight orders on.
    assert (found.needs[0].goal, found.needs[0].orders) == ("back", 8)


@pytest.mark.parametrize(
    ("id_", "multiple"),
    [("wine-points", 1.0), ("local-life-points", 0.5), ("thousand-yuan-points", 0.7)],
)
def test_statements_of_all_leavers_add_up_to_the_split(id_, multiple):
    over = {"tick": "order", "horizon": 2000, "points_pool.exit_multiple": multiple}
    result = simulate(load(id_, over))
    left = round(result.totals["left"])
    assert left > 5
    told = [statement(result, k) for k in range(1, left + 1)]
    assert all(one.left_at is not None and one.waits == 0 for one in told)
    assert [one.left_at for one in told] == sorted(one.left_at for one in told)
    for one in told:
        assert sum(one.by.values()) == pytest.approx(one.received)
        assert one.received == pytest.approx(result.scheme.most_paid)
    split = result.exit_split(bins=24).sum()
    for payer in PAYERS:
        ours = sum(one.by[payer] for one in told)
        assert ours == pytest.approx(split[payer], rel=1e-6, abs=1e-6 * split.sum())
    assert statement(result, left + 1).left_at is None


def test_statements_beside_old_debt_add_up_to_the_split():
    """What old members were paid is no longer there to pay those who leave."""
    over = {"tick": "order", "horizon": 1200, "points_pool.exit_multiple": 1.0}
    over |= {"points_pool.debt": 300.0, "points_pool.debt_tick": 50}
    result = simulate(load("wine-points", over))
    assert result.totals["debt_paid"] > 0
    told = [statement(result, k) for k in range(1, round(result.totals["left"]) + 1)]
    assert all(one.left_at is not None for one in told)
    split = result.exit_split(bins=24).sum()
    for payer in PAYERS:
        assert sum(one.by[payer] for one in told) == pytest.approx(split[payer], rel=1e-6)


@pytest.mark.parametrize("over", [{}, {"behaviour.sell_share": 0.01}], ids=["forced", "sellers"])
def test_a_day_scheme_names_orders_by_number(over):
    result = simulate(load("wine-points", over))
    assert by_number(result)
    cohorts = result.cohorts
    points = sum(result.engine.credited_to(k)[1] for k in range(1, 1001))
    assert points == pytest.approx(sum(result.pieces.points[result.pieces.entry == 1]))
    assert result.engine.credited_to(1000)[0] == 1
    assert result.engine.credited_to(1001)[0] == 2
    last = int(cohorts["buyers"].sum())
    found = statement(result, last)
    assert (found.before, found.after, found.joined) == (last - 1, 0, 365)
    assert sum(found.if_sold.values()) == pytest.approx(0.9 * found.worth)
    # Whoever came last has only the own contribution before them: 0.9 of 21 is less than 30.
    assert found.if_sold["own"] == pytest.approx(0.9 * found.worth)
    for out_of_range in (0, last + 1):
        with pytest.raises(ValueError, match=f"allowed: 1 to {last}"):
            statement(result, out_of_range)


def test_who_was_given_no_points_joined_on_their_day_all_the_same():
    """Three orders a day; the cap leaves no room for the later ones, which still pay in."""
    changes = {"points_pool.issue_cap": 150.0, "points_pool.exit_multiple": None}
    changes |= {"demand.orders_per_tick": 3, "horizon": 20}
    result = simulate(load("wine-points", changes))
    given = int(result.engine.cum_orders[-1])
    assert 3 < given < 57
    for number in range(1, 61):
        found = statement(result, number)
        assert (found.joined, found.spent) == (-(-number // 3), 100)
        assert (found.before, found.after) == (number - 1, 60 - number)
        assert (found.received, found.left_at) == (0, None)
        assert (found.worth > 0, found.waits) == ((True, 1) if number <= given else (False, 0))
        assert bool(found.needs) is (number <= given)


def test_orders_until_a_price_is_where_a_run_gets_there():
    base = {"tick": "order", "points_pool.exit_multiple": None}
    result = simulate(load("wine-points", {**base, "horizon": 50}))
    n = int(orders_until(result, 6.0))
    further = simulate(load("wine-points", {**base, "horizon": 50 + n}))
    prices = further.series["price"].to_numpy()
    assert prices[-1] >= 6.0 > prices[-2]
    assert orders_until(result, 1e30) == np.inf
    assert orders_until(result, 1.0) == 0


@every_run
def test_everybody_can_be_told(id_, k):
    result = run(id_, k)
    last = int(result.line.orders.sum()) if by_number(result) else result.ticks
    for who in {1, min(2, last), (last + 1) // 2, last}:
        if not by_number(result) and not result.line.orders[who - 1]:
            continue
        found = statement(result, who)
        assert sum(found.by.values()) == pytest.approx(found.received, abs=1e-9 * found.spent)
        assert min(found.by.values()) >= 0
        assert 0 <= found.waits <= 1
        assert found.before + found.after <= result.line.orders.sum()
        if found.before == 0 and not by_number(result):
            assert found.by["earlier"] == 0
        for need in found.needs:
            assert need.amount > 0
            assert need.orders >= 0


def test_a_place_in_the_queue():
    """Three in, one out: order 301 is paid at 904; the last of day 4 (order 400) at 1201."""
    result = simulate(load("three-in-one-out", {"horizon": 10}))
    need = statement(result, 4).needs[0]
    assert need.orders == 1201 - 1000
    further = simulate(load("three-in-one-out", {"horizon": 13}))
    assert statement(further, 4).left_at == 13


def test_dividends_need_more_orders_than_they_can_have():
    """Constant sales: live units grow, so one amount takes e^(amount / share) times as many."""
    over = {"dividend_pool.rank_share": 0.0, "dividend_pool.quota_multiple": None, "horizon": 200}
    result = simulate(load("cyclic-purchase", over))
    need = statement(result, 100).needs[0]
    assert need.goal == "back"
    more = int(need.orders / 1000)
    further = simulate(load("cyclic-purchase", {**over, "horizon": min(200 + more, 9000)}))
    row = further.cohorts.loc[100]
    if 200 + more <= 9000:
        assert row["received"] / row["buyers"] == pytest.approx(2000, rel=0.01)
    else:
        assert row["received"] / row["buyers"] < 2000


def test_dividends_still_to_come_are_those_of_one_rank():
    """Without a rank 200 yuan an order are shared by all units: never more than the quota."""
    result = simulate(load("cyclic-purchase", {"horizon": 400}))
    found = statement(result, 100)
    for need in found.needs:
        assert need.group is not None
        assert need.group.rank == 0
        assert need.group.share == pytest.approx(0.8 / found.waits, rel=1e-9)
        quota = 4000.0 if need.goal == "all" else 2000.0
        assert need.group.had + need.amount == pytest.approx(quota, rel=1e-9)
    live = float(result.records[0].units[-1])
    need = found.needs[0]
    assert need.orders == pytest.approx(live * np.expm1(need.amount / 200), rel=1e-6)


def test_what_recruiters_are_paid_ahead_does_not_bring_the_queue_forward():
    need = statement(simulate(load("guild-queue", {"horizon": 100})), 80).needs[0]
    further = simulate(load("guild-queue", {"horizon": 500}))
    paid = (float(further.cohorts.loc[80, "exit_tick"]) - 100) * 1000
    assert need.orders == pytest.approx(paid, abs=1000)


def test_a_turn_takes_money_as_well():
    """With a tenth of sales in the pool the money for 700 a turn comes later than the turn."""
    result = simulate(load("three-in-one-out", {"refund_queue.share": 0.1}))
    ahead = 700.0 * 200 * 100 - float(result.cohorts["received"].sum())
    assert statement(result, 200).needs[0].orders == pytest.approx(ahead / 100, abs=1)


#: A daily release, or a queue, out of the platform's account or of what orders bring.
PROMISES = {
    "release": (
        "own:scheduled_release",
        {
            "scheduled_release.share": 0.3,
            "scheduled_release.gift_multiple": 1.5,
            "scheduled_release.daily_rate": 0.04,
        },
    ),
    "queue": ("own:refund_queue", {"refund_queue.share": 0.1, "refund_queue.rule": "own"}),
}


@pytest.mark.parametrize("capital", [0.0, 3000.0, 1e7])
@pytest.mark.parametrize("fee", [0.0, 0.1, 0.35])
@pytest.mark.parametrize("kind", PROMISES)
def test_a_promise_is_paid_after_its_fee_once_orders_bring_what_it_lacks(kind, fee, capital):
    """What one of the day is still to be paid, and the orders it takes, from the loop alone."""
    id_, own = PROMISES[kind]
    own = own | {
        "horizon": 12,
        "demand.kind": "list",
        "demand.orders": [7.0, 5.0, 9.0],
        "platform.withdrawal_fee": fee,
        "platform.capital": capital,
        "platform.policy": "cut",
    }
    scheme = preset(id_).scheme(own)
    there, spend = slow.run(scheme), scheme.order.spend
    result = simulate(scheme)
    each = (1 - fee) * 1.5 * spend if kind == "release" else scheme.mechanisms[0].refund * spend
    net = 1 - fee if kind == "release" else 1.0
    for day in (1, 2, 3):
        needs = statement(result, day).needs
        cohort = there.cohorts[day]
        still = cohort.buyers * each - float(cohort.received)
        left = still / float(cohort.live or 1)
        if left < 1e-6 * spend:
            assert needs == ()
            continue
        assert [need.amount for need in needs] == pytest.approx([left])
        if kind == "release":
            lacks = net * float(there.promised[-1]) - float(there.pool[-1] + there.account[-1])
            assert needs[0].owed_to_all == pytest.approx(float(there.promised[-1]))
            assert needs[0].orders == np.ceil(max(lacks, 0.0) / (0.3 * spend))
    if capital == 1e7 and kind == "release":
        # And it is what a run that goes on pays.
        further = simulate(preset(id_).scheme(own | {"horizon": 60}))
        more = further.cohorts["received"] - result.cohorts["received"]
        need = statement(result, 2).needs[0]
        assert need.orders == 0
        assert need.amount == pytest.approx(more[2] / 5)


@pytest.mark.parametrize("fee", [0.0, 0.1, 0.35])
def test_a_promise_that_has_been_stopped_is_after_the_fee_too(fee):
    id_, own = PROMISES["release"]
    scheme = preset(id_).scheme(
        own
        | {"horizon": 40, "demand.kind": "list", "demand.orders": [10.0]}
        | {"platform.withdrawal_fee": fee, "platform.policy": "stop"}
    )
    there, result = slow.run(scheme), simulate(scheme)
    assert result.broken is not None
    need = statement(result, 1).needs[0]
    assert need.orders == inf
    assert need.amount == pytest.approx((1 - fee) * float(there.promised[-1]) / 10)
    assert need.owed_to_all == pytest.approx(float(there.promised[-1]))


def test_so_few_that_it_is_nobody_do_not_wait():
    result = simulate(load("cyclic-purchase", {"behaviour.sell_share": 0.01}))
    stays = statement(simulate(load("cyclic-purchase")), 100)
    assert stays.waits > 0
    assert [need.goal for need in stays.needs] == ["back", "all"]
    found = statement(result, 100)
    assert found.waits == 0.0
    assert found.needs == ()


def test_one_order_may_wait_where_all_others_sold():
    """Everybody else sells at 1.1 times the price; who does not is forced out at 1.2."""
    result = simulate(load("local-life-points", {"behaviour.take_profit": 1.1}))
    found = statement(result, 5)
    assert found.received == pytest.approx(960)
    assert sum(found.by.values()) == pytest.approx(960)


# -- orders stop -----------------------------------------------------------------------------------


def test_waiting_pays_more_where_there_is_a_fee():
    """1000 equal holders of points worth 3.00 each, fee 10 % (docs/model.md)."""
    each = [0.9 * 3 * leave_in_turn(1000, fee=0.1, place=k) for k in (1, 500, 1000)]
    assert [round(x, 2) for x in each] == [2.70, 2.89, 5.66]
    # The same, one sale after the other.
    pool, paid = 3000.0, []
    for left in range(1000, 0, -1):
        paid.append(0.9 * pool / left)
        pool -= paid[-1]
    assert each == pytest.approx([paid[0], paid[499], paid[999]])
    assert leave_in_turn(1000, fee=0.0, place=1000) == 1.0


def test_all_leave_in_turn_and_what_stays_in_the_pool():
    scheme = load(
        "wine-points", {"tick": "order", "horizon": 400, "points_pool.exit_multiple": None}
    )
    rule = stopped(simulate(scheme)).rules[0]
    pool, left, paid = rule.pool, 400, []
    assert rule.holders == 400
    for k in range(left, 0, -1):
        paid.append(0.9 * pool / k)
        pool -= paid[-1]
    assert rule.paid == pytest.approx(sum(paid))
    assert rule.unpaid == pytest.approx(pool)
    assert (rule.first, rule.last) == pytest.approx((paid[0], paid[-1]))
    assert rule.owed == pytest.approx(rule.pool)
    # The earliest have more points than the newest.
    worth = [group.worth for group in rule.groups]
    assert worth == sorted(worth, reverse=True)
    assert sum(g.orders * g.worth for g in rule.groups) == pytest.approx(rule.owed)
    # With a forced exit nobody is paid more than its quota.
    capped = scheme.model_copy(
        update={
            "mechanisms": (scheme.pool.model_copy(update={"exit_multiple": 1.0}),),
        }
    )
    rule = stopped(simulate(capped)).rules[0]
    assert rule.last <= rule.forced == pytest.approx(90)
    assert rule.paid <= rule.pool


@pytest.mark.parametrize("multiple", [0.35, 0.4, 0.5, 1.5])
@pytest.mark.parametrize("horizon", [40, 400])
@pytest.mark.parametrize("sell_share", [0.0, 0.01])
def test_what_all_who_leave_in_turn_are_paid_where_the_last_are_forced_out(
    multiple, horizon, sell_share
):
    """One average holder after the other, a part of one last; none is paid beyond the quota."""
    changes = {"tick": "order", "horizon": horizon, "points_pool.exit_multiple": multiple}
    changes["behaviour.sell_share"] = sell_share
    rule = stopped(simulate(load("wine-points", changes))).rules[0]
    pool, holders, paid, capped = rule.pool, rule.holders, 0.0, 0
    while holders > 1e-9:
        part, worth = min(1.0, holders), pool / holders
        capped += worth >= 100 * multiple
        paid += 0.9 * part * min(worth, 100 * multiple)
        pool = rule.pool - paid
        holders -= part
    assert capped or multiple >= 0.5
    assert rule.paid == pytest.approx(paid, rel=1e-10)
    assert rule.unpaid == pytest.approx(pool, rel=1e-8)


@given(
    st.floats(0.01, 300),
    st.sampled_from([0.0, 0.05, 0.3, 0.9]),
    st.sampled_from([0.0, 0.5, 40.0]),
    st.sampled_from([inf, 0.5, 1.0, 1.01, 1.3, 5.0]),
)
@settings(max_examples=agree.examples(60))
def test_all_leave_in_turn_beside_points_that_nobody_sells(holders, fee, others, most):
    left, pool, paid = holders, holders + others, 0.0
    while left > 1e-12:
        part = min(1.0, left)
        each = (1 - fee) * part * min(pool / (left + others), most)
        paid, pool, left = paid + each, pool - each, left - part
    mine = _paid_in_turn(holders, 1.0, fee=fee, others=others, most=most)
    assert mine == pytest.approx(paid, rel=1e-9)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"dividend_pool.rank_share": 0.0},
        {"points_pool.exit_multiple": 1.0, "behaviour.sell_share": 0.02},
        {"dividend_pool.issue_cap": 450.0},
        {"points_pool.issue_cap": 450.0},
    ],
)
def test_what_is_left_of_a_quota_that_dividends_use_up_too(changes):
    """One average holder after the other, each paid at most what dividends have left of it."""
    own = {"horizon": 20, "demand.orders_per_tick": 3, "points_pool.fee": 0.4}
    scheme = load("equity-shop", own | {"points_pool.exit_multiple": 0.8} | changes)
    there = slow.run_shared(scheme)
    holders = sum(float(one.weight) for one in there.waiting)
    most = sum(float(one.weight * one.left) for one in there.waiting) / holders
    rule = stopped(simulate(scheme)).rules[0]
    assert rule.forced == pytest.approx(0.6 * most)
    assert most < 0.95 * 2000 * scheme.pool.exit_multiple

    pool, left, paid, capped = float(there.points_pool[-1]), holders, 0.0, 0
    while left > 1e-9:
        part, worth = min(1.0, left), pool / left
        capped += worth >= most
        paid += 0.6 * part * min(worth, most)
        pool -= 0.6 * part * min(worth, most)
        left -= part
    assert capped
    assert (rule.paid, rule.unpaid) == pytest.approx((paid, pool))
    # Of each group by joining time, the same for its own.
    found = [0.0] * len(rule.groups)
    edges = np.array([0.01, 0.1, 0.5, 1.0]) * holders
    for k, end in enumerate(edges):
        start, place = [0.0, *edges][k], 0.0
        for tick in sorted({one.tick for one in there.waiting}):
            # Orders of a tick with other ranks stand beside each other, one order after the other.
            same = [one for one in there.waiting if one.tick == tick]
            weight = sum(float(one.weight) for one in same)
            inside = max(min(end, place + weight) - max(start, place), 0.0) / weight
            found[k] += inside * sum(float(one.weight * one.left) for one in same)
            place += weight
        found[k] /= end - start
    # Where a group ends within a tick, ranks stand behind each other and not beside.
    close = 2e-3 if scheme.sharing[0].rank_share else 1e-6
    forced = [group.forced for group in rule.groups]
    assert forced == pytest.approx([0.6 * x for x in found], rel=close)
    assert all(group.last <= group.forced for group in rule.groups)


def test_the_average_holder_of_the_equity_shop_has_less_left_than_the_quota():
    result = run("equity-shop", 0)
    rule = stopped(result).rules[0]
    # What dividends and points together still owe, from running sums over the ticks.
    left = result.record("dividend_pool").promised[-1]
    assert rule.forced == pytest.approx(left / rule.holders)
    assert round(rule.forced) == 3488


@every_run
def test_no_more_is_paid_than_there_is(id_, k):
    result = run(id_, k)
    found = stopped(result)
    assert found.day == result.ticks
    for rule in found.rules:
        scale = max(rule.pool, rule.owed, 1.0)
        assert -1e-9 * scale <= rule.paid <= rule.pool + 1e-9 * scale
        assert rule.unpaid == pytest.approx(rule.owed - rule.paid, abs=1e-6 * scale)
        if rule.groups:
            assert sum(g.orders * g.worth for g in rule.groups) == pytest.approx(
                rule.owed, rel=1e-6, abs=1e-6
            )
        if rule.kind == "points_pool":
            assert rule.first <= rule.middle * (1 + 1e-12)
            assert rule.middle <= rule.last * (1 + 1e-12)


@pytest.mark.parametrize(
    ("id_", "fee", "capital"),
    [
        ("guild-queue", 0.0, 2e5),
        ("three-in-one-out", 0.0, 2e5),
        ("green-points", 0.0, 2e5),
        ("green-points", 0.1, 2e5),
        ("green-points", 0.1, 1e9),
    ],
)
def test_what_fixed_promises_still_pay_is_what_a_run_without_orders_pays(id_, fee, capital):
    """Run on without orders: what is paid after the last is what was said of it."""
    over = {"demand.stop_tick": 20, "platform.policy": "cut", "platform.capital": capital}
    over["platform.withdrawal_fee"] = fee
    if id_ == "guild-queue":
        over |= {"refund_queue.advance": 0.0}
    scheme = load(id_, {**over, "horizon": 1500})
    rule = stopped(until(scheme, 20)).rules[0]
    before = until(scheme, 20).totals["received"]
    run_on = simulate(scheme).totals["received"]
    assert run_on - before == pytest.approx(rule.paid, rel=1e-6, abs=1.0)
    assert (rule.paid == pytest.approx(rule.owed)) is (capital == 1e9)
    # What each of those who joined at a time is owed is after the fee as well.
    assert sum(g.orders * g.worth for g in rule.groups) == pytest.approx(rule.owed, rel=1e-6)


def test_advertisers_go_on_paying_for_tasks():
    scheme = load("ad-tasks", {"demand.stop_tick": 30, "horizon": 31})
    rule = stopped(until(scheme, 30)).rules[0]
    assert rule.a_day == pytest.approx(simulate(scheme).engines.release.log["ads"][-1])
    assert rule.a_day > 0


def test_a_day_is_the_run_up_to_it():
    scheme = load("local-life-points", {})
    result = simulate(scheme)
    assert until(scheme, 365, result=result) is result
    part = until(scheme, 100)
    assert part.series["pool"].to_numpy() == pytest.approx(result.series["pool"].to_numpy()[:100])
    for day in (0, 366):
        with pytest.raises(ValueError, match="allowed: 1 to 365"):
            until(scheme, day)


def test_dividends_end_with_the_orders():
    rule = stopped(run("cyclic-purchase", 0)).rules[0]
    assert rule.paid == 0
    assert rule.unpaid == rule.owed > 1e9
    assert rule.waiting == pytest.approx(1_706_080)
    unlimited = stopped(run("lifetime-points", 0)).rules
    assert all(rule.never and rule.owed == 0 for rule in unlimited)
