"""A daily release: what an order is credited is paid out in small daily parts."""

from model.mechanisms.scheduled_release.engine import ScheduledReleaseEngine
from model.mechanisms.scheduled_release.settings import ScheduledRelease

__all__ = ["ScheduledRelease", "ScheduledReleaseEngine"]
