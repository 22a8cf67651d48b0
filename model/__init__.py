"""Who pays? The model: pure, without Streamlit, Plotly, a clock, a network or unseeded chance."""

from model.library import load, presets
from model.simulate import simulate

__all__ = ["load", "presets", "simulate"]
