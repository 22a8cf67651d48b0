"""Several processes behind nginx: what it is told, and that readers find their way through it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.crowd import workers
from benchmarks.load import PlainKnob
from benchmarks.servers import Served, behind_nginx, serving
from deploy.serve import Site, configuration, find_nginx

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
            run = await reader.open()
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

    asyncio.run(use())
