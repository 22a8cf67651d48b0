"""How long the model takes: ``python -m benchmarks.model``.

Everything is measured in one process, the runs to be compared in turn; radCAD measures itself in a
process beside it (see ``radcad_pool.py``).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import Report, Row, ratio, spread
from model import load, simulate
from model.preset import PRESETS
from model.result import Result
from model.scheme import Scheme

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-bench"
PINS = Path(__file__).resolve().parent / "requirements.txt"
DAYS = 5 * 365
ORDERS = 100_000_000
FEW = 10_000


def five_years(orders: int, exit_multiple: float | None) -> Scheme:
    """Five years of days with so many orders in all."""
    return load(
        "wine-points",
        set={
            "tick": "day",
            "horizon": DAYS,
            "demand.kind": "steady",
            "demand.orders_per_tick": orders / DAYS,
            "points_pool.exit_multiple": exit_multiple,
        },
    )


def order_by_order() -> Scheme:
    """Ten thousand ticks of one order with forced exits."""
    return load("local-life-points", set={"tick": "order", "horizon": 10_000})


def in_turn(jobs: dict[str, Callable[[], Any]], runs: int) -> dict[str, list[float]]:
    """Milliseconds of each job, one after the other ``runs`` times, after two rounds of warming.

    Each turn calls a job twice and times the second: a job of half a millisecond would otherwise be
    charged for what the long job before it has left in the processor's caches.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(runs + 2):
        for name, job in jobs.items():
            job()
            start = time.perf_counter()
            job()
            if number >= 2:
                times[name].append((time.perf_counter() - start) * 1e3)
    return times


def check_the_runs(many: Scheme, few: Scheme, forced: Scheme, single: Scheme) -> None:
    """What is measured is what is claimed."""
    for scheme, orders in ((many, ORDERS), (few, FEW), (forced, ORDERS), (single, 10_000)):
        series = simulate(scheme).series
        assert abs(int(series["orders"].sum()) - orders) <= 1, "not the number of orders claimed"
        exits = float(series["exits"].sum())
        assert (exits > 0) == (scheme.pool.exit_multiple is not None), "exits are not as claimed"


def our_own(report: Report, runs: int) -> None:
    many, few = five_years(ORDERS, None), five_years(FEW, None)
    forced, single = five_years(ORDERS, 2.0), order_by_order()
    check_the_runs(many, few, forced, single)
    done: list[Result] = []
    jobs: dict[str, Callable[[], Any]] = {
        "many": lambda: simulate(many),
        "few": lambda: simulate(few),
        "many+series": lambda: simulate(many).series,
        "forced": lambda: simulate(forced),
        "forced+series": lambda: simulate(forced).series,
        "single": lambda: simulate(single),
        "single+series": lambda: simulate(single).series,
        "again": lambda: done.append(simulate(forced)),
        # A result keeps what it has worked out: each of these is asked the first time.
        "funding": lambda: done.pop().funding(method="own", bins=24),
        "load": lambda: load("wine-points"),
        "load file": lambda: load(PRESETS / "wine-points.toml"),
    }
    times = in_turn(jobs, runs)
    report.samples["model"] = times
    days = f"{DAYS} days, {ORDERS:,} orders"
    for what, name, most in (
        (f"{days}, no exits", "many", 10.0),
        ("  with its table (.series)", "many+series", None),
        (f"{days}, forced exits", "forced", 25.0),
        ("  with its table (.series)", "forced+series", None),
        ("  who funded whom (own, 24 bins)", "funding", None),
        ("10,000 ticks of one order, forced exits", "single", 50.0),
        ("  with its table (.series)", "single+series", None),
        ("a preset by name", "load", None),
        ("a preset from its file", "load file", None),
    ):
        held = "best" if most is not None else None
        report.add(Row(what, spread(times[name]), held=held, most=most))
    ratios = ratio(times["many"], times["few"])
    report.add(Row(f"{ORDERS:,} orders to {FEW:,}", ratios, unit="times", held="median", most=1.5))


# -- radCAD --------------------------------------------------------------------


def python_for_radcad() -> str | None:
    """A Python that radCAD's pins install on: 3.11 or 3.12."""
    if sys.version_info[:2] in {(3, 11), (3, 12)}:
        return sys.executable
    return shutil.which("python3.12") or shutil.which("python3.11")


