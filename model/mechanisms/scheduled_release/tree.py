"""What members of a recruitment tree are released."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from model.arrays import Floats
from model.asked.tree import Members, Trees
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.recruitment import STEPS, Spread, Tree, play

#: A release is played again if there is so much more money than it would pay.
_CLOSE = 1.02


class ReleaseTree(Trees[ScheduledRelease]):
    """Recruits bring it forward, and teams."""

    def matters(self, release: ScheduledRelease) -> bool:
        """See :meth:`Trees.matters`."""
        faster = release.first_generation > 0 or release.second_generation > 0
        return faster or any(rate > 0 for _, rate in release.stars)

    def paid(self, release: ScheduledRelease, members: Members) -> dict[str, Floats]:
        """See :meth:`Trees.paid`."""
        return _released(release, members)


def _released(release: ScheduledRelease, members: Members) -> dict[str, Floats]:
    """A stretch of time after the other, everybody paid the part that the run paid."""
    scheme, tree = members.scheme, members.tree
    record = members.result.record(release.name)
    broken, platform = members.result.broken, scheme.platform
    wallets = platform.wallets or (platform.policy == "raise_minimum" and broken is not None)
    # Into a wallet goes all that is due, whether or not it can be withdrawn.
    part = np.ones(members.ticks) if wallets else np.clip(record.price, 0.0, 1.0)
    if broken is not None and platform.policy == "stop":
        part[broken.tick :] = 0.0
    left = np.array(scheme.credits(release))[members.package]
    waiting, cash = np.zeros((3, tree.members)), np.zeros((3, tree.members))
    # Money that there has been by each tick; withheld by a minimum, it is not to be had.
    money = np.cumsum(record.paid_out) + (0.0 if wallets else record.pool)
    guess = 1.0  # how much more than the run's part the tree's dues leave money for
    edges = np.rint(np.linspace(0, members.ticks, min(STEPS, members.ticks) + 1)).astype(np.int64)
    for done, (start, end) in enumerate(pairwise(edges.tolist()), start=1):
        left[members.until < (start + end) / 2] = 0.0
        net, fees = (float(x[start:end].sum()) for x in (record.paid_out, record.fees))
        net = net / (net + fees) if net + fees > 0 else 1.0 - platform.withdrawal_fee
        there = (float(money[end - 1]) / members.weight - float(cash.sum())) / net
        there = max(there, 0.0)
        factor = np.minimum(part[start:end] * guess, 1.0)
        played = _stretch(release, members, left, start=start, factor=factor)
        due = float(played.received.sum())
        if not wallets and there > _CLOSE * due > 0 and factor.min() < 1.0:
            guess *= there / due
            factor = np.minimum(part[start:end] * guess, 1.0)
            played = _stretch(release, members, left, start=start, factor=factor)
            due = float(played.received.sum())
        # What a little less of the part would release is as much less, but for credits that
        # end here; what is too little is there for the next stretch.
        fits = 1.0
        if not wallets and due > 0 and (there < due or factor.min() < 1.0):
            guess = max(guess * there / due, 1e-3)
            fits = min(there / due, 1.0)
        left = np.maximum(left - fits * played.received, 0.0)
        waiting += fits * np.array((played.base, played.accelerated, played.stars))
        due = float(waiting.sum())
        out = min(there / due, 1.0) if due > 0 else 0.0
        cash += net * out * waiting
        waiting *= 1.0 - out if wallets else 0.0
        members.told(done / (len(edges) - 1))
    return {"own": cash[0], "recruits": cash[1], "stars": cash[2]}


def _stretch(
    release: ScheduledRelease, members: Members, left: Floats, *, start: int, factor: Floats
) -> Spread:
    """The release of the ticks after ``start``, out of what is ``left``."""
    tree, ticks = members.tree, len(factor) + 1
    # Who is there at the opening joins on a tick before the first one that is played.
    now = Tree(recruiter=tree.recruiter, joined=np.clip(tree.joined - start + 1, 1, ticks))
    vars(now)["levels"] = tree.levels  # those depend on who brought whom alone
    return play(
        now,
        price=members.paid * members.weight,
        credit=left,
        daily=_daily(release, members, left, factor=factor),
        acceleration=(release.first_generation, release.second_generation),
        stars=release.stars,
        ticks=ticks,
        steps=1,
        factor=np.concatenate(([0.0], factor)),
    )


def _daily(release: ScheduledRelease, members: Members, left: Floats, *, factor: Floats) -> Floats:
    """What each order releases on a tick of this stretch, before the part that is paid."""
    if release.rewards:
        points = np.array([at_least for at_least, _ in release.rewards])
        reward = np.array([0.0, *(yuan for _, yuan in release.rewards)])
        each: Floats = release.tasks * reward[np.searchsorted(points, left, side="right")]
        return each
    if release.basis == "price":
        return release.daily_rate * members.paid
    ticks = float(factor.sum())
    gone = 1.0 - float(np.prod(1.0 - release.daily_rate * factor))
    return left * (gone / ticks if ticks else 0.0)
