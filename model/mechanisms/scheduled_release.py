"""Credit released day by day: a fixed promise, whatever comes in.

The settings are :class:`ScheduledRelease`; :class:`ScheduledReleaseEngine` runs them on day cohorts
(docs/model.md, "Fixed daily release"). Whoever has plenty of credit left is left to a running clock
(:class:`_Young`); only the others are looked at one cohort at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator, model_validator

from model.fields import Frozen, param
from model.mechanisms.base import (
    NOTHING,
    SLACK,
    Floats,
    Line,
    Payments,
    Record,
    flow,
    levels_reached,
)
from model.platform import MAX_FEE, Platform

#: The sums over young cohorts are worked out for so many ticks ahead, and then anew.
AHEAD = 256
#: So many young cohorts at a time are taken among the old ones.
AT_ONCE = 8
#: Whoever has gained more recruits than this counts as old, so that no sum over young cohorts is a
#: small difference of large numbers where thousands of orders follow on a few.
MOST_RECRUITS = 8.0

Bools = npt.NDArray[np.bool_]


class ScheduledRelease(Frozen):
    """Each order is credited a multiple of its price, released as cash from the next day on."""

    kind: Literal["scheduled_release"] = "scheduled_release"
    name: str = Field(default="scheduled_release", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.3,
        unit="share",
        ge=0.001,
        le=1,
        step=0.01,
        slider=(0.01, 1.0),
        unsure=(0.1, 1.0),
        label="Share of sales that may be paid out",
        help="This part of every order is there to pay what is released.",
    )
    gift_multiple: float = param(
        3.0,
        unit="multiple",
        ge=0.01,
        le=100,
        step=0.1,
        slider=(0.5, 5.0),
        unsure=(1.0, 4.0),
        label="Credit for one order",
        help="The buyer is credited this many times the price in points.",
    )
    package_multiples: tuple[float, ...] = param(
        (),
        unit="list",
        label="Credit of each package",
        help="How many times its price each package is credited; without a list, the same for all.",
    )
    daily_rate: float = param(
        0.012,
        unit="share",
        ge=0.00001,
        le=1,
        step=0.001,
        slider=(0.001, 0.05),
        unsure=(0.002, 0.02),
        label="Released each day",
        help="This part is released as cash every day until the credit is used up.",
    )
    basis: Literal["price", "balance"] = param(
        "price",
        unit="choice",
        label="Part of",
        help="The daily release is a part of the order's price, or of the credit that is left.",
    )
    first_generation: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Faster by direct recruits",
        help="A recruiter is also released this part of what direct recruits release that day, "
        "out of the recruiter's own credit.",
    )
    second_generation: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Faster by recruits' recruits",
        help="The same for the recruits of one's recruits.",
    )
    stars: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Team stars",
        help="Pairs of team sales in yuan and a share: from so much on, a leader is released this "
        "share of what the team releases, less what the leaders below are given.",
    )
    rewards: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Points held and yuan a task",
        help="Pairs of points and yuan: whoever holds at least so many points is paid so much for "
        "each task. With this list, tasks and not days release the credit.",
    )
    tasks: float = param(
        1.0,
        unit="count",
        ge=0,
        le=1000,
        step=1,
        slider=(0, 10),
        label="Tasks done a day",
        help="How many advertisements one buyer watches in a day.",
    )
    ad_share: float = param(
        0.25,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 1.0),
        label="Tasks with an outside payer",
        help="The share of tasks that are advertisements of others, who pay for them.",
    )
    ad_income: float = param(
        0.1,
        unit="yuan",
        ge=0,
        le=1000,
        step=0.01,
        slider=(0.0, 5.0),
        label="Paid by the advertiser for one view",
        help="What an advertiser pays the platform for one view.",
    )

    @field_validator("package_multiples")
    @classmethod
    def _few(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) > 12 or any(not 0.01 <= number <= 100 for number in value):
            raise ValueError("at most 12 numbers, each from 0.01 to 100")
        return value

    @field_validator("stars", "rewards")
    @classmethod
    def _rising(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if len(value) > 12 or any(not 0 <= n <= 1e12 for pair in value for n in pair):
            raise ValueError("at most 12 pairs of numbers from 0 to 1e12")
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(value)):
            raise ValueError("both numbers must rise from pair to pair")
        return value

    @model_validator(mode="after")
    def _shares(self) -> ScheduledRelease:
        if any(share > 1 for _, share in self.stars):
            raise ValueError("stars: each share at most 1")
        return self

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share


def _upto(values: Floats) -> Floats:
    """Sums of all values before the first, the second ... and of all of them."""
    return np.concatenate(([0.0], np.cumsum(values)))


@dataclass(frozen=True)
class YoungPaid:
    """What young cohorts were paid between one stocktaking and the next.

    On a tick an order of package p and cohort ``start`` + k had the part of its daily rate +
    V - G ``recruits[k]`` - ``k[k]``, and the cohort that of ``base[k]`` + ``orders[k]`` times the
    rest. ``sums`` are those of orders, orders x recruits and orders x K before each cohort.
    """

    start: int
    base: Floats
    orders: Floats
    recruits: Floats
    k: Floats
    sums: Floats
    #: (tick, first cohort, part, V, G); all cohorts from the first to the tick are paid.
    rows: list[tuple[int, int, float, float, float]] = field(default_factory=list)


class _Young:
    """The cohorts that have more credit than they are due and no star: a running clock.

    Each of their orders is due its daily rate and what its recruits bring. With H_j recruits by the
    end of tick j, and e_s for what all orders of tick s are due as base by each order before them,
    an order of tick j is due for its recruits on tick t

        sum of e_s (first_generation + second_generation (H_(s-1) - H_j)) over j < s < t

    which is V(t) - G(t) H_j - K_j. V and G are known before the run and the same for everybody, and
    K_j is V - G H_j at the end of tick j. So what one order has had follows from the sums of the
    factors paid, by themselves and times V and G; what all of them are due follows from the sums of
    their numbers, by themselves, times H and times K. ``take_stock`` writes down what each has had
    and starts these sums anew, with H counted from then on.
    """

    def __init__(
        self, settings: ScheduledRelease, line: Line, credit: Floats, rate: Floats
    ) -> None:
        self._line = line
        self._credit, self._rate = credit, rate
        # Whoever comes to the end of the credit is old by then, in spite of rounding.
        enough = (1 - 1e-8) * credit[:, 0]
        self._packages = list(zip(enough.tolist(), rate[:, 0].tolist(), strict=True))
        self._generations = settings.first_generation, settings.second_generation
        self._base = settings.daily_rate * line.sales
        self._base_to: list[float] = _upto(self._base).tolist()
        self._each = np.divide(
            self._base, line.before, out=np.zeros(line.ticks), where=line.before > 0
        )
        self._days = np.zeros(line.ticks)  # full days one order had had when stock was taken
        self._brought = np.zeros(line.ticks)  # yuan it had had by then because of its recruits
        self.paid: list[YoungPaid] = []
        self.first = 0  # the oldest of these cohorts
        self.take_stock(0)

    def take_stock(self, t: int) -> None:
        """Write down what the orders of ticks before ``t`` have had, and look ahead from there."""
        if t:
            young = slice(self.first, t)
            self._days[young], self._brought[young] = self._had(self.first, t)
        line, start, end = self._line, self.first, min(t + AHEAD, self._line.ticks)
        self._start, self._stock = start, t
        self.counted_from = float(line.recruits_to[t - 1]) if t else 0.0
        first, second = self._generations
        each, orders = self._each[start:end], line.orders[start:end]
        recruits = line.recruits_to[start:end] - self.counted_from
        direct = _upto(each)
        indirect = _upto(each * (recruits - line.recruits[start:end]))
        direct -= direct[t - start]
        indirect -= indirect[t - start]
        v, g = first * direct + second * indirect, second * direct
        k = v[1:] - g[1:] * recruits
        self._recruits, self._k = recruits, k
        # Of all cohorts before each: V, G, orders, orders x H, orders x K.
        self._sums = np.array([v, g, _upto(orders), _upto(orders * recruits), _upto(orders * k)])
        self._ahead = list(zip(*self._sums[:, t - start :].tolist(), strict=True))
        self.until = end - 1  # the last tick for which these sums serve
        if first or second:
            few = np.searchsorted(recruits[t - start :], MOST_RECRUITS, side="right")
            self.until = min(t + int(few), end - 1)
        self.paid.append(
            YoungPaid(start, self._base[start:end], orders, recruits, k, self._sums[2:])
        )
        self._clock = (0.0, 0.0, 0.0)  # sums of factors, of factors x V, of factors x G
        self._joined: list[tuple[float, float, float]] = []  # the clock when a cohort joined
        self.begin(start)

    def begin(self, first: int) -> None:
        """The cohorts before ``first`` are young no longer."""
        self.first = first
        self._before: list[float] = self._sums[:, first - self._start].tolist()
        self._oldest: tuple[float, ...] | None = None
        self._enough_until = -1

    def keep(self, t: int) -> int:
        """The first cohort that may stay when stock is taken on tick ``t``."""
        to = self._line.recruits_to
        if t == 0 or not any(self._generations):
            return self.first
        few = np.searchsorted(to[self.first : t], to[t - 1] - MOST_RECRUITS)
        return self.first + int(few)

    # -- all of them together ------------------------------------------------------------------

    def this_tick(self, t: int) -> tuple[float, float, float, float]:
        """Yuan due to all of them on tick ``t``, as base and for recruits; V, G from them alone.

        V - G x recruits is what they bring one order of an older cohort.
        """
        v, g, orders, recruits, k = self._ahead[t - self._stock]
        v0, g0, orders0, recruits0, k0 = self._before
        brought = v * (orders - orders0) - g * (recruits - recruits0) - (k - k0)
        return self._base_to[t] - self._base_to[self.first], max(brought, 0.0), v - v0, g - g0

    def pay(self, t: int, factor: float) -> None:
        """The part ``factor`` of what is due on tick ``t`` is paid."""
        v, g, *_ = self._ahead[t - self._stock]
        days, by_v, by_g = self._clock
        self._clock = (days + factor, by_v + factor * v, by_g + factor * g)
        self._joined.append(self._clock)

    # -- one by one ----------------------------------------------------------------------------

    def _had(self, first: int, end: int) -> tuple[Floats, Floats]:
        """Full days that each order has had, and yuan because of its recruits."""
        joined = np.zeros((max(end - first, 0), 3))
        since = max(first, self._stock)
        if since < end:
            joined[since - first :] = self._joined[since - self._stock : end - self._stock]
        days, by_v, by_g = (np.array(self._clock) - joined).T
        part = slice(first - self._start, end - self._start)
        brought = by_v - by_g * self._recruits[part] - days * self._k[part]
        return self._days[first:end] + days, self._brought[first:end] + brought

    def left(self, first: int, end: int) -> Floats:
        """Credit left of one order, shape (packages, cohorts from ``first`` to ``end``)."""
        days, brought = self._had(first, end)
        left = np.maximum(self._credit - self._rate * days - brought, 0.0)
        there: Floats = np.where(self._line.counts[:, first:end] > 0, left, 0.0)
        return there

    def note(self, t: int, part: float) -> None:
        """The part ``part`` of what is due on tick ``t`` has reached them."""
        if self.first < t:
            v, g, *_ = self._ahead[t - self._stock]
            self.paid[-1].rows.append((t, self.first, part, v, g))

    def lack(self, t: int) -> bool:
        """Whether the oldest ones may have less credit left than they are due on tick ``t``."""
        if t <= self._enough_until or self.first >= t:
            return False
        if self._oldest is None:
            at, since = self.first - self._start, self.first - self._stock
            days, by_v, by_g = self._joined[since] if since >= 0 else (0.0, 0.0, 0.0)
            h, k = float(self._recruits[at]), float(self._k[at])
            had = float(self._brought[self.first]) - by_v + by_g * h + days * k
            # What recruits bring only grows until stock is taken.
            v, g, *_ = self._ahead[self.until - self._stock]
            most = max(v - g * h - k, 0.0)
            self._oldest = h, k, float(self._days[self.first]) - days, had, most
        h, k, days_before, had, most = self._oldest
        days, by_v, by_g = self._clock
        had += by_v - by_g * h - days * k
        days += days_before
        ticks = min((credit - rate * days - had) / (rate + most) for credit, rate in self._packages)
        self._enough_until = t + int(ticks) - 1
        return bool(ticks < 1.0)


class _Old:
    """The cohorts that are looked at one by one: views of what a tick needs, and room to work.

    Arrays have the shape (packages, cohorts) or (cohorts,).
    """

    def __init__(
        self, first: int, end: int, *, left: Floats, weight: Floats, rate: Floats, due: Floats
    ) -> None:
        self.first, self.end, self.size = first, end, end - first
        self.left, self.weight, self.rate = left, weight, rate
        self.due = due

    def prepare(self, bring: Floats, recruits: Floats) -> None:
        """Have room to work for :meth:`base`, :meth:`accelerate` and :meth:`give`."""
        packages, size = self.due.shape
        self._work, self._total, self._upto = np.empty((packages, size)), *np.empty((2, size))
        self._full, self._views = 0, self._views_of(0)
        self._packages, self._cohorts = np.ones(packages), np.ones(size)
        self._bring, self._recruits = bring, recruits
        brought, self._sums = np.zeros((2, 2, size + 1))
        self._here, self._last, self._backwards = brought[:, :-1], brought[:, -1], brought[:, ::-1]
        self._later_v, self._later_g = self._sums[:, -2::-1]

    def by_cohort(self, each: Floats | Bools) -> Floats:
        """Yuan of all orders of each cohort, from yuan of one order."""
        if len(each) == 1:
            found: Floats = each[0] * self.weight[0]
            return found
        summed: Floats = (each * self.weight).sum(axis=0)
        return summed

    def accelerate(self, v: float, g: float) -> None:
        """Add what recruits bring: those of the old cohorts, and V and G of the young ones."""
        np.multiply(self._bring, self._total, out=self._here)
        self._last[0], self._last[1] = v, g
        np.add.accumulate(self._backwards, axis=1, out=self._sums)
        extra = np.multiply(self._recruits, self._later_g, out=self._upto)
        np.subtract(self._later_v, extra, out=extra)
        np.maximum(extra, 0.0, out=extra)
        np.add(self.due, extra, out=self.due)
        np.minimum(self.due, self.left, out=self.due)

    def sum_base(self) -> float:
        """Yuan due to all as base: by cohort, and their sum, which is returned."""
        np.multiply(self.due, self.weight, out=self._work)
        self._packages.dot(self._work, out=self._total)
        return float(self._cohorts.dot(self._total))

    def give(self, stars: float) -> bool:
        """Add yuan for stars, the oldest cohorts first; False if all these cannot bear so much."""
        np.subtract(self.left, self.due, out=self._work)
        np.multiply(self._work, self.weight, out=self._work)
        self._packages.dot(self._work, out=self._total)
        upto = np.add.accumulate(self._total, out=self._upto)
        last = int(upto.searchsorted(stars))
        if last != self._full:
            self._full, self._views = last, self._views_of(last)
        due, left, part_due, part_left = self._views
        np.copyto(due, left)
        if last >= self.size:
            return False
        before = float(upto[last - 1]) if last else 0.0
        if stars > before:
            rest = part_left - part_due
            rest *= (stars - before) / (float(upto[last]) - before)
            part_due += rest
        return True

    def _views_of(self, full: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Due and left of the first ``full`` cohorts, and of the next one."""
        due, left, after = self.due, self.left, slice(full, full + 1)
        return due[:, :full], left[:, :full], due[:, after], left[:, after]


