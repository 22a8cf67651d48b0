"""How the orders of a points pool fared."""

from __future__ import annotations

import numpy as np

from model.asked.standing import SAME, Groups, Stands
from model.result import Result


class PointsPoolStands(Stands):
    """The groups of a run."""

    def fill(self, result: Result, groups: Groups) -> bool:
        """Add them to ``groups``."""
        _of_points(result, groups)
        return True


def _of_points(result: Result, groups: Groups) -> None:
    """Every piece of the line, by how its orders left."""
    pieces, fate, spend = result.pieces, result.fate, result.scheme.order.spend
    joined = pieces.entry - 1
    groups.add(fate.forced_orders, spend, fate.forced_cash, joined=joined)
    groups.add(fate.taken_orders, spend, fate.taken_cash, joined=joined)
    groups.add(fate.even_sold_orders, spend, fate.even_sold_cash, joined=joined)
    groups.add(
        fate.sold_orders - fate.even_sold_orders,
        spend,
        fate.sold_cash - fate.even_sold_cash,
        joined=joined,
    )
    groups.add(
        fate.held_orders, spend, np.zeros_like(fate.held_orders), waiting=True, joined=joined
    )
    gone = fate.forced_orders + fate.taken_orders + fate.sold_orders + fate.held_orders
    used = np.maximum(pieces.orders - gone, 0.0)
    used = np.where(used > SAME * pieces.orders, used, 0.0)
    groups.add(used, spend, fate.goods if groups.goods else np.zeros_like(used), joined=joined)
    without_points(result, groups, float(pieces.orders.sum()))


def without_points(result: Result, groups: Groups, known: float) -> None:
    """Orders that got no points because no more were issued: nothing was or will be paid."""
    rest = float(result.line.orders.sum()) - known
    if rest > SAME * known:
        last = np.array([result.ticks - 1])
        price = result.scheme.order.spend
        groups.add(np.array([rest]), price, np.zeros(1), nothing=True, joined=last)
