"""One number of an advertisement after the other, confirmed, typed, or "not stated"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from model.fields import Parameter
from model.library import preset
from model.reading import Number
from view.check.found import word_in
from view.parts.boxes import number_box
from view.parts.context import lang, w, words
from view.parts.controls import from_widget, shown
from view.settings import state
from view.words import typed_said

#: Stands for a price that is not stated, yuan.
YARDSTICK = 100.0
OTHER, NONE = "other", "none"
#: Each is confirmed, or said to be not stated, before anything is concluded.
REQUIRED = ("share", "multiple", "fee")


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the numbers of an offer go."""

    reference: str
    #: By the name of the number; in the order of the questions, the price first.
    keys: Mapping[str, str]
    #: What a number may be called in the text; those not named as themselves.
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: What goes along with a number that is stated.
    along: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Those that are the same number.
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def slots(self) -> tuple[str, ...]:
        """The numbers in the order of the questions."""
        return tuple(self.keys)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One number to confirm."""

    promise: str
    name: str
    parameter: Parameter

    @property
    def key(self) -> str:
        """Of its widget."""
        return f"check|paste:{self.promise}:{self.name}"

    @property
    def roles(self) -> tuple[str, ...]:
        """What it may be called in the text."""
        return TARGETS[self.promise].roles.get(self.name, (self.name,))


TARGETS = {
    "points": Target(
        reference="own:points_pool",
        keys={
            "price": "order.spend",
            "share": "points_pool.share",
            "multiple": "points_pool.exit_multiple",
            "fee": "points_pool.fee",
            "gift": "points_pool.gift",
            "goods": "order.goods_value",
        },
    ),
    "daily": Target(
        reference="own:scheduled_release",
        keys={
            "price": "order.spend",
            "share": "scheduled_release.share",
            "multiple": "scheduled_release.gift_multiple",
            "rate": "scheduled_release.daily_rate",
            "fee": "platform.withdrawal_fee",
            "goods": "order.goods_value",
        },
        roles={"multiple": ("gift", "multiple", "credit")},
    ),
    "queue": Target(
        reference="own:refund_queue",
        keys={
            "price": "order.spend",
            "share": "refund_queue.share",
            "multiple": "refund_queue.refund",
            "newcomers": "refund_queue.newcomers",
            "fee": "platform.withdrawal_fee",
            "lock": "refund_queue.lock",
            "goods": "order.goods_value",
        },
        along={"newcomers": {"refund_queue.rule": "shared"}},
    ),
    "dividends": Target(
        reference="own:dividend_pool",
        keys={
            "price": "order.spend",
            "share": "dividend_pool.share",
            "multiple": "dividend_pool.quota_multiple",
            "fee": "platform.withdrawal_fee",
            "goods": "order.goods_value",
        },
        roles={"multiple": ("multiple", "gift", "credit")},
    ),
    "cashback": Target(
        reference="cash-back-card",
        keys={
            "price": "order.spend",
            "back": "scheduled_release.gift_multiple",
            "goods": "order.goods_value",
        },
        roles={"back": ("cashback", "gift", "discount")},
        same={"back": ("scheduled_release.share", "scheduled_release.daily_rate")},
    ),
}
#: The question for each number.
QUESTIONS = {
    "share": "paste.slot.share",
    "multiple": "paste.slot.multiple",
    "fee": "paste.slot.fee",
    "rate": "paste.slot.rate",
    "gift": "paste.slot.gift",
    "newcomers": "paste.slot.newcomers",
    "lock": "paste.slot.lock",
    "price": "paste.slot.price",
    "goods": "paste.slot.goods",
    "back": "cash_back.part",
}
#: Numbers offered for one question.
MOST_OFFERED = 5
#: What a number's unit must be for a parameter with this one.
_UNITS = {
    "share": {"share"},
    "multiple": {"multiple", "share"},
    "yuan": {"money"},
    "ticks": {"days"},
}


def candidates(numbers: Iterable[Number], one: Slot, *, price: float | None) -> dict[float, Number]:
    """The values that the text gives for this, in its order; both ends of a range.

    A sum given for the price is a multiple of it. A number without a meaning is offered nowhere.
    """
    found: dict[float, Number] = {}
    for number in numbers:
        if number.role not in one.roles or number.currency != "CNY":
            continue
        for value in dict.fromkeys((number.low, number.high)):
            fitted = _fitted(number, value, one.parameter, price)
            if fitted is not None:
                found.setdefault(fitted, number)
    return dict(list(found.items())[:MOST_OFFERED])


def _fitted(
    number: Number, value: float, parameter: Parameter, price: float | None
) -> float | None:
    """A value in the parameter's unit; None: it does not fit."""
    units = _UNITS.get(parameter.unit, {"count"})
    if parameter.unit == "multiple" and number.unit in {"points", "money"}:
        if not price:
            return None
        value = round(value / price, 6)
    elif number.unit not in units or (number.per not in {None, "day", "order", "once"}):
        return None
    value = float(round(value)) if parameter.unit in {"ticks", "count"} else value
    return value if inside(value, parameter) else None


