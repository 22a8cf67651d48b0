"""The pictures, as Plotly figures. No Streamlit here: the same figures serve every use.

A figure carries its assumption and source line inside, so that a picture passed on keeps them, and
never takes a finger: no dragging unless somebody asks to zoom.
"""

from __future__ import annotations

import base64
import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

from model.funding import PAYERS
from model.result import Result
from view import palette
from view.words.format import yuan, yuan_short
from view.words.words import Words

#: More points than this in a line slow the browser and show nothing more.
MOST_POINTS = 160
#: Characters in a line at the foot of a picture, Chinese ones counting double.
FOOT_WIDTH = 56
#: Bars over joining time.
BARS = 40
EARLY_BARS = 8
#: What is promised and not paid.
HATCH = {"shape": "/", "fillmode": "replace", "size": 5, "solidity": 0.45}
FONT = (
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", '
    '"Microsoft YaHei", sans-serif'
)


@dataclass(frozen=True, kw_only=True)
class Look:
    """How to draw: language and words, light or dark, height in pixels, whether zoom is on.

    ``plain``: the dictionary that the figure is made of, for whoever only writes it down.
    """

    w: Words
    dark: bool = False
    height: int = 300
    zoom: bool = False
    #: Characters in a line of the foot: more where the picture is wide for sure.
    foot_width: int = FOOT_WIDTH
    #: Whether it will be printed: white behind it, and not what the page has.
    printed: bool = False
    plain: bool = False

    @property
    def lang(self) -> str:
        """The language tag."""
        return self.w.lang

    @property
    def ink(self) -> str:
        """Text that must be read."""
        return "#E8E6E0" if self.dark else palette.INK

    @property
    def paper(self) -> str:
        """The page under the picture."""
        if self.printed:
            return "#FFFFFF"
        return "#12171E" if self.dark else "#FBFAF7"

    @property
    def muted(self) -> str:
        """Text that may stand back."""
        return "#A3ABB5" if self.dark else "#59626D"

    def role(self, name: str) -> str:
        """The fill of a role."""
        return palette.roles(dark=self.dark)[name]


#: Plotly's own words for the buttons shown when zoom is on.
BUTTONS = {
    "Zoom": "modebar.zoom",
    "Pan": "modebar.pan",
    "Zoom in": "modebar.zoom_in",
    "Zoom out": "modebar.zoom_out",
    "Reset axes": "modebar.reset_axes",
    "Download plot as a PNG": "modebar.download_plot",
}


def config(w: Words, *, zoom: bool) -> dict[str, Any]:
    """Plotly's settings: nothing leaves the page, and no buttons unless zoom was asked for."""
    shared = {"responsive": True, "scrollZoom": False, "displaylogo": False}
    if not zoom:
        return shared | {"displayModeBar": False}
    words = {text: w(key) for text, key in BUTTONS.items()}
    return shared | {
        "displayModeBar": True,
        "modeBarButtons": [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]],
        "locale": "own",
        "locales": {"own": {"dictionary": words, "format": {}}},
    }


def thinned(length: int, most: int = MOST_POINTS) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Indices of at most ``most`` points that keep the first and the last, and the early rise."""
    if length <= most:
        return np.arange(length)
    dense = np.unique(np.geomspace(1, length, most // 2).round().astype(np.int64)) - 1
    even = np.linspace(0, length - 1, most // 2).round().astype(np.int64)
    return np.unique(np.concatenate([dense, even]))


def _axis(look: Look, own: Mapping[str, Any]) -> dict[str, Any]:
    title = own.get("title", "")
    return {
        "fixedrange": not look.zoom,
        "gridcolor": "rgba(127,127,127,0.22)",
        "zeroline": False,
        "tickfont": {"color": look.muted, "size": 12},
        # Fixed margins: measuring them afresh draws every picture twice and lets it jump.
        "automargin": False,
        # Nor are labels turned or left out where they would meet: there are few of them.
        "tickangle": 0,
        "ticklabeloverflow": "allow",
        **own,
        "title": {"text": title, "font": {"color": look.muted, "size": 12}, "standoff": 6},
    }


def _wrapped(text: str, width: int) -> str:
    """Break lines that would be cut at the edge of a phone; Chinese characters count double."""
    lines = []
    for line in text.split("<br>"):
        start = used = 0
        space = -1
        for at, character in enumerate(line):
            used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if character in " ，；。：":
                space = at
            if used > width:
                cut = space + 1 if space > start else at
                lines.append(line[start:cut])
                used = sum(
                    2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[cut : at + 1]
                )
                start, space = cut, -1
        lines.append(line[start:])
    return "<br>".join(line.strip() for line in lines)


def make_figure(
    traces: Sequence[Any],
    look: Look,
    *,
    foot: str,
    foot_width: int | None = None,
    left: int = 60,
    **layout: Any,
) -> Any:
    """What all pictures share: margins, the foot inside, and no dragging unless zoom is on."""
    foot = _wrapped(foot, max(foot_width or 0, look.foot_width))
    lines = foot.count("<br>") + 1
    spec = {
        "data": list(traces),
        "layout": {
            "template": {},
            "height": look.height + 15 * max(lines - 2, 0),
            # The buttons of zoom stand above the picture and not on it.
            "margin": {"l": left, "r": 10, "t": 36 if look.zoom else 8, "b": 42 + 15 * lines},
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": look.muted,
                "activecolor": look.ink,
            },
            "paper_bgcolor": look.paper if look.printed else "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "color": look.ink, "size": 13},
            "showlegend": False,
            "dragmode": "zoom" if look.zoom else False,
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": "#1C232D" if look.dark else "#FFFFFF"},
            "uirevision": "keep",
            # The title slot carries the assumption and the source, at the foot of the picture.
            "title": {
                "text": foot,
                "xref": "container",
                "yref": "container",
                "x": 0,
                "y": 0,
                "xanchor": "left",
                "yanchor": "bottom",
                "pad": {"l": 4, "b": 4 + 14 * (lines - 1)},
                "automargin": False,
                "font": {"size": 11, "color": look.muted},
            },
            **layout,
            "xaxis": _axis(look, layout.get("xaxis", {})),
            "yaxis": _axis(look, layout.get("yaxis", {})),
        },
    }
    # Plotly's own checks cost more than the model's run; a test lets it check every figure instead.
    return spec if look.plain else go.Figure(spec, _validate=False)


def written(figure: Mapping[str, Any]) -> str:
    """A plain figure as strict JSON, arrays packed as Plotly packs them."""
    return json.dumps(figure, cls=_Encoder, separators=(",", ":"))


class _Encoder(PlotlyJSONEncoder):  # type: ignore[misc]  # plotly says no types
    """Plotly's own, with arrays of numbers as they are in memory: quick to write and to read."""

    def default(self, obj: Any) -> Any:
        if isinstance(obj, np.ndarray) and obj.ndim == 1 and obj.dtype == np.float64:
            return {"dtype": "f8", "bdata": base64.b64encode(obj.tobytes()).decode("ascii")}
        return super().default(obj)


