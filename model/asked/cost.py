"""What a mechanism adds to the cost of a run: work and bytes; see :mod:`model.cost`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from model.draws import MOST_HELD
from model.fields import Frozen
from model.mechanisms.base import MOST_CELLS, STRETCHES
from model.scheme import Scheme

M = TypeVar("M", bound=Frozen)

#: Bytes of a number in an array, in a list, and of an array by itself.
NUMBER, LISTED, ARRAY = 8, 32, 130


@dataclass
class Sum:
    """What is added up: microseconds and bytes."""

    run: float = 0.0
    answer: float = 0.0
    memory: float = 0.0  # beyond what is kept
    kept: float = 0.0

    def add(self, *, run: float = 0, answer: float = 0, memory: float = 0, kept: float = 0) -> None:
        """Add microseconds and bytes."""
        self.run += run
        self.answer += answer
        self.memory += memory
        self.kept += kept


@dataclass(frozen=True)
class Line:
    """The orders of a run as far as they matter for its cost."""

    ticks: int
    packages: int
    spans: int  # see model.mechanisms.lineage
    grown: float  # cohort-ticks with more recruits than a sum over young cohorts bears
    account_pays: bool  # whether the platform's own account may pay a part of what a pool lacks


class Costs(Generic[M]):
    """What a mechanism costs."""

    #: Whether it may pay into the platform's own account.
    feeds_account = False

    def counts_recruits(self, mechanism: M) -> bool:  # noqa: ARG002
        """Whether recruits bring somebody something, tick by tick."""
        return False

    def add(self, mechanism: M, scheme: Scheme, line: Line, found: Sum) -> None:
        """Add to ``found`` what it costs in a run of ``scheme``."""


def kept_payments(cells: float, packages: int, line: Line, found: Sum) -> None:
    """What a run keeps of its payments (model.mechanisms.base.Payments)."""
    most = MOST_CELLS
    single = min(cells * packages, most) * 2 * NUMBER + min(cells, most) * NUMBER
    of_tick = 3 * LISTED + 4 * ARRAY + (NUMBER * STRETCHES if cells > most else 0)
    found.add(kept=single + of_tick * line.ticks)
    found.add(memory=6 * NUMBER * min(cells, most) + 8 * NUMBER * (STRETCHES + 3) * line.ticks)
    found.add(answer=30.0 * line.ticks + 0.2 * min(cells * packages, most))


def played_again(
    run: float, cells: float, packages: int, line: Line, found: Sum, *, shared: bool
) -> None:
    """The run once more with every payment kept, and each of them looked at."""
    found.add(answer=run + 40.0 * line.ticks + cells * packages * 0.06)
    found.add(memory=cells * NUMBER * (1 + packages * (1 if shared else 2)))
    found.add(memory=line.ticks * (600 + 80 * packages) + 8 * NUMBER * min(cells, MOST_HELD))
