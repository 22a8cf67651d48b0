"""What a mechanism says of whose money it was: one person's, and once orders stop."""

from __future__ import annotations

from model.asked.answers import answers
from model.asked.ending import Rule
from model.asked.person import Need
from model.result import Result
from view.words.format import count_short, significant, yuan
from view.words.words import Words


class Whose:
    """Asked of every mechanism, by its kind. By itself nothing is said."""

    #: What its pool is called in the books.
    account = ""
    #: Whether those who wait can sell, so that it matters who does so first.
    sells = False

    def uncounted(self, result: Result, w: Words) -> list[str]:
        """What it paid that where buyers stand does not count."""
        return []

    def need(self, result: Result, need: Need, w: Words, *, amount: str, orders: str) -> str:
        """What has to happen until one who waits is paid; ``orders``: how many more orders."""
        return ""

    def stopped(self, result: Result, rule: Rule, w: Words) -> list[str]:
        """What it can still pay once orders have stopped."""
        return []


def whose(kind: str) -> Whose:
    """Who speaks for the mechanisms of a kind."""
    return answers(Whose)[kind]


def money(x: float, lang: str) -> str:
    """Yuan for people, three digits at most below a thousand's cents."""
    return yuan(significant(x) if 0 < abs(x) < 0.01 else x, lang)


def heads(orders: float, lang: str) -> str:
    """So many people."""
    return count_short(round(orders), lang)
