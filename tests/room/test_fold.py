"""A room is what its rows say, whatever happens in whatever order."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from model.room import play
from tests.apart import apart
from tests.model.agree import SEARCH
from tests.room.machine import holds, snapshot
from view.room import acts, naming
from view.room.acts import RefusedError
from view.room.fold import GUESSES, MOST_SEATS, folded, steps
from view.room.host import FORGOTTEN, IDLE, Rooms, UnknownError
from view.room.log import FullError

BODY = {
    "query": {"scheme": "thousand-yuan-points"},
    "rounds": 3,
    "days": 1,
    "crowd": 0,
    "salt": "salt",
    "lead": naming.digest("l" * 22),
    "lang": "en",
}


class Clock:
    """A clock that does what it is told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def rooms(tmp_path):
    found = Rooms(tmp_path / "rooms.sqlite", Clock())
    yield found
    found.close()


def lead(rooms, code, **said):
    said.setdefault("key", naming.new_key())
    return rooms.act(code, lambda room, at: acts.lead(room, said, at))


def sit(rooms, code, token=None):
    token = token or naming.new_key()
    room = rooms.act(code, lambda room, at: acts.join(room, token, at))
    return room.seat_of(naming.digest(token)).number


def move(rooms, code, seat, number, act):
    return rooms.act(code, lambda room, at: acts.move(room, seat, number, act, at))


def test_a_whole_lesson(rooms):
    code = rooms.make(BODY)
    seats = [sit(rooms, code) for _ in range(4)]
    assert seats == [1, 2, 3, 4]
    lead(rooms, code, do="go", step="guess")
    rooms.act(code, lambda room, at: acts.guess(room, 1, "half", at))
    for number in (1, 2, 3):
        lead(rooms, code, do="go", step=f"round-{number}")
        for seat in seats[:-1]:
            move(rooms, code, seat, number, "buy")
        room = lead(rooms, code, do="shut", round=str(number))
        assert room.outcomes[number].counts == {"buy": 3, "sell": 0, "wait": 1}
    room = lead(rooms, code, do="go", step="stop")
    spend = round(100 * room.scheme.order.spend)
    assert room.table.paid(1) == 3 * spend
    assert room.table.paid(4) == 0
    # 30 % of each order reaches the pool, and that is all there ever is.
    books = room.final().books()
    assert books.paid_in == 9 * spend
    assert books.most == books.pooled == 9 * spend * 3 // 10
    assert room.guesses == {1: "half"}


def test_the_order_in_which_they_decide_is_the_order_in_which_they_buy(rooms):
    code = rooms.make(BODY)
    for _ in range(3):
        sit(rooms, code)
    lead(rooms, code, do="go", step="round-1")
    for seat in (3, 1, 2):
        move(rooms, code, seat, 1, "buy")
    room = lead(rooms, code, do="shut", round="1")
    worth = [room.table.holding(seat) for seat in (3, 1, 2)]
    # Whoever was earlier got points when they were cheaper.
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > worth[2]


def test_who_comes_late_buys_late(rooms):
    code = rooms.make(BODY)
    sit(rooms, code)
    lead(rooms, code, do="go", step="round-2")
    late = sit(rooms, code)
    room = move(rooms, code, late, 2, "buy")
    assert room.seats[late].since == 2
    room = lead(rooms, code, do="shut", round="2")
    assert room.outcomes[2].counts["buy"] == 1


def test_the_clock_ends_a_round_and_what_comes_after_it_is_too_late(rooms):
    code = rooms.make(BODY)
    sit(rooms, code)
    room = lead(rooms, code, do="go", step="round-1")
    rooms.clock.now = room.until
    with pytest.raises(RefusedError) as refused:
        move(rooms, code, 1, 1, "buy")
    assert refused.value.key == "room.refused.over"
    room = rooms.read(code)
    assert room.open == 0
    assert room.outcomes[1].counts == {"buy": 0, "sell": 0, "wait": 1}


