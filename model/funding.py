"""Whose money an exit is paid with.

A pool is one pot, so which yuan went where is a convention (docs/decisions/0003). Under each of the
three every yuan is counted once, nobody gives more than they paid in, and the totals are the same:

own     a leaver first takes back what is left of the own contribution, the rest is mixed
mixed   every payment draws on all the money in the pool in proportion
oldest  the money that came in first goes out first

A sale is booked before the fee: what is kept back returns to the pool under its own tag, so that
"fees left by earlier leavers" pays for later exits like any other money.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.points_result import Pieces, SharedResult
from model.result import Result
from model.tracing import Followed, purses

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Method = Literal["own", "mixed", "oldest"]
METHODS: tuple[str, ...] = get_args(Method)
#: Columns of :func:`exit_split`.
PAYERS = ("own", "earlier", "later", "fees", "outside")
MAX_BINS = 500


class Bins:
    """Joining time cut into at most ``bins`` stretches of (nearly) equal length."""

    def __init__(self, *, ticks: int, bins: int) -> None:
        if not 1 <= bins <= MAX_BINS:
            raise ValueError(f"bins: {bins} is not allowed; allowed: 1 to {MAX_BINS}")
        self.count = min(bins, ticks)
        edges = np.linspace(0, ticks, self.count + 1).round().astype(np.int64)
        self.starts = edges[:-1] + 1
        self.ends = edges[1:]
        self.of_tick = np.searchsorted(edges, np.arange(1, ticks + 1), side="left") - 1

    def labels(self) -> list[str]:
        """``first-last`` tick of each stretch."""
        return [
            f"{a}-{b}" if a != b else f"{a}" for a, b in zip(self.starts, self.ends, strict=True)
        ]


class _Line:
    """The pieces of one era, with sums that give any stretch of them by joining time at once.

    Within an era later buyers got fewer points an order and have lost less of their own money to
    others, so those whose sale fetches more than what is left of their own money come first.
    """

    def __init__(
        self, pieces: Pieces, low: int, high: int, of_tick: Ints, count: int, first_tick: int
    ) -> None:
        part = slice(low, high)
        self.entry = pieces.entry[part].tolist()
        self.taken = pieces.taken[part].tolist()
        self.last = np.minimum(pieces.forced[part] - 1, pieces.gone[part]).tolist()
        self.orders = pieces.orders[part] / pieces.survivors[part]
        points = pieces.points[part] / pieces.survivors[part]
        self.points_to = np.concatenate(([0.0], np.cumsum(points)))
        self.points_each = (pieces.points[part] / pieces.orders[part]).tolist()
        self.edges = np.searchsorted(of_tick[pieces.entry[part] - 1], np.arange(count + 1))
        self.own_to = np.zeros(high - low + 1)
        self._ranked: list[float] = []
        self.joined = self.left = self.took = self.took_before = 0
        self.first_tick = first_tick
        self.opening = 1.0  # the era's survivors at the beginning of the tick

    def step(self, tick: int, factor: float) -> None:
        """Let the tick's orders join; move the marks of who has left and who has taken profit."""
        entry, size = self.entry, len(self.entry)
        while self.joined < size and entry[self.joined] <= tick:
            k = self.joined
            self.own_to[k + 1] = self.own_to[k] + self.orders[k] / factor
            self._ranked.append(-self.points_each[k] * factor)
            self.joined += 1
        while self.left < self.joined and self.last[self.left] < tick:
            self.left += 1
        self.took_before = self.took = max(self.took, self.left)
        while self.took < self.joined and self.taken[self.took] <= tick:
            self.took += 1

    def turn(self, own_per_yuan: float) -> int:
        """First piece whose sale fetches less than what is left of its own contributions."""
        return bisect_right(self._ranked, -own_per_yuan, lo=self.left, hi=self.joined)

    def by_stretch(self, sums: Floats, start: int, end: int) -> Floats:
        """A sum over the pieces from ``start`` to ``end``, cut by joining time."""
        at = sums[np.minimum(np.maximum(self.edges, start), max(start, end))]
        return at[1:] - at[:-1]

    def rescale(self, factor: float) -> None:
        """The running factor starts again from one."""
        self.own_to *= factor
        self._ranked = [value / factor for value in self._ranked]


