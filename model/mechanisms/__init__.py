"""The mechanisms a scheme is made of, one folder each."""

from model.mechanisms.commission import Commission, CommissionEngine
from model.mechanisms.dividend_pool import DividendPool, DividendPoolEngine
from model.mechanisms.points_pool import PointsPool, PointsPoolEngine
from model.mechanisms.refund_queue import RefundQueue, RefundQueueEngine
from model.mechanisms.scheduled_release import ScheduledRelease, ScheduledReleaseEngine

__all__ = [
    "Commission",
    "CommissionEngine",
    "DividendPool",
    "DividendPoolEngine",
    "PointsPool",
    "PointsPoolEngine",
    "RefundQueue",
    "RefundQueueEngine",
    "ScheduledRelease",
    "ScheduledReleaseEngine",
]
