"""One order at a time, held to the engine and to what the pitches publish."""

from __future__ import annotations

from itertools import takewhile

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from model import load, simulate
from model.mechanisms.points_pool.joining import PRICE_LIMIT
from tests.turns import with_points_alone
from view.sentences.walk import walk

CLOSE = 1e-9

POINTS = with_points_alone()


def agrees(name: str, orders: int, **settings: object) -> None:
    """The walk of single orders and the engine with tick="order" say the same after each."""
    asked = {f"points_pool.{key}": value for key, value in settings.items()}
    scheme = load(name, {"tick": "order", "horizon": orders, **asked})
    series = simulate(scheme).series
    told = walk(scheme, upto=orders, buyer=orders, sell=0)
    assert len(told.rows) == orders
    # Beyond a price that no number can follow the engine stands still.
    rows = list(takewhile(lambda row: row.price < PRICE_LIMIT, told.rows))
    series = series.iloc[: len(rows)]
    for column, found in (
        ("price", [row.price for row in rows]),
        ("pool", [row.pool for row in rows]),
        ("points", [row.points for row in rows]),
    ):
        # A pool may be emptied to the last hair of rounding; a price or a point never is.
        hair = 1e-9 if column == "pool" else 1e-300
        assert found == pytest.approx(series[column].to_list(), rel=CLOSE, abs=hair), column
    assert [len(row.leavers) for row in rows] == series["exits"].astype(int).to_list()
    # The oldest leave first, each once.
    assert [who for row in told.rows for who in row.leavers] == list(
        range(1, sum(len(row.leavers) for row in told.rows) + 1)
    )


@pytest.mark.parametrize("multiple", [0.5, 1.2, 2.0, None])
@pytest.mark.parametrize("name", POINTS)
def test_agrees_with_the_engine(name, multiple):
    agrees(name, 600, exit_multiple=multiple)


@given(
    share=st.floats(0.01, 1),
    gift=st.floats(0.05, 0.99),
    fee=st.floats(0, 0.9),
    launch_price=st.floats(0.01, 100),
    exit_multiple=st.none() | st.floats(0.1, 5),
)
@example(share=0.8, gift=0.05, fee=0.8, launch_price=30.0, exit_multiple=1.9)
def test_agrees_with_the_engine_for_any_pool(share, gift, fee, launch_price, exit_multiple):
    # Where a buyer is due at once everybody always is, and nobody is left to hold a point.
    assume(exit_multiple is None or exit_multiple > 1.02 * share * gift)
    agrees(
        "wine-points",
        80,
        share=share,
        gift=gift,
        fee=fee,
        launch_price=launch_price,
        exit_multiple=exit_multiple,
    )


def test_published_sale_of_the_first_buyer():
    # Wine, 100 yuan: 30 into the pool, 21 points at a launch price of 1. After order 100 a point
    # costs 5.1731: 21 * 5.1731 = 108.6351, the "profit". Less the fee of 10%: 97.77, of which the
    # buyer's own contribution is 30.00.
    told = walk(load("wine-points"), upto=100, buyer=1, sell=100)
    assert told.sold
    assert told.left_at == 100
    assert told.sale is not None
    assert told.sale.points == pytest.approx(21, rel=CLOSE)
    assert round(told.sale.price, 4) == 5.1731
    assert round(told.sale.price, 4) * told.sale.points == pytest.approx(108.6351, abs=1e-9)
    assert round(told.sale.gross, 2) == 108.63
    assert round(told.paid, 2) == 97.77
    assert told.contribution == pytest.approx(30.00, rel=CLOSE)
    assert told.sale.kept + told.sale.paid == pytest.approx(told.sale.gross, rel=CLOSE)
    # The price jumps for the others: (3000 - 97.77) / (points - 21).
    assert told.sale.after > told.sale.price
    assert told.rows[-1].pool == pytest.approx(3000 - told.paid, rel=CLOSE)


def test_published_steps_of_the_thousand_yuan_scheme():
    # Points worth 2000 yuan sold at 9.52 pay 1600 and leave 400 in the pool: the first buyer's 210
    # points are worth 2000 at 2000 / 210 = 9.52.
    scheme = load("thousand-yuan-points")
    told = walk(scheme, upto=5000, buyer=1, sell=0)
    worth = next(k for k, value in enumerate(told.values) if value >= 2000)
    sold = walk(scheme, upto=worth + 1, buyer=1, sell=worth + 1)
    assert sold.sale is not None
    assert sold.sale.gross == pytest.approx(2000, rel=0.01)
    assert sold.sale.paid == pytest.approx(0.8 * sold.sale.gross, rel=CLOSE)
    # Forced out at a price of 14.29 = 3000 / 210, with 2400 after the fee.
    assert told.left_at is not None
    assert not told.sold
    assert told.paid == pytest.approx(2400, rel=CLOSE)
    assert told.rows[told.left_at - 2].price < 3000 / 210 <= told.sale.price


@given(
    name=st.sampled_from(POINTS),
    upto=st.integers(2, 300),
    data=st.data(),
)
def test_one_buyer_s_way(name, upto, data):
    buyer = data.draw(st.integers(1, upto))
    sell = data.draw(st.integers(0, upto))
    scheme = load(name)
    told = walk(scheme, upto=upto, buyer=buyer, sell=sell)
    # A value for every order from the buyer's own to the last, or to the one they left at.
    last = told.left_at if told.left_at is not None else upto
    assert len(told.values) == last - buyer + 1
    assert told.sold == (told.left_at is not None and told.left_at == sell and told.sold)
    if told.sold:
        assert told.left_at == sell
    if sell < buyer:
        assert not told.sold
    # No yuan is made or lost: what came in is in the pool or was paid out.
    forced = sum(1 for row in told.rows for who in row.leavers if who > 0)
    paid = forced * (scheme.most_paid or 0.0) + (told.paid if told.sold else 0.0)
    assert told.rows[-1].pool == pytest.approx(upto * told.contribution - paid, rel=CLOSE)


@pytest.mark.parametrize("name", POINTS)
def test_everybody_selling_leaves_a_price(name):
    """The last holder out: nothing is divided by nothing."""
    told = walk(load(name, {"points_pool.exit_multiple": 0.1}), upto=20, buyer=2, sell=3)
    for row in told.rows:
        assert row.price > 0
        assert 0 <= row.points < 1e6
        assert row.pool >= -1e-9


def test_a_price_beyond_all_numbers():
    """Fees that stay in the pool can drive the price up without end: it stops somewhere."""
    extreme = {
        "points_pool.share": 0.8,
        "points_pool.gift": 0.05,
        "points_pool.fee": 0.8,
        "points_pool.exit_multiple": 1.9,
    }
    told = walk(load("wine-points", extreme), upto=1000, buyer=500, sell=700)
    assert max(row.price for row in told.rows) > 1e100
    assert all(0 < row.price <= PRICE_LIMIT for row in told.rows)
    assert all(value >= 0 for value in told.values)
