"""How long every preset takes over five years of days: ``python -m benchmarks.schemes``.

Each beside a plain points pool in the same run; the panels' other figures (who funded whom) apart.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.model import in_turn
from benchmarks.report import Report, Row, ratio, spread
from model import load, presets, simulate
from model.result import Result

DAYS = 1825
#: The most a preset may take without a recruitment tree, milliseconds.
BAR = 30.0
PLAIN = "wine-points"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.schemes", description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="timed runs of each (default 9)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    asked = parser.parse_args()
    runs = min(max(asked.runs, 3), 50)
    report = Report(f"Every preset, {DAYS} days: best and median of {runs} runs")
    schemes = {name: load(name, {"horizon": DAYS}) for name in presets()}
    done: dict[str, list[Result]] = {name: [] for name in schemes}
    jobs: dict[str, Callable[[], Any]] = {}
    for name, scheme in schemes.items():
        jobs[name] = lambda scheme=scheme: simulate(scheme)
        jobs[f"{name}+tables"] = lambda scheme=scheme: _tables(simulate(scheme))
        jobs[f"{name}+new"] = lambda name=name, scheme=scheme: done[name].append(simulate(scheme))
        # A result keeps what it has worked out: each is asked the first time.
        jobs[f"{name}+who"] = lambda name=name: done[name].pop().exit_split(24)
    times = in_turn(jobs, runs)
    report.samples["schemes"] = times
    for name in schemes:
        report.add(Row(name, spread(times[name]), held="best", most=BAR))
        report.add(Row("  with its tables", spread(times[f"{name}+tables"])))
        report.add(Row("  who funded whom", spread(times[f"{name}+who"])))
        if name != PLAIN:
            report.add(Row(f"  to {PLAIN}", ratio(times[name], times[PLAIN]), unit="times"))
    return report.finish(to=asked.json, check=asked.check)


def _tables(result: Result) -> Result:
    assert len(result.series) == DAYS
    assert abs(result.cohorts["received"].sum() - result.series["paid_out"].sum()) <= 1e-6 * max(
        1.0, result.series["paid_out"].sum()
    ), "what was paid is not what was received"
    return result


if __name__ == "__main__":
    sys.exit(main())
