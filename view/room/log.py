"""The log of all rooms: one SQLite file, one table, one row a decision; nothing else is written.

A room is what its rows say, in their order (:mod:`view.room.fold`). A row is on the disk before
anybody is told of it: rollback journal, every commit waits for the disk. (The other journal, WAL,
can lose commits of one of two connections before SQLite 3.51.3.) Several processes may share the
file; each notices the others' rows by ``PRAGMA data_version``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

#: Rows of one room at most: nobody comes near it by hand.
MOST_ROWS: Final = 6000
#: Rooms at most.
MOST_ROOMS: Final = 1000
#: Bytes of what one row says.
MOST_BODY: Final = 8000
#: Seconds that one process waits for another one's row.
_PATIENCE: Final = 5.0


class Event(NamedTuple):
    """One row. ``seat`` 0 is the teacher; ``key`` is of who did it, once for one act."""

    seq: int
    seat: int
    key: str
    body: Mapping[str, Any]


class FullError(Exception):
    """There is no room for another row: of this room, of all rooms, or on the disk."""


class Log:
    """The file. Used by one thread at a time, but for :meth:`changed`, which has its own eyes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = self._open()
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS event (room TEXT NOT NULL, seq INTEGER NOT NULL, "
            "seat INTEGER NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, "
            "PRIMARY KEY (room, seq), UNIQUE (room, seat, key)) WITHOUT ROWID"
        )
        with suppress(OSError):
            path.chmod(0o600)

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        mode = db.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        if mode != "delete":
            raise sqlite3.OperationalError(f"the log cannot keep a rollback journal, but {mode}")
        db.execute("PRAGMA synchronous=FULL")
        # What is deleted is gone, not only out of sight.
        db.execute("PRAGMA secure_delete=ON")
        return db

    def settings(self) -> tuple[str, int]:
        """(journal, how it waits for the disk), as SQLite says them: ``("delete", 2)``."""
        return (
            self._db.execute("PRAGMA journal_mode").fetchone()[0],
            self._db.execute("PRAGMA synchronous").fetchone()[0],
        )

    def changed(self) -> int:
        """A number that is another one after another process has written."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def since(self, room: str, seq: int) -> list[Event]:
        """The rows of a room after ``seq``, in their order."""
        rows = self._db.execute(
            "SELECT seq, seat, key, body FROM event WHERE room = ? AND seq > ? ORDER BY seq",
            (room, seq),
        )
        return [Event(seq, seat, key, json.loads(body)) for seq, seat, key, body in rows]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing, and no other process in between; on the disk when it ends.

        Raises :class:`FullError` where the disk is full, the file may not be written or another
        process takes too long.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._back()
                raise
            try:
                self._db.execute("COMMIT")
            except sqlite3.Error:
                self._back()
                raise
        except sqlite3.OperationalError as error:
            raise FullError(str(error)) from error

    def _back(self) -> None:
        with suppress(sqlite3.Error):
            self._db.execute("ROLLBACK")

    def add(self, room: str, event: Event) -> None:
        """Write one row, within :meth:`writing`. Raises :class:`FullError` where it is too many."""
        text = json.dumps(event.body, ensure_ascii=False, separators=(",", ":"))
        if event.seq > MOST_ROWS or len(text) > MOST_BODY:
            raise FullError
        self._db.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
            (room, event.seq, event.seat, event.key, text),
        )

    def rooms(self) -> dict[str, float]:
        """Every room with the time of its last row."""
        rows = self._db.execute(
            "SELECT room, body FROM event AS e "
            "WHERE seq = (SELECT max(seq) FROM event WHERE room = e.room)"
        )
        return {room: float(json.loads(body).get("at", 0.0)) for room, body in rows}

    def has(self, room: str) -> bool:
        """Whether there is such a room."""
        found = self._db.execute("SELECT 1 FROM event WHERE room = ? LIMIT 1", (room,))
        return found.fetchone() is not None

    def count(self) -> int:
        """How many rooms there are."""
        return int(self._db.execute("SELECT count(DISTINCT room) FROM event").fetchone()[0])

    def delete(self, room: str) -> None:
        """Remove all that is known of a room."""
        with self.writing():
            self._db.execute("DELETE FROM event WHERE room = ?", (room,))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
