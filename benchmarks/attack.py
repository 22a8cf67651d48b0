"""An attack: thirty who ask for the costliest settings without pause, and thirty readers meanwhile.

Ten attackers send moves, ten ask for pages, ten run pages over the socket; each asks again as soon
as it is answered, always for something else, from an address of its own (``127.0.1.x``). Readers
move a knob every two seconds and open a page every six, ten of them behind each address. Measured:
how long readers wait before and meanwhile, the most memory, and what is left ten seconds after.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import websockets

from benchmarks.load import PATIENCE, between
from benchmarks.reader import NoReaderError, Reader, loopback
from benchmarks.report import Report, Row, percentile
from benchmarks.servers import ROOT, Served, behind_nginx, serving, with_uvicorn
from deploy.serve import ENVIRONMENT
from model.cost import cost
from model.library import preset, presets
from model.preset import SchemeError
from model.scheme import scheme_parameters
from view.settings import limits, state
from view.settings.state import Settings

ATTACKERS, READERS = 30, 30
KINDS = ("move", "page", "session")
#: Seconds between two moves, and two pages, of one reader.
MOVE_EVERY, PAGE_EVERY = 2.0, 6.0
#: Readers behind one address.
CLASS = 10
HELD_P95, HELD_MB = 500.0, 1000.0
#: Seconds after which nothing may be left, and the most of a core that counts as nothing.
AFTER, IDLE_CORE = 10.0, 0.1


# -- the costliest settings ------------------------------------------------------------------------


def somehow(rng: random.Random) -> Settings | None:
    """Random settings of a random scheme for many days; None if they do not hold together."""
    chosen = preset(rng.choice(presets()))
    scheme = chosen.scheme({})
    parameters = scheme_parameters(scheme)
    changes: dict[str, Any] = {"horizon": rng.choice((2000, 5000, 10_000))}
    for key in rng.sample(sorted(parameters), rng.randint(2, 8)):
        parameter = parameters[key]
        low, high = parameter.slider or (parameter.minimum, parameter.maximum)
        if key == "horizon" or low is None or high is None or not isinstance(low, int | float):
            continue
        value = rng.choice((low, high, low + (high - low) * rng.random()))
        changes[key] = round(value) if parameter.unit in {"ticks", "count"} else value
    found = Settings(chosen, state.changed(chosen, changes), {})
    try:
        found.scheme()
    except SchemeError:
        return None
    return found


def costliest(number: int, tries: int, seed: int) -> list[str]:
    """The addresses of the settings that cost most, as a page works them out."""
    rng = random.Random(seed)
    ranked = []
    for _ in range(tries):
        settings = somehow(rng)
        if settings is None:
            continue
        bounded = limits.bounded(settings)
        query = state.address(
            bounded.preset, bounded.changes, page={}, defaults={}, keep={"lang": "en"}
        )
        ranked.append((cost(bounded.scheme()).work, urlencode(query)))
    ranked.sort(reverse=True)
    return [query for _, query in ranked[:number]]


def another(query: str, rng: random.Random) -> str:
    """Nearly the same, and not remembered."""
    days = rng.randint(0, 200)
    fields = [part for part in query.split("&") if not part.startswith("demand.orders_per_tick=")]
    return "&".join([*fields, f"demand.orders_per_tick={50 + days + rng.random():.3f}"])


# -- asking ----------------------------------------------------------------------------------------


async def asked(
    host: str, source: str, head: str, body: bytes = b"", *, timeout: float = PATIENCE
) -> int:
    """The status of one request on a connection of its own."""
    async with asyncio.timeout(timeout):
        name, _, port = host.rpartition(":")
        answers, questions = await asyncio.open_connection(name, int(port), local_addr=(source, 0))
        try:
            questions.write(f"{head}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode() + body)
            said = await answers.read()
        finally:
            questions.close()
    if not said:
        raise EOFError
    return int(said.split(b" ", 2)[1])


async def page(host: str, source: str, query: str) -> int:
    """A page's document."""
    head = f"GET /money?{query} HTTP/1.1\r\nAccept-Encoding: gzip\r\nAccept-Language: en"
    return await asked(host, source, head)


