"""What a parameter of a preset is called, and its value in words. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.fields import Parameter
from model.preset import Preset
from view.settings import state
from view.words.format import count, multiple, percent, quantity, yuan
from view.words.words import Words


def value_text(parameter: Parameter, value: Any, w: Words) -> str:
    """A parameter's value for people, short."""
    name = parameter.key.rpartition(".")[2]
    if value is None:
        return w("control.never" if parameter.unit == "multiple" else "control.none")
    if parameter.key == "tick":
        return w("unit.ticks" if value == "day" else "unit.orders")
    for key in (f"choice.{name}.{value}", f"part.{value}", f"demand.{value}"):
        if parameter.unit == "choice" and w.has(key):
            return w(key)
    if not isinstance(value, int | float):
        text = state.written(value)
        return text if len(text) <= 40 else text[:39] + "…"
    shows: dict[str, Callable[[float, str], str]]
    shows = {"share": percent, "yuan": yuan, "multiple": multiple, "ticks": count}
    return shows.get(parameter.unit, quantity)(value, w.lang)


def label(chosen: Preset, key: str, w: Words) -> str:
    """What a parameter of a preset is called."""
    kinds = {name: kind for kind, name in chosen.parts}
    group = key.rpartition(".")[0]
    return w.label(f"{kinds.get(group, group)}{key[len(group) :]}")
