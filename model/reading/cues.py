"""The words around a number, over its line and over its column, weighed for each role."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from model.reading import words
from model.reading.base import Role
from model.reading.said import INCOME, Said
from model.reading.search import places
from model.reading.skeleton import Skeleton

#: Farther than so many signs no word speaks for a number.
_REACH = 60
#: What the heading over a line, the words before its colon, and the heading of a column weigh.
HEADING, LABEL, COLUMN = 0.5, 0.75, 1.0
_PIECES = re.compile(
    r"(?<=[^\x00-\x7f]) |(?<=[A-Z]) (?=[^\x00-\x7f])|[^\x00-\x7f]|[a-z']+|[A-Z]|[,()|\t]"
)
_COMMAS = frozenset(",\ue000、()\t")
#: What a comma costs between a word and its number, in front and behind: what somebody brings is
#: often said a clause before what one gets for it, a list price never.
_COMMA: dict[Role, float] = {
    "commission": 1.5, "recruit_sum": 1.5, "list_price": 14.0, "goods": 14.0, "deposit": 8.0,
    "fee_sum": 8.0, "price": 6.0, "gift": 6.0, "discount": 9.0,
}  # fmt: skip
_COMMA_ELSE, _COMMA_BEHIND = 4.0, 10.0
_RECRUITING = frozenset({"commission", "recruit_sum"})


@dataclass(frozen=True)
class Found:
    """A word of the tables where it stands, with all that it may speak for."""

    start: int
    end: int
    cues: tuple[words.Cue, ...]


_BY_WORD: dict[str, tuple[words.Cue, ...]] = {
    word: tuple(cue for cue in words.CUES if cue.word == word)
    for word in {cue.word for cue in words.CUES} | set(words.NEUTRAL)
}


def cues(text: str) -> list[Found]:
    """Every cue of the text in its order, none inside a longer word of the tables."""
    spans = [
        Found(at, at + len(word), speaking)
        for word, speaking in _BY_WORD.items()
        for at in places(text, word)
    ]
    spans.sort(key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    furthest = 0
    for one in spans:
        if one.end > furthest:
            kept.append(one)
            furthest = one.end
    return [one for one in kept if one.cues]


@dataclass(frozen=True)
class _Gap:
    """What lies between a word and a number: how many signs, commas and heads."""

    behind: bool
    signs: float
    commas: int
    heads: int
    income: bool

    def near(self, role: Role) -> float:
        """How much of a word's weight is left over the gap."""
        comma = _COMMA_BEHIND if self.behind else _COMMA.get(role, _COMMA_ELSE)
        heads = 3.5 * self.heads if role in _RECRUITING else 0.0
        return 1 / (1 + (self.signs + comma * self.commas - heads) / 4)


def _gap(text: str, *, behind: bool) -> _Gap:
    signs, commas = 0.0, 0
    for piece in _PIECES.findall(text):
        if piece in _COMMAS or (piece == "|" and behind):
            commas += 1
        elif piece == " ":
            signs += 6.0 if behind else 2.0
        elif piece.isupper():
            signs += 5.0
        else:
            signs += 1.0 if piece.isascii() else 0.9
    return _Gap(behind, signs, commas, text.count("H"), bool(INCOME.search(text)))


def by_words(found: Skeleton, all_said: list[Said], spoken: list[Found]) -> None:
    """Weigh the words of each number's own sentence."""
    starts = [cue.start for cue in spoken]
    for one, place in zip(all_said, found.at, strict=True):
        start, end = found.sentence(place)
        first = bisect_left(starts, max(start, place - _REACH))
        for cue in spoken[first : bisect_left(starts, min(end, place + _REACH))]:
            behind = cue.start > place
            between = slice(place + 1, cue.start) if behind else slice(cue.end, place)
            gap = _gap(found.text[between], behind=behind)
            for one_cue in _speaking(cue, one, found.text[place]):
                if one_cue.role == "price" and gap.income and not behind:
                    continue
                weight = one_cue.after if behind else one_cue.before
                one.give(one_cue.role, weight * gap.near(one_cue.role), one_cue.word)


