"""The rooms of this server: rows are written one at a time, and whoever looks on is told.

One thread writes and reads the log and folds its rows; what is folded is read by others under
a lock. Another process's rows are noticed within :data:`EVERY` seconds, and so is a clock that has
run out; no countdown lives in memory.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final, TypeVar

from view.room import acts, naming
from view.room.acts import RefusedError, Row
from view.room.fold import OWN, Room
from view.room.log import MOST_ROOMS, Event, FullError, Log

T = TypeVar("T")
#: Seconds between two looks for rows of other processes and clocks that have run out.
EVERY: Final = 0.05
#: Seconds after its last row that a room is forgotten, and for which this process must have known
#: it as idle: a clock that jumps forgets nothing.
FORGOTTEN, IDLE = 24 * 3600.0, 600.0
#: Folded rooms that are kept in memory.
MOST_FOLDED: Final = 200
#: Screens that may look on: of one room, of all.
MOST_LISTENERS, MOST_OF_ALL = 200, 2000
#: Acts that share one commit, at most.
MOST_TOGETHER: Final = 100


def default_path() -> Path:
    """Where the log lies: where ``WHO_PAYS_ROOMS`` says, or in this user's own folder."""
    named = os.environ.get("WHO_PAYS_ROOMS")
    if named:
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    with suppress(RuntimeError, OSError):
        folder = Path(state) if state else Path.home() / ".local" / "state"
        path = folder / "who-pays" / "rooms.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.access(path.parent, os.W_OK):
            return path
    return Path(gettempdir()) / "who-pays-rooms" / "rooms.sqlite"


class UnknownError(LookupError):
    """There is no such room, or no longer."""


Decide = Callable[[Room, float], Row | None]


@dataclass(eq=False)
class Act:
    """Something that somebody wants to do in a room, and what became of it."""

    code: str
    decide: Decide
    seat: int | None
    done: Future[Room] = field(default_factory=Future)


