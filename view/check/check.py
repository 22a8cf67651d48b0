"""The page one lands on: what was I offered, what is the most I can get, who pays?"""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from model.scheme import scheme_parameters
from view.check import answer, choosing, form, giving_up, offer, other, paid, paste, printed
from view.check.address import (
    MOST_ORDERS,
    STEPS,
    askable,
    focus_of,
    judge,
    step_of,
    steps_of,
    unsure_of,
)
from view.check.ways import go, ways
from view.parts.context import w, words
from view.parts.controls import Page, chosen_id
from view.press import press
from view.sentences import answers
from view.sentences.judged import Offer
from view.sentences.verdict import told
from view.settings import state
from view.words.words import Words

#: What a parameter is called after the name of its mechanism, which may be a reader's own.
_FIELDS = frozenset(key.rpartition(".")[2] for key in scheme_parameters())
OWN: dict[str, tuple[str, ...]] = {
    "promise": ("", *answers.PROMISES),
    "package": state.whole(),
    "unsure": state.names(lambda key: key.rpartition(".")[2] in _FIELDS),
    "before": state.whole(0, MOST_ORDERS),
    "per_day": state.whole(1, MOST_ORDERS),
    "said": state.names(offer.is_said),
    "mine": ("", "1"),
    "step": ("", *STEPS, "paste", "paid", "other"),
    "other": ("", *other.KINDS),
    "each": state.whole(2, other.MOST_EACH),
    "leave": giving_up.PARTS,
    **press.OWN,
    "for": (*press.OWN["for"], "print"),
}


# -- One question a screen -----------------------------------------------------------------------


def _choose(page_name: str, promise: str, first: str) -> None:
    """Callback: what was promised, and on to the next question."""
    st.session_state[f"{page_name}|kind"] = promise
    st.session_state[f"{page_name}|{state.PRESET}"] = first
    choosing.sync_promise(page_name)
    st.session_state[f"{page_name}|mine"] = "1"
    choosing.another(page_name)
    go(page_name, "offer")


def _skip(page_name: str, step: str, unsure: tuple[str, ...]) -> None:
    """Callback: "not sure" of a whole screen."""
    named = str(st.session_state.get(f"{page_name}|unsure") or "").split(",")
    if step == "numbers":
        kept = [key for key in named if key and key not in unsure]
        st.session_state[f"{page_name}|unsure"] = ",".join((*unsure, *kept))
    elif step == "place":
        for key in ("before", "per_day"):
            st.session_state[f"{page_name}|{key}"] = ""
            st.session_state[f"{page_name}|{key}#"] = None
    else:
        st.session_state[f"{page_name}|order.goods_value"] = None
        open_ = dict.fromkeys((*filter(None, named), "order.spend"))
        st.session_state[f"{page_name}|unsure"] = ",".join(open_)


def _leave(page_name: str, step: str, unsure: tuple[str, ...], then: str) -> None:
    """Callback: not sure, and on."""
    _skip(page_name, step, unsure)
    go(page_name, then)


def heading(step: str, said: Words) -> str:
    """A screen's heading."""
    titles = {
        "paste": "paste.heading",
        "paid": "paid.heading",
        "other": "other.heading",
        **choosing.ASKED,
        "start": "",
    }
    return said(titles.get(step) or "page.check.heading")


def start(page: Page) -> None:
    """The first screen: the first question, and an example with its verdict."""
    st.html(f'<h2 class="wp-asked">{escape(w("check.promise"))}</h2>')
    step, kind = page.settings.page.get("step"), page.settings.page.get("other")
    now = kind or (focus_of(page.settings) if step == "start" else "")
    shown_now = chosen_id(page.settings)
    with st.container(key="wp-choices", horizontal=True):
        for promise in choosing.CHOICES:
            fitting = () if promise in other.KINDS else answers.presets_of(promise)
            st.button(
                w(choosing.CHOICE_WORDS[promise]),
                key=f"{page.name}|kind:{promise}",
                type="primary" if promise == now else "secondary",
                on_click=_choose if fitting else other.choose,
                args=(page.name, promise, shown_now if shown_now in fitting else fitting[0])
                if fitting
                else (page.name, promise),
                width="stretch",
            )
    judged = judge(page.settings)
    summary = w.text(page.settings.preset.summary)
    st.html(
        f'<p class="wp-example">{escape(w("wizard.example", summary=summary))}</p>'
        f'<p class="wp-verdict">{escape(told(judged, words()).heading)}</p>'
    )
    with st.container(key="wp-example"):
        st.button(
            w("wizard.example.more"),
            key=f"{page.name}|example",
            icon=":material/arrow_forward:",
            on_click=go,
            args=(page.name, "answer"),
        )
    ways(page, ("paste", "paid"))