async def move(host: str, source: str, told: dict[str, Any], name: str) -> int:
    """A move."""
    body = json.dumps(told).encode()
    head = (
        f"POST /live/move HTTP/1.1\r\nContent-Type: application/json\r\nX-Page: {name}\r\n"
        f"Content-Length: {len(body)}"
    )
    return await asked(host, source, head, body)


def told_of(query: str, seq: int) -> dict[str, Any]:
    """The message of a hand on a page with this address."""
    scheme = dict(part.split("=", 1) for part in query.split("&")).get("scheme", "")
    shown = {"query": query, "lang": "en", "dark": False, "height": 310}
    return {"seq": seq, "scheme": scheme, "values": {}, "page": shown}


# -- attackers, in a process of their own ----------------------------------------------------------


async def attacker(
    number: int, host: str, queries: Sequence[str], kind: str, until: float
) -> list[str]:
    """Ask for the costliest as fast as it is answered; what came back."""
    rng = random.Random(number)
    source = f"127.0.1.{number + 1}"
    came: list[str] = []
    session: Reader | None = None
    while time.monotonic() < until:
        query = another(rng.choice(queries), rng)
        begun = time.monotonic()
        try:
            if kind == "move":
                came.append(f"move {await move(host, source, told_of(query, len(came)), 'x')}")
            elif kind == "page":
                came.append(f"page {await page(host, source, query)}")
            else:
                if session is None:
                    session = Reader(host, "/money", query)
                    session.source = source
                    await session.connect()
                session.query, session.states = query, {}
                run = await session.rerun(timeout=PATIENCE)
                came.append("session with errors" if run.errors else "session")
        except (OSError, EOFError, TimeoutError, NoReaderError, websockets.WebSocketException):
            came.append(f"{kind} lost")
            session = None
            # Who is refused at once does not ask a thousand times a second.
            await asyncio.sleep(max(0.1 - (time.monotonic() - begun), 0.0))
    if session is not None:
        with suppress(OSError, TimeoutError, websockets.WebSocketException):
            await session.close()
    return came


def attack(
    host: str, queries: Sequence[str], kinds: Sequence[str], seconds: float, to: Any
) -> None:  # pragma: no cover - another process
    """All attackers for so many seconds; how often what came back, to the pipe."""

    async def all_of_them() -> list[str]:
        until = time.monotonic() + seconds
        found = await asyncio.gather(
            *(attacker(n, host, queries, kind, until) for n, kind in enumerate(kinds))
        )
        return [came for one in found for came in one]

    came = asyncio.run(all_of_them())
    to.send({kind: came.count(kind) for kind in sorted(set(came))})


# -- readers ---------------------------------------------------------------------------------------


@dataclass
class Waits:
    """How long readers waited (ms), and what did not come."""

    moves: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    lost: int = 0


async def reader(number: int, host: str, waits: Waits, seconds: float) -> None:
    """Move a knob every two seconds, and open a page every six, at random moments."""
    rng = random.Random(1000 + number)
    source = f"127.0.2.{number // CLASS + 1}"
    start, name = time.perf_counter(), f"reader{number}"

    async def every(seconds_: float, ask: Callable[[], Coroutine[Any, Any, int]], to: list[float]):
        for turn in range(int(seconds / seconds_)):
            due = start + seconds_ * (turn + rng.random())
            await asyncio.sleep(max(due - time.perf_counter(), 0.0))
            try:
                status = await ask()
            except (OSError, EOFError, TimeoutError):
                status = 0
            to.append(1e3 * (time.perf_counter() - due))
            waits.lost += status != 200

    def light() -> str:
        return f"lang=en&scheme=wine-points%401&points_pool.share={rng.uniform(0.05, 0.4):.4f}"

    await asyncio.gather(
        every(MOVE_EVERY, lambda: move(host, source, told_of(light(), 1), name), waits.moves),
        every(PAGE_EVERY, lambda: page(host, source, light()), waits.pages),
    )


async def readers(host: str, number: int, seconds: float) -> Waits:
    """All readers for so many seconds."""
    waits = Waits()
    await asyncio.gather(*(reader(n, host, waits, seconds) for n in range(number)))
    return waits


# -- the command -----------------------------------------------------------------------------------


def threads(server: Served) -> int:
    """How many threads the server's processes have."""
    found = 0
    for pid in server.processes():
        with suppress(OSError):
            found += len(list(Path(f"/proc/{pid}/task").iterdir()))
    return found


