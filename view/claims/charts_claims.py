"""The pictures of the view "Claims". No Streamlit here.

Prices are only shown beside what the pool has had for each buyer; everything else are amounts side
by side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from model.claims.names import one_by_one, paused
from model.scheme import Scheme
from view.claims.claims_text import Told, shown
from view.mechanisms.dividend_pool.pictured import dividends
from view.mechanisms.points_pool import charts as charts_points
from view.pictures.charts import Look, make_figure, make_label, make_trace
from view.settings.runs import played

#: (number, colour of its role) of each bar, by claim.
BARS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fewer-and-fewer-points": (("points_first", "price"), ("points_end", "price")),
    "sell-offs-restart-the-rise": (("pool_before", "pool"), ("pool_after", "pool")),
    "the-fee-is-good-for-holders": (
        ("contribution", "own"),
        ("first_paid", "received"),
        ("middle_paid", "received"),
        ("last_paid", "received"),
        ("average_paid", "received"),
    ),
    "the-first-buyer-made": (
        ("spend", "unstated"),
        ("value", "held"),
        ("cash", "received"),
        ("contribution", "own"),
        ("from_others", "later"),
    ),
    "twice-your-money-back": (
        ("spend", "unstated"),
        ("promise", "held"),
        ("goes_back", "received"),
    ),
    "out-with-three-times": (
        ("spend", "unstated"),
        ("quota", "held"),
        ("exit_paid", "received"),
        ("contribution", "own"),
    ),
    "everyone-gets-it-all-back": (
        ("spend", "unstated"),
        ("quota", "held"),
        ("exit_paid", "received"),
        ("contribution", "own"),
    ),
    "three-thousand-becomes-nine": (
        ("spend", "unstated"),
        ("credited", "held"),
        ("may_be_paid", "pool"),
    ),
    "the-queue-makes-it-free": (("served", "received"), ("waiting", "held")),
    "three-in-one-out": (("served", "received"), ("waiting", "held")),
    "nearly-everybody-shops-for-nothing": (("hundred", "unstated"), ("most_whole", "received")),
    "half-price": (("listed", "unstated"), ("cash_paid", "own"), ("goods_cost", "goods")),
    "the-pool-backs-every-point": (("sales", "unstated"), ("had", "pool")),
    "advertisers-pay-for-it": (
        ("reward", "held"),
        ("per_view", "outside"),
        ("buyers_pay", "later"),
    ),
    "old-losses-are-made-good": (("debt", "held"), ("debt_worth", "received")),
    "within-thirty-percent": (("limit", "unstated"), ("taken", "pool"), ("rest", "goods")),
    "the-ratio-is-positive": (
        ("sales", "unstated"),
        ("new_quota", "held"),
        ("all_paid", "received"),
    ),
    "a-shop-earns-every-month": (
        ("in_example", "held"),
        ("by_rules", "received"),
        ("shops_in_example", "held"),
        ("shops_by_rules", "received"),
    ),
    "an-agent-earns-every-month": (("people", "held"), ("place_people", "unstated")),
    "it-costs-the-shop-nothing": (
        ("gives_up", "merchant"),
        ("comes_back", "received"),
        ("cash_paid", "own"),
        ("goods_cost", "goods"),
    ),
    "a-partner-without-a-cent": (
        ("spent_by_rule", "own"),
        ("spent_middle", "own"),
        ("platform_got", "platform"),
        ("monthly", "held"),
    ),
    "points-become-shares": (("company", "held"), ("sales", "unstated"), ("pool_then", "pool")),
    "no-pyramid-without-recruiting": (
        ("spend", "unstated"),
        ("exit_paid", "received"),
        ("contribution", "own"),
        ("from_others", "later"),
    ),
    "points-are-scarce": (("all_points", "held"), ("pool_then", "pool")),
}
#: Height of a bar with its words above it, and of what is around them, pixels.
ROW = 52
AROUND = 84
#: Days of dividends shown: what happens happens early.
DAYS = 60
#: The bar's part of its row.
THICK = 0.44


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One amount: what it is, how it is written, its size and the colour of its role."""

    label: str
    text: str
    size: float
    role: str


def bars_of(told: Told) -> list[Bar]:
    """The amounts of a claim's picture; what has no end has no bar."""
    return [
        Bar(label=told.label(name), text=shown(number, told.w), size=number.value, role=role)
        for name, role in BARS[told.claim.id]
        if (number := told.found.values.get(name)) is not None
    ]


def picture(told: Told, scheme: Scheme, look: Look, *, foot: str) -> go.Figure:
    """The claim's picture."""
    id_ = told.claim.id
    if id_ == "a-unit-pays-every-day":
        early = scheme.model_copy(update={"horizon": min(scheme.horizon, DAYS)})
        return dividends(played(early), look, foot=foot)
    if id_ == "price-only-rises":
        return charts_points.price_and_backing(played(scheme), look, foot=foot)
    if id_ == "the-market-lifts-it-every-day":
        run = paused(scheme, int(told.found["pause"]))
        return charts_points.price_and_backing(run, look, foot=foot)
    if id_ == "it-rose-five-times":
        run = one_by_one(scheme, int(told.found["orders"]))
        return charts_points.price_and_backing(run, look, foot=foot)
    return side_by_side(bars_of(told), look, foot=foot)


def side_by_side(rows: Sequence[Bar], look: Look, *, foot: str) -> go.Figure:
    """Amounts side by side, each under its own words: nothing has to be looked up."""
    finite = [max(row.size, 0.0) if math.isfinite(row.size) else 0.0 for row in rows]
    top = max([*finite, 0.0]) or 1.0
    places = list(range(len(rows)))
    hover = look.w("claims.hover", label="%{customdata[0]}", amount="%{customdata[1]}")
    trace = make_trace(
        "bar",
        orientation="h",
        x=finite,
        y=places,
        width=THICK,
        marker={"color": [look.role(row.role) for row in rows], "line": {"width": 0}},
        customdata=[[row.label, row.text] for row in rows],
        hovertemplate=hover + "<extra></extra>",
    )
    notes = [
        make_label(
            f"{row.label}: <b>{row.text}</b>"
            if look.lang == "en"
            else f"{row.label}：<b>{row.text}</b>",
            x=0,
            y=place - THICK / 2,
            color=look.ink,
            xanchor="left",
            yanchor="bottom",
            align="left",
            yshift=1,
        )
        for place, row in zip(places, rows, strict=True)
    ]
    return make_figure(
        [trace],
        replace(look, height=ROW * len(rows) + AROUND),
        foot=foot,
        left=8,
        hovermode="closest",
        annotations=notes,
        xaxis={"range": [0, top * 1.02], "showticklabels": False, "showgrid": False},
        yaxis={
            "range": [len(rows) - 0.7, -0.75],
            "showticklabels": False,
            "showgrid": False,
        },
    )
