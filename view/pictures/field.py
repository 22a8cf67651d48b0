"""The field of people: every buyer a dot, in the order they came, coloured by what came back.

One picture that needs no axis. It is drawn from the groups of a run that fared alike
(:func:`model.standing.fared`), so that its counts are those of the sentences. No Streamlit here.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np

from model.arrays import Floats
from model.library import real_case
from model.result import Result
from model.standing import Fared, fared
from view.sentences import findings
from view.words.format import count_short, percent, yuan
from view.words.words import Words

#: At most so many dots, and so many in a row.
MOST_DOTS: Final = 360
COLUMNS: Final = 30
#: Units of the drawing: from dot to dot, and the radius of one.
STEP, RADIUS = 20, 8
#: The least that can be seen of a dot, as a part of its radius.
LEAST: Final = 0.3
#: Seconds from a row to the next while the orders come in.
ROW: Final = 0.33
#: The colours of all, a part, nothing, and the page; light and dark. Told apart by lightness too.
COLOURS: Final = {
    False: ("#1F4E79", "#E0A030", "#8B929B", "#FBFAF7"),
    True: ("#7FB3DE", "#B9791A", "#6C7580", "#12171E"),
}
_KINDS: Final = ("whole", "part", "none")


@dataclass(frozen=True, kw_only=True)
class Field:
    """The dots, and what is said of them.

    dots: of each dot the part of its buyers that have all, and that have anything, shape (n, 2).
    per: buyers a dot, fewer in the last. counts: whole orders with all, a part, and nothing.
    """

    dots: Floats
    per: int
    counts: tuple[int, int, int]
    sentence: str
    scale: str
    legend: tuple[tuple[str, str], ...]

    @property
    def alt(self) -> str:
        """For who cannot see it."""
        return f"{self.scale} {self.sentence}"


def field(result: Result, w: Words) -> Field | None:
    """The field of a run; None where a run does not tell people apart, or is about a real case.

    Under a real name nobody is counted as paid.
    """
    found = fared(result) if real_case(result.scheme) is None else None
    if found is None:
        return None
    buyers = sum(found.counts)
    if buyers < 1 or not math.isfinite(buyers):
        return None
    per = _per(buyers)
    parts = findings.whole(dict(zip(_KINDS, found.counts, strict=True)))
    counts = (parts["whole"], parts["part"], parts["none"])
    each = count_short(per, w.lang)
    return Field(
        dots=_dots(found, per),
        per=per,
        counts=counts,
        sentence=_sentence(result, found, counts, w),
        scale=w("field.scale", each=each) if per > 1 else w("field.scale.one"),
        legend=tuple((kind, w(key)) for kind, key in LEGEND.items()),
    )


LEGEND: Final = {"whole": "field.whole", "part": "field.part", "none": "field.none"}


def _per(buyers: float) -> int:
    """Buyers a dot: one, two or five times a power of ten, so that there are not too many dots."""
    least = buyers / MOST_DOTS
    if least <= 1:
        return 1
    scale = 10 ** math.floor(math.log10(least))
    return int(next(step * scale for step in (1, 2, 5, 10) if step * scale >= least))


def _dots(found: Fared, per: int) -> Floats:
    """What part of each dot's buyers have all, and anything: the line cut into equal stretches."""
    upto = np.concatenate(([0.0], np.cumsum(found.orders)))
    edges = np.append(np.arange(0.0, upto[-1], per), upto[-1])
    edges = edges[np.append(np.diff(edges) > 1e-6 * per, True)]
    shares = []
    for mask in (found.reached, found.paid):
        sums = np.concatenate(([0.0], np.cumsum(found.orders * mask)))
        shares.append(np.diff(np.interp(edges, upto, sums)) / np.diff(edges))
    dots: Floats = np.clip(np.column_stack(shares), 0.0, 1.0)
    return dots


def _sentence(result: Result, found: Fared, counts: tuple[int, int, int], w: Words) -> str:
    """After how long, how many have all, a part and nothing."""
    whole, part, none = counts
    said = [_whole(result, found, whole, w)]
    if part:
        key = "field.said.part" if none else "field.said.part_rest"
        said.append(w(key, n=count_short(part, w.lang)) if none else w(key))
    if none:
        said.append(w("field.said.none_rest"))
    return w(
        "field.said",
        time=findings.time(result, w),
        buyers=count_short(sum(counts), w.lang),
        list=findings.listed(w, said),
    )


def _whole(result: Result, found: Fared, whole: int, w: Words) -> str:
    order, n = result.scheme.order, count_short(whole, w.lang)
    if found.owed >= 1:
        return w("field.said.whole", n=n) if whole else w("field.said.whole_nobody")
    if order.packages:
        part = percent(found.owed, w.lang)
        return w("field.said.part_of", n=n, part=part) if whole else w("field.said.nobody", n=part)
    most, spend = yuan(found.owed * order.spend, w.lang), yuan(order.spend, w.lang)
    if not whole:
        return w("field.said.nobody", n=most)
    return w("field.said.rule", n=n, most=most, spend=spend)


