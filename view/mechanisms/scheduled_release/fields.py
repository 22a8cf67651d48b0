"""The settings of a scheduled release."""

from typing import Final

from model.mechanisms.scheduled_release import ScheduledRelease
from model.scheme import Scheme
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
from view.words.format import count_short, multiple, percent, yuan, yuan_short


def _promises(scheme: Scheme, release: ScheduledRelease) -> bool:
    """Whether the average order is credited more than its part of the money."""
    choices = scheme.order.choices
    total = sum(c * part for c, (_, part) in zip(scheme.credits(release), choices, strict=True))
    return total / scheme.order.mean_spend > release.share * (1 + 1e-9)


FIELDS: Final = Fields(
    title="rules.kind.scheduled_release",
    help="rules.kind.scheduled_release.help",
    weight=("share", "daily_rate", "gift_multiple"),
    alone=lambda release: (
        ("tasks", "ad_income", "ad_share", "share")
        if release.rewards
        else ("share", "gift_multiple", "daily_rate", "platform.policy")
    ),
    groups=(
        Group(
            "money.group.scheduled_release",
            (
                "share",
                "gift_multiple",
                "package_multiples",
                "daily_rate",
                "basis",
                "rewards",
                "tasks",
                "ad_share",
                "ad_income",
                "first_generation",
                "second_generation",
                "stars",
            ),
        ),
    ),
    main=("gift_multiple", "daily_rate", "basis", "tasks"),
    more=("first_generation", "second_generation", "ad_share", "ad_income", "stars", "rewards"),
    choices={"basis": ("price", "balance")},
    stops={
        "gift_multiple": MULTIPLES[:-1],
        "tasks": tuple(range(11)),
        "ad_income": (
            *(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
            *(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
        ),
    },
    meant={
        "gift_multiple": lambda _, release: not release.package_multiples,
        "daily_rate": lambda _, release: not release.rewards,
        "basis": lambda _, release: not release.rewards,
        "tasks": lambda _, release: bool(release.rewards),
        "ad_share": lambda _, release: bool(release.rewards),
        "ad_income": lambda _, release: bool(release.rewards),
    },
    works={
        "ad_share": lambda _, release: release.ad_income > 0,
        "ad_income": lambda _, release: release.ad_share > 0,
    },
    beside={
        "behaviour.sell_share": always,
        "platform.policy": _promises,
        "order.parts.platform": _promises,
        "platform.capital": _promises,
        "platform.withdrawal_fee": always,
        "platform.minimum": always,
        "platform.raised_minimum": always,
        "platform.raised_from": lambda scheme, _: scheme.platform.raised_minimum is not None,
        "platform.fee_step": lambda scheme, _: scheme.platform.policy == "raise_fee",
    },
    fixed=always,
    columns=lambda _: (Column("package_multiples", "rules.column.credit"),),
    told={
        "package_multiples": by_package(multiple),
        "stars": in_pairs(yuan_short, percent),
        "rewards": in_pairs(count_short, yuan),
    },
    tables={
        "stars": Table(("number", "share"), "rules.line.stars", "rules.must.stars"),
        "rewards": Table(("number", "number"), "rules.line.rewards", "rules.must.rewards"),
    },
    series={"points": ("credit", "yuan"), "price": ("part_paid", "share of what was due")},
    ask=Ask("ask.short", 1),
    after_run=True,
)
