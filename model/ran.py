"""What ran, before it is put in tables: the mechanisms' engines, the line of orders, the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from model.arrays import Floats
from model.ledger import Flow, Ledger
from model.mechanisms.base import Engine, Line, Record
from model.mechanisms.commission import CommissionEngine
from model.mechanisms.dividend_pool import DividendPoolEngine
from model.mechanisms.points_pool import PointsPoolEngine
from model.mechanisms.points_pool.fate import Fate, Pieces
from model.mechanisms.points_pool.result import PointsResult
from model.mechanisms.refund_queue import RefundQueueEngine
from model.mechanisms.scheduled_release import ScheduledReleaseEngine
from model.mixing import Traced
from model.pairs.shared_quota import SharedPointsEngine
from model.pairs.shared_result import SharedResult
from model.scheme import Scheme

E = TypeVar("E", bound=Engine)


@dataclass(kw_only=True)
class Engines:
    """What ran: the points pool's engine, and those of the others in the order of their kinds."""

    points: PointsPoolEngine | None = None
    #: The same where dividends share its quota.
    shared: SharedPointsEngine | None = None
    beside: list[Engine] = field(default_factory=list)

    def of(self, kind: type[E]) -> list[E]:
        """Those of the others that are a ``kind`` of engine."""
        return [engine for engine in self.beside if isinstance(engine, kind)]

    @property
    def dividends(self) -> list[DividendPoolEngine]:
        """The dividend pools' engines."""
        return self.of(DividendPoolEngine)

    @property
    def release(self) -> ScheduledReleaseEngine | None:
        """The daily release's engine."""
        return next(iter(self.of(ScheduledReleaseEngine)), None)

    @property
    def queue(self) -> RefundQueueEngine | None:
        """The refund queue's engine."""
        return next(iter(self.of(RefundQueueEngine)), None)

    @property
    def commission(self) -> CommissionEngine | None:
        """The commissions' engine."""
        return next(iter(self.of(CommissionEngine)), None)


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The first tick on which somebody was paid less than promised."""

    tick: int
    owed: float  # yuan promised and not paid by then
    orders: float  # orders that were still to be paid


@dataclass(frozen=True, kw_only=True)
class Account:
    """The platform's own account: yuan at the end of each tick, shape (ticks,)."""

    balance: Floats
    capital: float
    broken: Broken | None


class Ran:
    """One run. ``again`` plays it once more with the payments of release and queue kept whole."""

    def __init__(
        self,
        scheme: Scheme,
        *,
        line: Line,
        engines: Engines,
        account: Account | None,
        again: Callable[[], Engines],
    ) -> None:
        self._again = again
        self.scheme = scheme
        self.line = line
        self.engines = engines
        self.account = account
        self.ticks = scheme.horizon
        #: (convention, stretches) -> who paid whom, once asked for; see model.funding.
        self.traced: dict[tuple[str, int], Traced] = {}
        #: The points pool's tables, and the same where dividends share its quota.
        self.points: PointsResult | None = None
        self.shared: SharedResult | None = None
        if engines.shared is not None:
            self.points = self.shared = SharedResult(scheme, engines.shared)
        elif engines.points is not None:
            self.points = PointsResult(scheme, engines.points)

    # -- parts ---------------------------------------------------------------------------------

    @property
    def broken(self) -> Broken | None:
        """When a fixed promise was first not kept, or None."""
        return None if self.account is None else self.account.broken

    def account_of(self, name: str) -> str:
        """What the ledger calls the pool of a mechanism: ``pool`` if there is only one."""
        pools = [m for m in self.scheme.mechanisms if m.has_pool]
        return "pool" if len(pools) == 1 else name

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """What each mechanism but a points pool and commissions did."""
        found = []
        for engine in self.engines.beside:
            record = engine.record(self.account_of(engine.settings.name))
            if record is None:
                continue
            if self.shared is not None and engine is self.shared.engine.dividends:
                self.shared.complete(record)
            found.append(record)
        return tuple(found)

    def record(self, name: str) -> Record:
        """What the mechanism called ``name`` did; raises KeyError if there is none."""
        for record in self.records:
            if record.name == name:
                return record
        raise KeyError(name)

    # Of a points pool, for those who look closer.

    def _points(self) -> PointsResult:
        if self.points is None:
            raise LookupError(f"{self.scheme.id} has no points pool")
        return self.points

    @property
    def engine(self) -> PointsPoolEngine:
        """The points pool's engine."""
        return self._points().engine

    @property
    def pieces(self) -> Pieces:
        """The points pool's line of orders; see :class:`Pieces`."""
        return self._points().pieces

    @property
    def fate(self) -> Fate:
        """What became of every piece of it."""
        return self._points().fate

    @property
    def quota_left(self) -> Floats | None:
        """Yuan that a forced exit still pays one order of each piece; see PointsResult."""
        return self._points().quota_left

    @property
    def holdings(self) -> dict[str, float]:
        """Points in circulation at the end by who holds them."""
        return self._points().holdings

    @property
    def constant_points(self) -> Floats:
        """Constant points outstanding at the end of each tick, yuan, shape (ticks,)."""
        return self._points().constant_points

    # -- money --------------------------------------------------------------------------------

    @cached_property
    def ledger(self) -> Ledger:
        """Every payment of the run, double entry."""
        flows: list[Flow] = []
        if self.points is not None:
            flows += self.points.pool_flows(self.account_of(self.scheme.pool.name))
        sales = self.line.sales
        for recipient, share in self.scheme.split().items():
            if recipient != "pool":
                flows.append(
                    Flow(source="buyers", target=recipient, reason="order", amount=share * sales)
                )
        for record in self.records:
            flows += record.flows
        if self.account is not None and self.account.capital > 0:
            capital = np.zeros(self.ticks)
            capital[0] = self.account.capital
            flows.append(Flow(source="owners", target="platform", reason="capital", amount=capital))
        for engine in self.engines.beside:
            flows += engine.flows()
        return Ledger(tuple(flows))

    def with_whole_payments(self) -> Engines:
        """The same run with the payments of release and queue kept whole, however many there are.

        Played once more, for what the first run has not kept: they are too many to be kept beside
        what is found in them.
        """
        return self._again()
