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

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, expm1, floor, inf, isfinite, log, log1p

import numpy as np
import numpy.typing as npt

from model.behaviour import Behaviour
from model.crowd import FARTHEST, crowd_factor, value_factor
from model.demand import Demand
from model.mechanisms import (
    Commission,
    DividendPool,
    PointsPool,
    RefundQueue,
    ScheduledRelease,
)
from model.mechanisms.base import levels_reached
from model.mechanisms.dividend_pool.settings import RANKS
from model.mechanisms.lineage import DEEPEST
from model.result import Result
from model.scheme import Mechanism, Parts, Scheme

Floats = npt.NDArray[np.float64]

#: A tick beyond this many is "never", and no release is followed day by day for longer.
LONGEST = 100_000
#: Steps in which a release that recruits or teams make faster is followed.
STEPS = 4000
#: So many ticks are played where no closed form says when the money ends: a release, a queue.
PLAYED, PLAYED_QUEUE = 1000, 2500
#: Orders a tick of which whole ones are as good as any number.
STEADY = 1e5
#: Relative rounding that decides nothing.
NOTHING = 1e-9


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
    if isinstance(mechanism, DividendPool) and mechanism.shared_quota == "points_pool":
        pool = scheme.points_pool
        mechanism = mechanism.model_copy(
            update={
                "shared_quota": "own",
                "quota_multiple": None if pool is None else pool.exit_multiple,
            }
        )
    return _yardstick(scheme, (mechanism,), _package(scheme, package), recruits)


def one_in(scheme: Scheme, *, package: int | None = None) -> float | None:
    """The share of buyers who have their money back at any moment, if nobody gives up: 1 / back.

    0 if nobody ever has. None for a fixed release: there it is no share, it depends on growth.
    """
    if scheme.first("scheduled_release") is not None:
        return None
    back = yardstick(scheme, package=package).back
    return 1 / back if isfinite(back) else 0.0


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


@dataclass(frozen=True, kw_only=True)
class _Course:
    """What one mechanism pays a buyer: parts of the price by x, and the x at which it is all."""

    paid: Callable[[float], float]
    done: float | None  # None: no limit; inf: never


_NOTHING_PAID = _Course(paid=lambda _: 0.0, done=inf)


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
    courses: list[_Course] = []
    growth: float | None = None
    shared = _sharing(mechanisms)
    for mechanism in mechanisms:
        if isinstance(mechanism, PointsPool):
            courses.append(
                _shared(scheme, mechanism, shared, recruits) if shared else _points(mechanism)
            )
        elif isinstance(mechanism, DividendPool):
            if mechanism not in shared:
                courses.append(_dividends(scheme, mechanism, package, recruits))
        elif isinstance(mechanism, ScheduledRelease):
            growth = _growth_needed(scheme, mechanism)
            courses.append(_release(scheme, mechanism, package, growth, recruits))
        elif isinstance(mechanism, RefundQueue):
            courses.append(_queue(scheme, mechanism, recruits))
    if not courses:
        return Yardstick(back=inf, promised=None)
    limits = [course.done for course in courses]
    promised: float | None = 0.0
    for limit in limits:
        promised = None if promised is None or limit is None else max(promised, limit)
    back = _first(lambda x: sum(course.paid(x) for course in courses), 1.0)
    short, empty = _constant_sales(scheme, mechanisms)
    return Yardstick(
        back=_factor(back),
        promised=None if promised is None else _factor(promised),
        growth=growth,
        short_tick=short,
        empty_tick=empty,
    )


def _factor(x: float) -> float:
    """e^x; inf beyond the farthest."""
    return exp(x) if x <= FARTHEST else inf


def _first(rising: Callable[[float], float], wanted: float) -> float:
    """The smallest x from 0 at which a rising function reaches ``wanted``; inf if it never does."""
    wanted *= 1 - NOTHING
    if rising(0.0) >= wanted:
        return 0.0
    if rising(FARTHEST) < wanted:
        return inf
    low, high = 0.0, FARTHEST
    for _ in range(64):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) >= wanted else (middle, high)
    return high


# -- points pool -------------------------------------------------------------------------------


def _points(pool: PointsPool) -> _Course:
    """A points pool by itself: the price of a point grows like N^slope (model.crowd)."""
    net, multiple = 1 - pool.fee, pool.exit_multiple
    start, slope, done = pool.share * pool.gift, 1 - pool.gift, None
    if multiple is not None:
        factor = crowd_factor(multiple, pool=pool, forced_exits=True)
        done = log(factor) if isfinite(factor) else inf
        if 0 < done < inf:
            slope = log(value_factor(multiple, pool=pool)) / done

    def paid(x: float) -> float:
        if done is not None and multiple is not None and x >= done:
            return net * multiple
        return net * start * exp(slope * x)

    return _Course(paid=paid, done=done)


