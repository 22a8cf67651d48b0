"""Rounding for people: once, by one rule, in one place.

Arithmetic in binary leaves a little too much or too little: 299 x 1.5 x 85 % is 381.225, and comes
out as 381.22499999999997. So that is taken off first, and what is left is rounded half away from
nought, as every till does. Whatever shows money goes through here: pages, sheets, the statement,
books, files that people read, and the command line.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

#: What arithmetic adds is beyond this many significant digits ...
DIGITS: Final = 12
#: ... and beyond this many decimals of however many yuan, while a double has so many digits.
DECIMALS: Final = 3
MOST_DIGITS: Final = 15
#: From here on, and below its inverse, digits are written as a power of ten.
_POWERS: Final = 1e16
_CONTEXT: Final = Context(prec=700, rounding=ROUND_HALF_UP)


@lru_cache(maxsize=2048)
def exactly(x: float) -> Decimal:
    """The number that is meant by ``x``; raises ValueError if it is none."""
    if not math.isfinite(x):
        raise ValueError(f"not a number: {x}")
    if x == 0:
        return Decimal(0)
    whole = math.floor(math.log10(abs(x))) + 1
    digits = max(DIGITS, whole + DECIMALS)
    return Decimal(f"{x:.{digits - 1}e}" if digits <= MOST_DIGITS else repr(float(x)))


def rounded(x: float, places: int = 2) -> Decimal:
    """``x`` with so many decimals (negative: tens, hundreds), half away from nought, never -0."""
    found = exactly(x).quantize(Decimal(1).scaleb(-places), context=_CONTEXT)
    return found or abs(found)


def written(x: float, places: int = 2) -> str:
    """``1,234.50``: so many decimals, thousands apart."""
    return f"{rounded(x, places):,.{max(places, 0)}f}"


def plain(x: float) -> str:
    """All digits of ``x`` that mean anything, as a file or a command says them: ``381.225``."""
    if not math.isfinite(x):
        return f"{x}"
    found = exactly(x)
    if found and not 1 / _POWERS < abs(found) < _POWERS:
        return f"{x:.{DIGITS}g}"
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
