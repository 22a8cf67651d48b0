"""Programmes that give money back and can: the same code finds the shop's margin paying."""

from __future__ import annotations

from view.controls import Page

OWN: dict[str, tuple[str, ...]] = {}


def draw(page: Page) -> None:
    """Everything below the head of the page."""
