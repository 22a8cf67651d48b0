"""Where a moving hand is answered (``POST /live/move``): light moves at once, heavy ones elsewhere.

A light move is worked out in a thread, in its turn; where many move at once, also in the process
beside the server (``copies.py``), which shares no interpreter with the pages. A heavy one waits for
that process, so that it is in nobody's way but that of other heavy ones. A move is given up when
its sender has gone, when the same hand has moved on, or after some seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, NamedTuple, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from view.money import live
from view.queueing.copies import FORKS, HEAVY_MOVE, LIGHT_MOVE
from view.queueing.desk import Desk, FullError, LateError, ReplacedError
from view.queueing.heavy import GATE, HeavyError, turn
from view.queueing.heavy import PATIENCE as HEAVY_PATIENCE
from view.queueing.senders import Sender, sender
from view.queueing.worker import WORKER, RefusedMoveError, Worker
from view.serving import plain
from view.words.words import choose, words

#: The browser's name for one page, so that two pages of one address are two.
PAGE_HEADER: Final = "x-page"
#: Seconds after which a move is given up.
PATIENCE: Final = 2.0
#: Moves that may wait, and of one address; a class moves its knobs behind one.
LIGHT_WAITING, LIGHT_OF_ADDRESS = 300, 100
HEAVY_WAITING, HEAVY_OF_ADDRESS = 24, 8
#: Light moves at once: two threads, which take turns, or one and the process beside the server.
LIGHT_AT_ONCE: Final = 2
#: As many light moves wait where many move at once.
CROWDED: Final = 3
#: The same hand has asked something newer: for the browser there is nothing to show.
REPLACED: Final = 204

A = TypeVar("A")


class Job(NamedTuple):
    """A message and who has sent it."""

    who: Sender
    message: bytes


class GoneError(Exception):
    """Nobody waits for the answer."""


async def in_thread(pool: ThreadPoolExecutor, work: Callable[..., A], *given: Any) -> A:
    """What the work gives back; where this is cancelled, it still ends only with the work."""
    running = asyncio.get_running_loop().run_in_executor(pool, work, *given)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        with suppress(Exception):
            await running
        raise


async def while_here(request: Request, work: Awaitable[A]) -> A:
    """The work's answer; raises :class:`GoneError` and gives it up once the sender has gone."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    asked, left = asyncio.ensure_future(work), asyncio.ensure_future(gone())
    try:
        await asyncio.wait({asked, left}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            raise GoneError
        return asked.result()
    finally:
        for task in (asked, left):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task


def sender_of(request: Request) -> Sender:
    """Who asks. What a proxy says of the address counts where uvicorn is told to believe it."""
    client = request.client
    return sender(client.host if client else None, request.headers.get(PAGE_HEADER))


def worked_out(job: Job) -> bytes:
    """The answer to a light move; raises :class:`HeavyError` for a heavy one."""
    with turn(job.who):
        return live.light_answer(job.message)


def _beside(job: Job) -> bytes:
    """The answer to a heavy move in this process, one at a time."""
    with GATE.turn(job.who, patience=HEAVY_PATIENCE):
        return live.answer(job.message)


class Moves:
    """All hands' moves on this server."""

    def __init__(
        self,
        light: Callable[[Job], bytes] = worked_out,
        worker: Worker | None = None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self.worker = WORKER if worker is None else worker
        self._threads = ThreadPoolExecutor(LIGHT_AT_ONCE, thread_name_prefix="move")
        self._heavy_thread = ThreadPoolExecutor(1, thread_name_prefix="heavy-move")
        self._worked_out = light
        self.light = Desk[Job, bytes](
            self._light,
            at_once=LIGHT_AT_ONCE,
            waiting=LIGHT_WAITING,
            of_address=LIGHT_OF_ADDRESS,
            patience=lambda: patience,
        )
        self.heavy = Desk[Job, bytes](
            self._elsewhere,
            at_once=1,
            waiting=HEAVY_WAITING,
            of_address=HEAVY_OF_ADDRESS,
            patience=lambda: patience,
        )

    async def _light(self, job: Job) -> bytes:
        if self.worker.running and not self.worker.busy(LIGHT_MOVE):
            return live.unpacked(await self.worker.answer(LIGHT_MOVE, job.message))
        if FORKS and len(self.light.waiting) >= CROWDED:
            self.worker.prepare()
        return await in_thread(self._threads, self._worked_out, job)

    async def _elsewhere(self, job: Job) -> bytes:
        # A single hand is not kept waiting until the process has started; many would hold up all.
        if self.worker.running or (FORKS and self.heavy.waiting):
            return await self.worker.answer(HEAVY_MOVE, job.message)
        if FORKS:
            self.worker.prepare()
        return await in_thread(self._heavy_thread, _beside, job)

    async def close(self) -> None:
        """Give up all there is, and end the process."""
        await self.light.close()
        await self.heavy.close()
        await self.worker.close()

    async def answer(self, request: Request) -> Response:
        """The answer to ``POST /live/move``."""
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            # Also keeps other sites' forms out.
            return _said("A move is JSON.", 415)
        try:
            message = await plain.sent(request, live.MOST_BYTES)
        except TimeoutError:
            return _said("A move is sent at once.", 408)
        except ClientDisconnect:
            return Response(status_code=REPLACED)
        if message is None:
            return _said(f"A move has at most {live.MOST_BYTES} bytes.", 413)
        lang = choose(None, request.headers.get("accept-language"))
        job = Job(sender_of(request), message)
        try:
            try:
                body = await while_here(request, self.light.ask(job.who, job))
            except HeavyError as heavy:
                lang = heavy.lang
                body = await while_here(request, self.heavy.ask(job.who, job))
        except (live.RefusedError, RefusedMoveError) as error:
            return _said(str(error), 400)
        except (ReplacedError, GoneError):
            return Response(status_code=REPLACED, headers={"Cache-Control": "no-store"})
        except FullError:
            return _said(words(lang)("live.full"), 503)
        except LateError:
            return _said(words(lang)("live.slow"), 503)
        return Response(body, 200, {"Cache-Control": "no-store"}, "application/json")


def _said(sentence: str, status: int) -> Response:
    return Response(f"{sentence}\n", status, {"Cache-Control": "no-store"}, "text/plain")
