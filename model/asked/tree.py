"""What a mechanism pays the members of a recruitment tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np

from model.arrays import Floats, Ints
from model.recruitment import Tree
from model.result import Result
from model.scheme import Mechanism, Scheme

M = TypeVar("M", bound=Mechanism)
Progress = Callable[[float], None]

#: A sum this close to what is asked for has reached it: rounding must not decide who is paid.
REACHED = 1.0 - 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Members:
    """The members of one run while they are paid; arrays have shape (members,), yuan.

    ``weight``: orders of the run that one member stands for. ``package``: which each chose, from 0.
    ``paid``: the price of it. ``until``: the last tick each waits for anything.
    """

    scheme: Scheme
    result: Result
    tree: Tree
    weight: float
    package: Ints
    paid: Floats
    until: Ints
    progress: Progress

    @property
    def ticks(self) -> int:
        """Ticks of the run."""
        return self.result.ticks

    @cached_property
    def cohort(self) -> Ints:
        """The tick each joined on, from 0."""
        return self.tree.joined - 1

    def each(self, cohorts: Floats) -> Floats:
        """What orders of each tick got together, (ticks,), for one of them: (members,)."""
        orders = self.result.line.orders
        mean = np.divide(cohorts, orders, out=np.zeros(self.ticks), where=orders > 0)
        found: Floats = mean[self.cohort]
        return found

    def told(self, part: float) -> None:
        """``part`` of the stretches of time have been played."""
        self.progress(0.05 + 0.9 * part)


class Trees(Generic[M]):
    """Asked of every mechanism by :mod:`model.people`."""

    def matters(self, mechanism: M) -> bool:  # noqa: ARG002
        """Whether what it pays depends on whom one brought, or on a rank."""
        return False

    def paid(self, mechanism: M, members: Members) -> dict[str, Floats]:  # noqa: ARG002
        """What it pays each member, by what for: words of :data:`model.people.KINDS`."""
        return {}

    def beside(self, mechanism: M, result: Result) -> float:  # noqa: ARG002
        """Yuan that the run paid members by it beside what cohorts received."""
        return 0.0
