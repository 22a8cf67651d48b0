"""How far the line must grow: closed forms for a points pool from its launch.

Everything here assumes that nobody sells unless a function says otherwise; then the price depends
on the number of orders alone, at whatever pace they come
(docs/mechanisms/points_pool.md, "Crowd factor").
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from math import exp, expm1, inf, lgamma, log

from model.loggamma import log_rising
from model.mechanisms.points_pool import PointsPool

#: No line grows beyond this many orders; everything further is "never".
END_OF_THE_LINE = 10**15
#: Orders never multiply by more than e to this; everything further is "never".
FARTHEST = 600.0
#: So many orders are played where no closed form says when buyers are out.
PLAYED = 60_000


def price_after(orders: int, *, pool: PointsPool) -> float:
    """Price of a point after ``orders`` orders from launch, yuan.

    P_n = p0 gamma(n + 1) gamma(1 + g) / (g gamma(n + g)); for n = 0 the launch price.
    """
    if orders == 0:
        return pool.launch_price
    phi = log_rising(pool.gift)
    # gamma(n+1) / gamma(n+g) = n gamma(n) / gamma(n+g)
    return pool.launch_price * exp(
        log(orders) - phi(float(orders)) + lgamma(1 + pool.gift) - log(pool.gift)
    )


def orders_until_price(price: float, *, pool: PointsPool) -> float:
    """The first order after which a point costs at least ``price``; inf if that never happens."""
    if price_after(1, pool=pool) >= price:
        return 1.0
    if price_after(END_OF_THE_LINE, pool=pool) < price:
        return inf
    return float(
        bisect_left(range(END_OF_THE_LINE), price, lo=1, key=lambda n: price_after(n, pool=pool))
    )


def value_factor(multiple: float, *, pool: PointsPool) -> float:
    """By how much the price must rise for a holding to be worth ``multiple`` times the price paid.

    A buyer is credited gift x share of the price, so it must rise by multiple / (share gift).
    """
    return multiple / (pool.share * pool.gift)


def order_reaching(multiple: float, *, place: int, pool: PointsPool) -> float:
    """The order at which the buyer in ``place`` (1 = first) holds ``multiple`` x the price paid.

    Before the fee; inf if the line cannot be that long.
    """
    entry = price_after(place - 1, pool=pool)
    return orders_until_price(entry * value_factor(multiple, pool=pool), pool=pool)


def crowd_factor(multiple: float, *, pool: PointsPool, forced_exits: bool = False) -> float:
    """K: by how much all orders so far must multiply for a late buyer to hold ``multiple`` x.

    So one buyer in K has got there, at any moment and at any pace of growth. Without exits
    K = (multiple / (share gift))^(1 / (1 - gift)). With ``forced_exits`` at that multiple settled
    the fees that stay push the price, and it is the line's own steady answer
    (docs/mechanisms/points_pool.md, "Crowd factor"). Where exits set off each other so that a
    line never comes to rest, it is the mean over such a line; 1 if everybody is out at once,
    inf if it never happens.
    """
    rise = value_factor(multiple, pool=pool)
    if rise <= 1:
        return 1.0
    if forced_exits:
        return _settled(pool.share, pool.gift, pool.fee, multiple)
    return _alone(rise, pool.gift)


def _alone(rise: float, gift: float) -> float:
    """K for a price that grows like n^(1 - gift)."""
    exponent = log(rise) / (1 - gift) if gift < 1 else inf
    return exp(exponent) if exponent <= FARTHEST else inf


@lru_cache(maxsize=1024)
def _settled(share: float, gift: float, fee: float, multiple: float) -> float:
    """K with forced exits at ``multiple`` settled, for a rise of the price beyond 1.

    The price grows like n^(ln r / x), x = ln K, and what all holders' points are worth must be what
    the pool has. With z = ln r - x that is ln r (e^z - 1) / z - fee e^z = 1 / gift - 1. The left
    side rises from nought at z = -inf, once, and may then fall: a line starts with nobody out
    (x = inf), so the first z counts; at a second one each exit would drive the price away.
    """
    if multiple <= share:
        # The pool always has at least the multiple for each holder: somebody is due until all are.
        return 1.0
    if gift >= 1:
        return inf
    lasting = log(multiple / (share * gift))
    wanted = (1 - gift) / gift

    def left(z: float) -> float:
        return lasting * (expm1(z) / z if abs(z) > 1e-8 else 1 + z / 2) - fee * exp(z)

    low = -1.0
    while left(low) >= wanted:
        if low <= -FARTHEST:
            return inf
        low = max(2 * low, -FARTHEST)
    high = _highest(low, lasting, fee)
    if left(high) < wanted:
        return _played(share, gift, fee, multiple)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if left(middle) >= wanted else (middle, high)
    x = lasting - high
    if fee * multiple * exp(-x) >= share * (1 - gift):
        # Fees push the price by more than new orders do: one exit sets off the next.
        return _played(share, gift, fee, multiple)
    return exp(x) if x <= FARTHEST else inf


def _highest(low: float, lasting: float, fee: float) -> float:
    """Where ln r (e^z - 1) / z - fee e^z is highest, from ``low`` to z = ln r, which is K = 1."""

    def rises(z: float) -> bool:
        falling = (expm1(-z) + z) / z**2 if abs(z) > 1e-4 else 0.5 - z / 6
        return lasting * falling > fee

    high = lasting
    if rises(high):
        return high
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) else (low, middle)
    return low


def _played(share: float, gift: float, fee: float, multiple: float) -> float:
    """1 / the mean share of buyers who are out, over the logarithm of orders, order by order.

    If nobody is out by then, what it takes until the first are: that nobody leaves.
    """
    pool = supply = 0.0
    price, most = 1.0, 0.0  # most: points since they were last added up one by one
    points: list[float] = []
    out, shares, mark = 0, 0.0, PLAYED / 100
    marks = 0
    for orders in range(1, PLAYED + 1):
        points.append(share * gift / price)
        supply += points[-1]
        most = max(most, supply)
        pool += share
        price = pool / supply
        while points[out] * price >= multiple * (1 - 1e-10):
            pool -= (1 - fee) * multiple
            supply -= points[out]
            out += 1
            if out == orders:
                if pool >= multiple - share and share >= (1 - fee) * multiple:
                    return 1.0  # what is left over forces out whoever joins next, for good
                supply = most = 0.0  # the price stands until somebody joins
                break
            if supply < 1e-4 * most:  # the rest of a difference has lost its digits
                supply = most = sum(points[out:])
            price = pool / supply
        if price > 1e100:
            points[out:] = [held * price for held in points[out:]]
            supply, most, price = supply * price, most * price, 1.0
        if orders >= mark:
            shares, marks, mark = shares + out / orders, marks + 1, mark * 1.02
    return marks / shares if shares > 0 else _alone(multiple / (share * gift), gift)


def median_value(*, pool: PointsPool) -> float:
    """What the median buyer's points are worth, as a fraction of the price paid, if nobody sells.

    A buyer who joined when the line was a fraction x as long holds share gift x^-(1 - gift).
    """
    return pool.share * pool.gift * 2 ** (1 - pool.gift)


def share_holding(multiple: float, *, pool: PointsPool) -> float:
    """The share of buyers who hold at least ``multiple`` x the price paid, if nobody sells."""
    return 1 / crowd_factor(multiple, pool=pool)


def member_exit_price(places: list[int], *, multiple: float, pool: PointsPool) -> float:
    """The price at which a member with several orders is forced out when all are tested together.

    Total points x price = multiple x total spending: the harmonic mean of the entry prices takes
    the place of the entry price.
    """
    if not places:
        raise ValueError("at least one order")
    inverse = sum(1 / price_after(place - 1, pool=pool) for place in places) / len(places)
    return value_factor(multiple, pool=pool) / inverse