# -- dividends ---------------------------------------------------------------------------------


class _Units:
    """A dividend pool that has run for a while: live units grow with orders, so money a unit by x.

    Of orders that multiply by e^dx, ``money`` yuan go to each unit and ``ranks[r]`` to each order
    of rank r. Of generation g an order has x^g / g! recruits, each with the units of the average
    newcomer. An order is live until its quota is used up at its own x (``out``, shape (packages,
    ranks)). Fewer live units mean more money each and an earlier end: iterated from "nobody is ever
    out".
    """

    def __init__(self, scheme: Scheme, pool: DividendPool, *, quotas: Floats) -> None:
        choices = scheme.order.choices
        self.spend = scheme.order.mean_spend
        self.pool = pool
        self.units = np.array(scheme.units(pool))[:, None]
        last = pool.package_generations or (pool.referral_generations,) * len(choices)
        #: Units for each of the average recruit's, (packages, 1, generations); the last in part.
        generations = (
            np.arange(ceil(min(max(last), DEEPEST))) if pool.referral_rate else np.zeros(0)
        )
        counts = np.clip(np.array(last)[:, None, None] - generations, 0.0, 1.0)
        reached = (1.0, *(pool.rank_reached if pool.rank_share > 0 else (0.0,) * RANKS), 0.0)
        of_rank = -np.diff(reached)
        shares = np.array([share for _, share in choices])[:, None]
        self.weight = np.where(self.units > 0, shares * of_rank, 0.0)
        self.referral = pool.referral_rate * float((self.weight * self.units).sum()) * counts
        #: (g + 1)! of each generation.
        self.upto = np.cumprod(np.arange(2.0, len(generations) + 2))
        self.quotas = quotas
        self.money = 0.0
        self.ranks = np.zeros(RANKS + 1)

    @property
    def none(self) -> bool:
        """Whether no order has a unit."""
        return not self.weight.any()

    def settle(self, out: Floats) -> None:
        """What goes to a unit and to each rank if orders are live until ``out``."""
        there = -np.expm1(-out)
        live = self.weight * there
        gained, term = np.zeros_like(out), np.exp(-out)
        rest = there.copy()
        for g in range(self.referral.shape[2]):
            # What is left of e^-x x^g / g! up to there: 1 - e^-x (1 + x + ... + x^g / g!).
            term = term * out / (g + 1)
            rest = rest - term
            gained = gained + self.referral[:, :, g] * np.maximum(rest, 0.0)
        self.money = (
            self.pool.share * self.spend / float((live * self.units + self.weight * gained).sum())
        )
        members = live.sum(axis=0)[::-1].cumsum()[::-1]
        pot = self.pool.rank_share * self.spend / RANKS
        pots = np.divide(pot, members, out=np.zeros(RANKS + 1), where=members > 0)
        pots[0] = 0.0
        self.ranks = np.cumsum(pots)

    def ends(self) -> Floats:
        """The x at which each order's quota is used up."""
        straight = self.money * self.units + self.ranks
        quotas = np.minimum(self.quotas, 1e300)
        powers = np.arange(2, self.referral.shape[2] + 2)
        bent = self.money * self.referral / self.upto
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = np.broadcast_to(quotas / straight, self.weight.shape)
            if len(powers):
                # Each part alone would take longer; from there Newton's method comes down.
                alone = (quotas[:, :, None] / bent) ** (1 / powers)
                found = np.fmin(found, np.fmin.reduce(alone, axis=2))
                found = np.clip(np.nan_to_num(found, nan=FARTHEST), 1e-9, FARTHEST)
                for _ in range(60):
                    x = found[:, :, None]
                    had = straight * found + (bent * x**powers).sum(axis=2)
                    slope = straight + (bent * powers * x ** (powers - 1)).sum(axis=2)
                    step = np.nan_to_num((had - quotas) / slope)
                    found = np.clip(found - step, 1e-9, FARTHEST)
                    if np.all(np.abs(step) <= 1e-14 * found):
                        break
            found = np.where(np.isfinite(self.quotas), found, FARTHEST)
        ends: Floats = np.clip(np.nan_to_num(found, nan=FARTHEST), 1e-9, FARTHEST)
        return ends

    def run(self) -> None:
        """Iterate until nothing moves any more."""
        out = np.full_like(self.weight, FARTHEST)
        for _ in range(2000):
            self.settle(out)
            after = self.ends()
            if np.all(np.abs(after - out) <= 1e-12 * out):
                return
            out = after

    def received(self, x: float, *, package: int, recruits: bool, rank: int = 0) -> float:
        """Yuan an order has been paid, quota or not."""
        units = float(self.units[package, 0])
        got = self.money * units * x + float(self.ranks[rank]) * x
        if recruits:
            power = x
            for each, upto in zip(
                self.referral[package, 0].tolist(), self.upto.tolist(), strict=True
            ):
                power *= x
                got += self.money * each * power / upto
        return got


