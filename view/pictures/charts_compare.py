"""The pictures of the view "Compare". No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from model.result import Result
from view.pictures.charts import BARS, EARLY_BARS, Look, make_figure, make_label, make_trace
from view.words.format import yuan

#: Height of one scheme's strip, and of one and of two lines above it, in pixels.
STRIP = 58
NAME = 26
NAME_AND_MEAN = 44
#: Left margins: with the yuan of an axis, and without.
LEFT = 48
EDGE = 8
#: Around the strips: the edge, the axis and two lines at the foot.
AROUND = 80


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Money back by joining time: edges of the bars in ticks, yuan back of each 100 spent."""

    edges: Sequence[float]
    back: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the pictures show of one scheme; yuan of each 100 spent."""

    name: str
    bars: Bars
    mean: float
    promised: float
    there: float


def bars(result: Result) -> Bars:
    """Money back of each 100 yuan by joining time: the first ticks by themselves, then groups."""
    cohorts, ticks = result.cohorts, result.ticks
    early = min(EARLY_BARS, ticks)
    rest = np.linspace(early, ticks, min(BARS, ticks - early) + 1)[1:].round()
    edges = np.concatenate([np.arange(early + 1.0), rest])
    size = len(edges) - 1
    group = np.clip(np.searchsorted(edges, cohorts.index.to_numpy(), side="left") - 1, 0, size - 1)
    spent = np.bincount(group, weights=cohorts["spent"], minlength=size)
    received = np.bincount(group, weights=cohorts["received"], minlength=size)
    back = np.divide(100 * received, spent, out=np.zeros(size), where=spent > 0)
    return Bars(edges=edges.tolist(), back=back.tolist())


def back_by_joining(
    shown: Sequence[Shown], look: Look, *, axis: str, average: Any, foot: str
) -> go.Figure:
    """One strip a scheme, all on one scale: what came back of each 100 yuan, by joining time.

    ``average``: how the mean beside a name is said, given yuan as text.
    """
    step = STRIP + NAME_AND_MEAN
    inside = len(shown) * step
    top = max([100.0, *(max(one.bars.back) for one in shown)])
    traces, notes, shapes = [], [], []
    axes: dict[str, Any] = {}
    for at, one in enumerate(shown):
        name = "" if at == 0 else str(at + 1)
        upper = 1 - (at * step + NAME_AND_MEAN) / inside
        lower = upper - STRIP / inside
        edges, back = np.array(one.bars.edges), np.array(one.bars.back)
        told = np.column_stack([np.floor(edges[:-1]) + 1, np.floor(edges[1:])])
        traces.append(
            make_trace(
                "bar",
                x=(edges[:-1] + edges[1:] + 1) / 2,
                y=back,
                width=np.diff(edges),
                yaxis=f"y{name}",
                marker={"color": look.role("received"), "line": {"width": 0}},
                customdata=told,
                hovertemplate=look.w(
                    "compare.hover",
                    start="%{customdata[0]}",
                    end="%{customdata[1]}",
                    back="¥%{y:,.2f}",
                )
                + "<extra></extra>",
            )
        )
        ticks = [0, 100] if top < 160 else [0, 100, _round(top)]
        axes[f"yaxis{name}"] = {
            "domain": [max(lower, 0.0), min(upper, 1.0)],
            "range": [0, top * 1.02],
            "tickvals": ticks,
            "ticktext": [yuan(tick, look.lang) for tick in ticks],
            "fixedrange": not look.zoom,
            "gridcolor": "rgba(127,127,127,0.22)",
            "zeroline": True,
            "zerolinecolor": "rgba(127,127,127,0.5)",
            "tickfont": {"color": look.muted, "size": 11},
            "anchor": "x",
        }
        shapes.append(
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "yref": f"y{name}",
                "y0": 100,
                "y1": 100,
                "line": {"color": look.ink, "width": 1.5, "dash": "dot"},
            }
        )
        said = average(yuan(one.mean, look.lang))
        notes.append(_name(one.name, said, look, y=upper, left=LEFT))
    first = axes.pop("yaxis")
    return make_figure(
        traces,
        _tall(look, len(shown) * step),
        foot=foot,
        left=LEFT,
        bargap=0,
        hovermode="closest",
        annotations=notes,
        shapes=shapes,
        xaxis={
            "title": axis,
            "range": [0.5, shown[0].bars.edges[-1] + 0.5],
            "anchor": f"y{'' if len(shown) == 1 else len(shown)}",
        },
        yaxis=first,
        **axes,
    )


def promised_and_there(
    shown: Sequence[Shown], look: Look, *, promised: Any, there: Any, foot: str
) -> go.Figure:
    """Two bars a scheme, of each 100 yuan spent: what is still promised, and what is there.

    ``promised`` and ``there``: how the labels at the ends are said, given yuan as text.
    """
    most = max([1.0, *(max(s.promised, s.there) for s in shown)])
    x, y, colors, labels = [], [], [], []
    notes = []
    step = STRIP + NAME
    for at, one in enumerate(shown):
        upper = at * step + NAME
        for value, middle, color, say in (
            (one.promised, upper + STRIP * 0.26, look.role("own"), promised),
            (one.there, upper + STRIP * 0.74, look.role("pool"), there),
        ):
            x.append(value)
            y.append(middle)
            colors.append(color)
            labels.append(say(yuan(value, look.lang)))
        notes.append(
            _name(one.name, "", look, y=1 - (at * step + NAME) / (len(shown) * step), left=EDGE)
        )
    trace = make_trace(
        "bar",
        x=x,
        y=y,
        orientation="h",
        width=STRIP * 0.4,
        marker={"color": colors, "line": {"width": 0}},
        text=labels,
        textposition="outside",
        textfont={"color": look.ink, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )
    return make_figure(
        [trace],
        _tall(look, len(shown) * step),
        foot=foot,
        left=EDGE,
        hovermode=False,
        annotations=notes,
        xaxis={
            # The longest bar leaves room for its label.
            "range": [0, most * 1.75],
            "tickvals": [0, most] if most < 1e9 else [0],
            "ticktext": ["¥0", yuan(_round(most), look.lang)],
            "showticklabels": False,
            "showgrid": False,
            "title": look.w("compare.chart.per100"),
        },
        yaxis={
            "range": [len(shown) * step, 0],
            "showticklabels": False,
            "showgrid": False,
        },
    )


def _tall(look: Look, inside: int) -> Look:
    """High enough for so many pixels of strips."""
    return Look(w=look.w, dark=look.dark, height=inside + AROUND, zoom=look.zoom)


def _round(x: float) -> float:
    return float(f"{x:.2g}")


def _name(name: str, more: str, look: Look, *, y: float, left: int) -> dict[str, Any]:
    """A scheme's name above its strip, at the left edge of the picture."""
    text = f"<b>{name}</b>" + (f"<br>{more}" if more else "")
    return make_label(
        text,
        x=0,
        xref="paper",
        y=min(y, 1.0),
        yref="paper",
        color=look.ink,
        xanchor="left",
        align="left",
        xshift=EDGE - left,
        yshift=1,
        font={"color": look.ink, "size": 12},
    )
