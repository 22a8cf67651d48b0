"""The form: the reader's own numbers of an offer, each with its "not sure"."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.figures import usual_package
from view.check import cash_back
from view.check.address import MOST_ORDERS, askable, focus_of, unsure_of
from view.parts import knobs
from view.parts.context import lang, w
from view.parts.controls import Page, shown
from view.sentences import answers
from view.sentences.judged import Offer
from view.words.format import multiple, yuan


def _sync_unsure(page_name: str, keys: tuple[str, ...]) -> None:
    """Callback: the boxes ticked "not sure", as one value for the address."""
    named = str(st.session_state.get(f"{page_name}|unsure") or "").split(",")
    ticked = [k for k in keys if st.session_state.get(f"{page_name}|unsure:{k}")]
    # What is not asked here stays as it is.
    kept = [k for k in named if k and k not in keys]
    st.session_state[f"{page_name}|unsure"] = ",".join((*ticked, *kept))


def _sync_package(page_name: str, usual: int) -> None:
    """Callback: the package chosen."""
    chosen = st.session_state[f"{page_name}|package#"]
    st.session_state[f"{page_name}|package"] = "" if chosen in {None, usual} else str(chosen)


def question(page: Page, key: str, keys: tuple[str, ...], unsure: list[str]) -> None:
    """One number of the offer with its "not sure"."""
    with st.container(gap="xxsmall"):
        if key in unsure:
            parameter = page.parameter(key)
            said = w("check.unsure.none")
            if parameter.unsure:
                low, high = parameter.unsure
                said = w(
                    "check.unsure.range",
                    low=shown(parameter, low, lang()),
                    high=shown(parameter, high, lang()),
                )
            st.html(
                f'<p class="wp-label">{escape(page.label(key))}</p>'
                f'<p class="wp-unsure">{escape(said)}</p>'
            )
        elif focus_of(page.settings) == "cashback":
            cash_back.question(page, key)
        else:
            _knob(page, key)
        if key not in keys:
            return
        box = f"{page.name}|unsure:{key}"
        st.session_state[box] = key in unsure
        st.checkbox(
            w("check.unsure"),
            key=box,
            on_change=_sync_unsure,
            args=(page.name, keys),
        )


def _knob(page: Page, key: str) -> None:
    parameter = page.parameter(key)
    stops = knobs.STOPS.get(knobs.kind_key(page.scheme, key), ())
    if None in stops:
        never, language = w("control.never"), lang()
        page.choice_slider(key, stops, lambda m: never if m is None else multiple(m, language))
    elif parameter.unit == "share" and parameter.slider and (parameter.step or 0) >= 0.01:
        page.share_slider(key)
    else:
        page.number(key)


def numbers(page: Page, judged: Offer) -> None:
    """Everything that was asked, in one place, each still open to change."""
    keys = askable(page.scheme, judged.focus)
    st.markdown(w("check.own.intro") if keys else w("check.own.intro_plain"))
    package(page, judged)
    columns = st.columns(3, gap="medium")
    with columns[0]:
        _price(page, judged)
    asked = answers.questions(page.scheme, judged.focus)
    unsure = unsure_of(page.settings)
    half = -(-len(asked) // 2)
    for column, part in zip(columns[1:], (asked[:half], asked[half:]), strict=True):
        with column:
            for key in part:
                question(page, key, keys, unsure)
    if answers.speaks_of(judged) not in answers.NO_GOODS:
        a, b, _ = st.columns(3, gap="medium")
        place(page, judged, a, b)


def _price(page: Page, judged: Offer) -> None:
    page.number("order.spend")
    if answers.speaks_of(judged) not in answers.NO_GOODS:
        page.number("order.goods_value")


def place(page: Page, judged: Offer, first: DeltaGenerator, second: DeltaGenerator) -> None:
    """How many orders came before, and how many come in a day."""
    if answers.speaks_of(judged) not in {"daily", "ads"}:
        with first:
            page.own_number(
                "before", w("check.before"), most=MOST_ORDERS, help_=w("check.before.help")
            )
        first = second
    with first:
        page.own_number(
            "per_day", w("check.per_day"), least=1, most=MOST_ORDERS, help_=w("check.per_day.help")
        )


def package(page: Page, judged: Offer) -> None:
    """Which of several packages."""
    choices = page.scheme.order.choices
    if len(choices) == 1:
        return
    page.whole("package", 0, len(choices) - 1)  # says so if there is no such package
    widget = f"{page.name}|package#"
    st.session_state[widget] = judged.package
    language = lang()
    st.pills(
        w("check.package"),
        range(len(choices)),
        format_func=lambda k: yuan(choices[k][0], language),
        key=widget,
        required=True,
        on_change=_sync_package,
        args=(page.name, usual_package(page.scheme)),
    )
