"""A dividend pool at a table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from model.asked.seats import Bank, RoomError, Rule, Seating, fen, largest_remainder, together
from model.mechanisms.dividend_pool.settings import DividendPool
from model.scheme import Scheme


@dataclass
class Lot:
    """The units of one order, and fen left of its quota; None: without end."""

    owner: int
    units: Fraction
    left: int | None


class DividendRule(Rule):
    """Every so many days the pool is divided over the units that still earn.

    An order is the first package. Rank pots and units for recruits are for persons outside the
    class: what goes into the pots of the ranks is not in this pool.
    """

    def __init__(self, settings: DividendPool, scheme: Scheme, bank: Bank) -> None:
        super().__init__(bank)
        price, _ = scheme.order.choices[0]
        self.contribution = fen(Fraction(str(settings.share)) * Fraction(str(price)))
        self.units = Fraction(str(settings.units(scheme.order)[0]))
        quotas = settings.quotas(scheme.order)
        self.quota = None if quotas is None else fen(quotas[0])
        cap = settings.issue_cap
        self.cap = None if cap is None else Fraction(str(cap))
        self.interval, self.over_all = settings.interval, settings.divided_over == "all"
        self.issued = Fraction(0)
        self.lots: list[Lot] = []

    def buy(self, owner: int, day: int) -> None:  # noqa: ARG002
        """See :meth:`Rule.buy`."""
        self.pot.put(owner, self.contribution)
        units = self.units
        if self.cap is not None:
            units = min(units, self.cap - self.issued)
        self.issued += units
        if units:
            self.lots.append(Lot(owner, units, self.quota))

    def _live(self) -> list[Lot]:
        return [lot for lot in self.lots if lot.left is None or lot.left > 0]

    def pay(self, day: int) -> None:
        """See :meth:`Rule.pay`."""
        if day % self.interval or self.idle():
            return
        live = self._live()
        exact = self._exact(live)
        whole = sum(exact.values())
        given = largest_remainder(whole.numerator // whole.denominator, exact)
        for number, amount in given.items():
            left = live[number].left
            if left is not None:
                live[number].left = left - amount
        self.bank.pay(self.pot, together((live[n].owner, a) for n, a in given.items()))

    def _exact(self, live: list[Lot]) -> dict[int, Fraction]:
        """What each of the live orders is due, fen; nobody beyond the quota."""
        found = dict.fromkeys(range(len(live)), Fraction(0))
        if self.over_all:
            part = self.pot.total / self.issued
            for n, lot in enumerate(live):
                due = part * lot.units
                found[n] = due if lot.left is None else min(due, Fraction(lot.left))
            return found
        money, earning = Fraction(self.pot.total), set(found)
        while money > 0 and earning:
            part = money / sum(live[n].units for n in earning)
            full = {
                n
                for n in earning
                if (left := live[n].left) is not None and left <= part * live[n].units
            }
            for n in full or earning:
                left = live[n].left
                due = part * live[n].units
                found[n] = due if left is None or n not in full else Fraction(left)
                money -= found[n]
            earning = earning - full if full else set()
        return found

    def waiting(self, owner: int) -> int:
        """See :meth:`Rule.waiting`."""
        return sum(lot.left or 0 for lot in self.lots if lot.owner == owner)

    def idle(self) -> bool:
        """See :meth:`Rule.idle`."""
        return not self.pot.total or not self._live()


class DividendSeating(Seating[DividendPool]):
    """See :class:`Seating`."""

    def rule(self, mechanism: DividendPool, scheme: Scheme, bank: Bank) -> Rule:
        """See :meth:`Seating.rule`."""
        if mechanism.shares:
            raise RoomError("a class cannot play points and dividends under one quota")
        return DividendRule(mechanism, scheme, bank)
