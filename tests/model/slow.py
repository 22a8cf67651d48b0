"""Oracles for dividends, daily release, refund queues and commissions, written from the rules.

``run`` walks tick by tick through lots of orders that have met the same fate so far (one entry
tick, package and rank; single orders where the rule counts orders), in exact fractions or in
100-digit decimals. It knows nothing of running sums, pointers or closed forms: whatever is
expected of a recruiter is added up over the recruits, and money is divided by handing out equal
parts until nobody's quota is in the way. ``run_shared`` walks order by order through a points pool
whose forced exit is also the quota of dividends.

What the rules leave open is decided here like this:

* "Live" is whoever can still be paid by any mechanism of the scheme: quota left (or no quota) and
  units of one's own, credit left or a wallet that can be withdrawn, a refund to wait for.
* Giving up is giving up everything an order still has, in every mechanism.
* An order without units (beyond the cap, or below the first level) has no part in a dividend pool,
  rank pots and referral units included. Of the order that crosses the cap the part that still
  fits has all its units and the rest none.
* The fee and the minimum on withdrawals concern a daily release only. Where the policy is to raise
  one of them, a queue's due refunds are cut instead, like commissions always.
* ``raise_fee``: the fee goes up by whole steps, the last one to 0.9.
* ``raise_minimum``: where the minimum is below one day's due of a full order, that is tried first;
  then it is doubled until what can be withdrawn can be paid. A full order costs ``order.spend``,
  is credited ``gift_multiple`` and has all of that left; its due is the base: ``daily_rate`` of
  the price, or of the credit, or the reward of a day's tasks.
* With a minimum from the start and the policy ``cut``, what is due leaves the credit for the
  wallet in full; the cut is of what is withdrawn, the rest of it stays in the wallet.
* A minimum that is raised on a given day is raised before that day's withdrawals.
* A wallet below the minimum is lost once its credit is used up: the order is done and owed nothing.
* ``stop``: from the next tick on nothing happens any more: nobody orders, is paid, works for
  advertisers or gives up.
* Stars: the orders of one tick are equally old and share in proportion to the credit they have left
  after base and acceleration.
* Advertisers pay for the work of orders that opened the tick with credit left.
* Rank pots are collected and paid together with the dividend, every ``interval`` ticks.
* Referral units count as issued: an order comes with its own units and those that it brings the
  recruiters, and both in the same part where not all of them are within the cap. Where packages
  meet the cap, the orders of one tick come package by package.
* Queue numbers are given to all qualifying orders as they come and do not change.
* An order waits for an advance until its turn has come; what a cut leaves unpaid is not advanced.
* An advance comes before everything the platform's account pays on that tick. Fixed promises to
  buyers (release, and the rules "shared" and "own" of a queue) share it in proportion to what each
  lacks; commissions and prizes share, in the same way, what these leave.
* The budget for distribution is an account: what is not used stays and can be used later.
* ``broken`` looks at those fixed promises alone. What was owed then is credit, wallets and refunds
  (of any queue) left at the end of the tick, when some have given up, before any fee; orders owed
  by two rules are counted once.
* What cuts leave of a credit is nothing below a thousand-millionth of it (docs/model.md, "Limits of
  the numbers").
* Under the rule "pool" whole orders are refunded, and of the last one what the pool pays: it is in
  front on the next tick, and is paid ahead like all who wait. With parts of orders (those who give
  up, ranks) it is one order's worth of those that are alike.
* A refund of which less than a thousand-millionth is left is not waited for any more, and whoever
  was paid all but that much of the price was paid it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from itertools import pairwise
from typing import Any

from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme
from tests.model.reference import DIGITS, Watch, decimal, exact

Number = Callable[[float], Any]


class Kin:
    """How many recruits an order of each tick has by now in each generation, in the mean.

    Every order is brought by one of all orders of earlier ticks, each equally likely, whatever has
    become of that one since; so generation g gains new orders / orders before x generation g - 1.
    """

    def __init__(self, one: Any) -> None:
        self.one = one
        self.of: dict[int, list[Any]] = {}  # by entry tick, the order itself first

    def brought(self, entry: int, *, generations: Any, units: Any, before: int) -> Any:
        """New ``units`` of today that are of the generations that count; the last may in part."""
        if not before:
            return 0 * self.one
        found, left = 0 * self.one, generations
        for above in self.of[entry]:
            found += min(max(left, 0 * self.one), self.one) * above * units / before
            left -= 1
        return found

    def join(self, tick: int, count: int, before: int) -> None:
        """The orders of a tick, after those before."""
        if count:
            for kin in self.of.values():
                # Nobody can be further down than there are ticks.
                kin.append(0 * self.one)
                for g in range(len(kin) - 1, 0, -1):
                    kin[g] += kin[g - 1] * count / before
            self.of[tick] = [self.one]


@dataclass
class Lot:
    """Orders with one fate; every amount is yuan, or units, of one of them."""

    tick: int
    package: int
    rank: int
    price: Any
    weight: Any  # orders that have not given up
    number: int = 0  # in a queue that counts orders
    got: Any = 0
    units: dict[str, Any] = field(default_factory=dict)
    quota: dict[str, Any] = field(default_factory=dict)  # left; None: without end
    credit: Any = 0
    wallet: Any = 0
    refund: Any = 0  # still waited for
    due: bool = False  # its turn in the queue has come


@dataclass
class Cohort:
    """What became of the orders of one tick, in all."""

    buyers: int
    spent: Any
    received: Any = 0
    live: Any = 0
    even: Any = 0
    lapsed: Any = 0  # orders given up
    exit_tick: int | None = None


@dataclass
class Broken:
    """The first tick on which buyers were paid less than promised."""

    tick: int
    owed: Any
    orders: Any


@dataclass
class Slow:
    """What happened, one entry a tick in every list; money in yuan."""

    orders: list[int] = field(default_factory=list)
    sales: list[Any] = field(default_factory=list)
    paid_in: list[Any] = field(default_factory=list)
    paid_out: list[Any] = field(default_factory=list)  # cash to buyers, without commissions
    fees: list[Any] = field(default_factory=list)
    pool: list[Any] = field(default_factory=list)
    pools: dict[str, list[Any]] = field(default_factory=dict)
    promised: list[Any] = field(default_factory=list)
    holders: list[Any] = field(default_factory=list)
    holders_of: dict[str, list[Any]] = field(default_factory=dict)  # by mechanism
    account: list[Any] = field(default_factory=list)  # the platform's
    distribution: list[Any] = field(default_factory=list)
    commissions: list[Any] = field(default_factory=list)  # with prizes
    fee_rate: list[Any] = field(default_factory=list)
    minimum: list[Any] = field(default_factory=list)
    cohorts: dict[int, Cohort] = field(default_factory=dict)
    broken: Broken | None = None


def volumes(scheme: Scheme) -> list[int]:
    """Orders of each tick (the demand has tests of its own)."""
    counts = scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=scheme.tick == "order")
    return [int(count) for count in counts]


def run(scheme: Scheme, *, number: Number = decimal) -> Slow:
    """Run ``scheme`` lot by lot; ``number`` is ``decimal`` or ``exact``."""
    with localcontext(Context(prec=DIGITS)):
        return _Run(scheme, number).run()


def _largest(pairs: Iterable[tuple[float, float]], have: Any, number: Number) -> Any:
    """What belongs to the largest first number that ``have`` reaches; nought below all."""
    found = number(0)
    for least, value in pairs:
        if number(least) <= have:
            found = number(value)
    return found


class _Run:
    """One run; the steps of a tick are methods in the order of the rules."""

    def __init__(self, scheme: Scheme, number: Number) -> None:
        self.scheme = scheme
        self.number = number
        self.zero, self.one = number(0), number(1)
        # Decimals must not miss by their rounding what is met exactly.
        self.tiny = number(0) if number is exact else Decimal(10) ** (-DIGITS // 2)
        # Advances and cuts may leave less and less without ever coming to an end.
        self.dust = number(1e-9)
        spend = number(scheme.order.spend)
        packages = scheme.order.packages or ((1.0, 1.0),)
        self.prices = [number(multiple) * spend for multiple, _ in packages]
        self.shares = [number(share) for _, share in packages]
        self.dividends = [m for m in scheme.mechanisms if isinstance(m, DividendPool)]
        self.release = next((m for m in scheme.mechanisms if isinstance(m, ScheduledRelease)), None)
        self.queue = next((m for m in scheme.mechanisms if isinstance(m, RefundQueue)), None)
        self.commission = next((m for m in scheme.mechanisms if isinstance(m, Commission)), None)
        if scheme.points_pool is not None:
            raise NotImplementedError("a points pool: see run_shared")
        self.split = self._split()
        self.lots: list[Lot] = []
        self.out = Slow()
        self.pools = {m.name: self.zero for m in scheme.mechanisms if m.taken > 0}
        self.out.pools = {name: [] for name in self.pools}
        self.dividend_money = {m.name: self.zero for m in self.dividends}
        self.rank_money = {m.name: [self.zero] * 10 for m in self.dividends}
        self.issued = {m.name: self.zero for m in self.dividends}
        self.brings = {m.name: self.zero for m in self.dividends}
        self.account = number(scheme.platform.capital)
        self.distribution = self.zero
        self.fee = number(scheme.platform.withdrawal_fee)
        self.minimum = number(scheme.platform.minimum)
        self.policy = scheme.platform.policy
        self.raised = scheme.platform.raised_minimum
        self.wallets = self.minimum > 0 or self.raised is not None or self.policy == "raise_minimum"
        self.stopped = False
        self.qualified = 0
        self.chosen = [0] * len(packages)
        self.placed = 0
        self.first_orders = 0
        self.sold = self.zero  # sales so far, yuan
        self.recruits: list[Any] = [self.zero]  # h_t by tick; entry 0 is not used
        self.before: list[int] = [0]  # orders before tick t
        self.kin = Kin(self.one)

    def _split(self) -> dict[str, Any]:
        """Share of the price by recipient, beside the pools."""
        number, order = self.number, self.scheme.order
        room = self.one - sum((self.taken(m) for m in self.scheme.mechanisms), self.zero)
        named = {
            name: number(getattr(order.parts, name)) for name in type(order.parts).model_fields
        }
        wanted = sum(named.values(), self.zero)
        if wanted > room:
            named = {name: share * room / wanted for name, share in named.items()}
        named["unstated"] = self.zero
        named[order.rest] += room - sum(named.values(), self.zero)
        return named

    def taken(self, mechanism: Any) -> Any:
        """Share of the price that goes into the mechanism's pool."""
        if isinstance(mechanism, Commission):
            return self.zero
        ranks = mechanism.rank_share if isinstance(mechanism, DividendPool) else 0.0
        return self.number(mechanism.share) + self.number(ranks)

    # -- small helpers -------------------------------------------------------------------------

    def alive(self, lot: Lot) -> bool:
        """Whether anybody can still be paid for it."""
        if lot.weight <= 0:
            return False
        return any(self.claims(lot, name) for name in self.pools)

    def claims(self, lot: Lot, name: str) -> bool:
        """Whether the mechanism called ``name`` can still pay for it."""
        if name in lot.quota:
            return self.earns(lot, name)
        if self.queue is not None and name == self.queue.name:
            whole = self.number(self.queue.refund) * lot.price
            return self.waits(lot) and lot.refund > self.dust * whole
        ready = lot.wallet > self.tiny and lot.wallet >= self.minimum - self.tiny
        return bool(lot.credit > self.tiny or ready)

    def pay(self, lot: Lot, cash: Any) -> None:
        """Hand ``cash`` to each order of the lot."""
        lot.got += cash
        self.paid += cash * lot.weight

    # -- the tick ------------------------------------------------------------------------------

    def run(self) -> Slow:
        for tick, wanted in enumerate(volumes(self.scheme), start=1):
            self.tick = tick
            self.paid = self.kept = self.commissioned = self.zero
            self.paid_in = self.zero
            self.opening = [lot for lot in self.lots if self.alive(lot)]
            self.working = [lot for lot in self.opening if lot.credit > self.tiny]
            count = 0 if self.stopped else wanted
            self.join(count)
            if not self.stopped:
                if self.raised is not None and tick == self.scheme.platform.raised_from:
                    self.minimum = max(self.minimum, self.number(self.raised))
                self.advertise()
                short = self.settle()
                self.give_up()
                if short and self.out.broken is None:
                    self.note_broken()
                    self.stopped = self.policy == "stop"
            self.close(count)
        return self.finish()

    def join(self, count: int) -> None:
        number, out = self.number, self.out
        self.before.append(self.placed)
        self.recruits.append(
            self.number(count) / self.placed if self.placed and count else self.zero
        )
        # Of those who chose none of the packages before, the part that chooses this one.
        chosen, rest, part = [], self.placed + count, number(1)
        for share in self.shares[:-1]:
            chosen.append(int(rest * share / part + number(1e-9)))
            rest, part = rest - chosen[-1], part - share
        chosen.append(rest)
        counts = [now - old for now, old in zip(chosen, self.chosen, strict=True)]
        assert sum(counts) == count
        assert min(counts) >= 0
        self.chosen = chosen
        sales = sum((n * price for n, price in zip(counts, self.prices, strict=True)), self.zero)
        self.sales = sales
        self.sold += sales
        for mechanism in self.scheme.mechanisms:
            if mechanism.name in self.pools:
                self.pools[mechanism.name] += self.taken(mechanism) * sales
                self.paid_in += self.taken(mechanism) * sales
        for pool in self.dividends:
            self.dividend_money[pool.name] += number(pool.share) * sales
            for rank in range(10):
                self.rank_money[pool.name][rank] += number(pool.rank_share) / 10 * sales
        self.account += self.split["platform"] * sales
        self.distribution += self.split["distribution"] * sales
        self.bring_in(sales)
        fresh: dict[str, Any] = {pool.name: self.zero for pool in self.dividends}
        for pool in self.dividends:
            self.brings[pool.name] = sum((gain for _, gain in self.gains(pool)), self.zero)
        new: list[Lot] = []
        single = any(pool.issue_cap is not None for pool in self.dividends) or (
            self.queue is not None and self.queue.rule != "pool"
        )
        for package, n in enumerate(counts):
            for size in [1] * n if single else [n] if n else []:
                new.extend(self.order(package, size, fresh))
        self.refer(fresh, count)
        self.lots.extend(new)
        if count:
            out.cohorts[self.tick] = Cohort(buyers=count, spent=sales)
            if not self.placed:
                self.first_orders = count
        self.placed += count

    def order(self, package: int, size: int, fresh: dict[str, Any]) -> list[Lot]:
        """``size`` orders of a package, by rank; units issued are added to ``fresh``."""
        number, price = self.number, self.prices[package]
        lot = Lot(self.tick, package, 0, price, number(size), got=self.zero)
        lot.credit = lot.wallet = lot.refund = self.zero
        for pool in self.dividends:
            if pool.levels:
                units = _largest(pool.levels, price * number(pool.points_rate), number)
            elif pool.package_units:
                units = number(pool.package_units[package])
            else:
                units = price / number(pool.spend_per_unit)
            lot.units[pool.name] = units
            multiple: float | None = pool.quota_multiple
            if multiple is not None and pool.package_quotas:
                multiple = pool.package_quotas[package]
            lot.quota[pool.name] = None if multiple is None else number(multiple) * price
        if self.release is not None:
            lot.credit = self.credit(package)
        if self.queue is not None and price >= number(self.queue.threshold):
            self.qualified += size
            lot.number = self.qualified
            lot.refund = number(self.queue.refund) * price
        lots = [lot]
        for pool in self.dividends:
            lots = self.issue(pool, lots, fresh)
        return [mine for each in lots for mine in self.by_rank(each)]

    def issue(self, pool: DividendPool, lots: list[Lot], fresh: dict[str, Any]) -> list[Lot]:
        """Count the units of new orders as issued; those beyond the cap are not given."""
        name, found = pool.name, []
        for lot in lots:
            units = lot.units[name] * lot.weight
            room = units
            if pool.issue_cap is not None:
                # With each comes what it brings the recruiters, who are given that afterwards.
                each = self.one + self.brings[name]
                there = self.issued[name] + self.brings[name] * fresh[name]
                room = (self.number(pool.issue_cap) - there) / each
                room = min(units, max(room, self.zero))
                if room < self.tiny:
                    room = self.zero
            if room < units:  # only a part of the order
                rest = self.clone(lot)
                rest.weight -= lot.weight * room / units
                rest.units[name] = self.zero
                lot.weight *= room / units
                found.append(rest)
            if lot.weight > 0:
                found.append(lot)
            self.issued[name] += room
            fresh[name] += room
        return found

    def clone(self, lot: Lot) -> Lot:
        other = copy(lot)
        other.units, other.quota = dict(lot.units), dict(lot.quota)
        return other

    def by_rank(self, lot: Lot) -> list[Lot]:
        """The order's fractions of each rank."""
        number = self.number
        ranked = [pool for pool in self.dividends if pool.rank_share > 0]
        if not ranked:
            return [lot]
        reached = [number(share) for share in ranked[0].rank_reached]
        assert all(pool.rank_reached == ranked[0].rank_reached for pool in ranked)
        exactly = [
            above - below
            for above, below in zip([self.one, *reached], [*reached, self.zero], strict=True)
        ]
        lots = []
        for rank, part in enumerate(exactly):
            if part > 0:
                mine = self.clone(lot)
                mine.rank, mine.weight = rank, lot.weight * part
                lots.append(mine)
        return lots

    def credit(self, package: int) -> Any:
        assert self.release is not None
        multiples = self.release.package_multiples
        multiple = multiples[package] if multiples else self.release.gift_multiple
        return self.number(multiple) * self.prices[package]

    def gains(self, pool: DividendPool) -> list[tuple[Lot, Any]]:
        """Who is given units for a new one, and how many of it all orders of the lot together."""
        found = []
        for lot in self.opening if pool.referral_rate > 0 else []:
            if not self.earns(lot, pool.name):
                continue
            generations = self.number(pool.referral_generations)
            if pool.package_generations:
                generations = self.number(pool.package_generations[lot.package])
            each = self.kin.brought(
                lot.tick, generations=generations, units=self.one, before=self.before[self.tick]
            )
            found.append((lot, self.number(pool.referral_rate) * each * lot.weight))
        return found

    def refer(self, fresh: dict[str, Any], count: int) -> None:
        """Units for the uplines of today's orders, in the mean, before these join."""
        for pool in self.dividends:
            for lot, gain in self.gains(pool):
                lot.units[pool.name] += gain * fresh[pool.name] / lot.weight
                self.issued[pool.name] += gain * fresh[pool.name]
        self.kin.join(self.tick, count, self.before[self.tick])

    def bring_in(self, sales: Any) -> None:
        """Territories and the circle: money for the platform beside the orders."""
        c, number = self.commission, self.number
        if c is None:
            return
        if self.tick == 1:
            self.account += (
                c.districts * number(c.district_price)
                + c.cities * number(c.city_price)
                + c.provinces * number(c.province_price)
            )
        self.account += self.circle() * sales

    def circle(self) -> Any:
        """What the points shop leaves the platform of each yuan that an order costs."""
        c, number = self.commission, self.number
        if c is None:
            return self.zero
        points = number(c.circle) * number(c.circle_points)
        cash = points * number(c.circle_cash)
        return cash - number(c.circle_shop) * cash - number(c.circle_goods) * (points + cash)

    def advertise(self) -> None:
        r, number = self.release, self.number
        if r is None or not r.rewards:
            return
        heads = sum((lot.weight for lot in self.working), self.zero)
        income = number(r.ad_share) * number(r.ad_income) * number(r.tasks) * heads
        self.pools[r.name] += income
        self.paid_in += income

    # -- what is due, and paying it --------------------------------------------------------------

    def settle(self) -> bool:
        """Pay for the tick; True if buyers were paid less than promised."""
        self.advance()
        for pool in self.dividends:
            if self.tick % pool.interval == 0:
                self.divide(pool)
        q = self.queue
        if q is not None and q.rule == "pool":
            self.refund_from_pool()
        due = self.due_of_release()  # when no order is split in two any more
        if self.wallets:
            for lot, amount in due:
                lot.credit -= amount
                lot.wallet += amount
        # What each lacks beyond its own pool.
        lacks = {"release": self.zero, "queue": self.zero}
        if self.release is not None:
            gross = self.withdrawable() if self.wallets else self.total(due)
            need = gross * (1 - self.fee)
            lacks["release"] = max(need - self.pools[self.release.name], self.zero)
        turns = self.turns()
        if q is not None:
            lacks["queue"] = max(self.total(turns) - self.pools[q.name], self.zero)
        lack = sum(lacks.values(), self.zero)
        part = min(self.one, self.account / lack) if lack > self.tiny else self.zero
        short = False
        if self.release is not None:
            short |= self.pay_release(due, lacks["release"] * part)
        if q is not None and turns:
            short |= self.pay_turns(turns, lacks["queue"] * part)
        self.pay_commissions()
        return short

    def total(self, due: Sequence[tuple[Lot, Any]]) -> Any:
        return sum((amount * lot.weight for lot, amount in due), self.zero)

    # Dividends

    def earns(self, lot: Lot, name: str) -> bool:
        left = lot.quota[name]
        return bool(lot.weight > 0 and lot.units[name] > 0 and (left is None or left > self.tiny))

    def divide(self, pool: DividendPool) -> None:
        name = pool.name
        live = [lot for lot in self.lots if self.earns(lot, name)]
        money = self.dividend_money[name]
        if pool.divided_over == "all":
            left = money
            if self.issued[name] > 0:
                for lot in live:
                    cash = lot.units[name] * money / self.issued[name]
                    if lot.quota[name] is not None:
                        cash = min(cash, lot.quota[name])
                    left -= self.dividend(name, lot, cash)
        else:
            left = self.fill(name, live, money, lambda lot: lot.units[name])
        self.dividend_money[name] = left
        if pool.rank_share > 0:
            for rank in range(1, 11):
                members = [lot for lot in live if lot.rank >= rank]
                self.rank_money[name][rank - 1] = self.fill(
                    name, members, self.rank_money[name][rank - 1], lambda _: self.one
                )

    def dividend(self, name: str, lot: Lot, cash: Any) -> Any:
        self.pay(lot, cash)
        if lot.quota[name] is not None:
            lot.quota[name] -= cash
            if lot.quota[name] <= self.tiny:
                lot.quota[name] = self.zero
        self.pools[name] -= cash * lot.weight
        return cash * lot.weight

    def fill(self, name: str, lots: list[Lot], money: Any, claim: Callable[[Lot], Any]) -> Any:
        """Equal parts for equal claims, nobody beyond the quota; returns what is left."""
        while money > self.tiny:
            open_ = [lot for lot in lots if self.earns(lot, name) and claim(lot) > 0]
            claims = sum((claim(lot) * lot.weight for lot in open_), self.zero)
            if claims <= 0:
                break
            part = money / claims
            full = [
                lot
                for lot in open_
                if lot.quota[name] is not None and lot.quota[name] <= part * claim(lot) + self.tiny
            ]
            if not full:
                for lot in open_:
                    self.dividend(name, lot, part * claim(lot))
                return self.zero
            for lot in full:
                money -= self.dividend(name, lot, lot.quota[name])
        return max(money, self.zero)

    # Daily release

    def due_of_release(self) -> list[tuple[Lot, Any]]:
        """Each order's release of the day: base, acceleration, stars."""
        r, number = self.release, self.number
        if r is None:
            return []
        lots = [lot for lot in self.lots if lot.tick < self.tick and lot.credit > self.tiny]
        lots = [lot for lot in lots if lot.weight > 0]
        base: list[Any] = []
        for lot in lots:
            if r.rewards:
                wanted = number(r.tasks) * _largest(r.rewards, lot.credit + self.tiny, number)
            elif r.basis == "balance":
                wanted = number(r.daily_rate) * lot.credit
            else:
                wanted = number(r.daily_rate) * lot.price
            base.append(min(wanted, lot.credit))
        due = list(base)
        if r.first_generation > 0 or r.second_generation > 0:
            # What all orders of one tick have due today.
            today = [self.zero] * (self.tick + 1)
            for lot, amount in zip(lots, base, strict=True):
                today[lot.tick] += lot.weight * amount
            for k, lot in enumerate(lots):
                direct, second = self.recruits_due(lot.tick, today)
                faster = number(r.first_generation) * direct + number(r.second_generation) * second
                due[k] += min(faster, lot.credit - base[k])
        if r.stars:
            budget = _largest(r.stars, self.sold, number) * sum(
                (lot.weight * amount for lot, amount in zip(lots, base, strict=True)), self.zero
            )
            for tick in range(1, self.tick):  # the oldest first
                mine = [k for k, lot in enumerate(lots) if lot.tick == tick]
                room = sum((lots[k].weight * (lots[k].credit - due[k]) for k in mine), self.zero)
                if room <= self.tiny:
                    continue
                given = min(budget, room)
                for k in mine:
                    due[k] += (lots[k].credit - due[k]) * given / room
                budget -= given
        return list(zip(lots, due, strict=True))

    def recruits_due(self, entry: int, today: list[Any]) -> tuple[Any, Any]:
        """What the expected recruits of an order of tick ``entry`` have due today, by generation.

        An order of tick s was recruited by it with the chance 1 / N_(s-1); so one of them was by
        one of its own recruits with the chance (its expected recruits before s) / N_(s-1).
        """
        direct = second = recruited = self.zero
        for s in range(entry + 1, self.tick + 1):
            if self.before[s] and today[s] > 0:
                direct += today[s] / self.before[s]
                second += today[s] * recruited / self.before[s]
            recruited += self.recruits[s]
        return direct, second

    def withdrawable(self) -> Any:
        return sum(
            (
                lot.wallet * lot.weight
                for lot in self.lots
                if lot.wallet > 0 and lot.wallet >= self.minimum - self.tiny
            ),
            self.zero,
        )

    def full_day(self) -> Any:
        """One day's due of a full order, of the first package."""
        r, number = self.release, self.number
        assert r is not None
        packages = self.scheme.order.packages
        price = number(self.scheme.order.spend) * (number(packages[0][0]) if packages else 1)
        credit = number((r.package_multiples or (r.gift_multiple,))[0]) * price
        if r.rewards:
            return min(number(r.tasks) * _largest(r.rewards, credit, number), credit)
        return min(number(r.daily_rate) * (credit if r.basis == "balance" else price), credit)

    def pay_release(self, due: list[tuple[Lot, Any]], granted: Any) -> bool:
        """Pay the day's release out of its pool and ``granted`` of the platform's account."""
        assert self.release is not None
        name = self.release.name
        have = self.pools[name] + granted

        def need() -> Any:
            gross = self.withdrawable() if self.wallets else self.total(due)
            return gross * (1 - self.fee)

        def enough() -> bool:
            return bool(need() <= have + self.tiny)

        short = not enough()
        if short and self.policy == "raise_fee":
            most = self.number(0.9)
            while not enough() and self.fee < most:
                self.fee = min(self.fee + self.number(self.scheme.platform.fee_step), most)
        if short and self.policy == "raise_minimum":
            self.minimum = max(self.minimum, self.full_day())
            assert self.minimum > 0, "a full order has nothing due, so there is nothing to double"
            while not enough():
                self.minimum *= 2
        phi = self.one if enough() else have / need()
        net = self.zero
        if self.wallets:
            for lot in self.lots:
                if lot.wallet > 0 and lot.wallet >= self.minimum - self.tiny:
                    cash = lot.wallet * phi * (1 - self.fee)
                    self.kept += lot.wallet * phi * self.fee * lot.weight
                    lot.wallet -= lot.wallet * phi
                    self.pay(lot, cash)
                    net += cash * lot.weight
        else:
            for lot, amount in due:
                cash = amount * phi * (1 - self.fee)
                self.kept += amount * phi * self.fee * lot.weight
                lot.credit -= amount * phi
                if lot.credit <= max(self.tiny, self.dust * self.credit(lot.package)):
                    lot.credit = self.zero
                self.pay(lot, cash)
                net += cash * lot.weight
        from_pool = min(net, self.pools[name])
        self.pools[name] -= from_pool
        self.account -= net - from_pool
        return short

    # Refund queue

    def advance(self) -> None:
        """Paid ahead to recruiters whose order waits."""
        q = self.queue
        if q is None or q.advance == 0:
            return
        due = []
        for lot in self.lots:
            if lot.tick < self.tick and self.waits(lot) and not lot.due:
                ahead = self.number(q.advance) * lot.price * self.recruits[self.tick]
                due.append((lot, min(ahead, lot.refund)))
        wanted = self.total(due)
        if wanted <= 0:
            return
        have = self.pools[q.name] if q.advance_payer == "pool" else self.account
        part = min(self.one, have / wanted)
        for lot, amount in due:
            self.refund(lot, amount * part)
        if q.advance_payer == "pool":
            self.pools[q.name] -= wanted * part
        else:
            self.account -= wanted * part

    def waits(self, lot: Lot) -> bool:
        return bool(lot.weight > 0 and lot.refund > self.tiny)

    def refund(self, lot: Lot, cash: Any) -> None:
        self.pay(lot, cash)
        lot.refund -= cash
        if lot.refund <= self.tiny:
            lot.refund = self.zero

    def refund_from_pool(self) -> None:
        """Oldest first, order by order; the last one is paid in part and waits for the rest."""
        q = self.queue
        assert q is not None
        for tick in range(1, self.tick - q.lock + 1):
            mine = [lot for lot in self.lots if lot.tick == tick and self.waits(lot)]
            # Of one tick, who was paid in part before comes first.
            for wanted in sorted({lot.refund for lot in mine}):
                alike = [lot for lot in mine if lot.refund == wanted]
                if not self.refund_alike(q.name, alike, wanted):
                    return

    def refund_alike(self, name: str, lots: list[Lot], wanted: Any) -> bool:
        """Refund orders that wait for ``wanted`` yuan each; False if the pool is empty."""
        have = self.pools[name]
        if have <= self.tiny:
            return False
        orders = sum((lot.weight for lot in lots), self.zero)
        if have >= orders * wanted - self.tiny:
            for lot in lots:
                self.refund(lot, wanted)
            self.pools[name] -= orders * wanted
            return True
        whole = self.number(int(have / wanted + self.tiny))
        rest, one = have - whole * wanted, min(self.one, orders - whole)
        for lot in lots:
            # Lots of one order (ranks of dividends) take part in what they are of all.
            waiting, last = self.clone(lot), self.clone(lot)
            waiting.weight = lot.weight * (1 - (whole + one) / orders)
            last.weight = lot.weight * one / orders
            lot.weight *= whole / orders
            if whole > 0:
                self.refund(lot, wanted)
            self.refund(last, rest / one)
            self.lots += [waiting, last]
        self.pools[name] = self.zero
        return False

    def turns(self) -> list[tuple[Lot, Any]]:
        """Whose turn it is in a queue that counts orders, and what is still due to them."""
        q = self.queue
        if q is None or q.rule == "pool":
            return []
        due = []
        for lot in self.lots:
            if not self.waits(lot) or lot.tick + q.lock > self.tick:
                continue
            if q.rule == "shared":
                turn = self.qualified >= q.newcomers * lot.number + 1
            else:
                turn = self.qualified >= lot.number + q.newcomers
            if turn:
                lot.due = True
                due.append((lot, lot.refund))
        return due

    def pay_turns(self, due: list[tuple[Lot, Any]], granted: Any) -> bool:
        assert self.queue is not None
        name = self.queue.name
        need = self.total(due)
        have = self.pools[name] + granted
        short = bool(need > have + self.tiny)
        phi = have / need if short else self.one
        for lot, amount in due:
            self.refund(lot, amount * phi)
        from_pool = min(need * phi, self.pools[name])
        self.pools[name] -= from_pool
        self.account -= need * phi - from_pool
        return short

    # Commissions

    def pay_commissions(self) -> None:
        wanted, prizes = self.commissions()
        from_budget = min(wanted, self.distribution)
        self.distribution -= from_budget
        from_account = min(wanted - from_budget + prizes, max(self.account, self.zero))
        self.account -= from_account
        self.commissioned = from_budget + from_account

    def commissions(self) -> tuple[Any, Any]:
        """(commissions, prizes) of today's sales, yuan."""
        c, number = self.commission, self.number
        if c is None or not self.sales:
            return self.zero, self.zero
        earlier = self.before[self.tick]
        rate = number(c.merchant) + number(c.bonuses)
        if earlier:
            rate += number(c.direct)
            rate += number(c.indirect) * (earlier - self.first_orders) / earlier
        below = self.zero
        for sold, share in (
            (c.districts, c.district),
            (c.cities, c.city),
            (c.provinces, c.province),
        ):
            if sold:
                rate += number(share) - below
                below = number(share)
        return rate * self.sales, number(c.prizes) * self.sales

    # -- the end of the tick ---------------------------------------------------------------------

    def note_broken(self) -> None:
        owed = orders = self.zero
        for lot in self.lots:
            mine = lot.credit
            if lot.credit > self.tiny or lot.wallet >= self.minimum - self.tiny:
                mine += lot.wallet
            mine += lot.refund
            if mine > self.tiny:
                owed += mine * lot.weight
                orders += lot.weight
        self.out.broken = Broken(self.tick, owed, orders)

    def give_up(self) -> None:
        share = self.number(self.scheme.behaviour.sell_share)
        if share == 0:
            return
        for lot in self.lots:
            if self.alive(lot):
                gone = lot.weight * share
                lot.weight -= gone
                cohort = self.out.cohorts[lot.tick]
                cohort.lapsed += gone
                cohort.received += gone * lot.got
                if lot.got >= lot.price * (1 - self.dust):
                    cohort.even += gone

    def close(self, count: int) -> None:
        out = self.out
        live = [lot for lot in self.lots if self.alive(lot)]
        out.orders.append(count)
        out.sales.append(self.sales)
        out.paid_in.append(self.paid_in)
        out.paid_out.append(self.paid)
        out.fees.append(self.kept)
        for name, closing in self.pools.items():
            assert closing >= -self.tiny * 10**20, (name, closing)
            out.pools[name].append(closing)
        out.pool.append(sum(self.pools.values(), self.zero))
        out.holders.append(sum((lot.weight for lot in live), self.zero))
        for name in self.pools:
            waiting_for = [lot for lot in live if self.claims(lot, name)]
            count_of = sum((lot.weight for lot in waiting_for), self.zero)
            out.holders_of.setdefault(name, []).append(count_of)
        promised = self.zero
        for lot in live:
            quotas = sum(
                (left or self.zero for name, left in lot.quota.items() if self.earns(lot, name)),
                self.zero,
            )
            release = self.release is not None and self.claims(lot, self.release.name)
            owed = lot.credit + lot.wallet if release else self.zero
            promised += lot.weight * (quotas + owed + lot.refund)
        out.promised.append(promised)
        out.account.append(self.account)
        out.distribution.append(self.distribution)
        out.commissions.append(self.commissioned)
        out.fee_rate.append(self.fee)
        out.minimum.append(self.minimum)
        waiting = {lot.tick for lot in live}
        claimed = {
            lot.tick
            for lot in self.lots
            if any(lot.units.values()) or self.release is not None or lot.number
        }
        for tick, cohort in out.cohorts.items():
            if cohort.exit_tick is None and tick in claimed and tick not in waiting:
                cohort.exit_tick = self.tick

    def finish(self) -> Slow:
        for lot in self.lots:
            cohort = self.out.cohorts[lot.tick]
            cohort.received += lot.weight * lot.got
            if lot.got >= lot.price * (1 - self.dust):
                cohort.even += lot.weight
            if self.alive(lot):
                cohort.live += lot.weight
        return self.out


