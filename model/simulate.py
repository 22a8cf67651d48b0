"""One run: tick by tick, all mechanisms together."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.arrays import Ints
from model.asked.answers import answers
from model.asked.starting import Setup, Starting
from model.mechanisms.base import NOTHING, Line, Promise
from model.mechanisms.points_pool import PointsPoolEngine
from model.pairs import shared_quota
from model.ran import Account, Broken, Engines
from model.result import Result
from model.scheme import Scheme


def simulate(scheme: Scheme, *, whole_payments: bool = False) -> Result:
    """Run ``scheme`` for its horizon.

    One tick, in order: the orders join and pay in; what is due is paid by the pools, then by the
    platform's account, and where that is not enough by the platform's policy; points are sold, by
    force or not; those who give up leave. The cost grows with the number of ticks and not with the
    number of orders. With ``whole_payments`` the payments of release and queue are
    kept whole however many there are (see :class:`model.mechanisms.base.Payments`).
    """
    orders = scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=scheme.tick == "order")
    told = answers(Starting)
    if len(scheme.mechanisms) == 1:
        (only,) = scheme.mechanisms
        alone = told[only.kind].alone(only, scheme, orders)
        if alone is not None:
            line, engines = alone
            return _result(scheme, line, engines, None)
    return _Run(scheme, orders, whole_payments=whole_payments).result()


def _result(scheme: Scheme, line: Line, engines: Engines, account: Account | None) -> Result:
    again = partial(_with_whole_payments, scheme)
    return Result(scheme, line=line, engines=engines, account=account, again=again)


def _with_whole_payments(scheme: Scheme) -> Engines:
    return simulate(scheme, whole_payments=True).engines


class _Run:
    """A run of several mechanisms, or of one that needs the platform's account."""

    def __init__(self, scheme: Scheme, orders: Ints, *, whole_payments: bool) -> None:
        self.scheme = scheme
        self.line = line = Line(orders, scheme.order.choices)
        self.numbers = orders.tolist()
        self.engines = engines = Engines()
        if scheme.sharing:
            engines.points = engines.shared = shared_quota.start(scheme, line)
            engines.beside.append(engines.shared.dividends)
        run = Setup(scheme=scheme, line=line, engines=engines, whole_payments=whole_payments)
        told = answers(Starting)
        for mechanism in sorted(scheme.mechanisms, key=lambda m: m.place):
            told[mechanism.kind].start(mechanism, run)
        self.income = scheme.split().get("platform", 0.0) * line.sales
        self.account = scheme.platform.capital
        for engine in engines.beside:
            self.income = engine.platform_income(self.income)
            self.account += engine.opening
        self.balance: list[float] = []
        self.broken: Broken | None = None
        self.fixed = engines.of(Promise)
        self.stepping = [engine for engine in engines.beside if engine.steps]
        self.sharing_out = [engine for engine in engines.beside if not engine.steps]

    def result(self) -> Result:
        """Play every tick."""
        engines, line = self.engines, self.line
        points, shared = engines.points, engines.shared
        gliding = None if self.stepping else points
        income = self.income.tolist()
        t = 0
        while t < line.ticks:
            if points is not None:
                points.join(self.numbers[t])
                if points.halted_at == t + 1:
                    self._close(t - 1)
                    income = self.income.tolist()
            for engine in self.stepping:
                engine.join(t)
            self.account += income[t]
            for promise in self.fixed:
                self.account -= promise.advance(t, self.account)
            stop = self._keep_promises(t) if self.fixed else False
            for engine in self.sharing_out:
                self.account -= engine.share_out(t, self.account)
            for engine in self.stepping:
                engine.settle(t)
            if points is not None:
                points.settle()
            if shared is not None:
                shared.dividends.after_sales(t)
            self.balance.append(self.account)
            if self.broken is not None and self.broken.tick == t + 1:
                owed = sum(e.owed for e in self.fixed)
                orders = max(e.log["holders"][-1] for e in self.fixed)
                self.broken = Broken(tick=t + 1, owed=owed, orders=orders)
            if stop:
                self._close(t)
                income = self.income.tolist()
            t += 1
            if gliding is not None and t < line.ticks and gliding.undisturbed:
                t += self._glide(gliding, t, income)
        if points is not None:
            points.finish()
        account = Account(
            balance=np.array(self.balance),
            capital=self.scheme.platform.capital,
            broken=self.broken,
        )
        return _result(self.scheme, line, engines, account)

    def _glide(self, points: PointsPoolEngine, t: int, income: list[float]) -> int:
        """Many ticks with nothing but orders and commissions at once; returns how many."""
        done = points.glide(self.line.orders[t:].astype(np.int64))
        for k in range(t, t + done):
            self.account += income[k]
            for engine in self.sharing_out:
                self.account -= engine.share_out(k, self.account)
            self.balance.append(self.account)
        return done

    def _keep_promises(self, t: int) -> bool:
        """Pay what is due by a fixed promise; returns whether the platform stops for good."""
        account, policy = max(self.account, 0.0), self.scheme.platform.policy
        dues = [engine.due(t) for engine in self.fixed]
        lacks = [max(due - e.pool, 0.0) for due, e in zip(dues, self.fixed, strict=True)]
        lack = sum(lacks)
        short = lack > account + NOTHING * sum(dues)
        stop = False
        # Each one's part of the account goes by what it lacks before anything is raised: who is
        # paid less of the release's due has not brought the queue more.
        part = min(1.0, account / lack) if lack > 0 else 1.0
        grants = [needs * part for needs in lacks]
        if short:
            if self.broken is None:
                self.broken = Broken(tick=t + 1, owed=0.0, orders=0.0)
            for k, engine in enumerate(self.fixed):
                if lacks[k] > 0:
                    available = engine.pool + grants[k]
                    dues[k] = engine.eased(policy, t, due=dues[k], available=available)
                    lacks[k] = max(dues[k] - engine.pool, 0.0)
            stop = policy == "stop"
        for engine, due, needs, grant in zip(self.fixed, dues, lacks, grants, strict=True):
            given = min(needs, grant)
            factor = 1.0 if needs <= given * (1 + NOTHING) else (due - needs + given) / due
            engine.pay(t, factor=factor, from_account=given)
            self.account -= given
        return stop

    def _close(self, t: int) -> None:
        """After tick ``t`` (from 0) no more orders, no more payments."""
        self.line.end(t + 1)
        self.numbers[t + 1 :] = [0] * (self.line.ticks - t - 1)
        self.income[t + 1 :] = 0.0
        for engine in self.engines.beside:
            engine.end(t)
        if self.engines.points is not None:
            self.engines.points.halt()
