"""Appreciating points: part of every order goes into a pool, price = pool / points in circulation.

The settings are :class:`PointsPool`; :class:`PointsPoolEngine` runs them, one exact evaluation a
tick whatever the number of orders (docs/mechanisms/points_pool.md).
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp, expm1, inf

from model.behaviour import PANIC_WINDOW
from model.mechanisms.points_pool.eras import Era
from model.mechanisms.points_pool.joining import REACHED, PointsJoining

#: Fewer points than this are none: no price could be quoted for them.
_NO_SUPPLY = 1e-200
#: Less than this part of a pool is left by rounding where it has been paid out.
_NO_MONEY = 1e-12
#: Below this share of an era's holders the rest count as gone.
_ALL_SOLD = 1e-200


class PointsPoolEngine(PointsJoining):
    """Runs a :class:`PointsPool` tick by tick; call :meth:`join`, then :meth:`settle`.

    Forced exits are paid exactly ``exit_multiple x spend`` before the fee, oldest first, until
    nobody is due at the price that results. Voluntary sales of a tick happen together at one price.
    """

    def _pay_out(self, amount: float) -> None:
        """Take yuan out of the pool; what rounding leaves of all that was there is no money."""
        left = self.pool - amount
        self.pool = left if left > _NO_MONEY * self.pool else 0.0

    def _shrink(self, points: float) -> bool:
        """Take points out of circulation; the price follows, or stays when nobody holds any.

        Returns whether those that are left were added up anew.
        """
        self.supply -= points
        anew = self.supply < 0.5 * self._full_supply
        if anew:
            # Subtracting keeps the rounding of what was there before: add up what people hold.
            supply = self._holding() + self.treasury + self.merchant_points + self.debt_points
            self.supply = self._full_supply = supply if supply > _NO_SUPPLY else 0.0
        if self.supply > 0.0 and self.pool > 0.0:
            self.price = self.pool / self.supply
        return anew

    # -- leaving -----------------------------------------------------------------------------

    def settle(self) -> None:
        """Forced exits until nobody is due, then those who leave of their own accord."""
        forced = self._force_out() if self._exit_factor < inf else 0.0
        # Old debt that is paid lifts the price, so somebody may be due again.
        while self._lots and self._pay_old_debt():
            forced += self._force_out() if self._exit_factor < inf else 0.0
        self._holders += self.credited[-1] - forced
        if self._volunteers:
            self._let_go()
        self.forced.append(forced)
        self.holders.append(self._holders)
        self.pool_close.append(self.pool)
        self.supply_close.append(self.supply)
        self.price_close.append(self.price)

    def credited_to(self, number: int) -> tuple[int, float]:
        """(tick, points) of one order; ``number`` is its place in the line of those with points.

        From 1; raises IndexError beyond the line.
        """
        if not 1 <= number <= self.cum_orders[-1]:
            raise IndexError(f"{number} is not a place in a line of {self.cum_orders[-1]:.0f}")
        block = bisect_right(self.cum_orders, number - 1) - 1
        inside = number - 1 - self.cum_orders[block]
        if self.block_n[block] == 1:
            return self.block_tick[block], self.block_points[block]
        a, growth = self._block_a[block], self._growth
        before = self._block_supply[block] * exp(growth(a, inside))
        return self.block_tick[block], before * expm1(growth(a + inside, 1.0))

    def finish(self) -> None:
        """After the last tick, note who could now sell and have the whole price back."""
        self._tick += 1
        due = self.price / self._even_factor
        for era in self._live:
            if era.even.entry <= due:
                self._advance(era.even, era, due)

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
            for era in self._live:
                pointer = era.forced
                while pointer.entry <= self.price / self._exit_factor < inf and self.supply > 0.0:
                    total += self._pay_quota(era, net)
                    moved = True
            if len(self._live) == 1:
                break
        return total

    def _pay_quota(self, era: Era, net: float) -> float:
        """Pay everybody of an era who is due at today's price; returns their number."""
        pointer = era.forced
        before_orders, before_points = pointer.weighted_orders, pointer.weighted_points
        self._advance(pointer, era, self.price / self._exit_factor)
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
        orders *= era.survivors
        self._pay_out(orders * net)
        self._shrink(era.survivors * points)
        if self.supply <= 0.0:
            self._last_leaves(era, net)
        return orders

    def _last_leaves(self, era: Era, net: float) -> None:
        """The last quote is the price at which the last of all holders was paid."""
        block = era.forced.block - 1
        weight = era.survivors / self.block_survivors[block]
        if era.taker.block > block:
            weight *= 1.0 - self._take_share
        points = weight * self._credit / self.block_last[block]
        if points > 0.0:
            self.price = (self.pool + weight * net) / points

    def _pay_old_debt(self) -> bool:
        """Sell each batch of old debt whose points are worth what was owed; whether any was."""
        before = len(self._lots)
        for lot in list(self._lots):
            points, price, owed = lot
            if self.price >= price * REACHED and self.pool >= owed * REACHED:
                self._pay_out(owed * (1.0 - self.settings.fee))
                self._lots.remove(lot)
                self.debt_paid.append((self._tick, owed))
                self._shrink(points)
        return len(self._lots) < before

    def _holding(self) -> float:
        """Points that buyers hold."""
        held = 0.0
        for era in self._live:
            forced = era.forced.weighted_points
            all_of_them = self._cum_weighted_points[-1] if era.end < 0 else era.end_weighted_points
            points = all_of_them - forced
            if self._take_share:
                points -= self._take_share * max(era.taker.weighted_points - forced, 0.0)
            held += era.survivors * max(points, 0.0)
        return held

    def _live_orders(self) -> float:
        """Orders that buyers hold, in parts where some of an order's holders have left."""
        held = 0.0
        for era in self._live:
            forced = era.forced.weighted_orders
            all_of_them = self._cum_weighted_orders[-1] if era.end < 0 else era.end_weighted_orders
            orders = all_of_them - forced
            if self._take_share:
                orders -= self._take_share * max(era.taker.weighted_orders - forced, 0.0)
            held += era.survivors * max(orders, 0.0)
        return held

    def _sellers(self) -> float:
        """The share of holders who give up or panic this tick."""
        behaviour = self.behaviour
        keep = 1.0 - behaviour.sell_share
        closes = self.price_close
        if (
            behaviour.panic_growth is not None
            and len(closes) >= PANIC_WINDOW
            and self.price / closes[-PANIC_WINDOW] < (1.0 + behaviour.panic_growth) * REACHED
        ):
            keep *= 1.0 - behaviour.panic_share
        return 1.0 - keep

    def _let_go(self) -> None:
        """Take-profit, giving up and panic at one price; then goods for points; then swaps."""
        settings = self.settings
        price = self.price
        sold_orders = sold_points = 0.0
        for era in self._live:
            if self._take_share:
                taker, forced = era.taker, era.forced
                if taker.order < forced.order:
                    self._place(taker, era, forced.block, forced.inside)
                    taker.stop(self._tick)
                due = price / self._take_factor
                if taker.entry <= due:
                    orders, points = taker.weighted_orders, taker.weighted_points
                    self._advance(taker, era, due)
                    part = self._take_share * era.survivors
                    sold_orders += part * (taker.weighted_orders - orders)
                    sold_points += part * (taker.weighted_points - points)
            if era.even.entry <= price / self._even_factor:
                self._advance(era.even, era, price / self._even_factor)
        share = self._sellers()
        if share > 0.0:
            sold_orders += share * self._live_orders()
            sold_points += share * self._holding()
        gross = min(sold_points * price, self.pool)
        self.sale_gross.append(gross)
        self.sale_price.append(price)
        self.sold_share.append(share)
        self.sold_orders.append(sold_orders)
        keep = 1.0 - share
        self._thin_out(keep)
        if sold_points > 0.0:
            there = self.pool
            self._pay_out(gross * (1.0 - settings.fee))
            if self._shrink(sold_points) and there > 0.0:
                # What is left of the pool has lost its digits as well: the fee is, and what the
                # points still held were worth.
                self.pool = gross * settings.fee + min(self.supply * price, there)
                if self.supply > 0.0 and self.pool > 0.0:
                    self.price = self.pool / self.supply
        if self._uniform:
            keep *= self._use_points()
        self.keep.append(keep)
        self._holders = self._live_orders()

    def _thin_out(self, keep: float) -> None:
        """Leave the share ``keep`` of all holders."""
        if keep >= 1.0:
            return
        for era in self._live:
            era.survivors *= keep
            if era.survivors < _ALL_SOLD:
                era.survivors, era.gone = 0.0, self._tick

    def _use_points(self) -> float:
        """Points spent on goods, then points swapped into constant points, then swapped back.

        Returns the share of holders who do neither.
        """
        settings = self.settings
        self.redeem_price.append(self.price)
        redeemed = settings.redeem_share * self._holding()
        self._thin_out(1.0 - settings.redeem_share)
        self._shrink(redeemed)
        self.swap_price.append(self.price)
        swapped = settings.swap_share * self._holding()
        self._thin_out(1.0 - settings.swap_share)
        self._constant += swapped * self.price
        self.treasury += swapped
        back = settings.swap_back_share * self._constant
        if back > 0.0:
            # The platform cannot hand out more points than it holds.
            points = min(back / self.price, self.treasury)
            self._constant -= points * self.price
            self.treasury -= points
            self.merchant_points += points
        self.constant_points.append(self._constant)
        return (1.0 - settings.redeem_share) * (1.0 - settings.swap_share)
