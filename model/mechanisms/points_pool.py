"""Appreciating points: part of every order goes into a pool, price = pool / points in circulation.

The settings are :class:`PointsPool`; :class:`PointsPoolEngine` runs them, one exact evaluation a
tick whatever the number of orders (docs/model.md).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from math import exp, expm1, inf, log
from typing import Literal

from pydantic import Field, field_validator

from model.behaviour import PANIC_WINDOW, Behaviour
from model.fields import Frozen, param
from model.loggamma import log_rising

#: A supply this small beside the tick's opening supply is checked against what people hold.
_NOBODY = 1e-9
#: A price beyond this has left the range of sensible numbers: the run stands still from there on.
PRICE_LIMIT = 1e150
#: A rise of the price by this factor starts a new era (see :class:`_Era`).
_LONG_RISE = 1e8
#: Survivors are kept as one running product; below this the remaining holders count as gone.
_ALL_SOLD = 1e-100


class PointsPool(Frozen):
    """One points pool: what flows in, what is credited and what a seller is paid."""

    kind: Literal["points_pool"] = "points_pool"
    name: str = Field(default="points_pool", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.16,
        unit="share",
        gt=0,
        le=1,
        step=0.01,
        slider=(0.01, 0.6),
        unsure=(0.05, 0.5),
        label="Share of the price that goes into the pool",
        help="Of every order, this part of the price is paid into the common pool.",
    )
    gift: float = param(
        0.7,
        unit="share",
        gt=0,
        le=1,
        step=0.01,
        slider=(0.05, 1.0),
        unsure=(0.5, 1.0),
        label="Part of that credited as points",
        help="The buyer is credited points worth this part of what the order put into the pool.",
    )
    fee: float = param(
        0.2,
        unit="share",
        ge=0,
        lt=1,
        step=0.01,
        slider=(0.0, 0.5),
        unsure=(0.0, 0.3),
        label="Fee on selling points",
        help="This part of the value of points sold is kept back and stays in the pool.",
    )
    launch_price: float = param(
        1.0,
        unit="yuan",
        gt=0,
        le=1e6,
        step=0.1,
        label="Price of a point at launch",
        help="What one point costs before the first order.",
    )
    exit_multiple: float | None = param(
        None,
        unit="multiple",
        ge=0.1,
        le=100,
        step=0.1,
        slider=(0.5, 5.0),
        unsure=(1.0, 3.0),
        label="Forced exit at",
        help="Points that have become worth this many times the order are sold by force. "
        "None: never.",
    )
    issue_cap: float | None = param(
        None,
        unit="points",
        gt=0,
        le=1e15,
        step=1,
        label="Most points ever issued",
        help="Once this many points have been issued, orders still pay into the pool "
        "and are credited nothing.",
    )
    outside: tuple[tuple[int, float], ...] = param(
        (),
        unit="list",
        label="Outside money",
        help="Pairs of day and yuan: money from a financing round that is paid into the pool.",
    )
    debt: float = param(
        0.0,
        unit="yuan",
        ge=0,
        le=1e13,
        step=1,
        label="Old debt turned into points",
        help="What the platform owes old members and pays in points that no money stands behind.",
    )
    debt_tick: int = param(
        1,
        unit="ticks",
        ge=1,
        le=10_000,
        step=1,
        label="Day of the first batch",
        help="The old debt is turned into points from this day on, before the day's orders.",
    )
    debt_batches: int = param(
        1,
        unit="ticks",
        ge=1,
        le=60,
        step=1,
        label="Number of batches",
        help="The old debt is released in this many equal batches.",
    )
    debt_interval: int = param(
        30,
        unit="ticks",
        ge=1,
        le=1000,
        step=1,
        label="Days between batches",
        help="Time from one batch of the old debt to the next.",
    )
    redeem_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=0.5,
        step=0.001,
        slider=(0.0, 0.05),
        label="Holders who pay for goods with points each day",
        help="Their points are destroyed and the pool pays nothing.",
    )
    swap_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=0.5,
        step=0.001,
        slider=(0.0, 0.05),
        label="Holders who swap into constant points each day",
        help="Their points go to the platform, which keeps them in circulation; "
        "they receive constant points of the same value, which pay merchants.",
    )
    swap_back_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.5),
        label="Constant points swapped back each day",
        help="Merchants swap this part of the constant points back into points of equal value.",
    )

    @field_validator("outside")
    @classmethod
    def _dated_amounts(cls, value: tuple[tuple[int, float], ...]) -> tuple[tuple[int, float], ...]:
        if len(value) > 1000:
            raise ValueError("at most 1000 payments")
        for tick, amount in value:
            if not 1 <= tick <= 10_000 or not 0 <= amount <= 1e13:
                raise ValueError("each payment is a day from 1 to 10000 and 0 to 1e13 yuan")
        return value


class _Pointer:
    """A place in the line of orders: everybody before it has passed some price.

    ``order`` and ``points`` count from the first order; the weighted twins count every order with
    1 / (survivors when it joined), so that times today's survivors they give what is left of it.
    """

    __slots__ = (
        "block",
        "end",
        "end_points",
        "end_weighted_orders",
        "end_weighted_points",
        "entry",
        "inside",
        "order",
        "path",
        "points",
        "weighted_orders",
        "weighted_points",
    )

    def __init__(self) -> None:
        self.block = 0
        self.inside = 0
        self.end = -1  # block after the last one of this era, -1 while the era is open
        self.end_points = self.end_weighted_orders = self.end_weighted_points = 0.0
        self.entry = inf  # price at which the order pointed at joined
        self.order = 0.0
        self.points = 0.0
        self.weighted_orders = 0.0
        self.weighted_points = 0.0
        self.path: list[tuple[int, float, float]] = []  # (tick, order, points) after each move


class _Era:
    """A stretch of orders with rising entry prices; unpaid points end one by lowering the price.

    The sums of points start afresh with each, so that what little is issued at a high price is not
    lost beside what was issued at a low one; a very long rise is cut into eras for that alone.
    """

    __slots__ = ("even", "forced", "taker")

    def __init__(self) -> None:
        self.forced = _Pointer()
        self.taker = _Pointer()
        self.even = _Pointer()

    def pointers(self) -> tuple[_Pointer, _Pointer, _Pointer]:
        return self.forced, self.taker, self.even


class PointsPoolEngine:
    """Runs a :class:`PointsPool` tick by tick; call :meth:`join`, then :meth:`settle`.

    Orders of one tick form a block: the k-th order of a block that began with A contributions in
    the pool and S points in circulation joined at the price c (A + k) / (S exp(phi(A+k) - phi(A))).
    Forced exits are paid exactly ``exit_multiple x spend`` before the fee, oldest first, until
    nobody is due at the price that results. Voluntary sales of a tick happen together at one price.
    """

    def __init__(self, settings: PointsPool, *, spend: float, behaviour: Behaviour) -> None:
        self.settings = settings
        self.spend = spend
        self.behaviour = behaviour
        self.contribution = settings.share * spend
        self._credit = settings.gift * self.contribution
        self._phi = log_rising(settings.gift)
        self._tick = 0
        self._outside: dict[int, float] = {}
        for tick, amount in settings.outside:
            self._outside[tick] = self._outside.get(tick, 0.0) + amount
        self._debt_ticks: frozenset[int] = frozenset()
        if settings.debt > 0:
            self._debt_ticks = frozenset(
                settings.debt_tick + k * settings.debt_interval
                for k in range(settings.debt_batches)
            )
        self._lots: list[tuple[float, float, float]] = []  # points, price waited for, yuan owed
        self._uniform = settings.redeem_share > 0 or settings.swap_share > 0
        self._volunteers = behaviour.sells or self._uniform
        multiple = settings.exit_multiple
        #: An order is forced out when price >= entry price x this factor.
        self._exit_factor = (
            multiple / (settings.share * settings.gift) if multiple is not None else inf
        )
        take = behaviour.take_profit
        self._take_factor = take / (settings.share * settings.gift) if take is not None else inf
        self._take_share = behaviour.take_profit_share if take is not None else 0.0
        #: An order is even when selling pays back the whole price after the fee.
        self._even_factor = 1.0 / (settings.share * settings.gift * (1.0 - settings.fee))

        self.pool = 0.0
        self.supply = 0.0
        self.price = settings.launch_price
        self.issued = 0.0
        self._full_supply = 0.0  # the largest supply since the last recount
        self.halted_at: int | None = None
        self._survivors = 1.0
        self._holders = 0.0
        self._constant = 0.0  # constant points outstanding, yuan
        self.treasury = 0.0  # points the platform took in swaps
        self.merchant_points = 0.0

        # one entry a block
        self.block_tick = array("q")
        self.block_n = array("q")
        self.block_first = array("d")  # entry price of the first order
        self.block_last = array("d")  # entry price of the last order
        self._block_a = array("d")
        self._block_phi = array("d")
        self._block_supply = array("d")
        self.block_survivors = array("d")
        # cumulative, one entry more than blocks
        self.cum_orders = array("d", [0.0])
        self.cum_points = array("d", [0.0])
        self._cum_weighted_orders = array("d", [0.0])
        self._cum_weighted_points = array("d", [0.0])
        self.eras = [_Era()]
        self._era_limit = settings.launch_price * _LONG_RISE

        # one entry a tick
        self.joined = array("d")
        self.credited = array("d")
        self.pool_close = array("d")
        self.supply_close = array("d")
        self.price_close = array("d")
        self.forced = array("d")  # orders
        self.holders = array("d")  # orders with points at the end of the tick
        # one entry a tick on which it happened
        self.outside_paid: list[tuple[int, float]] = []
        self.debt_paid: list[tuple[int, float]] = []
        # one entry a tick, only when somebody may leave of their own accord
        self.sale_gross = array("d")
        self.sale_price = array("d")
        self.sold_share = array("d")
        self.sold_orders = array("d")
        self.survivors_open = array("d")
        self.flushed = array("b")
        self.redeemed = array("d")
        self.swapped = array("d")
        self.redeem_price = array("d")
        self.swap_price = array("d")
        self.constant_points = array("d")

    @property
    def survivors(self) -> float:
        """Today's running product of survivors."""
        return self._survivors

    @property
    def debt_points(self) -> float:
        """Points issued against old debt and not yet sold."""
        return sum(points for points, _, _ in self._lots)

    # -- joining -----------------------------------------------------------------------------

    def join(self, n: int) -> None:
        """Let ``n`` orders in, after the tick's batch of old debt and before outside money."""
        self._tick += 1
        if self.price > PRICE_LIMIT and self.halted_at is None:
            self._halt()
        if self.halted_at is not None:
            n = 0
        if self.price > self._era_limit:
            self._new_era()
        if self._tick in self._debt_ticks:
            self._issue_debt()
        credited = n
        if n:
            cap = self.settings.issue_cap
            if cap is not None:
                credited = self._within_cap(n, cap - self.issued)
            left = credited
            while left and (self.pool <= 0.0 or self.supply <= 0.0):
                self._single(self.price)
                left -= 1
            if left == 1:
                self._single(self.pool / self.supply)
            elif left:
                self._block(left)
            self.pool += (n - credited) * self.contribution
        self.joined.append(n)
        self.credited.append(credited)
        amount = self._outside.get(self._tick)
        if amount:
            self.pool += amount
            self.outside_paid.append((self._tick, amount))
        if self.supply > 0.0 and self.pool > 0.0:
            self.price = self.pool / self.supply

    def _halt(self) -> None:
        """Let nothing more happen: no orders, no payments, no exits."""
        self.halted_at = self._tick
        self._outside, self._debt_ticks, self._lots = {}, frozenset(), []
        self._exit_factor = inf
        self._volunteers = False

    def _single(self, entry: float) -> None:
        points = self._credit / entry
        self.supply += points
        self.pool += self.contribution
        self._append(1, entry, entry, points, 0.0, 0.0, 0.0)

    def _block(self, n: int) -> None:
        a = self.pool / self.contribution
        phi_a = self._phi(a)
        supply = self.supply
        points = supply * expm1(self._phi(a + n) - phi_a)
        entry = self.pool / supply
        self.supply = supply + points
        self.pool += n * self.contribution
        last = self.contribution * (a + n - 1 + self.settings.gift) / self.supply
        self._append(n, entry, last, points, a, phi_a, supply)

    def _append(
        self, n: int, first: float, last: float, points: float, a: float, phi_a: float, supply: float
    ) -> None:
        index = len(self.block_n)
        self.block_tick.append(self._tick)
        self.block_n.append(n)
        self.block_first.append(first)
        self.block_last.append(last)
        self._block_a.append(a)
        self._block_phi.append(phi_a)
        self._block_supply.append(supply)
        survivors = self._survivors
        self.block_survivors.append(survivors)
        self.cum_orders.append(self.cum_orders[-1] + n)
        self.cum_points.append(self.cum_points[-1] + points)
        self._cum_weighted_orders.append(self._cum_weighted_orders[-1] + n / survivors)
        self._cum_weighted_points.append(self._cum_weighted_points[-1] + points / survivors)
        self.issued += points
        era = self.eras[-1]
        for pointer in (era.forced, era.taker, era.even):
            if pointer.block == index:
                pointer.entry = first

    def _within_cap(self, n: int, room: float) -> int:
        """How many of ``n`` orders can still be credited in full with ``room`` points left."""
        if self.pool <= 0.0 or self.supply <= 0.0:
            first = self._credit / self.price
            if first > room:
                return 0
            if n == 1:
                return 1
            # The rest follows the closed form from the state after the first order.
            a, supply, room, done = self.pool / self.contribution + 1, self.supply + first, room - first, 1
        else:
            a, supply, done = self.pool / self.contribution, self.supply, 0
        phi_a = self._phi(a)
        fits = bisect_right(
            range(n - done + 1),
            room,
            lo=1,
            key=lambda k: supply * expm1(self._phi(a + k) - phi_a) if k else 0.0,
        )
        return done + fits - 1

    def _issue_debt(self) -> None:
        """Old members get points worth their batch at today's price; no money comes in."""
        owed = self.settings.debt / self.settings.debt_batches
        points = owed / self.price
        self._lots.append((points, self.price, owed))
        self.supply += points
        self.issued += points
        if self.pool > 0.0:
            self.price = self.pool / self.supply
        if len(self.block_n):
            self._new_era()

    def _new_era(self) -> None:
        blocks = len(self.block_n)
        for pointer in self.eras[-1].pointers():
            pointer.end = blocks
            pointer.end_points = self.cum_points[-1]
            pointer.end_weighted_orders = self._cum_weighted_orders[-1]
            pointer.end_weighted_points = self._cum_weighted_points[-1]
            if pointer.block == blocks:
                self._place(pointer, blocks, 0, blocks)
        self.cum_points[-1] = 0.0
        self._cum_weighted_orders[-1] = 0.0
        self._cum_weighted_points[-1] = 0.0
        era = _Era()
        for pointer in era.pointers():
            self._place(pointer, blocks, 0, blocks)
        self.eras.append(era)
        self._era_limit = self.price * _LONG_RISE

    # -- the line ----------------------------------------------------------------------------

    def _issued_inside(self, block: int, k: int) -> float:
        """Points issued to the first ``k`` orders of a block."""
        a = self._block_a[block]
        return self._block_supply[block] * expm1(self._phi(a + k) - self._block_phi[block])

    def _entry(self, block: int, k: int) -> float:
        """Price at which the order with ``k`` before it in its block joined."""
        if k == 0:
            return self.block_first[block]
        a = self._block_a[block] + k
        growth = exp(self._phi(a) - self._block_phi[block])
        return self.contribution * a / (self._block_supply[block] * growth)

    def _first_above(self, block: int, start: int, price: float) -> int:
        """First order of a block, from ``start`` on, that joined at more than ``price``.

        ln(a) - phi(a) rises almost like (1 - gift) ln(a), so Newton's method in ln(a) is there in a
        step or two; the last order or so is settled on the entry prices themselves.
        """
        low, high = start, self.block_n[block] - 1  # entry(low) <= price < entry(high)
        slope = max(1.0 - self.settings.gift, 1e-9)
        a0 = self._block_a[block]
        target = log(price * self._block_supply[block] / self.contribution) - self._block_phi[block]
        guess = exp(min(target / slope, 60.0)) - a0
        while high - low > 1:
            if not low < guess < high:
                guess = 0.5 * (low + high)
            a = a0 + guess
            step = (target - log(a) + self._phi(a)) / slope
            k = min(max(int(a * exp(max(min(step, 30.0), -30.0)) - a0), low + 1), high - 1)
            guess = 0.5 * (low + high)
            if self._entry(block, k) <= price:
                low = k
                if k + 1 < high and self._entry(block, k + 1) > price:
                    high = k + 1
            else:
                high = k
                if k - 1 > low and self._entry(block, k - 1) <= price:
                    low = k - 1
        return high

    def _place(self, pointer: _Pointer, block: int, inside: int, blocks: int) -> None:
        pointer.block, pointer.inside = block, inside
        pointer.order = self.cum_orders[block]
        if block == pointer.end:
            pointer.points = pointer.end_points
            pointer.weighted_orders = pointer.end_weighted_orders
            pointer.weighted_points = pointer.end_weighted_points
            pointer.entry = inf
            return
        pointer.points = self.cum_points[block]
        pointer.weighted_orders = self._cum_weighted_orders[block]
        pointer.weighted_points = self._cum_weighted_points[block]
        if inside:
            points = self._issued_inside(block, inside)
            survivors = self.block_survivors[block]
            pointer.order += inside
            pointer.points += points
            pointer.weighted_orders += inside / survivors
            pointer.weighted_points += points / survivors
        end = pointer.end if pointer.end >= 0 else blocks
        pointer.entry = self._entry(block, inside) if block < end else inf

    def _advance(self, pointer: _Pointer, price: float) -> None:
        """Move past every order that joined at ``price`` or less, oldest first."""
        blocks = len(self.block_n)
        end = pointer.end if pointer.end >= 0 else blocks
        block, inside = pointer.block, pointer.inside
        last = self.block_last
        while block < end:
            if last[block] > price:
                if self.block_n[block] > 1 and self._entry(block, inside) <= price:
                    inside = self._first_above(block, inside, price)
                break
            block += 1
            inside = 0
        self._place(pointer, block, inside, blocks)
        pointer.path.append((self._tick, pointer.order, pointer.points))

    def _reprice(self) -> None:
        if self.supply <= _NOBODY * self._full_supply:
            self.supply = 0.0  # nobody holds points: the last price stays the quote
        elif self.pool > 0.0:
            self.price = self.pool / self.supply

    def _recount(self) -> None:
        """Add the holdings up afresh when the supply has shrunk: subtracting keeps old rounding."""
        self.supply = (
            self._holding() + self.treasury + self.merchant_points + self.debt_points
        )
        self._full_supply = self.supply
        if self.supply > 0.0 and self.pool > 0.0:
            self.price = self.pool / self.supply

    # -- leaving -----------------------------------------------------------------------------

    def settle(self) -> None:
        """Forced exits until nobody is due, then those who leave of their own accord."""
        forced = self._force_out() if self._exit_factor < inf else 0.0
        if self._lots:
            self._pay_old_debt()
        self._holders += self.credited[-1] - forced
        if self._volunteers:
            self._let_go()
        if self.supply > self._full_supply:
            self._full_supply = self.supply
        elif self.supply < 0.5 * self._full_supply:
            self._recount()
        self.forced.append(forced)
        self.holders.append(self._holders)
        self.pool_close.append(self.pool)
        self.supply_close.append(self.supply)
        self.price_close.append(self.price)

    def finish(self) -> None:
        """After the last tick, note who could now sell and have the whole price back."""
        self._tick += 1
        for era in self.eras:
            due = self.price / self._even_factor
            if era.even.entry <= due:
                self._advance(era.even, due)

    def _force_out(self) -> float:
        """Pay everybody who is due, oldest first; returns the number of orders paid.

        Each payment is the fixed quota and each leaves the price higher, so moving past everybody
        due at today's price and asking again ends exactly where paying one by one would.
        """
        quota = (self.settings.exit_multiple or 0.0) * self.spend
        net = quota * (1.0 - self.settings.fee)
        total = 0.0
        moved = True
        while moved:
            moved = False
            for era in self.eras:
                due = self.price / self._exit_factor
                pointer = era.forced
                if pointer.entry > due or self.supply <= 0.0:
                    continue
                before_orders = pointer.weighted_orders
                before_points = pointer.weighted_points
                self._advance(pointer, due)
                orders = pointer.weighted_orders - before_orders
                points = pointer.weighted_points - before_points
                if self._take_share:
                    # Those between the two pointers have lost their take-profit sellers already.
                    taker = era.taker
                    ahead = min(taker.weighted_orders, pointer.weighted_orders) - before_orders
                    if ahead > 0.0:
                        orders -= self._take_share * ahead
                        ahead = min(taker.weighted_points, pointer.weighted_points) - before_points
                        points -= self._take_share * ahead
                orders *= self._survivors
                self.pool -= orders * net
                self.supply -= self._survivors * points
                self._reprice()
                total += orders
                moved = True
        return total

    def _pay_old_debt(self) -> None:
        """A batch of old debt is sold once its points are worth what was owed."""
        waiting = []
        for points, price, owed in self._lots:
            # The tolerance keeps a price that has come back exactly from missing by rounding.
            if self.price >= price * (1.0 - 1e-12) and self.supply > 0.0 and self.pool > owed:
                self.pool -= owed * (1.0 - self.settings.fee)
                self.supply -= points
                self.debt_paid.append((self._tick, owed))
                self._reprice()
            else:
                waiting.append((points, price, owed))
        self._lots = waiting

    def _holding(self) -> float:
        """Points that buyers hold."""
        points = 0.0
        for era in self.eras:
            forced = era.forced.weighted_points
            closed = era.forced.end >= 0
            points += era.forced.end_weighted_points if closed else self._cum_weighted_points[-1]
            points -= forced
            if self._take_share:
                points -= self._take_share * max(era.taker.weighted_points - forced, 0.0)
        return max(self._survivors * points, 0.0)

    def _live_orders(self) -> float:
        orders = 0.0
        for era in self.eras:
            forced = era.forced.weighted_orders
            closed = era.forced.end >= 0
            orders += era.forced.end_weighted_orders if closed else self._cum_weighted_orders[-1]
            orders -= forced
            if self._take_share:
                orders -= self._take_share * max(era.taker.weighted_orders - forced, 0.0)
        return max(self._survivors * orders, 0.0)

    def _sellers(self) -> float:
        """The share of holders who give up or panic this tick."""
        behaviour = self.behaviour
        keep = 1.0 - behaviour.sell_share
        closes = self.price_close
        if behaviour.panic_growth is not None and len(closes) >= PANIC_WINDOW:
            if self.price / closes[-PANIC_WINDOW] - 1.0 < behaviour.panic_growth:
                keep *= 1.0 - behaviour.panic_share
        return 1.0 - keep

    def _let_go(self) -> None:
        """Take-profit, giving up and panic at one price; then goods for points; then swaps."""
        settings = self.settings
        price = self.price
        taken_orders = taken_points = 0.0
        for era in self.eras:
            if self._take_share:
                taker, forced = era.taker, era.forced
                if taker.order < forced.order:
                    self._place(taker, forced.block, forced.inside, len(self.block_n))
                    taker.path.append((self._tick, taker.order, taker.points))
                due = price / self._take_factor
                if taker.entry <= due:
                    orders, points = taker.weighted_orders, taker.weighted_points
                    self._advance(taker, due)
                    taken_orders += taker.weighted_orders - orders
                    taken_points += taker.weighted_points - points
            if era.even.entry <= price / self._even_factor:
                self._advance(era.even, price / self._even_factor)
        scale = self._take_share * self._survivors
        share = self._sellers()
        sold_orders = scale * taken_orders
        sold_points = scale * taken_points
        if share > 0.0:
            sold_orders += share * self._live_orders()
            sold_points += share * self._holding()
        gross = min(sold_points * price, self.pool)
        self.survivors_open.append(self._survivors)
        self.sale_gross.append(gross)
        self.sale_price.append(price)
        self.sold_share.append(share)
        self.sold_orders.append(sold_orders)
        self._holders -= sold_orders
        if sold_points > 0.0:
            self.pool -= gross * (1.0 - settings.fee)
            self.supply -= sold_points
            self._reprice()
        keep = 1.0 - share
        if self._uniform:
            keep = self._use_points(keep)
        self._survivors *= keep
        flush = self._survivors < _ALL_SOLD
        self.flushed.append(flush)
        if flush:
            # What is left of the holders is below rounding: start a line of new holders.
            self._new_era()
            for pointer in (p for era in self.eras[:-1] for p in era.pointers()):
                self._place(pointer, pointer.end, 0, len(self.block_n))
            self._survivors = 1.0
            self._holders = 0.0

    def _use_points(self, keep: float) -> float:
        """Points spent on goods, then points swapped into constant points, then swapped back."""
        settings = self.settings
        redeemed = keep * settings.redeem_share * self._holding()
        self._holders -= keep * settings.redeem_share * self._live_orders()
        self.redeem_price.append(self.price)
        self.redeemed.append(redeemed * self.price)
        self.supply -= redeemed
        self._reprice()
        keep *= 1.0 - settings.redeem_share
        swapped = keep * settings.swap_share * self._holding()
        self._holders -= keep * settings.swap_share * self._live_orders()
        value = swapped * self.price
        self.swap_price.append(self.price)
        self.swapped.append(value)
        self._constant += value
        self.treasury += swapped
        back = settings.swap_back_share * self._constant
        if back > 0.0:
            points = min(back / self.price, self.treasury)
            self._constant -= points * self.price
            self.treasury -= points
            self.merchant_points += points
        self.constant_points.append(self._constant)
        return keep * (1.0 - settings.swap_share)
