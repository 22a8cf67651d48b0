"""Heavy moves are worked out in a process of their own: ``python -m view.worker``.

Heavy runs of pages are played in another one (``python -m view.worker runs``, ``elsewhere.py``).
It is started when the first one comes and ends when none has come for a while. For each move it
makes a copy of itself (``fork``) with limits of time and memory: whatever a move does, it ends with
its copy, and the next one finds everything as it was. Both have a low priority, so that the
processor is the readers' first. Where a system cannot copy processes, heavy moves are worked out in
a thread, one at a time.

Over the two pipes go frames: four bytes of length, and a body. An empty frame gives up the move
that is being worked out. Each move gets one frame back: a letter that says what it is, and the
rest.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import pickle
import select
import signal
import struct
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from view.desk import LateError

#: Seconds that one move may take, and beyond which nobody has to be told.
LIMIT: Final = 2.0
#: Bytes that one move may take beside what the process has anyway.
MEMORY: Final = 400 * 2**20
#: Seconds without a heavy move after which the process ends.
IDLE: Final = 8.0
#: Seconds within which it has to be ready.
LONGEST_START: Final = 45.0
#: Seconds before it is started again if it was not.
PAUSE: Final = 30.0
#: Of a process that does not answer at all; it has its own limit.
GRACE: Final = 2.0
NICE: Final = 10
#: Says that pages' runs are asked for, and not moves.
RUNS: Final = "runs"
FORKS: Final = hasattr(os, "fork")
GOOD, REFUSED, LATE, FAILED = b"g", b"r", b"l", b"f"
_log = logging.getLogger(__name__)
_LENGTH: Final = struct.Struct(">I")


class RefusedMoveError(ValueError):
    """The message is no move; says in one sentence what is wrong."""


class Worker:
    """The process, from the server's side; one move at a time."""

    def __init__(
        self,
        command: Sequence[str] = (sys.executable, "-m", "view.worker"),
        *,
        limit: float = LIMIT,
    ) -> None:
        self.command, self.limit = tuple(command), limit
        #: The process, and the same once it can answer.
        self._process: Process | None = None
        self._ready: Process | None = None
        self._starting: asyncio.Task[Process] | None = None
        self._not_before = 0.0

    @property
    def running(self) -> bool:
        """Whether there is a process that can answer at once."""
        return self._ready is not None and self._ready.returncode is None

    async def answer(self, message: bytes) -> bytes:
        """What a page shows after a heavy move.

        Raises LateError where it takes too long or too much memory, and
        :class:`RefusedMoveError`. Where this is cancelled, the work ends first.
        """
        process = await self._started()
        receiving: asyncio.Task[tuple[bytes, bytes]] | None = None
        try:
            async with asyncio.timeout(self.limit + GRACE):
                await _send(process, message)
                receiving = asyncio.ensure_future(_receive(process))
                receiving.add_done_callback(_looked_at)
                kind, said = await asyncio.shield(receiving)
        except asyncio.CancelledError:
            await self._give_up(process, receiving)
            raise
        except (TimeoutError, OSError, EOFError):
            await self._kill()
            raise LateError from None
        if kind == REFUSED:
            raise RefusedMoveError(said.decode())
        if kind != GOOD:
            raise LateError
        return said

    def prepare(self) -> None:
        """Have the process started, for those who come later; not at once again if it fails."""
        starting = self._starting is not None and not self._starting.done()
        if not starting and time.monotonic() >= self._not_before:
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
        root = Path(__file__).resolve().parent.parent
        process = await asyncio.create_subprocess_exec(
            *self.command, cwd=root, stdin=pipe, stdout=pipe
        )
        self._process = process
        try:
            async with asyncio.timeout(LONGEST_START):
                await _receive(process)  # that it is ready
        except (TimeoutError, OSError, EOFError):
            self._not_before = time.monotonic() + PAUSE
            await self._kill()
            raise LateError from None
        self._ready = process
        return process

    async def _give_up(
        self, process: Process, receiving: asyncio.Task[tuple[bytes, bytes]] | None
    ) -> None:
        """Have the move ended that is being worked out; if that does not help, the process."""
        try:
            async with asyncio.timeout(GRACE):
                await _send(process, b"")
                await (_receive(process) if receiving is None else receiving)
        except (TimeoutError, OSError, EOFError):
            await self._kill()

    async def _kill(self) -> None:
        process, self._process, self._ready = self._process, None, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def close(self) -> None:
        """End it."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
        await self._kill()


def _looked_at(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()


async def _send(process: Process, body: bytes) -> None:
    if process.stdin is None:
        raise EOFError
    process.stdin.write(_LENGTH.pack(len(body)) + body)
    await process.stdin.drain()


async def _receive(process: Process) -> tuple[bytes, bytes]:
    if process.stdout is None:
        raise EOFError
    (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
    body = await process.stdout.readexactly(length)
    return body[:1], body[1:]


# -- the process itself ----------------------------------------------------------------------------


def _read(file: int, length: int) -> bytes:
    """So many bytes; raises EOFError where they end before."""
    found = b""
    while len(found) < length:
        part = os.read(file, length - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def _frame(file: int) -> bytes:
    (length,) = _LENGTH.unpack(_read(file, _LENGTH.size))
    return _read(file, length)


def _write(file: int, body: bytes) -> None:
    left = memoryview(_LENGTH.pack(len(body)) + body)
    while left:
        left = left[os.write(file, left) :]


def _limited(limit: float) -> None:
    """Limits of processor time and memory for this process, where the system has them."""
    import resource

    seconds = int(limit + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _worked_out(
    answer: Callable[[bytes], tuple[bytes, bytes]], message: bytes, to: int, limit: float
) -> None:
    """In the copy: the answer, and the end of the copy."""
    kind, said = FAILED, b""
    try:
        _limited(limit)
        kind, said = answer(message)
    except MemoryError:
        kind = LATE
    except Exception as error:
        # Not the message itself: it holds what people typed.
        _log.error("a heavy move failed: %s", type(error).__name__)
    with suppress(OSError):
        _write(to, kind + said)
    os._exit(0)


def _one(
    answer: Callable[[bytes], tuple[bytes, bytes]], message: bytes, questions: int, limit: float
) -> bytes:
    """The frame to send back for one move: that of a copy, unless it takes too long."""
    there, here = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(there)
        _worked_out(answer, message, here, limit)
    os.close(here)
    deadline, found = time.monotonic() + limit, bytearray()
    try:
        while True:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([there, questions], [], [], max(left, 0.0))
            if not ready or questions in ready:  # too late, or given up
                return LATE
            part = os.read(there, 2**16)
            if not part:
                break
            found += part
    finally:
        os.close(there)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    whole = len(found) > _LENGTH.size and len(found) == _LENGTH.size + _LENGTH.unpack_from(found)[0]
    return bytes(found[_LENGTH.size :]) if whole else LATE


def serve(
    answer: Callable[[bytes], tuple[bytes, bytes]],
    questions: int,
    answers: int,
    *,
    limit: float = LIMIT,
    idle: float = IDLE,
) -> None:
    """Work out moves until there are none for a while, or nobody asks any more.

    ``limit``, ``idle``: seconds for one move, and without any.
    """
    _write(answers, b"")  # ready
    with suppress(EOFError, BrokenPipeError):
        while select.select([questions], [], [], idle)[0]:
            message = _frame(questions)
            if message:  # else the move was already answered when it was given up
                _write(answers, _one(answer, message, questions, limit))


def main() -> None:
    """The process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's to hear
    # What anybody prints goes to the log and not among the answers.
    answers = os.dup(1)
    os.dup2(2, 1)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from view import elsewhere, live, runs
    from view.words import LANGS

    def moved(message: bytes) -> tuple[bytes, bytes]:
        try:
            return GOOD, live.answer(message)
        except live.RefusedError as error:
            return REFUSED, str(error).encode()

    def run(scheme: bytes) -> tuple[bytes, bytes]:
        return GOOD, pickle.dumps(runs.played(pickle.loads(scheme)), protocol=5)

    for_runs = sys.argv[1:] == [RUNS]
    answer, limit = (run, elsewhere.LIMIT) if for_runs else (moved, LIMIT)

    # What the first one would have to find and load is there in every copy.
    for lang in LANGS:
        live.answer(live.sample(lang))
    os.nice(NICE)
    gc.collect()
    gc.freeze()  # so that copies share it
    serve(answer, 0, answers, limit=limit)


if __name__ == "__main__":
    main()
