"""Refund queues: orders wait in line and are refunded, oldest first.

The settings are :class:`RefundQueue`; :class:`RefundQueueEngine` runs them with a pointer in the
line (docs/mechanisms/refund_queue.md).
"""

from __future__ import annotations

from math import floor

import numpy as np

from model.arrays import Floats
from model.mechanisms.base import NOTHING, Line, Payments, Promise, Record, flow
from model.mechanisms.refund_queue.settings import RefundQueue


class RefundQueueEngine(Promise):
    """Runs a :class:`RefundQueue` on cohorts of one tick, with a pointer at the one in front.

    What waits and what is owed is kept up as running sums: a tick touches the cohorts it pays, and
    all that wait only where recruiters are paid ahead or somebody gives up.
    """

    settings: RefundQueue

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
        self._nothing = 1e-9 * self.refund  # of one refund: not waited for any more
        self._even_at = self.refund - self.spend * (1 - 1e-9)  # what is left of it at the price
        self.waiting = np.zeros(ticks)  # orders that wait and have not been paid in part
        self.left = np.full(ticks, self.refund)  # yuan one of them waits for
        # Orders whose turn has come: lots of a cohort that were called, or paid in part, together.
        self._lot_at = np.zeros(2 * ticks + 2, dtype=np.int64)
        self._lot_orders = np.zeros(2 * ticks + 2)
        self._lot_owed = np.zeros(2 * ticks + 2)  # yuan to one of them
        self._lot_first = self._lot_end = 0
        self.cash = np.zeros(ticks)
        self.done = np.zeros(ticks)
        self.done_tick = np.zeros(ticks)
        self.even = np.zeros(ticks)
        self._front = 0  # the oldest cohort with anybody waiting
        self._inside = 0.0  # orders of it, as numbered at the start, whose turn has come
        self._placed = 0.0
        self._numbered = 0.0  # orders before the front
        # Orders and yuan: of those who wait, and of the lots.
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
        if settings.advance <= 0.0 or self.stopped:
            return 0.0
        # The order in front that a pool has paid in part still waits for the rest.
        lot = self._lot_first if settings.rule == "pool" else self._lot_end
        ahead = lot < self._lot_end and int(self._lot_at[lot]) < t
        first = int(self._lot_at[lot]) if ahead else self._front
        if first >= t:
            return 0.0
        wanted = settings.advance * self.spend * float(self.line.recruits[t])
        there = self.pool if settings.advance_payer == "pool" else account
        if wanted <= 0.0 or there <= 0.0:
            return 0.0
        part = slice(first, t)
        left, orders = self.left[part], self.waiting[part]
        # The one in front has been paid ahead most and waits for least.
        step = wanted if left[0] >= wanted else np.minimum(wanted, left)
        amounts = step * orders
        own = min(wanted, float(self._lot_owed[lot])) if ahead else 0.0
        called = own * float(self._lot_orders[lot]) if ahead else 0.0
        asked = float(amounts.sum()) + called
        if asked <= 0.0:
            return 0.0
        if there < asked:
            step *= there / asked
            amounts *= there / asked
            own *= there / asked
            called *= there / asked
        paid = min(asked, there)
        self._in_line_yuan -= paid - called
        self._called_yuan -= called
        if ahead:
            amounts[0] += called
            orders = orders.copy()
            orders[0] += self._lot_orders[lot]
            self._lot_owed[lot] -= own
        if t > self.payments.fresh:
            each = np.divide(amounts, orders, out=np.zeros(len(amounts)), where=orders > 0)
            self.payments.note(first, orders, each)
        self._book(t, first, amounts, leave=False)
        left -= step
        self._close_lots(t)
        at = self._front
        while at < t and self.left[at] <= self._nothing:
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
                self._open_lot(at, there, left)
                self.waiting[at] = waiting - there
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

    def _open_lot(self, cohort: int, orders: float, owed: float) -> None:
        """The turn of so many orders has come, with ``owed`` yuan to each of them."""
        if orders <= 0.0:
            return
        at = self._lot_end
        self._lot_at[at], self._lot_orders[at], self._lot_owed[at] = cohort, orders, owed
        self._lot_end += 1
        self._called += orders
        self._called_yuan += orders * owed

    def _close_lots(self, t: int) -> None:
        """Those of the lots who have had all of it are done."""
        lots = slice(self._lot_first, self._lot_end)
        orders, owed = self._lot_orders[lots], self._lot_owed[lots]
        gone = owed <= self._nothing
        if np.count_nonzero(gone):
            for k in np.flatnonzero(gone).tolist():
                done = float(orders[k])
                self._finish(int(self._lot_at[lots.start + k]), done, t)
                self._called -= done
                self._called_yuan -= done * float(owed[k])
                # Nobody: looked at no more.
                orders[k], owed[k] = 0.0, self.refund
        while self._lot_first < self._lot_end and self._lot_orders[self._lot_first] == 0.0:
            self._lot_first += 1
        if self._lot_first == self._lot_end:
            self._called = self._called_yuan = 0.0

    def _by_cohort(self, values: Floats) -> Floats:
        """Sums of ``values`` of the lots there are, by cohort, shape (ticks,)."""
        at = self._lot_at[self._lot_first : self._lot_end]
        return np.bincount(at, weights=values, minlength=self.line.ticks).astype(float)

    @property
    def turn(self) -> Floats:
        """Orders by cohort whose turn has come, or who were paid in part."""
        return self._by_cohort(self._lot_orders[self._lot_first : self._lot_end])

    @property
    def owed_now(self) -> Floats:
        """Yuan that these are still owed, by cohort."""
        lots = slice(self._lot_first, self._lot_end)
        return self._by_cohort(self._lot_orders[lots] * self._lot_owed[lots])

    def _pay_called(self, t: int, factor: float) -> float:
        """Pay the part ``factor`` to all whose turn has come; returns the yuan paid."""
        lots = slice(self._lot_first, self._lot_end)
        if lots.start == lots.stop:
            return 0.0
        at, orders, owed = self._lot_at[lots], self._lot_orders[lots], self._lot_owed[lots]
        first, cash = int(at[0]), 0.0
        if self._called_yuan > 0.0:
            amounts = np.bincount(at - first, weights=factor * orders * owed).astype(float)
            cash = float(amounts.sum())
            if first + len(amounts) > self.payments.fresh:
                turn = np.bincount(at - first, weights=orders).astype(float)
                each = np.divide(amounts, turn, out=np.zeros(len(turn)), where=turn > 0)
                self.payments.note(first, turn, each)
            self._book(t, first, amounts, leave=True)
            owed -= factor * owed
            self._called_yuan -= cash
        if factor >= 1 - NOTHING:
            owed[:] = 0.0
        self._close_lots(t)
        return cash

    def _pay_in_turn(self, t: int) -> float:
        """Refund the oldest, as far as the pool reaches; returns the yuan paid.

        Whole orders: the last one is paid in part, and is in front on the next tick.
        """
        money, last = self.pool, t - self.settings.lock
        lot = self._lot_first
        ahead = lot < self._lot_end
        first = int(self._lot_at[lot]) if ahead else self._front
        # By cohort: yuan and orders, of those paid all they waited for and of those paid in part.
        paid: list[list[float]] = []

        def note(cohort: int, *values: float) -> None:
            while len(paid) <= cohort - first:
                paid.append([0.0, 0.0, 0.0, 0.0])
            row = paid[cohort - first]
            for k, value in enumerate(values):
                row[k] += value

        if ahead and money > 0.0:
            owed, many = float(self._lot_owed[lot]), float(self._lot_orders[lot])
            given = owed * many
            if given > money * (1 + NOTHING):
                given = money
            part = min(given / (owed * many), 1.0)
            note(first, given, many)
            money = max(money - given, 0.0)
            self._lot_owed[lot] -= part * owed
            self._called_yuan -= given
            self._close_lots(t)
        while money > 0.0 and self._front <= last:
            at = self._front
            waiting, each = float(self.waiting[at]), float(self.left[at])
            asked = waiting * each
            if asked <= money * (1 + NOTHING):
                money -= asked
                note(at, asked, waiting)
                self._refunded(at, waiting, t)
                self.waiting[at] = 0.0
                self._front += 1
                continue
            whole = float(floor(money / each + 1e-9))
            self._refunded(at, whole, t)
            rest, one = money - whole * each, min(1.0, waiting - whole)
            self.waiting[at] = waiting - whole
            if rest <= self._nothing:
                note(at, money, whole)
            else:
                note(at, money - rest, whole, rest, one)
                self.waiting[at] -= one
                self._in_line -= one
                self._in_line_yuan -= one * each
                self._open_lot(at, one, each - rest / one)
            money = 0.0
        if not paid:
            return 0.0
        table = np.array(paid).T
        yuan, orders = table[::2], table[1::2]
        if first + len(paid) > self.payments.fresh:
            rows = slice(0, 2 if orders[1].any() else 1)
            some = orders[rows] > 0
            one_of = np.divide(yuan[rows], orders[rows], out=np.zeros(some.shape), where=some)
            self.payments.note(first, orders[rows], one_of)
        self._book(t, first, yuan.sum(axis=0), leave=True)
        return float(yuan.sum())

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
        part, lots = slice(self._front, t + 1), slice(self._lot_first, self._lot_end)
        called = self._lot_orders[lots]
        if self.settings.refund > 1:
            back = self.left[part] <= self._even_at
            self.even[part] += np.where(back, self._give_up * self.waiting[part], 0.0)
            at = np.flatnonzero(self._lot_owed[lots] <= self._even_at)
            np.add.at(self.even, self._lot_at[lots][at], self._give_up * called[at])
        keep = 1 - self._give_up
        self.forgone += self._give_up * self._called_yuan
        self.waiting[part] *= keep
        called *= keep
        self._in_line *= keep
        self._in_line_yuan *= keep
        self._called *= keep
        self._called_yuan *= keep

    def _back_of_lots(self) -> Floats:
        """Orders by cohort whose turn has come and that have had their price, but not all of it."""
        lots = slice(self._lot_first, self._lot_end)
        back = self._lot_owed[lots] <= self._even_at
        return self._by_cohort(np.where(back, self._lot_orders[lots], 0.0))

    @property
    def unpaid(self) -> float:
        """Yuan due to orders whose turn has come and not paid to them, whether they wait or not."""
        # Under "pool" nothing is due on a day: an order that was paid in part waits on.
        due = self.settings.rule != "pool"
        return max(self._called_yuan, 0.0) + self.forgone if due else 0.0

    @property
    def in_line(self) -> float:
        """Orders whose turn has not come yet."""
        return max(self._in_line, 0.0)

    def end(self, t: int) -> None:  # noqa: ARG002
        """Nobody orders any more, and nobody is paid."""
        self.stopped = True

    # -- afterwards --------------------------------------------------------------------------

    def unclaimed(self) -> Floats | None:
        """Nobody, or everybody: orders below the threshold get in no line."""
        return np.zeros_like(self.line.counts) if self.qualifies else None

    def record(self, accounts: str) -> Record:
        """What it did, with the pool called ``accounts`` in the ledger."""
        log = {name: np.array(values) for name, values in self.log.items()}
        paid_in = self.settings.share * self.line.sales
        held = self.waiting + self.turn
        even = self.even.copy()
        if self.settings.refund > 1:
            even += np.where(self.left <= self._even_at, self.waiting, 0.0) + self._back_of_lots()
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
            departed=self.done,
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
