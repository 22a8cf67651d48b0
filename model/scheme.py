"""A scheme as data: one order's price and its split, its mechanisms, demand and behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from model.behaviour import Behaviour
from model.demand import Demand
from model.fields import Frozen, Parameter, param, parameters
from model.mechanisms import PointsPool

#: Longest run: 27 years of days. Bounds the cost of whatever is typed.
MAX_HORIZON = 10_000

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
    parts: Parts = Parts()
    rest: Recipient = param(
        "unstated",
        unit="choice",
        label="Who gets the rest",
        help="Who keeps what neither the pool nor a named part takes.",
    )


class Scheme(Frozen):
    """Everything one run needs. Build it with :func:`model.load`."""

    id: str = Field(default="own", pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    revision: int = Field(default=1, ge=1, le=10_000)
    tick: Literal["day", "order"] = param(
        "day",
        unit="choice",
        label="One step is",
        help="A day with its orders, or a single order.",
    )
    horizon: int = param(
        365,
        unit="ticks",
        ge=1,
        le=MAX_HORIZON,
        step=1,
        slider=(30, 1825),
        label="Days shown",
        help="How many steps are run.",
    )
    order: Order = Order()
    demand: Demand = Demand()
    behaviour: Behaviour = Behaviour()
    # The next families join here as a union told apart by ``kind``.
    mechanisms: tuple[PointsPool, ...] = Field(default=(PointsPool(),), min_length=1, max_length=1)

    @field_validator("mechanisms")
    @classmethod
    def _names_differ(cls, value: tuple[PointsPool, ...]) -> tuple[PointsPool, ...]:
        names = [mechanism.name for mechanism in value]
        taken = [name for name in names if names.count(name) > 1 or name in cls.model_fields]
        if taken:
            raise ValueError(
                f"the name {taken[0]!r} is already taken; each mechanism needs its own"
            )
        return value

    @model_validator(mode="after")
    def _pool_within_price(self) -> Scheme:
        taken = sum(mechanism.share for mechanism in self.mechanisms)
        if taken > 1 + 1e-12:
            raise ValueError(
                f"the mechanisms take {taken:.0%} of the price; at most 100 % is there"
            )
        return self

    @property
    def pool(self) -> PointsPool:
        """The scheme's points pool."""
        return self.mechanisms[0]

    @property
    def most_paid(self) -> float | None:
        """The most one order can ever be paid by the rule, in yuan after the fee; None: no limit.

        A forced exit at m pays (1 - fee) m spend and no more (docs/model.md).
        """
        multiple = self.pool.exit_multiple
        return None if multiple is None else (1 - self.pool.fee) * multiple * self.order.spend

    def split(self) -> dict[str, float]:
        """Where one order's price goes, recipient -> share of the price; adds up to 1.

        The pool comes first. Named parts that no longer fit are cut in proportion, so that moving
        the pool's share never spends more than the price; ``oversubscribed`` says when.
        """
        pool = sum(mechanism.share for mechanism in self.mechanisms)
        named = {name: getattr(self.order.parts, name) for name in Parts.model_fields}
        total = sum(named.values())
        room = max(1.0 - pool, 0.0)
        scale = min(1.0, room / total) if total > 0 else 1.0
        shares = {"pool": pool, **{name: share * scale for name, share in named.items()}}
        shares["unstated"] = 0.0
        shares[self.order.rest] += max(room - total * scale, 0.0)
        return {name: share for name, share in shares.items() if share > 1e-15}

    @property
    def oversubscribed(self) -> bool:
        """Whether the named parts and the pool together want more than the price."""
        named: float = sum(getattr(self.order.parts, name) for name in Parts.model_fields)
        return named + sum(m.share for m in self.mechanisms) > 1 + 1e-9

    def get(self, key: str) -> Any:
        """The value at a dotted path such as ``points_pool.fee``."""
        holder: Any = self
        *groups, name = key.split(".")
        for group in groups:
            holder = self.mechanism(group) or getattr(holder, group)
        return getattr(holder, name)

    def mechanism(self, name: str) -> PointsPool | None:
        """The mechanism called ``name``, or None."""
        return next((m for m in self.mechanisms if m.name == name), None)


def scheme_parameters(scheme: Scheme | None = None) -> Mapping[str, Parameter]:
    """Every parameter by its dotted key, for ``scheme`` or for a scheme with default names."""
    if scheme is None:
        return named_parameters(("points_pool",))
    return named_parameters(tuple(mechanism.name for mechanism in scheme.mechanisms))


@lru_cache(maxsize=64)
def named_parameters(mechanisms: tuple[str, ...]) -> Mapping[str, Parameter]:
    """Every parameter of a scheme whose points pools have these names."""
    groups: list[tuple[type[Frozen], str]] = [
        (Scheme, ""),
        (Order, "order."),
        (Parts, "order.parts."),
        (Demand, "demand."),
        (Behaviour, "behaviour."),
        *((PointsPool, f"{name}.") for name in mechanisms),
    ]
    found: dict[str, Parameter] = {}
    for model, prefix in groups:
        found.update((p.key, p) for p in parameters(model, prefix=prefix))
    return MappingProxyType(found)
