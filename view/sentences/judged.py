"""What can be said of one offer before anybody does anything, as figures. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from model.preset import Preset
from model.scheme import Scheme
from view.words.words import Words


@dataclass(frozen=True)
class Span:
    """A figure, or the range it must lie in."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Span:
        """From the least to the most of ``values``."""
        known = list(values)
        return cls(min(known), max(known))

    @property
    def known(self) -> bool:
        """Whether there is only one value."""
        if self.low == self.high:
            return True
        return math.isfinite(self.high) and abs(self.high - self.low) <= 1e-9 * abs(self.high)

    def text(self, show: Any, w: Words) -> str:
        """The figure, or "low to high"."""
        low, high = show(self.low), show(self.high)
        return str(low) if self.known or low == high else w("span", low=low, high=high)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be said of one offer before anybody does anything."""

    schemes: tuple[Scheme, ...]  # one for each corner of what is not known
    focus: str  # the promise it is judged by
    package: int  # which package
    spend: float  # yuan the buyer pays for it
    reaches: Span  # yuan of it that go where payments to buyers come from
    most: Span | None  # yuan it can ever be paid, after the fee; None: no limit in the rule
    target: Span | None  # yuan of points at which that is paid
    crowd: Span  # all orders must multiply by this until a late buyer is there; inf: never
    one_target: float | None  # the multiple the crowd figure is about
    refunds: bool  # whether the most one order can be paid covers the price for sure
    can_refund: bool  # ... or at least may
    chosen: Preset
    changes: Mapping[str, Any]  # what was stated instead of the preset's numbers
    unsure: tuple[str, ...] = ()  # keys of numbers that the reader could not state
    ranged: tuple[str, ...] = ()  # those of them that have a range of ours here
    ours: tuple[str, ...] = ()  # keys of numbers that we assume: nobody has stated them
    mine: bool = False  # whether it is the reader's own offer, and the preset an example

    @property
    def known(self) -> bool:
        """Whether every number is known."""
        return len(self.schemes) == 1

    @property
    def scheme(self) -> Scheme:
        """The scheme, or one of those it may be."""
        return self.schemes[0]

    @property
    def refunded_by_itself(self) -> bool:
        """Whether an order brings in all that it can ever be paid."""
        return self.most is not None and self.most.high <= self.reaches.low * (1 + 1e-9)

    @property
    def fixed(self) -> tuple[str, ...]:
        """Keys of numbers that stand at a value of ours."""
        return (*(key for key in self.unsure if key not in self.ranged), *self.ours)


def never_whole(judged: Offer) -> bool:
    """Whether the rule promises less than the price, so that nobody was to have it all back."""
    return judged.most is not None and judged.most.high < judged.spend * (1 - 1e-9)
