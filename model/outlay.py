"""Where the money of those who joined went: of each yuan a stretch of joiners paid, who has it.

The other side of :mod:`model.funding`: there the payers of each leaver, here what became of what
each payer paid. Every yuan is in exactly one column, under the convention ``own``.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from model.arrays import Floats, Ints
from model.books import RECRUITERS, pool_accounts
from model.result import Result

#: Stretches of joining time, if nothing else is said.
BINS = 24
#: Where a yuan can have ended, in the order the pages show it.
#: goods, merchant, unstated, platform: theirs for good, or on the platform's account by the end.
#: recruiters: paid to recruiters, agents and leaders, or meant for them where no rule says how.
#: set_aside: meant for them and not paid by the end. others: paid to other buyers (and old
#: members). back: paid back to whoever had paid it in. pool: in a pool at the end.
ENDS = (
    "goods",
    "merchant",
    "unstated",
    "platform",
    "recruiters",
    "set_aside",
    "others",
    "back",
    "pool",
)


def _kept(paid_in: Floats, paid_out: Floats) -> Floats:
    """Of each yuan that went into an account on a tick, the part still there at the end.

    Every payment draws on all there is in proportion: what is left of a yuan is the product of
    1 - out / (what was there), over the ticks from its own on. Shape (ticks,).
    """
    closing = np.cumsum(paid_in - paid_out)
    there = closing + paid_out
    # What rounding leaves in an emptied account is nothing.
    some = (there > 0.0) & (there > 1e-9 * paid_out)
    stays = np.divide(closing, there, out=np.ones_like(there), where=some)
    stays = np.where((paid_out > 0) & (closing <= 1e-9 * paid_in.cumsum()), 0.0, stays)
    found: Floats = np.cumprod(np.clip(stays, 0.0, 1.0)[::-1])[::-1]
    return found


#: What has been traced of a run, kept while the run is: both tables serve several questions.
_TRACED: WeakKeyDictionary[Result, dict[int, tuple[pd.DataFrame, pd.DataFrame]]] = (
    WeakKeyDictionary()
)


def traced(result: Result, *, bins: int = BINS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``Result.funding`` and ``Result.exit_split`` under the convention ``own``, made once."""
    known = _TRACED.setdefault(result, {})
    if bins not in known:
        known[bins] = result.funding(bins=bins), result.exit_split(bins=bins)
    return known[bins]


def bounds(table: pd.DataFrame) -> tuple[Ints, Ints]:
    """First and last tick (from 1) of each stretch of joining time that names a column or row."""
    labels = [str(label) for label in table.index if str(label)[0].isdigit()]
    ticks = [[int(tick) for tick in label.split("-")] for label in labels]
    return np.array([t[0] for t in ticks]), np.array([t[-1] for t in ticks])


def outlay(result: Result, *, bins: int = BINS) -> pd.DataFrame:
    """What became of the money of buyers, yuan, by the end of the run.

    Rows: stretches of joining time as in :func:`model.funding.funding`. Columns: ``paid``, all that
    they paid (orders, and cash in a points shop), then :data:`ENDS`, which add up to it. Raises
    ValueError for bins out of range.

    A fee keeps nobody's name once it has been kept back, so fees that have paid later exits are
    laid to all whose money is left in the pools, in proportion. Where the platform's account has
    paid buyers, the same is done with what is left in the account and in the pools. What the
    platform or the part for distribution pays to recruiters draws on all that is there.
    """
    funding, split = traced(result, bins=bins)
    starts, _ = bounds(split)
    count = len(starts)

    def by_stretch(per_tick: Floats) -> Floats:
        found: Floats = np.add.reduceat(per_tick, starts - 1).astype(float)
        return found

    none = np.zeros(result.ticks)
    pools = pool_accounts(result)
    into = {"pool": none.copy(), "platform": none.copy(), "distribution": none.copy()}
    out = {"platform": none.copy(), "distribution": none.copy()}  # to recruiters
    ends = {name: np.zeros(count) for name in ENDS}
    paid = none.copy()
    capital, shop, account_pays, pool_end = none.copy(), none.copy(), 0.0, 0.0
    for flow in result.ledger.flows:
        source, target, amount = flow.source, flow.target, flow.amount
        if target in pools or source in pools:
            pool_end += float(amount.sum()) * (1 if target in pools else -1)
        if source == "buyers" and flow.reason != "fee":
            paid += amount
            if target in pools:
                into["pool"] += amount
            elif target in into:
                into[target] += amount
            else:
                ends[target] += by_stretch(amount)
        elif target == "platform":
            capital += amount
        elif source in out and target in RECRUITERS:
            out[source] += amount
        elif source == "platform" and target == "buyers":
            account_pays += float(amount.sum())
        elif source == "platform":
            # The points shop pays on the spot out of what was paid in it.
            ends[target] += by_stretch(amount)
            shop += amount
    if result.engines.commission is None:
        ends["recruiters"] += by_stretch(into["distribution"])
    else:
        kept = by_stretch(into["distribution"] * _kept(into["distribution"], out["distribution"]))
        ends["set_aside"] += kept
        ends["recruiters"] += by_stretch(into["distribution"]) - kept

    given = funding.to_numpy()[:count].sum(axis=1)
    own = np.minimum(split["own"].to_numpy(), given)
    fees = float(funding.to_numpy()[count].sum())
    ends["back"] += own
    ends["others"] += given - own
    contributed = by_stretch(into["pool"])
    to_account = into["platform"] - shop
    if account_pays <= 0.0:
        kept = by_stretch(to_account * _kept(to_account + capital, out["platform"]))
        ends["platform"] += kept
        ends["recruiters"] += by_stretch(to_account) - kept
        left, shares = contributed - given, {"others": fees, "pool": pool_end}
    else:
        left = contributed + by_stretch(to_account) - given
        account_end = float((to_account + capital - out["platform"]).sum()) - account_pays
        shares = {
            "others": fees,
            "pool": pool_end,
            "platform": max(account_end, 0.0),
            "recruiters": float(out["platform"].sum()),
        }
    left = np.maximum(left, 0.0)
    total = sum(shares.values())
    for name, share in shares.items():
        ends[name] += left * (share / total if total > 0.0 else float(name == "pool"))
    return pd.DataFrame({"paid": by_stretch(paid), **ends}, index=split.index.rename("from"))
