"""Whose money it was, followed order by order from the definitions alone.

A :class:`Pot` is one account: a heap of money with the name of who paid it in on every part. Draws
come one after the other; within one, what everybody is paid of it is taken at once:

own     of each order first what is left of its own contribution, the rest in proportion
mixed   everything in proportion
oldest  what came in first; in a points pool orders take turns, elsewhere they take together

The orders and what they are paid come from the oracles of the mechanisms (``reference``, ``slow``),
which know nothing of cohorts, running sums or closed forms; an order that is only in part still
there counts with that part.
"""

from __future__ import annotations

from collections import deque
from decimal import Context, localcontext
from typing import Any

from model.mechanisms.dividend_pool import DividendPool
from model.scheme import Scheme
from tests.model import reference, slow
from tests.model.reference import DIGITS

#: (payer, recipient) -> yuan after the fee; ticks, "fees", "outside", "old members".
Table = dict[tuple[Any, Any], Any]
#: What decimals leave of nothing, in a heap of any size that a scheme can have.
DUST = reference.Decimal(10) ** -60


class Pot:
    """One account under one convention."""

    def __init__(self, method: str, *, fee: Any, in_turn: bool) -> None:
        self.method, self.fee, self.in_turn = method, fee, in_turn
        self.heap: dict[Any, Any] = {}
        self.line: deque[list[Any]] = deque()
        self.left: dict[int, Any] = {}  # of each order's own contribution, by the order's id
        self.orders: list[Any] = []  # so that no id is used twice
        self.paid: Table = {}
        #: Of what leavers were paid, their own contributions, by tick.
        self.own: dict[Any, Any] = {}

    def pay_in(self, payer: Any, amount: Any, *, each: Any = None, order: Any = None) -> None:
        """``amount`` of ``payer``; one whole order paid in ``each``."""
        if order is not None:
            self.left[id(order)] = each
            self.orders.append(order)
        if amount > 0:
            self.heap[payer] = self.heap.get(payer, 0) + amount
            self.line.append([payer, amount])

    def split(self, order: Any, new: Any) -> None:
        """A part of an order is looked at by itself from now on."""
        if id(order) in self.left:
            self.left[id(new)] = self.left[id(order)]
            self.orders.append(new)

    def draw(self, to: list[tuple[Any, Any, Any, Any]], *, leave: bool = False) -> None:
        """Pay (recipient, order or None, how many, yuan of each before the fee), all at once.

        With ``leave`` whoever is paid is gone with it, and the rest of an order keeps what is its.
        """
        total = sum(weight * each for _, _, weight, each in to)
        if total <= 0:
            return
        if self.method == "oldest":
            self._oldest(to, total)
        else:
            self._mixed(to, total, leave=leave)

    def _book(self, payer: Any, recipient: Any, yuan: Any) -> None:
        self.paid[payer, recipient] = self.paid.get((payer, recipient), 0) + yuan

    def _mixed(self, to: list[tuple[Any, Any, Any, Any]], total: Any, *, leave: bool) -> None:
        rest: list[tuple[Any, Any]] = []  # recipient, yuan to be paid by all
        drawn = total
        for recipient, order, weight, each in to:
            net, mine = each * (1 - self.fee), 0
            if self.method == "own" and order is not None:
                mine = min(each, self.left.get(id(order), 0))
                if not leave:
                    self.left[id(order)] = self.left.get(id(order), 0) - mine
                self.heap[recipient] = self.heap.get(recipient, 0) - weight * mine
                self.own[recipient] = self.own.get(recipient, 0) + weight * min(mine, net)
                self._book(recipient, recipient, weight * min(mine, net))
                drawn -= weight * mine
            rest.append((recipient, weight * max(net - mine, 0)))
        fees = self.fee * total
        left = drawn
        while left > DUST:
            # Where nearly all leave at once, fees of the first pay the last.
            there = sum(self.heap.values())
            now = min(left, there)
            if now <= DUST:
                break
            for payer, amount in self.heap.items():
                for recipient, yuan in rest:
                    self._book(payer, recipient, yuan * (now / drawn) * (amount / there))
            keep = 1 - now / there
            self.heap = {payer: amount * keep for payer, amount in self.heap.items()}
            self.left = {order: amount * keep for order, amount in self.left.items()}
            left -= now
            if left > DUST:
                back = min(self.fee * now, fees)
                self.heap["fees"] = self.heap.get("fees", 0) + back
                fees -= back
        self.heap["fees"] = self.heap.get("fees", 0) + fees

    def _oldest(self, to: list[tuple[Any, Any, Any, Any]], total: Any) -> None:
        if not self.in_turn:
            given = self._take(total)
            for payer, yuan in given:
                for recipient, _, weight, each in to:
                    self._book(payer, recipient, yuan * weight * each / total)
            return
        back = 0  # fees of this draw that are not in line yet
        for recipient, _, weight, each in to:
            left = weight * each
            while left > DUST:
                given = self._take(left)
                took = sum(yuan for _, yuan in given)
                if took <= DUST:
                    break
                for payer, yuan in given:
                    self._book(payer, recipient, yuan * (1 - self.fee))
                left -= took
                back += self.fee * took
                if left > DUST:  # the fees of what has been paid so far pay the rest
                    self._return(back)
                    back = 0
        self._return(back)

    def _return(self, fee: Any) -> None:
        if fee > 0:
            self.line.append(["fees", fee])

    def _take(self, amount: Any) -> list[tuple[Any, Any]]:
        given = []
        while amount > 0 and self.line:
            head = self.line[0]
            part = min(amount, head[1])
            given.append((head[0], part))
            amount -= part
            head[1] -= part
            if head[1] <= 0:
                self.line.popleft()
        return given


