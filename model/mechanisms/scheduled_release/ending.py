"""What a release can still pay once orders have stopped."""

from __future__ import annotations

from model.asked.ending import Endings, Rule, owed_by_joining
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.result import Result


class ReleaseEndings(Endings[ScheduledRelease]):
    """Everybody is released the same part of what is owed, until the money is gone."""

    def rule(self, mechanism: ScheduledRelease, *, result: Result, account: float) -> Rule | None:  # noqa: ARG002
        """See :meth:`Endings.rule`."""
        engine = result.engines.release
        if engine is None:
            return None
        record = result.record(engine.settings.name)
        holders = float(record.holders[-1])
        owed = max(float(record.promised[-1]), 0.0) * (1 - engine.fee)
        there = engine.pool + (0.0 if engine.stopped else account)
        paid = 0.0 if engine.stopped else min(there, owed)
        each = owed / holders if holders > 0 else 0.0
        part = paid / owed if owed > 0 else 0.0
        settings = engine.settings
        a_day = 0.0
        if settings.rewards and not engine.stopped:
            a_day = settings.ad_share * settings.ad_income * settings.tasks * holders
        return Rule(
            kind=engine.settings.kind,
            name=engine.settings.name,
            pool=there,
            owed=owed,
            paid=paid,
            unpaid=owed - paid,
            holders=holders,
            waiting=holders if part < 1 - 1e-12 else 0.0,
            each=each,
            first=each * part,
            middle=each * part,
            last=each * part,
            a_day=a_day,
            groups=owed_by_joining(record.held, record.held_value * (1 - engine.fee)),
        )
