"""Golden tables: each preset at its default settings, in a few dozen rows.

They notice a change of results that nobody meant. When results are meant to change, run

    python -m tests.model.golden

from the top of the repository, look at the difference and commit it with its reason.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from model import load, presets, simulate
from model.result import Result

FOLDER = Path(__file__).resolve().parent / "golden"
COLUMNS = [
    "orders", "sales", "pool", "points", "price", "paid_in", "paid_out", "fees", "promised",
    "holders", "exits",
]  # fmt: skip
#: Beside the defaults: each preset with everything else that can happen in a points pool.
BUSY = {
    "behaviour.sell_share": 0.004,
    "behaviour.take_profit": 0.9,
    "behaviour.take_profit_share": 0.3,
    "behaviour.panic_growth": 0.02,
    "behaviour.panic_share": 0.05,
    "points_pool.outside": [[40, 250_000.0]],
    "points_pool.debt": 100_000.0,
    "points_pool.debt_tick": 60,
    "points_pool.debt_batches": 3,
    "points_pool.redeem_share": 0.001,
    "points_pool.swap_share": 0.001,
    "points_pool.swap_back_share": 0.02,
    "demand.kind": "growing",
    "demand.growth": 0.005,
    "demand.stop_tick": 300,
}


def runs() -> Iterator[tuple[str, Result]]:
    """The name of each table and its run."""
    for name in presets():
        yield name, simulate(load(name))
        yield f"{name}-busy", simulate(load(name, set=BUSY))


def rows(result: Result) -> Iterator[tuple[str, str, float]]:
    """(table, row, value): the series at some thirty ticks, a dozen cohorts, the totals."""
    ticks = np.unique(np.geomspace(1, result.ticks, 12).round().astype(int)).tolist()
    ticks = sorted({*ticks, *np.linspace(1, result.ticks, 13).round().astype(int).tolist()})
    for tick in ticks:
        for column in COLUMNS:
            yield f"series.{column}", str(tick), float(result.series.loc[tick, column])
    cohorts = result.cohorts
    for tick in cohorts.index[np.linspace(0, len(cohorts) - 1, 12).round().astype(int)]:
        for column in ("buyers", "spent", "received", "held_value", "left", "even", "goods"):
            yield f"cohorts.{column}", str(tick), float(cohorts.loc[tick, column])
        gone = cohorts.loc[tick, "exit_tick"]
        yield "cohorts.exit_tick", str(tick), 0.0 if pd.isna(gone) else float(gone)
    flows = result.flows.groupby(["source", "target", "reason"], observed=True)["amount"].sum()
    for key, amount in flows.items():
        yield "flows", " > ".join(str(word) for word in key), float(amount)
    for key, amount in result.totals.items():
        yield "totals", key, float(amount)


def main() -> None:
    """Write the tables anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.csv"):
        old.unlink()
    for name, result in runs():
        with (FOLDER / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(["table", "row", "value"])
            for what, row, value in rows(result):
                table.writerow([what, row, f"{value:.12g}"])


if __name__ == "__main__":
    main()
