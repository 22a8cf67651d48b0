"""Paste the advertisement: what is found in it, then what of it is meant, confirmed by the reader.

The text goes to :func:`model.reading.read`. What stays until another offer is begun is what was
read: the numbers, and the text without contacts and names, to show each number in its place. Only
what has been confirmed goes into the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from model.library import preset
from model.preset import SchemeError
from model.reading import MAX_TEXT, Reading, read
from model.scheme import named_parameters
from view.check import other
from view.check.confirm import REQUIRED, TARGETS, Slot, candidates, settings_of, slot
from view.check.found import NAMES, listed, word_in
from view.parts import notices
from view.parts.context import lang, w, words
from view.parts.controls import Page
from view.sentences import answers
from view.settings import state
from view.words.format import count

_TEXT = "check|advert"
_READING = "check:reading"
#: What has been picked, for whoever comes back to this screen.
_PICKED = "check:picked"
#: What each kind of offer is called; those of the first question by its words.
KINDS = {
    "points": "check.promise.points",
    "daily": "check.promise.daily",
    "queue": "check.promise.queue",
    "dividends": "check.promise.dividends",
    "ads": "check.promise.ads",
    "agents": "check.promise.agents",
    "commission": "paste.kind.commission",
    "cashback": "check.promise.cashback",
    "relay": "paste.kind.relay",
    "chain": "paste.kind.chain",
    "push_three": "paste.kind.push_three",
    "lottery": "paste.kind.lottery",
    "shared": "paste.kind.shared",
    "debt_relief": "paste.kind.debt_relief",
    "investment": "paste.kind.investment",
    "none": "check.none",
}
MORE = "more"
#: What is asked about under the name of another promise.
AS_PROMISE = {"commission": "agents"}
#: So many kinds are proposed with their reasons.
MOST_PROPOSED = 3
MOST_REASONS = 3


def forget() -> None:
    """Drop what was read: another offer is begun."""
    for key in (_READING, _PICKED):
        st.session_state.pop(key, None)


def kept() -> bool:
    """Whether there is something to come back to."""
    return _READING in st.session_state


def _read() -> None:
    """Callback: read the text and drop it."""
    text = str(st.session_state.get(_TEXT) or "")
    st.session_state[_TEXT] = ""
    forget()
    if text.strip():
        st.session_state[_READING] = read(text)


def screen(page: Page) -> None:
    """The box for the text, or what was found in it."""
    reading: Reading | None = st.session_state.get(_READING)
    if reading is None:
        _box()
        return
    if reading.cut:
        notices.warn(w("paste.cut", most=count(MAX_TEXT, lang())))
    meant = [number for number in reading.numbers if number.role is not None]
    lead = w("paste.found", n=str(len(meant))) if meant else w("paste.nothing")
    st.html(f'<p class="wp-lead">{escape(lead)}</p>' + listed(reading, words()))
    _kind(page, reading)
    st.button(w("paste.again"), key="check|paste:again", on_click=forget)


def _box() -> None:
    st.html(f'<p class="wp-lead">{escape(w("paste.lead"))}</p>')
    with st.form("check|paste", border=False):
        st.text_area(
            w("paste.box", most=count(MAX_TEXT, lang())),
            key=_TEXT,
            height=220,
            placeholder=w("paste.placeholder"),
        )
        st.form_submit_button(w("paste.read"), type="primary", on_click=_read)


# -- What kind of offer --------------------------------------------------------------------------


def proposed(reading: Reading) -> list[str]:
    """The kinds of offer that the text speaks for, the likeliest first."""
    return [each.name for each in reading.families[:MOST_PROPOSED]]


def _kind(page: Page, reading: Reading) -> None:
    first = proposed(reading)
    reasons = [
        w(
            "paste.kind.why",
            kind=w(KINDS[each.name]),
            words=w("paste.or").join(
                word_in(reason, words()) for reason in each.reasons[:MOST_REASONS]
            ),
        )
        for each in reading.families[:MOST_PROPOSED]
        if each.reasons and each.name != "none"
    ]
    said = reasons or [w("paste.kind.no_reason")]
    chosen = _picked("kind", w("paste.kind"), [*(k for k in first if k != "none"), "none", MORE])
    st.html("".join(f'<p class="wp-small">{escape(each)}</p>' for each in said))
    if chosen == MORE:
        rest = [kind for kind in KINDS if kind not in {*first, "none"}]
        chosen = _picked("kind-more", w("paste.kind.more"), rest)
    if chosen is None:
        return
    if chosen in TARGETS:
        _confirm(page, reading, chosen)
    elif chosen in other.KINDS:
        _onward(w("paste.other.what"), _unmodelled, page, chosen, reading)
    else:
        _onward(w("paste.questions"), _questions, page, AS_PROMISE.get(chosen, chosen))


def _picked(name: str, label: str, kinds: list[str]) -> str | None:
    """One of the kinds, as picked here before or now."""
    key = f"check|paste:{name}"
    _back(key)
    chosen = st.pills(
        label,
        kinds,
        format_func=lambda kind: w("paste.kind.another" if kind == MORE else KINDS[kind]),
        key=key,
    )
    _keep(key, chosen)
    return chosen


def _reasons(reading: Reading) -> list[str]:
    """Why each kind is proposed."""
    return [
        w(
            "paste.kind.why",
            kind=w(KINDS[each.name]),
            words=w("paste.or").join(
                word_in(reason, words()) for reason in each.reasons[:MOST_REASONS]
            ),
        )
        for each in reading.families[:MOST_PROPOSED]
        if each.reasons and each.name != "none"
    ]


def _onward(label: str, then: Any, *args: Any, disabled: bool = False) -> None:
    st.button(
        label,
        type="primary",
        key="check|paste:conclude",
        on_click=then,
        args=args,
        disabled=disabled,
    )


def _unmodelled(page: Page, kind: str, reading: Reading) -> None:
    """Callback: what can be said of a kind that is not modelled."""
    other.choose(page.name, kind)
    each = [n.value for n in reading.numbers if n.role == "recruits" and n.value >= 2]
    if each and each[0] == int(each[0]) and each[0] <= other.MOST_EACH:
        st.session_state[page.key("each")] = str(int(each[0]))


def _questions(page: Page, promise: str) -> None:
    """Callback: the questions of a promise whose numbers are not asked for here."""
    first = preset(answers.presets_of(promise)[0])
    asked = promise if promise != answers.main_promise(first) else ""
    own = {**dict.fromkeys(page.own, ""), "promise": asked, "mine": "1", "step": "offer"}
    page.take(state.Settings(first, {}, own))
    st.session_state["check|step"] = "offer"


# -- To confirm ----------------------------------------------------------------------------------


def _confirm(page: Page, reading: Reading, promise: str) -> None:
    target = TARGETS[promise]
    known = named_parameters(preset(target.reference).parts)
    chosen: dict[str, float | None] = {}
    missing: list[str] = []
    for name in target.slots:
        one = Slot(promise=promise, name=name, parameter=known[target.keys[name]])
        _back(one.key)
        done, value = slot(one, candidates(reading.numbers, one, price=chosen.get("price")))
        _keep(one.key, st.session_state.get(one.key))
        if done:
            chosen[name] = value
        elif name in REQUIRED and name in target.keys:
            missing.append(name)
    if missing:
        what = w("list.and").join(w(NAMES[name]) for name in missing)
        st.html(f'<p class="wp-small">{escape(w("paste.missing", what=what))}</p>')
    problem = "" if missing else _problem(promise, chosen)
    if problem:
        notices.warn(problem)
    _onward(w("wizard.answer"), _conclude, page, promise, chosen, disabled=bool(missing or problem))


def _back(key: str) -> None:
    """What was picked before another screen came."""
    picked: dict[str, Any] = st.session_state.setdefault(_PICKED, {})
    if key not in st.session_state and key in picked:
        st.session_state[key] = picked[key]


def _keep(key: str, value: Any) -> None:
    picked: dict[str, Any] = st.session_state.setdefault(_PICKED, {})
    picked[key] = value


def _problem(promise: str, chosen: Mapping[str, float | None]) -> str:
    try:
        settings_of(promise, chosen)
    except SchemeError:
        return w("url.combination")
    return ""


def _conclude(page: Page, promise: str, chosen: Mapping[str, float | None]) -> None:
    """Callback: the answer for what has been confirmed."""
    page.take(settings_of(promise, chosen))
    st.session_state["check|step"] = "answer"
