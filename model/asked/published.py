"""What a pitch publishes of the one mechanism that has it."""

from __future__ import annotations

from typing import Any

from model.order import Order
from model.platform import Platform


class Published:
    """Figures of a rule itself, beside those of a run; a mechanism that has none says None."""

    def credits(self, mechanism: Any, order: Order) -> tuple[float, ...] | None:  # noqa: ARG002
        """What each package is credited, yuan."""
        return None

    def growth(self, mechanism: Any, platform: Platform) -> float | None:  # noqa: ARG002
        """Growth of sales a tick, continuously compounded, that it needs for ever."""
        return None
