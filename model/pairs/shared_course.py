"""What an order is paid by points and dividends under one quota, as the line grows."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf, isfinite

import numpy as np

from model.arrays import Floats
from model.asked.course import Course, first_reaching
from model.crowd import FARTHEST
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.dividend_pool.units import Units
from model.mechanisms.points_pool import PointsPool
from model.scheme import Mechanism, Scheme


def apart(scheme: Scheme, mechanism: Mechanism) -> Mechanism:
    """The mechanism as if it were the only one: with a shared quota for itself."""
    if mechanism not in scheme.sharing:
        return mechanism
    multiple = scheme.pool.exit_multiple
    return mechanism.model_copy(update={"shared_quota": "own", "quota_multiple": multiple})


def courses(
    scheme: Scheme, mechanisms: tuple[Mechanism, ...], *, recruits: bool
) -> Mapping[str, Course | None]:
    """By the names of those of ``mechanisms`` that share a quota: the points' has what both pay."""
    pools = tuple(pool for pool in scheme.sharing if pool in mechanisms)
    points = scheme.points_pool
    if not pools or points is None:
        return {}
    found: dict[str, Course | None] = dict.fromkeys(pool.name for pool in pools)
    return found | {points.name: _shared(scheme, points, pools, recruits)}


def _shared(
    scheme: Scheme, points: PointsPool, pools: tuple[DividendPool, ...], recruits: bool
) -> Course:
    """Points and dividends under one quota m: out when dividends so far + points are worth m.

    As for a points pool by itself, with v = m - dividends in the place of m: the price of a point
    grows like N^beta such that all points are worth what the pool has, over ranks that leave at x
    a g mean[(e^((beta - 1) x) - 1) / (beta - 1)] = a - (1 - f) mean[v e^-x].
    """
    spend, net = scheme.order.mean_spend, 1 - points.fee
    quota = inf if points.exit_multiple is None else points.exit_multiple
    start = points.share * points.gift
    states = [Units(scheme, pool, quotas=np.array([[inf]])) for pool in pools]
    states = [state for state in states if not state.none]
    # Of several dividend pools the one with ranks says who has one.
    ranked = max(states, key=lambda s: s.pool.rank_share, default=None)
    weight = np.array([1.0]) if ranked is None else ranked.weight[0]

    def dividends(x: float, rank: int, own: bool) -> float:
        found = (
            state.received(
                x, package=0, recruits=own, rank=rank if state.pool.rank_share > 0 else 0
            )
            for state in states
        )
        return sum(found) / spend

    def ends(slope: float, rank: int, own: bool) -> float:
        if not isfinite(quota):
            return FARTHEST
        found = first_reaching(
            lambda x: dividends(x, rank, own) + start * exp(min(slope * x, FARTHEST)), quota
        )
        return min(max(found, 1e-9), FARTHEST)

    slope = 1 - points.gift
    out = np.full(len(weight), FARTHEST)
    for _ in range(200):
        for state in states:
            state.settle(
                out[None, :]
                if len(out) == state.weight.shape[1]
                else np.full_like(state.weight, out[0])
            )
        if isfinite(quota):
            left = [max(quota - dividends(x, r, True), 0.0) for r, x in enumerate(out)]
            sold = float(np.sum(weight * np.array(left) * np.exp(-out)))
            slope = _rising(weight, out, max(points.share - net * sold, 0.0) / start)
        after = np.array(
            [
                ends(slope, r, True) if part > 0 else FARTHEST
                for r, part in enumerate(weight.tolist())
            ]
        )
        settled = np.all(np.abs(after - out) <= 1e-9 * out)
        # Half of the way once it has gone too far, as it does where the gift is small.
        out = after if np.all(after <= out) else np.sqrt(after * out)
        if settled:
            break
    done = ends(slope, 0, recruits)

    def paid(x: float) -> float:
        if x >= done and isfinite(quota):
            had = min(dividends(done, 0, recruits), quota)
            return had + net * (quota - had)
        return dividends(x, 0, recruits) + net * start * exp(slope * x)

    if not isfinite(quota):
        return Course(paid=paid, done=None)
    return Course(paid=paid, done=done if done < FARTHEST else inf)


def _rising(weight: Floats, out: Floats, worth: float) -> float:
    """Beta such that mean[(e^((beta - 1) x) - 1) / (beta - 1)] over the ranks is ``worth``."""

    def lacks(beta: float) -> bool:
        z = np.clip((beta - 1) * out, -FARTHEST, FARTHEST)
        near = np.abs(z) < 1e-9
        each = np.where(near, 1 + z / 2, np.expm1(z) / np.where(near, 1.0, z))
        return float(np.sum(weight * out * each)) < worth

    low, high = 0.0, 2.0
    while lacks(high) and high < 1e12:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if lacks(middle) else (low, middle)
    return high
