"""The pictures of rules without a point price: dividends, releases, queues, commissions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import plotly.graph_objects as go

from model.mechanisms import DividendPool, RefundQueue
from model.mechanisms.base import Floats
from model.result import Result
from view.pictures.charts import (
    FOOT_WIDTH,
    Look,
    amounts_axis,
    broken_mark,
    make_figure,
    make_label,
    make_trace,
    thinned,
    ticks_shown,
    ticks_to,
    time_axis,
    whole,
)
from view.sentences.findings import the
from view.settings.runs import played
from view.words.format import count, count_short, yuan, yuan_short

#: Height of a label in a picture, pixels.
LABEL = 19


def _line(x: Floats, y: Floats, *, color: str, name: str, **more: Any) -> dict[str, Any]:
    return make_trace(
        "scatter", x=x, y=y, mode="lines", line={"color": color, "width": 3}, name=name, **more
    )


def first_pool(result: Result) -> DividendPool | None:
    """The scheme's first dividend pool."""
    found = result.scheme.first("dividend_pool")
    return found if isinstance(found, DividendPool) else None


def smallest_earning(result: Result) -> tuple[float, float]:
    """(price, units) of the smallest order that brings units of the first dividend pool."""
    scheme, pool = result.scheme, first_pool(result)
    if pool is None:
        return scheme.order.spend, 0.0
    earning = [
        (price, units)
        for (price, _), units in zip(scheme.order.choices, scheme.units(pool), strict=True)
        if units > 0
    ]
    return min(earning, default=(scheme.order.choices[0][0], 0.0))


def dividends_paid(result: Result) -> tuple[Floats, Floats]:
    """(tick, yuan) of each payment to the smallest order that earns, ranks and recruits aside."""
    pool = first_pool(result)
    _, units = smallest_earning(result)
    if pool is None:
        return np.zeros(0), np.zeros(0)
    a_unit = result.record(pool.name).price
    at = np.arange(pool.interval - 1, result.ticks, pool.interval)
    ordered = np.flatnonzero(result.line.orders)
    if len(ordered):
        at = at[at >= ordered[0]]
    return at.astype(np.float64) + 1.0, units * a_unit[at]


def dividends(result: Result, look: Look, *, foot: str) -> go.Figure:
    """What one order is paid at each payment, against what it would be if the first one stayed."""
    w, lang = look.w, look.lang
    day, paid = dividends_paid(result)
    if not len(day):
        day, paid = np.array([1.0]), np.zeros(1)
    keep = thinned(len(day))
    first, last = float(paid[0]), float(paid[-1])
    top = max(float(paid.max()) * 1.2, 1e-9)
    dots = "lines+markers" if len(day) <= 2 else "lines"
    trace = _line(
        day[keep],
        paid[keep],
        color=look.role("price"),
        name=w("chart.dividend.name"),
        hovertemplate="¥%{y:,.2f}<extra></extra>",
    ) | {"mode": dots}
    notes = [
        make_label(
            w("chart.dividend.first", day=count(day[0], lang), amount=yuan(first, lang)),
            x=0.99,
            xref="paper",
            y=first,
            color=look.ink,
        ),
        make_label(
            w("chart.dividend.last", day=count(day[-1], lang), amount=yuan(last, lang)),
            x=day[-1],
            y=last,
            color=look.ink,
            yshift=4,
        ),
    ]
    if last > 0.75 * first:
        notes[1] |= {"yanchor": "top", "yshift": -6}
    shape = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": first,
        "y1": first,
        "line": {"color": look.muted, "width": 1.5, "dash": "dot"},
    }
    return make_figure(
        [trace],
        look,
        foot=foot,
        xaxis={"title": time_axis(result, w)},
        yaxis=amounts_axis(top, yuan, lang, title=w("chart.dividend.axis")),
        shapes=[shape] if first > 0 else [],
        annotations=notes if first > 0 else [],
    )


def due_and_income(result: Result) -> dict[str, Floats]:
    """Yuan a tick: ``due`` by the rule, ``income`` of the pool, and ``ads`` of it by advertisers.

    Due is before the fee on withdrawals: raising that fee is one way of paying less.
    """
    engine = result.engines.release
    if engine is None:
        none = np.zeros(result.ticks)
        return {"due": none, "income": none, "ads": none}
    log = {name: np.array(engine.log[name]) for name in ("paid", "fee", "factor", "ads")}
    if engine.wallet is None:
        gross = log["paid"] + log["fee"]
        due = np.divide(gross, log["factor"], out=np.zeros_like(gross), where=log["factor"] > 0)
    else:
        due = _released(result)
    income = engine.settings.share * result.line.sales + log["ads"]
    return {"due": due, "income": income, "ads": log["ads"]}


#: What the rule released on each tick of a run with a smallest withdrawal.
_RELEASED: WeakKeyDictionary[Result, Floats] = WeakKeyDictionary()


def _released(result: Result) -> Floats:
    """What the rule released on each tick, whether or not it could be withdrawn, yuan.

    The same as in a run in which everything is paid at once: into a wallet all of it goes.
    """
    if result not in _RELEASED:
        scheme = result.scheme
        rich = {"capital": 1e18, "minimum": 0.0, "raised_minimum": None, "policy": "cut"}
        platform = scheme.platform.model_copy(update=rich)
        run = played(scheme.model_copy(update={"platform": platform}))
        engine = run.engines.release
        due = np.zeros(result.ticks)
        if engine is not None:
            due = np.array(engine.log["paid"]) + np.array(engine.log["fee"])
        if result.broken is not None and scheme.platform.policy == "stop":
            due[result.broken.tick :] = 0.0
        _RELEASED[result] = due
    return _RELEASED[result]


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
            _line(
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
            _line(
                day,
                y,
                color=color,
                name=words,
                fill=fill,
                fillcolor=_faint(color),
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


def _faint(color: str) -> str:
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


def commissions_by_joining(result: Result, look: Look, *, foot: str) -> go.Figure:
    """What an order brought in by recruiting, on average, by joining time."""
    w, lang = look.w, look.lang
    cohorts = result.cohorts
    keep = thinned(len(cohorts))
    each = (cohorts["commission"] / cohorts["buyers"]).to_numpy()[keep]
    day = cohorts.index.to_numpy(dtype=float)[keep]
    top = max(float(each.max(initial=0.0)) * 1.2, 1e-9)
    trace = _line(
        day,
        each,
        color=look.role("price"),
        name=w("chart.recruiting.name"),
        fill="tozeroy",
        fillcolor=_faint(look.role("price")),
        hovertemplate="¥%{y:,.2f}<extra></extra>",
    )
    return make_figure(
        [trace],
        look,
        foot=foot,
        xaxis={"title": w("chart.axis.joined")},
        yaxis=amounts_axis(top, yuan, lang, title=w("chart.returns.axis")),
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
    trace = _line(
        day[keep],
        part[keep],
        color=look.role("price"),
        name=w("chart.so_far.name"),
        fill="tozeroy",
        fillcolor=_faint(look.role("price")),
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