def _speaking(cue: Found, one: Said, sign: str) -> Iterator[words.Cue]:
    return (each for each in cue.cues if sign in each.units and _allowed(each, one, sign))


_CAPS = frozenset(["上限", "封顶", "最高", "最多", "不超过", "max"]) | {"up to"}
#: Prices that are paid by the month.
_SUBSCRIBED = frozenset(
    ["membership", "会费", "年费", "租金", "月租", "房租", "学费", "plan", "套餐"]
)


def _allowed(cue: words.Cue, one: Said, sign: str) -> bool:
    """Whether a word may speak for its role here."""
    if cue.role in {"multiple", "gift"} and sign == "S":
        return one.per is None or one.per in {"once", "order", "person"}
    if cue.role == "rate" and cue.before < 1.0:
        return one.per in {"day", "week", "month", "year", "hour"}
    if cue.role == "daily_cap" and cue.word in _CAPS:
        return one.per in {"day", "week", "month"}
    if cue.role == "pay" and cue.before < 1.0:
        return one.per is not None
    if cue.role == "price":
        return one.per not in {"day", "week", "month", "hour"} or cue.word in _SUBSCRIBED
    return True


#: A heading names the offer more often than what its numbers are.
_NOT_BY_HEADINGS = frozenset(
    [
        "pay",
        "platform_fee",
        "gain",
        "markup",
        "multiple",
        "term",
        "consolation",
        "group",
        "rounds",
        "cashback",
        "newcomers",
        "gift",
        "goods",
    ]
)


def by_headings(found: Skeleton, all_said: list[Said], spoken: list[Found]) -> None:
    """Weigh the words of the heading over a line, before its colon, and over a column."""
    heading: tuple[int, int] | None = None
    columns: list[tuple[int, int]] = []
    start = 0
    for line in found.text.split("\n"):
        end = start + len(line)
        mine = [i for i, place in enumerate(found.at) if start <= place < end]
        cells = _cells(line, start)
        if not mine:
            heading, columns = _over(line, start, cells, heading, columns)
        for i in mine:
            spans = [(heading, HEADING)] if heading else []
            spans += _beside(line, start, found.at[i], cells, columns)
            for span, weight in spans:
                _from_heading(found, i, all_said[i], spoken, span, weight)
        start = end + 1


def _over(
    line: str,
    start: int,
    cells: list[tuple[int, int]],
    heading: tuple[int, int] | None,
    columns: list[tuple[int, int]],
) -> tuple[tuple[int, int] | None, list[tuple[int, int]]]:
    """The heading and the columns that hold below a line without numbers."""
    plain = line.strip(" -*•·:【】[]#=")
    if len(cells) > 1:
        return heading, columns if set(line) <= set("|-: ") else cells
    if plain and (_short(plain) or line.rstrip().endswith(":")):
        return (start, start + len(line)), []
    return None, []


def _beside(
    line: str, start: int, place: int, cells: list[tuple[int, int]], columns: list[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], float]]:
    """What stands before the colon of the line, and over the number's column."""
    label = line.find(":")
    if 0 < label < place - start and _short(line[:label]):
        yield (start, start + label), LABEL
    k = next((k for k, cell in enumerate(cells) if cell[0] <= place < cell[1]), 0)
    if len(cells) > 1 and k < len(columns):
        yield columns[k], COLUMN


def _short(text: str) -> bool:
    """Whether it is short enough for a heading: sixteen signs, or six words in letters."""
    return len(re.sub(r"[\x00-\x7f]", "", text)) + 2.5 * len(re.findall("[a-z]+", text)) <= 16


def _cells(line: str, start: int) -> list[tuple[int, int]]:
    return [(start + match.start(), start + match.end()) for match in re.finditer(r"[^|\t]+", line)]


def _from_heading(
    found: Skeleton, i: int, one: Said, spoken: list[Found], span: tuple[int, int], weight: float
) -> None:
    for cue in spoken:
        if span[0] <= cue.start and cue.end <= span[1]:
            for each in _speaking(cue, one, found.text[found.at[i]]):
                if each.role not in _NOT_BY_HEADINGS and len(each.word) > 1:
                    one.give(each.role, weight * max(each.before, each.after), each.word)
