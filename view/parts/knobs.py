"""Which knobs belong to a scheme, in which order, and where each of them does something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from model.mechanisms import Commission, DividendPool, PointsPool, RefundQueue, ScheduledRelease
from model.scheme import Mechanism, Scheme
from view.parts.context import lang, w, words
from view.parts.controls import MULTIPLES, Page
from view.sentences import findings
from view.words.format import (
    count,
    count_short,
    days,
    multiple,
    percent,
    quantity,
    yuan,
    yuan_short,
)

#: Columns of "more settings".
COLUMNS = 4
#: More knobs than this above the pictures leave no room for them on a phone.
MOST = 6
#: What a choice may be, by the parameter's kind and name.
CHOICES: dict[str, tuple[str, ...]] = {
    "scheduled_release.basis": ("price", "balance"),
    "refund_queue.rule": ("pool", "shared", "own"),
    "refund_queue.advance_payer": ("pool", "platform"),
    "dividend_pool.divided_over": ("live", "all"),
    "dividend_pool.shared_quota": ("own", "points_pool"),
    "platform.policy": ("stop", "cut", "raise_fee", "raise_minimum"),
}
#: Values that a slider above the pictures offers.
STOPS: dict[str, tuple[float | None, ...]] = {
    "points_pool.exit_multiple": MULTIPLES,
    "dividend_pool.quota_multiple": MULTIPLES,
    "scheduled_release.gift_multiple": MULTIPLES[:-1],
    "scheduled_release.tasks": tuple(range(11)),
    "scheduled_release.ad_income": (
        *(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
        *(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    ),
    "refund_queue.refund": tuple(round(0.1 * k, 1) for k in range(1, 21)),
    "refund_queue.lock": (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90),
    "refund_queue.newcomers": tuple(range(1, 11)),
    "commission.circle_points": tuple(round(0.1 * k, 1) for k in range(51)),
    "commission.circle_cash": tuple(round(0.1 * k, 1) for k in range(51)),
}
OUTSIDE = "points_pool.outside"
ALWAYS = ("demand.orders_per_tick", "demand.growth")
#: Of each kind, what matters most first.
WEIGHT: dict[str, tuple[str, ...]] = {
    "points_pool": ("share", "exit_multiple", "fee"),
    "dividend_pool": ("share", "quota_multiple", "points_rate", "rank_share"),
    "scheduled_release": ("share", "daily_rate", "gift_multiple"),
    "refund_queue": ("share", "refund", "newcomers", "lock"),
    "commission": ("direct", "indirect"),
}
#: The other parameters of each kind, in the order of the settings.
PEOPLE = (
    "behaviour.sell_share",
    "behaviour.take_profit",
    "behaviour.take_profit_share",
    "behaviour.panic_growth",
    "behaviour.panic_share",
)
ORDERS = (
    "horizon",
    "demand.stop_tick",
    "order.spend",
    "order.packages",
    "demand.kind",
    "demand.population",
    "demand.orders",
)
PLATFORM = (
    "platform.policy",
    "platform.fee_step",
    "platform.withdrawal_fee",
    "platform.minimum",
    "platform.raised_minimum",
    "platform.raised_from",
    "platform.capital",
    "order.parts.platform",
)
SPECIAL = ("redeem_share", "swap_share", "debt", "debt_tick", "debt_batches", "debt_interval")
FIELDS: dict[str, tuple[str, ...]] = {
    "points_pool": ("share", "fee", "exit_multiple", "gift", "launch_price", "issue_cap"),
    "dividend_pool": (
        "share",
        "quota_multiple",
        "rank_share",
        "rank_reached",
        "points_rate",
        "levels",
        "package_units",
        "package_quotas",
        "referral_rate",
        "referral_generations",
        "package_generations",
        "interval",
        "divided_over",
        "shared_quota",
        "issue_cap",
        "spend_per_unit",
    ),
    "scheduled_release": (
        "share",
        "gift_multiple",
        "package_multiples",
        "daily_rate",
        "basis",
        "rewards",
        "tasks",
        "ad_share",
        "ad_income",
        "first_generation",
        "second_generation",
        "stars",
    ),
    "refund_queue": (
        "share",
        "refund",
        "rule",
        "newcomers",
        "lock",
        "threshold",
        "advance",
        "advance_payer",
    ),
}
RECRUITING = ("direct", "indirect", "merchant", "bonuses", "prizes")
TERRITORIES = (
    "district",
    "districts",
    "district_price",
    "city",
    "cities",
    "city_price",
    "province",
    "provinces",
    "province_price",
)
CIRCLE = ("circle", "circle_points", "circle_cash", "circle_shop", "circle_goods")


class Group(NamedTuple):
    """Settings that belong together: a catalogue key and its parameters."""

    title: str
    keys: tuple[str, ...]


# -- where a knob does something ---------------------------------------------------------------


def _promises(scheme: Scheme) -> bool:
    """Whether a fixed promise is made for which the orders' part of the money may not be enough."""
    return any(
        (isinstance(m, ScheduledRelease) and _promised(scheme, m) > m.share * (1 + 1e-9))
        or (
            isinstance(m, RefundQueue)
            and m.rule != "pool"
            and m.refund / (m.newcomers if m.rule == "shared" else 1) > m.share * (1 + 1e-9)
        )
        for m in scheme.mechanisms
    )


