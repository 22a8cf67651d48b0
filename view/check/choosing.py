"""What was promised, and which of the schemes that promise it."""

from __future__ import annotations

import streamlit as st

from model.library import preset, presets
from view.check.address import focus_of
from view.parts.context import w
from view.parts.controls import Page, chosen_id
from view.sentences import answers
from view.settings import state

#: What each promise is called.
PROMISE_WORDS = {
    "points": "check.promise.points",
    "daily": "check.promise.daily",
    "queue": "check.promise.queue",
    "dividends": "check.promise.dividends",
    "ads": "check.promise.ads",
    "agents": "check.promise.agents",
    "cashback": "check.promise.cashback",
    "several": "check.promise.several",
}

#: What may be chosen first: a promise that is modelled, or one that is not.
CHOICES = (*(p for p in answers.PROMISES if p != "several"), "several", "none")
CHOICE_WORDS = {**PROMISE_WORDS, "several": "check.choice.several", "none": "check.none"}
#: The question of each screen.
ASKED = {
    "start": "check.promise",
    "offer": "wizard.offer",
    "numbers": "wizard.numbers",
    "place": "wizard.place",
}


def sync_promise(page_name: str) -> None:
    """Callback: another promise; the scheme goes along if it is not one of those."""
    asked = st.session_state[f"{page_name}|kind"]
    if asked is None:
        return  # nothing chosen: no browser sends it, and the page shows what it did
    chosen = st.session_state[f"{page_name}|{state.PRESET}"]
    fitting = answers.presets_of(asked)
    if chosen not in fitting:
        chosen = st.session_state[f"{page_name}|{state.PRESET}"] = fitting[0]
        forget_package(page_name)
    main = answers.main_promise(preset(chosen))
    st.session_state[f"{page_name}|promise"] = "" if asked == main else asked


def choose_scheme(page: Page) -> None:
    """What was promised in plain words, and then the schemes that promise it."""
    focus = focus_of(page.settings)
    st.session_state[f"{page.name}|kind"] = focus
    st.pills(
        w("check.promise"),
        answers.PROMISES,
        format_func=lambda promise: w(PROMISE_WORDS[promise]),
        key=f"{page.name}|kind",
        required=True,
        on_change=sync_promise,
        args=(page.name,),
    )
    which(page, focus)


def which(page: Page, focus: str) -> None:
    """The schemes that make a promise."""
    mine = page.key(state.PRESET)
    chosen = st.session_state[mine] = chosen_id(page.settings)
    fitting = answers.presets_of(focus)
    st.pills(
        w("check.which"),
        [*fitting, *([] if chosen in fitting else [chosen])],
        format_func=lambda id_: w.text(preset(id_).name),
        key=mine,
        required=True,
        on_change=another,
        args=(page.name,),
    )


def another(page_name: str) -> None:
    """Callback: another scheme has other packages, and is an example of the reader's offer."""
    forget_package(page_name)
    chosen = st.session_state[f"{page_name}|{state.PRESET}"]
    if st.session_state.get(f"{page_name}|mine") and chosen in presets():
        st.session_state[f"{page_name}:take"] = example(chosen)


def example(chosen: str) -> state.Settings:
    """A preset as the example of somebody's offer: what their goods cost elsewhere is not known."""
    made = preset(chosen)
    worth = made.scheme().order.goods_value
    return state.Settings(made, {} if worth is None else {"order.goods_value": None}, {})


def forget_package(page_name: str) -> None:
    """Drop the package chosen."""
    st.session_state[f"{page_name}|package"] = ""
