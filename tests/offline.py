"""Whom a server asks for something: run where there is no way out, every try written down.

``python -m tests.offline COMMAND...`` starts ``python -m COMMAND`` (``{port}`` filled in), reads
its pages, knocks from a foreign origin, stops it with Ctrl-C, and prints as JSON what was tried.
:func:`watched` does that in a network namespace of its own wherever the kernel gives one.
"""

from __future__ import annotations

import json
import runpy
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import websockets

from benchmarks.reader import NO_TOKEN, Reader
from benchmarks.servers import serving
from tests.apart import apart

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = ("http://shop.example", "https://203.0.113.9:8501", "null")
#: Events of the interpreter that mean a word to somebody, by address or asking for one by name, or
#: an ear for everybody.
EVENTS = frozenset(
    {
        *("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg"),
        *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
    }
)
#: Listening there means to everybody who can reach this computer.
EVERYWHERE = frozenset({"::", "0.0.0.0", ""})
NAMES_OF_HERE = frozenset({"localhost", *EVERYWHERE})


def is_here(host: object) -> bool:
    """Whether an address is this computer's own."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    return name in NAMES_OF_HERE or name.startswith("127.") or name == "::1"


def write_down(log: Path) -> None:
    """From now on every address that this process names is a line in ``log``, ours excepted.

    So is every one that it listens on, unless it is ours alone.
    """

    def hook(event: str, values: tuple[Any, ...]) -> None:
        if event not in EVENTS:
            return
        address = values[0] if event.startswith("socket.get") else values[-1]
        host = address[0] if isinstance(address, tuple) and address else address
        ours = is_here(host) and (event != "socket.bind" or host not in EVERYWHERE)
        # A socket that is a file has a path for an address.
        if isinstance(host, str | bytes) and not ours and not str(host).startswith("/"):
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"{event} {host}\n")

    sys.addaudithook(hook)


def loopback_up() -> None:
    """In a new namespace even the loopback interface is down."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        name = b"lo".ljust(16, b"\0")
        up_and_running = 0x1 | 0x40
        request = struct.pack("16sh14x", name, up_and_running)
        fcntl.ioctl(control, 0x8914, request)  # SIOCSIFFLAGS


async def knock(url: str, origin: str) -> int:
    """The status that the socket answers a foreign page with; 101 would let it in."""
    try:
        socket_ = await websockets.connect(
            f"{url.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=[websockets.Subprotocol(name) for name in ("streamlit", NO_TOKEN)],
            origin=websockets.Origin(origin),
            proxy=None,
        )
    except websockets.InvalidStatus as refused:
        return refused.response.status_code
    await socket_.close()
    return 101


def read(path: str, url: str) -> bool:
    """Whether a page opens as for a reader: its document, and its script without an error."""
    with urllib.request.urlopen(f"{url}{path}?lang=en", timeout=60) as answer:
        document = answer.status == 200

    async def visit() -> bool:
        reader = Reader(url, path, "lang=en")
        await reader.connect()
        run = await reader.rerun()
        await reader.close()
        return not run.errors

    return document and apart(visit())


def watch(command: list[str], paths: tuple[str, ...] = ("/", "/money")) -> dict:
    """Start the server, use it, stop it as with Ctrl-C; what it said and what it tried."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "tried.txt"
        log.touch()
        with serving("tests.offline", "--serve", str(log), *command) as server:
            opened = {path: read(path, server.url) for path in paths}
            knocks = {origin: apart(knock(server.url, origin)) for origin in FOREIGN}
            before = server.said()
            assert server.process is not None
            server.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                server.process.wait(20)
            return {
                "opened": opened,
                "knocks": knocks,
                "tried": log.read_text("utf-8").splitlines(),
                "said": before,
                "said_at_the_end": server.said()[len(before) :],
                "status": server.process.poll(),
            }


def namespace() -> list[str]:
    """The words before a command that give it a network of its own; none where that is refused."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    words = [unshare, "--user", "--map-root-user", "--net"]
    allowed = subprocess.run([*words, "true"], capture_output=True, check=False)
    return words if allowed.returncode == 0 else []


def watched(*command: str) -> dict[str, Any]:
    """:func:`watch` in a process of its own, without a way out wherever the kernel allows it."""
    way = namespace()
    alone = ["--alone"] if way else []
    done = subprocess.run(
        [*way, sys.executable, "-m", "tests.offline", *alone, *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def main(given: list[str]) -> None:
    if given[0] == "--serve":
        write_down(Path(given[1]))
        sys.argv = given[2:]
        runpy.run_module(given[2], run_name="__main__", alter_sys=True)
        return
    if given[0] == "--alone":
        given = given[1:]
        loopback_up()
    json.dump(watch(given), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
