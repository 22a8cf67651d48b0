"""What a run costs, known before it is played: work and bytes.

The settings alone say how much there is to look at: days times packages times what each mechanism
keeps. The estimate is meant to be too high rather than too low, since nobody knows beforehand
whether a platform will be able to pay; ``python -m benchmarks.cost`` holds it to what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from model.mechanisms import (
    Commission,
    DividendPool,
    PointsPool,
    RefundQueue,
    ScheduledRelease,
)
from model.mechanisms.base import MOST_CELLS, STRETCHES
from model.mechanisms.dividend_pool.settings import RANKS
from model.mechanisms.lineage import DEEPEST, LEAP, WIDE
from model.scheme import Scheme
from model.tracing import MOST_HELD

#: Microseconds, on the computer on which the numbers below were found, of the run that costs 1:
#: ``simulate(load("green-points"))`` over 365 days.
REFERENCE = 25_000.0
#: Bytes of a number in an array, in a list, and of an array by itself.
NUMBER, LISTED, ARRAY = 8, 32, 130


@dataclass(frozen=True)
class Cost:
    """What a run and its tables cost.

    ``run``: the work of playing it; ``answer``: that of the tables and of finding out whose money
    everybody was paid with. Work is counted in runs of a year of an ordinary scheme. ``memory``:
    the most bytes that are in use at any moment of both; ``kept``: bytes of the result afterwards.
    """

    run: float = 0.0
    answer: float = 0.0
    memory: float = 0.0
    kept: float = 0.0

    @property
    def work(self) -> float:
        """All of it: the run and the answer."""
        return self.run + self.answer


@dataclass
class _Sum:
    """What is added up: microseconds and bytes."""

    run: float = 0.0
    answer: float = 0.0
    memory: float = 0.0  # beyond what is kept
    kept: float = 0.0

    def add(self, *, run: float = 0, answer: float = 0, memory: float = 0, kept: float = 0) -> None:
        self.run += run
        self.answer += answer
        self.memory += memory
        self.kept += kept


@dataclass(frozen=True)
class _Line:
    """The orders of a run as far as they matter for its cost."""

    ticks: int
    packages: int
    spans: int  # see model.mechanisms.lineage
    grown: float  # cohort-ticks with more recruits than a sum over young cohorts bears
    eras: int  # see model.mechanisms.points_pool.Era


def cost(scheme: Scheme) -> Cost:
    """What :func:`model.simulate` and the tables of its result cost at most."""
    line, found = _line(scheme), _Sum()
    ticks = line.ticks
    found.add(run=500 + 8 * ticks, answer=6_000 + 3 * ticks, memory=500_000)
    found.add(kept=60_000 + (500 + 3 * NUMBER * line.packages) * ticks, memory=400 * ticks)
    for mechanism in scheme.mechanisms:
        if isinstance(mechanism, PointsPool):
            _points(scheme, mechanism, line, found)
        elif isinstance(mechanism, DividendPool):
            _dividends(scheme, mechanism, line, found)
        elif isinstance(mechanism, ScheduledRelease):
            _release(scheme, mechanism, line, found)
        elif isinstance(mechanism, RefundQueue):
            _queue(scheme, mechanism, line, found)
        elif isinstance(mechanism, Commission):
            found.add(run=3 * ticks, answer=2_000 + 2 * ticks, kept=450 * ticks, memory=200 * ticks)
    return Cost(
        run=found.run / REFERENCE,
        answer=found.answer / REFERENCE,
        memory=found.kept + found.memory,
        kept=found.kept,
    )


def total(costs: Sequence[Cost]) -> Cost:
    """Several runs in turn whose results are kept together."""
    kept = sum(one.kept for one in costs)
    return Cost(
        run=sum(one.run for one in costs),
        answer=sum(one.answer for one in costs),
        memory=kept + max((one.memory - one.kept for one in costs), default=0.0),
        kept=kept,
    )


def _line(scheme: Scheme) -> _Line:
    """Spans of cohorts and recruits, from the orders; at most what a mechanism will find."""
    ticks = scheme.horizon
    if not any(_recruits(mechanism) for mechanism in scheme.mechanisms):
        return _Line(ticks, len(scheme.order.choices), 1, 0.0, 4)
    orders = scheme.demand.whole_orders(ticks=ticks, one_per_tick=scheme.tick == "order")
    before = np.cumsum(orders) - orders
    each = np.divide(orders, before, out=np.zeros(ticks), where=before > 0)
    spans = 1 + int((each > LEAP).sum()) + int(each[each <= LEAP].sum() / WIDE)
    upto = np.cumsum(each)
    grown = float(np.searchsorted(upto, upto - 8.0).sum())
    return _Line(ticks, len(scheme.order.choices), spans, grown, 4)


def _recruits(mechanism: object) -> bool:
    """Whether recruits bring somebody something, tick by tick."""
    if isinstance(mechanism, DividendPool):
        return mechanism.referral_rate > 0
    if isinstance(mechanism, ScheduledRelease):
        return mechanism.first_generation > 0 or mechanism.second_generation > 0
    return False


# -- the mechanisms --------------------------------------------------------------------------------


def _points(scheme: Scheme, pool: PointsPool, line: _Line, found: _Sum) -> None:
    """Columns of a block and of a tick; pointers that move through the line."""
    ticks, people = line.ticks, scheme.behaviour
    batches = min(pool.debt_batches, 1 + ticks // pool.debt_interval) if pool.debt > 0 else 0
    leaving = _leaving(scheme)
    taking = people.take_profit is not None
    exits = pool.exit_multiple is not None
    eras = line.eras + batches
    lines = 1
    if scheme.sharing:
        lines = 2 + RANKS * (scheme.sharing[0].rank_share > 0)
    each = 14.0 + 14.0 * exits + 14.0 * (leaving or taking) + 10.0 * taking
    busy = exits or leaving or taking
    found.add(run=ticks * (each + 4.0 * lines * eras * busy))
    # Sales of many days are followed a block at a time.
    found.add(kept=700 * ticks, memory=900 * ticks + 2.5e6 * (leaving or taking))
    pieces = ticks * (1 + exits + taking + 0.5 * leaving) * lines
    found.add(
        answer=6_000 + pieces * (4.0 + 12.0 * (leaving or taking) + 0.4 * batches),
        kept=pieces * (400 + 32 * batches),
        memory=pieces * (500 + 40 * batches) + 1_200 * ticks,
    )


def _leaving(scheme: Scheme) -> bool:
    """Whether points are let go of on any day, by part of all holders."""
    people, pool = scheme.behaviour, scheme.pool
    uses = pool.redeem_share > 0 or pool.swap_share > 0
    return people.sell_share > 0 or people.panic_growth is not None or uses


def _dividends(scheme: Scheme, pool: DividendPool, line: _Line, found: _Sum) -> None:
    """A group for each package and rank; where recruits count, a sum for each generation."""
    ticks = line.ticks
    units = [unit for unit in scheme.units(pool) if unit > 0]
    packages = len(units)
    ranks = 1 + RANKS * (pool.rank_share > 0)
    groups = packages * ranks
    limited = scheme.quotas(pool) is not None or bool(scheme.sharing)
    give_up = scheme.behaviour.sell_share > 0
    if pool.shared_quota == "points_pool":
        give_up = _leaving(scheme)
    generations = pool.package_generations or (pool.referral_generations,)
    deepest = 0
    if pool.referral_rate > 0 and any(generations):
        deepest = min(ceil(max(generations)), DEEPEST, ticks)
    sums = line.spans * deepest  # running numbers of recruits' units
    often = ticks / pool.interval
    run = ticks * (14.0 + 2.0 * packages) + often * (12.0 + 1.0 * groups * limited)
    run += often * (65.0 if pool.rank_share > 0 else 0.0)
    kept = ticks * (500 + 8 * ranks + 150 * packages + 110 * groups)
    memory = ticks * 8 * (90 + 17 * groups)
    searches = 1 + 2.5 * (give_up and limited)
    answer = 4_000 + groups * (300 + 1.8 * ticks) * searches
    if deepest:
        run += ticks * (20.0 + 0.05 * sums + packages * (8.0 + 0.05 * deepest))
        run += often * groups * limited * (3.0 + 1.5 * line.spans) * (1 + give_up)
        kept += ticks * 8 * (5 * sums + 3 * (packages + 1) * deepest)
        answer += groups * sums * (40 + 0.2 * ticks) * searches
        memory += ticks * 8 * 6 * deepest
    if pool.divided_over == "all":
        # Whoever is left in the pool is looked at on every payment.
        cells = 0.5 * often * ticks * groups
        answer += often * 300 + cells * 0.03 * (1 + 0.06 * deepest)
    if scheme.sharing and give_up:
        answer += 0.5 * ticks * ticks * groups * 0.08
    found.add(run=run, answer=answer, memory=memory, kept=kept)


def _release(scheme: Scheme, release: ScheduledRelease, line: _Line, found: _Sum) -> None:
    """Cohorts looked at one by one on every tick, and what is kept of their payments."""
    ticks, packages = line.ticks, line.packages
    platform = scheme.platform
    faster = release.first_generation > 0 or release.second_generation > 0
    give_up = scheme.behaviour.sell_share > 0
    wallets = platform.wallets or platform.policy == "raise_minimum"
    young = release.basis == "price" and not (release.rewards or wallets or give_up)
    every = 0.5 * ticks * ticks  # all cohorts on all ticks
    cells = every
    choices = zip(scheme.credits(release), scheme.order.choices, strict=True)
    multiples = [credit / price for credit, (price, _) in choices]
    if young:
        # Of those with enough left nobody is looked at but whom the stars of others have reached,
        # and whose other package has come to its end.
        shares = sum(rate for _, rate in release.stars[-1:])
        part = 0.5 * (1 - min(multiples) / max(multiples))
        part += 10 * shares * release.daily_rate / min(multiples)
        cells = min(every, 64.0 * ticks + part * every + (line.grown if faster else 0.0))
    each = 0.02 + 0.03 * faster + 0.03 * bool(release.stars) + 0.04 * wallets
    each += 0.08 * give_up + 0.03 * bool(release.rewards)
    run = ticks * (70.0 + 25.0 * faster + 30.0 * bool(release.stars) + 40.0 * wallets)
    run += ticks * (30.0 * give_up) + cells * packages * each
    kept = ticks * (900.0 + 90.0 * packages)
    if young:
        kept += NUMBER * 8 * ticks * (1 + ticks / 256) * 0.6
    found.add(run=run, answer=2_000 + 6 * ticks, kept=kept, memory=ticks * 60 * packages)
    _kept_payments(cells, packages, line, found)
    if cells * packages > MOST_CELLS or _account_pays(scheme):
        _played_again(run, cells, packages, line, found, shared=not give_up)


def _queue(scheme: Scheme, queue: RefundQueue, line: _Line, found: _Sum) -> None:
    """The cohorts that are paid; all that wait where recruiters are paid ahead."""
    ticks = line.ticks
    give_up = scheme.behaviour.sell_share > 0
    every = 0.5 * ticks * ticks
    ahead = queue.advance > 0
    cells = 4.0 * ticks
    if queue.rule != "pool":
        cells = every  # whoever has been called and cannot be paid waits on
    run = ticks * (45.0 + 40.0 * ahead + 20.0 * give_up) + cells * 0.03
    if ahead:
        run += every * 0.03
        cells += every
    if give_up:
        run += every * 0.01
    found.add(run=run, answer=3_000 + 15 * ticks, kept=ticks * 1_200, memory=ticks * 300)
    _kept_payments(cells, 1, line, found)
    if cells > MOST_CELLS or _account_pays(scheme):
        _played_again(run, cells, 1, line, found, shared=False)


def _account_pays(scheme: Scheme) -> bool:
    """Whether the platform's own account may pay a part of what a pool lacks."""
    split = scheme.split()
    if scheme.platform.capital > 0 or split.get("platform", 0.0) > 0:
        return True
    return any(isinstance(m, Commission) for m in scheme.mechanisms)


