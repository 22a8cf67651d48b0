"""Several processes of the dashboard behind nginx: ``python -m deploy.serve --processes 4``.

Starts the processes and nginx, starts again whichever of them dies, and stops all of them when it
is stopped itself (SIGTERM or Ctrl-C). Everything but nginx listens on the loopback interface.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).resolve().parent / "nginx.conf.in"
HOST = "127.0.0.1"
MOST_PROCESSES = 64
#: Seconds before a process that dies at once is started again; doubles up to the second number.
PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A process that has lived this long has started well.
WELL = 30.0
LONGEST_START = 60.0
#: Many threads come and go: memory they have used is shared and not kept by each.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


def configuration(ports: Sequence[int], *, listen: str, run: Path) -> str:
    """The configuration of nginx for processes on these ports."""
    # Whether one is there shows at once on this computer: nobody is shut out for a while.
    servers = [f"server {HOST}:{port} max_fails=0" for port in ports]
    blocks = []
    for number, mine in enumerate(servers):
        others = [other for other in servers if other != mine] or [mine]
        blocks += [
            f"  upstream process_{number} {{\n    {mine};\n  }}",
            f"  upstream other_{number} {{\n    least_conn;\n"
            + "".join(f"    {other};\n" for other in others)
            + "  }",
        ]
    filled = {
        "RUN": str(run),
        "LISTEN": listen,
        "ANYBODY": "\n".join(f"    {server};" for server in servers),
        "PROCESSES": "\n".join(blocks),
        "OTHERS": "\n".join(f'    "~:{port}$" other_{n};' for n, port in enumerate(ports)),
        "COOKIES": "\n".join(f"    p{n} process_{n};" for n in range(len(ports))),
        "ANSWERED": "\n".join(f'    "~:{port}$" p{n};' for n, port in enumerate(ports)),
    }
    text = TEMPLATE.read_text("utf-8")
    for name, value in filled.items():
        text = text.replace(f"@{name}@", value)
    return text


class Kept:
    """A command that is started again whenever it ends."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        self.name, self.command, self.environment = name, list(command), environment
        self.process: subprocess.Popen[bytes] | None = None
        self.pause, self.started, self.due = PAUSE, 0.0, 0.0

    def look(self) -> None:
        """Start it if it is not running and its pause is over."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            print(f"{self.name} ended with {self.process.returncode}", file=sys.stderr)
            self.process = None
            self.pause = PAUSE if now - self.started > WELL else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + (0.0 if now - self.started > WELL else self.pause)
        if now >= self.due:
            self.started = now
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL
            )

    def stop(self) -> None:
        """End it, kindly first."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answers(port: int) -> bool:
    """Whether a process answers on this port."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def free_ports(number: int) -> list[int]:
    """Ports that nobody listens on now."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


class Site:
    """The processes and nginx in front of them."""

    def __init__(self, processes: int, *, listen: str, first_port: int | None, nginx: str) -> None:
        self.run = Path(tempfile.mkdtemp(prefix="who-pays-"))
        # nginx's own processes may be another user's.
        self.run.chmod(0o755)
        ports = range(first_port, first_port + processes) if first_port else free_ports(processes)
        self.ports = list(ports)
        self.file = self.run / "nginx.conf"
        self.file.write_text(configuration(self.ports, listen=listen, run=self.run), "utf-8")
        environment = {**ENVIRONMENT, **os.environ}
        self.processes = [
            Kept(f"process {port}", _uvicorn(port), environment) for port in self.ports
        ]
        self.front = Kept(
            "nginx",
            [nginx, "-p", str(self.run), "-e", "stderr", "-c", str(self.file)],
            environment,
        )

        #: Nobody is let in before all processes have started once, or this moment has passed.
        self.open_at = time.monotonic() + LONGEST_START
        self.open = False

    def look(self) -> None:
        """Start again what has ended."""
        for kept in self.processes:
            kept.look()
        if not self.open:
            self.open = time.monotonic() > self.open_at or all(map(answers, self.ports))
        if self.open:
            self.front.look()

    def stop(self) -> None:
        """End all of it and clear up."""
        for kept in (self.front, *self.processes):
            kept.stop()
        shutil.rmtree(self.run, ignore_errors=True)


def _uvicorn(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "app:app", "--host", HOST, "--port", str(port)),
        *("--log-level", "warning", "--timeout-graceful-shutdown", "5"),
    ]


def find_nginx() -> str | None:
    """The path of nginx; on Debian it is not on everybody's path."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.serve", description=__doc__)
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="as many as cores by default"
    )
    parser.add_argument("--listen", default="127.0.0.1:8080", help="nginx's own address and port")
    parser.add_argument("--first-port", type=int, help="of the processes; free ones by default")
    parser.add_argument("--print", action="store_true", help="only print nginx's configuration")
    asked = parser.parse_args()
    if not 1 <= asked.processes <= MOST_PROCESSES:
        parser.error(f"--processes: from 1 to {MOST_PROCESSES}")
    if asked.print:
        first = asked.first_port or 8501
        ports = range(first, first + asked.processes)
        print(configuration(ports, listen=asked.listen, run=Path("/run/who-pays")), end="")
        return 0
    nginx = find_nginx()
    if nginx is None:
        parser.error("nginx is not installed: on Debian or Ubuntu, apt-get install nginx-light")
    site = Site(asked.processes, listen=asked.listen, first_port=asked.first_port, nginx=nginx)
    over = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        said = False
        while not over.is_set():
            site.look()
            if site.open and not said:
                said = True
                print(f"ready: http://{asked.listen} ({asked.processes} processes)", flush=True)
            over.wait(0.25)
    finally:
        site.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
