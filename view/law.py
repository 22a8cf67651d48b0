"""Red flags and the law: what regulators say, with source, date and grade."""

from __future__ import annotations

from view.controls import Page

OWN: dict[str, tuple[str, ...]] = {}


def draw(page: Page) -> None:
    """Everything below the head of the page."""
