"""Moves of many hands: heavy ones are in nobody's way, and no move harms the next."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from starlette.requests import Request
from starlette.responses import Response

from deploy.serve import ENVIRONMENT
from model import load, simulate
from tests.apart import apart
from view.money import live
from view.queueing.copies import FORKS, HEAVY_MOVE, LIGHT_MOVE, RUN
from view.queueing.desk import LateError
from view.queueing.elsewhere import Elsewhere
from view.queueing.heavy import HeavyError
from view.queueing.senders import sender
from view.queueing.worker import RefusedMoveError, Worker
from view.serving.moves import Job, Moves, worked_out
from view.settings.runs import RUNS
from view.settings.state import parse

#: A process that answers other questions; it is ready at once.
OTHER = """
import os, sys, time
from view.queueing.copies import GOOD, REFUSED, Copies, Kind
kept = bytearray()

def answer(message):
    if message == b"long":
        while True:
            time.sleep(60)
    if message == b"slow":
        time.sleep(0.3)
    if message == b"large":
        kept.extend(bytes(900 * 2**20))
    if message == b"end":
        os._exit(3)
    if message == b"fail":
        raise KeyError(message)
    if message == b"refuse":
        return REFUSED, b"no move"
    kept.extend(message)
    return GOOD, bytes(kept)

