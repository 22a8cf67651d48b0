"""Credit released day by day: a fixed promise, whatever comes in.

The settings are :class:`ScheduledRelease`; :class:`ScheduledReleaseEngine` runs them on day cohorts
(docs/model.md, "Fixed daily release").
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from model.fields import Frozen, param
from model.mechanisms.base import NOTHING, Floats, Line, Record, Tracer, flow
from model.platform import MAX_FEE, Platform


class ScheduledRelease(Frozen):
    """Each order is credited a multiple of its price, released as cash from the next day on."""

    kind: Literal["scheduled_release"] = "scheduled_release"
    name: str = Field(default="scheduled_release", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.3,
        unit="share",
        ge=0.001,
        le=1,
        step=0.01,
        slider=(0.01, 1.0),
        unsure=(0.1, 1.0),
        label="Share of sales that may be paid out",
        help="This part of every order is there to pay what is released.",
    )
    gift_multiple: float = param(
        3.0,
        unit="multiple",
        ge=0.01,
        le=100,
        step=0.1,
        slider=(0.5, 5.0),
        unsure=(1.0, 4.0),
        label="Credit for one order",
        help="The buyer is credited this many times the price in points.",
    )
    package_multiples: tuple[float, ...] = param(
        (),
        unit="list",
        label="Credit of each package",
        help="How many times its price each package is credited; without a list, the same for all.",
    )
    daily_rate: float = param(
        0.012,
        unit="share",
        ge=0.00001,
        le=1,
        step=0.001,
        slider=(0.001, 0.05),
        unsure=(0.002, 0.02),
        label="Released each day",
        help="This part is released as cash every day until the credit is used up.",
    )
    basis: Literal["price", "balance"] = param(
        "price",
        unit="choice",
        label="Part of",
        help="The daily release is a part of the order's price, or of the credit that is left.",
    )
    first_generation: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Faster by direct recruits",
        help="A recruiter is also released this part of what direct recruits release that day, "
        "out of the recruiter's own credit.",
    )
    second_generation: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Faster by recruits' recruits",
        help="The same for the recruits of one's recruits.",
    )
    stars: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Team stars",
        help="Pairs of team sales in yuan and a share: from so much on, a leader is released this "
        "share of what the team releases, less what the leaders below are given.",
    )
    rewards: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Points held and yuan a task",
        help="Pairs of points and yuan: whoever holds at least so many points is paid so much for "
        "each task. With this list, tasks and not days release the credit.",
    )
    tasks: float = param(
        1.0,
        unit="count",
        ge=0,
        le=1000,
        step=1,
        slider=(0, 10),
        label="Tasks done a day",
        help="How many advertisements one buyer watches in a day.",
    )
    ad_share: float = param(
        0.25,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 1.0),
        label="Tasks with an outside payer",
        help="The share of tasks that are advertisements of others, who pay for them.",
    )
    ad_income: float = param(
        0.1,
        unit="yuan",
        ge=0,
        le=1000,
        step=0.01,
        slider=(0.0, 5.0),
        label="Paid by the advertiser for one view",
        help="What an advertiser pays the platform for one view.",
    )

    @field_validator("package_multiples")
    @classmethod
    def _few(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) > 12 or any(not 0.01 <= number <= 100 for number in value):
            raise ValueError("at most 12 numbers, each from 0.01 to 100")
        return value

    @field_validator("stars", "rewards")
    @classmethod
    def _rising(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if len(value) > 12 or any(not 0 <= n <= 1e12 for pair in value for n in pair):
            raise ValueError("at most 12 pairs of numbers from 0 to 1e12")
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(value)):
            raise ValueError("both numbers must rise from pair to pair")
        return value

    @model_validator(mode="after")
    def _shares(self) -> ScheduledRelease:
        if any(share > 1 for _, share in self.stars):
            raise ValueError("stars: each share at most 1")
        return self

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share


class ScheduledReleaseEngine:
    """Runs a :class:`ScheduledRelease` on cohorts of one tick and package.

    A run costs a few array operations a tick over the cohorts whose credit is not used up.
    """

    def __init__(
        self,
        settings: ScheduledRelease,
        *,
        line: Line,
        credits_: tuple[float, ...],
        platform: Platform,
        give_up: float,
        tracer: Tracer | None = None,
    ) -> None:
        self.settings = settings
        self.line = line
        self.pool = 0.0
        self.stopped = False
        self.fee = platform.withdrawal_fee
        self.minimum = platform.minimum
        self._fee_step = platform.fee_step
        self._give_up = give_up
        self._tracer = tracer
        packages, ticks = line.counts.shape
        self._credit = np.array(credits_)[:, None]
        self._rate = settings.daily_rate * line.prices[:, None]
        self._day = self._first_day(float(line.prices[0]), float(credits_[0]))
        self.left = np.zeros((packages, ticks))  # credit left of one order
        self.wallet = np.zeros((packages, ticks)) if self.minimum > 0 else None
        self.lost = np.zeros((packages, ticks))  # left in a wallet for good
        self.got = np.zeros((packages, ticks))  # cash one order was paid
        self.weight = np.zeros((packages, ticks))  # orders, those given up taken out
        self._cash = np.zeros(ticks) if give_up > 0 else None
        self._due = np.zeros((packages, ticks))
        self._lapsed_even = np.zeros(ticks)
        self.even_tick = np.zeros((packages, ticks), dtype=np.int64)
        self._even_at = [0] * packages
        self.done_tick = np.zeros((packages, ticks), dtype=np.int64)
        self._done_at = [0] * packages
        self._first = 0  # the oldest cohort with anything left
        self._level = np.array([points for points, _ in settings.rewards])
        self._reward = np.array([0.0, *(yuan for _, yuan in settings.rewards)])
        self._faster = settings.first_generation > 0 or settings.second_generation > 0
        self._sales = 0.0
        self._gross = 0.0
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
        self._ads = 0.0

    def _first_day(self, price: float, credited: float) -> float:
        """What one order of the first package is due on its first day."""
        settings = self.settings
        if settings.rewards:
            reward = max((r for points, r in settings.rewards if points <= credited), default=0.0)
            return min(settings.tasks * reward, credited)
        return min(
            settings.daily_rate * (price if settings.basis == "price" else credited), credited
        )

    # -- one tick ----------------------------------------------------------------------------

    def join(self, t: int) -> None:
        """The orders of tick ``t`` (from 0) pay in and are credited; release begins on the next."""
        line = self.line
        sales = float(line.sales[t])
        self._sales += sales
        self.pool += self.settings.share * sales
        self._ads = 0.0
        if self.settings.rewards and t and not self.stopped:
            open_ = self.left[:, self._first : t] > 0
            working = float((self.weight[:, self._first : t] * open_).sum())
            each = self.settings.ad_share * self.settings.ad_income * self.settings.tasks
            self._ads = each * working
            self.pool += self._ads
        self.weight[:, t] = line.counts[:, t]
        self.left[:, t] = np.where(line.counts[:, t] > 0, self._credit[:, 0], 0.0)

    def due(self, t: int) -> float:
        """Yuan in cash that the rule promises for this tick."""
        self._gross = 0.0
        if self.stopped or t == self._first:
            return 0.0
        part = slice(self._first, t)
        left, due = self.left[:, part], self._due[:, part]
        settings = self.settings
        if settings.rewards:
            reward = self._reward[np.searchsorted(self._level, left, side="right")]
            np.minimum(settings.tasks * reward, left, out=due)
        elif settings.basis == "price":
            np.minimum(self._rate, left, out=due)
        else:
            np.multiply(left, settings.daily_rate, out=due)
        weight = self.weight[:, part]
        if self._faster or settings.stars:
            self._accelerate(t, due, left, weight)
        if self.wallet is not None:
            return self._withdrawable(t) * (1 - self.fee)
        self._gross = float(np.vdot(due, weight))
        return self._gross * (1 - self.fee)

    def _accelerate(self, t: int, due: Floats, left: Floats, weight: Floats) -> None:
        """Add what recruiters and leaders are due because of what their recruits are due."""
        settings, line = self.settings, self.line
        base = (due * weight).sum(axis=0)
        extra: Floats | float = 0.0
        if self._faster:
            orders, h = line.orders[self._first : t], line.recruits[self._first : t]
            # What the average recruit of one order is due, those who gave up included as nothing.
            each = np.divide(base, orders, out=np.zeros(len(base)), where=orders > 0) * h
            to = line.recruits_to[self._first : t]
            first = each.sum() - np.cumsum(each)
            chain = each * (to - h)
            second = chain.sum() - np.cumsum(chain) - to * first
            extra = settings.first_generation * first + settings.second_generation * np.maximum(
                second, 0.0
            )
        total = float(base.sum())
        np.minimum(due + extra, left, out=due)
        rate = max((share for sales, share in settings.stars if sales <= self._sales), default=0.0)
        if rate > 0.0 and total > 0.0:
            room = ((left - due) * weight).sum(axis=0)
            upto = np.cumsum(room)
            given = np.clip(rate * total - (upto - room), 0.0, room)
            due += (left - due) * np.divide(given, room, out=np.zeros(len(room)), where=room > 0)

    def _withdrawable(self, t: int) -> float:
        """What can be withdrawn today if everybody's due has gone to the wallet, before the fee."""
        part = slice(self._first, t)
        full = self._due[:, part] + (0.0 if self.wallet is None else self.wallet[:, part])
        ready = np.where(full >= self.minimum * (1 - NOTHING), full, 0.0)
        self._gross = float(np.vdot(ready, self.weight[:, part]))
        return self._gross

    def raise_fee(self, available: float) -> float:
        """Raise the fee until ``available`` yuan are enough or it is at its most; what is due."""
        while self._gross * (1 - self.fee) > available * (1 + NOTHING) and self.fee < MAX_FEE:
            self.fee = min(self.fee + self._fee_step, MAX_FEE)
        return self._gross * (1 - self.fee)

    def raise_minimum(self, t: int, available: float) -> float:
        """Double the smallest withdrawal until ``available`` yuan are enough; what is due."""
        if self.wallet is None:
            self.wallet = np.zeros_like(self.left)
        self.minimum = max(self.minimum, self._day)
        most = 2.0 * float(self._credit.max()) + self._day
        while self._withdrawable(t) * (1 - self.fee) > available * (1 + NOTHING):
            if self.minimum > most:
                break
            self.minimum *= 2.0
        return self._gross * (1 - self.fee)

    def pay(self, t: int, *, factor: float, from_account: float) -> None:
        """Book what was really paid: the part ``factor`` of what was due, some by the platform."""
        part = slice(self._first, t)
        net = 1.0 - self.fee
        cash = self._gross * net * factor
        if t > self._first and not self.stopped:
            due, got, left = self._due[:, part], self.got[:, part], self.left[:, part]
            if self.wallet is not None:
                wallet = self.wallet[:, part]
                wallet += due
                left -= due
                paid = np.where(wallet >= self.minimum * (1 - NOTHING), factor * wallet, 0.0)
                wallet -= paid
            else:
                paid = due
                paid *= factor
                left -= paid
            if self._cash is not None:
                self._cash[part] += net * (paid * self.weight[:, part]).sum(axis=0)
            if self._tracer is not None and cash > 0:
                amounts = net * (paid * self.weight[:, part]).sum(axis=0)
                self._tracer.paid(t, self.settings.name, self._first, amounts)
            paid *= net
            got += paid
        self.pool -= cash - from_account
        if abs(self.pool) < NOTHING * max(cash, 1e-300):
            self.pool = 0.0
        log = self.log
        log["paid"].append(cash)
        log["fee"].append(self._gross * factor - cash)
        log["factor"].append(factor)
        log["account"].append(from_account)
        log["ads"].append(self._ads)
        log["exits"].append(self._mark(t))

    def _mark(self, t: int) -> float:
        """Move the marks of who has the price back and of whose credit is used up."""
        done = 0.0
        if self.wallet is not None:
            self._mark_even(t)
        for p, price in enumerate(self.line.prices.tolist()):
            got, at = self.got[p], self._even_at[p]
            enough = price * (1 - 1e-9)
            while (
                self.wallet is None and at < t and (got[at] >= enough or self.weight[p, at] <= 0.0)
            ):
                self.even_tick[p, at] = t + 1
                if self._give_up:
                    self._lapsed_even[at] += self.weight[p, at] if got[at] >= enough else 0.0
                at += 1
            self._even_at[p] = at
            left, at = self.left[p], self._done_at[p]
            nothing = 1e-9 * float(self._credit[p, 0])
            wallet = None if self.wallet is None else self.wallet[p]
            while at < t and left[at] <= nothing:
                if wallet is not None and wallet[at] > nothing:
                    if wallet[at] >= self.minimum * (1 - NOTHING):
                        break
                    # Too little ever to be withdrawn.
                    self.lost[p, at], wallet[at] = wallet[at], 0.0
                else:
                    done += self.weight[p, at]
                self.done_tick[p, at] = t + 1
                left[at] = 0.0
                at += 1
            self._done_at[p] = at
        self._first = min(self._done_at)
        return done

    def _mark_even(self, t: int) -> None:
        """Who has the price back, where withdrawals need not come in the order of joining."""
        now = (self.got[:, :t] >= self.line.prices[:, None] * (1 - 1e-9)) & (
            self.even_tick[:, :t] == 0
        )
        self.even_tick[:, :t][now] = t + 1
        if self._give_up:
            self._lapsed_even[:t] += (self.weight[:, :t] * now).sum(axis=0)

    def settle(self, t: int) -> None:
        """The end of the tick: those who give up are gone."""
        part = slice(self._first, t + 1)
        if self._give_up and not self.stopped:
            still = self.left[:, part] > 0.0
            if self.wallet is not None:
                still |= self.wallet[:, part] > 0.0
            self.weight[:, part] *= np.where(still, 1.0 - self._give_up, 1.0)
        claim = self.left[:, part]
        if self.wallet is not None:
            claim = claim + self.wallet[:, part]
        weight = self.weight[:, part]
        self.log["promised"].append(float(np.vdot(claim, weight)))
        self.log["holders"].append(float(weight[claim > 0.0].sum()))
        self.log["pool"].append(self.pool)

    @property
    def owed(self) -> float:
        """Yuan of credit that holders have left, in wallets too."""
        return self.log["promised"][-1] if self.log["promised"] else 0.0

    def end(self) -> None:
        """Nobody orders any more, and nobody is paid."""
        self.stopped = True

    # -- afterwards --------------------------------------------------------------------------

    def record(self, accounts: str) -> Record:
        """What it did, with the pool called ``accounts`` in the ledger."""
        line = self.line
        log = {name: np.array(values) for name, values in self.log.items()}
        counts = line.counts
        cash = self._cash if self._cash is not None else (counts * self.got).sum(axis=0)
        claim = self.left if self.wallet is None else self.left + self.wallet
        waiting = (claim > 0.0) & (counts > 0)
        done = (self.done_tick > 0) & (self.lost <= 0.0)
        even = self._lapsed_even if self._give_up else (counts * (self.even_tick > 0)).sum(axis=0)
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
            left=(self.weight * done).sum(axis=0),
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
