"""The pictures of a queue for refunds. No Streamlit here."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from model.figures import by_turn
from model.mechanisms.refund_queue import RefundQueue
from model.result import Result
from view.mechanisms.refund_queue.said import pace
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
from view.pictures.charts_schemes import faint, make_line
from view.pictures.pictured import Panel, Pictured
from view.sentences.findings import the
from view.words.format import count, count_short, quantity, yuan_short


class QueuePictured(Pictured):
    """Orders placed and refunded: between them is the line."""

    place = 3

    def shown(self, result: Result, look: Look, *, foot: str) -> Panel:
        w, lang = look.w, look.lang
        length, refunded = pace(result)
        placed = float(result.line.orders[-length:].mean())
        numbers = {
            "days": count(length, lang),
            "placed": quantity(placed, lang, short=True),
            "refunded": quantity(refunded, lang, short=True),
        }
        engine = result.engines.queue
        if engine is not None and by_turn(result):
            due = sum(engine.log["turn_yuan"][-length:]) / length
            paid = sum(engine.log["refunds"][-length:]) + sum(engine.log["account"][-length:])
            title = w(
                "panel.queue.part",
                due=yuan_short(due, lang),
                paid=yuan_short(paid / length, lang),
                **numbers,
            )
        else:
            title = w("panel.queue", **numbers)
        return Panel("queue", title, w("alt.queue"), lambda: queue(result, look, foot=foot))


def queue(result: Result, look: Look, *, foot: str) -> go.Figure:
    """Orders placed and orders refunded so far: between them is the line of those who wait."""
    w, lang = look.w, look.lang
    record = result.record(the(result.scheme, RefundQueue).name)
    keep = thinned(ticks_shown(result))
    day = keep.astype(np.float64) + 1.0
    placed = np.cumsum(result.line.orders)[keep]
    refunded = np.cumsum(record.exits)[keep]
    traces = []
    for y, role, words, fill in (
        (refunded, "received", w("chart.refunded.name"), "tozeroy"),
        (placed, "backing", w("chart.placed.name"), "tonexty"),
    ):
        color = look.role(role)
        traces.append(
            make_line(
                day,
                y,
                color=color,
                name=words,
                fill=fill,
                fillcolor=faint(color),
                customdata=[count_short(round(value), lang) for value in y],
                hovertemplate="%{customdata}",
            )
        )
    top = max(float(placed[-1]), 1.0) * 1.15
    shapes, notes = broken_mark(result, look)
    done = float(refunded[-1])
    close = float(placed[-1]) - done < 0.12 * top
    for value, key, more in (
        (float(placed[-1]), "chart.placed.end", {}),
        (done, "chart.refunded.end", {"yanchor": "top", "yshift": -8} if close else {}),
    ):
        notes.append(
            make_label(
                w(key, orders=count_short(round(value), lang)),
                x=day[-1],
                y=value,
                color=look.ink,
                yshift=2,
            )
            | more
        )
    return make_figure(
        traces,
        look,
        foot=foot,
        xaxis={"title": time_axis(result, w)},
        yaxis=amounts_axis(top, count_short, lang, title=w("chart.queue.axis")),
        shapes=shapes,
        annotations=notes,
        left=68,
    )
