"""Order volume over time."""

from __future__ import annotations

from math import exp, log
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import field_validator

from model.fields import Frozen, param, plain

#: More orders a tick than anybody will place; growth stops here so that a run stays bounded.
MAX_ORDERS_PER_TICK = 1e9


class Demand(Frozen):
    """How many orders arrive in each tick.

    ``steady``: the same number. ``growing``: the number grows by ``growth`` a tick. ``saturating``:
    logistic growth that levels off when ``population`` orders have been placed. ``list``: the
    numbers in ``orders``, then none. Each kind starts with ``orders_per_tick`` on the first tick
    (but for a list) and ends after ``stop_tick`` if that is set.
    """

    kind: Literal["steady", "growing", "saturating", "list"] = param(
        "steady",
        unit="choice",
        label="Order volume",
        help="How the number of orders develops.",
    )
    orders_per_tick: float = param(
        100.0,
        unit="orders",
        ge=0.001,
        le=MAX_ORDERS_PER_TICK,
        step=10,
        slider=(10, 10_000),
        label="Orders a day",
        help="Orders on the first day (and on every day, if the volume is steady).",
    )
    growth: float = param(
        0.0,
        unit="share",
        gt=-1,
        le=1,
        step=0.001,
        slider=(-0.02, 0.05),
        label="Growth of orders a day",
        help="By how much the number of orders grows from one day to the next.",
    )
    population: float = param(
        1_000_000.0,
        unit="orders",
        ge=1,
        le=1e12,
        step=1,
        label="Orders at which the market is full",
        help="With saturating volume: no more orders than this are ever placed.",
    )
    stop_tick: int | None = param(
        None,
        unit="ticks",
        ge=1,
        le=10_000,
        step=1,
        label="Last day with orders",
        help="After this day nobody orders any more.",
    )
    orders: tuple[float, ...] = param(
        (),
        unit="list",
        label="Orders of each day",
        help="With a list: the number of orders of each day in turn; none after the last.",
    )

    @field_validator("orders")
    @classmethod
    def _sensible(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) > 10_000:
            raise ValueError("at most 10000 numbers")
        if any(not 0 <= number <= MAX_ORDERS_PER_TICK for number in value):
            raise ValueError(f"every number between 0 and {plain(MAX_ORDERS_PER_TICK)}")
        return value

    def whole_orders(self, *, ticks: int, one_per_tick: bool) -> npt.NDArray[np.int64]:
        """Whole orders in each of ``ticks`` ticks, shape (ticks,), in orders.

        Fractions are carried over, so that half an order a day is one order every other day.
        ``one_per_tick`` makes every tick one order and keeps only ``stop_tick``.
        """
        day = np.arange(ticks, dtype=float)
        if one_per_tick:
            volume = np.ones(ticks)
        elif self.kind == "steady":
            volume = np.full(ticks, self.orders_per_tick)
        elif self.kind == "growing":
            log_volume = np.log(self.orders_per_tick) + day * np.log1p(self.growth)
            volume = np.exp(np.minimum(log_volume, np.log(MAX_ORDERS_PER_TICK)))
        elif self.kind == "saturating":
            volume = np.diff(self._logistic(np.arange(ticks + 1, dtype=float)))
        else:
            volume = np.zeros(ticks)
            given = self.orders[:ticks]
            volume[: len(given)] = given
        if self.stop_tick is not None:
            volume[self.stop_tick :] = 0.0
        # The small nudge keeps 0.1 * 10 a whole order in spite of rounding.
        total = np.floor(np.cumsum(volume) * (1 + 1e-12) + 1e-9)
        return np.diff(total, prepend=0.0).astype(np.int64)

    def through(self, total: float, *, ticks: int, growth: float) -> Demand:
        """The same kind of volume with another ``growth`` and still ``total`` orders in all.

        The number of the first day is what gives; as near to ``total`` as its bounds allow.
        """
        low, high = log(0.001), log(MAX_ORDERS_PER_TICK)
        for _ in range(60):
            first = exp((low + high) / 2)
            other = self.model_copy(update={"growth": growth, "orders_per_tick": first})
            placed = other.whole_orders(ticks=ticks, one_per_tick=False).sum()
            low, high = (log(first), high) if placed < total else (low, log(first))
        return other

    def _logistic(self, day: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Orders placed by the end of ``day`` if growth is logistic and the first day's are given.

        dC/dt = growth C (1 - C / population), counted from C = c on and stretched so that the
        population is placed in the end: population s (1 - E) / (s + (1 - s) E), with E = e^(-growth
        day) and s = c / population such that ``orders_per_tick`` are placed by the end of day 1.
        """
        rate = self.growth
        if rate <= 0:  # nothing to level off: the volume fades by itself or stays as it is
            flow = self.orders_per_tick * np.exp(rate * day)
            placed = np.concatenate(([0.0], np.cumsum(flow)[:-1]))
            return np.minimum(placed, self.population)
        first = min(self.orders_per_tick / self.population, 1.0)
        # E / s: what is still to come for each 1 - E, so that no difference loses its digits.
        rest = np.exp(-rate * day) * (1 - first) * np.expm1(rate) / first
        gone = -np.expm1(-rate * day)
        placed = self.population * np.divide(gone, gone + rest, out=gone.copy(), where=gone > 0)
        steps = np.minimum(np.diff(placed, prepend=0.0), MAX_ORDERS_PER_TICK)
        return np.cumsum(steps)
