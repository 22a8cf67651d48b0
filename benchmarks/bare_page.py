"""A bare Streamlit page to hold ours against: one stock slider, stock Plotly charts, no more.

``?panels=scatter,2,160,380,320;bar,2,48,380,320`` says what to draw: kind, traces, points in each,
width and height in pixels. ``benchmarks.page`` asks for what it has found on our page.
"""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

PANELS = "scatter,2,160,380,320;bar,2,48,380,320;bar,1,5,380,320"
KINDS = {"scatter": go.Scatter, "bar": go.Bar}

st.set_page_config(layout="wide")
st.title("A bare page")
share = st.slider("Share", min_value=1, max_value=60, value=16, key="share")
with st.container(horizontal=True):
    for number, panel in enumerate(st.query_params.get("panels", PANELS).split(";")[:6]):
        kind, *figures = panel.split(",")
        traces, points, width, height = map(int, figures)
        x = np.arange(min(points, 2000))
        st.plotly_chart(
            go.Figure(
                [
                    KINDS[kind](x=x, y=(trace + 1) * share * np.sqrt(x + 1))
                    for trace in range(traces)
                ],
                layout={"height": height},
            ),
            key=f"chart-{number}",
            width=width,
        )
