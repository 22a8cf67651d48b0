"""A claim, a case, or what is counted of all, as a card."""

from __future__ import annotations

from collections.abc import Mapping

from model.facts import leading
from model.library import preset
from view.claims import cases, claims_text, law, sound
from view.claims.claims_page import OWN
from view.light.card import Card
from view.press import carded
from view.press.press_sheet import origin_of
from view.sentences import findings
from view.settings import state
from view.settings.state import Settings
from view.words.words import Words

#: What of the address says only how it is shown.
_SCREEN = ("for", "picture", "group", "case_growth")

#: Sums shown.
_SUMS = 3


def settings_of(query: Mapping[str, str]) -> Settings:
    """What an address says of a claim or a case; a claim's own scheme where it fits no other."""
    query = {k: v for k, v in query.items() if k not in _SCREEN}
    settings = state.parse(query, page=OWN)
    return claims_text.fitted(settings, query) if settings.page["view"] == "claims" else settings


def query_of(settings: Settings) -> Mapping[str, str]:
    """The one address of these settings, as the page writes it."""
    return state.address(
        settings.preset, settings.changes, page=settings.page, defaults=OWN, keep={}
    )


def card(settings: Settings, w: Words) -> Card:
    """The fact that the page leads with."""
    view = settings.page["view"]
    claim = claims_text.opened(settings) if view == "claims" else None
    finding, assumption, rest, named = "", "", "", w("page.claims.title")
    changed, about = "", w("source.preset", name=w("page.claims.nav"))
    sources: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    if claim is not None:
        told = claims_text.told_of(claim, settings, w)
        finding, assumption, named = told.fact, told.assumed, told.say("claim")
        rest = findings.together(w, w("card.claim", claim=told.say("claim")), told.page)
        sources = (told.read_on,)
        numbers = tuple((text, label) for label, text in told.lines[:_SUMS])
        of_scheme = carded.of_scheme(settings, None, w)
        changed, about = of_scheme["changed"], of_scheme["about"]
    elif view == "cases":
        chosen = preset(settings.page["case"])
        # A real case leads with what was published of it.
        fact = leading(chosen.id)
        rule, named = cases.finding(chosen, w), w.text(chosen.name.en, chosen.name.zh)
        finding = w.text(fact.text.en, fact.text.zh) if fact is not None else rule
        rest = rule if fact is not None else ""
        assumption = findings.assumption(chosen.scheme(), w)
        sources, about = (origin_of(chosen, w),), findings.source_line(chosen, {}, w)
    elif view == "sound":
        finding, assumption = sound.finding(w), w("sound.assume")
    elif view == "law":
        finding, assumption = law.finding(w), w("law.general")
    else:
        finding = claims_text.finding(settings, w)
    return Card(
        page="claims",
        lang=w.lang,
        finding=finding,
        rest=rest,
        assumption=assumption,
        numbers=numbers,
        picture=None,
        split=(),
        sources=sources,
        about=about,
        changed=changed,
        named=named,
        query=query_of(settings),
    )
