"""Random schemes of every kind and of several kinds together, with whatever can happen in them."""

from __future__ import annotations

from math import exp, inf, log, nextafter
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from model.behaviour import Behaviour
from model.demand import MAX_ORDERS_PER_TICK, Demand
from model.fields import Parameter, parameters
from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.dividend_pool.settings import RANKS
from model.mechanisms.points_pool import PointsPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.platform import Platform
from model.scheme import KINDS, MAX_PACKAGES, Mechanism, Order, Parts, Scheme

SPENDS = st.sampled_from([1.0, 99.0, 1000.0])
VOLUMES = (0.3, 1.0, 7.0, 400.0, 54_795.0, 1e7)


#: Smaller shares are nobody's; the bounds themselves are tried in test_extremes.py.
LEAST = 1e-6
#: One field in so many is at an end of what is allowed: where all are, nothing much happens.
RARE = 8


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """A number of three digits; nought, if that is allowed, or one that can be told from it."""
    found = st.floats(max(low, LEAST), high).map(lambda x: min(max(float(f"{x:.3g}"), low), high))
    if low == 0.0:
        return st.just(0.0) | found
    return found if low > 0.0 else found | found.map(lambda x: max(-x, low))


def _wide(low: float, high: float) -> st.SearchStrategy[float]:
    """Any number of three digits; where the range is wide, each power of ten as likely."""
    if high <= LEAST:
        return st.just(high)
    if high <= 1000 * max(low, LEAST) or low < 0.0:
        return number(low, high)
    powers = st.floats(log(max(low, LEAST)), log(high)).map(exp)
    return powers.map(lambda x: min(max(float(f"{x:.3g}"), low), high))


FIELDS: dict[tuple[type[BaseModel], str], Parameter] = {
    (model, found.key): found
    for model in (Scheme, Order, Parts, Demand, Behaviour, Platform, *KINDS.values())
    for found in parameters(model, prefix="")
}


def allowed(
    model: type[BaseModel], name: str, usual: st.SearchStrategy[Any], *, most: float = inf
) -> st.SearchStrategy[Any]:
    """``usual`` mostly; else one end or the other of what a box takes, none, or any number.

    What is allowed is what the field itself says of it; ``most`` is where other fields end it.
    """
    field = FIELDS[model, name]
    assert field.minimum is not None, name
    assert field.maximum is not None, name
    low, high = field.minimum, field.maximum
    if "int" in str(model.model_fields[name].annotation):
        ends: list[Any] = [int(low), int(min(high, most))]
        wide: st.SearchStrategy[Any] = st.integers(*ends)
    else:
        low = nextafter(low, inf) if field.exclusive_minimum else low
        high = nextafter(high, -inf) if field.exclusive_maximum else high
        ends = [low, min(high, most)]
        wide = _wide(*ends)
    if field.optional:
        ends.append(None)
    rare = st.sampled_from(ends) | wide
    return st.integers(1, RARE).flatmap(lambda k: rare if k == RARE else usual)


def sometimes(found: st.SearchStrategy[float], *, else_: Any = 0.0) -> st.SearchStrategy[Any]:
    return st.just(else_) | found


def a_list(low: float, high: float, size: int) -> st.SearchStrategy[tuple[float, ...]]:
    return st.just(()) | st.lists(number(low, high), min_size=size, max_size=size).map(tuple)


#: Of each day, as many lists of each length: left to themselves lists are short.
BY_DAY = st.integers(0, 60).flatmap(
    lambda days: st.lists(
        st.sampled_from([0, 0, 0.5, 1, 2, 5, 1000]), min_size=days, max_size=days
    ).map(tuple)
)
demands = st.builds(
    Demand,
    kind=st.sampled_from(["steady", "growing", "saturating", "list"]),
    orders_per_tick=allowed(Demand, "orders_per_tick", st.sampled_from(VOLUMES)),
    growth=allowed(Demand, "growth", number(-0.3, 0.3)),
    population=allowed(Demand, "population", number(1, 1e7)),
    stop_tick=allowed(Demand, "stop_tick", st.none() | st.integers(1, 60)),
    orders=BY_DAY | st.lists(st.sampled_from([0, 1, MAX_ORDERS_PER_TICK]), max_size=8).map(tuple),
)


@st.composite
def orders(draw: st.DrawFn, *, packed: bool) -> Order:
    """A price, its packages, and who is named as getting a part of it."""
    parts = draw(st.lists(st.integers(1, 20), min_size=1, max_size=MAX_PACKAGES))
    multiples = st.sampled_from([0.001, 10_000.0]) | number(0.1, 20) | number(0.1, 20)
    prices = draw(st.lists(multiples, min_size=len(parts), max_size=len(parts)))
    shares = [part / sum(parts) for part in parts]
    return Order(
        spend=draw(allowed(Order, "spend", SPENDS)),
        packages=tuple(zip(prices, shares, strict=True)) if packed and draw(st.booleans()) else (),
        parts=Parts(
            platform=draw(allowed(Parts, "platform", sometimes(number(0, 0.6)))),
            distribution=draw(allowed(Parts, "distribution", sometimes(number(0, 0.3)))),
            goods=draw(allowed(Parts, "goods", sometimes(number(0, 1)))),
            merchant=draw(allowed(Parts, "merchant", sometimes(number(0, 1)))),
        ),
        rest=draw(st.sampled_from(["unstated", "goods", "merchant", "platform", "distribution"])),
    )


