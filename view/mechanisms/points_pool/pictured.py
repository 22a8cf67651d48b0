"""The pictures of a points pool. No Streamlit here."""

from __future__ import annotations

from model.result import Result
from view.mechanisms.points_pool import charts as charts_points
from view.pictures import charts
from view.pictures.pictured import Panel, Pictured
from view.sentences import findings
from view.words.format import multiple


class PointsPictured(Pictured):
    """A price, against what there is behind each point."""

    funding_alt = "alt.funding"
    owed = (
        ("chart.held.name", "chart.returns.hover"),
        ("chart.owed.name", "chart.owed.hover"),
    )

    def shown(self, result: Result, look: charts.Look, *, foot: str) -> Panel:
        w, points = look.w, result.points
        if points is None:
            raise LookupError(f"{result.scheme.id} has no points pool")
        totals = points.totals
        backing = (totals["pool"] + totals["received"] + totals["debt_paid"]) / max(
            totals["buyers"], 1.0
        )
        rise = totals["price"] / result.scheme.pool.launch_price
        title = w(
            "panel.price", rise=multiple(rise, w.lang), backing=findings.about(backing, w.lang)
        )
        return Panel(
            "price",
            title,
            w("alt.price"),
            lambda: charts_points.price_and_backing(result, look, foot=foot),
        )
