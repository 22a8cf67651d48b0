"""One page at a time: runs that come together are done one after the other.

The interpreter does the work of one run at a time anyway. Side by side, ten runs all end when the
last one does; one after the other they end early on average, and the last no later. Who has been
at it for long (a rare, heavy run) no longer holds up the rest.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Final, ParamSpec

P = ParamSpec("P")

#: Seconds after which a run shares the processor with the next instead of keeping it waiting.
LONGEST: Final = 0.2


class Turns:
    """A queue in which everybody is served in the order in which they came."""

    def __init__(self, longest: float = LONGEST) -> None:
        self.longest = longest
        #: The moment (``time.monotonic()``) of the last run's beginning or end.
        self.last = time.monotonic()
        self._lock = threading.Lock()
        self._done = threading.Condition(self._lock)
        self._waiting: deque[threading.Event] = deque()
        self._holder: threading.Event | None = None
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; within a turn this does nothing."""
        if getattr(self._mine, "has", False):
            yield
            return
        ticket = self._wait()
        self._mine.has = True
        try:
            yield
        finally:
            self._mine.has = False
            self._leave(ticket)

    def _wait(self) -> threading.Event:
        ticket = threading.Event()
        with self._lock:
            self._waiting.append(ticket)
            if self._waiting[0] is ticket:
                ticket.set()
        ticket.wait()  # until it is the first of those who wait
        with self._done:
            while self._holder is not None:
                left = self.last + self.longest - time.monotonic()
                if left <= 0:
                    break
                self._done.wait(left)
            self._holder, self.last = ticket, time.monotonic()
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].set()
        return ticket

    def _leave(self, ticket: threading.Event) -> None:
        with self._done:
            if self._holder is ticket:
                self._holder = None
                self.last = time.monotonic()
                self._done.notify()


#: The turns of this process.
TURNS: Final = Turns()


def in_turn(draw: Callable[P, None]) -> Callable[P, None]:
    """``draw`` in its turn; for what Streamlit runs by itself, such as a fragment."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        with TURNS.turn():
            draw(*args, **kwargs)

    return drawn
