"""Charts on paper: the curve of a lesson, empty to be drawn on or with what the rules give."""

from __future__ import annotations

from html import escape
from typing import Final

from view.kit.numbers import OFFER, ROOM
from view.teach import chart
from view.teach.facts import facts
from view.teach.said import told
from view.words.words import words

#: Room for what stands at the axes, pixels.
_LEFT, _BELOW = 64, 0
_HALVES: Final = (0.0, 0.5, 1.0)
_QUARTERS: Final = (0.25, 0.5, 0.75, 1.0)
#: The bar of one order, pixels.
_WIDE, _HIGH = 400, 46


def curve(lesson: str, lang: str, *, solved: bool) -> str:
    """The chart of a lesson as SVG; ``solved``: with the curve, else as far as it is shown."""
    lesson = OFFER if lesson == ROOM else lesson
    found, said, w = facts(lesson), told(lesson, lang), words(lang)
    parted = chart.parted(found)
    marks = []
    for share in _QUARTERS:
        y = chart.up(share)
        marks.append(f'<path class="grid" d="M{chart.LEFT} {y:.1f}H{chart.RIGHT}"/>')
    for share in _HALVES:
        y = chart.up(share) + 4
        text = escape(said.y(found.top * share))
        marks.append(f'<text x="{chart.LEFT - 6}" y="{y:.1f}" text-anchor="end">{text}</text>')
    marks += [_below(x, text, anchor) for x, text, anchor in _axis(lesson, lang)]
    marks.append(f'<path class="axis" d="M{chart.LEFT} {chart.BOTTOM}H{chart.RIGHT}"/>')
    if found.beside is not None:
        line = chart.line(found, found.beside, 1.2 * max(found.beside.y))
        marks.append(f'<path class="beside" d="{line}"/>')
    if solved:
        marks.append(f'<path class="{"bars" if parted else "rules"}" d="{_shape(lesson)}"/>')
    elif not parted:
        line = chart.line(found, found.curve, found.top, until=found.seen)
        marks.append(f'<path class="rules" d="{line}"/>')
        x = chart.across(found, found.seen)
        y = chart.up(found.curve.at(found.seen) / found.top)
        marks.append(f'<circle class="seen" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
    legend = [w("kit.chart.rules" if solved else "kit.chart.draw")]
    if found.beside is not None:
        legend.append(w("kit.chart.beside", text=said.besides[found.usual]))
    name = escape(said.y_name)
    label = escape(". ".join([said.y_name, *legend]))
    box = f"{-_LEFT} 0 {chart.WIDTH + _LEFT} {chart.HEIGHT + _BELOW}"
    title = f'<text class="name" x="{chart.LEFT}" y="12">{name}</text>'
    svg = f'<svg viewBox="{box}" role="img" aria-label="{label}">{title}{"".join(marks)}</svg>'
    said_below = " · ".join(escape(text) for text in legend)
    return f"<figure>{svg}<figcaption>{said_below}</figcaption></figure>"


def _shape(lesson: str) -> str:
    found = facts(lesson)
    return chart.shape(found, found.curve)


def _axis(lesson: str, lang: str) -> list[tuple[float, str, str]]:
    """What is written below the chart: (x in pixels, text, anchor)."""
    found, said = facts(lesson), told(lesson, lang)
    first, last = found.curve.x[0], found.curve.x[-1]
    places = [first, last] if chart.parted(found) else sorted({first, found.seen, last})
    ends = {first: "start", last: "end"}
    # Where two would lie upon each other, the end of the axis is enough.
    kept = [
        x
        for x in places
        if x in ends
        or min(abs(chart.across(found, x) - chart.across(found, end)) for end in ends) > 80
    ]
    return [(chart.across(found, x), said.x(x), ends.get(x, "middle")) for x in kept]


def _below(x: float, text: str, anchor: str) -> str:
    y = chart.BOTTOM + 18
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def bar(spend: float, part: float) -> str:
    """One order as a bar, the part that is there to be paid from at its left, as SVG."""
    cut = _WIDE * part / spend
    return (
        f'<svg class="bar" viewBox="0 0 {_WIDE} {_HIGH}" preserveAspectRatio="none" '
        'aria-hidden="true">'
        f'<rect class="pool" width="{cut:.1f}" height="{_HIGH}"/>'
        f'<rect class="rest" x="{cut:.1f}" width="{_WIDE - cut:.1f}" height="{_HIGH}"/></svg>'
    )
