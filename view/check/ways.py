"""From screen to screen."""

from __future__ import annotations

import streamlit as st

from view.parts.context import w
from view.parts.controls import Page

WAYS = {
    "paste": ("wizard.paste", ":material/content_paste:"),
    "paid": ("wizard.paid", ":material/help:"),
    "print": ("wizard.print", ":material/print:"),
    "answer": ("wizard.to_answer", ":material/arrow_back:"),
    "start": ("wizard.to_start", ":material/arrow_back:"),
}


def go(page_name: str, step: str) -> None:
    """Callback: another screen."""
    printed = step == "print"
    if not printed:
        st.session_state[f"{page_name}|step"] = step
    st.session_state[f"{page_name}|for"] = "print" if printed else ""


def ways(page: Page, to: tuple[str, ...]) -> None:
    """Ways to the other screens."""
    with st.container(key="wp-ways", horizontal=True):
        for step in to:
            key, icon = WAYS[step]
            st.button(
                w(key),
                key=f"{page.name}|to:{step}",
                icon=icon,
                type="tertiary",
                on_click=go,
                args=(page.name, step),
            )
