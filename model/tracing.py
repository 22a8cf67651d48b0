"""What fixed promises paid, and the platform's account, draw by draw (see :mod:`model.mixing`).

Who else pays buyers says so in its folder (:mod:`model.asked.draws`). The platform's account is
followed like a pool, so that what it pays is traced to those who fed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model.arrays import Floats, Ints
from model.asked.answers import answers
from model.asked.draws import Draws, Paid, Promise
from model.draws import Drawing, Single, Stretches, departures, instalments, per_order
from model.ledger import POINTS_SHOP
from model.mixing import Account
from model.ran import Engines, Ran
from model.scheme import KINDS


def accounts(result: Ran, stretches: Stretches, *, own: bool) -> list[Account]:
    """Every account that paid buyers, a points pool's first, the platform's last."""
    found = [
        account
        for kind in KINDS
        for account in answers(Draws)[kind].accounts(result, stretches, own=own)
    ]
    return found + _kept_promises(result, stretches, own=own)


def _kept_promises(result: Ran, stretches: Stretches, *, own: bool) -> list[Account]:
    """The accounts of fixed promises, and the platform's if it paid any of them."""
    promises = _promises(result.engines)
    if not all(_enough(promise, stretches, own=own) for promise in promises):
        promises = _promises(result.with_whole_payments())
    found, by_platform = [], []
    for promise in promises:
        paid = promise.paid(stretches)
        buyers = promise.share * result.line.sales
        draws = Drawing(stretches, buyers=buyers, outside=np.zeros(result.ticks) + promise.outside)
        parts = [1.0 - one.by_platform for one in paid]
        found.append(_of_part(result, draws, paid, promise.pool, parts, None, own=own))
        by_platform += paid
    if any(part.by_platform.any() for part in by_platform):
        found.append(_platform(result, by_platform, stretches, own=own))
    return found


def _promises(engines: Engines) -> list[Promise]:
    found = [answers(Draws)[kind].promise(engines) for kind in KINDS]
    return [promise for promise in found if promise is not None]


def _enough(promise: Promise, stretches: Stretches, *, own: bool) -> bool:
    """Whether what has been kept of its payments says what is asked."""
    payments = promise.payments
    if payments.coarse is not None and not np.array_equal(stretches.edges, payments.edges):
        return False
    return not (own and (payments.lost or promise.by_account) and not payments.whole)


def _singles(paid: list[Paid], which: Ints, number: Ints) -> Callable[[int, int], Iterator[Single]]:
    """What single orders are paid by each draw: of ``paid[which]``, its draw ``number``."""
    kinds, numbers = which.tolist(), number.tolist()

    def singles(r: int, fresh: int) -> Iterator[Single]:
        part, k = paid[kinds[r]], numbers[r]
        payments, event = part.payments, int(part.event[k])
        if event >= 0 and event in payments.single:
            first, orders, each = payments.single[event]
            skip = max(fresh - first, 0)
            if skip < orders.shape[1]:
                leave = payments.leave[event]
                yield first + skip, orders[:, skip:], each[:, skip:], leave
        beside = part.beside.get(int(part.tick[k]))
        if beside is not None:
            yield from beside(fresh)

    return singles


def _departed(
    paid: list[Paid], which: Ints, number: Ints, share: list[float], *, ticks: int
) -> tuple[Ints, Ints, Floats, Floats] | None:
    """Who leaves with each draw, for :func:`departures`; None if orders are paid several times."""
    leave = all(one.leave for one in paid)
    cells = 0
    for one in paid:
        if one.beside:
            return None
        singles = one.payments.single.values()
        # Of those who leave two rows are who was paid in full and who in part, else packages.
        if not leave and any(len(each) > 1 for _, _, each in singles):
            return None
        cells += sum(each.shape[1] for _, _, each in singles)
    if not leave and cells > ticks:
        return None
    found = []
    for r, (k, n) in enumerate(zip(which.tolist(), number.tolist(), strict=True)):
        if k >= 0:
            single = paid[k].payments.single.get(int(paid[k].event[n]))
            if single is not None:
                found.append((r, single))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0), np.zeros(0)
    sizes = np.array([single[1].size for _, single in found])
    rows = np.repeat([r for r, _ in found], sizes)
    cohorts = np.concatenate(
        [np.tile(np.arange(single[1].shape[1]), len(single[1])) + single[0] for _, single in found]
    )
    if not leave and len(np.unique(cohorts)) < len(cohorts):
        return None
    orders = np.concatenate([single[1].ravel() for _, single in found])
    each = np.concatenate([single[2].ravel() for _, single in found]) * np.array(share)[rows]
    return rows, cohorts, orders, each


