"""A mechanism at a table: what it does with single persons, in whole fen, order by order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from model.mechanisms.settings import Mechanism
from model.preset import SchemeError

if TYPE_CHECKING:
    from model.scheme import Scheme

M = TypeVar("M", bound=Mechanism)
#: Owners of money beside the seats, which count from 1: a crowd in the background, and whoever
#: brings money that no buyer has paid.
CROWD: Final = 0
OUTSIDE: Final = -1


class RoomError(SchemeError):
    """Something that a class cannot play: one sentence."""


def fen(yuan: float | Fraction) -> int:
    """``yuan`` in hundredths, to the nearest (of two alike the even one)."""
    exact = yuan if isinstance(yuan, Fraction) else Fraction(str(yuan))
    return round(exact * 100)


def largest_remainder(total: int, weights: Mapping[int, int | Fraction]) -> dict[int, int]:
    """``total`` whole fen in proportion to ``weights``, none of them negative, in their order.

    Each gets its exact part without the fraction, and those with the largest fractions one more;
    of equal fractions the first in order. Nothing where all weights are nought.
    """
    whole = sum(weights.values())
    if not whole:
        return {}
    parts = {who: total * weight / Fraction(whole) for who, weight in weights.items()}
    given = {who: part.numerator // part.denominator for who, part in parts.items()}
    left = total - sum(given.values())
    for who in sorted(parts, key=lambda who: given[who] - parts[who])[:left]:
        given[who] += 1
    return given


class Pot:
    """Money that lies together, and whose it was.

    Whoever is paid is paid first from what is there of their own, and the rest from all money in
    the pot in proportion to whose it was (the convention ``own`` of :mod:`model.funding`).
    """

    def __init__(self) -> None:
        self.of: dict[int, int] = {}
        self.total = 0

    def put(self, owner: int, amount: int) -> None:
        """``amount`` fen of ``owner`` come in."""
        self.of[owner] = self.of.get(owner, 0) + amount
        self.total += amount

    def pay(self, due: Mapping[int, int]) -> dict[tuple[int, int], int]:
        """Pay fen to each, all at the same moment; (whose, to whom) -> fen.

        Raises ValueError where there is less: nothing is paid that is not there.
        """
        if sum(due.values()) > self.total or any(amount < 0 for amount in due.values()):
            raise ValueError("more is to be paid than there is")
        drawn: dict[tuple[int, int], int] = {}
        rest: dict[int, int] = {}
        for who, amount in due.items():
            own = min(amount, self.of.get(who, 0))
            self._draw(who, who, own, drawn)
            rest[who] = amount - own
        for who, amount in rest.items():
            if amount:
                for owner, part in largest_remainder(amount, dict(self.of)).items():
                    self._draw(owner, who, part, drawn)
        return drawn

    def _draw(self, owner: int, who: int, amount: int, drawn: dict[tuple[int, int], int]) -> None:
        if amount:
            self.of[owner] -= amount
            self.total -= amount
            drawn[owner, who] = drawn.get((owner, who), 0) + amount


class Bank:
    """Where rules pay from, and what they have paid: (whose, to whom) -> fen."""

    def __init__(self) -> None:
        #: The platform's own account, which fixed promises are paid from when their pool is empty.
        self.account = Pot()
        self.paid: dict[tuple[int, int], int] = {}
        #: Whether the platform has stopped paying for good.
        self.stopped = False

    def pay(self, pot: Pot, due: Mapping[int, int]) -> None:
        """Pay out of a pot."""
        for pair, amount in pot.pay(due).items():
            self.paid[pair] = self.paid.get(pair, 0) + amount

    def keep(self, pot: Pot, due: Mapping[int, int], policy: str) -> dict[int, int]:
        """Pay a fixed promise from a pot and then from the account; what was paid to each, fen.

        Where both together are not enough, everybody is paid the same part of what is due; under
        the policy ``stop`` that is the last that anybody is paid.
        """
        wanted = {who: amount for who, amount in due.items() if amount > 0}
        whole, there = sum(wanted.values()), pot.total + self.account.total
        if whole > there:
            wanted = largest_remainder(there, wanted)
            self.stopped = policy == "stop"
        first = largest_remainder(min(pot.total, sum(wanted.values())), wanted)
        self.pay(pot, first)
        self.pay(self.account, {who: amount - first.get(who, 0) for who, amount in wanted.items()})
        return wanted


class Rule:
    """One mechanism in a game."""

    #: Whether what it owes is a fixed sum, so that the platform's account stands behind it.
    fixed = False
    #: Fen of each order that go into its pot.
    contribution = 0

    def __init__(self, bank: Bank) -> None:
        self.bank, self.pot = bank, Pot()

    def buy(self, owner: int, day: int) -> None:
        """One order of ``owner``, on a day (from 1); its money goes into the pot."""
        raise NotImplementedError

    def pay(self, day: int) -> None:
        """The end of a day: pay what the rule pays."""

    def sells(self, owner: int) -> bool:  # noqa: ARG002
        """Whether ``owner`` has something to sell."""
        return False

    def sell(self, owner: int) -> None:
        """Sell all that ``owner`` has."""

    def holding(self, owner: int) -> int:  # noqa: ARG002
        """Fen that ``owner`` would be paid who alone sold now, after the fee."""
        return 0

    def waiting(self, owner: int) -> int:  # noqa: ARG002
        """Fen that the rule still promises ``owner``."""
        return 0

    def price(self) -> Fraction | None:
        """The price of a point, yuan; None where there are none."""
        return None

    def idle(self) -> bool:
        """Whether nobody is paid any more without new orders."""
        return True


class Seating(Generic[M]):
    """Asked of every mechanism; one without a pool has nothing to pay a class from."""

    def rule(self, mechanism: M, scheme: Scheme, bank: Bank) -> Rule | None:  # noqa: ARG002
        """The mechanism at a table. Raises RoomError for what a class cannot play."""
        return None


def together(amounts: Iterable[tuple[int, int]]) -> dict[int, int]:
    """(who, fen) added up by who, in the order in which they first come."""
    found: dict[int, int] = {}
    for who, amount in amounts:
        found[who] = found.get(who, 0) + amount
    return found
