"""The pictures of a points pool. No Streamlit here."""

from __future__ import annotations

import math

from model.result import Result
from view.mechanisms.points_pool import charts as charts_points
from view.pictures import charts
from view.pictures.pictured import Panel, Pictured
from view.sentences import findings
from view.words.format import yuan
from view.words.words import Words


class PointsPictured(Pictured):
    """A price, against what there is behind each point."""

    funding_alt = "alt.funding"
    owed = (
        ("chart.held.name", "chart.returns.hover"),
        ("chart.owed.name", "chart.owed.hover"),
    )

    def shown(self, result: Result, look: charts.Look, *, foot: str) -> Panel:
        if result.points is None:
            raise LookupError(f"{result.scheme.id} has no points pool")
        return Panel(
            "price",
            _title(result, look.w),
            look.w("alt.price"),
            lambda: charts_points.worth_and_backing(result, look, foot=foot),
        )


def _title(result: Result, w: Words) -> str:
    """What the middle buyer paid, and what the points are worth at the price."""
    joined = charts_points.middle(result)
    if joined is None:
        return w("panel.price.none")
    spend = yuan(result.scheme.order.spend, w.lang)
    worth = float(charts_points.worth(result, joined)[-1])
    if not math.isfinite(worth):
        return w("panel.price.out", spend=spend)
    return w("panel.price", spend=spend, worth=findings.about(worth, w.lang))
