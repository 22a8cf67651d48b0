"""A button with words that copies a text, by a click or a finger."""

from __future__ import annotations

import streamlit as st

from view.pages import ROOT
from view.parts.context import w

_HTML = """<button type="button"></button>
<textarea readonly hidden rows="4"></textarea><p aria-live="polite"></p>"""
#: How a button of our own looks beside Streamlit's.
CSS = """
button {
  font: inherit; color: inherit; background: transparent; cursor: pointer; min-height: 2.75rem;
  padding: 0.375rem 0.75rem; border: 1px solid var(--st-border-color, #8888); width: 100%;
  border-radius: 0.25rem; margin: 0 0 0.5rem; text-align: left; display: block;
}
button:hover, button:focus-visible { border-color: currentColor; }
p { margin: 0; min-height: 1.25em; font-size: 0.875rem; overflow-wrap: anywhere; }
"""


def script(name: str) -> str:
    """A script among the assets that copies texts, with what does it."""
    assets = ROOT / "view" / "assets"
    return "\n".join((assets / each).read_text("utf-8") for each in ("copied.js", name))


# Below 16 px a phone would zoom in on the box.
_BOX = "textarea { font: inherit; font-size: 1rem; width: 100%; box-sizing: border-box; }"
_component = st.components.v2.component(
    "who_pays_copy",
    html=_HTML,
    css=CSS + _BOX,
    js=script("copy.js"),
)


def button(text: str, label: str, *, key: str) -> None:
    """Draw it; ``label`` says in the reader's words what is copied."""
    _component(
        key=key,
        data={"text": text, "label": label, "done": w("copy.done"), "marked": w("copy.marked")},
    )
