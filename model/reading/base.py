"""What is read out of an advertisement: numbers with their role, and what kind of offer it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

#: Longer advertisements are read up to here.
MAX_TEXT = 5_000
#: More numbers than this are nobody's offer.
MAX_NUMBERS = 60

Unit = Literal["share", "multiple", "money", "points", "days", "count", "ordinal", "date"]
Per = Literal["day", "week", "month", "year", "hour", "once", "order", "person", "round"]
Of = Literal["price", "pool", "balance", "concession", "turnover", "sum"]
Role = Literal[
    "price", "goods", "list_price", "share", "multiple", "gift", "credit", "fee", "fee_sum",
    "rate", "lock", "term", "arrival", "newcomers", "recruits", "commission", "recruit_sum",
    "pay", "territory", "minimum", "daily_cap", "point_value", "deposit", "levels", "rounds",
    "markup", "gain", "platform_fee", "group", "winners", "consolation", "cashback", "discount",
]  # fmt: skip
#: What a number may be, in the order of the questions.
ROLES: tuple[Role, ...] = get_args(Role)
FamilyName = Literal[
    "points", "daily", "queue", "dividends", "ads", "agents", "commission", "relay", "chain",
    "push_three", "lottery", "shared", "debt_relief", "investment", "cashback", "none",
]  # fmt: skip
FAMILIES: tuple[FamilyName, ...] = get_args(FamilyName)


@dataclass(frozen=True, kw_only=True)
class Number:
    """One number of the text, or one worked out from others.

    ``value`` is in its unit: a share is a fraction of one, times are whole days (parts of them
    where hours are named), money is in ``currency``; ``low`` and ``high`` are both ends where a
    range is stated (the value is then the lower one), else the value. ``per`` and ``of`` say of
    what time, and of what, where the text does. ``start`` and ``end`` are its place in
    :attr:`Reading.text`, ``line`` counts from 1.
    ``role`` is None where nothing gives one; ``reason`` is the word of our own list that gave it.
    ``worked_out`` are the places in :attr:`Reading.numbers` of those it is derived from, () if it
    is read as it stands.
    """

    value: float
    low: float
    high: float
    unit: Unit
    currency: str = "CNY"
    per: Per | None = None
    of: Of | None = None
    start: int
    end: int
    line: int
    role: Role | None
    reason: str = ""
    worked_out: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Family:
    """A kind of offer that the text may be, how much speaks for it, and the words that do."""

    name: FamilyName
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Reading:
    r"""An advertisement as read.

    ``text`` is half-width and in small letters, at most :data:`MAX_TEXT` long, every character of
    a contact, link, id or name replaced by ``\x00``. ``numbers`` stand in the order of the text,
    what is worked out behind what it comes from, at most :data:`MAX_NUMBERS`. ``families`` has the
    likeliest first and is () for an empty text only. ``says_rises``: it is claimed that a price
    can only rise. ``cut``: the end of the text was not read.
    """

    text: str
    numbers: tuple[Number, ...]
    families: tuple[Family, ...]
    says_rises: bool
    cut: bool
