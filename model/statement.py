"""One person's statement: what was paid and by whose money, or what has to happen first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.asked.answers import answers
from model.asked.person import Need, Persons, Statement
from model.funding import PAYERS
from model.outlay import bounds, traced
from model.result import Result

#: Fewer orders than this are nobody.
NOBODY = 0.5


def _asked() -> Mapping[str, Persons[Any]]:
    return answers(Persons)


def by_number(result: Result) -> bool:
    """Whether single orders are known, so that a person is named by the number of the order."""
    asked = _asked()
    return any(asked[m.kind].numbered(m, result=result) for m in result.scheme.mechanisms)


def statement(result: Result, who: int) -> Statement:
    """The statement of order number ``who``, or of the average buyer of tick ``who``.

    Which of them it is says :func:`by_number`; both count from 1. In a points pool the person
    sells only when forced to; what a sale by hand at the end would pay is ``if_sold``. The orders
    needed are those that follow the last tick while nobody sells and nobody gives up: a points
    price then rises by orders alone, a unit is paid share x price / live units on each order, and
    a queue moves by what comes into its pool, less what is paid ahead to those behind. Forced exits
    and quotas that run out in the meantime bring it nearer. Of buyers of a day who fare differently
    the dividends needed are those of the largest group that waits. Raises ValueError if there is
    nobody.
    """
    last = int(result.line.orders.sum()) if by_number(result) else result.ticks
    if not 1 <= who <= last:
        raise ValueError(f"who: {who} is not allowed; allowed: 1 to {last}")
    if by_number(result):
        return _of_order(result, who)
    if result.line.orders[who - 1] <= 0:
        raise ValueError(f"who: nobody ordered on {who}")
    return _of_day(result, who)


def _of_order(result: Result, number: int) -> Statement:
    asked, mechanisms = _asked(), result.scheme.mechanisms
    found = (asked[m.kind].of_order(m, result=result, number=number) for m in mechanisms)
    return next(statement for statement in found if statement is not None)


# -- the average buyer of a day --------------------------------------------------------------------


def _of_day(result: Result, day: int) -> Statement:
    orders = float(result.line.orders[day - 1])
    row = result.cohorts.loc[day].to_dict()
    received = float(row["received"]) / orders
    upto = np.cumsum(result.line.orders)
    left = row["exit_tick"]
    waits = _waiting(result, day)
    return Statement(
        number=None,
        joined=day,
        spent=float(row["spent"]) / orders,
        received=received,
        before=float(upto[day - 1] - orders),
        after=float(upto[-1] - upto[day - 1]),
        left_at=None if waits > 0 or pd.isna(left) else int(left),
        waits=waits / orders,
        by=_by_stretch(result, day, received),
        owed=float(row["held_value"]) / waits if waits > 0 else 0.0,
        needs=_needs(result, day) if waits > 0 else (),
    )


def _by_stretch(result: Result, day: int, received: float) -> dict[str, float]:
    """Whose money it was, like that of all who joined in the same stretch of time.

    Of the stretch's own money, not counting own contributions, the part of those before the day
    is what they are of the stretch's orders; none where everybody is paid by newcomers.
    """
    funding, split = traced(result)
    starts, ends = bounds(split)
    k = int(np.searchsorted(ends, day))
    column = funding.iloc[:, k].to_numpy(dtype=float)
    own = min(float(split["own"].iloc[k]), float(column[k]))
    orders = result.line.orders[starts[k] - 1 : ends[k]]
    ahead = float(orders[: day - starts[k]].sum()) / float(orders.sum())
    same = float(column[k]) - own
    before = float(column[:k].sum())
    # The split lays half of it to earlier buyers, or nothing.
    half = (float(split["earlier"].iloc[k]) - before) / same if same > 1e-9 * own else 0.0
    ahead *= 2 * min(max(half, 0.0), 0.5)
    found = {
        "own": own,
        "earlier": before + same * ahead,
        "later": float(column[k + 1 : len(starts)].sum()) + same * (1 - ahead),
        "fees": float(column[-2]),
        "outside": float(column[-1]),
    }
    total = sum(found.values())
    return {payer: received * found[payer] / total if total > 0 else 0.0 for payer in PAYERS}


def _waiting(result: Result, day: int) -> float:
    """Orders of a day that still wait for anything; so few that it is nobody are none."""
    waits = max((float(record.held[day - 1]) for record in result.records), default=0.0)
    if result.points is not None:
        of_day = result.pieces.entry == day
        waits = max(waits, float(result.fate.held_orders[of_day].sum()))
    there = float(result.line.orders[day - 1])
    return min(waits, there) if waits >= min(NOBODY, 0.5 * there) else 0.0


def _needs(result: Result, day: int) -> tuple[Need, ...]:
    """What has to happen by each rule that still owes something."""
    asked, mechanisms = _asked(), result.scheme.mechanisms
    return tuple(
        need for m in mechanisms for need in asked[m.kind].needs(m, result=result, day=day)
    )
