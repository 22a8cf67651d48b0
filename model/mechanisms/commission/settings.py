"""What commissions say: to whom a part of each order goes, up to how many levels."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from model.fields import param
from model.mechanisms.settings import Mechanism


class Commission(Mechanism):
    """What is paid to those who bring buyers and shops, out of the part meant for distribution."""

    place: ClassVar[int] = 5
    with_packages: ClassVar[bool] = True
    has_pool: ClassVar[bool] = False

    kind: Literal["commission"] = "commission"
    name: str = Field(default="commission", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    direct: float = param(
        0.003,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.2),
        label="To the recruiter",
        help="The part of a recruit's spending that goes to the recruiter.",
    )
    indirect: float = param(
        0.002,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.2),
        label="To the recruiter's recruiter",
        help="The part of a recruit's spending that goes one generation further up.",
    )
    merchant: float = param(
        0.005,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.1),
        label="To whoever brought the shop",
        help="The part of a shop's sales that goes to whoever recruited the shop.",
    )
    district: float = param(
        0.001,
        unit="share",
        ge=0,
        le=1,
        step=0.0005,
        label="District agent",
        help="The part of the sales in a district that its agent is given.",
    )
    city: float = param(
        0.002,
        unit="share",
        ge=0,
        le=1,
        step=0.0005,
        label="City agent",
        help="The part of a city's sales, less what its district agents are given.",
    )
    province: float = param(
        0.003,
        unit="share",
        ge=0,
        le=1,
        step=0.0005,
        label="Province agent",
        help="The part of a province's sales, less what the agents below are given.",
    )
    districts: int = param(
        0,
        unit="count",
        ge=0,
        le=3000,
        step=1,
        label="Districts sold",
        help="How many districts have an agent who paid for the territory.",
    )
    cities: int = param(
        0,
        unit="count",
        ge=0,
        le=700,
        step=1,
        label="Cities sold",
        help="How many cities have an agent who paid for the territory.",
    )
    provinces: int = param(
        0,
        unit="count",
        ge=0,
        le=40,
        step=1,
        label="Provinces sold",
        help="How many provinces have an agent who paid for the territory.",
    )
    district_price: float = param(
        20_000.0,
        unit="yuan",
        ge=0,
        le=1e8,
        step=1000,
        label="Price of a district",
        help="What a district agent pays the platform for the territory.",
    )
    city_price: float = param(
        100_000.0,
        unit="yuan",
        ge=0,
        le=1e8,
        step=10_000,
        label="Price of a city",
        help="What a city agent pays the platform for the territory.",
    )
    province_price: float = param(
        1_000_000.0,
        unit="yuan",
        ge=0,
        le=1e8,
        step=100_000,
        label="Price of a province",
        help="What a province agent pays the platform for the territory.",
    )
    bonuses: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.1),
        label="Other rewards to leaders",
        help="Level differences, same-rank bonus and dividends for shareholders, in all.",
    )
    prizes: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.1),
        label="Prizes for the largest holders",
        help="Phones, cars, shares for founders and leaders: paid by the platform.",
    )
    circle: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Buyers who use their points in the points shop",
        help="The share of buyers who spend their points, with cash, on goods at list price.",
    )
    circle_points: float = param(
        2.0,
        unit="multiple",
        ge=0,
        le=100,
        step=0.1,
        slider=(0.0, 5.0),
        label="Points for the points shop",
        help="How many times the price a buyer is given in points that pay only with cash beside "
        "them.",
    )
    circle_cash: float = param(
        1.0,
        unit="multiple",
        ge=0,
        le=100,
        step=0.1,
        slider=(0.0, 5.0),
        label="Cash paid beside each point",
        help="Yuan in cash that go with each point spent; goods are listed at both together.",
    )
    circle_shop: float = param(
        0.2,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.5),
        label="Of that cash, to the first shop",
        help="The part of the cash that goes to the shop where the points came from.",
    )
    circle_goods: float = param(
        0.2,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.05, 0.5),
        label="What the goods cost, of the list price",
        help="What the supplier is paid for the goods, as a part of their list price.",
    )

    @model_validator(mode="after")
    def _agents_add_up(self) -> Commission:
        if not self.district <= self.city <= self.province:
            raise ValueError("a city's share must cover its districts', a province's its cities'")
        if self.circle_shop + self.circle_goods * (1 + 1 / max(self.circle_cash, 1e-9)) > 1 and (
            self.circle > 0
        ):
            raise ValueError("the points shop would pay out more cash than it takes in")
        return self

    @property
    def rate(self) -> float:
        """Share of sales paid to recruiters and agents in all."""
        agents = (
            self.province
            if self.provinces
            else self.city
            if self.cities
            else self.district
            if self.districts
            else 0.0
        )
        return self.direct + self.indirect + self.merchant + agents + self.bonuses

    @property
    def topic(self) -> str:
        """What is paid for recruiting."""
        return "commissions"

    @property
    def taken(self) -> float:
        """Share of the price taken beside the named parts: commissions come out of one of them."""
        return 0.0
