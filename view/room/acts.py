"""What may be done in a room, by whom and when: each act becomes one row or one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from view.room import naming
from view.room.fold import GUESSES, MINUTES, MOST_SEATS, Room, round_of

#: What is added to the log: the seat, its key and what is said.
Row = tuple[int, str, Mapping[str, Any]]
#: Seconds that one can add at once, and a step can have.
LONGER: Final = (10, 600)
MOST_SECONDS: Final = 3600


class RefusedError(Exception):
    """An act that cannot be: the key of one sentence, its values, and an HTTP status."""

    def __init__(self, key: str, status: int = 409, **values: object) -> None:
        super().__init__(key)
        self.key, self.status, self.values = key, status, values


# -- who sits down ---------------------------------------------------------------------------------


def join(room: Room, token: str, at: float) -> Row | None:
    """Take the next seat; None: this token has one."""
    kept = naming.digest(token)
    if room.seat_of(kept) is not None:
        return None
    if room.locked:
        raise RefusedError("room.refused.locked")
    if len(room.seats) >= MOST_SEATS:
        raise RefusedError("room.refused.full", most=MOST_SEATS)
    return len(room.seats) + 1, "seat", {"do": "seat", "at": at, "token": kept}


def back(room: Room, number: str, token: str, at: float) -> Row | None:
    """Sit down again with another phone, by the number that is said aloud."""
    seat = naming.seat_of(room.made.salt, number, len(room.seats))
    if seat is None or room.seats[seat].robot:
        raise RefusedError("room.refused.number", 404)
    if room.was_removed(seat):
        raise RefusedError("room.refused.removed", 403)
    kept = naming.digest(token)
    if kept in room.seats[seat].tokens:
        return None
    return seat, f"back-{kept}", {"do": "back", "at": at, "token": kept}


# -- a seat ----------------------------------------------------------------------------------------


def spin(room: Room, seat: int, at: float) -> Row:
    """Ask for another name."""
    spins = room.seats[seat].spins
    if spins >= naming.SPINS:
        raise RefusedError("room.refused.spins", most=naming.SPINS)
    return seat, f"spin-{spins + 1}", {"do": "spin", "at": at}


def guess(room: Room, seat: int, choice: str, at: float) -> Row | None:
    """Guess, once, while guesses are sealed; None: has guessed already."""
    if choice not in GUESSES:
        raise RefusedError("room.refused.choice", 400, allowed=", ".join(GUESSES))
    if room.has(seat, "guess"):
        return None
    if room.step not in {"join", "guess"} and not round_of(room.step):
        raise RefusedError("room.refused.opened")
    return seat, "guess", {"do": "guess", "at": at, "choice": choice}


def move(room: Room, seat: int, number: int, act: str, at: float) -> Row | None:
    """Buy, wait or sell in a round, once; None: has decided already."""
    key = f"round-{number}"
    if room.has(seat, key):
        return None
    if room.open != number or room.overdue(at):
        raise RefusedError("room.refused.over", round=number)
    can = {*room.table.can(seat), "wait"}
    if act not in can:
        raise RefusedError("room.refused.act", 400)
    return seat, key, {"do": "move", "at": at, "round": number, "act": act}


# -- the teacher -----------------------------------------------------------------------------------


def lead(room: Room, said: Mapping[str, str], at: float) -> Row | None:
    """What the teacher does; ``said``: the form. None: has been done already."""
    key, do = said.get("key", ""), said.get("do", "")
    if not naming.is_key(key):
        raise RefusedError("room.refused.form", 400)
    if room.has(0, key):
        return None
    acts = {
        "go": _go,
        "longer": _longer,
        "shut": _shut,
        "remove": _remove,
        "robots": _robots,
        "lock": _lock,
    }
    if do not in acts:
        raise RefusedError("room.refused.form", 400)
    row = acts[do](room, said)
    return None if row is None else (0, row.pop("key", key), {"do": do, "at": at, **row})


def _go(room: Room, said: Mapping[str, str]) -> dict[str, Any] | None:
    step, seen = said.get("step", ""), said.get("from", "")
    if step not in room.steps:
        raise RefusedError("room.refused.form", 400)
    # A second click, or another screen's, means the step that it saw.
    if step == room.step or (seen and seen != room.step):
        return None
    kind = step.partition("-")[0]
    return {"step": step, "seconds": MINUTES[kind] * 60}


def whole(text: str, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high`` as it was sent. Raises RefusedError."""
    if not (text.isascii() and text.isdigit() and len(text) < 7 and low <= int(text) <= high):
        raise RefusedError("room.refused.whole", 400, low=low, high=high)
    return int(text)


def _longer(room: Room, said: Mapping[str, str]) -> dict[str, Any]:
    number = round_of(room.step)
    if number and not room.open:
        raise RefusedError("room.refused.over", round=number)
    return {"seconds": whole(said.get("seconds", ""), *LONGER)}


def _shut(room: Room, said: Mapping[str, str]) -> dict[str, Any] | None:
    number = whole(said.get("round", ""), 1, room.made.rounds)
    return {"round": number, "key": f"shut-{number}"} if room.open == number else None


def _remove(room: Room, said: Mapping[str, str]) -> dict[str, Any] | None:
    if not room.seats:
        raise RefusedError("room.refused.form", 400)
    seat = whole(said.get("seat", ""), 1, len(room.seats))
    return None if room.was_removed(seat) else {"seat": seat, "key": f"remove-{seat}"}


def _robots(room: Room, said: Mapping[str, str]) -> dict[str, Any]:
    free = MOST_SEATS - len(room.seats)
    if free < 1:
        raise RefusedError("room.refused.full", most=MOST_SEATS)
    return {"number": whole(said.get("number", ""), 1, free)}


def _lock(room: Room, said: Mapping[str, str]) -> dict[str, Any] | None:
    on = said.get("on") == "1"
    return None if room.locked == on else {"on": on}


def shut_by_clock(room: Room, at: float) -> Row | None:
    """The row that ends a round whose time is up; None: there is nothing to end."""
    if not room.overdue(at):
        return None
    number = room.open
    return 0, f"shut-{number}", {"do": "shut", "at": room.now(at), "round": number}
