"""Paper games: a table worked out by the model, small enough to be added up by hand.

Money is counted in notes. What a game changes of its preset (fewer buyers, rounder sums) is told on
the page; the parts of a price and the rules of payment stay those of the preset.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, gcd, lcm
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np

from model import load
from model import relay as relays
from model.library import preset
from model.recruitment import build
from model.result import Result
from view.settings.runs import played

#: Who plays at a table, and cards of notes on a page.
PLAYERS: Final = 10
NOTES_A_PAGE: Final = 48


class Cell(NamedTuple):
    """A number of a table and how it is said; units as in view/kit/numbers.py."""

    value: float
    unit: str = "count"


class Game(NamedTuple):
    """A game in numbers.

    preset: reference. rows: of the ledger as worked out; the first column is what a row is named
    by. numbers: what its sentences want, by name. lists: the same of several numbers, in groups:
    those who come in each round. whose: seats and what they paid of what one seat got.
    cards: of those to cut out, the numbers that their words want. note: what a note is worth, yuan;
    0: played without. notes: how many a game takes. changed: keys that the game sets otherwise
    than its preset.
    """

    preset: str
    rows: tuple[tuple[Cell, ...], ...]
    numbers: Mapping[str, Cell]
    cards: tuple[Mapping[str, Cell], ...]
    note: float = 0.0
    notes: int = 0
    changed: tuple[str, ...] = ()
    lists: Mapping[str, tuple[tuple[int, ...], ...]] = MappingProxyType({})
    whose: tuple[tuple[int, float], ...] = ()

    @property
    def pages_of_notes(self) -> int:
        """How often the page with notes is printed."""
        return ceil(self.notes / NOTES_A_PAGE)


def game(lesson: str) -> Game:
    """The game of a lesson; raises KeyError for one that does not exist."""
    return _game(lesson)


@lru_cache(maxsize=16)
def _game(lesson: str) -> Game:
    return _MAKERS[lesson]()


def _yuan(value: float) -> Cell:
    return Cell(float(value), "yuan")


def _whole(value: float) -> Cell:
    """Money to the whole yuan: what children write down."""
    return Cell(float(value), "whole")


def _exact(value: float) -> Fraction:
    """The decimal that a preset states."""
    return Fraction(repr(float(value)))


def _note(*amounts: float) -> Fraction:
    """The largest note in which all these can be paid, yuan."""
    exact = [_exact(amount) for amount in amounts]
    below = lcm(*(one.denominator for one in exact))
    return Fraction(gcd(*(int(one * below) for one in exact)), below)


def _listed(orders: Sequence[int]) -> dict[str, Any]:
    """Changes with which so many orders come in each round."""
    told = {"kind": "list", "orders": tuple(float(n) for n in orders)}
    return {**{f"demand.{key}": value for key, value in told.items()}, "horizon": len(orders)}


def _ticks(result: Result, *columns: str) -> list[list[float]]:
    """Rows of the run's series, (ticks, columns)."""
    found: list[list[float]] = result.series[list(columns)].to_numpy(dtype=float).tolist()
    return found


def _total(result: Result, column: str) -> float:
    return float(result.series[column].to_numpy(dtype=float).sum())


def _numbered(count: int) -> tuple[Mapping[str, Cell], ...]:
    return tuple({"n": Cell(number)} for number in range(1, count + 1))


# -- a row of notes --------------------------------------------------------------------------------


class Paid(NamedTuple):
    """A seat after the game, yuan: what it paid, what it got, and whose notes those were."""

    seat: int
    paid: Fraction
    got: Fraction
    whose: tuple[tuple[int, Fraction], ...]