# -- drawn -----------------------------------------------------------------------------------------


def size(shown: Field, columns: int = COLUMNS) -> tuple[int, int]:
    """Width and height in units of the drawing, with so many dots in a row."""
    return columns * STEP, max(-(-len(shown.dots) // columns), 1) * STEP


def svg(shown: Field, *, dark: bool, label: bool = True, columns: int = COLUMNS) -> str:
    """The picture alone, as an SVG element that fills its width; rows follow one another."""
    width, height = size(shown, columns)
    name = f' role="img" aria-label="{escape(shown.alt)}"' if label else ' aria-hidden="true"'
    return (
        f'<svg class="wp-dots" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg"'
        f"{name}>{drawn(shown, dark=dark, columns=columns)}</svg>"
    )


def drawn(shown: Field, *, dark: bool, columns: int = COLUMNS) -> str:
    """The dots, without the element around them."""
    rows = [shown.dots[k : k + columns] for k in range(0, len(shown.dots), columns)]
    return "".join(
        f"<g>{''.join(_row(row, number, COLOURS[dark]))}</g>" for number, row in enumerate(rows)
    )


def _row(row: Floats, number: int, colours: tuple[str, ...]) -> Iterator[str]:
    """Rings for everybody, and in them as much colour as came back."""
    whole, part, none, page = colours
    y, half = number * STEP + STEP // 2, STEP // 2
    line = f"M{half} {y}h{(len(row) - 1) * STEP}"
    yield _line(line, none, 2 * RADIUS, "none")
    yield _line(line, page, 2 * RADIUS - 3, "page")
    for at, colour, kind in ((1, part, "part"), (0, whole, "whole")):
        full = row[:, at] >= 1 - 1e-9
        for start, length in _runs(full):
            line = f"M{half + start * STEP} {y}h{(length - 1) * STEP}"
            yield _line(line, colour, 2 * RADIUS, kind)
        for x in np.flatnonzero((row[:, at] > 0) & ~full).tolist():
            radius = RADIUS * max(math.sqrt(float(row[x, at])), LEAST)
            yield (
                f'<circle class="f-{kind}" cx="{half + x * STEP}" cy="{y}" r="{radius:.1f}" '
                f'fill="{colour}"/>'
            )


def _line(path: str, colour: str, width: float, kind: str) -> str:
    """Dots beside each other, as one dotted line."""
    return (
        f'<path class="f-{kind}" d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-linecap="round" stroke-dasharray=".01 {STEP - 0.01:.3f}"/>'
    )


def _runs(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    """(start, length) of each unbroken stretch."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(int)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield start, end - start


def image(shown: Field, *, dark: bool, plays: bool) -> str:
    """The picture as the address of an image, for where no drawing may stand in a text."""
    style = f"<style>{_PLAYS}</style>" if plays else ""
    whole = svg(shown, dark=dark, label=False).replace(">", f">{style}", 1)
    return f"data:image/svg+xml;base64,{base64.b64encode(whole.encode()).decode()}"


#: How the orders come in, row by row; still for who wants no movement. The same as in style.css.
_PLAYS: Final = (
    "@media (prefers-reduced-motion: no-preference) { g { animation: wp-in 0.3s both } "
    + " ".join(
        f"g:nth-of-type({row + 1}) {{ animation-delay: {row * ROW:.3f}s }}"
        for row in range(1, MOST_DOTS // COLUMNS)
    )
    + " @keyframes wp-in { from { opacity: 0 } } }"
)


def html(
    shown: Field, *, dark: bool, assumption: str = "", plays: bool = False, as_image: bool = False
) -> str:
    """The picture with its sentence, what the colours mean, and what is assumed."""
    colours = dict(zip(_KINDS, COLOURS[dark], strict=False))
    legend = "".join(
        f'<li><i class="wp-dot" style="{_fill(kind, colours[kind])}"></i>{escape(said)}</li>'
        for kind, said in shown.legend
    )
    picture = svg(shown, dark=dark)
    if as_image:
        address = image(shown, dark=dark, plays=plays)
        picture = f'<img class="wp-dots" alt="{escape(shown.alt)}" src="{address}">'
    return (
        f'<figure class="wp-field"><figcaption>{escape(shown.sentence)}</figcaption>'
        f'{picture}<ul class="wp-parts">{legend}</ul>'
        f'<p class="wp-small">{escape(shown.scale)} {escape(assumption)}</p></figure>'
    )


def _fill(kind: str, colour: str) -> str:
    return f"border:2px solid {colour}" if kind == "none" else f"background:{colour}"
