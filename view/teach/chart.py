"""The chart of a lesson as SVG: geometry that the script in the page uses too.

One curve, what was drawn by hand, and in one lesson a second line in a unit of its own. Heights of
a drawing are whole steps from 0 to :data:`STEPS` of the chart's height.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from view.teach.facts import Curve, Facts

#: Pixels of the drawing and of the plot in it.
WIDTH, HEIGHT = 360, 230
LEFT, RIGHT, TOP, BOTTOM = 10, 350, 30, 204
STEPS: Final = 20


def across(found: Facts, x: float) -> float:
    """Where a place on the x axis is, pixels."""
    low, high = _span(found)
    return LEFT + (RIGHT - LEFT) * (x - low) / (high - low)


def _span(found: Facts) -> tuple[float, float]:
    """The ends of the x axis; parts of a whole have half their width on each side."""
    half = 0.5 if parted(found) else 0.0
    return found.curve.x[0] - half, found.curve.x[-1] + half


def parted(found: Facts) -> bool:
    """Whether the chart has bars: nothing lies between two of its places."""
    return found.seen < found.curve.x[0]


def up(share: float) -> float:
    """Where a share of the chart's height is, pixels from its top."""
    return BOTTOM - (BOTTOM - TOP) * share


def line(found: Facts, curve: Curve, top: float, *, until: float | None = None) -> str:
    """A curve as the path of a line, up to an x that need not be one of its own."""
    points = [(x, y) for x, y in zip(curve.x, curve.y, strict=True) if until is None or x <= until]
    if until is not None and points and points[-1][0] < until:
        points.append((until, curve.at(until)))
    return _path([(across(found, x), up(y / top)) for x, y in points])


def bars(found: Facts, curve: Curve, top: float) -> str:
    """The same as bars, one for each x."""
    half = (RIGHT - LEFT) / len(curve.x) / 2 - 2
    return "".join(
        f"M{across(found, x) - half:.1f} {BOTTOM}V{up(y / top):.1f}h{2 * half:.1f}V{BOTTOM}z"
        for x, y in zip(curve.x, curve.y, strict=True)
    )


def shape(found: Facts, curve: Curve) -> str:
    """The curve of a lesson: a line, or bars where it is parted."""
    return (bars if parted(found) else line)(found, curve, found.top)


def hand(found: Facts, heights: Sequence[int]) -> str:
    """What was drawn, from where the curve was shown to."""
    start = [(across(found, found.seen), up(found.curve.at(found.seen) / found.top))]
    points = [
        (across(found, x), up(height / STEPS))
        for x, height in zip(found.asked, heights, strict=True)
    ]
    return _path(points if parted(found) else start + points)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""


def straight(found: Facts, end: int) -> tuple[int, ...]:
    """A drawing that goes straight from where the curve was shown to, to one height at the end."""
    if parted(found):
        return (end,) * len(found.asked)
    first = STEPS * found.curve.at(found.seen) / found.top
    span = found.asked[-1] - found.seen
    return tuple(int(first + (end - first) * (x - found.seen) / span + 0.5) for x in found.asked)


def level(found: Facts) -> int:
    """The height at which the points of a drawing begin: where the curve was shown to."""
    if parted(found):
        return STEPS // 2
    return int(STEPS * found.curve.at(found.seen) / found.top + 0.5)
