"""Long products of cases, a few in turn: each row meets some columns, and every column is met."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

from model import load
from tests.model.agree import SEARCH
from view.words import LANGS


def in_turn(rows: Iterable[Any], columns: Iterable[Any], *, each: int = 1) -> list[tuple[Any, Any]]:
    """Every row with ``each`` of the columns in turn; with all of them in a longer search."""
    rows, columns = list(rows), list(columns)
    if SEARCH > 1 or each >= len(columns):
        return list(product(rows, columns))
    return [
        (row, columns[(number * each + k) % len(columns)])
        for number, row in enumerate(rows)
        for k in range(each)
    ]


def one_of_each(names: Iterable[str]) -> list[str]:
    """The first preset of each mixture of mechanisms; in a longer search all of them."""
    names, first = list(names), dict[frozenset[str], str]()
    for name in names:
        first.setdefault(frozenset(m.kind for m in load(name).mechanisms), name)
    return names if SEARCH > 1 else list(first.values())


def screens(views: Iterable[str], *, few: bool = False) -> list[tuple[str, str, bool]]:
    """(view, language, phone): each view at both widths, in two or three of the languages in turn.

    ``few``: in two, for pages that are built alike. A longer search looks at each in every language
    at both.
    """
    every = [(lang, phone) for phone in (True, False) for lang in LANGS]
    shown = [
        [("en", True), ("zh-Hans", True), ("zh-Hant", False)],
        [("en", True), ("zh-Hant", True), ("zh-Hans", False)],
        [("zh-Hans", True), ("en", False)],
    ]
    if few:
        shown = [[("en", True), ("zh-Hant", False)], [("zh-Hans", True), ("en", False)]]
    return [
        (view, lang, phone)
        for number, view in enumerate(views)
        for lang, phone in (every if SEARCH > 1 else shown[number % len(shown)])
    ]
