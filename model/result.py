"""What a run produced: series, cohorts and flows as DataFrames with units."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from model import funding
from model.arrays import Floats
from model.ran import Ran


class Result(Ran):
    """One run. Tables are made when they are first asked for."""

    # -- per tick ------------------------------------------------------------------------------

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a tick, index ``tick`` from 1.

        orders: orders placed. sales: yuan spent. pool: yuan in the pools at the end. points: points
        in circulation; where there is no points pool, live dividend units, or yuan of credit or
        refunds that are still to come. price: yuan a point; where there is none, yuan a unit was
        paid on the tick, or the part of what was due that was paid. paid_in: yuan into the pools.
        paid_out: yuan paid to buyers, after the fee. fees: yuan kept back. promised: yuan that
        orders still waiting have been told they will get. holders: orders that still wait. exits:
        orders paid off. With several mechanisms money adds up; points, price, holders and exits are
        the first one's.
        """
        if self.points is not None and not self.records:
            return self.points.series
        main = self._main()
        return pd.DataFrame(
            {
                "orders": self.line.orders.astype(np.int64),
                "sales": self.line.sales,
                "pool": self._sum("pool"),
                "points": main["points"],
                "price": main["price"],
                **{name: self._sum(name) for name in ("paid_in", "paid_out", "fees")},
                "promised": self._promised(),
                "holders": main["holders"],
                "exits": main["exits"],
            },
            index=pd.RangeIndex(1, self.ticks + 1, name="tick"),
        )

    def _main(self) -> dict[str, Any]:
        """Points, price, holders and exits of the first mechanism."""
        if self.points is not None:
            series = self.points.series
            return {
                name: series[name].to_numpy() for name in ("points", "price", "holders", "exits")
            }
        if not self.records:
            none = np.zeros(self.ticks)
            return {"points": none, "price": none, "holders": none, "exits": none}
        first = self.records[0]
        return {
            "points": first.units,
            "price": first.price,
            "holders": first.holders,
            "exits": first.exits,
        }

    def _promised(self) -> Floats:
        if self.shared is not None and self.shared.engine.quota:
            # The quota is one, and what dividends have paid is taken off it.
            shared = self.record(self.scheme.sharing[0].name).promised
            others = [r.promised for r in self.records if r.name != self.scheme.sharing[0].name]
            return shared + sum(others, np.zeros(self.ticks))
        return self._sum("promised")

    def _sum(self, name: str) -> Floats:
        total = np.zeros(self.ticks)
        if self.points is not None:
            total = total + self.points.series[name].to_numpy(dtype=float)
        for record in self.records:
            total = total + getattr(record, name)
        return total

    @cached_property
    def flows(self) -> pd.DataFrame:
        """tick, source, target, reason, amount (yuan): every payment, sales before the fee."""
        return self.ledger.table()

    # -- per order -----------------------------------------------------------------------------

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """One row an entry tick, index ``tick``; totals of everybody who ordered on it.

        buyers: orders placed. spent: yuan. received: yuan in cash, after fees, no commissions.
        held_value: yuan their remaining points are worth at the last price, before the fee, and
        what the other rules still owe them. exit_tick: the tick on which the last of them left,
        missing while anybody is left. left: orders paid off. even: orders that were paid at least
        what they had spent; where several mechanisms pay, by the average order. paper_even: orders
        still waiting whose points would pay it back if sold now, alone. goods: yuan of points used
        for goods or swapped. commission: yuan they were paid as recruiters, if every earlier order
        is equally likely to have brought a new one.
        """
        recruiters = self._to_recruiters()
        if self.points is not None and not self.records:
            table = self.points.cohorts
            if recruiters is None:
                return table
            return table.assign(commission=recruiters[table.index.to_numpy() - 1])
        line = self.line
        columns: dict[str, Any] = {
            name: np.zeros(self.ticks)
            for name in ("received", "held_value", "left", "even", "paper_even", "goods")
        }
        exits: list[Floats] = []
        open_ = np.zeros(self.ticks, dtype=bool)  # somebody may still be paid
        for record in self.records:
            for name in ("received", "held_value", "even"):
                columns[name] = columns[name] + getattr(record, name)
            columns["left"] = np.maximum(columns["left"], record.departed)
            exits.append(record.exit_tick)
            # A rule that gave nothing from the start keeps nobody waiting for another.
            open_ |= (record.exit_tick == 0) & (record.held > 0)
        if self.points is not None:
            own = self.points.cohorts.reindex(np.arange(1, self.ticks + 1), fill_value=0)
            for name in ("received", "held_value", "even", "paper_even", "goods"):
                columns[name] = columns[name] + own[name].to_numpy(dtype=float)
            columns["left"] = np.maximum(columns["left"], own["left"].to_numpy(dtype=float))
            exits.append(own["exit_tick"].fillna(0).to_numpy(dtype=float))
            open_ |= exits[-1] == 0
        spent = line.sales
        # Points and dividends under one quota know it of each rank by itself.
        counted = self.shared is not None and len(self.records) == 1
        if len(exits) > 1 and not counted:
            # Who is even by two rules together was paid the price by their sum.
            together = columns["received"] >= spent * (1 - 1e-9)
            columns["even"] = np.where(
                together & (spent > 0), line.orders, np.minimum(columns["even"], line.orders)
            )
        last = np.zeros(self.ticks)
        if exits:
            last = np.where(open_, 0.0, np.max(exits, axis=0))
        table = pd.DataFrame(
            {
                "buyers": line.orders.astype(np.int64),
                "spent": spent,
                "received": columns["received"],
                "held_value": columns["held_value"],
                "exit_tick": pd.array(last.astype(np.int64), dtype="Int64"),
                "left": columns["left"],
                "even": columns["even"],
                "paper_even": columns["paper_even"],
                "goods": columns["goods"],
            },
            index=pd.RangeIndex(1, self.ticks + 1, name="tick"),
        )
        table.loc[last == 0, "exit_tick"] = pd.NA
        if recruiters is not None:
            table["commission"] = recruiters
        return table[table["buyers"] > 0]

    def _to_recruiters(self) -> Floats | None:
        """Yuan that the orders of each tick were paid as recruiters; None where nobody is."""
        paid = [engine.by_cohort() for engine in self.engines.beside]
        return next((one for one in paid if one is not None), None)

    def paid_to(self, tick: int) -> Floats:
        """Cash that the average order of entry tick ``tick`` has had by each tick, yuan, (ticks,).

        Of the rules beside a points pool. Raises ValueError for a tick without orders.
        """
        if not 1 <= tick <= self.ticks or self.line.orders[tick - 1] <= 0:
            raise ValueError(f"tick: {tick} is not a tick with orders; allowed: 1 to {self.ticks}")
        total: Floats = np.cumsum(funding.paid_to(self, tick - 1)) / self.line.orders[tick - 1]
        return total

    # -- whose money ---------------------------------------------------------------------------

    def funding(self, method: str = "own", bins: int = 24) -> pd.DataFrame:
        """Who paid whom, yuan; see :func:`model.funding.funding`."""
        return funding.funding(self, method=method, bins=bins)

    def exit_split(self, bins: int = 24) -> pd.DataFrame:
        """What leavers were paid by whose money it was; see :func:`model.funding.exit_split`."""
        return funding.exit_split(self, bins=bins)

    # -- headline figures ----------------------------------------------------------------------

    @cached_property
    def totals(self) -> dict[str, float]:
        """Whole-run figures: buyers (orders), spent, received, pool (yuan), even (orders), ..."""
        if self.points is not None and not self.records:
            found = dict(self.points.totals)
        else:
            found = self._totals()
        for engine in self.engines.beside:
            found |= engine.totals()
        return found

    def _totals(self) -> dict[str, float]:
        cohorts, series = self.cohorts, self.series
        outside = sum(
            float(flow.amount.sum())
            for flow in self.ledger.flows
            if flow.source in {"outside", "advertisers", "owners", "agents"}
        )
        contributions = sum(
            float(flow.amount.sum())
            for flow in self.ledger.flows
            if flow.reason == "order" and flow.target in self._pool_accounts
        )
        return {
            "buyers": float(self.line.orders.sum()),
            "spent": float(self.line.sales.sum()),
            "contributions": contributions,
            "outside": outside,
            "received": float(cohorts["received"].sum()),
            "fees": float(series["fees"].sum()),
            "debt_paid": self.points.totals["debt_paid"] if self.points is not None else 0.0,
            "left": float(cohorts["left"].sum()),
            "forced": self.points.totals["forced"] if self.points is not None else 0.0,
            "even": float(cohorts["even"].sum()),
            "paper_even": float(cohorts["paper_even"].sum()),
            "holders": float(series["holders"].iloc[-1]),
            "held": float(cohorts["held_value"].sum()),
            "pool": float(series["pool"].iloc[-1]),
            "points": float(series["points"].iloc[-1]),
            "price": float(series["price"].iloc[-1]),
        }

    @cached_property
    def _pool_accounts(self) -> Sequence[str]:
        """The ledger's names for the mechanisms' pools."""
        return [self.account_of(m.name) for m in self.scheme.mechanisms if m.has_pool]
