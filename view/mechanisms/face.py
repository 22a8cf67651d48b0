"""The face of a mechanism: which of its settings are asked for, in which order, and when.

Each folder here has a module ``fields`` with a :class:`Fields` called ``FIELDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, Literal, NamedTuple

from model.scheme import Mechanism, Scheme
from view import mechanisms

#: Multiples at which a forced exit may happen; None: never.
MULTIPLES: Final[tuple[float | None, ...]] = (*(round(0.5 + 0.1 * k, 1) for k in range(46)), None)

#: A condition on the scheme and its mechanism of this kind.
When = Callable[[Scheme, Any], bool]


def always(*_: object) -> bool:
    """Under all settings."""
    return True


def never(*_: object) -> bool:
    """Under no settings."""
    return False


class Group(NamedTuple):
    """Settings that belong together. ``title``: a catalogue key; ``place``: after what they stand.

    A name with a dot is a setting of the whole scheme. ``several``: the titles of the first and of
    the others where there are several of the kind. ``early``: ahead of the platform's settings
    where the mechanism is all there is, commissions aside.
    """

    title: str
    names: tuple[str, ...]
    place: Literal["orders", "people", "all"] = "orders"
    several: tuple[str, str] | None = None
    early: bool = False


class Table(NamedTuple):
    """How a list is typed: its columns, and the sentences on what a line is and must be.

    ``days``: the first column is a whole number of days.
    """

    columns: tuple[Literal["number", "share"], ...]
    line: str
    must: str
    days: bool = False


class Column(NamedTuple):
    """A column of the packages beside price and share: the list it fills, its catalogue key."""

    name: str
    label: str


#: A list for people: (what, how much), from its values, the packages' prices and the language.
Tell = Callable[[Any, Sequence[str], str], list[tuple[str, str]]]
#: How a number is written in a language.
Show = Callable[[float, str], str]


def by_package(show: Show) -> Tell:
    """One number for each package."""
    return lambda values, prices, lang: [
        (price, show(n, lang)) for price, n in zip(prices, values, strict=True)
    ]


def in_pairs(first: Show, second: Show) -> Tell:
    """Two numbers in a row."""
    return lambda values, _, lang: [(first(a, lang), second(b, lang)) for a, b in values]


class Ask(NamedTuple):
    """What a seller is asked: a catalogue key, and its place among what is asked of other kinds.

    ``when``: by the mechanism and how many orders came before, None if the reader does not know.
    """

    key: str
    place: int
    when: Callable[[Any, int | None], bool] = always


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The settings of one kind of mechanism, by their names within it."""

    #: What it is called, and what it does in one sentence: catalogue keys.
    title: str
    help: str
    #: The parts of an order's price that it takes, the main one first; () for what takes none.
    takes: tuple[str, ...] = ("share",)
    #: What matters most, first, where several mechanisms share the room above the pictures.
    weight: tuple[str, ...]
    #: What stands there where this is all there is, commissions aside.
    alone: Callable[[Any], tuple[str, ...]]
    #: All settings, in groups.
    groups: tuple[Group, ...]
    #: What whoever makes a scheme is asked at once, and what on demand.
    main: tuple[str, ...]
    more: tuple[str, ...]
    #: What a choice may be, and the values a slider offers where not all between two ends.
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stops: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    #: When a setting has a meaning; those not named always have one.
    meant: Mapping[str, When] = field(default_factory=dict)
    #: When it changes anything, beyond having a meaning.
    works: Mapping[str, When] = field(default_factory=dict)
    #: When it makes a setting of the whole scheme change something. One that some kind names here
    #: changes nothing without such a mechanism.
    beside: Mapping[str, When] = field(default_factory=dict)
    #: When it promises sums that are due whatever is there: the platform's account stands in.
    fixed: When = never
    #: Whether what it gives can be sold, and not only given up.
    sold: bool = False
    #: Whether it goes with orders of several prices.
    packages: bool = True
    #: Columns that it adds to the packages.
    columns: Callable[[Any], tuple[Column, ...]] = lambda _: ()
    #: How its lists are told; those not named as their numbers in a row.
    told: Mapping[str, Tell] = field(default_factory=dict)
    #: How they are typed.
    tables: Mapping[str, Table] = field(default_factory=dict)
    #: Name and unit of columns of a run's table that mean something else than with points.
    series: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: What the seller of an offer is asked about it.
    ask: Ask | None = None
    #: The setting that ends what it pays.
    limit: str = ""
    #: Whether a fee on withdrawals comes off what it is said to pay.
    before_fee: bool = False
    #: Whether who bought on the last day of a run is first paid after it.
    after_run: bool = False
    #: What recruiters and agents are due of an order, as a share of its price; None: they get none.
    recruiting: Callable[[Any], float | None] = lambda _: None


@cache
def faces() -> Mapping[str, Fields]:
    """Every kind of mechanism with its settings, by the name of its folder."""
    return {
        found.name: import_module(f"{mechanisms.__name__}.{found.name}.fields").FIELDS
        for found in iter_modules(mechanisms.__path__)
        if found.ispkg
    }


def _holds(conditions: Mapping[str, When], scheme: Scheme, mechanism: Mechanism, name: str) -> bool:
    condition = conditions.get(name)
    return condition is None or condition(scheme, mechanism)


def meant(scheme: Scheme, mechanism: Mechanism, name: str) -> bool:
    """Whether a setting of a mechanism has a meaning beside the mechanism's others."""
    return _holds(faces()[mechanism.kind].meant, scheme, mechanism, name)


def works(scheme: Scheme, mechanism: Mechanism, name: str) -> bool:
    """Whether moving it changes anything under the other settings."""
    return meant(scheme, mechanism, name) and _holds(
        faces()[mechanism.kind].works, scheme, mechanism, name
    )


def paid_down(scheme: Scheme) -> bool:
    """Whether any mechanism takes a part of the price and pays it down the line of buyers."""
    return any(faces()[mechanism.kind].takes for mechanism in scheme.mechanisms)


def recruiting(scheme: Scheme) -> float | None:
    """What recruiters and agents are due of an order, as a share of its price; None: not paid."""
    rates = (faces()[m.kind].recruiting(m) for m in scheme.mechanisms)
    return next((rate for rate in rates if rate is not None), None)


def fixed(scheme: Scheme) -> bool:
    """Whether sums are promised that are due whatever is there."""
    return any(faces()[m.kind].fixed(scheme, m) for m in scheme.mechanisms)
