"""The bare page as an ASGI application, so that both pages are served the same way."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).resolve().parent / "bare_page.py")
