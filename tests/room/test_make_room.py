"""A class room for a school without internet."""

from __future__ import annotations

import socket

import pytest

from deploy import room


def test_it_says_where_phones_find_it(monkeypatch, capsys):
    started = []
    monkeypatch.setattr(room, "own_address", lambda: "192.168.4.7")
    monkeypatch.setattr(room, "serve", lambda *options: started.append(options) or 0)
    monkeypatch.delenv("WHO_PAYS_ADDRESS", raising=False)
    assert room.main("--server.port=8600") == 0
    assert "http://192.168.4.7:8600/room/new" in capsys.readouterr().out
    assert room.os.environ["WHO_PAYS_ADDRESS"] == "http://192.168.4.7:8600"
    (options,) = started
    assert options[options.index("--server.address") + 1] == "0.0.0.0"
    assert options[options.index("--server.port") + 1] == "8600"


def test_without_a_network_it_says_so_and_starts_nothing(monkeypatch, capsys):
    monkeypatch.setattr(room, "own_address", lambda: None)
    monkeypatch.setattr(room, "serve", lambda *_: pytest.fail("started"))
    assert room.main() == 2
    assert "in no network" in capsys.readouterr().err


def test_nobody_is_asked_for_the_address(monkeypatch):
    sent = []
    monkeypatch.setattr(socket.socket, "send", lambda *a: sent.append(a), raising=False)
    found = room.own_address()
    assert found is None or not found.startswith("127.")
    assert sent == []


@pytest.mark.parametrize(
    ("options", "port"),
    [
        ([], 8501),
        (["--server.port", "9000"], 9000),
        (["--server.port=9000"], 9000),
        (["--server.port"], 8501),
        (["--server.port", "x"], 8501),
    ],
)
def test_the_port(options, port):
    assert room.port_of(options) == port
