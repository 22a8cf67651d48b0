"""Programmes that give money back and can: the same code finds the shop's margin paying."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from model import load
from model.funding import payers
from model.library import preset, presets
from model.preset import Preset
from view.mechanisms.face import faces
from view.palette import roles
from view.parts import numbers, share
from view.parts.context import dark, w, words
from view.parts.controls import Page
from view.press import press, press_sheet
from view.settings.runs import played
from view.words.format import count_short, yuan, yuan_short
from view.words.words import Words

PROGRAMMES = tuple(presets(kind="sound"))
OWN: dict[str, tuple[str, ...]] = {"programme": PROGRAMMES}
#: How sales go on in each test.
SALES: Mapping[str, Mapping[str, Any]] = {
    "constant": {},
    "falling": {"demand.kind": "growing", "demand.growth": -0.01},
    "stopping": {"demand.stop_tick": 100},
}


class Kept(NamedTuple):
    """What became of a promise: purchases that qualify and are paid in full, and with whose money.

    The last day's purchases are paid after the run and do not count.
    """

    qualify: float
    paid: float
    own: float
    later: float
    other: float


@lru_cache(maxsize=32)
def kept(id_: str, sales: str) -> Kept:
    """The promise of a programme under one course of sales."""
    scheme = load(id_, dict(SALES[sales]))
    result = played(scheme)
    cohorts = result.cohorts.loc[: scheme.horizon - 1]
    promised = (scheme.most_paid or 0.0) * cohorts["buyers"]
    full = cohorts["received"] >= promised * (1 - 1e-9)
    split = payers(result)
    return Kept(
        qualify=float(cohorts["buyers"].sum()),
        paid=float(cohorts["buyers"].where(full, 0).sum()),
        own=split["own"],
        later=split["later"],
        other=split["earlier"] + split["fees"] + split["outside"],
    )


def draw(page: Page) -> None:
    """Everything below the head of the page."""
    said = words()
    st.html(f'<p class="wp-finding">{escape(finding(said))}</p>')
    st.html(f'<p class="wp-assume">{escape(w("sound.assume"))}</p>')
    st.pills(
        w("sound.which"),
        PROGRAMMES,
        format_func=_name,
        key=page.ready("programme"),
        required=True,
        label_visibility="collapsed",
    )
    chosen = preset(page.settings.page["programme"])
    st.html(f"<p>{escape(w.text(chosen.summary))}</p>" + split_bar(chosen, said))
    st.header(w("sound.table"), anchor=False)
    later = escape(w("sound.waiting")) if faces()[chosen.family].after_run else ""
    st.html(table(chosen, said) + f"<p class='wp-assume'>{later}</p>")
    st.header(w("sound.why"), anchor=False)
    reasons = "".join(
        f"<li>{escape(w(f'sound.why.{reason}'))}</li>" for reason in ("aside", "small", "nobody")
    )
    facts = "".join(f"<li>{escape(w.text(fact.text))}</li>" for fact in chosen.fact)
    st.html(f"<p><b>{escape(w('sound.needed'))}</b></p><ul class='wp-answer'>{reasons}{facts}</ul>")
    share.money_link(chosen, {}, label=w("sound.to_money"))
    numbers.numbers(chosen)


def subject(page: Page) -> press.Subject:
    """The programme chosen, for journalists."""
    chosen = preset(page.settings.page["programme"])
    return lambda said: press_sheet.of_scheme(chosen, {}, said)


def _name(id_: str) -> str:
    return w.text(preset(id_).name)


def finding(said: Words) -> str:
    """With whose money every programme keeps its promise, over all courses of sales."""
    found = [kept(id_, sales) for id_ in PROGRAMMES for sales in SALES]
    total = sum(one.own + one.later + one.other for one in found)
    own, later = (sum(values) for values in zip(*((k.own, k.later) for k in found), strict=True))
    short = [one for one in found if one.paid < one.qualify * (1 - 1e-9)]
    if short:  # the numbers were moved in the files: then this page has nothing to say
        raise ValueError("a programme that is listed as sound does not keep its promise")
    return said(
        "sound.finding",
        n=len(PROGRAMMES),
        own=f"{100 * own / total:.0f}",
        later=f"{100 * later / total:.0f}",
    )


def split_bar(chosen: Preset, said: Words) -> str:
    """One purchase as a bar: goods, what is given back, what the shop keeps; as HTML."""
    scheme, lang = chosen.scheme(), said.lang
    spend = scheme.order.spend
    goods = scheme.order.parts.goods * spend
    back = sum(mechanism.taken for mechanism in scheme.mechanisms) * spend
    rest = spend - goods - back
    colors = roles(dark=dark())
    parts = [
        (said("sound.part.goods"), goods, colors["goods"]),
        (said("sound.part.back"), back, colors["pool"]),
        (said("sound.part.kept"), rest, colors["merchant"]),
    ]
    cells = "".join(
        f"<span class='wp-cell' style='flex:{value / spend:.5f};background:{color}'></span>"
        for _, value, color in parts
    )
    names = "".join(
        f"<li><i style='background:{color}'></i>{escape(name)} "
        f"<b>{escape(yuan(value, lang))}</b></li>"
        for name, value, color in parts
    )
    title = said("sound.split", spend=f"{spend:g}")
    payer = said(
        "sound.payer",
        margin=yuan(spend - goods, lang),
        spend=yuan(spend, lang),
        back=yuan(back, lang),
        kept=yuan(rest, lang),
    )
    return (
        f"<figure class='wp-split'><figcaption>{escape(title)}</figcaption>"
        f"<div class='wp-bar' aria-hidden='true'>{cells}</div>"
        f"<ul class='wp-parts'>{names}</ul></figure><p>{escape(payer)}</p>"
    )


def table(chosen: Preset, said: Words) -> str:
    """Who qualifies, who was paid, and with whose money, for each course of sales; as HTML."""
    lang = said.lang
    head = "".join(
        f"<th scope='col'>{escape(said(f'sound.head.{key}'))}</th>"
        for key in ("sales", "qualify", "paid", "own", "later")
    )
    body = ""
    for sales in SALES:
        found = kept(chosen.id, sales)
        cells = (
            count_short(found.qualify, lang),
            count_short(found.paid, lang),
            yuan_short(found.own, lang),
            yuan_short(found.later, lang),
        )
        body += (
            f"<tr><th scope='row'>{escape(said(f'sound.sales.{sales}'))}</th>"
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    label = escape(said("sound.table"))
    return (
        f"<div class='wp-scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table class='wp-table wp-beside wp-short'><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
