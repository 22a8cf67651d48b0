"""Numbers with their unit, currency and both ends: what stands there, not yet what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from model.reading import units
from model.reading.base import Unit
from model.reading.numerals import Token, tokens


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number with its unit; ``bare`` if none is named (then ``unit`` is count until it is known).

    ``noun`` is what is counted, in the words of the text (人, 代, rounds) or nothing.
    """

    start: int
    end: int
    value: float
    low: float
    high: float
    unit: Unit
    currency: str = "CNY"
    noun: str = ""
    bare: bool = False
    spelt: bool = False


#: Words that are a number and say what it is: 全额返还, 半价.
_NOUNS_OF_WORDS: dict[tuple[float, Unit], str] = {(1.0, "multiple"): "whole", (0.5, "share"): "折"}


def quantities(text: str) -> list[Quantity]:
    """Every number of the text, in its order, none over another."""
    taken = bytearray(len(text))
    found: list[Quantity] = []

    def take(one: Quantity) -> None:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            found.append(one)

    for one in _dates(text):
        take(one)
    for one in _wholes(text):
        take(one)
    free = [token for token in tokens(text) if not any(taken[token.start : token.end])]
    for one in _paired(text, free):
        take(one)
    for one in _sized(text, [token for token in free if not any(taken[token.start : token.end])]):
        take(one)
    for one in _words(text):
        take(one)
    found.sort(key=lambda one: one.start)
    found = [_as_money(text, one) for one in _siblings(text, found) if not _each(text, one)]
    return list(_in_tables(text, found))


def _one(start: int, end: int, value: float, unit: Unit, **more: object) -> Quantity:
    whole = Quantity(start=start, end=end, value=value, low=value, high=value, unit=unit)
    return replace(whole, **more)  # type: ignore[arg-type]


def _dates(text: str) -> Iterator[Quantity]:
    """Dates, times of day and anniversaries; their value is the first number in them."""
    for match in units.DATES.finditer(text):
        first = next(iter(tokens(match[0])), None)
        yield _one(*match.span(), first.value if first else 0.0, "date")


def _wholes(text: str) -> Iterator[Quantity]:
    """Numbers whose form says what they are: 1:1, 万5, 日息一分, 三出一, t+1."""
    for name, pattern in units.FORMS:
        for match in pattern.finditer(text):
            start, end = match.span("n")
            read = tokens(match["n"])
            if len(read) != 1:
                continue
            value, unit, noun = units.formed(name, read[0].value)
            if name in {"days", "ratio"}:
                start, end = match.span()
            yield _one(start, end, value, unit, noun=noun)


def _paired(text: str, free: list[Token]) -> Iterator[Quantity]:
    """百分之五, 三分之一, 1/3."""
    for first, second in pairwise(free):
        between = text[first.end : second.start]
        if between.strip() == "分之" and first.value:
            share = round(second.value / first.value, 12)
            yield _one(first.start, second.end, share, "share")
        elif between == "/" and units.small_fraction(text, first, second):
            yield _one(first.start, second.end, first.value / second.value, "share")


def _sized(text: str, free: list[Token]) -> Iterator[Quantity]:
    """Numbers with a unit in front or behind, two as a range where a dash parts them."""
    skip = False
    for i, token in enumerate(free):
        other = free[i + 1] if i + 1 < len(free) else None
        if skip:
            skip = False
            continue
        merged = _range(text, token, other) if other else None
        if merged is not None:
            skip = True
            yield merged
            continue
        one = _alone(text, token)
        if one is not None:
            yield one


def _range(text: str, first: Token, second: Token) -> Quantity | None:
    """Both ends as one, if a dash or word parts them and the second has a unit."""
    gap = units.RANGE.fullmatch(text, first.end, second.start)
    if gap is None:
        return None
    if (
        gap[0].strip().endswith("and")
        and "between" not in text[max(0, first.start - 10) : first.start]
    ):
        return None
    high = _alone(text, second)
    if high is None:
        return None
    low = _alone(text, first)
    if low is None:
        low = _one(first.start, first.end, first.value, "count", bare=True)
    if high.bare and not low.bare:
        high = _like(high, low)
    if not low.bare and (low.unit, low.currency) != (high.unit, high.currency):
        return None
    least = low.value if not low.bare else _like(low, high, text[high.start : high.end]).value
    if least > high.value:
        return None
    return replace(high, start=low.start, value=least, low=least, high=high.value)


