"""The page one lands on: what was I offered, what is the most I can get, who pays?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import streamlit as st

from model import flags
from model.library import preset, presets
from model.scheme import scheme_parameters
from view.check import form, offer, paste
from view.check.address import (
    MOST_ORDERS,
    STEPS,
    askable,
    focus_of,
    judge,
    step_of,
    steps_of,
    unsure_of,
    whole,
)
from view.mechanisms.face import faces
from view.parts import notices
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page, chosen_id
from view.parts.share import reset_button, source_line, to_claims, to_money
from view.press import press, press_sheet
from view.sentences import answers, cases, stated, takes
from view.sentences.judged import Offer
from view.settings import state
from view.words.format import date, percent
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
    "step": ("", *STEPS, "paste", "paid"),
    **press.OWN,
    "for": (*press.OWN["for"], "print"),
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


# -- What was offered --------------------------------------------------------------------------


def _sync_promise(page_name: str) -> None:
    """Callback: another promise; the scheme goes along if it is not one of those."""
    asked = st.session_state[f"{page_name}|kind"]
    if asked is None:
        return  # nothing chosen: no browser sends it, and the page shows what it did
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
    _which(page, focus)


def _which(page: Page, focus: str) -> None:
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
        on_change=_forget_package,
        args=(page.name,),
    )


def _forget_package(page_name: str) -> None:
    """Callback: another scheme has other packages."""
    st.session_state[f"{page_name}|package"] = ""


def card(page: Page) -> Offer:
    """The answer before any behaviour, for the numbers set."""
    judged = judge(page.settings)
    st.html(finding(judged, words(), dark=dark()) + claim(page.settings, judged, words()))
    return judged


def finding(judged: Offer, said: Words, *, dark: bool) -> str:
    """The sentence and the card under it."""
    return f'<p class="wp-finding">{escape(answers.headline(judged, said))}</p>' + answers.card(
        judged.scheme, judged, said, dark=dark
    )


def claim_text(settings: state.Settings, judged: Offer, said: Words) -> str:
    """What the offer says, once, after the fact; nothing if that is about something else.

    Of another offer the preset was an example, and its numbers are not that one's.
    """
    if not cases.as_advertised(judged, mine=bool(settings.page.get("mine"))):
        return ""
    main = {answers.main_promise(settings.preset), "several"}
    if settings.preset.kind == "own" or judged.focus not in main:
        return ""
    summary = settings.preset.summary
    return said("check.claim", summary=said.text(summary.en, summary.zh))


def claim(settings: state.Settings, judged: Offer, said: Words) -> str:
    """The same for the page."""
    text = claim_text(settings, judged, said)
    return f'<p class="wp-claim">{escape(text)}</p>' if text else ""


# -- One question a screen -----------------------------------------------------------------------


def _go(page_name: str, step: str) -> None:
    """Callback: another screen."""
    st.session_state[f"{page_name}|step"] = step
    st.session_state[f"{page_name}|for"] = ""


def _choose(page_name: str, promise: str, first: str) -> None:
    """Callback: what was promised, and on to the next question."""
    st.session_state[f"{page_name}|kind"] = promise
    st.session_state[f"{page_name}|{state.PRESET}"] = first
    _sync_promise(page_name)
    _forget_package(page_name)
    st.session_state[f"{page_name}|mine"] = "1"
    _go(page_name, "offer")


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
    _go(page_name, then)


def _again(page: Page) -> None:
    """Callback: from the start, with nothing of this offer."""
    nothing = {**dict.fromkeys(page.own, ""), "step": "start"}
    page.take(state.Settings(preset(presets()[0]), {}, nothing))


#: The question of each screen.
ASKED = {
    "start": "check.promise",
    "offer": "wizard.offer",
    "numbers": "wizard.numbers",
    "place": "wizard.place",
}


def heading(step: str, said: Words) -> str:
    """A screen's heading."""
    titles = {"paste": "paste.heading", "paid": "paid.heading", **ASKED, "start": ""}
    return said(titles.get(step) or "page.check.heading")