def environment() -> Path:
    """The Python of .venv-bench, which is made if the pins have changed or it is not there."""
    python = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    mark = VENV / "installed.txt"
    wanted = PINS.read_text(encoding="utf-8")
    if python.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
        return python
    base = python_for_radcad()
    assert base is not None
    print(f"Installing radCAD in {VENV.name} (once) ...", file=sys.stderr, flush=True)
    subprocess.run([base, "-m", "venv", "--clear", str(VENV)], check=True, timeout=120)
    (VENV / ".gitignore").write_text("*\n", encoding="utf-8")
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(PINS)],
        check=True,
        timeout=600,
    )
    mark.write_text(wanted, encoding="utf-8")
    return python


@contextmanager
def radcad(scheme: Scheme) -> Iterator[Callable[[str], dict[str, Any]]]:
    """A process that runs the scheme in radCAD; call with a word for one run, with "" to end."""
    setting = {
        "share": scheme.pool.share,
        "spend": scheme.order.spend,
        "gift": scheme.pool.gift,
        "launch_price": scheme.pool.launch_price,
        "orders": scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=False).tolist(),
    }
    script = Path(__file__).resolve().parent / "radcad_pool.py"
    process = subprocess.Popen(
        [str(environment()), str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    watch = threading.Timer(300, process.kill)  # it must not keep us waiting for ever
    watch.start()

    def ask(word: str) -> dict[str, Any]:
        process.stdin.write(word + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the radCAD process ended early")
        return json.loads(line)

    try:
        process.stdin.write(json.dumps(setting) + "\n")
        yield ask
    finally:
        watch.cancel()
        process.kill()
        process.wait()


def against_radcad(report: Report, runs: int) -> None:
    """Ours and radCAD in turn, on the same recurrence; the results must agree."""
    scheme = five_years(ORDERS, None)
    times: dict[str, list[float]] = {
        name: [] for name in ("ours", "ours+series", "usual", "usual+table", "lean", "lean+table")
    }
    with radcad(scheme) as ask:
        for number in range(runs + 2):
            theirs = ask("run")
            start = time.perf_counter()
            result = simulate(scheme)
            run = time.perf_counter()
            series = result.series
            end = time.perf_counter()
            if number < 2:
                continue
            times["ours"].append((run - start) * 1e3)
            times["ours+series"].append((end - start) * 1e3)
            for name in ("usual", "lean"):
                times[name].append(theirs[name]["run"] * 1e3)
                times[f"{name}+table"].append(theirs[name]["table"] * 1e3)
        table = ask("")
    worst = max(
        float(np.max(np.abs(np.array(table[name]) / series[name].to_numpy() - 1)))
        for name in ("pool", "points", "price")
    )
    assert worst < 1e-9, f"radCAD and the model differ by {worst:.1e}"
    report.samples["radcad"] = times
    for what, name in (
        ("the same in radCAD: policy and updates", "usual"),
        ("  with its table", "usual+table"),
        ("the same in radCAD, stripped", "lean"),
        ("ours, in turn with it", "ours"),
        ("  with its table", "ours+series"),
    ):
        report.add(Row(what, spread(times[name])))
    for what, theirs, ours, least in (
        ("radCAD to ours", "usual", "ours", 3.0),
        ("  with tables", "usual+table", "ours+series", None),
        ("radCAD stripped to ours", "lean", "ours", None),
    ):
        ratios = ratio(times[theirs], times[ours])
        held = "median" if least is not None else None
        report.add(Row(what, ratios, unit="times", held=held, least=least))
    report.notes.append(
        f"radCAD and the model agree to {worst:.0e} in pool, points and price on every day."
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="timed runs of each (default 15)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--no-radcad", action="store_true", help="leave the comparison out")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    asked = parser.parse_args()
    runs = min(max(asked.runs, 3), 200)
    report = Report("The model: best and median of " + f"{runs} runs")
    our_own(report, runs)
    if asked.no_radcad:
        report.notes.append("The comparison with radCAD was left out.")
    elif python_for_radcad() is None:
        report.notes.append("radCAD was left out: its pins need Python 3.11 or 3.12.")
    else:
        against_radcad(report, runs)
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