limit, idle = float(sys.argv[1]), None if sys.argv[2] == "None" else float(sys.argv[2])
kinds = {b"H": Kind(limit), b"L": Kind(limit, stays=True), b"R": Kind(limit)}
Copies(dict.fromkeys(kinds, answer), 0, 1, kinds=kinds, idle=idle).serve()
"""


def worker(limit: float = 60.0, idle: float | None = 60.0) -> Worker:
    return Worker((sys.executable, "-c", OTHER, str(limit), str(idle)))


def run(case: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await case()

    apart(bounded())


needs_fork = pytest.mark.skipif(not FORKS, reason="this system cannot copy processes")


@needs_fork
def test_whatever_a_heavy_move_does_the_next_finds_everything_as_it_was():
    async def case() -> None:
        process = worker(limit=0.3)
        assert not process.running
        try:
            assert await process.answer(HEAVY_MOVE, b"one") == b"one"
            mine = process._process.pid
            for message in (b"long", b"end", b"fail", b"large"):
                with pytest.raises(LateError):
                    await process.answer(HEAVY_MOVE, message)
                assert await process.answer(HEAVY_MOVE, b"one") == b"one"
            with pytest.raises(RefusedMoveError, match="no move"):
                await process.answer(HEAVY_MOVE, b"refuse")
            assert process._process.pid == mine
        finally:
            await process.close()
        assert not process.running

    run(case)


@needs_fork
def test_a_heavy_move_that_is_given_up_ends_at_once():
    async def case() -> None:
        process = worker()
        try:
            await process.answer(HEAVY_MOVE, b"one")
            long = asyncio.ensure_future(process.answer(HEAVY_MOVE, b"long"))
            await asyncio.sleep(0.05)
            long.cancel()
            with pytest.raises(asyncio.CancelledError):
                await long
            assert await process.answer(HEAVY_MOVE, b"two") == b"two"
        finally:
            await process.close()

    run(case)


@needs_fork
def test_a_process_that_is_there_to_stay_waits_and_still_ends_with_the_server():
    async def case() -> None:
        process = worker(limit=0.3, idle=None)
        try:
            assert await process.answer(LIGHT_MOVE, b"one") == b"one"
            # Work with a limit between two pauses: what it waits for changes both ways.
            with pytest.raises(LateError):
                await process.answer(HEAVY_MOVE, b"long")
            first = process._process
            await asyncio.sleep(0.2)
            assert await process.answer(LIGHT_MOVE, b"two") == b"onetwo"
            assert process._process is first
            first.stdin.close()
            assert await first.wait() == 0
        finally:
            await process.close()

    run(case)


@pytest.mark.parametrize(("said", "idle"), [("stays", "None"), ("", "8.0"), ("goes", "8.0")])
def test_the_process_stays_where_the_environment_says_so(said, idle):
    asked = "from view.queueing.copies import Copies; print(Copies({}, 0, 1).idle)"
    environment = {**os.environ, "WHO_PAYS_BESIDE": said}
    command = [sys.executable, "-c", asked]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [idle]
    assert ENVIRONMENT["WHO_PAYS_BESIDE"] == "stays"


@needs_fork
def test_a_process_that_died_or_had_nothing_to_do_is_replaced():
    async def case() -> None:
        process = worker(idle=0.05)
        try:
            assert await process.answer(HEAVY_MOVE, b"one") == b"one"
            first = process._process
            assert await first.wait() == 0
            assert await process.answer(HEAVY_MOVE, b"two") == b"two"
            process._process.kill()
            await process._process.wait()
            assert await process.answer(HEAVY_MOVE, b"three") == b"three"
        finally:
            await process.close()

    run(case)


def test_a_process_that_cannot_start_is_no_answer():
    async def case() -> None:
        process = Worker((sys.executable, "-c", "raise SystemExit(1)"))
        with pytest.raises(LateError):
            await process.answer(HEAVY_MOVE, b"one")
        assert not process.running

    run(case)


@needs_fork
def test_the_process_answers_as_the_server_does():
    async def case() -> None:
        process = Worker()
        try:
            message = live.sample("en")
            assert json.loads(await process.answer(HEAVY_MOVE, message)) == json.loads(
                live.answer(message)
            )
            with pytest.raises(RefusedMoveError, match="JSON"):
                await process.answer(HEAVY_MOVE, b"{")
        finally:
            await process.close()

    run(case)


@needs_fork
def test_light_moves_have_one_copy_that_stays_and_each_kind_its_own():
    async def case() -> None:
        process = worker()
        try:
            assert await process.answer(LIGHT_MOVE, b"a") == b"a"
            long = [
                asyncio.ensure_future(process.answer(kind, b"long")) for kind in (HEAVY_MOVE, RUN)
            ]
            assert await process.answer(LIGHT_MOVE, b"b") == b"ab"
            assert process.busy(HEAVY_MOVE)
            assert not process.busy(LIGHT_MOVE)
            with pytest.raises(LateError):
                await process.answer(LIGHT_MOVE, b"end")
            assert await process.answer(LIGHT_MOVE, b"c") == b"c"
            for task in long:
                task.cancel()
            await asyncio.gather(*long, return_exceptions=True)
            assert not process.busy(HEAVY_MOVE)
        finally:
            await process.close()

    run(case)


@needs_fork
def test_who_is_given_up_among_light_ones_is_answered_and_nobody_else_gets_that_answer():
    async def case() -> None:
        process = worker()
        try:
            await process.answer(LIGHT_MOVE, b"a")
            gone = asyncio.ensure_future(process.answer(LIGHT_MOVE, b"slow"))
            await until(lambda: process.busy(LIGHT_MOVE))
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
            assert (await process.answer(LIGHT_MOVE, b"c")).endswith(b"c")
            assert process.running
        finally:
            await process.close()

    run(case)


@needs_fork
def test_the_process_plays_a_page_s_heavy_run_as_the_page_would():
    async def case() -> None:
        elsewhere, scheme = Elsewhere(Worker()), load("equity-shop", {"horizon": 400})
        assert elsewhere.played(scheme) is None  # nobody has opened it
        elsewhere.open()
        try:
            assert elsewhere.played(scheme) is None  # one alone is played where it is asked for
            assert elsewhere.played(scheme) is None
            async with asyncio.timeout(50):
                while not elsewhere.worker.running:
                    await asyncio.sleep(0.05)
            there = await asyncio.to_thread(elsewhere.played, scheme)
            here = simulate(scheme)
            pd.testing.assert_frame_equal(there.series, here.series)
            pd.testing.assert_frame_equal(there.funding(), here.funding())
        finally:
            elsewhere.close()
            await elsewhere.worker.close()

    run(case)


@needs_fork
def test_where_many_move_at_once_the_process_is_started_and_asked():
    async def case() -> None:
        go, prepared, asked = threading.Event(), asyncio.Event(), []

        class Other(Worker):
            running = False

            def prepare(self) -> None:
                prepared.set()

            async def answer(self, kind: bytes, message: bytes) -> bytes:
                asked.append((kind, message))
                return with_a_run(message)

        def slow(job: Job) -> bytes:
            go.wait(60)
            return job.message

        process = Other()
        moves = Moves(slow, process, patience=60)
        few = [Asking(b"1", page=f"p{n}").of(moves) for n in range(3)]
        await until(lambda: len(moves.light.waiting) == 1)
        assert not prepared.is_set()
        many = [Asking(b"2", page=f"q{n}").of(moves) for n in range(4)]
        await until(lambda: len(moves.light.waiting) == 5)
        go.set()
        await asyncio.gather(*few, *many)
        assert prepared.is_set()
        assert not asked
        process.running = True
        assert (await Asking(b"3").of(moves)).body == b"3"
        assert asked == [(LIGHT_MOVE, b"3")]
        await moves.close()

    run(case)


# -- the route ---------------------------------------------------------------------------------


class Asking:
    """A request as the server gets it, from a sender who can leave."""

    def __init__(self, body: bytes, *, host: str = "192.0.2.1", page: str = "p", **headers: str):
        self.sent = [{"type": "http.request", "body": body, "more_body": False}]
        self.left = asyncio.Event()
        told = {"content-type": "application/json", "x-page": page} | headers
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/live/move",
            "headers": [(k.encode(), v.encode()) for k, v in told.items()],
            "client": (host, 1),
            "query_string": b"",
        }

    async def receive(self) -> dict[str, object]:
        if self.sent:
            return self.sent.pop()
        await self.left.wait()
        return {"type": "http.disconnect"}

    def of(self, moves: Moves) -> asyncio.Task[Response]:
        return asyncio.ensure_future(moves.answer(Request(self.scope, self.receive)))


def light_or_heavy(job: Job) -> bytes:
    if job.message.startswith(b"heavy"):
        raise HeavyError("zh-Hans")
    return job.message


async def until(what: Callable[[], bool]) -> None:
    while not what():
        await asyncio.sleep(0.005)


def with_a_run(answer: bytes) -> bytes:
    """An answer as the process sends it, with a run and pictures along."""
    live.answer(live.sample("en"))
    return live.packed(answer)


@needs_fork
def test_a_light_move_s_run_and_pictures_come_along_and_the_page_makes_none(monkeypatch):
    async def case() -> None:
        process = Worker()
        moves = Moves(worker=process, patience=60)
        try:
            process.prepare()
            await until(lambda: process.running)
            query = "lang=en&scheme=wine-points%401&points_pool.share=0.2718"
            page = {"query": query, "lang": "en", "dark": False, "height": 310}
            told = {"seq": 3, "scheme": "wine-points@1", "values": {}, "page": page}
            message = json.dumps(told).encode()
            answer = await Asking(message).of(moves)
            assert json.loads(answer.body) == json.loads(live.answer(message))
            settings = parse(dict(parse_qsl(query)), page={})
            RUNS.clear()
            live.DRAWN.clear()
            await Asking(message, page="q").of(moves)
            monkeypatch.setattr("view.settings.runs.simulate", None)  # nobody plays
            monkeypatch.setattr("view.pictures.panels.panels", None)  # or draws
            mine = RUNS.of(settings)
            parts = live.drawn(mine, live.shown(page))
            assert [panel["figure"] for panel in parts["panels"]] == [
                panel["figure"] for panel in json.loads(answer.body)["panels"]
            ]
            assert RUNS.of(settings) is mine
            pd.testing.assert_frame_equal(mine.series, simulate(settings.scheme()).series)
        finally:
            await moves.close()

    run(case)


@needs_fork
def test_light_moves_are_answered_while_heavy_ones_are_not():
    async def case() -> None:
        class Never(Worker):
            running = True

            async def answer(self, kind: bytes, message: bytes) -> bytes:
                if kind == HEAVY_MOVE:
                    await asyncio.Event().wait()
                if message == b"heavy":
                    raise HeavyError("en")
                return with_a_run(message)

        moves = Moves(light_or_heavy, Never(), patience=60)
        heavy = [Asking(b"heavy", page=f"h{n}").of(moves) for n in range(6)]
        await until(lambda: len(moves.heavy.waiting) == 5)
        for number in range(20):
            light = await Asking(b"light", page=f"l{number}").of(moves)
            assert (light.status_code, light.body) == (200, b"light")
        assert not any(task.done() for task in heavy)
        await moves.close()
        said = await asyncio.gather(*heavy)
        assert {answer.status_code for answer in said} == {503}

    run(case)


@needs_fork
def test_a_heavy_move_is_given_up_with_a_sentence_in_the_reader_s_language_and_when_they_leave():
    async def case() -> None:
        given_up = asyncio.Event()

        class Never(Worker):
            running = True

            async def answer(self, kind: bytes, message: bytes) -> bytes:
                if kind == LIGHT_MOVE:
                    raise HeavyError("zh-Hans")
                try:
                    await asyncio.Event().wait()
                finally:
                    given_up.set()
                return message

        moves = Moves(light_or_heavy, Never(), patience=0.05)
        late = await Asking(b"heavy").of(moves)
        assert late.status_code == 503
        assert "图表" in late.body.decode()
        assert given_up.is_set()
        given_up.clear()
        moves = Moves(light_or_heavy, Never(), patience=60)
        leaving = Asking(b"heavy")
        answer = leaving.of(moves)
        await until(lambda: bool(moves.heavy.working))
        leaving.left.set()
        assert (await answer).status_code == 204
        await given_up.wait()
        await moves.close()

    run(case)


@needs_fork
def test_the_first_heavy_move_does_not_wait_for_the_process_to_start():
    async def case() -> None:
        prepared = 0

        class Starting(Worker):
            def prepare(self) -> None:
                nonlocal prepared
                prepared += 1

        def all_heavy(_job: Job) -> bytes:
            raise HeavyError("en")

        moves = Moves(all_heavy, Starting(), patience=60)
        message = live.sample("en")
        answer = await Asking(message).of(moves)
        assert json.loads(answer.body) == json.loads(live.answer(message))
        assert prepared == 1
        await moves.close()

    run(case)


def test_a_heavy_move_is_known_by_its_cost():
    query = "lang=en&scheme=cyclic-packages@2"
    page = {"query": query, "lang": "zh-Hans", "dark": False, "height": 310}
    told = {"seq": 1, "scheme": "cyclic-packages@2", "values": {}, "page": page}
    with pytest.raises(HeavyError) as heavy:
        worked_out(Job(sender("192.0.2.1", "p"), json.dumps(told).encode()))
    assert heavy.value.lang == "zh-Hans"
    light = Job(sender("192.0.2.1", "p"), live.sample("en"))
    assert json.loads(worked_out(light))["seq"] == 1


def test_the_same_hand_s_older_question_is_answered_with_nothing():
    async def case() -> None:
        go = threading.Event()

        def slow(job: Job) -> bytes:
            go.wait(60)
            return job.message

        moves = Moves(slow, patience=60)
        first = Asking(b"1").of(moves)
        await until(lambda: bool(moves.light.working))
        second = Asking(b"2").of(moves)
        await until(lambda: bool(moves.light.waiting))
        third = Asking(b"3").of(moves)
        assert (await second).status_code == 204
        go.set()
        assert [(await asked).body for asked in (first, third)] == [b"1", b"3"]
        await moves.close()

    run(case)


def test_a_message_that_is_none_is_refused():
    async def case() -> None:
        moves = Moves()
        assert (await Asking(b"{").of(moves)).status_code == 400
        assert (await Asking(b"x" * (live.MOST_BYTES + 1)).of(moves)).status_code == 413
        other = await Asking(b"", **{"content-type": "text/plain"}).of(moves)
        assert other.status_code == 415
        await moves.close()

    run(case)
