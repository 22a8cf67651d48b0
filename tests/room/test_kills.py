"""Servers killed at random moments while a class plays: no decision is lost, none counts twice."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.pupil import Pupil, key
from benchmarks.servers import ROOT, serving, with_uvicorn
from tests.model.agree import SEARCH
from tests.room.machine import holds
from view.room import naming
from view.room.host import Rooms

pytestmark = pytest.mark.part(3)

KILLS = 6 if SEARCH == 1 else 100
PUPILS = 6


class Pair:
    """Two processes with one log, each started again as soon as it has been killed."""

    def __init__(self) -> None:
        self._stacks = [ExitStack(), ExitStack()]
        self.servers = [self._start(place) for place in (0, 1)]

    def _start(self, place: int):
        return self._stacks[place].enter_context(
            serving(*with_uvicorn("view.serving.rooms:app"), root=ROOT)
        )

    def kill(self, place: int) -> None:
        os.kill(self.servers[place].pid, signal.SIGKILL)
        self._stacks[place].close()
        self._stacks[place] = ExitStack()
        self.servers[place] = self._start(place)

    def any(self, chance: random.Random) -> str:
        return chance.choice(self.servers).url

    def stop(self) -> None:
        for stack in self._stacks:
            stack.close()


@dataclass
class Class:
    """What they did, and what they were told."""

    pair: Pair
    code: str = ""
    over: bool = False
    #: (seat's token, round) -> what was acknowledged.
    done: dict[tuple[str, int], str] = field(default_factory=dict)
    errors: list[BaseException] = field(default_factory=list)


def insisting(pair, chance, cookies, path, form):
    """Send it, to one server or the other, until one of them has said what became of it."""
    for _ in range(600):
        pupil = Pupil(pair.any(chance), patience=10)
        pupil.cookies = cookies
        try:
            came = pupil.ask(path, form)
        except OSError:
            time.sleep(0.05)
            continue
        if came.status < 500:
            return came
        time.sleep(0.05)
    raise TimeoutError(path)


def play(group, number):
    """One pupil: decides as soon as a round is open, and says it twice."""
    chance, token = random.Random(number), key()
    try:
        cookies: dict[str, str] = {}
        insisting(group.pair, chance, cookies, f"/room/{group.code}", {"do": "join", "key": token})
        cookies["who_pays_seat"] = token
        while not group.over:
            for round_ in range(1, 11):
                act = chance.choice(["buy", "wait"])
                form = {"do": "move", "round": round_, "act": act, "key": key()}
                path = f"/room/{group.code}?lang=en"
                for _ in range(2):
                    came = insisting(group.pair, chance, cookies, path, form)
                    if came.status == 200:
                        group.done.setdefault((token, round_), act)
            time.sleep(0.02)
    except BaseException as error:  # noqa: BLE001
        group.errors.append(error)


def test_no_decision_is_lost_or_doubled(tmp_path, monkeypatch):
    path = tmp_path / "rooms.sqlite"
    monkeypatch.setenv("WHO_PAYS_ROOMS", str(path))
    chance = random.Random(KILLS)
    pair = Pair()
    group = Class(pair)
    teacher = Pupil(pair.servers[0].url)
    made = teacher.ask("/room/new", {"scheme": "thousand-yuan-points", "rounds": "10"})
    group.code = made.headers["location"].split("/")[2]
    threads = [threading.Thread(target=play, args=(group, n)) for n in range(PUPILS)]
    for thread in threads:
        thread.start()
    try:
        for kill in range(KILLS):
            number = 1 + kill * 10 // KILLS
            form = {"do": "go", "step": f"round-{number}", "key": key()}
            insisting(pair, chance, teacher.cookies, f"/room/{group.code}/lead", form)
            time.sleep(chance.uniform(0.0, 0.6))
            pair.kill(chance.randrange(2))
    finally:
        group.over = True
        for thread in threads:
            thread.join()
        pair.stop()
    assert group.errors == []
    rooms = Rooms(Path(path))
    room = rooms.read(group.code)
    holds(room, rooms.log)
    rows = rooms.log.since(group.code, 0)
    tokens = [row.body["token"] for row in rows if row.body["do"] == "seat"]
    assert len(tokens) == len(set(tokens)) == PUPILS
    moves = Counter((row.seat, row.body["round"]) for row in rows if row.body["do"] == "move")
    assert set(moves.values()) <= {1}
    # Whatever somebody was told is there, and says what was decided first.
    assert len(group.done) >= PUPILS
    written = {
        (row.seat, row.body["round"]): row.body["act"] for row in rows if row.body["do"] == "move"
    }
    for (token, round_), act in group.done.items():
        seat = room.seat_of(naming.digest(token)).number
        assert written[seat, round_] == act
    assert len(written) == len(group.done)
    assert rooms.log._db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    rooms.close()
