"""One yardstick for every kind of scheme: what must happen before a buyer has the money back.

Two numbers. Where payment depends on later orders (points pool, dividends, queues) it is the factor
by which all orders so far must multiply; once a scheme has run for a while it is the same for every
buyer and at any pace, so one buyer in that many has got there. Where payment is fixed by the day
(daily release, tasks) it is the growth of sales that it takes for ever, and the tick on which the
money ends if sales stay as they are.

Everything here assumes that nobody gives up or sells early; those who do shorten the way of the
others at their own cost (measured in a run by :func:`simulated_back` and :func:`simulated_share`).
The first buyers need less than the factor. Left out: issue caps, old debt and outside money, points
used for goods, and a queue's lock, the days between dividends and a smallest withdrawal, which cost
time and no orders (what stands in a wallet counts as paid). A
dividend is divided once a tick, over all who ordered by then: where sales grow by q a tick, ln of
its factor is larger by up to a part q/2 (28 becomes 31 at 10 % a day).

``x`` below is the logarithm of the factor: orders so far have multiplied by e^x.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, inf, isfinite, log1p
from typing import Any

import numpy as np

from model.arrays import Floats
from model.asked.answers import answers
from model.asked.course import NOTHING, Buyer, Courses, first_reaching
from model.asked.steady import PLAYED, Sales, Steady
from model.behaviour import Behaviour
from model.crowd import FARTHEST
from model.demand import Demand
from model.pairs import shared_course
from model.result import Result
from model.scheme import KINDS, Mechanism, Parts, Scheme

#: Orders a tick of which whole ones are as good as any number.
STEADY = 1e5


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """How far the line must grow, and whether a fixed promise can be kept.

    back: by this factor all orders so far must multiply after you joined before you have your money
    back; inf: never under these rules; 1: no further order is needed, only time.
    promised: the same for everything the rule promises you (forced exit, quota, credit, refund);
    None: there is no limit to reach, or nothing but commissions.
    growth: fixed releases only: growth of sales a tick that is needed for ever so that every
    promise can be paid, a fraction of one; 0: none is needed. None: no fixed release.
    short_tick: fixed promises at constant sales from launch: the tick on which what is due passes
    what comes in, if the money ends; None: never, or no fixed promise.
    empty_tick: the tick on which neither pool nor platform's account can pay what is due.
    """

    back: float
    promised: float | None
    growth: float | None = None
    short_tick: float | None = None
    empty_tick: float | None = None


def yardstick(scheme: Scheme, *, package: int | None = None, recruits: bool = False) -> Yardstick:
    """The yardstick of a whole scheme; what its mechanisms pay adds up.

    For a buyer without a rank and without recruits of the own, of the package with this index;
    None: the one that most orders choose (the first of equals). With ``recruits`` the buyer has
    as many recruits as the average order of that age. What can be sold of a points pool counts
    after the fee, sold or not.
    """
    return _yardstick(scheme, scheme.mechanisms, _package(scheme, package), recruits)


def of_mechanism(
    scheme: Scheme, mechanism: Mechanism, *, package: int | None = None, recruits: bool = False
) -> Yardstick:
    """The yardstick of one mechanism of ``scheme`` as if it were the only one.

    The platform's account is counted in full for each. Dividends that share a points pool's quota
    have it for themselves.
    """
    return _yardstick(
        scheme, (shared_course.apart(scheme, mechanism),), _package(scheme, package), recruits
    )


def one_in(scheme: Scheme, *, package: int | None = None) -> float | None:
    """The share of buyers who have their money back at any moment, if nobody gives up: 1 / back.

    0 if nobody ever has. None for a fixed release: there it is no share, it depends on growth.
    """
    found = yardstick(scheme, package=package)
    if found.growth is not None:
        return None
    return 1 / found.back if isfinite(found.back) else 0.0


def used_up(*, growth: float, orders_per_tick: float, people: float) -> float:
    """The tick by whose end so many ``people`` have ordered once each; inf if that never happens.

    Discrete: ``orders_per_tick`` on tick 1, (1 + growth) times as many on each tick after it.
    """
    if people <= 0:
        return 0.0
    if orders_per_tick <= 0 or growth <= -1:
        return 1.0 if orders_per_tick >= people else inf
    ratio = people / orders_per_tick
    if growth == 0:
        ticks = ratio
    elif 1 + growth * ratio <= 0:
        return inf
    else:
        ticks = log1p(growth * ratio) / log1p(growth)
    return float(max(ceil(ticks * (1 - 1e-12)), 1))


def simulated_back(result: Result) -> float:
    """What ``back`` was in a run: all orders over those up to the newest that has its money back.

    inf if none has. Cash paid, or points that would pay the price if sold now, count. With people
    who give up (``behaviour.sell_share``) it is the factor for those who do not, and smaller: over
    three years with one in a thousand giving up every day 382 becomes 110 (points, a = 0.3, 20 %
    fee), 28 becomes 16 (dividends, 30 %), 5 becomes 3.3 (queue, 20 %). In steps of a tick; of
    several packages the first to get there.
    """
    even = _even(result)
    orders = result.line.orders.cumsum()
    there = np.flatnonzero(even > 0)
    return float(orders[-1] / orders[there[-1]]) if len(there) else inf


def simulated_share(result: Result) -> float:
    """The share of all buyers of a run, those who gave up included, who have the money back.

    1 / ``back`` if nobody gives up; in a short run more, as the first buyers need less. People who
    give up do not change it with dividends (within 2 %) and queues (at all): who stays gets there
    sooner and fewer stay. Holders of points who sell are paid, and leave a fee: one in 382 becomes
    one in 226 in the run above.
    """
    orders = float(result.line.orders.sum())
    return float(_even(result).sum()) / orders if orders > 0 else 0.0


def _even(result: Result) -> Floats:
    """Orders of each tick that have the money back, shape (ticks,)."""
    cohorts = result.cohorts
    if result.points is not None and result.records:
        # Points and cash of other rules together: whole cohorts, exact if nobody gives up.
        points = result.points.cohorts["held_value"].reindex(cohorts.index, fill_value=0.0)
        worth = cohorts["received"] + (1 - result.scheme.pool.fee) * points
        even = cohorts["buyers"].where(worth >= cohorts["spent"] * (1 - NOTHING), 0)
    else:
        even = cohorts["even"] + cohorts["paper_even"]
    found = np.zeros(result.ticks)
    found[cohorts.index.to_numpy(dtype=int) - 1] = even.to_numpy(dtype=float)
    return found


# -- adding up ---------------------------------------------------------------------------------


def _package(scheme: Scheme, package: int | None) -> int:
    shares = [share for _, share in scheme.order.choices]
    if package is None:
        return shares.index(max(shares))
    if not 0 <= package < len(shares):
        raise ValueError(f"package: {package} is not allowed; allowed: 0 to {len(shares) - 1}")
    return package


@lru_cache(maxsize=512)
def _yardstick(
    scheme: Scheme, mechanisms: tuple[Mechanism, ...], package: int, recruits: bool
) -> Yardstick:
    """Of these mechanisms; everything else (prices, the platform's part) is the scheme's."""
    account = _account(scheme)
    buyer = Buyer(scheme=scheme, package=package, recruits=recruits, account=account)
    together = shared_course.courses(scheme, mechanisms, recruits=recruits)
    asked = answers(Courses)
    found = (
        together[mechanism.name]
        if mechanism.name in together
        else asked[mechanism.kind].course(mechanism, buyer)
        for mechanism in mechanisms
    )
    courses = [course for course in found if course is not None]
    if not courses:
        return Yardstick(back=inf, promised=None)
    limits = [course.done for course in courses]
    promised: float | None = 0.0
    for limit in limits:
        promised = None if promised is None or limit is None else max(promised, limit)
    back = first_reaching(lambda x: sum(course.paid(x) for course in courses), 1.0)
    short, empty = _constant_sales(scheme, mechanisms, account)
    return Yardstick(
        back=_factor(back),
        promised=None if promised is None else _factor(promised),
        growth=next((c.growth for c in courses if c.growth is not None), None),
        short_tick=short,
        empty_tick=empty,
    )


def _steady() -> Mapping[str, Steady[Any]]:
    return answers(Steady)


def _account(scheme: Scheme) -> float:
    """What the platform's account gets of each yuan of sales, commissions and prizes paid."""
    split, asked = scheme.split(), _steady()
    part, distribution = split.get("platform", 0.0), split.get("distribution", 0.0)
    for mechanism in scheme.mechanisms:
        part = asked[mechanism.kind].account(mechanism, part, distribution=distribution)
    return max(part, 0.0)


def _factor(x: float) -> float:
    """e^x; inf beyond the farthest."""
    return exp(x) if x <= FARTHEST else inf


# -- constant sales ----------------------------------------------------------------------------


def _constant_sales(
    scheme: Scheme, mechanisms: tuple[Mechanism, ...], account: float
) -> tuple[float | None, float | None]:
    """(short, empty): the ticks of a line with constant sales from launch, nobody giving up.

    Each by the closed form of its mechanism. What recruits, stars or advances bring forward, and
    two fixed promises out of one account, are played tick by tick; if the money lasts longer than
    that, the ticks are those of one by itself that nothing brings forward: at the latest.
    """
    asked, capital = _steady(), scheme.platform.capital
    for mechanism in scheme.mechanisms:
        capital = asked[mechanism.kind].capital(mechanism, capital)
    sales = Sales(scheme=scheme, orders=_orders(scheme), capital=capital, account=account)
    found = (
        asked[m.kind].ends(m, sales)
        for m in sorted(mechanisms, key=lambda m: list(KINDS).index(m.kind))
    )
    promises = [ends for ends in found if ends is not None]
    if not promises:
        return None, None
    ticks = PLAYED if len(promises) > 1 else promises[0].played
    played = _played(scheme, mechanisms, ticks, account) if ticks else None
    return played or (promises[0].short, promises[0].empty)


def _orders(scheme: Scheme) -> float:
    """Orders a tick, if they stay as they are: of a list the mean."""
    demand = scheme.demand
    if scheme.tick == "order":
        return 1.0
    if demand.kind == "list":
        return max(sum(demand.orders) / max(len(demand.orders), 1), 1e-3)
    return demand.orders_per_tick


def _played(
    scheme: Scheme, mechanisms: tuple[Mechanism, ...], ticks: int, account: float
) -> tuple[float, float] | None:
    """The same from a run: more is due than comes in, and cannot be paid; None: not by then."""
    from model.simulate import simulate

    split = scheme.split()
    parts = Parts(platform=split.get("platform", 0.0), distribution=split.get("distribution", 0.0))
    asked = _steady()
    there = [m for m in scheme.mechanisms if m in mechanisms or asked[m.kind].everywhere]
    orders, scale = _orders(scheme), 1.0
    if scheme.tick == "day" and not any(asked[m.kind].whole for m in there):
        # A few whole orders, or packages, are more on one day than on the next: the days are those
        # of steady sales. So many times the orders, with all that is counted in yuan of them all.
        scale = max(STEADY / orders, 1.0)
        orders = max(orders, STEADY)
    scaled = (asked[m.kind].times(m, scale) for m in there)
    steady = scheme.model_copy(
        update={
            "horizon": ticks,
            "demand": Demand(orders_per_tick=orders),
            "behaviour": Behaviour(),
            "platform": scheme.platform.model_copy(
                update={
                    "policy": "stop",
                    "minimum": 0.0,
                    "raised_minimum": None,
                    "capital": scheme.platform.capital * scale,
                }
            ),
            "order": scheme.order.model_copy(update={"parts": parts, "rest": "goods"}),
            "mechanisms": tuple(m for m in scaled if m is not None),
        }
    )
    result = simulate(steady)
    if result.broken is None:
        return None
    series = result.series
    income = series["paid_in"].to_numpy() + account * series["sales"].to_numpy()
    over = np.flatnonzero(series["paid_out"].to_numpy() > income * (1 + NOTHING))
    empty = result.broken.tick
    short = min(int(over[0]) + 1, empty) if len(over) else empty
    return float(short), float(empty)
