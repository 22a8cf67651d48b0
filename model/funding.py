"""Whose money an exit is paid with.

A pool is one pot, so which yuan went where is a convention (docs/decisions/0003). Under each of the
three every yuan is counted once, nobody gives more than they paid in, and the totals are the same:

own     a leaver first takes back what is left of the own contribution, the rest is mixed
mixed   every payment draws on all the money in the pool in proportion
oldest  the money that came in first goes out first

A sale is booked before the fee: what is kept back returns to the pool under its own tag, so that
"fees left by earlier leavers" pays for later exits like any other money.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.asked.answers import answers
from model.asked.draws import Draws
from model.draws import Stretches
from model.mechanisms.base import stretch_edges
from model.mixing import Traced, follow, scatter
from model.ran import Ran
from model.tracing import accounts

Method = Literal["own", "mixed", "oldest"]
METHODS: tuple[str, ...] = get_args(Method)
#: Columns of :func:`exit_split`.
PAYERS = ("own", "earlier", "later", "fees", "outside")
MAX_BINS = 500


def _stretches(result: Ran, bins: int) -> Stretches:
    if not 1 <= bins <= MAX_BINS:
        raise ValueError(f"bins: {bins} is not allowed; allowed: 1 to {MAX_BINS}")
    return Stretches(stretch_edges(result.ticks, bins))


def labels(stretches: Stretches) -> list[str]:
    """``first-last`` tick of each stretch."""
    ends = zip(stretches.edges[:-1] + 1, stretches.edges[1:], strict=True)
    return [f"{a}-{b}" if a != b else f"{a}" for a, b in ends]


def _traced(result: Ran, stretches: Stretches, method: str) -> Traced:
    """All accounts together; what one convention needs is worked out once for each result."""
    kept = result.traced
    key = (method, stretches.count)
    if key not in kept:
        count = stretches.count
        matrix = np.zeros((count + 1, count + 2))
        whole = Traced(matrix, matrix.copy(), np.zeros(count))
        for account in accounts(result, stretches, own=method == "own"):
            found = follow(account, method=method)
            if account.others:
                found.matrix[-1] = found.others_later[-1] = 0.0
            whole.matrix += found.matrix
            whole.others_later += found.others_later
            whole.own += found.own
        kept[key] = whole
    return kept[key]


def funding(result: Ran, *, method: str = "own", bins: int = 24) -> pd.DataFrame:
    """Who paid whom, yuan after the fee; see the module for ``method``.

    Rows: whose money, by joining time (``first-last`` tick), then ``fees`` and ``outside``.
    Columns: paid to whom, by joining time; ``old members`` last if old debt was paid. Sums to
    everything the pool paid out. Raises ValueError for an unknown method or bins out of range.
    """
    if method not in METHODS:
        raise ValueError(f"method: {method!r} is not allowed; allowed: {', '.join(METHODS)}")
    stretches = _stretches(result, bins)
    traced = _traced(result, stretches, method)
    count = stretches.count
    # Payers as the accounts have them: fees, stretches, outside.
    matrix = traced.matrix[:count, [*range(1, count + 1), 0, count + 1]]
    matrix[np.arange(count), np.arange(count)] += traced.own
    names = labels(stretches)
    table = pd.DataFrame(
        matrix.T,
        index=pd.Index([*names, "fees", "outside"], name="from"),
        columns=pd.Index(names, name="to"),
    )
    if any(one.paid_others(result) for one in answers(Draws).values()):
        table["old members"] = np.append(traced.matrix[count, 1:-1], traced.matrix[count, [0, -1]])
    return table


def payers(result: Ran, *, bins: int = 24) -> dict[str, float]:
    """Whose money all leavers together were paid with, yuan: the sums of :func:`exit_split`."""
    whole = _split(result, _stretches(result, bins)).sum(axis=0)
    return dict(zip(PAYERS, whole.tolist(), strict=True))


def exit_split(result: Ran, *, bins: int = 24) -> pd.DataFrame:
    """What leavers were paid, yuan after the fee, by whose money it was (convention ``own``).

    Rows: leavers by joining time. Columns: own contribution, earlier buyers, later buyers, fees
    left behind by earlier leavers, outside money. Money of buyers who joined in the same stretch as
    a voluntary seller counts half as earlier, half as later; forced exits go oldest first, so the
    rest of their stretch came later.
    """
    stretches = _stretches(result, bins)
    return pd.DataFrame(
        _split(result, stretches),
        index=pd.Index(labels(stretches), name="to"),
        columns=pd.Index(PAYERS, name="from"),
    )


def _split(result: Ran, stretches: Stretches) -> Floats:
    """The numbers of :func:`exit_split`, shape (stretches, payers)."""
    traced = _traced(result, stretches, "own")
    count = stretches.count
    buyers = traced.matrix[:count, 1:-1]
    same, later = buyers.diagonal(), np.triu(buyers, 1).sum(axis=1)
    half = 0.5 * (same - traced.others_later[:count, 1:-1].diagonal())
    split: Floats = np.column_stack(
        [
            traced.own,
            np.tril(buyers, -1).sum(axis=1) + half,
            later + same - half,
            traced.matrix[:count, [0, -1]],
        ]
    )
    return split


def paid_to(result: Ran, cohort: int) -> Floats:
    """Yuan that the orders of ``cohort`` (from 0) were paid on each tick, after fees, (ticks,).

    Of the rules beside a points pool, or that share their quota with one.
    """
    edges = np.unique([0, cohort, cohort + 1, result.ticks])
    stretches = Stretches(edges)
    column = int(stretches.of_tick[cohort])
    found = np.zeros(result.ticks)
    for account in accounts(result, stretches, own=False):
        if account.in_turn and not result.scheme.sharing:
            continue
        size = len(account.tick)
        yuan = (1.0 - account.fee) * account.gross[:size, column]
        found += scatter(account.tick, yuan, found.shape)
    return found