def test_a_round_can_be_made_longer_until_it_is_over(rooms):
    code = rooms.make(BODY)
    sit(rooms, code)
    room = lead(rooms, code, do="go", step="round-1")
    until = room.until
    room = lead(rooms, code, do="longer", seconds="60")
    assert room.until == until + 60
    rooms.clock.now = until + 1
    move(rooms, code, 1, 1, "buy")
    lead(rooms, code, do="shut", round="1")
    with pytest.raises(RefusedError):
        lead(rooms, code, do="longer", seconds="60")


def test_a_clock_that_jumps_neither_opens_nor_forgets(rooms):
    code = rooms.make(BODY)
    sit(rooms, code)
    room = lead(rooms, code, do="go", step="round-1")
    rooms.clock.now -= 10_000
    # The room's own time stands still until the clock has caught up.
    assert room.now(rooms.clock()) == room.at
    move(rooms, code, 1, 1, "buy")
    rooms.clock.now += 10 * FORGOTTEN
    assert rooms.forget() == []
    assert rooms.read(code).seats


def test_a_room_is_forgotten_a_day_after_its_last_act(rooms, monkeypatch):
    here = [0.0]
    monkeypatch.setattr("view.room.host.time.monotonic", lambda: here[0])
    code = rooms.make(BODY)
    rooms.clock.now += FORGOTTEN + 1
    assert rooms.forget() == []
    here[0] += IDLE
    assert rooms.forget() == [code]
    with pytest.raises(UnknownError):
        rooms.read(code)


def test_one_can_go_back_and_on_and_nothing_is_played_twice(rooms):
    code = rooms.make(BODY)
    sit(rooms, code)
    lead(rooms, code, do="go", step="round-1")
    move(rooms, code, 1, 1, "buy")
    before = lead(rooms, code, do="go", step="stop").final().books()
    room = lead(rooms, code, do="go", step="round-1")
    assert room.open == 0
    assert lead(rooms, code, do="go", step="stop").final().books() == before
    # A round that was skipped can still be played.
    room = lead(rooms, code, do="go", step="round-2")
    assert room.open == 2
    move(rooms, code, 1, 2, "buy")
    room = lead(rooms, code, do="go", step="stop")
    assert room.final().books().paid_in == 2 * before.paid_in


def test_a_second_click_on_next_is_the_same_click(rooms):
    code = rooms.make(BODY)
    lead(rooms, code, do="go", step="guess", **{"from": "join"})
    room = lead(rooms, code, do="go", step="guess", **{"from": "join"})
    assert room.step == "guess"
    assert room.seq == 2
    key = naming.new_key()
    lead(rooms, code, do="longer", seconds="60", key=key)
    assert lead(rooms, code, do="longer", seconds="60", key=key).seq == 3


def test_a_full_and_a_locked_room_say_so(rooms):
    code = rooms.make(BODY)
    mine = naming.new_key()
    sit(rooms, code, mine)
    lead(rooms, code, do="robots", number=str(MOST_SEATS - 1))
    for said, key in ((None, "room.refused.full"), ("1", "room.refused.locked")):
        if said:
            lead(rooms, code, do="lock", on=said)
        with pytest.raises(RefusedError) as refused:
            sit(rooms, code)
        assert refused.value.key == key
        # Whoever has a seat keeps it.
        assert sit(rooms, code, mine) == 1
    with pytest.raises(RefusedError):
        lead(rooms, code, do="robots", number="1")


def test_robots_decide_by_chance_and_always_the_same(rooms):
    code = rooms.make(BODY)
    lead(rooms, code, do="robots", number="40")
    for number in (1, 2, 3):
        lead(rooms, code, do="go", step=f"round-{number}")
        room = lead(rooms, code, do="shut", round=str(number))
    counts = room.outcomes[3].counts
    assert min(counts.values()) > 0
    assert snapshot(folded(code, rooms.log.since(code, 0))) == snapshot(room)