def row_of_notes(
    rounds: Iterable[Sequence[int]], *, spend: Fraction, into: Fraction, refund: Fraction
) -> list[Paid]:
    """What becomes of each seat in a queue played with notes that lie in a row.

    Who buys lays notes at the end of the row; after each round whoever is first in line takes from
    its front until it has a whole refund, and may wait for the rest. rounds: the seats that buy in
    each, in order. This is the convention *oldest* of model.funding, in exact fractions.
    """
    row: deque[tuple[int, Fraction]] = deque()
    line: deque[int] = deque()
    paid: dict[int, Fraction] = {}
    whose: dict[int, dict[int, Fraction]] = {}
    due = refund
    for seats in rounds:
        for seat in seats:
            row.append((seat, into))
            line.append(seat)
            paid[seat] = paid.get(seat, Fraction(0)) + spend
        while line and row:
            owner, amount = row.popleft()
            taken = min(due, amount)
            found = whose.setdefault(line[0], {})
            found[owner] = found.get(owner, Fraction(0)) + taken
            due -= taken
            if amount > taken:
                row.appendleft((owner, amount - taken))
            if not due:
                line.popleft()
                due = refund
    return [
        Paid(seat, paid[seat], sum(found.values(), Fraction(0)), tuple(sorted(found.items())))
        for seat in sorted(paid)
        for found in [whose.get(seat, {})]
    ]


#: The worked example of the class: the seats that buy in each round; in the last nobody does.
BUYING: Final = ((1, 2, 3, 4), (5, 6, 7), (1, 8, 9), (2, 10), ())
_ROOM: Final = "guild-queue"
#: On paper there are no days to wait and nobody who recruits.
_ROOM_CHANGES: Final = {"refund_queue.lock": 0, "refund_queue.advance": 0}


def _room() -> Game:
    """A class that buys or waits, in a queue: bowl, refunds and whose notes they were."""
    scheme = load(_ROOM, {**_ROOM_CHANGES, **_listed([len(seats) for seats in BUYING])})
    spend = _exact(scheme.order.mean_spend)
    into = _exact(scheme.get("refund_queue.share")) * spend
    refund = _exact(scheme.get("refund_queue.refund")) * spend
    ended = row_of_notes(BUYING, spend=spend, into=into, refund=refund)
    result = played(scheme)
    columns = ("orders", "paid_in", "paid_out", "exits", "holders")
    rows = tuple(
        (Cell(number), Cell(come), _yuan(paid_in), _yuan(paid_out), Cell(exits), Cell(waiting))
        for number, (come, paid_in, paid_out, exits, waiting) in enumerate(
            _ticks(result, *columns), start=1
        )
    )
    mine = max((one for one in ended if one.got), key=lambda one: one.got - one.paid)
    others = [(owner, amount) for owner, amount in mine.whose if owner != mine.seat]
    note = _note(float(into), float(refund))
    numbers = {
        "players": Cell(PLAYERS),
        "rounds": Cell(len(BUYING)),
        "spend": _yuan(float(spend)),
        "into": _yuan(float(into)),
        "refund": _yuan(float(refund)),
        "note": _yuan(float(note)),
        "notes": Cell(float(into / note)),
        "orders": Cell(_total(result, "orders")),
        "paid": _yuan(float(sum(one.paid for one in ended))),
        "in": _yuan(_total(result, "paid_in")),
        "out": _yuan(_total(result, "paid_out")),
        "pool": _yuan(_ticks(result, "pool")[-1][0]),
        "waiting": rows[-1][5],
        "refunded": Cell(_total(result, "exits")),
        "whole": Cell(sum(one.got >= one.paid for one in ended)),
        "seat": Cell(mine.seat),
        "got": _yuan(float(mine.got)),
        "others": _yuan(float(sum(amount for _, amount in others))),
    }
    return Game(
        preset=preset(_ROOM).reference,
        rows=rows,
        numbers=numbers,
        cards=_numbered(PLAYERS),
        note=float(note),
        # Everybody may buy in every round.
        notes=int(into / note) * PLAYERS * len(BUYING),
        changed=tuple(_ROOM_CHANGES),
        lists={"buying": BUYING},
        whose=tuple((owner, float(amount)) for owner, amount in mine.whose),
    )


# -- points, order by order ------------------------------------------------------------------------


def _points(name: str, orders: int) -> Result:
    return played(load(name, {"tick": "order", "horizon": orders}))


