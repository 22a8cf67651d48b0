"""A page run without a browser, and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from streamlit.testing.v1 import AppTest

from view.pages import PAGES, ROOT
from view.parts import context, notices
from view.sentences import takes
from view.sentences.judged import Offer
from view.words.words import Words

assert context  # registers the parameters' English words
SCRIPTS = {entry.id: entry.script for entry in PAGES}
TIMEOUT = 30
#: Expanders that are filled when they are opened.
DRAWERS = ("more", "table")


def opened(
    page: str, query: Mapping[str, str] | None = None, *, lang: str = "en", live: bool = False
) -> AppTest:
    """The page as somebody new sees it.

    With stock sliders, which can be moved without a browser, unless ``live`` is asked for.
    """
    at = AppTest.from_file(ROOT / "view" / "serving" / "frame.py", default_timeout=TIMEOUT)
    # Select boxes are read outside a visit, where English is spoken: only that needs no asking.
    asked = {} if lang == "en" else {"lang": lang}
    for key, value in {**(query or {}), **asked}.items():
        at.query_params[key] = value
    for drawer in DRAWERS:
        # What is closed holds nothing.
        at.session_state[f"{page}|{drawer}"] = True
    if not live:
        at.session_state["money:plain"] = True
    at.switch_page(str(SCRIPTS[page]))
    at.run()
    working(at)
    return at


def working(at: AppTest) -> None:
    """Neither an exception nor the sentence that stands in for one."""
    assert [e.message for e in at.exception] == []
    assert [e.value for e in at.error] == []


def html(at: AppTest) -> str:
    """All the HTML of the page, as text."""
    return unescape("\n".join(element.value for element in at.get("html")))


def boxes(at: AppTest, kind: notices.Kind = "warning") -> list[str]:
    """What is said in the page's boxes of a kind."""
    start, end = notices.html("|", kind).split("|")
    found = [each.value for each in at.get("html") if each.value.startswith(start)]
    return [unescape(text.removeprefix(start).removesuffix(end)) for text in found]


def broken_where_said(text: str) -> str:
    """What ``case_words.lines`` made of a finding, as it was before."""
    return re.sub(r'\n<span class="wp-second">(.*?)</span>', r"\n\1", text, flags=re.DOTALL)


def finding(at: AppTest) -> str:
    """What is said above everything, line by line."""
    found = [e.value for e in at.get("html") if 'class="wp-finding"' in e.value]
    assert len(found) == 1, found
    return unescape(broken_where_said(found[0].split('class="wp-finding">')[1].split("</p>")[0]))


def with_its_note(judged: Offer, sentence: str, w: Words) -> str:
    """A sentence of the answer as it is printed: with what of it is assumed."""
    bare = sentence.rstrip(".。")
    (line,) = [
        line for line in takes.lines(judged, w, before=None, per_day=None) if line.startswith(bare)
    ]
    return line


def figures(at: AppTest) -> list[str]:
    """The figures as they are sent to the browser."""
    return [chart.proto.spec for chart in at.get("plotly_chart")]


def spoken(at: AppTest, w: Words, *keys: str) -> bool:
    """Whether the page says all of these (texts without placeholders)."""
    said = html(at)
    return all(w(key) in said for key in keys)
