"""Refund queues: small cases worked by hand, and how much longer everybody waits than the last."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import simulate
from model.behaviour import Behaviour
from model.demand import Demand
from model.mechanisms.refund_queue import RefundQueue
from model.platform import Platform
from model.result import Result
from model.scheme import Order, Parts, Scheme
from tests.model import agree


def run(
    *,
    horizon: int,
    orders: float | tuple[float, ...] = 1.0,
    spend: float = 100.0,
    leave: float = 0.0,
    capital: float = 0.0,
    policy: str = "stop",
    **settings: Any,
) -> Result:
    """One order of 100 yuan a day; a fifth goes into the refund pool."""
    demand = (
        Demand(kind="list", orders=orders)
        if isinstance(orders, tuple)
        else Demand(orders_per_tick=orders)
    )
    return simulate(
        Scheme(
            horizon=horizon,
            order=Order(spend=spend),
            demand=demand,
            behaviour=Behaviour(sell_share=leave),
            platform=Platform(capital=capital, policy=policy),
            mechanisms=(RefundQueue(**{"share": 0.2} | settings),),
        )
    )


def exits(result: Result) -> list[int]:
    return [int(tick) for tick in result.cohorts["exit_tick"].fillna(0)]


def test_first_in_first_out() -> None:
    # Five orders a day pay in 100, so one is refunded each day: those of day j by day 5 j.
    result = run(horizon=12, orders=5)
    assert result.series["paid_out"].tolist() == pytest.approx([100] * 12)
    assert result.series["holders"].tolist() == pytest.approx([4 * day for day in range(1, 13)])
    assert exits(result)[:3] == [5, 10, 0]
    assert result.cohorts["received"].tolist()[:4] == pytest.approx([500, 500, 200, 0])
    assert result.cohorts["even"].tolist()[:4] == pytest.approx([5, 5, 2, 0])
    assert result.broken is None


def test_the_last_one_in_part() -> None:
    # 25 a day refund a quarter of an order: the first on day 4, the second on day 8.
    result = run(horizon=9, share=0.25)
    assert exits(result)[:2] == [4, 8]
    assert result.cohorts["received"].tolist()[:4] == pytest.approx([100, 100, 25, 0])
    # Whole orders have been refunded or have not: one that has had 75 of 100 is waiting.
    assert result.series["holders"].tolist() == [1, 2, 3, 3, 4, 5, 6, 6, 7]
    assert result.series["exits"].tolist() == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert result.cohorts["left"].tolist() == [1, 1, *[0] * 7]
    assert result.cohorts["even"].tolist() == [1, 1, *[0] * 7]
    assert result.series["promised"].tolist() == pytest.approx([75 * d for d in range(1, 10)])
    assert result.series["pool"].tolist() == pytest.approx([0] * 9, abs=1e-9)


@pytest.mark.parametrize(("share", "refund"), [(0.2, 1.0), (0.2, 1.1), (0.35, 0.7), (0.5, 1.0)])
def test_one_order_in_k_is_refunded(share: float, refund: float) -> None:
    # Order k is paid when a n = r k: one in K = r / a at any moment, at whatever pace.
    factor = refund / share
    grown = Scheme(
        horizon=100,
        order=Order(spend=100.0),
        demand=Demand(kind="growing", orders_per_tick=10, growth=0.03),
        mechanisms=(RefundQueue(share=share, refund=refund),),
    )
    for result in (run(horizon=100, orders=7, share=share, refund=refund), simulate(grown)):
        orders = result.series["orders"].cumsum()
        done = result.cohorts["left"].sum()
        # Whole ones: what the pool has paid of the next is not a refund.
        assert done == int(orders.iloc[-1] / factor * (1 + 1e-12))
        # The last order of a day is paid when K times as many have come.
        upto = result.cohorts["buyers"].cumsum()
        for entry, tick in result.cohorts["exit_tick"].dropna().items():
            needed = upto.loc[entry] * factor
            assert orders.loc[tick] >= needed * (1 - 1e-9)
            assert tick == 1 or orders.loc[tick - 1] < needed * (1 + 1e-9)


def test_never_more_than_there_is() -> None:
    # Everything paid in goes out at once, and nothing once the line is empty.
    result = run(horizon=6, share=0.8, refund=0.5)
    assert result.series["paid_out"].tolist() == pytest.approx([50] * 6)
    assert result.series["pool"].tolist() == pytest.approx([30 * day for day in range(1, 7)])


def test_fifteen_days_and_n() -> None:
    # Locked 15 days: the first order may be paid on day 16, when 16 x 20 = 320 are in the pool.
    result = run(horizon=20, lock=15)
    assert result.series["paid_out"].tolist() == pytest.approx([0] * 15 + [100] * 3 + [80, 20])
    assert exits(result)[:4] == [16, 17, 18, 20]


def test_three_in_one_out() -> None:
    # One shared line: order k is refunded 700 of 1000 at order 3 k + 1; own: at order k + 3.
    shared = run(horizon=20, spend=1000.0, rule="shared", refund=0.7, share=0.3)
    assert exits(shared)[:7] == [4, 7, 10, 13, 16, 19, 0]
    assert shared.cohorts["received"].tolist()[:7] == pytest.approx([700] * 6 + [0])
    assert shared.broken is None
    own = run(horizon=20, spend=1000.0, rule="own", refund=0.7, share=0.7)
    assert exits(own) == [4, 5, 6, *range(7, 21), 0, 0, 0]
    assert own.broken is None
    # Three orders a day: those of day 1 are orders 1 to 3, due at 4, 7 and 10: on days 2, 3 and 4.
    daily = run(horizon=4, orders=3, spend=1000.0, rule="shared", refund=0.7, share=0.3)
    assert daily.series["paid_out"].tolist() == pytest.approx([0, 700, 700, 700])
    assert exits(daily) == [4, 0, 0, 0]


def test_what_three_in_one_out_costs() -> None:
    # 700 for every three orders of 1000 are 23.3 % of sales, 70 % if each has its own three.
    enough = run(horizon=300, spend=1000.0, rule="shared", refund=0.7, share=0.2334)
    assert enough.broken is None
    short = run(horizon=300, spend=1000.0, rule="shared", refund=0.7, share=0.23)
    # Day 3 k + 1: 230 (3 k + 1) < 700 k once k > 23: day 73 finds 16,790 for 16,800.
    assert short.broken is not None
    assert short.broken.tick == 73
    assert run(horizon=50, spend=1000.0, rule="own", refund=0.7, share=0.7).broken is None
    # 0.69 x 1000 n >= 700 (n - 3) up to n = 210.
    own = run(horizon=300, spend=1000.0, rule="own", refund=0.7, share=0.69)
    assert own.broken is not None
    assert own.broken.tick == 211


def test_the_platform_pays_what_the_pool_lacks() -> None:
    # Own three of 100, refund 70, 20 paid in a day: day 4: 80 - 70 = 10; day 5: 30, 40 lacking;
    # then 50 a day. 100 of capital pay days 5 and 6 and leave 10; day 7 has 20 + 10 for 70.
    result = run(horizon=9, rule="own", refund=0.7, capital=100.0)
    assert result.series["paid_out"].tolist() == pytest.approx([0, 0, 0, 70, 70, 70, 30, 0, 0])
    assert result.series["orders"].tolist() == [1] * 7 + [0, 0]
    assert result.broken is not None
    assert result.broken.tick == 7
    # Orders 1 to 3 are paid; 40 of the fourth and 3 x 70 are owed.
    assert result.broken.owed == pytest.approx(250)
    assert result.broken.orders == pytest.approx(4)
    # With a cut the rest of a refund is due the next day: 20 a day go to those whose turn it is.
    cut = run(horizon=9, rule="own", refund=0.7, capital=100.0, policy="cut")
    assert cut.series["paid_out"].tolist() == pytest.approx([0, 0, 0, 70, 70, 70, 30, 20, 20])
    # Day 8: 20 for 40 + 70, day 9: 20 for 32.73 + 57.27 + 70 = 160.
    fourth = 30 + 20 * 40 / 110
    assert cut.cohorts["received"].iloc[3] == pytest.approx(fourth + 20 * (70 - fourth) / 160)


def test_too_small_an_order_waits_for_nothing() -> None:
    result = run(horizon=10, spend=900.0, threshold=1000.0, rule="own", refund=0.7)
    assert result.series["paid_out"].sum() == 0
    assert result.series["holders"].tolist() == [0] * 10
    assert result.series["promised"].tolist() == [0] * 10
    assert result.series["pool"].iloc[-1] == pytest.approx(1800)


def test_paid_ahead_for_a_recruit() -> None:
    # Day 2's only order was brought by day 1's: 20 of 100 now, 80 left in the line.
    result = run(horizon=3, lock=15, advance=0.2)
    assert result.series["paid_out"].tolist() == pytest.approx([0, 20, 20])
    assert result.series["promised"].tolist() == pytest.approx([100, 180, 260])
    # Day 3's was brought by either: 10 each.
    assert result.cohorts["received"].tolist() == pytest.approx([30, 10, 0])
    assert result.series["pool"].tolist() == pytest.approx([20, 20, 20])


def test_an_advance_reaches_as_far_as_the_payer() -> None:
    # 3 orders a day: 2 % are 6 a day; on day 2 three orders wait for 30 % x 100 x 3 / 3 each,
    # 90 in all: the pool has 12, so 4 each. From the platform's 50: 16.67 each, then nothing.
    pool = run(horizon=2, orders=3, share=0.02, lock=9, advance=0.3)
    assert pool.cohorts["received"].tolist() == pytest.approx([12, 0])
    platform = run(
        horizon=3,
        orders=3,
        share=0.02,
        lock=9,
        advance=0.3,
        advance_payer="platform",
        capital=50.0,
    )
    assert platform.cohorts["received"].tolist() == pytest.approx([50, 0, 0])
    assert platform.series["pool"].tolist() == pytest.approx([6, 12, 18])
    assert platform.ledger.balances()["platform"] == pytest.approx(np.array([50, 0, 0]))
    assert platform.broken is None


def test_giving_up() -> None:
    # Half leave each evening. Day 1: the order has had 20, and stays with a chance of 0.5. Day 2:
    # 20 go to it, 40 each, and it stays with 0.25. Day 3: it gets 10, and has had 100; 10 go to
    # day 2's, which is there with 0.5.
    result = run(horizon=3, leave=0.5)
    assert result.series["holders"].tolist() == pytest.approx([0.5, 0.75, 0.75])
    assert result.cohorts["received"].tolist() == pytest.approx([50, 10, 0])
    assert exits(result) == [3, 0, 0]


# -- order by order ----------------------------------------------------------------------------


def line_of_people(
    counts: list[int], queue: RefundQueue, *, spend: float, part: float, capital: float
) -> tuple[list[float], list[int], list[int]]:
    """(received, refunded in full, had their price back) by day, every order by itself.

    A platform that cuts; ``part``: what it keeps of each order.
    """
    pool, account, placed = 0.0, capital, 0
    line: list[dict[str, float]] = []
    for day, count in enumerate(counts, start=1):
        ahead = queue.advance * spend * (count / placed if placed else 0.0)
        for _ in range(count):
            placed += 1
            line.append({"day": day, "number": placed, "had": 0.0, "left": queue.refund * spend})
        pool, account = pool + queue.share * spend * count, account + part * spend * count
        waiting = [o for o in line if o["left"] > 1e-9]
        asked = [
            (o, min(ahead, o["left"])) for o in waiting if o["day"] < day and not o.get("called")
        ]
        wanted, there = sum(x for _, x in asked), pool if queue.advance_payer == "pool" else account
        scale = min(1.0, there / wanted) if wanted > 0 else 0.0
        for order, amount in asked:
            order["left"] -= amount * scale
            order["had"] += amount * scale
        if queue.advance_payer == "pool":
            pool -= wanted * scale
        else:
            account -= wanted * scale
        due = [o for o in line if o["left"] > 1e-9 and o["day"] + queue.lock <= day]
        if queue.rule == "pool":
            for order in due:
                amount = min(order["left"], pool)
                order["left"] -= amount
                order["had"] += amount
                pool -= amount
            continue
        k, shared = queue.newcomers, queue.rule == "shared"
        due = [o for o in due if placed >= (k * o["number"] + 1 if shared else o["number"] + k)]
        need = sum(o["left"] for o in due)
        given = min(max(need - pool, 0.0), account)
        scale = min(1.0, (pool + given) / need) if need > 0 else 0.0
        for order in due:
            order["called"] = 1.0
            order["had"] += order["left"] * scale
            order["left"] *= 1 - scale
        pool, account = pool - (need * scale - given), account - given
    days = range(1, len(counts) + 1)
    mine = [[o for o in line if o["day"] == day] for day in days]
    return (
        [sum(o["had"] for o in orders) for orders in mine],
        [sum(o["left"] <= 1e-7 for o in orders) for orders in mine],
        [sum(o["had"] >= spend * (1 - 1e-9) for o in orders) for orders in mine],
    )


@given(
    st.builds(
        RefundQueue,
        share=st.integers(2, 60).map(lambda n: n / 100),
        refund=st.integers(30, 150).map(lambda n: n / 100),
        lock=st.sampled_from([0, 0, 3]),
        rule=st.sampled_from(["pool", "pool", "shared", "own"]),
        newcomers=st.integers(1, 4),
        advance=st.sampled_from([0.0, 0.05, 0.17, 0.3]),
        advance_payer=st.sampled_from(["pool", "platform"]),
    ),
    st.lists(st.integers(0, 6), min_size=1, max_size=30),
    st.sampled_from([0.0, 0.1]),
)
@settings(max_examples=agree.examples(150))
def test_people_and_not_parts_of_them(queue: RefundQueue, counts: list[int], part: float) -> None:
    """Advances, refunds in part and cuts: who has had what, and how many whole orders are done."""
    wanted = line_of_people(counts, queue, spend=100.0, part=part, capital=300.0)
    result = simulate(
        Scheme(
            horizon=len(counts),
            order=Order(spend=100.0, parts=Parts(platform=part)),
            demand=Demand(kind="list", orders=tuple(float(n) for n in counts)),
            platform=Platform(policy="cut", capital=300.0),
            mechanisms=(queue,),
        )
    )
    table = result.cohorts.reindex(range(1, len(counts) + 1), fill_value=0.0)
    for column, values in zip(("received", "left", "even"), wanted, strict=True):
        assert table[column].tolist() == pytest.approx(values, abs=1e-6), column
    waiting = sum(counts) - sum(wanted[1])
    assert result.series["holders"].iloc[-1] == pytest.approx(waiting, abs=1e-9)
