"""What became of every piece of a points pool's line of orders."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from model.arrays import Floats, Ints
from model.mechanisms.points_pool.engine import PointsPoolEngine
from model.scheme import Scheme

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


class PointsFates:
    """The line of orders of a points pool, and what became of it."""

    def __init__(self, scheme: Scheme, engine: PointsPoolEngine) -> None:
        self.scheme = scheme
        self.engine = engine
        self.ticks = scheme.horizon

    def _column(self, values: object) -> Floats:
        column = np.frombuffer(values, dtype=float)  # type: ignore[call-overload]
        # Shorter where nothing could happen: nobody leaves by choice, or the run stands still.
        missing = self.ticks - len(column)
        return column if not missing else np.concatenate([column, np.zeros(missing)])

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

    @property
    def ranks(self) -> list[tuple[Pieces, Fate]]:
        """The lines of orders, each with its fate: one, or one for each rank."""
        return [(self.pieces, self.fate)]