def _dividends(scheme: Scheme, pool: DividendPool, package: int, recruits: bool) -> _Course:
    """Dividends with a quota of their own or none: received is money x units x, up to the quota.

    For one package ln K_m = m (1 - 1/K_m) / a and ln K_1 = (1 - 1/K_m) / a; without a quota
    K = e^(m/a); with units rho for each recruit of G generations
    a / (1 + rho G) (x + rho (x^2 / 2! + ... + x^(G+1) / (G+1)!)).
    """
    given = scheme.quotas(pool)
    choices = scheme.order.choices
    quotas = np.array(given if given is not None else [inf] * len(choices))
    state = _Units(scheme, pool, quotas=quotas[:, None])
    if state.none or float(state.units[package, 0]) <= 0:
        return _Course(paid=lambda _: 0.0, done=None if given is None else inf)
    state.run()
    price, quota = choices[package][0], float(quotas[package])

    def paid(x: float) -> float:
        return min(state.received(x, package=package, recruits=recruits), quota) / price

    return _Course(paid=paid, done=None if given is None else _first(paid, quota / price))


def _sharing(mechanisms: tuple[Mechanism, ...]) -> tuple[DividendPool, ...]:
    """Dividend pools whose quota is the points pool's forced exit."""
    return tuple(
        m for m in mechanisms if isinstance(m, DividendPool) and m.shared_quota == "points_pool"
    )


def _shared(
    scheme: Scheme, points: PointsPool, pools: tuple[DividendPool, ...], recruits: bool
) -> _Course:
    """Points and dividends under one quota m: out when dividends so far + points are worth m.

    As for a points pool by itself, with v = m - dividends in the place of m: the price of a point
    grows like N^beta such that all points are worth what the pool has, over ranks that leave at x
    a g mean[(e^((beta - 1) x) - 1) / (beta - 1)] = a - (1 - f) mean[v e^-x].
    """
    spend, net = scheme.order.mean_spend, 1 - points.fee
    quota = inf if points.exit_multiple is None else points.exit_multiple
    start = points.share * points.gift
    states = [_Units(scheme, pool, quotas=np.array([[inf]])) for pool in pools]
    states = [state for state in states if not state.none]
    # Of several dividend pools the one with ranks says who has one.
    ranked = max(states, key=lambda s: s.pool.rank_share, default=None)
    weight = np.array([1.0]) if ranked is None else ranked.weight[0]

    def dividends(x: float, rank: int, own: bool) -> float:
        found = (
            state.received(
                x, package=0, recruits=own, rank=rank if state.pool.rank_share > 0 else 0
            )
            for state in states
        )
        return sum(found) / spend

    def ends(slope: float, rank: int, own: bool) -> float:
        if not isfinite(quota):
            return FARTHEST
        found = _first(
            lambda x: dividends(x, rank, own) + start * exp(min(slope * x, FARTHEST)), quota
        )
        return min(max(found, 1e-9), FARTHEST)

    slope = 1 - points.gift
    out = np.full(len(weight), FARTHEST)
    for _ in range(200):
        for state in states:
            state.settle(
                out[None, :]
                if len(out) == state.weight.shape[1]
                else np.full_like(state.weight, out[0])
            )
        if isfinite(quota):
            left = [max(quota - dividends(x, r, True), 0.0) for r, x in enumerate(out)]
            sold = float(np.sum(weight * np.array(left) * np.exp(-out)))
            slope = _rising(weight, out, max(points.share - net * sold, 0.0) / start)
        after = np.array(
            [
                ends(slope, r, True) if part > 0 else FARTHEST
                for r, part in enumerate(weight.tolist())
            ]
        )
        settled = np.all(np.abs(after - out) <= 1e-9 * out)
        # Half of the way once it has gone too far, as it does where the gift is small.
        out = after if np.all(after <= out) else np.sqrt(after * out)
        if settled:
            break
    done = ends(slope, 0, recruits)

    def paid(x: float) -> float:
        if x >= done and isfinite(quota):
            had = min(dividends(done, 0, recruits), quota)
            return had + net * (quota - had)
        return dividends(x, 0, recruits) + net * start * exp(slope * x)

    if not isfinite(quota):
        return _Course(paid=paid, done=None)
    return _Course(paid=paid, done=done if done < FARTHEST else inf)