def _promised(scheme: Scheme, release: ScheduledRelease) -> float:
    """What the average order is credited, of its price."""
    choices = scheme.order.choices
    total = sum(c * part for c, (_, part) in zip(scheme.credits(release), choices, strict=True))
    return total / scheme.order.mean_spend


def _account(scheme: Scheme) -> bool:
    """Whether anything is paid out of the platform's own account."""
    queue, commission = scheme.first("refund_queue"), scheme.first("commission")
    ahead = (
        isinstance(queue, RefundQueue) and queue.advance > 0 and queue.advance_payer == "platform"
    )
    recruiting = isinstance(commission, Commission) and _overspends(scheme, commission)
    return _promises(scheme) or ahead or recruiting


def _overspends(scheme: Scheme, commission: Commission) -> bool:
    """Whether recruiting is paid more than its own part of the price and the platform's."""
    split, c = scheme.split(), commission
    needs = max(c.rate - split.get("distribution", 0.0), 0.0) + c.prizes
    left = c.circle_cash * (1 - c.circle_shop) - c.circle_goods * (1 + c.circle_cash)
    return needs > split.get("platform", 0.0) + c.circle * c.circle_points * left + 1e-9


def _releases(scheme: Scheme) -> bool:
    return scheme.first("scheduled_release") is not None


def _waits(scheme: Scheme) -> bool:
    """Whether anybody waits for something that they could give up or sell."""
    return any(m.kind != "commission" for m in scheme.mechanisms)


def _sells(scheme: Scheme) -> bool:
    return scheme.points_pool is not None


#: A knob of the scheme that only matters under a condition.
SHOWN_IF: dict[str, Callable[[Scheme], bool]] = {
    "order.packages": lambda s: bool(s.order.packages),
    "demand.population": lambda s: s.demand.kind == "saturating",
    "demand.orders": lambda s: s.demand.kind == "list",
    "order.parts.distribution": lambda s: s.first("commission") is not None,
    "order.parts.platform": _account,
    "behaviour.sell_share": _waits,
    # Dividends and points that share a quota leave no moment to take profit at.
    "behaviour.take_profit": lambda s: _sells(s) and not s.sharing,
    "behaviour.take_profit_share": lambda s: _sells(s) and s.behaviour.take_profit is not None,
    "behaviour.panic_growth": _sells,
    "behaviour.panic_share": lambda s: _sells(s) and s.behaviour.panic_growth is not None,
    "platform.policy": _promises,
    "platform.capital": _account,
    "platform.withdrawal_fee": _releases,
    "platform.minimum": _releases,
    "platform.raised_minimum": _releases,
    "platform.raised_from": lambda s: _releases(s) and s.platform.raised_minimum is not None,
    "platform.fee_step": lambda s: _releases(s) and s.platform.policy == "raise_fee",
    "points_pool.debt_tick": lambda s: s.pool.debt > 0,
    "points_pool.debt_batches": lambda s: s.pool.debt > 0,
    "points_pool.debt_interval": lambda s: s.pool.debt > 0 and s.pool.debt_batches > 1,
}


