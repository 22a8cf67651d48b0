"""The few figures a sentence about a run quotes, under names that a command can print."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from model.library import real_case
from model.mechanisms.commission import Commission
from model.result import Result
from model.rounding import plain
from model.scheme import Scheme
from model.standing import SAME, without_claim


def taken(scheme: Scheme) -> float:
    """The share of the price that payments to buyers come from."""
    return sum(mechanism.taken for mechanism in scheme.mechanisms)


def usual_package(scheme: Scheme) -> int:
    """The package whose price is the order's, or else the first; counted from 0."""
    prices = [price for price, _ in scheme.order.choices]
    spend = scheme.order.spend
    return next((k for k, p in enumerate(prices) if math.isclose(p, spend)), 0)


@dataclass(frozen=True)
class Circle:
    """The points shop of "zero-cost marketing", for one order."""

    points: float  # points for it, each worth a yuan of the list price
    cash: float  # yuan to be paid beside them
    listed: float  # yuan, both together
    goods: float  # yuan the supplier is paid
    shop: float  # yuan of the cash to the first shop
    platform: float  # yuan of the cash that are left


def circle(scheme: Scheme, commission: Commission, *, spend: float | None = None) -> Circle:
    """Where the cash of the points shop goes, for an order of ``spend`` yuan or the scheme's."""
    points = commission.circle_points * (scheme.order.spend if spend is None else spend)
    cash = points * commission.circle_cash
    listed = points + cash
    goods, shop = commission.circle_goods * listed, commission.circle_shop * cash
    return Circle(points, cash, listed, goods, shop, cash - goods - shop)


def by_turn(result: Result) -> bool:
    """Whether orders whose turn came have been paid in part, and go on being paid."""
    queue, policy = result.engines.queue, result.scheme.platform.policy
    return queue is not None and policy != "stop" and queue.unpaid > SAME * result.line.sales.sum()


def refunded_part(result: Result) -> float:
    """Of the refund of all orders whose turn has come, the part that has been paid; 1: all."""
    queue = result.engines.queue
    if queue is None or not by_turn(result) or queue.turned <= 0:
        return 1.0
    return 1.0 - queue.unpaid / (queue.turned * queue.refund)


def figures(result: Result) -> dict[str, float]:
    """What a sentence about this run quotes, by name; a name is there only where it applies.

    Of the rules, for the average order as the run has it, yuan: spend, reaches (is there to be paid
    to buyers), most (can be paid at most; missing without a limit). Of the run: buyers (orders),
    spent and received (yuan), even (orders paid at least what they cost), left (orders paid off),
    waiting (orders that are not), nothing (orders that no rule gave anything to wait for, if there
    are any), owed (yuan still promised, where there are no points), each (yuan of a points pool for
    each of these), pays_less_from (the first day on which a fixed promise was not kept),
    advertisers (yuan from them), recruiting (yuan paid for it). Of a queue that pays in part:
    turned (orders whose turn has come), in_line (whose turn has not) and part (of the refund of the
    former that was paid). Of a points shop: points, cash and goods (yuan) for one order, and
    platform (yuan the platform keeps of all that cash). Of a real case nobody is counted as paid:
    no even, left, waiting or nothing.
    """
    scheme, totals = result.scheme, result.totals
    # What the run paid is divided by all its orders: the rules are said of the same order.
    spend = scheme.order.mean_spend
    found = {"spend": spend, "reaches": taken(scheme) * spend}
    choices = scheme.order.choices
    each = [(scheme.most_paid_for(package), share) for package, (_, share) in enumerate(choices)]
    if all(most is not None for most, _ in each):
        found["most"] = sum(share * (most or 0.0) for most, share in each)
    found |= {name: totals[name] for name in ("buyers", "spent", "received", "even")}
    if real_case(scheme) is not None:
        # The orders of the model are no people: under a real name nobody is counted as paid.
        del found["even"]
        found["owed"] = totals["held"]
    elif any(mechanism.has_pool for mechanism in scheme.mechanisms):
        found |= {"left": totals["left"], "waiting": totals["holders"]}
        if result.points is None:
            found["owed"] = totals["held"]
        nothing = float(without_claim(result).sum())
        if nothing >= 0.5:
            found["nothing"] = nothing
    queue = result.engines.queue
    if queue is not None and by_turn(result):
        found |= {"turned": queue.turned, "in_line": queue.in_line, "part": refunded_part(result)}
    alone = result.points is not None and not result.records
    if alone and totals["holders"] >= 0.5:
        # Others may hold points too: what counts is what the waiting buyers' own are worth.
        found["each"] = totals["held"] / totals["holders"]
    if result.broken is not None:
        found["pays_less_from"] = float(result.broken.tick)
    release, commission = result.engines.release, result.engines.commission
    if release is not None and release.settings.rewards:
        found["advertisers"] = float(sum(release.log["ads"]))
    if commission is not None:
        found["recruiting"] = totals["commissions"] + float(sum(commission.prizes))
        if commission.settings.circle:
            one = circle(scheme, commission.settings, spend=spend)
            cash = {name: float(amount.sum()) for name, amount in commission.circle().items()}
            found |= {"points": one.points, "cash": one.cash, "goods": one.goods}
            found["platform"] = cash["cash"] - cash["merchant"] - cash["goods"]
    return found


def covered(found: Mapping[str, float]) -> bool:
    """Whether each order brings what one order can be paid at most, so that no other has to.

    ``found`` as from :func:`figures`. Points are never: what they are worth waits for later orders.
    """
    most, reaches = found.get("most", math.inf), found["reaches"]
    known = 0 < most <= reaches * (1 + 1e-9)
    return known and "pays_less_from" not in found and "each" not in found


def pays_for_itself(result: Result) -> bool:
    """Whether nobody in this run needed a later order to be paid what the rule says."""
    if result.points is not None or not covered(figures(result)):
        return False
    # On average is not enough: each package has to bring its own.
    scheme = result.scheme
    for package, (price, _) in enumerate(scheme.order.choices):
        most = scheme.most_paid_for(package)
        if most is None or most > taken(scheme) * price * (1 + 1e-9):
            return False
    return True


def printed(result: Result) -> str:
    """:func:`figures` as lines ``name value``, with all digits that mean anything."""
    return "".join(f"{name} {plain(value)}\n" for name, value in figures(result).items())
