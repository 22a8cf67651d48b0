"""A points pool's account, draw by draw (see :mod:`model.mixing`).

On a tick forced exits are paid first, then old debt, then everybody who sells of their own accord,
at one price. A sale is booked before the fee, and the fee comes back under a tag of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.arrays import Floats, Ints
from model.asked.draws import Draws
from model.draws import Stretches, there_before
from model.loggamma import log_growths
from model.mechanisms.points_pool.fate import NEVER, Pieces
from model.mechanisms.points_pool.result import PointsResult
from model.mixing import EMPTY, Account, scatter
from model.ran import Ran

#: Orders of one tick are looked at one by one while a run has no more than this, and beyond that in
#: groups whose points differ by no more than the second.
SINGLE_ORDERS = 4000
ALIKE = 2e-3
#: There are no more such groups than about this; then they are coarser.
MOST_GROUPS = 20_000
#: The running factor falls by this power of e at most before it starts again from one.
MOST_DECAY = 300.0
#: Running factors this close to each other are the same.
SAME = 1e-13
#: Further apart than two logarithms of prices or contributions.
_FAR = 4000.0


class PointsPoolDraws(Draws):
    """See :class:`Draws`."""

    def accounts(self, result: Ran, stretches: Stretches, *, own: bool) -> list[Account]:
        """See :class:`Draws`."""
        points = result.points
        return [] if points is None else [_Points(points, stretches).account(own=own)]

    def paid_others(self, result: Ran) -> bool:
        """See :class:`Draws`."""
        return result.points is not None and bool(result.engine.debt_paid)


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
        wanted = orders.copy()
    else:
        alike = max(ALIKE, float(span.sum()) / MOST_GROUPS)
        wanted = np.minimum(np.ceil(span / alike + 1e-9), orders)
    parts: Ints = np.where(a > 0.0, np.maximum(wanted, 1.0), 1.0).astype(np.int64)
    number = np.repeat(np.arange(len(parts)), parts)
    begin = np.cumsum(parts) - parts
    place = np.arange(len(number)) - begin[number]
    # Groups with the same ratio between what is in the pool at their ends.
    base, size = np.maximum(a + inside, 1.0)[number], orders[number]
    single = parts[number] == orders[number]

    def edge(k: Floats) -> Floats:
        even = base * np.expm1(np.log1p(size / base) * (k / parts[number]))
        return np.where(single, k, np.clip(np.round(even), 0.0, size))

    low, high = edge(place.astype(float)), edge(place + 1.0)
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


class _Points:
    """What a points pool paid on every tick and to whom."""

    def __init__(self, points: PointsResult, stretches: Stretches) -> None:
        self.points, self.stretches = points, stretches
        engine, ticks = points.engine, points.ticks
        self.ticks = ticks
        self.fee = points.scheme.pool.fee
        behaviour = points.scheme.behaviour
        self.tau = 0.0 if behaviour.take_profit is None else behaviour.take_profit_share
        self.ranks = points.ranks
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
            amounts = self.leavers.orders * self.leavers.due
            self.gross[0] = scatter(place, amounts, self.gross[0].shape)
        self.gross[1, :, -1] = self.debt

    def _leavers(self) -> _Leavers:
        net, columns = 1.0 - self.fee, []
        for pieces, fate in self.ranks:
            some = np.flatnonzero((fate.forced_orders > 0.0) & (fate.forced_cash > 0.0))
            orders, cash = fate.forced_orders[some], fate.forced_cash[some]
            columns.append((pieces.forced[some], pieces.entry[some], orders, cash / orders / net))
        tick, entry, orders, due = (np.concatenate(column) for column in zip(*columns, strict=True))
        order = np.argsort(tick, kind="stable")
        return _Leavers(tick[order], entry[order], orders[order], due[order])

    def lines(self, *, fine: bool) -> list[tuple[_Line, int]]:
        """Every line of orders, and the tick from which its survivors are counted."""
        return [
            (
                _Line(self.points, pieces, slice(low, high), weight=era.parts[k], fine=fine),
                era.first_tick,
            )
            for k, (pieces, _) in enumerate(self.ranks)
            for era, (low, high) in zip(
                self.points.engine.eras, pairwise(pieces.bounds), strict=True
            )
            if high > low and era.parts[k] > 0.0
        ]

    def account(self, *, own: bool) -> Account:
        """The pool, draw by draw."""
        engine, ticks, count = self.points.engine, self.ticks, self.stretches.count
        sales = _Sales(self, fine=own) if self.sells else None
        if sales is not None:
            self.gross[2, :, :-1] = sales.gross
        by_tick = self.gross.sum(axis=2).T.ravel()  # forced, debt, sales of each tick
        # A draw of nothing where outside money comes in, so that it is in line behind who had come.
        some = by_tick > 0.0
        some[::3] |= self.outside > 0.0
        rows = np.flatnonzero(some)
        tick, kind = rows // 3, rows % 3
        gross = np.append(self.gross[kind, tick], np.zeros((1, count + 1)), axis=0)
        drawn = gross.sum(axis=1)
        close = np.zeros(ticks)
        close[: len(engine.pool_close)] = np.frombuffer(engine.pool_close, dtype=float)
        there = np.append(there_before(tick, drawn[:-1], close[tick], fee=self.fee), 0.0)
        money = np.zeros((len(drawn), count + 2))
        row = np.searchsorted(tick, np.arange(ticks), side="left")
        place = row * (count + 2) + 1 + self.stretches.of_tick
        money += scatter(place, self.buyers, money.shape)
        money[:, -1] += scatter(row, self.outside, drawn.shape)
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
        if own:
            mine = np.zeros((2, len(drawn), count))
            if len(tick):
                found = _Own(self, sales, tick, kind, drawn[:-1], there[:-1]).all()
                np.minimum(found[0], gross[:-1, :-1], out=mine[0, :-1])
                np.minimum(found[1], mine[0, :-1], out=mine[1, :-1])
            account.own, account.own_net = mine
        return account


class _Own:
    """Own contributions in each draw of a points pool.

    What is left of an order's own contribution when it leaves depends on every draw since it
    joined, and what a draw takes in proportion depends on how much of it was the leavers' own. So
    the parts left by all draws are guessed, own contributions worked out from them, and the parts
    from these, until nothing changes: each round is exact for one draw more at least, and a few are
    enough. Draws are taken in blocks in which the running factor stays within what a float can say.
    """

    def __init__(
        self,
        points: _Points,
        sales: _Sales | None,
        tick: Ints,
        kind: Ints,
        drawn: Floats,
        there: Floats,
    ) -> None:
        self.points, self.sales = points, sales
        self.tick, self.kind, self.drawn, self.there = tick, kind, drawn, there
        draws, ticks = len(tick), points.ticks
        self.empties = empties = drawn >= there * (1.0 - EMPTY)
        #: Draws between two that empty the pool are one run: only who joined in it has money left.
        self.run: Ints = np.append(0, np.cumsum(empties[:-1]))
        self.next = np.minimum(np.searchsorted(tick, np.arange(ticks)), draws - 1)
        self.run_of_tick = np.where(tick[-1] >= np.arange(ticks), self.run[self.next], draws)
        before = np.append(-1, tick[:-1])
        starts = np.append(True, empties[:-1])
        #: The first tick whose orders have money left.
        self.fresh = np.maximum.accumulate(np.where(starts, before + 1, 0))
        self.starts = np.flatnonzero(starts)
        # Never less than the least that does not count as emptied.
        self.rest = np.where(empties, 1.0, np.maximum(there - drawn, EMPTY * there))
        self.log_rest = np.log(self.rest)
        self.share = np.ones(ticks)  # of each tick's contributions, left when a block begins
        leavers = points.leavers
        self.forced = np.searchsorted(3 * tick + kind, 3 * (leavers.tick - 1))
        self.with_own = self.run_of_tick[leavers.entry - 1] == self.run[self.forced]
        self.seller = np.flatnonzero(kind == 2)
        self.mine = np.zeros((2, draws, points.stretches.count))

    def all(self) -> Floats:
        """Yuan, shape (2, draws, stretches): before the fee, and of what leavers are paid."""
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(self.empties, 1.0, self.rest / self.there)
        decay = -np.cumsum(np.log(part))
        at, draws = 0, len(self.tick)
        while at < draws:
            end = int(np.searchsorted(decay, (decay[at - 1] if at else 0.0) + MOST_DECAY))
            end = min(max(end, at + 1), draws)
            self._block(at, end)
            at = end
        return self.mine

    def _block(self, start: int, end: int) -> None:
        rows = slice(start, end)
        there, empties = self.there[rows], self.empties[rows]
        run, leavers = self.run[rows], self.points.leavers
        ticks = np.arange(self.points.ticks)
        low, high = (self.tick[start - 1] + 1 if start else 0), self.tick[end - 1] + 1
        joining = (ticks >= low) & (ticks < high)
        first = np.maximum(np.searchsorted(self.starts, np.arange(start, end), side="right") - 1, 0)
        first = np.maximum(self.starts[first] - start, 0)
        some = np.flatnonzero((self.forced >= start) & (self.forced < end) & self.with_own)
        forced, entry = self.forced[some] - start, leavers.entry[some] - 1
        orders, due = leavers.orders[some], leavers.due[some]
        selling = None
        if self.sales is not None:
            sold = self.seller[(self.seller >= start) & (self.seller < end)]
            selling = self.sales.block(
                sold, self.tick[sold], self.run[sold], self.fresh[sold], self.run_of_tick
            )
            sold = sold - start
        log_rest = np.where(empties, 0.0, self.log_rest[rows])
        next_ = np.clip(self.next - start, 0, end - start - 1)
        log_share = np.log(np.maximum(self.share, 1e-300))
        own = np.zeros(end - start)
        level = np.zeros(end - start)
        for round_ in range(end - start + 2):
            left = np.maximum(there - own, self.rest[rows])
            step = np.where(empties, 0.0, log_rest - np.log(left))
            upto = np.append(0.0, np.cumsum(step))
            new = upto[:-1] - upto[first]
            change = float(np.max(np.abs(new - level))) if round_ else np.inf
            if change < SAME * (1.0 + float(np.max(np.abs(new)))):
                break
            level = new
            factor = np.exp(level)
            log_joined = np.where(joining, -level[next_], log_share)
            joined = np.exp(log_joined)
            mine = np.minimum(due, self.points.contribution * joined[entry] * factor[forced])
            own = scatter(forced, orders * mine, own.shape)
            if selling is not None:
                own[sold] += selling.own(joined, log_joined, factor[sold], level[sold])
        count = self.points.stretches.count
        place = (forced + start) * count + self.points.stretches.of_tick[entry]
        net = np.minimum(mine, (1.0 - self.points.fee) * due)
        for side, weights in ((0, mine), (1, net)):
            self.mine[side] += scatter(place, orders * weights, self.mine[side].shape)
        if selling is not None:
            selling.fill(self.mine)
        # What is left of everybody's when the next block begins.
        last = upto[-1] - upto[first[-1]]
        goes_on = not empties[-1] and self.run_of_tick == run[-1]
        self.share = np.where(ticks < high, np.where(goes_on, joined * np.exp(last), 0.0), 1.0)


class _Sales:
    """Everybody who sells of their own accord: yuan by tick and stretch, and of it their own."""

    def __init__(self, points: _Points, *, fine: bool) -> None:
        self.points = points
        engine, ticks = points.points.engine, points.ticks
        count = points.stretches.count
        self.count = count
        size = len(engine.keep)
        keep = np.frombuffer(engine.keep, dtype=float)
        share, self.price, sold = np.zeros((3, ticks))
        share[:size] = np.frombuffer(engine.sold_share, dtype=float)
        self.price[:size] = np.frombuffer(engine.sale_price, dtype=float)
        sold[:size] = np.frombuffer(engine.sale_gross, dtype=float)
        self.gross = np.zeros((ticks, count))
        self.lines = []
        for line, first_tick in points.lines(fine=fine):
            opening = np.zeros(ticks)
            after = np.cumprod(keep[first_tick - 1 :])
            opening[first_tick - 1 : size] = np.append(1.0, after[:-1])[: size - first_tick + 1]
            kept = _Selling(self, line, share=share, opening=opening)
            self.gross += kept.gross()
            self.lines.append(kept)
        self.gross[sold <= 0.0] = 0.0

    def block(
        self, draw: Ints, tick: Ints, run: Ints, fresh: Ints, run_of_tick: Ints
    ) -> _SalesBlock:
        """The sales that are ``draw``, on ``tick``."""
        lines = [_LineBlock(line, draw, tick, run, fresh, run_of_tick) for line in self.lines]
        return _SalesBlock(lines)


@dataclass
class _SalesBlock:
    """Some draws in a row, all lines together."""

    lines: list[_LineBlock]

    def own(self, joined: Floats, log_joined: Floats, factor: Floats, level: Floats) -> Floats:
        """Own contributions in each sale, if of those of tick t ``joined[t]`` x ``factor`` is left.

        ``log_joined`` and ``level`` are their logarithms.
        """
        found = np.zeros(len(factor))
        for line in self.lines:
            found += line.own(joined, log_joined, factor, level)
        return found

    def fill(self, mine: Floats) -> None:
        """Add them by draw and stretch, as last worked out."""
        for line in self.lines:
            line.fill(mine)


class _Selling:
    """One line of orders: which of them sell on each tick, in parts that sell alike."""

    def __init__(self, sales: _Sales, line: _Line, *, share: Floats, opening: Floats) -> None:
        points = sales.points
        self.line, self.price = line, sales.price
        self.contribution, self.fee, tau = points.contribution, points.fee, points.tau
        of_tick = points.stretches.of_tick
        self.edges = np.searchsorted(of_tick[line.entry - 1], np.arange(sales.count + 1))
        left, before, took, joined = line.steps(len(share))
        self.parts = [(left, joined, share * opening)]
        if tau > 0.0 and (took > left).any():
            self.parts = [
                (left, before, (1 - tau) * share * opening),
                (before, took, (tau + (1 - tau) * share) * opening),
                (took, joined, share * opening),
            ]

    def gross(self) -> Floats:
        """Yuan before the fee by tick and stretch."""
        found = np.zeros((len(self.price), len(self.edges) - 1))
        for start, end, weight in self.parts:
            some = np.flatnonzero((weight > 0.0) & (end > start))
            if len(some):
                sums = _between(self.line.points_to, self.edges, start[some], end[some])
                found[some] += sums * (weight * self.price)[some, None]
        return found


class _LineBlock:
    """The sales of one line in some draws in a row."""

    def __init__(
        self, line: _Selling, draw: Ints, tick: Ints, run: Ints, fresh: Ints, run_of_tick: Ints
    ) -> None:
        self._line = line
        entry = line.line.entry
        self._entry = entry - 1
        dry = np.searchsorted(entry, fresh, side="right")
        self._draw = draw
        # Orders of one run after those of the one before.
        self._far = _FAR * run
        self._price = line.price[tick]
        self._parts = []
        for starts, ends, weights in line.parts:
            start, end, weight = np.maximum(starts[tick], dry), ends[tick], weights[tick]
            some = np.flatnonzero((weight > 0.0) & (end > start) & (self._price > 0.0))
            self._parts.append((some, start[some], end[some], weight[some]))
        with np.errstate(divide="ignore"):
            self._log_price = np.log(self._price)
        log_points = np.log(line.line.points_each / line.contribution)
        self._order_base = _FAR * run_of_tick[self._entry] - log_points
        self._wanted = self._log_price + self._far
        self._orders = np.diff(line.line.orders_to)

    def own(self, joined: Floats, log_joined: Floats, factor: Floats, level: Floats) -> Floats:
        """See :class:`_SalesBlock`."""
        line, price = self._line, self._price
        self._own_to = np.append(0.0, np.cumsum(self._orders * joined[self._entry]))
        # A sale fetches more than what is left for the first orders of a run, and then less.
        self._order = self._order_base + log_joined[self._entry]
        self._factor, self._level = factor, level
        turn = np.searchsorted(self._order, self._wanted - level)
        left, points = line.contribution * factor, line.line.points_to
        found = np.zeros(len(factor))
        for some, start, end, weight in self._parts:
            u = np.clip(turn[some], start, end)
            found[some] += weight * (
                left[some] * (self._own_to[u] - self._own_to[start])
                + price[some] * (points[end] - points[u])
            )
        self._turn = turn
        return found

    def fill(self, mine: Floats) -> None:
        """See :class:`_SalesBlock`."""
        line = self._line
        net = 1.0 - line.fee
        for side, part in ((0, 1.0), (1, net)):
            turn = self._turn
            if side and net < 1.0:
                turn = np.searchsorted(self._order, self._wanted + np.log(net) - self._level)
            for some, start, end, weight in self._parts:
                if not len(some):
                    continue
                u = np.clip(turn[some], start, end)
                left = weight * line.contribution * self._factor[some]
                own = _between(self._own_to, line.edges, start, u) * left[:, None]
                price = weight * self._price[some] * part
                own += _between(line.line.points_to, line.edges, u, end) * price[:, None]
                mine[side, self._draw[some]] += own


def _between(sums: Floats, edges: Ints, start: Ints, end: Ints) -> Floats:
    """Running sums cut at ``edges``, of what lies between ``start`` and ``end`` of each row."""
    ends = np.clip(sums[edges][None, :], sums[start][:, None], sums[end][:, None])
    return np.diff(ends, axis=1)