def _of_dividends(scheme: Scheme, pool: DividendPool, name: str) -> bool:
    own = pool.shared_quota == "own"
    listed = bool(pool.levels or pool.package_units)
    return {
        # In proportion: more units for everybody change nobody's part, unless they run out.
        "spend_per_unit": not listed and pool.issue_cap is not None,
        "quota_multiple": own and not pool.package_quotas,
        "points_rate": bool(pool.levels),
        "rank_reached": pool.rank_share > 0,
        "referral_generations": pool.referral_rate > 0 and not pool.package_generations,
        "package_generations": pool.referral_rate > 0,
        "divided_over": pool.quota_multiple is not None or scheme.behaviour.sell_share > 0,
        "shared_quota": scheme.points_pool is not None,
    }.get(name, True)


def _of_release(release: ScheduledRelease, name: str) -> bool:
    tasks = bool(release.rewards)
    return {
        "gift_multiple": not release.package_multiples,
        "daily_rate": not tasks,
        "basis": not tasks,
        "tasks": tasks,
        "ad_share": tasks and release.ad_income > 0,
        "ad_income": tasks and release.ad_share > 0,
    }.get(name, True)


def _of_queue(queue: RefundQueue, name: str) -> bool:
    return {
        "newcomers": queue.rule != "pool",
        "advance_payer": queue.advance > 0,
    }.get(name, True)


def _of_commission(commission: Commission, name: str) -> bool:
    circle = commission.circle > 0
    return {
        "district": commission.districts > 0,
        "district_price": commission.districts > 0,
        "city": commission.cities > 0,
        "city_price": commission.cities > 0,
        "province": commission.provinces > 0,
        "province_price": commission.provinces > 0,
        "circle_points": circle,
        "circle_cash": circle and commission.circle_points > 0,
        "circle_shop": circle and commission.circle_points > 0,
        "circle_goods": circle and commission.circle_points > 0,
    }.get(name, True)


def does_something(scheme: Scheme, key: str) -> bool:
    """Whether moving a parameter changes anything under the other settings."""
    group, _, name = key.rpartition(".")
    mechanism = scheme.mechanism(group)
    if mechanism is not None and name != "outside" and scheme.get(key) == ():
        # A list is only told, and only where there is one.
        return False
    if isinstance(mechanism, DividendPool):
        return _of_dividends(scheme, mechanism, name)
    if isinstance(mechanism, ScheduledRelease):
        return _of_release(mechanism, name)
    if isinstance(mechanism, RefundQueue):
        return _of_queue(mechanism, name)
    if isinstance(mechanism, Commission):
        return _of_commission(mechanism, name)
    condition = SHOWN_IF.get(_kind_key(mechanism, key))
    return condition is None or condition(scheme)


def _kind_key(mechanism: Mechanism | None, key: str) -> str:
    return key if mechanism is None else f"{mechanism.kind}.{key.rpartition('.')[2]}"


def kind_key(scheme: Scheme, key: str) -> str:
    """A parameter's key by the kind of its mechanism, whatever name that has here."""
    return _kind_key(scheme.mechanism(key.rpartition(".")[0]), key)


def options(scheme: Scheme, key: str) -> list[str]:
    """What a rule of this scheme may say."""
    mine = kind_key(scheme, key)
    if mine == "platform.policy" and not _releases(scheme):
        # Nothing is withdrawn: raising a fee or a minimum would mean paying less.
        return [o for o in CHOICES[mine] if o in {"stop", "cut", scheme.platform.policy}]
    return [*CHOICES[mine]]


# -- which knobs -------------------------------------------------------------------------------


