"""A dividend pool's engine."""

from __future__ import annotations

from model.asked.starting import Setup, Starting
from model.mechanisms.dividend_pool import DividendPool, DividendPoolEngine


class DividendPoolStarting(Starting):
    """How its run begins."""

    def start(self, mechanism: DividendPool, run: Setup) -> None:
        """Put an engine for it among the run's."""
        if mechanism.shares:
            return  # it has begun with the points pool's
        run.engines.beside.append(
            DividendPoolEngine(
                mechanism,
                line=run.line,
                units=mechanism.units(run.scheme.order),
                quotas=mechanism.quotas(run.scheme.order),
                give_up=run.scheme.behaviour.sell_share,
            )
        )
