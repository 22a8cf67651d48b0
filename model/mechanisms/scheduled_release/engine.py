"""Credit released day by day: a fixed promise, whatever comes in.

The settings are :class:`ScheduledRelease`; :class:`ScheduledReleaseEngine` runs them on day cohorts
(docs/mechanisms/scheduled_release.md). Whoever has plenty of credit left is left to a running clock
(:class:`_Young`); only the others are looked at one cohort at a time.
"""

from __future__ import annotations

import numpy as np

from model.arrays import Bools, Floats
from model.mechanisms.base import (
    NOTHING,
    SLACK,
    Line,
    Payments,
    Promise,
    Record,
    flow,
    levels_reached,
)
from model.mechanisms.scheduled_release.old import _Old
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.mechanisms.scheduled_release.young import AHEAD, YoungPaid, _Young
from model.platform import MAX_FEE, Platform

#: So many young cohorts at a time are taken among the old ones.
AT_ONCE = 8


class ScheduledReleaseEngine(Promise):
    """Runs a :class:`ScheduledRelease` on cohorts of one tick and package.

    Where the daily release is a part of the price the cohorts that are still far from the end of
    their credit are left to a running clock: a tick costs a few array operations over the others.
    It costs these over all that have credit left where the release is a part of the balance or by
    tasks, where somebody gives up, and where what is due goes to a wallet first.
    """

    settings: ScheduledRelease

    def __init__(
        self,
        settings: ScheduledRelease,
        *,
        line: Line,
        credits_: tuple[float, ...],
        platform: Platform,
        give_up: float,
        payments: Payments,
    ) -> None:
        self.settings = settings
        self.line = line
        self.pool = 0.0
        self.stopped = False
        self.fee = platform.withdrawal_fee
        self.minimum = platform.minimum
        self._raised = platform.raised_minimum
        self._raised_at = platform.raised_from - 1
        self._fee_step = platform.fee_step
        self._give_up = give_up
        self.payments = payments
        self.of_young: list[YoungPaid] = []
        packages, ticks = shape = line.counts.shape
        self._paid = 0  # ticks that have been paid; who joined on later ones has had nothing
        self._credit = np.array(credits_)[:, None]
        self._credited: list[float] = (self._credit[:, 0] @ line.counts).tolist()
        self._enough = line.prices[:, None] * (1 - 1e-9)  # who was paid so much is even
        self._nothing = [1e-9 * credited for credited in credits_]
        self._own: list[float] = (settings.share * (1 + 1e-9) * line.prices).tolist()
        self._rate = self.rate = settings.daily_rate * line.prices[:, None]
        self.left = np.zeros(shape)  # credit left of one order; of a young one see ``_young``
        self.wallet = np.zeros(shape) if platform.wallets else None
        self.lost = np.zeros(shape)  # left in a wallet for good
        self.weight = line.counts.copy()  # orders, those given up taken out
        self.got = np.zeros(shape)  # cash one order was paid; without wallets, until ``_booked``
        self._booked = np.where(line.counts > 0, self._credit, 0.0)  # what was left by then
        self._cash = np.zeros(ticks) if give_up > 0 else None
        self._lapsed_even = np.zeros(ticks)
        self._even = np.zeros(shape, dtype=bool)  # where somebody gives up: has had the price back
        self.done_tick = np.zeros(shape, dtype=np.int64)
        self._done_at = [0] * packages
        self._first = 0  # the oldest cohort with anything left
        self._level = np.array([points for points, _ in settings.rewards])
        self._reward = settings.tasks * np.array([0.0, *(yuan for _, yuan in settings.rewards)])
        self._lower = np.array([-np.inf, *self._level])  # of each reward: from so many points on
        self._day = self._first_day(float(line.prices[0]), float(credits_[0]))
        if settings.rewards:
            full = levels_reached(self._level, self._credit, of=self._credit)
            self._rate = np.repeat(self._reward[full], ticks, axis=1)  # of the day, at one's level
            # Below it one gets less.
            self._least = np.repeat(self._lower[full] - SLACK * self._credit, ticks, axis=1)
        self._gross = 0.0
        self._ads = 0.0
        self._promised = self._holders = 0.0
        self._faster = settings.first_generation > 0 or settings.second_generation > 0
        self._recruits = np.zeros(ticks)
        self._bring = np.zeros((2, ticks))
        self._count_recruits(slice(0, ticks), 0.0)
        self._due = np.zeros(shape)
        self._sold: list[float] = line.sales.tolist()
        self._ordered: list[float] = line.orders.tolist()
        self._star_rate = self._star_rates()
        self._young: _Young | None = None
        if settings.basis == "price" and not (settings.rewards or platform.wallets or give_up):
            self._young = _Young(settings, line, self._credit, self._rate)
            self.of_young = self._young.paid
        self._old = self._look(0)
        columns = (
            "pool",
            "paid",
            "fee",
            "promised",
            "holders",
            "exits",
            "ads",
            "factor",
            "account",
        )
        self.log: dict[str, list[float]] = {name: [] for name in columns}

    def _first_day(self, price: float, credited: float) -> float:
        """What one order of the first package is due on its first day."""
        settings = self.settings
        if settings.rewards:
            level = int(levels_reached(self._level, credited, of=credited))
            return min(float(self._reward[level]), credited)
        return min(
            settings.daily_rate * (price if settings.basis == "price" else credited), credited
        )

    def _star_rates(self) -> list[float]:
        """The highest star's share that all sales up to each tick have reached."""
        stars = self.settings.stars
        sold = np.cumsum(self._sold)
        reached = levels_reached([sales for sales, _ in stars], sold, of=sold)
        rates: list[float] = np.array([0.0, *(share for _, share in stars)])[reached].tolist()
        return rates

    def _count_recruits(self, part: slice, counted_from: float) -> None:
        """What orders of each cohort bring older ones a yuan of their base, and recruits of each.

        An order of tick j is brought the sum of the first over later cohorts, less its recruits
        times the sum of the second.
        """
        line, settings = self.line, self.settings
        recruits = line.recruits_to[part] - counted_from
        before = line.before[part]
        each = np.divide(1.0, before, out=np.zeros(len(before)), where=before > 0)
        earlier = recruits - line.recruits[part]
        self._recruits[part] = recruits
        self._bring[0, part] = each * (
            settings.first_generation + settings.second_generation * earlier
        )
        self._bring[1, part] = each * settings.second_generation

    def _look(self, end: int) -> _Old:
        """Look at the cohorts before ``end`` one by one.

        While there are young ones these stay the same for many ticks: then in arrays of their own.
        """
        first, part = self._first, slice(self._first, end)
        if self._young is None:
            rate = self._rate[:, part] if self._rate.shape[1] > 1 else self._rate
            left, weight, due = self.left[:, part], self.weight[:, part], self._due[:, part]
        else:
            left, weight = self.left[:, part].copy(), self.weight[:, part].copy()
            rate, due = np.repeat(self._rate, end - first, axis=1), np.empty_like(left)
        old = _Old(first, end, left=left, weight=weight, rate=rate, due=due)
        if self._faster or self.settings.stars:
            old.prepare(self._bring[:, part], self._recruits[part])
        return old

    def _put_back(self) -> None:
        """Note what is left of the old cohorts' credit in the array of all cohorts."""
        self.left[:, self._old.first : self._old.end] = self._old.left

    # -- one tick ----------------------------------------------------------------------------

    def join(self, t: int) -> None:
        """The orders of tick ``t`` (from 0) pay in and are credited; release begins on the next."""
        if self.stopped:
            return
        settings = self.settings
        self.pool += settings.share * self._sold[t]
        if self._young is not None:
            self._promised += self._credited[t]
            self._holders += self._ordered[t]
            return
        if settings.rewards:
            each = settings.ad_share * settings.ad_income * settings.tasks
            self._ads = each * self._working(t)
            self.pool += self._ads
        self.left[:, t] = self._booked[:, t]

    def _working(self, t: int) -> float:
        """Orders of earlier ticks with credit left."""
        if self.wallet is None or not t:
            return self._holders
        part = slice(self._first, t)
        return float(np.vdot(self.left[:, part] > 0, self.weight[:, part]))

    def due(self, t: int) -> float:
        """Yuan in cash that the rule promises for this tick."""
        self._gross = 0.0
        if t == self._raised_at and self._raised is not None:
            self.minimum = max(self.minimum, self._raised)
        if self._young is not None and not self.stopped and t > self._young.until:
            self._take_stock(self._young, t)
        if self.stopped or t == self._first:
            return 0.0
        self._gross = self._work_out(t)
        if self.wallet is not None:
            return self._withdrawable() * (1 - self.fee)
        return self._gross * (1 - self.fee)

    def _work_out(self, t: int) -> float:
        """What each of the old cohorts is due; yuan due to all orders, the young ones included."""
        young = self._young
        if young is None:
            self._old = self._look(t)
            self._release(self._old, t, 0.0, 0.0, 0.0)
            return float(np.vdot(self._old.due, self._old.weight))
        while young.lack(t):
            self._take_in(young, min(young.first + AT_ONCE, t))
        if self._first > self._old.first + AT_ONCE:
            self._put_back()
            self._old = self._look(young.first)
        more = AT_ONCE
        base, brought, v, g = young.this_tick(t)
        while not self._release(self._old, t, base, v, g) and young.first < t:
            self._take_in(young, min(young.first + more, t))
            more *= 2
            base, brought, v, g = young.this_tick(t)
        return float(np.vdot(self._old.due, self._old.weight)) + base + brought

    def _release(self, old: _Old, t: int, base: float, v: float, g: float) -> bool:
        """Base, acceleration and stars of the old cohorts.

        The young ones are due ``base`` and bring ``v`` and ``g``. False if they get stars as well.
        """
        settings = self.settings
        if settings.basis == "balance" and not settings.rewards:
            np.multiply(old.left, settings.daily_rate, out=old.due)
        else:
            np.minimum(old.rate, old.left, out=old.due)
        if not (self._faster or settings.stars):
            return True
        base += old.sum_base()
        if self._faster:
            old.accelerate(v, g)
        stars = self._star_rate[t] * base
        return stars <= 0.0 or old.give(stars)

    # The line between old and young

    def _take_in(self, young: _Young, end: int) -> None:
        """Look at the young cohorts before ``end`` one by one from now on."""
        self._write_down(young, end)
        self._put_back()
        young.begin(end)
        self._old = self._look(end)

    def _take_stock(self, young: _Young, t: int) -> None:
        """Sum up anew what is promised, and let the young ones' sums start anew."""
        keep = young.keep(t)
        self._write_down(young, t)
        self._put_back()
        young.begin(keep)
        young.take_stock(t)
        self._count_recruits(slice(self._first, t + AHEAD), young.counted_from)
        self._old = self._look(keep)
        part = slice(self._first, t)
        owed = float(np.vdot(self.left[:, part], self.weight[:, part]))
        self._promised = owed + self._credited[t]

    def _write_down(self, young: _Young, end: int) -> None:
        """Note the credit left of young cohorts before ``end`` beside that of the old ones."""
        if young.first < end:
            self.left[:, young.first : end] = young.left(young.first, end)

    def _all_old(self, t: int) -> None:
        """Look at every cohort from now on, for good."""
        if self._young is not None:
            self._write_down(self._young, t)
            self._put_back()
            self.left[:, t] = self._booked[:, t]
            self._young = None
            self._count_recruits(slice(self._first, self.line.ticks), 0.0)
            self._work_out(t)

    # The smallest withdrawal and the fee

    def _withdrawable(self) -> float:
        """What can be withdrawn today if everybody's due has gone to the wallet, before the fee."""
        old, full = self._old, self._old.due
        if self.wallet is not None:
            full = full + self.wallet[:, old.first : old.end]
        ready = np.where(full >= self.minimum * (1 - NOTHING), full, 0.0)
        self._gross = float(np.vdot(ready, old.weight))
        return self._gross

    def eased(self, policy: str, t: int, *, due: float, available: float) -> float:
        """What is due after the platform has raised the fee or the smallest withdrawal."""
        if policy == "raise_fee":
            return self.raise_fee(available)
        return self.raise_minimum(t, available) if policy == "raise_minimum" else due

    def raise_fee(self, available: float) -> float:
        """Raise the fee until ``available`` yuan are enough or it is at its most; what is due."""
        while self._gross * (1 - self.fee) > available * (1 + NOTHING) and self.fee < MAX_FEE:
            self._book()
            self.fee = min(self.fee + self._fee_step, MAX_FEE)
        return self._gross * (1 - self.fee)

    def raise_minimum(self, t: int, available: float) -> float:
        """Double the smallest withdrawal until ``available`` yuan are enough; what is due."""
        if self.wallet is None:
            self._book()
            self._all_old(t)
            self.wallet = np.zeros_like(self.left)
        self.minimum = max(self.minimum, self._day)
        most = 2.0 * float(self._credit.max()) + self._day
        while self._withdrawable() * (1 - self.fee) > available * (1 + NOTHING):
            if self.minimum > most:
                break
            self.minimum *= 2.0
        return self._gross * (1 - self.fee)

    def _book(self) -> None:
        """Note the cash that orders have had so far, under the fee so far."""
        if self.wallet is not None:
            return
        if self._young is not None:
            self._write_down(self._young, self._paid)
        self._put_back()
        part = slice(0, self._paid)
        self.got[:, part] += (self._booked[:, part] - self.left[:, part]) * (1 - self.fee)
        self._booked[:, part] = self.left[:, part]

    # Paying

    def pay(self, t: int, *, factor: float, from_account: float) -> None:
        """Book the part ``factor`` of what was due, some of it paid by the platform."""
        cash = self._gross * (1.0 - self.fee) * factor
        exits = 0.0
        if not self.stopped:
            if t > self._first:
                self._pay_out(t, factor, cash > 0)
                exits = self._mark(t)
            if self._young is not None:
                self._promised -= self._gross * factor
                self._young.pay(t, factor)
            self._paid = t + 1
        self.pool -= cash - from_account
        if abs(self.pool) < NOTHING * max(cash, 1e-300):
            self.pool = 0.0
        if self.pool == 0.0:
            self.payments.emptied(t)
        elif not (self.stopped or self.payments.whole):
            self._note_done()
        log = self.log
        log["paid"].append(cash)
        log["fee"].append(self._gross * factor - cash)
        log["factor"].append(factor)
        log["account"].append(from_account)
        log["ads"].append(self._ads)
        log["exits"].append(exits)
        self._ads = 0.0

    def _pay_out(self, t: int, factor: float, cash: bool) -> None:
        """Take what is paid off the old cohorts' credit or wallets."""
        old, net, wallet = self._old, 1.0 - self.fee, self.wallet
        paid, part = old.due, slice(old.first, old.end)
        if wallet is not None:
            wallet[:, part] += paid
            old.left -= paid
            there = wallet[:, part]
            paid = np.where(there >= self.minimum * (1 - NOTHING), factor * there, 0.0)
            wallet[:, part] -= paid
            self.got[:, part] += net * paid
        else:
            if factor != 1.0:
                paid *= factor
            old.left -= paid
        if self.settings.rewards:
            below = old.left < self._least[:, part]
            if np.count_nonzero(below):
                self._find_reward(below, part)
        if self._cash is not None:
            self._cash[part] += net * old.by_cohort(paid)
        if cash:
            if old.size:
                each = paid if net == 1.0 else net * paid
                if old.end > self.payments.fresh:
                    self.payments.note(old.first, old.weight, each, steady=not self._give_up)
                self.payments.add(t, old.first, old.by_cohort(each), leave=False)
            if self._young is not None:
                self._young.note(t, net * factor)

    def _note_done(self) -> None:
        """Tell whose own contribution has come back: nothing of what they get now is their own."""
        old, at = self._old, self.payments.fresh
        while old.first <= at < old.end:
            for p, own in enumerate(self._own):
                had = self.got[p, at]
                if self.wallet is None:
                    had += (self._booked[p, at] - old.left[p, at - old.first]) * (1 - self.fee)
                if had < own:
                    break
            else:
                at += 1
                continue
            break
        self.payments.done(min(max(at, self._first), old.end))

    def _find_reward(self, which: Bools, part: slice) -> None:
        """The day's rewards by the credit left, and the credit below which they are less."""
        left = self.left[:, part]
        of = np.broadcast_to(self._credit, left.shape)[which]
        level = levels_reached(self._level, left[which], of=of)
        self._rate[:, part][which] = self._reward[level]
        self._least[:, part][which] = self._lower[level] - SLACK * of

    def _mark(self, t: int) -> float:
        """Mark whose credit is used up; returns how many orders."""
        if self._give_up:
            self._mark_even()
        done = self._mark_each(t) if self._young is None else self._mark_oldest(t)
        self._first = min(self._done_at)
        return done

    def _mark_oldest(self, t: int) -> float:
        """Where whoever came first is always done first: the oldest ones in turn."""
        done, old = 0.0, self._old
        left, first = old.left, old.first
        for p, nothing in enumerate(self._nothing):
            at = self._done_at[p]
            while at < old.end and left[p, at - first] <= nothing:
                orders, rest = float(self.weight[p, at]), float(left[p, at - first])
                done += orders
                self._holders -= orders
                self._promised -= orders * rest
                self._booked[p, at] -= rest
                self.done_tick[p, at] = t + 1
                left[p, at - first] = 0.0
                at += 1
            self._done_at[p] = at
        return done

    def _mark_each(self, t: int) -> float:
        """All of them: what is in a wallet, or the level of a reward, can hold an older one up."""
        done, old, wallet = 0.0, self._old, self.wallet
        for p, nothing in enumerate(self._nothing):
            start = self._done_at[p]
            part = slice(start, old.end)
            left, marks = old.left[p, start - old.first :], self.done_tick[p, part]
            gone = (left <= nothing) & (marks == 0)
            lost = None
            if wallet is not None:
                there = wallet[p, part]
                some = there > nothing
                # Too little ever to be withdrawn.
                lost = gone & some & (there < self.minimum * (1 - NOTHING))
                gone &= ~some
                self.lost[p, part][lost] = there[lost]
                there[gone | lost] = 0.0
            done += float(self.weight[p, part][gone].sum())
            now = gone if lost is None else gone | lost
            self._booked[p, part][now] -= left[now]
            left[now] = 0.0
            marks[now] = t + 1
            still = np.flatnonzero(marks == 0)
            self._done_at[p] = start + int(still[0]) if len(still) else old.end
        return done

    def _mark_even(self) -> None:
        """Count who has the price back before somebody of the same tick gives up."""
        old, part = self._old, slice(self._old.first, self._old.end)
        got = self.got[:, part]
        if self.wallet is None:
            got = got + (self._booked[:, part] - old.left) * (1 - self.fee)
        now = (got >= self._enough) & ~self._even[:, part]
        if np.count_nonzero(now):
            self._even[:, part] |= now
            self._lapsed_even[part] += old.by_cohort(now)

    def settle(self, t: int) -> None:
        """The end of the tick: those who give up are gone."""
        log = self.log
        if not self.stopped:
            if self._young is None:
                self._add_up(t)
            elif self._holders <= 0.0:
                self._promised = 0.0
        log["promised"].append(max(self._promised, 0.0))
        log["holders"].append(self._holders)
        log["pool"].append(self.pool)

    def _add_up(self, t: int) -> None:
        """Let some give up, and sum up what is promised to the others."""
        part = slice(self._first, t + 1)
        claim, weight = self.left[:, part], self.weight[:, part]
        if self.wallet is not None:
            claim = claim + self.wallet[:, part]
        open_ = claim > 0.0
        if self._give_up:
            weight[open_] *= 1.0 - self._give_up
        self._promised = float(np.vdot(claim, weight))
        self._holders = float(np.vdot(open_, weight))

    def end(self, t: int) -> None:  # noqa: ARG002
        """Nobody orders any more, and nobody is paid."""
        self.stopped = True

    # -- afterwards --------------------------------------------------------------------------

    def unclaimed(self) -> Floats:
        """Nobody: every order is credited something."""
        return np.zeros_like(self.line.counts)

    def record(self, accounts: str) -> Record:
        """What it did, with the pool called ``accounts`` in the ledger."""
        self._book()
        line = self.line
        log = {name: np.array(values) for name, values in self.log.items()}
        counts = line.counts
        cash = self._cash if self._cash is not None else (counts * self.got).sum(axis=0)
        claim = self.left if self.wallet is None else self.left + self.wallet
        waiting = (claim > 0.0) & (counts > 0)
        done = (self.done_tick > 0) & (self.lost <= 0.0)
        even = self._lapsed_even
        if not self._give_up:
            even = (counts * (self.got >= self._enough)).sum(axis=0)
        due_in = self.settings.share * line.sales
        holding = (self.weight * waiting).sum(axis=0)
        last = np.where(counts > 0, self.done_tick, 0).max(axis=0)
        finished = (counts.sum(axis=0) > 0) & ~waiting.any(axis=0)
        from_pool = log["paid"] - log["account"]
        return Record(
            name=self.settings.name,
            kind=self.settings.kind,
            pool=log["pool"],
            paid_in=due_in + log["ads"],
            paid_out=log["paid"],
            fees=log["fee"],
            promised=log["promised"],
            holders=log["holders"],
            exits=log["exits"],
            units=log["promised"],
            price=log["factor"],
            received=cash,
            held_value=(self.weight * claim).sum(axis=0),
            departed=(self.weight * done).sum(axis=0),
            even=even,
            held=holding,
            exit_tick=np.where(finished, last, 0).astype(float),
            flows=[
                flow("buyers", accounts, "order", due_in),
                flow("advertisers", accounts, "advertisement", log["ads"]),
                flow(accounts, "buyers", "release", from_pool),
                flow("platform", "buyers", "release", log["account"]),
            ],
        )
