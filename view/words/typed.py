"""A number as people type it, in any box: one reader for every one of them. No Streamlit here.

What is read alike: full-width and narrow signs; ``1,000`` ``1 000`` ``1'000`` ``1.000,5``
``1,000.5``; a decimal comma (``2,5`` is two and a half); ``16%``, ``百分之十六``, ``千分之三``,
``两成``, ``一成五``; ``2.4万``, ``2.4w``, ``24 million``; ``三千``, ``半``; a unit that is the
box's own (``¥``, ``元``, ``倍``, ``×``, ``天``, ...); a minus sign, a dash or 负 before it.

* One comma with three digits after it parts thousands, after nought or more than three digits
  decimals; where a thousand is beyond the box's bounds and the decimal is not, it is the decimal.
* One comma with any other number of digits after it is a decimal comma; four are not read, since
  ten thousand may be meant. One point is always a decimal point.
* Several commas, points or spaces part thousands, and have to stand where thousands do.
* Nothing is guessed: what is left over, a unit of another kind or two numbers are not read.

Shares are percentages here and in every box: ``16`` and ``16%`` are the same.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, NamedTuple, get_args

from model.numerals import DIGITS, chinese_number

#: A longer text is nobody's number.
MOST: Final = 40
#: Decimals that a box keeps, and shows.
PLACES: Final = 8

#: Beyond every bound, and still exact to the last digit shown before the point.
LARGEST: Final = 10**15

#: Units of a box; ``any`` takes none.
Unit = Literal["share", "multiple", "yuan", "ticks", "orders", "points", "count", "any"]

_SCALES: Final = {
    "万亿": 10**12,
    "萬億": 10**12,
    "兆": 10**12,
    "亿": 10**8,
    "億": 10**8,
    "万": 10**4,
    "萬": 10**4,
    "w": 10**4,
    "千": 1000,
    "仟": 1000,
    "k": 1000,
    "thousand": 1000,
    "百": 100,
    "佰": 100,
    "million": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SCALED: Final = re.compile(r"(.*?)\s*(" + "|".join(sorted(_SCALES, key=len, reverse=True)) + ")?")
_BEFORE: Final = {
    "yuan": r"¥|rmb|cny|人民币|人民幣",
    "multiple": r"×|x|\*",
}
_AFTER: Final = {
    "yuan": r"元|块钱|塊錢|块|塊|圆|圓|yuan|rmb|cny|人民币|人民幣",
    "multiple": r"倍|×|x|times",
    "ticks": r"天|日|days?",
    "orders": r"单|單|笔|筆|orders?",
    "points": r"积分|積分|分|points?",
    "count": r"个|個|人|位|名|people|persons?",
}
#: Things that are counted, which a box for a count takes beside its own.
_COUNTED: Final = frozenset({"orders", "count"})
_MINUS: Final = re.compile(r"^(?:[-\u2010-\u2015\u2212]|负|負)\s*")
_PARTS: Final = (("百分之", Decimal(1)), ("千分之", Decimal("0.1")), ("万分之", Decimal("0.01")))
_GAPS: Final = re.compile(r"[ '’_]")
#: Signs that stand for an ordinary one, only wider, narrower or unbroken; not raised or in a ring.
_LIKE: Final = ("<wide>", "<narrow>", "<small>", "<noBreak>", "<compat>")


class Allowed(NamedTuple):
    """What a box takes, in the units that people type: percent for shares.

    ``above`` and ``below``: the bound itself is not taken. ``empty``: nothing is taken too.
    """

    unit: Unit = "any"
    low: float | None = None
    high: float | None = None
    above: bool = False
    below: bool = False
    whole: bool = False
    empty: bool = False

    def holds(self, value: float) -> bool:
        """Whether a number is within the bounds, and whole where it has to be."""
        if self.low is not None and (value < self.low or (self.above and value == self.low)):
            return False
        if self.high is not None and (value > self.high or (self.below and value == self.high)):
            return False
        return not self.whole or value == int(value)


class TypedError(ValueError):
    """A text that a box does not take: ``readable`` where it is a number, only not one of these."""

    def __init__(self, *, readable: bool) -> None:
        super().__init__("not allowed" if readable else "not a number")
        self.readable = readable


def read(text: str, allowed: Allowed) -> float | int | None:
    """The number typed, within its bounds; None for nothing. Raises TypedError for anything else.

    It is rounded to :data:`PLACES` decimals, as :func:`written` shows it, and an int where the box
    takes whole numbers only.
    """
    if not text.strip():
        if allowed.empty:
            return None
        raise TypedError(readable=False)
    readings = _readings(text, allowed.unit)
    if not readings:
        raise TypedError(readable=False)
    for found in readings:
        if abs(found) > LARGEST:
            continue
        value = float(round(found, PLACES))
        if allowed.holds(value):
            return int(value) if allowed.whole else value
    raise TypedError(readable=True)


def number(text: str, unit: Unit = "any") -> float | None:
    """The number that a text is first read as, whatever its size; None if it is none."""
    readings = _readings(text, unit)
    return float(readings[0]) if readings else None


def written(value: float | None) -> str:
    """A number as a box shows it, all of what is used and no needless digits; empty for none."""
    if value is None:
        return ""
    text = f"{Decimal(repr(round(float(value), PLACES))):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def known(unit: str) -> Unit:
    """A parameter's unit as a box's."""
    found: tuple[Unit, ...] = get_args(Unit)
    return next((one for one in found if one == unit), "any")


# -- how it is read ----------------------------------------------------------------------------


def _readings(text: str, unit: Unit) -> list[Decimal]:
    """What a text may be, the likeliest first: two numbers only for one comma before three."""
    if len(text) > MOST:
        return []
    plain = _plain(text)
    if plain is None:
        return []
    negative = _MINUS.match(plain)
    plain = plain[negative.end() :] if negative else plain.removeprefix("+").lstrip()
    bare, said = _without_unit(plain)
    if negative is None and (negative := _MINUS.match(bare)):  # ¥-5
        bare = bare[negative.end() :]
    found = _share(bare, unit) if said is None else None
    if found is None:
        fits = said is None or unit == said or {unit, said} <= _COUNTED
        if unit == "share" and bare in {"半", "一半"}:
            found = [Decimal(50)]
        else:
            found = _amounts(bare) if fits else []
    return [-one for one in found] if negative else found


def _plain(text: str) -> str | None:
    """In ordinary signs and small letters; None where a sign is raised, a fraction or in a ring."""
    for sign in text:
        how = unicodedata.decomposition(sign)
        if how.startswith("<") and not how.startswith(_LIKE):
            return None
    whole = unicodedata.normalize("NFKC", text).strip().lower()
    return re.sub(r"\s+", " ", whole.replace("，", ",").replace("。", "."))


def _without_unit(text: str) -> tuple[str, str | None]:
    """A text without a unit before or after it, and the unit; "two" where it has two."""
    said: set[str] = set()
    for kind, words in _BEFORE.items():
        if match := re.match(f"(?:{words}) ?", text):
            text = text[match.end() :]
            said.add(kind)
    half = re.fullmatch(r"(.+)倍半", text)
    if half:
        return _and_a_half(half[1]), "multiple"
    for kind, words in _AFTER.items():
        if match := re.search(f" ?(?:{words})$", text):
            text = text[: match.start()]
            said.add(kind)
            break
    text = text.removesuffix("个").removesuffix("個") if said & _COUNTED else text
    return text, "two" if len(said) > 1 else next(iter(said), None)


def _and_a_half(text: str) -> str:
    """A whole number and a half; what is no whole number stays unreadable."""
    if re.fullmatch("[0-9]+", text):
        return f"{text}.5"
    value = chinese_number(text)
    return "" if value is None or value != int(value) else f"{int(value)}.5"


def _share(text: str, unit: Unit) -> list[Decimal] | None:
    """The percentage where a text says that it is one; None where it does not."""
    for start, scale in _PARTS:
        if text.replace("萬", "万").startswith(start):
            return _times(_amounts(text[len(start) :].strip()), scale, unit)
    for end, scale in (("%", Decimal(1)), ("‰", Decimal("0.1"))):
        if text.endswith(end):
            return _times(_amounts(text[:-1].strip()), scale, unit)
    for end in (" percent", "percent", "pct"):
        if text.endswith(end):
            return _times(_amounts(text[: -len(end)].strip()), Decimal(1), unit)
    whole, tenths, after = text.partition("成")
    if not tenths:
        return None
    found = _times(_amounts(whole.strip()), Decimal(10), unit)
    if not after:
        return found
    if after == "半":
        return [one + 5 for one in found]
    more = int(after) if re.fullmatch("[0-9]", after) else DIGITS.get(after)
    return [] if more is None else [one + more for one in found]


def _times(amounts: list[Decimal], scale: Decimal, unit: Unit) -> list[Decimal]:
    """A percentage, which only a box for shares takes."""
    return [one * scale for one in amounts] if unit == "share" else []


def _amounts(text: str) -> list[Decimal]:
    """A number without sign and unit."""
    if re.match(r"[0-9.,]", text):
        scaled = _SCALED.fullmatch(text)
        if scaled is None:
            return []
        scale = _SCALES.get(scaled[2] or "", 1)
        return [one * scale for one in _digits(scaled[1])]
    value = chinese_number(text) if text else None
    return [] if value is None else [Decimal(repr(value))]


def _digits(text: str) -> list[Decimal]:
    """Western digits with whatever parts them."""
    text = _GAPS.sub(" ", text)
    commas, points = text.count(","), text.count(".")
    if commas and points:
        decimal = "," if text.rindex(",") > text.rindex(".") else "."
        group = "." if decimal == "," else ","
        if text.count(decimal) > 1:
            return []
        return _parted(text, group, decimal)
    if points > 1:
        return _parted(text, ".", None)
    if commas > 1:
        return _parted(text, ",", None)
    if commas:
        return _one_comma(text)
    return _parted(text, " ", ".")


def _one_comma(text: str) -> list[Decimal]:
    whole, _, after = text.partition(",")
    decimal = _parted(text, " ", ",")
    if len(after) == 3 and re.fullmatch("[1-9][0-9]{0,2}", whole):
        return _parted(text, ",", None) + decimal
    return [] if len(after) == 4 and whole.strip("0") else decimal


def _parted(text: str, group: str, decimal: str | None) -> list[Decimal]:
    """A number whose thousands are parted by ``group``, or are not."""
    whole, after = text, ""
    if decimal is not None:
        whole, _, after = text.partition(decimal)
    mark = re.escape(group)
    if not re.fullmatch(rf"(?:[0-9]*|[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+)", whole):
        return []
    if not re.fullmatch("[0-9]*", after) or not whole + after:
        return []
    try:
        return [Decimal(f"{whole.replace(group, '') or '0'}.{after or '0'}")]
    except InvalidOperation:
        return []
