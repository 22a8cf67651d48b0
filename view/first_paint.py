"""What a visitor reads before any JavaScript has loaded: the finding itself, where it is quick."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from view import check, claims_page, findings, money, sources, state
from view.runs import RUNS
from view.words import words

#: The first paint waits for no long run; beyond this many days it leaves the finding to the page.
MOST_TICKS = 2000


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
        scheme = settings.scheme()
        if settings.page["view"] == "live" and scheme.horizon <= MOST_TICKS:
            finding = findings.finding(RUNS.of(settings), w)
            return f'{heading}<p class="wp-finding">{escape(finding)}</p>'
    if page == "claims":
        said = claims_page.finding(query, w)
        if said:
            return f'{heading}<p class="wp-finding">{escape(said)}</p>'
    if page == "sources":
        return f'{heading}<p class="wp-finding">{escape(sources.finding(w))}</p>'
    return plain(page, lang)


def plain(page: str, lang: str) -> str:
    """The page's heading and one sentence about it: always available."""
    w = words(lang)
    heading, description = w(f"page.{page}.heading"), w(f"page.{page}.description")
    return f"<h1>{escape(heading)}</h1><p>{escape(description)}</p>"
