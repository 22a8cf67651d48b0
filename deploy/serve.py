"""Several processes of the dashboard behind nginx: ``python -m deploy.serve --processes 4``.

Starts the processes and nginx, starts again whichever of them dies or no longer answers, changes to
new processes on SIGHUP without turning anybody away, and stops all of them when it is stopped
itself (SIGTERM or Ctrl-C) or killed. Everything but nginx listens on the loopback interface.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import math
import os
import re
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
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).resolve().parent / "nginx.conf.in"
HOST = "127.0.0.1"
MOST_PROCESSES = 64
#: Seconds before a process that dies at once is started again; doubles up to the second number.
PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A process that has lived this long has started well.
WELL = 30.0
LONGEST_START = 60.0
#: A process is asked for a sign of life every so many seconds, and has so many to answer: one that
#: hangs is noticed within ten.
EVERY, PATIENCE = 1.5, 7.0
#: Seconds between two old processes that leave their readers to new ones: not all come at once.
APART = 2.0
#: Seconds that a process has to end by itself.
KINDLY = 10.0
#: Many threads come and go: memory they have used is shared and not kept by each.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "WHO_PAYS_BESIDE": "stays"}
PREFIX = "who-pays-"
ROOMS_APP = "view.serving.rooms:app"


def say(text: str) -> None:
    """One line for whoever runs this; where it cannot be written (a full disk), life goes on."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def without_person(line: str) -> str:
    """A line of nginx's without who it was about and what they asked for."""
    return re.split(r",? (?:client|server|request|upstream|host|referrer): ", line, maxsplit=1)[0]


def cores(
    *,
    groups: Path = Path("/proc/self/cgroup"),
    root: Path = Path("/sys/fs/cgroup"),
    most: int | None = None,
) -> int:
    """How many cores this process may use: those it is bound to, and the limit of its container.

    ``most``: as many as there are, by default those the system names.
    """
    if most is None:
        bound = getattr(os, "sched_getaffinity", None)
        most = len(bound(0)) if bound is not None else os.cpu_count() or 1
    limits = [float(most)]
    with contextlib.suppress(OSError):
        for line in groups.read_text("utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers and "cpu" not in controllers.split(","):
                continue
            # Version 2 has one tree, version 1 one for each controller.
            top = root if not controllers else root / "cpu"
            place = top / path.strip("/")
            while True:
                limits += _limit(place)
                if place in {top, place.parent}:
                    break
                place = place.parent
    return max(math.ceil(min(limits) - 1e-9), 1)


def _limit(place: Path) -> list[float]:
    """The cores that one control group allows, if it says."""
    with contextlib.suppress(OSError, ValueError):
        quota, period = (place / "cpu.max").read_text("utf-8").split()
        return [] if quota == "max" else [int(quota) / int(period)]
    with contextlib.suppress(OSError, ValueError):
        quota_us = int((place / "cpu.cfs_quota_us").read_text("utf-8"))
        period_us = int((place / "cpu.cfs_period_us").read_text("utf-8"))
        return [quota_us / period_us] if quota_us > 0 else []
    return []


#: Class rooms have a process of their own; while it is not there, any other answers for it: all
#: read and write the same log.
ROOMS = """\
  upstream rooms {{
    server {address} max_fails=0;
  }}"""
ROOMS_PLACE = """\
    location ~ ^/room(/|$) {
      proxy_pass http://rooms;
      error_page 502 504 = @rooms_elsewhere;
    }

    location @rooms_elsewhere {
      if ($who_pays_had_it) {
        return 502;
      }
      proxy_pass http://anybody;
    }
"""


def configuration(
    ports: Sequence[int], *, listen: str, run: Path, workers: int = 1, rooms: int | None = None
) -> str:
    """The configuration of nginx for processes on these ports, class rooms on one of their own."""
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
        "WORKERS": str(workers),
        "ANYBODY": "\n".join(f"    {server};" for server in servers),
        "PROCESSES": "\n".join(blocks),
        "ROOMS": "" if rooms is None else ROOMS.format(address=f"{HOST}:{rooms}"),
        "ROOMS_PLACE": "" if rooms is None else ROOMS_PLACE,
        "OTHERS": "\n".join(f'    "~:{port}$" other_{n};' for n, port in enumerate(ports)),
        "COOKIES": "\n".join(f"    p{n} process_{n};" for n in range(len(ports))),
        "ANSWERED": "\n".join(f'    "~:{port}$" p{n};' for n, port in enumerate(ports)),
    }
    text = TEMPLATE.read_text("utf-8")
    for name, value in filled.items():
        text = text.replace(f"@{name}@", value)
    return text


