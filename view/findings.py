"""What a run shows, in one sentence, and under which assumption. No Streamlit here."""

from __future__ import annotations

from model.result import Result
from model.scheme import Scheme
from view.format import count, count_short, multiple, one_in, percent, significant, yuan, yuan_short
from view.words import Words


def assumption(scheme: Scheme, w: Words) -> str:
    """Who is assumed to sell, in one short sentence."""
    behaviour = scheme.behaviour
    lang = w.lang
    parts = []
    if behaviour.sell_share > 0:
        parts.append(w("assume.sell", share=percent(behaviour.sell_share, lang)))
    if behaviour.take_profit is not None:
        parts.append(
            w(
                "assume.take",
                share=percent(behaviour.take_profit_share, lang),
                multiple=multiple(behaviour.take_profit, lang),
            )
        )
    if behaviour.panic_growth is not None and behaviour.panic_share > 0:
        parts.append(
            w(
                "assume.panic",
                share=percent(behaviour.panic_share, lang),
                growth=percent(behaviour.panic_growth, lang),
            )
        )
    if parts:
        said = w("assume.list", parts=w("list.and").join(parts))
    else:
        forced = scheme.pool.exit_multiple is not None
        said = w("assume.forced_only" if forced else "assume.nobody")
    also = _also_set(scheme, w)
    return w("assume.also", said=said, parts=w("list.and").join(also)) if also else said


def _also_set(scheme: Scheme, w: Words) -> list[str]:
    """What else is set that a reader of the picture must know."""
    pool, lang = scheme.pool, w.lang
    parts = []
    if scheme.demand.stop_tick is not None:
        parts.append(w("assume.stop", day=count(scheme.demand.stop_tick, lang)))
    if pool.redeem_share > 0:
        parts.append(w("assume.redeem", share=percent(pool.redeem_share, lang)))
    if pool.swap_share > 0:
        parts.append(w("assume.swap", share=percent(pool.swap_share, lang)))
    if pool.outside:
        amount = sum(amount for _, amount in pool.outside)
        parts.append(w("assume.outside", amount=yuan_short(amount, lang)))
    if pool.debt > 0:
        parts.append(w("assume.debt", amount=yuan_short(pool.debt, lang)))
    if pool.issue_cap is not None:
        parts.append(w("assume.cap", points=count_short(pool.issue_cap, lang)))
    return parts


def about(x: float, lang: str) -> str:
    """Yuan rounded as people say it: three digits."""
    return yuan(significant(x), lang)


def finding(result: Result, w: Words) -> str:
    """The finding of a run in one sentence with its numbers."""
    scheme, lang, totals = result.scheme, w.lang, result.totals
    buyers = totals["buyers"]
    spend = yuan(scheme.order.spend, lang)
    if not buyers:
        return w("finding.no_orders")
    holders = totals["holders"]
    # Others may hold points too: what counts is what the waiting buyers' own points are worth.
    each = about(totals["held"] / holders, lang) if holders >= 0.5 else ""
    common = {
        "buyers": count_short(buyers, lang),
        "time": w(
            "format.days" if scheme.tick == "day" else "finding.orders",
            n=count(scheme.horizon, lang),
        ),
        "spend": spend,
    }
    left, even = totals["left"], totals["even"]
    used = buyers - holders - left
    if used >= 0.5 and result.fate.goods.sum() > 0:
        return w(
            "finding.used",
            left=count_short(round(left), lang),
            even=count_short(round(even), lang),
            used=count_short(round(used), lang),
            waiting=count_short(round(holders), lang),
            each=each or yuan(0, lang),
            **common,
        )
    if holders < 0.5:
        return w(
            "finding.all_left",
            even=count_short(round(even), lang),
            less=count_short(round(left - even), lang),
            pool=yuan_short(totals["pool"], lang),
            **common,
        )
    if left < 0.5:
        return w("finding.nobody", each=each, **common)
    if left - totals["forced"] < 0.5:
        return w(
            "finding.forced",
            left=count_short(round(left), lang),
            one_in=one_in(buyers / left, lang),
            paid=yuan(scheme.most_paid or 0.0, lang),
            each=each,
            **common,
        )
    return w(
        "finding.mixed" if even >= 0.5 else "finding.mixed_none",
        **({"even": count_short(round(even), lang)} if even >= 0.5 else {}),
        less=count_short(round(left - even), lang),
        waiting=count_short(round(holders), lang),
        each=each,
        **common,
    )
