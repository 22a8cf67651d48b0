"""One account's money followed: what each payment draws on, by who had paid it in.

An account is a list of draws in the order in which they happen (:class:`Account`). Everything is
linear in their number: running sums over blocks in which the share that is left stays far from
nought (``mixed``, and the rest of ``own``), overlaps of two running sums (``oldest``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from model.arrays import Bools, Floats, Ints

#: A draw that leaves no more than this part has emptied the account.
EMPTY = 1e-12
#: Running sums start afresh once this power of e of what was there is left.
_LOG_LITTLE = -14.0
#: Up to so many draws between two that empty the account are worked out one after the other.
_SHORT = 8
_BLOCK = 200_000


@dataclass(kw_only=True)
class Account:
    """What went into one account and what it paid, in yuan; payers and recipients by stretch.

    ``money`` (draws, payers): what came in since the draw before; payers are fees, the stretches of
    joining time and outside, in the order in which their money comes. ``gross`` (draws,
    recipients): what is drawn, before the fee; recipients are the stretches and, last, whoever is
    no buyer. ``tick``, from 0, is when; a last draw of nothing, for the fee of the one before, has
    none. ``there`` (draws,): what is in the account before the draw. ``own`` and ``own_net``
    (draws, stretches): of what is drawn, the recipients' own contributions, and what they are paid
    out of them. ``others_later`` (draws,): whether the other orders of a recipient's own stretch
    count as later ones; if not, half of them.
    """

    tick: Ints
    money: Floats
    gross: Floats
    there: Floats
    fee: float
    others_later: Bools
    own: Floats | None = None
    own_net: Floats | None = None
    #: Of the outside money before the first draw, what was there before the first order.
    opening: float = 0.0
    #: Whether those who are no buyers are left out of what is shown.
    others: bool = False
    #: Whether the recipients of one draw take turns, the oldest first, or take together.
    in_turn: bool = False


@dataclass
class Traced:
    """Who paid whom: yuan after the fee, recipient x payer; own contributions apart.

    ``others_later`` is the part of ``matrix`` in which the rest of the own stretch came later.
    """

    matrix: Floats
    others_later: Floats
    own: Floats


def scatter(place: Ints, amounts: Floats, shape: tuple[int, ...]) -> Floats:
    """Sums of ``amounts`` by their place in an array of ``shape``, counted row by row."""
    size = prod(shape)
    sums = np.bincount(place, weights=amounts, minlength=size)
    found: Floats = sums.astype(float, copy=False)
    return found.reshape(shape)


def drawn_part(drawn: Floats, there: Floats) -> Floats:
    """The part of an account that each draw takes, at most all of it."""
    part = np.divide(drawn, there, out=np.zeros(len(drawn)), where=(there > 0.0) & (drawn > 0.0))
    return np.where(part >= 1.0 - EMPTY, 1.0, np.minimum(part, 1.0))


def product(left: Floats, right: Floats) -> Floats:
    """``left.T @ right`` of long thin matrices.

    A block of rows at a time, so small that the library does not start threads for it: for matrices
    of this shape they cost more than they save.
    """
    size = max(_BLOCK // max(left.shape[1] * right.shape[1], 1), 1)
    found = np.zeros((left.shape[1], right.shape[1]))
    for start in range(0, len(left), size):
        found += left[start : start + size].T @ right[start : start + size]
    return found


def held(money: Floats, keep: Floats) -> Floats:
    """What is in an account before each draw, by payer, when a draw leaves the part ``keep``.

    ``money`` (draws, payers) comes in before each, own contributions taken off, so that it can be
    negative; by rounding, so can what is there. With G the product of the parts left so far, what
    is there is G times the running sum of money / G; G starts again from one when the account has
    been emptied, and before the sums lose their digits.
    """
    found = money.copy()
    if len(keep) < 2:
        return found
    goes_on = keep[:-1] > 0.0  # whether anything is left for the next draw
    if not goes_on.any():
        return found
    edges = np.flatnonzero(np.diff(goes_on.astype(np.int8), prepend=0, append=0))
    starts, ends = edges[::2], edges[1::2] + 1
    short = ends - starts <= _SHORT
    at, last = starts[short] + 1, ends[short]
    while len(at):
        found[at] += keep[at - 1, None] * found[at - 1]
        at, last = at[at + 1 < last] + 1, last[at + 1 < last]
    if short.all():
        return found
    decay = np.cumsum(-np.log(np.where(keep > 0.0, keep, 1.0)))
    for start, end in zip(starts[~short].tolist(), ends[~short].tolist(), strict=True):
        place = start
        while place < end - 1:
            # At least one draw further, however much it takes.
            before = decay[place - 1] if place else 0.0
            stop = int(np.searchsorted(decay[:end], before - _LOG_LITTLE, side="right")) + 1
            stop = min(max(stop, place + 2), end)
            left = np.concatenate(([1.0], np.cumprod(keep[place : stop - 1])))[:, None]
            block = found[place:stop] / left
            found[place:stop] = np.cumsum(block, axis=0) * left
            place = stop - 1
    return found


def in_proportion(account: Account, *, own_first: bool) -> Traced:
    """Every draw takes of all that is there in proportion, after own contributions if so."""
    gross, fee, stretches = account.gross, account.fee, account.gross.shape[1] - 1
    money = account.money
    others = (1.0 - fee) * gross
    drawn, there = gross.sum(axis=1), account.there
    own = np.zeros(stretches)
    if own_first and account.own is not None and account.own_net is not None:
        taken = account.own.sum(axis=1)
        money = money.copy()
        money[:, 1:-1] -= account.own
        others[:, :stretches] = np.maximum(others[:, :stretches] - account.own_net, 0.0)
        drawn, there = np.maximum(drawn - taken, 0.0), np.maximum(there - taken, 0.0)
        own = account.own_net.sum(axis=0)
    part = drawn_part(drawn, there)
    short: Ints = np.flatnonzero((drawn > there) & (fee > 0.0))
    if len(short):
        # Where nearly all leave at once, fees of the first pay the last, and what is left are fees.
        money = money.copy()
        rest = account.there[short] - (1.0 - fee) * gross[short].sum(axis=1)
        money[np.minimum(short + 1, len(money) - 1), 0] = np.maximum(rest, 0.0)
    parts = np.maximum(held(money, 1.0 - part), 0.0)
    whole = parts.sum(axis=1)
    parts *= np.divide(1.0, whole, out=np.zeros(len(whole)), where=whole > 0.0)[:, None]
    if len(short):
        by_mix = (there[short] / drawn[short])[:, None]
        parts[short] *= by_mix
        parts[short, 0] += 1.0 - by_mix[:, 0]
    matrix = product(others, parts)
    later = account.others_later
    some = later.any()
    if some and not later.all():
        others_later = product(others[later], parts[later])
    else:
        others_later = matrix * some
    return Traced(matrix, others_later, own)


def oldest_first(account: Account) -> Traced:
    """The money that came in first goes out first: overlaps of two running sums."""
    gross, money = account.gross, account.money
    if account.opening > 0.0 and len(money):
        money = np.append(np.zeros((1, money.shape[1])), money, axis=0)
        money[0, -1], money[1, -1] = account.opening, max(money[1, -1] - account.opening, 0.0)
        gross = np.append(np.zeros((1, gross.shape[1])), gross, axis=0)
    draws, payers = money.shape
    recipients = gross.shape[1]
    come, gone = np.flatnonzero(money), np.flatnonzero(gross)
    into, out = np.cumsum(money.ravel()[come]), np.cumsum(gross.ravel()[gone])
    matrix = np.zeros((recipients, payers))
    if not len(come) or not len(gone):
        return Traced(matrix, matrix, np.zeros(recipients - 1))
    cuts = np.concatenate((into, out))
    cuts.sort(kind="stable")
    size = np.diff(cuts, prepend=0.0)
    # What a piece between two cuts belongs to: the first running sum that is not before its end.
    payer = come[np.minimum(np.searchsorted(into, cuts), len(come) - 1)] % payers
    to = gone[np.minimum(np.searchsorted(out, cuts), len(gone) - 1)]
    size[cuts > out[-1]] = 0.0
    if account.in_turn:
        place = (to % recipients) * payers + payer
        matrix = scatter(place, size, matrix.shape)
    else:
        place = (to // recipients) * payers + payer
        each = scatter(place, size, (draws, payers))
        total = gross.sum(axis=1)
        matrix = product(gross / np.where(total > 0.0, total, 1.0)[:, None], each)
    return Traced((1.0 - account.fee) * matrix, matrix, np.zeros(recipients - 1))


def follow(account: Account, *, method: str) -> Traced:
    """Who paid whom out of one account under a convention of :mod:`model.funding`."""
    if method == "oldest":
        return oldest_first(account)
    return in_proportion(account, own_first=method == "own")
