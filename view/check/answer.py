"""The answer: the verdict in words, the two numbers no behaviour changes, who pays, what to do.

Everything else is folded under it, by a plain name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from model import flags
from model.library import preset, presets
from view.check import choosing, form, giving_up, offer, paste
from view.check.address import judge
from view.check.ways import ways
from view.check.worked import (
    asked_of,
    claim_html,
    field_html,
    found_flags,
    lines_of,
    more_card,
    next_html,
    next_step,
    verdict_html,
)
from view.parts import notices
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.parts.share import reset_button, to_claims, to_money
from view.press import press, press_sheet, sharing
from view.sentences import answers, cases, stated
from view.sentences.judged import Offer
from view.sentences.verdict import Told, told
from view.settings import state
from view.words.format import yuan
from view.words.words import Words

# -- The screen ----------------------------------------------------------------------------------


def screen(page: Page) -> None:
    """The whole answer on one screen, the verdict being its heading."""
    judged = judge(page.settings)
    verdict = told(judged, words())
    st.title(verdict.heading, anchor=False)
    page.notices()
    if sheet_is_open(page):
        what = stated.labels(judged.chosen, untold(judged), words())
        notices.tell(w("press.needs", what=what))
    asked = asked_of(page.settings, judged, words())
    st.html(
        verdict_html(verdict)
        + answers.card(judged, words())
        + claim_html(page.settings, judged, words())
        + next_html(next_step(verdict, asked, words()))
    )
    _everybody(page, judged)
    with st.container(key="wp-folds", gap="xsmall"):
        _folded(page, judged, verdict, asked)
    if judged.unsure:
        what = stated.labels(judged.chosen, judged.unsure, words())
        st.html(f"<p class='wp-small'>{escape(w('check.carried', what=what))}</p>")
    with st.container(key="wp-onward", horizontal=True):
        to_money(page)
        to_claims(page)
    ways(page, (*(("paste",) if paste.kept() else ()), "print", "paid"))
    st.button(w("wizard.again"), key=f"{page.name}|again", on_click=_again, args=(page,))
    if untold(judged):
        # Without a sheet, which would print numbers of ours.
        sharing.bar(page, title=verdict.heading)
    else:
        press.link(page)


def _everybody(page: Page, judged: Offer) -> None:
    """Everybody who ordered, as dots; the button lets them come in again."""
    widget = f"{page.name}|play"
    plays = bool(st.session_state.get(widget))
    html = field_html(page.settings, judged, words(), dark=dark(), plays=plays, as_image=True)
    if not html:
        return
    with st.container(key="wp-everybody", gap="xsmall"):
        st.html(html)
        st.button(w("field.play"), key=widget, type="tertiary", icon=":material/play_arrow:")


def _folded(page: Page, judged: Offer, verdict: Told, asked: list[str]) -> None:
    """The rest, each under its name."""
    found, said = found_flags(page.settings, judged), words()
    with st.expander(w("check.own.title"), key=f"{page.name}|own"):
        choosing.choose_scheme(page)
        form.numbers(page, judged)
        reset_button(page)
    with st.expander(w("ask.title"), key=f"{page.name}|ask"):
        st.html(f"<p class='wp-small'>{escape(w('ask.help'))}</p>" + offer.listed(asked))
    with st.expander(offer.flags_title(found, said), key=f"{page.name}|flags"):
        red_flags(page, judged, found)
    with st.expander(w("answer.title"), key=f"{page.name}|means"):
        st.html(
            f'<p class="wp-finding">{escape(answers.headline(judged, said))}</p>'
            + more_card(page.settings, judged, said)
            + offer.listed(lines_of(page.settings, judged, said))
        )
    if not judged.unsure:
        with st.expander(
            w("split.alt", amount=yuan(judged.spend, lang())), key=f"{page.name}|split"
        ):
            st.html(answers.split(judged, said, dark=dark()))
    if verdict.name in giving_up.MATTERS:
        giving_up.fold(page)


def _again(page: Page) -> None:
    """Callback: from the start, with nothing of this offer."""
    nothing = {**dict.fromkeys(page.own, ""), "step": "start"}
    page.take(state.Settings(preset(presets()[0]), {}, nothing))


# -- Red flags -----------------------------------------------------------------------------------


def _sync_said(page_name: str) -> None:
    """Callback: what the reader says of the flags, as one value for the address."""
    said = {
        flag: str(st.session_state.get(f"{page_name}|said:{flag}") or "") for flag in flags.flags()
    }
    st.session_state[f"{page_name}|said"] = offer.written(said)


def red_flags(page: Page, judged: Offer, found: tuple[flags.Finding, ...]) -> None:
    """What is met and why, and what only the reader can say."""
    before_fee = cases.fee_open(judged)
    st.html(
        offer.flags_html(found, words(), before_fee=before_fee)
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
    st.html(f"<h2 class='wp-head'>{escape(w('flag.deny'))}</h2>")
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


# -- The sheet for journalists -------------------------------------------------------------------


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
    """The sheet of the offer: the verdict first, and which of its numbers are ours."""
    judged, made = judge(page.settings), press.of_scheme(page)

    def sheet_in(said: Words) -> press_sheet.Sheet:
        found, verdict = made(said), told(judged, said)
        note = answers.noted(judged, judged.ours, said)
        conclusion = found.conclusion
        if note:
            conclusion = stated.each_tagged(conclusion, note, said)
        first = stated.joined(filter(None, (verdict.heading, verdict.condition)), said)
        return replace(found, conclusion=conclusion, verdict=first)

    return sheet_in
