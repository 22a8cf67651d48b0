"""A class plays a scheme: persons who buy, wait or sell, order by order, in whole fen.

What is paid in and out is whole fen, points and credit are exact. Where several are paid at once
the sum is divided by largest remainder. Whose money somebody was paid follows the convention
``own`` (:mod:`model.funding`): first what is there of one's own, the rest from all money in that
pool in proportion to whose it was. A fee on selling never leaves the pool and stays the money of
whoever paid it in.

The order of a day is that of a run (theory, "One tick, in order"): orders, then what the mechanisms
pay, then forced exits. A round is so many days, and all its orders come on the first of them.
Each mechanism says what it does at a table in its folder (``seats.py``, :mod:`model.asked.seats`);
commissions and the pots of ranks go to persons outside the class.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple

from model.asked.answers import answers
from model.asked.seats import CROWD, OUTSIDE, Bank, RoomError, Rule, Seating, fen
from model.scheme import Scheme

__all__ = ["Books", "Move", "RoomError", "Statement", "Table", "acts", "play"]

#: Days that are played without orders after the last round, at most: ten years.
AFTERWARDS: Final = 3650
#: What one may do; waiting is doing nothing.
ACTS: Final = frozenset({"buy", "sell"})


class Statement(NamedTuple):
    """What one seat paid and was paid, fen, and whose money it was: ``got`` is the sum of the rest.

    ``sources``: (seat, fen) of others, the largest first. ``crowd``: of the crowd behind them.
    ``outside``: of what the platform started with.
    """

    paid: int
    got: int
    own: int
    sources: tuple[tuple[int, int], ...]
    crowd: int
    outside: int


class Books(NamedTuple):
    """All together, the crowd too, fen: ``pooled`` = ``out`` + ``pool``.

    ``pooled``: what reached the pools, and the account that stands behind fixed promises. ``most``:
    what all together could ever take out, which is no more. ``elsewhere``: the rest of the prices.
    """

    paid_in: int
    pooled: int
    out: int
    pool: int
    most: int
    elsewhere: int


class Move(NamedTuple):
    """What a seat does in a round (both from 1): ``buy`` or ``sell``."""

    round: int
    seat: int
    act: str


def acts(scheme: Scheme) -> frozenset[str]:
    """What one can do in this scheme beside waiting. Raises RoomError."""
    table = Table(scheme)
    return ACTS if table.price() is not None else frozenset({"buy"})


class Table:
    """The game as it stands. Money is in fen, ``days`` is how many days a round has.

    ``crowd``: orders of a crowd in the background, after those of the seats in every round; it
    never sells of its own accord. Raises RoomError for a scheme that a class cannot play.
    """

    def __init__(self, scheme: Scheme, *, days: int = 1, crowd: int = 0) -> None:
        self.scheme, self.days, self.crowd = scheme, days, crowd
        self.round = 0
        self.over = False
        self._bank = Bank()
        found = answers(Seating)
        rules = (found[m.kind].rule(m, scheme, self._bank) for m in scheme.mechanisms)
        self._rules: list[Rule] = [rule for rule in rules if rule is not None]
        if not self._rules:
            raise RoomError("a class cannot play a scheme without a pool")
        self._spend = fen(scheme.order.choices[0][0])
        # Fixed promises are paid from the platform's account where their pool is empty.
        backed = any(rule.fixed for rule in self._rules)
        part = Fraction(str(scheme.split().get("platform", 0.0))) if backed else Fraction(0)
        self._to_account = fen(part * self._spend / 100)
        if backed and scheme.platform.capital:
            self._bank.account.put(OUTSIDE, fen(scheme.platform.capital))
        self._capital = self._bank.account.total
        self._orders: dict[int, int] = {}
        self._day = 1
        self._prices = [self.price()]

    @property
    def stopped(self) -> bool:
        """Whether the platform has stopped paying for good, so that nobody can buy any more."""
        return self._bank.stopped

    # -- what is done ------------------------------------------------------------------------------

    def can(self, seat: int) -> frozenset[str]:
        """What a seat may do now, beside waiting."""
        if self.over or self._bank.stopped:
            return frozenset()
        sells = any(rule.sells(seat) for rule in self._rules)
        return ACTS if sells else frozenset({"buy"})

    def act(self, seat: int, act: str) -> None:
        """A seat (from 1) buys one order or sells all its points. Raises RoomError."""
        if seat < 1:
            raise RoomError(f"seat {seat}: seats count from 1")
        if act not in ACTS:
            raise RoomError(f"{act!r} is not one of buy, sell")
        if act not in self.can(seat):
            why = "nothing to sell" if act == "sell" else "nothing to buy: the platform has stopped"
            raise RoomError(f"seat {seat} has {why}")
        if act == "buy":
            self._buy(seat)
            return
        for rule in self._rules:
            if rule.sells(seat):
                rule.sell(seat)

    def _buy(self, owner: int) -> None:
        self._orders[owner] = self._orders.get(owner, 0) + 1
        for rule in self._rules:
            rule.buy(owner, self._day)
        if self._to_account:
            self._bank.account.put(owner, self._to_account)

    def close(self) -> None:
        """End a round: the crowd's orders, then what is paid on its days."""
        if not self._bank.stopped:
            for _ in range(self.crowd):
                self._buy(CROWD)
        for _ in range(self.days):
            self._pay()
        self.round += 1
        self._prices.append(self.price())

    def _pay(self) -> None:
        for rule in self._rules:
            if not self._bank.stopped:
                rule.pay(self._day)
        self._day += 1

    def stop(self) -> None:
        """Nobody orders any more: go on until nobody is paid, at most :data:`AFTERWARDS` days."""
        self.over = True
        for _ in range(AFTERWARDS):
            if self._bank.stopped or all(rule.idle() for rule in self._rules):
                break
            self._pay()

    # -- how it stands -----------------------------------------------------------------------------

    def paid(self, seat: int) -> int:
        """Fen that a seat has paid."""
        return self._orders.get(seat, 0) * self._spend

    def got(self, seat: int) -> int:
        """Fen of cash that a seat has been paid."""
        return sum(amount for (_, to), amount in self._bank.paid.items() if to == seat)

    def holding(self, seat: int) -> int:
        """Fen that a seat's points would bring if it alone sold now, after the fee."""
        return sum(rule.holding(seat) for rule in self._rules)

    def waiting(self, seat: int) -> int:
        """Fen that the rules still promise a seat."""
        return sum(rule.waiting(seat) for rule in self._rules)

    def price(self) -> Fraction | None:
        """The price of a point, yuan; None where there are none."""
        return next((p for rule in self._rules if (p := rule.price()) is not None), None)

    def prices(self) -> tuple[Fraction, ...]:
        """The price at launch and after every round; empty where there are no points."""
        return tuple(price for price in self._prices if price is not None)

    def pool(self) -> int:
        """Fen in the pools and in the account behind them."""
        return sum(rule.pot.total for rule in self._rules) + self._bank.account.total

    def statement(self, seat: int) -> Statement:
        """What a seat paid and was paid, and whose money that was."""
        came = {owner: a for (owner, to), a in self._bank.paid.items() if to == seat}
        others = [(owner, a) for owner, a in came.items() if owner > 0 and owner != seat]
        return Statement(
            paid=self.paid(seat),
            got=sum(came.values()),
            own=came.get(seat, 0),
            sources=tuple(sorted(others, key=lambda pair: (-pair[1], pair[0]))),
            crowd=came.get(CROWD, 0),
            outside=came.get(OUTSIDE, 0),
        )

    def books(self) -> Books:
        """Everybody's money together."""
        orders = sum(self._orders.values())
        each = sum(rule.contribution for rule in self._rules) + self._to_account
        paid_in, pooled = orders * self._spend, orders * each + self._capital
        out = sum(self._bank.paid.values())
        return Books(
            paid_in=paid_in,
            pooled=pooled,
            out=out,
            pool=self.pool(),
            most=pooled,
            elsewhere=paid_in - orders * each,
        )


def play(
    scheme: Scheme,
    moves: Iterable[Move],
    *,
    rounds: int,
    days: int = 1,
    crowd: int = 0,
    stop: bool = False,
) -> Table:
    """A whole game: the moves in their order, ``rounds`` rounds. Raises RoomError."""
    by_round: dict[int, list[Move]] = {}
    for move in moves:
        by_round.setdefault(move.round, []).append(move)
    if not all(1 <= number <= rounds for number in by_round):
        raise RoomError(f"a move's round is from 1 to {rounds}")
    table = Table(scheme, days=days, crowd=crowd)
    for number in range(1, rounds + 1):
        for move in by_round.get(number, ()):
            table.act(move.seat, move.act)
        table.close()
    if stop:
        table.stop()
    return table