class _Trace:
    """Follows the pool's money by tags, tick by tick, all in yuan.

    ``held`` is what is in the pool by who paid it in: stretches of joining time, fees, outside. A
    draw in proportion shrinks every tag alike, so what is left of one order's own contribution is a
    single running factor.
    """

    def __init__(self, result: Result, *, bins: int, own_first: bool) -> None:
        self.result = result
        self.stretches = Bins(ticks=result.ticks, bins=bins)
        self.own_first = own_first
        self.count = self.stretches.count
        self.held = np.zeros(self.count + 2)
        self.factor = 1.0
        self.matrix = np.zeros((self.count, self.count + 2))  # recipient x payer
        self.forced = np.zeros_like(self.matrix)  # of that, drawn by forced exits
        self.own = np.zeros(self.count)
        self.shares = np.zeros((self.count, 2))  # drawn from earlier and from later buyers
        self.to_old = np.zeros(self.count + 2)
        self.payments: dict[int, list[tuple[int, float]]] = {}  # tick: (recipient, before the fee)
        self.fee = result.scheme.pool.fee
        of_tick, pieces, engine = self.stretches.of_tick, result.pieces, result.engine
        self.lines = []
        if len(engine.keep):
            for era, (low, high) in zip(engine.eras, pairwise(pieces.bounds), strict=True):
                self.lines.append(_Line(pieces, low, high, of_tick, self.count, era.first_tick))
        self._run()
        # Whoever of a stretch was forced out had been waiting longest: the others in it came later.
        earlier = np.tril(self.forced[:, : self.count], -1).sum(axis=1)
        self.shares[:, 0] += earlier
        self.shares[:, 1] += self.forced[:, : self.count].sum(axis=1) - earlier
        self.matrix += self.forced

    def _run(self) -> None:
        result, engine = self.result, self.result.engine
        pieces, of_tick = result.pieces, self.stretches.of_tick.tolist()
        contribution = engine.contribution
        quota = (result.scheme.pool.exit_multiple or 0.0) * result.scheme.order.spend
        outside = dict(engine.outside_paid)
        debt: dict[int, float] = {}
        for tick, owed in engine.debt_paid:  # several batches may be sold on one tick
            debt[tick] = debt.get(tick, 0.0) + owed
        leavers: dict[int, list[tuple[int, float]]] = {}
        forced = result.fate.forced_orders
        for k in np.flatnonzero(forced).tolist():
            leavers.setdefault(int(pieces.forced[k]), []).append(
                (int(pieces.entry[k]), float(forced[k]))
            )
        joined = np.frombuffer(engine.joined, dtype=float).tolist()
        factor_at = [1.0] * (result.ticks + 1)
        held, fees, extern = self.held, self.count, self.count + 1
        for tick, number in enumerate(joined, start=1):
            factor_at[tick] = self.factor
            held[of_tick[tick - 1]] += number * contribution
            if tick in outside:
                held[extern] += outside[tick]
            for line in self.lines:
                line.step(tick, self.factor)
            if tick in leavers:
                self._force(
                    tick,
                    [
                        (
                            of_tick[entry - 1],
                            orders * quota,
                            orders * contribution / factor_at[entry],
                        )
                        for entry, orders in leavers[tick]
                    ],
                )
            if tick in debt:
                gross = debt[tick]
                self._note(tick, self.count, gross)
                part = self._draw(gross)
                self.to_old += (1 - self.fee) * part * held
                self._take(part)
                held[fees] += self.fee * gross
            if self.lines and tick <= len(engine.sold_share):
                self._volunteer(tick - 1)
                for line in self.lines:
                    if tick >= line.first_tick:
                        line.opening *= engine.keep[tick - 1]
            if self.factor < 1e-90:
                for line in self.lines:
                    line.rescale(self.factor)
                factor_at = [value / self.factor for value in factor_at]
                self.factor = 1.0

    def _note(self, tick: int, recipient: int, gross: float) -> None:
        self.payments.setdefault(tick, []).append((recipient, gross))

    def _draw(self, amount: float) -> float:
        """The part of every tag that a draw of ``amount`` takes."""
        total = float(self.held.sum())
        return min(amount / total, 1.0) if total > 0.0 and amount > 0.0 else 0.0

    def _take(self, part: float) -> None:
        self.held *= 1.0 - part
        # Nothing is left of anybody's money once a pool has been emptied.
        self.factor = max(self.factor * (1.0 - part), 1e-200)

    def _force(self, tick: int, leavers: list[tuple[int, float, float]]) -> None:
        """Forced exits of one tick: (column, gross, own contribution / factor) of each group."""
        drawn = total = 0.0
        parts = []
        for column, gross, untouched in leavers:
            own = min(gross, untouched * self.factor) if self.own_first else 0.0
            own = min(own, float(self.held[column]))
            self.held[column] -= own
            self._note(tick, column, gross)
            net = (1 - self.fee) * gross
            own_net = min(net, own)
            self.own[column] += own_net
            parts.append((column, net - own_net))
            drawn += gross - own
            total += gross
        # Where nearly all leave at once, fees of the first pay the last: then in several rounds.
        left, fees = drawn, self.fee * total
        while left > 1e-15 * total:
            there = float(self.held.sum())
            now = min(left, there)
            if now <= 1e-15 * total:
                break
            part = now / there
            for column, others in parts:
                self.forced[column] += self.held * (part * others / drawn)
            self._take(part)
            left -= now
            if left > 0.0:
                back = min(self.fee * now, fees)
                self.held[self.count] += back
                fees -= back
        self.held[self.count] += fees

    def _volunteer(self, t: int) -> None:
        """Everybody who sells of their own accord on one tick, at one price."""
        engine = self.result.engine
        share, price = engine.sold_share[t], engine.sale_price[t]
        tau = self.result.scheme.behaviour.take_profit_share
        if self.result.scheme.behaviour.take_profit is None:
            tau = 0.0
        left = self.factor * engine.contribution
        gross, own, own_net = (np.zeros(self.count) for _ in range(3))
        net_price = (1 - self.fee) * price
        for line in self.lines:
            if line.left >= line.joined or (share <= 0.0 and line.took == line.took_before):
                continue
            if self.own_first:
                turn, net_turn = line.turn(left / price), line.turn(left / net_price)
            for start, end, part in (
                (line.left, line.took_before, (1 - tau) * share),
                (line.took_before, line.took, tau + (1 - tau) * share),
                (line.took, line.joined, share),
            ):
                weight = part * line.opening
                if end <= start or weight <= 0.0:
                    continue
                gross += weight * price * line.by_stretch(line.points_to, start, end)
                if self.own_first:
                    middle = min(max(turn, start), end)
                    own += weight * left * line.by_stretch(line.own_to, start, middle)
                    own += weight * price * line.by_stretch(line.points_to, middle, end)
                    middle = min(max(net_turn, start), end)
                    own_net += weight * left * line.by_stretch(line.own_to, start, middle)
                    own_net += weight * net_price * line.by_stretch(line.points_to, middle, end)
        total = float(gross.sum())
        if total <= 0.0:
            return
        for column in np.flatnonzero(gross).tolist():
            self._note(t + 1, column, float(gross[column]))
        own = np.minimum(own, self.held[: self.count])
        self.held[: self.count] -= own
        net = (1 - self.fee) * gross
        own_net = np.minimum(own_net, own)
        self.own += own_net
        others = net - own_net
        drawn = max(total - float(own.sum()), 0.0)
        part = self._draw(drawn)
        if part > 0.0:
            given = self.held * (part / drawn)
            self.matrix += others[:, None] * given
            buyers = given[: self.count]
            before = np.cumsum(buyers) - 0.5 * buyers
            self.shares[:, 0] += others * before
            self.shares[:, 1] += others * (buyers.sum() - before)
        self._take(part)
        self.held[self.count] += self.fee * total


