"""The page Claims and cases: its views, each in a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import streamlit as st

from view.claims import cases, claims, claims_text, law, press_claims, sound
from view.parts.context import w
from view.parts.controls import Page
from view.press import press
from view.settings import state
from view.words.words import Words


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
    **press.OWN,
}


def finding(query: Mapping[str, str], said: Words) -> tuple[str, str]:
    """The sentence at the top of the view that an address asks for, and the assumption below it.

    Each is nothing if there is none.
    """
    settings = state.parse(query, page=OWN)
    if settings.page["view"] != "claims":
        return "", ""
    fitted = claims_text.fitted(settings, query)
    claim = claims_text.opened(fitted)
    assumed = claims_text.told_of(claim, fitted, said).assumed if claim is not None else ""
    return claims_text.finding(fitted, said), assumed


def _nothing(_page: Page) -> None:
    """A view with nothing to print by itself."""


#: What a view's sheet for journalists is about.
SUBJECTS: dict[str, Callable[[Page], press.Subject | None]] = {
    "claims": press_claims.subject,
    "cases": cases.subject,
    "sound": sound.subject,
}


def page_of() -> Page:
    """The page, at the claims that fit the offer it comes from."""
    page = Page("claims", own=OWN)
    if page.settings.page["view"] == "claims":
        fitted = claims_text.fitted(page.settings, st.query_params.to_dict())
        if fitted is not page.settings:
            page.use(fitted)
    return page


def subject_of(page: Page) -> press.Subject | None:
    """What a sheet of the view shown is about; None where there is nothing to print."""
    return SUBJECTS.get(page.settings.page["view"], _nothing)(page)


def head(page: Page) -> None:
    """Title, what is wrong with the address, and which view is shown."""
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
