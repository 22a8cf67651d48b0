"""What is left when orders stop: who holds what, what the pools can pay, and who is left unpaid."""

from __future__ import annotations

from dataclasses import dataclass

from model.asked.answers import answers
from model.asked.ending import Endings, Rule
from model.result import Result
from model.scheme import Scheme
from model.simulate import simulate


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """The state on ``day``, its last orders included, and what each rule can still pay."""

    day: int
    orders: float
    spent: float
    received: float
    rules: tuple[Rule, ...]


def until(scheme: Scheme, day: int, *, result: Result | None = None) -> Result:
    """The run up to ``day``; ``result`` is used where it is just that long.

    Nothing that happens later changes what happened before. Raises ValueError for a day that is
    not in the run.
    """
    if not 1 <= day <= scheme.horizon:
        raise ValueError(f"day: {day} is not allowed; allowed: 1 to {scheme.horizon}")
    if result is not None and day == scheme.horizon:
        return result
    return simulate(scheme.model_copy(update={"horizon": day}))


def stopped(result: Result) -> Stopped:
    """What is left if no order follows the last tick of ``result``.

    Closed forms over the state that is left, no loop over orders or days. In a points pool nobody
    needs to leave; ``first`` to ``last`` are those of a row of sales in which all buyers who hold
    points sell one after another, each a holder of the average size; with a quota that dividends
    use up too, each has what the average holder has left of it. Queues pay the oldest first and
    daily release in proportion until the money is gone, with what the platform's account holds;
    after a promise has been broken under the policy "stop" nothing. Dividends end with the orders.
    """
    account = max(float(result.account.balance[-1]), 0.0) if result.account is not None else 0.0
    asked = answers(Endings)
    rules = (
        asked[m.kind].rule(m, result=result, account=account) for m in result.scheme.mechanisms
    )
    return Stopped(
        day=result.ticks,
        orders=float(result.line.orders.sum()),
        spent=float(result.line.sales.sum()),
        received=float(result.cohorts["received"].sum()),
        rules=tuple(rule for rule in rules if rule is not None),
    )
