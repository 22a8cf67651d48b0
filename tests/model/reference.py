"""Oracles for the points pool, written from the rules and not from the engine.

``run`` walks through every order one by one, in exact fractions or in 100-digit decimals, and knows
nothing of gamma functions, cohorts or pointers. ``float_loop`` does the same in plain floats for
many orders when nobody leaves of their own accord. ``log_gamma`` is Stirling's series in decimals.

The rules of one tick, in order: a batch of old debt; the orders one by one; outside money; forced
exits, oldest first, until nobody is due; sales of old debt, and whoever is due at the price that
leaves; voluntary sales at one price; points used for goods; swaps into constant points and back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any, Protocol

from model.scheme import Scheme

DIGITS = 100
PANIC_TICKS = 30


def exact(value: float) -> Fraction:
    """The decimal a person typed: 0.3 is three tenths, not its nearest binary float."""
    return Fraction(repr(value))


def decimal(value: float) -> Decimal:
    """The same as a decimal of DIGITS digits."""
    return Decimal(repr(value))


@dataclass
class Line:
    """One order and its holders; ``weight`` is the share of them that still holds points."""

    tick: int
    points: Any
    weight: Any
    taken: bool = False
    received: Any = 0
    forced: Any = 0  # share of its holders paid by force
    left: Any = 0  # share of its holders paid at all
    even: Any = 0  # share of its holders who got at least what they had spent
    goods: Any = 0


@dataclass
class Outcome:
    """What happened, one entry a tick in every list; money in yuan."""

    lines: list[Line] = field(default_factory=list)
    pool: list[Any] = field(default_factory=list)
    points: list[Any] = field(default_factory=list)
    price: list[Any] = field(default_factory=list)
    paid_out: list[Any] = field(default_factory=list)
    fees: list[Any] = field(default_factory=list)
    forced: list[Any] = field(default_factory=list)
    sold: list[Any] = field(default_factory=list)
    holders: list[Any] = field(default_factory=list)
    constant: list[Any] = field(default_factory=list)
    credited: list[int] = field(default_factory=list)
    treasury: Any = 0
    merchants: Any = 0
    debt_paid: Any = 0
    lots: list[Any] = field(default_factory=list)
    paper_even: Any = 0

    def by_cohort(self, value: Callable[[Line], Any]) -> dict[int, float]:
        """Sum of ``value`` over the orders of each entry tick."""
        total: dict[int, Any] = {}
        for line in self.lines:
            total[line.tick] = total.get(line.tick, 0) + value(line)
        return {tick: float(amount) for tick, amount in total.items()}


def run(
    scheme: Scheme,
    orders: Sequence[int],
    *,
    number: Callable[[float], Any] = decimal,
    settle: str = "day",
    watch: Watch | None = None,
) -> Outcome:
    """Run ``scheme`` order by order with ``orders[t]`` orders in tick t + 1.

    ``watch`` is told of every payment.

    ``settle="order"`` looks for forced exits after every order, ``"day"`` once, after the tick's
    orders and outside money.
    """
    with localcontext(Context(prec=DIGITS)):
        return _run(scheme, orders, number, settle, watch)


class Watch(Protocol):
    """Is told of what goes into an account and of what it pays."""

    def pay_in(self, account: str, tick: int, payer: Any, amount: Any) -> None:
        """``amount`` yuan of one order (of its weight 1), or of "outside"."""

    def pay(self, account: str, kind: str, tick: int, to: Any, weight: Any, each: Any) -> None:
        """``each`` yuan, before the fee, went to ``weight`` of an order, or to "old members"."""


def _run(
    scheme: Scheme,
    orders: Sequence[int],
    number: Callable[[float], Any],
    settle: str,
    watch: Watch | None,
) -> Outcome:
    settings, behaviour = scheme.pool, scheme.behaviour
    zero, one = number(0), number(1)
    spend = number(scheme.order.spend)
    into_pool = number(settings.share) * spend
    gifted = number(settings.gift) * into_pool
    fee = number(settings.fee)
    quota = None if settings.exit_multiple is None else number(settings.exit_multiple) * spend
    take = None if behaviour.take_profit is None else number(behaviour.take_profit) * spend
    cap = None if settings.issue_cap is None else number(settings.issue_cap)
    batch = number(settings.debt) / settings.debt_batches
    # Decimals must not miss by their rounding what is met exactly.
    reached = 1 if number is exact else 1 - Decimal(1) / 10 ** (DIGITS // 2)
    batches = {
        settings.debt_tick + k * settings.debt_interval for k in range(settings.debt_batches)
    }
    outside: dict[int, Any] = {}
    for day, amount in settings.outside:
        outside[day] = outside.get(day, zero) + number(amount)

    out = Outcome()
    pool, supply, price = zero, zero, number(settings.launch_price)
    issued, capped, constant = zero, False, zero
    out.treasury = out.merchants = out.debt_paid = zero
    live: list[Line] = []
    alive = 0  # orders that somebody still holds
    lots: list[tuple[Any, Any, Any]] = []
    gross = zero

    def reprice() -> None:
        nonlocal price, supply
        if not (alive or lots or out.treasury or out.merchants):
            supply = zero  # not what decimals leave of a supply that nobody holds
        if supply > 0 and pool > 0:
            price = pool / supply

    def force() -> Any:
        nonlocal pool, supply, gross, live, alive
        gone = zero
        if quota is None:
            return gone
        found = True
        while found:
            found = False
            for line in live:
                if line.weight > 0 and line.points * price >= quota * reached:
                    if watch is not None:
                        watch.pay("pool", "forced", tick, line, line.weight, quota)
                    pool -= line.weight * quota * (1 - fee)
                    supply -= line.weight * line.points
                    gross += line.weight * quota
                    line.received += line.weight * quota * (1 - fee)
                    line.forced += line.weight
                    line.left += line.weight
                    if quota * (1 - fee) >= spend * reached:
                        line.even += line.weight
                    gone += line.weight
                    line.weight = zero
                    alive -= 1
                    reprice()
                    found = True
            if found:
                live = [line for line in live if line.weight > 0]
        return gone

    for tick, count in enumerate(orders, start=1):
        gross = forced = zero
        # (1) old debt
        if batch > 0 and tick in batches:
            points = batch / price
            lots.append((points, price, batch))
            supply += points
            issued += points
            reprice()
        # (2) orders
        credited = 0
        for _ in range(count):
            entry = price
            points = gifted / entry
            if cap is not None and (capped or issued + points > cap):
                capped, points = True, zero
            else:
                credited += 1
            line = Line(tick, points, one if points > 0 else zero)
            out.lines.append(line)
            if watch is not None:
                watch.pay_in("pool", tick, line, into_pool)
            if points > 0:
                live.append(line)
                alive += 1
            supply += points
            issued += points
            pool += into_pool
            reprice()
            if settle == "order":
                forced += force()
        # (3) outside money
        pool += outside.get(tick, zero)
        if watch is not None and tick in outside:
            watch.pay_in("pool", tick, "outside", outside[tick])
        reprice()
        # (4) forced exits, (5) old debt is sold, and again while it is: that lifts the price
        forced += force()
        sells = True
        while sells:
            sells = False
            for lot in list(lots):
                points, asked, owed = lot
                if price >= asked * reached and pool > 0:
                    if watch is not None:
                        watch.pay("pool", "debt", tick, "old members", one, owed)
                    pool -= owed * (1 - fee)
                    supply -= points
                    gross += owed
                    out.debt_paid += owed * (1 - fee)
                    lots.remove(lot)
                    reprice()
                    sells = True
            if sells:
                forced += force()
        # (6) voluntary sales, all at one price
        sale_price = price
        keep = 1 - number(behaviour.sell_share)
        if (
            behaviour.panic_growth is not None
            and tick > PANIC_TICKS
            and price / out.price[tick - 1 - PANIC_TICKS]
            < (1 + number(behaviour.panic_growth)) * reached
        ):
            keep *= 1 - number(behaviour.panic_share)
        sold = sold_points = zero
        leaving = take is not None or keep < 1
        for line in live if leaving else []:
            seller = zero
            if take is not None and not line.taken and line.points * sale_price >= take * reached:
                line.taken = True
                seller = line.weight * number(behaviour.take_profit_share)
            seller += (line.weight - seller) * (1 - keep)
            cash = seller * line.points * sale_price * (1 - fee)
            if watch is not None and seller > 0:
                watch.pay("pool", "sale", tick, line, seller, line.points * sale_price)
            line.received += cash
            line.left += seller
            if line.points * sale_price * (1 - fee) >= spend * reached:
                line.even += seller
            line.weight -= seller
            sold += seller
            sold_points += seller * line.points
        if sold_points > 0:
            pool -= sold_points * sale_price * (1 - fee)
            supply -= sold_points
            gross += sold_points * sale_price
            live = [line for line in live if line.weight > 0]
            alive = len(live)
            reprice()
        # points for goods
        redeem, swap = number(settings.redeem_share), number(settings.swap_share)
        if redeem > 0:
            at = price
            for line in live:
                used = line.weight * redeem
                line.goods += used * line.points * at
                supply -= used * line.points
                line.weight -= used
            reprice()
        if swap > 0:
            for line in live:
                used = line.weight * swap
                line.goods += used * line.points * price
                constant += used * line.points * price
                out.treasury += used * line.points
                line.weight -= used
            # Merchants cannot be given more points than the platform holds.
            back = min(number(settings.swap_back_share) * constant / price, out.treasury)
            constant -= back * price
            out.treasury -= back
            out.merchants += back
        out.pool.append(pool)
        out.points.append(supply)
        out.price.append(price)
        out.paid_out.append(gross * (1 - fee))
        out.fees.append(gross * fee)
        out.forced.append(forced)
        out.sold.append(sold)
        out.holders.append(sum((line.weight for line in live), zero))
        out.constant.append(constant)
        out.credited.append(credited)
    out.lots = lots
    out.paper_even = sum(
        (line.weight for line in live if line.points * price * (1 - fee) >= spend * reached),
        zero,
    )
    return out


@dataclass
class Loop:
    """What the float loop found, one entry a tick."""

    pool: list[float]
    points: list[float]
    price: list[float]
    forced: list[int]
    paid: float  # cash, after the fee


def float_loop(scheme: Scheme, orders: Iterable[int], *, settle: str = "day") -> Loop:
    """Orders and forced exits only, in plain floats: for hundreds of thousands of orders."""
    settings = scheme.pool
    spend = scheme.order.spend
    into_pool = settings.share * spend
    gifted = settings.gift * into_pool
    quota = float("inf") if settings.exit_multiple is None else settings.exit_multiple * spend
    net = quota * (1 - settings.fee) if settings.exit_multiple is not None else 0.0
    pool = supply = paid = 0.0
    price = settings.launch_price
    line: list[float] = []
    oldest = 0
    found = Loop([], [], [], [], 0.0)
    each = settle == "order"
    for count in orders:
        before = oldest
        for _ in range(count):
            points = gifted / price
            line.append(points)
            supply += points
            pool += into_pool
            price = pool / supply
            while each and oldest < len(line) and line[oldest] * price >= quota:
                pool -= net
                paid += net
                supply -= line[oldest]
                oldest += 1
                price = pool / supply if oldest < len(line) else price
        while oldest < len(line) and line[oldest] * price >= quota:
            pool -= net
            paid += net
            supply -= line[oldest]
            oldest += 1
            price = pool / supply if oldest < len(line) else price
        if oldest == len(line):
            supply = 0.0
        found.pool.append(pool)
        found.points.append(supply)
        found.price.append(price)
        found.forced.append(oldest - before)
    found.paid = paid
    return found


#: Bernoulli numbers B_2, B_4, ... for Stirling's series.
_BERNOULLI = [
    Fraction(1, 6),
    Fraction(-1, 30),
    Fraction(1, 42),
    Fraction(-1, 30),
    Fraction(5, 66),
    Fraction(-691, 2730),
    Fraction(7, 6),
    Fraction(-3617, 510),
    Fraction(43867, 798),
    Fraction(-174611, 330),
    Fraction(854513, 138),
    Fraction(-236364091, 2730),
    Fraction(8553103, 6),
]
_HALF_LOG_TWO_PI = Decimal("0.918938533204672741780329736405617639861397473637783412817151540")


def log_gamma(x: Decimal) -> Decimal:
    """ln gamma(x) for x > 0, to some forty digits: recurrence up to 200, then Stirling's series."""
    with localcontext(Context(prec=DIGITS)):
        down = Decimal(1)
        while x < 200:
            down *= x
            x += 1
        total = (x - Decimal("0.5")) * x.ln() - x + _HALF_LOG_TWO_PI
        for k, number in enumerate(_BERNOULLI, start=1):
            term = Decimal(number.numerator) / Decimal(number.denominator)
            total += term / (2 * k * (2 * k - 1) * x ** (2 * k - 1))
        return total - down.ln()


def price_after(orders: int, *, gift: float, launch: float = 1.0) -> Decimal:
    """P_n = p0 gamma(n + 1) gamma(1 + g) / (g gamma(n + g)), the price after n orders."""
    with localcontext(Context(prec=DIGITS)):
        g, n = decimal(gift), Decimal(orders)
        logs = log_gamma(n + 1) + log_gamma(1 + g) - log_gamma(n + g)
        return decimal(launch) * logs.exp() / g
