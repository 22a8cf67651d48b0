"""Several promises at once, or one that is not modelled: what can be said, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from model.library import places
from model.rounds import rounds
from view.check.offer import listed
from view.check.ways import ways
from view.parts.context import w, words
from view.parts.controls import Page
from view.words.format import count
from view.words.words import Words

#: What may be asked about here: the answer in a sentence, and what holds of it.
KINDS: dict[str, tuple[str, str]] = {
    "several": ("other.several.heading", "other.several.says"),
    "none": ("other.none.heading", "other.none.says"),
    "relay": ("other.relay.heading", "other.relay.says"),
    "chain": ("other.chain.heading", "other.chain.says"),
    "push_three": ("other.push_three.heading", "other.push_three.says"),
    "lottery": ("other.lottery.heading", "other.lottery.says"),
    "shared": ("other.shared.heading", "other.shared.says"),
    "debt_relief": ("other.debt_relief.heading", "other.debt_relief.says"),
    "investment": ("other.investment.heading", "other.investment.says"),
}
#: Those in which everybody needs others.
RECRUITS = frozenset({"none", "chain", "push_three", "shared", "relay"})
MOST_EACH = 1000
#: Whose people it is held against.
_PLACES = ("shanghai", "china", "world")
#: What to ask whoever offers it, whatever it is.
QUESTIONS = ("ask.other.out_of", "ask.no_orders", "ask.goods", "ask.return", "ask.writing")


def choose(page_name: str, kind: str) -> None:
    """Callback: something that is asked about here."""
    st.session_state[f"{page_name}|other"] = kind
    st.session_state[f"{page_name}|step"] = "other"
    st.session_state[f"{page_name}|for"] = ""


def kind_of(page: Page) -> str:
    """What the address asks about."""
    return page.settings.page.get("other") or "none"


def heading(kind: str, said: Words) -> str:
    """The answer in one sentence."""
    return said(KINDS[kind][0])


def lines(kind: str, said: Words) -> list[str]:
    """What holds of it, then what holds of all."""
    return [*said(KINDS[kind][1]).split("\n"), said("other.all")]


def screen(page: Page) -> None:
    """What can be said of it."""
    kind = kind_of(page)
    st.title(heading(kind, words()), anchor=False)
    page.notices()
    st.html(listed(lines(kind, words())))
    if kind in RECRUITS:
        page.own_number(
            "each", w("other.each"), least=2, most=MOST_EACH, help_=w("other.each.help")
        )
        each = page.whole("each", 2, MOST_EACH)
        if each is not None:
            st.html(listed(needed(each, words())))
    st.html(
        f'<h2 class="wp-head">{escape(w("ask.title"))}</h2>' + listed(w(key) for key in QUESTIONS)
    )
    ways(page, ("start", "paste", "paid"))


def needed(each: int, said: Words) -> Iterable[str]:
    """After how many rounds it takes more people than live somewhere."""
    people = {place.id: place.people for place in places()}
    for id_ in _PLACES:
        found = rounds(each=each, people=people[id_])
        place = said(f"place.{id_}")
        yield said("other.needed", each=count(each, said.lang), rounds=str(found), place=place)
