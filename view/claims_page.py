"""The page Claims and cases: its views, each in a module of its own."""

from __future__ import annotations

from typing import Protocol

import streamlit as st

from view import cases, claims, law, sound
from view.context import w
from view.controls import Page


class View(Protocol):
    """A view draws everything below the head itself; ``OWN`` are its keys in the address."""

    OWN: dict[str, tuple[str, ...]]

    def draw(self, page: Page) -> None:
        """Draw it."""


VIEWS = {"claims": claims, "cases": cases, "sound": sound, "law": law}
#: Settings of the page beside the scheme's; the first of each is the default.
OWN: dict[str, tuple[str, ...]] = {
    "view": tuple(VIEWS),
    **{key: allowed for view in VIEWS.values() for key, allowed in view.OWN.items()},
}


def draw() -> None:
    """The whole page."""
    page = Page("claims", own=OWN)
    st.title(w("page.claims.heading"), anchor=False)
    page.notices()
    st.segmented_control(
        w("claims.view"),
        tuple(VIEWS),
        format_func=lambda view: w(f"claims.view.{view}"),
        key=page.ready("view"),
        required=True,
        label_visibility="collapsed",
    )
    VIEWS[page.settings.page["view"]].draw(page)
    page.finish()
