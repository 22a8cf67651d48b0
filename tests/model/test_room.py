"""A class at a table: held to the engine where nobody sells, to a pencil where somebody does."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, presets, simulate
from model.asked.seats import CROWD, Pot, largest_remainder
from model.room import Move, RoomError, Table, acts, play
from tests.model import reference, slow
from tests.model.agree import SEARCH


def playable():
    found = []
    for name in presets():
        try:
            Table(load(name))
        except RoomError:
            continue
        found.append(name)
    return found


PLAYABLE = playable()
#: Of a preset what a table leaves to persons outside the class: recruits, ranks, dearer packages.
ALONE = {
    "cyclic-purchase": {"dividend_pool.rank_share": 0.0},
    "cyclic-packages": {
        "order.packages": (),
        "dividend_pool.package_units": (),
        "dividend_pool.package_quotas": (),
        "dividend_pool.package_generations": (),
        "dividend_pool.quota_multiple": 3.0,
        "dividend_pool.rank_share": 0.0,
        "dividend_pool.referral_rate": 0.0,
    },
    "green-points": {
        "order.packages": (),
        "scheduled_release.package_multiples": (),
        "scheduled_release.gift_multiple": 3.0,
        "scheduled_release.first_generation": 0.0,
        "scheduled_release.second_generation": 0.0,
        "scheduled_release.stars": (),
    },
    "guild-queue": {"refund_queue.advance": 0.0},
}


def test_most_schemes_can_be_played_and_the_others_say_why():
    assert len(PLAYABLE) >= 12
    assert {"stamp-card", "cash-back-card", "cooperative-dividend"} <= set(PLAYABLE)
    for name in set(presets()) - set(PLAYABLE):
        with pytest.raises(RoomError, match="a class cannot"):
            Table(load(name))


@pytest.mark.parametrize("name", PLAYABLE)
def test_what_one_can_do(name):
    assert acts(load(name)) == ({"buy", "sell"} if "points" in _kinds(name) else {"buy"})


def _kinds(name):
    return " ".join(m.kind for m in load(name).mechanisms)


def compared(name, orders, *, days, change=None):
    """A game in which each round's orders are one seat's, beside the engine's run of the same."""
    changes = {**ALONE.get(name, {}), **(change or {})}
    changes.pop("alone", None)
    by_day = [0] * (days * len(orders))
    by_day[::days] = orders
    ran = {"demand.kind": "list", "demand.orders": tuple(by_day), "horizon": len(by_day)}
    scheme = load(name, set={**changes, "tick": "day", **ran})
    moves = [Move(n, n, "buy") for n, count in enumerate(orders, 1) for _ in range(count)]
    table = play(load(name, set=changes), moves, rounds=len(orders), days=days)
    return table, simulate(scheme)


@pytest.mark.parametrize("name", [name for name in PLAYABLE if name != "lifetime-points"])
@pytest.mark.parametrize("days", [1, 7, 40])
def test_where_nobody_sells_it_is_the_engine_s_run(name, days):
    orders = [3, 0, 5, 1, 8, 2, 4, 7]
    table, result = compared(name, orders, days=days)
    # A payment is rounded to a fen; the engine's is not. One a day and order at most.
    fen = len(orders) * days * max(orders)
    last = result.series.iloc[-1]
    books = table.books()
    assert books.pooled == round(100 * result.series["paid_in"].sum())
    assert books.out == pytest.approx(100 * result.series["paid_out"].sum(), abs=fen)
    assert books.pool == pytest.approx(100 * last["pool"], abs=fen)
    for number, count in enumerate(orders, 1):
        if count:
            received = 100 * result.cohorts.loc[days * (number - 1) + 1, "received"]
            assert table.got(number) == pytest.approx(received, abs=days * len(orders) * count)
    if table.price() is not None:
        assert float(table.price()) == pytest.approx(last["price"], rel=1e-9)


