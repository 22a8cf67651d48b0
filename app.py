"""The dashboard as an ASGI application: ``streamlit run app.py`` or ``uvicorn app:app``."""

import streamlit as st

from view.serving import server

app = st.App(
    server.SCRIPT,
    routes=server.ROUTES,
    middleware=server.MIDDLEWARE,
    lifespan=server.lifespan,
    on_script_error=server.on_script_error,
)