def _trace_oldest(result: Result, *, bins: int) -> tuple[Bins, Floats, Floats]:
    """Money goes out in the order it came in: (bins, recipient x payer, to old members)."""
    trace = _Trace(result, bins=bins, own_first=False)
    stretches, count, engine = trace.stretches, trace.count, result.engine
    queue: deque[list[float]] = deque()  # [payer, yuan]
    matrix = np.zeros((count + 1, count + 2))
    fee = result.scheme.pool.fee
    outside = dict(engine.outside_paid)

    def add(payer: int, amount: float) -> None:
        if amount > 0.0:
            if queue and queue[-1][0] == payer:
                queue[-1][1] += amount
            else:
                queue.append([payer, amount])

    def pay(recipient: int, gross: float) -> None:
        # Where nearly all leave at once, fees of the first pay the last: then in several rounds.
        left = gross
        while left > 1e-15 * gross and queue:
            before = left
            while left > 0.0 and queue:
                head = queue[0]
                taken = min(left, head[1])
                matrix[recipient, int(head[0])] += (1.0 - fee) * taken
                left -= taken
                head[1] -= taken
                if head[1] <= 0.0:
                    queue.popleft()
            add(count, fee * (before - left))

    for tick, number in enumerate(np.frombuffer(engine.joined, dtype=float).tolist(), start=1):
        add(int(stretches.of_tick[tick - 1]), number * engine.contribution)
        add(count + 1, outside.get(tick, 0.0))
        for recipient, gross in trace.payments.get(tick, ()):
            pay(recipient, gross)
    return stretches, matrix[:count], matrix[count]


