"""One run as it is measured against others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.figures import pays_for_itself
from model.library import real_case
from model.result import Result
from model.scheme import Scheme
from model.standing import without_claim
from view.mechanisms.compare import compared
from view.pictures import charts_compare


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one run says in this comparison. Yuan "of each 100" are of 100 yuan spent."""

    name: str
    reference: str
    scheme: Scheme
    buyers: float
    spent: float
    price: float  # yuan, of the average order
    limit: float | None  # of each 100, the most the rule ever pays; None: no limit
    mean: float  # of each 100, paid back by the end
    first: float  # ... to those of the first tick, of the middle buyer's, of the last
    middle: float
    last: float
    nothing: float  # share of orders that no rule gave anything to wait for
    fulfilled: float | None  # share of orders paid all they had been promised; None: no such sum
    even: float  # share of orders that were paid at least their price
    top1: float | None  # share of all that was paid back that the first 1 % got; None: nothing paid
    top10: float | None
    first_day: float  # share of the buyers who joined on the first tick
    promised: float  # yuan still promised to those who wait
    there: float  # yuan in the pools and in the platform's account
    owes: bool  # whether a sum is named for a day or a turn, or every order brings what it is paid
    fixed: bool  # whether sums are promised for fixed days or turns
    broken: int | None  # tick on which less was first paid than that
    recruiting: float  # of each 100, paid for recruiting
    bars: charts_compare.Bars

    @property
    def case(self) -> bool:
        """Whether these are the rules of a real case: its orders are no people."""
        return real_case(self.scheme) is not None

    @property
    def per_100(self) -> float:
        """What turns yuan into yuan of each 100 spent."""
        return 100 / self.spent if self.spent else 0.0

    @property
    def paid(self) -> float:
        """Yuan paid back by the end."""
        return self.mean * self.spent / 100

    @property
    def uncovered(self) -> float:
        """Yuan still promised beyond the money there is for it."""
        return self.promised - self.there if self.short else 0.0

    @property
    def kept(self) -> float | None:
        """Of all promised by the end, the share paid or covered; None: no sum is named."""
        every = self.paid + self.promised
        return 1 - self.uncovered / every if self.owes and every > 0 else None

    @property
    def short(self) -> bool:
        """Whether more is still promised than there is money for."""
        return self.promised > self.there * (1 + 1e-9) + 0.005


def measure(result: Result, *, name: str, reference: str) -> Measured:
    """Read one run for the comparison."""
    scheme, totals, cohorts = result.scheme, result.totals, result.cohorts
    buyers, spent = totals["buyers"], totals["spent"]
    price = scheme.order.mean_spend
    received = cohorts["received"].to_numpy(dtype=float)
    paid = cohorts["spent"].to_numpy(dtype=float)
    heads = cohorts["buyers"].to_numpy(dtype=float)
    each = np.divide(100 * received, paid, out=np.zeros(len(paid)), where=paid > 0)
    middle = int(np.searchsorted(np.cumsum(heads), buyers / 2)) if buyers else 0
    most = scheme.most_paid
    account = result.account
    balance = float(account.balance[-1]) if account is not None and len(account.balance) else 0.0
    return Measured(
        name=name,
        reference=reference,
        scheme=scheme,
        buyers=buyers,
        spent=spent,
        price=price,
        limit=None if most is None else 100 * most / price,
        mean=100 * totals["received"] / spent if spent else 0.0,
        first=float(each[0]) if buyers else 0.0,
        middle=float(each[middle]) if buyers else 0.0,
        last=float(each[-1]) if buyers else 0.0,
        nothing=float(without_claim(result).sum()) / buyers if buyers else 0.0,
        fulfilled=fulfilled(result),
        even=min(totals["even"] / buyers, 1.0) if buyers else 0.0,
        top1=first_part(heads, received, 0.01),
        top10=first_part(heads, received, 0.1),
        first_day=float(heads[0]) / buyers if buyers else 1.0,
        promised=max(float(result.series["promised"].iloc[-1]), 0.0),
        there=max(totals["pool"] + max(balance, 0.0), 0.0),
        owes=pays_for_itself(result)
        or any(compared(each).owes(each) for each in scheme.mechanisms),
        fixed=any(compared(each).fixed(each) for each in scheme.mechanisms),
        broken=None if result.broken is None else result.broken.tick,
        recruiting=100 * totals.get("commissions", 0.0) / spent if spent else 0.0,
        bars=charts_compare.bars(result),
    )


def first_part(heads: Any, received: Any, share: float) -> float | None:
    """What part of all that was paid back went to the first ``share`` of the buyers."""
    total = float(received.sum())
    if total <= 0:
        return None
    upto = np.concatenate(([0.0], np.cumsum(heads)))
    got = np.concatenate(([0.0], np.cumsum(received)))
    return float(np.interp(share * upto[-1], upto, got)) / total


def fulfilled(result: Result) -> float | None:
    """The share of orders that were paid all the rule had promised; None: it names no sum."""
    scheme, buyers = result.scheme, result.totals["buyers"]
    if not scheme.most_paid or not buyers:
        return None
    complete = np.full(result.ticks, np.inf)
    for mechanism in scheme.mechanisms:
        mine = compared(mechanism).complete(result, mechanism)
        if mine is not None:
            complete = np.minimum(complete, mine)
    return min(float(complete.sum()) / buyers, 1.0)
