"""What a daily release says: credit, daily rate, and what recruits add."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from model.fields import param
from model.mechanisms.settings import Mechanism
from model.order import Order
from model.platform import Platform


class ScheduledRelease(Mechanism):
    """Each order is credited a multiple of its price, released as cash from the next day on."""

    place: ClassVar[int] = 3
    with_packages: ClassVar[bool] = True

    kind: Literal["scheduled_release"] = "scheduled_release"
    name: str = Field(default="scheduled_release", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.3,
        unit="share",
        ge=0.001,
        le=1,
        step=0.01,
        slider=(0.01, 1.0),
        unsure=(0.1, 1.0),
        label="Share of sales that may be paid out",
        help="This part of every order is there to pay what is released.",
    )
    gift_multiple: float = param(
        3.0,
        unit="multiple",
        ge=0.01,
        le=100,
        step=0.1,
        slider=(0.5, 5.0),
        unsure=(1.0, 4.0),
        label="Credit for one order",
        help="The buyer is credited this many times the price in points.",
    )
    package_multiples: tuple[float, ...] = param(
        (),
        unit="list",
        label="Credit of each package",
        help="How many times its price each package is credited; without a list, the same for all.",
    )
    daily_rate: float = param(
        0.012,
        unit="share",
        ge=0.00001,
        le=1,
        step=0.001,
        slider=(0.001, 0.05),
        unsure=(0.002, 0.02),
        label="Released each day",
        help="This part is released as cash every day until the credit is used up.",
    )
    basis: Literal["price", "balance"] = param(
        "price",
        unit="choice",
        label="Part of",
        help="The daily release is a part of the order's price, or of the credit that is left.",
    )
    first_generation: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Faster by direct recruits",
        help="A recruiter is also released this part of what direct recruits release that day, "
        "out of the recruiter's own credit.",
    )
    second_generation: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Faster by recruits' recruits",
        help="The same for the recruits of one's recruits.",
    )
    stars: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Team stars",
        help="Pairs of team sales in yuan and a share: from so much on, a leader is released this "
        "share of what the team releases, less what the leaders below are given.",
    )
    rewards: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Points held and yuan a task",
        help="Pairs of points and yuan: whoever holds at least so many points is paid so much for "
        "each task. With this list, tasks and not days release the credit.",
    )
    tasks: float = param(
        1.0,
        unit="count",
        ge=0,
        le=1000,
        step=1,
        slider=(0, 10),
        label="Tasks done a day",
        help="How many advertisements one buyer watches in a day.",
    )
    ad_share: float = param(
        0.25,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 1.0),
        label="Tasks with an outside payer",
        help="The share of tasks that are advertisements of others, who pay for them.",
    )
    ad_income: float = param(
        0.1,
        unit="yuan",
        ge=0,
        le=1000,
        step=0.01,
        slider=(0.0, 5.0),
        label="Paid by the advertiser for one view",
        help="What an advertiser pays the platform for one view.",
    )

    @field_validator("package_multiples")
    @classmethod
    def _few(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) > 12 or any(not 0.01 <= number <= 100 for number in value):
            raise ValueError("at most 12 numbers, each from 0.01 to 100")
        return value

    @field_validator("stars", "rewards")
    @classmethod
    def _rising(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if len(value) > 12 or any(not 0 <= n <= 1e12 for pair in value for n in pair):
            raise ValueError("at most 12 pairs of numbers from 0 to 1e12")
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(value)):
            raise ValueError("both numbers must rise from pair to pair")
        return value

    @model_validator(mode="after")
    def _shares(self) -> ScheduledRelease:
        if any(share > 1 for _, share in self.stars):
            raise ValueError("stars: each share at most 1")
        return self

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share

    @property
    def topic(self) -> str:
        """Tasks, or days, release the credit."""
        return "tasks" if self.rewards else "release"

    def credits(self, order: Order) -> tuple[float, ...]:
        """What each package is credited, yuan."""
        multiples = self.package_multiples or (self.gift_multiple,) * len(order.choices)
        return tuple(
            multiple * price for multiple, (price, _) in zip(multiples, order.choices, strict=True)
        )

    def limit(self, order: Order, platform: Platform, *, shared: bool) -> float | None:  # noqa: ARG002
        """The most it can pay for the average order, yuan after the fee."""
        credited = self.credits(order)
        paid = sum(c * part for c, (_, part) in zip(credited, order.choices, strict=True))
        return paid * (1 - platform.withdrawal_fee)

    def limit_for(self, package: int, order: Order, platform: Platform) -> float | None:
        """The most it can pay for one ``package`` (from 0) of several, yuan after the fee."""
        return self.credits(order)[package] * (1 - platform.withdrawal_fee)
