"""The process beside the server, which works out moves and runs (``view/serving/beside.py``).

It has everything loaded and makes copies of itself (``fork``), which share what was loaded. A heavy
move and a page's heavy run each have a copy of their own, of low priority and with limits of time
and memory: whatever they do, it ends with the copy, and the next finds everything as it was. Light
moves have one copy that stays. Each kind of work has one copy at a time.

Over the two pipes go frames: four bytes of length, and a body: four bytes of number, one that says
what kind of work it is, and the message. Without a message it gives up the work of that number.
Each piece of work gets one frame back: its number, a letter that says what came of it, and the
rest. The process ends when nobody has asked for a while, unless it is there to stay, or when the
server has gone.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

FORKS: Final = hasattr(os, "fork")
#: Seconds without a question after which the process ends.
IDLE: Final = 8.0
#: Whether it is started with the server and stays: for a server that strangers ask.
STAYS: Final = os.environ.get("WHO_PAYS_BESIDE") == "stays"
#: Bytes that a copy may take beside what the process has anyway.
MEMORY: Final = 400 * 2**20
NICE: Final = 10

#: What came of a piece of work; HEAVY: it is not to be worked out among the light ones.
GOOD, REFUSED, LATE, FAILED, HEAVY = b"g", b"r", b"l", b"f", b"h"
#: Kinds of work.
LIGHT_MOVE, HEAVY_MOVE, RUN, CARD = b"L", b"H", b"R", b"C"
LENGTH: Final = struct.Struct(">I")
_log = logging.getLogger(__name__)


class Kind(NamedTuple):
    """A kind of work. ``limit``: seconds; ``stays``: one copy does all of it, one after another."""

    limit: float
    stays: bool = False


#: Nobody has to be told anything of a move after two seconds; a page waits longer for its run.
KINDS: Final[Mapping[bytes, Kind]] = {
    LIGHT_MOVE: Kind(2.0, stays=True),
    HEAVY_MOVE: Kind(2.0),
    RUN: Kind(15.0),
    CARD: Kind(10.0, stays=True),
}

#: What came of it, and the rest.
Answer = tuple[bytes, bytes]


# -- frames ----------------------------------------------------------------------------------------


def _read(file: int, length: int) -> bytes:
    """So many bytes; raises EOFError where they end before."""
    found = bytearray()
    while len(found) < length:
        part = os.read(file, length - len(found))
        if not part:
            raise EOFError
        found += part
    return bytes(found)


def _frame(file: int) -> bytes:
    (length,) = LENGTH.unpack(_read(file, LENGTH.size))
    return _read(file, length)


def _write(file: int, body: bytes) -> None:
    left = memoryview(LENGTH.pack(len(body)) + body)
    while left:
        left = left[os.write(file, left) :]


# -- a copy ----------------------------------------------------------------------------------------


@dataclass
class Copy:
    """A copy, from the side of the process it was made of."""

    kind: bytes
    pid: int
    #: Where it reads its messages, and where its answers come from.
    into: int
    out: int
    #: The work it has, and when that must be done; None: nothing.
    number: bytes | None = None
    until: float = 0.0
    said: bytearray = field(default_factory=bytearray)

    def whole(self) -> bytes | None:
        """The answer, once all of it is there."""
        if len(self.said) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self.said)
        return bytes(self.said[LENGTH.size :]) if len(self.said) == LENGTH.size + length else None

    def end(self) -> None:
        """End it, whatever it does."""
        for file in (self.into, self.out):
            os.close(file)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _limited(kind: Kind) -> None:
    """Limits of processor time and memory for this process, where the system has them."""
    import resource

    if not kind.stays:
        os.nice(NICE)
        seconds = int(kind.limit + 1)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _answered(work: Callable[[bytes], Answer], message: bytes) -> bytes:
    try:
        return b"".join(work(message))
    except MemoryError:
        return LATE
    except Exception as error:
        # Not the message itself: it holds what people typed.
        _log.error("work for a page failed: %s", type(error).__name__)
        return FAILED


def _live_as_copy(
    kind: Kind, work: Callable[[bytes], Answer], questions: int, answers: int
) -> None:
    """In the copy: answer one message, or all there are, and end."""
    with suppress(OSError, EOFError):
        _limited(kind)
        while True:
            _write(answers, _answered(work, _frame(questions)))
            if not kind.stays:
                break
    os._exit(0)


# -- the process -----------------------------------------------------------------------------------


class Copies:
    """The process of which copies are made: it hands work to them and answers back."""

    def __init__(
        self,
        work: Mapping[bytes, Callable[[bytes], Answer]],
        questions: int,
        answers: int,
        *,
        kinds: Mapping[bytes, Kind] = KINDS,
        idle: float | None = None if STAYS else IDLE,
    ) -> None:
        self.work, self.kinds, self.idle = work, kinds, idle
        self._questions, self._answers = questions, answers
        self._copies: dict[bytes, Copy] = {}

    def serve(self) -> None:
        """Work until there is none for a while, or nobody asks any more."""
        _write(self._answers, b"")  # ready
        with suppress(EOFError, BrokenPipeError):
            while self._once():
                pass
        for copy in self._copies.values():
            copy.end()

    def _once(self) -> bool:
        """Wait for what happens next; False: nothing has for long."""
        busy = [copy for copy in self._copies.values() if copy.number is not None]
        soonest = min((copy.until for copy in busy), default=None)
        left = self.idle if soonest is None else max(soonest - time.monotonic(), 0.0)
        files = [self._questions, *(copy.out for copy in busy)]
        ready, _, _ = select.select(files, [], [], left)
        for copy in busy:
            if copy.out in ready:
                self._listen(copy)
            elif time.monotonic() >= copy.until:
                self._done(copy, LATE, end=True)
        if self._questions in ready:
            self._asked(_frame(self._questions))
        return bool(ready or busy)

    def _listen(self, copy: Copy) -> None:
        part = os.read(copy.out, 2**18)
        copy.said += part
        whole = copy.whole()
        if whole is not None:
            self._done(copy, whole, end=not self.kinds[copy.kind].stays)
        elif not part:
            self._done(copy, LATE, end=True)

    def _asked(self, frame: bytes) -> None:
        number, kind, message = frame[:4], frame[4:5], frame[5:]
        copy = self._copies.get(kind)
        if not message:
            # What a copy that stays is at is done in a moment.
            if copy is not None and copy.number == number and not self.kinds[kind].stays:
                self._done(copy, LATE, end=True)
            return
        if copy is None:
            copy = self._copies[kind] = self._copy(kind)
        copy.number, copy.until = number, time.monotonic() + self.kinds[kind].limit
        try:
            _write(copy.into, message)
        except BrokenPipeError:
            self._done(copy, LATE, end=True)

    def _done(self, copy: Copy, said: bytes, *, end: bool) -> None:
        number, copy.number = copy.number, None
        copy.said.clear()
        if end:
            del self._copies[copy.kind]
            copy.end()
        if number is not None:
            _write(self._answers, number + said)

    def _copy(self, kind: bytes) -> Copy:
        messages, into = os.pipe()
        out, answers = os.pipe()
        pid = os.fork()
        if pid == 0:
            # Nothing of the others' is held open by this one.
            others = [file for copy in self._copies.values() for file in (copy.into, copy.out)]
            for file in (into, out, self._questions, self._answers, *others):
                os.close(file)
            _live_as_copy(self.kinds[kind], self.work[kind], messages, answers)
        os.close(messages)
        os.close(answers)
        return Copy(kind, pid, into, out)
