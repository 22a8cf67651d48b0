"""A points pool's account, draw by draw (see :mod:`model.mixing`).

On a tick forced exits are paid first, then old debt, then everybody who sells of their own accord,
at one price. A sale is booked before the fee, and the fee comes back under a tag of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.loggamma import log_growths
from model.mixing import EMPTY, Account, Floats, Ints
from model.points_result import NEVER, Pieces, PointsResult, SharedResult
from model.tracing import Stretches, there_before

#: Orders of one tick are looked at one by one while a run has no more than this, and beyond that in
#: groups whose points differ by no more than the second.
SINGLE_ORDERS = 4000
ALIKE = 2e-3


@dataclass(frozen=True)
class _Leavers:
    """Forced exits, by tick and then in line: tick, joined on, orders, yuan each before the fee."""

    tick: Ints
    entry: Ints
    orders: Floats
    due: Floats


class _Line:
    """Orders of one era and rank, those with the same fate and nearly the same points together.

    ``points`` and ``orders`` are over the era's survivors when they joined. Running sums have one
    entry more. Within an era later orders got fewer points and have lost less of their own money
    to others, so those whose sale fetches more than what is left of it come first.
    """

    def __init__(
        self, points: PointsResult, pieces: Pieces, part: slice, *, weight: float, fine: bool
    ) -> None:
        entry, orders, got = pieces.entry[part], pieces.orders[part], pieces.points[part]
        last = np.minimum(pieces.forced[part] - 1, pieces.gone[part])
        taken = np.minimum(pieces.taken[part], np.where(last == NEVER, NEVER, last + 1))
        survivors = pieces.survivors[part]
        if fine and len(entry):
            number, size, each = _cut(points, pieces.first[part], orders, got)
            entry, last, taken = entry[number], last[number], taken[number]
            survivors, orders, got = survivors[number], size, each
        self.entry = entry
        self.last = np.maximum.accumulate(last) if len(last) else last
        self.taken = np.maximum.accumulate(taken) if len(taken) else taken
        self.orders_to = np.append(0.0, np.cumsum(weight * orders / survivors))
        self.points_to = np.append(0.0, np.cumsum(weight * got / survivors))
        self.points_each = got / orders

    def steps(self, ticks: int) -> tuple[Ints, Ints, Ints, Ints]:
        """On each tick: who has left, who took profit before and by then, who has joined."""
        at = np.arange(1, ticks + 1)
        joined = np.searchsorted(self.entry, at, side="right")
        left = np.minimum(np.searchsorted(self.last, at, side="left"), joined)
        took = np.clip(np.searchsorted(self.taken, at, side="right"), left, joined)
        before = np.clip(np.append(0, took[:-1]), left, took)
        return left, before, took, joined


def _cut(
    points: PointsResult, first: Floats, orders: Floats, got: Floats
) -> tuple[Ints, Floats, Floats]:
    """Pieces in groups of like orders: (piece, orders, points) of each group."""
    engine = points.engine
    starts = np.frombuffer(engine.cum_orders, dtype=float)
    block = np.searchsorted(starts, first, side="right") - 1
    a, supply = (np.frombuffer(column, dtype=float)[block] for column in engine.block_state)
    inside = first - starts[block]
    gift = points.scheme.pool.gift
    # An order's points fall like the power gift - 1 of what is in the pool.
    span = (1.0 - gift) * np.log1p(orders / np.maximum(a + inside, 1.0))
    if float(orders.sum()) <= SINGLE_ORDERS:
        parts = orders.copy()
    else:
        parts = np.minimum(np.ceil(span / ALIKE + 1e-9), orders)
    parts = np.where(a > 0.0, np.maximum(parts, 1.0), 1.0).astype(np.int64)
    number = np.repeat(np.arange(len(parts)), parts)
    begin = np.cumsum(parts) - parts
    place = np.arange(len(number)) - begin[number]
    # Groups with the same ratio between what is in the pool at their ends.
    base, size = np.maximum(a + inside, 1.0)[number], orders[number]
    single = parts[number] == orders[number]

    def edge(k: Ints) -> Floats:
        even = base * np.expm1(np.log1p(size / base) * (k / parts[number]))
        return np.where(single, k, np.clip(np.round(even), 0.0, size))

    low, high = edge(place), edge(place + 1)
    many = parts[number] > 1
    each = got[number].copy()
    if many.any():
        where = number[many]

        def upto(k: Floats) -> Floats:
            total = inside[where] + k
            growth = log_growths(gift, a[where], np.maximum(total, 1.0))
            return supply[where] * np.where(total > 0.0, np.expm1(growth), 0.0)

        each[many] = upto(high[many]) - upto(low[many])
    some = high > low
    return number[some], (high - low)[some], each[some]


class Points:
    """What a points pool paid on every tick and to whom."""

    def __init__(self, points: PointsResult, stretches: Stretches) -> None:
        self.points, self.stretches = points, stretches
        engine, ticks = points.engine, points.ticks
        self.ticks = ticks
        self.fee = points.scheme.pool.fee
        behaviour = points.scheme.behaviour
        self.tau = 0.0 if behaviour.take_profit is None else behaviour.take_profit_share
        if isinstance(points, SharedResult):
            self.ranks = [
                (pieces, fate, part)
                for (pieces, fate, _, _), part in zip(
                    points.by_rank, points.engine.parts, strict=True
                )
            ]
        else:
            self.ranks = [(points.pieces, points.fate, 1.0)]
        joined = np.zeros(ticks)
        joined[: len(engine.joined)] = np.frombuffer(engine.joined, dtype=float)
        self.contribution = engine.contribution
        self.buyers = joined * engine.contribution
        self.outside, self.debt = np.zeros(ticks), np.zeros(ticks)
        for tick, amount in engine.outside_paid:
            self.outside[tick - 1] += amount
        for tick, amount in engine.debt_paid:
            self.debt[tick - 1] += amount
        self.leavers = self._leavers()
        self.sells = len(engine.keep) > 0
        self.gross = np.zeros((3, ticks, stretches.count + 1))
        if len(self.leavers.tick):
            place = (self.leavers.tick - 1) * (stretches.count + 1)
            place += stretches.of_tick[self.leavers.entry - 1]
            size = ticks * (stretches.count + 1)
            self.gross[0] = np.bincount(
                place, weights=self.leavers.orders * self.leavers.due, minlength=size
            ).reshape(ticks, -1)
        self.gross[1, :, -1] = self.debt

    def _leavers(self) -> _Leavers:
        net, columns = 1.0 - self.fee, []
        for pieces, fate, _ in self.ranks:
            some = np.flatnonzero(fate.forced_orders > 0.0)
            orders, cash = fate.forced_orders[some], fate.forced_cash[some]
            columns.append((pieces.forced[some], pieces.entry[some], orders, cash / orders / net))
        tick, entry, orders, due = (np.concatenate(column) for column in zip(*columns, strict=True))
        order = np.argsort(tick, kind="stable")
        return _Leavers(tick[order], entry[order], orders[order], due[order])

    def lines(self, *, fine: bool) -> list[tuple[_Line, int]]:
        """Every line of orders, and the tick from which its survivors are counted."""
        return [
            (_Line(self.points, pieces, slice(low, high), weight=weight, fine=fine), era.first_tick)
            for pieces, _, weight in self.ranks
            for era, (low, high) in zip(self.points.engine.eras, pairwise(pieces.bounds), strict=True)
            if high > low
        ]

    def account(self, *, own: bool) -> Account:
        """The pool, draw by draw."""
        engine, ticks, count = self.points.engine, self.ticks, self.stretches.count
        sales = _Sales(self, fine=own) if self.sells else None
        if sales is not None:
            self.gross[2, :, :-1] = sales.gross
        by_tick = self.gross.sum(axis=2).T.ravel()  # forced, debt, sales of each tick
        rows = np.flatnonzero(by_tick > 0.0)
        tick, kind = rows // 3, rows % 3
        gross = np.append(self.gross[kind, tick], np.zeros((1, count + 1)), axis=0)
        drawn = gross.sum(axis=1)
        close = np.zeros(ticks)
        close[: len(engine.pool_close)] = np.frombuffer(engine.pool_close, dtype=float)
        there = np.append(there_before(tick, drawn[:-1], close[tick], fee=self.fee), 0.0)
        money = np.zeros((len(drawn), count + 2))
        row = np.searchsorted(tick, np.arange(ticks), side="left")
        size = money.size
        money += np.bincount(
            row * (count + 2) + 1 + self.stretches.of_tick, weights=self.buyers, minlength=size
        ).reshape(money.shape)
        money[:, -1] += np.bincount(row, weights=self.outside, minlength=len(drawn))
        money[1:, 0] = self.fee * drawn[:-1]
        account = Account(
            tick=tick,
            money=money,
            gross=gross,
            there=there,
            fee=self.fee,
            # Whoever of a stretch was forced out had waited longest: the others in it came later.
            others_later=np.append(kind == 0, False),
            in_turn=True,
        )
        mine = np.zeros((2, len(drawn), count))
        if own:
            self._own(tick, kind, drawn, there, mine, sales)
            np.minimum(mine[0], gross[:, :-1], out=mine[0])
            np.minimum(mine[1], mine[0], out=mine[1])
            account.own, account.own_net = mine
        return account

    # -- own contributions -----------------------------------------------------------------------

    def _own(
        self, tick: Ints, kind: Ints, drawn: Floats, there: Floats, mine: Floats, sales: _Sales | None
    ) -> None:
        """Fill ``mine``: own contributions in each draw, before the fee and of what is paid."""
        ticks, fee = self.ticks, self.fee
        contribution, of_tick = self.contribution, self.stretches.of_tick.tolist()
        leavers = self.leavers
        who = list(
            zip(
                leavers.tick.tolist(),
                leavers.entry.tolist(),
                leavers.orders.tolist(),
                leavers.due.tolist(),
                strict=True,
            )
        )
        next_leaver, leaving = 0, len(who)
        factors = [1.0] * (ticks + 1)  # when the orders of a tick joined
        factor, dry, noted = 1.0, 0, 1
        forced_own: list[tuple[int, int, float, float]] = []
        amounts, levels = drawn.tolist(), there.tolist()
        for r, (t, what) in enumerate(zip((tick + 1).tolist(), kind.tolist(), strict=True)):
            if noted <= t:
                factors[noted : t + 1] = [factor] * (t + 1 - noted)
                if sales is not None:
                    sales.join(t, factor)
                noted = t + 1
            taken = 0.0
            if what == 0:
                left = contribution * factor
                while next_leaver < leaving and who[next_leaver][0] == t:
                    _, entry, orders, due = who[next_leaver]
                    next_leaver += 1
                    if entry > dry:
                        own = left / factors[entry]
                        if own > due:
                            own = due
                        net = (1.0 - fee) * due
                        taken += orders * own
                        forced_own.append(
                            (r, of_tick[entry - 1], orders * own, orders * (own if own < net else net))
                        )
            elif what == 2 and sales is not None:
                taken = sales.own(r, t, factor)
            draw, level = amounts[r] - taken, levels[r] - taken
            if level <= 0.0 or draw >= level * (1.0 - EMPTY):
                factor, dry = 1.0, t
                if sales is not None:
                    sales.dry()
            elif draw > 0.0:
                factor *= 1.0 - draw / level
                if factor < 1e-60:
                    factors = [value / factor for value in factors]
                    if sales is not None:
                        sales.rescale(factor)
                    factor = 1.0
        count = self.stretches.count
        if forced_own:
            rows, columns, gross, net = (np.array(column) for column in zip(*forced_own, strict=True))
            size = mine[0].size
            for side, weights in ((0, gross), (1, net)):
                mine[side] += np.bincount(
                    rows * count + columns, weights=weights, minlength=size
                ).reshape(mine[side].shape)
        if sales is not None:
            sales.fill(mine)


class _Sales:
    """Everybody who sells of their own accord: yuan by tick and stretch, and of it their own."""

    def __init__(self, points: Points, *, fine: bool) -> None:
        self.points = points
        engine, ticks = points.points.engine, points.ticks
        count = points.stretches.count
        self.count, self.contribution, self.fee = count, points.contribution, points.fee
        size = len(engine.keep)
        keep = np.frombuffer(engine.keep, dtype=float)
        share, price = np.zeros(ticks), np.zeros(ticks)
        share[:size] = np.frombuffer(engine.sold_share, dtype=float)
        price[:size] = np.frombuffer(engine.sale_price, dtype=float)
        sold = np.zeros(ticks)
        sold[:size] = np.frombuffer(engine.sale_gross, dtype=float)
        self.gross = np.zeros((ticks, count))
        self.lines = []
        for line, first_tick in points.lines(fine=fine):
            opening = np.zeros(ticks)
            after = np.cumprod(keep[first_tick - 1 :])
            opening[first_tick - 1 : size] = np.append(1.0, after[:-1])[: size - first_tick + 1]
            kept = _Selling(self, line, share=share, price=price, opening=opening, tau=points.tau)
            self.gross += kept.gross()
            self.lines.append(kept)
        self.gross[sold <= 0.0] = 0.0
        self._active: list[_Selling] = []

    def join(self, t: int, factor: float) -> None:
        for line in self.lines:
            line.join(t, factor)

    def own(self, r: int, t: int, factor: float) -> float:
        return sum(line.own(r, t, factor) for line in self.lines)

    def dry(self) -> None:
        for line in self.lines:
            line.dry = line.here

    def rescale(self, factor: float) -> None:
        for line in self.lines:
            line.rescale(factor)

    def fill(self, mine: Floats) -> None:
        for line in self.lines:
            line.fill(mine)


class _Selling:
    """One line of orders, tick by tick, as far as its own contributions are asked for."""

    def __init__(
        self, sales: _Sales, line: _Line, *, share: Floats, price: Floats, opening: Floats, tau: float
    ) -> None:
        self.line = line
        self.contribution, self.fee = sales.contribution, sales.fee
        ticks = len(share)
        of_tick = sales.points.stretches.of_tick
        self.edges = np.searchsorted(of_tick[line.entry - 1], np.arange(sales.count + 1))
        left, before, took, joined = line.steps(ticks)
        live = opening > 0.0
        pieces = [(left, joined, np.where(live, share * opening, 0.0))]
        if tau > 0.0 and (took > left).any():
            pieces = [
                (left, before, np.where(live, (1 - tau) * share * opening, 0.0)),
                (before, took, np.where(live, (tau + (1 - tau) * share) * opening, 0.0)),
                (took, joined, np.where(live, share * opening, 0.0)),
            ]
        self.parts = pieces
        self.price = price
        self.here = self.dry = 0
        self._turn = self._net_turn = 0
        self._joined: list[int] = joined.tolist()
        self._left: list[int] = left.tolist()
        self._prices: list[float] = price.tolist()
        self._lists = [
            (start.tolist(), end.tolist(), weight.tolist()) for start, end, weight in pieces
        ]
        self._orders: list[float] = line.orders_to.tolist()
        self._points: list[float] = line.points_to.tolist()
        self._each: list[float] = line.points_each.tolist()
        self._own_to = [0.0]
        self._rank: list[float] = []
        self._rows: list[tuple[int, int, int, int, int, float]] = []
        self._epochs: list[tuple[list[float], list[tuple[int, int, int, int, int, float]]]] = []

    def gross(self) -> Floats:
        """Yuan before the fee by tick and stretch."""
        found = np.zeros((len(self.price), len(self.edges) - 1))
        for start, end, weight in self.parts:
            some = np.flatnonzero((weight > 0.0) & (end > start))
            if len(some):
                sums = _between(self.line.points_to, self.edges, start[some], end[some])
                found[some] += sums * (weight * self.price)[some, None]
        return found

    def join(self, t: int, factor: float) -> None:
        """The orders up to tick ``t`` have joined since the last draw."""
        end = self._joined[t - 1]
        begin = self.here
        if end > begin:
            base, own, orders = self._orders[begin], self._own_to[begin], self._orders
            inverse = 1.0 / factor
            self._own_to += [own + (orders[k] - base) * inverse for k in range(begin + 1, end + 1)]
            self._rank += [each * factor for each in self._each[begin:end]]
            self.here = end

    def own(self, r: int, t: int, factor: float) -> float:
        """Yuan of own contributions in what they sell on tick ``t``, draw ``r``."""
        price, here, rank = self._prices[t - 1], self.here, self._rank
        low = max(self._left[t - 1], self.dry)
        if price <= 0.0 or low >= here:
            return 0.0
        left = self.contribution * factor
        # The first whose sale fetches no more than what is left, and the same after the fee.
        bound, turn = left / price, max(self._turn, low)
        while turn < here and rank[turn] > bound:
            turn += 1
        while turn > low and rank[turn - 1] <= bound:
            turn -= 1
        self._turn = turn
        net = turn
        if self.fee > 0.0:
            bound, net = bound / (1.0 - self.fee), max(self._net_turn, low)
            while net < here and rank[net] > bound:
                net += 1
            while net > low and rank[net - 1] <= bound:
                net -= 1
            self._net_turn = net
        total, own_to, points = 0.0, self._own_to, self._points
        for k, (starts, ends, weights) in enumerate(self._lists):
            start, end, weight = starts[t - 1], ends[t - 1], weights[t - 1]
            if start < self.dry:
                start = self.dry
            if end <= start or weight <= 0.0:
                continue
            u = start if turn < start else end if turn > end else turn
            total += weight * (
                left * (own_to[u] - own_to[start]) + price * (points[end] - points[u])
            )
            self._rows.append((k, r, t - 1, turn, net, factor, self.dry))
        return total

    def rescale(self, factor: float) -> None:
        """The running factor starts again from one."""
        self._epochs.append((self._own_to, self._rows))
        self._own_to = [value * factor for value in self._own_to]
        self._rank = [value / factor for value in self._rank]
        self._rows = []

    def fill(self, mine: Floats) -> None:
        """Add own contributions by draw and stretch."""
        points_to, edges = self.line.points_to, self.edges
        for own_to, rows in [*self._epochs, (self._own_to, self._rows)]:
            if not rows:
                continue
            sums = np.array(own_to)
            reach = np.minimum(edges, len(sums) - 1)
            kind, row, at, turn, net, factor, dry = (np.array(c) for c in zip(*rows, strict=True))
            for k, (starts, ends, weights) in enumerate(self.parts):
                some = np.flatnonzero(kind == k)
                if not len(some):
                    continue
                tick = at[some]
                start, end = np.maximum(starts[tick], dry[some]), ends[tick]
                weight, price = weights[tick], self.price[tick]
                left = weight * self.contribution * factor[some]
                for side, (which, part) in enumerate(((turn, 1.0), (net, 1.0 - self.fee))):
                    u = np.clip(which[some], start, end)
                    own = _between(sums, reach, start, u) * left[:, None]
                    own += _between(points_to, edges, u, end) * (weight * price * part)[:, None]
                    mine[side, row[some]] += own


def _between(sums: Floats, edges: Ints, start: Ints, end: Ints) -> Floats:
    """Running sums cut at ``edges``, of what lies between ``start`` and ``end`` of each row."""
    ends = np.clip(sums[edges][None, :], sums[start][:, None], sums[end][:, None])
    return np.diff(ends, axis=1)

