"""What a run costs, known before it is played: work and bytes.

The settings alone say how much there is to look at: days times packages times what each mechanism
keeps. The estimate is meant to be too high rather than too low, since nobody knows beforehand
whether a platform will be able to pay; ``python -m benchmarks.cost`` holds it to what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.asked.answers import answers
from model.asked.cost import NUMBER, Costs, Line, Sum
from model.mechanisms.lineage import LEAP, WIDE
from model.scheme import Scheme

#: Microseconds, on the computer on which the numbers below were found, of the run that costs 1:
#: ``simulate(load("green-points"))`` over 365 days.
REFERENCE = 25_000.0


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


def cost(scheme: Scheme) -> Cost:
    """What :func:`model.simulate` and the tables of its result cost at most."""
    line, found = _line(scheme), Sum()
    ticks = line.ticks
    found.add(run=500 + 8 * ticks, answer=6_000 + 3 * ticks, memory=500_000)
    found.add(kept=60_000 + (500 + 3 * NUMBER * line.packages) * ticks, memory=400 * ticks)
    for mechanism in scheme.mechanisms:
        answers(Costs)[mechanism.kind].add(mechanism, scheme, line, found)
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


def _line(scheme: Scheme) -> Line:
    """Spans of cohorts and recruits, from the orders; at most what a mechanism will find."""
    ticks = scheme.horizon
    packages, account_pays = len(scheme.order.choices), _account_pays(scheme)
    if not any(answers(Costs)[m.kind].counts_recruits(m) for m in scheme.mechanisms):
        return Line(ticks, packages, 1, 0.0, account_pays)
    orders = scheme.demand.whole_orders(ticks=ticks, one_per_tick=scheme.tick == "order")
    before = np.cumsum(orders) - orders
    each = np.divide(orders, before, out=np.zeros(ticks), where=before > 0)
    spans = 1 + int((each > LEAP).sum()) + int(each[each <= LEAP].sum() / WIDE)
    upto = np.cumsum(each)
    grown = float(np.searchsorted(upto, upto - 8.0).sum())
    return Line(ticks, packages, spans, grown, account_pays)


def _account_pays(scheme: Scheme) -> bool:
    """Whether the platform's own account may pay a part of what a pool lacks."""
    split = scheme.split()
    if scheme.platform.capital > 0 or split.get("platform", 0.0) > 0:
        return True
    return any(answers(Costs)[m.kind].feeds_account for m in scheme.mechanisms)


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
