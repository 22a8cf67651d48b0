"""The real app and a real browser, once for each worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import chromium, turns

# Both cores may be busy with other tests: wait long for what must come, never assert how fast.
expect.set_options(timeout=30_000)

# How fast a case is says nothing of whether it is right.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

# Class rooms of tests are nobody else's.
os.environ["WHO_PAYS_ROOMS"] = str(Path(tempfile.mkdtemp(prefix="rooms-")) / "rooms.sqlite")
os.environ["WHO_PAYS_STRICT"] = "1"  # a missing word is an error, here and in the app we start

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Before any worker starts, so that all of them have the same day."""
    os.environ.setdefault(turns.DAY, str(datetime.now(UTC).date().toordinal()))
    config.addinivalue_line(
        "markers", "part(n): many cases of one kind, of which a day has its part, one in n"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to other days what is theirs; one file or test that is asked for is run whole."""
    if any("::" in one or one.endswith(".py") for one in config.args):
        return
    mine = [item for item in items if turns.today(item)]
    others = [item for item in items if item not in set(mine)]
    config.hook.pytest_deselected(items=others)
    items[:] = mine


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_app(log: Path, port: int | None = None) -> tuple[subprocess.Popen[bytes], str]:
    """Start the app, on a port of its own if none is given, and wait until it answers."""
    port = _free_port() if port is None else port
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return process, url
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    process.kill()
    process.wait()
    pytest.fail(f"the app did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")


def stop_app(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app, without a slash at its end."""
    process, url = start_app(tmp_path_factory.mktemp("app") / "log.txt")
    yield url
    stop_app(process)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium.find()
    if path is None:
        pytest.fail("no Chromium found: install one, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGS))
        yield running
        running.close()