def _kept_payments(cells: float, packages: int, line: _Line, found: _Sum) -> None:
    """What a run keeps of its payments (model.mechanisms.base.Payments)."""
    most = MOST_CELLS
    single = min(cells * packages, most) * 2 * NUMBER + min(cells, most) * NUMBER
    of_tick = 3 * LISTED + 4 * ARRAY + (NUMBER * STRETCHES if cells > most else 0)
    found.add(kept=single + of_tick * line.ticks)
    found.add(memory=6 * NUMBER * min(cells, most) + 8 * NUMBER * (STRETCHES + 3) * line.ticks)
    found.add(answer=30.0 * line.ticks + 0.2 * min(cells * packages, most))


def _played_again(
    run: float, cells: float, packages: int, line: _Line, found: _Sum, *, shared: bool
) -> None:
    """The run once more with every payment kept, and each of them looked at."""
    found.add(answer=run + 40.0 * line.ticks + cells * packages * 0.06)
    found.add(memory=cells * NUMBER * (1 + packages * (1 if shared else 2)))
    found.add(memory=line.ticks * (600 + 80 * packages) + 8 * NUMBER * min(cells, MOST_HELD))


def longest(scheme: Scheme, *, work: float, memory: float) -> int:
    """The most ticks of ``scheme``, at most its horizon, that cost no more; 0 if not even one does.

    ``work`` and ``memory`` as in :class:`Cost`. What a run costs grows with its ticks.
    """

    def fits(ticks: int) -> bool:
        found = cost(scheme.model_copy(update={"horizon": ticks}))
        return found.work <= work and found.memory <= memory

    return most_ticks(fits, scheme.horizon)


def most_ticks(fits: Callable[[int], bool], upto: int) -> int:
    """The most ticks that fit, at most ``upto``; 0 if not even one does. More never fit better."""
    if fits(upto):
        return upto
    low, high = 0, upto  # fits at low, not at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
