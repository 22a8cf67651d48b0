"""The claims one hears about such offers, each with its fact, what it leaves out and the arithmetic."""

from __future__ import annotations

from view.controls import Page

OWN: dict[str, tuple[str, ...]] = {}


def draw(page: Page) -> None:
    """Everything below the head of the page."""