def start(page: Page) -> None:
    """The first screen: what this is, the first question, and a finding."""
    st.html(f'<p class="wp-lead">{escape(w("wizard.lead"))}</p>')
    st.html(f'<h2 class="wp-asked">{escape(w("check.promise"))}</h2>')
    now = focus_of(page.settings) if page.settings.page.get("step") == "start" else ""
    shown_now = chosen_id(page.settings)
    with st.container(key="wp-choices", horizontal=True):
        for promise in answers.PROMISES:
            fitting = answers.presets_of(promise)
            st.button(
                w(PROMISE_WORDS[promise]),
                key=f"{page.name}|kind:{promise}",
                type="primary" if promise == now else "secondary",
                on_click=_choose,
                args=(page.name, promise, shown_now if shown_now in fitting else fitting[0]),
                width="stretch",
            )
    ways(page, ("paste", "paid"))
    st.html(f'<p class="wp-example">{escape(w("wizard.example"))}</p>')
    card(page)


def ways(page: Page, to: tuple[str, ...]) -> None:
    """Ways to the other screens."""
    words_of_way = {
        "paste": ("wizard.paste", ":material/content_paste:"),
        "paid": ("wizard.paid", ":material/help:"),
        "answer": ("wizard.to_answer", ":material/arrow_back:"),
        "start": ("wizard.to_start", ":material/arrow_back:"),
    }
    with st.container(key="wp-ways", horizontal=True):
        for step in to:
            key, icon = words_of_way[step]
            st.button(
                w(key),
                key=f"{page.name}|to:{step}",
                icon=icon,
                type="tertiary",
                on_click=_go,
                args=(page.name, step),
            )


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
        _which(page, focus)
    summary = page.settings.preset.summary
    if page.settings.preset.kind != "own":
        st.html(f'<p class="wp-lead">{escape(w("check.claim", summary=w.text(summary)))}</p>')
    form.package(page, judged)
    columns = st.columns(2, gap="medium")
    with columns[0]:
        page.number("order.spend")
    if answers.speaks_of(judged) not in {"circle", "agents", "nothing"}:
        with columns[1]:
            page.number("order.goods_value")
            st.html(f'<p class="wp-small">{escape(w("wizard.goods.help"))}</p>')


def _buttons(page: Page, step: str, before: str, then: str, keys: tuple[str, ...]) -> None:
    name = page.name
    onward = w("wizard.answer") if then == "answer" else w("wizard.next")
    with st.container(key="wp-steps", horizontal=True):
        st.button(w("wizard.back"), key=f"{name}|back", on_click=_go, args=(name, before))
        st.button(
            w("wizard.unsure"),
            key=f"{name}|skip",
            on_click=_leave,
            args=(name, step, keys, then),
        )
        st.button(onward, key=f"{name}|next", type="primary", on_click=_go, args=(name, then))


# -- The answer ----------------------------------------------------------------------------------


def numbers_of(page: Page) -> tuple[int | None, int | None]:
    """Orders before, and orders a day, where they are known."""
    own = page.settings.page
    return whole(own.get("before", "")), whole(own.get("per_day", ""))


def lines_of(page: Page, judged: Offer, *, printed: bool = False) -> list[str]:
    """What follows from the reader's numbers, sentence by sentence."""
    before, per_day = numbers_of(page)
    lines = takes.lines(judged, words(), before=before, per_day=per_day, printed=printed)
    stands = not page.settings.changes and not judged.unsure
    if answers.speaks_of(judged) == "circle" and stands:
        lines += takes.derived_facts(page.settings.preset, words())
    fee = page.scheme.platform.withdrawal_fee
    plain = all(faces()[m.kind].before_fee for m in page.scheme.mechanisms)
    if fee > 0 and plain and "platform.withdrawal_fee" not in judged.unsure:
        lines.append(w("offer.fee_left", fee=percent(fee, lang())))
    return lines


def found_flags(page: Page, judged: Offer) -> tuple[flags.Finding, ...]:
    """Which red flags are met, by the numbers and by what the reader says."""
    said = offer.said_of(page.settings.page.get("said", ""))
    schemes = cases.cases(judged, mine=bool(page.settings.page.get("mine")))
    return flags.check(schemes, said, package=judged.package)


