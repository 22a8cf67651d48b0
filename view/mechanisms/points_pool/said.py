"""What a points pool says of a run. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping

from model.mechanisms.points_pool import PointsPool
from model.result import Result
from model.scheme import Scheme
from view.sentences import findings
from view.sentences.said import Said
from view.words.format import count_short, multiple, odds, percent, yuan, yuan_short
from view.words.words import Words


class PointsSaid(Said):
    """Points: who sells is assumed, and what the rest are worth waits for later orders."""

    without = "finding.without.points"

    def word(self, mechanism: PointsPool) -> str:
        return "points"

    def assumed(self, scheme: Scheme, w: Words) -> str:
        parts = _sellers(scheme, w)
        if parts:
            return w("assume.list", parts=w("list.and").join(parts))
        forced = scheme.pool.exit_multiple is not None
        return w("assume.forced_only" if forced else "assume.nobody")

    def must(self, scheme: Scheme, w: Words) -> list[str]:
        forced = scheme.pool.exit_multiple is not None
        nobody = w("assume.stays_in" if forced else "press.nobody_sells")
        return _sellers(scheme, w) or [nobody]

    def sells(self, scheme: Scheme, w: Words) -> str:
        said = _sellers(scheme, w)
        if said:
            return w("list.and").join(said)
        return w("assume.stays_in" if scheme.pool.exit_multiple is not None else "assume.stays")

    def also(self, scheme: Scheme, w: Words) -> list[str]:
        pool, lang = scheme.pool, w.lang
        parts = []
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

    def halted_at(self, result: Result) -> int | None:
        engine = result.engines.points
        return None if engine is None else engine.halted_at

    def price(self, result: Result) -> float:
        engine = result.engines.points
        return 0.0 if engine is None else engine.price

    def finding(self, result: Result, w: Words) -> str:
        parts = findings.counted(result)
        less = findings.best(result, w) if parts["less"] and not parts["even"] else ""
        return findings.headed(w, _of_points(result, w, parts), less, findings.without(result, w))


def _sellers(scheme: Scheme, w: Words) -> list[str]:
    """Who sells of their own accord."""
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
    return parts


def _of_points(result: Result, w: Words, parts: Mapping[str, int]) -> str:
    scheme, lang, totals = result.scheme, w.lang, result.totals
    buyers = totals["buyers"]
    spend = yuan(scheme.order.spend, lang)
    holders, even, less, used = (parts[name] for name in ("waiting", "even", "less", "used"))
    left = even + less
    # Others may hold points too: what counts is what the waiting buyers' own points are worth.
    each = findings.about(totals["held"] / totals["holders"], lang) if holders else ""
    common = {
        "buyers": count_short(buyers, lang),
        "time": findings.time(result, w),
        "spend": spend,
    }
    if used:
        return w(
            "finding.used",
            left=count_short(left, lang),
            even=count_short(even, lang),
            used=count_short(used, lang),
            waiting=count_short(holders, lang),
            each=each or yuan(0, lang),
            **common,
        )
    if not holders:
        return w(
            "finding.all_left",
            even=count_short(even, lang),
            less=count_short(less, lang),
            pool=yuan_short(totals["pool"], lang),
            **common,
        )
    if not left:
        return w("finding.nobody", each=each, **common)
    if totals["left"] - totals["forced"] < 0.5:
        return w(
            "finding.forced",
            left=count_short(left, lang),
            one_in=odds(buyers / left, lang),
            paid=yuan(scheme.most_paid or 0.0, lang),
            each=each,
            **common,
        )
    return w(
        "finding.mixed" if even else "finding.mixed_none",
        **({"even": count_short(even, lang)} if even else {}),
        less=count_short(less, lang),
        waiting=count_short(holders, lang),
        each=each,
        **common,
    )
