"""The books of a run: money in, money out, money held, and whether they balance.

What came in and went out is read from the ledger. What is held is asked of the engines, which keep
balances of their own and know nothing of the ledger: so the difference can be other than nought.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.arrays import Floats
from model.result import Result

#: Who is paid out of the part for distribution.
RECRUITERS = ("recruiters", "agents", "leaders")
#: The account that holds money besides the pools and what mechanisms set aside, if the run has it.
PLATFORM = "platform"


def pool_accounts(result: Result) -> frozenset[str]:
    """What the ledger calls the pools of the run."""
    return frozenset(
        result.account_of(mechanism.name)
        for mechanism in result.scheme.mechanisms
        if mechanism.has_pool
    )


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account that holds money, yuan over the whole run.

    ``held`` is what its engine says is there at the end; ``largest_gap`` the largest difference on
    any tick between that and what the ledger's payments leave.
    """

    name: str
    kind: str  # of its mechanism, or "platform" or "distribution"
    paid_in: float
    paid_out: float
    held: float
    largest_gap: float

    @property
    def gap(self) -> float:
        """Money in less money out less money held."""
        return self.paid_in - self.paid_out - self.held


@dataclass(frozen=True, kw_only=True)
class Books:
    """Money in by who brought it, money out by who got it, and what is held, yuan."""

    sources: dict[str, float]
    uses: dict[str, float]
    accounts: tuple[Account, ...]
    #: What buyers were paid, from the ledger, and added up buyer by buyer.
    to_buyers: float
    to_each_buyer: float

    @property
    def money_in(self) -> float:
        """Yuan that came in from outside the accounts."""
        return sum(self.sources.values())

    @property
    def money_out(self) -> float:
        """Yuan that left the accounts, or never came to one."""
        return sum(self.uses.values())

    @property
    def held(self) -> float:
        """Yuan in all accounts at the end, by the engines."""
        return sum(account.held for account in self.accounts)

    @property
    def gap(self) -> float:
        """Money in less money out less money held."""
        return self.money_in - self.money_out - self.held


def _balances(result: Result) -> dict[str, tuple[str, Floats]]:
    """Account -> (kind, balance at the end of each tick) as the engines keep them."""
    found: dict[str, tuple[str, Floats]] = {}
    if result.points is not None:
        pool = result.scheme.pool
        name = result.account_of(pool.name)
        found[name] = pool.kind, result.points.series["pool"].to_numpy(dtype=float)
    for record in result.records:
        found[result.account_of(record.name)] = record.kind, record.pool
    if result.account is not None:
        found[PLATFORM] = PLATFORM, result.account.balance
    for engine in result.engines.beside:
        found |= {name: (name, balance) for name, balance in engine.aside().items()}
    return found


def books(result: Result) -> Books:
    """Balance the run: everything that moved, by who brought it and who has it.

    A fee that stays in the pool is no money out: what sellers are paid is booked after it.
    """
    balances = _balances(result)
    change = {name: np.zeros(result.ticks) for name in balances}
    paid_in, paid_out = dict.fromkeys(balances, 0.0), dict.fromkeys(balances, 0.0)
    sources: dict[str, float] = {}
    uses: dict[str, float] = {}
    for flow in result.ledger.flows:
        total = float(flow.amount.sum())
        if flow.reason == "fee":  # taken back from the payment it belongs to
            change[flow.target] += flow.amount
            paid_out[flow.target] -= total
            uses[flow.source] = uses.get(flow.source, 0.0) - total
            continue
        if flow.target in balances:
            change[flow.target] += flow.amount
            paid_in[flow.target] += total
        else:
            uses[flow.target] = uses.get(flow.target, 0.0) + total
        if flow.source in balances:
            change[flow.source] -= flow.amount
            paid_out[flow.source] += total
        else:
            sources[flow.source] = sources.get(flow.source, 0.0) + total
    return Books(
        sources={name: amount for name, amount in sources.items() if amount},
        uses={name: amount for name, amount in uses.items() if amount},
        accounts=tuple(
            Account(
                name=name,
                kind=kind,
                paid_in=paid_in[name],
                paid_out=paid_out[name],
                held=float(balance[-1]),
                largest_gap=float(np.abs(np.cumsum(change[name]) - balance).max()),
            )
            for name, (kind, balance) in balances.items()
        ),
        to_buyers=uses.get("buyers", 0.0),
        to_each_buyer=float(result.cohorts["received"].sum()),
    )