def asked_of(page: Page, judged: Offer) -> list[str]:
    """The questions to ask the seller."""
    settings = page.settings
    known = offer.Known.of(
        settings.preset, settings.changes, unsure_of(settings), numbers_of(page)[0]
    )
    return offer.questions(judged, known, words())


def answer(page: Page) -> None:
    """The whole answer on one screen."""
    judged = card(page)
    if sheet_is_open(page):
        what = stated.labels(judged.chosen, untold(judged), words())
        notices.tell(w("press.needs", what=what))
    more = offer.more_facts(judged, words(), before=numbers_of(page)[0])
    if more:
        items = "".join(
            f'<div class="wp-fact"><p class="wp-figure">{escape(value)}</p><p>{escape(text)}</p>'
            "</div>"
            for value, text in more
        )
        st.html(f'<div class="wp-card wp-two">{items}</div>')
    with st.container(key="wp-onward", horizontal=True):
        to_money(page)
        to_claims(page)
        if judged.unsure:
            what = stated.labels(judged.chosen, judged.unsure, words())
            st.html(f"<p class='wp-small'>{escape(w('check.carried', what=what))}</p>")
        st.button(
            w("wizard.print"),
            key=f"{page.name}|print",
            icon=":material/print:",
            on_click=_print,
            args=(page.name,),
        )
        st.button(
            w("wizard.paid"),
            key=f"{page.name}|to:paid",
            icon=":material/help:",
            on_click=_go,
            args=(page.name, "paid"),
        )
    with st.expander(w("check.own.title"), key=f"{page.name}|own"):
        choose_scheme(page)
        form.numbers(page, judged)
        reset_button(page)
    left, right = st.columns(2, gap="large")
    with left:
        red_flags(page, judged)
    with right:
        st.html(
            _head(w("ask.title"))
            + f"<p class='wp-small'>{escape(w('ask.help'))}</p>"
            + _list(asked_of(page, judged))
        )
        st.html(_head(w("answer.title")) + _list(lines_of(page, judged)))
    st.button(w("wizard.again"), key=f"{page.name}|again", on_click=_again, args=(page,))
    if not untold(judged):
        press.link(page)


def _head(text: str) -> str:
    return f'<h2 class="wp-head">{escape(text)}</h2>'


def _list(lines: list[str]) -> str:
    return '<ul class="wp-answer">' + "".join(f"<li>{escape(x)}</li>" for x in lines) + "</ul>"


def _print(page_name: str) -> None:
    """Callback: the answer on one page."""
    st.session_state[f"{page_name}|for"] = "print"


def _sync_said(page_name: str) -> None:
    """Callback: what the reader says of the flags, as one value for the address."""
    said = {
        flag: str(st.session_state.get(f"{page_name}|said:{flag}") or "") for flag in flags.flags()
    }
    st.session_state[f"{page_name}|said"] = offer.written(said)


def red_flags(page: Page, judged: Offer) -> None:
    """What is met and why, and what only the reader can say."""
    found = found_flags(page, judged)
    before_fee = cases.fee_open(judged)
    st.html(
        _head(offer.flags_title(found, words()))
        + offer.flags_html(found, words(), before_fee=before_fee)
        + f"<p class='wp-small'>{escape(w('flag.not_stated'))}</p>"
    )
    said = offer.said_of(page.settings.page.get("said", ""))
    asked = {
        f.flag: question
        for f in found
        if (f.met is None or f.flag in said)
        and f.reason in {"", "said"}
        and (question := flags.flags()[f.flag].question) is not None
    }
    if unknown := offer.open_flags(found, set(asked), words()):
        st.html(f"<p class='wp-small'>{escape(unknown)}</p>")
    if asked:
        st.html(f"<p class='wp-small'>{escape(w('flag.ask', n=str(len(asked))))}</p>")
    for flag, question in asked.items():
        _ask(page, flag, w.text(question), said)
    denied = {f.flag for f in found if f.flag not in asked and (f.met or f.flag in said)}
    if not denied:
        return
    with st.expander(w("flag.deny"), key=f"{page.name}|deny"):
        for one in (f for f in flags.flags().values() if f.id in denied):
            _ask(page, one.id, w("flag.applies", title=w.text(one.title)), said)


