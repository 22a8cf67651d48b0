"""What one order is paid by a mechanism as the line grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

from model.crowd import FARTHEST
from model.scheme import Mechanism, Scheme

M = TypeVar("M", bound=Mechanism)

#: Relative rounding that decides nothing.
NOTHING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Course:
    """What one mechanism pays a buyer while all orders so far multiply by e^x.

    paid: parts of the price by x. done: the x at which it is all that was promised; None: no limit;
    inf: never. growth: of a promise fixed by the day, the growth of sales a tick that is needed for
    ever, a fraction of one; None: of no such promise.
    """

    paid: Callable[[float], float]
    done: float | None
    growth: float | None = None


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Whom a course is about: who buys the package with this index.

    recruits: whether the buyer has as many recruits as the average order of that age; else none.
    account: what the platform's account gets of each yuan of sales.
    """

    scheme: Scheme
    package: int
    recruits: bool
    account: float


class Courses(Generic[M]):
    """Asked of every mechanism by :mod:`model.yardstick`."""

    def course(self, mechanism: M, buyer: Buyer) -> Course | None:  # noqa: ARG002
        """What it pays ``buyer``; None: it pays buyers nothing."""
        return None


def first_reaching(rising: Callable[[float], float], wanted: float) -> float:
    """The smallest x from 0 at which a rising function reaches ``wanted``; inf if it never does."""
    wanted *= 1 - NOTHING
    if rising(0.0) >= wanted:
        return 0.0
    if rising(FARTHEST) < wanted:
        return inf
    low, high = 0.0, FARTHEST
    for _ in range(64):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) >= wanted else (middle, high)
    return high
