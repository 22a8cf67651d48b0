"""Chinese numerals: what each sign stands for, and whole numbers and decimals written in them."""

from __future__ import annotations

DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
DIGITS |= {
    "兩": 2,
    "壹": 1,
    "贰": 2,
    "貳": 2,
    "叁": 3,
    "參": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "陸": 6,
}
DIGITS |= {"柒": 7, "捌": 8, "玖": 9}
TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def chinese_number(text: str) -> float | None:
    """A number in Chinese numerals (``十五``, ``三千五百``, ``一点二``, ``两万五``, ``半``)."""
    if text in {"半", "一半"}:
        return 0.5
    whole, point, decimals = text.replace("點", "点").partition("点")
    value = _whole(whole)
    if value is None or not point:
        return value
    if not decimals or any(sign not in DIGITS for sign in decimals):
        return None
    return float(f"{value:.0f}." + "".join(str(DIGITS[sign]) for sign in decimals))


def _whole(text: str) -> float | None:
    if not text:
        return None
    if all(sign in DIGITS for sign in text):
        # One after the other like digits: 二〇.
        return float("".join(str(DIGITS[sign]) for sign in text))
    total = section = digit = 0
    last = 1  # what the sign before multiplied by: 两万五 is 25,000
    for sign in text:
        if sign in DIGITS:
            if digit:
                return None
            digit = DIGITS[sign]
            if digit == 0:
                last = 1
        elif sign in TENS:
            section += (digit or 1) * TENS[sign]
            digit, last = 0, TENS[sign]
        elif sign in LARGE:
            section += digit
            if section == 0:
                return None
            total = (total + section) * LARGE[sign]
            section = digit = 0
            last = LARGE[sign]
        else:
            return None
    if digit and last >= 100:
        digit *= last // 10
    return float(total + section + digit)
