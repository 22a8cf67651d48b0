"""A crowd: many readers at once, each moving a knob every two seconds, on one server process.

Real WebSocket clients speaking Streamlit's protocol, on this computer only, bounded in number and
time. They move a knob of the live panels as a browser does: the new panels are asked for beside the
socket, and 300 ms later, at rest, the socket is told, and the page follows. With ``--plain`` they
move the stock slider instead, which runs the page at once. Each reader moves at a random moment of
every two seconds, so that moves also come together as they do from people; ``--even`` spreads them
out. A move counts from the moment it was due, also where the one before was still under way.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import websockets
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

from benchmarks.reader import NoReaderError, Reader, loopback
from benchmarks.report import Report, Row, percentile
from benchmarks.servers import Served, serving, with_uvicorn
from deploy.serve import ENVIRONMENT
from view.serving.refuse import EVENTS
from view.words.words import LANGS

STEPS = (1, 10, 30, 60, 120)
#: Seconds between two moves of one reader.
EVERY = 2.0
#: Nobody waits longer for an answer.
PATIENCE = 30.0
MOST_READERS = 300
MOST_SECONDS = 1800.0
#: What one process has to hold, and the bars.
HELD, HELD_P95, HELD_MB, FLAT_MB = 60, 300.0, 0.5, 0.2
#: Of a soak: seconds until memory is looked at, and between two who open a page and leave it.
SETTLING, OPENS_EVERY = 120.0, 3.0
#: The pages they open, in turn, in each language.
OPENED = (
    ("/", ""),
    ("/money", ""),
    ("/money", "view=whose"),
    ("/money", "view=compare"),
    ("/money", "view=rules"),
    ("/money", "view=steps"),
    ("/money", "view=people&scheme=cyclic-packages"),
    ("/money", "scheme=guild-queue"),
    ("/claims", ""),
    ("/claims", "view=cases"),
    ("/sources", ""),
)


#: Seconds for which a hand is quiet before the page follows (``view/assets/live.js``).
REST = 0.3


@dataclass
class Move:
    """One move of a knob, answered: seconds, and what went wrong."""

    value: float
    #: From the move to the new panels; from the hand's rest to the end of the page's run.
    panels: float
    finished: float
    bytes: int
    errors: list[str]


@dataclass
class Knob:
    """Which knob readers move, on which page: one of the live panels."""

    path: str = "/money"
    query: str = "lang=en"
    key: str = "points_pool.share"
    low: float = 5.0
    high: float = 40.0

    async def reader(self, server: str) -> Reader:
        """A reader with the page open and this knob on it."""
        reader = Reader(server, self.path, self.query)
        await reader.open()
        if self.shown(reader) is None:
            raise NoReaderError(f"{self.path}?{self.query} has no knob {self.key!r}")
        return reader

    def shown(self, reader: Reader) -> float | None:
        """Where the knob stands on the reader's page; None if there is none."""
        panels = reader.widget("wp-live")
        if panels is None:
            return None
        knobs = {knob["key"]: knob["value"] for knob in json.loads(panels.bytes)["knobs"]}
        return knobs.get(self.key)

    def _somewhere(self) -> float:
        # Hardly ever where another reader's knob has just been: nothing is answered from memory.
        return round(random.uniform(self.low, self.high), 3)

    async def move(self, reader: Reader, *, since: float) -> Move:
        """Move the knob somewhere else and wait until the page has followed.

        ``since``: when that was due (``time.perf_counter()``).
        """
        panels = reader.widget("wp-live")
        if panels is None:
            raise NoReaderError("the live panels are gone")
        page, value = json.loads(panels.bytes), self._somewhere()
        move = {"seq": page["seq"] + 1, "scheme": page["scheme"], "values": {self.key: value}}
        asked = json.dumps({**move, "page": page["page"]}).encode()
        answer = await reader.post("/live/move", asked, timeout=PATIENCE)
        took = time.perf_counter() - since
        errors = [] if json.loads(answer)["seq"] == move["seq"] else ["another move's answer"]
        rest = since + max(REST, took)
        await asyncio.sleep(max(rest - time.perf_counter(), 0.0))
        id_ = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{panels.id}{EVENTS}"
        reader.set(id_, json_trigger_value=json.dumps([{"event": "move", "value": move}]))
        message = reader.message(panels.id)
        del reader.states[id_]  # said once
        await reader.send(message)
        run = await reader.answer(since=rest, timeout=PATIENCE)
        return Move(value, took, run.finished, run.bytes + len(answer), errors + run.errors)


class PlainKnob(Knob):
    """A stock slider of Streamlit: the page runs at once."""

    async def reader(self, server: str) -> Reader:
        """A reader with the page open and this slider on it."""
        for query in (self.query, f"{self.query}&knobs=plain"):
            reader = Reader(server, self.path, query)
            await reader.open()
            if self.shown(reader) is not None:
                return reader
            await reader.close()
        raise NoReaderError(f"{self.path} has no widget with the key {self.key!r}")

    def shown(self, reader: Reader) -> float | None:
        """Where the slider stands."""
        widget = reader.widget(self.key)
        return None if widget is None else next(iter(widget.value or widget.default))

    async def move(self, reader: Reader, *, since: float) -> Move:
        """Move the slider somewhere else and wait until the page has followed."""
        widget, value = reader.widget(self.key), self._somewhere()
        if widget is None:
            raise NoReaderError(f"the widget {self.key!r} is gone")
        reader.set(widget.id, double_array_value=[value])
        await reader.send(reader.message(widget.id))
        run = await reader.answer(since=since, timeout=PATIENCE)
        return Move(value, run.pictures, run.finished, run.bytes, run.errors)


