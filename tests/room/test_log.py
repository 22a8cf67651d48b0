"""The log: on the disk first, once, in order, whole."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from view.room import log as module
from view.room.log import Event, FullError, Log


@pytest.fixture
def log(tmp_path):
    found = Log(tmp_path / "rooms.sqlite")
    yield found
    found.close()


def add(log, room, seat, key, known=0, **body):
    event = Event(known + 1, seat, key, {"at": 1.0, **body})
    with log.writing():
        log.add(room, event)
    return event.seq


def test_every_commit_waits_for_the_disk_and_no_journal_can_lose_one(log):
    journal, synchronous = log.settings()
    # WAL with two connections can lose commits before 3.51.3.
    assert journal == "delete" or (journal == "wal" and sqlite3.sqlite_version_info >= (3, 51, 3))
    assert synchronous >= 2


def test_rows_come_back_in_order(log):
    for number in range(5):
        add(log, "ACDEF", number, "k", known=number, n=number)
    add(log, "OTHER", 1, "k")
    rows = log.since("ACDEF", 0)
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert [row.body["n"] for row in rows] == list(range(5))
    assert [row.seq for row in log.since("ACDEF", 3)] == [4, 5]


def test_who_writes_sees_what_others_have_written_and_is_not_disturbed(tmp_path, log):
    other = Log(tmp_path / "rooms.sqlite")
    add(log, "ACDEF", 1, "k")
    with other.writing():
        assert [row.seat for row in other.since("ACDEF", 0)] == [1]
        log._db.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(FullError):
            add(log, "ACDEF", 3, "k", known=1)
        other.add("ACDEF", Event(2, 2, "k", {"at": 2.0}))
    assert [(row.seq, row.seat) for row in log.since("ACDEF", 0)] == [(1, 1), (2, 2)]
    other.close()


def test_several_rows_reach_the_disk_together_or_not_at_all(log):
    def fail():
        with log.writing():
            log.add("ACDEF", Event(1, 1, "k", {"at": 1.0}))
            log.add("OTHER", Event(1, 1, "k", {"at": 1.0}))
            log.add("ACDEF", Event(2, 1, "k", {"at": 1.0}))

    with pytest.raises(sqlite3.IntegrityError):
        fail()
    assert log.count() == 0


def test_the_same_act_cannot_be_written_twice(log):
    add(log, "ACDEF", 1, "round-1")
    with pytest.raises(sqlite3.IntegrityError):
        add(log, "ACDEF", 1, "round-1", known=1)
    assert len(log.since("ACDEF", 0)) == 1


def test_a_full_disk_is_one_error_and_the_log_stays_whole(log):
    add(log, "ACDEF", 0, "made")
    pages = log._db.execute("PRAGMA page_count").fetchone()[0]
    log._db.execute(f"PRAGMA max_page_count = {pages + 1}")
    written, known = 1, 1

    def fill():
        nonlocal written, known
        for number in range(10_000):
            known = add(log, "ACDEF", 1, f"k{number}", known=known, text="x" * 500)
            written += 1

    with pytest.raises(FullError):
        fill()
    assert written > 1
    assert len(log.since("ACDEF", 0)) == written
    log._db.execute("PRAGMA max_page_count = 100000")
    add(log, "ACDEF", 1, "after", known=known)
    assert log._db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_room_and_a_row_have_their_ends(log, monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    add(log, "ACDEF", 1, "a")
    add(log, "ACDEF", 1, "b", known=1)
    with pytest.raises(FullError):
        add(log, "ACDEF", 1, "c", known=2)
    with pytest.raises(FullError):
        add(log, "OTHER", 1, "a", text="x" * module.MOST_BODY)
    assert not log.has("OTHER")


def test_another_one_s_row_is_noticed_and_one_s_own_is_not_news(tmp_path, log):
    other = Log(tmp_path / "rooms.sqlite")
    before = log.changed()
    add(log, "ACDEF", 1, "a")
    assert log.changed() == before
    add(other, "ACDEF", 1, "b", known=1)
    assert log.changed() != before
    other.close()


def test_many_at_once_are_written_one_after_the_other(tmp_path):
    path, errors = tmp_path / "rooms.sqlite", []
    Log(path).close()

    def write(seat):
        mine = Log(path)
        try:
            for number in range(10):
                with mine.writing():
                    known = len(mine.since("ACDEF", 0))
                    mine.add("ACDEF", Event(known + 1, seat, f"k{number}", {"at": 1.0}))
        except (FullError, sqlite3.Error) as error:
            errors.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=write, args=(seat,)) for seat in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    log = Log(path)
    rows = log.since("ACDEF", 0)
    assert [row.seq for row in rows] == list(range(1, 61))
    assert len({(row.seat, row.key) for row in rows}) == 60
    log.close()


def test_what_is_deleted_is_gone_from_the_file(tmp_path, log):
    add(log, "ACDEF", 1, "k", text="to be forgotten")
    assert b"to be forgotten" in (tmp_path / "rooms.sqlite").read_bytes()
    log.delete("ACDEF")
    assert not log.has("ACDEF")
    assert b"to be forgotten" not in (tmp_path / "rooms.sqlite").read_bytes()
    assert log.count() == 0
