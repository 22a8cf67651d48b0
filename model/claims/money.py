"""Claims about what a buyer gets."""

from __future__ import annotations

import math
from collections.abc import Mapping

from model.claims.base import Claim, Figure, Input, Work
from model.claims.parts import (
    about,
    forced_exit,
    has_points,
    one_order,
    points_of_first,
    the,
    unit_paid,
    until_forced_out,
)
from model.crowd import order_reaching, orders_until_price, price_after
from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.rounding import rounded
from model.scheme import Parts, Scheme
from model.simulate import simulate
from model.yardstick import Yardstick, yardstick

#: A factor this close to one asks for no orders that a reader could count.
HARDLY = 0.005


def first_buyer(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """2. After 100 orders the first buyer has made 108.6351. Nobody before has sold."""
    work, pool, orders = one_order(scheme), scheme.pool, own["orders"]
    points_of_first(work)
    price, most = price_after(orders, pool=pool), pool.exit_multiple
    # Up to this entry price the points can be sold for what was paid, after the fee.
    enough = price * pool.share * pool.gift * (1 - pool.fee)
    never = most is not None and most * (1 - pool.fee) < 1 - 1e-12
    # A hair for what is exactly even.
    whole = (
        0.0
        if never or enough < pool.launch_price * (1 - 1e-9)
        else orders_until_price(enough * (1 + 1e-9), pool=pool)
    )
    work.given("count", orders=orders, whole=min(whole, orders))
    # The page multiplies the price as it prints it.
    work.given("price", price=price, page_price=float(rounded(price, 4)))
    work.given("yuan", page_value=work["points_got"] * work["page_price"])
    if most is None:
        work.step("yuan", "value", "points_got * price")
    else:
        # Who is forced out before has been paid at that value.
        work.given("multiple", times=most)
        work.step("yuan", "quota", "spend * times")
        work.step("yuan", "value", "min(points_got * price, quota)")
    work.step("yuan", "cash", "value * (1 - fee)")
    work.step("yuan", "beyond_price", "cash - spend")
    work.step("yuan", "from_others", "max(cash - contribution, 0)")
    work.reason("fee_not_counted", "cash", "<", "value", "wrong")
    work.reason("price_not_counted", "beyond_price", "<", "cash", "leaves_out")
    work.reason("others_pay", "from_others", ">", 0, "leaves_out")
    work.reason("first_alone", "whole", "<", "orders", "leaves_out")
    return work


def twice_back(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """5. Spend 2000, keep the goods and get 4000 back; without a quota: the price."""
    work, pool = Work(), the(DividendPool, scheme)
    found, result = yardstick(scheme), simulate(scheme)
    limited = pool.quota_multiple is not None
    factor = found.promised if limited else found.back
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("share", share=pool.share, ranks=pool.rank_share)
    work.given("multiple", times=pool.quota_multiple if limited else 1)
    work.given("count", orders=result.totals["buyers"])
    work.given("days", days=result.ticks)
    work.step("yuan", "promise", "spend * times")
    work.step("yuan", "divided", "spend * share")
    work.step("yuan", "for_ranks", "spend * ranks")
    # Whoever has been paid the promise is paid no more.
    both = "divided + for_ranks"
    work.step("yuan", "goes_back", f"min({both}, promise)" if limited else both)
    work.step("count", "orders_for_one", "promise / goes_back")
    work.given("multiple", all_factor=factor)
    if limited:
        work.given("count", paid_all=float(result.record(pool.name).departed.sum()))
    else:
        work.case = "no_limit"
    if factor is None or not math.isfinite(factor):
        work.case += "_never" if work.case else "never"
    elif limited and factor < 1 + HARDLY:
        work.case = "at_once"
    work.reason("average_less", "goes_back", "<", "promise", "leaves_out")
    if limited:
        work.reason("few_so_far", "paid_all", "<", "orders", "leaves_out")
    work.reason("needs_growth", "orders_for_one", ">", 1, "endless_growth")
    return work


def unit_a_day(scheme: Scheme, _own: Mapping[str, int]) -> Work:
    """6. A unit pays 200 yuan a day."""
    work, pool = Work(), the(DividendPool, scheme)
    _, second, year, second_units = unit_paid(scheme, pool)
    result = simulate(scheme.model_copy(update={"horizon": pool.interval}))
    work.given("yuan", spend=scheme.order.mean_spend, a_unit_costs=pool.spend_per_unit)
    work.given("count", orders=float(result.line.orders.sum()))
    work.given("share", share=pool.share)
    work.given("multiple", times=pool.quota_multiple)
    work.step("yuan", "sales", "orders * spend")
    work.step("yuan", "pot", "sales * share")
    work.step("count", "units", "sales / a_unit_costs")
    if pool.quota_multiple is None:
        work.step("yuan", "first", "pot / units")
    else:
        work.step("yuan", "quota_each", "a_unit_costs * times")
        work.step("yuan", "first", "min(pot / units, quota_each)")
    work.step("yuan", "left_of_one", "a_unit_costs - first")
    work.step("yuan", "left_of_two", "a_unit_costs - 2 * first")
    work.given("count", second_units=second_units)
    work.given("yuan", second=second, year=year)
    if work["first"] <= 0:
        work.case = "nothing"
        work.reason("nothing_divided", "first", "<=", 0, "wrong")
        return work
    if pool.quota_multiple is not None and work["first"] >= work["quota_each"]:
        # Who has just bought is paid it every day, each once.
        work.case = "once"
        work.reason("once_only", "first", ">=", "quota_each", "wrong")
        return work
    work.step("share", "second_part", "second / first")
    work.reason("second_less", "second", "<", "first", "wrong")
    work.reason("year_less", "year", "<", "first", "wrong")
    work.reason("more_units", "second_units", ">", "units", "leaves_out")
    return work


def three_times(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """7. Forced out with three times your money at 14.29 (20.41 for the second)."""
    work, pool = one_order(scheme), scheme.pool
    points_of_first(work)
    forced_exit(work, scheme)
    work.case = until_forced_out(work, scheme)
    multiple = pool.exit_multiple
    work.given("price", price_first=price_after(1, pool=pool))
    work.given(
        "count",
        orders_first=math.inf if multiple is None else order_reaching(multiple, place=1, pool=pool),
    )
    work.step("price", "even_price", "spend / points_got")
    work.step("price", "even_price_after_fee", "even_price / (1 - fee)")
    if multiple is None:
        work.reason("no_exit", "forced", "<=", 0, "wrong")
        return work
    work.step("price", "exit_price", "quota / points_got")
    work.step("points", "second_points", "credit / price_first")
    work.step("price", "second_exit_price", "quota / second_points")
    work.step("count", "contributions", "exit_paid / contribution")
    work.reason("fee_taken", "exit_paid", "<", "quota", "leaves_out")
    work.reason("others_pay", "contributions", ">", 1, "leaves_out")
    never = work.case == "never"
    work.reason("never_there" if never else "needs_growth", "factor", ">", 1, "endless_growth")
    return work


def whole_back(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """8. At 1.2x everyone gets the whole purchase back."""
    work = one_order(scheme)
    points_of_first(work)
    forced_exit(work, scheme)
    work.case = until_forced_out(work, scheme)
    if work.case == "no_exit":
        work.reason("no_exit", "forced", "<=", 0, "wrong")
        return work
    never = work.case == "never"
    work.step("price", "exit_price", "quota / points_got")
    work.step("yuan", "kept", "quota * fee")
    work.step("yuan", "short", "max(spend - exit_paid, 0)")
    work.case = "" if work["fee"] > 0 else "no_fee"
    # The fee takes it below the price, or the exit is below it anyway.
    below = "less_than_paid" if work["quota"] >= work["spend"] else "below_price"
    work.reason(below, "exit_paid", "<", "spend", "wrong")
    work.reason("never_there" if never else "needs_growth", "factor", ">", 1, "endless_growth")
    return work


def smallest_alone(scheme: Scheme, release: ScheduledRelease, share: float) -> Scheme:
    """A release of ``share`` of sales for the smallest package alone, brought forward by nobody."""
    price = scheme.order.choices[0][0]
    credit = scheme.credits(release)[0]
    plain = release.model_copy(
        update={
            "share": share,
            "gift_multiple": credit / price,
            "package_multiples": (),
            "first_generation": 0.0,
            "second_generation": 0.0,
            "stars": (),
        }
    )
    order = scheme.order.model_copy(
        update={"spend": price, "packages": (), "parts": Parts(), "rest": "goods"}
    )
    platform = scheme.platform.model_copy(update={"capital": 0.0, "withdrawal_fee": 0.0})
    return scheme.model_copy(update={"order": order, "mechanisms": (plain,), "platform": platform})


def a_day_for_ever(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """11. 3000 becomes 9000 at 36 a day: the smallest package alone, and the whole rule."""
    work, release = Work(), the(ScheduledRelease, scheme)
    prices = [price for price, _ in scheme.order.choices]
    credited = scheme.credits(release)
    by_price = release.basis == "price"
    second = min(1, len(prices) - 1)
    work.given("yuan", spend=prices[0], larger=(prices if by_price else credited)[second])
    work.given("multiple", times=credited[0] / prices[0])
    work.given("share", share=release.share)
    work.given("rate", rate=release.daily_rate)
    work.step("yuan", "credited", "spend * times")
    if by_price:
        work.step("yuan", "a_day", "spend * rate")
        # The last day may pay less.
        work.given("days", days=math.ceil(work["credited"] / work["a_day"] * (1 - 1e-12)))
    else:
        work.case = "balance"
        work.step("yuan", "a_day", "credited * rate")
        half = 1.0 if work["rate"] >= 0.5 else math.log(0.5) / math.log1p(-work["rate"])
        work.given("days", half_days=math.ceil(half * (1 - 1e-12)))
    work.step("yuan", "larger_a_day", "larger * rate")
    work.step("yuan", "both_a_day", "a_day + larger_a_day")
    work.step("yuan", "may_be_paid", "spend * share")
    alone = yardstick(smallest_alone(scheme, release, release.share))
    work.given(
        "rate",
        growth=alone.growth,
        growth_all=yardstick(smallest_alone(scheme, release, 1.0)).growth,
    )
    work.given("days", short_day=alone.short_tick, empty_day=alone.empty_tick)
    if by_price and work["growth"] > 0 and work["days"] * work["a_day"] <= work["credited"]:
        check = "times / days * (1 - (1 + growth) ** -days) / growth"
        work.step("share", "growth_check", check)
    work.reason("promised_more", "credited", ">", "may_be_paid", "leaves_out")
    name = "needs_growth" if work["growth_all"] > 0 else "growth_by_share"
    work.reason(name, "growth", ">", 0, "endless_growth")
    whole = yardstick(scheme)
    if whole.growth is not None and _other(whole, alone):
        work.given("rate", rule_growth=whole.growth)
        work.given("days", rule_short=whole.short_tick, rule_empty=whole.empty_tick)
        name = "whole_rule" if whole.growth > 0 else "whole_rule_lasts"
        if whole.growth > 0 and whole.empty_tick is None:
            return work  # an account that lasts for longer than anybody counts
        if _close(whole.growth, alone.growth):
            work.reason(name, "rule_empty", "!=", "empty_day", "leaves_out")
        else:
            work.reason(name, "rule_growth", "!=", "growth", "leaves_out")
    return work


def _close(one: float | None, two: float | None) -> bool:
    return math.isclose(one or 0.0, two or 0.0, rel_tol=1e-9)


def _other(one: Yardstick, two: Yardstick) -> bool:
    """Whether two yardsticks of a release differ."""
    return one.empty_tick != two.empty_tick or not _close(one.growth, two.growth)


def queue_free(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """12. The queue makes everything free."""
    work, queue = Work(), the(RefundQueue, scheme)
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("share", share=there_for(scheme, queue))
    work.given("multiple", refund=queue.refund)
    work.step("yuan", "contribution", "spend * share")
    work.step("yuan", "refunded", "spend * refund")
    work.step("share", "part", "min(contribution / refunded, 1)")
    work.step("count", "orders_each", "refunded / contribution")
    work.step("count", "served", "100 * part")
    work.step("count", "waiting", "100 - served")
    work.reason("not_the_whole", "refunded", "<", "spend", "wrong")
    work.reason("more_than_comes_in", "refunded", ">", "contribution", "wrong")
    return work


def there_for(scheme: Scheme, queue: RefundQueue) -> float:
    """The share of sales that refunds come from: for promised turns the platform pays too."""
    platform = scheme.split().get("platform", 0.0) if queue.rule != "pool" else 0.0
    return queue.share + platform


def three_in(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """13. Three in, one out: 70 % back."""
    work, queue = Work(), the(RefundQueue, scheme)
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("share", share=queue.share, platform=there_for(scheme, queue) - queue.share)
    work.given("share", refund=queue.refund)
    work.given("count", newcomers=queue.newcomers)
    work.step("yuan", "refunded", "spend * refund")
    work.step("share", "backing_share", "share + platform")
    if queue.rule == "shared":
        work.step("share", "cost", "refund / newcomers")
        work.step("share", "part", "min(1 / newcomers, backing_share / refund)")
    elif queue.rule == "own":
        work.step("share", "cost", "refund * 1")
        work.step("share", "part", "min(backing_share / refund, 1)")
    else:
        work.step("share", "part", "min(backing_share / refund, 1)")
        work.step("share", "cost", "refund * part")
    work.step("count", "served", "100 * part")
    work.step("count", "waiting", "100 - served")
    work.reason("not_the_whole", "refunded", "<", "spend", "leaves_out")
    short = work["cost"] > work["backing_share"] * (1 + 1e-9)
    if queue.rule == "shared" and not short:
        work.reason("needs_growth", "part", "<", 1, "endless_growth")
    else:
        work.reason("money_waits", "part", "<", 1, "endless_growth")
    work.reason("pool_short", "cost", ">", "backing_share", "wrong")
    return work


def shops_for_nothing(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """22. Almost every user shops for nothing and earns besides."""
    work = one_order(scheme)
    work.given("count", hundred=100)
    work.step("count", "most_whole", "hundred * contribution / spend")
    work.reason("few_at_most", "most_whole", "<", "hundred", "wrong")
    if scheme.pool.exit_multiple is not None:
        forced_exit(work, scheme)
        work.step("count", "contributions", "exit_paid / contribution")
        work.reason("takes_others", "contributions", ">", 1, "endless_growth")
    return work


def in_the_circle(scheme: Scheme) -> Work:
    """The points shop, for one order."""
    work, commission = Work(), the(Commission, scheme)
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("multiple", points_times=commission.circle_points, cash_each=commission.circle_cash)
    work.given("share", shop_part=commission.circle_shop, goods_part=commission.circle_goods)
    work.given("share", take_part=commission.circle, keeps=scheme.split().get("merchant", 0.0))
    work.step("points", "points_given", "spend * points_times")
    work.step("yuan", "cash_paid", "points_given * cash_each")
    work.step("yuan", "listed", "points_given + cash_paid")
    work.step("yuan", "goods_cost", "listed * goods_part")
    return work


def half_price(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """27. Half price."""
    work = in_the_circle(scheme)
    # The page names 10 to 30 % of the list price.
    work.given("share", low_part=0.1, high_part=0.3)
    work.step("yuan", "goods_low", "listed * low_part")
    work.step("yuan", "goods_high", "listed * high_part")
    if work["points_given"] <= 0:
        work.case = "no_points"
        work.reason("nothing_to_buy", "points_given", "<=", 0, "wrong")
        return work
    work.step("share", "of_list", "cash_paid / listed")
    work.reason("more_than_half", "of_list", ">", 0.5, "wrong")
    if work["goods_cost"] > 0:
        work.step("multiple", "over_cost", "cash_paid / goods_cost")
        work.reason("over_cost", "cash_paid", ">", "goods_cost", "leaves_out")
    else:
        work.reason("costs_nothing", "cash_paid", ">", "goods_cost", "leaves_out")
    return work


def has_circle(scheme: Scheme) -> bool:
    """Whether a scheme is a points shop, used or not."""
    return not any(m.has_pool for m in scheme.mechanisms)


def has_release(scheme: Scheme) -> bool:
    """Whether a scheme releases by the day and not by the task."""
    return about("release", scheme)


def has_dividends(scheme: Scheme) -> bool:
    """Whether a scheme divides sales among buyers without a level to reach."""
    return about("dividends", scheme)


def has_queue(scheme: Scheme) -> bool:
    """Whether a scheme has a refund queue."""
    return about("queue", scheme)


CLAIMS = (
    Claim(
        number=2,
        id="the-first-buyer-made",
        group="money",
        presets=("wine-points",),
        source="pitch-wine",
        work=first_buyer,
        applies=has_points,
        pinned="wrong",
        because=("fee_not_counted", "price_not_counted", "others_pay", "first_alone"),
        knobs=("points_pool.share", "points_pool.gift", "points_pool.fee"),
        inputs=(Input(name="orders", default=100, least=1, most=1_000_000_000),),
        figures=(
            Figure("points_got", 21, 0),
            Figure("price", 5.1731, 4),
            Figure("page_value", 108.6351, 4),
            Figure("cash", 97.77, 2, worked=True),  # 21 x 5.17307660 x 0.9
        ),
    ),
    Claim(
        number=5,
        id="twice-your-money-back",
        group="money",
        presets=("cyclic-purchase",),
        source="pitch-cyclic",
        work=twice_back,
        applies=has_dividends,
        pinned="endless_growth",
        because=("average_less", "few_so_far", "needs_growth"),
        knobs=("dividend_pool.share", "dividend_pool.rank_share", "dividend_pool.quota_multiple"),
        figures=(Figure("spend", 2000, 0), Figure("promise", 4000, 0)),
    ),
    Claim(
        number=6,
        id="a-unit-pays-every-day",
        group="money",
        presets=("cyclic-purchase",),
        source="pitch-cyclic",
        work=unit_a_day,
        applies=has_dividends,
        pinned="wrong",
        because=("second_less", "year_less", "more_units"),
        knobs=("dividend_pool.share", "demand.growth", "dividend_pool.quota_multiple"),
        figures=(
            Figure("sales", 2_000_000, 0),
            Figure("pot", 200_000, 0),
            Figure("units", 1000, 0),
            Figure("first", 200, 0),
            Figure("left_of_one", 1800, 0),
            Figure("left_of_two", 1600, 0),
        ),
    ),
    Claim(
        number=7,
        id="out-with-three-times",
        group="money",
        presets=("thousand-yuan-points",),
        source="pitch-six-subsidies",
        work=three_times,
        applies=has_points,
        pinned="endless_growth",
        because=("fee_taken", "others_pay", "needs_growth"),
        knobs=("points_pool.exit_multiple", "points_pool.fee", "points_pool.share"),
        figures=(
            Figure("even_price", 4.76, 2),
            Figure("exit_price", 14.29, 2),
            Figure("second_points", 147, 0),
            Figure("second_exit_price", 20.41, 2),
            Figure("even_price_after_fee", 5.952, 3, worked=True),  # 1000 / (210 x 0.8)
            Figure("exit_paid", 2400, 0, worked=True),  # 3000 x 0.8
            Figure("orders_first", 2965, 0, worked=True),
        ),
    ),
    Claim(
        number=8,
        id="everyone-gets-it-all-back",
        group="money",
        presets=("local-life-points",),
        source="pitch-local-life",
        work=whole_back,
        applies=has_points,
        pinned="wrong",
        because=("less_than_paid", "needs_growth"),
        knobs=("points_pool.exit_multiple", "points_pool.fee", "points_pool.share"),
        figures=(
            Figure("times", 1.2, 1),
            Figure("credit", 112, 0),
            Figure("exit_price", 10.71, 2),
            Figure("exit_paid", 960, 0),
            Figure("kept", 240, 0),
        ),
    ),
    Claim(
        number=11,
        id="three-thousand-becomes-nine",
        group="money",
        presets=("green-points",),
        source="pitch-six-subsidies",
        work=a_day_for_ever,
        applies=has_release,
        pinned="endless_growth",
        because=("promised_more", "needs_growth", "whole_rule"),
        knobs=("scheduled_release.share", "scheduled_release.daily_rate"),
        figures=(
            Figure("spend", 3000, 0),
            Figure("credited", 9000, 0),
            Figure("a_day", 36, 0),
            Figure("larger_a_day", 108, 0),
            Figure("both_a_day", 144, 0),
            Figure("days", 250, 0),
            Figure("growth_all", 0.0113, 4, worked=True),
            Figure("growth", 0.040, 3, worked=True),
        ),
    ),
    Claim(
        number=12,
        id="the-queue-makes-it-free",
        group="money",
        presets=("guild-queue",),
        source="pitch-six-subsidies",
        work=queue_free,
        applies=has_queue,
        pinned="wrong",
        because=("more_than_comes_in",),
        knobs=("refund_queue.share", "refund_queue.refund"),
        figures=(Figure("refunded", 100, 0),),
    ),
    Claim(
        number=13,
        id="three-in-one-out",
        group="money",
        presets=("three-in-one-out",),
        source="pitch-six-subsidies",
        work=three_in,
        applies=has_queue,
        pinned="endless_growth",
        because=("not_the_whole", "needs_growth"),
        knobs=(
            "refund_queue.rule",
            "refund_queue.newcomers",
            "refund_queue.refund",
            "refund_queue.share",
        ),
        figures=(
            Figure("refund", 0.7, 2),
            Figure("refunded", 700, 0),
            Figure("cost", 0.233, 3, worked=True),
        ),
    ),
    Claim(
        number=22,
        id="nearly-everybody-shops-for-nothing",
        group="money",
        presets=("thousand-yuan-points", "wine-points"),
        source="pitch-six-subsidies",
        work=shops_for_nothing,
        applies=has_points,
        pinned="wrong",
        because=("few_at_most", "takes_others"),
        knobs=("points_pool.share", "points_pool.exit_multiple", "points_pool.fee"),
        figures=(
            Figure("most_whole", 30, 0, worked=True),  # 100 x 300 / 1000
            Figure("contributions", 8, 0, worked=True),  # 2400 / 300
        ),
    ),
    Claim(
        number=27,
        id="half-price",
        group="money",
        presets=("zero-cost-marketing",),
        source="pitch-local-life",
        work=half_price,
        applies=has_circle,
        pinned="leaves_out",
        because=("over_cost",),
        knobs=("commission.circle_points", "commission.circle_cash", "commission.circle_goods"),
        figures=(
            Figure("cash_paid", 2000, 0),
            Figure("listed", 4000, 0),
            Figure("goods_low", 400, 0, worked=True),
            Figure("goods_high", 1200, 0, worked=True),
        ),
    ),
)
