"""What a points pool says: share, points given, fee, and when everybody has to sell."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from model.fields import param
from model.mechanisms.settings import Mechanism
from model.order import Order
from model.platform import Platform


class PointsPool(Mechanism):
    """One points pool: what flows in, what is credited and what a seller is paid."""

    place: ClassVar[int] = 1
    no_exits: ClassVar[Mapping[str, Any]] = MappingProxyType({"exit_multiple": None})

    kind: Literal["points_pool"] = "points_pool"
    name: str = Field(default="points_pool", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.16,
        unit="share",
        ge=0.001,
        le=1,
        step=0.01,
        slider=(0.01, 0.6),
        unsure=(0.05, 0.5),
        label="Share into the pool",
        help="Of every order, this part of the price is paid into the common pool.",
    )
    gift: float = param(
        0.7,
        unit="share",
        ge=0.001,
        le=1,
        step=0.01,
        slider=(0.05, 1.0),
        unsure=(0.5, 1.0),
        label="Given back as points",
        help="The buyer is credited points worth this part of what the order put into the pool.",
    )
    fee: float = param(
        0.2,
        unit="share",
        ge=0,
        lt=1,
        step=0.01,
        slider=(0.0, 0.5),
        unsure=(0.0, 0.3),
        label="Fee on selling points",
        help="This part of the value of points sold is kept back and stays in the pool.",
    )
    launch_price: float = param(
        1.0,
        unit="yuan",
        ge=1e-6,
        le=1e6,
        step=0.1,
        label="Price of a point at launch",
        help="What one point costs before the first order.",
    )
    exit_multiple: float | None = param(
        None,
        unit="multiple",
        ge=0.1,
        le=100,
        step=0.1,
        slider=(0.5, 5.0),
        unsure=(1.0, 3.0),
        label="Forced out at",
        help="Points that have become worth this many times the order are sold by force. "
        "None: never.",
    )
    issue_cap: float | None = param(
        None,
        unit="points",
        ge=0.001,
        le=1e15,
        step=1,
        label="Most points ever issued",
        help="Once this many points have been issued, orders still pay into the pool "
        "and are credited nothing.",
    )
    outside: tuple[tuple[int, float], ...] = param(
        (),
        unit="list",
        label="Outside money",
        help="Pairs of day and yuan: money from a financing round that is paid into the pool.",
    )
    debt: float = param(
        0.0,
        unit="yuan",
        ge=0,
        le=1e13,
        step=1,
        label="Old debt turned into points",
        help="What the platform owes old members and pays in points that no money stands behind.",
    )
    debt_tick: int = param(
        1,
        unit="ticks",
        ge=1,
        le=10_000,
        step=1,
        label="Day of the first batch",
        help="The old debt is turned into points from this day on, before the day's orders.",
    )
    debt_batches: int = param(
        1,
        unit="count",
        ge=1,
        le=60,
        step=1,
        label="Number of batches",
        help="The old debt is released in this many equal batches.",
    )
    debt_interval: int = param(
        30,
        unit="ticks",
        ge=1,
        le=1000,
        step=1,
        label="Days between batches",
        help="Time from one batch of the old debt to the next.",
    )
    redeem_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=0.5,
        step=0.001,
        slider=(0.0, 0.05),
        label="Holders who pay for goods with points each day",
        help="Their points are destroyed and the pool pays nothing.",
    )
    swap_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=0.5,
        step=0.001,
        slider=(0.0, 0.05),
        label="Holders who swap into constant points each day",
        help="Their points go to the platform, which keeps them in circulation; "
        "they receive constant points of the same value, which pay merchants.",
    )
    swap_back_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.5),
        label="Constant points swapped back each day",
        help="Merchants swap this part of the constant points back into points of equal value.",
    )

    @field_validator("outside")
    @classmethod
    def _dated_amounts(cls, value: tuple[tuple[int, float], ...]) -> tuple[tuple[int, float], ...]:
        if len(value) > 1000:
            raise ValueError("at most 1000 payments")
        for tick, amount in value:
            if not 1 <= tick <= 10_000 or not (amount == 0 or 0.01 <= amount <= 1e13):
                raise ValueError("each payment is a day from 1 to 10000 and 0.01 to 1e13 yuan")
        return value

    @property
    def topic(self) -> str:
        """Points of a pool."""
        return "points"

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share

    def limit(self, order: Order, platform: Platform, *, shared: bool) -> float | None:  # noqa: ARG002
        """The most it can pay for the average order, yuan after the fee; None: no forced exit."""
        if self.exit_multiple is None:
            return None
        # Dividends use up a shared quota without a fee.
        return self.exit_multiple * order.mean_spend * (1.0 if shared else 1 - self.fee)
