"""Cohorts that few have followed: paid from sums that are worked out ahead."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from model.arrays import Floats
from model.mechanisms.base import Line
from model.mechanisms.scheduled_release.settings import ScheduledRelease

#: The sums over young cohorts are worked out for so many ticks ahead, and then anew.
AHEAD = 256
#: Whoever has gained more recruits than this counts as old, so that no sum over young cohorts is a
#: small difference of large numbers where thousands of orders follow on a few.
MOST_RECRUITS = 8.0


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
