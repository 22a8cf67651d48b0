"""What a pitch publishes of a daily release: the credit, and the growth it needs."""

from __future__ import annotations

import math

from model.asked.published import Published
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.order import Order
from model.platform import Platform


class PublishedRelease(Published):
    """Figures of a daily release."""

    def credits(self, mechanism: ScheduledRelease, order: Order) -> tuple[float, ...]:
        """What each package is credited, yuan."""
        return mechanism.credits(order)

    def growth(self, mechanism: ScheduledRelease, platform: Platform) -> float:
        """See :func:`model.published.continuous_growth`."""
        multiple = mechanism.gift_multiple * (1 - platform.withdrawal_fee)
        if multiple <= mechanism.share:
            return 0.0
        if mechanism.basis == "balance":
            return mechanism.daily_rate * (multiple / mechanism.share - 1)
        length = mechanism.gift_multiple / mechanism.daily_rate

        def paid(growth: float) -> float:
            return multiple * -math.expm1(-growth * length) / (growth * length)

        low, high = 1e-12, multiple / (mechanism.share * length)
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if paid(middle) > mechanism.share else (low, middle)
        return high
