"""The engine of a dividend pool: its steps, and what is to be told of them afterwards."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from model.arrays import Floats
from model.mechanisms.base import Record, flow
from model.mechanisms.dividend_pool.afterwards import DividendRun
from model.mechanisms.dividend_pool.paid import GroupFate, PaidDividends

#: Columns of a record that add up over groups.
FATES = ("received", "held_value", "departed", "even", "held", "promised", "exits")


class DividendPoolEngine(DividendRun):
    """Runs a :class:`DividendPool`."""

    def payments(self) -> PaidDividends:
        """Who was paid what on every tick."""
        return PaidDividends(self)

    def record(self, accounts: str) -> Record:
        """What it did, with the pool called ``accounts`` in the ledger."""
        line, ticks = self.line, self.line.ticks
        log = self.log
        paid_in = self.settings.taken * line.sales
        return Record(
            name=self.settings.name,
            kind=self.settings.kind,
            pool=log["pool"],
            paid_in=paid_in,
            paid_out=log["paid"],
            fees=np.zeros(ticks),
            holders=log["holders"],
            units=log["live"],
            price=log["unit"],
            flows=[
                flow("buyers", accounts, "order", paid_in),
                flow(accounts, "buyers", "dividend", log["paid"]),
            ],
            **self._fates(),
        )

    def unclaimed(self) -> Floats | None:
        """Orders without units, or beyond the cap on them; shape (packages, ticks)."""
        rest: Floats = self.line.counts.copy()
        for group, fate in zip(self.groups, self.fates, strict=True):
            rest[group.package.number] -= fate.orders
        np.maximum(rest, 0.0, out=rest)
        return rest

    @cached_property
    def fates(self) -> list[GroupFate]:
        """What became of the cohorts of each group, once the run is over."""
        return [GroupFate(self, k) for k in range(len(self.groups))]

    def _fates(self) -> dict[str, Floats]:
        """What became of the cohorts of all groups; shape (ticks,)."""
        fates = self.fates
        none = np.zeros(self.line.ticks)
        total = {name: sum((getattr(fate, name) for fate in fates), none) for name in FATES}
        exit_tick = np.max([none, *(fate.exit_tick for fate in fates)], axis=0)
        return {**total, "exit_tick": np.where(total["held"] > 0, 0, exit_tick)}
