"""Who answers: found by folder in `model/mechanisms/`, listed nowhere.

A question is a class whose methods do nothing by themselves. A mechanism that has something to say
has a module of the question's name in its folder, and in it one class that inherits the question.
A question of `view/` is answered in `view/mechanisms/` in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, TypeVar

from model import mechanisms

Q = TypeVar("Q")


@cache
def kinds() -> tuple[str, ...]:
    """Every kind of mechanism: the folders' names, in alphabetical order."""
    return tuple(sorted(found.name for found in iter_modules(mechanisms.__path__) if found.ispkg))


#: Question -> who answers it, by kind; kept by hand, so that types are.
_FOUND: dict[type[Any], Mapping[str, Any]] = {}


def answers(question: type[Q]) -> Mapping[str, Q]:
    """Who answers a question, by kind; the question's own defaults where nobody does."""
    found = _FOUND.get(question)
    if found is None:
        whose, _, name = question.__module__.partition(".")
        name = name.rpartition(".")[2]
        found = {kind: _answer(f"{whose}.mechanisms.{kind}.{name}", question) for kind in kinds()}
        _FOUND[question] = found
    return found


def _answer(module: str, question: type[Q]) -> Q:
    if find_spec(module) is None:
        return question()
    (found,) = (
        thing
        for thing in vars(import_module(module)).values()
        if isinstance(thing, type) and issubclass(thing, question) and thing.__module__ == module
    )
    return found()
