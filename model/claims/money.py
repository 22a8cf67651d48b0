"""Claims about what a buyer gets."""

from __future__ import annotations

import math
from collections.abc import Mapping

from model.claims.base import Claim, Figure, Input, Work
from model.claims.parts import forced_exit, has, has_points, one_order, points_of_first, the
from model.crowd import crowd_factor, order_reaching, orders_until_price, price_after
from model.mechanisms import Commission, DividendPool, RefundQueue, ScheduledRelease
from model.scheme import Scheme
from model.simulate import simulate
from model.yardstick import yardstick

#: A year, and the day on which one has passed.
YEAR = 366


def first_buyer(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """2. After 100 orders the first buyer has made 108.6351."""
    work, pool, orders = one_order(scheme), scheme.pool, own["orders"]
    points_of_first(work)
    price = price_after(orders, pool=pool)
    # Up to this entry price the points can be sold for what was paid, after the fee.
    enough = price * pool.share * pool.gift * (1 - pool.fee)
    whole = 0.0 if enough < pool.launch_price else orders_until_price(enough, pool=pool)
    work.given("count", orders=orders, whole=min(whole, orders))
    # The page multiplies the price as it prints it.
    work.given("price", price=price, page_price=round(price, 4))
    work.given("yuan", page_value=work["points_got"] * work["page_price"])
    work.step("yuan", "value", "points_got * price")
    work.step("yuan", "cash", "value * (1 - fee)")
    work.step("yuan", "beyond_price", "cash - spend")
    work.step("yuan", "from_others", "max(cash - contribution, 0)")
    work.reason("fee_not_counted", "cash", "<", "value", "wrong")
    work.reason("price_not_counted", "beyond_price", "<", "cash", "leaves_out")
    work.reason("others_pay", "from_others", ">", 0, "leaves_out")
    work.reason("first_alone", "whole", "<", "orders", "leaves_out")
    return work


def twice_back(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """5. Spend 2000, keep the goods and get 4000 back."""
    work, pool = Work(), the(DividendPool, scheme)
    found, result = yardstick(scheme), simulate(scheme)
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("share", share=pool.share, ranks=pool.rank_share)
    work.given("multiple", times=pool.quota_multiple)
    work.given(
        "count", orders=result.totals["buyers"], paid_all=float(result.record(pool.name).left.sum())
    )
    work.given("days", days=result.ticks)
    work.step("yuan", "promise", "spend * times")
    work.step("yuan", "divided", "spend * share")
    work.step("yuan", "for_ranks", "spend * ranks")
    work.step("yuan", "goes_back", "divided + for_ranks")
    work.step("count", "orders_for_one", "promise / goes_back")
    work.given("multiple", all_factor=found.promised)
    work.reason("average_less", "goes_back", "<", "promise", "leaves_out")
    work.reason("few_so_far", "paid_all", "<", "orders", "leaves_out")
    work.reason("needs_growth", "orders_for_one", ">", 1, "endless_growth")
    return work


def unit_a_day(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """6. A unit pays 200 yuan a day."""
    work, pool = Work(), the(DividendPool, scheme)
    longer = scheme.model_copy(update={"horizon": max(scheme.horizon, YEAR * pool.interval)})
    result = simulate(longer)
    record = result.record(pool.name)
    at = range(pool.interval - 1, result.ticks, pool.interval)
    sold = float(result.line.orders[: pool.interval].sum())
    work.given("yuan", spend=scheme.order.mean_spend, a_unit_costs=pool.spend_per_unit)
    work.given("count", orders=sold)
    work.given("share", share=pool.share)

    def a_unit(tick: int) -> float:
        """Yuan; where its quota is used up at once the record has none: its even part then."""
        recorded, units = float(record.price[tick]), float(record.units[tick])
        if recorded > 0 or units <= 0:
            return recorded
        money = pool.share * float(result.line.sales[tick + 1 - pool.interval : tick + 1].sum())
        quota = (pool.quota_multiple or math.inf) * pool.spend_per_unit
        return min(money / units, quota)

    work.step("yuan", "sales", "orders * spend")
    work.step("yuan", "pot", "sales * share")
    work.step("count", "units", "sales / a_unit_costs")
    work.step("yuan", "first", "pot / units")
    work.step("yuan", "left_of_one", "a_unit_costs - first")
    work.step("yuan", "left_of_two", "a_unit_costs - 2 * first")
    work.given("count", second_units=float(record.units[at[1]]))
    work.given("yuan", second=a_unit(at[1]), year=a_unit(at[YEAR - 1]))
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
    multiple = pool.exit_multiple
    work.given("price", price_first=price_after(1, pool=pool))
    work.given(
        "count",
        orders_first=math.inf if multiple is None else order_reaching(multiple, place=1, pool=pool),
    )
    work.given(
        "multiple",
        factor=None if multiple is None else crowd_factor(multiple, pool=pool, forced_exits=True),
    )
    work.step("price", "exit_price", "quota / points_got")
    work.step("points", "second_points", "credit / price_first")
    work.step("price", "second_exit_price", "quota / second_points")
    work.step("price", "even_price", "spend / points_got")
    work.step("price", "even_price_after_fee", "even_price / (1 - fee)")
    work.step("count", "contributions", "exit_paid / contribution")
    work.reason("fee_taken", "exit_paid", "<", "quota", "leaves_out")
    work.reason("others_pay", "contributions", ">", 1, "leaves_out")
    work.reason("needs_growth", "factor", ">", 1, "endless_growth")
    return work


def whole_back(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """8. At 1.2x everyone gets the whole purchase back."""
    work, pool = one_order(scheme), scheme.pool
    points_of_first(work)
    forced_exit(work, scheme)
    multiple = pool.exit_multiple
    work.given(
        "multiple",
        factor=None if multiple is None else crowd_factor(multiple, pool=pool, forced_exits=True),
    )
    work.step("price", "exit_price", "quota / points_got")
    work.step("yuan", "kept", "quota * fee")
    work.step("yuan", "short", "max(spend - exit_paid, 0)")
    work.reason("less_than_paid", "exit_paid", "<", "spend", "wrong")
    work.reason("needs_growth", "factor", ">", 1, "endless_growth")
    return work


def growth_for(*, multiple: float, days: float, share: float) -> float:
    """Growth a day for ever so that ``share`` of sales pays ``multiple`` x the price over ``days``.

    Continuous: M (1 - e^(-q D)) / (q D) = a (docs/model.md, "Fixed daily release"); 0 if none is
    needed.
    """
    wanted = share / multiple
    if wanted >= 1:
        return 0.0
    low, high = 0.0, 1 / wanted
    for _ in range(200):
        x = (low + high) / 2
        low, high = (x, high) if x == 0 or -math.expm1(-x) / x > wanted else (low, x)
    return (low + high) / 2 / days


def a_day_for_ever(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """11. 3000 becomes 9000 at 36 a day. Without recruits, and every order the smallest."""
    work, release = Work(), the(ScheduledRelease, scheme)
    prices = [price for price, _ in scheme.order.choices]
    credit = scheme.credits(release)[0]
    base = prices[0] if release.basis == "price" else credit
    days = credit / (release.daily_rate * base)
    multiple = credit / prices[0]
    work.given("yuan", spend=prices[0], larger=prices[min(1, len(prices) - 1)], base=base)
    work.given("multiple", times=multiple)
    work.given("share", share=release.share)
    work.given("rate", rate=release.daily_rate)
    work.step("yuan", "credited", "spend * times")
    work.step("yuan", "a_day", "base * rate")
    work.step("days", "days", "credited / a_day")
    work.step("yuan", "larger_a_day", "larger * rate")
    work.step("yuan", "both_a_day", "a_day + larger_a_day")
    work.step("yuan", "may_be_paid", "spend * share")
    work.step("days", "short_day", "share * days / times")
    work.step("days", "empty_day", "2 * short_day")
    work.given(
        "rate",
        growth=growth_for(multiple=multiple, days=days, share=release.share),
        growth_all=growth_for(multiple=multiple, days=days, share=1.0),
    )
    if work["growth"] > 0:
        check = "times * (1 - exp(-(growth * days))) / (growth * days)"
        work.step("share", "growth_check", check)
    work.reason("promised_more", "credited", ">", "may_be_paid", "leaves_out")
    work.reason("needs_growth", "growth", ">", 0, "endless_growth")
    return work


def queue_free(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """12. The queue makes everything free."""
    work, queue = Work(), the(RefundQueue, scheme)
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("share", share=queue.share)
    work.given("multiple", refund=queue.refund)
    work.step("yuan", "contribution", "spend * share")
    work.step("yuan", "refunded", "spend * refund")
    work.step("share", "part", "min(contribution / refunded, 1)")
    work.step("count", "orders_each", "refunded / contribution")
    work.step("count", "served", "100 * part")
    work.step("count", "waiting", "100 - served")
    work.reason("more_than_comes_in", "refunded", ">", "contribution", "wrong")
    return work


def three_in(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """13. Three in, one out: 70 % back."""
    work, queue = Work(), the(RefundQueue, scheme)
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("share", share=queue.share, platform=scheme.split().get("platform", 0.0))
    work.given("share", refund=queue.refund)
    work.given("count", newcomers=queue.newcomers)
    work.step("yuan", "refunded", "spend * refund")
    if queue.rule == "shared":
        work.step("share", "part", "1 / newcomers")
        work.step("share", "cost", "refund / newcomers")
    elif queue.rule == "own":
        work.given("share", part=1.0)
        work.step("share", "cost", "refund * 1")
    else:
        work.step("share", "part", "min(share / refund, 1)")
        work.step("share", "cost", "refund * part")
    work.step("share", "backing_share", "share + platform")
    work.step("count", "served", "100 * part")
    work.step("count", "waiting", "100 - served")
    work.reason("not_the_whole", "refunded", "<", "spend", "leaves_out")
    waits = "money_waits" if queue.rule == "pool" else "needs_growth"
    work.reason(waits, "part", "<", 1, "endless_growth")
    work.reason("pool_short", "cost", ">", "backing_share", "wrong")
    return work


def shops_for_nothing(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """22. Almost every user shops for nothing and earns besides."""
    work = one_order(scheme)
    forced_exit(work, scheme)
    work.given("count", hundred=100)
    work.step("count", "most_whole", "hundred * contribution / spend")
    work.step("count", "contributions", "exit_paid / contribution")
    work.reason("few_at_most", "most_whole", "<", "hundred", "wrong")
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
    work.step("share", "of_list", "cash_paid / listed")
    work.step("multiple", "over_cost", "cash_paid / goods_cost")
    work.reason("more_than_half", "of_list", ">", 0.5, "wrong")
    work.reason("over_cost", "cash_paid", ">", "goods_cost", "leaves_out")
    return work


def has_circle(scheme: Scheme) -> bool:
    """Whether a scheme is a points shop, used or not."""
    return all(isinstance(m, Commission) for m in scheme.mechanisms)


def has_release(scheme: Scheme) -> bool:
    """Whether a scheme releases by the day and not by the task."""
    return any(isinstance(m, ScheduledRelease) and not m.rewards for m in scheme.mechanisms)


def has_dividends(scheme: Scheme) -> bool:
    """Whether a scheme divides sales among buyers without a level to reach."""
    return any(isinstance(m, DividendPool) and not m.levels for m in scheme.mechanisms)


def has_queue(scheme: Scheme) -> bool:
    """Whether a scheme has a refund queue."""
    return has(RefundQueue, scheme)


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
        because=("promised_more", "needs_growth"),
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
