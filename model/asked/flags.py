"""Which red flags a mechanism's own settings raise; what all of a scheme does is in model.flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

from model.fields import Frozen
from model.scheme import Scheme

M = TypeVar("M", bound=Frozen)

#: Rounding must not make a programme depend on anybody.
HAIR = 1e-9

Unit = Literal["yuan", "share", "multiple", "count"]
#: The name of a sentence, and its numbers with their units.
Reason = tuple[str, dict[str, tuple[Unit, float]]]


class Flags(Generic[M]):
    """What a mechanism has to say about red flags. ``package`` counts from 0."""

    def raised(self, mechanism: M, scheme: Scheme, package: int) -> Mapping[str, Reason]:  # noqa: ARG002
        """Why a flag is met, by the flag's id; left out is what its settings do not raise."""
        return {}

    def multiple(self, mechanism: M, package: int) -> float:  # noqa: ARG002
        """The largest multiple of the price that it promises for a package, before fees."""
        return 0.0


def of_package(each: tuple[float, ...], package: int, all_: float) -> float:
    """A number that a list may give for each package."""
    return each[package] if each else all_
