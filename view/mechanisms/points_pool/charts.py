"""Pictures of a points pool: its price beside what is there, and what one buyer holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from model.arrays import Floats
from model.result import Result
from model.statement import NOBODY
from view.pictures.charts import (
    FOOT_WIDTH,
    Look,
    make_figure,
    make_label,
    make_trace,
    thinned,
    time_axis,
)
from view.words.format import significant, yuan


def price_and_backing(result: Result, look: Look, *, foot: str) -> go.Figure:
    """The point price, and beside it what the pool has ever had per buyer: both against the start.

    Never one without the other: the price rises because points get scarcer, while the money there
    is for each buyer stays what it was.
    """
    w, lang = look.w, look.lang
    pool, points = result.scheme.pool, result.points
    series = result.series if points is None else points.series
    contribution = pool.share * result.scheme.order.spend
    keep = thinned(len(series))
    day = series.index.to_numpy()[keep]
    price = series["price"].to_numpy()[keep]
    rise = price / pool.launch_price
    had = (series["pool"] + series["paid_out"].cumsum()).to_numpy()
    buyers = np.maximum(series["orders"].cumsum().to_numpy(), 1)
    backing = (had / buyers)[keep] if series["orders"].any() else np.zeros(len(keep))
    ratio = backing / contribution
    traces = [
        make_trace(
            "scatter",
            x=day,
            y=rise,
            mode="lines",
            line={"color": look.role("price"), "width": 3},
            name=w("chart.price.name"),
            customdata=price,
            hovertemplate="¥%{customdata:,.2f}",
        ),
        make_trace(
            "scatter",
            x=day,
            y=ratio,
            mode="lines",
            line={"color": look.role("backing"), "width": 3, "dash": "dash"},
            name=w("chart.backing.name"),
            customdata=backing,
            hovertemplate="¥%{customdata:,.2f}",
        ),
    ]
    top = max(float(rise.max()), float(ratio.max()), 2.0) * 1.16
    notes = [
        make_label(
            w("chart.price.end", price=yuan(price[-1], lang)),
            x=day[-1],
            y=rise[-1],
            color=look.ink,
            yshift=2,
        ),
        make_label(
            w("chart.backing.end", amount=yuan(backing[-1], lang)),
            x=day[-1],
            y=ratio[-1],
            color=look.ink,
            yshift=2,
        ),
    ]
    if abs(rise[-1] - ratio[-1]) < 0.12 * top:
        # Lines this close: the lower one is named below itself.
        notes[int(rise[-1] >= ratio[-1])] |= {"yanchor": "top", "yshift": -4}
    return make_figure(
        traces,
        look,
        foot=foot,
        xaxis={"title": time_axis(result, w)},
        yaxis={"title": w("chart.price.axis"), "range": [0, top], "ticksuffix": "×"},
        annotations=notes,
    )


#: What the lines of the first panel are called, and what stands at their ends.
LINES = {
    "worth": ("chart.worth.name", "chart.worth.end"),
    "each": ("chart.each.name", "chart.each.end"),
}


def middle(result: Result) -> int | None:
    """The tick on which the middle one of all buyers came; None if nobody did."""
    orders = result.line.orders
    return int(np.searchsorted(np.cumsum(orders), orders.sum() / 2)) + 1 if orders.any() else None


def worth(result: Result, joined: int) -> Floats:
    """Yuan that the points of the first buyer of a tick are worth at the price, (ticks,).

    At the end of each tick, for one who keeps them; NaN before the order, and once the rule has
    paid them out.
    """
    scheme, pool = result.scheme, result.scheme.pool
    price = result.series["price"].to_numpy(dtype=float)
    entry = price[joined - 2] if joined > 1 else pool.launch_price
    found: Floats = np.asarray(pool.share * scheme.order.spend * pool.gift * price / entry)
    if not np.any(result.pieces.orders[result.pieces.entry == joined] >= NOBODY):
        found[:] = 0.0  # all points had been issued
    found[: joined - 1] = np.nan
    gone = result.cohorts["exit_tick"].fillna(0).astype(int).to_dict()[joined]
    if result.shared is not None and gone and not result.cohorts["held_value"].to_dict()[joined]:
        found[gone - 1 :] = np.nan  # dividends used the quota up with them
    if pool.exit_multiple is not None:
        out = np.flatnonzero(found >= pool.exit_multiple * scheme.order.spend * (1 - 1e-9))
        found[out[0] if len(out) else len(found) :] = np.nan
    return found


def there_for_each(result: Result) -> Floats:
    """Yuan that the pool holds for each buyer who waits, (ticks,); NaN where nobody does."""
    series = result.series
    waiting = series["holders"].to_numpy(dtype=float)
    pool = series["pool"].to_numpy(dtype=float)
    found: Floats = np.full(len(pool), np.nan)
    np.divide(pool, waiting, out=found, where=waiting >= NOBODY)
    return found


def worth_and_backing(result: Result, look: Look, *, foot: str) -> go.Figure:
    """One buyer's points at the price, what the pool holds per buyer, and what was paid: in yuan.

    All on one scale: a price that has risen sixtyfold is no sixtyfold sum of money.
    """
    w, lang, spend = look.w, look.lang, result.scheme.order.spend
    joined = middle(result)
    keep = thinned(result.ticks)
    day = result.series.index.to_numpy()[keep]
    nobody = np.full(result.ticks, np.nan)
    lines = [
        ("price", "worth", nobody if joined is None else worth(result, joined), "solid"),
        ("backing", "each", there_for_each(result), "dash"),
    ]
    traces, notes = [], []
    for role, name, values, dash in lines:
        there = np.isfinite(values[keep])
        x, y = day[there], values[keep][there]
        traces.append(
            make_trace(
                "scatter",
                x=x,
                y=y,
                mode="lines",
                line={"color": look.role(role), "width": 3, "dash": dash},
                name=w(LINES[name][0]),
                hovertemplate="¥%{y:,.2f}",
            )
        )
        if len(y):
            end = w(LINES[name][1], amount=yuan(significant(float(y[-1])), lang))
            notes.append(make_label(end, x=x[-1], y=y[-1], color=look.ink, yshift=2))
    ends = [float(note["y"]) for note in notes]
    top = max([spend, *(float(np.nanmax(v)) for _, _, v, _ in lines if np.isfinite(v).any())])
    top *= 1.16
    if len(ends) == 2 and abs(ends[0] - ends[1]) < 0.12 * top:
        # Lines this close: the lower one is named below itself, where there is room for it.
        notes[int(ends[0] >= ends[1])] |= {"yanchor": "top", "yshift": -4}
    label = w("chart.spent.end", amount=yuan(spend, lang))
    notes.append(make_label(label, x=0.01, xref="paper", y=spend, color=look.ink, xanchor="left"))
    line = {"color": look.muted, "width": 1.5, "dash": "dot"}
    return make_figure(
        traces,
        look,
        foot=foot,
        xaxis={"title": time_axis(result, w)},
        yaxis={"title": w("chart.returns.axis"), "range": [0, top], "tickprefix": "¥", "nticks": 6},
        shapes=[
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": spend, "y1": spend}
            | {"line": line}
        ],
        annotations=notes,
    )


def one_buyer(
    values: Sequence[float],
    look: Look,
    *,
    first: int,
    spend: float,
    target: float | None,
    sold_at: int | None,
    foot: str,
) -> go.Figure:
    """The value of one buyer's points from the order they bought with, against what was spent."""
    w, lang = look.w, look.lang
    orders = np.arange(first, first + len(values))
    keep = thinned(len(values))
    trace = make_trace(
        "scatter",
        x=orders[keep],
        y=np.asarray(values)[keep],
        mode="lines",
        line={"color": look.role("price"), "width": 3},
        name=w("chart.buyer.name"),
        hovertemplate="¥%{y:,.2f}<extra></extra>",
    )
    lines = [(spend, w("chart.spent.end", amount=yuan(spend, lang)), "dot")]
    if target is not None and abs(target - spend) > 0.08 * spend:
        lines.append((target, w("chart.exit.end", amount=yuan(target, lang)), "dash"))
    top = max([max(values, default=0.0), *(level for level, _, _ in lines)]) * 1.16
    shapes = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": level,
            "y1": level,
            "line": {"color": look.muted, "width": 1.5, "dash": dash},
        }
        for level, _, dash in lines
    ]
    notes = []
    for level, text, _ in lines:
        # Above its line on the left, unless the curve passes there: then below it on the right.
        quarter = values[len(values) // 4] if len(values) else 0.0
        if quarter < 0.8 * level:
            notes.append(
                make_label(text, x=0.01, xref="paper", y=level, color=look.ink, xanchor="left")
            )
        else:
            notes.append(
                make_label(text, x=0.99, xref="paper", y=level, color=look.ink, yanchor="top")
            )
    if sold_at is not None and sold_at - first < len(values):
        shapes.append(
            {
                "type": "line",
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "x0": sold_at,
                "x1": sold_at,
                "line": {"color": look.role("later"), "width": 2},
            }
        )
    return make_figure(
        [trace],
        look,
        foot=foot,
        foot_width=FOOT_WIDTH if look.height < 250 else 2 * FOOT_WIDTH,
        shapes=shapes,
        annotations=notes,
        xaxis={"title": w("chart.axis.order")},
        yaxis={
            "title": w("chart.buyer.axis"),
            "range": [0, top],
            "tickprefix": "¥",
            "nticks": 6,
        },
    )
