"""The settings of a scheduled release."""

from typing import Final

from view.mechanisms.face import MULTIPLES, Fields, Group

FIELDS: Final = Fields(
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
)
