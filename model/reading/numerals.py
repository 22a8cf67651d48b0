"""Numbers without their unit: digits, Chinese numerals, both, and a few English words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from model.reading.plain import COMMA

#: More numbers than this are not looked at.
MOST = 400

_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_DIGITS |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_ONES = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        range(1, 10),
        strict=True,
    )
)
_TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_DECADES = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_ENGLISH = {**_ONES, **_TEENS, **_DECADES}
_FACTORS = {
    "十": 10, "百": 100, "千": 1e3, "仟": 1e3, "佰": 100, "万": 1e4, "w": 1e4, "亿": 1e8, "k": 1e3,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "hundred": 100, "m": 1e6, "lakh": 1e5,
    "lakhs": 1e5, "crore": 1e7, "crores": 1e7,
}  # fmt: skip

_D = "".join(_DIGITS)
_C = f"{_D}{''.join(_TENS)}{''.join(_LARGE)}"
#: What makes a number a vague one: 几百, 十几, 数千, 上万.
_VAGUE = "几数"
_TOKEN = re.compile(
    r"(?P<arabic>(?<![\d.])(?:"
    rf"\d{{1,3}}(?:,\d{{3}}){{1,4}}(?![\d])|\d{{1,3}}(?:{COMMA}000){{1,3}}(?!\d)"
    r"|\d{1,3}(?: \d{3}){1,3}(?! ?\d)|\d{1,3},\d{1,2}(?= ?[%元块倍])|\d{1,12}(?!\d))"
    r"(?:\.\d{1,8})?(?![.]?\d))"
    r"(?P<factor> ?(?:[十百千仟佰]?[万亿]|[百千仟佰]|w(?![a-z])|k(?![a-z])|"
    r"(?:thousand|million|billion|hundred|lakhs?|crores?)\b)(?P<rest>\d{1,4}(?![\d.])[千百]?)?)?"
    rf"|(?P<chinese>[{_C}{_VAGUE}]{{1,16}}(?:点[{_D}]{{1,6}})?)|(?P<half>半(?=年|个月|个多月|"
    rf"月|天|小时|价))"
    rf"|(?P<english>\b(?:(?:{'|'.join(_DECADES)})[- ](?:{'|'.join(_ONES)})|{'|'.join(_ENGLISH)})"
    r"(?: (?:hundred|thousand|million))?(?P<more> and a half)?\b)"
)


@dataclass(frozen=True)
class Token:
    """A number as it stands, from ``start`` to ``end``; ``spelt`` in words, not digits."""

    start: int
    end: int
    value: float
    spelt: bool


def tokens(text: str) -> list[Token]:
    """Every number of the text, vague ones (几百, 数千) left out."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        if len(found) >= MOST:
            break
        value = _value(match)
        if value is not None:
            found.append(Token(*match.span(), value, match["arabic"] is None))
            if _is_list(match):
                found[-1:] = _singly(match)
    return found


def _is_list(match: re.Match[str]) -> bool:
    """Whether spaces part several numbers (100 200 300) and no thousands (1 000)."""
    first, *rest = (match["arabic"] or "").split(" ")
    return bool(rest) and len(first) == 3 and any(part != "000" for part in rest)


def _singly(match: re.Match[str]) -> list[Token]:
    found, start = [], match.start()
    parts = match["arabic"].split(" ")
    for i, part in enumerate(parts):
        end = match.end() if i == len(parts) - 1 else start + len(part)
        factor = _FACTORS.get((match["factor"] or "").strip(), 1.0) if end == match.end() else 1.0
        found.append(Token(start, end, float(part) * factor, spelt=False))
        start = end + 1
    return found


def _value(match: re.Match[str]) -> float | None:
    if match["half"]:
        return 0.5
    if match["english"]:
        words = re.split("[- ]", match["english"].removesuffix(match["more"] or ""))
        size = _FACTORS.get(words[-1], 1)
        value = float(sum(_ENGLISH.get(word, 0) for word in words))
        return (value + (0.5 if match["more"] else 0.0)) * size
    if match["chinese"]:
        return chinese(match["chinese"])
    return _arabic(match["arabic"], (match["factor"] or "").strip(), match["rest"] or "")


def _arabic(digits: str, factor: str, rest: str) -> float:
    if re.fullmatch(r"\d{1,3},\d{1,2}", digits):
        digits = digits.replace(",", ".")  # 2,5 %
    value = float(re.sub(rf"[, {COMMA}]", "", digits))
    factor = factor.removesuffix(rest)
    size = _FACTORS.get(factor)
    if size is None:
        size = 1.0
        for sign in factor:
            size *= _FACTORS.get(sign, 1.0)
    value = round(value * size, 6)
    if not rest:
        return value
    more = float(rest.rstrip("千百"))
    if rest[-1] in _FACTORS:
        return value + more * _FACTORS[rest[-1]]
    return value + more * (size / 10 if len(rest) == 1 else 1.0)  # 1万5, 1万2000


def chinese(text: str) -> float | None:
    """A number in Chinese numerals (``十五``, ``三千五百``, ``一点二``); None if none."""
    if any(sign in text for sign in _VAGUE):
        return None
    whole, point, decimals = text.partition("点")
    value = _whole(whole)
    if value is None or not point:
        return value
    return float(f"{value:.0f}." + "".join(str(_DIGITS[sign]) for sign in decimals))


def _whole(text: str) -> float | None:
    if all(sign in _DIGITS for sign in text):
        # One after the other like digits: 二〇.
        return float("".join(str(_DIGITS[sign]) for sign in text))
    total = section = digit = 0
    last = 1  # what the sign before multiplied by: 两万五 is 25,000
    for sign in text:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
            last = last if digit else 1
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit, last = 0, _TENS[sign]
        else:
            total = (total + (section + digit or 1)) * _LARGE[sign]
            section = digit = 0
            last = _LARGE[sign]
    if digit and last >= 100:
        digit *= last // 10
    return float(total + section + digit)
