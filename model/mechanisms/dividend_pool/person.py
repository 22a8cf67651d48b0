"""What buyers of a day are still to be paid by dividends, and the orders it takes."""

from __future__ import annotations

from math import ceil, inf, log1p

import numpy as np

from model.asked.person import MOST, Group, Need, Persons
from model.mechanisms.dividend_pool.settings import DividendPool
from model.result import Result


class DividendPersons(Persons[DividendPool]):
    """Of buyers who fare differently the largest group of those who wait.

    N more orders pay a unit share x price / u x ln(1 + N u / U), with u units an order and U live
    units now, and whoever has a rank a tenth of the rank share x price / p x ln(1 + N p / L) from
    each pot up to it, with p the part of orders that reach its rank and L those there now.
    """

    def needs(self, pool: DividendPool, *, result: Result, day: int) -> list[Need]:
        """None where the quota is not of dividends alone; see :meth:`Persons.needs`."""
        if pool in result.scheme.sharing:
            return []
        record, scheme, line = result.record(pool.name), result.scheme, result.line
        engine = next(e for e in result.engines.dividends if e.settings.name == pool.name)
        live = float(record.units[-1])
        held = [float(fate.held[day - 1]) for fate in engine.fates]
        if sum(held) <= 0 or live <= 0:
            return []
        k = max(range(len(held)), key=lambda k: (held[k], -k))
        group, fate = engine.groups[k], engine.fates[k]
        package, at = group.package, np.array([day - 1])
        had = float(engine.had(k, at, np.array([result.ticks - 1]))[0])
        limited = package.quota < inf
        left = float(fate.held_value[day - 1]) / held[k] if limited else inf
        spend, price = scheme.order.mean_spend, float(line.prices[package.number])
        units = scheme.units(pool)
        each = sum(u * share for u, (_, share) in zip(units, scheme.order.choices, strict=True))
        #: Yuan that an order more pays now, and those that double what it is divided over.
        parts = [(package.units * pool.share * spend / live, live / each)] if package.units else []
        there = [0.0] * (len(pool.rank_reached) + 1)
        for g, f in zip(engine.groups, engine.fates, strict=True):
            there[g.rank] += float(f.held.sum())
        for rank in range(1, group.rank + 1):
            if pool.rank_share > 0:
                members = sum(there[rank:])
                joins = pool.rank_reached[rank - 1]
                parts.append((0.1 * pool.rank_share * spend / members, members / joins))

        def paid(orders: float) -> float:
            return sum(now * size * log1p(orders / size) for now, size in parts)

        def orders(amount: float) -> float:
            if paid(MOST) < amount:
                return inf
            low, high = 0.0, MOST
            while high - low > max(0.5, 1e-9 * high):
                middle = 0.5 * (low + high)
                low, high = (low, middle) if paid(middle) >= amount else (middle, high)
            return float(ceil(high - 1e-6))

        about = None
        if pool.rank_share > 0 or len(line.prices) > 1:
            about = Group(
                rank=group.rank if pool.rank_share > 0 else None,
                price=price if len(line.prices) > 1 else None,
                share=held[k] / sum(held),
                had=had,
            )
        found = []
        missing = price - had
        if 1e-9 * price < missing and (not limited or missing < left * (1 - 1e-9)):
            found.append(
                Need(
                    kind=pool.kind, goal="back", amount=missing, orders=orders(missing), group=about
                )
            )
        if limited:
            found.append(
                Need(
                    kind=pool.kind,
                    goal="all",
                    amount=left,
                    orders=orders(left),
                    owed_to_all=float(record.promised[-1]),
                    group=about,
                )
            )
        return found