def _alone(text: str, token: Token) -> Quantity | None:
    """One number with its unit, or a bare one; None for what is none (v1, 5g, 一起)."""
    behind = units.prefix(text, token)
    if behind is not None:
        start, unit, currency = behind
        end = units.after_money(text, token.end)
        return _one(start, end, token.value, unit, currency=currency)
    if units.glued(text, token):
        return None
    sized = units.suffix(text, token)
    if sized is not None:
        end, value, unit, currency, noun = sized
        return _one(token.start, end, value, unit, currency=currency, noun=noun, spelt=token.spelt)
    if units.NUMBERING.match(text, token.end) and not text[: token.start].rpartition("\n")[2].strip(
        " -*•·"
    ):
        return None
    if token.spelt and (token.value < 100 or token.end - token.start < 2):
        return None
    if token.spelt and not units.MONEY_VERB.search(text[max(0, token.start - 6) : token.start]):
        return None
    return _one(token.start, token.end, token.value, "count", bare=True, spelt=token.spelt)


def _words(text: str) -> Iterator[Quantity]:
    """Numbers that are words: 翻倍, 全额返还, 半价, 次日到账."""
    for pattern, value, unit in units.WORDS:
        for match in pattern.finditer(text):
            noun = _NOUNS_OF_WORDS.get((value, unit), "") if match[0] != "一半" else ""
            yield _one(*match.span(), value, unit, noun=noun, spelt=True)


def _as_money(text: str, one: Quantity) -> Quantity:
    """A bare number behind a verb of paying is a sum: 充1000送3000."""
    before = text[max(0, one.start - 10) : one.start]
    follows = units.AFTER_SUM.match(text, one.end)
    if not one.bare or one.high < 5:
        return one
    if units.POINTS_BEFORE.search(before):
        return replace(one, unit="points", bare=False)
    sum_ = (follows and units.MONEY_VERB.search(before)) or units.SUM_BY_WHAT_FOLLOWS.match(
        text, one.end
    )
    if sum_ or units.IN_TENS_OF_THOUSANDS.search(text[one.start : one.end]):
        return replace(one, unit="money", bare=False)
    return one


def _in_tables(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Bare numbers of a column in the unit that its heading names."""
    headings: list[str] = []
    start = -1
    for one in found:
        at = text.rfind("\n", 0, one.start) + 1
        if at != start:
            start = at
            above = text[text.rfind("\n", 0, max(0, at - 1)) + 1 : max(0, at - 1)]
            cells = units.CELLS.split(above)
            if len(cells) > 1 and not re.search(r"\d", above) and set(above) - set("|-: \t"):
                headings = cells
        cell = len(units.CELLS.findall(text[start : one.start]))
        yield _headed(one, headings[cell]) if one.bare and cell < len(headings) else one


def _headed(one: Quantity, heading: str) -> Quantity:
    for pattern, unit, scale in units.HEADINGS:
        if pattern.search(heading):
            value = round(one.value * scale, 12)
            return replace(one, value=value, low=value, high=value, unit=unit, bare=False)
    return one


def _each(text: str, one: Quantity) -> bool:
    """一天, 一人, 一单: not a number but of what another one is, unless one head wins."""
    if one.spelt and one.value <= 1 and text[one.end - 1] == "钱":
        return True
    if not one.spelt or one.value != 1 or one.unit not in {"days", "count"}:
        return False
    if text[one.start] != "一":
        if one.unit == "days":
            return False
        return not units.WINS.match(text, one.end)
    return units.each(text, one.start, one.end)


def _like(bare: Quantity, other: Quantity, surface: str = "") -> Quantity:
    """A bare number in the unit of its neighbour: 500 of "500 or 2000 yuan", 3 of "3-5%"."""
    scale = units.scale_of(surface) if surface else 1.0
    value = round(bare.value * scale, 12)
    return replace(
        bare, value=value, low=value, high=value, unit=other.unit, currency=other.currency,
        noun=other.noun, bare=False,
    )  # fmt: skip


def _siblings(text: str, found: list[Quantity]) -> list[Quantity]:
    """Bare numbers of a list take the unit of its last: 500/2000/6000 yuan."""
    for i in range(len(found) - 2, -1, -1):
        one, after = found[i], found[i + 1]
        if not one.bare or after.bare or after.unit in {"date", "ordinal"}:
            continue
        gap = text[one.end : after.start]
        large = units.IN_TENS_OF_THOUSANDS.search(text[one.start : one.end])
        if units.LIST.fullmatch(gap) and not (large and after.unit in {"share", "multiple"}):
            found[i] = _like(one, after, text[after.start : after.end])
    return found