def row(report: Report, what: str, waits: Waits, *, held: bool) -> None:
    """How long readers waited."""
    for kind, times in (("moves", waits.moves), ("pages", waits.pages)):
        figures = {
            "p50": median(times),
            "p95": percentile(times, 0.95),
            "longest": max(times),
            "asked": float(len(times)),
        }
        bar: dict[str, Any] = {"held": "p95", "most": HELD_P95} if held else {}
        report.add(Row(f"{what}, {kind}", figures, **bar))


def attacked(report: Report, server: Served, name: str, asked_: argparse.Namespace) -> None:
    """One server under attack."""
    host = loopback(server.url)
    queries = asked_.queries
    kinds = [KINDS[n % 3] for n in range(asked_.attackers) if KINDS[n % 3] in asked_.kinds]

    async def meanwhile() -> tuple[Waits, Waits, float, dict[str, int]]:
        await readers(host, asked_.readers, 8.0)
        before = await readers(host, asked_.readers, max(asked_.seconds / 3, PAGE_EVERY))
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        one = context.Process(target=attack, args=(host, queries, kinds, asked_.seconds, there))
        most = 0.0

        async def watch() -> None:
            nonlocal most
            while True:
                with suppress(OSError, IndexError):
                    most = max(most, server.memory())
                await asyncio.sleep(0.5)

        watching = asyncio.create_task(watch())
        one.start()
        await asyncio.sleep(3.0)  # until it has started
        during = await readers(host, asked_.readers, asked_.seconds - 4)
        while not here.poll():
            if one.exitcode is not None:
                raise RuntimeError("the attackers have failed")
            await asyncio.sleep(0.2)
        came: dict[str, int] = here.recv()
        one.join(20)
        watching.cancel()
        return before, during, most, came

    before, during, most, came = asyncio.run(meanwhile())
    row(report, f"{name}, before", before, held=False)
    row(report, f"{name}, attacked", during, held=True)
    lost = {"before": float(before.lost), "attacked": float(during.lost)}
    report.add(Row(f"{name}, readers without an answer", lost, unit="", held="attacked", most=0.0))
    bar: dict[str, Any] = {"held": "most", "most": HELD_MB}
    report.add(Row(f"{name}, memory", {"most": most}, unit="MB", **bar))
    time.sleep(AFTER)
    cpu, start = server.cpu(), time.perf_counter()
    time.sleep(5.0)
    left = {
        "core": (server.cpu() - cpu) / (time.perf_counter() - start),
        "threads": float(threads(server)),
        "processes": float(len(server.processes())),
        "MB": server.memory(),
    }
    report.add(Row(f"{name}, {AFTER:g} s after", left, unit="", held="core", most=IDLE_CORE))
    report.notes.append(f"{name}, what attackers got: {came}.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description=__doc__)
    parser.add_argument("--seconds", type=between(12, 600), default=60.0, help="of attack (60)")
    parser.add_argument("--attackers", type=between(0, 120, int), default=ATTACKERS)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="only these")
    parser.add_argument("--readers", type=between(1, 120, int), default=READERS)
    parser.add_argument("--tries", type=between(10, 100_000, int), default=2000, help="of settings")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--deploy", action="store_true", help="two processes behind nginx as well")
    parser.add_argument("--tree", type=Path, default=ROOT, help="another state of the project")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    asked_ = parser.parse_args()
    asked_.queries = costliest(30, asked_.tries, asked_.seed)
    report = Report(f"An attack: {asked_.attackers} attackers, {asked_.readers} readers")
    servers = {"one process": with_uvicorn("app:app")}
    if asked_.deploy:
        servers["two behind nginx"] = behind_nginx(2)
    for name, command in servers.items():
        with serving(*command, environment=ENVIRONMENT, root=asked_.tree) as server:
            attacked(report, server, name, asked_)
    report.notes += [
        f"The costliest of {asked_.tries} tried: {asked_.queries[0]}",
        "Server, attackers and readers share this computer's cores; a wait counts from when due.",
        "Memory that processes share is shared out among them (PSS).",
    ]
    return report.finish(to=asked_.json, check=asked_.check)


if __name__ == "__main__":
    sys.exit(main())
