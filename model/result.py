"""What a run produced: series, cohorts and flows as DataFrames with units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.ledger import Flow, Ledger
from model.mechanisms import PointsPoolEngine
from model.scheme import Scheme

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Stands for "not within the run" where a tick is expected.
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Stretches of the line of orders whose fate is the same, oldest first; shape (pieces,).

    ``orders`` and ``points`` are what they started with; ``entry``, ``forced``, ``taken``,
    ``even``, ``gone`` the ticks on which they joined, were forced out, saw their take-profit
    sellers go, could first sell for the whole price, and were so thinned out that they count as
    gone (:data:`NEVER` if not). ``first`` is the number of orders before them.
    """

    first: Floats
    orders: Floats
    points: Floats
    entry: Ints
    forced: Ints
    taken: Ints
    even: Ints
    gone: Ints
    survivors: Floats  # the running product of survivors when they joined


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of each piece: orders by how they left, and yuan; shape (pieces,)."""

    forced_orders: Floats
    taken_orders: Floats
    sold_orders: Floats
    forced_cash: Floats
    taken_cash: Floats
    sold_cash: Floats
    goods: Floats  # value of points used for goods or swapped into constant points
    held_orders: Floats
    held_points: Floats
    even_orders: Floats  # left with at least what they had spent
    paper_even_orders: Floats  # still waiting, but selling now would pay back the whole price


class Result:
    """One run. Tables are made when they are first asked for."""

    def __init__(self, scheme: Scheme, engine: PointsPoolEngine) -> None:
        self.scheme = scheme
        self.engine = engine
        self.ticks = scheme.horizon

    # -- per tick ----------------------------------------------------------------------------

    def _column(self, values: object) -> Floats:
        column = np.frombuffer(values, dtype=float)  # type: ignore[call-overload]
        # Shorter where nothing could happen: nobody leaves by choice, or the run stands still.
        missing = self.ticks - len(column)
        return column if not missing else np.concatenate([column, np.zeros(missing)])

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
            "forced_gross": forced * quota,
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

    @cached_property
    def ledger(self) -> Ledger:
        """Every payment of the run, double entry."""
        t = self._per_tick
        fee = self.scheme.pool.fee
        flows = [Flow(source="buyers", target="pool", reason="order", amount=t["contributions"])]
        sales = t["joined"] * self.scheme.order.spend
        for recipient, share in self.scheme.split().items():
            if recipient != "pool":
                flows.append(
                    Flow(source="buyers", target=recipient, reason="order", amount=share * sales)
                )
        flows.append(Flow(source="outside", target="pool", reason="outside", amount=t["outside"]))
        for who, reason, gross in (
            ("buyers", "forced exit", t["forced_gross"]),
            ("buyers", "sale", t["sale_gross"]),
            ("old members", "old debt", t["debt_gross"]),
        ):
            flows.append(Flow(source="pool", target=who, reason=reason, amount=gross))
            flows.append(Flow(source=who, target="pool", reason="fee", amount=fee * gross))
        return Ledger(tuple(flows))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """tick, source, target, reason, amount (yuan): every payment, sales before the fee."""
        return self.ledger.table()

    # -- per order ---------------------------------------------------------------------------

    @cached_property
    def pieces(self) -> Pieces:
        """The line of orders, cut wherever two neighbours met a different fate."""
        engine = self.engine
        cum_orders = np.frombuffer(engine.cum_orders, dtype=float)
        cum_points = np.frombuffer(engine.cum_points, dtype=float)
        block_tick = np.frombuffer(engine.block_tick, dtype=np.int64)
        block_survivors = np.frombuffer(engine.block_survivors, dtype=float)
        parts: list[tuple[Floats, Floats, Ints, list[Ints]]] = []
        start = 0
        for era in engine.eras:
            end = era.forced.end if era.forced.end >= 0 else len(block_tick)
            cuts_orders = [cum_orders[start : end + 1]]
            cuts_points = [cum_points[start : end + 1].copy()]
            if era.forced.end >= 0:  # the next era's count starts from nought at the same place
                cuts_points[0][-1] = era.forced.end_points
            paths = [np.array(pointer.path, dtype=float).reshape(-1, 3) for pointer in era.pointers()]
            cuts_orders += [path[:, 1] for path in paths]
            cuts_points += [path[:, 2] for path in paths]
            orders, index = np.unique(np.concatenate(cuts_orders), return_index=True)
            fate = []
            for path in paths:
                at = np.searchsorted(path[:, 1], orders[1:], side="left")
                when = np.append(path[:, 0].astype(np.int64), NEVER)
                fate.append(when[at])
            parts.append((orders[:-1], orders[1:], np.concatenate(cuts_points)[index], fate))
            start = end
        first = np.concatenate([part[0] for part in parts])
        last = np.concatenate([part[1] for part in parts])
        points = np.concatenate([np.diff(part[2]) for part in parts])
        forced, taken, even = (np.concatenate([part[3][k] for part in parts]) for k in range(3))
        block = np.searchsorted(cum_orders, first, side="right") - 1
        entry = block_tick[block] if len(block) else np.array([], dtype=np.int64)
        flushes = np.flatnonzero(np.frombuffer(engine.flushed, dtype=np.int8)) + 1
        at = np.searchsorted(flushes, entry, side="left")
        gone = np.append(flushes, NEVER)[at]
        return Pieces(
            first=first,
            orders=last - first,
            points=points,
            entry=entry,
            forced=forced,
            taken=np.where(taken < forced, taken, NEVER),
            even=even,
            gone=gone,
            survivors=block_survivors[block] if len(block) else np.array([]),
        )

    @cached_property
    def fate(self) -> Fate:
        """What became of every piece of the line."""
        p, engine, settings = self.pieces, self.engine, self.scheme.pool
        spend = self.scheme.order.spend
        net = 1.0 - settings.fee
        multiple = settings.exit_multiple or 0.0
        is_forced = p.forced != NEVER
        zero = np.zeros(len(p.orders))
        if not len(engine.survivors_open):  # nobody leaves of their own accord
            out = np.where(is_forced, p.orders, 0.0)
            held = np.where(is_forced, 0.0, p.orders)
            return Fate(
                forced_orders=out,
                taken_orders=zero,
                sold_orders=zero,
                forced_cash=out * multiple * spend * net,
                taken_cash=zero,
                sold_cash=zero,
                goods=zero,
                held_orders=held,
                held_points=np.where(is_forced, 0.0, p.points),
                even_orders=out if multiple * net >= 1 - 1e-12 else zero,
                paper_even_orders=np.where(p.even != NEVER, held, 0.0),
            )
        ticks = self.ticks
        opening = np.append(self._column(engine.survivors_open), engine.survivors)
        share = self._column(engine.sold_share)
        price = self._column(engine.sale_price)
        after_sale = opening[:-1] * (1 - share)
        redeem = after_sale * settings.redeem_share * self._column(engine.redeem_price)
        swap = (
            after_sale
            * (1 - settings.redeem_share)
            * settings.swap_share
            * self._column(engine.swap_price)
        )

        # Sums over ticks are taken within a generation of survivors: between generations their
        # scales differ beyond what a number can hold. Boundaries are shifted by the generation.
        flushes = np.flatnonzero(np.frombuffer(engine.flushed, dtype=np.int8)) + 1
        generation = np.searchsorted(flushes, p.entry, side="left")

        def cumulative(amount: Floats) -> tuple[Floats, Floats]:
            """Sums up to and from each boundary between ticks, generation by generation."""
            parts = np.split(amount, flushes)
            up = [np.concatenate(([0.0], np.cumsum(part))) for part in parts]
            down = [np.concatenate((np.cumsum(part[::-1])[::-1], [0.0])) for part in parts]
            return np.concatenate(up), np.concatenate(down)

        sold_to = cumulative(opening[:-1] * share)
        cash_to = cumulative(opening[:-1] * share * price * net)
        goods_to = cumulative(redeem + swap)

        tau = self.scheme.behaviour.take_profit_share
        leave = np.minimum(np.minimum(p.forced - 1, p.gone), ticks)  # last tick of uniform leaving
        taken_at = np.minimum(p.taken, leave + 1)
        is_taken = p.taken <= leave
        after = np.where(is_taken, 1.0 - tau, 1.0)

        def between(sums: tuple[Floats, Floats], start: Ints, end: Ints) -> Floats:
            """Sum over ticks ``start`` to ``end`` - 1, from whichever side loses fewer digits."""
            to, rest = sums
            start, end = start - 1 + generation, end - 1 + generation
            return np.where(to[end] <= rest[start], to[end] - to[start], rest[start] - rest[end])

        def over(sums: tuple[Floats, Floats], start: Ints) -> Floats:
            """Sum from tick ``start`` to ``leave``, per weighted order."""
            start = np.clip(start, p.entry, leave + 1)
            middle = np.maximum(taken_at, start)
            end = np.maximum(leave + 1, middle)
            return (between(sums, start, middle) + after * between(sums, middle, end)) / p.survivors

        at_forced = np.where(is_forced, p.forced, 1) - 1
        weight_forced = np.where(
            is_forced & (p.forced <= p.gone), opening[at_forced] / p.survivors * after, 0.0
        )
        at_taken = np.where(is_taken, p.taken, 1) - 1
        weight_taken = np.where(is_taken, tau * opening[at_taken] / p.survivors, 0.0)
        holding = ~is_forced & (p.gone == NEVER)
        weight_held = np.where(holding, opening[-1] / p.survivors * after, 0.0)
        forced_orders = p.orders * weight_forced
        taken_orders = p.orders * weight_taken
        forced_even = forced_orders if multiple * net >= 1 - 1e-12 else zero
        even = np.where(p.even == NEVER, ticks + 1, p.even)
        return Fate(
            forced_orders=forced_orders,
            taken_orders=taken_orders,
            sold_orders=p.orders * over(sold_to, p.entry),
            forced_cash=forced_orders * multiple * spend * net,
            taken_cash=p.points * weight_taken * price[at_taken] * net,
            sold_cash=p.points * over(cash_to, p.entry),
            goods=p.points * over(goods_to, p.entry),
            held_orders=p.orders * weight_held,
            held_points=p.points * weight_held,
            even_orders=forced_even
            + np.where(p.even <= p.taken, taken_orders, 0.0)
            + p.orders * over(sold_to, even),
            paper_even_orders=np.where(p.even != NEVER, p.orders * weight_held, 0.0),
        )

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """One row an entry tick, index ``tick``; totals of everybody who ordered on it.

        buyers: orders placed. spent: yuan. received: yuan in cash, after the fee. held_value: yuan
        their remaining points are worth at the last price, before the fee. exit_tick: the tick on
        which the last of them was forced out, missing while anybody is left. left: orders paid off.
        even: orders that were paid at least what they had spent. paper_even: orders still waiting
        whose points would pay it back if sold now, alone. goods: yuan of points used for goods or
        swapped.
        """
        joined = self._per_tick["joined"]
        p, fate = self.pieces, self.fate
        size = self.ticks + 1

        def total(amount: Floats) -> Floats:
            return np.bincount(p.entry, weights=amount, minlength=size)[1:]

        last = np.zeros(size)
        end = np.minimum(p.forced, p.gone)
        np.maximum.at(last, p.entry, np.where(end == NEVER, np.inf, end.astype(float)))
        last = last[1:]
        price = self.engine.price
        table = pd.DataFrame(
            {
                "buyers": joined.astype(np.int64),
                "spent": joined * self.scheme.order.spend,
                "received": total(fate.forced_cash + fate.taken_cash + fate.sold_cash),
                "held_value": total(fate.held_points) * price,
                "exit_tick": pd.array(
                    np.where(np.isfinite(last), last, 0).astype(np.int64), dtype="Int64"
                ),
                "left": total(fate.forced_orders + fate.taken_orders + fate.sold_orders),
                "even": total(fate.even_orders),
                "paper_even": total(fate.paper_even_orders),
                "goods": total(fate.goods),
            },
            index=pd.RangeIndex(1, size, name="tick"),
        )
        uncredited = joined > np.frombuffer(self.engine.credited, dtype=float)
        table.loc[~np.isfinite(last) | (last == 0) | uncredited, "exit_tick"] = pd.NA
        return table[table["buyers"] > 0]

    # -- whose money ---------------------------------------------------------------------------

    def funding(self, method: str = "own", bins: int = 24) -> pd.DataFrame:
        """Who paid whom, yuan; see :func:`model.funding.funding`."""
        from model.funding import funding

        return funding(self, method=method, bins=bins)

    def exit_split(self, bins: int = 24) -> pd.DataFrame:
        """What leavers were paid by whose money it was; see :func:`model.funding.exit_split`."""
        from model.funding import exit_split

        return exit_split(self, bins=bins)

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
            "fees": float((gross + t["debt_gross"]).sum()) * (1 - net),
            "debt_paid": float(t["debt_gross"].sum()) * net,
            "left": float(t["forced"].sum() + t["sold"].sum()),
            "forced": float(t["forced"].sum()),
            "even": float(fate.even_orders.sum()),
            "paper_even": float(fate.paper_even_orders.sum()),
            "holders": float(t["holders"][-1]),
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

    def entry_prices(self) -> Floats:
        """Average price a point at which each piece of the line joined, yuan, shape (pieces,)."""
        p = self.pieces
        credit = self.scheme.pool.gift * self.engine.contribution
        return p.orders * credit / p.points
