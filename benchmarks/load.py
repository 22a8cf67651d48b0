"""A crowd: many readers at once, each moving a knob every two seconds, on one server process.

Real WebSocket clients speaking Streamlit's protocol, on this computer only, bounded in number and
time. Each reader moves at a random moment of every two seconds, so that moves also come together
as they do from people; ``--even`` spreads them out. A move counts from the moment it was due, also
where the one before was still under way.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import websockets

from benchmarks.reader import NoReaderError, Reader, loopback
from benchmarks.report import Report, Row, percentile
from benchmarks.servers import Served, serving, with_uvicorn
from deploy.serve import ENVIRONMENT

STEPS = (1, 10, 30, 60, 120)
#: Seconds between two moves of one reader.
EVERY = 2.0
#: Nobody waits longer for an answer.
PATIENCE = 30.0
MOST_READERS = 300
MOST_SECONDS = 1800.0
#: What one process has to hold, and the bars.
HELD, HELD_P95, HELD_MB, FLAT_MB = 60, 300.0, 0.5, 0.5


@dataclass
class Knob:
    """Which knob readers move, on which page."""

    path: str = "/money"
    query: str = "lang=en"
    key: str = "money|points_pool.share"
    low: float = 5.0
    high: float = 40.0

    async def reader(self, server: str) -> Reader:
        """A reader with the page open and this knob on it."""
        for query in (self.query, f"{self.query}&knobs=plain"):
            reader = Reader(server, self.path, query)
            await reader.open()
            if reader.widget(self.key) is not None:
                return reader
            await reader.close()
        raise NoReaderError(f"{self.path} has no widget with the key {self.key!r}")

    def move(self, reader: Reader) -> str:
        """Set the knob somewhere else; returns the widget's id."""
        widget = reader.widget(self.key)
        if widget is None:
            raise NoReaderError(f"the widget {self.key!r} is gone")
        value = float(random.randint(int(self.low), int(self.high)))
        reader.set(widget.id, double_array_value=[value])
        return str(widget.id)


@dataclass
class Moves:
    """What all readers saw: milliseconds to the last picture and to the end of the run."""

    pictures: list[float] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)
    #: Answers that did not come, and those with an error in them.
    lost: int = 0
    errors: int = 0


async def moving(
    reader: Reader, knob: Knob, moves: Moves, *, start: float, seconds: float, phase: float | None
) -> None:
    """Move the knob once in every two seconds from ``start`` (``time.perf_counter()``).

    ``phase``: which part of the two seconds, from 0 to 1; None: another one each time.
    """
    for number in range(int(seconds / EVERY)):
        part = random.random() if phase is None else phase
        due = start + EVERY * (number + part)
        await asyncio.sleep(max(due - time.perf_counter(), 0.0))
        try:
            await reader.send(reader.message(knob.move(reader)))
            run = await reader.answer(since=due, timeout=PATIENCE)
        except (OSError, TimeoutError, websockets.ConnectionClosed):
            moves.lost += 1
            return
        moves.finished.append(1e3 * run.finished)
        moves.pictures.append(1e3 * run.pictures)
        moves.bytes.append(run.bytes)
        moves.errors += bool(run.errors)


async def crowd(
    readers: Sequence[Reader], knob: Knob, seconds: float, *, even: bool = False
) -> Moves:
    """All readers at work for so many seconds."""
    moves, start = Moves(), time.perf_counter() + 0.1
    phases = [number / len(readers) if even else None for number in range(len(readers))]
    await asyncio.gather(
        *(
            moving(reader, knob, moves, start=start, seconds=seconds, phase=phase)
            for reader, phase in zip(readers, phases, strict=True)
        )
    )
    return moves


async def more(readers: list[Reader], knob: Knob, server: str, wanted: int) -> None:
    """Let readers in, ten at a time, until there are as many as wanted."""
    while len(readers) < wanted:
        some = min(10, wanted - len(readers))
        readers += await asyncio.gather(*(knob.reader(server) for _ in range(some)))


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """The least-squares slope of values over times."""
    middle_t, middle_v = sum(times) / len(times), sum(values) / len(values)
    spread = sum((t - middle_t) ** 2 for t in times)
    return sum((t - middle_t) * (v - middle_v) for t, v in zip(times, values, strict=True)) / spread


async def steps(report: Report, server: Served, knob: Knob, asked: argparse.Namespace) -> None:
    """More and more readers on one process: how long they wait and what each of them costs."""
    readers: list[Reader] = []
    alone = 0.0
    before = 0
    try:
        for wanted in asked.steps:
            await more(readers, knob, server.url, wanted)
            # Everybody has moved before anything is measured.
            await crowd(readers, knob, 2 * EVERY + (16.0 if wanted == asked.steps[0] else 0.0))
            cpu, mine, start = server.cpu(), time.process_time(), time.perf_counter()
            moves = await crowd(readers, knob, asked.seconds, even=asked.even)
            took = time.perf_counter() - start
            cpu, mine = server.cpu() - cpu, time.process_time() - mine
            memory = server.memory()
            held = wanted == HELD
            figures = {
                "median": median(moves.finished),
                "p95": percentile(moves.finished, 0.95),
                "pictures": median(moves.pictures),
                "pictures_p95": percentile(moves.pictures, 0.95),
                "moves": float(len(moves.finished)),
                "lost": float(moves.lost),
            }
            bar: dict[str, Any] = {"held": "p95", "most": HELD_P95} if held else {}
            report.add(Row(f"{wanted:>3} readers, move to answer", figures, **bar))
            costs = {
                "ms/move": 1e3 * cpu / max(len(moves.finished), 1),
                "core/reader": cpu / took / wanted,
                "core": cpu / took,
                "client core": mine / took,
            }
            report.add(Row("    the server's processor time", costs, unit=""))
            if wanted == 1:
                alone, before = memory, wanted
            elif alone:
                each = {"each": (memory - alone) / (wanted - before), "in all": memory}
                bar = {"held": "each", "most": HELD_MB} if held else {}
                report.add(Row("    memory beyond the first reader", each, unit="MB", **bar))
            report.samples[f"{wanted} readers"] = {
                "finished": [round(x, 1) for x in moves.finished],
                "memory": memory,
            }
            report.errors += moves.errors
    finally:
        await asyncio.gather(*(reader.close() for reader in readers), return_exceptions=True)