def funding(result: Result, *, method: str = "own", bins: int = 24) -> pd.DataFrame:
    """Who paid whom, yuan after the fee; see the module for ``method``.

    Rows: whose money, by joining time (``first-last`` tick), then ``fees`` and ``outside``.
    Columns: paid to whom, by joining time; ``old members`` last if old debt was paid. Sums to
    everything the pool paid out. Raises ValueError for an unknown method or bins out of range.
    """
    if method not in METHODS:
        raise ValueError(f"method: {method!r} is not allowed; allowed: {', '.join(METHODS)}")
    stretches = Bins(ticks=result.ticks, bins=bins)
    count = stretches.count
    matrix, to_old = np.zeros((count, count + 2)), np.zeros(count + 2)
    alone = result.points is not None and not isinstance(result.points, SharedResult)
    if alone:
        if method == "oldest":
            _, matrix, to_old = _trace_oldest(result, bins=bins)
        else:
            trace = _Trace(result, bins=bins, own_first=method == "own")
            matrix, to_old = trace.matrix, trace.to_old
            np.fill_diagonal(matrix, matrix.diagonal() + trace.own)
    for purse in purses(result):
        followed = Followed(purse, of_tick=stretches.of_tick, count=count, method=method)
        matrix += followed.matrix
        np.fill_diagonal(matrix, matrix.diagonal() + followed.own)
    labels = stretches.labels()
    table = pd.DataFrame(
        matrix.T,
        index=pd.Index([*labels, "fees", "outside"], name="from"),
        columns=pd.Index(labels, name="to"),
    )
    if alone and result.engine.debt_paid:
        table["old members"] = to_old
    return table


def exit_split(result: Result, *, bins: int = 24) -> pd.DataFrame:
    """What leavers were paid, yuan after the fee, by whose money it was (convention ``own``).

    Rows: leavers by joining time. Columns: own contribution, earlier buyers, later buyers, fees
    left behind by earlier leavers, outside money. Money of buyers who joined in the same stretch as
    a voluntary seller counts half as earlier, half as later; forced exits go oldest first, so the
    rest of their stretch came later.
    """
    stretches = Bins(ticks=result.ticks, bins=bins)
    count = stretches.count
    split = np.zeros((count, len(PAYERS)))
    if result.points is not None and not isinstance(result.points, SharedResult):
        trace = _Trace(result, bins=bins, own_first=True)
        split += np.column_stack([trace.own, trace.shares, trace.matrix[:, count:]])
    for purse in purses(result):
        followed = Followed(purse, of_tick=stretches.of_tick, count=count, method="own")
        split += np.column_stack([followed.own, followed.shares, followed.matrix[:, count:]])
    return pd.DataFrame(
        split,
        index=pd.Index(stretches.labels(), name="to"),
        columns=pd.Index(PAYERS, name="from"),
    )