@st.composite
def points_pools(draw: st.DrawFn, order: Order, *, most: float, shared: bool) -> PointsPool:
    def pick(name: str, usual: st.SearchStrategy[Any], *, most: float = inf) -> Any:
        return draw(allowed(PointsPool, name, usual, most=most))

    outside = st.just(((3, 10 * order.spend), (9, order.spend))) | st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from([0.0, 0.01, order.spend, 1e13])), max_size=3
    ).map(tuple)
    return PointsPool(
        share=pick("share", number(0.01, most), most=most),
        gift=pick("gift", number(0.05, 1)),
        fee=pick("fee", sometimes(number(0, 0.5))),
        launch_price=pick("launch_price", number(0.01, 100)),
        exit_multiple=pick("exit_multiple", st.none() | number(0.2, 3)),
        issue_cap=pick("issue_cap", sometimes(number(1, 1e6), else_=None)),
        outside=draw(st.just(()) | outside),
        redeem_share=pick("redeem_share", sometimes(number(0, 0.2))),
        swap_share=pick("swap_share", sometimes(number(0, 0.2))),
        swap_back_share=pick("swap_back_share", sometimes(number(0, 0.5))),
        debt=0.0 if shared else pick("debt", sometimes(st.just(20 * order.spend))),
        debt_tick=pick("debt_tick", st.integers(1, 40)),
        debt_batches=pick("debt_batches", st.integers(1, 4)),
        debt_interval=pick("debt_interval", st.integers(1, 9)),
    )


@st.composite
def dividend_pools(
    draw: st.DrawFn, order: Order, *, most: float, name: str = "dividend_pool", shared: bool = False
) -> DividendPool:
    def pick(name: str, usual: st.SearchStrategy[Any], *, most: float = inf) -> Any:
        return draw(allowed(DividendPool, name, usual, most=most))

    size = len(order.choices)
    levels = ((0.5 * order.spend, 1.0), (3 * order.spend, 2.5), (10 * order.spend, 2.5))
    share = pick("share", number(0.001, most / 2), most=most)
    ranks = pick("rank_share", sometimes(number(0.001, most / 2)), most=max(most - share, 0.0))
    return DividendPool(
        name=name,
        share=max(share, 0.001) if ranks < 0.001 else share,
        spend_per_unit=pick(
            "spend_per_unit", number(0.1, 3).map(lambda x: min(max(x * order.spend, 0.01), 1e7))
        ),
        quota_multiple=pick("quota_multiple", st.none() | number(0.02, 2)),
        package_units=() if shared else draw(a_list(0, 9, size)),
        package_quotas=() if shared else draw(a_list(0, 2, size)),
        levels=draw(st.sampled_from([(), (), levels])),
        points_rate=pick("points_rate", st.just(1.0)),
        rank_share=min(ranks, max(most - share, 0.0)),
        rank_reached=tuple(
            sorted(draw(st.lists(number(0, 1), min_size=RANKS, max_size=RANKS)), reverse=True)
        ),
        referral_rate=pick("referral_rate", sometimes(number(0.01, 0.4))),
        referral_generations=pick("referral_generations", st.integers(1, 6)),
        package_generations=() if shared else draw(a_list(0, 8, size)),
        issue_cap=pick("issue_cap", sometimes(number(0.5, 1e5), else_=None)),
        divided_over=draw(st.sampled_from(["live", "live", "all"])),
        interval=pick("interval", st.sampled_from([1, 1, 2, 7])),
        shared_quota="points_pool" if shared else "own",
    )


@st.composite
def releases(draw: st.DrawFn, order: Order, *, most: float) -> ScheduledRelease:
    def pick(name: str, usual: st.SearchStrategy[Any], *, most: float = inf) -> Any:
        return draw(allowed(ScheduledRelease, name, usual, most=most))

    spend = order.spend
    stars = ((2.5 * spend, 0.1), (13.5 * spend, 0.2), (4000 * spend, 0.5))
    rewards = ((0.0, spend / 100), (0.501 * spend, spend / 20), (1.01 * spend, spend / 5))
    return ScheduledRelease(
        share=pick("share", number(0.01, most), most=most),
        gift_multiple=pick("gift_multiple", number(0.1, 4)),
        package_multiples=draw(a_list(0.1, 4, len(order.choices))),
        daily_rate=pick("daily_rate", number(0.005, 0.5)),
        basis=draw(st.sampled_from(["price", "balance"])),
        first_generation=pick("first_generation", sometimes(number(0.01, 1))),
        second_generation=pick("second_generation", sometimes(number(0.01, 1))),
        stars=draw(st.sampled_from([(), (), stars])),
        rewards=draw(st.sampled_from([(), (), rewards, rewards[1:]])),
        tasks=pick("tasks", number(0, 3)),
        ad_share=pick("ad_share", number(0, 1)),
        ad_income=pick("ad_income", number(0, 0.05).map(lambda x: min(x * spend, 1000.0))),
    )


