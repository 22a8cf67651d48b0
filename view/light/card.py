"""A result by itself: what every page, picture and file of it is drawn from.

A card is made by the wing whose page the address belongs to; see ``view/check/card.py``,
``view/money/card.py`` and ``view/claims/card.py``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from view.light.figure import Figure
from view.pictures.field import Field

#: The part of an address that says whose result it is; Check's where it is left out.
PAGE: Final = "page"
#: Columns of a title: 28 Chinese characters, which count double.
TITLE: Final = 56

_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"


def _no_figure() -> None:
    """Of a result that no script can play."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A result in one language.

    finding: one sentence. rest: what else is said of it. assumption: what it rests on. numbers: up
    to three figures with their sentence. picture: every buyer a dot, or nothing. split: the parts
    of one order, as (role, what it is called, how much, share). sources: where the numbers were
    read, with their grade. about: preset and revision. changed: what a reader has set otherwise.
    named: what it is about. figure: makes its rules as a script, where there are such. query: the
    settings as the page writes them, the language left out.
    """

    page: str
    lang: str
    finding: str
    rest: str
    assumption: str
    numbers: tuple[tuple[str, str], ...]
    picture: Field | None
    split: tuple[tuple[str, str, str, float], ...]
    sources: tuple[str, ...]
    about: str
    changed: str
    query: Mapping[str, str]
    named: str = ""
    figure: Callable[[], Figure | None] = _no_figure

    @property
    def mark(self) -> str:
        """Seven letters that tell these settings from others; no word, and no number."""
        told = urlencode({**self.query, PAGE: self.page})
        left, found = int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big"), ""
        for _ in range(7):
            left, at = divmod(left, len(_LETTERS))
            found += _LETTERS[at]
        return found

    @property
    def title(self) -> str:
        """The finding where it is short enough for a title, else its subject."""
        for text in (self.finding.rstrip("。."), self.named):
            if text and columns(text) <= TITLE:
                return text
        return cut(self.named or self.finding, TITLE)

    @property
    def description(self) -> str:
        """For a preview: what the finding rests on, its source, and which settings these are."""
        parts = (self.assumption, *self.sources, self.changed, f"{self.about} · {self.mark}")
        return " ".join(filter(None, parts))

    def address(self, **more: str) -> str:
        """The query of the card: canonical, the language in it."""
        return address_of(self.page, self.lang, {**self.query, **more})


def address_of(page: str, lang: str, query: Mapping[str, str]) -> str:
    """The one query of a result: its language, its page where that is not Check, its settings."""
    of_page = {PAGE: page} if page != "check" else {}
    return urlencode({"lang": lang, **of_page, **query}, safe="@:,[]")


def columns(text: str) -> int:
    """How wide a text is, in columns: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def cut(text: str, most: int) -> str:
    """A text of at most so many columns; what is left out is shown to be."""
    if columns(text) <= most:
        return text
    while columns(text) > most - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"
