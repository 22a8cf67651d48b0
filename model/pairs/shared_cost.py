"""What a points pool and dividends under its quota cost because of each other."""

from __future__ import annotations

from model.mechanisms.dividend_pool.settings import RANKS
from model.scheme import Scheme


def lines_of_orders(scheme: Scheme) -> int:
    """How many lines of orders a points pool keeps: one for each rank where a quota is shared."""
    if scheme.sharing:
        return 2 + RANKS * (scheme.sharing[0].rank_share > 0)
    return 1


def leaving(scheme: Scheme) -> bool:
    """Whether points are let go of on any day, by part of all holders."""
    people, pool = scheme.behaviour, scheme.pool
    uses = pool.redeem_share > 0 or pool.swap_share > 0
    return people.sell_share > 0 or people.panic_growth is not None or uses
