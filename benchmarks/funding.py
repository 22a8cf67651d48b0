"""How long it takes to say whose money it was: ``python -m benchmarks.funding``.

Every preset over five years of days in 24 stretches under each convention, and points pools also
with people who sell of their own accord. Of a fresh result each time, the run itself not counted;
CPU time of the process.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.report import Report, Row, ratio, spread
from model import load, presets, simulate
from model.funding import METHODS

DAYS = 1825
BINS = 24
#: The most one table may take, milliseconds.
BAR = 10.0
SELLING = {
    "behaviour.sell_share": 0.002,
    "behaviour.take_profit": 1.0,
    "behaviour.take_profit_share": 0.3,
}


def cases() -> dict[str, dict[str, Any]]:
    """The name of each run, and its preset with what is changed."""
    found: dict[str, dict[str, Any]] = {}
    for name in presets():
        found[name] = {"horizon": DAYS}
        scheme = load(name)
        if scheme.points_pool is not None:
            selling = dict(list(SELLING.items())[:1]) if scheme.sharing else SELLING
            found[f"{name}, some sell"] = {"horizon": DAYS, **selling}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.funding", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="timed runs of each (default 7)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if the bar is missed")
    asked = parser.parse_args()
    runs = min(max(asked.runs, 3), 50)
    report = Report(f"Whose money, {DAYS} days in {BINS} stretches: CPU, best and median of {runs}")
    for name, changes in cases().items():
        scheme = load(name.split(",")[0], changes)
        times: dict[str, list[float]] = {"run": [], **{method: [] for method in METHODS}}
        for _ in range(runs):
            for method in METHODS:
                start = process_time()
                result = simulate(scheme)
                between = process_time()
                result.funding(method=method, bins=BINS)
                end = process_time()
                times["run"].append(1000 * (between - start))
                times[method].append(1000 * (end - between))
        report.samples[name] = times
        for method in METHODS:
            report.add(Row(f"{name}: {method}", spread(times[method]), held="best", most=BAR))
        report.add(
            Row("  own to the run itself", ratio(times["own"], times["run"][::3]), unit="times")
        )
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
