"""The picture of a real case: what was due and what there was, with the days on which it turned."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from model.arrays import Floats
from model.preset import Preset
from model.result import Result
from view.pictures.charts import (
    MOST_POINTS,
    Look,
    amounts_axis,
    make_figure,
    make_label,
    make_trace,
)
from view.pictures.pictured import pictured
from view.words.format import yuan_short

#: Height of a label above the lines, pixels, and of the room for one of them.
LABEL = 17
#: A label longer than this many Latin letters is broken on a phone; Chinese counts double.
WIDTH = 42


class Mark(NamedTuple):
    """A dated turn: the day of the run, the date and the words beside it."""

    day: int
    date: str
    text: str


def kind(result: Result) -> str:
    """Which picture: ``wallet``, ``owed`` where a part of what is left is paid, else ``due``."""
    if result.scheme.platform.wallets:
        return "wallet"
    found = [pictured(each).course(each) for each in result.scheme.mechanisms]
    return next(filter(None, found), "due")


def course(result: Result) -> tuple[tuple[str, Floats], ...]:
    """What is drawn, yuan at or on each tick.

    What the rule releases and what can be withdrawn; what it still owes and what is there to pay
    it; or what is due on a day and what comes in for it.
    """
    which = kind(result)
    if which == "owed":
        series = result.series
        return (
            ("owed", series["promised"].to_numpy(dtype=float)),
            ("there", series["pool"].to_numpy(dtype=float)),
        )
    flows = _flows(result)
    if which == "wallet":
        paid = result.series["paid_out"].to_numpy(dtype=float)
        return (("released", flows["due"]), ("paid", paid))
    return (("due", flows["due"]), ("income", flows["income"]))


def _flows(result: Result) -> dict[str, Floats]:
    """What was due and what came in for it, by the rule that says so."""
    known = (each for each in result.scheme.mechanisms if pictured(each).course(each))
    return pictured(next(known, result.scheme.mechanisms[0])).flows(result)


def case(
    result: Result, chosen: Preset, marks: Sequence[Mark], look: Look, *, foot: str
) -> go.Figure:
    """Two lines over the calendar, and a dotted one with words for each turn."""
    w, lang = look.w, look.lang
    ticks = result.ticks
    keep = np.unique(np.linspace(0, ticks - 1, min(MOST_POINTS, ticks)).round().astype(np.int64))
    # The days right before and after a turn, so that a fall is as steep as it is.
    near = [mark.day + shift for mark in marks for shift in (-2, -1, 0, 1)]
    keep = np.union1d(keep, [at for at in near if 0 <= at < ticks])
    start = np.datetime64(str(chosen.start), "D")
    dates = (start + keep).astype(str).tolist()
    roles = ("price", "backing")
    traces, ends = [], []
    for role, (name, values) in zip(roles, course(result), strict=True):
        shown = values[keep]
        words = w(f"cases.chart.{name}")
        traces.append(
            make_trace(
                "scatter",
                x=dates,
                y=shown,
                mode="lines",
                line={"color": look.role(role), "width": 3},
                name=words,
                customdata=[yuan_short(value, lang) for value in shown],
                hovertemplate="%{customdata}",
            )
        )
        ends.append((role, words))
    most = max(float(np.max(trace["y"])) for trace in traces) or 1.0
    # Room above the lines for one row of words to each mark, and one for what the lines are.
    rows = len(marks) + 1
    plot = max(look.height - 100, 80)
    top = most * plot / max(plot - rows * LABEL - 8, plot / 3)
    shapes, notes = [], []
    legend = "   ".join(
        f"<span style='color:{look.role(role)}'>■</span> {words}" for role, words in ends
    )
    notes.append(
        make_label(legend, x=0, xref="paper", y=1, yref="paper", color=look.ink)
        | {"xanchor": "left", "yanchor": "top", "align": "left"}
    )
    for row, mark in enumerate(marks, start=1):
        shapes.append(
            {
                "type": "line",
                "yref": "paper",
                "y0": 0,
                "y1": 1 - row * LABEL / plot,
                "x0": mark.date,
                "x1": mark.date,
                "line": {"color": look.muted, "width": 1.5, "dash": "dot"},
            }
        )
        right = mark.day < 0.5 * ticks
        notes.append(
            make_label(
                f"{mark.date} {_short(mark.text)}",
                x=mark.date,
                y=1 - row * LABEL / plot,
                yref="paper",
                color=look.ink,
            )
            | {
                "xanchor": "left" if right else "right",
                "yanchor": "top",
                "xshift": 4 if right else -4,
                "font": {"color": look.ink, "size": 12},
                "bgcolor": look.paper,
                "borderpad": 0,
            }
        )
    last = str(np.datetime64(str(chosen.start), "D") + max(ticks, *(m.day for m in marks)) - 1)
    return make_figure(
        traces,
        look,
        foot=foot,
        xaxis={
            "title": "",
            "type": "date",
            "tickformat": "%Y-%m",
            "range": [dates[0], last],
            # The first date stands clear of the nought beside it.
            "ticks": "outside",
            "ticklen": 8,
            "tickcolor": "rgba(0,0,0,0)",
        },
        yaxis=amounts_axis(most, yuan_short, lang, title="") | {"range": [0, top]},
        shapes=shapes,
        annotations=notes,
        left=76,
    )


def _short(text: str) -> str:
    """A label that fits beside its line on a phone."""
    used = 0
    for at, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > WIDTH:
            return text[: at - 1].rstrip() + "…"
    return text
