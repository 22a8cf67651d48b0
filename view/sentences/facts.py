"""What is said about the world, always with its source, date and grade. No Streamlit here.

A statement of fact reaches a page through :func:`fact_html`, or, where it comes with a preset's
numbers, with the line of :func:`cite`. Addresses are printed as text: nothing is linked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from html import escape

from model.facts import WorldFact, fact
from model.preset import sources
from view.words.format import date, month
from view.words.words import Words


def when(text: str, w: Words) -> str:
    """A date of a data file for people: a day, a month, a year, or that there is none."""
    if text == "undated":
        return w("source.undated")
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(dt.date(parts[0], parts[1], parts[2]), w.lang)
    if len(parts) == 2:
        return month(dt.date(parts[0], parts[1], 1), w.lang)
    return w("facts.year", year=text)


def source_line(id_: str, w: Words, *, address: bool = True) -> str:
    """Title, date, grade and address of one source, as plain text."""
    found = sources()[id_]
    parts = [
        w.text(found.title.en, found.title.zh),
        when(found.date, w),
        w("facts.grade", grade=found.grade),
    ]
    if address and found.address is not None:
        parts.append(found.address)
    return " · ".join(parts)


def cite(ids: Iterable[str], w: Words, *, address: bool = True) -> str:
    """The line beneath a statement, as HTML: each source with its date and grade."""
    lines = "".join(
        f"<span>{escape(source_line(id_, w, address=address))}</span>" for id_ in dict.fromkeys(ids)
    )
    return f"<small class='wp-cite'>{lines}</small>"


def fact_html(which: str | WorldFact, w: Words, *, tag: str = "li", dated: bool = False) -> str:
    """One statement with its list, its sources, their dates and grades, as HTML.

    ``dated`` puts the day it was said in front: for notices and laws.
    """
    found = fact(which) if isinstance(which, str) else which
    first = f"<b>{escape(when(found.date, w))}</b> " if dated and found.date != "undated" else ""
    items = "".join(f"<li>{escape(w.text(item.en, item.zh))}</li>" for item in found.items)
    listed = f"<ol>{items}</ol>" if items else ""
    return (
        f"<{tag} class='wp-world' id='fact-{escape(found.id)}'>{first}"
        f"{escape(w.text(found.text.en, found.text.zh))}{listed}{cite(found.sources, w)}</{tag}>"
    )


def legend(w: Words) -> str:
    """What the grades mean, said once where facts stand, as HTML."""
    said = w("facts.legend", a=w("facts.grade.A"), b=w("facts.grade.B"))
    return f"<p class='wp-cite'>{escape(said)}</p>"


def facts_html(found: Iterable[WorldFact], w: Words, *, dated: bool = False) -> str:
    """Several statements as a list."""
    return "<ul class='wp-facts'>" + "".join(fact_html(f, w, dated=dated) for f in found) + "</ul>"
