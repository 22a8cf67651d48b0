"""Lists of numbers as lines of text, one entry a line, as people type them. No Streamlit here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

#: What a column holds: shares are typed in percent.
Unit = Literal["number", "share"]
#: More lines than this are nobody's table.
MOST_LINES = 1000
#: A value that is not given.
NOT_GIVEN = "-"

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?")
_SCALES = {"万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
#: What may stand between and beside numbers without meaning anything.
_FILLING = re.compile(r"(?:[\s,;:|/×x*=¥%元份倍分天代、→]|yuan)+", re.IGNORECASE)


class UnreadableError(ValueError):
    """A line that cannot be read: its number, from 1, and what it says."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line = line
        self.text = text


def read(text: str, columns: Sequence[Unit], *, least: int = 0) -> list[tuple[float | None, ...]]:
    """The rows of ``text``, one a line, each with at least ``least`` of the columns or all.

    Shares come back as fractions; ``-`` as None. Raises UnreadableError.
    """
    rows: list[tuple[float | None, ...]] = []
    for number, line in enumerate(text[:20_000].splitlines(), 1):
        if not line.strip():
            continue
        found = _values(line)
        if found is None or len(rows) >= MOST_LINES:
            raise UnreadableError(number, line)
        if len(found) != len(columns) and not (least and len(found) == least):
            raise UnreadableError(number, line)
        rows.append(
            tuple(
                None if value is None else value / 100 if unit == "share" else value
                for value, unit in zip(found, columns, strict=False)
            )
        )
    return rows


def read_one(text: str, unit: Unit) -> list[float]:
    """Numbers one after another, in any number of lines; raises UnreadableError."""
    found: list[float] = []
    for number, line in enumerate(text[:20_000].splitlines(), 1):
        values = _values(line)
        if values is None or None in values:
            raise UnreadableError(number, line)
        found += [
            value / 100 if unit == "share" else value for value in values if value is not None
        ]
    return found


def _values(line: str) -> list[float | None] | None:
    """The numbers of one line; None if anything else stands there."""
    plain = unicodedata.normalize("NFKC", line)
    found: list[float | None] = []
    at = 0
    while at < len(plain):
        number = _NUMBER.match(plain, at)
        if number is not None:
            at = number.end()
            scale = _SCALES.get(plain[at : at + 1], 1.0)
            at += scale != 1.0
            found.append(float(number[0]) * scale)
            continue
        if plain[at] in {NOT_GIVEN, "–", "—"} and not plain[at + 1 : at + 2].isdigit():
            found.append(None)
            at += 1
            continue
        filling = _FILLING.match(plain, at)
        if filling is None:
            return None
        at = filling.end()
    return found


def number(value: float, *, digits: int = 12) -> str:
    """A number as people type it: no exponent where it can be helped."""
    text = f"{value:.{digits}g}"
    if "e" not in text:
        return text
    plain = f"{value:.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.0f}"
    return plain if len(plain) <= 20 and float(plain) == value else text


def written(rows: Sequence[Sequence[float | None]], columns: Sequence[Unit]) -> str:
    """The other way round: rows as lines that :func:`read` gives back."""
    lines = []
    for row in rows:
        cells = [
            NOT_GIVEN
            if value is None
            else f"{number(value * 100)}%"
            if unit == "share"
            else number(value)
            for value, unit in zip(row, columns, strict=False)
        ]
        lines.append(", ".join(cells))
    return "\n".join(lines)