@pytest.mark.parametrize(
    "scheme", ["thousand-yuan-points", "guild-queue", "cyclic-purchase", "green-points"]
)
def test_a_game_of_forty_is_the_model_s_to_the_cent(rooms, scheme):
    code = rooms.make({**BODY, "query": {"scheme": scheme}, "rounds": 5, "days": 7, "crowd": 5})
    lead(rooms, code, do="robots", number="40")
    for number in range(1, 6):
        lead(rooms, code, do="go", step=f"round-{number}")
    room = lead(rooms, code, do="go", step="stop")
    assert len(room.outcomes) == 5
    again = play(room.scheme, room.played, rounds=5, days=7, crowd=5, stop=True)
    assert again.books() == room.final().books()
    for seat in room.seats:
        assert again.statement(seat) == room.final().statement(seat)
    # The sound programme has the same purchases, and pays every one of them what was said.
    sound, spend = room.sound(), round(100 * room.scheme.order.spend)
    for seat in room.seats:
        bought = sum(move.seat == seat and move.act == "buy" for move in room.played)
        assert sound.paid(seat) == bought * spend
        assert sound.got(seat) == pytest.approx(0.1 * sound.paid(seat), abs=bought)


def test_whoever_is_removed_can_do_nothing_and_their_money_stays(rooms):
    code = rooms.make(BODY)
    token = naming.new_key()
    sit(rooms, code, token)
    lead(rooms, code, do="go", step="round-1")
    move(rooms, code, 1, 1, "buy")
    lead(rooms, code, do="shut", round="1")
    room = lead(rooms, code, do="remove", seat="1")
    assert room.seat_of(naming.digest(token)) is None
    assert room.table.paid(1) > 0
    with pytest.raises(RefusedError):
        rooms.act(code, lambda r, at: acts.back(r, naming.spoken("salt", 1), naming.new_key(), at))


