"""What all mechanisms share: the line of orders they step through, and the record they leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from model.arrays import Floats, Ints
from model.ledger import Flow
from model.mechanisms.settings import Mechanism

#: What is left below this part of the whole counts as nothing: rounding must not keep a claim open.
NOTHING = 1e-12
#: A level that is missed by no more than this part of the whole is reached: 3 less 5 x 0.2 is 2.
SLACK = 1e-10
#: A run keeps at most so many payments by cohort, and then by so many stretches of joining time.
MOST_CELLS = 150_000
STRETCHES = 24
#: Below this share of those who joined, the rest count as gone.
ALL_GONE = 1e-200


def levels_reached(levels: npt.ArrayLike, have: npt.ArrayLike, *, of: npt.ArrayLike) -> Ints:
    """How many of the rising ``levels`` each of ``have`` has reached; ``of``: its whole.

    Same unit, any shapes that fit; rounding does not decide (:data:`SLACK`).
    """
    most = np.asarray(have, dtype=float) + SLACK * np.asarray(of, dtype=float)
    found: Ints = np.asarray(np.searchsorted(np.asarray(levels, dtype=float), most, side="right"))
    return found


def stretch_edges(ticks: int, stretches: int) -> Ints:
    """Ticks cut into at most ``stretches`` of nearly equal length: where they begin and end."""
    edges: Ints = np.linspace(0, ticks, min(stretches, ticks) + 1).round().astype(np.int64)
    return edges


class Line:
    """The orders of a run: how many on each tick, of which package, and who could recruit whom.

    ``counts`` are whole orders, shape (packages, ticks). ``recruits`` is the expected number of
    direct recruits one earlier order gains on each tick if every order is brought by one of all
    earlier ones, each equally likely; ``recruits_to`` its running sum, both shape (ticks,).
    """

    def __init__(self, orders: Ints, choices: tuple[tuple[float, float], ...]) -> None:
        self.ticks = len(orders)
        self.orders = orders.astype(float)
        self.prices = np.array([price for price, _ in choices])
        total = np.cumsum(self.orders)
        if len(choices) == 1:
            self.counts = self.orders[None, :].copy()
        else:
            # Of those who chose none of the packages before, the part that chooses this one: so no
            # count ever falls. The small nudge keeps 0.1 * 10 a whole order in spite of rounding.
            rest, share_left, upto = total.copy(), 1.0, []
            for _, share in choices[:-1]:
                part = min(share / share_left, 1.0)
                chosen = np.floor(rest * part * (1 + 1e-12) + 1e-9)
                upto.append(chosen)
                rest, share_left = rest - chosen, max(share_left - share, 1e-12)
            self.counts = np.diff(np.array([*upto, rest]), axis=1, prepend=0.0)
        self.sales = self.prices @ self.counts
        self.before = np.concatenate(([0.0], total[:-1]))
        self._recruit()

    def _recruit(self) -> None:
        self.recruits = np.divide(
            self.orders, self.before, out=np.zeros(self.ticks), where=self.before > 0
        )
        self.recruits_to = np.cumsum(self.recruits)

    def end(self, tick: int) -> None:
        """Nobody orders any more after ``tick`` (from 1)."""
        self.orders[tick:] = 0.0
        self.counts[:, tick:] = 0.0
        self.sales[tick:] = 0.0
        self._recruit()


@dataclass(kw_only=True)
class Record:
    """What one mechanism did. Per tick and per entry tick, shape (ticks,), yuan or orders."""

    name: str
    kind: str
    pool: Floats  # yuan in it at the end of the tick
    paid_in: Floats
    paid_out: Floats  # cash to buyers
    fees: Floats
    promised: Floats  # yuan that those who still wait may yet be paid by the rule
    holders: Floats  # orders that may still be paid
    exits: Floats  # orders that were paid all they had been promised
    units: Floats  # points, live units, credit left or refunds waited for
    price: Floats  # yuan a unit was paid on the tick, or of each yuan due the part that was paid
    # per entry tick
    received: Floats
    held_value: Floats  # yuan the rule still owes those who wait
    departed: Floats  # orders paid all they had been promised
    even: Floats  # orders paid at least their price
    held: Floats  # orders that still wait
    exit_tick: Floats  # the tick on which the last of them was paid; 0 while anybody waits
    flows: list[Flow] = field(default_factory=list)


class Payments:
    """What a rule paid to buyers, for whoever asks later whose money it was (model.tracing).

    Yuan by cohort of each payment; once there are more than :data:`MOST_CELLS` of them by
    :data:`STRETCHES` stretches of joining time instead, unless ``whole``. And of the orders whose
    own contribution may still be in the pool (nobody's is once it has been emptied) what one of
    them was paid. ``coarse`` says from which payment on there are stretches only, ``lost`` whether
    single orders are missing. Ticks and cohorts from 0.
    """

    def __init__(self, ticks: int, *, whole: bool = False) -> None:
        self.whole = whole
        self.edges = stretch_edges(ticks, STRETCHES)
        self._starts = self.edges[:-1]
        sizes = np.diff(self.edges)
        self._of_tick: list[int] = np.repeat(np.arange(len(sizes)), sizes).tolist()
        self._room = self._own_room = MOST_CELLS
        self.ticks: list[int] = []
        self.firsts: list[int] = []
        self.lasts: list[int] = []  # the last cohort of each payment
        self.yuan: list[Floats] = []
        self.leave: list[bool] = []  # whether those who are paid leave with it
        self.coarse: int | None = None
        #: Of a payment: (first cohort, orders, yuan each), of shape (packages, cohorts).
        self.single: dict[int, tuple[int, Floats, Floats]] = {}
        self.lost = False
        self.fresh = 0  # nothing is left in the pool of what cohorts before this one paid in

    def note(self, first: int, orders: Floats, each: Floats, *, steady: bool = False) -> None:
        """Of the next payment: ``each`` yuan to one of ``orders`` of the cohorts from ``first`` on.

        Both (cohorts,) or (packages, cohorts). Needed only where a cohort is not before ``fresh``.
        ``steady``: nobody changes ``orders`` afterwards, so that all payments may read the same.
        """
        at = max(self.fresh - first, 0)
        self._own_room -= orders[..., at:].size
        if self._own_room >= 0 or self.whole:
            self.single[len(self.ticks)] = (
                first + at,
                np.atleast_2d(orders[..., at:] if steady else orders[..., at:].copy()),
                np.atleast_2d(each[..., at:]).copy(),
            )
        else:
            self.lost = True

    def add(self, t: int, first: int, yuan: Floats, *, leave: bool) -> None:
        """``yuan[k]`` went on tick ``t`` to cohort ``first + k``; kept, so no view of what changes.

        With ``leave`` the orders that are paid leave with it.
        """
        size = len(yuan)
        last = first + size - 1
        self._room -= size
        if self._room < 0 and not self.whole:
            if self.coarse is None:
                self.coarse = len(self.ticks)
            low = self._of_tick[first]
            starts = self._starts[low : self._of_tick[last] + 1] - first
            starts[0] = 0
            yuan = np.add.reduceat(yuan, starts)
            first = low
        self.ticks.append(t)
        self.lasts.append(last)
        self.firsts.append(first)
        self.yuan.append(yuan)
        self.leave.append(leave)

    def done(self, cohort: int) -> None:
        """Orders before ``cohort`` have had all of their own contribution."""
        if not self.whole and cohort > self.fresh:
            self.fresh = cohort

    def emptied(self, t: int) -> None:
        """Nothing is left in the pool after tick ``t``."""
        if not self.whole:
            self.fresh = t + 1


class Engine:
    """One mechanism in a run, step by step; what it has nothing to do with it leaves undone.

    Ticks are counted from 0.
    """

    #: Whether orders join and leave it on every tick; if not, many ticks can be passed at once.
    steps: ClassVar[bool] = True

    settings: Mechanism

    @property
    def opening(self) -> float:
        """Yuan that the platform's account has of it before the first tick."""
        return 0.0

    def platform_income(self, income: Floats) -> Floats:
        """The platform's ``income`` of each tick, yuan, with what it brings and costs at once."""
        return income

    def join(self, t: int) -> None:
        """The orders of a tick pay in."""

    def advance(self, t: int, account: float) -> float:  # noqa: ARG002
        """Pay ahead of everybody's turn; returns what came out of the platform's ``account``."""
        return 0.0

    def share_out(self, t: int, account: float) -> float:  # noqa: ARG002
        """Pay at once what is due of a tick's sales; returns what came out of ``account``."""
        return 0.0

    def settle(self, t: int) -> None:
        """The end of the tick: pay what the pool pays, and let those who give up go."""

    def end(self, t: int) -> None:
        """Nobody orders any more after a tick, and nobody is paid."""

    # Afterwards

    def record(self, accounts: str) -> Record | None:  # noqa: ARG002
        """What it did, with its pool called ``accounts`` in the ledger; None without a pool."""
        return None

    def flows(self) -> list[Flow]:
        """Every payment, beside those of the record."""
        return []

    def aside(self) -> dict[str, Floats]:
        """Accounts besides its pool: what the ledger calls them, and yuan at each tick's end."""
        return {}

    def by_cohort(self) -> Floats | None:
        """Yuan that the orders of each tick were paid as recruiters, beside the record."""
        return None

    def totals(self) -> dict[str, float]:
        """Figures of the whole run that only it has, by name."""
        return {}

    def unclaimed(self) -> Floats | None:
        """Orders that it gave nothing to wait for, (packages, ticks); None: others know, or all."""
        return None


class Promise(Engine):
    """A mechanism that owes a fixed sum, which the platform's account pays if its pool does not."""

    pool: float
    payments: Payments
    log: dict[str, list[float]]

    @property
    def owed(self) -> float:
        """Yuan that those who wait may still be paid."""
        return self.log["promised"][-1] if self.log["promised"] else 0.0

    def due(self, t: int) -> float:
        """Yuan in cash that the rule promises for a tick."""
        raise NotImplementedError

    def eased(self, policy: str, t: int, *, due: float, available: float) -> float:  # noqa: ARG002
        """What is ``due`` once the platform's ``policy`` has made it less: yuan.

        ``available``: yuan that there are for it.
        """
        return due

    def pay(self, t: int, *, factor: float, from_account: float) -> None:
        """Book the part ``factor`` of what was due, some of it paid by the platform."""
        raise NotImplementedError


def flow(source: str, target: str, reason: str, amount: Floats) -> Flow:
    """A flow, in one short line."""
    return Flow(source=source, target=target, reason=reason, amount=amount)
