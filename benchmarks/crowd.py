"""Several processes behind nginx: how many readers they hold, and what happens when one is killed.

One process and then two, each with more and more readers who move a knob every two seconds; the
largest number of readers whose 95th percentile stays under the bar is what they hold. Then one of
two is killed while readers are at work: they connect again, as a browser does, and their settings
have to be there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import websockets

from benchmarks.load import (
    EVERY,
    HELD_P95,
    PATIENCE,
    Knob,
    between,
    counts,
    crowd,
    knob_of,
    more,
    options,
)
from benchmarks.reader import Reader
from benchmarks.report import Report, Row, percentile
from benchmarks.servers import Served, behind_nginx, serving

STEPS = (20, 40, 60, 80, 100, 120, 150)
#: What two processes have to hold, in times what one does.
TIMES = 1.7
#: Seconds between two attempts to connect again; a browser begins with half a second as well.
AGAIN = 0.5


async def held(
    report: Report, server: Served, processes: int, knob: Knob, asked: argparse.Namespace
) -> tuple[int, float]:
    """The most readers of whom 95 in 100 are answered in time, and processor time for a move."""
    readers: list[Reader] = []
    most, each = 0, 0.0
    try:
        for wanted in asked.steps:
            await more(readers, knob, server.url, wanted)
            await crowd(readers, knob, 2 * EVERY)
            cpu, mine, start = server.cpu(), time.process_time(), time.perf_counter()
            moves = await crowd(readers, knob, asked.seconds)
            took = time.perf_counter() - start
            p95 = max(percentile(moves.panels, 0.95), percentile(moves.finished, 0.95))
            each = 1e3 * (server.cpu() - cpu) / max(len(moves.finished), 1)
            report.errors += moves.errors
            figures = {
                "panels": median(moves.panels),
                "page": median(moves.finished),
                "p95": p95,
                "ms/move": each,
                "core": (server.cpu() - cpu) / took,
                "client core": (time.process_time() - mine) / took,
            }
            report.add(Row(f"{processes} processes, {wanted} readers", figures, unit=""))
            if p95 > HELD_P95:
                break
            most = wanted
    finally:
        await asyncio.gather(*(reader.close() for reader in readers), return_exceptions=True)
    return most, each


# -- one of two is killed --------------------------------------------------------------------------


@dataclass
class Lost:
    """What readers went through whose process was killed."""

    #: Seconds from the break to an answer from another process.
    back: list[float] = field(default_factory=list)
    #: Readers who did not find what they had set.
    forgotten: int = 0
    #: Readers who never came back.
    gone: int = 0


async def at_work(reader: Reader, knob: Knob, lost: Lost, *, start: float, seconds: float) -> None:
    """Move the knob every two seconds; connect again when the connection breaks."""
    moved = 0.0
    for number in range(int(seconds / EVERY)):
        await asyncio.sleep(max(start + EVERY * number - time.perf_counter(), 0.0))
        try:
            # The address bar follows: what a browser opens the page from again.
            moved = (await knob.move(reader, since=time.perf_counter())).value
        except (OSError, TimeoutError, websockets.ConnectionClosed):
            broken = time.perf_counter()
            # The move that was on its way is lost: the address does not have it yet.
            reader.states.clear()
            while time.perf_counter() - broken < PATIENCE:
                with suppress(OSError, TimeoutError, websockets.WebSocketException):
                    await reader.close()
                    run = await reader.open(timeout=PATIENCE)
                    lost.back.append(time.perf_counter() - broken)
                    shown = knob.shown(reader)
                    lost.forgotten += bool(run.errors) or (bool(moved) and shown != moved)
                    break
                await asyncio.sleep(AGAIN)
            else:
                lost.gone += 1
                return


async def killed(server: Served, knob: Knob, readers: int, seconds: float) -> tuple[Lost, int]:
    """Kill one of two processes under load; also how many processes serve again in the end."""
    people: list[Reader] = []
    lost = Lost()
    try:
        await more(people, knob, server.url, readers)
        start = time.perf_counter() + 0.1
        work = [
            at_work(r, knob, lost, start=start + EVERY * n / readers, seconds=seconds)
            for n, r in enumerate(people)
        ]

        async def kill() -> None:
            await asyncio.sleep(seconds / 2)
            os.kill(workers(server)[0], signal.SIGKILL)

        await asyncio.gather(kill(), *work)
    finally:
        await asyncio.gather(*(reader.close() for reader in people), return_exceptions=True)
    return lost, len(workers(server))


def workers(server: Served) -> list[int]:
    """The processes that run the dashboard, of all that a server has started."""
    found = []
    for pid in server.processes():
        with suppress(OSError):
            if b"uvicorn" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


# -- the command -----------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    listed = ",".join(map(str, STEPS))
    parser.add_argument(
        "--steps", type=counts, default=STEPS, help=f"numbers of readers ({listed})"
    )
    parser.add_argument("--seconds", type=between(4, 120), default=20.0, help="of each step (20)")
    parser.add_argument("--kill-readers", type=between(0, 200, int), default=30)
    options(parser)
    asked = parser.parse_args()
    knob = knob_of(asked)
    report = Report("Several processes behind nginx: each reader moves a knob every 2 s")
    most = 2 * len(asked.steps) * (asked.seconds + 60) + 120

    async def bounded(work: object) -> object:
        async with asyncio.timeout(most):
            return await work  # type: ignore[misc]

    found: dict[int, int] = {}
    costs: dict[int, float] = {}
    for processes in (1, 2):
        with serving(*behind_nginx(processes)) as server:
            work = held(report, server, processes, knob, asked)
            found[processes], costs[processes] = asyncio.run(bounded(work))  # type: ignore[misc]
            if processes == 2 and asked.kill_readers:
                lost, serve = asyncio.run(
                    bounded(killed(server, knob, asked.kill_readers, 24.0))  # type: ignore[arg-type]
                )
                figures = {
                    "cut off": float(len(lost.back) + lost.gone),
                    "back after": median(lost.back) if lost.back else 0.0,
                    "longest": max(lost.back, default=0.0),
                    "without their settings": float(lost.forgotten + lost.gone),
                    "processes at the end": float(serve),
                }
                what = f"one of two killed, {asked.kill_readers} readers"
                bar = {"held": "without their settings", "most": 0.0}
                report.add(Row(what, figures, unit="(s)", **bar))
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    figures = {"one": float(found[1]), "two": float(found[2])}
    if found[1]:
        figures["ratio"] = found[2] / found[1]
    # nginx and the readers need room beside two processes.
    bar = {"held": "ratio", "least": TIMES} if cores >= 4 and found[1] else {}
    report.add(Row("readers held", figures, unit="", **bar))
    report.add(
        Row("processor time for a move, two to one", {"ratio": costs[2] / costs[1]}, unit="times")
    )
    if not bar:
        report.notes.append(
            "Two processes, nginx and the readers share these cores, so that the ratio says "
            "nothing of two processes with a core each; what a move costs does."
        )
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
