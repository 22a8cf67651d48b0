"""Several processes behind nginx: what it is told, and that readers find their way through it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus

from benchmarks.crowd import workers
from benchmarks.load import PlainKnob
from benchmarks.reader import Reader, Run
from benchmarks.servers import ROOT, Served, behind_nginx, free_port, serving
from deploy import serve
from deploy.serve import Site, configuration, find_nginx
from tests.apart import apart

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

NGINX = find_nginx()
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@pytest.mark.parametrize("processes", [1, 2, 8])
def test_every_process_has_a_name_and_others_to_answer_for_it(processes):
    ports = range(8501, 8501 + processes)
    text = configuration(ports, listen="8080", run=Path("/run/who-pays"))
    assert not re.search(r"@[A-Z]+@", text)
    for number, port in enumerate(ports):
        mine, others = (
            re.findall(
                r"server 127\.0\.0\.1:(\d+)",
                re.search(rf"upstream {name}_{number} \{{(.*?)\}}", text, re.DOTALL)[1],
            )
            for name in ("process", "other")
        )
        assert mine == [str(port)]
        assert others == ([str(p) for p in ports if p != port] or mine)
        assert f"p{number} process_{number};" in text
        assert f'"~:{port}$" p{number};' in text
        assert f'"~:{port}$" other_{number};' in text


class Upstream:
    """Stands for a process: answers, or dies of what it is asked."""

    def __init__(self, *, dies: bool) -> None:
        self.asked: list[str] = []
        self._dies = dies
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    asked = connection.recv(65_536).decode()
                    self.asked.append(asked)
                    if not self._dies:
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def end(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@needs_nginx
def test_what_a_process_died_of_goes_to_no_other_and_what_it_never_had_does(tmp_path):
    dying, well = Upstream(dies=True), Upstream(dies=False)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    file = tmp_path / "nginx.conf"
    listen = f"127.0.0.1:{port}"
    file.write_text(configuration([dying.port, well.port], listen=listen, run=tmp_path), "utf-8")
    assert NGINX is not None
    front = subprocess.Popen([NGINX, "-p", str(tmp_path), "-e", "stderr", "-c", str(file)])

    def status(cookie: str, **headers: str) -> int:
        asked = urllib.request.Request(
            f"http://{listen}/money", headers={"Cookie": f"who_pays={cookie}", **headers}
        )
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    try:
        while front.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
        # Two begun requests, none of which is handed on.
        assert [status("p0"), status("p0")] == [502, 502]
        assert (len(dying.asked), len(well.asked)) == (2, 0)
        assert status("p1", **{"X-Forwarded-For": "192.0.2.1"}) == 200
        assert "X-Forwarded-For: 127.0.0.1\r\n" in well.asked[0]
        dying.end()
        assert [status("p0"), status("p0")] == [200, 200]
        assert len(well.asked) == 3
    finally:
        front.terminate()
        front.wait(20)
        dying.end()
        well.end()


@needs_nginx
def test_nginx_takes_the_configuration():
    assert NGINX is not None
    site = Site(3, listen="127.0.0.1:18999", first_port=None, nginx=NGINX)
    try:
        said = subprocess.run(
            [NGINX, "-t", "-p", str(site.run), "-e", "stderr", "-c", str(site.file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr
        assert "[warn]" not in said.stderr
    finally:
        site.stop()


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serving(*behind_nginx(2)) as server:
        yield server


@needs_nginx
def test_a_page_comes_through_with_its_headers_and_a_process_to_stay_with(site):
    with urllib.request.urlopen(f"{site.url}/money?lang=zh-Hans", timeout=20) as answer:
        html = answer.read().decode()
        cookies = answer.headers.get_all("Set-Cookie")
        assert answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"] is None  # no TLS, no promise of it
    assert '<html lang="zh-Hans">' in html
    name = re.match(r"who_pays=(p[01]);", next(c for c in cookies if c.startswith("who_pays")))
    assert name is not None
    again = urllib.request.Request(
        f"{site.url}/money", headers={"Cookie": f"who_pays={name[1]}", "X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(again, timeout=20) as answer:
        assert not any("who_pays" in c for c in answer.headers.get_all("Set-Cookie") or [])
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@needs_nginx
def test_what_is_closed_is_closed_behind_nginx_and_cookies_are_for_tls(site):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{site.url}/_stcore/metrics", timeout=20)
    for proto in ("http", "https"):
        asked = urllib.request.Request(
            f"{site.url}/_stcore/health", headers={"X-Forwarded-Proto": proto}
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            cookies = answer.headers.get_all("Set-Cookie")
        found = {cookie.partition("=")[0]: cookie for cookie in cookies}
        for name in ("_streamlit_xsrf", "who_pays"):
            assert ("; Secure" in found[name]) == (proto == "https")


async def again(reader: Reader) -> Run:
    """The page once more, as a browser asks: not only once, since a connection that the killed
    process had taken is handed to no other."""
    for _ in range(20):
        try:
            return await reader.open()
        except InvalidStatus as refused:
            if refused.response.status_code != 502:
                raise
            await asyncio.sleep(0.1)
    pytest.fail("nobody takes over")


@needs_nginx
def test_readers_spread_and_find_their_settings_when_a_process_is_killed(site):
    knob = PlainKnob(key="money|points_pool.share")

    async def use() -> None:
        readers = [await knob.reader(site.url) for _ in range(4)]
        by_process = {r.cookies["who_pays"]: r for r in readers}
        assert set(by_process) == {"p0", "p1"}
        said = {}
        for share, (name, reader) in enumerate(by_process.items(), 22):
            widget = reader.widget(knob.key)
            reader.set(widget.id, double_array_value=[float(share)])
            run = await reader.rerun(widget.id)
            said[name] = share, run.texts
        os.kill(workers(site)[0], signal.SIGKILL)
        for name, reader in by_process.items():
            await reader.close()
            reader.states.clear()  # only the address remembers
            run = await again(reader)
            share, texts = said[name]
            assert not run.errors
            assert f"points_pool.share=0.{share}" in reader.query
            assert reader.widget(knob.key).value == [float(share)]
            finding = re.search(r'wp-finding">[^<]*', texts)
            assert finding is not None
            assert finding[0] in run.texts
        assert len({r.cookies["who_pays"] for r in by_process.values()}) <= 2
        for reader in readers:
            await reader.close()

    apart(use())


# -- Kept alive, hung, killed and renewed: with stand-ins that start at once ---------------


#: Answers as the dashboard does when it is asked for a sign of life, and says who it is.
STAND_IN = """
import http.server, os, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(os.getpid()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
#: The command with stand-ins, which it asks more often.
SERVE = f"""
import sys
from deploy import serve
serve.EVERY, serve.PATIENCE, serve.APART = 0.2, 1.0, 0.3
serve.uvicorn = lambda port, app="": [sys.executable, "-c", {STAND_IN!r}, str(port)]
sys.exit(serve.main())
"""


class Started:
    """``deploy.serve`` with stand-ins, on a port of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.log = port, folder / "log.txt"
        self.output = self.log.open("ab")
        listen = ("--processes", "2", "--listen", f"127.0.0.1:{port}")
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, *listen],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stderr=self.output,
            env={**os.environ, "TMPDIR": str(folder)},
        )

    def pid(self, path: str = "/") -> int | None:
        """Who answers; None if nobody does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.read())
        except OSError:
            return None

    def pids(self) -> set[int]:
        return {pid for _ in range(8) if (pid := self.pid()) is not None}

    def children(self) -> list[int]:
        own = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in own.read_text().split()]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self.output.close()