def headline(scheme: Scheme) -> list[str]:
    """The knobs that matter most, those that every scheme has last."""
    kind = findings.kind(scheme)
    first = next((m for m in scheme.mechanisms if m.kind != "commission"), scheme.mechanisms[0])
    pool_rule = isinstance(first, RefundQueue) and first.rule == "pool"
    round_ = isinstance(first, Commission) and first.circle > 0
    own = {
        "points": ("share", "fee", "exit_multiple"),
        "dividend": ("share", "quota_multiple", "points_rate", "rank_share"),
        "release": ("share", "gift_multiple", "daily_rate"),
        "tasks": ("tasks", "ad_income", "ad_share", "share"),
        "queue": ("share", "refund", "lock" if pool_rule else "newcomers", "rule"),
        "commission": CIRCLE[1:] if round_ else ("direct", "indirect", "merchant"),
    }.get(kind)
    keys = _most_of_each(scheme) if own is None else [f"{first.name}.{name}" for name in own]
    if kind == "release":
        keys.append("platform.policy")
    if kind == "commission" and not round_:
        keys.append("order.parts.distribution")
    keys = [key for key in keys if does_something(scheme, key)]
    return [*keys[: MOST - len(ALWAYS)], *ALWAYS]


def _most_of_each(scheme: Scheme) -> list[str]:
    """Of a mixture: the most important of each rule, then the second, ..."""
    ranked = [
        [
            key
            for name in WEIGHT[mechanism.kind]
            if does_something(scheme, key := f"{mechanism.name}.{name}")
        ]
        for mechanism in scheme.mechanisms
    ]
    return [keys[at] for at in range(MOST) for keys in ranked if at < len(keys)]


def more(scheme: Scheme) -> list[Group]:
    """All other settings by group; empty groups are left out."""
    above = set(headline(scheme))
    groups = [Group("money.group.orders", ORDERS)]
    several = sum(m.kind == "dividend_pool" for m in scheme.mechanisms) > 1
    seen = 0
    for mechanism in scheme.mechanisms:
        fields = FIELDS.get(mechanism.kind)
        if fields is None:
            continue
        title = f"money.group.{mechanism.kind}"
        if isinstance(mechanism, PointsPool):
            title = "money.group.points"
        elif isinstance(mechanism, DividendPool) and several:
            seen += 1
            title = "money.group.dividend_first" if seen == 1 else "money.group.dividend_next"
        groups.append(Group(title, tuple(f"{mechanism.name}.{name}" for name in fields)))
    groups.append(Group("money.group.people", PEOPLE))
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, Commission):
            name = mechanism.name
            keys = tuple(f"{name}.{field}" for field in RECRUITING)
            groups += [
                Group("money.group.recruiting", (*keys, "order.parts.distribution")),
                Group("money.group.territories", tuple(f"{name}.{f}" for f in TERRITORIES)),
                Group("money.group.circle", tuple(f"{name}.{f}" for f in CIRCLE)),
            ]
    groups.append(Group("money.group.platform", PLATFORM))
    pool = scheme.points_pool
    if pool is not None:
        keys = (*(f"{pool.name}.{name}" for name in SPECIAL), f"{pool.name}.outside")
        at = 3 if findings.kind(scheme) == "points" else len(groups)
        groups.insert(at, Group("money.group.special", keys))
    found = []
    for group in groups:
        keys = tuple(k for k in group.keys if k not in above and does_something(scheme, k))
        if keys:
            found.append(Group(group.title, keys))
    return found


# -- drawing them ------------------------------------------------------------------------------


def draw_headline(page: Page) -> None:
    """The knobs above the pictures."""
    for key in headline(page.scheme):
        knob(page, key)


def knob(page: Page, key: str) -> None:
    """One knob, as fits its parameter."""
    group, _, _ = key.rpartition(".")
    kind_key = _kind_key(page.scheme.mechanism(group), key)
    language = lang()
    if key == "points_pool.exit_multiple":
        page.exit_multiple()
    elif key == "demand.orders_per_tick":
        page.volume()
    elif key == "demand.growth":
        page.growth()
    elif kind_key in CHOICES:
        choice(page, key, kind_key)
    elif kind_key in STOPS:
        never = w("control.never")
        show: Callable[[Any], str] = {
            "multiple": lambda n: never if n is None else multiple(n, language),
            "yuan": lambda n: yuan(n, language),
            "ticks": lambda n: days(n, language),
        }.get(page.parameter(key).unit, lambda n: quantity(n, language))
        page.choice_slider(key, STOPS[kind_key], show)
    else:
        page.share_slider(key)


