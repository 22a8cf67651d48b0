"""What members of a recruitment tree are paid by points and dividends under one quota.

Units last until the run's orders of that tick have left, and the points pay each what is left of
the quota, in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np

from model.arrays import Floats, Ints
from model.asked.tree import Members
from model.mechanisms.dividend_pool.tree import poured
from model.mechanisms.points_pool.tree import of_points


def paid(members: Members) -> Mapping[str, dict[str, Floats]]:
    """By the names of those that share a quota: the dividends' has what both pay, by what for."""
    scheme, found = members.scheme, dict[str, dict[str, Floats]]()
    for pool in scheme.sharing:
        multiple = scheme.pool.exit_multiple
        most = inf if multiple is None else multiple * scheme.order.spend
        quota = np.full(members.tree.members, most)
        until = _out_of_the_pool(members)
        kinds, left = poured(pool, members, quota=quota, until=until, most=1.0)
        kinds["own"] += _rest_of_quota(members, left)
        found |= {scheme.pool.name: {}, pool.name: kinds}
    return found


def _out_of_the_pool(members: Members) -> Ints:
    """The tick on which the run's orders of each tick had left the points pool."""
    points = members.result.points
    if points is None:
        return members.until
    gone = points.cohorts["exit_tick"].reindex(np.arange(1, members.ticks + 1)).fillna(0)
    last = gone.to_numpy(dtype=float).astype(np.int64)
    return np.where(last > 0, last, members.ticks)[members.cohort]


def _rest_of_quota(members: Members, left: Floats) -> Floats:
    """What points paid orders of the same tick, in proportion to what was left of the quota."""
    mean = of_points(members)
    if not np.isfinite(left).all():
        return mean
    of_tick = np.bincount(members.cohort, weights=left, minlength=members.ticks)
    there = np.bincount(members.cohort, minlength=members.ticks)
    average = np.divide(of_tick, there, out=np.zeros(members.ticks), where=there > 0)
    share = np.divide(
        left, average[members.cohort], out=np.zeros_like(left), where=average[members.cohort] > 0
    )
    found: Floats = np.minimum(mean * share, left)
    return found
