"""What a daily release costs."""

from __future__ import annotations

from model.asked.cost import NUMBER, Costs, Line, Sum, kept_payments, played_again
from model.mechanisms.base import MOST_CELLS
from model.mechanisms.scheduled_release.settings import ScheduledRelease
from model.scheme import Scheme


class ScheduledReleaseCosts(Costs[ScheduledRelease]):
    """See :class:`Costs`."""

    def counts_recruits(self, mechanism: ScheduledRelease) -> bool:
        """See :class:`Costs`."""
        return mechanism.first_generation > 0 or mechanism.second_generation > 0

    def add(self, mechanism: ScheduledRelease, scheme: Scheme, line: Line, found: Sum) -> None:
        """Cohorts looked at one by one on every tick, and what is kept of their payments."""
        ticks, packages = line.ticks, line.packages
        platform = scheme.platform
        faster = mechanism.first_generation > 0 or mechanism.second_generation > 0
        give_up = scheme.behaviour.sell_share > 0
        wallets = platform.wallets or platform.policy == "raise_minimum"
        young = mechanism.basis == "price" and not (mechanism.rewards or wallets or give_up)
        every = 0.5 * ticks * ticks  # all cohorts on all ticks
        cells = every
        choices = zip(scheme.credits(mechanism), scheme.order.choices, strict=True)
        multiples = [credit / price for credit, (price, _) in choices]
        if young:
            # Of those with enough left nobody is looked at but whom the stars of others have
            # reached, and whose other package has come to its end.
            shares = sum(rate for _, rate in mechanism.stars[-1:])
            part = 0.5 * (1 - min(multiples) / max(multiples))
            part += 10 * shares * mechanism.daily_rate / min(multiples)
            cells = min(every, 64.0 * ticks + part * every + (line.grown if faster else 0.0))
        each = 0.02 + 0.03 * faster + 0.03 * bool(mechanism.stars) + 0.04 * wallets
        each += 0.08 * give_up + 0.03 * bool(mechanism.rewards)
        run = ticks * (70.0 + 25.0 * faster + 30.0 * bool(mechanism.stars) + 40.0 * wallets)
        run += ticks * (30.0 * give_up) + cells * packages * each
        kept = ticks * (900.0 + 90.0 * packages)
        if young:
            kept += NUMBER * 8 * ticks * (1 + ticks / 256) * 0.6
        found.add(run=run, answer=2_000 + 6 * ticks, kept=kept, memory=ticks * 60 * packages)
        kept_payments(cells, packages, line, found)
        if cells * packages > MOST_CELLS or line.account_pays:
            played_again(run, cells, packages, line, found, shared=not give_up)
