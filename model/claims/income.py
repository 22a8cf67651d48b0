"""Claims about income for shops, agents and partners."""

from __future__ import annotations

import math
from collections.abc import Mapping

from model.claims.base import Claim, Figure, Input, Work
from model.claims.money import has_circle, in_the_circle
from model.claims.parts import about, the
from model.library import places
from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.scheme import Scheme


def shop_earns(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """15. A shop earns 250,000 a month from its customers and 1.03 million from 20 shops."""
    work, rates = Work(), the(Commission, scheme)
    work.given("yuan", spend=scheme.order.mean_spend, shops_sell=3_000_000)
    work.given(
        "count",
        customers=own["customers"],
        bring=own["bring"],
        shops_customers=200_000,
        locked=1000,
    )
    work.given("rate", direct=rates.direct, indirect=rates.indirect, merchant=rates.merchant)
    # What the page's own example reckons with.
    work.given("rate", ex_direct=0.01, ex_indirect=0.005, ex_merchant=0.01, ex_agents=0.0016)
    work.given("share", budget_part=scheme.order.parts.distribution)
    work.step("count", "indirect_customers", "customers * bring")
    work.step("count", "locked_bring", "locked * bring")
    work.step(
        "yuan",
        "in_example",
        "customers * spend * ex_direct + indirect_customers * spend * ex_indirect",
    )
    work.step(
        "yuan", "by_rules", "customers * spend * direct + indirect_customers * spend * indirect"
    )
    work.step(
        "yuan",
        "shops_in_example",
        "shops_sell * ex_merchant + shops_customers * spend * ex_indirect",
    )
    work.step(
        "yuan", "shops_by_rules", "shops_sell * merchant + shops_customers * spend * indirect"
    )
    work.step("yuan", "customers_spend", "(customers + indirect_customers) * spend")
    work.step(
        "yuan", "example_costs", "spend * (ex_direct + ex_indirect + ex_merchant + ex_agents)"
    )
    work.step("yuan", "budget", "spend * budget_part")
    work.reason("rules_pay_less", "by_rules", "<", "in_example", "wrong")
    work.reason("shops_pay_less", "shops_by_rules", "<", "shops_in_example", "wrong")
    work.reason("over_budget", "example_costs", ">", "budget", "leaves_out")
    work.reason("too_few", "locked_bring", "<", "customers", "leaves_out")
    return work


#: Held against the customers that agents are said to have.
PLACE = "shanghai"


def agent_earns(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """16. A district agent earns 200,000, a city agent 1.3 and a province agent 5.46 million."""
    work, rates = Work(), the(Commission, scheme)
    place = next(place for place in places() if place.id == PLACE)
    work.given("yuan", spend=scheme.order.mean_spend)
    work.given("count", **{name: float(own[name]) for name in AGENTS}, place_people=place.people)
    work.given("rate", ex_district=0.001, ex_city=0.0005, ex_province=0.0001)
    # Of the rules' rates each agent has the difference to the next one below.
    work.given(
        "rate",
        rule_district=rates.district,
        rule_city=max(rates.city - rates.district, 0.0),
        rule_province=max(rates.province - rates.city, 0.0),
    )
    work.step("yuan", "district_sales", "shops * users * spend")
    work.step("yuan", "district_earns", "district_sales * ex_district")
    work.step("yuan", "city_sales", "district_sales * districts")
    work.step("yuan", "city_earns", "city_sales * ex_city")
    work.step("yuan", "province_sales", "city_sales * cities")
    work.step("yuan", "province_earns", "province_sales * ex_province")
    work.step("count", "people", "shops * users * districts * cities")
    work.step("multiple", "place_times", "people / place_people")
    # The same income at the rate that the rules name.
    work.step("count", "rule_people", "province_earns / rule_province / spend")
    work.step("multiple", "rule_times", "rule_people / place_people")
    levels = ("district", "city", "province")
    off = sum(not math.isclose(work[f"rule_{x}"], work[f"ex_{x}"], rel_tol=1e-9) for x in levels)
    work.given("count", rates_off=off)
    work.reason("many_people", "people", ">", "place_people", "leaves_out")
    if work["rule_province"] > 0:
        work.reason("rule_people", "rule_people", ">", "place_people", "leaves_out")
    elif work["province_earns"] > 0:
        work.case = "no_rate"
        work.reason("rules_pay_nothing", "rule_province", "<=", 0, "wrong")
    work.reason("other_rates", "rates_off", ">", 0, "leaves_out")
    return work


AGENTS = ("shops", "users", "districts", "cities")


def costs_nothing(scheme: Scheme, _: Mapping[str, int]) -> Work:
    """17. The shop's commission costs it nothing."""
    work = in_the_circle(scheme)
    work.step("yuan", "gives_up", "spend * (1 - keeps)")
    work.step("yuan", "shop_gets", "cash_paid * shop_part")
    work.step("yuan", "shop_in_all", "spend * keeps + shop_gets")
    work.step("yuan", "comes_back", "shop_gets * take_part")
    work.step("share", "needed_part", "gives_up / shop_gets")
    work.reason("loses", "comes_back", "<", "gives_up", "wrong")
    if work["needed_part"] <= 1:
        work.reason("needs_customers", "needed_part", ">", 0, "leaves_out")
    else:
        work.reason("never_even", "shop_gets", "<", "gives_up", "wrong")
    work.reason("customer_pays", "cash_paid", ">", "goods_cost", "leaves_out")
    return work


def without_a_cent(scheme: Scheme, own: Mapping[str, int]) -> Work:
    """26. A partner without spending a cent."""
    work, pool = Work(), the(DividendPool, scheme)
    level = min((points for points, units in pool.levels if units > 0), default=0.0)
    work.given("points", level=level)
    work.given("multiple", rate_best=1.0, rate_worst=0.01, rate_middle=0.1)
    work.given("multiple", points_rate=pool.points_rate)
    work.given("share", service=own["service"] / 100)
    work.given("yuan", monthly=own["monthly"])
    work.step("yuan", "spent_by_rule", "level / points_rate")
    work.step("yuan", "spent_best", "level / rate_best")
    work.step("yuan", "spent_worst", "level / rate_worst")
    work.step("yuan", "spent_middle", "level / rate_middle")
    work.step("yuan", "platform_got", "spent_middle * service")
    work.reason("must_spend", "spent_by_rule", ">", 0, "wrong")
    if own["monthly"]:
        work.step("months", "lasts", "platform_got / monthly")
        work.reason("is_used_up", "lasts", "<", LIFE, "leaves_out")
    return work


#: "For life": a hundred years of months.
LIFE = 1200.0


def has_agents(scheme: Scheme) -> bool:
    """Whether a scheme pays commissions, without a points shop."""
    return about("commissions", scheme) and not has_circle(scheme)


def has_levels(scheme: Scheme) -> bool:
    """Whether a scheme gives units from a level of points on."""
    return about("levels", scheme)


CLAIMS = (
    Claim(
        number=15,
        id="a-shop-earns-every-month",
        group="income",
        presets=("local-life-points",),
        source="pitch-local-life",
        work=shop_earns,
        applies=has_agents,
        pinned="wrong",
        because=("rules_pay_less", "shops_pay_less", "over_budget", "too_few"),
        knobs=("commission.direct", "commission.indirect", "commission.merchant"),
        inputs=(
            Input(name="customers", default=10_000, least=0, most=10**9),
            Input(name="bring", default=3, least=0, most=1000),
        ),
        figures=(
            Figure("in_example", 250_000, 0),
            Figure("shops_in_example", 1_030_000, 0),
            Figure("by_rules", 90_000, 0, worked=True),  # 10 m x 0.3 % + 30 m x 0.2 %
            Figure("shops_by_rules", 415_000, 0, worked=True),  # 3 m x 0.5 % + 200 m x 0.2 %
            Figure("locked_bring", 3000, 0, worked=True),
            Figure("example_costs", 26.6, 1, worked=True),
        ),
    ),
    Claim(
        number=16,
        id="an-agent-earns-every-month",
        group="income",
        presets=("local-life-points",),
        source="pitch-local-life",
        work=agent_earns,
        applies=has_agents,
        pinned="leaves_out",
        because=("many_people", "other_rates"),
        inputs=(
            Input(name="shops", default=200, least=0, most=100_000),
            Input(name="users", default=1000, least=0, most=1_000_000),
            Input(name="districts", default=13, least=0, most=100),
            Input(name="cities", default=21, least=0, most=100),
        ),
        figures=(
            Figure("district_earns", 200_000, 0),
            Figure("city_earns", 1_300_000, 0),
            Figure("province_earns", 5_460_000, 0),
            Figure("people", 54_600_000, 0, worked=True),
        ),
        also=("census-2020",),
    ),
    Claim(
        number=17,
        id="it-costs-the-shop-nothing",
        group="income",
        presets=("zero-cost-marketing",),
        source="pitch-local-life",
        work=costs_nothing,
        applies=has_circle,
        pinned="leaves_out",
        because=("needs_customers", "customer_pays"),
        knobs=("commission.circle", "commission.circle_shop", "commission.circle_points"),
        figures=(
            Figure("points_given", 2000, 0),
            Figure("listed", 4000, 0),
            Figure("shop_gets", 400, 0),
            Figure("shop_in_all", 1200, 0),
        ),
    ),
    Claim(
        number=26,
        id="a-partner-without-a-cent",
        group="income",
        presets=("lifetime-points",),
        source="pitch-equity-shop",
        work=without_a_cent,
        applies=has_levels,
        pinned="wrong",
        because=("must_spend", "is_used_up"),
        knobs=("dividend_pool.points_rate",),
        inputs=(
            Input(name="service", default=10, least=0, most=100),
            Input(name="monthly", default=300, least=0, most=1_000_000),
        ),
        figures=(
            Figure("level", 5000, 0),
            Figure("spent_best", 5000, 0, worked=True),
            Figure("spent_worst", 500_000, 0, worked=True),
            Figure("platform_got", 5000, 0, worked=True),  # 50,000 x 10 %
            Figure("lasts", 16.7, 1, worked=True),  # 5000 / 300
        ),
    ),
)