@st.composite
def queues(draw: st.DrawFn, order: Order, *, most: float) -> RefundQueue:
    def pick(name: str, usual: st.SearchStrategy[Any], *, most: float = inf) -> Any:
        return draw(allowed(RefundQueue, name, usual, most=most))

    return RefundQueue(
        share=pick("share", number(0.01, most), most=most),
        refund=pick("refund", number(0.1, 2)),
        lock=pick("lock", st.sampled_from([0, 0, 1, 5])),
        rule=draw(st.sampled_from(["pool", "shared", "own"])),
        newcomers=pick("newcomers", st.integers(1, 5)),
        threshold=draw(st.sampled_from([0.0, 0.0, order.spend, min(1.01 * order.spend, 1e7)])),
        advance=pick("advance", sometimes(number(0.01, 1))),
        advance_payer=draw(st.sampled_from(["pool", "platform"])),
    )


@st.composite
def commissions(draw: st.DrawFn, order: Order) -> Commission:
    def pick(name: str, usual: st.SearchStrategy[Any], *, most: float = inf) -> Any:
        return draw(allowed(Commission, name, usual, most=most))

    levels = sorted(draw(st.lists(number(0, 0.05), min_size=3, max_size=3)))
    price = order.spend
    return Commission(
        direct=pick("direct", sometimes(number(0, 0.3))),
        indirect=pick("indirect", sometimes(number(0, 0.3))),
        merchant=pick("merchant", number(0, 0.05)),
        district=levels[0],
        city=levels[1],
        province=levels[2],
        districts=pick("districts", st.integers(0, 2)),
        cities=pick("cities", st.integers(0, 1)),
        provinces=pick("provinces", st.integers(0, 1)),
        district_price=pick("district_price", st.just(price)),
        city_price=pick("city_price", st.just(3 * price)),
        province_price=pick("province_price", st.just(10 * price)),
        bonuses=pick("bonuses", number(0, 0.05)),
        prizes=pick("prizes", sometimes(number(0, 0.1))),
        circle=pick("circle", sometimes(number(0.01, 1))),
        circle_points=pick("circle_points", number(0, 3)),
    )


@st.composite
def platforms(draw: st.DrawFn, order: Order) -> Platform:
    def pick(name: str, usual: st.SearchStrategy[Any]) -> Any:
        return draw(allowed(Platform, name, usual))

    def yuan(*multiples: float) -> st.SearchStrategy[float]:
        return st.sampled_from([multiple * order.spend for multiple in multiples])

    return Platform(
        capital=min(pick("capital", yuan(0.0, 0.0, 5.0, 1e6)), 1e12),
        policy=draw(st.sampled_from(["stop", "cut", "raise_fee", "raise_minimum"])),
        withdrawal_fee=pick("withdrawal_fee", sometimes(number(0.01, 0.5))),
        fee_step=pick("fee_step", number(0.01, 0.4)),
        minimum=pick("minimum", yuan(0.0, 0.0, 0.437)),
        raised_minimum=pick("raised_minimum", sometimes(number(0.01, 2), else_=None)),
        raised_from=pick("raised_from", st.integers(1, 40)),
    )


@st.composite
def behaviours(draw: st.DrawFn, *, shared: bool) -> Behaviour:
    def pick(name: str, usual: st.SearchStrategy[Any]) -> Any:
        return draw(allowed(Behaviour, name, usual))

    return Behaviour(
        sell_share=pick("sell_share", sometimes(number(0.001, 0.5))),
        take_profit=(
            None if shared else pick("take_profit", sometimes(number(0.1, 2), else_=None))
        ),
        take_profit_share=pick("take_profit_share", number(0.01, 1)),
        panic_growth=pick("panic_growth", sometimes(number(-0.5, 3), else_=None)),
        # All of them, as often as not.
        panic_share=pick("panic_share", st.just(1.0) | number(0, 1)),
    )


@st.composite
def schemes(draw: st.DrawFn, *, kinds: tuple[str, ...] = tuple(KINDS), horizon: int = 60) -> Scheme:
    """Some mechanisms of ``kinds`` in any order; what goes into them is at most the price."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True))
    several = draw(st.booleans()) and "dividend_pool" in chosen
    shared = {"points_pool", "dividend_pool"} <= set(chosen) and draw(st.booleans())
    order = draw(orders(packed=not {"points_pool", "refund_queue"} & set(chosen)))
    most = 1.0 / (len(chosen) + several)
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
