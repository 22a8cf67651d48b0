"""Who recruited whom, and how the money spreads over people and not only over days.

A tree of up to a million members is drawn from a seed and paid with array operations only: members
are laid out level by level, so that the recruits of one member lie side by side, and every sum over
recruits or teams is one pass from the deepest level up (docs/mechanisms/scheduled_release.md).

A member's *generation* k are the recruits k steps further down, the *team* everybody below. Neither
includes the member.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import Literal

import numpy as np
import pandas as pd
from numpy.random import PCG64

from model.arrays import Floats, Ints
from model.fields import plain

MAX_MEMBERS = 1_000_000
MAX_TICKS = 10_000
#: A tree drawn at random has about 40 levels at a million members; every level costs a little time.
MAX_DEPTH = 1000
#: Members times steps in one run of :func:`play`.
MAX_WORK = 100_000_000
#: Time is played in this many steps unless told otherwise.
STEPS = 32
#: The most generations, stars, thresholds or pots that anything here may have.
MAX_LIST = 20
#: No amount of one member may be larger, yuan.
MAX_AMOUNT = 1e12
#: A sum this close to what is asked for has reached it: rounding must not decide who is paid.
_REACHED = 1.0 - 1e-10


# -- the tree ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, kw_only=True)
class Levels:
    """The members sorted by depth, and within a level by where their recruiter stands.

    ``order`` (members,): which member stands in each place. ``up`` (members,): the place of the
    recruiter within the level above. ``bounds`` (levels + 1,): where each level begins.
    """

    order: Ints
    up: Ints
    bounds: tuple[int, ...]

    def below(self, amount: Floats) -> Floats:
        """Sum of ``amount`` over each member's team; both in the order of places, (members,).

        Nothing is ever subtracted and rounding is monotone: the sum of a team is at least that of
        any team within it, to the last bit.
        """
        total = np.zeros(len(amount))
        for level in range(len(self.bounds) - 3, -1, -1):
            a, b, c = self.bounds[level : level + 3]
            total[a:b] = _sums(self.up[b:c], amount[b:c] + total[b:c], b - a)
        return total


@dataclass(frozen=True, eq=False, kw_only=True)
class Tree:
    """Members in the order they joined, shape (members,).

    ``recruiter``: the number of the member who recruited each, always an earlier one; -1 for
    nobody. ``joined``: the tick each joined on, from 1, never falling.
    """

    recruiter: Ints
    joined: Ints

    def __post_init__(self) -> None:
        for name in ("recruiter", "joined"):
            own = np.array(getattr(self, name), dtype=np.int64)
            own.flags.writeable = False
            object.__setattr__(self, name, own)
        recruiter, joined = self.recruiter, self.joined
        if recruiter.ndim != 1 or not 1 <= len(recruiter) <= MAX_MEMBERS:
            raise ValueError(f"recruiter: a list of 1 to {MAX_MEMBERS} members")
        if joined.shape != recruiter.shape:
            raise ValueError(f"joined: as many numbers as recruiter, {len(recruiter)}")
        if np.any(recruiter < -1) or np.any(recruiter >= np.arange(len(recruiter))):
            raise ValueError("recruiter: the number of an earlier member, or -1 for nobody")
        if joined[0] < 1 or joined[-1] > MAX_TICKS or np.any(np.diff(joined) < 0):
            raise ValueError(f"joined: ticks from 1 to {MAX_TICKS} that never fall")

    @property
    def members(self) -> int:
        """How many members there are."""
        return len(self.recruiter)

    @cached_property
    def levels(self) -> Levels:
        """The members level by level."""
        # Everybody sorted by recruiter; those of member m begin at first[m]. Roots come first.
        by_recruiter = np.argsort(self.recruiter, kind="stable")
        recruits = self.recruits
        roots = self.members - int(recruits.sum())
        first = roots + np.cumsum(recruits) - recruits
        level, bounds = by_recruiter[:roots], [0, roots]
        order, up = [level], [np.zeros(roots, dtype=np.int64)]
        while bounds[-1] < self.members:
            if len(order) == MAX_DEPTH:
                raise ValueError(f"recruiter: at most {MAX_DEPTH} generations below one another")
            count = recruits[level]
            start = np.cumsum(count) - count
            above = np.repeat(np.arange(len(level)), count)
            level = by_recruiter[(first[level] - start)[above] + np.arange(len(above))]
            order.append(level)
            up.append(above)
            bounds.append(bounds[-1] + len(level))
        return Levels(order=np.concatenate(order), up=np.concatenate(up), bounds=tuple(bounds))

    @cached_property
    def depth(self) -> Ints:
        """How many recruiters each member has above, shape (members,); nought for a root."""
        levels = self.levels
        depth = np.empty(self.members, dtype=np.int64)
        depth[levels.order] = np.repeat(np.arange(len(levels.bounds) - 1), np.diff(levels.bounds))
        return depth

    @cached_property
    def recruits(self) -> Ints:
        """How many members each has recruited directly, shape (members,)."""
        return np.bincount(self.recruiter + 1, minlength=self.members + 1)[1:]


def build(*, joins: Ints, seed: int, founders: int = 1, pull: float = 0.0) -> Tree:
    """Draw a tree; ``joins`` is the number of members who join on each tick, shape (ticks,).

    The first ``founders`` members have no recruiter. Everybody else is recruited by one of all
    earlier members, those of the same tick included: with probability ``pull`` in proportion to
    1 + the number recruited so far (preferential attachment), otherwise any of them alike (a random
    recursive tree). The same ``seed`` gives the same tree, and fewer members are the first ones of
    more.
    """
    count = np.asarray(joins)
    if count.ndim != 1 or not 1 <= len(count) <= MAX_TICKS or count.dtype.kind not in "iu":
        raise ValueError(f"joins: a list of 1 to {MAX_TICKS} whole numbers, one a tick")
    if np.any(count < 0) or np.any(count > MAX_MEMBERS) or not 1 <= count.sum() <= MAX_MEMBERS:
        raise ValueError(f"joins: none negative, and 1 to {MAX_MEMBERS} members in all")
    if not 0 <= seed < 2**63:
        raise ValueError("seed: a whole number from 0 to 2^63 - 1")
    if not 1 <= founders <= MAX_MEMBERS:
        raise ValueError(f"founders: from 1 to {MAX_MEMBERS}")
    if not 0 <= pull <= 1:
        raise ValueError("pull: from 0 to 1")
    members = int(count.sum())
    # Two numbers from 0 to 1 a member, from the raw bits: unlike what is made of them, these are
    # the same in every version of numpy. That keeps a seed worth quoting.
    draws = (PCG64(seed).random_raw((members, 2)) >> np.uint64(11)) * 2.0**-53
    number = np.arange(members)
    roots = min(founders, members)
    # Preferential: of i earlier members' 1 + recruits there are i ones, and one for each of the
    # i - roots who were recruited. A ticket beyond the ones is that of a recruit, and its recruiter
    # is chosen again. Such copies of copies are followed to their origin, twice as far each time.
    tickets = np.where(draws[:, 0] < pull, np.maximum(2 * number - roots, number), number)
    ticket = (draws[:, 1] * tickets).astype(np.int64)
    copied = ticket >= number
    copied[:roots] = False
    origin = np.where(copied, ticket - number + roots, number)
    while True:
        further = origin[origin]
        if np.array_equal(further, origin):
            break
        origin = further
    recruiter = ticket[origin]
    recruiter[:roots] = -1
    return Tree(recruiter=recruiter, joined=np.repeat(np.arange(1, len(count) + 1), count))


# -- sums over the tree ------------------------------------------------------------------------


def generation_sums(tree: Tree, amount: Floats, *, generations: int) -> Floats:
    """Sum of ``amount`` (members,) over each member's recruits of each generation.

    Shape (generations, members): row 0 the direct recruits, row 1 their recruits, and so on.
    """
    if not 1 <= generations <= MAX_LIST:
        raise ValueError(f"generations: from 1 to {MAX_LIST}")
    sums = np.empty((generations, tree.members))
    last = _amounts("amount", amount, tree)
    place = tree.recruiter + 1  # what goes to nobody is collected in front and dropped
    for row in sums:
        row[:] = _sums(place, last, tree.members + 1)[1:]
        last = row
    return sums


def team_sums(tree: Tree, amount: Floats) -> Floats:
    """Sum of ``amount`` over everybody below each member, without the member; both (members,)."""
    levels = tree.levels
    sums = np.empty(tree.members)
    sums[levels.order] = levels.below(_amounts("amount", amount, tree)[levels.order])
    return sums


def commissions(tree: Tree, spent: Floats, *, rates: tuple[float, ...]) -> Floats:
    """What each member is paid on what recruits ``spent``, yuan, shape (generations, members).

    ``rates`` are the shares for the first generation, the second and so on: with (0.003, 0.002)
    row 0 is the direct commission and row 1 the indirect one.
    """
    shares = _shares("rates", rates)
    return generation_sums(tree, spent, generations=len(shares)) * shares[:, None]


def referral_units(tree: Tree, units: Floats, *, rate: float, generations: int | Ints) -> Floats:
    """Equity units each member is given for those that recruits bought, shape (members,).

    ``rate`` of the ``units`` (members,) of each generation from the first to the last that counts;
    ``generations`` is that last one, for all or for each member (members,).
    """
    _shares("rate", (rate,))
    last = np.asarray(generations)
    if last.shape not in {(), (tree.members,)} or last.dtype.kind not in "iu":
        raise ValueError("generations: one whole number, or one for each member")
    if np.any(last < 0) or np.any(last > MAX_LIST):
        raise ValueError(f"generations: from 0 to {MAX_LIST}")
    deepest = int(last.max())
    if not deepest:
        return np.zeros(tree.members)
    sums = generation_sums(tree, units, generations=deepest)
    counts = np.arange(1, deepest + 1)[:, None] <= last
    given: Floats = rate * np.sum(sums * counts, axis=0)
    return given


def ranks(units: Floats, *, thresholds: tuple[float, ...]) -> Ints:
    """The rank that so many ``units`` give, 0 below the first of the rising ``thresholds``."""
    if not 1 <= len(thresholds) <= MAX_LIST or not _rising(thresholds):
        raise ValueError(f"thresholds: 1 to {MAX_LIST} rising numbers")
    return np.searchsorted(np.array(thresholds) * _REACHED, units, side="right").astype(np.int64)


def rank_pots(rank: Ints, *, amount: float, pots: int = 10) -> Floats:
    """What each member gets of ``amount`` yuan laid into so many equal pots, yuan, (members,).

    Pot k is divided equally over everybody of rank k or higher. A pot that nobody has reached is
    not paid out.
    """
    if not 1 <= pots <= MAX_LIST:
        raise ValueError(f"pots: from 1 to {MAX_LIST}")
    if not 0 <= amount <= MAX_AMOUNT:
        raise ValueError(f"amount: from 0 to {plain(MAX_AMOUNT)} yuan")
    held = np.asarray(rank)
    if held.ndim != 1 or held.dtype.kind not in "iu" or np.any(held < 0) or np.any(held > pots):
        raise ValueError(f"rank: whole numbers from 0 to {pots}")
    of_rank = np.bincount(held, minlength=pots + 1)
    partners = np.cumsum(of_rank[::-1])[::-1]  # of this rank or higher
    each = np.where(partners > 0, amount / pots / np.maximum(partners, 1), 0.0)
    each[0] = 0.0  # no rank, no pot
    return np.cumsum(each)[held]


# -- what is released and to whom --------------------------------------------------------------


@dataclass(frozen=True, eq=False, kw_only=True)
class Spread:
    """What each member has paid and been paid, yuan, shape (members,).

    ``base`` is released by the member's own order, ``accelerated`` on account of recruits,
    ``stars`` on account of the team, ``received`` all three.
    """

    price: Floats
    base: Floats
    accelerated: Floats
    stars: Floats
    received: Floats

    @cached_property
    def _richest_first(self) -> Ints:
        """The members by what they received; of equals, who joined first."""
        return np.argsort(-self.received, kind="stable")

    def by_kind(self) -> dict[str, float]:
        """Yuan paid to all members, by what for."""
        return {
            "base": float(self.base.sum()),
            "accelerated": float(self.accelerated.sum()),
            "stars": float(self.stars.sum()),
        }

    def quantiles(
        self, *, at: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999)
    ) -> dict[float, float]:
        """Yuan that the given share of members have received at most."""
        _shares("at", at)
        return dict(zip(at, np.quantile(self.received, at).tolist(), strict=True))

    def share_of_top(
        self, fraction: float, *, of: Literal["payouts", "gains"] = "payouts"
    ) -> float:
        """The share of all payouts, or of all gains, that goes to the members who got the most.

        Those are ``fraction`` of the members, rounded up. A gain is what somebody was paid beyond
        what they paid; nobody's loss is set off against it. 0 if there is nothing to share.
        """
        if not 0 <= fraction <= 1:
            raise ValueError("fraction: from 0 to 1")
        got = self.received if of == "payouts" else np.maximum(self.received - self.price, 0.0)
        total = float(got.sum())
        if not total:
            return 0.0
        return float(np.sort(got)[len(got) - _part(fraction, len(got)) :].sum()) / total

    def paid_back(self, price: Floats | None = None) -> int:
        """How many members received at least what they paid: ``price``, or that of the run."""
        paid = self.price if price is None else np.asarray(price, dtype=float)
        return int(np.count_nonzero(self.received >= paid * _REACHED))

    def table(self) -> pd.DataFrame:
        """One row a group of members, those who received the most first; money in yuan.

        members: how many. paid, received: all of the group. per_member: received by one on
        average. base, accelerated, stars: what ``received`` is made of. share: of all payouts.
        paid_back: members who received at least what they paid.
        """
        order, total = self._richest_first, float(self.received.sum())
        ends = [_part(fraction, len(order)) for fraction in (0.01, 0.1, 0.5, 1.0)]
        whole = self.received >= self.price * _REACHED
        rows = []
        for start, end in zip([0, *ends], ends, strict=False):
            group = order[start:end]
            received = float(self.received[group].sum())
            rows.append(
                {
                    "members": len(group),
                    "paid": float(self.price[group].sum()),
                    "received": received,
                    "per_member": received / len(group) if len(group) else np.nan,
                    "base": float(self.base[group].sum()),
                    "accelerated": float(self.accelerated[group].sum()),
                    "stars": float(self.stars[group].sum()),
                    "share": received / total if total else 0.0,
                    "paid_back": int(np.count_nonzero(whole[group])),
                }
            )
        groups = pd.Index(["top 1 %", "next 9 %", "next 40 %", "lower half"], name="group")
        return pd.DataFrame(rows, index=groups)


def play(
    tree: Tree,
    *,
    price: Floats,
    credit: Floats,
    daily: Floats,
    acceleration: tuple[float, ...] = (0.5, 0.3),
    stars: tuple[tuple[float, float], ...] = (),
    ticks: int,
    steps: int = STEPS,
    factor: Floats | None = None,
    progress: Callable[[float], None] | None = None,
) -> Spread:
    """Release everybody's credit for ``ticks`` ticks; arrays have shape (members,), in yuan.

    On every tick after the one of joining, an order releases ``daily`` to its member (the base).
    The member is also given the shares ``acceleration`` of the base that recruits of the first
    generation, the second and so on are released on that tick, and star income. All three are taken
    off the member's own ``credit``; when it does not suffice, they are cut in proportion, and
    after that the member is released nothing. What recruits get beyond their base counts for
    nobody.

    ``stars`` are pairs (team sales, rate), both rising. Team sales are the ``price`` paid by
    everybody below who joined on an earlier tick, without the member's own. A member is given the
    own rate on the base of everybody below, less the highest rate of anybody in between: for one
    member's base the uplines together get the highest rate above. Whoever is above has the larger
    team and so at least the same rate; what is left is rate x base of the team - the same for each
    direct recruit. A recruit with the same rate leaves nothing of its team. What an upline cannot
    be given for want of credit is given to nobody.

    ``factor`` (ticks,) is the share of what is due that is paid on each tick. What is not paid
    stays in the credit: time runs slower, and everything is released ``factor`` x ``daily``.

    Time is cut into ``steps`` stretches of equal length, of one tick at least. Within one, nothing
    changes but who has joined: team sales are those in its middle, and a credit that ends is used
    up evenly. With a tick a step the rules above are followed to the letter. With the default
    number, runs of up to two years put no kind of income off by more than 0.2 % of all that is
    paid, nor all members together by more than 0.5 %; a single one may be by a tenth of the
    credit. The base alone is exact with any number.

    ``progress`` is called after each step with the share of the work that is done.
    """
    if not 1 <= ticks <= MAX_TICKS or ticks < tree.joined[-1]:
        raise ValueError(f"ticks: from the last tick anybody joined on to {MAX_TICKS}")
    if not 1 <= steps <= MAX_TICKS or min(steps, ticks) * tree.members > MAX_WORK:
        raise ValueError(
            f"steps: from 1 to {MAX_TICKS}, and at most {MAX_WORK} steps times members"
        )
    shares = _shares("acceleration", acceleration) if acceleration else np.zeros(0)
    thresholds, rates = _stars(stars)
    clock = np.concatenate([[0.0], np.cumsum(_factor(factor, ticks))])  # (ticks + 1,)

    levels = tree.levels
    place = levels.order
    asked = {"price": price, "credit": credit, "daily": daily}
    paid, given, each = (_amounts(name, array, tree) for name, array in asked.items())
    sold, left, flow, joined = paid[place], given[place], each[place], tree.joined[place]
    kinds = np.zeros((3, tree.members))  # base, accelerated, stars so far, in the order of places
    rate: Floats | None = None
    still = bool(stars)  # star rates may still change

    edges = np.rint(np.linspace(0, ticks, min(steps, ticks) + 1)).astype(np.int64)
    for done, (start, end) in enumerate(pairwise(edges), start=1):
        alive = clock[end] - clock[np.clip(np.arange(ticks + 1), start, end)]  # by entry tick
        if still:
            middle = (start + 1 + end) / 2
            rate = _star_rates(
                levels.below(np.where(joined < middle, sold, 0.0)), thresholds, rates
            )
            still = bool(middle <= tree.joined[-1])
        _release(levels, due=flow * alive[joined], left=left, kinds=kinds, shares=shares, rate=rate)
        if progress is not None:
            progress(done / (len(edges) - 1))

    back = np.empty_like(kinds)
    back[:, place] = kinds
    received = np.minimum(back.sum(axis=0), given)  # rounding must not pay more than there is
    return Spread(price=paid, base=back[0], accelerated=back[1], stars=back[2], received=received)


def _release(
    levels: Levels,
    *,
    due: Floats,
    left: Floats,
    kinds: Floats,
    shares: Floats,
    rate: Floats | None,
) -> None:
    """One step: pay everybody, the deepest level first; everything in the order of places.

    ``due`` is the base each order would release. ``left`` is what is left of the credits, and
    ``kinds`` (3, members) what has been paid; both are brought up to date. Those above are paid on
    what those below really got, so one pass settles everything.
    """
    bounds = (*levels.bounds, levels.bounds[-1])  # below the deepest level there is nobody
    nobody = due[:0]
    # Of the level below: its base, that of its recruits, of their recruits ...; the base of its
    # teams with their heads; and what the stars of heads and teams come to.
    released, team, granted = [nobody] * len(shares), nobody, nobody
    for level in range(len(bounds) - 3, -1, -1):
        a, b, c = bounds[level : level + 3]
        up = levels.up[b:c]
        base, credit = due[a:b], left[a:b]
        generations = [_sums(up, amount, b - a) for amount in released]
        faster = np.zeros(b - a)
        for share, amount in zip(shares, generations, strict=True):
            faster += share * amount
        asked = [base, faster]
        if rate is not None:
            below = _sums(up, team, b - a)
            stars = rate[a:b] * below
            # Never negative but for rounding: nobody above has a lower rate.
            asked.append(np.maximum(stars - _sums(up, granted, b - a), 0.0))
        total: Floats = sum(asked[1:], start=base)
        short = total > credit
        cut = np.divide(credit, total, out=np.ones(b - a), where=short)
        for kind, amount in zip(kinds, asked, strict=False):
            kind[a:b] += amount * cut
        left[a:b] = np.where(short, 0.0, credit - total)
        base = base * cut
        released = [base, *generations][: len(shares)]
        if rate is not None:
            team, granted = base + below, stars


def _star_rates(sales: Floats, thresholds: Floats, rates: Floats) -> Floats:
    """The star rate that so many team sales (members,) give, nought below the first threshold."""
    found = np.zeros(len(sales))
    some = np.flatnonzero(sales >= thresholds[0])  # few have a team that large
    found[some] = rates[np.searchsorted(thresholds, sales[some], side="right") - 1]
    return found


# -- what may be asked for ---------------------------------------------------------------------


def _sums(place: Ints, amount: Floats, size: int) -> Floats:
    """Sum of the amounts in each of ``size`` places."""
    return np.asarray(np.bincount(place, amount, minlength=size), dtype=float)


def _part(fraction: float, of: int) -> int:
    """That share of so many, rounded up."""
    return ceil(fraction * of * (1 - 1e-12))


def _rising(numbers: tuple[float, ...]) -> bool:
    return all(0 <= n <= MAX_AMOUNT for n in numbers) and all(a < b for a, b in pairwise(numbers))


def _amounts(name: str, values: Floats, tree: Tree) -> Floats:
    """The values if there is one for each member that can be used."""
    array = np.array(values, dtype=float)
    if array.shape != (tree.members,):
        raise ValueError(f"{name}: one number for each of the {tree.members} members")
    # Written so that what is not a number is refused too.
    if not (float(array.min()) >= 0 and float(array.max()) <= MAX_AMOUNT):
        raise ValueError(f"{name}: every number from 0 to {plain(MAX_AMOUNT)}")
    return array


def _shares(name: str, values: tuple[float, ...]) -> Floats:
    if not 1 <= len(values) <= MAX_LIST or not all(0 <= value <= 1 for value in values):
        raise ValueError(f"{name}: at most {MAX_LIST} shares from 0 to 1")
    return np.array(values, dtype=float)


def _stars(stars: tuple[tuple[float, float], ...]) -> tuple[Floats, Floats]:
    """Thresholds in yuan and rates, both (stars,)."""
    if len(stars) > MAX_LIST or not _rising(tuple(sales for sales, _ in stars)):
        raise ValueError(f"stars: at most {MAX_LIST} pairs with rising team sales")
    rates = [rate for _, rate in stars]
    if not all(0 <= rate <= 1 for rate in rates) or sorted(rates) != rates:
        raise ValueError("stars: rates from 0 to 1 that never fall")
    return np.array([sales for sales, _ in stars]) * _REACHED, np.array(rates)


def _factor(factor: Floats | None, ticks: int) -> Floats:
    """The share that is paid on each tick, shape (ticks,)."""
    if factor is None:
        return np.ones(ticks)
    array = np.asarray(factor, dtype=float)
    if array.shape != (ticks,) or not (float(array.min()) >= 0 and float(array.max()) <= 1):
        raise ValueError(f"factor: {ticks} numbers from 0 to 1, one for each tick")
    return array