@dataclass(eq=False)
class Listener:
    """A screen that looks on. ``seat``: of a phone; None: the wall or the teacher."""

    seat: int | None
    loop: asyncio.AbstractEventLoop
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is something to see. From any thread."""
        with suppress(RuntimeError):  # its loop has ended
            self.loop.call_soon_threadsafe(self.news.set)


class Rooms:
    """All rooms of one log."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path, self.clock = path, clock
        self._log: Log | None = None
        self._folded: OrderedDict[str, Room] = OrderedDict()
        self._lock = threading.Lock()
        self._waiting: deque[Act] = deque()
        self._waiting_lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="room")
        self._listeners: dict[str, set[Listener]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._version = -1
        #: Since when this process has known a room as idle, by its own clock.
        self._idle: dict[str, float] = {}

    # -- in the writer's thread ------------------------------------------------------------------

    @property
    def log(self) -> Log:
        """The file, opened when it is first needed."""
        if self._log is None:
            self._log = Log(self.path)
        return self._log

    def _known(self, code: str) -> Room:
        return self._folded.get(code) or Room(code)

    def _take(self, code: str, room: Room, news: list[Event]) -> Room:
        """Fold the news, keep the room and tell whom it concerns."""
        with self._lock:
            for event in news:
                room.apply(event)
            if room.plan is None:
                raise UnknownError(code)
            self._folded[code] = room
            self._folded.move_to_end(code)
            if len(self._folded) > MOST_FOLDED:
                for other in list(self._folded):
                    if other not in self._listeners and other != code:
                        del self._folded[other]
                        break
        if news:
            self._tell(code, news)
        return room

    def _tell(self, code: str, news: list[Event]) -> None:
        all_ = any(event.body["do"] not in OWN for event in news)
        seats = {event.seat for event in news}
        for listener in list(self._listeners.get(code, ())):
            if all_ or listener.seat is None or listener.seat in seats:
                listener.wake()

    def read(self, code: str) -> Room:
        """The room as it is now; raises :class:`UnknownError`."""
        room = self._known(code)
        with self._unless_gone(code):
            news = self.log.since(code, room.seq)
            self._still_there(code, room, news)
            return self._take(code, room, news)

    @contextmanager
    def _unless_gone(self, code: str) -> Iterator[None]:
        """Keep nothing of a room that turns out to be gone."""
        try:
            yield
        except UnknownError:
            self._drop(code)
            raise

    def _still_there(self, code: str, room: Room, news: list[Event]) -> None:
        """Another process may have deleted it, and somebody made another one of that name."""
        if room.seq and not news and not self.log.has(code):
            raise UnknownError(code)

    def act(self, code: str, decide: Decide, *, seat: int | None = None) -> Room:
        """Let ``decide`` add a row to the newest state of a room; the room afterwards.

        ``seat``: what is decided rests on this seat and on the step alone, so that what others
        decide of theirs may be written together with it. Raises :class:`UnknownError`,
        :class:`FullError`, and what ``decide`` raises; then nothing is written.
        """
        act = Act(code, decide, seat)
        while not act.done.done():
            self._write([act])
        return act.done.result()

    def _write(self, together: Sequence[Act]) -> None:
        """Write what may be written together; one that has to wait is not done afterwards."""
        rooms: dict[str, Room] = {}
        news: dict[str, list[Event]] = {}
        late: set[str] = set()
        try:
            with self.log.writing():
                for act in together:
                    code = act.code
                    try:
                        # Once: what is read later has rows in it that are not on the disk yet.
                        room = rooms.get(code) or rooms.setdefault(code, self.read(code))
                        at = room.now(self.clock())
                        if code in late:
                            continue
                        # A round whose time is up is over, whoever has noticed.
                        if room.overdue(at):
                            late.add(code)
                            row = acts.shut_by_clock(room, at)
                        else:
                            row = act.decide(room, at)
                        if row is not None:
                            rows = news.setdefault(code, [])
                            event = Event(room.seq + len(rows) + 1, *row)
                            self.log.add(code, event)
                            rows.append(event)
                    except (UnknownError, RefusedError, FullError) as error:
                        act.done.set_exception(error)
        except (FullError, sqlite3.Error, OSError) as error:
            for act in together:
                if not act.done.done():
                    act.done.set_exception(error)
            return
        for code, rows in news.items():
            self._take(code, rooms[code], rows)
            self._idle.pop(code, None)
        for act in together:
            if act.code not in late and not act.done.done():
                act.done.set_result(rooms[act.code])

    def _next(self) -> list[Act]:
        """Those that may be written together: of one room many seats, or one of another kind."""
        seats: dict[str, set[int]] = {}
        shut: set[str] = set()
        now: list[Act] = []
        with self._waiting_lock:
            rest: deque[Act] = deque()
            for act in self._waiting:
                mine = seats.setdefault(act.code, set())
                alone = act.seat is None
                if len(now) >= MOST_TOGETHER or act.code in shut or (mine and alone):
                    fits = False
                else:
                    fits = act.seat not in mine
                if fits:
                    now.append(act)
                    if act.seat is not None:
                        mine.add(act.seat)
                if alone or not fits:
                    # Whoever comes after one that waits waits as well: nobody is overtaken.
                    shut.add(act.code)
                if not fits:
                    rest.append(act)
            self._waiting = rest
        return now

    def _drain(self) -> None:
        """Write what waits."""
        while now := self._next():
            self._write(now)
            late = [act for act in now if not act.done.done()]
            if late:
                with self._waiting_lock:
                    self._waiting.extendleft(reversed(late))

    async def soon(self, code: str, decide: Decide, *, seat: int | None = None) -> Room:
        """The same as :meth:`act`, from the loop: many that come at once share one commit."""
        act = Act(code, decide, seat)
        with self._waiting_lock:
            self._waiting.append(act)
        self._writer.submit(self._drain)
        return await asyncio.wrap_future(act.done)

    def make(self, body: Mapping[str, Any]) -> str:
        """A new room; its code. Raises :class:`FullError`."""
        if self.log.count() >= MOST_ROOMS:
            raise FullError
        while self.log.has(code := naming.new_code()):
            pass
        at = self.clock()
        row: Row = (0, "made", {"do": "made", "at": at, **body})
        event = Event(1, *row)
        with self.log.writing():
            self.log.add(code, event)
        self._take(code, Room(code), [event])
        return code

    def delete(self, code: str) -> None:
        """Forget a room at once."""
        self.log.delete(code)
        self._drop(code)

    def _drop(self, code: str) -> None:
        with self._lock:
            self._folded.pop(code, None)
        self._idle.pop(code, None)
        for listener in list(self._listeners.get(code, ())):
            listener.wake()

    def forget(self) -> list[str]:
        """Forget the rooms that nobody has touched for a day; their codes."""
        now, here, gone = self.clock(), time.monotonic(), []
        for code, at in self.log.rooms().items():
            if now - at < FORGOTTEN:
                self._idle.pop(code, None)
            elif here - self._idle.setdefault(code, here) >= IDLE:
                self.delete(code)
                gone.append(code)
        return gone

    def look(self) -> None:
        """See what other processes have written, and end rounds whose time is up."""
        looked_at = list(self._listeners)
        if not looked_at:
            return
        version = self.log.changed()
        if version != self._version:
            self._version = version
            for code in looked_at:
                with suppress(UnknownError):
                    self.read(code)
        for code in looked_at:
            room = self._folded.get(code)
            if room is not None and room.overdue(self.clock()):
                with suppress(UnknownError, FullError, RefusedError):
                    self.act(code, lambda _room, _at: None)

    # -- from the loop ---------------------------------------------------------------------------

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Do something in the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, work, *args)

    def folded(self, code: str) -> Room | None:
        """The room as this process has it: what others have written follows within moments."""
        return self._folded.get(code)

    def reading(self) -> threading.Lock:
        """Held while a room is read, so that nobody folds a row meanwhile."""
        return self._lock

    @asynccontextmanager
    async def listening(self, code: str, seat: int | None) -> AsyncIterator[Listener]:
        """Look on; raises :class:`FullError` where too many do."""
        mine = self._listeners.setdefault(code, set())
        if len(mine) >= MOST_LISTENERS or sum(map(len, self._listeners.values())) >= MOST_OF_ALL:
            raise FullError
        listener = Listener(seat, asyncio.get_running_loop())
        mine.add(listener)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            yield listener
        finally:
            mine.discard(listener)
            if not mine:
                self._listeners.pop(code, None)

    async def _watch(self) -> None:
        """Look about while anybody looks on."""
        while self._listeners:
            with suppress(FullError, OSError):
                await self.run(self.look)
            await asyncio.sleep(EVERY)

    async def keep_house(self) -> None:
        """Forget old rooms, now and again, for as long as the server runs."""
        while True:
            with suppress(FullError, OSError):
                await self.run(self.forget)
            await asyncio.sleep(IDLE / 2)

    def close(self) -> None:
        """Let go of everything."""
        if self._watching is not None:
            self._watching.cancel()
        self._writer.shutdown(wait=True)
        if self._log is not None:
            self._log.close()
            self._log = None
