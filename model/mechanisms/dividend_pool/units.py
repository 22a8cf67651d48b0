"""The units of a dividend pool that has run for a while, as its line grows."""

from __future__ import annotations

from math import ceil

import numpy as np

from model.arrays import Floats
from model.crowd import FARTHEST
from model.mechanisms.dividend_pool.settings import RANKS, DividendPool
from model.mechanisms.lineage import DEEPEST
from model.scheme import Scheme


class Units:
    """A dividend pool that has run for a while: live units grow with orders, so money a unit by x.

    Of orders that multiply by e^dx, ``money`` yuan go to each unit and ``ranks[r]`` to each order
    of rank r. Of generation g an order has x^g / g! recruits, each with the units of the average
    newcomer. An order is live until its quota is used up at its own x (``out``, shape (packages,
    ranks)). Fewer live units mean more money each and an earlier end: iterated from "nobody is ever
    out".
    """

    def __init__(self, scheme: Scheme, pool: DividendPool, *, quotas: Floats) -> None:
        choices = scheme.order.choices
        self.spend = scheme.order.mean_spend
        self.pool = pool
        self.units = np.array(scheme.units(pool))[:, None]
        last = pool.package_generations or (pool.referral_generations,) * len(choices)
        #: Units for each of the average recruit's, (packages, 1, generations); the last in part.
        generations = (
            np.arange(ceil(min(max(last), DEEPEST))) if pool.referral_rate else np.zeros(0)
        )
        counts = np.clip(np.array(last)[:, None, None] - generations, 0.0, 1.0)
        reached = (1.0, *(pool.rank_reached if pool.rank_share > 0 else (0.0,) * RANKS), 0.0)
        of_rank = -np.diff(reached)
        shares = np.array([share for _, share in choices])[:, None]
        self.weight = np.where(self.units > 0, shares * of_rank, 0.0)
        self.referral = pool.referral_rate * float((self.weight * self.units).sum()) * counts
        #: (g + 1)! of each generation.
        self.upto = np.cumprod(np.arange(2.0, len(generations) + 2))
        self.quotas = quotas
        self.money = 0.0
        self.ranks = np.zeros(RANKS + 1)

    @property
    def none(self) -> bool:
        """Whether no order has a unit."""
        return not self.weight.any()

    def settle(self, out: Floats) -> None:
        """What goes to a unit and to each rank if orders are live until ``out``."""
        there = -np.expm1(-out)
        live = self.weight * there
        gained, term = np.zeros_like(out), np.exp(-out)
        rest = there.copy()
        for g in range(self.referral.shape[2]):
            # What is left of e^-x x^g / g! up to there: 1 - e^-x (1 + x + ... + x^g / g!).
            term = term * out / (g + 1)
            rest = rest - term
            gained = gained + self.referral[:, :, g] * np.maximum(rest, 0.0)
        self.money = (
            self.pool.share * self.spend / float((live * self.units + self.weight * gained).sum())
        )
        members = live.sum(axis=0)[::-1].cumsum()[::-1]
        pot = self.pool.rank_share * self.spend / RANKS
        pots = np.divide(pot, members, out=np.zeros(RANKS + 1), where=members > 0)
        pots[0] = 0.0
        self.ranks = np.cumsum(pots)

    def ends(self) -> Floats:
        """The x at which each order's quota is used up."""
        straight = self.money * self.units + self.ranks
        quotas = np.minimum(self.quotas, 1e300)
        powers = np.arange(2, self.referral.shape[2] + 2)
        bent = self.money * self.referral / self.upto
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = np.broadcast_to(quotas / straight, self.weight.shape)
            if len(powers):
                # Each part alone would take longer; from there Newton's method comes down.
                alone = (quotas[:, :, None] / bent) ** (1 / powers)
                found = np.fmin(found, np.fmin.reduce(alone, axis=2))
                found = np.clip(np.nan_to_num(found, nan=FARTHEST), 1e-9, FARTHEST)
                for _ in range(60):
                    x = found[:, :, None]
                    had = straight * found + (bent * x**powers).sum(axis=2)
                    slope = straight + (bent * powers * x ** (powers - 1)).sum(axis=2)
                    step = np.nan_to_num((had - quotas) / slope)
                    found = np.clip(found - step, 1e-9, FARTHEST)
                    if np.all(np.abs(step) <= 1e-14 * found):
                        break
            found = np.where(np.isfinite(self.quotas), found, FARTHEST)
        ends: Floats = np.clip(np.nan_to_num(found, nan=FARTHEST), 1e-9, FARTHEST)
        return ends

    def run(self) -> None:
        """Iterate until nothing moves any more."""
        out = np.full_like(self.weight, FARTHEST)
        for _ in range(2000):
            self.settle(out)
            after = self.ends()
            if np.all(np.abs(after - out) <= 1e-12 * out):
                return
            out = after

    def received(self, x: float, *, package: int, recruits: bool, rank: int = 0) -> float:
        """Yuan an order has been paid, quota or not."""
        units = float(self.units[package, 0])
        got = self.money * units * x + float(self.ranks[rank]) * x
        if recruits:
            power = x
            for each, upto in zip(
                self.referral[package, 0].tolist(), self.upto.tolist(), strict=True
            ):
                power *= x
                got += self.money * each * power / upto
        return got
