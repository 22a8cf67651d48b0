"""Turns: one at a time, in order, and nobody held up by somebody who takes long."""

from __future__ import annotations

import threading

import pytest

from view.turns import Turns, in_turn


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
