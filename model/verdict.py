"""Can a buyer get back what was paid? One answer for one order under one scheme.

It comes from the rules alone, before anybody does anything: the most an order can be paid, what it
brings in itself, and the yardstick (:mod:`model.yardstick`) where others have to bring the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from model.asked.flags import HAIR
from model.flags import CASH_BACK, Case
from model.library import places
from model.scheme import Scheme
from model.yardstick import yardstick

#: A factor beyond this is "not enough people on Earth".
EVERYBODY = max(place.people for place in places())

#: nothing: the rules pay buyers nothing.
#: kept: an order brings in itself all that it is promised.
#: less: the most that is paid is less than the price, and others have to bring it.
#: follow: so many more orders have to come for each one so far.
#: grow: sales have to grow every day, for ever.
#: backed: advertisers or the platform's account bring what the order does not.
#: never: it would take more orders than there are people, or no number is enough.
Kind = Literal["nothing", "kept", "less", "follow", "grow", "backed", "never"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one order's buyer can expect; yuan, for the package asked about.

    most: the most that can be paid, after fees; None: no limit. goods: what the goods cost
    elsewhere; None: not stated. more: orders that must follow for each one so far, where that is
    what it takes; inf: no number is enough. growth: of sales a day, a fraction of one, where it
    takes that for ever. margin: whether what comes back is an ordinary part of the price out of
    what the seller earns, as far as the costs are stated.
    """

    kind: Kind
    spend: float
    most: float | None
    goods: float | None
    more: float | None = None
    growth: float | None = None
    margin: bool = False

    @property
    def short(self) -> float | None:
        """Yuan that even the most and the goods leave open; None: not stated, or no limit."""
        if self.most is None or self.goods is None:
            return None
        return max(self.spend - self.most - self.goods, 0.0)

    @property
    def dear(self) -> bool:
        """Whether goods and all that can be paid are together worth less than the price."""
        return self.short is not None and self.short > self.spend * HAIR


def verdict(scheme: Scheme, *, package: int = 0) -> Verdict:
    """The answer for an order of the package with this index, if nobody gives up or sells early."""
    case = Case(scheme, package)
    spend, most = case.spend, case.most
    goods = scheme.order.goods_value
    if goods is not None:
        # A package's goods are not known from one order's: in proportion.
        goods *= spend / scheme.order.spend

    def told(
        kind: Kind, *, more: float | None = None, growth: float | None = None, margin: bool = False
    ) -> Verdict:
        return Verdict(
            kind=kind,
            spend=spend,
            most=most,
            goods=goods,
            more=more,
            growth=growth,
            margin=margin,
        )

    if most is not None and most <= 0:
        return told("nothing")
    if most is not None and not case.depends_on_later:
        return told("kept", margin=_out_of_margin(scheme, most / spend))
    if most is not None and most < spend * (1 - HAIR):
        return told("less")
    found = yardstick(scheme, package=package)
    if found.growth:
        kind: Kind = "never" if found.growth == inf else "grow"
        return told(kind, growth=found.growth, more=inf if kind == "never" else None)
    more = found.back - 1
    if found.growth == 0 and more <= HAIR:
        return told("backed")
    return told("never" if found.back >= EVERYBODY else "follow", more=more)


def _out_of_margin(scheme: Scheme, part: float) -> bool:
    """Whether ``part`` of the price is an ordinary rebate beside what the goods cost the seller."""
    costs = scheme.order.parts.goods
    return part <= CASH_BACK * (1 + HAIR) and 0 < costs <= 1 - part + HAIR
