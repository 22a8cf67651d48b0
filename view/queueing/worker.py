"""The server's side of the process beside it (``copies.py``): started when wanted, asked, ended."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from view.queueing.copies import GOOD, HEAVY, KINDS, LENGTH, REFUSED
from view.queueing.desk import LateError
from view.queueing.heavy import HeavyError

#: Seconds within which it has to be ready.
LONGEST_START: Final = 45.0
#: Seconds before it is started again if it was not.
PAUSE: Final = 30.0
#: Of a process that does not answer at all; it has its own limits.
GRACE: Final = 2.0


class RefusedMoveError(ValueError):
    """The message is no move; says in one sentence what is wrong."""


class Worker:
    """The process, from the server's side; one piece of work of each kind at a time."""

    def __init__(
        self,
        command: Sequence[str] = (sys.executable, "-m", "view.serving.beside"),
        *,
        grace: float = GRACE,
    ) -> None:
        self.command, self.grace = tuple(command), grace
        #: The process, and the same once it can answer.
        self._process: Process | None = None
        self._ready: Process | None = None
        self._starting: asyncio.Task[Process] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._number = 0
        self._asked: dict[int, asyncio.Future[bytes]] = {}
        self._one: defaultdict[bytes, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def running(self) -> bool:
        """Whether there is a process that can answer at once."""
        return self._ready is not None and self._ready.returncode is None

    def busy(self, kind: bytes) -> bool:
        """Whether it has work of this kind."""
        return self._one[kind].locked()

    async def answer(self, kind: bytes, message: bytes) -> bytes:
        """What came of the work.

        Raises LateError where it takes too long or too much memory, :class:`RefusedMoveError`, and
        HeavyError. Where this is cancelled, the work ends first.
        """
        async with self._one[kind]:
            said = await self._answer(kind, message)
        came, rest = said[:1], said[1:]
        if came == REFUSED:
            raise RefusedMoveError(rest.decode())
        if came == HEAVY:
            raise HeavyError(rest.decode())
        if came != GOOD:
            raise LateError
        return rest

    async def _answer(self, kind: bytes, message: bytes) -> bytes:
        process = await self._started()
        self._number = number = (self._number + 1) % 2**32
        told = LENGTH.pack(number) + kind
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_looked_at)
        self._asked[number] = answer
        try:
            async with asyncio.timeout(KINDS[kind].limit + self.grace):
                await _send(process, told + message)
                return await asyncio.shield(answer)
        except asyncio.CancelledError:
            try:
                async with asyncio.timeout(self.grace):
                    await _send(process, told)  # given up
                    await answer
            except (TimeoutError, OSError, EOFError):
                await self._kill(process)
            raise
        except (TimeoutError, OSError, EOFError):
            await self._kill(process)
            raise LateError from None
        finally:
            self._asked.pop(number, None)

    def prepare(self) -> None:
        """Have the process started, for those who come later; not at once again if it fails."""
        starting = self._starting is not None and not self._starting.done()
        if not self.running and not starting and time.monotonic() >= self._not_before:
            self._starting = asyncio.ensure_future(self._start())
            self._starting.add_done_callback(_looked_at)

    async def _started(self) -> Process:
        if self._ready is not None and self._ready.returncode is None:
            return self._ready
        self.prepare()
        if self._starting is None:
            raise LateError
        # Whoever waits may give up: it comes up for the next one.
        return await asyncio.shield(self._starting)

    async def _start(self) -> Process:
        pipe = asyncio.subprocess.PIPE
        root = Path(__file__).resolve().parents[2]
        process = await asyncio.create_subprocess_exec(
            *self.command, cwd=root, stdin=pipe, stdout=pipe
        )
        self._process = process
        try:
            async with asyncio.timeout(LONGEST_START):
                await _receive(process)  # that it is ready
        except (TimeoutError, OSError, EOFError):
            self._not_before = time.monotonic() + PAUSE
            await self._kill(process)
            raise LateError from None
        self._ready = process
        self._listening = asyncio.ensure_future(self._listen(process))
        return process

    async def _listen(self, process: Process) -> None:
        """Hand every answer to who has asked, until the process ends."""
        try:
            while True:
                said = await _receive(process)
                (number,) = LENGTH.unpack_from(said)
                answer = self._asked.get(number)
                if answer is not None and not answer.done():
                    answer.set_result(said[LENGTH.size :])
        except (OSError, EOFError):
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(EOFError())

    async def _kill(self, process: Process | None) -> None:
        if process is None:
            return
        if process is self._process:
            self._process = self._ready = None
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def close(self) -> None:
        """End it."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
        await self._kill(self._process)
        if self._listening is not None:
            await self._listening


def _looked_at(task: asyncio.Future[Any]) -> None:
    if not task.cancelled():
        task.exception()


async def _send(process: Process, body: bytes) -> None:
    if process.stdin is None:
        raise EOFError
    process.stdin.write(LENGTH.pack(len(body)) + body)
    await process.stdin.drain()


async def _receive(process: Process) -> bytes:
    if process.stdout is None:
        raise EOFError
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    return await process.stdout.readexactly(length)


#: Of this process.
WORKER: Final = Worker()