class ScheduledReleaseEngine:
    """Runs a :class:`ScheduledRelease` on cohorts of one tick and package.

    Where the daily release is a part of the price the cohorts that are still far from the end of
    their credit are left to a running clock: a tick costs a few array operations over the others.
    It costs these over all that have credit left where the release is a part of the balance or by
    tasks, where somebody gives up, and where what is due goes to a wallet first.
    """

    def __init__(
        self,
        settings: ScheduledRelease,
        *,
        line: Line,
        credits_: tuple[float, ...],
        platform: Platform,
        give_up: float,
        payments: Payments,
    ) -> None:
        self.settings = settings
        self.line = line
        self.pool = 0.0
        self.stopped = False
        self.fee = platform.withdrawal_fee
        self.minimum = platform.minimum
        self._raised = platform.raised_minimum
        self._raised_at = platform.raised_from - 1
        self._fee_step = platform.fee_step
        self._give_up = give_up
        self.payments = payments
        self.of_young: list[YoungPaid] = []
        packages, ticks = shape = line.counts.shape
        self._paid = 0  # ticks that have been paid; who joined on later ones has had nothing
        self._credit = np.array(credits_)[:, None]
        self._credited: list[float] = (self._credit[:, 0] @ line.counts).tolist()
        self._enough = line.prices[:, None] * (1 - 1e-9)  # who was paid so much is even
        self._nothing = [1e-9 * credited for credited in credits_]
        self._own: list[float] = (settings.share * (1 + 1e-9) * line.prices).tolist()
        self._rate = self.rate = settings.daily_rate * line.prices[:, None]
        self.left = np.zeros(shape)  # credit left of one order; of a young one see ``_young``
        self.wallet = np.zeros(shape) if platform.wallets else None
        self.lost = np.zeros(shape)  # left in a wallet for good
        self.weight = line.counts.copy()  # orders, those given up taken out
        self.got = np.zeros(shape)  # cash one order was paid; without wallets, until ``_booked``
        self._booked = np.where(line.counts > 0, self._credit, 0.0)  # what was left by then
        self._cash = np.zeros(ticks) if give_up > 0 else None
        self._lapsed_even = np.zeros(ticks)
        self._even = np.zeros(shape, dtype=bool)  # where somebody gives up: has had the price back
        self.done_tick = np.zeros(shape, dtype=np.int64)
        self._done_at = [0] * packages
        self._first = 0  # the oldest cohort with anything left
        self._level = np.array([points for points, _ in settings.rewards])
        self._reward = settings.tasks * np.array([0.0, *(yuan for _, yuan in settings.rewards)])
        self._lower = np.array([-np.inf, *self._level])  # of each reward: from so many points on
        self._day = self._first_day(float(line.prices[0]), float(credits_[0]))
        if settings.rewards:
            full = levels_reached(self._level, self._credit, of=self._credit)
            self._rate = np.repeat(self._reward[full], ticks, axis=1)  # of the day, at one's level
            # Below it one gets less.
            self._least = np.repeat(self._lower[full] - SLACK * self._credit, ticks, axis=1)
        self._gross = 0.0
        self._ads = 0.0
        self._promised = self._holders = 0.0
        self._faster = settings.first_generation > 0 or settings.second_generation > 0
        self._recruits = np.zeros(ticks)
        self._bring = np.zeros((2, ticks))
        self._count_recruits(slice(0, ticks), 0.0)
        self._due = np.zeros(shape)
        self._sold: list[float] = line.sales.tolist()
        self._ordered: list[float] = line.orders.tolist()
        self._star_rate = self._star_rates()
        self._young: _Young | None = None
        if settings.basis == "price" and not (settings.rewards or platform.wallets or give_up):
            self._young = _Young(settings, line, self._credit, self._rate)
            self.of_young = self._young.paid
        self._old = self._look(0)
        columns = (
            "pool",
            "paid",
            "fee",
            "promised",
            "holders",
            "exits",
            "ads",
            "factor",
            "account",
        )
        self.log: dict[str, list[float]] = {name: [] for name in columns}

    def _first_day(self, price: float, credited: float) -> float:
        """What one order of the first package is due on its first day."""
        settings = self.settings
        if settings.rewards:
            level = int(levels_reached(self._level, credited, of=credited))
            return min(float(self._reward[level]), credited)
        return min(
            settings.daily_rate * (price if settings.basis == "price" else credited), credited
        )

    def _star_rates(self) -> list[float]:
        """The highest star's share that all sales up to each tick have reached."""
        stars = self.settings.stars
        sold = np.cumsum(self._sold)
        reached = levels_reached([sales for sales, _ in stars], sold, of=sold)
        rates: list[float] = np.array([0.0, *(share for _, share in stars)])[reached].tolist()
        return rates

    def _count_recruits(self, part: slice, counted_from: float) -> None:
        """What orders of each cohort bring older ones a yuan of their base, and recruits of each.

        An order of tick j is brought the sum of the first over later cohorts, less its recruits
        times the sum of the second.
        """
        line, settings = self.line, self.settings
        recruits = line.recruits_to[part] - counted_from
        before = line.before[part]
        each = np.divide(1.0, before, out=np.zeros(len(before)), where=before > 0)
        earlier = recruits - line.recruits[part]
        self._recruits[part] = recruits
        self._bring[0, part] = each * (
            settings.first_generation + settings.second_generation * earlier
        )
        self._bring[1, part] = each * settings.second_generation

    def _look(self, end: int) -> _Old:
        """Look at the cohorts before ``end`` one by one.

        While there are young ones these stay the same for many ticks: then in arrays of their own.
        """
        first, part = self._first, slice(self._first, end)
        if self._young is None:
            rate = self._rate[:, part] if self._rate.shape[1] > 1 else self._rate
            left, weight, due = self.left[:, part], self.weight[:, part], self._due[:, part]
        else:
            left, weight = self.left[:, part].copy(), self.weight[:, part].copy()
            rate, due = np.repeat(self._rate, end - first, axis=1), np.empty_like(left)
        old = _Old(first, end, left=left, weight=weight, rate=rate, due=due)
        if self._faster or self.settings.stars:
            old.prepare(self._bring[:, part], self._recruits[part])
        return old

    def _put_back(self) -> None:
        """Note what is left of the old cohorts' credit in the array of all cohorts."""
        self.left[:, self._old.first : self._old.end] = self._old.left

    # -- one tick ----------------------------------------------------------------------------

    def join(self, t: int) -> None:
        """The orders of tick ``t`` (from 0) pay in and are credited; release begins on the next."""
        if self.stopped:
            return
        settings = self.settings
        self.pool += settings.share * self._sold[t]
        if self._young is not None:
            self._promised += self._credited[t]
            self._holders += self._ordered[t]
            return
        if settings.rewards:
            each = settings.ad_share * settings.ad_income * settings.tasks
            self._ads = each * self._working(t)
            self.pool += self._ads
        self.left[:, t] = self._booked[:, t]

    def _working(self, t: int) -> float:
        """Orders of earlier ticks with credit left."""
        if self.wallet is None or not t:
            return self._holders
        part = slice(self._first, t)
        return float(np.vdot(self.left[:, part] > 0, self.weight[:, part]))

    def due(self, t: int) -> float:
        """Yuan in cash that the rule promises for this tick."""
        self._gross = 0.0
        if t == self._raised_at and self._raised is not None:
            self.minimum = max(self.minimum, self._raised)
        if self._young is not None and not self.stopped and t > self._young.until:
            self._take_stock(self._young, t)
        if self.stopped or t == self._first:
            return 0.0
        self._gross = self._work_out(t)
        if self.wallet is not None:
            return self._withdrawable() * (1 - self.fee)
        return self._gross * (1 - self.fee)

    def _work_out(self, t: int) -> float:
        """What each of the old cohorts is due; yuan due to all orders, the young ones included."""
        young = self._young
        if young is None:
            self._old = self._look(t)
            self._release(self._old, t, 0.0, 0.0, 0.0)
            return float(np.vdot(self._old.due, self._old.weight))
        while young.lack(t):
            self._take_in(young, min(young.first + AT_ONCE, t))
        if self._first > self._old.first + AT_ONCE:
            self._put_back()
            self._old = self._look(young.first)
        more = AT_ONCE
        base, brought, v, g = young.this_tick(t)
        while not self._release(self._old, t, base, v, g) and young.first < t:
            self._take_in(young, min(young.first + more, t))
            more *= 2
            base, brought, v, g = young.this_tick(t)
        return float(np.vdot(self._old.due, self._old.weight)) + base + brought

    def _release(self, old: _Old, t: int, base: float, v: float, g: float) -> bool:
        """Base, acceleration and stars of the old cohorts.

        The young ones are due ``base`` and bring ``v`` and ``g``. False if they get stars as well.
        """
        settings = self.settings
        if settings.basis == "balance" and not settings.rewards:
            np.multiply(old.left, settings.daily_rate, out=old.due)
        else:
            np.minimum(old.rate, old.left, out=old.due)
        if not (self._faster or settings.stars):
            return True
        base += old.sum_base()
        if self._faster:
            old.accelerate(v, g)
        stars = self._star_rate[t] * base
        return stars <= 0.0 or old.give(stars)

    # The line between old and young

    def _take_in(self, young: _Young, end: int) -> None:
        """Look at the young cohorts before ``end`` one by one from now on."""
        self._write_down(young, end)
        self._put_back()
        young.begin(end)
        self._old = self._look(end)

    def _take_stock(self, young: _Young, t: int) -> None:
        """Sum up anew what is promised, and let the young ones' sums start anew."""
        keep = young.keep(t)
        self._write_down(young, t)
        self._put_back()
        young.begin(keep)
        young.take_stock(t)
        self._count_recruits(slice(self._first, t + AHEAD), young.counted_from)
        self._old = self._look(keep)
        part = slice(self._first, t)
        owed = float(np.vdot(self.left[:, part], self.weight[:, part]))
        self._promised = owed + self._credited[t]

    def _write_down(self, young: _Young, end: int) -> None:
        """Note the credit left of young cohorts before ``end`` beside that of the old ones."""
        if young.first < end:
            self.left[:, young.first : end] = young.left(young.first, end)

    def _all_old(self, t: int) -> None:
        """Look at every cohort from now on, for good."""
        if self._young is not None:
            self._write_down(self._young, t)
            self._put_back()
            self.left[:, t] = self._booked[:, t]
            self._young = None
            self._count_recruits(slice(self._first, self.line.ticks), 0.0)
            self._work_out(t)

    # The smallest withdrawal and the fee

    def _withdrawable(self) -> float:
        """What can be withdrawn today if everybody's due has gone to the wallet, before the fee."""
        old, full = self._old, self._old.due
        if self.wallet is not None:
            full = full + self.wallet[:, old.first : old.end]
        ready = np.where(full >= self.minimum * (1 - NOTHING), full, 0.0)
        self._gross = float(np.vdot(ready, old.weight))
        return self._gross

    def raise_fee(self, available: float) -> float:
        """Raise the fee until ``available`` yuan are enough or it is at its most; what is due."""
        while self._gross * (1 - self.fee) > available * (1 + NOTHING) and self.fee < MAX_FEE:
            self._book()
            self.fee = min(self.fee + self._fee_step, MAX_FEE)
        return self._gross * (1 - self.fee)

    def raise_minimum(self, t: int, available: float) -> float:
        """Double the smallest withdrawal until ``available`` yuan are enough; what is due."""
        if self.wallet is None:
            self._book()
            self._all_old(t)
            self.wallet = np.zeros_like(self.left)
        self.minimum = max(self.minimum, self._day)
        most = 2.0 * float(self._credit.max()) + self._day
        while self._withdrawable() * (1 - self.fee) > available * (1 + NOTHING):
            if self.minimum > most:
                break
            self.minimum *= 2.0
        return self._gross * (1 - self.fee)

    def _book(self) -> None:
        """Note the cash that orders have had so far, under the fee so far."""
        if self.wallet is not None:
            return
        if self._young is not None:
            self._write_down(self._young, self._paid)
        self._put_back()
        part = slice(0, self._paid)
        self.got[:, part] += (self._booked[:, part] - self.left[:, part]) * (1 - self.fee)
        self._booked[:, part] = self.left[:, part]

    # Paying

    def pay(self, t: int, *, factor: float, from_account: float) -> None:
        """Book the part ``factor`` of what was due, some of it paid by the platform."""
        cash = self._gross * (1.0 - self.fee) * factor
        exits = 0.0
        if not self.stopped:
            if t > self._first:
                self._pay_out(t, factor, cash > 0)
                exits = self._mark(t)
            if self._young is not None:
                self._promised -= self._gross * factor
                self._young.pay(t, factor)
            self._paid = t + 1
        self.pool -= cash - from_account
        if abs(self.pool) < NOTHING * max(cash, 1e-300):
            self.pool = 0.0
        if self.pool == 0.0:
            self.payments.emptied(t)
        elif not (self.stopped or self.payments.whole):
            self._note_done()
        log = self.log
        log["paid"].append(cash)
        log["fee"].append(self._gross * factor - cash)
        log["factor"].append(factor)
        log["account"].append(from_account)
        log["ads"].append(self._ads)
        log["exits"].append(exits)
        self._ads = 0.0

    def _pay_out(self, t: int, factor: float, cash: bool) -> None:
        """Take what is paid off the old cohorts' credit or wallets."""
        old, net, wallet = self._old, 1.0 - self.fee, self.wallet
        paid, part = old.due, slice(old.first, old.end)
        if wallet is not None:
            wallet[:, part] += paid
            old.left -= paid
            there = wallet[:, part]
            paid = np.where(there >= self.minimum * (1 - NOTHING), factor * there, 0.0)
            wallet[:, part] -= paid
            self.got[:, part] += net * paid
        else:
            if factor != 1.0:
                paid *= factor
            old.left -= paid
        if self.settings.rewards:
            below = old.left < self._least[:, part]
            if np.count_nonzero(below):
                self._find_reward(below, part)
        if self._cash is not None:
            self._cash[part] += net * old.by_cohort(paid)
        if cash:
            if old.size:
                each = paid if net == 1.0 else net * paid
                if old.end > self.payments.fresh:
                    self.payments.note(old.first, old.weight, each, steady=not self._give_up)
                self.payments.add(t, old.first, old.by_cohort(each), leave=False)
            if self._young is not None:
                self._young.note(t, net * factor)

    def _note_done(self) -> None:
        """Tell whose own contribution has come back: nothing of what they get now is their own."""
        old, at = self._old, self.payments.fresh
        while old.first <= at < old.end:
            for p, own in enumerate(self._own):
                had = self.got[p, at]
                if self.wallet is None:
                    had += (self._booked[p, at] - old.left[p, at - old.first]) * (1 - self.fee)
                if had < own:
                    break
            else:
                at += 1
                continue
            break
        self.payments.done(min(max(at, self._first), old.end))

    def _find_reward(self, which: Bools, part: slice) -> None:
        """The day's rewards by the credit left, and the credit below which they are less."""
        left = self.left[:, part]
        of = np.broadcast_to(self._credit, left.shape)[which]
        level = levels_reached(self._level, left[which], of=of)
        self._rate[:, part][which] = self._reward[level]
        self._least[:, part][which] = self._lower[level] - SLACK * of

    def _mark(self, t: int) -> float:
        """Mark whose credit is used up; returns how many orders."""
        if self._give_up:
            self._mark_even()
        done = self._mark_each(t) if self._young is None else self._mark_oldest(t)
        self._first = min(self._done_at)
        return done

    def _mark_oldest(self, t: int) -> float:
        """Where whoever came first is always done first: the oldest ones in turn."""
        done, old = 0.0, self._old
        left, first = old.left, old.first
        for p, nothing in enumerate(self._nothing):
            at = self._done_at[p]
            while at < old.end and left[p, at - first] <= nothing:
                orders, rest = float(self.weight[p, at]), float(left[p, at - first])
                done += orders
                self._holders -= orders
                self._promised -= orders * rest
                self._booked[p, at] -= rest
                self.done_tick[p, at] = t + 1
                left[p, at - first] = 0.0
                at += 1
            self._done_at[p] = at
        return done

    def _mark_each(self, t: int) -> float:
        """All of them: what is in a wallet, or the level of a reward, can hold an older one up."""
        done, old, wallet = 0.0, self._old, self.wallet
        for p, nothing in enumerate(self._nothing):
            start = self._done_at[p]
            part = slice(start, old.end)
            left, marks = old.left[p, start - old.first :], self.done_tick[p, part]
            gone = (left <= nothing) & (marks == 0)
            lost = None
            if wallet is not None:
                there = wallet[p, part]
                some = there > nothing
                # Too little ever to be withdrawn.
                lost = gone & some & (there < self.minimum * (1 - NOTHING))
                gone &= ~some
                self.lost[p, part][lost] = there[lost]
                there[gone | lost] = 0.0
            done += float(self.weight[p, part][gone].sum())
            now = gone if lost is None else gone | lost
            self._booked[p, part][now] -= left[now]
            left[now] = 0.0
            marks[now] = t + 1
            still = np.flatnonzero(marks == 0)
            self._done_at[p] = start + int(still[0]) if len(still) else old.end
        return done

    def _mark_even(self) -> None:
        """Count who has the price back before somebody of the same tick gives up."""
        old, part = self._old, slice(self._old.first, self._old.end)
        got = self.got[:, part]
        if self.wallet is None:
            got = got + (self._booked[:, part] - old.left) * (1 - self.fee)
        now = (got >= self._enough) & ~self._even[:, part]
        if np.count_nonzero(now):
            self._even[:, part] |= now
            self._lapsed_even[part] += old.by_cohort(now)

    def settle(self, t: int) -> None:
        """The end of the tick: those who give up are gone."""
        log = self.log
        if not self.stopped:
            if self._young is None:
                self._add_up(t)
            elif self._holders <= 0.0:
                self._promised = 0.0
        log["promised"].append(max(self._promised, 0.0))
        log["holders"].append(self._holders)
        log["pool"].append(self.pool)

    def _add_up(self, t: int) -> None:
        """Let some give up, and sum up what is promised to the others."""
        part = slice(self._first, t + 1)
        claim, weight = self.left[:, part], self.weight[:, part]
        if self.wallet is not None:
            claim = claim + self.wallet[:, part]
        open_ = claim > 0.0
        if self._give_up:
            weight[open_] *= 1.0 - self._give_up
        self._promised = float(np.vdot(claim, weight))
        self._holders = float(np.vdot(open_, weight))

    @property
    def owed(self) -> float:
        """Yuan of credit that holders have left, in wallets too."""
        return self.log["promised"][-1] if self.log["promised"] else 0.0

    def end(self) -> None:
        """Nobody orders any more, and nobody is paid."""
        self.stopped = True

    # -- afterwards --------------------------------------------------------------------------

    def record(self, accounts: str) -> Record:
        """What it did, with the pool called ``accounts`` in the ledger."""
        self._book()
        line = self.line
        log = {name: np.array(values) for name, values in self.log.items()}
        counts = line.counts
        cash = self._cash if self._cash is not None else (counts * self.got).sum(axis=0)
        claim = self.left if self.wallet is None else self.left + self.wallet
        waiting = (claim > 0.0) & (counts > 0)
        done = (self.done_tick > 0) & (self.lost <= 0.0)
        even = self._lapsed_even
        if not self._give_up:
            even = (counts * (self.got >= self._enough)).sum(axis=0)
        due_in = self.settings.share * line.sales
        holding = (self.weight * waiting).sum(axis=0)
        last = np.where(counts > 0, self.done_tick, 0).max(axis=0)
        finished = (counts.sum(axis=0) > 0) & ~waiting.any(axis=0)
        from_pool = log["paid"] - log["account"]
        return Record(
            name=self.settings.name,
            kind=self.settings.kind,
            pool=log["pool"],
            paid_in=due_in + log["ads"],
            paid_out=log["paid"],
            fees=log["fee"],
            promised=log["promised"],
            holders=log["holders"],
            exits=log["exits"],
            units=log["promised"],
            price=log["factor"],
            received=cash,
            held_value=(self.weight * claim).sum(axis=0),
            left=(self.weight * done).sum(axis=0),
            even=even,
            held=holding,
            exit_tick=np.where(finished, last, 0).astype(float),
            flows=[
                flow("buyers", accounts, "order", due_in),
                flow("advertisers", accounts, "advertisement", log["ads"]),
                flow(accounts, "buyers", "release", from_pool),
                flow("platform", "buyers", "release", log["account"]),
            ],
        )
