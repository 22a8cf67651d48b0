"""The pictures of the view "Whose money". No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

from model.arrays import Floats
from view.pictures.charts import FOOT_WIDTH, Look, make_figure, make_label, make_trace

#: The fill of who has a yuan now.
FILLS = {
    "goods": "goods",
    "merchant": "merchant",
    "unstated": "unstated",
    "platform": "platform",
    "recruiters": "distribution",
    "set_aside": "fees",
    "others": "later",
    "back": "own",
    "pool": "held",
}
#: Height of a line of words, pixels.
LINE = 19
#: Of the bar of 100 yuan: its own height, and the part of the width that it takes.
BAR, WIDTH = 340, 0.2
FLOW = 420
SQUARE = 400
#: From this part of all money on an end has a ribbon of its own in the flow picture.
LEAST_RIBBON = 1e-9
#: Of the flow picture's width, the part without the words beside it.
ROOM = 0.6
#: Stretches of joining time whose names stand at an axis.
NAMED = 5


@dataclass(frozen=True, kw_only=True)
class End:
    """One place where buyers' money is: its role, its words, yuan of each 100, and in all."""

    role: str
    who: str
    share: float
    amount: str  # of each 100, in words
    total: str  # in all, in words
    yuan: float


def _spread(wanted: Sequence[float], *, least: float, top: float) -> list[float]:
    """Places near ``wanted`` (rising), at least ``least`` apart and none beyond ``top``."""
    places: list[float] = []
    for at in wanted:
        places.append(max(at, places[-1] + least) if places else max(at, least / 2))
    limit = top - least / 2
    for k in range(len(places) - 1, -1, -1):
        places[k] = min(places[k], limit)
        limit = places[k] - least
    return places


def hundred(ends: Sequence[End], look: Look, *, foot: str) -> go.Figure:
    """A bar of 100 yuan from top to bottom, its parts named beside it with thin lines."""
    w = look.w
    traces = [
        make_trace(
            "bar",
            x=[0.0],
            y=[end.share],
            width=1,
            marker={"color": look.role(FILLS[end.role]), "line": {"width": 0}},
            name=end.who,
            hovertemplate=w("whose.hover", who=end.who, amount=end.amount, all=end.total)
            + "<extra></extra>",
        )
        for end in reversed(ends)
    ]
    # In yuan from the bottom, as the bar is stacked.
    middles, below = [], 0.0
    for end in reversed(ends):
        middles.append(below + end.share / 2)
        below += end.share
    words = _spread(middles, least=100 * LINE / BAR, top=100.0)
    edge = 0.5 + 0.07 / WIDTH
    shapes, notes = [], []
    for end, middle, place in zip(reversed(ends), middles, words, strict=True):
        shapes.append(
            {
                "type": "path",
                "path": f"M 0.5 {middle} L {0.5 + 0.5 * (edge - 0.5)} {place} L {edge} {place}",
                "line": {"color": look.muted, "width": 1},
            }
        )
        notes.append(
            make_label(
                f"<span style='color:{look.role(FILLS[end.role])}'>■</span> "
                + w("whose.label", who=end.who, amount=f"<b>{end.amount}</b>"),
                x=edge,
                y=place,
                color=look.ink,
                xanchor="left",
                yanchor="middle",
                xshift=2,
                align="left",
            )
        )
    figure = make_figure(
        traces,
        replace(look, height=BAR + 60),
        foot=foot,
        left=8,
        barmode="stack",
        bargap=0,
        hovermode="closest",
        shapes=shapes,
        annotations=notes,
        xaxis={"visible": False, "range": [-0.5, -0.5 + 1 / WIDTH]},
        yaxis={"visible": False, "range": [0, 100]},
    )
    lines = figure.layout.title.text.count("<br>") + 1
    figure.layout.margin.b = 14 + 15 * lines
    return figure


