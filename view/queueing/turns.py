"""One page at a time: runs that come together are done one after the other.

The interpreter does the work of one run at a time anyway. Side by side, ten runs all end when the
last one does; one after the other they end early on average, and the last no later. Who has been
at it for long (a rare, heavy run) no longer holds up the rest, and who has had much of the time
lately comes after those who have had little (``senders.py``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from view.queueing.desk import LateError
from view.queueing.senders import NOBODY, Sender, Shares, sender

#: Seconds after which a run shares the processor with the next instead of keeping it waiting.
LONGEST: Final = 0.2


class Ticket:
    """Somebody who waits."""

    def __init__(self, who: Sender) -> None:
        self.who = who
        self.look = threading.Event()
        self.since = 0.0


class Turns:
    """A queue in which those who have had least come first, and equals in the order of coming."""

    def __init__(self, longest: float = LONGEST, shares: Shares | None = None) -> None:
        self.longest = longest
        self.shares = Shares() if shares is None else shares
        #: The moment (``time.monotonic()``) of the last run's beginning or end.
        self.last = time.monotonic()
        self._lock = threading.Lock()
        self._waiting: list[Ticket] = []
        self._holder: Ticket | None = None
        self._mine = threading.local()

    @property
    def mine(self) -> Sender | None:
        """Whose turn this thread has; None: it has none."""
        ticket: Ticket | None = getattr(self._mine, "ticket", None)
        return None if ticket is None else ticket.who

    @contextmanager
    def turn(self, who: Sender = NOBODY, *, patience: float | None = None) -> Iterator[None]:
        """Wait for one's turn; within a turn this does nothing.

        ``patience``: seconds after which a LateError is raised instead; None: wait for as long as
        it takes.
        """
        if self.mine is not None:
            yield
            return
        self._take(who, patience)
        try:
            yield
        finally:
            self.leave()

    def change(self, other: Turns, *, patience: float | None = None) -> None:
        """Give up this thread's turn for one of another queue; if that is late, take it again."""
        who = self.mine
        if who is None:
            return
        self.leave()
        try:
            other._take(who, patience)
        except LateError:
            self._take(who)
            raise

    def _take(self, who: Sender, patience: float | None = None) -> None:
        ticket = Ticket(who)
        given_up = None if patience is None else time.monotonic() + patience
        with self._lock:
            self._waiting.append(ticket)
            while True:
                first = self._first() is ticket
                now = time.monotonic()
                left = 0.0 if self._holder is None else self.last + self.longest - now
                if first and left <= 0:
                    break
                if given_up is not None and now >= given_up:
                    self._waiting.remove(ticket)
                    self._call_first()
                    raise LateError
                # Only the first of those who wait has to look whether the turn has lasted long.
                most = [left] if first and left < threading.TIMEOUT_MAX else []
                most += [] if given_up is None else [given_up - now]
                ticket.look.clear()
                self._lock.release()
                try:
                    ticket.look.wait(min(most, default=None))
                finally:
                    self._lock.acquire()
            self._waiting.remove(ticket)
            self._holder = ticket
            self.last = ticket.since = time.monotonic()
            self._call_first()
        self._mine.ticket = ticket

    def leave(self) -> None:
        """Give back this thread's turn, if it has one."""
        ticket: Ticket | None = getattr(self._mine, "ticket", None)
        if ticket is None:
            return
        self._mine.ticket = None
        now = time.monotonic()
        self.shares.charge(ticket.who, now - ticket.since)
        with self._lock:
            if self._holder is ticket:
                self._holder, self.last = None, now
            self._call_first()

    def _first(self) -> Ticket:
        return min(self._waiting, key=lambda ticket: self.shares.had(ticket.who))

    def _call_first(self) -> None:
        if self._waiting:
            self._first().look.set()


#: The turns of this process.
TURNS: Final = Turns()


def visitor() -> Sender:
    """Whose page is being run in this thread."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return NOBODY
    client = Runtime.instance().get_client(context.session_id) if Runtime.exists() else None
    came = None if client is None else client.client_context
    return sender(None if came is None else came.remote_ip, context.session_id)
