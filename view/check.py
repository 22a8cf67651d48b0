"""The page one lands on: what was I offered, what is the most I can get, who pays?"""

from __future__ import annotations

from html import escape

import streamlit as st

from model.library import preset
from model.scheme import Scheme, scheme_parameters
from view import answers, state, takes
from view.context import dark, lang, w, words
from view.controls import MULTIPLES, Page, shown
from view.format import multiple, yuan
from view.words import Words

#: How many orders may have come before, and a day: as many as there are people on Earth.
MOST_ORDERS = 8_000_000_000
OWN: dict[str, tuple[str, ...]] = {
    "promise": (),
    "package": (),
    "unsure": (),
    "before": (),
    "per_day": (),
}
#: What each promise is called.
PROMISE_WORDS = {
    "points": "check.promise.points",
    "daily": "check.promise.daily",
    "queue": "check.promise.queue",
    "dividends": "check.promise.dividends",
    "ads": "check.promise.ads",
    "agents": "check.promise.agents",
    "several": "check.promise.several",
}


# -- What the address says ---------------------------------------------------------------------


def focus_of(settings: state.Settings) -> str:
    """What the reader was promised: as chosen, where the scheme shown promises it."""
    asked = settings.page.get("promise", "")
    chosen = settings.preset
    if chosen.kind == "own":
        fits = asked == "several" or asked in answers.promises_of(settings.scheme())
    else:
        fits = asked in answers.PROMISES and chosen.id in answers.presets_of(asked)
    return asked if fits else answers.main_promise(chosen)


def askable(scheme: Scheme, focus: str) -> tuple[str, ...]:
    """The questions that "not sure" is an answer to."""
    known = scheme_parameters(scheme)
    return tuple(key for key in answers.questions(scheme, focus) if known[key].unsure)


def unsure_of(settings: state.Settings) -> list[str]:
    """The parameters the reader is not sure of."""
    fitting = askable(settings.scheme(), focus_of(settings))
    named = dict.fromkeys(settings.page.get("unsure", "").split(","))
    return [key for key in named if key in fitting][: answers.MOST_UNSURE]


def package_of(settings: state.Settings, scheme: Scheme) -> int:
    """Which package, counted from 0."""
    number = _whole(settings.page.get("package", ""))
    size = len(scheme.order.choices)
    return number if number is not None and number < size else answers.usual_package(scheme)


def judge(settings: state.Settings) -> answers.Offer:
    """The answer before any behaviour, for what the address says."""
    scheme = settings.scheme()
    return answers.offer(
        scheme,
        settings.preset,
        settings.changes,
        unsure_of(settings),
        focus=focus_of(settings),
        package=package_of(settings, scheme),
    )


def _whole(text: str) -> int | None:
    digits = text.isascii() and text.isdigit() and len(text) < 20
    return min(int(text), MOST_ORDERS) if digits else None


# -- What was offered --------------------------------------------------------------------------


def _sync_promise(page_name: str) -> None:
    """Callback: another promise; the scheme goes along if it is not one of those."""
    asked = st.session_state[f"{page_name}|kind"]
    chosen = st.session_state[f"{page_name}|{state.PRESET}"]
    fitting = answers.presets_of(asked)
    if chosen not in fitting:
        chosen = st.session_state[f"{page_name}|{state.PRESET}"] = fitting[0]
        _forget_package(page_name)
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
        on_change=_sync_promise,
        args=(page.name,),
    )
    mine = page.ready(state.PRESET)
    fitting = answers.presets_of(focus)
    chosen = st.session_state[mine]
    st.pills(
        w("check.which"),
        [*fitting, *([] if chosen in fitting else [chosen])],
        format_func=lambda id_: w.text(preset(id_).name),
        key=mine,
        required=True,
        on_change=_forget_package,
        args=(page.name,),
    )


def _forget_package(page_name: str) -> None:
    """Callback: another scheme has other packages."""
    st.session_state[f"{page_name}|package"] = ""


def card(page: Page) -> answers.Offer:
    """The answer before any behaviour, for the numbers set."""
    judged = judge(page.settings)
    st.html(finding(judged, words(), dark=dark()) + claim(page.settings, judged, words()))
    return judged


def finding(judged: answers.Offer, said: Words, *, dark: bool) -> str:
    """The sentence and the card under it."""
    return f'<p class="wp-finding">{escape(answers.headline(judged, said))}</p>' + answers.card(
        judged.scheme, judged, said, dark=dark
    )


