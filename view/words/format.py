"""Numbers as people read them, per language: money, shares, counts, odds, multiples and time.

Everything is rounded for a reader, not for a ledger, by the rule of ``model.rounding``: a table
that must add up shows the exact figures of the model instead. What is not a number reads "—".
"""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from model import rounding
from view.words.words import words

NOTHING: Final = "—"
MINUS: Final = "−"
_DAYS_A_MONTH: Final = 365.25 / 12
_DAYS_A_YEAR: Final = 365.25
#: From here on a number is a power of ten: nobody reads so many digits, and Babel refuses more.
_POWERS: Final = 1e18
#: Nobody waits so many years: more of them are not told apart.
_AGES: Final = 1000
#: Decimals at most, of a percentage and of a factor.
_MOST: Final = 4
#: From here on a percentage is whole.
_WHOLE: Final = 1000.0
_ENGLISH_UNITS: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_CHINESE_UNITS: Final = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
_TRADITIONAL_UNITS: Final = ((1e12, "兆"), (1e8, "億"), (1e4, "萬"))
_UNITS: Final = {"en": _ENGLISH_UNITS, "zh-Hans": _CHINESE_UNITS, "zh-Hant": _TRADITIONAL_UNITS}


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(lang, sep="-")


@lru_cache(maxsize=2048)
def _decimal(x: float, lang: str, most: int = 0, least: int = 0) -> str:
    """``x`` with between ``least`` and ``most`` decimals and grouped thousands."""
    if abs(x) >= _POWERS:
        return _power(x)
    pattern = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    return format_decimal(rounding.rounded(x, most), format=pattern, locale=_locale(lang))