class Kept:
    """A command that is started again whenever it ends, and ends with this process.

    ``with_`` is the signal it is ended with when this process is killed; ``tidy`` changes what it
    writes to its standard error, line by line.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        with_: signal.Signals = signal.SIGKILL,
        tidy: Callable[[str], str] | None = None,
    ) -> None:
        tied = [sys.executable, "-m", "deploy.tied", str(int(with_)), str(os.getpid())]
        self.name, self.command, self.tidy = name, [*tied, *command], tidy
        self.process: subprocess.Popen[bytes] | None = None
        self.pause, self.started, self.due = PAUSE, 0.0, 0.0

    def look(self) -> None:
        """Start it if it is not running and its pause is over."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            say(f"{self.name} ended with {self.process.returncode}")
            self.process = None
            self.pause = PAUSE if now - self.started > WELL else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + (0.0 if now - self.started > WELL else self.pause)
        if now >= self.due:
            self.started = now
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**ENVIRONMENT, **os.environ},
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE if self.tidy else None,
            )
            if self.tidy and self.process.stderr:
                pass_on = (self.process.stderr, self.tidy)
                threading.Thread(target=_passed_on, args=pass_on, daemon=True).start()

    def stop(self) -> None:
        """End it, kindly first."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(KINDLY)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _passed_on(lines: IO[bytes], tidy: Callable[[str], str]) -> None:
    with lines:
        for line in lines:
            say(tidy(line.decode("utf-8", "replace").rstrip()))


class Dashboard(Kept):
    """A process of the dashboard, or of the class rooms: it has to answer, too."""

    def __init__(self, port: int, app: str = "app:app") -> None:
        super().__init__(f"process {port}", uvicorn(port, app))
        self.port = port
        #: Whether it has answered since it was started, and has stopped to.
        self.up = self.silent = False
        self._ask_at = 0.0
        self._asking: threading.Thread | None = None

    def look(self) -> None:
        """Start it if it is not running; end it if it hangs."""
        before = self.process
        super().look()
        if self.process is not before:
            self.up = self.silent = False
        now = time.monotonic()
        if self.process is None:
            return
        if self.silent or (not self.up and now - self.started > LONGEST_START):
            say(f"{self.name} does not answer: another one takes its place")
            self.process.kill()
            self.process.wait()
        elif now >= self._ask_at and not (self._asking and self._asking.is_alive()):
            self._ask_at = now + (EVERY if self.up else 0.25)
            self._asking = threading.Thread(target=self._ask, args=(self.process,), daemon=True)
            self._asking.start()

    def _ask(self, process: subprocess.Popen[bytes]) -> None:
        answered = answers(self.port, patience=PATIENCE)
        if process is self.process:
            self.up, self.silent = self.up or answered, self.up and not answered


def answers(port: int, *, patience: float = 2.0) -> bool:
    """Whether a process answers on this port within so many seconds."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=patience):
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


def uvicorn(port: int, app: str = "app:app") -> list[str]:
    """The command of one process."""
    return [
        *(sys.executable, "-m", "uvicorn", app, "--host", HOST, "--port", str(port)),
        *("--log-level", "warning", "--timeout-graceful-shutdown", "5"),
    ]