def _price() -> Game:
    """Ten orders: the price of a point beside what the bowl has for each buyer."""
    name, orders = "wine-points", PLAYERS
    result = _points(name, orders)
    scheme = result.scheme
    spend = scheme.order.mean_spend
    into = float(scheme.get("points_pool.share")) * spend
    launch = float(scheme.get("points_pool.launch_price"))
    rows = tuple(
        (
            Cell(number),
            _yuan(into),
            _yuan(pool),
            Cell(price / launch, "times"),
            _yuan(pool / waiting),
        )
        for number, (pool, price, waiting) in enumerate(
            _ticks(result, "pool", "price", "holders"), start=1
        )
    )
    note = _note(into)
    return Game(
        preset=preset(name).reference,
        rows=rows,
        numbers={
            "players": Cell(PLAYERS),
            "spend": _yuan(spend),
            "into": _yuan(into),
            "note": _yuan(float(note)),
            "notes": Cell(float(_exact(into) / note)),
            "price": rows[-1][3],
            "pool": rows[-1][2],
            "each": rows[-1][4],
            "paid": _yuan(spend * orders),
        },
        cards=tuple({"n": Cell(k), "price": row[3]} for k, row in enumerate(rows, start=1)),
        note=float(note),
        notes=int(_exact(into) / note) * PLAYERS,
    )


def _place() -> Game:
    """Ten places drawn from a hat, then twice as many: what the points of each are worth."""
    name, short, long = "thousand-yuan-points", PLAYERS, 2 * PLAYERS
    worth = {n: _worth(_points(name, n)) for n in (short, long)}
    scheme = load(name)
    spend = scheme.order.mean_spend
    into = float(scheme.get("points_pool.share")) * spend
    rows = tuple(
        (Cell(place), _yuan(spend), _whole(worth[short][place - 1]), _whole(worth[long][place - 1]))
        for place in range(1, short + 1)
    )
    first, last = worth[short][0], worth[short][-1]
    above = int((worth[short] >= worth[short].mean()).sum())
    return Game(
        preset=preset(name).reference,
        rows=rows,
        numbers={
            "players": Cell(PLAYERS),
            "longer": Cell(long),
            "spend": _yuan(spend),
            "into": _yuan(into),
            "all": _whole(worth[short].sum()),
            "mean": _whole(worth[short].mean()),
            "mean_longer": _whole(worth[long].mean()),
            "first": _whole(first),
            "last": _whole(last),
            "above": Cell(above),
            "fee": Cell(float(scheme.get("points_pool.fee")), "percent"),
        },
        cards=_numbered(PLAYERS),
    )


def _worth(result: Result) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What each order has, cash and points at the last price before the fee, yuan, (orders,)."""
    cohorts = result.cohorts
    return (cohorts["received"] + cohorts["held_value"]).to_numpy(dtype=float)


#: Orders there are cards for, and of which order the worth is followed beside the first.
_STOP_ORDERS, _STOP_LATER = 12, 4


def _stop() -> Game:
    """A die decides when orders stop: what the points of two orders are worth by then."""
    name = "thousand-yuan-points"
    result = _points(name, _STOP_ORDERS)
    scheme = result.scheme
    spend = scheme.order.mean_spend
    into = float(scheme.get("points_pool.share")) * spend
    price = [price for (price,) in _ticks(result, "price")]
    held = [float(value) / price[-1] for value in result.cohorts["held_value"].to_numpy(float)]
    later = _STOP_LATER - 1
    rows = tuple(
        (
            Cell(number),
            Cell(price[number - 1], "times"),
            _whole(held[0] * price[number - 1]),
            _whole(held[later] * price[number - 1]) if number >= _STOP_LATER else Cell(0.0, "none"),
            _whole(held[number - 1] * price[number - 1]),
        )
        for number in range(1, _STOP_ORDERS + 1)
    )
    return Game(
        preset=preset(name).reference,
        rows=rows,
        numbers={
            "orders": Cell(_STOP_ORDERS),
            "later": Cell(_STOP_LATER),
            "spend": _yuan(spend),
            "into": _yuan(into),
            "first": rows[-1][2],
            "then": rows[later][3],
            "worth": rows[-1][3],
        },
        cards=tuple({"n": Cell(k), "price": row[1]} for k, row in enumerate(rows, start=1)),
    )


# -- a queue, cash every day, a sound one ----------------------------------------------------------


def _queue() -> Game:
    """Order by order: the bowl, who is refunded, how many wait."""
    name, orders = "three-in-one-out", 12
    result = played(load(name, {"tick": "order", "horizon": orders}))
    scheme = result.scheme
    spend = scheme.order.mean_spend
    into = float(scheme.get("refund_queue.share")) * spend
    refund = float(scheme.get("refund_queue.refund")) * spend
    rows = tuple(
        (
            Cell(number),
            _yuan(into),
            _yuan(paid_out),
            _yuan(pool),
            Cell(waiting),
        )
        for number, (paid_out, pool, waiting) in enumerate(
            _ticks(result, "paid_out", "pool", "holders"), start=1
        )
    )
    note = _note(into, refund)
    refunded = int(result.totals["left"])
    return Game(
        preset=preset(name).reference,
        rows=rows,
        numbers={
            "orders": Cell(orders),
            "spend": _yuan(spend),
            "into": _yuan(into),
            "refund": _yuan(refund),
            "newcomers": Cell(float(scheme.get("refund_queue.newcomers"))),
            "note": _yuan(float(note)),
            "notes": Cell(float(_exact(into) / note)),
            "refunded": Cell(refunded),
            "waiting": Cell(orders - refunded),
            "pool": rows[-1][3],
        },
        cards=_numbered(orders),
        note=float(note),
        notes=int(_exact(into) / note) * orders,
    )


def _due_and_paid(result: Result, due: Sequence[float]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of (round, newcomers, paid in, due, paid out, in the bowl); due: yuan, (rounds,)."""
    columns = _ticks(result, "orders", "paid_in", "paid_out", "pool")
    return tuple(
        (Cell(number), Cell(come), _yuan(paid_in), _yuan(owed), _yuan(paid_out), _yuan(pool))
        for number, (owed, (come, paid_in, paid_out, pool)) in enumerate(
            zip(due, columns, strict=False), start=1
        )
    )


