"""Requests wait fairly, not too long and not too many; what is given up makes room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.apart import apart
from view.queueing.desk import Desk, FullError, LateError, ReplacedError
from view.queueing.senders import CLASS, HALF_LIFE, Sender, Shares, network, sender

A, B, C = (Sender(f"10.0.0.{n}", "page") for n in (1, 2, 3))


class Work:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.given_up: list[str] = []
        self._ends: dict[str, asyncio.Future[None]] = {}

    async def __call__(self, job: str) -> str:
        self.begun.append(job)
        self._ends[job] = asyncio.get_running_loop().create_future()
        try:
            await self._ends[job]
        except asyncio.CancelledError:
            self.given_up.append(job)
            raise
        return job.upper()

    def end(self, job: str) -> None:
        self._ends[job].set_result(None)


def desk_of(work: Callable[[str], Awaitable[str]], **other) -> Desk[str, str]:
    told = {"at_once": 1, "waiting": 10, "of_address": 10, "patience": lambda: 60.0} | other
    return Desk(work, **told)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def asking(desk: Desk[str, str], who: Sender, job: str) -> asyncio.Task[str]:
    return asyncio.ensure_future(desk.ask(who, job))


def run(case: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await case()

    apart(bounded())


def test_a_newer_request_takes_the_place_of_the_one_that_waits():
    async def case() -> None:
        work = Work()
        desk = desk_of(work)
        first = asking(desk, A, "a1")
        await settle()
        second, third = asking(desk, A, "a2"), asking(desk, A, "a3")
        await settle()
        assert isinstance(second.exception(), ReplacedError)
        assert work.begun == ["a1"]
        work.end("a1")
        await settle()
        assert work.begun == ["a1", "a3"]
        work.end("a3")
        assert await asyncio.gather(first, third) == ["A1", "A3"]

    run(case)


def test_one_sender_has_one_in_work_though_there_is_room():
    async def case() -> None:
        work = Work()
        desk = desk_of(work, at_once=3)
        tasks = [asking(desk, A, "a1")]
        await settle()
        tasks += [asking(desk, A, "a2"), asking(desk, B, "b1")]
        await settle()
        assert work.begun == ["a1", "b1"]
        await desk.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(case)


def test_who_has_had_least_comes_first():
    async def case() -> None:
        work, shares = Work(), Shares()
        desk = desk_of(work, shares=shares)
        tasks = [asking(desk, C, "c1")]
        await settle()
        shares.charge(A, 5.0)
        tasks += [asking(desk, A, "a1"), asking(desk, B, "b1")]
        await settle()
        for job in ("c1", "b1", "a1"):
            work.end(job)
            await settle()
        assert work.begun == ["c1", "b1", "a1"]
        await asyncio.gather(*tasks)

    run(case)


def test_the_queue_is_bounded_and_belongs_to_those_who_have_had_least():
    async def case() -> None:
        work, shares = Work(), Shares()
        desk = desk_of(work, waiting=2, shares=shares)
        hog = [Sender("10.0.0.9", f"page{n}") for n in range(4)]
        for who in hog:
            shares.charge(who, 1.0)
        first, second, third = (asking(desk, who, who.page) for who in hog[:3])
        await settle()
        with pytest.raises(FullError):
            await desk.ask(hog[3], "page3")
        reader = asking(desk, A, "a")
        await settle()
        refused = [task for task in (second, third) if task.done()]
        assert len(refused) == 1
        assert isinstance(refused[0].exception(), FullError)
        work.end("page0")
        await settle()
        assert work.begun == ["page0", "a"]
        await desk.close()
        await asyncio.gather(first, second, third, reader, return_exceptions=True)

    run(case)


def test_one_address_does_not_fill_the_queue_with_names():
    async def case() -> None:
        desk = desk_of(Work(), of_address=2)
        tasks = [asking(desk, Sender("10.0.0.9", f"page{n}"), str(n)) for n in range(4)]
        await settle()
        assert [task.done() for task in tasks] == [False, False, False, True]
        other = asking(desk, A, "a")
        await settle()
        assert not other.done()
        await desk.close()
        await asyncio.gather(*tasks, other, return_exceptions=True)

    run(case)


def test_what_takes_too_long_is_given_up_and_makes_room():
    async def case() -> None:
        work = Work()
        desk = desk_of(work, patience=lambda: 0.01)
        with pytest.raises(LateError):
            await desk.ask(A, "a")
        await settle()
        assert work.given_up == ["a"]
        assert not desk.working

    run(case)


def test_what_is_not_begun_in_time_is_never_begun():
    async def case() -> None:
        work = Work()
        desk = desk_of(work, begin=0.01)
        first = asking(desk, A, "a")
        await settle()
        with pytest.raises(LateError):
            await desk.ask(B, "b")
        assert not first.done()
        work.end("a")
        assert await first == "A"
        await settle()
        assert work.begun == ["a"]

    run(case)


@pytest.mark.parametrize("begun", [True, False])
def test_who_has_gone_is_not_worked_for(begun):
    async def case() -> None:
        work = Work()
        desk = desk_of(work)
        tasks = [asking(desk, A, "a"), asking(desk, B, "b")]
        await settle()
        gone = tasks[0] if begun else tasks[1]
        gone.cancel()
        await settle()
        assert work.given_up == (["a"] if begun else [])
        assert [asked.job for asked in desk.working] == (["b"] if begun else ["a"])
        assert not desk.waiting
        await desk.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(case)


def test_work_that_is_given_up_before_its_first_step_makes_room():
    async def case() -> None:
        work = Work()
        desk = desk_of(work)
        asked = asking(desk, A, "a")
        await asyncio.sleep(0)  # queued, and its work not yet begun
        asked.cancel()
        await settle()
        assert not desk.working
        again = asking(desk, A, "a2")
        await settle()
        work.end("a2")
        assert await again == "A2"

    run(case)


def test_an_error_of_the_work_is_the_askers():
    async def case() -> None:
        async def work(job: str) -> str:
            raise KeyError(job)

        desk = desk_of(work)
        with pytest.raises(KeyError, match="a"):
            await desk.ask(A, "a")
        await settle()
        assert not desk.working

    run(case)


# -- senders -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "page", "found"),
    [
        ("192.0.2.7", "abc", Sender("192.0.2.7", "abc")),
        ("::ffff:192.0.2.7", None, Sender("192.0.2.7")),
        (None, "a b", Sender("")),
        ("no address", "x" * 41, Sender("")),
    ],
)
def test_who_asks(host, page, found):
    assert sender(host, page) == found


def test_a_household_has_many_addresses_of_one_kind():
    assert network("2001:db8::1") == network("2001:db8::dead:beef:0:1")
    assert network("2001:db8::1") != network("2001:db8:0:1::1")


def test_new_names_do_not_help_and_a_class_behind_one_address_counts_as_a_class():
    shares = Shares(clock=lambda: 0.0)
    for number in range(int(CLASS)):
        shares.charge(Sender("school", str(number)), 1.0)
    shares.charge(Sender("home", "1"), 3.0)
    for number in range(200):
        shares.charge(Sender("hog", str(number)), 1.0)
    pupil, hog = Sender("school", "1"), Sender("hog", "another one")
    assert shares.had(pupil) < shares.had(Sender("home", "1")) < shares.had(hog)


def test_what_somebody_has_had_is_forgotten_and_so_are_those_who_had_little():
    now = 0.0
    shares = Shares(clock=lambda: now)
    shares.charge(A, 4.0)
    now = 3 * HALF_LIFE
    shares.charge(B, 1.0)
    assert shares.had(A) < shares.had(B)
    now = 1e6 * HALF_LIFE
    shares.charge(C, 1.0)
    assert 0 < shares.had(C) < 1e3
    for number in range(20_000):
        shares.charge(Sender("hog", str(number)), 1.0)
    assert len(shares._had) < 5_000
