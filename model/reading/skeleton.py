"""The text with one letter in the place of each number, so that words and numbers can be matched.

No capital letter is left in the text as read, so each stands for a number only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from model.reading.plain import COMMA
from model.reading.scan import Quantity

_LETTERS = {
    "share": "S", "multiple": "M", "money": "Y", "points": "P", "days": "D", "ordinal": "O",
    "date": "T",
}  # fmt: skip
_GENERATIONS = re.compile(r"代|层|级|level|generation|tier|layer")
_ROUNDS = re.compile(r"轮|期|round|cycle|instal|payment")
_HEADS = re.compile(
    r"人|单|名|位|席|会员|友|客户|用户|消费者|粉丝|家|out|bring|group|winners|people|person|"
    r"friend|order|"
    r"buyer|customer|member|recruit|newcomer|winner|user|referral|partner|investor|shopper|particip"
)
#: What ends a sentence: nothing reaches over it.
HARD = re.compile(r"[。;!?\n\r]|(?<!min)(?<!max)(?<!approx)\.(?=\s|$)")
#: What parts clauses: words reach over it, but less.
_SOFT = re.compile(
    rf"[,、(){COMMA}\[\]【】<>《》\"“”|\t\x00•·★✅→]|(?<=[^\x00-\x7f]) |"
    rf"(?<=[A-Z]) (?=[^\x00-\x7fA-Z])"
)


@dataclass(frozen=True)
class Skeleton:
    """``text`` with a letter a number; ``at`` where each stands; ``hard``, ``soft``: the breaks."""

    text: str
    at: tuple[int, ...]
    hard: tuple[int, ...]
    soft: tuple[int, ...]

    def sentence(self, place: int) -> tuple[int, int]:
        """Start and end of the sentence around a place."""
        i = bisect_right(self.hard, place)
        start = self.hard[i - 1] + 1 if i else 0
        return start, self.hard[i] if i < len(self.hard) else len(self.text)

    def clause(self, place: int) -> tuple[int, int]:
        """Start and end of the clause around a place."""
        start, end = self.sentence(place)
        i = bisect_right(self.soft, place)
        if i and self.soft[i - 1] >= start:
            start = self.soft[i - 1] + 1
        if i < len(self.soft) and self.soft[i] < end:
            end = self.soft[i]
        return start, end

    def line(self, place: int) -> tuple[int, int]:
        """Start and end of the line around a place."""
        end = self.text.find("\n", place)
        return self.text.rfind("\n", 0, place) + 1, end if end >= 0 else len(self.text)


def letter(one: Quantity) -> str:
    """The letter of a number, by its unit and by what it counts."""
    if one.bare:
        return "B"
    if one.unit in _LETTERS:
        return _LETTERS[one.unit]
    for sign, pattern in (("G", _GENERATIONS), ("R", _ROUNDS), ("H", _HEADS)):
        if pattern.search(one.noun):
            return sign
    return "N"


def skeleton(text: str, numbers: list[Quantity]) -> Skeleton:
    """The text with its numbers replaced; ``numbers`` in order, none over another."""
    # What is a capital letter all the same can be no number.
    text = re.sub("[A-Z]", "_", text)
    parts, at, length, last = [], [], 0, 0
    for one in numbers:
        parts += [text[last : one.start], letter(one)]
        length += one.start - last
        at.append(length)
        length += 1
        last = one.end
    parts.append(text[last:])
    whole = "".join(parts)
    return Skeleton(
        whole,
        tuple(at),
        tuple(match.start() for match in HARD.finditer(whole)),
        tuple(match.start() for match in _SOFT.finditer(whole)),
    )
