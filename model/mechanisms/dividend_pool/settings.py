"""What a dividend pool says: share, units, quotas, ranks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from model.fields import param
from model.mechanisms.settings import Mechanism
from model.order import Order
from model.platform import Platform

#: Ranks V1 to V10.
RANKS = 10


class DividendPool(Mechanism):
    """One dividend pool: what is divided, over which units, and until when."""

    place: ClassVar[int] = 2
    once: ClassVar[bool] = False
    with_packages: ClassVar[bool] = True

    kind: Literal["dividend_pool"] = "dividend_pool"
    name: str = Field(default="dividend_pool", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    share: float = param(
        0.1,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.01, 0.6),
        unsure=(0.03, 0.2),
        label="Share of sales divided each day",
        help="This part of the day's sales is divided over all units that still earn.",
    )
    spend_per_unit: float = param(
        2000.0,
        unit="yuan",
        ge=0.01,
        le=1e7,
        step=100,
        label="Spending for one unit",
        help="A buyer is given one dividend unit for this much spending.",
    )
    quota_multiple: float | None = param(
        2.0,
        unit="multiple",
        ge=0.01,
        le=100,
        step=0.1,
        slider=(0.5, 5.0),
        unsure=(1.0, 3.0),
        label="Paid until",
        help="Units stop earning once their holder was paid this many times the price. "
        "None: never.",
    )
    package_units: tuple[float, ...] = param(
        (),
        unit="list",
        label="Units of each package",
        help="Units that come with each package; without a list, by the price.",
    )
    package_quotas: tuple[float, ...] = param(
        (),
        unit="list",
        label="Quota of each package",
        help="How many times its price each package can be paid; without a list, the same for all.",
    )
    levels: tuple[tuple[float, float], ...] = param(
        (),
        unit="list",
        label="Points and units",
        help="Pairs of points and units: from so many points on, a buyer has so many units. "
        "Below the first pair a buyer has none.",
    )
    points_rate: float = param(
        1.0,
        unit="share",
        ge=0.0001,
        le=10,
        step=0.01,
        slider=(0.01, 1.0),
        label="Points for one yuan",
        help="Points credited for each yuan spent, where units depend on points.",
    )
    rank_share: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.3),
        label="Share of sales for the rank pots",
        help="This part of the day's sales is cut into ten equal pots, one for each rank. "
        "A pot is divided equally over its members; a higher rank takes part in every lower pot.",
    )
    rank_reached: tuple[float, ...] = param(
        (0.2, 0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125, 0.0015625, 0.00078125, 0.000390625),
        unit="list",
        label="Buyers who reach each rank",
        help="The share of buyers with at least rank V1, V2, ... V10.",
    )
    referral_rate: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.3),
        label="Units from each generation of recruits",
        help="A recruiter is also given this part of the units of every recruit, "
        "for each generation that counts.",
    )
    referral_generations: int = param(
        5,
        unit="count",
        ge=1,
        le=20,
        step=1,
        label="Generations that count",
        help="How many generations of recruits bring units.",
    )
    package_generations: tuple[float, ...] = param(
        (),
        unit="list",
        label="Generations of each package",
        help="How many generations count for the holder of each package; "
        "without a list, the same for all.",
    )
    issue_cap: float | None = param(
        None,
        unit="points",
        ge=0.001,
        le=1e15,
        step=1,
        label="Most units ever issued",
        help="Once this many units have been issued, new orders are given none.",
    )
    divided_over: Literal["live", "all"] = param(
        "live",
        unit="choice",
        label="Divided over",
        help="Over the units that still earn, or over all units ever issued; "
        "then the part of the others stays in the pool.",
    )
    interval: int = param(
        1,
        unit="ticks",
        ge=1,
        le=366,
        step=1,
        label="Days from one payment to the next",
        help="The dividend is collected over this many days and then paid.",
    )
    shared_quota: Literal["own", "points_pool"] = param(
        "own",
        unit="choice",
        label="The quota counts",
        help="Only these dividends, or also what the points pool pays: then the points pool's "
        "forced exit is the quota, dividends use it up, and a holder who leaves is out of both.",
    )

    @field_validator("package_units", "package_quotas", "package_generations")
    @classmethod
    def _few(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) > 12 or any(not 0 <= number <= 1e6 for number in value):
            raise ValueError("at most 12 numbers, each from 0 to 1000000")
        return value

    @field_validator("levels")
    @classmethod
    def _rising(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if len(value) > 12 or any(not 0 <= n <= 1e9 for pair in value for n in pair):
            raise ValueError("at most 12 pairs of numbers from 0 to 1000000000")
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(value)):
            raise ValueError("points must rise from pair to pair, and units must not fall")
        return value

    @field_validator("rank_reached")
    @classmethod
    def _falling(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) != RANKS or any(not 0 <= share <= 1 for share in value):
            raise ValueError(f"{RANKS} shares, each from 0 to 1")
        if any(a < b for a, b in pairwise(value)):
            raise ValueError("shares must not rise from rank to rank")
        return value

    @model_validator(mode="after")
    def _something_to_divide(self) -> DividendPool:
        if self.share + self.rank_share < 0.001 or self.share + self.rank_share > 1 + 1e-12:
            raise ValueError("share and rank_share together must be 0.001 to 1")
        return self

    @property
    def taken(self) -> float:
        """Share of the price this mechanism takes."""
        return self.share + self.rank_share

    @property
    def topic(self) -> str:
        """Units from a level of points on, or for everybody."""
        return "levels" if self.levels else "dividends"

    @property
    def shares(self) -> bool:
        """Whether its quota is the points pool's forced exit."""
        return self.shared_quota == "points_pool"

    def fits(self, order: Order, beside: Iterable[Mechanism]) -> None:
        """Raise ValueError also where there is no points pool to share a quota with."""
        super().fits(order, beside)
        if self.shares and not any(m.kind == self.shared_quota for m in beside):
            raise ValueError(f"{self.name}.shared_quota: there is no points pool")

    def quotas(self, order: Order) -> tuple[float, ...] | None:
        """What each package can be paid, yuan; None: without end."""
        if self.quota_multiple is None:
            return None
        multiples = self.package_quotas or (self.quota_multiple,) * len(order.choices)
        return tuple(
            multiple * price for multiple, (price, _) in zip(multiples, order.choices, strict=True)
        )

    def units(self, order: Order) -> tuple[float, ...]:
        """Units that come with each package."""
        if self.levels:
            return tuple(
                max(
                    (units for points, units in self.levels if points <= have * (1 + 1e-12)),
                    default=0.0,
                )
                for have in (price * self.points_rate for price, _ in order.choices)
            )
        return self.package_units or tuple(
            price / self.spend_per_unit for price, _ in order.choices
        )

    def limit(self, order: Order, platform: Platform, *, shared: bool) -> float | None:  # noqa: ARG002
        """The most it can pay for the average order, yuan; nothing beyond a shared quota."""
        if self.shares:
            return 0.0
        quotas = self.quotas(order)
        if quotas is None:
            return None
        return sum(q * share for q, (_, share) in zip(quotas, order.choices, strict=True))

    def limit_for(self, package: int, order: Order, platform: Platform) -> float | None:  # noqa: ARG002
        """The most it can pay for one ``package`` (from 0) of several, yuan; None: no limit."""
        quotas = self.quotas(order)
        if quotas is not None:
            return quotas[package]
        return None if self.units(order)[package] > 0 or self.rank_share > 0 else 0.0