def _ask(page: Page, flag: str, question: str, said: Mapping[str, str]) -> None:
    """Whether a flag is so: what the reader says of it."""
    widget = f"{page.name}|said:{flag}"
    st.session_state[widget] = said.get(flag, "")
    st.segmented_control(
        question,
        ("yes", "no", ""),
        format_func=lambda answer: w(SAID[answer]),
        key=widget,
        required=True,
        on_change=_sync_said,
        args=(page.name,),
    )


SAID = {"yes": "flag.yes", "no": "flag.no", "": "check.unsure"}


def untold(judged: Offer) -> tuple[str, ...]:
    """Numbers without which there is no sheet for journalists: not stated, or our defaults."""
    defaults = judged.ours if judged.chosen.kind == "own" else ()
    priced = [key for key in judged.ours if key == "order.spend" and not _priced(judged)]
    return tuple(dict.fromkeys((*judged.unsure, *defaults, *priced)))


def _priced(judged: Offer) -> bool:
    """Whether the price is the preset's."""
    return any(value.key == "order.spend" for value in judged.chosen.value)


def sheet_is_open(page: Page) -> bool:
    """Whether a sheet is asked for and cannot be given."""
    return page.settings.page.get("for") == "press" and bool(untold(judge(page.settings)))


def sheet(page: Page) -> Callable[[Words], press_sheet.Sheet]:
    """The sheet of the offer; its conclusion says which of its numbers are ours."""
    judged, made = judge(page.settings), press.of_scheme(page)

    def told(said: Words) -> press_sheet.Sheet:
        found = made(said)
        note = answers.noted(judged, judged.ours, said)
        if not note:
            return found
        return replace(found, conclusion=stated.each_tagged(found.conclusion, note, said))

    return told


# -- One page to print or send -------------------------------------------------------------------


def link_of(page: Page) -> str:
    """The address that keeps the numbers, for somebody else to open."""
    query = state.address(
        page.settings.preset,
        page.settings.changes,
        page={**page.settings.page, "step": "answer", "for": ""},
        defaults=page.own,
        keep={state.LANGUAGE: lang()},
    )
    here = str(st.context.url or "").partition("?")[0].rstrip("/")
    return f"{here}/?{urlencode(query)}"


def print_screen(page: Page) -> None:
    """The answer on one page, for the printer and as text."""
    judged = judge(page.settings)
    chosen, said = page.settings.preset, words()
    stand = w("offer.print.stand_own")
    if chosen.kind != "own":
        day = date(dt.date.fromisoformat(chosen.date), lang())
        stand = w("offer.print.stand", source=source_line(page), date=day)
    parts = offer.one_page(
        judged=judged,
        claim=claim_text(page.settings, judged, said),
        lines=lines_of(page, judged, printed=True),
        found=found_flags(page, judged),
        asked=asked_of(page, judged),
        facts=[
            *answers.facts(judged, said),
            *offer.more_facts(judged, said, before=numbers_of(page)[0], printed=True),
        ],
        stand=stand,
        link=w("offer.print.link", link=link_of(page)),
        w=said,
    )
    st.html(offer.page_html(parts))
    with st.container(key="wp-noprint"):
        st.html(_head(w("offer.print.text")))
        st.code(offer.page_text(parts, w("page.check.heading")), language=None, wrap_lines=True)
        ways(page, ("answer",))


# -- The page ------------------------------------------------------------------------------------


def show(page: Page) -> None:
    """Whatever screen the address asks for."""
    page.hold()
    step = step_of(page.settings, st.query_params.to_dict())
    if step != "paste":
        paste.forget()
    if step in {"offer", "numbers", "place"}:
        question_screen(page, step)
        return
    st.title(heading(step, words()), anchor=False)
    page.notices()
    if step == "start":
        start(page)
    elif step == "paste":
        paste.screen(page)
        ways(page, ("start",))
    elif step == "paid":
        st.html(f'<p class="wp-lead">{escape(w("paid.lead"))}</p>' + offer.paid_html(words()))
        elsewhere = {**page.settings.page, "step": ""}
        ways(page, (step_of(replace(page.settings, page=elsewhere), {}),))
    elif step == "print":
        print_screen(page)
    else:
        answer(page)
