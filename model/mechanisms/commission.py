"""Commissions: recruiters, agents of a territory, prizes, and the circle of "zero-cost marketing".

The settings are :class:`Commission`; :class:`CommissionEngine` books them (docs/model.md,
"Commissions").
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from model.fields import Frozen, param
from model.ledger import POINTS_SHOP, Flow
from model.mechanisms.base import Floats, Line, flow


class Commission(Frozen):
    """What is paid to those who bring buyers and shops, out of the part meant for distribution."""

    kind: Literal["commission"] = "commission"
    name: str = Field(default="commission", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    direct: float = param(
        0.003,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.2),
        label="To the recruiter",
        help="The part of a recruit's spending that goes to the recruiter.",
    )
    indirect: float = param(
        0.002,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.2),
        label="To the recruiter's recruiter",
        help="The part of a recruit's spending that goes one generation further up.",
    )
    merchant: float = param(
        0.005,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.1),
        label="To whoever brought the shop",
        help="The part of a shop's sales that goes to whoever recruited the shop.",
    )
    district: float = param(
        0.001,
        unit="share",
        ge=0,
        le=1,
        step=0.0005,
        label="District agent",
        help="The part of the sales in a district that its agent is given.",
    )
    city: float = param(
        0.002,
        unit="share",
        ge=0,
        le=1,
        step=0.0005,
        label="City agent",
        help="The part of a city's sales, less what its district agents are given.",
    )
    province: float = param(
        0.003,
        unit="share",
        ge=0,
        le=1,
        step=0.0005,
        label="Province agent",
        help="The part of a province's sales, less what the agents below are given.",
    )
    districts: int = param(
        0,
        unit="count",
        ge=0,
        le=3000,
        step=1,
        label="Districts sold",
        help="How many districts have an agent who paid for the territory.",
    )
    cities: int = param(
        0,
        unit="count",
        ge=0,
        le=700,
        step=1,
        label="Cities sold",
        help="How many cities have an agent who paid for the territory.",
    )
    provinces: int = param(
        0,
        unit="count",
        ge=0,
        le=40,
        step=1,
        label="Provinces sold",
        help="How many provinces have an agent who paid for the territory.",
    )
    district_price: float = param(
        20_000.0,
        unit="yuan",
        ge=0,
        le=1e8,
        step=1000,
        label="Price of a district",
        help="What a district agent pays the platform for the territory.",
    )
    city_price: float = param(
        100_000.0,
        unit="yuan",
        ge=0,
        le=1e8,
        step=10_000,
        label="Price of a city",
        help="What a city agent pays the platform for the territory.",
    )
    province_price: float = param(
        1_000_000.0,
        unit="yuan",
        ge=0,
        le=1e8,
        step=100_000,
        label="Price of a province",
        help="What a province agent pays the platform for the territory.",
    )
    bonuses: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.1),
        label="Other rewards to leaders",
        help="Level differences, same-rank bonus and dividends for shareholders, in all.",
    )
    prizes: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.001,
        slider=(0.0, 0.1),
        label="Prizes for the largest holders",
        help="Phones, cars, shares for founders and leaders: paid by the platform.",
    )
    circle: float = param(
        0.0,
        unit="share",
        ge=0,
        le=1,
        step=0.05,
        slider=(0.0, 1.0),
        label="Buyers who use their points in the points shop",
        help="The share of buyers who spend their points, with cash, on goods at list price.",
    )
    circle_points: float = param(
        2.0,
        unit="multiple",
        ge=0,
        le=100,
        step=0.1,
        slider=(0.0, 5.0),
        label="Points for the points shop",
        help="How many times the price a buyer is given in points that pay only with cash beside "
        "them.",
    )
    circle_cash: float = param(
        1.0,
        unit="multiple",
        ge=0,
        le=100,
        step=0.1,
        slider=(0.0, 5.0),
        label="Cash paid beside each point",
        help="Yuan in cash that go with each point spent; goods are listed at both together.",
    )
    circle_shop: float = param(
        0.2,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.0, 0.5),
        label="Of that cash, to the first shop",
        help="The part of the cash that goes to the shop where the points came from.",
    )
    circle_goods: float = param(
        0.2,
        unit="share",
        ge=0,
        le=1,
        step=0.01,
        slider=(0.05, 0.5),
        label="What the goods cost, of the list price",
        help="What the supplier is paid for the goods, as a part of their list price.",
    )

    @model_validator(mode="after")
    def _agents_add_up(self) -> Commission:
        if not self.district <= self.city <= self.province:
            raise ValueError("a city's share must cover its districts', a province's its cities'")
        if self.circle_shop + self.circle_goods * (1 + 1 / max(self.circle_cash, 1e-9)) > 1 and (
            self.circle > 0
        ):
            raise ValueError("the points shop would pay out more cash than it takes in")
        return self

    @property
    def rate(self) -> float:
        """Share of sales paid to recruiters and agents in all."""
        agents = (
            self.province
            if self.provinces
            else self.city
            if self.cities
            else self.district
            if self.districts
            else 0.0
        )
        return self.direct + self.indirect + self.merchant + agents + self.bonuses

    @property
    def taken(self) -> float:
        """Share of the price taken beside the named parts: commissions come out of one of them."""
        return 0.0


class CommissionEngine:
    """Books a :class:`Commission` out of the part for distribution, then the platform's account."""

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

    def settle(self, t: int, account: float) -> float:
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

    @property
    def set_aside(self) -> Floats:
        """Yuan of the part for distribution not paid by the end of each tick, shape (ticks,)."""
        return np.array(self._closing)

    def end(self) -> None:
        """The line has ended: what is due later is nought."""
        self._plan()

    def by_cohort(self) -> Floats:
        """Yuan that the orders of each tick were paid as recruiters, shape (ticks,).

        If every earlier order is equally likely to have brought a new one (docs/model.md,
        "Commissions"): direct times what recruits spent, indirect times what theirs did.
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
