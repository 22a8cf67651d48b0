"""What a visitor reads before any JavaScript has loaded: the finding itself, where it is quick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from urllib.parse import urlencode

from view.check import check, unscripted
from view.claims import claims_page
from view.money import money
from view.money.live import Shown, first
from view.queueing.heavy import heavy
from view.sentences import case_words, findings
from view.settings import limits, state
from view.settings.runs import RUNS
from view.settings.state import Settings
from view.sources import sources
from view.teach import teach
from view.words.words import words


@dataclass(frozen=True)
class Painted:
    """What is shown until the page itself is there.

    html: the first words. whole: whether nothing is missing without a script. address: what the
    page would have written for what a form gave. held: whether a form has something to say, so that
    it stays. query: the settings, as they go along to another language.
    """

    html: str
    whole: bool = False
    address: str = ""
    held: bool = False
    query: Mapping[str, str] = field(default_factory=dict)


def first_paint(page: str, lang: str, query: Mapping[str, str]) -> Painted:
    """The first words of a page, from its id and its address.

    Whatever comes from ``query`` is parsed like the page does; of what cannot be used only what was
    typed into a form of :mod:`view.check.unscripted` is shown again. An exception here is logged
    and answered with :func:`plain`.
    """
    if page != "check":
        whole = page == "teach"
        return Painted(_words(page, lang, query), whole=whole, query=_kept(page, query))
    w = words(lang)
    got = unscripted.received(query, check.OWN, w)
    settings = state.parse(got.query, page=check.OWN)
    html = unscripted.page(settings, got.query, check.OWN, w, got.refused)
    return Painted(
        html,
        whole=settings.page.get("step") != "paste",
        address=f"./?{urlencode(got.query, safe='@:,')}" if got.form and not got.refused else "",
        held=bool(got.refused),
        query=_kept(page, got.query),
    )


def _kept(page: str, query: Mapping[str, str]) -> Mapping[str, str]:
    """The settings that an address says, as the page writes them; nothing that cannot be read."""
    own = {"check": check.OWN, "money": money.OWN, "claims": claims_page.OWN}.get(page)
    if own is None:
        return {}
    settings = state.parse(query, page=own)
    found = state.address(
        settings.preset, settings.changes, page=settings.page, defaults=own, keep={}
    )
    if state.PRESET not in query and len(found) == 1:
        return {}
    return found


def _words(page: str, lang: str, query: Mapping[str, str]) -> str:
    """The first words of the other pages: the finding itself, where it is quick."""
    w = words(lang)
    heading = f"<h1>{escape(w(f'page.{page}.heading'))}</h1>"
    if page == "money":
        settings = state.parse(query, page=money.OWN)
        if settings.page["view"] == "live":
            if not settings.changes and settings.preset.kind != "own":
                return heading + _as_it_is(settings.preset.reference, lang)
            if not heavy(settings.scheme()):
                return heading + _said(settings, lang)
    if page == "claims":
        said, assumed = claims_page.finding(query, w)
        if said:
            below = f'<p class="wp-assume">{escape(assumed)}</p>' if assumed else ""
            return f'{heading}<p class="wp-finding">{escape(said)}</p>{below}'
    if page == "teach":
        return heading + teach.html(lang)
    if page == "sources":
        return f'{heading}<p class="wp-finding">{escape(sources.finding(w))}</p>'
    return plain(page, lang)


def _said(settings: Settings, lang: str) -> str:
    """What a run comes to, with what it rests on: no number without its condition."""
    settings = limits.bounded(settings)
    w, result = words(lang), RUNS.of(settings)
    notes = (limits.said(settings, w), findings.halted(result, w))
    note = "".join(f"<p>{escape(said)}</p>" for said in notes if said)
    finding = case_words.lines(findings.finding(result, w))
    assumed = escape(findings.assumption(result.scheme, w))
    return f'<p class="wp-finding">{finding}</p><p class="wp-assume">{assumed}</p>{note}'


@lru_cache(maxsize=256)
def _as_it_is(reference: str, lang: str) -> str:
    """The same of a preset that nobody has changed: worked out once, however long it takes."""
    return _said(state.parse({"scheme": reference}, page=money.OWN), lang)


def _live(settings: Settings) -> bool:
    """Whether the panels are there before the page is: they wait for no long run."""
    return settings.page["view"] == "live" and not heavy(settings.scheme())


def panels(lang: str, query: Mapping[str, str], browser: str) -> str:
    """The live panels as JSON to stand in the document, or nothing where it has none.

    ``browser`` is what it calls itself: on a phone the pictures are lower. Raises as the page does
    for what cannot be drawn.
    """
    settings = state.parse(query, page=money.OWN)
    if not _live(settings) or settings.page["knobs"] != "live" or settings.page["for"]:
        return ""
    height = money.height_for(browser)
    shown = Shown(settings=settings, lang=lang, dark=False, height=height)
    # No text can end the element it stands in.
    return first(RUNS.of(settings), shown).decode().replace("<", "\\u003c")


def plain(page: str, lang: str) -> str:
    """The page's heading and one sentence about it: always available."""
    w = words(lang)
    heading, description = w(f"page.{page}.heading"), w(f"page.{page}.description")
    return f"<h1>{escape(heading)}</h1><p>{escape(description)}</p>"