def _power(x: float) -> str:
    """A number too long to write out: ``1.54 × 10¹⁵⁰``."""
    digits, _, power = f"{x:.2e}".partition("e")
    raised = str(int(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits.rstrip('0').rstrip('.')} × 10{raised}"


def significant(x: float, digits: int = 3) -> float:
    """``x`` rounded to so many significant digits."""
    return x if x == 0 else float(rounding.rounded(x, digits - 1 - math.floor(math.log10(abs(x)))))


def _signed(x: float, text: str) -> str:
    """The text of ``abs(x)`` with its sign before it, unless it was rounded to nothing."""
    return MINUS + text if x < 0 and re.search("[1-9]", text) else text


def _readable(x: float) -> bool:
    return math.isfinite(x)


def _small(x: float) -> int:
    """Decimals that leave two significant digits of a number under 1, at most five."""
    return 2 if x == 0 else min(5, max(2, 1 - math.floor(math.log10(x))))


def yuan(x: float, lang: str) -> str:
    """Money: ``¥97.77``, whole when it is whole or at least ¥1,000: ``¥960``, ``¥24,000``."""
    if not _readable(x):
        return NOTHING
    size = abs(x)
    places = 0 if size >= 999.995 else _small(size)
    whole = places == 0 or rounding.rounded(size, places) == rounding.rounded(size, 0)
    text = _decimal(size, lang) if whole else _decimal(size, lang, places, 2)
    return _signed(x, "¥" + text)


def fen(n: int, lang: str) -> str:
    """Money in hundredths of a yuan, to the last one: ``¥423``, ``¥28,800.53``."""
    text = _decimal(abs(n) / 100, lang, 2, 2) if n % 100 else _decimal(abs(n) // 100, lang)
    return _signed(n, "¥" + text)


def yuan_short(x: float, lang: str) -> str:
    """Large sums in words: ``¥24 million``, ``¥2.4 万``; small ones as :func:`yuan`."""
    short = _short(abs(x), lang) if _readable(x) else None
    return yuan(x, lang) if short is None else _signed(x, "¥" + short)


def yuan_places(x: float, places: int, lang: str) -> str:
    """Large sums with so many places of their unit: ``¥48.00 million``, ``¥4800 万``.

    For figures that are compared with published ones; Chinese drops noughts at the end.
    """
    if not _readable(x):
        return NOTHING
    size = abs(x)
    for scale, name in _UNITS[lang]:
        if size >= scale:
            least = places if lang == "en" else 0
            return _signed(x, f"¥{_decimal(size / scale, lang, places, least)} {name}")
    return yuan(x, lang)


def _short(size: float, lang: str) -> str | None:
    """A number of at least 10,000 to three significant digits, else nothing."""
    if size < 9_999.5:
        return None
    rounded = significant(size)
    if rounded >= _POWERS:
        return _power(rounded)
    for scale, name in _UNITS[lang]:
        if rounded >= scale:
            return f"{_decimal(rounded / scale, lang, 2)} {name}"
    return _decimal(rounded, lang)


def _places(x: float, near: float) -> int:
    """Decimals a reader needs of ``x``, at most :data:`_MOST`.

    All of a number that has few, because it was set or follows from one that was; of any other
    three significant digits, and two of its distance from ``near`` so that it does not read as it.
    """
    short = round(x, _MOST)
    # What is left after a few operations on short numbers is noise.
    if abs(x - short) <= 1e-12 * max(abs(x), 1.0):
        return next(n for n in range(_MOST + 1) if round(x, n) == short)
    least = max(0, 2 - math.floor(math.log10(abs(x))))
    apart = abs(x - near)
    if apart:
        least = max(least, 1 - math.floor(math.log10(apart)))
    return min(_MOST, least)


def percent(share: float, lang: str) -> str:
    """A fraction as a percentage: ``16%``, ``2.55%``, ``99.96%``, ``<0.0001%``.

    What was set is never shortened: beside its exact product a rounded factor is wrong. What was
    worked out has three significant digits, and more where it would read as nought or as all.
    """
    if not _readable(share):
        return NOTHING
    size = abs(share) * 100
    least = 10.0**-_MOST
    if 0 < size < least * (1 - 1e-9):
        return f"{'' if share > 0 else MINUS}<{_decimal(least, lang, _MOST)}%"
    text = _decimal(size, lang, _places(size, 100.0) if size < _WHOLE else 0)
    if text == "100" and size != 100:
        text = f"<{text}" if size < 100 else f">{text}"
    return _signed(share, text + "%")


def count(n: float, lang: str) -> str:
    """A whole number with its thousands apart: ``1,234``."""
    return _signed(n, _decimal(abs(n), lang)) if _readable(n) else NOTHING


@lru_cache(maxsize=1024)
def count_short(n: float, lang: str) -> str:
    """A number people can hold: ``24,000`` or ``2.4 万``, ``12 million`` or ``1200 万``."""
    if not _readable(n):
        return NOTHING
    short = _short(abs(n), lang)
    return count(n, lang) if short is None else _signed(n, short)


def quantity(n: float, lang: str, *, short: bool = False) -> str:
    """A number that need not be whole, such as orders a day: ``0.149``, ``14.5``, ``1,234``.

    From 100 on it is whole, with ``short`` in words; below it has three significant digits, all of
    what was set, so that it never reads as nought or as its neighbour.
    """
    if not _readable(n):
        return NOTHING
    if abs(n) >= 100:
        return count_short(n, lang) if short else count(n, lang)
    return _signed(n, factor(abs(n), lang, near=0.0))


def factor(x: float, lang: str, *, near: float = 1.0) -> str:
    """A number to multiply or divide by: ``7.25``, ``0.0123``; never one that reads as ``near``."""
    if not _readable(x):
        return NOTHING
    size = abs(x)
    if 0 < size < 10.0**-_MOST:
        return _signed(x, f"<{_decimal(10.0**-_MOST, lang, _MOST)}")
    return _signed(x, _decimal(size, lang, _places(size, near) if size < _WHOLE else 0))


def _joined(text: str) -> str:
    """Chinese sets a figure apart from a word, but not 万 from the word after it."""
    return re.sub("(?<=[万亿萬億兆]) (?=[人倍])", "", text)


def heads(k: float, lang: str) -> str:
    """How many there are for each one: ``334``, ``8.4``; rounded once."""
    size = max(k, 1.0)
    rounded = significant(size)
    return count_short(rounded, lang) if rounded >= 10 else _decimal(size, lang, 1)


def one_in(k: float, lang: str) -> str:
    """Odds as heads: ``1 in 334``, ``334 人中 1 人``. ``k`` is how many there are for each one."""
    if not _readable(k) or k <= 0:
        return NOTHING
    return _joined(words(lang)("format.one_in", k=heads(k, lang)))


def everybody(k: float) -> bool:
    """Whether one in ``k``, as it would be written, is everybody."""
    return _readable(k) and significant(max(k, 1.0)) <= 1


def odds(k: float, lang: str) -> str:
    """What stands behind so many of so many: ``1 in 334``, or that it is all of them."""
    return words(lang)("format.every") if everybody(k) else one_in(k, lang)


@lru_cache(maxsize=1024)
def multiple(x: float, lang: str) -> str:
    """A factor: ``1.2×``, ``1.2 倍``."""
    if not _readable(x):
        return NOTHING
    size = abs(x)
    text = count_short(significant(size), lang) if size >= 100 else factor(size, lang)
    return _joined(words(lang)("format.multiple", x=_signed(x, text)))


def days(n: float, lang: str) -> str:
    """A stretch of time as people say it: days below 60, months below two years, then years."""
    if not _readable(n):
        return NOTHING
    size = abs(n)
    if size > _AGES * _DAYS_A_YEAR:
        return words(lang)("format.ages", n=_decimal(_AGES, lang))
    if size < 60:
        value, unit, places = size, "day", 0 if size >= 9.95 else 1
    elif size < 2 * _DAYS_A_YEAR:
        value, unit, places = size / _DAYS_A_MONTH, "month", 0
    else:
        value, unit, places = size / _DAYS_A_YEAR, "year", 0 if size >= 10 * _DAYS_A_YEAR else 1
    rounded = float(rounding.rounded(value, places))
    rounded = significant(rounded) if value >= 1000 else rounded
    amount = int(rounded) if rounded == int(rounded) else rounded
    # Babel 2.18 has no patterns for Chinese durations that it can find, so they are our words.
    text = words(lang)(f"format.{unit}s", n=_decimal(amount, lang, 1))
    return _signed(n, text)


def date(day: dt.date, lang: str) -> str:
    """A day of the calendar: ``March 1, 2026``, ``2026 年 3 月 1 日``."""
    return _spaced(format_date(day, format="long", locale=_locale(lang)))


def month(day: dt.date, lang: str) -> str:
    """A month of the calendar: ``March 2026``, ``2026 年 3 月``."""
    return _spaced(str(format_skeleton("yMMMM", day, locale=_locale(lang))))


def _spaced(date_: str) -> str:
    """As all our Chinese is written: digits stand apart from characters."""
    return re.sub(r"(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)", " ", date_)
