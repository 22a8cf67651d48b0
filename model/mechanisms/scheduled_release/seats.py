"""A daily release at a table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from model.asked.seats import Bank, RoomError, Rule, Seating, fen, together
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.scheme import Scheme


@dataclass
class Lot:
    """One order: from which day on it is released, and its credit left, in parts of a fen.

    ``carry`` was due on days before and is less than a whole fen.
    """

    owner: int
    first: int
    credit: int
    carry: int = 0


class ReleaseRule(Rule):
    """From the day after it an order is released a part of its price, or of its credit, a day.

    Credit is counted in whole parts of a fen, so many that a day's part of the price is whole. What
    a day's money does not reach stays credited. An order is the first package; what recruits and
    teams add is for persons outside the class.
    """

    fixed = True

    def __init__(self, settings: ScheduledRelease, scheme: Scheme, bank: Bank) -> None:
        super().__init__(bank)
        price, _ = scheme.order.choices[0]
        self.contribution = fen(Fraction(str(settings.share)) * Fraction(str(price)))
        rate = Fraction(str(settings.daily_rate))
        self.rate, self.parts = rate.numerator, rate.denominator
        self.daily = None if settings.basis == "balance" else self.rate * fen(price)
        self.credit = fen(scheme.credits(settings)[0]) * self.parts
        self.net = 1 - Fraction(str(scheme.platform.withdrawal_fee))
        self.policy = scheme.platform.policy
        self.lots: list[Lot] = []

    def buy(self, owner: int, day: int) -> None:
        """See :meth:`Rule.buy`."""
        self.pot.put(owner, self.contribution)
        self.lots.append(Lot(owner, day + 1, self.credit))

    def _due(self, lot: Lot) -> int:
        """Whole fen that are due today; less than a fen is carried to the next day."""
        today = lot.credit * self.rate // self.parts if self.daily is None else self.daily
        due = min(today + lot.carry, lot.credit)
        lot.carry = due % self.parts
        return due // self.parts

    def pay(self, day: int) -> None:
        """See :meth:`Rule.pay`."""
        released = [(lot, self._due(lot)) for lot in self.lots if lot.credit and lot.first <= day]
        due = together((lot.owner, amount) for lot, amount in released)
        # The fee on a withdrawal stays in the pool.
        wanted = {owner: int(self.net * amount) for owner, amount in due.items()}
        paid = self.bank.keep(self.pot, wanted, self.policy)
        before = dict.fromkeys(due, 0)
        for lot, amount in released:
            owner = lot.owner
            if not wanted[owner]:
                continue
            # Each order is credited less by its part of what its owner was paid.
            gone = due[owner] * paid.get(owner, 0)
            upto = before[owner] + amount
            whole = due[owner] * wanted[owner]
            lot.credit -= (gone * upto // whole - gone * before[owner] // whole) * self.parts
            before[owner] = upto

    def waiting(self, owner: int) -> int:
        """See :meth:`Rule.waiting`."""
        return sum(lot.credit for lot in self.lots if lot.owner == owner) // self.parts

    def idle(self) -> bool:
        """See :meth:`Rule.idle`."""
        empty = not self.pot.total and not self.bank.account.total
        return empty or not any(lot.credit for lot in self.lots)


class ReleaseSeating(Seating[ScheduledRelease]):
    """See :class:`Seating`."""

    def rule(self, mechanism: ScheduledRelease, scheme: Scheme, bank: Bank) -> Rule:
        """See :meth:`Seating.rule`."""
        if mechanism.rewards:
            raise RoomError("a class cannot do the tasks that release this credit")
        if scheme.platform.policy not in {"stop", "cut"} or scheme.platform.wallets:
            raise RoomError("a class cannot play a rising fee or a smallest withdrawal")
        return ReleaseRule(mechanism, scheme, bank)
