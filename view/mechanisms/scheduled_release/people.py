"""What a scheduled release says of how its money spreads over people."""

from __future__ import annotations

from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme
from view.mechanisms.people import People
from view.words.format import percent
from view.words.words import Words


class ReleasePeople(People):
    """Stars count who was brought."""

    def share(self, mechanism: ScheduledRelease, w: Words) -> list[str]:
        return [w("assume.share", share=percent(mechanism.share, w.lang))]

    def how(self, mechanism: ScheduledRelease, scheme: Scheme, w: Words) -> list[str]:
        return [w("people.how.stars")] if mechanism.stars else []
