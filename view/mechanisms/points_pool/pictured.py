"""The pictures of a points pool. No Streamlit here."""

from __future__ import annotations

import math

from model.result import Result
from view.mechanisms.points_pool import charts as charts_points
from view.pictures import charts
from view.pictures.pictured import Panel, Pictured
from view.sentences import findings
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
    """What the middle buyer's points look like, and what there is for each who waits."""
    joined = charts_points.middle(result)
    there = float(charts_points.there_for_each(result)[-1])
    if joined is None or not math.isfinite(there):
        return w("panel.price.none")
    each = findings.about(there, w.lang)
    worth = float(charts_points.worth(result, joined)[-1])
    if not math.isfinite(worth):
        return w("panel.price.out", each=each)
    return w("panel.price", worth=findings.about(worth, w.lang), each=each)