def _rising(weight: Floats, out: Floats, worth: float) -> float:
    """Beta such that mean[(e^((beta - 1) x) - 1) / (beta - 1)] over the ranks is ``worth``."""

    def lacks(beta: float) -> bool:
        z = np.clip((beta - 1) * out, -FARTHEST, FARTHEST)
        near = np.abs(z) < 1e-9
        each = np.where(near, 1 + z / 2, np.expm1(z) / np.where(near, 1.0, z))
        return float(np.sum(weight * out * each)) < worth

    low, high = 0.0, 2.0
    while lacks(high) and high < 1e12:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if lacks(middle) else (low, middle)
    return high


# -- refund queue ------------------------------------------------------------------------------


def _queue(scheme: Scheme, queue: RefundQueue, recruits: bool) -> _Course:
    """A refund queue: all or nothing at one's turn.

    "pool": r/K = a, so K = r / a. With advances on recruits everybody in line is paid ahead, which
    leaves less for the one in front: (r - A ln K) / K = a - A (1 - 1/K). "shared": K = newcomers;
    "own": 1, that many orders and no more. Where share and platform's part do not cover what these
    turns cost, r / (what there is) as if it went to the oldest.
    """
    price = scheme.order.mean_spend
    if price < queue.threshold:
        return _NOTHING_PAID
    refund, share = queue.refund, queue.share
    if queue.rule == "pool":
        ahead = queue.advance
        from_pool = ahead if queue.advance_payer == "pool" else 0.0
        if from_pool == 0.0 and ahead > 0:
            ahead = min(ahead, _platform_part(scheme))  # as far as the account reaches
        done = _first(
            lambda x: (
                (share - from_pool * -expm1(-x) - max(refund - ahead * x, 0.0) * exp(-x)) + 1.0
            ),
            1.0,
        )
        if share < from_pool * -expm1(-done):
            # Advances take it all and are cut: what there is is divided over those in line.
            done = _turn_by_advances(refund, share) if recruits else inf
    else:
        turn = log(queue.newcomers) if queue.rule == "shared" else 0.0
        there = share + _platform_part(scheme)
        done = max(turn, log(refund / there)) if there > 0 else inf
    return _Course(paid=lambda x: refund if x >= done else 0.0, done=done)


def _turn_by_advances(refund: float, share: float) -> float:
    """The x = r (1 - e^-x) / a of money divided over all who wait, as of dividends."""
    if share >= refund:
        return 0.0
    x = FARTHEST
    for _ in range(2000):
        after = refund * -expm1(-x) / share
        if abs(after - x) <= 1e-12 * x:
            break
        x = after
    return x


# -- daily release -----------------------------------------------------------------------------


def _platform_part(scheme: Scheme) -> float:
    """What the platform's account gets of each yuan of sales, commissions and prizes paid."""
    split = scheme.split()
    part = split.get("platform", 0.0)
    commission = scheme.first("commission")
    if isinstance(commission, Commission):
        cash = commission.circle * commission.circle_points * commission.circle_cash
        listed = commission.circle * commission.circle_points * (1 + commission.circle_cash)
        part += cash * (1 - commission.circle_shop) - commission.circle_goods * listed
        part -= max(commission.rate - split.get("distribution", 0.0), 0.0) + commission.prizes
    return max(part, 0.0)