@dataclass
class Moves:
    """What all readers saw: milliseconds to the panels and to the end of the page's run."""

    panels: list[float] = field(default_factory=list)
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
            move = await knob.move(reader, since=due)
        except (OSError, TimeoutError, websockets.ConnectionClosed):
            moves.lost += 1
            return
        moves.finished.append(1e3 * move.finished)
        moves.panels.append(1e3 * move.panels)
        moves.bytes.append(move.bytes)
        moves.errors += bool(move.errors)


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


def floors(minutes: Sequence[float], memory: Sequence[float]) -> tuple[list[float], list[float]]:
    """The least memory of every 20 seconds: what is let go of at once is no growth."""
    least: dict[int, float] = {}
    for minute, held in zip(minutes, memory, strict=True):
        part = int(3 * minute)
        least[part] = min(least.get(part, held), held)
    return [part / 3 for part in least], list(least.values())


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
            bar: dict[str, Any] = {"held": "p95", "most": HELD_P95} if held else {}
            waits(report, f"{wanted:>3} readers", moves, **bar)
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
                "panels": [round(x, 1) for x in moves.panels],
                "finished": [round(x, 1) for x in moves.finished],
                "memory": memory,
            }
            report.errors += moves.errors
    finally:
        await asyncio.gather(*(reader.close() for reader in readers), return_exceptions=True)


def waits(report: Report, who: str, moves: Moves, **bar: Any) -> None:
    """How long readers waited: for the panels, and for the page to follow."""
    for what, times in (("move to panels", moves.panels), ("rest to page", moves.finished)):
        figures = {
            "median": median(times),
            "p95": percentile(times, 0.95),
            "longest": max(times),
            "moves": float(len(times)),
            "lost": float(moves.lost),
        }
        report.add(Row(f"{who}, {what}", figures, **bar))


@dataclass
class Opened:
    """Pages opened and left again: how many, how many never came, and those with an error."""

    pages: int = 0
    lost: int = 0
    errors: int = 0


async def opening(server: str, opened: Opened) -> None:
    """One page after the other is opened and left, until this is cancelled."""
    for path, query in itertools.cycle(OPENED):
        lang = LANGS[opened.pages % len(LANGS)]
        reader = Reader(server, path, "&".join(filter(None, (f"lang={lang}", query))))
        due = time.perf_counter() + OPENS_EVERY
        try:
            run = await reader.open(timeout=PATIENCE)
            opened.errors += bool(run.errors)
        except (OSError, TimeoutError, websockets.ConnectionClosed, NoReaderError):
            opened.lost += 1
        finally:
            await reader.close()
        opened.pages += 1
        await asyncio.sleep(max(due - time.perf_counter(), 0.0))


async def soak(report: Report, server: Served, knob: Knob, asked: argparse.Namespace) -> None:
    """The readers one process holds, for a long while: does its memory grow?

    Beside them others open one page after the other and leave. How memory grows is measured once
    everything has been seen for the first time.
    """
    readers: list[Reader] = []
    opened = Opened()
    try:
        await more(readers, knob, server.url, asked.soak_readers)
        times: list[float] = []
        memory: list[float] = []
        start = time.perf_counter()

        async def watch() -> None:
            while True:
                times.append((time.perf_counter() - start) / 60)
                memory.append(server.memory())
                await asyncio.sleep(2.0)

        aside = [asyncio.create_task(watch()), asyncio.create_task(opening(server.url, opened))]
        moves = await crowd(readers, knob, asked.soak, even=asked.even)
        for task in aside:
            task.cancel()
        await asyncio.gather(*aside, return_exceptions=True)
        settled = min(SETTLING, asked.soak / 3) / 60
        after = next(n for n, t in enumerate(times) if t >= settled)
        tenth = max(len(memory[after:]) // 10, 1)
        figures = {
            "MB/min": slope(*floors(times[after:], memory[after:])),
            "with peaks": slope(times[after:], memory[after:]),
            "begins": median(memory[after : after + tenth]),
            "ends": median(memory[-tenth:]),
            "most": max(memory),
        }
        what = f"{asked.soak_readers} readers for {asked.soak:g} s: memory"
        report.add(Row(what, figures, unit="MB", held="MB/min", most=FLAT_MB))
        waits(report, "   ", moves, held="p95", most=HELD_P95)
        report.notes.append(
            f"Memory is looked at from minute {settled:g} on. Besides, {opened.pages} pages"
            f" were opened and left; {opened.lost} never came."
        )
        report.errors += opened.errors
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
    parser.add_argument("--knob", default=Knob.key, help=f"the parameter's key ({Knob.key})")
    parser.add_argument("--plain", action="store_true", help="the stock slider of it")
    parser.add_argument("--range", type=float, nargs=2, default=(Knob.low, Knob.high))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")


def knob_of(asked: argparse.Namespace) -> Knob:
    """The knob asked for."""
    if asked.plain:
        key = f"{asked.path.strip('/')}|{asked.knob}"
        return PlainKnob(asked.path, asked.query, key, *asked.range)
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
