"""The pictures of a scheduled release. No Streamlit here."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from model.arrays import Floats
from model.mechanisms.scheduled_release import ScheduledRelease
from model.result import Result
from view.mechanisms.scheduled_release.flows import due_and_income
from view.pictures.charts import (
    Look,
    amounts_axis,
    broken_mark,
    make_figure,
    make_label,
    thinned,
    ticks_shown,
    time_axis,
)
from view.pictures.charts_schemes import make_line
from view.pictures.pictured import Panel, Pictured
from view.sentences import findings
from view.words.format import count, yuan_short

#: Height of a label in a picture, pixels.
LABEL = 19


class ReleasePictured(Pictured):
    """What is due each day against what comes in for it."""

    place = 1

    def course(self, mechanism: ScheduledRelease) -> str:
        return "owed" if mechanism.basis == "balance" else "due"

    def flows(self, result: Result) -> dict[str, Floats]:
        return due_and_income(result)

    def shown(self, result: Result, look: Look, *, foot: str) -> Panel:
        w, lang = look.w, look.lang
        flows = due_and_income(result)
        broken, stopped = result.broken, result.scheme.platform.policy == "stop"
        at = broken.tick if broken is not None and stopped else result.ticks
        numbers = {
            "day": count(at, lang),
            "due": yuan_short(float(flows["due"][at - 1]), lang),
            "income": yuan_short(float(flows["income"][at - 1]), lang),
        }
        if broken is None:
            title = w("panel.release", **numbers)
        elif stopped:
            title = w("panel.release.stopped", **numbers)
        else:
            since, short, _ = findings.days_short(result)
            numbers["since"] = count(broken.tick, lang)
            if short == since:
                title = w("panel.release.broken_all", **numbers)
            elif result.scheme.platform.policy == "cut" and short:
                of = {"short": count(short, lang), "days": count(since, lang)}
                title = w("panel.release.broken", **of, **numbers)
            else:
                title = w("panel.release.first", **numbers)
        return Panel(
            "release",
            title,
            w("alt.release"),
            lambda: release(result, look, foot=foot),
        )


def release(result: Result, look: Look, *, foot: str) -> go.Figure:
    """What is due each day against what comes in for it, with the day it was not enough."""
    w, lang = look.w, look.lang
    flows = due_and_income(result)
    keep = thinned(ticks_shown(result))
    day = keep.astype(np.float64) + 1.0
    tasks = bool(result.engines.release and result.engines.release.settings.rewards)
    told = [("due", "price", w("chart.due.name")), ("income", "backing", w("chart.income.name"))]
    if tasks:
        told.append(("ads", "fees", w("chart.ads.name")))
    traces, ends = [], []
    for name, role, words in told:
        y = flows[name][keep]
        traces.append(
            make_line(
                day,
                y,
                color=look.role(role),
                name=words,
                customdata=[yuan_short(value, lang) for value in y],
                hovertemplate="%{customdata}",
            )
        )
        ends.append((float(y[-1]), role, words))
    top = max(float(trace["y"].max()) for trace in traces) * 1.25 or 1.0
    shapes, notes = broken_mark(result, look)
    height = max(look.height - 100, 80)
    lines = sorted(value / top * height for value, _, _ in ends)
    below = 0.0
    for value, role, words in sorted(ends):
        # Labels stand above the end of their lines, but on no other line or label.
        at = max(value / top * height, below)
        for line in lines:
            if at < line < at + LABEL:
                at = line
        below = at + LABEL
        notes.append(
            make_label(
                f"<span style='color:{look.role(role)}'>■</span> {words}",
                x=day[-1],
                y=(at + 2) / height * top,
                color=look.ink,
            )
        )
    return make_figure(
        traces,
        look,
        foot=foot,
        xaxis={"title": time_axis(result, w)},
        yaxis=amounts_axis(top, yuan_short, lang, title=""),
        shapes=shapes,
        annotations=notes,
        left=68,
    )
