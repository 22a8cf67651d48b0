"""What buyers of a day are still to be released, and the orders it takes."""

from __future__ import annotations

from math import ceil

from model.asked.person import Need, Persons, never
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.result import Result


class ReleasePersons(Persons[ScheduledRelease]):
    """So many orders bring as much as is owed to everybody who waits."""

    def needs(self, release: ScheduledRelease, *, result: Result, day: int) -> list[Need]:
        """See :meth:`Persons.needs`."""
        engine, record = result.engines.release, result.record(release.name)
        if engine is None:
            return []
        if engine.stopped:
            return never(result, release, day, fee=engine.fee)
        held = float(record.held[day - 1])
        if held <= 0:
            return []
        promised, account = float(record.promised[-1]), 0.0
        if result.account is not None:
            account = max(float(result.account.balance[-1]), 0.0)
        lacks = max(promised * (1 - engine.fee) - engine.pool - account, 0.0)
        return [
            Need(
                kind=release.kind,
                goal="all",
                amount=float(record.held_value[day - 1]) / held * (1 - engine.fee),
                orders=float(ceil(lacks / (release.share * result.scheme.order.mean_spend))),
                owed_to_all=promised,
            )
        ]
