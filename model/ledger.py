"""Double entry: every yuan has a source and a target, and every account balances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.arrays import Floats

#: Why money goes round the points shop: what buyers pay there, and what it pays on the spot.
POINTS_SHOP = "points shop"


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One kind of payment: ``amount`` holds yuan per tick, shape (ticks,)."""

    source: str
    target: str
    reason: str
    amount: Floats


@dataclass(frozen=True)
class Ledger:
    """All payments of a run, tick by tick."""

    flows: tuple[Flow, ...]

    def table(self) -> pd.DataFrame:
        """Long form: tick, source, target, reason, amount (yuan); payments of nothing left out."""
        frames = []
        for flow in self.flows:
            ticks = np.flatnonzero(flow.amount)
            if len(ticks):
                frames.append((ticks + 1, flow, flow.amount[ticks]))
        sizes = [len(ticks) for ticks, _, _ in frames]

        def column(name: str) -> pd.Categorical[str]:
            words: list[str] = [getattr(flow, name) for _, flow, _ in frames]
            known = sorted(set(words))
            codes = np.repeat([known.index(word) for word in words], sizes).astype(np.int8)
            return pd.Categorical.from_codes(codes, categories=pd.Index(known, dtype=object))

        empty = np.array([], dtype=float)
        return pd.DataFrame(
            {
                "tick": np.concatenate([t for t, _, _ in frames] or [empty]).astype(np.int64),
                "source": column("source"),
                "target": column("target"),
                "reason": column("reason"),
                "amount": np.concatenate([a for _, _, a in frames] or [empty]),
            }
        ).sort_values("tick", kind="stable", ignore_index=True)

    def balances(self) -> dict[str, Floats]:
        """Account -> balance at the end of each tick, opening at nought; yuan, shape (ticks,).

        Buyers and outside investors bring money in from nowhere we look at, so theirs is negative:
        what they are out of pocket. All balances add up to nought.
        """
        accounts: dict[str, Floats] = {}
        for flow in self.flows:
            for account, sign in ((flow.source, -1.0), (flow.target, 1.0)):
                before = accounts.get(account)
                change = sign * np.cumsum(flow.amount)
                accounts[account] = change if before is None else before + change
        return accounts

    def largest_gap(self, *, account: str, closing: Floats) -> float:
        """How far ``closing``, kept apart, is from the flows; relative to all money moved."""
        balance = self.balances().get(account, np.zeros_like(closing))
        moved = np.ones_like(closing)
        for flow in self.flows:
            moved = moved + np.cumsum(flow.amount)
        return float(np.max(np.abs(balance - closing) / moved)) if len(closing) else 0.0