def inside(value: float, parameter: Parameter) -> bool:
    """Whether a value is allowed."""
    low, high = parameter.minimum, parameter.maximum
    if low is not None and (value < low or (value == low and parameter.exclusive_minimum)):
        return False
    return high is None or value < high or (value == high and not parameter.exclusive_maximum)


def slot(one: Slot, found: Mapping[float, Number]) -> tuple[bool, float | None]:
    """One number to confirm: whether it has been, and its value (None: not stated)."""
    language = lang()

    def label(option: Any) -> str:
        if option == NONE:
            return w("paste.not_stated")
        if option == OTHER:
            return w("paste.other")
        text, number = shown(one.parameter, option, language), found.get(option)
        word = word_in(number.reason, words()) if number is not None else ""
        return w("paste.option", value=text, word=word) if word else text

    picked = st.pills(w(QUESTIONS[one.name]), [*found, NONE, OTHER], format_func=label, key=one.key)
    if picked == OTHER:
        return _typed(one)
    if picked is None:
        return False, None
    return True, None if picked == NONE else float(cast("float", picked))


def _typed(one: Slot) -> tuple[bool, float | None]:
    parameter = one.parameter
    box = typed_said.allowed(parameter)
    typed: float | None = number_box(
        w("control.unit", label=w(QUESTIONS[one.name]), unit=w(UNITS[parameter.unit])),
        key=f"{one.key}:typed",
        box=box._replace(high=1e7 if box.high is None else box.high, empty=True),
        name=w(QUESTIONS[one.name]),
    )
    if typed is None:
        return False, None
    value = from_widget(parameter, float(typed))
    whole = float(round(value)) if parameter.unit in {"ticks", "count"} else value
    return inside(value, parameter), whole


UNITS = {
    "share": "unit.share",
    "multiple": "unit.multiple",
    "yuan": "unit.yuan",
    "ticks": "paste.unit.days",
    "count": "paste.unit.heads",
}


def settings_of(promise: str, chosen: Mapping[str, float | None]) -> state.Settings:
    """What has been confirmed, as settings; raises SchemeError where it does not go together.

    What is not stated is open. A price that is not is taken as a hundred, so that every sum is also
    a share of the price in hundredths.
    """
    target = TARGETS[promise]
    base = preset(target.reference)
    changes: dict[str, Any] = {}
    unsure = []
    for name, key in target.keys.items():
        value = chosen.get(name)
        if value is not None:
            changes[key] = int(value) if name in {"lock", "newcomers"} else value
            changes.update(target.along.get(name, {}))
            changes.update(dict.fromkeys(target.same.get(name, ()), value))
        elif name != "goods":
            unsure.append(key)
            if name == "price":
                changes[key] = YARDSTICK
            elif name == "newcomers":
                unsure.append("refund_queue.rule")
    if promise == "cashback":
        back = changes.get(target.keys["back"], 0.0)
        changes["order.parts.goods"] = min(base.scheme().order.parts.goods, 1 - back)
        if "order.goods_value" not in changes:
            changes["order.goods_value"] = None
    base.scheme(changes)
    page = {
        "promise": "",
        "package": "",
        "unsure": ",".join(unsure),
        "mine": "1",
        "step": "answer",
    }
    return state.Settings(base, state.changed(base, changes), page)
