"""What a dividend pool costs."""

from __future__ import annotations

from math import ceil

from model.asked.cost import Costs, Line, Sum
from model.mechanisms.dividend_pool.settings import RANKS, DividendPool
from model.mechanisms.lineage import DEEPEST
from model.pairs.shared_cost import leaving
from model.scheme import Scheme


class DividendPoolCosts(Costs[DividendPool]):
    """See :class:`Costs`."""

    def counts_recruits(self, mechanism: DividendPool) -> bool:
        """See :class:`Costs`."""
        return mechanism.referral_rate > 0

    def add(self, mechanism: DividendPool, scheme: Scheme, line: Line, found: Sum) -> None:
        """A group for each package and rank; where recruits count, a sum for each generation."""
        ticks = line.ticks
        units = [unit for unit in scheme.units(mechanism) if unit > 0]
        packages = len(units)
        ranks = 1 + RANKS * (mechanism.rank_share > 0)
        groups = packages * ranks
        limited = scheme.quotas(mechanism) is not None or bool(scheme.sharing)
        give_up = scheme.behaviour.sell_share > 0
        if mechanism.shared_quota == "points_pool":
            give_up = leaving(scheme)
        generations = mechanism.package_generations or (mechanism.referral_generations,)
        deepest = 0
        if mechanism.referral_rate > 0 and any(generations):
            deepest = min(ceil(max(generations)), DEEPEST, ticks)
        sums = line.spans * deepest  # running numbers of recruits' units
        often = ticks / mechanism.interval
        run = ticks * (14.0 + 2.0 * packages) + often * (12.0 + 1.0 * groups * limited)
        run += often * (65.0 if mechanism.rank_share > 0 else 0.0)
        kept = ticks * (500 + 8 * ranks + 150 * packages + 110 * groups)
        memory = ticks * 8 * (90 + 17 * groups)
        searches = 1 + 2.5 * (give_up and limited)
        answer = 4_000 + groups * (300 + 1.8 * ticks) * searches
        if deepest:
            run += ticks * (20.0 + 0.05 * sums + packages * (8.0 + 0.05 * deepest))
            run += often * groups * limited * (3.0 + 1.5 * line.spans) * (1 + give_up)
            kept += ticks * 8 * (5 * sums + 3 * (packages + 1) * deepest)
            answer += groups * sums * (40 + 0.2 * ticks) * searches
            memory += ticks * 8 * 6 * deepest
        if mechanism.divided_over == "all":
            # Whoever is left in the pool is looked at on every payment.
            cells = 0.5 * often * ticks * groups
            answer += often * 300 + cells * 0.03 * (1 + 0.06 * deepest)
        if scheme.sharing and give_up:
            answer += 0.5 * ticks * ticks * groups * 0.08
        found.add(run=run, answer=answer, memory=memory, kept=kept)
