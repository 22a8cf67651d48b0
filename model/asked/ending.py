"""What a mechanism can still pay once orders have stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from model.arrays import Floats
from model.result import Result
from model.scheme import Mechanism

M = TypeVar("M", bound=Mechanism)

#: Groups by joining time: the first 1 %, the next 9 %, the next 40 %, the last half.
GROUPS = (0.01, 0.1, 0.5, 1.0)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Those who still wait of a group by joining time: their number, and yuan for each.

    ``worth``: what is held or owed. ``first``, ``middle``, ``last``: what a sale of everything pays
    to whoever of them leaves first, when half have left, and last of all. ``forced``: the most a
    forced exit pays, after the fee; None: nobody is forced out.
    """

    orders: float
    worth: float
    first: float
    middle: float
    last: float
    forced: float | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one rule can still pay once orders have stopped; yuan and orders.

    ``pool``: what there is for it, the platform's account included where it pays. ``owed``: what
    the rule promises those who wait; of a points pool, what their points are worth. ``paid``: what
    comes of it without new orders, all together: of a points pool, if all leave one after another;
    ``unpaid`` the rest of what is owed, to ``waiting`` orders. ``never``: units that earn without
    limit, and now nothing. ``shared``: their quota is that of the points. ``holders``: orders that
    hold anything. ``first``, ``middle``, ``last``: what the average holder gets who leaves first,
    in the middle, last, or is first, in the middle and last in line. ``groups``: who holds what, by
    joining time, the earliest first. ``a_day``: yuan a tick that advertisers bring beside it while
    all who wait go on with the tasks.
    """

    kind: str
    name: str
    pool: float
    owed: float
    paid: float
    unpaid: float
    holders: float
    waiting: float
    never: bool = False
    shared: bool = False
    each: float = 0.0
    first: float = 0.0
    middle: float = 0.0
    last: float = 0.0
    a_day: float = 0.0
    forced: float | None = None  # the most a forced exit pays the average holder, after the fee
    groups: tuple[Holding, ...] = ()


class Endings(Generic[M]):
    """Asked of every mechanism by :mod:`model.stopped`."""

    def rule(self, mechanism: M, *, result: Result, account: float) -> Rule | None:  # noqa: ARG002
        """What is left for it; None: it keeps nobody waiting.

        ``account``: yuan that the platform's account holds.
        """
        return None


def by_joining(first: Floats, orders: Floats, amounts: Floats) -> list[tuple[float, float]]:
    """(orders, amount) of the groups by joining time, of those who are there."""
    at = np.argsort(first, kind="stable")
    upto = np.concatenate(([0.0], np.cumsum(orders[at])))
    sums = np.concatenate(([0.0], np.cumsum(amounts[at])))
    total = upto[-1]
    edges = [0.0, *(share * total for share in GROUPS)]
    # Ranks of a shared quota stand one behind the other: each is there from its own beginning.
    orders_at = np.diff(edges)
    amounts_at = np.diff(np.interp(edges, upto, sums))
    return list(zip(orders_at.tolist(), amounts_at.tolist(), strict=True))


def owed_by_joining(held: Floats, owed: Floats) -> tuple[Holding, ...]:
    """Yuan ``owed`` to the ``held`` orders of each tick, by groups; nothing can be sold."""
    return tuple(
        Holding(
            orders=orders,
            worth=amount / orders if orders > 0 else 0.0,
            first=0.0,
            middle=0.0,
            last=0.0,
        )
        for orders, amount in by_joining(np.arange(len(held), dtype=float), held, owed)
    )
