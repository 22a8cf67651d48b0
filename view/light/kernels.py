"""The numbers that the loops in ``kernels.js`` need, for the schemes that they can play.

Both come to the same to a billionth. Where growth adds up thousands of millions of orders, a
single one may fall on the next day: two machines differ in the last digit of an exponential.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.points_pool import PointsPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme

#: The script, which defines ``whoPays(s)``.
SCRIPT: Final = Path(__file__).with_suffix(".js")
#: More orders than this are not walked through one by one.
MOST_ORDERS: Final = 4_000_000


def settings_for(scheme: Scheme) -> dict[str, Any] | None:
    """What ``whoPays`` takes, as JSON can say it; None for a scheme that it cannot play.

    Amounts are yuan, shares fractions of one, times days from 0. What recruiters and agents are
    paid is left out where it takes nothing off what buyers get.
    """
    paying = [mechanism for mechanism in scheme.mechanisms if mechanism.has_pool]
    if (
        len(paying) != 1
        or scheme.behaviour.sells
        or scheme.demand.kind not in {"steady", "growing"}
    ):
        return None
    (mechanism,) = paying
    numbers = RULES.get(mechanism.kind)
    found = numbers(scheme, mechanism) if numbers is not None else None
    if found is None:
        return None
    demand, choices = scheme.demand, scheme.order.choices
    one_by_one = scheme.tick == "order"
    return {
        "rule": mechanism.kind,
        "days": scheme.horizon,
        "demand": {
            "kind": "steady" if one_by_one else demand.kind,
            "first": 1.0 if one_by_one else demand.orders_per_tick,
            "growth": demand.growth,
            "lastDay": demand.stop_tick,
        },
        "prices": [price for price, _ in choices],
        "chosen": [share for _, share in choices],
        **found,
    }


def orders(scheme: Scheme) -> int:
    """All orders of a run."""
    one = scheme.tick == "order"
    return int(scheme.demand.whole_orders(ticks=scheme.horizon, one_per_tick=one).sum())


def _points_pool(scheme: Scheme, pool: PointsPool) -> dict[str, Any] | None:
    special = pool.debt or any(amount for _, amount in pool.outside)
    special = special or pool.redeem_share or pool.swap_share or pool.issue_cap is not None
    if special or orders(scheme) > MOST_ORDERS:
        return None
    return {
        "share": pool.share,
        "gift": pool.gift,
        "fee": pool.fee,
        "multiple": pool.exit_multiple,
        "launchPrice": pool.launch_price,
    }


def _account(scheme: Scheme) -> dict[str, Any] | None:
    """The platform's account; None where others are paid from it too."""
    if len(scheme.mechanisms) > 1:
        return None
    return {
        "platform": scheme.split().get("platform", 0.0),
        "capital": scheme.platform.capital,
        "policy": scheme.platform.policy,
    }


def _refund_queue(scheme: Scheme, queue: RefundQueue) -> dict[str, Any] | None:
    account = _account(scheme)
    if account is None:
        return None
    return account | {
        "share": queue.share,
        "refund": queue.refund,
        "lock": queue.lock,
        "turns": queue.rule,
        "newcomers": queue.newcomers,
        "threshold": queue.threshold,
        "advance": queue.advance,
        "advancePayer": queue.advance_payer,
    }


def _scheduled_release(scheme: Scheme, release: ScheduledRelease) -> dict[str, Any] | None:
    account, platform = _account(scheme), scheme.platform
    if account is None or platform.wallets or platform.policy == "raise_minimum":
        return None
    watched = release.ad_share * release.ad_income * release.tasks
    return account | {
        "share": release.share,
        "credits": list(scheme.credits(release)),
        "dailyRate": release.daily_rate,
        "basis": release.basis,
        "rewards": [list(pair) for pair in release.rewards],
        "tasks": release.tasks,
        "adYuan": watched if release.rewards else 0.0,
        "firstGeneration": release.first_generation,
        "secondGeneration": release.second_generation,
        "stars": [list(pair) for pair in release.stars],
        "fee": platform.withdrawal_fee,
        "feeStep": platform.fee_step,
    }


def _dividend_pool(scheme: Scheme, pool: DividendPool) -> dict[str, Any] | None:
    if pool.referral_rate > 0 or pool.issue_cap is not None:
        return None
    reached = (1.0, *(pool.rank_reached if pool.rank_share > 0 else ()), 0.0)
    quotas = scheme.quotas(pool)
    return {
        "share": pool.share,
        "rankShare": pool.rank_share,
        "ranks": [above - below for above, below in pairwise(reached)],
        "units": list(scheme.units(pool)),
        "quotas": None if quotas is None else list(quotas),
        "interval": pool.interval,
        "over": pool.divided_over,
    }


#: By the kind of mechanism.
RULES: Final[Mapping[str, Callable[[Scheme, Any], dict[str, Any] | None]]] = {
    "points_pool": _points_pool,
    "refund_queue": _refund_queue,
    "scheduled_release": _scheduled_release,
    "dividend_pool": _dividend_pool,
}
