"""What every mechanism says of itself, and the little that a scheme and a run ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self

from model.fields import Frozen
from model.order import Order
from model.platform import Platform


class Mechanism(Frozen):
    """One mechanism's settings; a kind of mechanism inherits this in its folder."""

    #: Its place among the kinds where the pages name them.
    place: ClassVar[int] = 0
    #: Whether a scheme has at most one of its kind.
    once: ClassVar[bool] = True
    #: Whether it goes with packages at several prices.
    with_packages: ClassVar[bool] = False
    #: Whether it has a pool of its own that buyers are paid from.
    has_pool: ClassVar[bool] = True
    #: What it is changed to where nobody is to be made to leave.
    no_exits: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    kind: str
    name: str

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes beside the named parts."""
        return 0.0

    @property
    def topic(self) -> str:
        """What claims about it speak of, in a word (model.claims); none: there are no claims."""
        return ""

    @classmethod
    def among(cls, mechanisms: Iterable[Mechanism]) -> tuple[Self, ...]:
        """Those of ``mechanisms`` that are of this kind."""
        return tuple(m for m in mechanisms if isinstance(m, cls))

    def fits(self, order: Order, beside: Iterable[Mechanism]) -> None:  # noqa: ARG002
        """Raise ValueError where it does not fit to the order or to the scheme's mechanisms."""
        size = len(order.choices)
        for name, value in self:
            if name.startswith("package_") and value and len(value) != size:
                raise ValueError(f"{self.name}.{name}: one number for each of {size}")

    def limit(self, order: Order, platform: Platform, *, shared: bool) -> float | None:  # noqa: ARG002
        """The most it can pay for the average order, yuan after fees; None: no limit.

        ``shared``: whether dividends use up the points pool's quota (model/pairs).
        """
        return 0.0

    def limit_for(self, package: int, order: Order, platform: Platform) -> float | None:  # noqa: ARG002
        """The most it can pay for one ``package`` (from 0) of several, yuan; None: no limit."""
        return 0.0
