"""The commissions' engine."""

from __future__ import annotations

from model.asked.starting import Setup, Starting
from model.mechanisms.commission import Commission, CommissionEngine


class CommissionStarting(Starting):
    """How its run begins."""

    def start(self, mechanism: Commission, run: Setup) -> None:
        """Put an engine for it among the run's."""
        budget = run.scheme.split().get("distribution", 0.0)
        run.engines.beside.append(CommissionEngine(mechanism, line=run.line, budget=budget))