class _Schedule:
    """What one order of each package is released day by day, before the fee, by its age in ticks.

    By itself, without recruits or stars. ``upto(days)``: yuan so far, shape (packages,).
    """

    def __init__(self, scheme: Scheme, release: ScheduledRelease) -> None:
        self.release = release
        choices = scheme.order.choices
        self.prices = np.array([price for price, _ in choices])
        self.shares = np.array([share for _, share in choices])
        self.credits = np.array(scheme.credits(release))
        self.rate = release.daily_rate
        self.levels = [points for points, _ in release.rewards]
        self.rewards = [0.0, *(yuan for _, yuan in release.rewards)]
        #: per package and band of credit: (days, yuan a day), rewards only
        self.bands = [self._tasks(float(c)) for c in self.credits] if release.rewards else []

    def _tasks(self, credit: float) -> list[tuple[int, float]]:
        """(days, yuan a day) in turn until the credit is used up or releases nothing."""
        found: list[tuple[int, float]] = []
        left = credit
        while left > NOTHING * credit:
            at = int(levels_reached(self.levels, left, of=credit))
            daily = self.release.tasks * self.rewards[at]
            if daily <= 0:
                break
            if daily >= left:
                found.append((1, left))
                break
            floor_ = self.levels[at - 1] if at else 0.0
            # The reward is by the credit at the opening, so the last day may cross the level.
            days = max(floor((left - floor_) / daily * (1 + 1e-12)) + (floor_ > 0), 1)
            days = min(days, int(left / daily * (1 + 1e-12)))
            found.append((days, daily))
            left -= days * daily
        return found

    def days(self, package: int) -> float:
        """Ticks until the credit of ``package`` is used up; inf if it never is."""
        if self.bands:
            paid = sum(days * yuan for days, yuan in self.bands[package])
            days = sum(days for days, _ in self.bands[package])
            return days if paid >= self.credits[package] * (1 - 1e-6) else inf
        if self.release.basis == "balance":
            return inf
        daily = self.rate * float(self.prices[package])
        return float(ceil(float(self.credits[package]) / daily * (1 - NOTHING)))

    def upto(self, days: float, package: int) -> float:
        """Yuan released to one order by its age in whole ticks."""
        credit = float(self.credits[package])
        if self.bands:
            total, left = 0.0, days
            for length, yuan in self.bands[package]:
                total += min(left, length) * yuan
                left -= min(left, length)
            return min(total, credit)
        if self.release.basis == "balance":
            return credit * -expm1(days * log1p(-min(self.rate, 1 - NOTHING)))
        return min(days * self.rate * float(self.prices[package]), credit)

    def summed(self, days: float, package: int) -> float:
        """The sum of ``upto`` over the ages 0, 1, ... up to ``days`` - 1."""
        credit = float(self.credits[package])
        if self.release.basis == "balance":
            left = exp(days * log1p(-min(self.rate, 1 - NOTHING)))
            return credit * (days - (1 - left) / self.rate)
        daily = self.rate * float(self.prices[package])
        full = floor(credit / daily * (1 + NOTHING))
        last = min(days - 1, full)
        return daily * last * (last + 1) / 2 + credit * max(days - 1 - full, 0.0)

    def watched(self) -> float:
        """What an advertiser pays for one live order a tick, yuan."""
        if not self.bands:
            return 0.0
        return self.release.ad_share * self.release.ad_income * self.release.tasks

    def discounted(self, growth: float) -> tuple[float, float]:
        """Yuan due to the average order, and its ticks of watching, each x (1 + growth)^-age."""
        due = watching = 0.0
        for p, part in enumerate(self.shares.tolist()):
            credit = float(self.credits[p])
            if self.bands:
                age = 0
                for days, yuan in self.bands[p]:
                    due += part * yuan * _annuity(days, growth) * exp(-age * log1p(growth))
                    age += days
                watching += part * _annuity(self.waiting(p), growth)
            elif self.release.basis == "balance":
                due += part * credit * self.rate / (growth + self.rate)
            else:
                daily = self.rate * float(self.prices[p])
                full = floor(credit / daily * (1 + NOTHING))
                rest = max(credit - full * daily, 0.0)
                due += part * daily * _annuity(full, growth)
                due += part * rest * exp(-(full + 1) * log1p(growth))
        return due, watching

    def waiting(self, package: int) -> float:
        """Ticks on which an order has credit left; a very long time if some is never released."""
        return min(self.days(package), float(LONGEST))


def _annuity(days: float, growth: float) -> float:
    """The sum of (1 + growth)^-d over d = 1 .. days."""
    if growth <= 0:
        return days
    return -expm1(-days * log1p(growth)) / growth


