"""Where requests wait to be worked out: a few at a time, fairly, and never too many or too long.

A sender has at most one request in work and one waiting; a newer one takes the waiting one's place.
Who has had least lately comes first (``senders.py``). Everything here belongs to one event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from view.queueing.senders import Sender, Shares

J = TypeVar("J")
A = TypeVar("A")


class NoAnswerError(Exception):
    """A request is not worked out."""


class ReplacedError(NoAnswerError):
    """The same sender has asked something newer."""


class FullError(NoAnswerError):
    """Too many are waiting."""


class LateError(NoAnswerError):
    """It would take, or has taken, too long."""


@dataclass(eq=False)
class _Asked(Generic[J, A]):
    who: Sender
    job: J
    answer: asyncio.Future[A]
    task: asyncio.Task[None] | None = None


class Desk(Generic[J, A]):
    """A queue before work that is done for ``at_once`` requests at a time.

    ``work`` answers one request; where it is cancelled, it stops as soon as it can, and only then
    is there room for the next. ``waiting`` and ``of_address``: as many may wait, of all and of one
    address. ``begin`` and ``patience``: seconds after which a request is given up that has not
    been begun, or not been answered.
    """

    def __init__(
        self,
        work: Callable[[J], Awaitable[A]],
        *,
        at_once: int,
        waiting: int,
        of_address: int,
        patience: Callable[[], float],
        begin: float | None = None,
        shares: Shares | None = None,
    ) -> None:
        self._work = work
        self.at_once, self.most, self.of_address = at_once, waiting, of_address
        self._patience, self._begin = patience, begin
        self.shares = Shares() if shares is None else shares
        self.waiting: list[_Asked[J, A]] = []
        self.working: set[_Asked[J, A]] = set()

    async def ask(self, who: Sender, job: J) -> A:
        """The answer; raises a :class:`NoAnswerError`, or what the work raises."""
        asked = _Asked[J, A](who, job, asyncio.get_running_loop().create_future())
        self._queue(asked)
        self._next()
        try:
            if self._begin is not None and asked.task is None:
                await asyncio.wait({asked.answer}, timeout=self._begin)
                if asked.task is None and not asked.answer.done():
                    raise LateError
            async with asyncio.timeout(self._patience()):
                return await asked.answer
        except TimeoutError:
            raise LateError from None
        finally:
            self._drop(asked)

    def _queue(self, asked: _Asked[J, A]) -> None:
        """A place among those who wait: one's own, a free one, or that of who has had more."""
        mine = [other for other in self.waiting if other.who == asked.who]
        for other in mine:
            self._refuse(other, ReplacedError())
        count = Counter(other.who.address for other in self.waiting)
        if count[asked.who.address] >= self.of_address:
            raise FullError
        if len(self.waiting) >= self.most:
            worst = max(self.waiting, key=lambda other: self.shares.had(other.who))
            if self.shares.had(worst.who) <= self.shares.had(asked.who):
                raise FullError
            self._refuse(worst, FullError())
        self.waiting.append(asked)

    def _refuse(self, asked: _Asked[J, A], error: NoAnswerError) -> None:
        self.waiting.remove(asked)
        if not asked.answer.done():
            asked.answer.set_exception(error)

    def _drop(self, asked: _Asked[J, A]) -> None:
        """Nobody waits for this answer any more."""
        if asked in self.waiting:
            self.waiting.remove(asked)
        if asked.task is not None:
            asked.task.cancel()  # does nothing to what is done
        if asked.answer.done() and not asked.answer.cancelled():
            asked.answer.exception()  # has been looked at
        else:
            asked.answer.cancel()

    def _next(self) -> None:
        """Begin as many as there is room for."""
        while len(self.working) < self.at_once:
            busy = {other.who for other in self.working}
            free = [other for other in self.waiting if other.who not in busy]
            if not free:
                return
            asked = min(free, key=lambda other: self.shares.had(other.who))
            self.waiting.remove(asked)
            self.working.add(asked)
            asked.task = asyncio.ensure_future(self._worked(asked))
            asked.task.add_done_callback(self._done_with(asked))

    async def _worked(self, asked: _Asked[J, A]) -> None:
        start = time.monotonic()
        try:
            answer = await self._work(asked.job)
        except Exception as error:
            if not asked.answer.done():
                asked.answer.set_exception(error)
        else:
            if not asked.answer.done():
                asked.answer.set_result(answer)
        finally:
            self.shares.charge(asked.who, time.monotonic() - start)

    def _done_with(self, asked: _Asked[J, A]) -> Callable[[asyncio.Task[None]], None]:
        return lambda _task: self._done(asked)

    def _done(self, asked: _Asked[J, A]) -> None:
        # Not at the end of the work itself, which may have been given up before it began.
        self.working.discard(asked)
        if not asked.answer.done():
            asked.answer.set_exception(LateError())
        self._next()

    async def close(self) -> None:
        """Give everything up; returns when nothing is in work any more."""
        for asked in list(self.waiting):
            self._refuse(asked, FullError())
        tasks = [asked.task for asked in self.working if asked.task is not None]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError, Exception):
                await task
