"""How the orders fared where dividends share a points pool's quota."""

from __future__ import annotations

import numpy as np

from model.asked.standing import Groups
from model.mechanisms.dividend_pool.standing import of_cohorts
from model.mechanisms.points_pool.standing import without_points
from model.pairs.shared_result import SharedResult
from model.result import Result


def of_shared(result: Result, points: SharedResult, groups: Groups) -> None:
    """Pieces of each rank: points and dividends together."""
    pieces, fate, spend = points.pieces, points.fate, result.scheme.order.spend
    cash = fate.forced_cash + fate.taken_cash + fate.sold_cash + points.dividends_by_piece
    if groups.goods:
        cash = cash + fate.goods
    part = np.divide(
        fate.held_orders, pieces.orders, out=np.zeros_like(cash), where=pieces.orders > 0
    )
    groups.add(pieces.orders - fate.held_orders, spend, cash * (1 - part), joined=pieces.entry - 1)
    groups.add(fate.held_orders, spend, cash * part, waiting=True, joined=pieces.entry - 1)
    dividends = points.engine.dividends
    known = float(pieces.orders.sum())
    for group, alone in zip(dividends.without_points, dividends.fates, strict=True):
        of_cohorts(result, dividends, group, alone, groups)
        known += float(alone.orders.sum())
    without_points(result, groups, known)