def _platform(result: Ran, paid: list[Paid], stretches: Stretches, *, own: bool) -> Account:
    """The platform's account: who fed it, what it paid of the promises, and to others.

    A points shop pays on the spot out of what was just paid in it (a scheme in which it would pay
    more is refused): only what it leaves comes into the account.
    """
    ticks = result.ticks
    buyers, outside, elsewhere = np.zeros((3, ticks))
    for flow in result.ledger.flows:
        if flow.target == "platform":
            side = buyers if flow.source == "buyers" else outside
            side += flow.amount
        if flow.source == "platform" and flow.reason == POINTS_SHOP:
            buyers -= flow.amount
        elif flow.source == "platform" and flow.target != "buyers":
            elsewhere += flow.amount
    draws = Drawing(stretches, buyers=np.maximum(buyers, 0.0), outside=outside)
    balance = np.zeros(ticks) if result.account is None else result.account.balance
    parts = [p.by_platform for p in paid]
    account = _of_part(result, draws, paid, balance, parts, elsewhere, own=own)
    # Capital and the price of territories.
    account.opening = float(outside[0])
    return account


def _of_part(
    result: Ran,
    draws: Drawing,
    paid: list[Paid],
    closing: Floats,
    parts: list[Floats],
    elsewhere: Floats | None,
    *,
    own: bool,
) -> Account:
    """An account that bears the parts ``parts`` of some payments and ``elsewhere``, per tick."""
    stretches = draws.stretches
    ticks, steps, which, number, gross = [], [], [], [], []
    for k, (one, part) in enumerate(zip(paid, parts, strict=True)):
        some = np.flatnonzero((part > 0.0) & (one.yuan.sum(axis=1) > 0.0))
        ticks.append(one.tick[some])
        steps.append(np.full(len(some), one.step))
        which.append(np.full(len(some), k))
        number.append(some)
        yuan = np.zeros((len(some), stretches.count + 1))
        yuan[:, :-1] = one.yuan[some] * part[some, None]
        gross.append(yuan)
    if elsewhere is not None:
        some = np.flatnonzero(elsewhere > 0.0)
        ticks.append(some)
        steps.append(np.full(len(some), 9))
        which.append(np.full(len(some), -1))
        number.append(some)
        yuan = np.zeros((len(some), stretches.count + 1))
        yuan[:, -1] = elsewhere[some]
        gross.append(yuan)
    # A draw of nothing where outside money comes in, so that it is in line behind who had come.
    bare = np.setdiff1d(np.flatnonzero(draws.outside > 0.0), np.concatenate(ticks))
    ticks.append(bare)
    steps.append(np.full(len(bare), -1))
    which.append(np.full(len(bare), -1))
    number.append(bare)
    gross.append(np.zeros((len(bare), stretches.count + 1)))
    tick, step = np.concatenate(ticks), np.concatenate(steps)
    order = np.lexsort((step, tick))
    tick, rows = tick[order], np.concatenate(gross)[order]
    kind, place = np.concatenate(which)[order], np.concatenate(number)[order]
    account = draws.account(tick, rows, closing, later=False, own=None)
    account.others = elsewhere is not None
    if own and len(tick):
        line = result.line
        each_order = per_order(draws.buyers, line.sales, line.prices)
        whole = _singles(paid, kind, place)
        share = [1.0 if k < 0 else float(parts[k][n]) for k, n in zip(kind, place, strict=True)]

        def singles(r: int, fresh: int) -> Iterator[Single]:
            if kind[r] >= 0:
                for first, orders, each, leave in whole(r, fresh):
                    yield first, orders, each if share[r] == 1.0 else share[r] * each, leave

        drawn = rows.sum(axis=1)
        newest = np.array(
            [paid[k].newest[n] if k >= 0 else -1 for k, n in zip(kind, place, strict=True)]
        )
        who = _departed(paid, kind, place, share, ticks=result.ticks)
        if who is not None:
            mine = departures(tick, drawn, account.there, who, each_order[0], stretches, newest)
        else:
            both = any(one.payments is not paid[0].payments for one in paid)
            people = np.maximum(line.orders, 1.0) if both else None
            mine = instalments(
                tick, drawn, account.there, singles, each_order, stretches, newest, people
            )
        account.own = account.own_net = np.minimum(mine, rows[:, :-1])
    return account
