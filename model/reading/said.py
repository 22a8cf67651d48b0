"""What is said of a number by itself: its time, what it is of, and whether it is no term."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from model.reading import around, words
from model.reading.base import Of, Per, Role
from model.reading.scan import Quantity
from model.reading.skeleton import Skeleton

#: What parts the items of a list.
SEPARATOR = re.compile(r"(?:[ 、,/|\ue000+和或及与;\n]|or|and|[v级档]|[A-Z](?=[A-Z ]))*")
#: What lies between says that it is money that comes back, and no price.
INCOME = re.compile(
    r"[返回得奖送赠领赚退补]|让利|让出|拿出|提取|抽|分红|收益|back|earn|receive|refund|you get|"
    r"bonus|reward"
)
_GIVES_YOU = re.compile(r"\b(?:received?|earns?|gets?|pays? you|back)[a-z ]{0,6} $")
_EARNED = re.compile(
    r"[赚领得返分入薪派产]|工资|收益|收入|补贴|earn|get|pays|receive|make|paid|salary|wage"
)
_LATER = re.compile(r"\b(?:later|more|new|further|next)\b|新人")
_TIMES = frozenset({"day", "week", "month", "hour"})
_EACH = frozenset({"order", "person"})


@dataclass
class Said:
    """What is said of one number."""

    role: Role | None = None
    reason: str = ""
    score: float = 0.0
    per: Per | None = None
    #: The word that says per what.
    time: str = ""
    of: Of | None = None
    blocked: bool = False
    #: Whether a verb of giving stands right before it: then it is no price.
    given: bool = False
    #: Whether 其中 stands before it: a part of the number before.
    part: bool = False
    #: What another number is the price of: the 100 points of 100 points = 1 yuan.
    base: bool = False
    #: The place of the number that it is worked out with, and as what: 满500返500.
    pair: tuple[int, Role] | None = None
    scores: dict[Role, tuple[float, str]] = field(default_factory=dict)

    def give(self, role: Role, score: float, reason: str) -> None:
        """Another word for a role: the best counts, a second a little."""
        before, word = self.scores.get(role, (0.0, ""))
        best = max((before, word), (score, reason))
        self.scores[role] = (best[0] + 0.2 * min(before, score), best[1])


def of_themselves(found: Skeleton, numbers: list[Quantity], families: frozenset[str]) -> list[Said]:
    """What each number says without the words of the tables, in their order."""
    all_said = [_alone(found, place) for place in found.at]
    for one, number, place in zip(all_said, numbers, found.at, strict=True):
        sign = found.text[place]
        if sign == "S":
            _of_a_share(one, families)
        elif sign == "Y":
            _of_a_sum(one, found.text[slice(*found.sentence(place))], families)
        else:
            _of_a_count(one, number, sign)
    _blocked_on(found, all_said)
    return all_said


def _alone(found: Skeleton, place: int) -> Said:
    one = Said(of=around.of(found, place), blocked=around.no_term(found, place))
    one.per, one.time = around.per(found, place)
    near = found.text[max(0, place - 2) : place]
    gives = _GIVES_YOU.search(found.text, max(0, place - 16), place)
    one.given = bool(gives or INCOME.search(near))
    one.part = found.text.endswith(("其中", "其中的", "of which "), 0, place)
    return one


def _of_a_share(one: Said, families: frozenset[str]) -> None:
    if one.time.endswith(("薪", "入")):
        one.per = None  # of a month's wage, not by the month
    if one.of == "concession":
        one.give("gift", 0.7, "让利额")
    if one.of == "turnover":
        one.give("share", 0.6, "营业额")
    elif one.per in _TIMES:
        one.give("rate", 0.8, one.time)
    if one.per == "year":
        one.give("rate", 0.5, one.time)
    if "agents first" in families:
        one.give("territory", 0.46, "代理")


def _of_a_sum(one: Said, sentence: str, families: frozenset[str]) -> None:
    if one.per in _TIMES and (_EARNED.search(sentence) or families & {"ads", "daily"}):
        one.give("pay", 0.5, one.time)
    if one.per in _EACH and words.RECRUITING & families and "lottery" not in families:
        one.give("recruit_sum", 0.5, "奖")
    if one.per == "order" and "ads" in families:
        one.give("pay", 0.52, "任务")


def _of_a_count(one: Said, number: Quantity, sign: str) -> None:
    if sign == "M" and not number.spelt:
        one.give("multiple", 0.46, "倍")
    if sign == "H" and _LATER.search(number.noun):
        one.give("newcomers", 0.8, "newcomers")
    if sign == "G" and number.value >= (3 if number.spelt else 2):
        one.give("levels", 0.5, "代")


def _blocked_on(found: Skeleton, all_said: list[Said]) -> None:
    """A list that is negated is so to its end: not 3x, 5x."""
    for i in range(1, len(all_said)):
        gap = found.text[found.at[i - 1] + 1 : found.at[i]]
        same = found.text[found.at[i - 1]] == found.text[found.at[i]]
        if all_said[i - 1].blocked and same and SEPARATOR.fullmatch(gap):
            all_said[i].blocked = True
