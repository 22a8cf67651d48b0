"""What a points pool did whose quota dividends use up too."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from model.arrays import Floats, Ints
from model.mechanisms.base import Record
from model.mechanisms.points_pool.fate import NEVER, Fate, Pieces
from model.mechanisms.points_pool.result import PointsResult
from model.pairs.shared_quota import WHOLE, SharedPointsEngine


class SharedResult(PointsResult):
    """A points pool whose quota dividends use up too: the line of orders once for each rank."""

    engine: SharedPointsEngine

    def _forced_gross(self, by_quota: Floats) -> Floats:  # noqa: ARG002
        return self._column(self.engine.forced_gross)

    @cached_property
    def by_rank(self) -> list[tuple[Pieces, Fate, Floats, Ints]]:
        """Of each rank: pieces, fate, an order's dividends (yuan) and its last tick (from 0).

        Last come the orders without units. Pieces are whole orders; of fates, what is of the rank.
        """
        engine, found = self.engine, []
        before = [era.forced for era in engine.eras]
        for k in range(engine.lines):
            for era in engine.eras:
                era.forced = era.marks[k]
            alone = PointsResult(self.scheme, engine)
            pieces = alone.pieces
            found.append(self._of_rank(k, pieces, alone.fate, self._parts(k, pieces)))
        for era, mark in zip(engine.eras, before, strict=True):
            era.forced = mark
        return found

    @property
    def ranks(self) -> list[tuple[Pieces, Fate]]:
        """See :attr:`PointsFates.ranks`."""
        return [(pieces, fate) for pieces, fate, _, _ in self.by_rank]

    def _parts(self, k: int, pieces: Pieces) -> Floats:
        """How much of each piece's orders is of one rank, shape (pieces,)."""
        parts = [era.parts[k] for era in self.engine.eras]
        return np.repeat(parts, np.diff(pieces.bounds))

    def _of_rank(
        self, k: int, pieces: Pieces, fate: Fate, part: Floats
    ) -> tuple[Pieces, Fate, Floats, Ints]:
        dividends, engine = self.engine.dividends, self.engine
        quota, net = engine.quota, 1.0 - self.scheme.pool.fee
        entry = pieces.entry - 1
        is_forced = pieces.forced != NEVER
        gone = np.where(pieces.gone == NEVER, self.ticks, pieces.gone)
        last = np.minimum(np.where(is_forced, pieces.forced, gone), self.ticks) - 1
        ranked = k < engine.lines - 1
        had = dividends.had(k, entry, last) if ranked else np.zeros(len(entry))
        limited = np.minimum(had, quota) if quota > 0 else had
        # Whom dividends paid off took only what was left, not the whole part of that day.
        used_up = np.zeros(self.ticks, dtype=np.int64)
        for cohort, tick in dividends.used_up[k].items() if ranked else ():
            used_up[cohort] = tick
        limited = np.where(is_forced & (used_up[entry] == pieces.forced), quota, limited)
        cash = fate.forced_orders * np.where(is_forced, quota - limited, 0.0) * net
        enough = self.scheme.order.spend * (1 - 1e-9)
        total = limited + np.where(is_forced, (quota - limited) * net, 0.0)
        even = np.where(is_forced, fate.forced_orders, fate.held_orders) * (total >= enough)
        even = even + np.where(
            is_forced, 0.0, np.maximum(fate.even_orders - fate.forced_orders, 0.0)
        )
        scaled = {f.name: part * getattr(fate, f.name) for f in fields(Fate)}
        scaled["forced_cash"] = part * cash
        scaled["even_orders"] = part * even
        return pieces, Fate(**scaled), limited, last

    def _of_those_who_stay(self, k: int, p: Pieces, last: Ints) -> Floats:
        """Dividends of each piece, yuan, when some of its holders leave on every tick."""
        dividends = self.engine.dividends
        survivors = np.array(dividends.log["survivors"])
        paid = np.zeros(len(p.orders))
        entry = p.entry - 1
        used_up = np.zeros(self.ticks, dtype=np.int64)
        for cohort, tick in dividends.used_up[k].items():
            used_up[cohort] = tick
        for tick in range(self.ticks):
            here = (entry <= tick) & (tick <= last)
            if not here.any():
                continue
            start = entry[here]
            now = dividends.had(k, start, np.full(len(start), tick))
            before = np.where(
                start < tick, dividends.had(k, start, np.full(len(start), max(tick - 1, 0))), 0.0
            )
            quota = self.engine.quota or np.inf
            each = np.clip(now - before, 0.0, np.maximum(quota - before, 0.0))
            each = np.where(used_up[start] == tick + 1, quota - before, each)
            paid[here] += p.orders[here] * each * survivors[tick] / survivors[start]
        return paid

    @cached_property
    def pieces(self) -> Pieces:
        """All ranks' pieces one after the other, their orders and points in proportion."""
        lines = [pieces for pieces, _, _, _ in self.by_rank]
        columns = {
            name: self._joined([getattr(line, name) for line in lines])
            for name in ("first", "entry", "forced", "taken", "gone", "survivors")
        }
        parts = [self._parts(k, line) for k, line in enumerate(lines)]
        for name in ("orders", "points"):
            columns[name] = self._joined(
                [part * getattr(line, name) for part, line in zip(parts, lines, strict=True)]
            )
        evens = tuple(
            (self._joined([a for a, _ in marks]), self._joined([b for _, b in marks]))
            for marks in zip(*(line.evens for line in lines), strict=True)
        )
        return Pieces(**columns, evens=evens, bounds=(0, len(columns["orders"])))

    def _joined(self, lines: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """What all ranks' pieces have, one after the other, where anything of them is of a rank."""
        ranks = enumerate(zip(self.by_rank, lines, strict=True))
        return np.concatenate(
            [values[self._parts(k, pieces) > 0.0] for k, ((pieces, *_), values) in ranks]
        )

    @cached_property
    def fate(self) -> Fate:
        """What became of every piece of the line."""
        fates = [fate for _, fate, _, _ in self.by_rank]
        return Fate(
            **{
                f.name: self._joined([getattr(fate, f.name) for fate in fates])
                for f in fields(Fate)
            }
        )

    @property
    def quota_left(self) -> Floats | None:
        """See :meth:`PointsResult.quota_left`: what dividends have paid is taken off."""
        if self.scheme.pool.exit_multiple is None:
            return None
        return self.engine.quota - self._joined([limited for _, _, limited, _ in self.by_rank])

    @cached_property
    def dividends_by_piece(self) -> Floats:
        """Yuan of dividends that the orders of each piece were paid, shape (pieces,)."""
        found = []
        for k, (pieces, _, limited, last) in enumerate(self.by_rank):
            if k == self.engine.lines - 1:
                paid = np.zeros(len(pieces.orders))
            elif len(self.engine.keep):
                until = np.minimum(last, self.engine.dividends.gone[pieces.entry - 1])
                paid = self._of_those_who_stay(k, pieces, until)
            else:
                paid = pieces.orders * limited
            found.append(self._parts(k, pieces) * paid)
        return self._joined(found)

    @cached_property
    def dividends(self) -> Floats:
        """Yuan of dividends that the orders of each entry tick were paid, shape (ticks,)."""
        paid = self.dividends_by_piece
        of_points = np.bincount(self.pieces.entry, weights=paid, minlength=self.ticks + 1)[1:]
        return of_points + self.with_units_alone("received")

    def with_units_alone(self, name: str) -> Floats:
        """Of those beyond the cap on points who were given units: see Record; shape (ticks,)."""
        fates = self.engine.dividends.fates
        found: Floats = sum((getattr(fate, name) for fate in fates), np.zeros(self.ticks))
        return found

    def complete(self, record: Record) -> None:
        """Of a quota shared with points: what dividends alone did; the rest is with the points."""
        engine, ticks = self.engine.dividends, np.arange(1, self.ticks + 1)
        record.received = self.dividends
        alone = self.with_units_alone
        record.held_value, record.even = alone("held_value"), alone("even")
        record.exits = alone("exits")
        record.departed = np.zeros(self.ticks)
        if engine.without_points:
            left = self.cohorts["left"].reindex(ticks, fill_value=0.0)
            record.departed = left.to_numpy(dtype=float) + alone("departed")
        quota = self.engine.quota
        record.promised = engine.promised(quota) if quota else alone("promised")
        record.holders = np.array(engine.log["holders"])
        held = np.bincount(
            self.pieces.entry, weights=self.fate.held_orders, minlength=self.ticks + 1
        )[1:]
        record.held = held.astype(float) + alone("held")
        last = self.cohorts["exit_tick"].reindex(ticks).fillna(0)
        record.exit_tick = last.to_numpy(dtype=float)

    def _last_exits(self, last: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """See :meth:`PointsResult._last_exits`; those with units alone are there too."""
        joined = self._per_tick["joined"]
        claims = np.frombuffer(self.engine.credited, dtype=float)
        for fate in self.engine.dividends.fates:
            some = fate.orders > 0.0
            out = np.where(fate.held > 0.0, np.inf, fate.exit_tick)
            out = np.where(out > 0.0, out, self.engine.dividends.gone + 1)
            last = np.where(some, np.maximum(last, out), last)
        if self.engine.dividends.without_points:
            orders = self.engine.dividends.sums.orders
            claims = claims + orders[1]
        return last, joined > claims + WHOLE