#: Newcomers of each round.
COMING: Final = (4, 3, 2, 1, 0, 0)
_DAILY: Final = "ad-tasks"


def _daily() -> Game:
    """Everybody is due a tenth of the price in every round after the one of the order.

    The share that reaches the pool is the preset's, its rule without tasks, in rounder sums.
    """
    share = float(load(_DAILY).get("scheduled_release.share"))
    changes = {
        "order.spend": 100,
        "scheduled_release.share": share,
        "scheduled_release.gift_multiple": 1.0,
        "scheduled_release.daily_rate": 0.1,
        "platform.policy": "cut",
    }
    scheme = load("own:scheduled_release", {**changes, **_listed(COMING)})
    result = played(scheme)
    spend = scheme.order.mean_spend
    into, due = share * spend, float(scheme.get("scheduled_release.daily_rate")) * spend
    holders = [0.0, *(waiting for (waiting,) in _ticks(result, "holders"))]
    rows = _due_and_paid(result, [due * waiting for waiting in holders])
    short = [row for row in rows if row[4].value < row[3].value]
    full = int(short[0][0].value) - 1 if short else len(rows)
    cohorts = result.cohorts
    got = (cohorts["received"] / cohorts["buyers"]).to_numpy(dtype=float)
    note = _note(into, due)
    return Game(
        preset=preset(_DAILY).reference,
        rows=rows,
        numbers={
            "players": Cell(sum(COMING)),
            "rounds": Cell(len(COMING)),
            "spend": _yuan(spend),
            "into": _yuan(into),
            "due": _yuan(due),
            "full": Cell(full),
            "first": _yuan(got[0]),
            "last": _yuan(got[-1]),
            "note": _yuan(float(note)),
            "notes": Cell(float(_exact(into) / note)),
            "in": _yuan(_total(result, "paid_in")),
            "out": _yuan(_total(result, "paid_out")),
            "pool": rows[-1][5],
        },
        cards=_numbered(sum(COMING)),
        note=float(note),
        notes=int(_exact(into) / note) * sum(COMING),
        changed=tuple(key for key in changes if key != "scheduled_release.share"),
        lists={"coming": tuple((number,) for number in COMING)},
    )


_SOUND: Final = "stamp-card"