def make_trace(kind: str, **settings: Any) -> dict[str, Any]:
    """A line or bars, unchecked."""
    return {"type": kind, **settings}


def make_label(text: str, *, x: Any, y: Any, color: str, **more: Any) -> dict[str, Any]:
    """Words in the picture, left above their point unless ``more`` says otherwise."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "showarrow": False,
        "font": {"color": color, "size": 13},
        "xanchor": "right",
        "yanchor": "bottom",
        "align": "right",
    } | more


def time_axis(result: Result, w: Words) -> str:
    """What the axis of time counts."""
    return w("chart.axis.order" if result.scheme.tick == "order" else "chart.axis.day")


def ticks_to(top: float, most: int = 5) -> list[float]:
    """Round numbers from nought to ``top``, at most ``most`` steps of them."""
    if not (top > 0 and math.isfinite(top)):
        return [0.0]
    power = 10 ** math.floor(math.log10(top / most))
    step = next(power * k for k in (1, 2, 5, 10) if power * k * most >= top * (1 - 1e-9))
    return [step * k for k in range(math.floor(top / step * (1 + 1e-9)) + 1)]


def amounts_axis(top: float, show: Any, lang: str, **more: Any) -> dict[str, Any]:
    """A vertical axis whose numbers are written as people say them."""
    values = ticks_to(top)
    return {
        "range": [0, top],
        "tickvals": values,
        "ticktext": [show(value, lang) for value in values],
        **more,
    }


def ticks_shown(result: Result) -> int:
    """How much of the run a picture shows: of one that was stopped not all that comes after."""
    broken = result.broken
    if broken is None or result.scheme.platform.policy != "stop":
        return result.ticks
    return min(result.ticks, max(2 * broken.tick, 30))


def broken_mark(
    result: Result, look: Look, *, height: float = 0.86
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A line at the tick on which a promise was first not kept, with its label; else nothing."""
    if result.broken is None:
        return [], []
    tick = result.broken.tick
    line = {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": tick,
        "x1": tick,
        "line": {"color": look.role("later"), "width": 2},
    }
    right = tick < 0.6 * ticks_shown(result)
    note = make_label(
        look.w("chart.broken", day=tick),
        x=tick,
        y=height,
        yref="paper",
        color=look.ink,
        xanchor="left" if right else "right",
        yanchor="top",
        xshift=4 if right else -4,
        bgcolor=look.paper,
    )
    return [line], [note]