async def soak(report: Report, server: Served, knob: Knob, asked: argparse.Namespace) -> None:
    """The readers one process holds, for a long while: does its memory grow?"""
    readers: list[Reader] = []
    try:
        await more(readers, knob, server.url, asked.soak_readers)
        await crowd(readers, knob, min(60.0, asked.soak / 5))
        times: list[float] = []
        memory: list[float] = []
        start = time.perf_counter()

        async def watch() -> None:
            while True:
                times.append((time.perf_counter() - start) / 60)
                memory.append(server.memory())
                await asyncio.sleep(2.0)

        watching = asyncio.create_task(watch())
        moves = await crowd(readers, knob, asked.soak, even=asked.even)
        watching.cancel()
        fifth = max(len(memory) // 5, 1)
        figures = {
            "MB/min": slope(times, memory),
            "first fifth": median(memory[:fifth]),
            "last fifth": median(memory[-fifth:]),
            "most": max(memory),
        }
        what = f"{asked.soak_readers} readers for {asked.soak:g} s: memory"
        report.add(Row(what, figures, unit="MB", held="MB/min", most=FLAT_MB))
        waits = {
            "median": median(moves.finished),
            "p95": percentile(moves.finished, 0.95),
            "longest": max(moves.finished),
            "lost": float(moves.lost),
        }
        report.add(Row("    move to answer", waits, held="p95", most=HELD_P95))
        report.samples["soak"] = {
            "minutes": [round(t, 2) for t in times],
            "MB": [round(m, 2) for m in memory],
        }
        report.errors += moves.errors
    finally:
        await asyncio.gather(*(reader.close() for reader in readers), return_exceptions=True)


# -- the command -----------------------------------------------------------------------------------


def between(low: float, high: float, kind: Callable[[str], Any] = float) -> Callable[[str], Any]:
    """An option's number within its limits."""

    def number(text: str) -> Any:
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"from {low:g} to {high:g}")
        return value

    return number


def counts(text: str) -> tuple[int, ...]:
    """Numbers of readers, parted by commas, rising."""
    found = tuple(between(1, MOST_READERS, int)(part) for part in text.split(","))
    if list(found) != sorted(set(found)):
        raise argparse.ArgumentTypeError("each more than the one before")
    return found


def options(parser: argparse.ArgumentParser) -> None:
    """The options that say what readers do."""
    parser.add_argument("--path", default=Knob.path, help="the page (/money)")
    parser.add_argument("--query", default=Knob.query, help="its address's query (lang=en)")
    parser.add_argument("--knob", default=Knob.key, help=f"the widget's key ({Knob.key})")
    parser.add_argument("--range", type=float, nargs=2, default=(Knob.low, Knob.high))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")


def knob_of(asked: argparse.Namespace) -> Knob:
    """The knob asked for."""
    return Knob(asked.path, asked.query, asked.knob, *asked.range)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    listed = ",".join(map(str, STEPS))
    parser.add_argument(
        "--steps", type=counts, default=STEPS, help=f"numbers of readers ({listed})"
    )
    parser.add_argument(
        "--seconds", type=between(4, 120), default=20.0, help="measured at each step (20)"
    )
    parser.add_argument(
        "--soak", type=between(0, MOST_SECONDS), default=0.0, help="seconds (0: none)"
    )
    parser.add_argument("--soak-readers", type=between(1, MOST_READERS, int), default=HELD)
    parser.add_argument("--server", help="a server that already runs on this computer")
    parser.add_argument("--pid", type=int, help="that server's process, for memory and time")
    parser.add_argument("--even", action="store_true", help="moves spread evenly in time")
    options(parser)
    asked = parser.parse_args()
    if (asked.server is None) != (asked.pid is None):
        parser.error("--server and --pid go together")
    if asked.server is not None:
        try:
            loopback(asked.server)
        except NoReaderError as error:
            parser.error(str(error))
    report = Report("A crowd: each reader moves a knob every 2 s")
    most = len(asked.steps) * (asked.seconds + 60) + 1.4 * asked.soak + 120
    with contextlib.ExitStack() as stack:
        if asked.server is not None:
            server = Served(asked.server, asked.pid)
        else:
            server = stack.enter_context(serving(*with_uvicorn("app:app"), environment=ENVIRONMENT))

        async def all_of_it() -> None:
            async with asyncio.timeout(most):
                await steps(report, server, knob_of(asked), asked)
                if asked.soak:
                    await soak(report, server, knob_of(asked), asked)

        gc.freeze()
        asyncio.run(all_of_it())
    report.notes += [
        "The server runs as deploy/serve.py starts one process, without nginx.",
        "Server and readers share this computer's cores; a move counts from when it was due.",
        f"Answers with an error in them: {report.errors}.",
    ]
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
