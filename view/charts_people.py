"""The pictures of the view "People". No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from view.charts import FOOT_WIDTH, Look, amounts_axis, make_figure, make_label, make_trace
from view.format import yuan

#: The fill of what somebody is paid for.
FILLS = {
    "own": "received",
    "recruits": "later",
    "commission": "distribution",
    "stars": "earlier",
    "ranks": "outside",
}
#: A line of words in a picture, and what stands around the bars, pixels.
LINE = 18
AROUND = 100
#: Second lines under the bars.
UNDER = 16


@dataclass(frozen=True, kw_only=True)
class Group:
    """One bar: its name, how many people in words, and yuan of each 100 paid, by kind."""

    name: str
    people: str
    back: Mapping[str, float]

    @property
    def total(self) -> float:
        """Yuan of each 100 paid."""
        return sum(self.back.values())


def back_by_group(
    groups: Sequence[Group],
    look: Look,
    *,
    kinds: Mapping[str, str],
    axis: str,
    falling: bool,
    foot: str,
) -> go.Figure:
    """What groups of people were paid of each 100 yuan they paid, stacked by what for.

    ``kinds``: kind -> its words. ``falling``: the highest bar stands on the left, and the words on
    the right; else the other way round.
    """
    w, lang = look.w, look.lang
    look = replace(look, height=look.height + UNDER)
    places = list(range(len(groups)))
    traces = [
        make_trace(
            "bar",
            x=places,
            y=[group.back.get(kind, 0.0) for group in groups],
            width=0.72,
            marker={"color": look.role(FILLS[kind]), "line": {"width": 0}},
            name=name,
            customdata=[yuan(group.back.get(kind, 0.0), lang) for group in groups],
            hovertemplate=w("people.hover", kind=name, amount="%{customdata}") + "<extra></extra>",
        )
        for kind, name in kinds.items()
    ]
    inside = max(look.height - AROUND, 80)
    highest = max([100.0, *(group.total for group in groups)])
    # Room for the words above the bars, in pixels whatever the height.
    above = LINE * (1 + len(kinds))
    top = highest * inside / max(inside - above, inside / 3)
    side, anchor = (1.0, "right") if falling else (0.0, "left")
    key = "<br>".join(
        f"<span style='color:{look.role(FILLS[kind])}'>■</span> {name}"
        for kind, name in kinds.items()
    )
    notes = [
        make_label(
            key,
            x=side,
            xref="paper",
            y=1,
            yref="paper",
            color=look.ink,
            xanchor=anchor,
            yanchor="top",
            align="left",
        ),
        make_label(
            w("people.chart.paid"),
            x=side,
            xref="paper",
            y=100,
            color=look.ink,
            xanchor=anchor,
            yshift=1,
        ),
        *(
            make_label(
                yuan(group.total if group.total < 100 else round(group.total), lang),
                x=place,
                y=group.total,
                color=look.ink,
                xanchor="center",
                **_clear(group.total, top, inside, near=(place >= len(groups) / 2) == falling),
            )
            for place, group in zip(places, groups, strict=True)
        ),
    ]
    return make_figure(
        traces,
        look,
        foot=foot,
        foot_width=FOOT_WIDTH,
        left=60,
        barmode="stack",
        hovermode="closest",
        annotations=notes,
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": 100,
                "y1": 100,
                "line": {"color": look.ink, "width": 2, "dash": "dot"},
            }
        ],
        xaxis={
            "title": axis,
            "tickvals": places,
            "ticktext": [f"{group.name}<br>{group.people}" for group in groups],
            "tickfont": {"color": look.ink, "size": 12},
            "range": [-0.5, len(groups) - 0.5],
            "gridcolor": "rgba(0,0,0,0)",
            "tickangle": 0,
        },
        yaxis=amounts_axis(top, yuan, lang, title=w("people.chart.axis")),
    )


def _clear(total: float, top: float, inside: float, *, near: bool) -> dict[str, float | str]:
    """Where the label of a bar stands, so that it does not touch the line or its words."""
    pixels = (total - 100.0) / top * inside
    # From so far below the line up to it, a label would lie on it; and on its words beside it.
    if -LINE - 4 < pixels < (LINE if near else 2):
        return {"yanchor": "bottom", "yshift": (LINE if near else 2) - pixels}
    return {"yanchor": "bottom"}
