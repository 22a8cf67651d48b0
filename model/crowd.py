"""How far the line must grow: closed forms for a points pool from its launch.

Everything here assumes that nobody sells unless a function says otherwise; then the price depends
on the number of orders alone, at whatever pace they come (docs/model.md, "Crowd factor").
"""

from __future__ import annotations

from bisect import bisect_left
from math import exp, inf, lgamma, log

from model.loggamma import log_rising
from model.mechanisms import PointsPool

#: No line grows beyond this many orders; everything further is "never".
END_OF_THE_LINE = 10**15


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
    K = (multiple / (share gift))^(1 / (1 - gift)). With ``forced_exits`` at that multiple settled,
    the fees that stay push the price: beta = (a(1-g) + f m/K) / (a - (1-f) m/K), iterated with
    K = (m / (a g))^(1 / beta); within 0.5 % of order-by-order runs. inf if it never happens.
    """
    rise = value_factor(multiple, pool=pool)
    if rise <= 1:
        return 1.0
    slope = 1 - pool.gift
    if slope <= 0:
        return inf
    exponent = log(rise) / slope
    if exponent > 600:
        return inf
    factor = exp(exponent)
    if not forced_exits:
        return factor
    share, fee = pool.share, pool.fee
    for _ in range(200):
        remaining = share - (1 - fee) * multiple / factor
        if remaining <= 0:
            return factor
        beta = (share * slope + fee * multiple / factor) / remaining
        after = exp(log(rise) / beta)
        if abs(after - factor) <= 1e-9 * factor:
            return after
        factor = max(after, 1.0)
    return factor


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
