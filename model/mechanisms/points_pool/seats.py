"""A points pool at a table.

Points are counted in whole parts, a million million million of them each, and what is left over is
not issued: they stay exact however many orders come, and the price is never lower for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from model.asked.seats import Bank, RoomError, Rule, Seating, fen
from model.mechanisms.points_pool.settings import PointsPool
from model.scheme import Scheme

#: Parts of a point.
PARTS: Final = 10**18


@dataclass
class Lot:
    """The points of one order."""

    owner: int
    points: int


class PointsRule(Rule):
    """Price = pool / points; a sale pays (1 - fee), and the fee never leaves the pool.

    It stays the money of whoever had paid it in. Forced exits come at the end of a day, the oldest
    order first, until nobody's points are worth enough (theory, "One tick, in order").
    """

    def __init__(self, settings: PointsPool, scheme: Scheme, bank: Bank) -> None:
        super().__init__(bank)
        spend = Fraction(str(scheme.order.spend))
        self.contribution = fen(Fraction(str(settings.share)) * spend)
        self.gift, self.net = Fraction(str(settings.gift)), 1 - Fraction(str(settings.fee))
        #: Fen for one point.
        self._price = Fraction(str(settings.launch_price)) * 100
        multiple = settings.exit_multiple
        self.quota = None if multiple is None else Fraction(str(multiple)) * spend * 100
        cap = settings.issue_cap
        self.cap = None if cap is None else Fraction(str(cap)) * PARTS
        self.lots: list[Lot] = []
        self.supply = self.issued = 0

    def buy(self, owner: int, day: int) -> None:  # noqa: ARG002
        """See :meth:`Rule.buy`."""
        points = int(PARTS * self.gift * self.contribution / self._price)
        if self.cap is not None and self.issued + points > self.cap:
            self.cap = Fraction(self.issued)
            points = 0
        self.pot.put(owner, self.contribution)
        self.issued += points
        self.supply += points
        if points:
            self.lots.append(Lot(owner, points))
        self._reprice()

    def _reprice(self) -> None:
        if self.supply and self.pot.total:
            self._price = Fraction(self.pot.total * PARTS, self.supply)

    def _worth(self, points: int) -> Fraction:
        return points * self._price / PARTS

    def sells(self, owner: int) -> bool:
        """See :meth:`Rule.sells`."""
        return any(lot.owner == owner for lot in self.lots)

    def holding(self, owner: int) -> int:
        """See :meth:`Rule.holding`."""
        points = sum(lot.points for lot in self.lots if lot.owner == owner)
        return int(self.net * self._worth(points))

    def sell(self, owner: int) -> None:
        """See :meth:`Rule.sell`."""
        self._leave([lot for lot in self.lots if lot.owner == owner], self.holding(owner))

    def _leave(self, lots: list[Lot], cash: int) -> None:
        self.bank.pay(self.pot, {lots[0].owner: cash})
        gone = {id(lot) for lot in lots}
        self.lots = [lot for lot in self.lots if id(lot) not in gone]
        self.supply -= sum(lot.points for lot in lots)
        self._reprice()

    def pay(self, day: int) -> None:  # noqa: ARG002
        """See :meth:`Rule.pay`."""
        if self.quota is None:
            return
        while due := next(
            (lot for lot in self.lots if self._worth(lot.points) >= self.quota), None
        ):
            self._leave([due], int(self.net * self.quota))

    def price(self) -> Fraction:
        """See :meth:`Rule.price`."""
        return self._price / 100


class PointsSeating(Seating[PointsPool]):
    """See :class:`Seating`."""

    def rule(self, mechanism: PointsPool, scheme: Scheme, bank: Bank) -> Rule:
        """See :meth:`Seating.rule`."""
        if mechanism.debt or mechanism.outside:
            raise RoomError("a class cannot play old debts or money from outside the pool")
        if mechanism.redeem_share or mechanism.swap_share:
            raise RoomError("a class cannot pay with points or swap them")
        return PointsRule(mechanism, scheme, bank)
