"""Golden tables: each preset at its default settings, in a few dozen rows.

They notice a change of results that nobody meant. For a new preset run

    python -m tests.model.golden

from the top of the repository, which touches nothing that is there; a preset without tables is no
error. Where results are meant to change, name the presets (or ``--all``), look at the difference
and commit it with its reason.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model import load, presets, simulate
from model.library import preset
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.refund_queue import RefundQueue
from model.result import Result

FOLDER = Path(__file__).resolve().parent / "golden"
COLUMNS = [
    "orders", "sales", "pool", "points", "price", "paid_in", "paid_out", "fees", "promised",
    "holders", "exits",
]  # fmt: skip
#: Beside the defaults: each preset with everything else that can happen in a scheme like it.
GROWING = {"demand.kind": "growing", "demand.growth": 0.005, "demand.stop_tick": 300}
BUSY: dict[str, dict[str, Any]] = {
    "points_pool": {
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
        **GROWING,
    },
    "dividend_pool": {
        "behaviour.sell_share": 0.002,
        "dividend_pool.interval": 3,
        "dividend_pool.referral_rate": 0.1,
        "dividend_pool.issue_cap": 300_000,
        "dividend_pool.quota_multiple": 0.4,
        "dividend_pool.divided_over": "all",
        "horizon": 730,
        **GROWING,
    },
    "scheduled_release": {
        "behaviour.sell_share": 0.002,
        "scheduled_release.first_generation": 0.4,
        "scheduled_release.second_generation": 0.2,
        "platform.withdrawal_fee": 0.05,
        "platform.capital": 100_000.0,
        "order.parts.platform": 0.1,
        **GROWING,
    },
    "refund_queue": {
        "behaviour.sell_share": 0.002,
        "refund_queue.advance": 0.1,
        "refund_queue.advance_payer": "platform",
        "refund_queue.refund": 1.2,
        "platform.capital": 100_000.0,
        "order.parts.platform": 0.05,
        **GROWING,
    },
    "commission": {
        "commission.direct": 0.02,
        "commission.indirect": 0.01,
        "commission.districts": 3,
        "commission.provinces": 1,
        "commission.bonuses": 0.01,
        "commission.prizes": 0.005,
        "commission.circle": 0.4,
        "order.parts.distribution": 0.03,
        **GROWING,
    },
}
#: Where one quota is shared, only what goes with it.
SHARED = {
    key: value
    for key, value in {**BUSY["points_pool"], "points_pool.fee": 0.1}.items()
    if not key.startswith("behaviour.take_profit")
} | {"dividend_pool.referral_rate": 0.1, "horizon": 400}
#: Whoever promises what the money does not pay has one of these policies.
POLICIES = ("stop", "cut", "raise_fee", "raise_minimum")


def kept() -> list[str]:
    """The presets that have tables."""
    return [name for name in presets() if (FOLDER / f"{name}.csv").is_file()]


def runs(names: Iterable[str]) -> Iterator[tuple[str, Result]]:
    """The name of each table of these presets, and its run."""
    for name in names:
        scheme = load(name)
        yield name, simulate(scheme)
        busy = SHARED if scheme.sharing else BUSY[preset(name).family]
        weekly = scheme.first("dividend_pool")
        if isinstance(weekly, DividendPool) and weekly.levels:  # many units to an order
            busy = {**busy, "dividend_pool.issue_cap": None, "dividend_pool.quota_multiple": 0.04}
        release, queue = scheme.first("scheduled_release"), scheme.first("refund_queue")
        if release is None and (not isinstance(queue, RefundQueue) or queue.rule == "pool"):
            yield f"{name}-busy", simulate(load(name, set=busy))
            continue
        for policy in POLICIES if release is not None else POLICIES[:2]:
            changes = {**busy, "platform.policy": policy}
            yield f"{name}-{policy.replace('_', '-')}", simulate(load(name, set=changes))


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
        if "commission" in cohorts:
            yield "cohorts.commission", str(tick), round(float(cohorts.loc[tick, "commission"]), 6)
        gone = cohorts.loc[tick, "exit_tick"]
        yield "cohorts.exit_tick", str(tick), 0.0 if pd.isna(gone) else float(gone)
    flows = result.flows.groupby(["source", "target", "reason"], observed=True)["amount"].sum()
    for key, amount in flows.items():
        yield "flows", " > ".join(str(word) for word in key), float(amount)
    for key, amount in result.totals.items():
        yield "totals", key, float(amount)
    if result.broken is not None:
        for key in ("tick", "owed", "orders"):
            yield "broken", key, float(getattr(result.broken, key))
    if result.account is not None:
        for tick in ticks:
            yield "account", str(tick), float(result.account.balance[tick - 1])


def main() -> None:
    """Write the tables of new presets, or those of the presets named anew."""
    parser = argparse.ArgumentParser(prog="python -m tests.model.golden", description=__doc__)
    parser.add_argument("preset", nargs="*", help="whose tables to renew")
    parser.add_argument("--all", action="store_true", help="renew all of them")
    asked = parser.parse_args()
    new = [name for name in presets() if name not in kept()]
    for name, result in runs(presets() if asked.all else asked.preset or new):
        with (FOLDER / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(["table", "row", "value"])
            for what, row, value in rows(result):
                table.writerow([what, row, f"{value:.12g}"])


if __name__ == "__main__":
    main()
