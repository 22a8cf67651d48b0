"""Who has been paid back more and who less than they paid, and to how few the gains went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.arrays import Floats
from model.asked.answers import answers
from model.asked.standing import NOTHING, OVER, SAME, WAITS, Groups, Stands, without_claim
from model.pairs.shared_standing import of_shared
from model.result import Result
from model.scheme import Scheme

__all__ = [
    "SAME",
    "Fared",
    "Part",
    "Standing",
    "fared",
    "reached",
    "standing",
    "without_claim",
    "worth_of_goods",
]

#: Less than this, yuan, is what rounding leaves.
HALF_A_FEN = 0.005


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some of the buyers together: orders, and yuan that they paid and were paid."""

    orders: float
    paid: float
    received: float

    @property
    def gain(self) -> float:
        """Yuan received beyond what was paid; negative where it was less."""
        return self.received - self.paid


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where buyers stand at the end of a run.

    ``more``, ``same``, ``less``: were paid back more than, as much as and less than they paid;
    those who still wait are in ``more`` or ``same`` if they already have that much, and otherwise
    in ``waiting``. ``nothing``: no rule gave them anything to wait for, see
    :func:`without_claim`. The five add up to all buyers. ``best``: the largest part of the price
    that anybody was paid back. ``gains`` adds up what some have received beyond what they paid.
    ``top``: for a share of all buyers, those with the largest gain, (their part of ``gains``, their
    part of all that buyers were paid); nought where nobody gained, or nobody was paid. ``means``:
    whether some who fared differently are in one group, each counted with its average.
    """

    more: Part
    same: Part
    less: Part
    waiting: Part
    nothing: Part
    best: float
    gains: float
    top: dict[float, tuple[float, float]]
    means: bool

    @property
    def parts(self) -> dict[str, Part]:
        """The five groups by name, together all buyers."""
        names = ("more", "same", "less", "waiting", "nothing")
        return {name: getattr(self, name) for name in names}


def standing(
    result: Result, *, goods: float = 0.0, shares: tuple[float, ...] = (0.01, 0.1)
) -> Standing:
    """Cash received against what was spent, order by order as finely as the run knows.

    ``goods``: yuan that what was bought is worth of itself, counted as received for each order, a
    package by its price; points used for goods count with it too. Commissions are left out: who
    has recruited whom, no rule says (see :mod:`model.people`).

    In a points pool whoever is forced out is known to the order; those of a day who sold of their
    own accord are in two groups, with the whole price back or without it, and each is a mean.
    Dividends are known by package, rank and day, release by package and day, a queue by day:
    those who gave up on different days are one group. Under a quota shared with dividends a group
    is the average of those of a rank whom the points pool treated alike; with several dividend
    pools that of a package and day, and with other rules together that of a day.
    """
    if goods < 0:
        raise ValueError("goods: must not be negative")
    (orders, paid, received, stands, _), means = _groups(result, goods)
    if goods:
        received = received + goods * paid / result.scheme.order.spend
    return _summed(orders, paid, received, stands, shares, means=means)


def reached(result: Result) -> float | None:
    """Orders that have been paid their price in cash, or all that the rule pays if that is less.

    None where a run does not tell them apart: of several rules, or of people who give up on
    different days, only means are known, and the price is more than the rule pays.
    """
    scheme = result.scheme
    part = _owed(scheme)
    if part >= 1.0:
        return float(result.cohorts["even"].sum())
    (orders, paid, received, *_), means = _groups(result, 0.0)
    if means:
        return None
    return float(orders[received >= part * paid * (1 - SAME)].sum())


def _owed(scheme: Scheme) -> float:
    """The part of the price that is all one gets back: all of it, or the most the rule pays."""
    prices = [price for price, _ in scheme.order.choices]
    limits = [scheme.most_paid_for(k) for k in range(len(prices))]
    parts = [m / p for p, m in zip(prices, limits, strict=True) if m is not None]
    least = min(parts, default=1.0)
    return 1.0 if least >= 1 - SAME else least


@dataclass(frozen=True, kw_only=True)
class Fared:
    """How the buyers of a run fared, in the order they came.

    orders: of each stretch of the line, shape (n,); of a tick those who fared better come first.
    reached: which stretches have back their price, or all that the rule pays if that is less.
    paid: which have had anything. owed: the part of the price that the rule pays, 1 for all of it.
    """

    orders: Floats
    reached: npt.NDArray[np.bool_]
    paid: npt.NDArray[np.bool_]
    owed: float

    @property
    def counts(self) -> tuple[float, float, float]:
        """Orders that have all of it, a part, and nothing."""
        whole, some = self.orders[self.reached].sum(), self.orders[self.paid].sum()
        return float(whole), float(some - whole), float(self.orders.sum() - some)


def fared(result: Result) -> Fared | None:
    """Who had how much back, along the line; None where a run knows only means of some.

    Nothing is less than half a fen for the whole stretch, and nobody fared where no rule pays.
    """
    scheme = result.scheme
    if (
        not any(mechanism.has_pool for mechanism in scheme.mechanisms)
        or not result.line.orders.any()
    ):
        return None
    (orders, spent, received, _, joined), means = _groups(result, 0.0)
    if means:
        return None
    owed = _owed(scheme)
    some = received * orders > HALF_A_FEN
    whole = some & (received >= owed * spent * (1 - SAME))
    order = np.lexsort((~some, ~whole, joined))
    return Fared(orders=orders[order], reached=whole[order], paid=some[order], owed=owed)


def _groups(result: Result, goods: float) -> tuple[tuple[Floats, ...], bool]:
    """(orders, paid, received, how they stand, tick) of every group; whether some are means."""
    groups = Groups(goods=goods, ticks=result.ticks)
    told = answers(Stands)
    payers = [mechanism for mechanism in result.scheme.mechanisms if mechanism.has_pool]
    kinds = {mechanism.kind for mechanism in payers}
    if result.shared is not None and len(result.records) == 1:
        of_shared(result, result.shared, groups)
    elif len(kinds) != 1 or not told[kinds.pop()].fill(result, groups):
        _of_days(result, groups)
    several = len(payers) > 1
    leave = result.scheme.behaviour.sells and (result.points is None or several)
    return groups.all(), leave or (several and result.shared is None)


def _summed(
    orders: Floats,
    paid: Floats,
    received: Floats,
    stands: Floats,
    shares: tuple[float, ...],
    *,
    means: bool,
) -> Standing:
    gain = received - paid
    close = np.abs(gain) <= SAME * paid

    def part(mask: npt.NDArray[np.bool_]) -> Part:
        n = orders[mask]
        return Part(
            orders=float(n.sum()),
            paid=float((n * paid[mask]).sum()),
            received=float((n * received[mask]).sum()),
        )

    ahead = (gain > 0) & ~close
    below = (gain < 0) & ~close
    gains = float((orders[ahead] * gain[ahead]).sum())
    everything = float((orders * received).sum())
    order = np.argsort(-gain, kind="stable")
    upto = np.concatenate(([0.0], np.cumsum(orders[order])))

    def first(amount: Floats, size: float) -> float:
        """A sum over the ``size`` orders with the largest gain."""
        sums = np.concatenate(([0.0], np.cumsum((orders * amount)[order])))
        return float(np.interp(size, upto, sums))

    surplus = np.where(ahead, gain, 0.0)
    return Standing(
        more=part(ahead),
        same=part(close),
        less=part(below & (stands == OVER)),
        waiting=part(below & (stands == WAITS)),
        nothing=part(below & (stands == NOTHING)),
        best=float(np.max(received / paid, initial=0.0)),
        gains=gains,
        top={
            share: (
                first(surplus, share * upto[-1]) / gains if gains > 0 else 0.0,
                first(received, share * upto[-1]) / everything if everything > 0 else 0.0,
            )
            for share in shares
        },
        means=means,
    )


def _of_days(result: Result, groups: Groups) -> None:
    """The average order of each day; where several rules pay, and where none does."""
    line, without = result.line, without_claim(result)
    none = without.sum(axis=0)
    orders = line.orders - none
    held = np.zeros(result.ticks)
    for record in result.records:
        held = np.maximum(held, record.held)
    if result.points is not None:
        waiting = np.bincount(
            result.pieces.entry, weights=result.fate.held_orders, minlength=result.ticks + 1
        )[1:]
        held = np.maximum(held, waiting)
    held = np.minimum(held, orders)
    received = np.zeros(result.ticks)
    cohorts = result.cohorts
    received[cohorts.index.to_numpy() - 1] = cohorts["received"].to_numpy()
    there = orders > 0
    sales = line.prices @ (line.counts - without)
    spent = np.divide(sales, orders, out=np.zeros(result.ticks), where=there)
    part = np.divide(held, orders, out=np.zeros(result.ticks), where=there)
    groups.add(orders - held, spent, received * (1 - part))
    groups.add(held, spent, received * part, waiting=True)
    for number, price in enumerate(line.prices.tolist()):
        groups.add(without[number], price, np.zeros(result.ticks), nothing=True)


def worth_of_goods(result: Result) -> tuple[float, float]:
    """The least and the most that the goods of one order can be worth, yuan: equal if it is known.

    Nothing and the price where nobody has said what they cost elsewhere.
    """
    order = result.scheme.order
    return (0.0, order.spend) if order.goods_value is None else (order.goods_value,) * 2
