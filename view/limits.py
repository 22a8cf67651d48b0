"""How long a page works out a scheme: what costs too much for one reader among many is cut short.

The model itself has no such limit. Where people leave early, some rules have to look at every day
of joining on every day, so that twice the days cost four times as much.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from model.library import SchemeError
from model.mechanisms import ScheduledRelease
from model.scheme import Scheme
from view.state import Settings

#: Days of a scheme whose cost grows with the square of its days.
MOST_DAYS: Final = 2500


def most_days(scheme: Scheme) -> int | None:
    """The most days that a page works out; None: as many as a scheme may have."""
    people = scheme.behaviour
    leaving = people.sell_share > 0 or people.take_profit is not None
    if not (leaving or people.panic_growth is not None):
        return None
    several = len(scheme.order.choices) > 1
    release = any(isinstance(m, ScheduledRelease) for m in scheme.mechanisms)
    return MOST_DAYS if scheme.sharing or (release and several) else None


def bounded(settings: Settings) -> Settings:
    """The settings, with no more days than a page works out."""
    scheme = settings.scheme()
    most = most_days(scheme)
    if most is None or scheme.horizon <= most:
        return settings
    shorter = replace(settings, changes={**settings.changes, "horizon": most})
    try:
        shorter.scheme()
    except SchemeError:
        return settings  # something else is set for a later day: leave it as it is
    return shorter
