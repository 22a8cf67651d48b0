"""The pictures of a dividend pool. No Streamlit here."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from model.arrays import Floats
from model.mechanisms.dividend_pool import DividendPool
from model.result import Result
from view.mechanisms.dividend_pool.units import pools
from view.pictures.charts import (
    Look,
    amounts_axis,
    make_figure,
    make_label,
    thinned,
    time_axis,
)
from view.pictures.charts_schemes import make_line
from view.pictures.pictured import Panel, Pictured
from view.sentences import findings
from view.words.format import count, yuan


class DividendsPictured(Pictured):
    """What one order is paid at each payment."""

    place = 2

    def shown(self, result: Result, look: Look, *, foot: str) -> Panel:
        w = look.w
        day, paid = dividends_paid(result)
        price, _ = smallest_earning(result)
        if len(day) and paid.any():
            title = w(
                "panel.dividend",
                spend=yuan(price, w.lang),
                first_day=count(day[0], w.lang),
                first=findings.about(float(paid[0]), w.lang),
                day=count(day[-1], w.lang),
                last=findings.about(float(paid[-1]), w.lang),
            )
        else:
            title = w("panel.dividend.none")
        return Panel(
            "dividend",
            title,
            w("alt.dividend"),
            lambda: dividends(result, look, foot=foot),
        )


def first_pool(result: Result) -> DividendPool | None:
    """The scheme's first dividend pool."""
    found = pools(result.scheme)
    return found[0] if found else None


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
    trace = make_line(
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
