"""A queue of refunds at a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from model.asked.seats import Bank, RoomError, Rule, Seating, fen, together
from model.mechanisms.refund_queue.settings import RefundQueue
from model.scheme import Scheme


@dataclass
class Lot:
    """One order in the line: its number, the day from which it may be refunded, fen left."""

    owner: int
    number: int
    ready: int
    left: int


class QueueRule(Rule):
    """The oldest first: as the pool allows, or when so many newcomers have come.

    In the first case the last one in turn is paid what there is, and goes on waiting in front.
    Advances for recruits are not played: a class has no recruiters.
    """

    def __init__(self, settings: RefundQueue, scheme: Scheme, bank: Bank) -> None:
        super().__init__(bank)
        spend = Fraction(str(scheme.order.spend))
        self.contribution = fen(Fraction(str(settings.share)) * spend)
        counts = scheme.order.spend >= settings.threshold
        self.refund = fen(Fraction(str(settings.refund)) * spend) if counts else 0
        self.lock, self.turn, self.newcomers = settings.lock, settings.rule, settings.newcomers
        self.fixed = settings.rule != "pool"
        self.policy = scheme.platform.policy
        self.lots: list[Lot] = []
        self.number = 0

    def buy(self, owner: int, day: int) -> None:
        """See :meth:`Rule.buy`."""
        self.pot.put(owner, self.contribution)
        if self.refund:
            self.number += 1
            self.lots.append(Lot(owner, self.number, day + self.lock, self.refund))

    def _called(self, lot: Lot) -> bool:
        """Whether enough newcomers have come for an order."""
        if self.turn == "shared":
            return lot.number <= (self.number - 1) // self.newcomers
        return lot.number + self.newcomers <= self.number

    def pay(self, day: int) -> None:
        """See :meth:`Rule.pay`."""
        ready = [lot for lot in self.lots if lot.ready <= day]
        if self.turn == "pool":
            paid = dict(self._in_turn(ready))
            self.bank.pay(self.pot, together((lot.owner, paid[id(lot)]) for lot in ready))
            for lot in ready:
                lot.left -= paid[id(lot)]
        else:
            called = [lot for lot in ready if self._called(lot)]
            given = self.bank.keep(
                self.pot, together((lot.owner, lot.left) for lot in called), self.policy
            )
            for lot in called:
                amount = min(lot.left, given.get(lot.owner, 0))
                given[lot.owner] = given.get(lot.owner, 0) - amount
                lot.left -= amount
        self.lots = [lot for lot in self.lots if lot.left]

    def _in_turn(self, ready: list[Lot]) -> Iterator[tuple[int, int]]:
        there = self.pot.total
        for lot in ready:
            amount = min(lot.left, there)
            there -= amount
            yield id(lot), amount

    def waiting(self, owner: int) -> int:
        """See :meth:`Rule.waiting`."""
        return sum(lot.left for lot in self.lots if lot.owner == owner)

    def idle(self) -> bool:
        """See :meth:`Rule.idle`."""
        there = self.pot.total + (self.bank.account.total if self.fixed else 0)
        waits = (
            self.lots if self.turn == "pool" else [lot for lot in self.lots if self._called(lot)]
        )
        return not there or not waits


class QueueSeating(Seating[RefundQueue]):
    """See :class:`Seating`."""

    def rule(self, mechanism: RefundQueue, scheme: Scheme, bank: Bank) -> Rule:
        """See :meth:`Seating.rule`."""
        if mechanism.rule != "pool" and scheme.platform.policy not in {"stop", "cut"}:
            raise RoomError("a class cannot play a rising fee or a smallest withdrawal")
        return QueueRule(mechanism, scheme, bank)
