"""Who has been paid back more and who less than they paid, and to how few the gains went."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from model.mechanisms import DividendPoolEngine, RefundQueueEngine, ScheduledReleaseEngine
from model.mechanisms.dividend_pool.packages import Group
from model.mechanisms.dividend_pool.paid import GroupFate
from model.points_result import SharedResult
from model.result import Result

Floats = npt.NDArray[np.float64]

#: Paid back as much as they paid, to within rounding.
SAME = 1e-9


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


#: Of a group: done with, waiting, or without anything to wait for from the start.
_OVER, _WAITS, _NOTHING = 0.0, 1.0, 2.0


class _Groups:
    """Orders that fared alike: their number, and yuan paid, received and in goods, for each."""

    def __init__(self) -> None:
        self._columns: list[tuple[Floats, ...]] = []

    def add(
        self,
        orders: Floats,
        paid: Floats | float,
        received: Floats,
        *,
        waiting: bool = False,
        nothing: bool = False,
    ) -> None:
        """``received`` is the total of ``orders``, ``paid`` is for one."""
        orders = np.maximum(orders, 0.0)
        there = orders > 0.0
        each = np.divide(received, orders, out=np.zeros_like(orders), where=there)
        full = np.full_like(orders, _NOTHING if nothing else _WAITS if waiting else _OVER)
        paid = np.broadcast_to(np.asarray(paid, dtype=float), orders.shape)
        columns = (orders, paid, np.maximum(each, 0.0), full)
        self._columns.append(tuple(column[there] for column in columns))

    def all(self) -> tuple[Floats, ...]:
        """(orders, paid, received, how they stand) of every group."""
        orders, paid, received, stands = (
            np.concatenate(column) for column in zip(*self._columns, strict=True)
        )
        return orders, paid, received, stands


def without_claim(result: Result) -> Floats:
    """Orders that no rule gave anything to wait for, shape (packages, ticks).

    Those beyond an issue cap, of a package without units, or too small for a queue; with several
    rules those that none of them counts. Of one tick the first orders are served first. Where the
    only rules are commissions no buyer is promised anything, and nobody is left out.
    """
    line, least = result.line, result.line.counts.copy()
    if not (result.records or result.points is not None):
        return np.zeros_like(least)
    if result.points is not None:
        entry, orders = result.pieces.entry, result.pieces.orders
        known = np.bincount(entry, weights=orders, minlength=result.ticks + 1)[1:].astype(float)
        if result.shared is not None:
            known += result.shared.with_units_alone("orders")
        least = np.minimum(least, np.maximum(line.counts - known, 0.0))
    for engine in result.engines.beside:
        rest = engine.unclaimed()
        if rest is not None:
            least = np.minimum(least, rest)
    found: Floats = np.where(least > SAME * line.counts, least, 0.0)
    return found


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
    groups = _Groups()
    engines = result.engines
    alone = len(result.records) + (result.points is not None) == 1
    if result.shared is not None and len(result.records) == 1:
        _of_shared(result, result.shared, groups, goods=goods)
    elif alone and result.points is not None:
        _of_points(result, groups, goods=goods)
    elif alone and engines.dividends:
        _of_dividends(result, engines.dividends[0], groups)
    elif alone and engines.release is not None:
        _of_release(result, engines.release, groups)
    elif alone and engines.queue is not None:
        _of_queue(result, engines.queue, groups)
    elif len(engines.dividends) == len(result.records) > 1 and result.points is None:
        _of_dividend_pools(result, groups)
    else:
        _of_days(result, groups)
    orders, paid, received, stands = groups.all()
    if goods:
        received = received + goods * paid / result.scheme.order.spend
    leave = result.scheme.behaviour.sells and (result.points is None or not alone)
    several = len(result.records) + (result.points is not None) > 1
    means = leave or (several and result.shared is None)
    return _summed(orders, paid, received, stands, shares, means=means)


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
        less=part(below & (stands == _OVER)),
        waiting=part(below & (stands == _WAITS)),
        nothing=part(below & (stands == _NOTHING)),
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


def _of_points(result: Result, groups: _Groups, *, goods: float) -> None:
    """Every piece of the line, by how its orders left."""
    pieces, fate, spend = result.pieces, result.fate, result.scheme.order.spend
    groups.add(fate.forced_orders, spend, fate.forced_cash)
    groups.add(fate.taken_orders, spend, fate.taken_cash)
    groups.add(fate.even_sold_orders, spend, fate.even_sold_cash)
    groups.add(
        fate.sold_orders - fate.even_sold_orders, spend, fate.sold_cash - fate.even_sold_cash
    )
    groups.add(fate.held_orders, spend, np.zeros_like(fate.held_orders), waiting=True)
    gone = fate.forced_orders + fate.taken_orders + fate.sold_orders + fate.held_orders
    used = np.maximum(pieces.orders - gone, 0.0)
    used = np.where(used > SAME * pieces.orders, used, 0.0)
    groups.add(used, spend, fate.goods if goods else np.zeros_like(used))
    _without_claims(result, groups, float(pieces.orders.sum()))


def _without_claims(result: Result, groups: _Groups, known: float) -> None:
    """Orders that got no points because no more were issued: nothing was or will be paid."""
    rest = float(result.line.orders.sum()) - known
    if rest > SAME * known:
        groups.add(np.array([rest]), result.scheme.order.spend, np.zeros(1), nothing=True)


def _of_shared(result: Result, points: SharedResult, groups: _Groups, *, goods: float) -> None:
    """Pieces of each rank: points and dividends together."""
    pieces, fate, spend = points.pieces, points.fate, result.scheme.order.spend
    cash = fate.forced_cash + fate.taken_cash + fate.sold_cash + points.dividends_by_piece
    if goods:
        cash = cash + fate.goods
    part = np.divide(
        fate.held_orders, pieces.orders, out=np.zeros_like(cash), where=pieces.orders > 0
    )
    groups.add(pieces.orders - fate.held_orders, spend, cash * (1 - part))
    groups.add(fate.held_orders, spend, cash * part, waiting=True)
    dividends = points.engine.dividends
    known = float(pieces.orders.sum())
    for group, alone in zip(dividends.without_points, dividends.fates, strict=True):
        _of_cohorts(result, dividends, group, alone, groups)
        known += float(alone.orders.sum())
    _without_claims(result, groups, known)


def _of_dividends(result: Result, engine: DividendPoolEngine, groups: _Groups) -> None:
    """Cohorts of each package and rank."""
    line, without = result.line, without_claim(result)
    for group, fate in zip(engine.groups, engine.fates, strict=True):
        _of_cohorts(result, engine, group, fate, groups)
    for number, price in enumerate(line.prices.tolist()):
        groups.add(without[number], price, np.zeros(result.ticks), nothing=True)


def _of_cohorts(
    result: Result, engine: DividendPoolEngine, group: Group, fate: GroupFate, groups: _Groups
) -> None:
    """Cohorts of one package and rank."""
    price, quota = float(result.line.prices[group.package.number]), group.package.quota
    last = np.full(result.ticks, result.ticks - 1)
    done = fate.left * (quota if quota < inf else 0.0)
    each = np.clip(engine.had(group.number, np.arange(result.ticks), last), 0.0, quota)
    waiting = np.minimum(fate.held * each, fate.received)
    groups.add(fate.left, price, done)
    groups.add(fate.held, price, waiting, waiting=True)
    gone = fate.orders - fate.left - fate.held
    gone = np.where(gone > SAME * fate.orders, gone, 0.0)
    groups.add(gone, price, fate.received - done - waiting)


def _of_dividend_pools(result: Result, groups: _Groups) -> None:
    """Several pools together: the average order of each package and day."""
    line, without = result.line, without_claim(result)
    counts = line.counts - without
    received, held = np.zeros_like(counts), np.zeros_like(counts)
    for engine in result.engines.dividends:
        waiting = np.zeros_like(held)
        for group, fate in zip(engine.groups, engine.fates, strict=True):
            received[group.package.number] += fate.received
            waiting[group.package.number] += fate.held
        held = np.maximum(held, waiting)
    held = np.minimum(held, counts)
    part = np.divide(held, counts, out=np.zeros_like(held), where=counts > 0)
    for number, price in enumerate(line.prices.tolist()):
        there, waits = received[number], part[number]
        groups.add(counts[number] - held[number], price, there * (1 - waits))
        groups.add(held[number], price, there * waits, waiting=True)
        groups.add(without[number], price, np.zeros_like(there), nothing=True)


def _of_release(result: Result, engine: ScheduledReleaseEngine, groups: _Groups) -> None:
    """Cohorts of each package; who gave up, by day."""
    line, record = result.line, result.records[0]
    price = line.prices[:, None]
    claim = engine.left if engine.wallet is None else engine.left + engine.wallet
    # Orders that were never placed, because payment had stopped, are not in the line.
    weight = np.minimum(engine.weight, line.counts)
    cash = weight * engine.got
    waits = claim > 0.0
    groups.add(
        np.where(waits, weight, 0.0).ravel(), _each(price, weight), cash.ravel(), waiting=True
    )
    groups.add(np.where(waits, 0.0, weight).ravel(), _each(price, weight), cash.ravel())
    gone = line.counts - weight
    gone = np.where(gone > SAME * line.counts, gone, 0.0)
    number = gone.sum(axis=0)
    mean = np.divide(
        (price * gone).sum(axis=0), number, out=np.zeros_like(number), where=number > 0
    )
    groups.add(number, mean, record.received - cash.sum(axis=0))


def _each(price: Floats, shape: Floats) -> Floats:
    found: Floats = np.broadcast_to(price, shape.shape).ravel()
    return found


def _of_queue(result: Result, engine: RefundQueueEngine, groups: _Groups) -> None:
    """Cohorts of the line: refunded, called and not paid, waiting, and gone."""
    line, spend, refund = result.line, engine.spend, engine.refund
    done = engine.done * refund
    waiting = engine.waiting * np.maximum(refund - engine.left, 0.0)
    called = np.maximum(engine.turn * refund - engine.owed_now, 0.0)
    groups.add(engine.done, spend, done)
    groups.add(engine.waiting, spend, waiting, waiting=True)
    groups.add(engine.turn, spend, called, waiting=True)
    gone = line.orders - engine.done - engine.waiting - engine.turn
    gone = np.where(gone > SAME * line.orders, gone, 0.0)
    groups.add(gone, spend, engine.cash - done - waiting - called, nothing=not engine.qualifies)


def _of_days(result: Result, groups: _Groups) -> None:
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
