"""What pictures of rules without a point price are made of: lines, bars, one buyer's course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from model.arrays import Floats
from view.pictures.charts import (
    FOOT_WIDTH,
    Look,
    amounts_axis,
    make_figure,
    make_label,
    make_trace,
    thinned,
    ticks_to,
    whole,
)
from view.words.format import yuan, yuan_short


def make_line(x: Floats, y: Floats, *, color: str, name: str, **more: Any) -> dict[str, Any]:
    """A line as a trace."""
    return make_trace(
        "scatter", x=x, y=y, mode="lines", line={"color": color, "width": 3}, name=name, **more
    )


def faint(color: str) -> str:
    """A colour as a thin wash."""
    red, green, blue = (int(color[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.22)"


def bars(
    rows: Sequence[tuple[str, float, str]],
    look: Look,
    *,
    foot: str,
    axis: str,
    of_hundred: bool = False,
    none: str = "",
) -> go.Figure:
    """Amounts side by side: (name, yuan, colour of the role). ``none``: said if all are nought."""
    lang = look.lang
    amounts = [amount for _, amount, _ in rows]
    total = sum(amounts)
    shown = [100 * amount / total if total else 0.0 for amount in amounts]
    values = shown if of_hundred else amounts
    labels = [yuan(value, lang) for value in (whole(shown) if of_hundred else amounts)]
    top = max([*values, 0.0]) * 1.3 or 1.0
    trace = make_trace(
        "bar",
        x=values,
        y=[name for name, _, _ in rows],
        orientation="h",
        marker={"color": [look.role(role) for _, _, role in rows], "line": {"width": 0}},
        text=labels if total else ["—"] * len(rows),
        textposition="outside",
        textfont={"color": look.ink, "size": 13},
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    # Words side by side need room: on a phone fewer of them.
    steps = ticks_to(max([*values, 0.0]), 2 if look.height < 250 else 3)
    notes = []
    if not total and none:
        notes.append(
            {
                "text": none,
                "xref": "paper",
                "yref": "paper",
                "x": 0.5,
                "y": 0.5,
                "showarrow": False,
                "font": {"size": 14, "color": look.ink},
            }
        )
    return make_figure(
        [trace],
        look,
        foot=foot,
        hovermode="closest",
        left=124,
        bargap=0.35,
        xaxis={
            "range": [0, top],
            "tickvals": steps,
            "ticktext": [yuan_short(step, lang) for step in steps],
            "tickangle": 0,
            "title": axis,
        },
        yaxis={
            "autorange": "reversed",
            "tickfont": {"color": look.ink, "size": 12},
            "gridcolor": "rgba(0,0,0,0)",
        },
        annotations=notes,
    )


def one_cohort(
    paid: Floats,
    look: Look,
    *,
    joined: int,
    spend: float,
    most: float | None,
    axis: str,
    foot: str,
) -> go.Figure:
    """What one buyer was paid so far, day by day from the day of the order, against the price."""
    w, lang = look.w, look.lang
    part = paid[joined - 1 :]
    day = np.arange(joined, joined + len(part), dtype=float)
    keep = thinned(len(part))
    trace = make_line(
        day[keep],
        part[keep],
        color=look.role("price"),
        name=w("chart.so_far.name"),
        fill="tozeroy",
        fillcolor=faint(look.role("price")),
        hovertemplate="¥%{y:,.2f}<extra></extra>",
    )
    lines = [(spend, w("chart.spent.end", amount=yuan(spend, lang)), "dot")]
    if most is not None and abs(most - spend) > 0.08 * spend:
        lines.append((most, w("chart.most.end", amount=yuan(most, lang)), "dash"))
    top = max([float(part.max(initial=0.0)), *(level for level, _, _ in lines)]) * 1.16
    shapes, notes = [], []
    for level, text, dash in lines:
        shapes.append(
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": level,
                "y1": level,
                "line": {"color": look.muted, "width": 1.5, "dash": dash},
            }
        )
        # Above its line on the left, unless the curve passes there: then below it on the right.
        early = float(part[len(part) // 3]) if len(part) else 0.0
        clear = early < 0.8 * level or level == most
        notes.append(
            make_label(text, x=0.01, xref="paper", y=level, color=look.ink, xanchor="left")
            if clear
            else make_label(text, x=0.99, xref="paper", y=level, color=look.ink, yanchor="top")
        )
    return make_figure(
        [trace],
        look,
        foot=foot,
        foot_width=FOOT_WIDTH if look.height < 250 else 2 * FOOT_WIDTH,
        shapes=shapes,
        annotations=notes,
        xaxis={"title": axis},
        yaxis=amounts_axis(top, yuan_short, lang, title=w("chart.so_far.axis")),
        left=68,
    )