class _Faster:
    """A release that recruits and stars bring forward, at steady growth; followed step by step.

    An order has on average ``growth`` direct recruits for each tick it has been there, and
    growth^2 (age - a) of the second generation of age a. Stars are paid at the highest rate, as
    all sales together pass every threshold in time, to the oldest: all orders of one age are paid
    off by them.
    """

    def __init__(self, schedule: _Schedule, growth: float) -> None:
        release = schedule.release
        credit = schedule.credits.tolist()
        rates = (schedule.rate * schedule.prices).tolist()
        shares = schedule.shares.tolist()
        star = max((share for _, share in release.stars), default=0.0)
        ends = [schedule.days(p) for p in range(len(credit))]
        longest = max((d for d in ends if isfinite(d)), default=0.0)
        if release.basis == "balance" and not release.rewards:
            longest = 25.0 / schedule.rate
        step = max(1.0, ceil(longest / STEPS))
        discount, keep = 1.0, exp(-step * log1p(growth))
        each = growth * step
        left, first, second = list(credit), 0.0, 0.0
        due_sum = star_sum = watched = 0.0
        #: yuan one order of each package has had by the end of each step
        self.path: list[list[float]] = [[0.0] * len(credit)]
        self.step = step
        for _ in range(int(longest / step) + 2):
            discount *= keep
            extra = each * (
                release.first_generation * first + release.second_generation * each * second
            )
            base_mean = due_mean = 0.0
            open_ = False
            for p, (part, have) in enumerate(zip(shares, left, strict=True)):
                if have <= NOTHING * credit[p]:
                    continue
                open_ = True
                if release.rewards:
                    at = int(levels_reached(schedule.levels, have, of=credit[p]))
                    base = min(step * release.tasks * schedule.rewards[at], have)
                    watched += part * step * discount
                elif release.basis == "balance":
                    base = have * (1 - (1 - schedule.rate) ** step)
                else:
                    base = min(step * rates[p], have)
                due = min(base + extra, have)
                left[p] = have - due
                base_mean += part * base
                due_mean += part * due
            if not open_:
                break
            second += first
            first += base_mean
            due_sum += due_mean * discount
            star_sum += star * base_mean * discount
            room = sum(part * have for part, have in zip(shares, left, strict=True)) * discount
            paid_off = star > 0 and star_sum >= room
            if paid_off:
                left = [0.0] * len(credit)
            self.path.append([c - have for c, have in zip(credit, left, strict=True)])
            if paid_off or discount < 1e-26:
                break
        # All of the stars' money finds somebody who has credit left.
        due_sum += star_sum
        self.due = due_sum
        self.watching = watched

    def upto(self, days: float, package: int) -> float:
        """Yuan released to the average order of ``package`` by its age."""
        return self.path[min(int(days / self.step), len(self.path) - 1)][package]


def _made_faster(release: ScheduledRelease) -> bool:
    return bool(release.first_generation or release.second_generation or release.stars)


def _growth_needed(scheme: Scheme, release: ScheduledRelease) -> float:
    """Growth a tick at which what is due is what comes in, for ever; 0 if none is needed.

    The sum of what an order is due at each age, each (1 + q)^-age, less what advertisers pay, is
    what an order brings in: for one package released in equal parts M (1 - e^(-qD)) / (qD) = a, for
    a part of the balance q = rho (M/a - 1). What comes in is the share and the platform's part.
    """
    schedule = _Schedule(scheme, release)
    net = 1 - scheme.platform.withdrawal_fee
    there = (release.share + _platform_part(scheme)) * scheme.order.mean_spend
    view = schedule.watched()

    def lacks(growth: float) -> bool:
        if _made_faster(release):
            faster = _Faster(schedule, growth)
            due, watching = faster.due, faster.watching
        else:
            due, watching = schedule.discounted(growth)
        return net * due > (there + view * watching) * (1 + 1e-12)

    if net * float(schedule.credits @ schedule.shares) <= there * (1 + 1e-12):
        return 0.0
    # Advertisers pay more the longer orders wait, so the largest growth that lacks money counts.
    high = 64.0 if view > 0 else 1e-3
    while lacks(high):
        high *= 2
        if high > 1e6:
            return inf
    low = high / 2
    while not lacks(low):
        high, low = low, low / 2
        if low < 1e-9:
            return 0.0
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if lacks(middle) else (low, middle)
    return high


def _release(
    scheme: Scheme, release: ScheduledRelease, package: int, growth: float, recruits: bool
) -> _Course:
    """Daily release: it takes days and no crowd while it can be paid.

    At the growth needed for ever, orders multiply by (1 + q)^D over D days; where none is needed
    (q = 0) by 1. By the balance, the credit is never quite used up.
    """
    schedule = _Schedule(scheme, release)
    net = 1 - scheme.platform.withdrawal_fee
    price, credit = float(schedule.prices[package]), float(schedule.credits[package])
    if not isfinite(growth):
        return _NOTHING_PAID
    days = schedule.days(package)
    per_tick = log1p(growth)
    upto: Callable[[float, int], float] = schedule.upto
    if recruits and _made_faster(release) and growth > 0:
        faster = _Faster(schedule, growth)
        upto = faster.upto
        if isfinite(days):
            at = [row[package] for row in faster.path]
            days = faster.step * next(
                (k for k, had in enumerate(at) if had >= credit * (1 - NOTHING)), len(at) - 1
            )
    if per_tick <= 0:
        all_of_it = credit if isfinite(days) or not schedule.bands else schedule.upto(inf, package)
        return _Course(
            paid=lambda _: net * all_of_it / price,
            done=0.0 if all_of_it >= credit * (1 - 1e-6) else inf,
        )

    def paid(x: float) -> float:
        return net * upto(floor(x / per_tick * (1 + 1e-12) + NOTHING), package) / price

    return _Course(paid=paid, done=days * per_tick if isfinite(days) else inf)


