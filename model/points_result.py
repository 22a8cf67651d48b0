"""What a points pool did: series, cohorts and the fate of every piece of the line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.ledger import Flow
from model.mechanisms import PointsPoolEngine
from model.scheme import Scheme

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Stands for "not within the run" where a tick is expected.
NEVER = np.iinfo(np.int64).max
#: A difference that leaves no more than this part of both running sums has lost too many digits.
_TOO_FEW_LEFT = 1e-5


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Stretches of the line of orders whose fate is the same, oldest first; shape (pieces,).

    ``orders`` and ``points`` are what they started with; ``entry``, ``forced``, ``taken``,
    ``gone`` the ticks on which they joined, were forced out, saw their take-profit sellers go, and
    were so thinned out that they count as gone (:data:`NEVER` if not). ``first`` is the number of
    orders before them. ``evens`` says for each stretch of rising prices when they could first sell
    for the whole price, as (ticks, first tick after the stretch).
    """

    first: Floats
    orders: Floats
    points: Floats
    entry: Ints
    forced: Ints
    taken: Ints
    gone: Ints
    survivors: Floats  # of its era when they joined
    evens: tuple[tuple[Ints, Ints], ...]
    bounds: tuple[int, ...]  # the pieces of era k are those from bounds[k] to bounds[k + 1]


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
    #: Of ``sold_orders`` and ``sold_cash``, those who were paid at least what they had spent.
    even_sold_orders: Floats
    even_sold_cash: Floats


class _Sums:
    """Sums of what happened on the ticks from one to another, whatever happened on the others."""

    def __init__(self, amount: Floats) -> None:
        self._amount = amount
        self._to = np.concatenate(([0.0], np.cumsum(amount)))
        self._rest = np.concatenate((np.cumsum(amount[::-1])[::-1], [0.0]))

    def between(self, start: Ints, end: Ints) -> Floats:
        """Sums over ticks ``start`` to ``end`` - 1, in all their digits.

        The difference of two running sums, from the side that loses fewer digits; where both lose
        too many, as between a crowd that sells and a price beyond all sense, added up.
        """
        before, after = self._to[end], self._rest[start]
        found = np.where(before <= after, before - self._to[start], after - self._rest[end])
        lost = (end > start) & (found < _TOO_FEW_LEFT * np.minimum(before, after))
        if lost.any():
            found[lost] = self._added(start[lost], end[lost])
        return found

    def _added(self, start: Ints, end: Ints) -> Floats:
        """The same from sums of two ticks, of four, of eight ...: nothing is taken off."""
        found, level = np.zeros(len(start)), self._amount
        while (start < end).any():
            level = np.append(level, np.zeros(2 - len(level) % 2))
            odd = (start < end) & (start % 2 == 1)
            found += np.where(odd, level[start], 0.0)
            start = start + odd
            odd = (start < end) & (end % 2 == 1)
            found += np.where(odd, level[end - 1], 0.0)
            start, end = start // 2, (end - odd) // 2
            level = level[::2] + level[1::2]
        return found


