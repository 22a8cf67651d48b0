"""What a page says of what it was given, in a box of its own: text and nothing else.

Streamlit's own boxes read markdown, and so would make a link, a picture or a formula of what
somebody has written into an address (``view/words/plain.py``). Every page says such sentences here.
"""

from __future__ import annotations

from html import escape
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

Kind = Literal["warning", "info", "success"]


def html(sentence: str, kind: Kind) -> str:
    """The box as HTML; nothing in the sentence is markup."""
    role = "alert" if kind == "warning" else "status"
    return f'<p class="wp-notice wp-{kind}" role="{role}">{escape(sentence)}</p>'


def warn(sentence: str) -> None:
    """Something could not be used, or was changed."""
    st.html(html(sentence, "warning"))


def tell(sentence: str, *, into: DeltaGenerator | None = None) -> None:
    """Something to know about what is shown; ``into``: where, if not here."""
    (st if into is None else into).html(html(sentence, "info"))


def done(sentence: str) -> None:
    """Something has worked."""
    st.html(html(sentence, "success"))