# -- constant sales ----------------------------------------------------------------------------


def _constant_sales(
    scheme: Scheme, mechanisms: tuple[Mechanism, ...]
) -> tuple[float | None, float | None]:
    """(short, empty): the ticks of a line with constant sales from launch, nobody giving up.

    Continuously, for a release in equal parts: a D / M and 2 a D / M; here whole ticks, packages
    in their shares. What recruits, stars or advances bring forward, and two fixed promises out of
    one account, are played tick by tick; if the money lasts longer than that, the ticks are those
    of a release (or queue) that nothing brings forward: at the latest.
    """
    kinds = {m.kind: m for m in mechanisms}
    release, queue = kinds.get("scheduled_release"), kinds.get("refund_queue")
    promises = isinstance(queue, RefundQueue) and queue.rule != "pool"
    if promises and scheme.order.mean_spend < getattr(queue, "threshold", 0.0):
        promises = False
    orders = _orders(scheme)
    capital = scheme.platform.capital
    commission = scheme.first("commission")
    if isinstance(commission, Commission):
        capital += commission.districts * commission.district_price
        capital += commission.cities * commission.city_price
        capital += commission.provinces * commission.province_price
    part = _platform_part(scheme)
    if isinstance(release, ScheduledRelease):
        plain = _release_ends(scheme, release, capital / orders, part)
        if plain[1] is None and not promises:
            return plain
        if promises or _made_faster(release):
            return _played(scheme, mechanisms, PLAYED) or plain
        return plain
    if isinstance(queue, RefundQueue) and promises:
        played = _played(scheme, mechanisms, PLAYED_QUEUE) if queue.advance > 0 else None
        return played or _queue_ends(scheme, queue, orders, capital, part)
    return None, None


def _orders(scheme: Scheme) -> float:
    """Orders a tick, if they stay as they are: of a list the mean."""
    demand = scheme.demand
    if scheme.tick == "order":
        return 1.0
    if demand.kind == "list":
        return max(sum(demand.orders) / max(len(demand.orders), 1), 1e-3)
    return demand.orders_per_tick


def _release_ends(
    scheme: Scheme, release: ScheduledRelease, capital: float, part: float
) -> tuple[float | None, float | None]:
    """Due on tick t is what orders of all ages up to t - 1 are released; per order a tick."""
    schedule = _Schedule(scheme, release)
    net = 1 - scheme.platform.withdrawal_fee
    income = (release.share + part) * scheme.order.mean_spend
    shares: list[tuple[int, float]] = list(enumerate(schedule.shares.tolist()))
    if schedule.bands:
        return _task_ends(schedule, net, income, capital)
    if net * float(schedule.credits @ schedule.shares) <= income * (1 + NOTHING):
        return None, None

    def due(tick: int) -> float:
        return net * sum(w * schedule.upto(tick - 1, p) for p, w in shares)

    def all_due(tick: int) -> float:
        return net * sum(w * schedule.summed(tick, p) for p, w in shares)

    short = _first_tick(lambda t: due(t) > income * (1 + 1e-12))
    if short is None:
        return None, None
    # From then on the gap only widens.
    empty = _first_tick(lambda t: t >= short and all_due(t) > (income * t + capital) * (1 + 1e-12))
    return float(short), None if empty is None else float(empty)


def _first_tick(true: Callable[[int], bool]) -> int | None:
    """The first tick for which something that stays true is true; None beyond a million years."""
    high = 1
    while not true(high):
        high *= 2
        if high > 365_000_000:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if true(middle) else (middle, high)
    return high