class Site:
    """The processes and nginx in front of them."""

    def __init__(self, processes: int, *, listen: str, first_port: int | None, nginx: str) -> None:
        clear_up()
        self.run = Path(tempfile.mkdtemp(prefix=PREFIX))
        # nginx's own processes may be another user's.
        self.run.chmod(0o755)
        # The processes share what has been drawn of cards.
        os.environ.setdefault("WHO_PAYS_CARDS", str(self.run / "cards"))
        #: Held for as long as this process lives: says that the folder is in use.
        self._held = (self.run / "new").open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)
        # By this name it is looked for, so it has it only once it is held.
        (self.run / "new").rename(self.run / "lock")
        self.number, self.listen, self.first_port = processes, listen, first_port
        self.file = self.run / "nginx.conf"
        self.processes = [Dashboard(port) for port in self._ports()]
        rooms = free_ports(1)[0] if first_port is None else first_port + 2 * processes
        self.rooms = Dashboard(rooms, ROOMS_APP)
        #: Those that are to take over, and those that have been taken over from: until when.
        self.coming: list[Dashboard] = []
        self.leaving: list[tuple[Dashboard, float]] = []
        self.file.write_text(self._written(self.processes), "utf-8")
        self._nginx = [nginx, "-p", str(self.run), "-e", "stderr", "-c", str(self.file)]
        # Ended by this signal, nginx ends its own processes as well.
        self.front = Kept("nginx", self._nginx, with_=signal.SIGTERM, tidy=without_person)

        #: Nobody is let in before all processes have started once, or this moment has passed.
        self.open_at = time.monotonic() + LONGEST_START
        self.open = False

    @property
    def ports(self) -> list[int]:
        """Where the processes listen that nginx is told of."""
        return [process.port for process in self.processes]

    def _ports(self) -> list[int]:
        """Ports for so many processes beside those that run."""
        if self.first_port is None:
            return free_ports(self.number)
        # Two rows, used in turn.
        rows = (self.first_port, self.first_port + self.number)
        taken = {p.port for p in (*getattr(self, "processes", ()), *self._left())}
        first = next((row for row in rows if row not in taken), None)
        if first is None:
            raise OSError("the processes before the last ones have not ended yet")
        return list(range(first, first + self.number))

    def _left(self) -> Iterable[Dashboard]:
        return (process for process, _ in getattr(self, "leaving", ()))

    def _written(self, processes: Sequence[Dashboard]) -> str:
        ports = [process.port for process in processes]
        rooms = self.rooms.port
        return configuration(ports, listen=self.listen, run=self.run, workers=cores(), rooms=rooms)

    def look(self) -> None:
        """Start again what has ended, and go on with a change to new processes."""
        for kept in (*self.processes, *self.coming, self.rooms):
            kept.look()
        if not self.open:
            late = time.monotonic() > self.open_at
            self.open = late or all(one.up for one in (*self.processes, self.rooms))
        if self.open:
            self.front.look()
        if self.coming:
            self._take_over()
        self._take_leave()

    def renew(self) -> None:
        """Start new processes that take over once all of them answer."""
        if self.coming or not self.open:
            return
        try:
            self.coming = [Dashboard(port) for port in self._ports()]
        except OSError as error:
            say(f"nothing is renewed: {error}")
            return
        say(f"{self.number} new processes are started")

    def _take_over(self) -> None:
        if not all(process.up for process in self.coming):
            since = min(process.started for process in self.coming)
            if time.monotonic() - since > LONGEST_START:
                self._stay("they do not answer")
            return
        before = self.file.read_text("utf-8")
        try:
            self.file.write_text(self._written(self.coming), "utf-8")
            tried = subprocess.run(
                [*self._nginx, "-t"], capture_output=True, timeout=10, check=False
            )
            failed = "" if tried.returncode == 0 else "nginx does not take its configuration"
        except (OSError, subprocess.SubprocessError) as error:
            failed = f"nginx cannot be told ({type(error).__name__})"
        if failed:
            with contextlib.suppress(OSError):
                self.file.write_text(before, "utf-8")
            self._stay(failed)
            return
        if self.front.process is not None:
            self._tell(self.front.process)
        # Each old one answers what it has been asked and lets go.
        now = time.monotonic()
        self.leaving += [(old, now + APART * n) for n, old in enumerate(self.processes, start=1)]
        self.processes, self.coming = self.coming, []
        say(f"{self.number} new processes have taken over")
        # Its log stays; the others answer for it until it is there again.
        if self.rooms.process is not None:
            self.rooms.process.terminate()

    @staticmethod
    def _tell(nginx: subprocess.Popen[bytes]) -> None:
        """Let nginx take up its configuration, and wait until its new workers are there."""
        before, end = children(nginx.pid), time.monotonic() + KINDLY
        nginx.send_signal(signal.SIGHUP)
        while time.monotonic() < end and not children(nginx.pid) - before:
            time.sleep(0.05)

    def _stay(self, why: str) -> None:
        say(f"the old processes stay: {why}")
        for process in self.coming:
            process.stop()
        self.coming = []

    def _take_leave(self) -> None:
        """Let go of those that have been taken over from, without waiting for any."""
        now, left = time.monotonic(), []
        for old, at in self.leaving:
            if old.process is None or old.process.poll() is not None:
                continue
            if now > at + KINDLY:
                old.process.kill()
            elif now > at:
                old.process.terminate()
            left.append((old, at))
        self.leaving = left

    def stop(self) -> None:
        """End all of it and clear up."""
        for kept in (self.front, *self.processes, *self.coming, *self._left(), self.rooms):
            kept.stop()
        self._held.close()
        shutil.rmtree(self.run, ignore_errors=True)