def returns_by_joining(
    result: Result,
    look: Look,
    *,
    foot: str,
    owed: str = "chart.held.name",
    hover: str = "chart.returns.hover",
) -> go.Figure:
    """Per order, by joining time: cash received and value still held, against what was spent.

    ``owed`` and ``hover`` are the words for what has not been paid: points held, or promises.
    """
    w, lang = look.w, look.lang
    cohorts = result.cohorts
    spend = result.scheme.order.mean_spend
    points = owed == "chart.held.name"
    ticks = ticks_shown(result)
    # The first buyers fare so differently that they get bars of their own.
    early = min(EARLY_BARS, ticks)
    rest = np.linspace(early, ticks, min(BARS, ticks - early) + 1)[1:].round()
    edges = np.concatenate([np.arange(early + 1.0), rest])
    bars = len(edges) - 1
    group = np.clip(np.searchsorted(edges, cohorts.index.to_numpy(), side="left") - 1, 0, bars - 1)
    buyers = np.bincount(group, weights=cohorts["buyers"], minlength=bars)
    per = np.maximum(buyers, 1.0)
    received = np.bincount(group, weights=cohorts["received"], minlength=bars) / per
    held = np.bincount(group, weights=cohorts["held_value"], minlength=bars) / per
    middle = (edges[:-1] + edges[1:] + 1) / 2
    telling = w(
        hover,
        start="%{customdata[0]}",
        end="%{customdata[1]}",
        received="¥%{y:,.2f}",
        held="¥%{customdata[2]:,.2f}",
    )
    told = np.column_stack([np.floor(edges[:-1]) + 1, np.floor(edges[1:]), held])
    width = np.diff(edges)
    traces = [
        make_trace(
            "bar",
            x=middle,
            y=received,
            width=width,
            marker={"color": look.role("received"), "line": {"width": 0}},
            name=w("chart.received.name"),
            customdata=told,
            hovertemplate=telling + "<extra></extra>",
        ),
        make_trace(
            "bar",
            x=middle,
            y=held,
            width=width,
            marker={"color": look.role("held"), "line": {"width": 0}}
            | ({} if points else {"pattern": HATCH}),
            name=w(owed),
            hoverinfo="skip",
        ),
    ]
    highest = float((received + held).max()) if bars else 0.0
    # Room above the line for its label and the key, in pixels whatever the height.
    top = max(highest, spend) * (1 + 50 / max(look.height - 120, 60))
    key = [f"<span style='color:{look.role('received')}'>■</span> {w('chart.received.name')}"]
    if points or held.any():
        sign = "■" if points else "▨"
        key.append(f"<span style='color:{look.role('held')}'>{sign}</span> {w(owed)}")
    notes = [
        make_label(
            w("chart.spent.end", amount=yuan(spend, lang)),
            x=1,
            xref="paper",
            y=spend,
            color=look.ink,
            yshift=1,
            **({} if points else {"bgcolor": look.paper}),
        ),
        make_label(
            "   ".join(key),
            x=1,
            xref="paper",
            y=1,
            yref="paper",
            color=look.ink,
            yanchor="top",
            **({} if points else {"bgcolor": look.paper}),
        ),
    ]
    # The label of the mark stays clear of the line of what was spent.
    mark, told_so = broken_mark(result, look, height=0.8 if spend < 0.6 * top else 0.5)
    return make_figure(
        traces,
        look,
        foot=foot,
        barmode="stack",
        bargap=0,
        hovermode="closest",
        xaxis={
            "title": w("chart.axis.joined"),
            "range": [0.5, ticks + 0.5],
        },
        left=60 if points else 68,
        yaxis={
            "title": w("chart.returns.axis"),
            "range": [0, top],
            "tickprefix": "¥",
            "nticks": 6,
        }
        if points
        else amounts_axis(top, yuan_short, lang, title=w("chart.returns.axis")),
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": spend,
                "y1": spend,
                "line": {"color": look.ink, "width": 2, "dash": "dot"},
            },
            *mark,
        ],
        annotations=[*notes, *told_so],
    )


def exit_funding(split: Mapping[str, float], look: Look, *, foot: str) -> go.Figure:
    """Of every 100 yuan paid out: whose money it was. ``split``: role -> yuan."""
    w, lang = look.w, look.lang
    total = sum(split.values())
    names = [w(f"role.{role}") for role in PAYERS]
    shares = [100 * split[role] / total if total else 0.0 for role in PAYERS]
    labels = [yuan(part, lang) if total else "—" for part in whole(shares)]
    trace = make_trace(
        "bar",
        x=shares,
        y=names,
        orientation="h",
        marker={"color": [look.role(role) for role in PAYERS], "line": {"width": 0}},
        text=labels,
        textposition="outside",
        textfont={"color": look.ink, "size": 13},
        cliponaxis=False,
        customdata=[yuan_short(split[role], lang) for role in PAYERS],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    notes = []
    if not total:
        notes.append(
            {
                "text": w("chart.funding.none"),
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
        left=112,
        bargap=0.35,
        xaxis={
            "range": [0, 118],
            "tickvals": [0, 25, 50, 75, 100],
            "tickprefix": "¥",
            "title": w("chart.funding.axis"),
        },
        yaxis={
            "autorange": "reversed",
            "tickfont": {"color": look.ink, "size": 12},
            "gridcolor": "rgba(0,0,0,0)",
        },
        annotations=notes,
    )


def whole(shares: Sequence[float]) -> list[float]:
    """Whole yuan that add up to a hundred (largest remainders), but never nought for something."""
    whole = [float(int(share)) for share in shares]
    left = round(sum(shares) - sum(whole))
    order = sorted(range(len(shares)), key=lambda k: whole[k] - shares[k])
    for k in order[:left]:
        whole[k] += 1
    return [
        part or (max(round(share, 2), 0.01) if share else 0.0)
        for part, share in zip(whole, shares, strict=True)
    ]
