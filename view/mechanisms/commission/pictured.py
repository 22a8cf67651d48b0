"""The pictures of commissions where there is nothing else. No Streamlit here."""

from __future__ import annotations

import plotly.graph_objects as go

from model.mechanisms.commission import Commission
from model.result import Result
from view.mechanisms.commission.said import circle, commissions
from view.pictures import charts, charts_schemes
from view.pictures.charts import Look, amounts_axis, make_figure, thinned
from view.pictures.charts_schemes import faint, make_line
from view.pictures.pictured import Panel, Pictured
from view.sentences import findings
from view.words.format import yuan
from view.words.words import Words


class CommissionPictured(Pictured):
    """Where the money ends up, what recruiting or the points shop brings, and who paid."""

    def three(self, result: Result, look: charts.Look, *, foot: str) -> tuple[Panel, Panel, Panel]:
        settings = findings.the(result.scheme, Commission)
        w, lang, spend = look.w, look.lang, result.scheme.order.mean_spend
        money = commissions(result)
        where = where_it_goes(result, w)
        total = sum(amount for _, amount, _ in where)
        goes = {
            "kept": yuan(_of(where, "merchant"), lang),
            "platform": yuan(_of(where, "platform"), lang),
        }
        if settings.circle:
            round_ = circle(result)
            second = Panel(
                "goods",
                w(
                    "panel.goods",
                    cash=yuan(round_.cash, lang),
                    goods=yuan(round_.goods, lang),
                ),
                w("alt.goods"),
                lambda: charts_schemes.bars(
                    [
                        (w("chart.goods.listed"), round_.listed, "unstated"),
                        (w("chart.goods.cash"), round_.cash, "own"),
                        (w("chart.goods.cost"), round_.goods, "goods"),
                    ],
                    look,
                    foot=foot,
                    axis=w("chart.goods.axis"),
                ),
            )
        else:
            each = (result.cohorts["commission"] / result.cohorts["buyers"]).to_numpy()
            first = float(each[0]) if len(each) else 0.0
            title = w(
                "panel.recruiting",
                first=findings.about(first, lang),
                last=findings.about(float(each[-1]) if len(each) else 0.0, lang),
            )
            second = Panel(
                "recruiting",
                title,
                w("alt.recruiting"),
                lambda: commissions_by_joining(result, look, foot=foot),
            )
        payers = [
            (w("role.orders"), money.total - money.from_account, "own"),
            (w("role.points_shop"), money.merchant, "later"),
            (w("role.account"), money.from_account, "outside"),
        ]
        out = sum(amount for _, amount, _ in payers)
        if out:
            shares = charts.whole([100 * amount / out for _, amount, _ in payers])
            keys = ("panel.back.orders", "panel.back.points_shop", "panel.back.account")
            parts = [
                w(key, amount=yuan(share, lang))
                for key, share in zip(keys, shares, strict=True)
                if share
            ]
            third_title = w("panel.back", parts=findings.listed(w, parts))
        else:
            third_title = w("panel.funding.none")
        return (
            Panel(
                "where",
                w("panel.where.circle", total=yuan(total, lang), **goes)
                if settings.circle
                else w("panel.where", spend=yuan(spend, lang), **goes),
                w("alt.where"),
                lambda: charts_schemes.bars(where, look, foot=foot, axis=w("chart.where.axis")),
            ),
            second,
            Panel(
                "back",
                third_title,
                w("alt.back"),
                lambda: charts_schemes.bars(
                    payers,
                    look,
                    foot=foot,
                    axis=w("chart.funding.axis"),
                    of_hundred=True,
                    none=w("chart.funding.none"),
                ),
            ),
        )


def _of(rows: list[tuple[str, float, str]], role: str) -> float:
    return sum(amount for _, amount, mine in rows if mine == role)


def where_it_goes(result: Result, w: Words) -> list[tuple[str, float, str]]:
    """Where the money of one buyer ends up, commissions and points shop included: (who, yuan)."""
    scheme, orders = result.scheme, max(result.totals["buyers"], 1.0)
    money = commissions(result)
    spend = scheme.order.mean_spend
    ends = {role: share * spend for role, share in scheme.split().items()}
    ends["merchant"] = ends.get("merchant", 0.0) + money.merchant / orders
    ends["goods"] = ends.get("goods", 0.0) + money.goods / orders
    ends["platform"] = ends.get("platform", 0.0) + (
        (money.cash - money.merchant - money.goods - money.from_account) / orders
    )
    ends["distribution"] = ends.get("distribution", 0.0) + money.from_account / orders
    return [
        (w(f"part.{role}"), amount, role)
        for role in ("merchant", "goods", "platform", "distribution", "unstated")
        if (amount := ends.get(role, 0.0)) > 1e-9 * spend
    ]


def commissions_by_joining(result: Result, look: Look, *, foot: str) -> go.Figure:
    """What an order brought in by recruiting, on average, by joining time."""
    w, lang = look.w, look.lang
    cohorts = result.cohorts
    keep = thinned(len(cohorts))
    each = (cohorts["commission"] / cohorts["buyers"]).to_numpy()[keep]
    day = cohorts.index.to_numpy(dtype=float)[keep]
    top = max(float(each.max(initial=0.0)) * 1.2, 1e-9)
    trace = make_line(
        day,
        each,
        color=look.role("price"),
        name=w("chart.recruiting.name"),
        fill="tozeroy",
        fillcolor=faint(look.role("price")),
        hovertemplate="¥%{y:,.2f}<extra></extra>",
    )
    return make_figure(
        [trace],
        look,
        foot=foot,
        xaxis={"title": w("chart.axis.joined")},
        yaxis=amounts_axis(top, yuan, lang, title=w("chart.returns.axis")),
    )
