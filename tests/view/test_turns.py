"""Turns: one at a time, in order, and nobody held up by somebody who takes long."""

from __future__ import annotations

import math
import threading

import pytest

from model.library import preset
from view.queueing.desk import LateError
from view.queueing.heavy import GATE, beside, in_turn, turn
from view.queueing.senders import NOBODY, Sender
from view.queueing.turns import TURNS, Turns


def started(target) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


def test_one_at_a_time_and_in_the_order_of_coming():
    turns = Turns(longest=60)
    here, order = threading.Semaphore(0), []
    inside = most = 0

    def visit(number: int) -> None:
        nonlocal inside, most
        with turns.turn():
            inside += 1
            most = max(most, inside)
            order.append(number)
            inside -= 1

    with turns.turn():
        threads = []
        for number in range(20):
            threads.append(started(lambda n=number: (here.release(), visit(n))))
            here.acquire()
            while len(turns._waiting) <= number:
                pass
    for thread in threads:
        thread.join(20)
    assert order == list(range(20))
    assert most == 1


def test_who_takes_long_is_not_waited_for():
    turns = Turns(longest=0.01)
    over, second = threading.Event(), threading.Event()

    def long() -> None:
        with turns.turn():
            over.wait(20)

    thread = started(long)
    while turns._holder is None:
        pass

    def short() -> None:
        with turns.turn():
            second.set()

    started(short)
    assert second.wait(20)
    assert thread.is_alive()
    over.set()
    thread.join(20)
    # The late one takes nothing away when it leaves.
    with turns.turn():
        pass
    assert turns._holder is None


def test_within_a_turn_there_is_no_waiting_and_errors_give_it_back():
    turns = Turns(longest=60)
    with turns.turn(), turns.turn():
        pass
    with pytest.raises(ValueError, match="x"), turns.turn():
        raise ValueError("x")
    done = threading.Event()
    started(lambda: [done.set() for _ in [turns.turn().__enter__()]])
    assert done.wait(20)


def test_a_page_in_turn_is_still_the_page():
    def draw() -> None:
        drawn.append(1)

    drawn: list[int] = []
    in_turn(draw)()
    assert drawn == [1]
    assert in_turn(draw).__name__ == "draw"


def test_who_has_had_much_comes_after_who_has_had_little():
    turns, order = Turns(longest=60), []
    hog, reader = Sender("192.0.2.1", "hog"), Sender("192.0.2.2", "reader")
    turns.shares.charge(hog, 1.0)

    def visit(who: Sender) -> None:
        with turns.turn(who):
            order.append(who.page)

    with turns.turn():
        threads = []
        for number, who in enumerate((hog, reader), 1):
            threads.append(started(lambda who=who: visit(who)))
            while len(turns._waiting) < number:
                pass
    for thread in threads:
        thread.join(20)
    assert order == ["reader", "hog"]


def test_a_turn_is_not_waited_for_for_ever_if_somebody_says_so():
    turns, inside, over = Turns(longest=math.inf), threading.Event(), threading.Event()

    def long() -> None:
        with turns.turn():
            inside.set()
            over.wait(20)

    thread = started(long)
    assert inside.wait(20)
    with pytest.raises(LateError), turns.turn(patience=0.01):
        pass
    assert not turns._waiting
    over.set()
    thread.join(20)
    with turns.turn(patience=20):
        pass


def test_a_turn_is_changed_for_one_of_another_queue_or_kept():
    turns, other, over = Turns(longest=math.inf), Turns(longest=math.inf), threading.Event()
    inside, done = threading.Event(), threading.Event()

    def heavy() -> None:
        with other.turn():
            inside.set()
            over.wait(20)

    def light() -> None:
        with turns.turn():
            done.set()

    threads = [started(heavy)]
    assert inside.wait(20)
    with turns.turn():
        with pytest.raises(LateError):
            turns.change(other, patience=0.01)
        assert turns.mine == NOBODY
        over.set()
        turns.change(other)
        assert (turns.mine, other.mine) == (None, NOBODY)
        threads.append(started(light))
        assert done.wait(20)
        other.leave()
    for thread in threads:
        thread.join(20)
    turns.change(other)  # without a turn it does nothing
    assert other.mine is None


def test_a_heavy_page_is_run_beside_the_turns_and_a_light_one_is_not():
    light, large = preset("wine-points").scheme({}), preset("cyclic-packages").scheme({})
    with turn(NOBODY):
        beside(light)
        assert (TURNS.mine, GATE.mine) == (NOBODY, None)
        beside(*[light] * 20)
        assert (TURNS.mine, GATE.mine) == (None, NOBODY)
        beside(large)
    with turn(NOBODY):
        beside(large)
        assert (TURNS.mine, GATE.mine) == (None, NOBODY)
    assert (TURNS.mine, GATE.mine) == (None, None)
    beside(large)
    assert GATE.mine is None
