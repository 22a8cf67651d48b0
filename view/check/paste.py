"""Paste the advertisement: the numbers found in it, each to be confirmed before anything follows.

The text goes to :func:`model.advert.read` and is dropped in the same run; what stays until the page
is left are the numbers found. Only what has been confirmed goes into the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import streamlit as st

from model import advert
from model.advert import Find, Meaning
from model.fields import Parameter
from model.library import preset
from model.preset import SchemeError
from model.scheme import named_parameters
from view.parts import notices
from view.parts.boxes import number_box
from view.parts.context import lang, w
from view.parts.controls import Page, from_widget, shown
from view.settings import state
from view.words import typed_said
from view.words.format import count, count_short, multiple, percent, yuan

_TEXT = "check|advert"
_FINDS = "check:finds"
_CUT = "check:finds-cut"
#: These are each confirmed, or marked "not stated", before anything is concluded.
REQUIRED: tuple[Meaning, ...] = ("share", "multiple", "fee")
#: Stands for a price that is not stated, yuan.
YARDSTICK = 100.0
OTHER, NONE = "other", "none"


@dataclass(frozen=True)
class Target:
    """Where the numbers of a promise go."""

    reference: str
    keys: Mapping[Meaning, str]
    #: What goes along with a number that is stated.
    along: Mapping[Meaning, Mapping[str, Any]]


_PRICE: dict[Meaning, str] = {"price": "order.spend", "goods": "order.goods_value"}
TARGETS = {
    "points": Target(
        "own:points_pool",
        {
            "share": "points_pool.share",
            "multiple": "points_pool.exit_multiple",
            "fee": "points_pool.fee",
            "gift": "points_pool.gift",
            **_PRICE,
        },
        {},
    ),
    "daily": Target(
        "own:scheduled_release",
        {
            "share": "scheduled_release.share",
            "multiple": "scheduled_release.gift_multiple",
            "fee": "platform.withdrawal_fee",
            "rate": "scheduled_release.daily_rate",
            **_PRICE,
        },
        {},
    ),
    "queue": Target(
        "own:refund_queue",
        {
            "share": "refund_queue.share",
            "multiple": "refund_queue.refund",
            "fee": "platform.withdrawal_fee",
            "newcomers": "refund_queue.newcomers",
            "lock": "refund_queue.lock",
            **_PRICE,
        },
        {"newcomers": {"refund_queue.rule": "shared"}},
    ),
    "dividends": Target(
        "own:dividend_pool",
        {
            "share": "dividend_pool.share",
            "multiple": "dividend_pool.quota_multiple",
            "fee": "platform.withdrawal_fee",
            **_PRICE,
        },
        {},
    ),
}
#: What each promise is called.
PROMISES = {
    "points": "check.promise.points",
    "daily": "check.promise.daily",
    "queue": "check.promise.queue",
    "dividends": "check.promise.dividends",
}
#: The question for each number, and what it is called in a list.
SLOTS: dict[Meaning, str] = {
    "share": "paste.slot.share",
    "multiple": "paste.slot.multiple",
    "fee": "paste.slot.fee",
    "rate": "paste.slot.rate",
    "gift": "paste.slot.gift",
    "newcomers": "paste.slot.newcomers",
    "lock": "paste.slot.lock",
    "price": "paste.slot.price",
    "goods": "paste.slot.goods",
}
NAMES: dict[Meaning, str] = {
    "share": "paste.name.share",
    "multiple": "paste.name.multiple",
    "fee": "paste.name.fee",
    "rate": "paste.name.rate",
    "gift": "paste.name.gift",
    "price": "paste.name.price",
    "goods": "paste.name.goods",
    "commission": "paste.name.commission",
    "lock": "paste.name.lock",
    "newcomers": "paste.name.newcomers",
    "credit": "paste.name.credit",
    "territory": "paste.name.territory",
    "minimum": "paste.name.minimum",
}


def forget() -> None:
    """Drop what was found: another screen has come."""
    for key in (_FINDS, _CUT):
        st.session_state.pop(key, None)


def _read() -> None:
    """Callback: read the text and drop it."""
    text = str(st.session_state.get(_TEXT) or "")
    st.session_state[_TEXT] = ""
    st.session_state[_FINDS] = advert.read(text) if text.strip() else None
    st.session_state[_CUT] = advert.too_long(text)


def screen(page: Page) -> None:
    """The box for the text, or what was found in it."""
    finds: tuple[Find, ...] | None = st.session_state.get(_FINDS)
    if finds is None:
        st.html(f'<p class="wp-lead">{escape(w("paste.lead"))}</p>')
        with st.form("check|paste", border=False):
            st.text_area(
                w("paste.box", most=count(advert.MAX_TEXT, lang())),
                key=_TEXT,
                height=220,
                placeholder=w("paste.placeholder"),
            )
            st.form_submit_button(w("paste.read"), type="primary", on_click=_read)
        return
    if st.session_state.get(_CUT):
        notices.warn(w("paste.cut", most=count(advert.MAX_TEXT, lang())))
    if finds:
        st.html(
            f'<p class="wp-lead">{escape(w("paste.found", n=str(len(finds))))}</p>' + listed(finds)
        )
    else:
        st.html(f'<p class="wp-lead">{escape(w("paste.nothing"))}</p>')
    _confirm(page, finds)
    st.button(w("paste.again"), key="check|paste:again", on_click=forget)


def value_text(find: Find) -> str:
    """A number as we write it, never as it was pasted."""
    language = lang()
    if find.unit == "share":
        return percent(find.value, language)
    if find.unit == "multiple":
        return multiple(find.value, language)
    if find.unit == "yuan":
        return yuan(find.value, language)
    if find.unit == "ticks":
        return w("paste.days", n=count(find.value, language))
    if find.unit == "points":
        return w("paste.points", n=count_short(find.value, language))
    return w("paste.heads", n=count(find.value, language))


def listed(finds: tuple[Find, ...]) -> str:
    """What was found, in the order of the text, with what it may mean."""
    items = []
    for find in finds:
        named = [w(NAMES[meaning]) for meaning in find.meanings[:3]]
        may = w("paste.may", what=w("paste.or").join(named))
        place = w("paste.place", line=str(find.line))
        if find.near:
            place = w("paste.near", word=find.near, line=str(find.line))
        items.append(
            f"<li><b>{escape(value_text(find))}</b> <small>{escape(place)}</small> "
            f"<span>{escape(may)}</span></li>"
        )
    return f"<ol class='wp-finds'>{''.join(items)}</ol>"


# -- To confirm ----------------------------------------------------------------------------------


def candidates(
    finds: tuple[Find, ...], slot: Meaning, parameter: Parameter, price: float | None
) -> dict[float, Find | None]:
    """The values that may go here, the likeliest first, each with where it was found."""
    fitting = [find for find in finds if _likely(find, slot) and _fits(find, parameter)]
    fitting.sort(key=lambda find: (find.meanings.index(slot), find.start))
    found: dict[float, Find | None] = {}
    for find in fitting[:6]:
        found.setdefault(_whole(find.value, parameter), find)
    if slot == "multiple" and price:
        # So many points for such a price: a multiple too, if a point is a yuan.
        for find in finds:
            if find.unit == "points":
                times = round(find.value / price, 4)
                if _inside(times, parameter):
                    found.setdefault(times, None)
    return dict(list(found.items())[:6])


def _likely(find: Find, slot: Meaning) -> bool:
    """Whether a number is worth offering here: what else it may be, the reader can type."""
    if slot not in find.meanings:
        return False
    place = find.meanings.index(slot)
    # A part of the price as a multiple of it only where the words say so.
    return (
        place == 0 or not find.near or (place == 1 and (slot, find.unit) != ("multiple", "share"))
    )


#: What a find's unit must be for a parameter with this one.
_UNITS = {
    "share": {"share"},
    "multiple": {"multiple", "share"},
    "yuan": {"yuan"},
    "ticks": {"ticks"},
}


def _fits(find: Find, parameter: Parameter) -> bool:
    units = _UNITS.get(parameter.unit, {"count"})
    return find.unit in units and _inside(find.value, parameter)


def _inside(value: float, parameter: Parameter) -> bool:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and (value < low or (value == low and parameter.exclusive_minimum)):
        return False
    return high is None or value < high or (value == high and not parameter.exclusive_maximum)


def _whole(value: float, parameter: Parameter) -> float:
    return float(round(value)) if parameter.unit in {"ticks", "count"} else value


def _confirm(page: Page, finds: tuple[Find, ...]) -> None:
    promise = st.pills(
        w("paste.promise"),
        list(PROMISES),
        format_func=lambda key: w(PROMISES[key]),
        key="check|paste:promise",
    )
    if promise is None:
        st.html(f'<p class="wp-small">{escape(w("paste.promise.help"))}</p>')
        return
    target = TARGETS[promise]
    known = named_parameters(preset(target.reference).parts)
    chosen: dict[Meaning, float | None] = {}
    missing: list[Meaning] = []
    price: float | None = None
    # The price first: points become a multiple by it.
    order: list[Meaning] = ["price", *(slot for slot in target.keys if slot != "price")]
    for slot in order:
        parameter = known[target.keys[slot]]
        offered = candidates(finds, slot, parameter, price)
        if not offered and slot not in {"price", *REQUIRED}:
            continue
        done, value = _slot(promise, slot, parameter, offered)
        if done:
            chosen[slot] = value
        elif slot in REQUIRED:
            missing.append(slot)
        if slot == "price":
            price = value
    if missing:
        what = w("list.and").join(w(NAMES[slot]) for slot in missing)
        st.html(f'<p class="wp-small">{escape(w("paste.missing", what=what))}</p>')
    problem = "" if missing else _problem(promise, chosen)
    if problem:
        notices.warn(problem)
    st.button(
        w("wizard.answer"),
        type="primary",
        key="check|paste:conclude",
        disabled=bool(missing or problem),
        on_click=_conclude,
        args=(page, promise, chosen),
    )


def _slot(
    promise: str, slot: Meaning, parameter: Parameter, found: Mapping[float, Find | None]
) -> tuple[bool, float | None]:
    """One number to confirm: whether it has been, and its value (None: not stated)."""
    language = lang()

    def label(option: Any) -> str:
        if option == NONE:
            return w("paste.not_stated")
        if option == OTHER:
            return w("paste.other")
        text = shown(parameter, option, language)
        find = found.get(option)
        return w("paste.option", value=text, word=find.near) if find and find.near else text

    key = f"check|paste:{promise}:{slot}"
    picked = st.pills(
        w(SLOTS[slot]),
        [*found, NONE, OTHER],
        format_func=label,
        key=key,
    )
    if picked == OTHER:
        box = typed_said.allowed(parameter)
        typed: float | None = number_box(
            w("control.unit", label=w(SLOTS[slot]), unit=w(UNITS[parameter.unit])),
            key=f"{key}:typed",
            box=box._replace(high=1e7 if box.high is None else box.high, empty=True),
            name=w(SLOTS[slot]),
        )
        if typed is None:
            return False, None
        value = from_widget(parameter, float(typed))
        return _inside(value, parameter), _whole(value, parameter)
    if picked is None:
        return slot not in REQUIRED, None
    return True, None if picked == NONE else float(cast("float", picked))


UNITS = {
    "share": "unit.share",
    "multiple": "unit.multiple",
    "yuan": "unit.yuan",
    "ticks": "paste.unit.days",
    "count": "paste.unit.heads",
}


def settings_of(promise: str, chosen: Mapping[Meaning, float | None]) -> state.Settings:
    """What has been confirmed, as settings; raises SchemeError where it does not go together.

    What is not stated is open. A price that is not is taken as a hundred, so that every sum is also
    a share of the price in hundredths.
    """
    target = TARGETS[promise]
    base = preset(target.reference)
    changes: dict[str, Any] = {}
    unsure = []
    for slot, key in target.keys.items():
        value = chosen.get(slot)
        if value is not None:
            changes[key] = int(value) if slot in {"lock", "newcomers"} else value
            changes.update(target.along.get(slot, {}))
        elif slot != "goods":
            unsure.append(key)
            if slot == "price":
                changes[key] = YARDSTICK
            elif slot == "newcomers":
                unsure.append("refund_queue.rule")
    base.scheme(changes)
    page = {
        "promise": "",
        "package": "",
        "unsure": ",".join(unsure),
        "mine": "1",
        "step": "answer",
    }
    return state.Settings(base, state.changed(base, changes), page)


def _problem(promise: str, chosen: Mapping[Meaning, float | None]) -> str:
    try:
        settings_of(promise, chosen)
    except SchemeError:
        return w("url.combination")
    return ""


def _conclude(page: Page, promise: str, chosen: Mapping[Meaning, float | None]) -> None:
    """Callback: the answer for what has been confirmed."""
    page.take(settings_of(promise, chosen))
    st.session_state["check|step"] = "answer"
    forget()
