"""Claims about whether it can last."""

from __future__ import annotations

import math
from collections.abc import Mapping

from model.claims.base import Claim, Figure, Input, Work
from model.claims.money import has_dividends
from model.claims.parts import about, forced_exit, has_points, one_order, the
from model.claims.price import POINTS
from model.mechanisms.base import levels_reached
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme
from model.simulate import simulate


def backed(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """3. It is healthy, without a bubble, because the pool backs every point."""
    work, result = one_order(scheme), simulate(scheme)
    series = result.series if result.points is None else result.points.series
    work.given("price", end_price=float(series["price"].iloc[-1]))
    work.given("points", points_end=float(series["points"].iloc[-1]))
    work.given("days", days=result.ticks)
    work.given(
        "yuan",
        pool_end=float(series["pool"].iloc[-1]),
        paid_out=float(series["paid_out"].sum()),
        sales=float(series["sales"].sum()),
    )
    work.step("yuan", "worth", "points_end * end_price")
    work.step("yuan", "had", "pool_end + paid_out")
    work.step("share", "backed_part", "had / sales")
    work.reason("not_covered", "worth", ">", "pool_end", "wrong")
    work.reason("less_than_paid", "had", "<", "sales", "leaves_out")
    if scheme.pool.exit_multiple is not None:
        forced_exit(work, scheme)
        work.reason("promised_more", "exit_paid", ">", "contribution", "leaves_out")
    return work


def advertisers_pay(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """14. Advertisers pay for it: the first task of one order."""
    work, release = Work(), the(ScheduledRelease, scheme)
    credit = scheme.credits(release)[0]
    at = int(levels_reached([points for points, _ in release.rewards], credit, of=credit))
    levels = [yuan for _, yuan in release.rewards[:at]]
    work.given("points", credit_points=credit)
    work.given("yuan", reward=max(levels, default=0.0), ad_income=release.ad_income)
    work.given("share", ad_share=release.ad_share)
    work.step("yuan", "per_view", "ad_income * ad_share")
    work.step("share", "ad_part", "min(per_view / reward, 1)")
    work.step("yuan", "buyers_pay", "max(reward - per_view, 0)")
    if work["per_view"] >= work["reward"]:
        work.case = "enough"
    if work["per_view"] > 0:
        work.step("count", "views_needed", "reward / per_view")
        work.reason("pays_less", "per_view", "<", "reward", "wrong")
    else:
        work.reason("pays_nothing", "per_view", "<", "reward", "wrong")
    return work


def old_losses(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """18. Old members' losses are made good: points given for them in one go."""
    work = one_order(scheme)
    work.given("count", before=own["before"])
    work.given("yuan", debt=own["debt"])
    work.step("yuan", "pool_before", "before * contribution")
    work.step("share", "price_left", "pool_before / (pool_before + debt)")
    work.step("share", "fall", "1 - price_left")
    work.step("yuan", "debt_worth", "debt * price_left")
    work.step("multiple", "orders_needed", "(1 / price_left) ** (1 / (1 - gift))")
    if own["debt"]:
        work.reason("others_pay", "debt_worth", ">", 0, "leaves_out")
        if work["pool_before"] > 0:
            reached = math.isfinite(work["orders_needed"])
            name = "needs_growth" if reached else "never_there"
            work.reason(name, "orders_needed", ">", 1, "endless_growth")
        work.reason("nothing_there", "pool_before", "<=", 0, "wrong")
    return work


def within_limit(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """20. Staying within 30 % of sales keeps the platform solvent."""
    work, pool = Work(), the(DividendPool, scheme)
    parts = scheme.order.parts
    work.given(
        "share",
        limit=own["limit"] / 100,
        pool_part=scheme.pool.share,
        dividend_part=pool.share,
        rank_part=pool.rank_share,
        named=parts.goods + parts.merchant + parts.platform + parts.distribution,
    )
    work.given("yuan", spend=scheme.order.mean_spend)
    work.step("share", "taken", "pool_part + dividend_part + rank_part")
    work.step("share", "rest", "max(1 - taken, 0)")
    work.step("yuan", "rest_yuan", "spend * rest")
    # What one order may be paid in the end, after the fee; a run of it takes many orders.
    work.given("yuan", promise=scheme.most_paid)
    work.step("yuan", "comes_in", "spend * taken")
    work.reason("over_limit", "taken", ">", "limit", "wrong")
    limited = scheme.most_paid is not None
    name = "promised_more" if limited else "promised_without_limit"
    work.reason(name, "promise", ">", "comes_in", "endless_growth")
    if work["named"]:
        work.step("share", "left", "1 - named")
        work.reason("over_what_is_left", "taken", ">", "left", "wrong")
    return work


def positive_ratio(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """25. The ratio is positive, so there is no bubble."""
    work, pool = Work(), the(DividendPool, scheme)
    work.given("yuan", sales=own["sales"])
    work.given("share", share=pool.share, ranks=pool.rank_share)
    work.given("multiple", times=pool.quota_multiple)
    work.step("yuan", "new_quota", "sales * times")
    work.step("yuan", "pot", "sales * share")
    work.step("yuan", "rank_pots", "sales * ranks")
    if pool.quota_multiple is None:
        work.step("yuan", "all_paid", "pot + rank_pots")
        work.case = "no_limit"
        work.reason("no_limit", "new_quota", ">", "all_paid", "wrong")
        return work
    # Whoever has been paid the quota is paid no more.
    work.step("yuan", "all_paid", "min(pot + rank_pots, new_quota)")
    work.step("yuan", "grows_by", "new_quota - all_paid")
    work.step("count", "days_to_pay", "new_quota / all_paid")
    work.reason("promises_grow", "new_quota", ">", "all_paid", "wrong")
    return work


def has_tasks(scheme: Scheme) -> bool:
    """Whether a scheme pays by the task."""
    return about("tasks", scheme)


def has_both(scheme: Scheme) -> bool:
    """Whether a scheme has a points pool and dividends."""
    return has_points(scheme) and has_dividends(scheme)


CLAIMS = (
    Claim(
        number=3,
        id="the-pool-backs-every-point",
        group="lasting",
        presets=POINTS,
        source="pitch-wine",
        work=backed,
        applies=has_points,
        pinned="leaves_out",
        because=("less_than_paid", "promised_more"),
        knobs=("points_pool.share", "points_pool.exit_multiple", "demand.growth"),
        figures=(Figure("backed_part", 0.3, 4, worked=True),),
    ),
    Claim(
        number=14,
        id="advertisers-pay-for-it",
        group="lasting",
        presets=("ad-tasks",),
        source="pitch-six-subsidies",
        work=advertisers_pay,
        applies=has_tasks,
        pinned="wrong",
        because=("pays_less",),
        knobs=("scheduled_release.ad_income", "scheduled_release.ad_share"),
        # 3000 points are between 2001 and 4000
        figures=(Figure("reward", 40, 0),),
    ),
    Claim(
        number=18,
        id="old-losses-are-made-good",
        group="lasting",
        presets=("wine-points", "thousand-yuan-points"),
        source="pitch-wine",
        work=old_losses,
        applies=has_points,
        pinned="endless_growth",
        because=("others_pay", "needs_growth"),
        knobs=("points_pool.share", "points_pool.gift"),
        inputs=(
            Input(name="debt", default=1_000_000, least=0, most=10**13),
            Input(name="before", default=100_000, least=0, most=10**9),
        ),
        # a million against 100,000 x 30 = three million: 1 - 3/4
        figures=(Figure("fall", 0.25, 2, worked=True),),
    ),
    Claim(
        number=20,
        id="within-thirty-percent",
        group="lasting",
        presets=("equity-shop",),
        source="pitch-equity-shop",
        work=within_limit,
        applies=has_both,
        pinned="wrong",
        because=("over_limit", "promised_more"),
        knobs=("points_pool.share", "dividend_pool.share", "dividend_pool.rank_share"),
        inputs=(Input(name="limit", default=30, least=0, most=100),),
        figures=(Figure("limit", 0.3, 2), Figure("taken", 0.6, 2, worked=True)),
    ),
    Claim(
        number=25,
        id="the-ratio-is-positive",
        group="lasting",
        presets=("cyclic-purchase",),
        source="pitch-cyclic",
        work=positive_ratio,
        applies=has_dividends,
        pinned="wrong",
        because=("promises_grow",),
        knobs=("dividend_pool.share", "dividend_pool.rank_share", "dividend_pool.quota_multiple"),
        inputs=(Input(name="sales", default=2_000_000, least=1, most=10**12),),
        figures=(Figure("pot", 200_000, 0), Figure("new_quota", 4_000_000, 0, worked=True)),
    ),
)
