"""Commissions: recruiters, agents of a territory, prizes, and the circle of "zero-cost marketing".

The settings are :class:`Commission`; :class:`CommissionEngine` books them
(docs/mechanisms/commission.md).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from model.arrays import Floats
from model.ledger import POINTS_SHOP, Flow
from model.mechanisms.base import Engine, Line, flow
from model.mechanisms.commission.settings import Commission


class CommissionEngine(Engine):
    """Books a :class:`Commission` out of the part for distribution, then the platform's account."""

    steps: ClassVar[bool] = False
    settings: Commission

    #: (reason, who is paid) of each kind of commission.
    KINDS = (
        ("direct", "recruiters"),
        ("indirect", "recruiters"),
        ("merchant", "recruiters"),
        ("district", "agents"),
        ("city", "agents"),
        ("province", "agents"),
        ("bonuses", "leaders"),
    )

    def __init__(self, settings: Commission, *, line: Line, budget: float) -> None:
        self.settings = settings
        self.line = line
        self._budget = budget  # share of sales for distribution
        self._held = 0.0  # in the distribution account
        self.territories = (
            settings.districts * settings.district_price
            + settings.cities * settings.city_price
            + settings.provinces * settings.province_price
        )
        self._plan()
        self.paid: list[float] = []  # part of what was due that was paid
        self.from_account: list[float] = []
        self.prizes: list[float] = []
        self._closing: list[float] = []

    def _plan(self) -> None:
        """What is due on each tick, shape (kinds, ticks)."""
        s, line = self.settings, self.line
        before = line.before
        started = np.flatnonzero(line.orders)
        first = float(line.orders[started[0]]) if len(started) else 0.0
        direct = (before > 0).astype(float)
        indirect = np.divide(before - first, before, out=np.zeros(line.ticks), where=before > 0)
        agents, below = [], 0.0
        for rate, sold in (
            (s.district, s.districts),
            (s.city, s.cities),
            (s.province, s.provinces),
        ):
            # A level that is not sold leaves its part to the one above it.
            agents.append(rate - below if sold else 0.0)
            below = rate if sold else below
        ones = np.ones(line.ticks)
        rates = [s.direct * direct, s.indirect * indirect, s.merchant * ones]
        rates += [rate * ones for rate in (*agents, s.bonuses)]
        self.due = np.array(rates) * line.sales
        self._due: list[float] = self.due.sum(axis=0).tolist()
        self._sales: list[float] = line.sales.tolist()

    def circle(self) -> dict[str, Floats]:
        """Flows of the points shop: cash paid, to the first shop, for the goods; yuan per tick."""
        s = self.settings
        cash = s.circle * s.circle_points * s.circle_cash * self.line.sales
        listed = s.circle * s.circle_points * (1 + s.circle_cash) * self.line.sales
        return {"cash": cash, "merchant": s.circle_shop * cash, "goods": s.circle_goods * listed}

    @property
    def opening(self) -> float:
        """Yuan that agents pay the platform for their territories."""
        return self.territories

    def platform_income(self, income: Floats) -> Floats:
        """The platform's ``income`` with what the points shop brings it, yuan per tick."""
        circle = self.circle()
        return income + circle["cash"] - circle["merchant"] - circle["goods"]

    def share_out(self, t: int, account: float) -> float:
        """Pay what is due on tick ``t`` (from 0); returns what came out of ``account``."""
        due, sales = self._due[t], self._sales[t]
        self._held += self._budget * sales
        held = min(due, self._held)
        lacks = min(due - held, max(account, 0.0))
        self._held -= held
        self._closing.append(self._held)
        prizes = min(self.settings.prizes * sales, max(account - lacks, 0.0))
        self.paid.append((held + lacks) / due if due > 0 else 1.0)
        self.from_account.append(lacks)
        self.prizes.append(prizes)
        return lacks + prizes

    def aside(self) -> dict[str, Floats]:
        """The part for distribution, yuan not paid by the end of each tick, shape (ticks,)."""
        return {"distribution": np.array(self._closing)}

    def totals(self) -> dict[str, float]:
        """commissions: yuan paid in all."""
        return {"commissions": float((self.due.sum(axis=0) * np.array(self.paid)).sum())}

    def end(self, t: int) -> None:  # noqa: ARG002
        """The line has ended: what is due later is nought."""
        self._plan()

    def by_cohort(self) -> Floats:
        """Yuan that the orders of each tick were paid as recruiters, shape (ticks,).

        If every earlier order is equally likely to have brought a new one
        (docs/mechanisms/commission.md): direct times what recruits spent, indirect times what
        theirs did.
        """
        s, line = self.settings, self.line
        paid = np.array(self.paid)
        mean = np.divide(line.sales, line.orders, out=np.zeros(line.ticks), where=line.orders > 0)
        each = paid * mean * line.recruits
        chain = each * (line.recruits_to - line.recruits)
        first = each.sum() - np.cumsum(each)
        second = chain.sum() - np.cumsum(chain) - line.recruits_to * first
        earned: Floats = line.orders * (s.direct * first + s.indirect * np.maximum(second, 0.0))
        return earned

    def flows(self) -> list[Flow]:
        """Every payment."""
        paid, account = np.array(self.paid), np.array(self.from_account)
        total = self.due.sum(axis=0) * paid
        platform = np.divide(account, total, out=np.zeros_like(total), where=total > 0)
        found = []
        for (reason, who), due in zip(self.KINDS, self.due, strict=True):
            amount = due * paid
            found.append(flow("distribution", who, reason, amount * (1 - platform)))
            found.append(flow("platform", who, reason, amount * platform))
        found.append(flow("platform", "leaders", "prizes", np.array(self.prizes)))
        territories = np.zeros(self.line.ticks)
        territories[0] = self.territories
        found.append(flow("agents", "platform", "territory", territories))
        circle = self.circle()
        found.append(flow("buyers", "platform", POINTS_SHOP, circle["cash"]))
        found.append(flow("platform", "merchant", POINTS_SHOP, circle["merchant"]))
        found.append(flow("platform", "goods", POINTS_SHOP, circle["goods"]))
        return found
