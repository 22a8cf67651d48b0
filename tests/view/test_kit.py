"""The kit for teachers: every page is there, its numbers are the model's, its words are used."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, simulate
from tests.turns import in_turn
from view.kit import __main__ as command
from view.kit import games, html, kit, numbers
from view.serving import kit as wire
from view.teach import facts, said
from view.words.words import LANGS, Words, written

CACHES = (facts._facts, said._told, games._game, numbers._numbers, html.served)


@pytest.fixture
def _fresh() -> Iterator[None]:
    """Nothing is kept from before, and nothing of this for later."""
    for cache in CACHES:
        cache.cache_clear()
    yield
    for cache in CACHES:
        cache.cache_clear()


def text_of(page: str) -> str:
    """What a page says, without its marks and its style."""
    body = page.partition("</head>")[2]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)))


# -- every page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lesson", "lang"), in_turn(kit.KITS, LANGS, each=3), ids=str)
def test_every_part_is_there(lesson: str, lang: str) -> None:
    for part in kit.PARTS:
        shown = kit.pages(lesson, part, lang)
        assert len(shown) == kit.count(lesson, part)
        page = html.page(lesson, part, lang)
        assert f'<html lang="{lang}">' in page
        assert page.count('<section class="page') == len(shown)
        assert len(gzip.compress(page.encode(), 6)) <= 20_000
        said_there = text_of(page)
        assert "{" not in said_there
        assert "None" not in said_there
        for other in kit.PARTS:
            assert (unescape(html.on_server(lesson, other, lang)) in unescape(page)) is (
                other != part
            )
    # The teacher's three questions come with what to listen for; the sheet's with answers.
    speak = kit._Speaker(lesson, lang)
    assert len(speak.lines("ask")) == len(speak.lines("listen")) == 3
    assert len(speak.lines("task")) == len(speak.lines("solved"))
    assert len(speak.lines("ticket")) == 1 + len(speak.lines("ticket.solved")) == 3


def test_what_is_said_of_a_game_fits_its_table() -> None:
    for lesson in kit.KITS:
        found = games.game(lesson)
        for lang in LANGS:
            columns = kit._Speaker(lesson, lang).lines("game.columns")
            assert {len(row) for row in found.rows} == {len(columns)}
        assert (lesson in kit.WITH_NOTES) is bool(found.note)
        assert found.pages_of_notes * games.NOTES_A_PAGE >= found.notes


def test_a_lesson_s_hour_is_in_order() -> None:
    for lesson in kit.KITS:
        begins = kit.minutes(lesson)
        assert sorted(set(begins)) == list(begins)
        assert begins[-1] <= 45
        plan = text_of(html.page(lesson, "plan", "en"))
        assert all(f" {minute} " in plan for minute in begins[:-1])


def test_who_has_paid_in_is_told_where_to_ring() -> None:
    """The same numbers and words as on the page Check, which has them with their sources."""
    plan = text_of(html.page("room", "plan", "zh-Hans"))
    assert "12315" in plan
    assert "96110" in plan
    assert "我已经付了钱" in plan


# -- words -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_fresh")
def test_no_word_lies_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = set()
    find = Words._find

    def noted(self: Words, key: str) -> str | None:
        asked.add(key)
        return find(self, key)

    monkeypatch.setattr(Words, "_find", noted)
    html.files(("en",), kit.KITS)
    wire.asked_of({"n": "none"}, None)
    ours = {key for key in written("en") if key.startswith("kit.")}
    assert len(ours) > 150
    assert ours - asked == set()


@pytest.mark.parametrize("lang", LANGS)
def test_no_number_is_typed_into_the_words(lang: str) -> None:
    """So that every number on a page comes from the model, a preset or the order of the steps."""
    typed = {
        key: text
        for key in written("en")
        if key.startswith("kit.") and re.search(r"[0-9]", text := Words(lang)._find(key) or "")
    }
    assert typed == {}


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(
    ("module", "preset", "key", "value", "lesson", "part", "before", "after"),
    [
        (
            games,
            "guild-queue",
            "refund_queue.share",
            0.4,
            "room",
            "game",
            "3 notes of ¥10",
            "2 notes of ¥20",
        ),
        (facts, "wine-points", "points_pool.share", 0.4, "room", "plan", "¥30 of", "¥40 of"),
        (facts, "stamp-card", "order.spend", 400, "room", "plan", "¥20 of ¥200", "¥40 of ¥400"),
        (numbers, "green-points", "order.spend", 6000, "daily", "ticket", "¥3,000", "¥6,000"),
        (games, "three-in-one-out", "order.spend", 2000, "queue", "game", "¥700", "¥1,400"),
        (facts, "ad-tasks", "scheduled_release.share", 0.5, "daily", "sheet", "¥900", "¥1,500"),
    ],
)
def test_another_preset_makes_another_page(
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    preset: str,
    key: str,
    value: float,
    lesson: str,
    part: str,
    before: str,
    after: str,
) -> None:
    page = text_of(html.page(lesson, part, "en"))
    assert before in page
    assert after not in page

    def changed(name: str, changes: dict[str, Any] | None = None) -> Any:
        return load(name, {**({key: value} if name == preset else {}), **(changes or {})})

    for cache in CACHES:
        cache.cache_clear()
    monkeypatch.setattr(module, "load", changed)
    page = text_of(html.page(lesson, part, "en"))
    assert after in page
    assert before not in page


@given(
    st.lists(
        st.lists(st.integers(1, 10), max_size=6, unique=True).map(sorted), min_size=1, max_size=6
    ).filter(any)
)
@settings(max_examples=30)
def test_the_row_of_notes_is_the_model_s_queue(rounds: list[list[int]]) -> None:
    """Who is paid, and with whose money, in the convention that takes the oldest first."""
    orders = [len(seats) for seats in rounds]
    scheme = load("guild-queue", {**games._ROOM_CHANGES, **games._listed(orders)})
    result = simulate(scheme)
    ended = games.row_of_notes(rounds, spend=Fraction(100), into=Fraction(30), refund=Fraction(100))
    cohorts = result.cohorts
    assert sum(one.got for one in ended) == pytest.approx(float(cohorts["received"].sum()))
    assert sum(one.got for one in ended) == 30 * sum(orders)
    for one in ended:
        assert sum(amount for _, amount in one.whose) == one.got
        assert one.paid == 100 * sum(one.seat in seats for seats in rounds)
    # Everybody once: then a round's payments are those of its seats.
    if len({seat for seats in rounds for seat in seats}) == sum(orders):
        got = {one.seat: one.got for one in ended}
        mine = [sum(got[seat] for seat in seats) for seats in rounds if seats]
        assert np.allclose([float(x) for x in mine], cohorts["received"].to_numpy(dtype=float))


def test_whose_notes_one_seat_got() -> None:
    """By hand: 12 notes of seats 1 to 4; the first order takes 1 1 1 2 2 2 3 3 3 4, and so on."""
    found = games.game("room")
    assert found.whose == ((1, 30.0), (7, 10.0), (8, 30.0), (9, 30.0))
    assert [row[3].value for row in found.rows] == pytest.approx([120, 90, 90, 60, 0])
    scheme = load("guild-queue", {**games._ROOM_CHANGES, **games._listed([4, 3, 3, 2, 0])})
    told = simulate(scheme).funding(method="oldest", bins=5)
    assert float(told.to_numpy(dtype=float).sum()) == pytest.approx(360)


def test_every_ledger_balances() -> None:
    def column(lesson: str, at: int) -> list[float]:
        return [row[at].value for row in games.game(lesson).rows]

    assert sum(column("room", 2)) == pytest.approx(sum(column("room", 3)))
    assert sum(column("queue", 1)) == pytest.approx(
        sum(column("queue", 2)) + column("queue", 3)[-1]
    )
    for lesson in ("daily", "sound"):
        paid_in, due, paid, bowl = (column(lesson, at) for at in (2, 3, 4, 5))
        assert sum(paid_in) == pytest.approx(sum(paid) + bowl[-1])
        assert all(one <= owed + 1e-9 for owed, one in zip(due, paid, strict=True))
    # In a sound one everything due is paid; with cash every day it is not.
    assert column("sound", 3) == pytest.approx(column("sound", 4))
    assert sum(column("daily", 4)) < sum(column("daily", 3))
    # Twice as much promised: in round two 80 + 60 are there and 4 times 40 are due.
    assert games.game("sound").numbers["short"].value == 2
    price = games.game("price")
    assert column("price", 4) == pytest.approx([price.numbers["into"].value] * len(price.rows))
    place = games.game("place").numbers
    assert sum(column("place", 2)) == pytest.approx(place["all"].value)
    assert place["mean"].value == pytest.approx(place["mean_longer"].value)
    recruits = column("recruiters", 2)
    assert sum(recruits) == games.MEMBERS - 1
    relay = games.game("relay").numbers
    parts = ("first_sale", "fees", "gains")
    assert relay["loss"].value == pytest.approx(sum(relay[name].value for name in parts))
    stop = column("stop", 2)
    assert stop == sorted(stop)


def test_a_note_pays_everything_in_whole_notes() -> None:
    assert games._note(30.0, 100.0) == 10
    assert games._note(7.5, 20.0) == Fraction(5, 2)
    assert games._note(0.3) == Fraction(3, 10)


# -- the command line ------------------------------------------------------------------------------


def test_it_writes_what_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "kit"
    assert command.main([str(out), "--lang", "zh-Hant", "--only", "room"]) == 0
    assert {path.name for path in out.iterdir()} == {
        "index.html",
        "index.zh-Hant.html",
        *(f"room-{part}.zh-Hant.html" for part in kit.PARTS),
    }
    assert "8 files" in capsys.readouterr().out
    # No link leads out of the folder.
    for path in out.iterdir():
        links = re.findall(r'href="([^"]*)"', path.read_text("utf-8"))
        assert links
        assert all((out / link).is_file() for link in links)


@pytest.mark.parametrize(
    ("arguments", "said_there"),
    [
        ([], "out"),
        (["{out}", "--lang", "tlh"], "zh-Hans"),
        (["{out}", "--only", "tomorrow"], "room"),
        (["{out}", "--colour"], "--colour"),
        (["{file}"], "is a file"),
        (["{file}/in"], "cannot be written"),
    ],
)
def test_bad_arguments_are_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said_there: str,
) -> None:
    file, out = tmp_path / "file", tmp_path / "out"
    file.write_text("kept")
    with pytest.raises(SystemExit) as ended:
        command.main([one.format(out=out, file=file) for one in arguments])
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said_there in told.err
    assert told.err.count("\n") == 1
    assert not out.exists()
    assert file.read_text() == "kept"


# -- on the wire -----------------------------------------------------------------------------------


def test_an_address_means_a_page_or_the_index() -> None:
    asked = wire.asked_of
    assert asked({}, "zh-CN") == wire.Asked("zh-Hans")
    assert asked({"n": "price"}, None) == wire.Asked("en", "price", "plan")
    assert asked({"part": "game", "lang": "zh-Hant"}, None) == wire.Asked("zh-Hant", "room", "game")
    for bad in ({"n": "../etc"}, {"part": "<b>"}, {"lang": "tlh"}, {"n": ""}):
        found = asked(bad, "en")
        assert found.lesson == ""
        assert found.problem
        page = html.index("en", problem=found.problem)
        assert "<b>" not in page.partition("role=")[2].partition("</p>")[0]


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_class_talks_about_is_the_same_on_paper_and_on_the_wall(lang):
    w = Words(lang)
    asked = w("kit.room.ask").split("\n")
    assert asked == [w(key) for key in ("room.talk.1", "room.talk.2", "room.talk.3")]
