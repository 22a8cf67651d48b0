"""Servers for a benchmark: on the loopback interface only, and gone when it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Served(NamedTuple):
    """A server: its address and its process, whose children count as well."""

    url: str
    pid: int
    #: What it has written to its output so far.
    said: Callable[[], str] = str
    process: subprocess.Popen[bytes] | None = None

    def processes(self) -> list[int]:
        """The server's process and those it has started; Linux only."""
        found = [self.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):
                    found += [int(child) for child in (task / "children").read_text().split()]
        return found

    def memory(self) -> float:
        """Resident memory in MB (10^6 bytes), what processes share shared out; Linux only."""
        return sum(map(_memory, self.processes()))

    def cpu(self) -> float:
        """Seconds of processor time so far; Linux only."""
        return sum(map(cpu_of, self.processes()))


def _memory(pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return int(told.split("\nPss:")[1].split()[0]) * 1024 / 1e6


def cpu_of(pid: int) -> float:
    """Seconds of processor time of one process so far; Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(*command: str) -> Iterator[str]:
    """The address of :func:`serving`."""
    with serving(*command) as server:
        yield server.url


@contextmanager
def serving(
    *command: str, environment: Mapping[str, str] | None = None, root: Path = ROOT
) -> Iterator[Served]:
    """Run ``python -m command`` from the project's folder, ``{port}`` filled in.

    That folder's .streamlit/config.toml holds for whatever is served.
    """
    port = str(free_port())
    filled = [part.replace("{port}", port) for part in command]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *filled],
            cwd=root,
            env={**(environment or {}), **os.environ},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _answers(process, f"http://{HOST}:{port}"):
                log.seek(0)
                said = log.read()[-3000:].decode("utf-8", "replace")
                raise RuntimeError(f"a server did not start:\n{said}")

            def said() -> str:
                # Through another handle: the server writes where this one stands.
                return Path(f"/proc/self/fd/{log.fileno()}").read_text("utf-8", "replace")

            yield Served(f"http://{HOST}:{port}", process.pid, said, process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    """Whether the server answers within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def behind_nginx(processes: int) -> tuple[str, ...]:
    """The command for so many processes behind nginx."""
    listen = f"{HOST}:{{port}}"
    return ("deploy.serve", "--processes", str(processes), "--listen", listen)


def with_uvicorn(app: str) -> tuple[str, ...]:
    return ("uvicorn", app, "--host", HOST, "--port", "{port}", "--log-level", "warning")


def with_streamlit(script: str) -> tuple[str, ...]:
    return (
        *("streamlit", "run", script, "--server.headless", "true"),
        *("--server.address", HOST, "--server.port", "{port}"),
    )