class Watcher:
    """Turns payments, as the oracles tell of them, into draws on pots.

    Of one tick all forced exits are one draw, those after old debt was paid included; then comes
    the old debt, then what was sold by choice.
    """

    def __init__(self, method: str, *, fee: Any) -> None:
        self.pots = {
            "pool": Pot(method, fee=fee, in_turn=True),
            "dividends": Pot(method, fee=0, in_turn=False),
        }
        self._open: tuple[str, int] | None = None
        self._to: dict[str, dict[int, tuple[Any, Any, Any, Any]]] = {}

    def pay_in(self, account: str, tick: int, payer: Any, amount: Any) -> None:
        self.flush()
        pot = self.pots[account]
        if payer == "outside":
            pot.pay_in("outside", amount)
        else:
            pot.pay_in(
                tick, amount * payer.weight if payer.weight else amount, each=amount, order=payer
            )

    def pay(self, account: str, kind: str, tick: int, to: Any, weight: Any, each: Any) -> None:
        if self._open != (account, tick):
            self.flush()
            self._open = account, tick
        batch = self._to.setdefault(kind, {})
        if to == "old members":
            batch[len(batch)] = (to, None, weight, each)
            return
        before = batch.get(id(to))
        batch[id(to)] = (to.tick, to, weight, each + (before[3] if before else 0))

    def flush(self) -> None:
        for kind in ("dividend", "forced", "debt", "sale"):
            if self._open is not None and kind in self._to:
                # The oldest first.
                to = sorted(
                    self._to[kind].values(), key=lambda item: 0 if item[1] is None else item[0]
                )
                self.pots[self._open[0]].draw(to, leave=self._open[0] == "pool")
        self._open, self._to = None, {}


def of_points(scheme: Scheme, method: str) -> list[Pot]:
    """A points pool by itself, or under one quota with dividends."""
    with localcontext(Context(prec=DIGITS)):
        watcher = Watcher(method, fee=reference.decimal(scheme.pool.fee))
        if scheme.sharing:
            slow.run_shared(scheme, watch=watcher)
        else:
            reference.run(scheme, slow.volumes(scheme), watch=watcher)
        watcher.flush()
        return list(watcher.pots.values())


