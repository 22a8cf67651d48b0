"""A scheme as data: one order's price and its split, its mechanisms, demand and behaviour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from operator import or_
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    field_validator,
    model_validator,
)

from model.asked.answers import answers
from model.behaviour import Behaviour
from model.demand import Demand
from model.fields import Frozen, Parameter, param, parameters
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.points_pool import PointsPool
from model.mechanisms.scheduled_release import ScheduledRelease
from model.mechanisms.settings import Mechanism
from model.order import MAX_PACKAGES, RECIPIENTS, Order, Parts, Recipient
from model.pairs.quota import may_share, sharing
from model.platform import Platform

__all__ = [
    "KINDS",
    "MAX_HORIZON",
    "MAX_MECHANISMS",
    "MAX_PACKAGES",
    "RECIPIENTS",
    "Mechanism",
    "Named",
    "Order",
    "Parts",
    "Recipient",
    "Scheme",
    "named_parameters",
    "scheme_parameters",
]

#: Longest run: 27 years of days. Bounds the cost of whatever is typed.
MAX_HORIZON = 10_000
#: More mechanisms than this are nobody's offer.
MAX_MECHANISMS = 8

#: Every kind of mechanism, in the order the pages name them: the settings in each folder.
KINDS: Mapping[str, type[Mechanism]] = MappingProxyType(
    {
        kind: type(settings)
        for kind, settings in sorted(answers(Mechanism).items(), key=lambda found: found[1].place)
    }
)


def _by_kind(_: object, handler: GetCoreSchemaHandler) -> Any:
    """How pydantic reads a mechanism: as one of the kinds, by its name."""
    either = reduce(or_, KINDS.values())
    return handler.generate_schema(Annotated[either, Field(discriminator="kind")])


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
    mechanisms: tuple[Annotated[Mechanism, GetPydanticSchema(_by_kind)], ...] = Field(
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
        for kind, settings in KINDS.items():
            if settings.once and sum(mechanism.kind == kind for mechanism in value) > 1:
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
        if self.order.packages and not all(m.with_packages for m in self.mechanisms):
            raise ValueError("packages go with dividends and daily release only")
        for mechanism in self.mechanisms:
            mechanism.fits(self.order, self.mechanisms)
        may_share(self.sharing, self.behaviour)
        return self

    @property
    def sharing(self) -> tuple[DividendPool, ...]:
        """The dividend pools that share the points pool's quota."""
        return sharing(self.mechanisms)

    def first(self, kind: str) -> Mechanism | None:
        """The first mechanism of a kind, or None."""
        return next((m for m in self.mechanisms if m.kind == kind), None)

    @property
    def points_pool(self) -> PointsPool | None:
        """The scheme's points pool, if it has one."""
        return next(iter(PointsPool.among(self.mechanisms)), None)

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
        return _together([self.limit(mechanism) for mechanism in self.mechanisms])

    def most_paid_for(self, package: int) -> float | None:
        """The most the rules can ever pay for one ``package`` (from 0), yuan after fees.

        None: no limit.
        """
        if len(self.order.choices) == 1:
            return self.most_paid
        limits = [m.limit_for(package, self.order, self.platform) for m in self.mechanisms]
        return _together(limits)

    def limit(self, mechanism: Mechanism) -> float | None:
        """The most ``mechanism`` can pay for the average order, yuan; None: no limit."""
        return mechanism.limit(self.order, self.platform, shared=bool(self.sharing))

    def quotas(self, pool: DividendPool) -> tuple[float, ...] | None:
        """See :meth:`DividendPool.quotas`."""
        return pool.quotas(self.order)

    def units(self, pool: DividendPool) -> tuple[float, ...]:
        """See :meth:`DividendPool.units`."""
        return pool.units(self.order)

    def credits(self, release: ScheduledRelease) -> tuple[float, ...]:
        """See :meth:`ScheduledRelease.credits`."""
        return release.credits(self.order)

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


def _together(limits: Iterable[float | None]) -> float | None:
    """What adds up; None where one of them has no limit."""
    total = 0.0
    for limit in limits:
        if limit is None:
            return None
        total += limit
    return total


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