def claim(settings: state.Settings, judged: answers.Offer, said: Words) -> str:
    """What the offer says, once, after the fact; nothing if that is about something else."""
    main = {answers.main_promise(settings.preset), "several"}
    if settings.preset.kind == "own" or judged.focus not in main:
        return ""
    summary = settings.preset.summary
    text = said("check.claim", summary=said.text(summary.en, summary.zh))
    return f'<p class="wp-claim">{escape(text)}</p>'


# -- The reader's own numbers ------------------------------------------------------------------


def _sync_unsure(page_name: str, keys: tuple[str, ...]) -> None:
    """Callback: the boxes ticked "not sure", as one value for the address."""
    ticked = [k for k in keys if st.session_state.get(f"{page_name}|unsure:{k}")]
    st.session_state[f"{page_name}|unsure"] = ",".join(ticked)


def _sync_package(page_name: str, usual: int) -> None:
    """Callback: the package chosen."""
    chosen = st.session_state[f"{page_name}|package#"]
    st.session_state[f"{page_name}|package"] = "" if chosen in {None, usual} else str(chosen)


def _question(page: Page, key: str, keys: tuple[str, ...], unsure: list[str]) -> None:
    """One number of the offer with its "not sure"."""
    with st.container(gap="xxsmall"):
        if key in unsure:
            parameter = page.parameter(key)
            low, high = parameter.unsure or (0.0, 1.0)
            said = w(
                "check.unsure.range",
                low=shown(parameter, low, lang()),
                high=shown(parameter, high, lang()),
            )
            st.html(
                f'<p class="wp-label">{escape(page.label(key))}</p>'
                f'<p class="wp-unsure">{escape(said)}</p>'
            )
        else:
            _knob(page, key)
        if key not in keys:
            return
        box = f"{page.name}|unsure:{key}"
        if page.fresh or box not in st.session_state:
            st.session_state[box] = key in unsure
        st.checkbox(
            w("check.unsure"),
            key=box,
            on_change=_sync_unsure,
            args=(page.name, keys),
            disabled=key not in unsure and len(unsure) >= answers.MOST_UNSURE,
        )


def _knob(page: Page, key: str) -> None:
    parameter = page.parameter(key)
    if key == "points_pool.exit_multiple":
        page.exit_multiple()
    elif key.endswith(".quota_multiple"):
        never = w("control.never")
        language = lang()
        page.choice_slider(key, MULTIPLES, lambda m: never if m is None else multiple(m, language))
    elif parameter.unit == "share" and parameter.slider and (parameter.step or 0) >= 0.01:
        page.share_slider(key)
    else:
        page.number(key)


def own_numbers(page: Page, judged: answers.Offer) -> None:
    """The reader's own numbers; each may be left open."""
    st.header(w("check.own.title"), anchor=False)
    keys = askable(page.scheme, judged.focus)
    st.markdown(w("check.own.intro") if keys else w("check.own.intro_plain"))
    _package(page, judged)
    unsure = unsure_of(page.settings)
    columns = st.columns(3, gap="medium")
    with columns[0]:
        page.number("order.spend")
        if answers.speaks_of(judged) not in {"circle", "agents", "nothing"}:
            page.number("order.goods_value")
    asked = answers.questions(page.scheme, judged.focus)
    half = -(-len(asked) // 2)
    for column, part in zip(columns[1:], (asked[:half], asked[half:]), strict=True):
        with column:
            for key in part:
                _question(page, key, keys, unsure)
    what = answers.speaks_of(judged)
    if what in {"circle", "agents", "nothing"}:
        return
    a, b, _ = st.columns(3, gap="medium")
    if what not in {"daily", "ads"}:
        with a:
            page.own_number(
                "before", w("check.before"), most=MOST_ORDERS, help_=w("check.before.help")
            )
        a = b
    with a:
        page.own_number(
            "per_day", w("check.per_day"), least=1, most=MOST_ORDERS, help_=w("check.per_day.help")
        )


def _package(page: Page, judged: answers.Offer) -> None:
    """Which of several packages."""
    choices = page.scheme.order.choices
    if len(choices) == 1:
        return
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
        args=(page.name, answers.usual_package(page.scheme)),
    )


def result(page: Page, judged: answers.Offer) -> None:
    """What follows from the reader's numbers, sentence by sentence."""
    own = page.settings.page
    before, per_day = _whole(own.get("before", "")), _whole(own.get("per_day", ""))
    lines = takes.lines(judged, words(), before=before, per_day=per_day)
    if answers.speaks_of(judged) == "circle" and not page.settings.changes:
        lines += takes.derived_facts(page.settings.preset, words())
    st.header(w("answer.title"), anchor=False)
    st.html(
        '<ul class="wp-answer">' + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
    )
