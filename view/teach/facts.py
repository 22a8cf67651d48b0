"""What each lesson is about, in numbers: the model's, from a preset that is named.

A lesson has one chart. Of its curve the beginning is shown, the rest is drawn by hand at a few
places and then compared; one knob has a handful of stops, each with its own curve. The printed kit
and the class room take their numbers from here too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np

from model import load
from model import relay as relays
from model.arrays import Floats
from model.library import places, preset
from model.recruitment import build
from model.result import Result
from model.rounds import rounds
from model.yardstick import simulated_share, yardstick
from view.settings.runs import played

#: In the order in which a class has them.
LESSONS: Final = ("price", "place", "stop", "queue", "daily", "recruiters", "relay", "sound")
#: Points of a curve at most.
MOST_POINTS: Final = 41


class Curve(NamedTuple):
    """A line of a chart: x and y, both (points,)."""

    x: tuple[float, ...]
    y: tuple[float, ...]

    def at(self, x: float) -> float:
        """Its height there; between two points on the straight line."""
        return float(np.interp(x, self.x, self.y))


class Stop(NamedTuple):
    """Where the knob can stand. ``numbers``: as in :class:`Facts`, of this stop."""

    value: float
    curve: Curve
    numbers: Mapping[str, float]
    beside: Curve | None = None


class Facts(NamedTuple):
    """A lesson in numbers.

    preset: id and revision. settings: what is changed of it. numbers: by name; yuan, shares,
    orders, days. curve: of these settings. seen: up to this x it is shown before anybody draws.
    asked: where it is drawn, x. top: the highest y of the chart. beside: a second line in its own
    unit, drawn up to ``beside_top``. knob: the key that the stops change (``pull`` and ``sales``
    are the lesson's own). usual: the stop with the settings above. money: whether the page Follow
    the money has this preset.
    """

    lesson: str
    preset: str
    settings: Mapping[str, Any]
    numbers: Mapping[str, float]
    curve: Curve
    seen: float
    asked: tuple[float, ...]
    top: float
    knob: str
    usual: int
    stops: tuple[Stop, ...]
    beside: Curve | None = None
    beside_top: float = 1.0
    money: bool = True

    @property
    def truth(self) -> tuple[float, ...]:
        """The curve where it is drawn by hand, (asked,)."""
        return tuple(self.curve.at(x) for x in self.asked)


def facts(lesson: str) -> Facts:
    """The numbers of a lesson; raises KeyError for one that does not exist."""
    return _facts(lesson)


@lru_cache(maxsize=len(LESSONS))
def _facts(lesson: str) -> Facts:
    return _MAKERS[lesson](lesson)


def _curve(x: Floats, y: Floats) -> Curve:
    """A curve with no more points than a chart can show; first and last stay."""
    at = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).astype(int))
    return Curve(
        tuple(float(one) for one in np.asarray(x, dtype=float)[at]),
        tuple(float(one) for one in np.asarray(y, dtype=float)[at]),
    )


def _run(name: str, changes: Mapping[str, Any]) -> Result:
    return played(load(name, dict(changes)))


def _ticks(result: Result) -> Floats:
    return result.series.index.to_numpy(dtype=float)


def _stops(
    values: tuple[float, ...], made: Callable[[float], Stop], usual: float
) -> tuple[tuple[Stop, ...], int]:
    return tuple(made(value) for value in values), values.index(usual)


# -- the price rises, the pool does not ----------------------------------------------------------

_PRICE: Final = "wine-points"


def _price(lesson: str) -> Facts:
    """Yuan in the pool for each buyer who waits, beside the price of a point; by days.

    The knob: orders a day.
    """
    scheme = load(_PRICE)
    spend = scheme.order.mean_spend

    def made(orders: float) -> Stop:
        result = _run(_PRICE, {"demand.orders_per_tick": orders})
        series, ticks = result.series, _ticks(result)
        each = (series["pool"] / series["holders"]).to_numpy(dtype=float)
        price = series["price"].to_numpy(dtype=float)
        numbers = {
            "orders": orders,
            "days": float(ticks[-1]),
            "spend": spend,
            "into_pool": float(scheme.get("points_pool.share")) * spend,
            "price": float(price[-1]) / float(scheme.get("points_pool.launch_price")),
            "each": float(each[-1]),
            "waiting": float(series["holders"].iloc[-1]),
            "whole": simulated_share(result),
        }
        return Stop(orders, _curve(ticks, each), numbers, _curve(ticks, price))

    values = (100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0)
    stops, usual = _stops(values, made, float(scheme.demand.orders_per_tick))
    mine = stops[usual]
    beside_top = max(max(one.beside.y) for one in stops if one.beside is not None)
    return Facts(
        lesson=lesson,
        preset=preset(_PRICE).reference,
        settings={},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=1.0,
        asked=(52.0, 104.0, 156.0, 208.0, 260.0, 313.0, 365.0),
        top=spend,
        knob="demand.orders_per_tick",
        usual=usual,
        stops=stops,
        beside=mine.beside,
        beside_top=beside_top,
    )


# -- who is paid: your place in the line -----------------------------------------------------------

_PLACE: Final = "thousand-yuan-points"
#: The line in so many equal parts.
PARTS: Final = 10


def _place(lesson: str) -> Facts:
    """Yuan a buyer has, cash and points at the last price before the fee; by tenths of the line.

    The knob: for how many days it has run.
    """
    scheme = load(_PLACE)
    spend = scheme.order.mean_spend

    def made(days: float) -> Stop:
        result = _run(_PLACE, {"horizon": int(days)})
        cohorts = result.cohorts
        buyers = cohorts["buyers"].to_numpy(dtype=float)
        worth = (cohorts["received"] + cohorts["held_value"]).to_numpy(dtype=float)
        line = np.concatenate(([0.0], np.cumsum(buyers)))
        total = np.concatenate(([0.0], np.cumsum(worth)))
        edges = np.linspace(0.0, line[-1], PARTS + 1)
        tenths = np.diff(np.interp(edges, line, total)) / np.diff(edges)
        each = worth / buyers
        middle = int(np.searchsorted(line, line[-1] / 2)) - 1
        mean = float(total[-1] / line[-1])
        numbers = {
            "days": days,
            "orders": float(line[-1]),
            "a_day": float(scheme.demand.orders_per_tick),
            "spend": spend,
            "into_pool": float(scheme.get("points_pool.share")) * spend,
            "mean": mean,
            "middle": float(each[middle]),
            "first": float(tenths[0]),
            "last": float(tenths[-1]),
            "above": float(buyers[each >= mean].sum() / line[-1]),
            "whole": simulated_share(result),
            "fee": float(scheme.get("points_pool.fee")),
        }
        return Stop(days, _curve(np.arange(1.0, PARTS + 1), tenths), numbers)

    values = (30.0, 90.0, 180.0, 365.0, 730.0, 1095.0, 1825.0)
    stops, usual = _stops(values, made, float(scheme.horizon))
    mine = stops[usual]
    return Facts(
        lesson=lesson,
        preset=preset(_PLACE).reference,
        settings={},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=0.0,
        asked=tuple(float(part) for part in range(1, PARTS + 1)),
        top=spend,
        knob="horizon",
        usual=usual,
        stops=stops,
    )


# -- what if orders stop ---------------------------------------------------------------------------

_STOP: Final = "thousand-yuan-points"
#: The day of the buyer who is followed, the last day with orders, and the days drawn.
ENTRY: Final = 30
LAST: Final = 180.0
STOP_DAYS: Final = 365


def _stop(lesson: str) -> Facts:
    """Yuan that the points of an order of day 30 are worth, before the fee; by days.

    The knob: the last day with orders; the last stop of it: they never stop.
    """
    scheme = load(_STOP)
    spend, a_day = scheme.order.mean_spend, float(scheme.demand.orders_per_tick)
    factor = yardstick(scheme).back

    def made(day: float) -> Stop:
        stops = {"demand.stop_tick": int(day)} if day < STOP_DAYS else {}
        result = _run(_STOP, {"horizon": STOP_DAYS, **stops})
        held = result.cohorts["held_value"] / result.cohorts["buyers"]
        price = result.series["price"].to_numpy(dtype=float)
        each = float(held.loc[ENTRY:ENTRY].iloc[0]) * price / price[-1]
        there = _ticks(result)[ENTRY - 1 :], each[ENTRY - 1 :]
        numbers = {
            "day": day,
            "entry": float(ENTRY),
            "end": float(STOP_DAYS),
            "a_day": a_day,
            "spend": spend,
            "worth_then": float(each[ENTRY - 1]),
            "worth_stop": float(each[int(day) - 1]),
            "worth_end": float(each[-1]),
            "factor": factor,
            "orders_then": ENTRY * a_day,
            "orders_needed": ENTRY * a_day * factor,
            "days_needed": ENTRY * factor,
        }
        return Stop(day, _curve(*there), numbers)

    values = (60.0, 90.0, 120.0, LAST, 240.0, 300.0, float(STOP_DAYS))
    stops, usual = _stops(values, made, LAST)
    mine = stops[usual]
    return Facts(
        lesson=lesson,
        preset=preset(_STOP).reference,
        settings={"demand.stop_tick": int(LAST)},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=LAST,
        asked=(207.0, 233.0, 260.0, 286.0, 312.0, 339.0, float(STOP_DAYS)),
        top=spend,
        knob="demand.stop_tick",
        usual=usual,
        stops=stops,
    )


# -- the queue -------------------------------------------------------------------------------------

_QUEUE: Final = "three-in-one-out"
#: The last day on which somebody in the chart joins, and days of the run: the last is paid by then.
QUEUE_DAYS: Final = 100
QUEUE_RUN: Final = 365


def _queue(lesson: str) -> Facts:
    """Days until an order is refunded; by the day on which it is placed.

    The knob: by how much orders grow a day.
    """
    scheme = load(_QUEUE)

    def made(growth: float) -> Stop:
        changes: dict[str, Any] = {"horizon": QUEUE_RUN}
        if growth:
            changes |= {"demand.kind": "growing", "demand.growth": growth}
        result = _run(_QUEUE, changes)
        cohorts = result.cohorts
        waited = cohorts["exit_tick"].astype(float) - cohorts.index.to_numpy(dtype=float)
        waited = waited.loc[:QUEUE_DAYS].dropna()
        x, y = waited.index.to_numpy(dtype=float), waited.to_numpy(dtype=float)
        totals, line = result.totals, np.cumsum(result.line.orders)
        ahead = float(line[int(x[-1]) - 1])
        numbers = {
            "growth": growth,
            "end": float(QUEUE_RUN),
            "ahead": ahead,
            "after": float(line[int(x[-1] + y[-1]) - 1]) - ahead,
            "spend": scheme.order.mean_spend,
            "refund": float(scheme.get("refund_queue.refund")) * scheme.order.mean_spend,
            "newcomers": float(scheme.get("refund_queue.newcomers")),
            "orders": float(scheme.demand.orders_per_tick),
            "day": float(x[-1]),
            "first_waits": float(y[0]),
            "last_waits": float(y[-1]),
            "refunded": totals["left"] / totals["buyers"],
            "waiting": totals["holders"],
        }
        return Stop(growth, _curve(x, y), numbers)

    values = (0.0, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05)
    stops, usual = _stops(values, made, 0.0)
    mine = stops[usual]
    return Facts(
        lesson=lesson,
        preset=preset(_QUEUE).reference,
        settings={"horizon": QUEUE_RUN},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=1.0,
        asked=(15.0, 29.0, 43.0, 57.0, 71.0, 86.0, float(QUEUE_DAYS)),
        top=250.0,
        knob="demand.growth",
        usual=usual,
        stops=stops,
    )


# -- cash every day --------------------------------------------------------------------------------

_DAILY: Final = "ad-tasks"
DAILY_DAYS: Final = 240


def _daily(lesson: str) -> Facts:
    """The part of what is due on a day that is paid, percent; by days.

    The knob: by how much orders grow a day.
    """
    scheme = load(_DAILY)

    def made(growth: float) -> Stop:
        changes: dict[str, Any] = {"horizon": DAILY_DAYS}
        if growth:
            changes |= {"demand.kind": "growing", "demand.growth": growth}
        result = _run(_DAILY, changes)
        series, ticks = result.series, _ticks(result)
        # What is due on the second day goes to those of the first alone.
        due = float(series["paid_out"].iloc[1] / series["holders"].iloc[0])
        paid = 100.0 * series["price"].to_numpy(dtype=float)
        cut = float(result.broken.tick) if result.broken is not None else float(DAILY_DAYS + 1)
        first = result.cohorts.iloc[0]
        numbers = {
            "growth": growth,
            "days": float(DAILY_DAYS),
            "spend": scheme.order.mean_spend,
            "into_pool": float(scheme.get("scheduled_release.share")) * scheme.order.mean_spend,
            "orders": float(scheme.demand.orders_per_tick),
            "promised": float(series["promised"].iloc[0] / series["holders"].iloc[0]),
            "a_day": due,
            "full_days": cut - 1.0,
            "waiting": float(series["holders"].loc[min(cut, DAILY_DAYS)]),
            "last": float(paid[-1]),
            "had_first": float(first["received"] / first["buyers"]),
            "had_mean": result.totals["received"] / result.totals["buyers"],
            "owed": float(series["promised"].iloc[-1]),
        }
        return Stop(growth, _curve(ticks, paid), numbers)

    values = (0.0, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03)
    stops, usual = _stops(values, made, 0.0)
    mine = stops[usual]
    return Facts(
        lesson=lesson,
        preset=preset(_DAILY).reference,
        settings={"horizon": DAILY_DAYS},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=30.0,
        asked=(60.0, 90.0, 120.0, 150.0, 180.0, 210.0, float(DAILY_DAYS)),
        top=100.0,
        knob="demand.growth",
        usual=usual,
        stops=stops,
    )


# -- recruiters ------------------------------------------------------------------------------------

_RECRUITERS: Final = "lifetime-points"
#: Members drawn, over so many days; and their seed.
MEMBERS, MEMBER_DAYS, SEED = 100_000, 100, 1
MOST_RECRUITS: Final = 10


def _recruiters(lesson: str) -> Facts:
    """Of 100 members, how many bring at least so many others; by how many.

    The knob: the share of newcomers who go to whoever has brought many already.
    """
    scheme = load(_RECRUITERS)
    spend, direct = scheme.order.mean_spend, float(scheme.get("commission.direct"))
    needed = ceil(1 / direct - 1e-9)
    world = max(place.people for place in places())

    def made(pull: float) -> Stop:
        joins = np.full(MEMBER_DAYS, MEMBERS // MEMBER_DAYS)
        recruits = build(joins=joins, seed=SEED, pull=pull).recruits
        at_least = np.arange(MOST_RECRUITS + 1.0)
        reached = np.array([float((recruits >= k).mean()) for k in at_least])
        numbers = {
            "pull": pull,
            "members": float(MEMBERS),
            "spend": spend,
            "direct": direct,
            "a_recruit": direct * spend,
            "needed": float(needed),
            "rounds": float(rounds(each=needed, people=world)),
            "none": float((recruits == 0).mean()),
            "one": float((recruits == 1).mean()),
            "mean": float(recruits.mean()),
            "mean_commission": float(recruits.mean()) * direct * spend,
            "whole": float((recruits >= needed).mean()),
        }
        return Stop(pull, _curve(at_least, 100.0 * reached), numbers)

    values = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
    stops, usual = _stops(values, made, 0.0)
    mine = stops[usual]
    return Facts(
        lesson=lesson,
        preset=preset(_RECRUITERS).reference,
        settings={},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=0.0,
        asked=tuple(float(k) for k in range(1, MOST_RECRUITS + 1)),
        top=100.0,
        knob="pull",
        usual=usual,
        stops=stops,
    )


# -- the relay -------------------------------------------------------------------------------------

RELAY_SALES: Final = 40


def _relay(lesson: str) -> Facts:
    """Yuan that the last holder loses; by the sales there were before nobody buys.

    The knob: after how many sales nobody buys.
    """
    file = relays.consign_relay()
    rule = file.relay

    def made(sales: float) -> Stop:
        last = relays.ended(rule, sales=int(sales))
        x = np.arange(sales + 1)
        y = np.array([relays.ended(rule, sales=int(k)).loss for k in x])
        numbers = {
            "sales": sales,
            "rise": rule.rise,
            "fee": rule.fee,
            "gain": rule.gain,
            "first_price": rule.first_price,
            "worth": rule.worth,
            "price": last.price,
            "first_sale": last.first_sale,
            "fees": last.fees,
            "gains": last.gains,
            "loss": last.loss,
            "doubling": relays.doubling(rule),
            "eaten": relays.sales_eaten(rule),
        }
        return Stop(sales, _curve(x, y), numbers)

    values = (1.0, 5.0, 10.0, 15.0, 20.0, 30.0, float(RELAY_SALES))
    stops, usual = _stops(values, made, float(RELAY_SALES))
    mine = stops[usual]
    return Facts(
        lesson=lesson,
        preset=file.reference,
        settings={},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=5.0,
        asked=(10.0, 15.0, 20.0, 25.0, 30.0, 35.0, float(RELAY_SALES)),
        top=5000.0,
        knob="sales",
        usual=usual,
        stops=stops,
        money=False,
    )


# -- a sound one beside it -------------------------------------------------------------------------

_SOUND: Final = "stamp-card"
SOUND_DAYS: Final = 240


def _sound(lesson: str) -> Facts:
    """Of all that was promised up to the day before, the part that is paid, percent; by days.

    The knob: what is promised back, as a share of the price; what is put aside stays.
    """
    scheme = load(_SOUND)
    spend = scheme.order.mean_spend
    aside = float(scheme.get("scheduled_release.share"))

    def made(promised: float) -> Stop:
        changes: dict[str, Any] = {"horizon": SOUND_DAYS}
        if promised != float(scheme.get("scheduled_release.gift_multiple")):
            # Somebody who cannot pay all of it pays what there is.
            changes |= {
                "scheduled_release.gift_multiple": promised,
                "platform.policy": "cut",
            }
        result = _run(_SOUND, changes)
        series, ticks = result.series, _ticks(result)
        so_far = series["paid_out"].cumsum().to_numpy(dtype=float)
        promised_before = so_far[:-1] + series["promised"].to_numpy(dtype=float)[:-1]
        paid = 100.0 * so_far[1:] / promised_before
        split = scheme.split()
        numbers = {
            "promised": promised * spend,
            "aside": aside * spend,
            "spend": spend,
            "days": float(SOUND_DAYS),
            "goods": split["goods"] * spend,
            "shop": split["merchant"] * spend,
            "last": float(paid[-1]),
            "full_days": float(result.broken.tick - 1 if result.broken is not None else SOUND_DAYS),
            "pool": float(series["pool"].iloc[-1]),
            "owed": float(series["promised"].iloc[-1]),
        }
        return Stop(promised, _curve(ticks[1:], paid), numbers)

    values = (0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0)
    stops, usual = _stops(values, made, aside)
    mine = stops[usual]
    return Facts(
        lesson=lesson,
        preset=preset(_SOUND).reference,
        settings={"horizon": SOUND_DAYS},
        numbers=mine.numbers,
        curve=mine.curve,
        seen=30.0,
        asked=(60.0, 90.0, 120.0, 150.0, 180.0, 210.0, float(SOUND_DAYS)),
        top=100.0,
        knob="scheduled_release.gift_multiple",
        usual=usual,
        stops=stops,
    )


_MAKERS: Final[Mapping[str, Callable[[str], Facts]]] = {
    "price": _price,
    "place": _place,
    "stop": _stop,
    "queue": _queue,
    "daily": _daily,
    "recruiters": _recruiters,
    "relay": _relay,
    "sound": _sound,
}
