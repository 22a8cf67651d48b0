"""What dividends still owe once orders have stopped: they end with the orders."""

from __future__ import annotations

from model.asked.ending import Endings, Holding, Rule, owed_by_joining
from model.mechanisms.dividend_pool.settings import DividendPool
from model.result import Result


class DividendEndings(Endings[DividendPool]):
    """Nothing is paid any more."""

    def rule(self, pool: DividendPool, *, result: Result, account: float) -> Rule:  # noqa: ARG002
        """See :meth:`Endings.rule`."""
        engine = next(e for e in result.engines.dividends if e.settings.name == pool.name)
        record = result.record(pool.name)
        holders = float(record.holders[-1])
        shared = pool in result.scheme.sharing
        quotas = result.scheme.quotas(pool)
        # Under a shared quota what is still owed stands with the points.
        limited = quotas is not None and not shared
        owed = float(record.promised[-1]) if limited else 0.0
        groups: tuple[Holding, ...] = ()
        if limited:
            groups = owed_by_joining(record.held, record.held_value)
        return Rule(
            kind=pool.kind,
            name=pool.name,
            pool=engine.pool,
            owed=owed,
            paid=0.0,
            unpaid=owed,
            holders=holders,
            waiting=holders,
            never=not limited and not shared,
            shared=shared,
            each=owed / holders if holders > 0 else 0.0,
            groups=groups,
        )
