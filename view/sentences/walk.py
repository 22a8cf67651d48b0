"""One order at a time, with one buyer who may sell when the reader says so.

The engine knows crowds and not persons; this loop follows persons over a few hundred orders, and a
test holds it to the engine where both can speak.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.mechanisms.points_pool.joining import PRICE_LIMIT
from model.scheme import Scheme

#: A value this close to what is asked for has reached it, as in the engine.
_REACHED = 1.0 - 1e-12


@dataclass(frozen=True)
class Row:
    """The state after one order."""

    entry: float  # price before it, yuan
    credited: float  # points
    pool: float  # yuan
    points: float
    price: float  # yuan
    leavers: tuple[int, ...]  # buyers forced out; negative: sold of their own accord


@dataclass(frozen=True)
class Sale:
    """One buyer's sale."""

    points: float
    price: float
    gross: float
    kept: float
    paid: float
    after: float  # price after it


@dataclass(frozen=True)
class Walk:
    """A run of single orders, seen by one buyer."""

    rows: tuple[Row, ...]
    values: tuple[float, ...]  # the buyer's points, yuan, after each order from their own on
    contribution: float
    left_at: int | None
    sold: bool
    paid: float
    own: float  # of that, what was left of the own contribution (convention ``own``)
    sale: Sale | None


def walk(scheme: Scheme, *, upto: int, buyer: int, sell: int) -> Walk:
    """Play ``upto`` orders; ``buyer`` sells after order ``sell`` (0: never) if still there.

    Outside money, old debt, the issue cap and other people's behaviour are left out: this is the
    arithmetic as the pitch tells it.
    """
    pool = scheme.pool
    spend = scheme.order.spend
    contribution = pool.share * spend
    quota = None if pool.exit_multiple is None else pool.exit_multiple * spend
    money = supply = 0.0
    price = pool.launch_price
    held: list[float] = []
    oldest = 0
    rows: list[Row] = []
    values: list[float] = []
    left_at, sold, paid, own, sale = None, False, 0.0, 0.0, None
    # What leavers draw from others shrinks everybody's own money alike (model.funding).
    left_of_own, joined_at = 1.0, [1.0] * (upto + 1)

    def draw(who: int, gross: float) -> float:
        """Book one leaver's gross payment; returns what it holds of the own contribution, net."""
        nonlocal left_of_own
        mine = min(gross, contribution * left_of_own / joined_at[who])
        rest = money - mine
        if rest > 0:
            left_of_own = max(left_of_own * (1 - min((gross - mine) / rest, 1.0)), 1e-200)
        return min(mine, (1 - pool.fee) * gross)

    for number in range(1, upto + 1):
        entry = price
        credited = pool.gift * contribution / entry
        held.append(credited)
        joined_at[number] = left_of_own
        supply += credited
        money += contribution
        price = min(money / supply, PRICE_LIMIT)
        leavers: list[int] = []
        while quota is not None and oldest < number:
            if not held[oldest]:
                oldest += 1
                continue
            if held[oldest] * price < quota * _REACHED:
                break
            if oldest + 1 == buyer:
                left_at, paid = number, (1 - pool.fee) * quota
                sale = Sale(held[oldest], price, quota, pool.fee * quota, paid, price)
                values.append(quota)
            mine = draw(oldest + 1, quota)
            if oldest + 1 == buyer:
                own = mine
            money -= (1 - pool.fee) * quota
            held[oldest] = 0.0
            # Summed anew: where the price soars, what is left is lost beside what was taken away.
            supply = sum(held[oldest:])
            leavers.append(oldest + 1)
            oldest += 1
            price = min(money / supply, PRICE_LIMIT) if supply > 0 else price
            if sale is not None and left_at == number and leavers[-1] == buyer:
                sale = Sale(sale.points, sale.price, sale.gross, sale.kept, sale.paid, price)
        if number == sell and buyer <= number and held[buyer - 1]:
            points = held[buyer - 1]
            gross = points * price
            values.append(gross)
            own = draw(buyer, gross)
            money -= (1 - pool.fee) * gross
            held[buyer - 1] = 0.0
            supply = sum(held)
            after = min(money / supply, PRICE_LIMIT) if supply > 0 else price
            left_at, sold, paid = number, True, (1 - pool.fee) * gross
            sale = Sale(points, price, gross, pool.fee * gross, paid, after)
            price = after
            leavers.append(-buyer)
        elif number >= buyer and left_at is None:
            values.append(held[buyer - 1] * price)
        rows.append(Row(entry, credited, money, supply, price, tuple(leavers)))
    return Walk(tuple(rows), tuple(values), contribution, left_at, sold, paid, own, sale)
