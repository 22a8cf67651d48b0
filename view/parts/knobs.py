"""Which knobs belong to a scheme, in which order, and where each of them does something."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from model.scheme import Mechanism, Scheme
from view.mechanisms.face import by_package, faces, works
from view.parts.boxes import number_box
from view.parts.context import lang, w, words
from view.parts.controls import Page
from view.sentences import findings
from view.words import typed_said
from view.words.format import (
    count_short,
    days,
    multiple,
    percent,
    quantity,
    yuan,
)

#: Columns of "more settings".
COLUMNS = 4
#: More knobs than this above the pictures leave no room for them on a phone.
MOST = 6
#: What a choice may be, by the parameter's kind and name.
CHOICES: dict[str, tuple[str, ...]] = {
    **{
        f"{kind}.{name}": options
        for kind, face in faces().items()
        for name, options in face.choices.items()
    },
    "platform.policy": ("stop", "cut", "raise_fee", "raise_minimum"),
}
#: Values that a slider above the pictures offers.
STOPS: dict[str, tuple[float | None, ...]] = {
    f"{kind}.{name}": stops for kind, face in faces().items() for name, stops in face.stops.items()
}
OUTSIDE = "points_pool.outside"
ALWAYS = ("demand.orders_per_tick", "demand.growth")
#: The settings beside those of the mechanisms, in order.
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


class Group(NamedTuple):
    """Settings that belong together: a catalogue key and its parameters."""

    title: str
    keys: tuple[str, ...]


# -- where a knob does something ---------------------------------------------------------------


#: A knob of the scheme that only matters under a condition.
SHOWN_IF: dict[str, Callable[[Scheme], bool]] = {
    "order.packages": lambda s: bool(s.order.packages),
    "demand.population": lambda s: s.demand.kind == "saturating",
    "demand.orders": lambda s: s.demand.kind == "list",
}
#: Those that only matter beside a mechanism.
BESIDE = frozenset(key for face in faces().values() for key in face.beside)


def _works_beside(scheme: Scheme, key: str) -> bool:
    """Whether any mechanism makes a parameter of the whole scheme change something."""
    conditions = ((m, faces()[m.kind].beside.get(key)) for m in scheme.mechanisms)
    return any(holds is not None and holds(scheme, m) for m, holds in conditions)


def does_something(scheme: Scheme, key: str) -> bool:
    """Whether moving a parameter changes anything under the other settings."""
    group, _, name = key.rpartition(".")
    mechanism = scheme.mechanism(group)
    if mechanism is None:
        if key in BESIDE:
            return _works_beside(scheme, key)
        condition = SHOWN_IF.get(key)
        return condition is None or condition(scheme)
    if name != "outside" and scheme.get(key) == ():
        # A list is only told, and only where there is one.
        return False
    return works(scheme, mechanism, name)


def _kind_key(mechanism: Mechanism | None, key: str) -> str:
    return key if mechanism is None else f"{mechanism.kind}.{key.rpartition('.')[2]}"


def kind_key(scheme: Scheme, key: str) -> str:
    """A parameter's key by the kind of its mechanism, whatever name that has here."""
    return _kind_key(scheme.mechanism(key.rpartition(".")[0]), key)


def options(scheme: Scheme, key: str) -> list[str]:
    """What a rule of this scheme may say."""
    mine = kind_key(scheme, key)
    if mine == "platform.policy" and not does_something(scheme, "platform.withdrawal_fee"):
        # Nothing is withdrawn: raising a fee or a minimum would mean paying less.
        return [o for o in CHOICES[mine] if o in {"stop", "cut", scheme.platform.policy}]
    return [*CHOICES[mine]]


# -- which knobs -------------------------------------------------------------------------------


def headline(scheme: Scheme) -> list[str]:
    """The knobs that matter most, those that every scheme has last."""
    if findings.kind(scheme) == "mixed":
        keys = _most_of_each(scheme)
    else:
        paying = (m for m in scheme.mechanisms if faces()[m.kind].takes)
        first = next(paying, scheme.mechanisms[0])
        keys = [_key(first, name) for name in faces()[first.kind].alone(first)]
    keys = [key for key in keys if does_something(scheme, key)]
    return [*keys[: MOST - len(ALWAYS)], *ALWAYS]


def _key(mechanism: Mechanism, name: str) -> str:
    """The key of a mechanism's setting; one of the whole scheme's is its own."""
    return name if "." in name else f"{mechanism.name}.{name}"


def _most_of_each(scheme: Scheme) -> list[str]:
    """Of a mixture: the most important of each rule, then the second, ..."""
    ranked = [
        [
            key
            for name in faces()[mechanism.kind].weight
            if does_something(scheme, key := f"{mechanism.name}.{name}")
        ]
        for mechanism in scheme.mechanisms
    ]
    return [keys[at] for at in range(MOST) for keys in ranked if at < len(keys)]


def more(scheme: Scheme) -> list[Group]:
    """All other settings by group; empty groups are left out."""
    above = set(headline(scheme))
    groups = {
        "orders": [Group("money.group.orders", ORDERS)],
        "people": [Group("money.group.people", PEOPLE)],
        "all": [Group("money.group.platform", PLATFORM)],
    }
    alone = findings.kind(scheme) != "mixed"
    kinds = [m.kind for m in scheme.mechanisms]
    for at, mechanism in enumerate(scheme.mechanisms):
        for part in faces()[mechanism.kind].groups:
            title = part.title
            if part.several is not None and kinds.count(mechanism.kind) > 1:
                title = part.several[mechanism.kind in kinds[:at]]
            group = Group(title, tuple(_key(mechanism, name) for name in part.names))
            if part.early and alone:
                # What is rare stands before what is about the platform.
                groups["people"].insert(1, group)
            else:
                groups[part.place].append(group)
    found = []
    for group in (*groups["orders"], *groups["people"], *groups["all"]):
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
    if key == "demand.orders_per_tick":
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
    elif key == "behaviour.sell_share" and not _sells(page.scheme):
        _gives_up(page)
    else:
        page.number(key)
    return False


def _sells(scheme: Scheme) -> bool:
    return any(faces()[m.kind].sold for m in scheme.mechanisms)


def _gives_up(page: Page) -> None:
    """The same number as of holders who sell, where there is nothing to sell."""
    key = "behaviour.sell_share"
    number_box(
        w("money.gives_up"),
        key=page.ready(key),
        box=typed_said.allowed(page.parameter(key)),
        help_=w("money.gives_up.help"),
    )


def told(scheme: Scheme, key: str) -> str:
    """A list for people."""
    language, values = lang(), scheme.get(key)
    prices = [yuan(price, language) for price, _ in scheme.order.choices]
    kind, _, name = kind_key(scheme, key).rpartition(".")
    if key == "order.packages":
        pairs = by_package(percent)([share for _, share in values], prices, language)
    elif (face := faces().get(kind)) is not None and name in face.told:
        pairs = face.told[name](values, prices, language)
    else:
        shown = [count_short(number, language) for number in values[:7]]
        return w("list.and").join(shown) + ("…" if len(values) > len(shown) else "")
    colon = ": " if words().lang == "en" else "："
    return (", " if words().lang == "en" else "，").join(f"{a}{colon}{b}" for a, b in pairs)
