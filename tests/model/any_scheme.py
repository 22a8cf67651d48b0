"""Random schemes of every kind and of several kinds together, with whatever can happen in them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from model.behaviour import Behaviour
from model.demand import Demand
from model.mechanisms import Commission, DividendPool, PointsPool, RefundQueue, ScheduledRelease
from model.mechanisms.dividend_pool import RANKS
from model.platform import Platform
from model.scheme import KINDS, MAX_PACKAGES, Mechanism, Order, Parts, Scheme

SPENDS = (1.0, 99.0, 1000.0)
VOLUMES = (0.3, 1.0, 7.0, 400.0, 54_795.0, 1e7)


#: Smaller shares are nobody's; the bounds themselves are tried in test_extremes.py.
LEAST = 1e-6


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """A number of three digits; nought, if that is allowed, or one that can be told from it."""
    found = st.floats(max(low, LEAST), high).map(lambda x: min(max(float(f"{x:.3g}"), low), high))
    if low == 0.0:
        return st.just(0.0) | found
    return found if low > 0.0 else found | found.map(lambda x: max(-x, low))


def sometimes(found: st.SearchStrategy[float], *, else_: Any = 0.0) -> st.SearchStrategy[Any]:
    return st.just(else_) | found


def a_list(low: float, high: float, size: int) -> st.SearchStrategy[tuple[float, ...]]:
    return st.just(()) | st.lists(number(low, high), min_size=size, max_size=size).map(tuple)


demands = st.builds(
    Demand,
    kind=st.sampled_from(["steady", "growing", "saturating", "list"]),
    orders_per_tick=st.sampled_from(VOLUMES),
    growth=number(-0.3, 0.3),
    population=number(1, 1e7),
    stop_tick=st.none() | st.integers(1, 60),
    orders=st.lists(st.sampled_from([0, 0, 1, 2, 5, 1000]), max_size=30).map(tuple),
)


@st.composite
def orders(draw: st.DrawFn, *, packed: bool) -> Order:
    """A price, its packages, and who is named as getting a part of it."""
    parts = draw(st.lists(st.integers(1, 20), min_size=1, max_size=MAX_PACKAGES))
    prices = draw(st.lists(number(0.1, 20), min_size=len(parts), max_size=len(parts)))
    shares = [part / sum(parts) for part in parts]
    return Order(
        spend=draw(st.sampled_from(SPENDS)),
        packages=tuple(zip(prices, shares, strict=True)) if packed and draw(st.booleans()) else (),
        parts=Parts(
            platform=draw(sometimes(number(0, 0.6))),
            distribution=draw(sometimes(number(0, 0.3))),
            goods=draw(sometimes(number(0, 1))),
            merchant=draw(sometimes(number(0, 1))),
        ),
        rest=draw(st.sampled_from(["unstated", "goods", "merchant", "platform", "distribution"])),
    )


@st.composite
def points_pools(draw: st.DrawFn, order: Order, *, most: float, shared: bool) -> PointsPool:
    return PointsPool(
        share=draw(number(0.01, most)),
        gift=draw(number(0.05, 1)),
        fee=draw(sometimes(number(0, 0.5))),
        launch_price=draw(number(0.01, 100)),
        exit_multiple=draw(st.none() | number(0.2, 3)),
        issue_cap=draw(sometimes(number(1, 1e6), else_=None)),
        outside=draw(st.just(()) | st.just(((3, 10 * order.spend), (9, order.spend)))),
        redeem_share=draw(sometimes(number(0, 0.2))),
        swap_share=draw(sometimes(number(0, 0.2))),
        swap_back_share=draw(sometimes(number(0, 0.5))),
        debt=0.0 if shared else draw(sometimes(st.just(20 * order.spend))),
        debt_tick=2,
        debt_batches=2,
        debt_interval=3,
    )


@st.composite
def dividend_pools(
    draw: st.DrawFn, order: Order, *, most: float, name: str = "dividend_pool", shared: bool = False
) -> DividendPool:
    size = len(order.choices)
    levels = ((0.5 * order.spend, 1.0), (3 * order.spend, 2.5), (10 * order.spend, 2.5))
    return DividendPool(
        name=name,
        share=draw(number(0.001, most / 2)),
        spend_per_unit=order.spend * draw(number(0.1, 3)),
        quota_multiple=draw(st.none() | number(0.02, 2)),
        package_units=() if shared else draw(a_list(0, 9, size)),
        package_quotas=() if shared else draw(a_list(0, 2, size)),
        levels=draw(st.sampled_from([(), (), levels])),
        rank_share=draw(sometimes(number(0.001, most / 2))),
        rank_reached=tuple(
            sorted(draw(st.lists(number(0, 1), min_size=RANKS, max_size=RANKS)), reverse=True)
        ),
        referral_rate=draw(sometimes(number(0.01, 0.4))),
        referral_generations=draw(st.integers(1, 6)),
        package_generations=() if shared else draw(a_list(0, 8, size)),
        issue_cap=draw(sometimes(number(0.5, 1e5), else_=None)),
        divided_over=draw(st.sampled_from(["live", "live", "all"])),
        interval=draw(st.sampled_from([1, 1, 2, 7])),
        shared_quota="points_pool" if shared else "own",
    )


@st.composite
def releases(draw: st.DrawFn, order: Order, *, most: float) -> ScheduledRelease:
    spend = order.spend
    stars = ((2.5 * spend, 0.1), (13.5 * spend, 0.2), (4000 * spend, 0.5))
    rewards = ((0.0, spend / 100), (0.501 * spend, spend / 20), (1.01 * spend, spend / 5))
    return ScheduledRelease(
        share=draw(number(0.01, most)),
        gift_multiple=draw(number(0.1, 4)),
        package_multiples=draw(a_list(0.1, 4, len(order.choices))),
        daily_rate=draw(number(0.005, 0.5)),
        basis=draw(st.sampled_from(["price", "balance"])),
        first_generation=draw(sometimes(number(0.01, 1))),
        second_generation=draw(sometimes(number(0.01, 1))),
        stars=draw(st.sampled_from([(), (), stars])),
        rewards=draw(st.sampled_from([(), (), rewards, rewards[1:]])),
        tasks=draw(number(0, 3)),
        ad_share=draw(number(0, 1)),
        ad_income=draw(number(0, 0.05)) * spend,
    )


@st.composite
def queues(draw: st.DrawFn, order: Order, *, most: float) -> RefundQueue:
    return RefundQueue(
        share=draw(number(0.01, most)),
        refund=draw(number(0.1, 2)),
        lock=draw(st.sampled_from([0, 0, 1, 5])),
        rule=draw(st.sampled_from(["pool", "shared", "own"])),
        newcomers=draw(st.integers(1, 5)),
        threshold=draw(st.sampled_from([0.0, 0.0, order.spend, 1.01 * order.spend])),
        advance=draw(sometimes(number(0.01, 1))),
        advance_payer=draw(st.sampled_from(["pool", "platform"])),
    )


@st.composite
def commissions(draw: st.DrawFn, order: Order) -> Commission:
    levels = sorted(draw(st.lists(number(0, 0.05), min_size=3, max_size=3)))
    return Commission(
        direct=draw(sometimes(number(0, 0.3))),
        indirect=draw(sometimes(number(0, 0.3))),
        merchant=draw(number(0, 0.05)),
        district=levels[0],
        city=levels[1],
        province=levels[2],
        districts=draw(st.integers(0, 2)),
        cities=draw(st.integers(0, 1)),
        provinces=draw(st.integers(0, 1)),
        district_price=order.spend,
        city_price=3 * order.spend,
        province_price=10 * order.spend,
        bonuses=draw(number(0, 0.05)),
        prizes=draw(sometimes(number(0, 0.1))),
        circle=draw(sometimes(number(0.01, 1))),
        circle_points=draw(number(0, 3)),
    )


@st.composite
def platforms(draw: st.DrawFn, order: Order) -> Platform:
    return Platform(
        capital=draw(st.sampled_from([0.0, 0.0, 5.0, 1e6])) * order.spend,
        policy=draw(st.sampled_from(["stop", "cut", "raise_fee", "raise_minimum"])),
        withdrawal_fee=draw(sometimes(number(0.01, 0.5))),
        fee_step=draw(number(0.01, 0.4)),
        minimum=draw(st.sampled_from([0.0, 0.0, 0.437])) * order.spend,
        raised_minimum=draw(sometimes(number(0.01, 2), else_=None)),
        raised_from=draw(st.integers(1, 40)),
    )


@st.composite
def behaviours(draw: st.DrawFn, *, shared: bool) -> Behaviour:
    return Behaviour(
        sell_share=draw(sometimes(number(0.001, 0.5))),
        take_profit=None if shared else draw(sometimes(number(0.1, 2), else_=None)),
        take_profit_share=draw(number(0.01, 1)),
        panic_growth=draw(sometimes(number(-0.5, 1), else_=None)),
        panic_share=draw(number(0, 1)),
    )


@st.composite
def schemes(draw: st.DrawFn, *, kinds: tuple[str, ...] = tuple(KINDS), horizon: int = 60) -> Scheme:
    """Some mechanisms of ``kinds`` in any order; what goes into them is at most the price."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True))
    several = draw(st.booleans()) and "dividend_pool" in chosen
    shared = {"points_pool", "dividend_pool"} <= set(chosen) and draw(st.booleans())
    order = draw(orders(packed=not {"points_pool", "refund_queue"} & set(chosen)))
    most = 0.95 / (len(chosen) + several)
    found: list[Mechanism] = []
    for kind in chosen:
        if kind == "points_pool":
            found.append(draw(points_pools(order, most=most, shared=shared)))
        elif kind == "dividend_pool":
            found.append(draw(dividend_pools(order, most=most, shared=shared)))
        elif kind == "scheduled_release":
            found.append(draw(releases(order, most=most)))
        elif kind == "refund_queue":
            found.append(draw(queues(order, most=most)))
        else:
            found.append(draw(commissions(order)))
    if several:
        found.append(draw(dividend_pools(order, most=most, name="yearly")))
    return Scheme(
        tick=draw(st.sampled_from(["day", "day", "order"])),
        horizon=draw(st.integers(1, horizon)),
        order=order,
        demand=draw(demands),
        behaviour=draw(behaviours(shared=shared)),
        platform=draw(platforms(order)),
        mechanisms=tuple(found),
    )


#: What scales with the yuan, beside the fields with that unit: fields of lists and their columns.
YUAN = {"levels": (0,), "stars": (0,), "rewards": (0, 1), "outside": (1,)}


def _scaled(settings: Any, c: float) -> dict[str, Any]:
    """Every amount of yuan in ``settings`` times ``c``."""
    changes: dict[str, Any] = {}
    for name, info in type(settings).model_fields.items():
        value, extra = getattr(settings, name), info.json_schema_extra
        unit = extra.get("unit") if isinstance(extra, dict) else None
        if unit == "yuan" and value is not None:
            changes[name] = c * value
        elif name in YUAN:
            changes[name] = tuple(
                tuple(c * x if place in YUAN[name] else x for place, x in enumerate(pair))
                for pair in value
            )
    return changes


def in_other_money(scheme: Scheme, c: float) -> Scheme:
    """The same scheme with every amount times ``c``."""
    groups = {
        name: getattr(scheme, name).model_copy(update=_scaled(getattr(scheme, name), c))
        for name in ("order", "platform", "demand", "behaviour")
    }
    mechanisms = tuple(m.model_copy(update=_scaled(m, c)) for m in scheme.mechanisms)
    return scheme.model_copy(update={**groups, "mechanisms": mechanisms})
