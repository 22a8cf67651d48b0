"""What a visitor reads before any JavaScript has loaded: the finding itself, where it is quick."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from view import case_words, check, claims_page, findings, live, money, sources, state
from view.heavy import heavy
from view.runs import RUNS
from view.state import Settings
from view.words import words


def first_paint(page: str, lang: str, query: Mapping[str, str]) -> str:
    """The HTML shown until the page itself is there, from the page's id and its address.

    Whatever comes from ``query`` is parsed like the page does and never repeated. An exception here
    is logged and answered with :func:`plain`.
    """
    w = words(lang)
    heading = f"<h1>{escape(w(f'page.{page}.heading'))}</h1>"
    if page == "check":
        settings = state.parse(query, page=check.OWN)
        step = check.step_of(settings, query)
        if step in {"start", "answer", "print"}:
            return heading + check.finding(check.judge(settings), w, dark=False)
        description = w("page.check.description")
        return f"<h1>{escape(check.heading(step, w))}</h1><p>{escape(description)}</p>"
    if page == "money":
        settings = state.parse(query, page=money.OWN)
        if _live(settings):
            result = RUNS.of(settings)
            halted = findings.halted(result, w)
            note = f"<p>{escape(halted)}</p>" if halted else ""
            finding = case_words.lines(findings.finding(result, w))
            # No number without its condition, not even before the page is there.
            assumed = escape(findings.assumption(result.scheme, w))
            return (
                f'{heading}<p class="wp-finding">{finding}</p>'
                f'<p class="wp-assume">{assumed}</p>{note}'
            )
    if page == "claims":
        said, assumed = claims_page.finding(query, w)
        if said:
            below = f'<p class="wp-assume">{escape(assumed)}</p>' if assumed else ""
            return f'{heading}<p class="wp-finding">{escape(said)}</p>{below}'
    if page == "sources":
        return f'{heading}<p class="wp-finding">{escape(sources.finding(w))}</p>'
    return plain(page, lang)


def _live(settings: Settings) -> bool:
    """Whether the finding is there before the page is: it waits for no long run."""
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
    shown = live.Shown(settings=settings, lang=lang, dark=False, height=height)
    # No text can end the element it stands in.
    return live.first(RUNS.of(settings), shown).decode().replace("<", "\\u003c")


def plain(page: str, lang: str) -> str:
    """The page's heading and one sentence about it: always available."""
    w = words(lang)
    heading, description = w(f"page.{page}.heading"), w(f"page.{page}.description")
    return f"<h1>{escape(heading)}</h1><p>{escape(description)}</p>"
