"""The server asks nobody for anything, listens to this computer alone, and stops without a word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.servers import with_uvicorn
from tests import offline

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(3)

#: How it is started: `make run`, the plain pip lines, and for many readers. {port} is filled in.
HEADLESS = ("--server.headless", "true", "--server.port", "{port}")
STARTS = {
    "make run": ("view", *HEADLESS),
    "streamlit": ("streamlit", "run", "app.py", *HEADLESS),
    "uvicorn": with_uvicorn("app:app"),
}


@pytest.mark.parametrize("start", STARTS)
def test_nobody_is_asked(start):
    seen = offline.watched(*STARTS[start])
    assert seen["tried"] == []
    assert set(seen["opened"].values()) == {True}
    assert set(seen["knocks"].values()) == {403}
    assert seen["status"] is not None
    if start == "make run":
        assert (seen["status"], seen["said_at_the_end"].strip()) == (0, "")
    assert "Traceback" not in seen["said"] + seen["said_at_the_end"]


def test_the_watch_sees_who_asks(tmp_path):
    """A program that asks an outside address is seen doing so, by name and by address."""
    log = tmp_path / "tried.txt"
    program = tmp_path / "asks.py"
    program.write_text(
        "import socket, urllib.request\n"
        "from contextlib import suppress\n"
        "for host in ('127.0.0.1', '0.0.0.0'):\n"
        "    with socket.socket() as s:\n"
        "        s.bind((host, 0))\n"
        "with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:\n"
        "    for host in ('127.0.0.1', '192.0.2.1'):\n"
        "        with suppress(OSError):\n"
        "            s.connect((host, 9))\n"
        "with suppress(OSError):\n"
        "    urllib.request.urlopen('http://nobody.invalid/', timeout=2)\n",
        "utf-8",
    )
    done = subprocess.run(
        [*offline.namespace(), sys.executable, "-m", "tests.offline", "--serve", str(log), "asks"],
        cwd=offline.ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert log.read_text("utf-8").splitlines() == [
        "socket.bind 0.0.0.0",
        "socket.connect 192.0.2.1",
        "socket.getaddrinfo nobody.invalid",
    ]
