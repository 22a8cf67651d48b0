"""A scheme as data: one order's price and its split, its mechanisms, demand and behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from model.behaviour import Behaviour
from model.demand import Demand
from model.fields import Frozen, Parameter, param, parameters
from model.mechanisms import (
    Commission,
    DividendPool,
    PointsPool,
    RefundQueue,
    ScheduledRelease,
)
from model.platform import Platform

#: Longest run: 27 years of days. Bounds the cost of whatever is typed.
MAX_HORIZON = 10_000
#: More mechanisms than this are nobody's offer.
MAX_MECHANISMS = 8
MAX_PACKAGES = 12

Mechanism = PointsPool | DividendPool | ScheduledRelease | RefundQueue | Commission
#: Every kind of mechanism, in the order the pages name them.
KINDS: Mapping[str, type[Mechanism]] = MappingProxyType(
    {
        "points_pool": PointsPool,
        "dividend_pool": DividendPool,
        "scheduled_release": ScheduledRelease,
        "refund_queue": RefundQueue,
        "commission": Commission,
    }
)

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
    platform: Platform = Platform()
    mechanisms: tuple[Annotated[Mechanism, Field(discriminator="kind")], ...] = Field(
        default=(PointsPool(),), min_length=1, max_length=MAX_MECHANISMS
    )

    @field_validator("mechanisms")
    @classmethod
    def _names_differ(cls, value: tuple[Mechanism, ...]) -> tuple[Mechanism, ...]:
        names = [mechanism.name for mechanism in value]
        reserved = {*cls.model_fields, *(set(KINDS) - {m.kind for m in value if m.name == m.kind})}
        taken = [name for name in names if names.count(name) > 1 or name in reserved]
        if taken:
            raise ValueError(
                f"the name {taken[0]!r} is already taken; each mechanism needs its own"
            )
        for kind in ("points_pool", "scheduled_release", "refund_queue", "commission"):
            if sum(mechanism.kind == kind for mechanism in value) > 1:
                raise ValueError(f"at most one {kind} in a scheme")
        return value

    @model_validator(mode="after")
    def _pool_within_price(self) -> Scheme:
        taken = sum(mechanism.taken for mechanism in self.mechanisms)
        if taken > 1 + 1e-12:
            raise ValueError(
                f"the mechanisms take {taken:.0%} of the price; at most 100 % is there"
            )
        return self

    @model_validator(mode="after")
    def _fit_together(self) -> Scheme:
        """Lists by package are as long as the packages; what needs a points pool has one."""
        size = len(self.order.choices)
        if self.order.packages and any(
            m.kind in {"points_pool", "refund_queue"} for m in self.mechanisms
        ):
            raise ValueError("packages go with dividends and daily release only")
        for mechanism in self.mechanisms:
            for name, value in mechanism:
                if name.startswith("package_") and value and len(value) != size:
                    raise ValueError(f"{mechanism.name}.{name}: one number for each of {size}")
            if (
                isinstance(mechanism, DividendPool)
                and mechanism.shared_quota == "points_pool"
                and self.first("points_pool") is None
            ):
                raise ValueError(f"{mechanism.name}.shared_quota: there is no points pool")
        sharing = self.sharing
        if len(sharing) > 1:
            raise ValueError("at most one dividend pool can share the points pool's quota")
        if sharing and self.behaviour.take_profit is not None:
            raise ValueError("behaviour.take_profit: not with a quota shared with dividends")
        return self

    @property
    def sharing(self) -> tuple[DividendPool, ...]:
        """The dividend pools that share the points pool's quota."""
        return tuple(
            m
            for m in self.mechanisms
            if isinstance(m, DividendPool) and m.shared_quota == "points_pool"
        )

    def first(self, kind: str) -> Mechanism | None:
        """The first mechanism of a kind, or None."""
        return next((m for m in self.mechanisms if m.kind == kind), None)

    @property
    def points_pool(self) -> PointsPool | None:
        """The scheme's points pool, if it has one."""
        found = self.first("points_pool")
        return found if isinstance(found, PointsPool) else None

    @property
    def pool(self) -> PointsPool:
        """The scheme's points pool; raises LookupError where there is none."""
        found = self.points_pool
        if found is None:
            raise LookupError(f"{self.id} has no points pool")
        return found

    @property
    def most_paid(self) -> float | None:
        """The most one order can ever be paid by the rule, in yuan after fees; None: no limit.

        Per yuan spent by the average order. A forced exit at m pays (1 - fee) m spend and no more;
        dividends stop at their quota, a release at its credit, a queue at its refund. What several
        mechanisms pay adds up, unless they share a quota (docs/model.md).
        """
        limits = [self.limit(mechanism) for mechanism in self.mechanisms]
        total = 0.0
        for limit in limits:
            if limit is None:
                return None
            total += limit
        return total

    def most_paid_for(self, package: int) -> float | None:
        """The most the rules can ever pay for one ``package`` (from 0), yuan after fees.

        None: no limit.
        """
        if len(self.order.choices) == 1:
            return self.most_paid
        total = 0.0
        for mechanism in self.mechanisms:
            if isinstance(mechanism, DividendPool):
                quotas = self.quotas(mechanism)
                if quotas is not None:
                    total += quotas[package]
                elif self.units(mechanism)[package] > 0 or mechanism.rank_share > 0:
                    return None
            elif isinstance(mechanism, ScheduledRelease):
                total += self.credits(mechanism)[package] * (1 - self.platform.withdrawal_fee)
        return total

    def limit(self, mechanism: Mechanism) -> float | None:
        """The most ``mechanism`` can pay for the average order, yuan; None: no limit."""
        spend = self.order.mean_spend
        if isinstance(mechanism, PointsPool):
            multiple = mechanism.exit_multiple
            if multiple is None:
                return None
            # Dividends use up a shared quota without a fee.
            return multiple * spend * (1.0 if self.sharing else 1 - mechanism.fee)
        if isinstance(mechanism, DividendPool):
            if mechanism.shared_quota == "points_pool":
                return 0.0
            quotas = self.quotas(mechanism)
            if quotas is None:
                return None
            return sum(q * share for q, (_, share) in zip(quotas, self.order.choices, strict=True))
        if isinstance(mechanism, ScheduledRelease):
            credited = self.credits(mechanism)
            paid = sum(c * part for c, (_, part) in zip(credited, self.order.choices, strict=True))
            return paid * (1 - self.platform.withdrawal_fee)
        if isinstance(mechanism, RefundQueue):
            return mechanism.refund * spend if spend >= mechanism.threshold else 0.0
        return 0.0

    def quotas(self, pool: DividendPool) -> tuple[float, ...] | None:
        """What each package can be paid by ``pool``, yuan; None: without end."""
        if pool.quota_multiple is None:
            return None
        multiples = pool.package_quotas or (pool.quota_multiple,) * len(self.order.choices)
        return tuple(
            multiple * price
            for multiple, (price, _) in zip(multiples, self.order.choices, strict=True)
        )

    def units(self, pool: DividendPool) -> tuple[float, ...]:
        """Units that come with each package."""
        if pool.levels:
            return tuple(
                max(
                    (units for points, units in pool.levels if points <= have * (1 + 1e-12)),
                    default=0.0,
                )
                for have in (price * pool.points_rate for price, _ in self.order.choices)
            )
        return pool.package_units or tuple(
            price / pool.spend_per_unit for price, _ in self.order.choices
        )

    def credits(self, release: ScheduledRelease) -> tuple[float, ...]:
        """What each package is credited by ``release``, yuan."""
        multiples = release.package_multiples or (release.gift_multiple,) * len(self.order.choices)
        return tuple(
            multiple * price
            for multiple, (price, _) in zip(multiples, self.order.choices, strict=True)
        )

    def split(self) -> dict[str, float]:
        """Where one order's price goes, recipient -> share of the price; adds up to 1.

        The pool comes first: all that the mechanisms take. Named parts that no longer fit are cut
        in proportion, so that moving the pool's share never spends more than the price;
        ``oversubscribed`` says when.
        """
        pool = sum(mechanism.taken for mechanism in self.mechanisms)
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
        return named + sum(m.taken for m in self.mechanisms) > 1 + 1e-9

    def get(self, key: str) -> Any:
        """The value at a dotted path such as ``points_pool.fee``."""
        holder: Any = self
        *groups, name = key.split(".")
        for group in groups:
            holder = self.mechanism(group) or getattr(holder, group)
        return getattr(holder, name)

    def mechanism(self, name: str) -> Mechanism | None:
        """The mechanism called ``name``, or None."""
        return next((m for m in self.mechanisms if m.name == name), None)


#: (kind, name) of each mechanism.
Named = tuple[tuple[str, str], ...]


def scheme_parameters(scheme: Scheme | None = None) -> Mapping[str, Parameter]:
    """Every parameter by its dotted key: of ``scheme``, or of every kind under its own name."""
    if scheme is None:
        return named_parameters(tuple((kind, kind) for kind in KINDS))
    return named_parameters(tuple((m.kind, m.name) for m in scheme.mechanisms))


@lru_cache(maxsize=64)
def named_parameters(mechanisms: Named) -> Mapping[str, Parameter]:
    """Every parameter of a scheme with mechanisms of these kinds and names."""
    groups: list[tuple[type[Frozen], str]] = [
        (Scheme, ""),
        (Order, "order."),
        (Parts, "order.parts."),
        (Demand, "demand."),
        (Behaviour, "behaviour."),
        (Platform, "platform."),
        *((KINDS[kind], f"{name}.") for kind, name in mechanisms),
    ]
    found: dict[str, Parameter] = {}
    for model, prefix in groups:
        found.update((p.key, p) for p in parameters(model, prefix=prefix))
    return MappingProxyType(found)
