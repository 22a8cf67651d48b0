"""The three panels of a run: each picture with its finding, for every kind of rule.

No Streamlit here. A figure is built when it is asked for, so that the browser can draw one while
the next is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from model.figures import by_turn, figures, pays_for_itself
from model.funding import payers
from model.library import real_case
from model.mechanisms import Commission
from model.result import Result
from view.pictures import charts, charts_schemes
from view.sentences import case_words, findings
from view.words.format import count, count_short, multiple, quantity, yuan, yuan_short
from view.words.words import Words

#: Joining time of those who were paid is cut this finely for the third panel.
BINS = 24
NAMES = ("price", "returns", "funding")


class Panel(NamedTuple):
    """One picture."""

    name: str
    title: str
    alt: str
    figure: Callable[[], go.Figure]


def panels(result: Result, look: charts.Look, *, foot: str) -> tuple[Panel, Panel, Panel]:
    """What there was, what each buyer got, and who paid."""
    kind = findings.kind(result.scheme)
    if kind == "commission":
        return _commission(result, look, foot)
    first = {
        "points": _price,
        "dividend": _dividend,
        "release": _release,
        "tasks": _release,
        "queue": _queue,
        "mixed": _mixed,
    }[kind]
    w = look.w
    split = payers(result, bins=BINS)
    owed, hover = owed_words(result)
    one = first(result, look, foot)
    return (
        one._replace(title=case_words.title(result.scheme, one.title, w)),
        Panel(
            "returns",
            case_words.title(result.scheme, _returns_title(result, w), w),
            w("alt.returns" if owed == "chart.held.name" else "alt.promised"),
            lambda: charts.returns_by_joining(result, look, foot=foot, owed=owed, hover=hover),
        ),
        Panel(
            "funding",
            case_words.title(result.scheme, _funding_title(split, w), w),
            w("alt.funding" if kind == "points" else "alt.payers"),
            lambda: charts.exit_funding(split, look, foot=foot),
        ),
    )


# -- what there was --------------------------------------------------------------------------


def _price(result: Result, look: charts.Look, foot: str) -> Panel:
    w, points = look.w, result.points
    if points is None:
        raise LookupError(f"{result.scheme.id} has no points pool")
    totals = points.totals
    backing = (totals["pool"] + totals["received"] + totals["debt_paid"]) / max(
        totals["buyers"], 1.0
    )
    rise = totals["price"] / result.scheme.pool.launch_price
    title = w("panel.price", rise=multiple(rise, w.lang), backing=findings.about(backing, w.lang))
    return Panel(
        "price",
        title,
        w("alt.price"),
        lambda: charts.price_and_backing(result, look, foot=foot),
    )


def _dividend(result: Result, look: charts.Look, foot: str) -> Panel:
    w = look.w
    day, paid = charts_schemes.dividends_paid(result)
    price, _ = charts_schemes.smallest_earning(result)
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
        lambda: charts_schemes.dividends(result, look, foot=foot),
    )


def _release(result: Result, look: charts.Look, foot: str) -> Panel:
    w, lang = look.w, look.lang
    flows = charts_schemes.due_and_income(result)
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
        lambda: charts_schemes.release(result, look, foot=foot),
    )


def _queue(result: Result, look: charts.Look, foot: str) -> Panel:
    w, lang = look.w, look.lang
    length, refunded = findings.pace(result)
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
    return Panel(
        "queue", title, w("alt.queue"), lambda: charts_schemes.queue(result, look, foot=foot)
    )


def _mixed(result: Result, look: charts.Look, foot: str) -> Panel:
    """Of several rules, the one that says most of them: a price, then what fails first."""
    if result.points is not None:
        return _price(result, look, foot)
    if result.engines.release is not None:
        return _release(result, look, foot)
    return _dividend(result, look, foot)


# -- what each buyer got, and who paid ---------------------------------------------------------


def owed_words(result: Result) -> tuple[str, str]:
    """Words for what buyers have not been paid in cash."""
    if findings.kind(result.scheme) == "points":
        return "chart.held.name", "chart.returns.hover"
    if result.points is not None:
        return "chart.owed.name", "chart.owed.hover"
    return "chart.promised.name", "chart.promised.hover"


def _returns_title(result: Result, w: Words) -> str:
    totals, lang = result.totals, w.lang
    if not totals["buyers"]:
        return w("panel.returns.none")
    if real_case(result.scheme) is not None:
        first_day, first, day, middle = findings.typical(result)
        return w(
            "case.returns",
            first_day=count(first_day, lang),
            first=findings.about(first, lang),
            day=count(day, lang),
            middle=findings.about(middle, lang),
            spend=findings.spent(result.scheme, w),
        )
    if pays_for_itself(result):
        found = figures(result)
        return w(
            "panel.returns.sound", most=yuan(found["most"], lang), spend=yuan(found["spend"], lang)
        )
    even = totals["even"]
    if even >= 0.5:
        return w(
            "panel.returns.even",
            even=count_short(round(even), lang),
            buyers=count_short(totals["buyers"], lang),
        )
    most, spend = result.scheme.most_paid, result.scheme.order.mean_spend
    if most is not None and most < spend * (1 - 1e-9):
        return w("panel.returns.capped", most=yuan(most, lang), spend=yuan(spend, lang))
    said = w("panel.returns.nobody", buyers=count_short(totals["buyers"], lang))
    return findings.together(w, said, findings.best(result, w))


def _funding_title(split: dict[str, float], w: Words) -> str:
    total = sum(split.values())
    if not total:
        return w("panel.funding.none")
    exact = 100 * split["own"] / total
    # Whole yuan, but never nought for something.
    own = round(exact) or round(exact, 2)
    return w("panel.funding", own=yuan(own, w.lang), others=yuan(100 - own, w.lang))


# -- commissions and nothing else --------------------------------------------------------------


def _commission(result: Result, look: charts.Look, foot: str) -> tuple[Panel, Panel, Panel]:
    settings = findings.the(result.scheme, Commission)
    w, lang, spend = look.w, look.lang, result.scheme.order.mean_spend
    money = findings.commissions(result)
    where = where_it_goes(result, w)
    total = sum(amount for _, amount, _ in where)
    goes = {
        "kept": yuan(_of(where, "merchant"), lang),
        "platform": yuan(_of(where, "platform"), lang),
    }
    if settings.circle:
        round_ = findings.circle(result)
        second = Panel(
            "goods",
            w(
                "panel.goods",
                cash=yuan(round_.cash, lang),
                goods=yuan(round_.goods, lang),
                listed=yuan(round_.listed, lang),
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
            spend=yuan(spend, lang),
            last=findings.about(float(each[-1]) if len(each) else 0.0, lang),
        )
        second = Panel(
            "recruiting",
            title,
            w("alt.recruiting"),
            lambda: charts_schemes.commissions_by_joining(result, look, foot=foot),
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
    money = findings.commissions(result)
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


def paid_so_far(result: Result, joined: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Yuan that one average buyer of a tick has been paid by the end of each tick."""
    so_far = np.zeros(result.ticks)
    if result.line.orders[joined - 1] > 0:
        so_far = result.paid_to(joined)
    return so_far