@pytest.mark.parametrize(
    "name",
    [name for name in PLAYABLE if load(name).points_pool is None and name != "lifetime-points"],
)
@pytest.mark.parametrize("days", [1, 20])
@pytest.mark.part(2)
def test_it_is_the_slow_reference_s_too(name, days):
    orders = [2, 5, 0, 3, 6]
    table, _ = compared(name, orders, days=days)
    by_day = [0] * (days * len(orders))
    by_day[::days] = orders
    ran = {"demand.kind": "list", "demand.orders": tuple(by_day), "horizon": len(by_day)}
    told = slow.run(load(name, set={**ALONE.get(name, {}), "tick": "day", **ran}))
    fen = len(orders) * days
    assert table.pool() == pytest.approx(100 * float(told.pool[-1]), abs=fen * max(orders))
    for number, count in enumerate(orders, 1):
        if count:
            received = 100 * float(told.cohorts[days * (number - 1) + 1].received)
            assert table.got(number) == pytest.approx(received, abs=fen * count)


def test_order_by_order_with_forced_exits_it_is_the_slow_reference_s():
    """A round an order: the oracle in exact fractions walks the same way."""
    change = {"points_pool.exit_multiple": 0.4, "tick": "order", "horizon": 60}
    scheme = load("thousand-yuan-points", set=change)
    told = reference.run(scheme, [1] * 60, number=reference.exact)
    table = play(scheme, [Move(n, n, "buy") for n in range(1, 61)], rounds=60)
    assert sum(float(paid) for paid in told.paid_out) > 0
    assert float(table.price()) == pytest.approx(float(told.price[-1]), rel=1e-6)
    assert table.books().out == pytest.approx(100 * float(sum(told.paid_out)), abs=60)


@pytest.mark.parametrize("times", [1.6, 2.0, 3.0])
@pytest.mark.parametrize("name", ["wine-points", "local-life-points", "thousand-yuan-points"])
def test_forced_exits_are_the_engine_s(name, times):
    """Out at so many times what the points were worth when they were given."""
    orders = [4, 20, 30, 0, 60, 45, 50]
    pool = load(name).pool
    change = {"points_pool.exit_multiple": round(times * pool.share * pool.gift, 3)}
    table, result = compared(name, orders, days=1, change=change)
    assert result.series["exits"].sum() > 0
    for number, count in enumerate(orders, 1):
        if count:
            # The engine's price moves by the fen that a payment is rounded by.
            received = 100 * result.cohorts.loc[number, "received"]
            assert table.got(number) == pytest.approx(received, abs=count)
    # Where prices explode few points are left, and a fen that was rounded is seen.
    assert float(table.price()) == pytest.approx(result.series["price"].iloc[-1], rel=1e-3)


def test_the_published_figures_of_the_wine_scheme():
    """Price 1.4286, 1.6807, 1.8674 after one, two, three orders of 100 (30 into the pool)."""
    table = Table(load("wine-points"))
    for seat, price, points in ((1, 1.4286, 21.0), (2, 1.6807, 14.7), (3, 1.8674, 12.495)):
        table.act(seat, "buy")
        assert float(table.price()) == pytest.approx(price, abs=5e-5)
        # Points at the price, less the fee of 10 %.
        assert table.holding(seat) == int(
            100 * Fraction(9, 10) * table.price() * Fraction(str(points))
        )
    assert table.pool() == 9000


def test_the_first_of_a_hundred_sells_wine():
    """docs/model.md: 97.77 yuan, of which 30.00 are its own and 67.77 come from the 99 after it.

    The published price after order 100 is 5.1731; 21 points at that are 108.635, less a tenth.
    6777 fen of 99 alike: 68 from each and 45 more, which the first 45 give.
    """
    table = Table(load("wine-points"))
    for seat in range(1, 101):
        table.act(seat, "buy")
    assert float(table.price()) == pytest.approx(5.17307660, abs=5e-9)
    table.act(1, "sell")
    told = table.statement(1)
    assert (told.paid, told.got, told.own) == (10_000, 9777, 3000)
    first, others = [(seat, 69) for seat in range(2, 47)], [(seat, 68) for seat in range(47, 101)]
    assert told.sources == tuple(first + others)
    assert table.books()[:4] == (1_000_000, 300_000, 9777, 290_223)


