"""The settings of a dividend pool."""

from typing import Final

from model.mechanisms.dividend_pool import DividendPool
from view.mechanisms.face import (
    MULTIPLES,
    Ask,
    Column,
    Fields,
    Group,
    Table,
    always,
    by_package,
    in_pairs,
)
from view.words.format import count, count_short, multiple, percent


def _columns(pool: DividendPool) -> tuple[Column, ...]:
    found = []
    if not pool.levels or pool.package_units:
        found.append(Column("package_units", "rules.column.units"))
    if pool.quota_multiple is not None or pool.package_quotas:
        found.append(Column("package_quotas", "rules.column.quota"))
    if pool.referral_rate > 0 or pool.package_generations:
        found.append(Column("package_generations", "rules.column.generations"))
    return tuple(found)


FIELDS: Final = Fields(
    title="rules.kind.dividend_pool",
    help="rules.kind.dividend_pool.help",
    takes=("share", "rank_share"),
    weight=("share", "quota_multiple", "points_rate", "rank_share"),
    alone=lambda _: ("share", "quota_multiple", "points_rate", "rank_share"),
    groups=(
        Group(
            "money.group.dividend_pool",
            (
                "share",
                "quota_multiple",
                "rank_share",
                "rank_reached",
                "points_rate",
                "levels",
                "package_units",
                "package_quotas",
                "referral_rate",
                "referral_generations",
                "package_generations",
                "interval",
                "divided_over",
                "shared_quota",
                "issue_cap",
                "spend_per_unit",
            ),
            several=("money.group.dividend_first", "money.group.dividend_next"),
        ),
    ),
    main=("spend_per_unit", "quota_multiple", "interval", "divided_over"),
    more=(
        "shared_quota",
        "referral_rate",
        "referral_generations",
        "issue_cap",
        "levels",
        "points_rate",
        "rank_reached",
    ),
    choices={"divided_over": ("live", "all"), "shared_quota": ("own", "points_pool")},
    stops={"quota_multiple": MULTIPLES},
    meant={
        "spend_per_unit": lambda _, pool: not pool.package_units and not pool.levels,
        "quota_multiple": lambda _, pool: (
            pool.shared_quota == "own"
            and not (pool.quota_multiple is not None and pool.package_quotas)
        ),
        "points_rate": lambda _, pool: bool(pool.levels),
        "rank_reached": lambda _, pool: pool.rank_share > 0,
        "referral_generations": lambda _, pool: (
            pool.referral_rate > 0 and not pool.package_generations
        ),
        "package_generations": lambda _, pool: pool.referral_rate > 0,
        "shared_quota": lambda scheme, _: scheme.points_pool is not None,
    },
    works={
        # In proportion: more units for everybody change nobody's part, unless they run out.
        "spend_per_unit": lambda _, pool: pool.issue_cap is not None,
        "quota_multiple": lambda _, pool: not pool.package_quotas,
        "divided_over": lambda scheme, pool: (
            pool.quota_multiple is not None or scheme.behaviour.sell_share > 0
        ),
    },
    beside={"behaviour.sell_share": always},
    columns=_columns,
    told={
        "package_quotas": by_package(multiple),
        "package_units": by_package(count),
        "package_generations": by_package(count),
        "rank_reached": lambda shares, _, lang: [
            (f"V{k}", percent(share, lang)) for k, share in enumerate(shares, start=1)
        ],
        "levels": in_pairs(count_short, count_short),
    },
    tables={
        "levels": Table(("number", "number"), "rules.line.levels", "rules.must.levels"),
        "rank_reached": Table(("share",), "rules.line.rank_reached", "rules.must.rank_reached"),
    },
    series={"points": ("units", "units"), "price": ("unit_paid", "yuan per unit")},
    ask=Ask("ask.units", 4),
    limit="quota_multiple",
    before_fee=True,
)
