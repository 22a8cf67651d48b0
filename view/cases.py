"""Real cases with an official ending: what was published beside what the same rules give."""

from __future__ import annotations

from view.controls import Page

OWN: dict[str, tuple[str, ...]] = {}


def draw(page: Page) -> None:
    """Everything below the head of the page."""
