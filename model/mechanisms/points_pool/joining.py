"""Orders that pay into a points pool: what they are credited, and who has reached a price."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from math import exp, expm1, inf, log

import numpy as np
import numpy.typing as npt

from model.behaviour import Behaviour
from model.loggamma import log_growth, log_growths, log_rising
from model.mechanisms.points_pool.eras import Era, Pointer
from model.mechanisms.points_pool.settings import PointsPool

#: A price beyond this has left the range of sensible numbers: the run stands still from there on.
PRICE_LIMIT = 1e150
#: A rise of the price by this factor starts a new era (see :class:`Era`).
_LONG_RISE = 1e4
#: So does a fall of its survivors to this share.
_LONG_SALE = 1e-30
#: A value this close to what is asked for has reached it: rounding must not decide who is paid.
REACHED = 1.0 - 1e-10


class PointsJoining:
    """The orders of a :class:`PointsPool`, tick by tick, whatever their number.

    Orders of one tick form a block: the k-th order of a block that began with A contributions in
    the pool and S points in circulation joined at the price c (A + k) / (S exp(phi(A+k) - phi(A))).
    """

    def __init__(self, settings: PointsPool, *, spend: float, behaviour: Behaviour) -> None:
        self.settings = settings
        self.spend = spend
        self.behaviour = behaviour
        self.contribution = settings.share * spend
        self._credit = settings.gift * self.contribution
        self._fit(settings.gift)
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
        multiple, take = settings.exit_multiple, behaviour.take_profit
        reached = REACHED / (settings.share * settings.gift)
        #: An order is forced out when price >= entry price x this factor.
        self._exit_factor = multiple * reached if multiple is not None else inf
        self._take_factor = take * reached if take is not None else inf
        self._take_share = behaviour.take_profit_share if take is not None else 0.0
        #: An order is even when selling pays back the whole price after the fee.
        self._even_factor = reached / (1.0 - settings.fee)

        self.pool = 0.0
        self.supply = 0.0
        self.price = settings.launch_price
        self.issued = 0.0
        self._capped = False
        self._full_supply = 0.0  # the largest supply since the last recount
        self.halted_at: int | None = None
        self._holders = 0.0
        self._constant = 0.0  # constant points outstanding, yuan
        self.treasury = 0.0  # points the platform took in swaps
        self.merchant_points = 0.0

        # one entry a block
        self.block_tick = array("q")
        self.block_n = array("q")
        self.block_first = array("d")  # entry price of the first order
        self.block_last = array("d")  # entry price of the last order
        self.block_points = array("d")
        self.block_survivors = array("d")  # of its era when it joined
        self._block_a = array("d")
        self._block_supply = array("d")
        # cumulative, one entry more than blocks; the weighted ones within an era
        self.cum_orders = array("d", [0.0])
        self._cum_weighted_orders = array("d", [0.0])
        self._cum_weighted_points = array("d", [0.0])
        self.eras = [Era(start=0, first_tick=1)]
        self._live = list(self.eras)  # those that somebody may still be in, the open one last
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
        self.keep = array("d")  # the share of holders who stay, take-profit sellers apart
        self.redeem_price = array("d")
        self.swap_price = array("d")
        self.constant_points = array("d")

    def _fit(self, gift: float) -> None:
        self._phi = log_rising(gift)
        self._growth = log_growth(gift)

    def __getstate__(self) -> dict[str, object]:
        """All but functions, which cannot be sent to another process."""
        return {k: v for k, v in self.__dict__.items() if k not in {"_phi", "_growth"}}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._fit(self.settings.gift)

    @property
    def debt_points(self) -> float:
        """Points issued against old debt and not yet sold."""
        return sum(points for points, _, _ in self._lots)

    @property
    def block_state(self) -> tuple[array[float], array[float]]:
        """Contributions in the pool, and points in circulation, when each block began."""
        return self._block_a, self._block_supply

    # -- joining -----------------------------------------------------------------------------

    def join(self, n: int) -> None:
        """Let ``n`` orders in, after the tick's batch of old debt and before outside money."""
        self._tick += 1
        if self.price > PRICE_LIMIT and self.halted_at is None:
            self.halt()
        if self.halted_at is not None:
            n = 0
        if self.price > self._era_limit or self.eras[-1].survivors < _LONG_SALE:
            self._new_era()
        if self._tick in self._debt_ticks:
            self._issue_debt()
        credited = n
        if n:
            if self.supply <= 0.0:
                self._restart()
            if self.settings.issue_cap is not None:
                credited = self._within_cap(n)
            self._admit(credited)
            self.pool += (n - credited) * self.contribution
        self.joined.append(n)
        self.credited.append(credited)
        # Before anybody leaves: dividends may take points back ahead of settle.
        self._full_supply = max(self._full_supply, self.supply)
        amount = self._outside.get(self._tick)
        if amount:
            self.pool += amount
            self.outside_paid.append((self._tick, amount))
        if self.supply > 0.0 and self.pool > 0.0:
            self.price = self.pool / self.supply

    @property
    def undisturbed(self) -> bool:
        """Whether nothing but orders can happen in this run."""
        return not (
            self._exit_factor < inf
            or self._volunteers
            or self._debt_ticks
            or self._lots
            or self._outside
            or self.settings.issue_cap is not None
            or self.halted_at is not None
        )

    def glide(self, orders: npt.NDArray[np.int64]) -> int:
        """Many ticks in which nothing but orders happens, at once; returns how many were done.

        Ends early where the price begins a new era; does exactly what :meth:`join` and
        :meth:`settle` would.
        """
        if self.pool <= 0.0 or self.supply <= 0.0 or not len(orders):
            return 0
        n = orders.astype(float)
        placed = np.cumsum(n)
        a = self.pool / self.contribution + placed - n
        growth = log_growths(self.settings.gift, a, n)
        supply = self.supply * np.exp(np.cumsum(growth))
        pool = self.pool + self.contribution * placed
        price = pool / supply
        entry = np.concatenate(([self.price], price[:-1]))
        done = int(np.argmax(entry > self._era_limit)) if entry.max() > self._era_limit else len(n)
        if done == 0:
            return 0
        before = np.concatenate(([self.supply], supply[:-1]))
        points = before * np.expm1(growth)
        era = self.eras[-1]
        index = len(self.block_n)
        some = np.flatnonzero(n[:done])
        last = self.contribution * (a + n - 1 + self.settings.gift) / supply
        ticks = self._tick + 1 + some
        for column, values in (
            (self.block_tick, ticks.astype(np.int64)),
            (self.block_n, orders[some].astype(np.int64)),
            (self.block_first, entry[some]),
            (self.block_last, last[some]),
            (self.block_points, points[some]),
            (self.block_survivors, np.full(len(some), era.survivors)),
            (self._block_a, a[some]),
            (self._block_supply, before[some]),
            (self.cum_orders, self.cum_orders[-1] + placed[some]),
            (
                self._cum_weighted_orders,
                self._cum_weighted_orders[-1] + placed[some] / era.survivors,
            ),
            (
                self._cum_weighted_points,
                self._cum_weighted_points[-1] + np.cumsum(points[some]) / era.survivors,
            ),
            (self.joined, n[:done]),
            (self.credited, n[:done]),
            (self.forced, np.zeros(done)),
            (self.holders, self._holders + placed[:done]),
            (self.pool_close, pool[:done]),
            (self.supply_close, supply[:done]),
            (self.price_close, price[:done]),
        ):
            column.frombytes(values.tobytes())
        if len(some):
            for pointer in (era.forced, era.taker, era.even):
                if pointer.block == index:
                    pointer.entry = float(entry[some[0]])
        self._tick += done
        self.pool, self.supply = float(pool[done - 1]), float(supply[done - 1])
        self.price = float(price[done - 1])
        self.issued += float(points[:done].sum())
        self._holders += float(placed[done - 1])
        self._full_supply = max(self._full_supply, self.supply)
        return done

    def halt(self) -> None:
        """Let nothing more happen: no orders, no payments, no exits."""
        self.halted_at = self._tick
        self._outside, self._debt_ticks, self._lots = {}, frozenset(), []
        self._exit_factor = inf
        self._volunteers = False

    def _admit(self, n: int) -> None:
        """Give ``n`` orders their points."""
        while n and (self.pool <= 0.0 or self.supply <= 0.0):
            self._at_last_quote()
            n -= 1
        if n == 1:
            self._single(self.pool / self.supply)
        elif n:
            self._block(n)

    def _at_last_quote(self) -> None:
        """One order while the pool or the supply is empty; beside old debt it crashes the price."""
        before = self.price
        self._single(before)
        self.price = self.pool / self.supply
        if self.price < before:
            self._price_fell()

    def _single(self, entry: float) -> None:
        points = self._credit / entry
        self.supply += points
        self.pool += self.contribution
        self._append(1, entry, entry, points, 0.0, 0.0)

    def _block(self, n: int) -> None:
        a = self.pool / self.contribution
        supply = self.supply
        points = supply * expm1(self._growth(a, n))
        entry = self.pool / supply
        self.supply = supply + points
        self.pool += n * self.contribution
        last = self.contribution * (a + n - 1 + self.settings.gift) / self.supply
        self._append(n, entry, last, points, a, supply)

    def _append(
        self, n: int, first: float, last: float, points: float, a: float, supply: float
    ) -> None:
        index = len(self.block_n)
        era = self.eras[-1]
        survivors = era.survivors
        self.block_tick.append(self._tick)
        self.block_n.append(n)
        self.block_first.append(first)
        self.block_last.append(last)
        self.block_points.append(points)
        self.block_survivors.append(survivors)
        self._block_a.append(a)
        self._block_supply.append(supply)
        self.cum_orders.append(self.cum_orders[-1] + n)
        self._cum_weighted_orders.append(self._cum_weighted_orders[-1] + n / survivors)
        self._cum_weighted_points.append(self._cum_weighted_points[-1] + points / survivors)
        self.issued += points
        for pointer in (era.forced, era.taker, era.even):
            if pointer.block == index:
                pointer.entry = first

    def _within_cap(self, n: int) -> int:
        """How many of ``n`` orders are still credited; none once one was too big for the rest."""
        if self._capped:
            return 0
        room = (self.settings.issue_cap or inf) / REACHED - self.issued
        a, supply, done = self.pool / self.contribution, self.supply, 0
        if self.pool <= 0.0 or supply <= 0.0:
            # The first is credited at the last quote; the rest follows the closed form after it.
            first = self._credit / self.price
            a, supply, room, done = a + 1, supply + first, room - first, 1
        if room < 0.0:
            fits = 0
        else:
            growth = self._growth
            fits = (
                done
                - 1
                + bisect_right(
                    range(n - done + 1),
                    room,
                    lo=1,
                    key=lambda k: supply * expm1(growth(a, k)) if k else 0.0,
                )
            )
        self._capped = fits < n
        return fits

    def _issue_debt(self) -> None:
        """Old members get points worth their batch at today's price; no money comes in."""
        owed = self.settings.debt / self.settings.debt_batches
        points = owed / self.price
        self._lots.append((points, self.price, owed))
        self.supply += points
        self.issued += points
        if self.pool > 0.0:
            self.price = self.pool / self.supply
        self._price_fell()

    def _price_fell(self) -> None:
        """Later orders join cheaper than earlier ones, and who was even no longer is."""
        self._new_era()
        for era in self._live[:-1]:
            era.evens.append((self._tick, era.even))
            era.even = Pointer()
            self._place(era.even, era, era.forced.block, era.forced.inside)

    def _new_era(self) -> None:
        """Start sums and survivors afresh, before the tick's orders or between two of them."""
        blocks = len(self.block_n)
        era = self.eras[-1]
        self._era_limit = self.price * _LONG_RISE
        if era.start == blocks:
            # Nobody joined it: whoever sold before is not of those who will.
            era.survivors, era.first_tick, era.gone = 1.0, self._tick, None
            return
        era.end = blocks
        era.end_weighted_orders = self._cum_weighted_orders[-1]
        era.end_weighted_points = self._cum_weighted_points[-1]
        self._cum_weighted_orders[-1] = 0.0
        self._cum_weighted_points[-1] = 0.0
        self._live = [old for old in self._live if old.gone is None and old.forced.block < blocks]
        era = Era(start=blocks, first_tick=self._tick)
        for pointer in (era.forced, era.taker, era.even):
            self._place(pointer, era, blocks, 0)
        self.eras.append(era)
        self._live.append(era)

    def _restart(self) -> None:
        """Nobody holds points: let the sums of the open era start afresh."""
        era, blocks = self.eras[-1], len(self.block_n)
        if era.start == blocks:
            return
        self._cum_weighted_orders[-1] = 0.0
        self._cum_weighted_points[-1] = 0.0
        for pointer in (era.forced, era.taker, era.even):
            self._place(pointer, era, blocks, 0)

    # -- the line ----------------------------------------------------------------------------

    def _first_above(self, block: int, start: int, price: float) -> int:
        """First order of a block, after ``start``, that joined at more than ``price``.

        The k-th joined at no more if ln(a) - phi(a) <= target, where a = A + k contributions. That
        rises almost like (1 - gift) ln(a), so Newton's method in ln(a) is there in a step or two;
        its neighbours settle the last order.
        """
        low, high = start, self.block_n[block] - 1  # low joined at no more, high at more
        phi = self._phi
        slope = max(1.0 - self.settings.gift, 1e-9)
        a0 = self._block_a[block]
        target = log(price * self._block_supply[block] / self.contribution) - phi(a0)
        guess = exp(min(target / slope, 60.0)) - a0
        while high - low > 1:
            if not low < guess < high:
                guess = 0.5 * (low + high)
            a = a0 + guess
            step = (target - log(a) + phi(a)) / slope
            k = min(max(int(a * exp(max(min(step, 30.0), -30.0)) - a0), low + 1), high - 1)
            guess = 0.5 * (low + high)
            a = a0 + k
            if log(a) - phi(a) <= target:
                low = k
                if k + 1 < high and log(a + 1.0) - phi(a + 1.0) > target:
                    high = k + 1
            else:
                high = k
                if k - 1 > low and log(a - 1.0) - phi(a - 1.0) <= target:
                    low = k - 1
        return high

    def _place(self, pointer: Pointer, era: Era, block: int, inside: int) -> None:
        pointer.block, pointer.inside = block, inside
        pointer.order = self.cum_orders[block]
        pointer.inside_points = 0.0
        if block == era.end:
            pointer.weighted_orders = era.end_weighted_orders
            pointer.weighted_points = era.end_weighted_points
            pointer.entry = inf
            return
        pointer.weighted_orders = self._cum_weighted_orders[block]
        pointer.weighted_points = self._cum_weighted_points[block]
        if inside:
            a, supply = self._block_a[block], self._block_supply[block]
            points = supply * expm1(self._growth(a, inside))
            survivors = self.block_survivors[block]
            pointer.inside_points = points
            pointer.order += inside
            pointer.weighted_orders += inside / survivors
            pointer.weighted_points += points / survivors
            pointer.entry = self.contribution * (a + inside) / (supply + points)
        else:
            pointer.entry = self.block_first[block] if block < len(self.block_n) else inf

    def _advance(self, pointer: Pointer, era: Era, price: float) -> None:
        """Move past every order that joined at ``price`` or less, oldest first.

        The order pointed at must be one of them.
        """
        end = era.end if era.end >= 0 else len(self.block_n)
        block, inside = pointer.block, pointer.inside
        last = self.block_last
        due = True  # the order at the pointer
        while block < end:
            if last[block] > price:
                if not due:
                    break
                if inside < self.block_n[block] - 1:
                    inside = self._first_above(block, inside, price)
                    break
            block += 1
            inside = 0
            due = block < end and self.block_first[block] <= price
        self._place(pointer, era, block, inside)
        pointer.stop(self._tick)
