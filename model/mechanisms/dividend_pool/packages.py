"""The packages of a dividend pool, their groups of one rank, and the running sums of a run."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf

import numpy as np

from model.arrays import Floats
from model.mechanisms.base import NOTHING
from model.mechanisms.lineage import Lineage


class Package:
    """Orders of one package: the same units and the same quota."""

    __slots__ = (
        "const",
        "const_to",
        "gain",
        "gain_to",
        "groups",
        "hair",
        "nothing",
        "number",
        "orders",
        "quota",
        "referral",
        "row",
        "units",
        "weight_to",
    )

    def __init__(
        self,
        number: int,
        *,
        row: int,
        units: float,
        quota: float,
        kin: Lineage | None,
        orders: list[float],
        parts: list[float],
    ) -> None:
        self.number = number
        self.row = row  # of the engine's orders: one package may be in two
        self.units = units
        self.quota = quota
        self.nothing = NOTHING * quota if quota < inf else 0.0
        self.hair = 10 * self.nothing
        #: Whether recruits bring units; then they are gain . V + const, by cohort.
        self.referral = kin is not None
        self.orders = orders  # that are given units, by tick
        # Orders over the survivors when they joined, and those times const and gain: sums up to a
        # cohort.
        self.weight_to, self.const_to = [0.0], [0.0]
        if kin is not None:
            self.gain, self.const = kin.gain[number], kin.const[number]
            self.gain_to = np.zeros((len(orders) + 1, self.gain.shape[1]))
        self.groups = [Group(self, rank, part) for rank, part in enumerate(parts) if part > 0.0]


class Group:
    """Orders of one package and rank, which are paid off oldest first."""

    __slots__ = ("known", "left", "number", "package", "part", "path", "rank", "rate")

    def __init__(self, package: Package, rank: int, part: float) -> None:
        self.number = 0  # among all groups that there are
        self.package = package
        self.rank = rank
        self.part = part  # of the package's orders
        # Of the oldest order whose quota is not used up: what is left of it, a hair less so that
        # rounding hides nobody; and its units but for gain . V, what recruits have brought.
        self.left = package.quota
        self.rate = package.units
        self.known = False  # whether that order has joined
        self.path = array("q", (-1, 0))  # tick, first live cohort after it, and so on


@dataclass(frozen=True, kw_only=True)
class Sums:
    """An engine's running sums as arrays, once the run is over. Shape (ticks,) if not said."""

    clock: Floats  # at the end of the tick
    brought: Floats  # E at the end of the tick, (ticks, spans, generations)
    ranks: Floats  # rank money at the opening of each tick and at the end, (ticks + 1, ranks)
    survivors: Floats  # while the tick's dividends were paid
    after: Floats
    entry_clock: Floats  # by cohort
    entry_brought: Floats  # E when the cohort joined, of its own span, (ticks, generations)
    orders: Floats  # (rows, cohorts), see Package.row
    weights: Floats  # the same over the survivors when they joined


def table(rows: Sequence[Iterable[float]], columns: int) -> Floats:
    """Rows of numbers as an array, sooner than numpy by itself."""
    values = np.fromiter(chain.from_iterable(rows), dtype=float, count=len(rows) * columns)
    return values.reshape(len(rows), columns)
