"""Cash-back in the shop, or buy ten get one: how much of the price comes back, and nothing else.

What comes back is taken to be put aside from the same order and paid at once: that is what an
ordinary programme is, and the answer says so.
"""

from __future__ import annotations

import streamlit as st

from model.scheme import Scheme
from view.parts.boxes import number_box
from view.parts.context import w
from view.parts.controls import Page, to_widget
from view.sentences.offered import offered
from view.words.typed import Allowed

#: What the box takes.
BOX = Allowed(unit="share", low=1, high=100)


def question(page: Page, key: str) -> None:
    """How much of the price comes back, in percent."""
    widget = f"{page.key(key)}#back"
    st.session_state[widget] = round(100 * float(page.scheme.get(key)), 6)

    def agree() -> None:
        part = float(st.session_state[widget] or 0.0) / 100
        for name, value in following(page.scheme, key, part).items():
            shown = to_widget(page.parameter(name), value)
            st.session_state[page.key(name)] = shown

    number_box(
        w("cash_back.part"),
        key=widget,
        box=BOX,
        on_change=agree,
        help_=w("cash_back.help"),
    )


def following(scheme: Scheme, key: str, part: float) -> dict[str, float]:
    """Every setting that goes with ``part`` of the price coming back out of the same order."""
    name, _, _ = key.partition(".")
    mechanism = next(m for m in scheme.mechanisms if m.name == name)
    found = {f"{name}.{field}": part for field in offered(mechanism).own_order}
    costs = scheme.order.parts.goods
    return {**found, "order.parts.goods": min(costs, 1 - part)}
