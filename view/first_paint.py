"""What a visitor reads before any JavaScript has loaded."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from view.words import words


def first_paint(page: str, lang: str, query: Mapping[str, str]) -> str:  # noqa: ARG001
    """The HTML shown until the page itself is there, from the page's id and its address.

    Whatever comes from ``query`` must be escaped. An exception here is logged and
    answered with :func:`plain`.
    """
    return plain(page, lang)


def plain(page: str, lang: str) -> str:
    """The page's heading and one sentence about it: always available."""
    w = words(lang)
    heading, description = w(f"page.{page}.heading"), w(f"page.{page}.description")
    return f"<h1>{escape(heading)}</h1><p>{escape(description)}</p>"