# -- a points pool and dividends that share a quota --------------------------------------------


@dataclass
class Share:
    """One order, or the part of it that has one rank; amounts are those of a whole order."""

    tick: int
    rank: int
    points: Any
    weight: Any
    units: Any
    left: Any  # of the quota; None: without end
    got: Any
    taken: bool = False  # the take-profit sellers are gone


@dataclass
class Shared:
    """What happened to both pools, one entry a tick in every list; money in yuan."""

    points_pool: list[Any] = field(default_factory=list)
    dividend_pool: list[Any] = field(default_factory=list)
    points: list[Any] = field(default_factory=list)
    price: list[Any] = field(default_factory=list)
    paid_out: list[Any] = field(default_factory=list)
    dividends: list[Any] = field(default_factory=list)
    fees: list[Any] = field(default_factory=list)
    holders: list[Any] = field(default_factory=list)
    cohorts: dict[int, Cohort] = field(default_factory=dict)
    waiting: list[Share] = field(default_factory=list)  # who still holds points, oldest first


def run_shared(scheme: Scheme, *, number: Number = decimal, watch: Watch | None = None) -> Shared:
    """Order by order: a points pool whose forced exit is also the quota of its dividends.

    In each tick the orders join one by one, the dividend is paid, then the points pool forces out
    whoever's points are worth what is left of the quota (oldest first, until nobody is due; with
    nothing left the points are taken back for nothing), then holders sell at one price. Of the
    order that crosses the units' cap a part has all its units and the rest none; an order beyond
    the cap on points has units only, one beyond both nothing. Old debt, outside money, points for
    goods, swaps and panic are left to the points pool's own oracle.
    """
    with localcontext(Context(prec=DIGITS)):
        return _run_shared(scheme, number, watch)


