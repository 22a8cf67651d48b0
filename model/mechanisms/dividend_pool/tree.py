"""What members of a recruitment tree are paid by dividends."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, inf

import numpy as np
import numpy.typing as npt

from model.arrays import Floats, Ints
from model.asked.tree import REACHED, Members, Trees
from model.mechanisms.dividend_pool.settings import RANKS, DividendPool
from model.recruitment import STEPS

#: Dividends are paid out in so many early stretches of growing length beside the even ones.
_EARLY = 8
#: Rounds in which what some cannot take any more is divided over the others.
_ROUNDS = 60


class DividendTree(Trees[DividendPool]):
    """Recruits bring units, and units ranks."""

    def matters(self, pool: DividendPool) -> bool:
        """See :meth:`Trees.matters`."""
        return pool.referral_rate > 0 or _ranks(pool)

    def paid(self, pool: DividendPool, members: Members) -> dict[str, Floats]:
        """Nobody more than a quota of dividends alone; see :meth:`Trees.paid`."""
        scheme, record = members.scheme, members.result.record(pool.name)
        each = scheme.quotas(pool) or [inf] * len(scheme.order.choices)
        quota: Floats = np.array(each)[members.package]
        if self.matters(pool):
            return poured(pool, members, quota=quota, until=members.until)[0]
        # As in the run: nobody's units are but their own.
        clock = np.concatenate(([0.0], np.cumsum(record.price)))
        had = _units(pool, members) * (clock[members.until] - clock[members.cohort])
        return {"own": np.minimum(had, quota)}


def _ranks(pool: DividendPool) -> bool:
    return pool.rank_share > 0 and pool.rank_reached[0] > 0


def poured(
    pool: DividendPool, members: Members, *, quota: Floats, until: Ints, most: float = inf
) -> tuple[dict[str, Floats], Floats]:
    """What the run paid in each stretch, by the units members have, nobody over the ``quota``.

    Yuan by what for, and what is left of the quota. Members have units ``until`` a tick; nobody is
    paid more than ``most`` times what their units would bring in the run.
    """
    record, units = members.result.record(pool.name), _units(pool, members)
    clock = np.concatenate(([0.0], np.cumsum(record.price)))
    own, recruits, ranks, gained = (np.zeros(members.tree.members) for _ in range(4))
    left = quota.copy()
    by_units = np.minimum(record.price * record.units, record.paid_out)
    edges = _edges(members.ticks)
    for done, (start, end) in enumerate(pairwise(edges.tolist()), start=1):
        here = (members.cohort < end) & (until > start) & (units > 0)
        opening = np.clip(members.cohort, start, end)
        mine = np.where(here, units * (clock[np.clip(until, start, end)] - clock[opening]), 0.0)
        theirs = gained * (clock[end] - clock[start])
        if pool.referral_rate:
            first, last = np.searchsorted(members.cohort, (start, end))
            at = np.arange(first, last)
            theirs += _referred(pool, members, at, units[at] * (clock[end] - clock[opening[at]]))
            gained += _referred(pool, members, at, units[at])
        theirs = np.where(here, theirs, 0.0)
        money = float(by_units[start:end].sum()) / members.weight
        paid = _filled(money, mine + theirs, left, most=most)
        part = np.divide(mine, mine + theirs, out=np.zeros_like(mine), where=mine > 0)
        own += paid * part
        recruits += paid * (1.0 - part)
        left = np.maximum(left - paid, 0.0)
        pots = float((record.paid_out - by_units)[start:end].sum()) / members.weight
        if _ranks(pool) and pots > 0:
            earning = here & (left > (1 - REACHED) * members.paid)
            paid = _filled(pots, _ranked(pool, members, units + gained, earning, end), left)
            ranks += paid
            left = np.maximum(left - paid, 0.0)
        members.told(done / (len(edges) - 1))
    return {"own": own, "recruits": recruits, "ranks": ranks}, left


def _edges(ticks: int) -> Ints:
    """Where the stretches of time begin and end: early ones are short."""
    even = np.linspace(0, ticks, min(STEPS - _EARLY, ticks) + 1)
    early = np.geomspace(1, max(float(even[1]), 1.0), _EARLY)
    found: Ints = np.unique(np.rint(np.concatenate((even, early))).astype(np.int64))
    return found


def _units(pool: DividendPool, members: Members) -> Floats:
    """Own units of each; none once all that may be issued have been."""
    units = np.array(members.scheme.units(pool))[members.package]
    if pool.issue_cap is None:
        return units
    # In the run recruits' units are within the cap too.
    given = next(e for e in members.result.engines.dividends if e.settings.name == pool.name).own
    room = given / members.weight - (np.cumsum(units) - units)
    credited: Floats = np.clip(room, 0.0, units)
    return credited


def _referred(pool: DividendPool, members: Members, at: Ints, worth: Floats) -> Floats:
    """What the uplines of the members ``at`` have for ``worth``, (members,)."""
    tree = members.tree
    of = np.array(pool.package_generations or (pool.referral_generations,), dtype=np.int64)
    found = np.zeros(tree.members)
    last = of[members.package] if len(of) > 1 else np.full(tree.members, of[0])
    upline = tree.recruiter[at]
    for generation in range(1, int(of.max()) + 1):
        there = upline >= 0
        upline, worth = upline[there], worth[there]
        if not len(upline):
            break
        counts = worth * (last[upline] >= generation)
        found += np.bincount(upline, counts, minlength=tree.members)
        upline = tree.recruiter[upline]
    found *= pool.referral_rate
    return found


def _ranked(
    pool: DividendPool, members: Members, units: Floats, earning: npt.NDArray[np.bool_], end: int
) -> Floats:
    """Each one's part of the rank pots at the end of tick ``end``: adds up to 1."""
    tree = members.tree
    found = np.zeros(tree.members)
    at = np.flatnonzero(earning)
    if not len(at):
        return found
    there = int(np.searchsorted(members.cohort, end))
    brought = np.bincount(tree.recruiter[:there] + 1, minlength=tree.members + 1)[1:][at]
    # Most units first; of equals who brought most, then who came first.
    key = units[at] / units[at].max() + 1e-7 * brought / (brought.max() + 1)
    key -= 1e-9 * at / tree.members
    counts = [min(ceil(part * len(at) * REACHED), len(at)) for part in pool.rank_reached]
    top = np.argpartition(-key, counts[0] - 1)[: counts[0]]
    order = at[top[np.argsort(-key[top])]]
    for count in filter(None, counts):
        found[order[:count]] += 1 / (RANKS * count)
    return found


def _filled(money: float, worth: Floats, room: Floats, *, most: float = inf) -> Floats:
    """``money`` divided in proportion to ``worth``, nobody more than there is ``room``.

    What does not fit goes to the others, until all is divided or nobody has room.
    """
    total = float(worth.sum())
    if money <= 0 or total <= 0:
        return np.zeros_like(worth)
    level = min(money / total, most)
    for _ in range(_ROUNDS):
        full = level * worth >= room
        open_ = float(worth[~full].sum())
        rest = money - float(room[full].sum())
        if open_ <= 0 or rest <= 0:
            break
        higher = min(rest / open_, most)
        if higher <= level * (1 + 1e-12):
            break
        level = higher
    filled: Floats = np.minimum(level * worth, room)
    return filled
