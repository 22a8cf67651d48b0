"""What one offer comes to, sentence by sentence, whoever draws it. No Streamlit here."""

from __future__ import annotations

import datetime as dt
from html import escape

from model import flags
from view.check import offer
from view.check.address import unsure_of, whole
from view.mechanisms.face import faces
from view.pictures import field
from view.queueing.heavy import heavy
from view.sentences import answers, cases, findings, takes
from view.sentences.judged import Offer
from view.sentences.verdict import Told, told
from view.settings.runs import RUNS
from view.settings.state import Settings
from view.words.format import date, percent
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


def claim_text(settings: Settings, judged: Offer, w: Words) -> str:
    """What the offer says, once, after the fact; nothing if that is about something else.

    Of another offer the preset was an example, and its numbers are not that one's.
    """
    if not cases.as_advertised(judged, mine=bool(settings.page.get("mine"))):
        return ""
    main = {answers.main_promise(settings.preset), "several"}
    if settings.preset.kind == "own" or judged.focus not in main:
        return ""
    summary = settings.preset.summary
    return w("check.claim", summary=w.text(summary.en, summary.zh))


def claim_html(settings: Settings, judged: Offer, w: Words) -> str:
    """The same for a page."""
    text = claim_text(settings, judged, w)
    return f'<p class="wp-claim">{escape(text)}</p>' if text else ""


def next_html(text: str) -> str:
    """The one thing to do now, for a page."""
    return f'<p class="wp-next">{escape(text)}</p>'


def numbers_of(settings: Settings) -> tuple[int | None, int | None]:
    """Orders before, and orders a day, where they are known."""
    return whole(settings.page.get("before", "")), whole(settings.page.get("per_day", ""))


def lines_of(settings: Settings, judged: Offer, w: Words, *, printed: bool = False) -> list[str]:
    """What follows from the reader's numbers, sentence by sentence."""
    before, per_day = numbers_of(settings)
    lines = takes.lines(judged, w, before=before, per_day=per_day, printed=printed)
    stands = not settings.changes and not judged.unsure
    if answers.speaks_of(judged) == "circle" and stands:
        lines += takes.derived_facts(settings.preset, w)
    scheme = settings.scheme()
    fee = scheme.platform.withdrawal_fee
    plain = all(faces()[m.kind].before_fee for m in scheme.mechanisms)
    if fee > 0 and plain and "platform.withdrawal_fee" not in judged.unsure:
        lines.append(w("offer.fee_left", fee=percent(fee, w.lang)))
    return lines


def found_flags(settings: Settings, judged: Offer) -> tuple[flags.Finding, ...]:
    """Which red flags are met, by the numbers and by what the reader says."""
    said = offer.said_of(settings.page.get("said", ""))
    schemes = cases.cases(judged, mine=judged.mine)
    return flags.check(schemes, said, package=judged.package)


def asked_of(settings: Settings, judged: Offer, w: Words) -> list[str]:
    """The questions to ask the seller."""
    known = offer.Known.of(
        settings.preset, settings.changes, unsure_of(settings), numbers_of(settings)[0]
    )
    return offer.questions(judged, known, w)


def next_step(verdict: Told, asked: list[str], w: Words) -> str:
    """The one thing to do now."""
    if verdict.fine:
        return w("next.fine")
    if not asked:
        return w("next.wait")
    decides = w("ask.no_orders")
    first = decides if verdict.name != "not_stated" and decides in asked else asked[0]
    return w("next.ask", question=first)


def more_card(settings: Settings, judged: Offer, w: Words) -> str:
    """Two more figures: what the goods do not cover, and how many must follow."""
    more = offer.more_facts(judged, w, before=numbers_of(settings)[0])
    items = "".join(
        f'<div class="wp-fact"><p class="wp-figure">{escape(value)}</p><p>{escape(text)}</p></div>'
        for value, text in more
    )
    return f'<div class="wp-card wp-two">{items}</div>' if items else ""


def field_html(settings: Settings, judged: Offer, w: Words, *, dark: bool, **how: bool) -> str:
    """Everybody who ordered, as dots; nothing where a number is open or the run is a long one."""
    if not judged.known or judged.unsure or heavy(settings.scheme()):
        return ""
    result = RUNS.of(settings)
    shown = field.field(result, w)
    if shown is None:
        return ""
    assumed = findings.together(w, findings.assumption(result.scheme, w), w("field.ours"))
    return field.html(shown, dark=dark, assumption=assumed, **how)


def one_page(
    settings: Settings, judged: Offer, w: Words, *, link: str
) -> list[tuple[str, list[str]]]:
    """The answer below its heading, to print and to send; ``link``: where it stands."""
    chosen = settings.preset
    stand = w("offer.print.stand_own")
    if chosen.kind != "own":
        day = date(dt.date.fromisoformat(chosen.date), w.lang)
        source = findings.source_line(chosen, settings.changes, w)
        stand = w("offer.print.stand", source=source, date=day)
    return offer.one_page(
        judged=judged,
        claim=claim_text(settings, judged, w),
        lines=lines_of(settings, judged, w, printed=True),
        found=found_flags(settings, judged),
        asked=asked_of(settings, judged, w),
        facts=[
            *answers.facts(judged, w),
            *offer.more_facts(judged, w, before=numbers_of(settings)[0], printed=True),
        ],
        stand=stand,
        link=w("offer.print.link", link=link),
        w=w,
    )


def text_of(parts: list[tuple[str, list[str]]], judged: Offer, w: Words) -> str:
    """The page as text, its heading the verdict."""
    return offer.page_text(parts, told(judged, w).heading)