def _run_shared(scheme: Scheme, number: Number, watch: Watch | None) -> Shared:
    settings, behaviour = scheme.pool, scheme.behaviour
    divided = next(m for m in scheme.mechanisms if isinstance(m, DividendPool))
    assert divided.shared_quota == "points_pool"
    zero, one = number(0), number(1)
    tiny = zero if number is exact else Decimal(10) ** (-DIGITS // 2)
    spend = number(scheme.order.spend)
    into_pool = number(settings.share) * spend
    gifted = number(settings.gift) * into_pool
    fee = number(settings.fee)
    quota = None if settings.exit_multiple is None else number(settings.exit_multiple) * spend
    take = None if behaviour.take_profit is None else number(behaviour.take_profit) * spend
    units = spend / number(divided.spend_per_unit)
    parts = [one]
    if divided.rank_share > 0:
        reached = [one, *(number(share) for share in divided.rank_reached), zero]
        parts = [above - below for above, below in pairwise(reached)]
    pool, supply, price = zero, zero, number(settings.launch_price)
    points_issued, capped = zero, False
    pots = [zero] * 11  # the dividend's, and those of the ranks
    issued = zero
    kin, before = Kin(one), 0
    everybody: list[Share] = []
    given_nothing: set[int] = set()  # ticks with orders that got neither points nor units
    out = Shared()

    def live() -> list[Share]:
        return [mine for mine in everybody if mine.weight > 0]

    def reprice() -> None:
        nonlocal price, supply
        if not any(mine.weight > 0 and mine.points > 0 for mine in everybody):
            supply = zero
        if supply > 0 and pool > 0:
            price = pool / supply

    def credit(mine: Share, cash: Any) -> Any:
        if watch is not None:
            watch.pay("dividends", "dividend", tick, mine, mine.weight, cash)
        mine.got += cash
        if mine.left is not None:
            mine.left = zero if mine.left - cash <= tiny else mine.left - cash
        return cash * mine.weight

    def fill(members: list[Share], money: Any, claim: Callable[[Share], Any]) -> Any:
        """Pay equal parts, nobody beyond the quota; returns what is paid."""
        paid = zero
        while money - paid > tiny:
            earning = [mine for mine in members if mine.left is None or mine.left > 0]
            earning = [mine for mine in earning if mine.units > 0]
            claims = sum((claim(mine) * mine.weight for mine in earning), zero)
            if claims <= 0:
                break
            part = (money - paid) / claims
            full = [
                mine
                for mine in earning
                if mine.left is not None and mine.left <= part * claim(mine) + tiny
            ]
            for mine in full or earning:
                paid += credit(mine, mine.left if full else part * claim(mine))
            if not full:
                break
        return paid

    for tick, count in enumerate(volumes(scheme), start=1):
        gross = dividends = zero
        gains = [
            (
                mine,
                number(divided.referral_rate)
                * kin.brought(
                    mine.tick,
                    generations=number(divided.referral_generations),
                    units=one,
                    before=before,
                ),
            )
            for mine in live()
            if mine.units > 0 and divided.referral_rate > 0
        ]
        brings = sum((gain * mine.weight for mine, gain in gains), zero)
        kin.join(tick, count, before)
        before += count
        fresh = zero
        for _ in range(count):
            points = gifted / price
            if settings.issue_cap is not None and (
                capped or points_issued + points > number(settings.issue_cap)
            ):
                capped, points = True, zero
            has = one
            if divided.issue_cap is not None:
                room = number(divided.issue_cap) - issued - fresh * (1 + brings)
                has = min(max(room, zero) / (units * (1 + brings)), one)
                has = zero if has <= tiny else has
            fresh += has * units
            each = [(rank, has * part, units) for rank, part in enumerate(parts)]
            for rank, part, mine_of in (*each, (0, one - has, zero)):
                if part > 0:
                    everybody.append(Share(tick, rank, points, part, mine_of, quota, zero))
                    mine = everybody[-1]
                    if watch is not None:
                        watch.pay_in("pool", tick, mine, into_pool)
                        taken = number(divided.share) + number(divided.rank_share)
                        watch.pay_in("dividends", tick, mine, taken * spend)
                    if points == 0 and mine_of == 0:
                        mine.weight = zero
                        given_nothing.add(tick)
            supply += points
            points_issued += points
            pool += into_pool
            reprice()
        for mine, gain in gains:
            mine.units += gain * fresh
        issued += fresh * (1 + brings)
        if count:
            out.cohorts[tick] = Cohort(buyers=count, spent=spend * count)
        pots[0] += number(divided.share) * spend * count
        for rank in range(1, 11):
            pots[rank] += number(divided.rank_share) / 10 * spend * count
        if tick % divided.interval == 0:
            if divided.divided_over == "all":
                part = pots[0] / issued if issued > 0 else zero
                for mine in live():
                    cash = part * mine.units
                    cash = cash if mine.left is None else min(cash, mine.left)
                    paid = credit(mine, cash)
                    pots[0] -= paid
                    dividends += paid
            else:
                paid = fill(live(), pots[0], lambda mine: mine.units)
                pots[0] -= paid
                dividends += paid
            for rank in range(1, 11):
                members = [mine for mine in live() if mine.rank >= rank]
                paid = fill(members, pots[rank], lambda _: one)
                pots[rank] -= paid
                dividends += paid
        found = quota is not None
        while found:
            found = False
            for mine in live():
                if mine.points * price >= mine.left * (1 - tiny):
                    cash = mine.left * (1 - fee)
                    if watch is not None:
                        watch.pay("pool", "forced", tick, mine, mine.weight, mine.left)
                    pool -= mine.weight * cash
                    gross += mine.weight * mine.left
                    supply -= mine.weight * mine.points
                    mine.got += cash
                    leave(out, mine, mine.weight, spend)
                    mine.weight = zero
                    reprice()
                    found = True
        sale_price, sold_points = price, zero
        for mine in live():
            seller = zero
            if take is not None and not mine.taken and mine.points * price >= take * (1 - tiny):
                mine.taken = True
                seller = mine.weight * number(behaviour.take_profit_share)
            seller += (mine.weight - seller) * number(behaviour.sell_share)
            if seller > 0:
                if watch is not None:
                    watch.pay("pool", "sale", tick, mine, seller, mine.points * sale_price)
                gone = copy(mine)
                gone.got += mine.points * sale_price * (1 - fee)
                leave(out, gone, seller, spend)
                mine.weight -= seller
                sold_points += seller * mine.points
        if sold_points > 0:
            pool -= sold_points * sale_price * (1 - fee)
            supply -= sold_points
            gross += sold_points * sale_price
            reprice()
        out.points_pool.append(pool)
        out.dividend_pool.append(sum(pots, zero))
        out.points.append(supply)
        out.price.append(price)
        out.dividends.append(dividends)
        out.paid_out.append(gross * (1 - fee) + dividends)
        out.fees.append(gross * fee)
        out.holders.append(sum((mine.weight for mine in live() if mine.points > 0), zero))
        waiting = {mine.tick for mine in live()} | given_nothing
        for entry, cohort in out.cohorts.items():
            if cohort.exit_tick is None and entry not in waiting:
                cohort.exit_tick = tick
    out.waiting = [mine for mine in live() if mine.points > 0]
    for mine in live():
        cohort = out.cohorts[mine.tick]
        cohort.live += mine.weight
        leave(out, mine, mine.weight, spend)
    return out


def leave(out: Shared, mine: Share, weight: Any, spend: Any) -> None:
    """Count ``weight`` orders with what each of them got."""
    cohort = out.cohorts[mine.tick]
    cohort.received += weight * mine.got
    if mine.got * (10**9 + 1) >= spend * 10**9:
        cohort.even += weight
