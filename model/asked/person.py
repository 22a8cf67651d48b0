"""What one buyer was paid by a mechanism, or what has to happen first."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Generic, TypeVar

from model.result import Result
from model.scheme import Mechanism

M = TypeVar("M", bound=Mechanism)

#: More orders than this are not looked for.
MOST = 1e18


@dataclass(frozen=True, kw_only=True)
class Group:
    """Those of a day's waiting buyers whom a :class:`Need` is about, if they fare differently.

    The largest group of them: of one rank (nought: none) and one package, for ``price`` yuan; None
    where there are no ranks, or no packages. ``share``: their part of those who wait. ``had``: yuan
    that each has been paid so far.
    """

    rank: int | None
    price: float | None
    share: float
    had: float


@dataclass(frozen=True, kw_only=True)
class Need:
    """What has to happen before somebody who waits is paid, by one rule.

    ``kind`` is that of the rule, ``goal`` what would be reached: ``back``, the whole price;
    ``exit``, the forced exit; ``all``, everything the rule still promises. ``amount``: yuan that
    the person would then have been paid by this rule from now on, after the fee. ``orders``: that
    many more orders are needed, under the assumptions of :func:`model.statement.statement`; inf: it
    never happens. ``turn``: the turn has come, and only the money has not. ``group``: whom it is
    about, where buyers of the day fare differently.
    """

    kind: str
    goal: str
    amount: float
    orders: float
    price: float | None = None  # of a point, to be reached
    owed_to_all: float | None = None  # yuan that the rule promises everybody who waits
    turn: bool = False
    group: Group | None = None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one person paid and was paid, yuan; of a day, its average buyer (``number`` is None).

    ``before`` and ``after`` are the orders placed before and after theirs, by the time they left
    or by the end. ``left_at`` is the tick on which they left, or the last of a day did.
    ``waits``: the part of those meant who still wait (of one person, nought or one). ``by`` says
    whose money was received, ``worth`` what is held is worth before the fee, and ``if_sold`` whose
    money a sale now would pay, all of one person alone; empty where nothing can be sold.
    """

    number: int | None
    joined: int
    spent: float
    received: float
    before: float
    after: float
    left_at: int | None
    waits: float
    by: dict[str, float]
    worth: float = 0.0
    owed: float = 0.0  # yuan that fixed promises and quotas have left for them
    if_sold: dict[str, float] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()


class Persons(Generic[M]):
    """Asked of every mechanism by :mod:`model.statement`."""

    def numbered(self, mechanism: M, *, result: Result) -> bool:  # noqa: ARG002
        """Whether it knows single orders by their number, and all the run paid them."""
        return False

    def of_order(self, mechanism: M, *, result: Result, number: int) -> Statement | None:  # noqa: ARG002
        """The statement of order ``number``, from 1; None where single orders are not known."""
        return None

    def needs(self, mechanism: M, *, result: Result, day: int) -> list[Need]:  # noqa: ARG002
        """What has to happen before buyers of tick ``day`` are paid what it still owes them."""
        return []


def never(result: Result, mechanism: Mechanism, day: int, *, fee: float = 0.0) -> list[Need]:
    """Payment has been stopped for good; ``fee``: the part of a payment that is kept back."""
    record = result.record(mechanism.name)
    held = float(record.held[day - 1])
    if held <= 0:
        return []
    return [
        Need(
            kind=mechanism.kind,
            goal="all",
            amount=float(record.held_value[day - 1]) / held * (1 - fee),
            orders=inf,
            owed_to_all=float(record.promised[-1]),
        )
    ]
