"""How soon there are not enough people, if everybody needs a number of newcomers."""

from __future__ import annotations


def rounds(*, each: int, people: float) -> int:
    """The round that needs more than ``people`` members in all: one starts, each needs ``each``.

    After k rounds there are 1 + each + ... + each^k members. ``each`` is at least 2: with one
    newcomer for each there is no end to the rounds, only to the people.
    """
    if each < 2:
        raise ValueError(f"each: {each} is not allowed; allowed: 2 or more")
    members = newest = 1
    found = 0
    while members <= people:
        newest *= each
        members += newest
        found += 1
    return found