@pytest.mark.parametrize(
    "said",
    [
        {"do": "go", "step": "nowhere"},
        {"do": "go"},
        {"do": "longer", "seconds": "-5"},
        {"do": "longer", "seconds": "1e9"},
        {"do": "remove", "seat": "99"},
        {"do": "robots", "number": "0"},
        {"do": "robots", "number": "６"},
        {"do": "destroy"},
        {"do": "go", "step": "guess", "key": "short"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(rooms, said):
    code = rooms.make(BODY)
    with pytest.raises(RefusedError):
        lead(rooms, code, **said)
    assert rooms.read(code).seq == 1


def test_many_who_act_at_once_share_a_commit_and_have_a_row_each(rooms, monkeypatch):
    code = rooms.make(BODY)
    for _ in range(20):
        sit(rooms, code)
    lead(rooms, code, do="go", step="round-1")
    commits, writing = [], rooms.log.writing
    monkeypatch.setattr(rooms.log, "writing", lambda: commits.append(1) or writing())

    async def all_at_once():
        def one(seat):
            act = "buy" if seat % 2 else "?"
            return rooms.soon(code, lambda r, at: acts.move(r, seat, 1, act, at), seat=seat)

        # Each twice, and the teacher in between.
        said = {"do": "longer", "seconds": "60", "key": naming.new_key()}
        teacher = rooms.soon(code, lambda r, at: acts.lead(r, said, at))
        both = [one(seat) for seat in (*range(1, 21), *range(1, 21))]
        return await asyncio.gather(teacher, *both, return_exceptions=True)

    found = apart(all_at_once())
    room = rooms.read(code)
    holds(room, rooms.log)
    assert room.moves[1] == dict.fromkeys(range(1, 21, 2), "buy")
    assert sum(isinstance(one, RefusedError) for one in found) == 20
    assert len(commits) < 41
    assert room.seq == 1 + 20 + 1 + 1 + 10


def test_too_many_rooms(rooms, monkeypatch):
    monkeypatch.setattr("view.room.host.MOST_ROOMS", 1)
    rooms.make(BODY)
    with pytest.raises(FullError):
        rooms.make(BODY)


class Lesson(RuleBasedStateMachine):
    """Whatever a class and its teacher do, and whatever happens to the server."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.rooms = Rooms(self.folder / "rooms.sqlite", self.clock)
        self.tokens: list[str] = []
        self.last = None

    @initialize(scheme=st.sampled_from(["thousand-yuan-points", "guild-queue", "cyclic-purchase"]))
    def start(self, scheme):
        self.code = self.rooms.make({**BODY, "query": {"scheme": scheme}})

    def act(self, decide):
        self.last = decide
        before = self.rooms.read(self.code).seq
        try:
            self.rooms.act(self.code, decide)
        except RefusedError:
            # A refusal writes nothing, but for a round whose time was up.
            assert self.rooms.read(self.code).seq <= before + 1

    @rule(known=st.booleans())
    def join(self, known):
        token = self.tokens[0] if known and self.tokens else naming.new_key()
        self.tokens.append(token)
        self.act(lambda room, at: acts.join(room, token, at))

    @rule(seat=st.integers(1, 6), choice=st.sampled_from([*GUESSES, "?"]))
    def guess(self, seat, choice):
        if seat in self.rooms.read(self.code).seats:
            self.act(lambda room, at: acts.guess(room, seat, choice, at))

    @rule(
        seat=st.integers(1, 6),
        number=st.integers(0, 4),
        act=st.sampled_from(["buy", "buy", "sell", "wait", "?"]),
    )
    def move(self, seat, number, act):
        if seat in self.rooms.read(self.code).seats:
            self.act(lambda room, at: acts.move(room, seat, number, act, at))

    @rule(act=st.sampled_from(["buy", "buy", "sell"]))
    def all_move(self, act):
        room = self.rooms.read(self.code)
        for seat in list(room.seats):
            number = room.open
            self.act(lambda r, at, s=seat, n=number: acts.move(r, s, n, act, at))

    @rule()
    def again(self):
        if self.last is not None:
            self.act(self.last)

    @rule(step=st.sampled_from(steps(3)))
    def go(self, step):
        key = naming.new_key()
        said = {"do": "go", "step": step, "key": key}
        self.act(lambda room, at: acts.lead(room, said, at))

    @rule()
    def next(self):
        room = self.rooms.read(self.code)
        self.go(room.after(room.step))

    @rule()
    def shut(self):
        said = {"do": "shut", "round": str(self.rooms.read(self.code).open), "key": "k" * 22}
        self.act(lambda room, at: acts.lead(room, said, at))

    @rule(seat=st.integers(1, 6))
    def remove(self, seat):
        said = {"do": "remove", "seat": str(seat), "key": naming.new_key()}
        self.act(lambda room, at: acts.lead(room, said, at))

    @rule(number=st.integers(1, 3))
    def robots(self, number):
        said = {"do": "robots", "number": str(number), "key": naming.new_key()}
        self.act(lambda room, at: acts.lead(room, said, at))

    @rule(seconds=st.sampled_from([1, 60, 500, -1000, 90_000]))
    def time_passes(self, seconds):
        self.clock.now += seconds

    @rule()
    def another_server(self):
        """Whoever had it is gone at once; another one reads the file."""
        before = snapshot(self.rooms.read(self.code))
        self.rooms.close()
        self.rooms = Rooms(self.folder / "rooms.sqlite", self.clock)
        assert snapshot(self.rooms.read(self.code)) == before

    @invariant()
    def whole(self):
        if hasattr(self, "code"):
            holds(self.rooms.read(self.code), self.rooms.log)

    def teardown(self):
        self.rooms.close()
        shutil.rmtree(self.folder)


TestLesson = Lesson.TestCase
TestLesson.settings = settings(max_examples=12 * SEARCH, stateful_step_count=30, deadline=None)
