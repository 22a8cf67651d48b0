"""A card as one SVG picture: finding, what it rests on, the dots, figures, source.

Lines are broken here, by the widths that characters of Noto Sans have on average: a picture has no
layout of its own. Nothing that a reader could cut off for a quotation stands apart from the rest:
assumption and source are inside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from typing import Final, NamedTuple

from view import palette
from view.light.card import Card
from view.light.fonts import FAMILY
from view.pictures import field
from view.words.words import Words


class Size(NamedTuple):
    """A picture: pixels of the drawing, and how many times that in the file."""

    width: int
    height: int
    scale: float
    code: bool = False


#: For previews, for chats (with a code to scan), and for print.
SIZES: Final = {
    "wide": Size(1200, 630, 1.0),
    "square": Size(1080, 1080, 1.0, code=True),
    "print": Size(1200, 630, 2.0),
}
MARGIN: Final = 52
_INK: Final = palette.INK
_MUTED: Final = "#59626D"
_PAPER: Final = "#FBFAF7"
#: No line begins with these, and none ends with those.
_CLOSING: Final = "，。、；：？！）》」』”’％%,.;:?!)]"
_OPENING: Final = "（《「『“‘¥(["


def width(text: str) -> float:
    """How wide a text is, in its own height."""
    return sum(_em(sign) for sign in text)


def _em(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’…—":
        return 1.0
    if sign in " .,:;'!|il":
        return 0.29
    if sign.isupper() or sign in "%@mw":
        return 0.68
    return 0.565


def wrapped(text: str, most: float, *, lines: int = 9) -> list[str]:
    """The text in lines of at most ``most`` times its height; the last shows what was left out."""
    found: list[str] = [""]
    for piece in _pieces(text):
        if found[-1] and width(found[-1] + piece.rstrip()) > most:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    found = [line.rstrip() for line in found if line.strip()]
    if len(found) > lines:
        found = found[:lines]
        while found[-1] and width(found[-1] + "…") > most:
            found[-1] = found[-1][:-1]
        found[-1] = f"{found[-1].rstrip(_CLOSING + ' ')}…"
    return found


def _pieces(text: str) -> Iterator[str]:
    """What stays together on a line: a word, or a Chinese character with its signs."""
    held = ""
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in "WF"
        if held and (
            (wide and sign not in _CLOSING and held[-1] not in _OPENING)
            or (held[-1] == " " and sign != " ")
            or (not wide and _is_wide(held[-1]) and sign not in _CLOSING)
        ):
            yield held
            held = ""
        held += sign
    if held:
        yield held


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF" and sign not in _OPENING


class Pen:
    """Writes from the top down."""

    def __init__(self, top: float) -> None:
        self.y = top
        self.parts: list[str] = []

    def text(
        self,
        lines: Iterable[str],
        size: float,
        *,
        x: float = MARGIN,
        bold: bool = False,
        ink: str = _INK,
        gap: float = 1.35,
    ) -> None:
        """Lines below each other."""
        weight = ' font-weight="700"' if bold else ""
        for line in lines:
            self.y += size * gap
            y = self.y - size * (gap - 1)
            self.parts.append(
                f'<text x="{x:g}" y="{y:.1f}" font-size="{size:g}"{weight} fill="{ink}">'
                f"{escape(line)}</text>"
            )


def drawn(card: Card, size: Size, *, link: str = "") -> str:
    """The picture as SVG. ``link``: what its code leads to, where it has one."""
    w = Words(card.lang)
    said = told(card)
    card = _plain(card) if card.lang == "en" else card
    inner, tall = size.width - 2 * MARGIN, size.height >= size.width
    pen = Pen(MARGIN - 18)
    pen.text([w("app.name_full")], 22, ink=_MUTED, bold=True)
    pen.y += 8
    big = 44 if width(card.finding) * 44 <= 2 * inner else 34
    pen.text(wrapped(card.finding, inner / big, lines=3), big, bold=True, gap=1.28)
    pen.y += 6
    if card.rest:
        pen.text(wrapped(card.rest, inner / 22, lines=3 if tall else 2), 22)
    if card.assumption:
        # Never cut: without it the figures are not true.
        small = 20 if width(card.assumption) * 20 <= 2 * inner else 17
        pen.text(wrapped(card.assumption, inner / small), small, ink=_MUTED)
    foot, top = _foot(card, size, w)
    bottom = _code(pen, link, size, top) if size.code and link else top
    _middle(card, pen, size, bottom - 14)
    body = "".join(pen.parts) + foot
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size.width} {size.height}" '
        f'width="{size.width * size.scale:g}" height="{size.height * size.scale:g}" role="img" '
        f'aria-label="{escape(said)}" font-family="{FAMILY}, sans-serif">'
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>{body}</svg>'
    )


#: Chinese fonts have these as wide as a character.
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def _plain(card: Card) -> Card:
    """The card with quotation marks that are narrow in a Chinese font."""
    texts = {name: getattr(card, name).translate(_QUOTES) for name in _TEXTS}
    numbers = tuple((figure, text.translate(_QUOTES)) for figure, text in card.numbers)
    sources = tuple(text.translate(_QUOTES) for text in card.sources)
    return replace(card, numbers=numbers, sources=sources, **texts)


_TEXTS: Final = ("finding", "rest", "assumption", "changed", "about")


def told(card: Card) -> str:
    """The picture in words."""
    figures = [f"{figure} {text}" for figure, text in card.numbers]
    dots = [card.picture.alt] if card.picture is not None else []
    parts = [card.finding, card.rest, card.assumption, *figures, *dots, *card.sources, card.about]
    return " ".join(filter(None, parts))


def _foot(card: Card, size: Size, w: Words) -> tuple[str, float]:
    """Source, what was changed, and which settings these are; and where it begins."""
    inner = (size.width - 2 * MARGIN) / 17
    lines = [line for text in card.sources for line in wrapped(text, inner, lines=1)]
    if card.changed:
        lines += wrapped(card.changed, inner, lines=2)
    lines.append(f"{card.about} · {card.mark} · {w('card.not_advice')}")
    top = size.height - MARGIN / 2 - len(lines) * 17 * 1.35
    pen = Pen(top)
    pen.text(lines, 17, ink=_MUTED)
    rule = f'<path d="M{MARGIN} {top - 4:.1f}h{size.width - 2 * MARGIN}" stroke="#C9C4B8"/>'
    return rule + "".join(pen.parts), top - 4


def _code(pen: Pen, link: str, size: Size, bottom: float) -> float:
    """A code to scan, at the right above the foot; what is above it ends where it begins."""
    import segno

    edge = 190.0
    code = segno.make(link, error="m")
    across = code.symbol_size(border=0)[0]
    scale = edge / across
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix)
        for x, dark in enumerate(row)
        if dark
    )
    x, y = size.width - MARGIN - edge, bottom - edge - 16
    pen.parts.append(
        f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.5f})"><path d="{path}"/></g>'
    )
    return y


def _middle(card: Card, pen: Pen, size: Size, bottom: float) -> None:
    """The dots or the bar, and the figures, in what room there is."""
    pen.y += 16
    tall = size.height >= size.width
    inner = size.width - 2 * MARGIN
    wide = inner if tall else inner * 0.56
    if not card.numbers:
        wide = inner if tall else inner * 0.75
    start = pen.y
    if card.picture is not None:
        _dots(card, pen, wide, bottom)
    elif card.split:
        _bar(card, pen, wide)
    if not tall:
        x = MARGIN + wide + 40 if card.picture is not None or card.split else MARGIN
        room, pen.y = size.width - MARGIN - x, start
    else:
        x, room = MARGIN, inner
        pen.y += 12
    for figure, text in card.numbers[:3]:
        lines = wrapped(text, room / 19, lines=2)
        head = 30 if width(figure) * 30 <= room else 21
        if pen.y + head * 1.3 + len(lines) * 19 * 1.35 > bottom:
            break
        pen.text(wrapped(figure, room / head, lines=1), head, x=x, bold=True, gap=1.25)
        pen.text(lines, 19, x=x)
        pen.y += 8


def _dots(card: Card, pen: Pen, wide: float, bottom: float) -> None:
    shown = card.picture
    if shown is None:
        return
    across, down = field.size(shown)
    words = wrapped(shown.sentence, wide / 20, lines=3)
    below = len(words) * 20 * 1.35 + 20 * 1.35 * 2 + 6
    scale = min(wide / across, max(bottom - pen.y - below, 40) / down)
    pen.text(words, 20, bold=True)
    pen.y += 8
    pen.parts.append(
        f'<g transform="translate({MARGIN} {pen.y:.1f}) scale({scale:.5f})">'
        f"{field.drawn(shown, dark=False)}</g>"
    )
    pen.y += down * scale + 4
    x = float(MARGIN)
    y = pen.y + 20
    for (kind, said), colour in zip(shown.legend, field.COLOURS[False], strict=False):
        ring = (
            f'fill="none" stroke="{colour}" stroke-width="2"'
            if kind == "none"
            else (f'fill="{colour}"')
        )
        pen.parts.append(
            f'<circle cx="{x + 7:g}" cy="{y - 6:.1f}" r="6" {ring}/>'
            f'<text x="{x + 20:g}" y="{y:.1f}" font-size="18" fill="{_INK}">{escape(said)}</text>'
        )
        x += 44 + width(said) * 18
    pen.y += 27
    pen.text(wrapped(shown.scale, wide / 17, lines=1), 17, ink=_MUTED)


def _bar(card: Card, pen: Pen, wide: float) -> None:
    """One order's money as a bar, and its parts below each other."""
    x, colours = float(MARGIN), palette.roles(dark=False)
    total = sum(share for *_, share in card.split)
    for role, _, _, share in card.split:
        part = wide * share / total
        pen.parts.append(
            f'<rect x="{x:.1f}" y="{pen.y:.1f}" width="{max(part - 2, 1):.1f}" height="34" '
            f'fill="{colours[role]}"/>'
        )
        x += part
    pen.y += 46
    for role, name, amount, _ in card.split:
        pen.parts.append(
            f'<rect x="{MARGIN}" y="{pen.y + 7:.1f}" width="14" height="14" '
            f'fill="{colours[role]}"/>'
        )
        pen.text([f"{name} {amount}"], 19, x=MARGIN + 24)
