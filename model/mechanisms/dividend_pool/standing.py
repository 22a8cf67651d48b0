"""How the orders of dividend pools fared."""

from __future__ import annotations

from math import inf

import numpy as np

from model.asked.standing import SAME, Groups, Stands, without_claim
from model.mechanisms.dividend_pool import DividendPoolEngine
from model.mechanisms.dividend_pool.packages import Group
from model.mechanisms.dividend_pool.paid import GroupFate
from model.result import Result


class DividendPoolStands(Stands):
    """The groups of a run."""

    def fill(self, result: Result, groups: Groups) -> bool:
        """Add them to ``groups``."""
        engines = result.engines.dividends
        if len(engines) == 1:
            _of_dividends(result, engines[0], groups)
        else:
            _of_dividend_pools(result, groups)
        return True


def _of_dividends(result: Result, engine: DividendPoolEngine, groups: Groups) -> None:
    """Cohorts of each package and rank."""
    line, without = result.line, without_claim(result)
    for group, fate in zip(engine.groups, engine.fates, strict=True):
        of_cohorts(result, engine, group, fate, groups)
    for number, price in enumerate(line.prices.tolist()):
        groups.add(without[number], price, np.zeros(result.ticks), nothing=True)


def of_cohorts(
    result: Result, engine: DividendPoolEngine, group: Group, fate: GroupFate, groups: Groups
) -> None:
    """Cohorts of one package and rank."""
    price, quota = float(result.line.prices[group.package.number]), group.package.quota
    last = np.full(result.ticks, result.ticks - 1)
    done = fate.departed * (quota if quota < inf else 0.0)
    each = np.clip(engine.had(group.number, np.arange(result.ticks), last), 0.0, quota)
    waiting = np.minimum(fate.held * each, fate.received)
    groups.add(fate.departed, price, done)
    groups.add(fate.held, price, waiting, waiting=True)
    gone = fate.orders - fate.departed - fate.held
    gone = np.where(gone > SAME * fate.orders, gone, 0.0)
    groups.add(gone, price, fate.received - done - waiting)


def _of_dividend_pools(result: Result, groups: Groups) -> None:
    """Several pools together: the average order of each package and day."""
    line, without = result.line, without_claim(result)
    counts = line.counts - without
    received, held = np.zeros_like(counts), np.zeros_like(counts)
    for engine in result.engines.dividends:
        waiting = np.zeros_like(held)
        for group, fate in zip(engine.groups, engine.fates, strict=True):
            received[group.package.number] += fate.received
            waiting[group.package.number] += fate.held
        held = np.maximum(held, waiting)
    held = np.minimum(held, counts)
    part = np.divide(held, counts, out=np.zeros_like(held), where=counts > 0)
    for number, price in enumerate(line.prices.tolist()):
        there, waits = received[number], part[number]
        groups.add(counts[number] - held[number], price, there * (1 - waits))
        groups.add(held[number], price, there * waits, waiting=True)
        groups.add(without[number], price, np.zeros_like(there), nothing=True)
