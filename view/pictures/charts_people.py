"""The pictures of the view "People". No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from view.pictures.charts import Look, amounts_axis, make_figure, make_label, make_trace
from view.words.format import yuan

#: The fill of what somebody is paid for.
FILLS = {
    "own": "received",
    "recruits": "later",
    "commission": "distribution",
    "stars": "earlier",
    "ranks": "goods",
}
#: Height of the bars together, of a line of words above them, and of what is around, pixels.
INSIDE = 224
LINE = 19
AROUND = 80
#: Room for the names of the groups, and at the end of the longest bar for its number.
LEFT = 108
END = 1.34


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
    money: Callable[[float], str],
    foot: str,
) -> go.Figure:
    """What groups of people were paid of each 100 yuan they paid, stacked by what for.

    ``kinds``: kind -> its words. ``money``: how an amount is written.
    """
    w = look.w
    names = [
        f"<span style='color:{look.role(FILLS[kind])}'>■</span> {name}"
        for kind, name in kinds.items()
    ]
    # Two a line, and below them the words on the line of what was paid.
    key = ["   ".join(names[at : at + 2]) for at in range(0, len(names), 2)]
    words = LINE * (len(key) + 1)
    row = INSIDE / len(groups)
    places = list(range(len(groups)))
    traces = [
        make_trace(
            "bar",
            orientation="h",
            x=[group.back.get(kind, 0.0) for group in groups],
            y=places,
            width=0.62,
            marker={"color": look.role(FILLS[kind]), "line": {"width": 0}},
            name=name,
            customdata=[money(group.back.get(kind, 0.0)) for group in groups],
            hovertemplate=w("people.hover", kind=name, amount="%{customdata}") + "<extra></extra>",
        )
        for kind, name in kinds.items()
    ]
    notes = [
        make_label(
            "<br>".join(key),
            x=0,
            xref="paper",
            xshift=8 - LEFT,
            y=1,
            yref="paper",
            color=look.ink,
            xanchor="left",
            yanchor="top",
            align="left",
            bgcolor=look.paper,
        ),
        make_label(
            w("people.chart.paid"),
            x=100,
            y=-0.5,
            color=look.ink,
            xanchor="center",
            bgcolor=look.paper,
        ),
        *(
            make_label(
                money(group.total),
                x=group.total,
                y=place,
                color=look.ink,
                xanchor="left",
                yanchor="middle",
                xshift=3,
                # The dotted line does not run through a number.
                bgcolor=look.paper,
                borderpad=0,
            )
            for place, group in zip(places, groups, strict=True)
        ),
    ]
    top = max([100.0, *(group.total for group in groups)]) * END
    return make_figure(
        traces,
        replace(look, height=INSIDE + words + AROUND),
        foot=foot,
        left=LEFT,
        barmode="stack",
        hovermode="closest",
        annotations=notes,
        shapes=[
            {
                "type": "line",
                "x0": 100,
                "x1": 100,
                "y0": -0.5,
                "y1": len(groups) - 0.5,
                "line": {"color": look.ink, "width": 2, "dash": "dot"},
            }
        ],
        xaxis=amounts_axis(top, yuan, look.lang, title=w("people.chart.axis")),
        yaxis={
            "tickvals": places,
            "ticktext": [f"{group.name}<br>{group.people}" for group in groups],
            "tickfont": {"color": look.ink, "size": 12},
            "ticklabelstandoff": 4,
            "range": [len(groups) - 0.5, -0.5 - words / row],
            "gridcolor": "rgba(0,0,0,0)",
        },
    )