def test_a_sale_by_hand():
    """Two orders of 1,000 at a share of 30 %, a gift of 70 %, a fee of 20 %.

    Order 1: 210 points at 1; the pool has 300, a point is worth 300 / 210 = 10/7.
    Order 2: 210 / (10/7) = 147 points; the pool has 600, a point is worth 600 / 357.
    Seat 1 sells 210 points: 210 x 600 / 357 = 352.94..., of which 80 % are 282.35 in cash.
    Of those, 300 in the pool were its own, so all of it is its own money.
    600 - 282.35 = 317.65 stay for 147 points.
    Seat 3 buys: 210 / (317.65 / 147) = 97.18... points.
    Seat 2 sells 147 points of 244.18...: 80 % of 617.65 x 147 / 244.18...
    """
    table = Table(load("thousand-yuan-points"))
    table.act(1, "buy")
    assert table.price() == Fraction(10, 7)
    table.act(2, "buy")
    assert float(table.price()) == pytest.approx(600 / 357, rel=1e-12)
    assert table.can(1) == {"buy", "sell"}
    table.act(1, "sell")
    assert table.got(1) == 28235
    assert table.statement(1)[2:] == (28235, (), 0, 0)
    assert table.pool() == 60000 - 28235
    assert table.can(1) == {"buy"}
    table.act(3, "buy")
    points = 210 / (317.65 / 147)
    cash = 0.8 * 617.65 * 147 / (147 + points)
    table.act(2, "sell")
    assert table.got(2) == int(100 * cash)
    # 300 of its own at most; the rest from seat 3's 300 and the 17.65 that seat 1 has left there.
    told = table.statement(2)
    assert told.own == min(30000, table.got(2))
    assert [seat for seat, _ in told.sources] == ([3, 1] if table.got(2) > 30000 else [])


def test_whose_money_by_hand():
    """A pot with 300 of seat 1, 200 of seat 2, 100 of the crowd: seat 2 is paid 350.

    200 are its own. The other 150 come from the 400 that are left in proportion: 300/400 of 150
    are 112.5 and 100/400 are 37.5, in whole fen 112 and 38 or 113 and 37: of two alike fractions
    the first in order has the fen more.
    """
    pot = Pot()
    for owner, amount in ((1, 300), (2, 200), (CROWD, 100)):
        pot.put(owner, amount)
    assert pot.pay({2: 350}) == {(2, 2): 200, (1, 2): 113, (CROWD, 2): 37}
    assert pot.total == 250
    with pytest.raises(ValueError, match="more is to be paid"):
        pot.pay({1: 251})


@given(
    total=st.integers(0, 10**9),
    weights=st.dictionaries(st.integers(0, 60), st.integers(0, 10**6), max_size=12),
)
def test_the_largest_remainder_gives_all_away_and_nobody_a_fen_too_much(total, weights):
    given_ = largest_remainder(total, weights)
    whole = sum(weights.values())
    if not whole:
        assert given_ == {}
        return
    assert sum(given_.values()) == total
    for who, weight in weights.items():
        assert abs(given_[who] - Fraction(total * weight, whole)) < 1


MOVES = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 8), st.sampled_from(["buy", "buy", "sell"])),
    max_size=60,
)


