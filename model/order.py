"""One order: its price or its packages, and who is named as getting a part of it."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from model.fields import Frozen, param

MAX_PACKAGES = 12

Recipient = Literal["unstated", "goods", "merchant", "platform", "distribution"]
#: Who can be named as getting a part of the price, in the order the pages show them.
RECIPIENTS: tuple[Recipient, ...] = ("goods", "merchant", "platform", "distribution", "unstated")


class Parts(Frozen):
    """Named parts of the price beside what the mechanisms take."""

    goods: float = param(
        0.0, unit="share", ge=0, le=1, step=0.01, label="For the goods", help="Cost of the goods."
    )
    merchant: float = param(
        0.0, unit="share", ge=0, le=1, step=0.01, label="For the shop", help="Kept by the shop."
    )
    platform: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        label="For the platform",
        help="Kept by the platform.",
    )
    distribution: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        label="For recruiters and agents",
        help="Commissions for recruiting.",
    )


class Order(Frozen):
    """One order: what the buyer pays and where it goes at once."""

    spend: float = param(
        1000.0,
        unit="yuan",
        ge=0.01,
        le=1e7,
        step=10,
        slider=(10, 10_000),
        label="Price of one order",
        help="What one buyer pays for one order.",
    )
    goods_value: float | None = param(
        None,
        unit="yuan",
        ge=0,
        le=1e7,
        step=10,
        label="What the goods cost elsewhere",
        help="What the same goods cost in an ordinary shop; none if nobody knows.",
    )
    packages: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Packages",
        help="Pairs: the price of a package as a multiple of one order's, and the share of orders "
        "that choose it.",
    )
    parts: Parts = Parts()
    rest: Recipient = param(
        "unstated",
        unit="choice",
        label="Who gets the rest",
        help="Who keeps what neither the pool nor a named part takes.",
    )

    @field_validator("packages")
    @classmethod
    def _shares_add_up(
        cls, value: tuple[tuple[float, float], ...]
    ) -> tuple[tuple[float, float], ...]:
        if len(value) > MAX_PACKAGES:
            raise ValueError(f"at most {MAX_PACKAGES} packages")
        if any(not 0.001 <= price <= 10_000 or not 0 < share <= 1 for price, share in value):
            raise ValueError("each package is 0.001 to 10000 times the price and more than 0 to 1")
        if value and abs(sum(share for _, share in value) - 1) > 1e-6:
            raise ValueError("the shares of the packages must add up to 1")
        return value

    @property
    def choices(self) -> tuple[tuple[float, float], ...]:
        """(price in yuan, share of orders) of each package; one if there is only one price."""
        if not self.packages:
            return ((self.spend, 1.0),)
        return tuple((price * self.spend, share) for price, share in self.packages)

    @property
    def mean_spend(self) -> float:
        """What the average order costs, yuan."""
        return sum(price * share for price, share in self.choices)
