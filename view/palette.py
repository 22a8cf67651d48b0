"""Colours of the roles money plays: told apart by lightness as well as hue, no red beside green.

Red means a gain on a Chinese screen and a loss on a Western one, so it means neither here.
"""

from __future__ import annotations

from typing import Final

INK: Final = "#1C2430"

#: Parts of one order's price, and whose money an exit is paid with: role -> fill.
ROLES: Final = {
    "pool": "#E0A030",
    "goods": "#7C8B99",
    "merchant": "#4A6B8A",
    "platform": "#9A8FB8",
    "distribution": "#6D5A94",
    "unstated": "#C9C4B8",
    "own": "#1F4E79",
    "earlier": "#7FB3DE",
    "later": "#E0A030",
    "fees": "#8A76B5",
    "outside": "#5F5A50",
    "received": "#1F4E79",
    "held": "#9CC3E0",
    "price": "#1F4E79",
    "backing": "#E0A030",
}

#: The same on the dark page, where they differ.
ROLES_DARK: Final = ROLES | {
    "own": "#5B93C7",
    "earlier": "#A9D0EE",
    "received": "#5B93C7",
    "held": "#3E617F",
    "price": "#7FB3DE",
    "merchant": "#5F86AB",
    "platform": "#C3BAD9",
    "distribution": "#8B76B8",
    "outside": "#B5AE9F",
    "unstated": "#5A5F66",
}


def roles(*, dark: bool) -> dict[str, str]:
    """Role -> fill for the light or the dark page."""
    return ROLES_DARK if dark else ROLES