class PointsResult:
    """What a points pool did. Tables are made when they are first asked for."""

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
    def pieces(self) -> Pieces:
        """The line of orders, cut wherever two neighbours met a different fate."""
        engine = self.engine
        cum_orders = np.frombuffer(engine.cum_orders, dtype=float)
        block_points = np.append(np.frombuffer(engine.block_points, dtype=float), 0.0)
        block_tick = np.append(np.frombuffer(engine.block_tick, dtype=np.int64), 0)
        block_survivors = np.append(np.frombuffer(engine.block_survivors, dtype=float), 1.0)
        stretches = max(len(era.evens) for era in engine.eras) + 1
        found: list[list[npt.NDArray[Any]]] = []
        bounds = [0]
        for era in engine.eras:
            end = era.end if era.end >= 0 else len(block_tick) - 1
            starts = cum_orders[era.start : end + 1]
            marks = [*era.evens, (NEVER, era.even)]
            pointers = [era.forced, era.taker, *(pointer for _, pointer in marks)]
            paths = [
                np.frombuffer(pointer.path, dtype=float).reshape(-1, 3) for pointer in pointers
            ]
            cuts, index = np.unique(
                np.concatenate([starts, *(path[:, 1] for path in paths)]), return_index=True
            )
            # Points of the block's earlier orders; nought where a block begins.
            none = np.zeros(len(starts))
            inside = np.concatenate([none, *(path[:, 2] for path in paths)])[index]
            first, last = cuts[:-1], cuts[1:]
            block = np.searchsorted(starts, first, side="right") - 1 + era.start
            points = np.where(inside[1:] > 0.0, inside[1:], block_points[block]) - inside[:-1]
            ticks = []
            for path in paths:
                at = np.searchsorted(path[:, 1], last, side="left")
                ticks.append(np.append(path[:, 0].astype(np.int64), NEVER)[at])
            forced, taken, *evens = ticks
            columns: list[npt.NDArray[Any]] = [
                first,
                last - first,
                points,
                block_tick[block],
                forced,
                np.where(taken < forced, taken, NEVER),
                np.full(len(first), NEVER if era.gone is None else era.gone),
                block_survivors[block],
            ]
            # The last stretch of every era is the last of the run.
            for k in range(stretches):
                mine = k - (stretches - len(marks))
                columns.append(evens[mine] if mine >= 0 else np.full(len(first), NEVER))
                columns.append(np.full(len(first), marks[mine][0] if mine >= 0 else 0))
            found.append(columns)
            bounds.append(bounds[-1] + len(first))
        joined = [np.concatenate(column) for column in zip(*found, strict=True)]
        return Pieces(
            first=joined[0],
            orders=joined[1],
            points=joined[2],
            entry=joined[3],
            forced=joined[4],
            taken=joined[5],
            gone=joined[6],
            survivors=joined[7],
            evens=tuple(zip(joined[8::2], joined[9::2], strict=True)),
            bounds=tuple(bounds),
        )

    @property
    def quota_left(self) -> Floats | None:
        """Yuan that a forced exit still pays one order of each piece, before the fee; (pieces,).

        None if nobody is forced out.
        """
        multiple = self.scheme.pool.exit_multiple
        if multiple is None:
            return None
        return np.full(len(self.pieces.orders), multiple * self.scheme.order.spend)

    @cached_property
    def fate(self) -> Fate:
        """What became of every piece of the line."""
        p, settings = self.pieces, self.scheme.pool
        if len(self.engine.keep):
            eras = [
                self._fate_of_sellers(era.first_tick, slice(start, end))
                for era, start, end in zip(
                    self.engine.eras, p.bounds[:-1], p.bounds[1:], strict=True
                )
            ]
            names = [field.name for field in fields(Fate)]
            return Fate(
                **{name: np.concatenate([getattr(era, name) for era in eras]) for name in names}
            )
        # Nobody leaves of their own accord.
        quota = (settings.exit_multiple or 0.0) * (1.0 - settings.fee)
        is_forced = p.forced != NEVER
        zero = np.zeros(len(p.orders))
        out = np.where(is_forced, p.orders, 0.0)
        held = np.where(is_forced, 0.0, p.orders)
        return Fate(
            forced_orders=out,
            taken_orders=zero,
            sold_orders=zero,
            forced_cash=out * quota * self.scheme.order.spend,
            taken_cash=zero,
            sold_cash=zero,
            goods=zero,
            held_orders=held,
            held_points=np.where(is_forced, 0.0, p.points),
            even_orders=out if quota >= 1 - 1e-12 else zero,
            paper_even_orders=np.where(p.evens[-1][0] != NEVER, held, 0.0),
            even_sold_orders=zero,
            even_sold_cash=zero,
        )

    def _fate_of_sellers(self, first_tick: int, part: slice) -> Fate:
        """The fate of one era's pieces when people leave of their own accord."""
        p, engine, settings = self.pieces, self.engine, self.scheme.pool
        orders, points, survivors = p.orders[part], p.points[part], p.survivors[part]
        entry, forced, taken, gone = p.entry[part], p.forced[part], p.taken[part], p.gone[part]
        net = 1.0 - settings.fee
        quota = (settings.exit_multiple or 0.0) * net
        tau = self.scheme.behaviour.take_profit_share
        is_forced = forced != NEVER
        zero = np.zeros(len(orders))
        # Ticks are counted from the era's first one, which is 0 here.
        keep = np.frombuffer(engine.keep, dtype=float)[first_tick - 1 :]
        ticks = len(keep)
        opening = np.concatenate(([1.0], np.cumprod(keep)))

        def since(values: object) -> Floats:
            return self._column(values)[first_tick - 1 : first_tick - 1 + ticks]

        share, price = since(engine.sold_share), since(engine.sale_price)
        after_sale = opening[:-1] * (1 - share)
        redeem = after_sale * settings.redeem_share * since(engine.redeem_price)
        swap = after_sale * (1 - settings.redeem_share) * settings.swap_share
        goods = redeem + swap * since(engine.swap_price)

        # Uniform leaving takes place from the entry tick to the one before ``stop``.
        begin = entry - first_tick
        stop = np.minimum(
            np.minimum(forced, np.where(gone == NEVER, NEVER, gone + 1)) - first_tick, ticks
        )
        stop = np.maximum(stop, begin)
        is_taken = taken - first_tick < stop
        middle = np.where(is_taken, taken - first_tick, stop)
        after = np.where(is_taken, 1.0 - tau, 1.0)

        def over(sums: _Sums, start: Ints, end: Ints) -> Floats:
            """Sum from tick ``start`` to ``end`` - 1 or ``stop``, for one order's holders."""
            end = np.minimum(end, stop)
            start = np.minimum(np.maximum(start, begin), end)
            turn = np.clip(middle, start, end)
            return (sums.between(start, turn) + after * sums.between(turn, end)) / survivors

        sold_to = _Sums(opening[:-1] * share)
        cash_to = _Sums(opening[:-1] * share * price * net)
        goods_to = _Sums(goods)
        at_forced = np.where(is_forced, forced - first_tick, 0)
        at_taken = np.where(is_taken, middle, 0)
        forced_orders = np.where(
            is_forced & (forced <= gone), orders * opening[at_forced] / survivors * after, 0.0
        )
        weight_taken = np.where(is_taken, tau * opening[at_taken] / survivors, 0.0)
        weight_held = np.where(~is_forced & (gone == NEVER), opening[-1] / survivors * after, 0.0)
        even_orders = forced_orders.copy() if quota >= 1 - 1e-12 else zero.copy()
        even_sold, even_cash = zero.copy(), zero.copy()
        for from_tick, until_tick in p.evens:
            even, until = from_tick[part], until_tick[part]
            met = even != NEVER
            start = np.where(met, even - first_tick, ticks)
            end = np.where(until == NEVER, ticks, until - first_tick)
            end = np.maximum(end, start)
            even_sold += np.where(met, orders * over(sold_to, start, end), 0.0)
            even_cash += np.where(met, points * over(cash_to, start, end), 0.0)
            even_orders += orders * np.where(
                met & (start <= middle) & (middle < end), weight_taken, 0.0
            )
        return Fate(
            forced_orders=forced_orders,
            taken_orders=orders * weight_taken,
            sold_orders=orders * over(sold_to, begin, stop),
            forced_cash=forced_orders * quota * self.scheme.order.spend,
            taken_cash=points * weight_taken * np.append(price, 0.0)[at_taken] * net,
            sold_cash=points * over(cash_to, begin, stop),
            goods=points * over(goods_to, begin, stop),
            held_orders=orders * weight_held,
            held_points=points * weight_held,
            even_orders=even_orders + even_sold,
            paper_even_orders=np.where(p.evens[-1][0][part] != NEVER, orders * weight_held, 0.0),
            even_sold_orders=even_sold,
            even_sold_cash=even_cash,
        )

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
