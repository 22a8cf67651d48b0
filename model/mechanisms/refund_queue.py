"""Refund queues: orders wait in line and are refunded, oldest first.

The settings are :class:`RefundQueue`; :class:`RefundQueueEngine` runs them with a pointer in the
line (docs/model.md, "Refund queue").
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from model.fields import Frozen, param
from model.mechanisms.base import NOTHING, Floats, Line, Payments, Record, flow


class RefundQueue(Frozen):
    """One line of orders waiting to be refunded."""

    kind: Literal["refund_queue"] = "refund_queue"
    name: str = Field(default="refund_queue", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.2,
        unit="share",
        ge=0.001,
        le=1,
        step=0.01,
        slider=(0.01, 0.8),
        unsure=(0.05, 0.5),
        label="Share of sales for refunds",
        help="This part of every order is paid into the refund pool.",
    )
    refund: float = param(
        1.0,
        unit="multiple",
        ge=0.01,
        le=10,
        step=0.05,
        slider=(0.1, 2.0),
        unsure=(0.5, 1.1),
        label="Refunded",
        help="How many times the price an order in the line is refunded.",
    )
    lock: int = param(
        0,
        unit="ticks",
        ge=0,
        le=3650,
        step=1,
        slider=(0, 90),
        label="Days before an order can be refunded",
        help="An order waits at least this long.",
    )
    rule: Literal["pool", "shared", "own"] = param(
        "pool",
        unit="choice",
        label="Whose turn it is",
        help="As the pool allows; or in one shared line, every so many newcomers pay the one in "
        "front; or each order waits for its own newcomers.",
    )
    newcomers: int = param(
        3,
        unit="count",
        ge=1,
        le=100,
        step=1,
        slider=(1, 10),
        label="Newcomers for one refund",
        help="How many qualifying orders must follow before one is refunded.",
    )
    threshold: float = param(
        0.0,
        unit="yuan",
        ge=0,
        le=1e7,
        step=100,
        label="Smallest order that counts",
        help="Orders below this amount neither count nor are refunded.",
    )
    advance: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.5),
        label="Paid ahead for a recruit",
        help="A recruiter whose own order is waiting is paid this part of the recruit's order at "
        "once; it is taken off what the recruiter waits for.",
    )
    advance_payer: Literal["pool", "platform"] = param(
        "pool",
        unit="choice",
        label="Who pays that",
        help="The refund pool, or the platform's account as far as it reaches.",
    )

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share


class RefundQueueEngine:
    """Runs a :class:`RefundQueue` on cohorts of one tick, with a pointer at the one in front.

    What waits and what is owed is kept up as running sums: a tick touches the cohorts it pays, and
    all that wait only where recruiters are paid ahead or somebody gives up.
    """

    def __init__(
        self,
        settings: RefundQueue,
        *,
        line: Line,
        give_up: float,
        payments: Payments,
    ) -> None:
        self.settings = settings
        self.line = line
        self.pool = 0.0
        self.stopped = False
        self._give_up = give_up
        self.payments = payments
        self.spend = float(line.prices[0])
        self.refund = settings.refund * self.spend
        self.qualifies = self.spend >= settings.threshold
        ticks = line.ticks
        self._orders: list[float] = line.orders.tolist()
        self.waiting = np.zeros(ticks)  # orders that wait and are not due yet
        self.left = np.full(ticks, self.refund)  # yuan one of them waits for
        self.owed_now = np.zeros(ticks)  # yuan due to orders whose turn has come
        self.turn = np.zeros(ticks)  # those orders
        self.cash = np.zeros(ticks)
        self.done = np.zeros(ticks)
        self.done_tick = np.zeros(ticks)
        self.even = np.zeros(ticks)
        self._front = 0  # the oldest cohort with anybody waiting
        self._inside = 0.0  # orders of it, as numbered at the start, whose turn has come
        self._turn_front = 0
        self._placed = 0.0
        self._numbered = 0.0  # orders before the front
        # Running sums of the first four arrays: orders and yuan.
        self._in_line = self._in_line_yuan = self._called = self._called_yuan = 0.0
        self._advanced_pool = self._advanced_account = 0.0
        self._exits = 0.0
        # Orders whose turn has come, or that were paid ahead in full, and the yuan due to them;
        # and what those of them were still due who gave up.
        self.turned = self.forgone = 0.0
        self._turn = self._turn_yuan = 0.0  # the first two on this tick
        columns = (
            "pool refunds advance account advance_account promised holders exits factor "
            "turn turn_yuan"
        )
        self.log: dict[str, list[float]] = {name: [] for name in columns.split()}

    # -- one tick ----------------------------------------------------------------------------

    def join(self, t: int) -> None:
        """The orders of tick ``t`` (from 0) pay in and get in line."""
        self._advanced_pool = self._advanced_account = 0.0
        self._exits = self._turn = self._turn_yuan = 0.0
        if self.stopped:
            return
        n = self._orders[t]
        self.pool += self.settings.share * self.spend * n
        if self.qualifies:
            self.waiting[t] = n
            self._placed += n
            self._in_line += n
            self._in_line_yuan += n * self.refund

    def advance(self, t: int, account: float) -> float:
        """Pay recruiters ahead; returns what came out of the platform's ``account``."""
        settings = self.settings
        if settings.advance <= 0.0 or self.stopped or self._front >= t:
            return 0.0
        wanted = settings.advance * self.spend * float(self.line.recruits[t])
        there = self.pool if settings.advance_payer == "pool" else account
        if wanted <= 0.0 or there <= 0.0:
            return 0.0
        part = slice(self._front, t)
        left = self.left[part]
        # The one in front has been paid ahead most and waits for least.
        step = wanted if left[0] >= wanted else np.minimum(wanted, left)
        amounts = step * self.waiting[part]
        asked = float(amounts.sum())
        if asked <= 0.0:
            return 0.0
        if there < asked:
            step *= there / asked
            amounts *= there / asked
        if t > self.payments.fresh:
            each = np.broadcast_to(np.asarray(step, dtype=float), amounts.shape)
            self.payments.note(self._front, self.waiting[part], each)
        self._book(t, self._front, amounts, leave=False)
        left -= step
        paid = min(asked, there)
        self._in_line_yuan -= paid
        at = self._front
        while at < t and self.left[at] <= 1e-9 * self.refund:
            self._turn += float(self.waiting[at])
            self._refunded(at, float(self.waiting[at]), t)
            self.waiting[at] = 0.0
            at += 1
        self._skip(t)
        if settings.advance_payer == "pool":
            self.pool -= paid
            self._advanced_pool = paid
            return 0.0
        self._advanced_account = paid
        return paid

    def _book(self, t: int, first: int, amounts: Floats, *, leave: bool) -> None:
        self.cash[first : first + len(amounts)] += amounts
        self.payments.add(t, first, amounts, leave=leave)

    def _refunded(self, cohort: int, orders: float, t: int) -> None:
        """So many orders leave the line because they have had all they waited for."""
        self._in_line -= orders
        self._in_line_yuan -= orders * float(self.left[cohort])
        self._finish(cohort, orders, t)

    def _finish(self, cohort: int, orders: float, t: int) -> None:
        """So many orders of a cohort have had all they were to be refunded."""
        if orders <= 0.0:
            return
        self.done[cohort] += orders
        self.done_tick[cohort] = t + 1
        self._exits += orders
        if self.settings.refund >= 1 - NOTHING:
            self.even[cohort] += orders

    def _skip(self, t: int) -> None:
        """Move the front past cohorts in which nobody waits."""
        orders = self._orders
        while self._front <= t and self.waiting[self._front] <= NOTHING * orders[self._front]:
            self.waiting[self._front] = 0.0
            self._numbered += orders[self._front]
            self._front += 1
            self._inside = 0.0
            if self._front >= len(orders):
                break

    def due(self, t: int) -> float:
        """Yuan whose turn has come under a rule that promises a turn; nought under ``pool``."""
        settings = self.settings
        if settings.rule == "pool" or self.stopped:
            return 0.0
        if self.qualifies:
            k = settings.newcomers
            upto = (self._placed - 1) // k if settings.rule == "shared" else self._placed - k
            self._call(t, upto)
        return self._called_yuan

    def _call(self, t: int, upto: float) -> None:
        """It is the turn of all orders numbered up to ``upto`` that are not locked."""
        last = t - self.settings.lock
        while self._front <= last:
            at = self._front
            size = self._orders[at]
            share_before = size - self._inside
            called = min(upto - self._numbered - self._inside, share_before)
            if called <= 0.0 and size > 0.0:
                break
            if size > 0.0:
                # Of those called, as many are left as of the whole cohort.
                waiting, left = float(self.waiting[at]), float(self.left[at])
                there = waiting * called / share_before
                self.turn[at] += there
                self.owed_now[at] += there * left
                self.waiting[at] = waiting - there
                self._called += there
                self._called_yuan += there * left
                self._turn += there
                self._turn_yuan += there * left
                self._in_line -= there
                self._in_line_yuan -= there * left
                self._inside += called
                if called < share_before:
                    break
                self.waiting[at] = 0.0
            self._numbered += size
            self._front += 1
            self._inside = 0.0

    def pay(self, t: int, *, factor: float, from_account: float) -> None:
        """Book the part ``factor`` of what was due, some of it paid by the platform."""
        cash = 0.0
        if not self.stopped:
            turn = self.settings.rule == "pool"
            cash = self._pay_in_turn(t) if turn else self._pay_called(t, factor)
        self.pool -= cash - from_account
        if abs(self.pool) < NOTHING * max(cash, 1e-300):
            self.pool = 0.0
        if self.pool == 0.0:
            self.payments.emptied(t)
        log = self.log
        log["refunds"].append(cash - from_account)
        log["account"].append(from_account)
        log["advance"].append(self._advanced_pool)
        log["advance_account"].append(self._advanced_account)
        log["factor"].append(factor)

    def _pay_called(self, t: int, factor: float) -> float:
        """Pay the part ``factor`` to all whose turn has come; returns the yuan paid."""
        first, end = self._turn_front, self._front + 1
        cash = 0.0
        if self._called_yuan > 0.0:
            owed = self.owed_now[first:end]
            amounts = factor * owed
            cash = float(amounts.sum())
            if end > self.payments.fresh:
                turn = self.turn[first:end]
                each = np.divide(amounts, turn, out=np.zeros(len(turn)), where=turn > 0)
                self.payments.note(first, turn, each)
            self._book(t, first, amounts, leave=True)
            owed -= amounts
            self._called_yuan -= cash
        if factor >= 1 - NOTHING:
            if cash > 0.0:
                for cohort, orders in enumerate(self.turn[first:end].tolist(), start=first):
                    self._finish(cohort, orders, t)
                self.turn[first:end] = 0.0
                self.owed_now[first:end] = 0.0
            self._called = self._called_yuan = 0.0
            self._turn_front = self._front
        return cash

    def _pay_in_turn(self, t: int) -> float:
        """Refund the oldest, as far as the pool reaches; returns the yuan paid."""
        money, last, first = self.pool, t - self.settings.lock, self._front
        paid: list[float] = []
        orders: list[float] = []
        while money > 0.0 and self._front <= last:
            at = self._front
            waiting, each = float(self.waiting[at]), float(self.left[at])
            asked = waiting * each
            if asked <= money * (1 + NOTHING):
                money -= asked
                paid.append(asked)
                orders.append(waiting)
                self._refunded(at, waiting, t)
                self.waiting[at] = 0.0
                self._front += 1
            else:
                self._refunded(at, money / each, t)
                self.waiting[at] -= money / each
                paid.append(money)
                orders.append(money / each)
                money = 0.0
        if paid:
            end = first + len(paid)
            if end > self.payments.fresh:
                self.payments.note(first, np.array(orders), self.left[first:end])
            self._book(t, first, np.array(paid), leave=True)
        return float(sum(paid))

    def settle(self, t: int) -> None:
        """The end of the tick: those who give up are gone."""
        if self._give_up and not self.stopped:
            self._lapse(t)
        if self._front > t:  # nobody is left in line, to the last bit
            self._in_line = self._in_line_yuan = 0.0
        log = self.log
        self.turned += self._turn
        log["turn"].append(self._turn)
        log["turn_yuan"].append(self._turn_yuan)
        log["promised"].append(max(self._in_line_yuan, 0.0) + max(self._called_yuan, 0.0))
        log["holders"].append(max(self._in_line, 0.0) + max(self._called, 0.0))
        log["exits"].append(self._exits)
        log["pool"].append(self.pool)

    def _lapse(self, t: int) -> None:
        """Some of those who still wait for anything give up."""
        part = slice(min(self._front, self._turn_front), t + 1)
        if self.settings.refund > 1:
            back = self.refund - self.left[part] >= self.spend * (1 - 1e-9)
            self.even[part] += np.where(back, self._give_up * self.waiting[part], 0.0)
        keep = 1 - self._give_up
        self.forgone += self._give_up * self._called_yuan
        for claims in (self.waiting, self.turn, self.owed_now):
            claims[part] *= keep
        self._in_line *= keep
        self._in_line_yuan *= keep
        self._called *= keep
        self._called_yuan *= keep

    @property
    def unpaid(self) -> float:
        """Yuan due to orders whose turn has come and not paid to them, whether they wait or not."""
        return max(self._called_yuan, 0.0) + self.forgone

    @property
    def in_line(self) -> float:
        """Orders whose turn has not come yet."""
        return max(self._in_line, 0.0)

    @property
    def owed(self) -> float:
        """Yuan that those in the line wait for."""
        return self.log["promised"][-1] if self.log["promised"] else 0.0

    def end(self) -> None:
        """Nobody orders any more, and nobody is paid."""
        self.stopped = True

    # -- afterwards --------------------------------------------------------------------------

    def record(self, accounts: str) -> Record:
        """What it did, with the pool called ``accounts`` in the ledger."""
        log = {name: np.array(values) for name, values in self.log.items()}
        paid_in = self.settings.share * self.line.sales
        held = self.waiting + self.turn
        even = self.even.copy()
        if self.settings.refund > 1:
            back = self.refund - self.left >= self.spend * (1 - 1e-9)
            even += np.where(back, self.waiting, 0.0)
        finished = (self.line.orders > 0) & (held <= 0.0)
        return Record(
            name=self.settings.name,
            kind=self.settings.kind,
            pool=log["pool"],
            paid_in=paid_in,
            paid_out=log["refunds"] + log["account"] + log["advance"] + log["advance_account"],
            fees=np.zeros(self.line.ticks),
            promised=log["promised"],
            holders=log["holders"],
            exits=log["exits"],
            units=log["promised"],
            price=log["factor"],
            received=self.cash,
            held_value=self.waiting * self.left + self.owed_now,
            left=self.done,
            even=even,
            held=held,
            exit_tick=np.where(finished, self.done_tick, 0.0),
            flows=[
                flow("buyers", accounts, "order", paid_in),
                flow(accounts, "buyers", "refund", log["refunds"]),
                flow("platform", "buyers", "refund", log["account"]),
                flow(accounts, "buyers", "advance", log["advance"]),
                flow("platform", "buyers", "advance", log["advance_account"]),
            ],
        )