class _Watched(slow._Run):
    """The oracle of everything else, with a pot for every account."""

    def __init__(self, scheme: Scheme, method: str) -> None:
        super().__init__(scheme, reference.decimal)
        self.method = method
        self.pots = {name: Pot(method, fee=0, in_turn=False) for name in self.pools}
        self.pots["platform"] = Pot(method, fee=0, in_turn=False)
        self._batch: dict[int, list[Any]] | None = None
        self.pots["platform"].pay_in("outside", self.account)

    def clone(self, lot: slow.Lot) -> slow.Lot:
        other = super().clone(lot)
        for pot in self.pots.values():
            pot.split(lot, other)
        return other

    def join(self, count: int) -> None:
        before, account = len(self.lots), self.account
        super().join(count)
        new = self.lots[before:]
        # The points shop pays on the spot: what it leaves is what comes in.
        of_each_yuan = self.split["platform"] + self.circle()
        bought = of_each_yuan * self.sales
        if self.account - account - bought > DUST:  # territories, sold before the first order
            self.pots["platform"].pay_in("outside", self.account - account - bought)
        for name, pot in self.pots.items():
            if name == "platform":
                share = of_each_yuan
            else:
                share = self.taken(next(m for m in self.scheme.mechanisms if m.name == name))
            for lot in new:
                each = share * lot.price
                pot.pay_in(self.tick, each * lot.weight, each=each, order=lot)

    def advertise(self) -> None:
        before = dict(self.pools)
        super().advertise()
        for name, money in self.pools.items():
            self.pots[name].pay_in("outside", money - before[name])

    def pay(self, lot: slow.Lot, cash: Any) -> None:
        super().pay(lot, cash)
        if self._batch is not None and cash > 0:
            entry = self._batch.setdefault(id(lot), [lot, lot.weight, self.zero])
            entry[2] += cash

    def _watching(self, name: str, step: Any, *given: Any) -> Any:
        """Let ``step`` pay, and draw what it paid on the pool and on the platform's account."""
        account, self._batch = self.account, {}
        answer = step(*given)
        batch, self._batch = list(self._batch.values()), None
        total = sum((weight * cash for _, weight, cash in batch), self.zero)
        if total > 0:
            part = (account - self.account) / total
            for pot, share in ((self.pots[name], 1 - part), (self.pots["platform"], part)):
                if share > DUST:
                    pot.draw([(lot.tick, lot, w, cash * share) for lot, w, cash in batch])
        return answer

    def divide(self, pool: DividendPool) -> None:
        self._watching(pool.name, super().divide, pool)

    def advance(self) -> None:
        if self.queue is not None:
            self._watching(self.queue.name, super().advance)

    def refund_from_pool(self) -> None:
        assert self.queue is not None
        self._watching(self.queue.name, super().refund_from_pool)

    def pay_release(self, due: Any, granted: Any) -> bool:
        assert self.release is not None
        return bool(self._watching(self.release.name, super().pay_release, due, granted))

    def pay_turns(self, due: Any, granted: Any) -> bool:
        assert self.queue is not None
        return bool(self._watching(self.queue.name, super().pay_turns, due, granted))

    def pay_commissions(self) -> None:
        before = self.account
        super().pay_commissions()
        self.pots["platform"].draw([("others", None, self.one, before - self.account)])


def of_others(scheme: Scheme, method: str) -> list[Pot]:
    """Dividends, a release, a queue and the platform's account."""
    with localcontext(Context(prec=DIGITS)):
        run = _Watched(scheme, method)
        run.run()
        return list(run.pots.values())


def follow(scheme: Scheme, method: str) -> tuple[Table, dict[Any, Any]]:
    """((payer, recipient) -> yuan, recipient -> of it own contributions); what others get apart."""
    pots = of_others(scheme, method) if scheme.points_pool is None else of_points(scheme, method)
    table: Table = {}
    own: dict[Any, Any] = {}
    for pot in pots:
        for key, yuan in pot.paid.items():
            if key[1] != "others":
                table[key] = table.get(key, 0) + yuan
        for key, yuan in pot.own.items():
            own[key] = own.get(key, 0) + yuan
    return table, own
