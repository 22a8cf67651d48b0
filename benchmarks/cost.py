"""Whether a run costs what :mod:`model.cost` says beforehand: ``python -m benchmarks.cost``.

Random settings that an address may hold, of every preset and of schemes of one's own, and from the
costliest of them on further ones that differ in one or two settings: run, tables and whose money it
was. Work is held against a reference run timed in turn with each, memory against what Python counts
while it happens. The estimate should be no lower than what is measured, and not much higher.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import exp, log
from pathlib import Path
from typing import Any

from benchmarks.report import Report, Row
from model import load, presets, simulate
from model.cost import Cost, cost, longest
from model.fields import Parameter
from model.funding import payers
from model.library import preset
from model.preset import SchemeError
from model.result import Result
from model.scheme import MAX_PACKAGES, Scheme, named_parameters
from view.settings import limits

#: What the estimate may be too low, and a factor for the clock, which is not exact.
MOST_WORK, MOST_MEMORY = 1.5, 1.0
#: Runs of less say nothing of the factors.
LEAST_WORK, LEAST_MEMORY = 1.5, 3e6
REFERENCE = "green-points"
OWN = (
    "own:points_pool",
    "own:dividend_pool",
    "own:scheduled_release",
    "own:refund_queue",
    "own:dividend_pool.a+dividend_pool.b+commission",
    "own:points_pool+scheduled_release+refund_queue",
    "own:scheduled_release+refund_queue+commission",
    "own:points_pool+dividend_pool",
)


@dataclass(frozen=True)
class Measured:
    """One run: what it cost, in the units of the estimate."""

    reference: str
    changes: Mapping[str, Any]
    ticks: int
    estimate: Cost
    work: float
    memory: float

    @property
    def by_work(self) -> float:
        return self.work / self.estimate.work

    @property
    def by_memory(self) -> float:
        return self.memory / self.estimate.memory

    def said(self) -> str:
        changed = " ".join(f"{key}={_short(value)}" for key, value in self.changes.items())
        return (
            f"{self.reference} {self.ticks} ticks: work {self.work:.1f} of {self.estimate.work:.1f}"
            f", memory {self.memory / 1e6:.1f} of {self.estimate.memory / 1e6:.1f} MB: {changed}"
        )


def _short(value: object) -> str:
    text = str(value).replace(" ", "")
    return text if len(text) <= 60 else text[:57] + "..."


def asked_for(result: Result) -> None:
    """What a page asks of a run."""
    assert result.totals["buyers"] >= 0
    assert len(result.series) == result.ticks
    assert len(result.ledger.flows)
    assert len(result.cohorts) <= result.ticks
    payers(result, bins=24)


def seconds(scheme: Scheme) -> float:
    """Processor time of a run and what is asked of it."""
    start = time.process_time()
    asked_for(simulate(scheme))
    return time.process_time() - start


class Clock:
    """Processor time in reference runs, one of which is timed before and after each."""

    def __init__(self) -> None:
        self.scheme = load(REFERENCE, {"horizon": 365})
        simulate(self.scheme)

    def reference(self) -> float:
        start = time.process_time()
        simulate(self.scheme)
        return time.process_time() - start

    def work(self, scheme: Scheme, *, times: int = 1) -> float:
        """The least of ``times``, each over the mean of the reference runs beside it."""
        found = []
        for _ in range(times):
            gc.collect()
            before = self.reference()
            spent = seconds(scheme)
            found.append(2 * spent / (before + self.reference()))
        return min(found)


def bytes_used(scheme: Scheme) -> float:
    """The most that was in use at one time, bytes."""
    gc.collect()
    tracemalloc.start()
    try:
        asked_for(simulate(scheme))
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


# -- settings --------------------------------------------------------------------------------------


def value(parameter: Parameter, scheme: Scheme, chance: random.Random) -> Any:
    """Some value of a parameter, an end of what is allowed rather than another."""
    key, now = parameter.key, scheme.get(parameter.key)
    size = len(scheme.order.choices)
    if key == "order.packages":
        return packages(chance.choice((2, 3, MAX_PACKAGES, MAX_PACKAGES)), chance)
    if key.rpartition(".")[2].startswith("package_"):
        low, high = (1, 20) if key.endswith("generations") else (0.5, 4)
        some = [round(chance.uniform(low, high), 2) for _ in range(size)]
        return chance.choice(([], some, some))
    if key.endswith(".stars"):
        return chance.choice(([], [[10, 0.1], [1e5, 0.2], [1e7, 0.5]], [[0, 1]]))
    if key.endswith(".rewards"):
        spend = scheme.order.spend
        return chance.choice(([], [[0, spend / 1000], [spend, spend / 300]], [[0, spend * 10]]))
    if key.endswith(".levels"):
        return chance.choice(([], [[0, 1], [2000, 2]]))
    if key == "demand.orders":
        some = [0, 1, 2, 100, 1e6]
        return [chance.choice(some) for _ in range(chance.choice((10, 300)))]
    if isinstance(now, tuple) or parameter.unit == "list":
        return list(now) if isinstance(now, tuple) else []
    if parameter.minimum is None or parameter.maximum is None:
        return now
    if parameter.optional and chance.random() < 0.25:
        return None
    return number(parameter, whole=parameter.unit in {"ticks", "count"}, chance=chance)


def number(parameter: Parameter, *, whole: bool, chance: random.Random) -> float:
    """An end, an end of the slider, or any number between, each power of ten as likely."""
    low, high = parameter.minimum or 0.0, parameter.maximum or 1.0
    ends = [low, high, *(parameter.slider or ())]
    if chance.random() < 0.5:
        found = float(chance.choice(ends))
    else:
        least = max(low, 1e-4 * min(high, 100), 1e-3)
        found = exp(chance.uniform(log(least), log(max(high, least)))) if high > 0 else low
    if parameter.exclusive_minimum and found <= low:
        found = low + 1e-3
    if parameter.exclusive_maximum and found >= high:
        found = high - 1e-3
    return round(found) if whole else float(f"{found:.3g}")


def packages(size: int, chance: random.Random) -> list[list[float]]:
    """So many packages of different prices, as many buyers of each."""
    prices = [round(chance.choice((1 + 0.5 * k, 2.0**k)), 3) for k in range(size)]
    shares = [1 / size] * size
    return [list(pair) for pair in zip(prices, shares, strict=True)]


def changed(
    reference: str, changes: Mapping[str, Any], chance: random.Random, *, steps: int
) -> dict[str, Any]:
    """The settings with so many of them set anew; those that do not hold are left out."""
    chosen, found = preset(reference), dict(changes)
    known = [p for p in named_parameters(chosen.parts).values() if p.key != "horizon"]
    words = [p for p in known if p.unit == "choice"]
    for _ in range(steps):
        parameter = chance.choice(known)
        try:
            scheme = chosen.scheme(found)
        except SchemeError:
            return dict(changes)
        if parameter in words:
            allowed = choices(reference, parameter.key)
            new = chance.choice(allowed) if allowed else scheme.get(parameter.key)
        else:
            new = value(parameter, scheme, chance)
        tried = {**found, parameter.key: new}
        if parameter.key == "order.packages":
            # Lists that go with the packages.
            lists = [p.key for p in known if p.key.rpartition(".")[2].startswith("package_")]
            tried |= {key: [] for key in lists}
        try:
            chosen.scheme(tried)
        except SchemeError:
            continue
        found = tried
    return found


def choices(reference: str, key: str) -> tuple[str, ...]:
    """The words that a setting may be."""
    from typing import get_args

    from model.scheme import KINDS

    group, _, name = key.rpartition(".")
    chosen = preset(reference)
    kind = {name_: kind for kind, name_ in chosen.parts}.get(group)
    holder: Any = KINDS[kind] if kind else type(chosen.scheme())
    if not kind and group:
        holder = type(getattr(chosen.scheme(), group))
    return get_args(holder.model_fields[name].annotation)


# -- the search ------------------------------------------------------------------------------------


@dataclass
class Search:
    """The costliest settings that are found, beside their estimates."""

    clock: Clock
    chance: random.Random
    most: float
    told: bool = False
    done: list[Measured] = field(default_factory=list)

    def measure(
        self, reference: str, changes: Mapping[str, Any], *, memory: bool, times: int = 1
    ) -> Measured | None:
        """As long as it may be within the bounds, or a part of that."""
        scheme = preset(reference).scheme({**changes, "horizon": self.ticks(reference, changes)})
        estimate = cost(scheme)
        if estimate.work > self.most:
            return None
        found = Measured(
            reference,
            changes,
            scheme.horizon,
            estimate,
            self.clock.work(scheme, times=times),
            bytes_used(scheme) if memory else 0.0,
        )
        self.done.append(found)
        if self.told:
            print(found.said(), file=sys.stderr, flush=True)
        return found

    def ticks(self, reference: str, changes: Mapping[str, Any]) -> int:
        scheme = preset(reference).scheme({**changes, "horizon": 10_000})
        return max(longest(scheme, work=self.most, memory=limits.MEMORY), 1)

    def climb(self, runs: int, *, memory: bool, worst: Callable[[Measured], float]) -> None:
        """Half of the runs anywhere, half beside the worst so far."""
        names = [preset(name).reference for name in presets()]
        for k in range(runs):
            if k < runs // 2 or not self.done:
                pick = self.chance.choice([*names, *OWN])
                changes = changed(pick, {}, self.chance, steps=self.chance.randint(0, 14))
            else:
                best = self.chance.choice(sorted(self.done, key=worst)[-5:])
                pick = best.reference
                changes = changed(pick, best.changes, self.chance, steps=self.chance.randint(1, 3))
            self.measure(pick, changes, memory=memory)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="settings tried (default 200)")
    parser.add_argument("--most", type=float, default=limits.WORK, help="work of one run at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tell", action="store_true", help="every run as it is measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    asked = parser.parse_args()
    clock = Clock()
    report = Report(f"Estimates of work and memory, {asked.runs} settings, seed {asked.seed}")
    for name, memory, worst in (
        ("work", False, lambda one: one.by_work if one.work >= LEAST_WORK else 0.0),
        ("memory", True, lambda one: one.by_memory if one.memory >= LEAST_MEMORY else 0.0),
    ):
        search = Search(clock, random.Random(asked.seed), asked.most, asked.tell)
        search.climb(asked.runs // 2, memory=memory, worst=worst)
        found = sorted(search.done, key=worst)
        ratios = [worst(one) for one in found if worst(one)]
        if not ratios:
            continue
        bar = MOST_WORK if name == "work" else MOST_MEMORY
        figures = {"worst": ratios[-1], "median": ratios[len(ratios) // 2], "least": ratios[0]}
        report.add(Row(f"{name}: measured / said", figures, unit="", held="worst", most=bar))
        for one in found[-8:]:
            report.notes.append(one.said())
        least = next(one for one in found if worst(one))
        report.notes.append(f"least {name}: {least.said()}")
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
