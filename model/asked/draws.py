"""Whose money was in what a mechanism paid: the accounts of its draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from model.arrays import Floats, Ints
from model.draws import Single, Stretches
from model.mechanisms.base import Payments
from model.mixing import Account
from model.ran import Engines, Ran


@dataclass(kw_only=True)
class Paid:
    """Payments of one promise, one a draw: which tick, by stretch, and how much of each by whom."""

    tick: Ints
    yuan: Floats  # (draws, stretches)
    by_platform: Floats  # (draws,), the part
    step: int  # order within a tick
    event: Ints  # number among its ``payments``, or -1
    newest: Ints  # the last cohort paid
    payments: Payments
    #: Whether whoever is paid leaves with it, in full or in part: there may be a row of each.
    leave: bool = False
    #: By tick: what it paid single orders of cohorts from one on, beside ``payments``.
    beside: Mapping[int, Callable[[int], Iterator[Single]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A fixed promise, which the platform's account helps to keep; yuan by tick."""

    share: float  # of the price, into its pool
    outside: Floats | float  # what came into it from outside
    pool: Floats  # what is in it at the end of each tick
    by_account: bool  # whether the platform's account has paid any of it
    payments: Payments
    #: What it paid, in the order of its kinds within a tick.
    paid: Callable[[Stretches], list[Paid]]


class Draws:
    """What a mechanism paid its buyers."""

    def accounts(self, result: Ran, stretches: Stretches, *, own: bool) -> list[Account]:  # noqa: ARG002
        """Its accounts that nobody else pays for, with own contributions if ``own``."""
        return []

    def promise(self, engines: Engines) -> Promise | None:  # noqa: ARG002
        """Its promise, if it is one that the platform's account helps to keep."""
        return None

    def paid_others(self, result: Ran) -> bool:  # noqa: ARG002
        """Whether it paid old debt to people who are no buyers."""
        return False
