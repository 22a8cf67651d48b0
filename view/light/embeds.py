"""What stands in other people's pages: style and script of an embed, and the lines to copy."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Final

from view.light import figure
from view.light.card import Card
from view.light.html import source_hash

_HERE: Final = Path(__file__).resolve().parent
STYLE: Final = (_HERE / "card.css").read_text("utf-8")
SCRIPT: Final = (_HERE / "embed.js").read_text("utf-8")
#: What hosts add to the address of a frame, for the script in it.
TAKEN: Final = frozenset({"id", "secret"})
#: Pixels of a frame before it has told its height.
WIDTH, HEIGHT = 640, 560
_LEAST: Final = 200


STYLE_HASH: Final = f"'{source_hash(STYLE)}'"
SCRIPT_HASH: Final = f"'{source_hash(SCRIPT)}' '{source_hash(figure.SCRIPT)}'"


def within(asked: str | None, usual: int) -> int:
    """A width or height that a host asks for, as far as it can be had."""
    if asked is None or not (asked.isascii() and asked.isdigit()) or len(asked) > 6:
        return usual
    return max(min(int(asked), usual), _LEAST)


def frame(base: str, address: str, title: str, height: int = HEIGHT) -> str:
    """A frame with the card in it; where frames are taken out, its picture with a link stays."""
    there, picture = f"{base}/embed?{address}", f"{base}/card.png?{address}"
    return (
        f'<iframe title="{escape(title)}" src="{escape(there)}" loading="lazy" '
        f'sandbox="allow-scripts allow-popups" style="border:0;width:100%;height:{height}px">'
        f'<a href="{escape(f"{base}/card?{address}")}">'
        f'<img src="{escape(picture)}" alt="{escape(title)}" width="600"></a></iframe>'
    )


def snippet(base: str, address: str, card: Card) -> str:
    """The lines to copy into a page; without a known base they begin where this server stands."""
    return frame(base, address, card.finding)