def choice(page: Page, key: str, kind_key: str) -> None:
    """A select box over what a rule may say."""
    name = kind_key.rpartition(".")[2]
    st.selectbox(
        page.label(key),
        options(page.scheme, key),
        format_func=lambda option: w(f"choice.{name}.{option}"),
        key=page.ready(key),
        help=page.help(key),
    )


def draw_more(page: Page) -> None:
    """Every other setting, by group."""
    groups = more(page.scheme)
    listed = False
    for start in range(0, len(groups), COLUMNS):
        row = groups[start : start + COLUMNS]
        columns = st.columns(COLUMNS if len(groups) > COLUMNS else len(row), gap="medium")
        for column, group in zip(columns, row, strict=False):
            with column:
                st.markdown(f"**{w(group.title)}**")
                for key in group.keys:
                    listed |= _setting(page, key)
    if listed:
        st.caption(w("money.lists", view=w("money.view.rules")))


def _setting(page: Page, key: str) -> bool:
    """One setting; returns whether it is a list, which is only told."""
    group, _, _ = key.rpartition(".")
    mechanism = page.scheme.mechanism(group)
    kind_key = _kind_key(mechanism, key)
    if key == OUTSIDE:
        page.outside_money()
    elif key == "demand.kind":
        page.demand_kind()
    elif kind_key in CHOICES:
        choice(page, key, kind_key)
    elif page.parameter(key).unit == "list":
        said = f"<b>{escape(page.label(key))}</b><br>{escape(told(page.scheme, key))}"
        st.html(f'<p class="wp-listed">{said}</p>')
        return True
    elif key == "behaviour.sell_share" and page.scheme.points_pool is None:
        _gives_up(page)
    else:
        page.number(key)
    return False


def _gives_up(page: Page) -> None:
    """The same number as of holders who sell: without points there is nothing to sell."""
    key = "behaviour.sell_share"
    parameter, widget = page.parameter(key), page.ready(key)
    st.session_state[widget] = float(st.session_state[widget])
    st.number_input(
        w("money.gives_up"),
        min_value=0.0,
        max_value=100 * (parameter.maximum or 1.0),
        step=100 * (parameter.step or 0.01),
        key=widget,
        format="%g",
        help=w("money.gives_up.help"),
    )


def told(scheme: Scheme, key: str) -> str:
    """A list for people."""
    language, values = lang(), scheme.get(key)
    name = key.rpartition(".")[2]
    prices = [yuan(price, language) for price, _ in scheme.order.choices]

    def by_package(numbers: Sequence[float], show: Callable[[float], str]) -> list[tuple[str, str]]:
        return [(price, show(n)) for price, n in zip(prices, numbers, strict=True)]

    pairs: list[tuple[str, str]]
    if name == "packages":
        pairs = [
            (price, percent(share, language))
            for price, (_, share) in zip(prices, values, strict=True)
        ]
    elif name in {"package_quotas", "package_multiples"}:
        pairs = by_package(values, lambda n: multiple(n, language))
    elif name in {"package_units", "package_generations"}:
        pairs = by_package(values, lambda n: count(n, language))
    elif name == "rank_reached":
        pairs = [(f"V{k}", percent(share, language)) for k, share in enumerate(values, start=1)]
    elif name == "stars":
        pairs = [(yuan_short(sales, language), percent(part, language)) for sales, part in values]
    elif name == "rewards":
        pairs = [(count_short(points, language), yuan(pay, language)) for points, pay in values]
    elif name == "levels":
        pairs = [
            (count_short(points, language), count_short(units, language))
            for points, units in values
        ]
    else:
        shown = [count_short(number, language) for number in values[:7]]
        return w("list.and").join(shown) + ("…" if len(values) > len(shown) else "")
    colon = ": " if words().lang == "en" else "："
    return (", " if words().lang == "en" else "，").join(f"{a}{colon}{b}" for a, b in pairs)
