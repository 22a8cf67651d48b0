"""How long a tree of a million members takes: ``python -m benchmarks.tree``.

The tree is drawn anew for every run: what it keeps of its levels must not make the next run faster.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.report import Report, Row, spread
from model.recruitment import (
    MAX_MEMBERS,
    STEPS,
    Spread,
    Tree,
    build,
    generation_sums,
    play,
    team_sums,
)

JOINING = 365
DAYS = 2 * 365
STARS = (
    (50_000.0, 0.10),
    (200_000.0, 0.20),
    (600_000.0, 0.26),
    (2_000_000.0, 0.32),
    (6_000_000.0, 0.38),
    (15_000_000.0, 0.44),
    (30_000_000.0, 0.50),
)


def a_year_of_growth() -> np.ndarray:
    """A million members within a year, 1 % more every day."""
    weight = np.exp(0.01 * np.arange(JOINING))
    until = np.floor(np.cumsum(weight) / weight.sum() * MAX_MEMBERS + 1e-6)
    return np.diff(until, prepend=0).astype(np.int64)


def pay(tree: Tree, price: np.ndarray, *, bare: bool) -> Spread:
    """Green points for two years, with everything or with the members' own orders only."""
    return play(
        tree,
        price=price,
        credit=3 * price,
        daily=0.012 * price,
        acceleration=() if bare else (0.5, 0.3),
        stars=() if bare else STARS,
        ticks=DAYS,
        # Less and less of what is due is paid, so that credits last to the end.
        factor=np.linspace(1.0, 0.1, DAYS),
    )


def check(tree: Tree, price: np.ndarray, found: Spread) -> None:
    """What is measured is what is claimed."""
    assert tree.members == MAX_MEMBERS, "not the number of members claimed"
    assert min(found.by_kind().values()) > 0, "a kind of income is missing"
    assert np.all(found.received <= 3 * price), "somebody got more than the credit"


def measure(report: Report, runs: int) -> None:
    joins = a_year_of_growth()
    packages = np.array([3000.0, 9000.0, 27_000.0, 51_000.0])
    price = np.random.default_rng(1).choice(packages, p=[0.6, 0.25, 0.1, 0.05], size=MAX_MEMBERS)
    names = (
        "drawn",
        "drawn (pull)",
        "levels",
        "paid",
        "all",
        "bare",
        "generations",
        "team",
        "table",
    )
    times: dict[str, list[float]] = {name: [] for name in names}
    tree, found = build(joins=joins, seed=0), None

    def timed(name: str, start: float) -> None:
        times[name].append((time.perf_counter() - start) * 1e3)

    for number in range(runs + 1):
        start = time.perf_counter()
        build(joins=joins, seed=number, pull=1.0)
        timed("drawn (pull)", start)
        whole = start = time.perf_counter()
        tree = build(joins=joins, seed=number)
        timed("drawn", start)
        start = time.perf_counter()
        _ = tree.levels
        timed("levels", start)
        start = time.perf_counter()
        found = pay(tree, price, bare=False)
        timed("paid", start)
        timed("all", whole)
        check(tree, price, found)
        start = time.perf_counter()
        found.table()
        timed("table", start)
        start = time.perf_counter()
        pay(tree, price, bare=True)
        timed("bare", start)
        start = time.perf_counter()
        generation_sums(tree, price, generations=2)
        timed("generations", start)
        start = time.perf_counter()
        team_sums(tree, price)
        timed("team", start)
        if number == 0:  # the first round only warms up
            for taken in times.values():
                taken.clear()
    report.samples["tree"] = times
    for what, name, most in (
        (f"{MAX_MEMBERS:,} members, {DAYS} days: drawn and paid", "all", 3000.0),
        ("  who recruited whom", "drawn", None),
        ("  the same, those with many recruits find more", "drawn (pull)", None),
        ("  laid out level by level", "levels", None),
        (f"  paid in {STEPS} steps, faster by recruits and with stars", "paid", None),
        ("  paid, own orders only", "bare", None),
        ("sums over two generations", "generations", None),
        ("sums over whole teams", "team", None),
        ("table of who got how much", "table", None),
    ):
        held = "best" if most is not None else None
        report.add(Row(what, spread(times[name]), held=held, most=most))
    report.notes.append(f"{len(tree.levels.bounds) - 1} levels in the last tree.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tree", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if the bar is missed")
    asked = parser.parse_args()
    runs = min(max(asked.runs, 3), 50)
    report = Report(f"The recruitment tree: best and median of {runs} runs")
    measure(report, runs)
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