def _task_ends(
    schedule: _Schedule, net: float, income: float, capital: float
) -> tuple[float | None, float | None]:
    """Tasks: summed day by day, with what advertisers pay for every live order."""
    ends = [schedule.days(p) for p in range(len(schedule.shares))]
    known = [sum(days for days, _ in band) for band in schedule.bands]
    length = min(max(known) + 2, LONGEST)
    daily, watched = np.zeros(length + 1), np.zeros(length + 1)
    for p, part in enumerate(schedule.shares.tolist()):
        at = 1
        for days, yuan in schedule.bands[p]:
            stop = min(at + days, length + 1)
            daily[at:stop] += part * yuan
            watched[at:stop] += part
            at = stop
        if not isfinite(ends[p]):
            watched[at:] += part
    due = net * np.cumsum(daily)  # of all ages up to
    come = income + schedule.watched() * np.cumsum(watched)
    gone = np.cumsum(due) - np.cumsum(come)
    # Index k is age k, due on tick k + 1.
    short = np.flatnonzero(due > come * (1 + 1e-12))
    empty = np.flatnonzero(gone > capital + 1e-12 * np.cumsum(come))
    if len(empty):
        return float(short[0] + 1), float(empty[0] + 1)
    lack = float(due[-1] - come[-1])
    if lack <= 0 or not len(short) or not all(isfinite(end) for end in ends):
        return None, None
    return float(short[0] + 1), float(length + 1 + floor((capital - gone[-1]) / lack) + 1)


def _queue_ends(
    scheme: Scheme, queue: RefundQueue, orders: float, capital: float, part: float
) -> tuple[float | None, float | None]:
    """A queue that promises a turn, tick by tick, nobody paid ahead."""
    price = scheme.order.mean_spend
    income = (queue.share + part) * price * orders
    tick: Floats = np.arange(1.0, LONGEST + 1.0)
    placed = np.floor(orders * tick * (1 + 1e-12) + 1e-9)
    locked = np.concatenate((np.zeros(min(queue.lock, LONGEST)), placed))[:LONGEST]
    turns: Floats
    smooth: Floats
    if queue.rule == "shared":
        turns, smooth = np.floor((placed - 1) / queue.newcomers), orders * tick / queue.newcomers
    else:
        turns, smooth = placed - queue.newcomers, orders * tick - queue.newcomers
    refund = queue.refund * price
    due = refund * np.maximum(np.minimum(turns, locked), 0.0)
    come = (queue.share + part) * price * placed + capital
    empty = np.flatnonzero(due > come * (1 + 1e-12))
    if not len(empty):
        return None, None
    steady = refund * np.maximum(np.minimum(smooth, orders * (tick - queue.lock)), 0.0)
    short = np.flatnonzero(np.diff(steady, prepend=0.0) > income * (1 + NOTHING))
    first = min(int(short[0]), int(empty[0])) if len(short) else int(empty[0])
    return float(first + 1), float(empty[0] + 1)


def _times(release: ScheduledRelease, scale: float) -> ScheduledRelease:
    """The same for so many times the orders: teams, too, sell so many times as much."""
    stars = tuple((sales * scale, share) for sales, share in release.stars)
    return release.model_copy(update={"stars": stars})


def _played(
    scheme: Scheme, mechanisms: tuple[Mechanism, ...], ticks: int
) -> tuple[float, float] | None:
    """The same from a run: more is due than comes in, and cannot be paid; None: not by then."""
    from model.simulate import simulate

    split = scheme.split()
    parts = Parts(platform=split.get("platform", 0.0), distribution=split.get("distribution", 0.0))
    commission = scheme.first("commission")
    releases = [m for m in mechanisms if isinstance(m, ScheduledRelease)]
    queues = [m for m in mechanisms if isinstance(m, RefundQueue)]
    orders, scale = _orders(scheme), 1.0
    if scheme.tick == "day" and not queues:
        # A few whole orders, or packages, are more on one day than on the next: the days are those
        # of steady sales. So many times the orders, with all that is counted in yuan of them all.
        scale = max(STEADY / orders, 1.0)
        orders = max(orders, STEADY)
        releases = [_times(m, scale) for m in releases]
    fixed: tuple[Mechanism, ...] = (*releases, *queues)
    if commission is not None:
        prices = ("district_price", "city_price", "province_price")
        commission = commission.model_copy(
            update={name: getattr(commission, name) * scale for name in prices}
        )
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
            "mechanisms": fixed if commission is None else (*fixed, commission),
        }
    )
    result = simulate(steady)
    if result.broken is None:
        return None
    series = result.series
    income = series["paid_in"].to_numpy() + _platform_part(scheme) * series["sales"].to_numpy()
    over = np.flatnonzero(series["paid_out"].to_numpy() > income * (1 + NOTHING))
    empty = result.broken.tick
    short = min(int(over[0]) + 1, empty) if len(over) else empty
    return float(short), float(empty)
