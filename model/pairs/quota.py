"""Which dividends share a points pool's quota, and with what that goes together."""

from __future__ import annotations

from collections.abc import Iterable

from model.behaviour import Behaviour
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.settings import Mechanism


def sharing(mechanisms: Iterable[Mechanism]) -> tuple[DividendPool, ...]:
    """The dividend pools among ``mechanisms`` whose quota is the points pool's forced exit."""
    return tuple(pool for pool in DividendPool.among(mechanisms) if pool.shares)


def may_share(pools: tuple[DividendPool, ...], behaviour: Behaviour) -> None:
    """Raise ValueError where these ``pools`` cannot share it."""
    if len(pools) > 1:
        raise ValueError("at most one dividend pool can share the points pool's quota")
    if pools and behaviour.take_profit is not None:
        raise ValueError("behaviour.take_profit: not with a quota shared with dividends")
