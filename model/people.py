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

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.random import PCG64, SeedSequence

from model.arrays import Floats, Ints
from model.asked.answers import answers
from model.asked.tree import REACHED, Members, Progress, Trees
from model.mechanisms.base import Line
from model.pairs import shared_tree
from model.recruitment import MAX_MEMBERS, Tree, build
from model.result import Result
from model.scheme import Scheme
from model.simulate import simulate

#: Members drawn unless more are asked for.
MEMBERS = 50_000
#: What somebody is paid for: the own order; recruits, by faster release, units or refunds ahead;
#: what recruits spend; the team; and a rank.
KINDS = ("own", "recruits", "commission", "stars", "ranks")
#: Edges of the groups that are told apart, as shares of all members.
GROUPS = (0.01, 0.1, 0.5, 1.0)
#: The same by how many somebody brought: from so many on.
BROUGHT = (0, 1, 2, 3, 5, 10)


def matters(scheme: Scheme) -> bool:
    """Whether what one is paid depends on whom one brought, or on a rank."""
    asked = _asked()
    return any(asked[mechanism.kind].matters(mechanism) for mechanism in scheme.mechanisms)


def _asked() -> Mapping[str, Trees[Any]]:
    return answers(Trees)


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
        return self.received >= self.paid * REACHED

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
    there = _members(scheme, run, tree, weight=total / drawn, seed=seed, progress=told)
    kinds = _kinds(there)
    told(1.0)
    return People(
        scheme=scheme,
        seed=seed,
        pull=pull,
        tree=tree,
        weight=total / drawn,
        paid=there.paid,
        kinds={kind: kinds[kind] for kind in KINDS if kind in kinds},
        run=_in_run(there),
    )


def _nobody_asks(_: float) -> None:
    pass


def _members(
    scheme: Scheme, result: Result, tree: Tree, *, weight: float, seed: int, progress: Progress
) -> Members:
    choices = scheme.order.choices
    # Which package each chose. By the whole counts of the run: any number of the first members
    # together are as many of each package as the run has among so many orders.
    if len(choices) == 1:
        package = np.zeros(tree.members, dtype=np.int64)
    else:
        each = Line(np.ones(tree.members, dtype=np.int64), choices).counts
        package = np.argmax(each, axis=0)
    return Members(
        scheme=scheme,
        result=result,
        tree=tree,
        weight=weight,
        package=package,
        paid=np.array([price for price, _ in choices])[package],
        until=_until(tree, result.ticks, share=scheme.behaviour.sell_share, seed=seed),
        progress=progress,
    )


def _until(tree: Tree, ticks: int, *, share: float, seed: int) -> Ints:
    """The last tick each waits for anything: drawn where some give up."""
    if share <= 0:
        return np.full(tree.members, ticks)
    raw = PCG64(SeedSequence((seed, 1))).random_raw(tree.members)
    draw = ((raw >> np.uint64(11)) + 0.5) * 2.0**-53
    with np.errstate(divide="ignore"):
        stays = np.minimum(np.log(draw) / np.log1p(-share), ticks)
    until: Ints = np.minimum(tree.joined + stays.astype(np.int64), ticks)
    return until


def _kinds(members: Members) -> dict[str, Floats]:
    """What everybody is paid, by what for."""
    asked, together = _asked(), shared_tree.paid(members)
    found: dict[str, Floats] = {}
    for mechanism in members.scheme.mechanisms:
        if mechanism.name in together:
            paid = together[mechanism.name]
        else:
            paid = asked[mechanism.kind].paid(mechanism, members)
        for kind, amount in paid.items():
            found[kind] = found[kind] + amount if kind in found else amount
    return {kind: amount for kind, amount in found.items() if amount.any()}


def _in_run(members: Members) -> float:
    """What the cohort run paid for all of that, yuan."""
    asked, result = _asked(), members.result
    total = result.totals["received"]
    for mechanism in members.scheme.mechanisms:
        total += asked[mechanism.kind].beside(mechanism, result)
    return total


def _part(fraction: float, of: int) -> int:
    """That share of so many, rounded up."""
    return ceil(fraction * of * (1 - 1e-12))
