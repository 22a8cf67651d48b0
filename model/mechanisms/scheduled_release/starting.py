"""A daily release's engine."""

from __future__ import annotations

from model.asked.starting import Setup, Starting
from model.mechanisms.scheduled_release import ScheduledRelease, ScheduledReleaseEngine


class ScheduledReleaseStarting(Starting):
    """How its run begins."""

    def start(self, mechanism: ScheduledRelease, run: Setup) -> None:
        """Put an engine for it among the run's."""
        run.engines.beside.append(
            ScheduledReleaseEngine(
                mechanism,
                line=run.line,
                credits_=mechanism.credits(run.scheme.order),
                platform=run.scheme.platform,
                give_up=run.scheme.behaviour.sell_share,
                payments=run.payments(),
            )
        )
