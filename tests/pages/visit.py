"""A page run without a browser, and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from math import inf

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from view.pages import PAGES, ROOT
from view.parts import context, notices
from view.parts.boxes import text_key
from view.parts.controls import PARAMETERS
from view.sentences import takes
from view.sentences.judged import Offer
from view.words import typed, typed_said
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


def drawers(at: AppTest) -> list[str]:
    """What is folded under a name, by its name."""
    return [each.label for each in at.expander]


def boxes(at: AppTest, kind: notices.Kind = "warning") -> list[str]:
    """What is said in the page's boxes of a kind."""
    start, end = notices.html("|", kind).split("|")
    found = [each.value for each in at.get("html") if each.value.startswith(start)]
    return [unescape(text.removeprefix(start).removesuffix(end)) for text in found]


def broken_where_said(text: str) -> str:
    """What ``case_words.lines`` made of a finding, as it was before."""
    return re.sub(r'\n<span class="wp-second">(.*?)</span>', r"\n\1", text, flags=re.DOTALL)


def finding(at: AppTest) -> str:
    """What is said above everything, line by line; of the first question the example's verdict."""
    said = [e.value for e in at.get("html")]
    mark = next(m for m in ("wp-finding", "wp-verdict") if any(f'class="{m}"' in x for x in said))
    found = [each for each in said if f'class="{mark}"' in each]
    assert len(found) == 1, found
    return unescape(broken_where_said(found[0].split(f'class="{mark}">')[1].split("</p>")[0]))


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


class NumberBox:
    """A box for a number, by the key of the number: what is typed is text."""

    def __init__(self, at: AppTest, key: str) -> None:
        self.at, self.key = at, key
        self.text = at.text_input(key=text_key(key))
        # As the parameter says, which a box of the page's own does not have.
        parameter = PARAMETERS.get(key.partition("|")[2])
        box = typed_said.allowed(parameter) if parameter else typed.Allowed()
        self.step = (parameter.step or 1) * (100 if box.unit == "share" else 1) if parameter else 1
        inward = self.step if box.above else 0
        self.min = -inf if box.low is None else box.low + inward
        self.max = inf if box.high is None else box.high - (self.step if box.below else 0)

    @property
    def value(self) -> float | None:
        """The number that it shows; None where it is empty."""
        found = typed.number(self.text.value) if self.text.value else None
        assert found is not None or not self.text.value, self.text.value
        return found

    def set_value(self, value: float | str | None) -> TextInput:
        """Type a number, or a text as it is."""
        text = value if isinstance(value, str) else typed.written(value)
        return self.text.set_value(text)


def number_input(at: AppTest, *, key: str) -> NumberBox:
    """The box for the number ``key``."""
    return NumberBox(at, key)


def number_inputs(at: AppTest) -> list[NumberBox]:
    """Every box for a number of the page."""
    keys = [box.key for box in at.text_input]
    return [NumberBox(at, key[:-1]) for key in keys if key and key.endswith(text_key(""))]
