"""What becomes of a mechanism if sales stay as they are from launch, and nobody gives up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from model.scheme import Mechanism, Scheme

M = TypeVar("M", bound=Mechanism)

#: A tick beyond this many is "never", and no release is followed day by day for longer.
LONGEST = 100_000
#: So many ticks are played where no closed form says when the money ends.
PLAYED = 1000


@dataclass(frozen=True, kw_only=True)
class Ends:
    """When a fixed promise ends; None: never.

    short: the tick on which what is due passes what comes in. empty: the tick on which neither pool
    nor platform's account can pay what is due. played: so many ticks are to be played, since this
    leaves out what recruits, stars or advances bring forward; 0: it leaves out nothing.
    """

    short: float | None
    empty: float | None
    played: int = 0


@dataclass(frozen=True, kw_only=True)
class Sales:
    """A line with the same sales on every tick.

    orders: a tick. capital: yuan that the platform's account opens with. account: what it gets of
    each yuan of sales.
    """

    scheme: Scheme
    orders: float
    capital: float
    account: float


class Steady(Generic[M]):
    """Asked of every mechanism by :mod:`model.yardstick`."""

    #: Whether it fills or empties the platform's account whichever mechanism is looked at.
    everywhere = False
    #: Whether it counts whole orders, so that so many times the orders are something else.
    whole = False

    def account(self, mechanism: M, part: float, *, distribution: float) -> float:  # noqa: ARG002
        """What it leaves the platform's account of ``part``, the account's share of sales so far.

        ``distribution``: the share of the price that is for distribution.
        """
        return part

    def capital(self, mechanism: M, yuan: float) -> float:  # noqa: ARG002
        """What the platform's account opens with, ``yuan`` of it without this mechanism."""
        return yuan

    def ends(self, mechanism: M, sales: Sales) -> Ends | None:  # noqa: ARG002
        """When it cannot keep a fixed promise; None: it has made none."""
        return None

    def times(self, mechanism: M, scale: float) -> Mechanism | None:  # noqa: ARG002
        """The same for so many times the orders; None: what it pays is no matter of the account."""
        return None
