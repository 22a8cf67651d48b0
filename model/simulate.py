"""One run: tick by tick, all mechanisms together."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.mechanisms import (
    Commission,
    CommissionEngine,
    DividendPool,
    DividendPoolEngine,
    PointsPool,
    PointsPoolEngine,
    RefundQueue,
    RefundQueueEngine,
    ScheduledRelease,
    ScheduledReleaseEngine,
)
from model.mechanisms.base import NOTHING, Ints, Line, Payments
from model.pairs.shared_quota import SharedDividendEngine, SharedPointsEngine
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
    if all(isinstance(m, PointsPool) for m in scheme.mechanisms):
        engine = _points_engine(scheme)
        _run_points(engine, orders)
        # Those who joined: nobody does once the run stands still.
        joined = np.zeros(scheme.horizon, dtype=np.int64)
        joined[: len(engine.joined)] = np.frombuffer(engine.joined, dtype=float)
        line = Line(joined, scheme.order.choices)
        return _result(scheme, line, Engines(points=engine), None)
    return _Run(scheme, orders, whole_payments=whole_payments).result()


def _result(scheme: Scheme, line: Line, engines: Engines, account: Account | None) -> Result:
    again = partial(_with_whole_payments, scheme)
    return Result(scheme, line=line, engines=engines, account=account, again=again)


def _with_whole_payments(scheme: Scheme) -> Engines:
    return simulate(scheme, whole_payments=True).engines


def _points_engine(scheme: Scheme) -> PointsPoolEngine:
    return PointsPoolEngine(scheme.pool, spend=scheme.order.spend, behaviour=scheme.behaviour)


def _run_points(engine: PointsPoolEngine, orders: Ints) -> None:
    """A points pool by itself."""
    join, settle = engine.join, engine.settle
    numbers = orders.tolist()
    done = 0
    while done < len(numbers):
        join(numbers[done])
        settle()
        done += 1
        if engine.undisturbed:
            done += engine.glide(orders[done:])
    engine.finish()


class _Run:
    """A run of several mechanisms, or of one that is no points pool."""

    def __init__(self, scheme: Scheme, orders: Ints, *, whole_payments: bool) -> None:
        self.scheme = scheme
        self.line = line = Line(orders, scheme.order.choices)
        self.numbers = orders.tolist()
        give_up = scheme.behaviour.sell_share
        split = scheme.split()
        self.engines = engines = Engines()
        self.shared: SharedDividendEngine | None = None
        if scheme.sharing:
            self._share(scheme.sharing[0])
        for mechanism in scheme.mechanisms:
            if isinstance(mechanism, PointsPool):
                engines.points = engines.points or _points_engine(scheme)
            elif mechanism in scheme.sharing:
                continue
            elif isinstance(mechanism, DividendPool):
                engines.dividends.append(
                    DividendPoolEngine(
                        mechanism,
                        line=line,
                        units=scheme.units(mechanism),
                        quotas=scheme.quotas(mechanism),
                        give_up=give_up,
                    )
                )
            elif isinstance(mechanism, ScheduledRelease):
                engines.release = ScheduledReleaseEngine(
                    mechanism,
                    line=line,
                    credits_=scheme.credits(mechanism),
                    platform=scheme.platform,
                    give_up=give_up,
                    payments=Payments(line.ticks, whole=whole_payments),
                )
            elif isinstance(mechanism, RefundQueue):
                engines.queue = RefundQueueEngine(
                    mechanism,
                    line=line,
                    give_up=give_up,
                    payments=Payments(line.ticks, whole=whole_payments),
                )
            elif isinstance(mechanism, Commission):
                engines.commission = CommissionEngine(
                    mechanism, line=line, budget=split.get("distribution", 0.0)
                )
        self.income = split.get("platform", 0.0) * line.sales
        commission = engines.commission
        if commission is not None:
            circle = commission.circle()
            self.income = self.income + circle["cash"] - circle["merchant"] - circle["goods"]
        self.account = scheme.platform.capital
        self.balance: list[float] = []
        self.broken: Broken | None = None
        self.fixed = [e for e in (engines.release, engines.queue) if e is not None]
        if commission is not None:
            self.account += commission.territories

    def _share(self, mechanism: DividendPool) -> None:
        """Points and dividends under one quota."""
        scheme = self.scheme
        points = SharedPointsEngine(
            scheme.pool, spend=scheme.order.spend, behaviour=scheme.behaviour
        )
        multiple = scheme.pool.exit_multiple
        self.shared = SharedDividendEngine(
            mechanism,
            line=self.line,
            units=scheme.units(mechanism),
            quota=None if multiple is None else multiple * scheme.order.spend,
            points=points,
        )
        self.engines.points = points
        self.engines.dividends.append(self.shared)

    def result(self) -> Result:
        """Play every tick."""
        engines, line = self.engines, self.line
        points, queue, commission = engines.points, engines.queue, engines.commission
        joining = [e for e in (*engines.dividends, *self.fixed) if e is not None]
        settling = [*engines.dividends, *self.fixed]
        income = self.income.tolist()
        t = 0
        while t < line.ticks:
            if points is not None:
                points.join(self.numbers[t])
                if points.halted_at == t + 1:
                    self._close(t - 1)
                    income = self.income.tolist()
            for engine in joining:
                engine.join(t)
            self.account += income[t]
            if queue is not None:
                self.account -= queue.advance(t, self.account)
            stop = self._keep_promises(t) if self.fixed else False
            if commission is not None:
                self.account -= commission.settle(t, self.account)
            for engine in settling:
                engine.settle(t)
            if points is not None:
                points.settle()
            if self.shared is not None:
                self.shared.after_sales(t)
            self.balance.append(self.account)
            if self.broken is not None and self.broken.tick == t + 1:
                owed = sum(e.owed for e in self.fixed)
                orders = max(e.log["holders"][-1] for e in self.fixed)
                self.broken = Broken(tick=t + 1, owed=owed, orders=orders)
            if stop:
                self._close(t)
                income = self.income.tolist()
            t += 1
            if points is not None and t < line.ticks and not joining and points.undisturbed:
                t += self._glide(points, t, income)
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
        commission = self.engines.commission
        for k in range(t, t + done):
            self.account += income[k]
            if commission is not None:
                self.account -= commission.settle(k, self.account)
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
            release = self.engines.release
            if policy in {"raise_fee", "raise_minimum"} and release is not None and lacks[0] > 0:
                available = release.pool + grants[0]
                dues[0] = (
                    release.raise_fee(available)
                    if policy == "raise_fee"
                    else release.raise_minimum(t, available)
                )
                lacks[0] = max(dues[0] - release.pool, 0.0)
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
        for dividend in self.engines.dividends:
            dividend.end(t)
        for promise in self.fixed:
            promise.end()
        if self.engines.points is not None:
            self.engines.points.halt()
        if self.engines.commission is not None:
            self.engines.commission.end()
