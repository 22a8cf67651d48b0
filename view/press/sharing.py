"""To pass a result on: its link, the phone's own way of sharing, and its card."""

from __future__ import annotations

import streamlit as st

from view.parts import copying
from view.parts.context import lang, w
from view.parts.controls import Page

_HTML = """<div><button type="button" name="copy"></button>
<button type="button" name="share" hidden></button>
<a name="card" target="_blank" rel="noopener"></a></div>
<textarea name="box" readonly hidden rows="3"></textarea><p aria-live="polite"></p>"""
_CSS = """
div { display: flex; flex-wrap: wrap; gap: 0.5rem; }
div button { width: auto; margin: 0; text-align: center; }
a { color: inherit; padding: 0.625rem 0.75rem; line-height: 1.4; }
textarea { font: inherit; font-size: 1rem; width: 100%; box-sizing: border-box; }
[hidden] { display: none; }
"""
_component = st.components.v2.component(
    "who_pays_share",
    html=_HTML,
    css=copying.CSS + _CSS,
    js=copying.script("share.js"),
)


def bar(page: Page, *, title: str = "") -> None:
    """Draw it; ``title``: what a phone calls the result, the page's name if not given."""
    with st.container(key="wp-share"):
        _component(
            key=f"{page.name}|share",
            data={
                "copy": w("share.copy"),
                "share": w("share.share"),
                "card": w("share.card"),
                "done": w("copy.done"),
                "marked": w("copy.marked"),
                "title": title or w(f"page.{page.name}.title"),
                "page": page.name,
                "lang": lang(),
                "root": "./",
            },
        )
