"""Oracles for the recruitment tree: plain loops over members and days, written from the rules.

Nothing here knows levels, sorted members or differences between teams: whoever is above somebody is
found by walking up, one recruiter after the other. Lists are by member, numbers are plain floats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

Stars = Sequence[tuple[float, float]]


def uplines(recruiter: Sequence[int], member: int) -> Iterator[int]:
    """Everybody above, the recruiter first."""
    while recruiter[member] >= 0:
        member = recruiter[member]
        yield member


def grow(members: int, *, seed: int, founders: int, pull: float) -> list[int]:
    """The tree drawn one member after the other, from the same bits of the same generator."""
    bits = np.random.PCG64(seed)
    recruiter: list[int] = []
    for member in range(members):
        first, second = (
            (int(bits.random_raw()) >> 11) / 2**53,
            (int(bits.random_raw()) >> 11) / 2**53,
        )
        if member < founders:
            recruiter.append(-1)
            continue
        # Every earlier member once, and with pull once more for each recruit.
        urn = list(range(member))
        if first < pull:
            urn += [above for above in recruiter if above >= 0]
        recruiter.append(urn[int(second * len(urn))])
    return recruiter


def generation(recruiter: Sequence[int], amount: Sequence[float], number: int) -> list[float]:
    """Sum of the amounts of those so many steps below."""
    total = [0.0] * len(recruiter)
    for member in range(len(recruiter)):
        for steps, above in enumerate(uplines(recruiter, member), start=1):
            if steps == number:
                total[above] += amount[member]
    return total


def team(recruiter: Sequence[int], amount: Sequence[float]) -> list[float]:
    """Sum of the amounts of everybody below."""
    total = [0.0] * len(recruiter)
    for member in range(len(recruiter)):
        for above in uplines(recruiter, member):
            total[above] += amount[member]
    return total


def star(sales: float, stars: Stars) -> float:
    """The rate of the highest star reached."""
    return max((rate for least, rate in stars if sales >= least), default=0.0)


@dataclass
class Paid:
    """What each member got, yuan."""

    base: list[float]
    accelerated: list[float]
    stars: list[float]


def play(
    recruiter: Sequence[int],
    joined: Sequence[int],
    *,
    price: Sequence[float],
    credit: Sequence[float],
    daily: Sequence[float],
    acceleration: Sequence[float],
    stars: Stars,
    ticks: int,
    factor: Sequence[float] | None = None,
) -> Paid:
    """Day after day, the newest member first: recruits are settled before who recruited them."""
    members = len(recruiter)
    left = list(credit)
    paid = Paid([0.0] * members, [0.0] * members, [0.0] * members)
    for tick in range(1, ticks + 1):
        share = 1.0 if factor is None else factor[tick - 1]
        sales = team(recruiter, [price[m] if joined[m] < tick else 0.0 for m in range(members)])
        rate = [star(amount, stars) for amount in sales]
        faster, income = [0.0] * members, [0.0] * members
        for member in reversed(range(members)):
            base = daily[member] * share if joined[member] < tick else 0.0
            due = base + faster[member] + income[member]
            cut = min(1.0, left[member] / due) if due > 0 else 0.0
            base *= cut
            paid.base[member] += base
            paid.accelerated[member] += faster[member] * cut
            paid.stars[member] += income[member] * cut
            left[member] -= due * cut
            highest = 0.0
            for steps, above in enumerate(uplines(recruiter, member)):
                if steps < len(acceleration):
                    faster[above] += acceleration[steps] * base
                income[above] += max(0.0, rate[above] - highest) * base
                highest = max(highest, rate[above])
    return paid


def pots(rank: Sequence[int], *, amount: float, count: int) -> list[float]:
    """Each pot shared out by itself."""
    got = [0.0] * len(rank)
    for pot in range(1, count + 1):
        partners = [member for member, held in enumerate(rank) if held >= pot]
        for member in partners:
            got[member] += amount / count / len(partners)
    return got
