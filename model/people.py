"""How a scheme's money spreads over people, and not only over days.

The cohort run says how much is paid on each day; a recruitment tree drawn from a seed says to whom.
One order is one member. Whatever depends on the day of joining alone - a points pool, a refund
queue, units that nobody recruited for - is taken from the run; what depends on recruits is worked
out on the tree (:mod:`model.recruitment`).

What is approximated, beside the steps of :func:`model.recruitment.play`:

- Members of the first tick have no recruiter. Everybody else is brought by an earlier member, those
  of the same tick included; the cohort run counts earlier ticks only and pays the average order.
- A release has the money that the cohort run had. Where that was not enough, everybody is paid the
  part of it that empties the pool, given what is due on the tree: the run gives star income to the
  oldest orders, the tree to whoever stands above. Payments stop for good when they do in the run.
  Under a smallest withdrawal, what is released waits, and everybody is paid the same part of what
  the run paid.
- Dividends hand out what the run paid in each stretch of time, by the units members have on the
  tree and up to their quota. Ranks go to those with the most units who still earn, of equals to
  whoever has brought most: the thresholds are not stated, the share of members is.
- With a quota shared with a points pool, units last until the run's orders of that tick have left,
  and the points pay each what is left of the quota, in proportion.
- Who gives up is drawn, where the run takes the same share of everybody.
- More members than are drawn are thinned in proportion; team sales are those of all.

Commissions for shops, agents and leaders go to nobody in the tree and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil, inf
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.random import PCG64, SeedSequence

from model.mechanisms import (
    Commission,
    DividendPool,
    PointsPool,
    RefundQueue,
    ScheduledRelease,
)
from model.mechanisms.base import Line
from model.mechanisms.dividend_pool.settings import RANKS
from model.recruitment import MAX_MEMBERS, STEPS, Tree, build, generation_sums, play
from model.recruitment import Spread as Released
from model.result import Result
from model.scheme import Scheme
from model.simulate import simulate

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Progress = Callable[[float], None]

#: Members drawn unless more are asked for.
MEMBERS = 50_000
#: What somebody is paid for: the own order; recruits, by faster release, units or refunds ahead;
#: what recruits spend; the team; and a rank.
KINDS = ("own", "recruits", "commission", "stars", "ranks")
#: Edges of the groups that are told apart, as shares of all members.
GROUPS = (0.01, 0.1, 0.5, 1.0)
#: The same by how many somebody brought: from so many on.
BROUGHT = (0, 1, 2, 3, 5, 10)
#: A sum this close to what is asked for has reached it: rounding must not decide who is paid.
_REACHED = 1.0 - 1e-9
#: A release is played again if there is so much more money than it would pay.
_CLOSE = 1.02
#: Dividends are paid out in so many early stretches of growing length beside the even ones.
_EARLY = 8
#: Rounds in which what some cannot take any more is divided over the others.
_ROUNDS = 60


def matters(scheme: Scheme) -> bool:
    """Whether what one is paid depends on whom one brought, or on a rank."""
    return any(_matters(mechanism) for mechanism in scheme.mechanisms)


def _matters(mechanism: object) -> bool:
    if isinstance(mechanism, ScheduledRelease):
        faster = mechanism.first_generation > 0 or mechanism.second_generation > 0
        return faster or any(rate > 0 for _, rate in mechanism.stars)
    if isinstance(mechanism, Commission):
        return mechanism.direct > 0 or mechanism.indirect > 0
    if isinstance(mechanism, DividendPool):
        ranked = mechanism.rank_share > 0 and mechanism.rank_reached[0] > 0
        return mechanism.referral_rate > 0 or ranked
    return isinstance(mechanism, RefundQueue) and mechanism.advance > 0


@dataclass(frozen=True, eq=False, kw_only=True)
class People:
    """What each member paid and was paid, yuan, shape (members,), in the order they joined.

    ``weight``: orders of the run that one member stands for. ``kinds``: what they were paid, by
    what for (``KINDS``); only what is paid at all. ``run``: what the cohort run paid to all these,
    yuan, to be compared with ``total``.
    """

    scheme: Scheme
    seed: int
    pull: float
    tree: Tree
    weight: float
    paid: Floats
    kinds: Mapping[str, Floats]
    run: float

    @property
    def drawn(self) -> int:
        """Members drawn."""
        return self.tree.members

    @property
    def members(self) -> float:
        """Members in all: orders of the run."""
        return self.weight * self.drawn

    @cached_property
    def received(self) -> Floats:
        """Yuan paid to each member, shape (members,)."""
        return sum(self.kinds.values(), np.zeros(self.drawn))

    @cached_property
    def back(self) -> Floats:
        """Yuan paid for each yuan spent, shape (members,)."""
        return self.received / self.paid

    @property
    def total(self) -> float:
        """Yuan paid to all members, those not drawn included."""
        return self.weight * float(self.received.sum())

    @property
    def paid_back(self) -> float:
        """Members who were paid at least what they had paid."""
        return self.weight * float(np.count_nonzero(self._whole))

    @property
    def median(self) -> float:
        """Yuan that the member in the middle was paid for each yuan spent."""
        return float(np.median(self.back))

    @cached_property
    def _whole(self) -> npt.NDArray[np.bool_]:
        return self.received >= self.paid * _REACHED

    def share_of_top(self, fraction: float) -> float:
        """The share of all that is paid out that goes to the members who got the most yuan."""
        total = float(self.received.sum())
        if not 0 <= fraction <= 1:
            raise ValueError("fraction: from 0 to 1")
        if not total:
            return 0.0
        count = _part(fraction, self.drawn)
        return float(np.sort(self.received)[self.drawn - count :].sum()) / total

    def table(self, by: Literal["back", "received", "joined"] = "back") -> pd.DataFrame:
        """One row a group: the first 1 % by what is asked for, the next 9 %, 40 % and the rest.

        ``back``: by what they were paid for each yuan spent; ``received``: by yuan; ``joined``:
        who came first. Columns as in :meth:`_rows`.
        """
        if by == "joined":
            order = np.arange(self.drawn)
        else:
            order = np.argsort(-(self.back if by == "back" else self.received), kind="stable")
        ends = [_part(fraction, self.drawn) for fraction in GROUPS]
        groups = [order[start:end] for start, end in pairwise([0, *ends])]
        return self._rows(groups, ["first 1 %", "next 9 %", "next 40 %", "last half"])

    def by_recruits(self) -> pd.DataFrame:
        """One row for each number of members somebody brought: 0, 1, 2, 3-4, 5-9, 10 and more."""
        group = np.searchsorted(BROUGHT, self.tree.recruits, side="right") - 1
        groups = [np.flatnonzero(group == k) for k in range(len(BROUGHT))]
        return self._rows(groups, list(BROUGHT))

    def by_depth(self) -> pd.DataFrame:
        """One row for each number of recruiters above, the first members with none."""
        depth = self.tree.depth
        by = np.argsort(depth, kind="stable")
        groups = np.split(by, np.cumsum(np.bincount(depth))[:-1])
        return self._rows(groups, list(range(len(groups))))

    def _rows(self, groups: list[Ints], names: list[int] | list[str]) -> pd.DataFrame:
        """The groups as a table.

        members: how many. paid, received and each kind: yuan of all of them together. brought:
        members they brought. paid_back: how many were paid at least what they paid. share: of all
        that is paid out.
        """
        total = float(self.received.sum())
        rows = []
        for group in groups:
            received = float(self.received[group].sum())
            row = {
                "members": self.weight * len(group),
                "paid": self.weight * float(self.paid[group].sum()),
                "received": self.weight * received,
                "brought": self.weight * float(self.tree.recruits[group].sum()),
                "paid_back": self.weight * float(np.count_nonzero(self._whole[group])),
                "share": received / total if total else 0.0,
            }
            kinds = {
                kind: self.weight * float(yuan[group].sum()) for kind, yuan in self.kinds.items()
            }
            rows.append(row | kinds)
        return pd.DataFrame(rows, index=pd.Index(names, name="group"))


def spread(
    scheme: Scheme,
    *,
    seed: int = 1,
    pull: float = 0.0,
    members: int | None = None,
    result: Result | None = None,
    progress: Progress | None = None,
) -> People:
    """Draw the members of ``scheme`` and who brought whom, and pay them; the same for a seed.

    ``pull``: the share of newcomers who are brought in proportion to how many somebody has brought
    already; the others by any earlier member alike. At most ``members`` are drawn. ``result`` is
    the cohort run, if it is at hand. ``progress`` is told the share of the work that is done.
    Raises ValueError if nobody orders.
    """
    most = MEMBERS if members is None else members
    if not 1 <= most <= MAX_MEMBERS:
        raise ValueError(f"members: from 1 to {MAX_MEMBERS}")
    run = simulate(scheme) if result is None else result
    orders = run.line.orders
    total = int(orders.sum())
    if not total:
        raise ValueError("nobody orders")
    drawn = min(total, most)
    upto = np.cumsum(orders).astype(np.int64)
    joins = np.diff(upto * drawn // total, prepend=0)
    # Whoever comes on the first tick has nobody before.
    founders = int(joins[np.flatnonzero(joins)[0]])
    tree = build(joins=joins, seed=seed, founders=founders, pull=pull)
    told = progress if progress is not None else _nobody_asks
    told(0.05)
    spreading = _Spreading(scheme, run, tree, weight=total / drawn, seed=seed, progress=told)
    kinds = spreading.kinds()
    told(1.0)
    return People(
        scheme=scheme,
        seed=seed,
        pull=pull,
        tree=tree,
        weight=total / drawn,
        paid=spreading.paid,
        kinds={kind: kinds[kind] for kind in KINDS if kind in kinds},
        run=spreading.in_run(),
    )


def _nobody_asks(_: float) -> None:
    pass


class _Spreading:
    """The members of one run while they are paid; arrays have shape (members,), yuan."""

    def __init__(
        self,
        scheme: Scheme,
        result: Result,
        tree: Tree,
        *,
        weight: float,
        seed: int,
        progress: Progress,
    ) -> None:
        self.scheme = scheme
        self.result = result
        self.tree = tree
        self.weight = weight
        self.progress = progress
        self.ticks = result.ticks
        self.cohort = tree.joined - 1
        choices = scheme.order.choices
        #: Which package each chose. By the whole counts of the run: any number of the first
        #: members together are as many of each package as the run has among so many orders.
        if len(choices) == 1:
            self.package = np.zeros(tree.members, dtype=np.int64)
        else:
            each = Line(np.ones(tree.members, dtype=np.int64), choices).counts
            self.package = np.argmax(each, axis=0)
        self.paid = np.array([price for price, _ in choices])[self.package]
        self.until = self._until(seed)

    def _until(self, seed: int) -> Ints:
        """The last tick each waits for anything: drawn where some give up."""
        share = self.scheme.behaviour.sell_share
        if share <= 0:
            return np.full(self.tree.members, self.ticks)
        raw = PCG64(SeedSequence((seed, 1))).random_raw(self.tree.members)
        draw = ((raw >> np.uint64(11)) + 0.5) * 2.0**-53
        with np.errstate(divide="ignore"):
            stays = np.minimum(np.log(draw) / np.log1p(-share), self.ticks)
        until: Ints = np.minimum(self.tree.joined + stays.astype(np.int64), self.ticks)
        return until

    def kinds(self) -> dict[str, Floats]:
        """What everybody is paid, by what for."""
        found: dict[str, Floats] = {}
        for mechanism in self.scheme.mechanisms:
            paid: dict[str, Floats] = {}
            if isinstance(mechanism, PointsPool):
                if not self.scheme.sharing:
                    paid = {"own": self._of_points()}
            elif isinstance(mechanism, ScheduledRelease):
                paid = self._released(mechanism)
            elif isinstance(mechanism, DividendPool):
                paid = self._dividends(mechanism)
            elif isinstance(mechanism, RefundQueue):
                paid = self._refunds(mechanism)
            elif isinstance(mechanism, Commission):
                paid = self._commissions(mechanism)
            for kind, amount in paid.items():
                found[kind] = found[kind] + amount if kind in found else amount
        return {kind: amount for kind, amount in found.items() if amount.any()}

    def in_run(self) -> float:
        """What the cohort run paid for all of that, yuan."""
        total = self.result.totals["received"]
        engine = self.result.engines.commission
        if engine is not None:
            # The first two kinds are those of recruiters.
            total += float((engine.due[:2].sum(axis=0) * np.array(engine.paid)).sum())
        return total

    def _each(self, cohorts: Floats) -> Floats:
        """What orders of each tick got together, (ticks,), for one of them: (members,)."""
        orders = self.result.line.orders
        mean = np.divide(cohorts, orders, out=np.zeros(self.ticks), where=orders > 0)
        found: Floats = mean[self.cohort]
        return found

    def _of_points(self) -> Floats:
        """What the points pool paid orders of the same tick."""
        points = self.result.points
        if points is None:
            return np.zeros(self.tree.members)
        received = points.cohorts["received"].reindex(np.arange(1, self.ticks + 1), fill_value=0)
        return self._each(received.to_numpy(dtype=float))

    # -- release ---------------------------------------------------------------------------

    def _released(self, release: ScheduledRelease) -> dict[str, Floats]:
        """A stretch of time after the other, everybody paid the part that the run paid."""
        scheme, tree = self.scheme, self.tree
        record = self.result.record(release.name)
        broken, platform = self.result.broken, scheme.platform
        wallets = platform.wallets or (platform.policy == "raise_minimum" and broken is not None)
        # Into a wallet goes all that is due, whether or not it can be withdrawn.
        part = np.ones(self.ticks) if wallets else np.clip(record.price, 0.0, 1.0)
        if broken is not None and platform.policy == "stop":
            part[broken.tick :] = 0.0
        left = np.array(scheme.credits(release))[self.package]
        waiting, cash = np.zeros((3, tree.members)), np.zeros((3, tree.members))
        # Money that there has been by each tick; withheld by a minimum, it is not to be had.
        money = np.cumsum(record.paid_out) + (0.0 if wallets else record.pool)
        guess = 1.0  # how much more than the run's part the tree's dues leave money for
        edges = np.rint(np.linspace(0, self.ticks, min(STEPS, self.ticks) + 1)).astype(np.int64)
        for done, (start, end) in enumerate(pairwise(edges.tolist()), start=1):
            left[self.until < (start + end) / 2] = 0.0
            net, fees = (float(x[start:end].sum()) for x in (record.paid_out, record.fees))
            net = net / (net + fees) if net + fees > 0 else 1.0 - platform.withdrawal_fee
            there = (float(money[end - 1]) / self.weight - float(cash.sum())) / net
            there = max(there, 0.0)
            factor = np.minimum(part[start:end] * guess, 1.0)
            played = self._stretch(release, left, start, factor)
            due = float(played.received.sum())
            if not wallets and there > _CLOSE * due > 0 and factor.min() < 1.0:
                guess *= there / due
                factor = np.minimum(part[start:end] * guess, 1.0)
                played = self._stretch(release, left, start, factor)
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
            self.progress(0.05 + 0.9 * done / (len(edges) - 1))
        return {"own": cash[0], "recruits": cash[1], "stars": cash[2]}

    def _stretch(
        self, release: ScheduledRelease, left: Floats, start: int, factor: Floats
    ) -> Released:
        """The release of the ticks after ``start``, out of what is ``left``."""
        tree, ticks = self.tree, len(factor) + 1
        # Who is there at the opening joins on a tick before the first one that is played.
        now = Tree(recruiter=tree.recruiter, joined=np.clip(tree.joined - start + 1, 1, ticks))
        vars(now)["levels"] = tree.levels  # those depend on who brought whom alone
        return play(
            now,
            price=self.paid * self.weight,
            credit=left,
            daily=self._daily(release, left, factor),
            acceleration=(release.first_generation, release.second_generation),
            stars=release.stars,
            ticks=ticks,
            steps=1,
            factor=np.concatenate(([0.0], factor)),
        )

    def _daily(self, release: ScheduledRelease, left: Floats, factor: Floats) -> Floats:
        """What each order releases on a tick of this stretch, before the part that is paid."""
        if release.rewards:
            points = np.array([at_least for at_least, _ in release.rewards])
            reward = np.array([0.0, *(yuan for _, yuan in release.rewards)])
            each: Floats = release.tasks * reward[np.searchsorted(points, left, side="right")]
            return each
        if release.basis == "price":
            return release.daily_rate * self.paid
        ticks = float(factor.sum())
        gone = 1.0 - float(np.prod(1.0 - release.daily_rate * factor))
        return left * (gone / ticks if ticks else 0.0)

    # -- commissions and refunds -----------------------------------------------------------

    def _commissions(self, commission: Commission) -> dict[str, Floats]:
        """To the recruiter and the recruiter's, the part of it that could be paid."""
        engine = self.result.engines.commission
        if engine is None or not commission.direct + commission.indirect:
            return {}
        spent = self.paid * np.array(engine.paid)[self.cohort]
        sums = generation_sums(self.tree, spent, generations=2)
        return {"commission": commission.direct * sums[0] + commission.indirect * sums[1]}

    def _refunds(self, queue: RefundQueue) -> dict[str, Floats]:
        """What the run refunded to orders of the same tick; ahead of it, to whoever brought."""
        record, tree = self.result.record(queue.name), self.tree
        if not queue.advance:
            return {"own": self._each(record.received)}
        last = np.where(record.exit_tick > 0, record.exit_tick, self.ticks)[self.cohort]
        last = np.minimum(last, self.until)
        brought = tree.recruiter >= 0
        recruiter = np.maximum(tree.recruiter, 0)
        counts = brought & (tree.joined <= last[recruiter]) & (tree.joined > tree.joined[recruiter])
        ahead = sum((f.amount for f in record.flows if f.reason == "advance"), np.zeros(self.ticks))
        of_tick = np.bincount(self.cohort, weights=counts, minlength=self.ticks)
        each = np.divide(ahead / self.weight, of_tick, out=np.zeros(self.ticks), where=of_tick > 0)
        got = np.bincount(
            recruiter, weights=each[self.cohort] * counts, minlength=tree.members
        ).astype(float)
        most = queue.refund * self.paid
        got = np.minimum(got, most)
        return {"own": self._each(record.left) * (most - got), "recruits": got}

    # -- dividends -------------------------------------------------------------------------

    def _dividends(self, pool: DividendPool) -> dict[str, Floats]:
        """What the run paid in each stretch, by the units members have, nobody over the quota."""
        scheme, record = self.scheme, self.result.record(pool.name)
        shared = pool in scheme.sharing
        units = self._units(pool)
        quota = self._quota(pool)
        until = self._out_of_the_pool() if shared else self.until
        clock = np.concatenate(([0.0], np.cumsum(record.price)))
        ranked = pool.rank_share > 0 and pool.rank_reached[0] > 0
        if not (pool.referral_rate or ranked or shared):
            # As in the run: nobody's units are but their own.
            had = units * (clock[until] - clock[self.cohort])
            return {"own": np.minimum(had, quota)}
        own, recruits, ranks, gained = (np.zeros(self.tree.members) for _ in range(4))
        left = quota.copy()
        by_units = np.minimum(record.price * record.units, record.paid_out)
        edges = self._edges()
        for done, (start, end) in enumerate(pairwise(edges.tolist()), start=1):
            here = (self.cohort < end) & (until > start) & (units > 0)
            opening = np.clip(self.cohort, start, end)
            mine = np.where(here, units * (clock[np.clip(until, start, end)] - clock[opening]), 0.0)
            theirs = gained * (clock[end] - clock[start])
            if pool.referral_rate:
                first, last = np.searchsorted(self.cohort, (start, end))
                at = np.arange(first, last)
                theirs += self._referred(pool, at, units[at] * (clock[end] - clock[opening[at]]))
                gained += self._referred(pool, at, units[at])
            theirs = np.where(here, theirs, 0.0)
            money = float(by_units[start:end].sum()) / self.weight
            paid = _poured(money, mine + theirs, left, most=1.0 if shared else inf)
            part = np.divide(mine, mine + theirs, out=np.zeros_like(mine), where=mine > 0)
            own += paid * part
            recruits += paid * (1.0 - part)
            left = np.maximum(left - paid, 0.0)
            pots = float((record.paid_out - by_units)[start:end].sum()) / self.weight
            if ranked and pots > 0:
                earning = here & (left > (1 - _REACHED) * self.paid)
                paid = _poured(pots, self._ranked(pool, units + gained, earning, end), left)
                ranks += paid
                left = np.maximum(left - paid, 0.0)
            self.progress(0.05 + 0.9 * done / (len(edges) - 1))
        if shared:
            own += self._rest_of_quota(left)
        return {"own": own, "recruits": recruits, "ranks": ranks}

    def _edges(self) -> Ints:
        """Where the stretches of time begin and end: early ones are short."""
        even = np.linspace(0, self.ticks, min(STEPS - _EARLY, self.ticks) + 1)
        early = np.geomspace(1, max(float(even[1]), 1.0), _EARLY)
        found: Ints = np.unique(np.rint(np.concatenate((even, early))).astype(np.int64))
        return found

    def _units(self, pool: DividendPool) -> Floats:
        """Own units of each; none once all that may be issued have been."""
        units = np.array(self.scheme.units(pool))[self.package]
        if pool.issue_cap is None:
            return units
        # In the run recruits' units are within the cap too.
        given = next(e for e in self.result.engines.dividends if e.settings.name == pool.name).own
        room = given / self.weight - (np.cumsum(units) - units)
        credited: Floats = np.clip(room, 0.0, units)
        return credited

    def _quota(self, pool: DividendPool) -> Floats:
        """The most each can be paid, yuan."""
        if pool.shared_quota == "points_pool":
            multiple = self.scheme.pool.exit_multiple
            each = [inf if multiple is None else multiple * self.scheme.order.spend]
        else:
            each = list(self.scheme.quotas(pool) or [inf] * len(self.scheme.order.choices))
        found: Floats = np.array(each)[self.package]
        return found

    def _referred(self, pool: DividendPool, at: Ints, worth: Floats) -> Floats:
        """What the uplines of the members ``at`` have for ``worth``, (members,)."""
        tree = self.tree
        of = np.array(pool.package_generations or (pool.referral_generations,), dtype=np.int64)
        found = np.zeros(tree.members)
        last = of[self.package] if len(of) > 1 else np.full(tree.members, of[0])
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
        self, pool: DividendPool, units: Floats, earning: npt.NDArray[np.bool_], end: int
    ) -> Floats:
        """Each one's part of the rank pots at the end of tick ``end``: adds up to 1."""
        tree = self.tree
        found = np.zeros(tree.members)
        at = np.flatnonzero(earning)
        if not len(at):
            return found
        there = int(np.searchsorted(self.cohort, end))
        brought = np.bincount(tree.recruiter[:there] + 1, minlength=tree.members + 1)[1:][at]
        # Most units first; of equals who brought most, then who came first.
        key = units[at] / units[at].max() + 1e-7 * brought / (brought.max() + 1)
        key -= 1e-9 * at / tree.members
        counts = [min(ceil(part * len(at) * _REACHED), len(at)) for part in pool.rank_reached]
        top = np.argpartition(-key, counts[0] - 1)[: counts[0]]
        order = at[top[np.argsort(-key[top])]]
        for count in filter(None, counts):
            found[order[:count]] += 1 / (RANKS * count)
        return found

    def _out_of_the_pool(self) -> Ints:
        """The tick on which the run's orders of each tick had left the points pool."""
        points = self.result.points
        if points is None:
            return self.until
        gone = points.cohorts["exit_tick"].reindex(np.arange(1, self.ticks + 1)).fillna(0)
        last = gone.to_numpy(dtype=float).astype(np.int64)
        return np.where(last > 0, last, self.ticks)[self.cohort]

    def _rest_of_quota(self, left: Floats) -> Floats:
        """What points paid orders of the same tick, in proportion to what was left of the quota."""
        mean = self._of_points()
        if not np.isfinite(left).all():
            return mean
        of_tick = np.bincount(self.cohort, weights=left, minlength=self.ticks)
        members = np.bincount(self.cohort, minlength=self.ticks)
        average = np.divide(of_tick, members, out=np.zeros(self.ticks), where=members > 0)
        share = np.divide(
            left, average[self.cohort], out=np.zeros_like(left), where=average[self.cohort] > 0
        )
        found: Floats = np.minimum(mean * share, left)
        return found


def _poured(money: float, worth: Floats, room: Floats, *, most: float = inf) -> Floats:
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
    poured: Floats = np.minimum(level * worth, room)
    return poured


def _part(fraction: float, of: int) -> int:
    """That share of so many, rounded up."""
    return ceil(fraction * of * (1 - 1e-12))
