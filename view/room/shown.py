"""What the three screens show: a function of the room, the seat and the language, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any, Final

import numpy as np
import segno

from model.room import Table
from view.light.html import drawn
from view.pictures import field
from view.room import naming
from view.room.fold import GUESSES, MINUTES, MOST_SEATS, SOUND, Room, Seat, round_of
from view.sentences.advert import advert, rule
from view.sentences.findings import listed
from view.settings import state
from view.words.format import count, fen, yuan
from view.words.words import Words

#: Other seats that a statement names, the largest first.
NAMED: Final = 3
#: Persons in a row of the wall's picture.
_COLUMNS: Final = 12
#: What is thought about at the end: the questions, and the new offer.
TALK: Final = ("room.talk.1", "room.talk.2", "room.talk.3")
_GUESS: Final = {
    "none": "room.guess.none",
    "few": "room.guess.few",
    "half": "room.guess.half",
    "most": "room.guess.most",
    "all": "room.guess.all",
    "unsure": "room.guess.unsure",
}
_STEP: Final = {
    "join": "room.step.join",
    "guess": "room.step.guess",
    "stop": "room.step.stop",
    "talk": "room.step.talk",
    "sound": "room.step.sound",
    "offer": "room.step.offer",
    "end": "room.step.end",
}
#: What the teacher may say at each step.
_SAY: Final = {
    "join": "room.say.join",
    "guess": "room.say.guess",
    "round": "room.say.round",
    "stop": "room.say.stop",
    "talk": "room.say.talk",
    "sound": "room.say.sound",
    "offer": "room.say.offer",
    "end": "room.say.end",
}
_DONE: Final = {"buy": "room.done.buy", "wait": "room.done.wait", "sell": "room.done.sell"}


def outcome_of(whole: int, of: int) -> str:
    """Which guess was right: what part of those who bought had back at least what they paid."""
    if of == 0 or whole == 0:
        return "none"
    share = whole / of
    if share == 1:
        return "all"
    return "few" if share < 1 / 3 else "half" if share <= 2 / 3 else "most"


@dataclass
class Screen:
    """A room as it is shown in one language at one moment. All money is in fen."""

    room: Room
    w: Words
    clock: float

    def money(self, n: int) -> str:
        """Hundredths of a yuan in words."""
        return fen(n, self.w.lang)

    def n(self, n: float) -> str:
        """A number."""
        return count(n, self.w.lang)

    @property
    def step(self) -> str:
        """The kind of step: ``round`` for all rounds."""
        return self.room.step.partition("-")[0]

    @property
    def number(self) -> int:
        """The round that the step is; 0: it is none."""
        return round_of(self.room.step)

    @property
    def rounds(self) -> int:
        """How many rounds the lesson has."""
        return self.room.made.rounds

    @property
    def left(self) -> int:
        """Whole seconds until this step's time is up."""
        return max(round(self.room.until - self.room.now(self.clock)), 0)

    @property
    def price(self) -> str:
        """What one order costs."""
        return self.money(self.room.spend)

    @property
    def sells(self) -> bool:
        """Whether this rule lets one sell."""
        return self.room.table.price() is not None

    @property
    def advert(self) -> str:
        """What the invented firm says."""
        return advert(self.room.scheme, self.w)

    def title(self, step: str) -> str:
        """What a step is called."""
        number = round_of(step)
        if number:
            return self.w("room.step.round", number=number, rounds=self.rounds)
        return self.w(_STEP[step])

    @property
    def rule(self) -> str:
        """What happens to an order, in a sentence."""
        return rule(self.room.scheme, self.w)

    @property
    def split(self) -> str:
        """What of one order can come back to anybody, and what went elsewhere."""
        books = self.room.final().books()
        orders = books.paid_in // self.room.spend
        if not orders:
            return ""
        return self.w(
            "room.split",
            spend=self.money(self.room.spend),
            pooled=self.money((books.paid_in - books.elsewhere) // orders),
            elsewhere=self.money(books.elsewhere // orders),
        )

    @property
    def crowd(self) -> str:
        """Says where others than the class buy or decide; empty: nobody does."""
        robots = sum(seat.robot for seat in self.room.present)
        said = []
        if robots:
            said.append(self.w("room.robots", n=self.n(robots)))
        if self.room.made.crowd:
            said.append(self.w("room.crowd", n=self.n(self.room.made.crowd)))
        return " ".join(said)

    # -- a round -----------------------------------------------------------------------------------

    @cached_property
    def last(self) -> str:
        """What the last round that was played has done, in one sentence; empty before the first."""
        played = self.room.outcomes
        if not played:
            return ""
        place = len(self.room.table.prices()) - 1
        one = played[max(played)]
        if self.number in played:
            one = played[self.number]
            place = self._place(self.number)
        if one.price is not None:
            before, now = self.room.table.prices()[place - 1], self.room.table.prices()[place]
            told = {"before": self._point(before), "now": self._point(now)}
            same = told["before"] == told["now"]
            return (
                self.w("room.price.same", now=told["now"])
                if same
                else self.w("room.price.rose", **told)
            )
        out = sum(one.got.values()) - self._out_before(one.number)
        if not out:
            return self.w("room.paid_out.none", number=one.number)
        return self.w("room.paid_out", number=one.number, amount=self.money(out))

    def _place(self, number: int) -> int:
        """How many rounds had been played when this one was."""
        return list(self.room.outcomes).index(number) + 1

    def _point(self, price: Any) -> str:
        return yuan(float(price), self.w.lang)

    def _out_before(self, number: int) -> int:
        return sum(self._got_before(number).values())

    def _got_before(self, number: int) -> Mapping[int, int]:
        """What each seat had been paid before a round, fen; nobody anything before the first."""
        earlier = [n for n in self.room.outcomes if n < number]
        return self.room.outcomes[max(earlier)].got if earlier else {}

    @property
    def counts(self) -> str:
        """How many bought, waited and sold in the round that is shown."""
        one = self.room.outcomes.get(self.number)
        if one is None:
            return ""
        counts = {act: self.n(number) for act, number in one.counts.items()}
        if self.sells:
            return self.w("room.counts.sell", **counts)
        del counts["sell"]
        return self.w("room.counts", **counts)

    @property
    def curve(self) -> list[tuple[float, float, str]]:
        """Prices on a drawing of 600 x 240: where each is and what it is; empty: no price."""
        prices = [float(p) for p in self.room.table.prices()]
        if self.number in self.room.outcomes:  # also when one looks back
            prices = prices[: self._place(self.number) + 1]
        if len(prices) < 2 or not self.sells:
            return []
        step = 520 / self.rounds
        return [
            (40 + step * k, 210 - 170 * p / max(prices), self._point(p))
            for k, p in enumerate(prices)
        ]

    # -- when orders have stopped ------------------------------------------------------------------

    def fared(self, table: Table, *, sound: bool = False) -> list[tuple[int, int, int]]:
        """(seat, paid, back) of everybody who has bought; back: cash, and points at their price."""
        found = []
        for seat in self.room.seats:
            paid = table.paid(seat)
            if paid:
                back = table.got(seat) + (0 if sound else table.holding(seat))
                found.append((seat, paid, back))
        return found

    @cached_property
    def people(self) -> field.Field | None:
        """Everybody who bought, as a dot: how much of what they paid came back."""
        rounds = self.step == "round"
        found = self.fared(self.room.table if rounds else self.room.final())
        if not found:
            return None
        parts = np.array([[float(b >= p), min(b / p, 1.0)] for _, p, b in found])
        whole = int(parts[:, 0].sum())
        none = int((parts[:, 1] == 0).sum())
        counts = (whole, len(found) - whole - none, none)
        sentence = self.w("room.people", whole=self.n(whole), buyers=self.n(len(found)))
        return field.Field(
            dots=parts,
            per=1,
            counts=counts,
            sentence=sentence,
            scale=self.w("field.scale.one"),
            legend=tuple((kind, self.w(key)) for kind, key in field.LEGEND.items()),
        )

    @property
    def dots(self) -> str:
        """The drawing of it."""
        if self.people is None:
            return ""
        return field.svg(self.people, dark=False, columns=_COLUMNS)

    @cached_property
    def guessed(self) -> list[tuple[str, int, int, bool]]:
        """Each guess: its words, how many, that as a part of 100, and whether it was so."""
        given = list(self.room.guesses.values())
        found = self.fared(self.room.final())
        right = outcome_of(sum(b >= p for _, p, b in found), len(found))
        most = max([given.count(one) for one in GUESSES], default=0) or 1
        return [
            (
                self.w(_GUESS[one]),
                given.count(one),
                round(100 * given.count(one) / most),
                one == right,
            )
            for one in GUESSES
        ]

    @cached_property
    def sums(self) -> dict[str, str]:
        """What the class paid, what of it reached the pool, what came out and what is left."""
        books = self.room.final().books()
        return {
            "paid": self.money(books.paid_in),
            "pooled": self.money(books.pooled),
            "out": self.money(books.out),
            "left": self.money(books.pool),
            "most": self.money(books.most),
        }

    @property
    def middle(self) -> str:
        """What the one in the middle had back of each 100; empty where nobody bought."""
        found = self.fared(self.room.final())
        if not found:
            return ""
        share = median(b / p for _, p, b in found)
        return self.w("room.middle", back=yuan(100 * share, self.w.lang))

    # -- the sound programme -----------------------------------------------------------------------

    @cached_property
    def sound_sums(self) -> dict[str, str]:
        """The same purchases in a sound programme: paid, promised and paid back."""
        table = self.room.sound()
        found = self.fared(table, sound=True)
        paid, back = sum(p for _, p, _ in found), sum(b for _, _, b in found)
        return {"paid": self.money(paid), "back": self.money(back)}

    @property
    def sound_name(self) -> str:
        """What it is called."""
        name = state.parse({"scheme": SOUND}, page={}).preset.name
        return self.w.text(name.en, name.zh)

    # -- one seat ----------------------------------------------------------------------------------

    def who(self, seat: Seat) -> str:
        """The two words of a seat."""
        return naming.name(self.room.made.salt, seat.number, seat.spins, self.w.lang)

    def spoken(self, seat: Seat) -> str:
        """Its number, to be said aloud."""
        return naming.spoken(self.room.made.salt, seat.number)

    def own(self, seat: int, table: Table | None = None) -> dict[str, str]:
        """What a seat has paid, had back, would get for its points, and still waits for."""
        table = table or self.room.table
        return {
            "paid": self.money(table.paid(seat)),
            "got": self.money(table.got(seat)),
            "worth": self.money(table.holding(seat)),
            "waits": self.money(table.waiting(seat)),
        }

    def choices(self, seat: int) -> list[tuple[str, str]]:
        """What one may decide: the act and the words on its button."""
        can = self.room.table.can(seat)
        said = [("buy", self.w("room.act.buy", amount=self.price))] if "buy" in can else []
        said.append(("wait", self.w("room.act.wait")))
        if "sell" in can:
            worth = self.money(self.room.table.holding(seat))
            said.append(("sell", self.w("room.act.sell", amount=worth)))
        return said

    def decided(self, seat: int) -> str:
        """What one has decided in the round that is shown; empty: nothing yet."""
        act = self.room.moves.get(self.number, {}).get(seat)
        return "" if act is None else self.w(_DONE[act])

    def sold(self, seat: int) -> str:
        """What a sale in the round that is shown has brought; empty: there was none."""
        one = self.room.outcomes.get(self.number)
        if one is None or self.room.moves.get(self.number, {}).get(seat) != "sell":
            return ""
        had = self._got_before(self.number).get(seat, 0)
        return self.w("room.sold", amount=self.money(one.got.get(seat, 0) - had))

    def guess(self, seat: int) -> str:
        """What one has guessed; empty: nothing yet."""
        found = self.room.guesses.get(seat)
        return "" if found is None else self.w(_GUESS[found])

    @property
    def guesses(self) -> Iterable[tuple[str, str]]:
        """What may be guessed, with its words."""
        return [(one, self.w(_GUESS[one])) for one in GUESSES]

    def statement(self, seat: int) -> dict[str, Any]:
        """What one paid and got, and from which seats each yuan came."""
        table = self.room.final()
        told = table.statement(seat)
        rows = []
        if told.own:
            rows.append((self.w("room.from.own"), self.money(told.own)))
        named = told.sources[:NAMED]
        rows += [
            (self.w("room.from.seat", seat=other), self.money(amount)) for other, amount in named
        ]
        rest = told.sources[NAMED:]
        if rest:
            amount = self.money(sum(amount for _, amount in rest))
            rows.append((self.w("room.from.more", seats=len(rest)), amount))
        if told.crowd:
            rows.append((self.w("room.from.crowd"), self.money(told.crowd)))
        if told.outside:
            rows.append((self.w("room.from.outside"), self.money(told.outside)))
        others = sum(amount for _, amount in told.sources) + told.crowd
        seats = [str(other) for other, _ in named]
        sentence = self._statement(told.paid, told.got, others, seats, more=bool(rest))
        kept = told.got + table.holding(seat) >= told.paid
        return {
            "paid": told.paid,
            "got": told.got,
            "sentence": sentence,
            "rows": rows,
            "whole": told.paid > 0 and kept,
            **self.own(seat, table),
            "holds": table.holding(seat),
            "owed": table.waiting(seat),
        }

    def _statement(self, paid: int, got: int, others: int, seats: list[str], *, more: bool) -> str:
        if not paid:
            return self.w("room.statement.none")
        told = {"paid": self.money(paid), "got": self.money(got)}
        if not others:
            return self.w("room.statement", **told)
        told["others"] = self.money(others)
        if not seats:
            return self.w("room.statement.crowd", **told)
        told["seats"] = listed(self.w, seats)
        return self.w("room.statement.more" if more else "room.statement.seats", **told)

    def sound_own(self, seat: int) -> dict[str, str]:
        """What one would have paid and had back in the sound programme."""
        return self.own(seat, self.room.sound())

    # -- the teacher -------------------------------------------------------------------------------

    @property
    def say(self) -> str:
        """What may be said now."""
        if self.step == "round" and not self.sells:
            return self.w("room.say.round.buy")
        return self.w(_SAY[self.step])

    @property
    def planned(self) -> str:
        """Minutes that are planned for this step."""
        return self.n(MINUTES[self.step])

    @property
    def free(self) -> int:
        """Seats that are not taken yet."""
        return MOST_SEATS - len(self.room.seats)


def shown(role: str, screen: Screen, *, seat: Seat | None, **more: Any) -> str:
    """The part of a page that changes: for ``phone``, ``wall`` or ``lead``."""
    return drawn(f"room/{role}.html", s=screen, room=screen.room, w=screen.w, seat=seat, **more)


def qr(address: str) -> str:
    """A code to scan, as an SVG element with its own width."""
    return segno.make(address, error="m").svg_inline(
        scale=1, border=2, omitsize=True, dark="#12171E", light="#FFFFFF", svgclass="qr"
    )
