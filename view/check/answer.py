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
from view.check.address import judge, unsure_of, whole
from view.check.ways import ways
from view.mechanisms.face import faces
from view.parts import notices
from view.parts.context import dark, lang, w, words
from view.parts.controls import Page
from view.parts.share import reset_button, to_claims, to_money
from view.press import press, press_sheet
from view.sentences import answers, cases, stated, takes
from view.sentences.judged import Offer
from view.sentences.verdict import Told, told
from view.settings import state
from view.words.format import percent, yuan
from view.words.words import Words


def verdict_html(verdict: Told, *, heading: bool = False) -> str:
    """The answer in words; with its heading where the page has another."""
    first = f'<p class="wp-verdict">{escape(verdict.heading)}</p>' if heading else ""
    goods = f'<p class="wp-goods">{escape(verdict.goods)}</p>' if verdict.goods else ""
    condition = verdict.condition
    return (
        f'{first}<p class="wp-assume">{escape(condition)}</p>{goods}'
        if condition
        else first + goods
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


# -- What the reader's numbers come to -----------------------------------------------------------


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
    schemes = cases.cases(judged, mine=judged.mine)
    return flags.check(schemes, said, package=judged.package)


def asked_of(page: Page, judged: Offer) -> list[str]:
    """The questions to ask the seller."""
    settings = page.settings
    known = offer.Known.of(
        settings.preset, settings.changes, unsure_of(settings), numbers_of(page)[0]
    )
    return offer.questions(judged, known, words())


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
    asked = asked_of(page, judged)
    st.html(
        verdict_html(verdict)
        + answers.card(judged, words())
        + claim(page.settings, judged, words())
        + f'<p class="wp-next">{escape(next_step(verdict, asked))}</p>'
    )
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
    if not untold(judged):
        press.link(page)


def next_step(verdict: Told, asked: list[str]) -> str:
    """The one thing to do now."""
    if verdict.fine:
        return w("next.fine")
    if not asked:
        return w("next.wait")
    decides = w("ask.no_orders")
    first = decides if verdict.name != "not_stated" and decides in asked else asked[0]
    return w("next.ask", question=first)


def _folded(page: Page, judged: Offer, verdict: Told, asked: list[str]) -> None:
    """The rest, each under its name."""
    found, said = found_flags(page, judged), words()
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
            + more_card(page, judged)
            + offer.listed(lines_of(page, judged))
        )
    if not judged.unsure:
        with st.expander(
            w("split.alt", amount=yuan(judged.spend, lang())), key=f"{page.name}|split"
        ):
            st.html(answers.split(judged, said, dark=dark()))
    if verdict.name in giving_up.MATTERS:
        giving_up.fold(page)


def more_card(page: Page, judged: Offer) -> str:
    """Two more figures: what the goods do not cover, and how many must follow."""
    more = offer.more_facts(judged, words(), before=numbers_of(page)[0])
    items = "".join(
        f'<div class="wp-fact"><p class="wp-figure">{escape(value)}</p><p>{escape(text)}</p></div>'
        for value, text in more
    )
    return f'<div class="wp-card wp-two">{items}</div>' if items else ""


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