@settings(max_examples=60 * SEARCH)
@given(
    name=st.sampled_from(PLAYABLE),
    moves=MOVES,
    crowd=st.integers(0, 6),
    days=st.integers(1, 30),
)
def test_whatever_they_do_every_fen_is_somebody_s(name, moves, crowd, days):
    table, done = Table(load(name), days=days, crowd=crowd), []
    price = table.price()
    for number in range(1, 7):
        for round_, seat, act in moves:
            if round_ == number and act in table.can(seat):
                table.act(seat, act)
                done.append(Move(number, seat, act))
                if price is not None:
                    # Every point was paid for: the price never falls.
                    assert table.price() >= price
                    price = table.price()
        table.close()
    again = play(load(name), done, rounds=6, days=days, crowd=crowd)
    for one in (table, again):
        one.stop()
    seats = range(1, 9)
    assert [table.statement(s) for s in seats] == [again.statement(s) for s in seats]
    books = table.books()
    assert books == again.books()
    assert books.pooled == books.out + books.pool
    assert books.paid_in == books.pooled + books.elsewhere
    assert min(books) >= 0
    out = table.got(CROWD)
    for seat in seats:
        told = table.statement(seat)
        assert told.got == told.own + sum(f for _, f in told.sources) + told.crowd + told.outside
        assert min(told.own, told.crowd, told.outside, table.holding(seat)) >= 0
        assert seat not in dict(told.sources)
        out += told.got
    assert out == books.out <= books.most


@pytest.mark.parametrize("name", ["stamp-card", "cash-back-card", "cooperative-dividend"])
def test_a_sound_programme_comes_out_sound(name):
    scheme = load(name)
    moves = [Move(n, seat, "buy") for n in (1, 2) for seat in (1, 2, 3)]
    table = play(scheme, moves, rounds=2, days=scheme.horizon, stop=True)
    for seat in (1, 2, 3):
        told = table.statement(seat)
        assert told.got == pytest.approx(told.paid * scheme.most_paid / scheme.order.spend, abs=2)
        # Nobody's money but one's own: what comes back was put aside from one's own purchase.
        assert told.own >= told.got - 2
    assert table.books().pool <= 2


def test_a_whole_class_with_a_crowd_is_played_at_once():
    rng = np.random.default_rng(17)
    for name in ("thousand-yuan-points", "guild-queue", "cyclic-purchase", "green-points"):
        table = Table(load(name), days=5, crowd=20)
        for _ in range(5):
            for seat in range(1, 41):
                act = rng.choice(["buy", "buy", "sell", "wait"])
                if act in table.can(seat):
                    table.act(seat, act)
            table.close()
        table.stop()
        books = table.books()
        assert books.paid_in > 100 * 20 * load(name).order.spend
        assert books.pooled == books.out + books.pool


def test_a_platform_that_stops_stops_for_all():
    """A release of 12 a day for 1,000, paid from 1 %: 10 of the first 12 are there, and no more."""
    change = {
        "order.spend": 1000.0,
        "scheduled_release.share": 0.01,
        "scheduled_release.gift_multiple": 1.0,
        "scheduled_release.daily_rate": 0.012,
        "platform.policy": "stop",
    }
    scheme = load("own:scheduled_release", set=change)
    table = Table(scheme, days=3)
    table.act(1, "buy")
    table.close()
    assert table.got(1) == 1000
    assert table.can(1) == frozenset()
    with pytest.raises(RoomError, match="stopped"):
        table.act(1, "buy")
    assert table.waiting(1) > 0


@pytest.mark.parametrize(
    ("seat", "act", "why"),
    [(0, "buy", "count from 1"), (1, "fly", "not one of"), (1, "sell", "nothing to sell")],
)
def test_what_cannot_be_done_is_one_sentence(seat, act, why):
    table = Table(load("wine-points"))
    with pytest.raises(RoomError, match=why):
        table.act(seat, act)
    assert table.books().paid_in == 0


def test_a_move_of_no_round():
    with pytest.raises(RoomError, match="from 1 to 2"):
        play(load("wine-points"), [Move(3, 1, "buy")], rounds=2)