def children(pid: int) -> set[str]:
    """What a process has started; nothing where the system does not say."""
    with contextlib.suppress(OSError):
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split())
    return set()


def clear_up() -> None:
    """Remove the folders of those before us that were killed and could not do it themselves."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/lock"):
        with contextlib.suppress(OSError), lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)


def find_nginx() -> str | None:
    """The path of nginx; on Debian it is not on everybody's path."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.serve", description=__doc__)
    parser.add_argument(
        "--processes",
        type=int,
        default=min(cores(), MOST_PROCESSES),
        help="by default as many as cores may be used here",
    )
    parser.add_argument("--listen", default="127.0.0.1:8080", help="nginx's own address and port")
    parser.add_argument(
        "--first-port",
        type=int,
        help="of the processes (twice as many, used in turn, and one more); free ones by default",
    )
    parser.add_argument("--print", action="store_true", help="only print nginx's configuration")
    asked = parser.parse_args()
    if not 1 <= asked.processes <= MOST_PROCESSES:
        parser.error(f"--processes: from 1 to {MOST_PROCESSES}")
    if asked.print:
        first = asked.first_port or 8501
        ports = range(first, first + asked.processes)
        run = Path("/run/who-pays")
        rooms = first + 2 * asked.processes
        told = configuration(ports, listen=asked.listen, run=run, workers=cores(), rooms=rooms)
        print(told, end="")
        return 0
    nginx = find_nginx()
    if nginx is None:
        parser.error("nginx is not installed: on Debian or Ubuntu, apt-get install nginx-light")
    over, renew = threading.Event(), threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    def again(_signal: int, _frame: FrameType | None) -> None:
        renew.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    # A terminal that is closed says the same, and means the end.
    signal.signal(signal.SIGHUP, end if sys.stdin and sys.stdin.isatty() else again)
    site = Site(asked.processes, listen=asked.listen, first_port=asked.first_port, nginx=nginx)
    try:
        said = False
        while not over.is_set():
            if renew.is_set():
                renew.clear()
                site.renew()
            site.look()
            if site.open and not said:
                said = True
                say(f"ready: http://{asked.listen} ({asked.processes} processes)")
            over.wait(0.25)
    finally:
        site.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
