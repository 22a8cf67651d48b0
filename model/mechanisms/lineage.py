"""Uniform recruiting in the mean: what the generations of an order's recruits bring it.

Every order is brought by one of all N orders of earlier ticks, each equally likely, so of the n
orders of a tick an earlier order has n / N in its first generation, and n / N x (what its
generation g - 1 was before) more in generation g (docs/mechanisms/dividend_pool.md).
"""

from __future__ import annotations

import numpy as np

from model.arrays import Floats, Ints
from model.mechanisms.base import Line

#: The expected recruits of further generations together are nothing beside those of the first.
DEEPEST = 64
#: A span of cohorts ends when their expected recruits add up to so much, or on a leap of the line:
#: sums are taken relative to the start of a span, so that differences keep their digits.
WIDE, LEAP = 3.0, 0.5


class Lineage:
    """Units for recruits as sums of a few running numbers, for every cohort and package.

    With phi_t(z) the product of 1 + z n_s / N_s over the ticks s up to t, an order of tick j has at
    t the coefficients of phi_t / phi_j in its generations, and the units that came with them are
    those of (V_t - V_j) / phi_j, V_t the sum of z (new units)_s / N_s phi_(s-1). So the units of
    cohort j at t are ``gain[p][j] . V[t, span j] + const[p][j]``.

    ``of`` (ticks,): the span of each cohort; ``starts``: the first cohort of each, and the end.
    ``each`` (ticks, spans, generations): what a new unit adds to V, ``brought``, of the same shape:
    V. ``gain`` (packages, ticks, generations), ``const`` (packages, ticks): units for each of V,
    and units. V and const are known once a tick's orders have joined.
    """

    def __init__(self, line: Line, *, rate: float, last: tuple[float, ...]) -> None:
        ticks, heads = line.ticks, np.maximum(line.before, 1.0)
        deepest = int(np.ceil(min(max(last), DEEPEST, ticks)))
        self.of, self.starts = self._spans(line.recruits)
        phi = np.zeros((len(self.starts) - 1, deepest))
        self.each = np.zeros((ticks, *phi.shape))
        self.brought = np.zeros_like(self.each)
        inverse = np.zeros((ticks, deepest))
        for t, h in enumerate(line.recruits.tolist()):
            b = int(self.of[t])
            if h:
                self.each[t] = phi / heads[t]
                phi[:, 1:] += h * phi[:, :-1].copy()
            if t == self.starts[b]:
                phi[b, 0] = inverse[t, 0] = 1.0
            elif h:
                before, row = 0.0, inverse[t - 1].tolist()
                for k, have in enumerate(row):
                    row[k] = before = have - h * before
                inverse[t] = row
            else:
                inverse[t] = inverse[t - 1]
        # Of generation g the part that counts for a package: the last of them may count in part.
        counts = np.clip(np.array(last)[:, None] - np.arange(deepest), 0.0, 1.0)
        self.gain = np.zeros((len(last), ticks, deepest))
        for k in range(deepest):
            self.gain[:, :, k] = rate * (counts[:, k:] @ inverse[:, : deepest - k].T)
        self.const = np.zeros((len(last), ticks))

    @staticmethod
    def _spans(each: Floats) -> tuple[Ints, list[int]]:
        of, starts, total = np.zeros(len(each), dtype=np.int64), [0], 0.0
        for t, h in enumerate(each.tolist()):
            total += h
            if t and (total > WIDE or h > LEAP):
                starts.append(t)
                total = 0.0
            of[t] = len(starts) - 1
        return of, [*starts, len(each)]

    def join(self, t: int, new_units: float) -> Floats:
        """V once so many units have come with the orders of tick ``t`` (from 0)."""
        now: Floats = self.brought[t]
        now += new_units * self.each[t]
        if t:
            now += self.brought[t - 1]
        self.const[:, t] = -(self.gain[:, t] @ now[self.of[t]])
        return now

    def parts(self, first: int, end: int) -> list[tuple[int, int, int]]:
        """(span, first cohort, end) of the cohorts from ``first`` to before ``end``."""
        if first >= end:
            return []
        return [
            (b, max(first, self.starts[b]), min(end, self.starts[b + 1]))
            for b in range(int(self.of[first]), int(self.of[end - 1]) + 1)
        ]