def _sound() -> Game:
    """The same newcomers at a shop that sets aside what it promises."""
    scheme = load(_SOUND, _listed(COMING))
    result = played(scheme)
    spend = scheme.order.mean_spend
    aside = float(scheme.get("scheduled_release.share")) * spend
    promised = float(scheme.get("scheduled_release.gift_multiple")) * spend
    rows = _due_and_paid(result, [0.0, *(owed for (owed,) in _ticks(result, "promised"))])
    rate = float(scheme.get("scheduled_release.daily_rate"))
    twice = {
        # Due at once, as before.
        "scheduled_release.gift_multiple": 2 * promised / spend,
        "scheduled_release.daily_rate": 2 * rate,
        "platform.policy": "cut",
    }
    more = played(load(_SOUND, {**twice, **_listed(COMING)}))
    owed = [0.0, *(left for (left,) in _ticks(more, "promised"))]
    short = [row[0] for row in _due_and_paid(more, owed) if row[4].value < row[3].value - 1e-9]
    note = _note(aside, promised)
    return Game(
        preset=preset(_SOUND).reference,
        rows=rows,
        numbers={
            "players": Cell(sum(COMING)),
            "rounds": Cell(len(COMING)),
            "spend": _yuan(spend),
            "aside": _yuan(aside),
            "promised": _yuan(promised),
            "twice": _yuan(2 * promised),
            "short": short[0] if short else Cell(0.0, "none"),
            "note": _yuan(float(note)),
            "notes": Cell(float(_exact(aside) / note)),
            "in": _yuan(_total(result, "paid_in")),
            "out": _yuan(_total(result, "paid_out")),
        },
        cards=_numbered(sum(COMING)),
        note=float(note),
        notes=int(_exact(aside) / note) * sum(COMING),
        lists={"coming": tuple((number,) for number in COMING)},
    )


# -- recruiters, the relay -------------------------------------------------------------------------

MEMBERS, SEED = 20, 4


def _recruiters() -> Game:
    """Twenty join one after another, each brought by one drawn from a hat."""
    name = "lifetime-points"
    scheme = load(name)
    spend, direct = scheme.order.mean_spend, float(scheme.get("commission.direct"))
    tree = build(joins=np.ones(MEMBERS, dtype=np.int64), seed=SEED, pull=0.0)
    recruits = tree.recruits
    rows = tuple(
        (
            Cell(number),
            Cell(float(tree.recruiter[number - 1]) + 1.0, "count" if number > 1 else "none"),
            Cell(float(recruits[number - 1])),
            _yuan(float(recruits[number - 1]) * direct * spend),
        )
        for number in range(1, MEMBERS + 1)
    )
    needed = ceil(1 / direct - 1e-9)
    return Game(
        preset=preset(name).reference,
        rows=rows,
        numbers={
            "members": Cell(MEMBERS),
            "spend": _yuan(spend),
            "a_recruit": _yuan(direct * spend),
            "direct": Cell(direct, "percent"),
            "needed": Cell(needed),
            "none": Cell(float((recruits == 0).sum())),
            "most": Cell(float(recruits.max())),
            "whole": Cell(float((recruits >= needed).sum())),
            "brought": Cell(float(recruits.sum())),
        },
        cards=_numbered(MEMBERS),
    )


_RELAY_SALES: Final = 10


def _relay() -> Game:
    """A lot from hand to hand: its price, what the seller keeps, what the platform takes."""
    file = relays.consign_relay()
    rule = file.relay
    ended = [relays.ended(rule, sales=k) for k in range(_RELAY_SALES + 1)]
    rows = tuple(
        (
            Cell(one.sales, "count"),
            _whole(one.price),
            _whole(one.gains),
            _whole(one.fees),
            _whole(one.loss),
        )
        for one in ended
    )
    last = ended[-1]
    return Game(
        preset=file.reference,
        rows=rows,
        numbers={
            "players": Cell(_RELAY_SALES + 1),
            "sales": Cell(_RELAY_SALES),
            "first_price": _yuan(rule.first_price),
            "rise": Cell(rule.rise, "percent"),
            "fee": Cell(rule.fee, "percent"),
            "gain": Cell(rule.gain, "percent"),
            "worth": _yuan(rule.worth),
            "price": _whole(last.price),
            "first_sale": _whole(last.first_sale),
            "gains": _whole(last.gains),
            "fees": _whole(last.fees),
            "loss": _whole(last.loss),
        },
        cards=tuple({"n": Cell(one.sales), "price": _whole(one.price)} for one in ended),
    )


_MAKERS: Final[Mapping[str, Callable[[], Game]]] = {
    "room": _room,
    "price": _price,
    "place": _place,
    "stop": _stop,
    "queue": _queue,
    "daily": _daily,
    "recruiters": _recruiters,
    "relay": _relay,
    "sound": _sound,
}
