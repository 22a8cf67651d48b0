"""What schemes are compared by, of a scheduled release."""

from __future__ import annotations

from model.mechanisms.scheduled_release import ScheduledRelease
from view.mechanisms.compare import Compared


class ReleaseCompared(Compared):
    """So much is due every day."""

    def fixed(self, mechanism: ScheduledRelease) -> bool:
        return True

    def owes(self, mechanism: ScheduledRelease) -> bool:
        return True
