"""A room as it is compared with itself: what its rows say, and what must hold of it always."""

from __future__ import annotations

from collections import Counter
from typing import Any

from view.room.fold import Room, folded
from view.room.log import Log


def snapshot(room: Room) -> dict[str, Any]:
    """All that the screens are drawn from."""
    return {
        "seq": room.seq,
        "step": (room.step, room.began, room.until, room.open, room.locked),
        "seats": room.seats,
        "guesses": room.guesses,
        "moves": room.moves,
        "outcomes": room.outcomes,
        "money": {seat: (room.table.paid(seat), room.table.got(seat)) for seat in room.seats},
        "pool": room.table.pool(),
    }


def holds(room: Room, log: Log) -> None:
    """What no act and no accident changes."""
    rows = log.since(room.code, 0)
    assert snapshot(folded(room.code, rows)) == snapshot(room)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    decisions = Counter((row.seat, row.body["round"]) for row in rows if row.body["do"] == "move")
    assert not decisions or max(decisions.values()) == 1
    guesses = Counter(row.seat for row in rows if row.body["do"] == "guess")
    assert not guesses or max(guesses.values()) == 1
    books = room.final().books()
    assert books.pooled == books.out + books.pool
    assert min(books) >= 0
    told = [room.final().statement(seat) for seat in room.seats]
    for one in told:
        assert one.got == one.own + sum(fen for _, fen in one.sources) + one.crowd + one.outside
    assert sum(one.got for one in told) <= books.out
    assert sum(one.paid for one in told) <= books.paid_in
