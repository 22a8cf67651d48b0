"""Pictures asked for without pause by fifty, and thirty readers of the dashboard meanwhile.

Every other picture is one that nobody has asked for yet. Measured: how long readers wait before and
meanwhile, and how long a picture takes that is kept, and one that has to be drawn, while readers
are at work and nobody else asks.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from pathlib import Path
from urllib.parse import parse_qsl

from benchmarks.attack import READERS, Waits, readers, row
from benchmarks.load import between
from benchmarks.reader import loopback
from benchmarks.report import Report, Row, percentile
from benchmarks.servers import serving, with_uvicorn
from deploy.serve import ENVIRONMENT
from model.library import presets
from view.serving import cards

CLIENTS = 50
#: Bars, ms.
READERS_P95, KEPT_P95, DRAWN_P95 = 300.0, 20.0, 250.0
#: Pictures that are timed, one after another.
TIMED = 60


async def picture(host: str, number: int, query: str) -> tuple[int, float]:
    """Status and milliseconds of one picture, asked for by an address of its own."""
    start = time.perf_counter()
    name, _, port = host.rpartition(":")
    source = (f"127.0.3.{number % 200 + 1}", 0)
    reading, writing = await asyncio.open_connection(name, int(port), local_addr=source)
    try:
        ask = f"GET /card.png?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        writing.write(ask.encode())
        body = await asyncio.wait_for(reading.read(), 30)
    finally:
        writing.close()
    return int(body.split(b" ", 2)[1]), 1e3 * (time.perf_counter() - start)


def query(chance: random.Random, *, new: bool) -> str:
    """A picture: of a preset as it is, or of settings that nobody has had."""
    first = f"lang=zh-Hans&page=money&scheme={chance.choice(presets(kind='advertised')[:3])}"
    more = f"&points_pool.share={chance.uniform(0.05, 0.6):.6f}" if new else ""
    return canonical(first + more)


def canonical(text: str) -> str:
    """As the server itself writes it, so that no redirect is timed."""
    asked = cards.asked_of(dict(parse_qsl(text)))
    return cards.canonical(asked, "png")


async def hammer(host: str, number: int, queries: list[str], until: float, came: list[int]) -> None:
    """One client: again as soon as it is answered."""
    chance = random.Random(number)
    while time.perf_counter() < until:
        try:
            status, _ = await picture(host, number, chance.choice(queries))
        except (OSError, TimeoutError, IndexError, ValueError):
            status = 0
        came.append(status)
        await asyncio.sleep(0.01)


async def timed(host: str, queries: list[str]) -> list[float]:
    """Milliseconds of pictures one after another."""
    found = []
    for number, one in enumerate(queries):
        status, took = await picture(host, number, one)
        if status == 200:
            found.append(took)
        await asyncio.sleep(0.1)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cards", description=__doc__)
    parser.add_argument("--seconds", type=between(12, 600), default=30.0)
    parser.add_argument("--clients", type=between(1, 200, int), default=CLIENTS)
    parser.add_argument("--readers", type=between(1, 120, int), default=READERS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    given = parser.parse_args()
    report = Report(f"Pictures: {given.clients} ask without pause, {given.readers} readers")
    chance = random.Random(16)
    known = sorted({query(chance, new=False) for _ in range(50)})
    fresh = [query(chance, new=True) for _ in range(TIMED)]
    asked = known + [query(chance, new=True) for _ in range(400)]

    async def run(host: str) -> tuple[Waits, Waits, list[float], list[float], list[int]]:
        await readers(host, given.readers, 8.0)
        await timed(host, known)
        working = asyncio.create_task(readers(host, given.readers, given.seconds))
        kept = await timed(host, [chance.choice(known) for _ in range(TIMED)])
        drawn = await timed(host, fresh)
        before = await working
        came: list[int] = []
        until = time.perf_counter() + given.seconds
        clients = [hammer(host, n, asked, until, came) for n in range(given.clients)]
        during, *_ = await asyncio.gather(readers(host, given.readers, given.seconds), *clients)
        return before, during, kept, drawn, came

    with serving(*with_uvicorn("app:app"), environment=ENVIRONMENT) as server:
        before, during, kept, drawn, came = asyncio.run(run(loopback(server.url)))
    row(report, "readers before", before, held=False)
    row(report, "readers meanwhile", during, held=False)
    for what, times, most in (
        ("picture that is kept", kept, KEPT_P95),
        ("picture that is drawn", drawn, DRAWN_P95),
    ):
        figures = {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)}
        report.add(Row(what, figures, held="p95", most=most))
    moves = {"p95": percentile(during.moves, 0.95)}
    report.add(Row("moves meanwhile", moves, held="p95", most=READERS_P95))
    report.notes.append(
        f"Pictures meanwhile: {came.count(200)} came, {came.count(503)} were put off, "
        f"{len(came) - came.count(200) - came.count(503)} else."
    )
    return report.finish(to=given.json, check=given.check)


if __name__ == "__main__":
    sys.exit(main())