def flow(
    ends: Sequence[End],
    look: Look,
    *,
    buyers: str,
    pool: str,
    outsiders: str | None,
    outside: float,
    foot: str,
) -> go.Figure:
    """Buyers' money on the left, who has it on the right; what is meant for buyers in between.

    ``outside``: yuan that others put in and that went the same way as the money meant for buyers;
    ``buyers``, ``pool`` and ``outsiders`` are the words of these nodes.
    """
    total = sum(end.yuan for end in ends) + outside
    shown = [end for end in ends if end.yuan > LEAST_RIBBON * total]
    through = {"others", "back", "pool"}
    middle = sum(end.yuan for end in shown if end.role in through) + outside
    labels, colors = [buyers], [look.role("own")]
    links: list[tuple[int, int, float, str]] = []
    if middle > 0:
        labels.append(pool)
        colors.append(look.role("pool"))
        links.append((0, 1, middle - outside, look.role("pool")))
        if outside > 0 and outsiders is not None:
            labels.append(outsiders)
            colors.append(look.role("outside"))
            links.append((2, 1, outside, look.role("outside")))
    paid = sum(end.yuan for end in shown if end.role in {"others", "back"})
    for end in shown:
        amount = end.yuan
        if end.role in {"others", "back"} and paid > 0:
            # What others put in has been paid on like buyers' own money.
            amount += outside * end.yuan / paid
        source = 1 if end.role in through else 0
        links.append((source, len(labels), amount, look.role(FILLS[end.role])))
        labels.append(look.w("whose.label", who=end.who, amount=end.total))
        colors.append(look.role(FILLS[end.role]))
    x, y = _places(labels, links)
    # Ends are named beside the picture: in it a thin ribbon would run through the words.
    first_end = len(labels) - len(shown)
    notes = [
        make_label(
            labels[k],
            x=ROOM + 0.012,
            y=1 - y[k],
            xref="paper",
            yref="paper",
            color=look.ink,
            xanchor="left",
            yanchor="middle",
            align="left",
        )
        for k in range(first_end, len(labels))
    ]
    trace = make_trace(
        "sankey",
        arrangement="fixed",
        domain={"x": [0, ROOM], "y": [0, 1]},
        node={
            "label": [*labels[:first_end], *[""] * len(shown)],
            "color": colors,
            "x": x,
            "y": y,
            "pad": 22,
            "thickness": 14,
            "line": {"width": 0},
            "hoverinfo": "skip",
        },
        link={
            "source": [a for a, _, _, _ in links],
            "target": [b for _, b, _, _ in links],
            "value": [max(amount, total * 1e-6) for _, _, amount, _ in links],
            "color": [_faint(color) for _, _, _, color in links],
            "customdata": [labels[b] for _, b, _, _ in links],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        textfont={"color": look.ink, "size": 13, "shadow": "none"},
    )
    return make_figure(
        [trace],
        replace(look, height=FLOW),
        foot=foot,
        foot_width=2 * FOOT_WIDTH,
        left=6,
        hovermode="closest",
        annotations=notes,
        xaxis={"visible": False},
        yaxis={"visible": False},
    )


def _places(
    labels: Sequence[str], links: Sequence[tuple[int, int, float, str]]
) -> tuple[list[float], list[float]]:
    """Where the nodes stand, from 0 to 1: those that money ends at in their order on the right."""
    sources = {a for a, _, _, _ in links}
    right = [k for k in range(len(labels)) if k not in sources]
    into = dict.fromkeys(range(len(labels)), 0.0)
    for _, target, amount, _ in links:
        into[target] += amount
    total = sum(into[k] for k in right) or 1.0
    free = 1.0 - 0.055 * (len(right) - 1)
    x, y, at = [0.001] * len(labels), [0.5] * len(labels), 0.0
    middles: dict[int, float] = {}
    for k in right:
        height = max(free * into[k] / total, 0.002)
        x[k], y[k] = 0.999, min(max(at + height / 2, 0.001), 0.999)
        middles[k] = y[k]
        at += height + 0.055
    if 1 in sources:
        mine = [b for a, b, _, _ in links if a == 1]
        x[1], y[1] = 0.3, sum(middles[b] for b in mine) / len(mine)
        y[0] = 0.5
        if 2 in sources:
            y[0], y[2] = 0.45, 0.97
    return x, y


def _faint(color: str) -> str:
    """The colour of a ribbon: its role's, seen through."""
    red, green, blue = (int(color[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.42)"


def by_joining(
    ends: Mapping[str, tuple[str, Floats]],
    look: Look,
    *,
    stretches: Sequence[str],
    axis: str,
    money: Callable[[float], str],
    foot: str,
) -> go.Figure:
    """Of each 100 yuan that those of a stretch paid: who has it, stacked, by joining time.

    ``ends``: role -> (its words, yuan of each 100 by stretch).
    """
    w = look.w
    places = list(range(len(stretches)))
    traces = [
        make_trace(
            "bar",
            x=places,
            y=shares,
            width=1,
            marker={"color": look.role(FILLS[role]), "line": {"width": 0}},
            name=who,
            customdata=[
                [name, money(share)] for name, share in zip(stretches, shares, strict=True)
            ],
            hovertemplate=w(
                "whose.time.hover",
                stretch="%{customdata[0]}",
                who=who,
                amount="%{customdata[1]}",
            )
            + "<extra></extra>",
        )
        for role, (who, shares) in reversed(list(ends.items()))
    ]
    return make_figure(
        traces,
        replace(look, height=SQUARE),
        foot=foot,
        barmode="stack",
        bargap=0,
        hovermode="closest",
        xaxis={"title": axis, **_named(stretches)},
        yaxis={
            "title": w("whose.time.axis"),
            "range": [0, 100],
            "tickvals": [0, 25, 50, 75, 100],
            "tickprefix": "¥",
        },
    )


def _named(stretches: Sequence[str]) -> dict[str, Any]:
    """An axis of stretches with the names of a few."""
    number = min(NAMED, len(stretches))
    # Away from the ends, where a name would be cut.
    few = np.unique(((np.arange(number) + 0.5) * len(stretches) / number).astype(np.int64))
    return {
        "range": [-0.5, len(stretches) - 0.5],
        "tickvals": few.tolist(),
        "ticktext": [stretches[int(k)] for k in few],
        "gridcolor": "rgba(0,0,0,0)",
    }


def who_paid_whom(
    paid: Floats,
    look: Look,
    *,
    stretches: Sequence[str],
    names: Sequence[str],
    axes: tuple[str, str],
    money: Callable[[float], str],
    foot: str,
) -> go.Figure:
    """Whose money (from bottom to top) was paid to whom (from left to right), by joining time.

    ``paid``: yuan, shape (payers, paid). The fill follows the square root, so that small sums are
    seen beside large ones. ``names`` are the stretches in words, ``axes`` the words of both axes.
    """
    w, size = look.w, len(stretches)
    top = float(paid.max()) if paid.size else 0.0
    depth = np.sqrt(paid / top) if top > 0 else np.zeros_like(paid)
    low = "rgba(127,127,127,0.08)"
    trace = make_trace(
        "heatmap",
        z=np.where(paid > 0, depth, np.nan),
        x=list(range(size)),
        y=list(range(size)),
        zmin=0,
        zmax=1,
        colorscale=[
            [0, "#5A4A2A" if look.dark else "#F6E7CC"],
            [0.5, "#B98A3A" if look.dark else "#E0A030"],
            [1, "#FFD27A" if look.dark else "#6B4700"],
        ],
        showscale=False,
        xgap=1,
        ygap=1,
        hoverongaps=False,
        customdata=[
            [[money(float(paid[a, b])), names[a], names[b]] for b in range(size)]
            for a in range(size)
        ],
        hovertemplate=w(
            "whose.map.hover",
            amount="%{customdata[0]}",
            payer="%{customdata[1]}",
            paid="%{customdata[2]}",
        )
        + "<extra></extra>",
    )
    half = size - 0.5
    notes = []
    shapes: list[dict[str, Any]] = [
        {
            "type": "rect",
            "layer": "below",
            "x0": -0.5,
            "x1": half,
            "y0": -0.5,
            "y1": half,
            "fillcolor": low,
            "line": {"width": 0},
        }
    ]
    if size > 1 and top > 0:
        shapes.append(
            {
                "type": "line",
                "x0": -0.5,
                "x1": half,
                "y0": -0.5,
                "y1": half,
                "line": {"color": look.ink, "width": 1.5, "dash": "dot"},
            }
        )
        for text, x, y, side in (
            (w("whose.map.later"), -0.5, half, "left"),
            (w("whose.map.earlier"), half, -0.5, "right"),
        ):
            notes.append(
                make_label(
                    text,
                    x=x,
                    y=y,
                    color=look.ink,
                    xanchor=side,
                    yanchor="top" if side == "left" else "bottom",
                    xshift=4 if side == "left" else -4,
                    bgcolor=look.paper,
                    opacity=0.92,
                )
            )
    if top <= 0:
        notes = [
            make_label(
                w("whose.map.none"),
                x=0.5,
                y=0.5,
                xref="paper",
                yref="paper",
                color=look.ink,
                xanchor="center",
                yanchor="middle",
            )
        ]
    return make_figure(
        [trace],
        replace(look, height=SQUARE),
        foot=foot,
        left=92,
        hovermode="closest",
        shapes=shapes,
        annotations=notes,
        xaxis={"title": axes[1], **_named(stretches)},
        yaxis={"title": axes[0], **_named(stretches)},
    )
