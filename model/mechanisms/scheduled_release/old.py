"""Cohorts that have many followers: paid one by one."""

from __future__ import annotations

import numpy as np

from model.arrays import Bools, Floats


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
