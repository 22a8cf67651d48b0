"""What commissions say of a run. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.figures import Circle
from model.figures import circle as circle_of
from model.mechanisms.commission import Commission
from model.result import Result
from view.sentences import findings
from view.sentences.said import Said
from view.words.format import count_short, percent, yuan, yuan_short
from view.words.words import Words


class CommissionSaid(Said):
    """Commissions: who was paid for recruiting out of what, and what goes round in a shop."""

    def word(self, mechanism: Commission) -> str:
        return "commission"

    def share(self, mechanism: Commission, w: Words) -> list[str]:
        if mechanism.circle <= 0:
            return []
        return [w("assume.circle", share=percent(mechanism.circle, w.lang))]

    def finding(self, result: Result, w: Words) -> str:
        money = commissions(result)
        said = (_circle(result, money, w), _commissions(result, money, w, besides=False))
        return (
            findings.headed(w, *filter(None, said)) if any(said) else w("finding.commission.none")
        )

    def besides(self, result: Result, w: Words) -> str:
        money = commissions(result)
        said = (_commissions(result, money, w, besides=True), _circle(result, money, w))
        return findings.headed(w, "", *said)


@dataclass(frozen=True, kw_only=True)
class Commissions:
    """Yuan of a whole run."""

    recruiters: float
    district: float
    city: float
    province: float
    leaders: float
    due: float
    paid: float
    from_account: float  # of what was paid to all of them, by the platform's account
    budget: float  # the orders' part for distribution
    territories: float  # paid by agents for their territories
    cash: float  # the circle: paid beside the points
    merchant: float  # ... of it to the first shop
    goods: float  # ... for the goods

    @property
    def total(self) -> float:
        """All that was paid to recruiters, agents and leaders."""
        return self.recruiters + self.district + self.city + self.province + self.leaders


def commissions(result: Result) -> Commissions:
    """What recruiters, agents and leaders were paid, and what went round in the points shop."""
    engine = result.engines.commission
    if engine is None:
        raise LookupError(f"{result.scheme.id} has no commissions")
    paid = np.array(engine.paid)
    levels = ("district", "city", "province")
    to = {"recruiters": 0.0, **dict.fromkeys(levels, 0.0), "leaders": float(sum(engine.prizes))}
    for (reason, who), due in zip(engine.KINDS, engine.due, strict=True):
        to[reason if reason in levels else who] += float((due[: len(paid)] * paid).sum())
    circle = {name: float(amount.sum()) for name, amount in engine.circle().items()}
    sales = float(result.line.sales.sum())
    total_due = engine.due[:, : len(paid)].sum(axis=0)
    prizes = float(sum(engine.prizes))
    return Commissions(
        **to,
        due=float(total_due.sum()) + engine.settings.prizes * sales,
        paid=float((total_due * paid).sum()) + prizes,
        from_account=float(sum(engine.from_account)) + prizes,
        budget=result.scheme.split().get("distribution", 0.0) * sales,
        territories=engine.territories if sales else 0.0,
        **circle,
    )


def _commissions(result: Result, money: Commissions, w: Words, *, besides: bool) -> str:
    """Who was paid for recruiting, out of what."""
    lang, spend = w.lang, result.scheme.order.mean_spend
    parts = [
        w(key, amount=yuan_short(getattr(money, who), lang))
        for who, key in (
            ("recruiters", "finding.to.recruiters"),
            ("district", "finding.to.district"),
            ("city", "finding.to.city"),
            ("province", "finding.to.province"),
            ("leaders", "finding.to.leaders"),
        )
        if getattr(money, who) > 0
    ]
    said = []
    if parts:
        said.append(
            w(
                "finding.besides" if besides else "finding.commission",
                **({} if besides else {"time": findings.time(result, w)}),
                parts=findings.listed(w, parts),
                each=yuan(money.total / result.totals["spent"] * spend, lang),
                spend=yuan(spend, lang),
                budget=yuan_short(money.budget, lang),
            )
        )
    if money.due > 0 and money.paid < money.due * (1 - 1e-9):
        said.append(
            w(
                "finding.commission.short",
                due=yuan_short(money.due, lang),
                part=percent(money.paid / money.due, lang),
            )
        )
    if money.territories:
        said.append(w("finding.territories", amount=yuan(money.territories, lang)))
    return findings.headed(w, *said) if said else ""


def _circle(result: Result, money: Commissions, w: Words) -> str:
    """What goes round in the points shop, for one buyer who uses the points."""
    commission = result.engines.commission
    if commission is None or not commission.settings.circle:
        return ""
    lang = w.lang
    round_ = circle(result)
    return w(
        "finding.circle",
        cash=yuan(round_.cash, lang),
        goods=yuan(round_.goods, lang),
        listed=yuan(round_.listed, lang),
        merchant=yuan(round_.shop, lang),
        rest=yuan(round_.platform, lang),
        time=findings.time(result, w),
        buyers=count_short(result.totals["buyers"], lang),
        all=yuan_short(money.cash - money.merchant - money.goods, lang),
    )


def circle(result: Result) -> Circle:
    """The points shop for one order whose points are all used."""
    scheme = result.scheme
    return circle_of(scheme, findings.the(scheme, Commission), spend=scheme.order.mean_spend)
