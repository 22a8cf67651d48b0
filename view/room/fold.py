"""What a room is: its rows, folded one after the other. Nothing else is kept of it.

The lesson is a list of steps that the teacher goes through, forth and back. A round is open from
the moment the teacher goes to it until it is shut: by the teacher, by the clock (whoever notices
first writes the row), or by going on. What was decided in a round is played when it is shut, in the
order in which it was decided, on the table of the model (:mod:`model.room`).
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from model.asked.seats import fen
from model.library import load
from model.room import Move, Table, play
from model.scheme import Scheme
from view.room.log import Event
from view.settings import state

#: Persons in a room, robots among them.
MOST_SEATS: Final = 60
ROUNDS: Final = (1, 10)
#: What a guess may be: how many of all get back what they paid.
GUESSES: Final = ("none", "few", "half", "most", "all", "unsure")
#: What the class plays at the end: a programme that keeps what it says.
SOUND: Final = "stamp-card"
#: Of a hundred robots so many buy in a round, and of those with something to sell so many sell.
_ROBOTS_BUY, _ROBOTS_SELL = 0.7, 0.25

#: Seconds of each step as the lesson is planned; the teacher may take more or less.
MINUTES: Final[Mapping[str, int]] = {
    "join": 5,
    "guess": 5,
    "round": 2,
    "stop": 5,
    "talk": 8,
    "sound": 4,
    "offer": 3,
    "end": 1,
}
#: What only the one who did it, the wall and the teacher see.
OWN: Final = frozenset({"back", "spin", "guess", "move"})
#: Steps whose clock ends them.
_CLOCKED: Final = "round"


def steps(rounds: int) -> tuple[str, ...]:
    """The steps of a lesson with so many rounds."""
    played = (f"round-{n}" for n in range(1, rounds + 1))
    return ("join", "guess", *played, "stop", "talk", "sound", "offer", "end")


def round_of(step: str) -> int:
    """The number of the round that a step is; 0: it is none."""
    head, _, number = step.partition("-")
    return int(number) if head == _CLOCKED else 0


@dataclass
class Seat:
    """One person, or a robot."""

    number: int
    tokens: set[str] = field(default_factory=set)
    robot: bool = False
    removed: bool = False
    spins: int = 0
    #: The round that was open, or that came next, when it was taken.
    since: int = 1


@dataclass(frozen=True)
class Outcome:
    """A round that has been played: how many did what, and what the table showed then."""

    number: int
    counts: Mapping[str, int]
    price: Fraction | None
    pool: int
    paid: Mapping[int, int]
    got: Mapping[int, int]
    holding: Mapping[int, int]


@dataclass(frozen=True)
class Plan:
    """What a room was made with."""

    query: Mapping[str, str]
    rounds: int
    days: int
    crowd: int
    salt: str
    lead: str
    lang: str

    def scheme(self) -> Scheme:
        """What is played."""
        return state.parse(self.query, page={}).scheme()

    @staticmethod
    def of(body: Mapping[str, Any]) -> Plan:
        """Read it from the first row."""
        return Plan(
            query=body["query"],
            rounds=body["rounds"],
            days=body["days"],
            crowd=body["crowd"],
            salt=body["salt"],
            lead=body["lead"],
            lang=body["lang"],
        )


class Room:
    """A room as its rows so far have it."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.seq = 0
        self.at = 0.0
        self.plan: Plan | None = None
        self.seats: dict[int, Seat] = {}
        self.step = "join"
        #: When this step began, and when its time is up; seconds since the epoch.
        self.began = self.until = 0.0
        self.open = 0
        self.locked = False
        self.guesses: dict[int, str] = {}
        #: What was decided, by round and in order.
        self.moves: dict[int, dict[int, str]] = {}
        self.outcomes: dict[int, Outcome] = {}
        #: What was played, robots' moves too, in its order; rounds as the table counts them.
        self.played: list[Move] = []
        self._final: Table | None = None
        self._sound: tuple[int, Table] | None = None
        self._seen: set[tuple[int, str]] = set()
        #: The last row that concerns everybody, and the last that concerns one seat alone.
        self.shared = 0
        self.own: dict[int, int] = {}

    # -- the rows ------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """One more row."""
        self.seq = event.seq
        self._seen.add((event.seat, event.key))
        body = event.body
        if body["do"] in OWN:
            self.own[event.seat] = event.seq
        else:
            self.shared = event.seq
        self.at = max(self.at, float(body["at"]))
        getattr(self, f"_on_{body['do']}")(event.seat, body)

    def has(self, seat: int, key: str) -> bool:
        """Whether this has been done already."""
        return (seat, key) in self._seen

    def _on_made(self, _seat: int, body: Mapping[str, Any]) -> None:
        self.plan = Plan.of(body)
        self.scheme = self.plan.scheme()
        self.table = Table(self.scheme, days=self.plan.days, crowd=self.plan.crowd)
        self.steps = steps(self.plan.rounds)
        #: Fen that one order costs.
        self.spend = fen(self.scheme.order.choices[0][0])
        self._begin("join", MINUTES["join"] * 60)

    def _on_seat(self, seat: int, body: Mapping[str, Any]) -> None:
        since = self.open or min(len(self.outcomes) + 1, self.made.rounds)
        self.seats[seat] = Seat(seat, {body["token"]}, since=since)

    def _on_back(self, seat: int, body: Mapping[str, Any]) -> None:
        self.seats[seat].tokens.add(body["token"])

    def _on_spin(self, seat: int, _body: Mapping[str, Any]) -> None:
        self.seats[seat].spins += 1

    def _on_guess(self, seat: int, body: Mapping[str, Any]) -> None:
        self.guesses[seat] = body["choice"]

    def _on_move(self, seat: int, body: Mapping[str, Any]) -> None:
        self.moves.setdefault(body["round"], {})[seat] = body["act"]

    def _on_go(self, _seat: int, body: Mapping[str, Any]) -> None:
        if self.open and body["step"] != f"round-{self.open}":
            self._shut()
        self._begin(body["step"], body["seconds"])

    def _on_longer(self, _seat: int, body: Mapping[str, Any]) -> None:
        self.until = max(self.until, self.at) + body["seconds"]

    def _on_shut(self, _seat: int, body: Mapping[str, Any]) -> None:
        if self.open == body["round"]:
            self._shut()
            self.until = min(self.until, self.at)

    def _on_remove(self, _seat: int, body: Mapping[str, Any]) -> None:
        seat = self.seats[body["seat"]]
        seat.removed = True
        seat.tokens.clear()
        # What was bought stays bought; what was only said in the open round is not played.
        self.moves.get(self.open, {}).pop(seat.number, None)

    def _on_robots(self, _seat: int, body: Mapping[str, Any]) -> None:
        since = len(self.outcomes) + 1
        for number in range(len(self.seats) + 1, len(self.seats) + 1 + body["number"]):
            self.seats[number] = Seat(number, robot=True, since=since)

    def _on_lock(self, _seat: int, body: Mapping[str, Any]) -> None:
        self.locked = body["on"]

    def _begin(self, step: str, seconds: float) -> None:
        self.step, self.began, self.until = step, self.at, self.at + seconds
        number = round_of(step)
        self.open = number if number and number not in self.outcomes else 0

    def _shut(self) -> None:
        """Play what was decided, in its order; the robots decide last."""
        number, self.open = self.open, 0
        decided = dict(self.moves.get(number, {}))
        for seat, act in [*decided.items(), *self._robots(number)]:
            if act in self.table.can(seat):
                self.table.act(seat, act)
                decided[seat] = act
                self.played.append(Move(self.table.round + 1, seat, act))
            else:
                decided[seat] = "wait"
        self.table.close()
        self._final = self._sound = None
        there = [s.number for s in self.present]
        counts = {act: sum(decided.get(s) == act for s in there) for act in ("buy", "sell")}
        counts["wait"] = len(there) - sum(counts.values())
        seats = list(self.seats)
        self.outcomes[number] = Outcome(
            number,
            counts,
            self.table.price(),
            self.table.pool(),
            {s: self.table.paid(s) for s in seats},
            {s: self.table.got(s) for s in seats},
            {s: self.table.holding(s) for s in seats},
        )

    def _robots(self, number: int) -> Iterable[tuple[int, str]]:
        """What the robots do: by chance, and the same whenever the rows are read again."""
        for seat in self.seats.values():
            if not seat.robot or seat.removed:
                continue
            chance = random.Random(f"{self.made.salt} {number} {seat.number}")  # noqa: S311
            one, two = chance.random(), chance.random()
            can = self.table.can(seat.number)
            if "sell" in can and two < _ROBOTS_SELL:
                yield seat.number, "sell"
            else:
                yield seat.number, "buy" if one < _ROBOTS_BUY else "wait"

    # -- what follows --------------------------------------------------------------------------

    @property
    def made(self) -> Plan:
        """What it was made with."""
        if self.plan is None:
            raise LookupError(self.code)
        return self.plan

    @property
    def present(self) -> list[Seat]:
        """Everybody who is in the room, robots too."""
        return [seat for seat in self.seats.values() if not seat.removed]

    @property
    def persons(self) -> list[Seat]:
        """Everybody who is in the room and is no robot."""
        return [seat for seat in self.present if not seat.robot]

    def decided(self) -> int:
        """How many persons have decided in the open round."""
        moves = self.moves.get(self.open, {})
        return sum(seat.number in moves for seat in self.persons)

    def seat_of(self, token: str) -> Seat | None:
        """Whose seat a token is."""
        return next((s for s in self.present if token in s.tokens), None)

    def was_removed(self, seat: int) -> bool:
        """Whether somebody sat there and no longer does."""
        return seat in self.seats and self.seats[seat].removed

    def now(self, clock: float) -> float:
        """The time of this room: it never goes back, whatever the clock does."""
        return max(clock, self.at)

    def overdue(self, clock: float) -> bool:
        """Whether the open round's time is up."""
        return bool(self.open) and self.now(clock) >= self.until

    def after(self, step: str) -> str:
        """The next step."""
        place = self.steps.index(step)
        return self.steps[min(place + 1, len(self.steps) - 1)]

    def before(self, step: str) -> str:
        """The step before."""
        return self.steps[max(self.steps.index(step) - 1, 0)]

    def final(self) -> Table:
        """The table after orders have stopped."""
        if self._final is None:
            self._final = copy.deepcopy(self.table)
            self._final.stop()
        return self._final

    def sound(self) -> Table:
        """The same purchases in a sound programme, after orders have stopped."""
        if self._sound is None or self._sound[0] != len(self.outcomes):
            scheme = load(SOUND, set={"order.spend": self.scheme.order.spend})
            buys = [move for move in self.played if move.act == "buy"]
            table = play(scheme, buys, rounds=self.table.round, days=self.made.days, stop=True)
            self._sound = len(self.outcomes), table
        return self._sound[1]


def folded(code: str, events: Iterable[Event]) -> Room:
    """The room that these rows say, from the first on."""
    room = Room(code)
    for event in events:
        room.apply(event)
    return room