def until(true: Callable[[], object]) -> None:
    """Wait for what has to come; how long is not judged."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    running = Started(tmp_path, free_port())
    until(lambda: len(running.pids()) == 2)
    yield running
    running.stop()


@needs_nginx
def test_a_process_that_hangs_is_replaced(started):
    before = started.pids()
    hung = min(before)
    os.kill(hung, signal.SIGSTOP)
    until(lambda: not Path(f"/proc/{hung}").exists())
    until(lambda: len(started.pids() - {hung}) == 2)
    assert len(started.pids() & before) == 1
    assert started.log.read_text().count("does not answer") == 1


@needs_nginx
def test_class_rooms_have_a_process_of_their_own_and_others_answer_for_it(started):
    rooms, others = started.pid("/room/ACDEF"), started.pids()
    assert rooms is not None
    assert rooms not in others
    assert {started.pid("/room"), started.pid("/room/ACDEF/news?role=wall")} == {rooms}
    assert started.pid("/roomy") in others
    os.kill(rooms, signal.SIGKILL)
    until(lambda: started.pid("/room/ACDEF") in others)
    until(lambda: started.pid("/room/ACDEF") not in {None, rooms, *others})


@needs_nginx
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends what was started")
def test_killed_hard_it_leaves_nothing_that_stops_the_next_start(started, tmp_path):
    left = [*started.children(), *started.pids()]
    assert len(set(left)) == 4  # two processes, the class rooms and nginx
    started.process.kill()
    started.process.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    folders = list(tmp_path.glob("who-pays-*"))
    assert len(folders) == 1
    again = Started(tmp_path, started.port)
    try:
        until(lambda: len(again.pids()) == 2)
        assert not folders[0].exists()
    finally:
        again.stop()
    assert not list(tmp_path.glob("who-pays-*"))


@needs_nginx
def test_new_processes_take_over_without_an_outage(started):
    before = started.pids()
    started.process.send_signal(signal.SIGHUP)
    answered: list[int | None] = []

    def taken_over() -> bool:
        answered.append(started.pid())
        return not any(Path(f"/proc/{pid}").exists() for pid in before)

    until(taken_over)
    assert None not in answered
    after = started.pids()
    assert len(after) == 2
    assert not after & before


@needs_nginx
def test_old_processes_stay_where_new_ones_do_not_start(monkeypatch):
    monkeypatch.setattr(serve, "LONGEST_START", 0.0)
    monkeypatch.setattr(serve, "uvicorn", lambda _port, _app="": [sys.executable, "-c", ""])
    assert NGINX is not None
    site = Site(1, listen="127.0.0.1:18998", first_port=None, nginx=NGINX)
    try:
        site.open = True
        before, written = site.processes, site.file.read_text()
        site.renew()
        until(lambda: site.look() or not site.coming)
        assert site.processes is before
        assert site.file.read_text() == written
    finally:
        site.stop()


@pytest.mark.parametrize(
    ("groups", "files", "cores"),
    [
        ("0::/\n", {"cpu.max": "150000 100000"}, 2),
        ("0::/\n", {"cpu.max": "max 100000"}, 8),
        ("0::/a/b\n", {"a/cpu.max": "100000 100000", "a/b/cpu.max": "max 100000"}, 1),
        (
            "4:cpu,cpuacct:/a\n3:memory:/m\n",
            {"cpu/a/cpu.cfs_quota_us": "300000", "cpu/a/cpu.cfs_period_us": "100000"},
            3,
        ),
        ("4:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 8),
        ("0::/\n", {"cpu.max": "1000 100000"}, 1),
        ("", {}, 8),
    ],
)
def test_as_many_processes_as_a_container_may_use_cores(tmp_path, groups, files, cores):
    (tmp_path / "groups").write_text(groups)
    for name, text in files.items():
        path = tmp_path / "fs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    assert serve.cores(groups=tmp_path / "groups", root=tmp_path / "fs", most=8) == cores


def test_a_full_disk_is_one_line_without_anybody_s_address(capfd):
    said = (
        '2026/11/27 20:00:00 [crit] 7#7: *5 open() "/tmp/x/body/0000000001" failed (28: No space '
        'left on device), client: 192.0.2.7, server: _, request: "POST /_stcore/upload_file/1 '
        'HTTP/1.1", host: "example.org"'
    )
    command = [sys.executable, "-c", f"import sys; print({said!r}, file=sys.stderr)"]
    kept = serve.Kept("nginx", command, tidy=serve.without_person)
    kept.look()
    assert kept.process is not None
    kept.process.wait(30)
    printed = ""
    deadline = time.monotonic() + 30
    while "\n" not in printed and time.monotonic() < deadline:
        printed += capfd.readouterr().err
        time.sleep(0.02)
    assert printed.endswith("failed (28: No space left on device)\n")
    assert printed.count("\n") == 1


def test_a_log_that_cannot_be_written_ends_nothing(monkeypatch):
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr(sys, "stderr", full)
        serve.say("nobody reads this")
        with suppress(OSError):
            full.close()


@needs_nginx
def test_uploads_given_up_and_readers_lost_are_no_long_story(site):
    """At most a line each, and nobody's address in it."""
    before = len(site.said().splitlines())
    host, _, port = urlsplit(site.url).netloc.partition(":")
    head = (
        "{method} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n{more}\r\n"
    )
    socket_ = (
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    for method, more in (
        ("PUT /_stcore/upload_file/a/b", ""),
        ("POST /live/move", ""),
        ("GET /_stcore/stream", socket_),
    ):
        with socket.create_connection((host, int(port)), timeout=20) as gone:
            text = head.format(method=method, host=f"{host}:{port}", more=more)
            gone.sendall(text.encode() + b"--x\r\nhalf")
            gone.settimeout(1.0)
            with suppress(TimeoutError):
                gone.recv(100)
            # Not closed but broken off.
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with urllib.request.urlopen(f"{site.url}/_stcore/health", timeout=20) as answer:
        assert answer.status == 200
    said = site.said().splitlines()[before:]
    assert len(said) <= 3, said
    assert not any("client" in line or "Traceback" in line for line in said)
