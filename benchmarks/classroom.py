"""Class rooms beside readers of the dashboard: from the teacher's click to the last phone.

So many rooms of forty phones hear what is new while readers move knobs. In every room the teacher
clicks on; measured is how long it takes until the last of the forty has its new screen. Forty also
decide at once: how long until each has been told that it is written down.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.attack import READERS, Waits, readers, row
from benchmarks.load import between
from benchmarks.pupil import key, make
from benchmarks.reader import loopback
from benchmarks.report import Report, Row, percentile
from benchmarks.servers import behind_nginx, serving, with_uvicorn
from deploy.serve import ENVIRONMENT, find_nginx

PHONES = 40
ROUNDS = 5
#: Seconds in which all forty have decided.
DECIDE = 5.0
#: Bars, ms: one room, ten rooms.
ONE, TEN = 150.0, 300.0


class Phone:
    """A phone that looks on."""

    def __init__(self, host: str, code: str, number: int) -> None:
        self.host, self.code = host, code
        name, _, port = host.rpartition(":")
        self.name, self.port = name, int(port)
        self.source = (f"127.0.4.{number % 200 + 1}", 0)
        self.cookie = ""
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        #: When the last screen came.
        self.came = 0.0
        self.screens = 0
        self.lost = 0

    async def post(self, path: str, form: dict[str, object]) -> tuple[int, str]:
        """Send a form over the line that a browser keeps; the status and the headers."""
        body = urlencode(form)
        told = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nX-Room: 1\r\n"
            f"Cookie: {self.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        for _ in range(2):
            if self.line is None:
                self.line = await asyncio.open_connection(
                    self.name, self.port, local_addr=self.source
                )
            reading, writing = self.line
            try:
                writing.write(told.encode())
                head = (await asyncio.wait_for(reading.readuntil(b"\r\n\r\n"), 60)).decode()
                break
            except (OSError, asyncio.IncompleteReadError):
                # Let go while nobody needed it.
                self.line = None
        else:
            raise OSError(path)
        size = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        await reading.readexactly(int(size[1]) if size else 0)
        return int(head.split(" ", 2)[1]), head

    async def join(self) -> None:
        """Take a seat."""
        status, headers = await self.post(f"/room/{self.code}", {"do": "join", "key": key()})
        assert status == 205, headers
        found = re.search(r"set-cookie: (who_pays_seat=[^;]+)", headers, re.IGNORECASE)
        assert found is not None
        self.cookie = found[1]

    async def listen(self) -> None:
        """Hear news until it is cancelled, again where the connection ends."""
        while True:
            try:
                await self._hear()
            except (OSError, asyncio.IncompleteReadError):
                self.lost += 1
                await asyncio.sleep(1.0)

    async def _hear(self) -> None:
        reading, writing = await asyncio.open_connection(
            self.name, self.port, local_addr=self.source, limit=2**20
        )
        try:
            ask = (
                f"GET /room/{self.code}/news?role=phone&lang=zh-Hans HTTP/1.1\r\n"
                f"Host: {self.host}\r\nCookie: {self.cookie}\r\n\r\n"
            )
            writing.write(ask.encode())
            while line := await reading.readline():
                if line.startswith(b"event: screen"):
                    self.came = time.perf_counter()
                    self.screens += 1
        finally:
            writing.close()
        raise OSError


class Class:
    """A room with its phones and its teacher."""

    def __init__(self, host: str, number: int) -> None:
        teacher, self.code, _ = make(f"http://{host}", rounds=10)
        self.lead = Phone(host, self.code, 150 + number)
        self.lead.cookie = "; ".join(f"{k}={v}" for k, v in teacher.cookies.items())
        self.phones = [Phone(host, self.code, 40 * number + n) for n in range(PHONES)]
        self.step = 0

    async def click(self) -> float:
        """The teacher goes on; milliseconds until the last phone shows it."""
        before = [phone.screens for phone in self.phones]
        self.step += 1
        number = (self.step + 1) // 2
        form: dict[str, object] = {"do": "go", "step": f"round-{number}", "key": key()}
        if self.step % 2 == 0:
            form = {"do": "shut", "round": number, "key": key()}
        start = time.perf_counter()
        status, headers = await self.lead.post(f"/room/{self.code}/lead", form)
        assert status == 200, headers
        for _ in range(2000):
            if all(p.screens > n for p, n in zip(self.phones, before, strict=True)):
                break
            await asyncio.sleep(0.005)
        else:
            raise TimeoutError("a phone was not told")
        return 1e3 * (max(phone.came for phone in self.phones) - start)

    async def decide(self, chance: random.Random) -> list[float]:
        """All decide within five seconds; milliseconds until each is told."""
        number = (self.step + 1) // 2

        async def one(phone: Phone) -> float:
            await asyncio.sleep(DECIDE * chance.random())
            start = time.perf_counter()
            act = chance.choice(["buy", "wait"])
            form: dict[str, object] = {"do": "move", "round": number, "act": act, "key": key()}
            status, headers = await phone.post(f"/room/{self.code}", form)
            assert status == 200, headers
            return 1e3 * (time.perf_counter() - start)

        return await asyncio.gather(*(one(phone) for phone in self.phones))

    async def lesson(self, clicks: list[float], acts: list[float], chance: random.Random) -> None:
        """Ten rounds."""
        await asyncio.sleep(6 * chance.random())
        for _ in range(ROUNDS):
            clicks.append(await self.click())
            acts += await self.decide(chance)
            await asyncio.sleep(0.3 + chance.random())
            clicks.append(await self.click())
            await asyncio.sleep(0.3 + chance.random())


async def played(
    host: str, rooms: int, readers_: int
) -> tuple[list[float], list[float], Waits, int]:
    """Clicks and decisions in ms, what readers waited, and connections that were lost."""
    chance = random.Random(17)
    classes = [Class(host, number) for number in range(rooms)]
    phones = [phone for one in classes for phone in one.phones]
    for phone in phones:
        await phone.join()
    listening = [asyncio.create_task(phone.listen()) for phone in phones]
    while not all(phone.screens for phone in phones):
        await asyncio.sleep(0.05)
    if readers_:
        await readers(host, readers_, 8.0)
    clicks: list[float] = []
    acts: list[float] = []
    seconds = ROUNDS * (DECIDE + 1.6) if readers_ else 0.0
    working = asyncio.create_task(readers(host, readers_, seconds)) if readers_ else None
    await asyncio.gather(*(one.lesson(clicks, acts, chance) for one in classes))
    waits = await working if working is not None else Waits()
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return clicks, acts, waits, sum(phone.lost for phone in phones)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description=__doc__)
    parser.add_argument("--readers", type=between(0, 120, int), default=READERS)
    parser.add_argument("--rooms", type=between(1, 10, int), nargs="+", default=[1, 10])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    given = parser.parse_args()
    report = Report(f"Class rooms of {PHONES} phones, {given.readers} readers of the dashboard")
    servers = [("one process", with_uvicorn("app:app"))]
    if find_nginx() is not None:
        servers.append(("rooms apart, behind nginx", behind_nginx(1)))
    for name, command in servers:
        for rooms in given.rooms:
            with serving(*command, environment=ENVIRONMENT) as server:
                host = loopback(server.url)
                clicks, acts, waits, lost = asyncio.run(played(host, rooms, given.readers))
            what = f"{name}, {rooms} {'room' if rooms == 1 else 'rooms'}"
            held = "p95" if name != "one process" else None
            figures = {"p50": percentile(clicks, 0.5), "p95": percentile(clicks, 0.95)}
            most = ONE if rooms == 1 else TEN
            if held:
                report.add(Row(f"{what}: click to the last phone", figures, held=held, most=most))
            else:
                report.add(Row(f"{what}: click to the last phone", figures))
            figures = {"p50": percentile(acts, 0.5), "p95": percentile(acts, 0.95)}
            report.add(Row(f"{what}: decision written", figures))
            if waits.moves:
                row(report, f"{what}: readers", waits, held=False)
            report.notes.append(f"{what}: {len(clicks)} clicks, {lost} connections lost.")
    return report.finish(to=given.json, check=given.check)


if __name__ == "__main__":
    sys.exit(main())
