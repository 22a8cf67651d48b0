"""What a points pool did: series, cohorts and headline figures."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.arrays import Floats
from model.ledger import Flow
from model.mechanisms.points_pool.fate import NEVER, PointsFates


class PointsResult(PointsFates):
    """What a points pool did. Tables are made when they are first asked for."""

    # -- per tick ----------------------------------------------------------------------------

    @cached_property
    def _per_tick(self) -> dict[str, Floats]:
        """Plain arrays of what the engine noted, shape (ticks,), money in yuan."""
        engine, pool = self.engine, self.scheme.pool
        joined = self._column(engine.joined)
        forced = self._column(engine.forced)
        outside = np.zeros(self.ticks)
        for tick, amount in engine.outside_paid:
            outside[tick - 1] += amount
        debt = np.zeros(self.ticks)
        for tick, amount in engine.debt_paid:
            debt[tick - 1] += amount
        quota = (pool.exit_multiple or 0.0) * self.scheme.order.spend
        return {
            "joined": joined,
            "contributions": joined * engine.contribution,
            "outside": outside,
            "forced": forced,
            "forced_gross": self._forced_gross(forced * quota),
            "sale_gross": self._column(engine.sale_gross),
            "sold": self._column(engine.sold_orders),
            "debt_gross": debt,
            "holders": np.maximum(self._column(engine.holders), 0.0),
            "pool": self._column(engine.pool_close),
            "points": self._column(engine.supply_close),
            "price": self._column(engine.price_close),
        }

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a tick, index ``tick`` from 1.

        orders: orders placed. sales: yuan spent. pool: yuan in the pool at the end. points: points
        in circulation. price: yuan a point. paid_in: yuan into the pool from orders and outside.
        paid_out: yuan out of the pool, after the fee. fees: yuan kept back, still in the pool.
        promised: yuan that orders still waiting have been told they will get (the exit multiple,
        or the price if there is none). holders: orders that still hold points. exits: orders paid
        off by force or sold.
        """
        t = self._per_tick
        spend, fee = self.scheme.order.spend, self.scheme.pool.fee
        gross = t["forced_gross"] + t["sale_gross"] + t["debt_gross"]
        multiple = self.scheme.pool.exit_multiple
        quota = (1.0 if multiple is None else multiple) * spend
        return pd.DataFrame(
            {
                "orders": t["joined"].astype(np.int64),
                "sales": t["joined"] * spend,
                "pool": t["pool"],
                "points": t["points"],
                "price": t["price"],
                "paid_in": t["contributions"] + t["outside"],
                "paid_out": gross * (1 - fee),
                "fees": gross * fee,
                "promised": t["holders"] * quota,
                "holders": t["holders"],
                "exits": t["forced"] + t["sold"],
            },
            index=pd.RangeIndex(1, self.ticks + 1, name="tick"),
        )

    def pool_flows(self, account: str) -> list[Flow]:
        """Every payment into and out of the pool, which the ledger calls ``account``."""
        t = self._per_tick
        fee = self.scheme.pool.fee
        flows = [Flow(source="buyers", target=account, reason="order", amount=t["contributions"])]
        flows.append(Flow(source="outside", target=account, reason="outside", amount=t["outside"]))
        for who, reason, gross in (
            ("buyers", "forced exit", t["forced_gross"]),
            ("buyers", "sale", t["sale_gross"]),
            ("old members", "old debt", t["debt_gross"]),
        ):
            flows.append(Flow(source=account, target=who, reason=reason, amount=gross))
            flows.append(Flow(source=who, target=account, reason="fee", amount=fee * gross))
        return flows

    def _forced_gross(self, by_quota: Floats) -> Floats:
        """Yuan of forced exits per tick, before the fee."""
        return by_quota

    # -- per order ---------------------------------------------------------------------------

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """One row an entry tick, index ``tick``; totals of everybody who ordered on it.

        buyers: orders placed. spent: yuan. received: yuan in cash, after the fee. held_value: yuan
        their remaining points are worth at the last price, before the fee. exit_tick: the tick on
        which the last of them left, missing while anybody is left. left: orders paid off.
        even: orders that were paid at least what they had spent. paper_even: orders still waiting
        whose points would pay it back if sold now, alone. goods: yuan of points used for goods or
        swapped.
        """
        joined = self._per_tick["joined"]
        p, fate = self.pieces, self.fate
        size = self.ticks + 1

        def total(amount: Floats) -> Floats:
            return np.bincount(p.entry, weights=amount, minlength=size)[1:].astype(float)

        last = np.zeros(size)
        end = np.minimum(p.forced, p.gone)
        if self.scheme.behaviour.take_profit_share == 1:  # whoever is offered that much sells
            end = np.minimum(end, p.taken)
        np.maximum.at(last, p.entry, np.where(end == NEVER, np.inf, end.astype(float)))
        last = last[1:]
        last, nobody = self._last_exits(last)
        waiting = ~np.isfinite(last) | (last == 0) | nobody
        buyers = joined.astype(np.int64)
        # Put together whole: changing a table afterwards takes as long as the run.
        exit_tick = pd.arrays.IntegerArray(np.where(waiting, 1, last).astype(np.int64), waiting)
        table = pd.DataFrame(
            {
                "buyers": buyers,
                "spent": joined * self.scheme.order.spend,
                "received": total(fate.forced_cash + fate.taken_cash + fate.sold_cash),
                "held_value": total(fate.held_points) * self.engine.price,
                "exit_tick": exit_tick,
                "left": total(fate.forced_orders + fate.taken_orders + fate.sold_orders),
                "even": total(fate.even_orders),
                "paper_even": total(fate.paper_even_orders),
                "goods": total(fate.goods),
            },
            index=pd.RangeIndex(1, size, name="tick"),
        )
        return table if buyers.all() else table[buyers > 0]

    def _last_exits(self, last: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """The last exit of each entry tick, infinite while anybody waits; and who has no claim.

        ``last``: of those who were given points.
        """
        return last, self._per_tick["joined"] > np.frombuffer(self.engine.credited, dtype=float)

    # -- headline figures ----------------------------------------------------------------------

    @cached_property
    def totals(self) -> dict[str, float]:
        """Whole-run figures: buyers (orders), spent, received, pool (yuan), even (orders), ..."""
        t, fate = self._per_tick, self.fate
        gross = t["forced_gross"] + t["sale_gross"]
        net = 1 - self.scheme.pool.fee
        return {
            "buyers": float(t["joined"].sum()),
            "spent": float(t["joined"].sum()) * self.scheme.order.spend,
            "contributions": float(t["contributions"].sum()),
            "outside": float(t["outside"].sum()),
            "received": float(gross.sum()) * net,
            "fees": float((gross + t["debt_gross"]).sum()) * self.scheme.pool.fee,
            "debt_paid": float(t["debt_gross"].sum()) * net,
            "left": float(t["forced"].sum() + t["sold"].sum()),
            "forced": float(t["forced"].sum()),
            "even": float(fate.even_orders.sum()),
            "paper_even": float(fate.paper_even_orders.sum()),
            "holders": float(t["holders"][-1]),
            "held": float(fate.held_points.sum()) * self.engine.price,
            "pool": float(t["pool"][-1]),
            "points": float(t["points"][-1]),
            "price": float(t["price"][-1]),
        }

    @property
    def constant_points(self) -> Floats:
        """Constant points outstanding at the end of each tick, yuan, shape (ticks,)."""
        return self._column(self.engine.constant_points)

    @property
    def holdings(self) -> dict[str, float]:
        """Points in circulation at the end by who holds them."""
        engine = self.engine
        return {
            "buyers": float(self.fate.held_points.sum()),
            "platform": engine.treasury,
            "merchants": engine.merchant_points,
            "old members": engine.debt_points,
        }
