"""The face of a mechanism: which of its settings are asked for, in which order, and when.

Each folder here has a module ``fields`` with a :class:`Fields` called ``FIELDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


class Group(NamedTuple):
    """Settings that belong together. ``title``: a catalogue key; ``place``: after what they stand.

    A name with a dot is a setting of the whole scheme.
    """

    title: str
    names: tuple[str, ...]
    place: Literal["orders", "people", "all"] = "orders"


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The settings of one kind of mechanism, by their names within it."""

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