def question_screen(page: Page, step: str) -> None:
    """The second to fourth question."""
    steps = steps_of(page.settings)
    if step not in steps:
        step = steps[-2]
    at = steps.index(step)
    progress = w("wizard.progress", n=str(at + 1), all=str(len(steps) - 1))
    st.html(f'<p class="wp-progress">{escape(progress)}</p>')
    st.title(heading(step, words()), anchor=False)
    page.notices()
    judged = judge(page.settings)
    keys = askable(page.scheme, judged.focus)
    if step == "offer":
        _offer_screen(page, judged)
    elif step == "numbers":
        st.html(f'<p class="wp-lead">{escape(w("wizard.numbers.help"))}</p>')
        unsure = unsure_of(page.settings)
        asked = answers.questions(page.scheme, judged.focus)
        columns = st.columns(2, gap="medium")
        half = -(-len(asked) // 2)
        for column, part in zip(columns, (asked[:half], asked[half:]), strict=True):
            with column:
                for key in part:
                    form.question(page, key, keys, unsure)
    else:
        st.html(f'<p class="wp-lead">{escape(w("wizard.place.help"))}</p>')
        form.place(page, judged, *st.columns(2, gap="medium"))
    _buttons(page, step, steps[at - 1], steps[at + 1], keys)


def _offer_screen(page: Page, judged: Offer) -> None:
    focus = focus_of(page.settings)
    if len(answers.presets_of(focus)) > 1 or page.settings.preset.kind == "own":
        choosing.which(page, focus)
    summary = page.settings.preset.summary
    if page.settings.preset.kind != "own":
        st.html(f'<p class="wp-lead">{escape(w("check.claim", summary=w.text(summary)))}</p>')
    form.package(page, judged)
    columns = st.columns(2, gap="medium")
    with columns[0]:
        page.number("order.spend")
    if answers.speaks_of(judged) not in answers.NO_GOODS:
        with columns[1]:
            page.number("order.goods_value")
            st.html(f'<p class="wp-small">{escape(w("wizard.goods.help"))}</p>')


def _buttons(page: Page, step: str, before: str, then: str, keys: tuple[str, ...]) -> None:
    name = page.name
    onward = w("wizard.answer") if then == "answer" else w("wizard.next")
    with st.container(key="wp-steps", horizontal=True):
        st.button(w("wizard.back"), key=f"{name}|back", on_click=go, args=(name, before))
        st.button(
            w("wizard.unsure"),
            key=f"{name}|skip",
            on_click=_leave,
            args=(name, step, keys, then),
        )
        st.button(onward, key=f"{name}|next", type="primary", on_click=go, args=(name, then))


# -- The page ------------------------------------------------------------------------------------


def show(page: Page) -> None:
    """Whatever screen the address asks for."""
    page.hold()
    step = step_of(page.settings, st.query_params.to_dict())
    if step in {"start", "paid"}:
        paste.forget()
    if step in {"offer", "numbers", "place"}:
        question_screen(page, step)
    elif step == "answer":
        answer.screen(page)
    elif step == "other":
        other.screen(page)
    else:
        _other_screen(page, step)


def _other_screen(page: Page, step: str) -> None:
    judged = judge(page.settings)
    said = told(judged, words()).heading if step == "print" else heading(step, words())
    st.title(said, anchor=False)
    page.notices()
    if step == "start":
        start(page)
    elif step == "paste":
        paste.screen(page)
        ways(page, ("start",))
    elif step == "paid":
        st.html(f'<p class="wp-lead">{escape(w("paid.lead"))}</p>' + paid.html(words()))
        elsewhere = {**page.settings.page, "step": ""}
        ways(page, (step_of(replace(page.settings, page=elsewhere), {}),))
    else:
        printed.screen(page)
