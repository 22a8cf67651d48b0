"""What a refund queue says: how much is refunded, and out of what."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from model.fields import param
from model.mechanisms.settings import Mechanism
from model.order import Order
from model.platform import Platform


class RefundQueue(Mechanism):
    """One line of orders waiting to be refunded."""

    place: ClassVar[int] = 4

    kind: Literal["refund_queue"] = "refund_queue"
    name: str = Field(default="refund_queue", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.2,
        unit="share",
        ge=0.001,
        le=1,
        step=0.01,
        slider=(0.01, 0.8),
        unsure=(0.05, 0.5),
        label="Share of sales for refunds",
        help="This part of every order is paid into the refund pool.",
    )
    refund: float = param(
        1.0,
        unit="multiple",
        ge=0.01,
        le=10,
        step=0.05,
        slider=(0.1, 2.0),
        unsure=(0.5, 1.1),
        label="Refunded",
        help="How many times the price an order in the line is refunded.",
    )
    lock: int = param(
        0,
        unit="ticks",
        ge=0,
        le=3650,
        step=1,
        slider=(0, 90),
        label="Days before an order can be refunded",
        help="An order waits at least this long.",
    )
    rule: Literal["pool", "shared", "own"] = param(
        "pool",
        unit="choice",
        label="Whose turn it is",
        help="As the pool allows; or in one shared line, every so many newcomers pay the one in "
        "front; or each order waits for its own newcomers.",
    )
    newcomers: int = param(
        3,
        unit="count",
        ge=1,
        le=100,
        step=1,
        slider=(1, 10),
        label="Newcomers for one refund",
        help="How many qualifying orders must follow before one is refunded.",
    )
    threshold: float = param(
        0.0,
        unit="yuan",
        ge=0,
        le=1e7,
        step=100,
        label="Smallest order that counts",
        help="Orders below this amount neither count nor are refunded.",
    )
    advance: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.5),
        label="Paid ahead for a recruit",
        help="A recruiter whose own order is waiting is paid this part of the recruit's order at "
        "once; it is taken off what the recruiter waits for.",
    )
    advance_payer: Literal["pool", "platform"] = param(
        "pool",
        unit="choice",
        label="Who pays that",
        help="The refund pool, or the platform's account as far as it reaches.",
    )

    @property
    def topic(self) -> str:
        """A queue."""
        return "queue"

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share

    def limit(self, order: Order, platform: Platform, *, shared: bool) -> float | None:  # noqa: ARG002
        """The most it can pay for the average order, yuan."""
        spend = order.mean_spend
        return self.refund * spend if spend >= self.threshold else 0.0
