"""The settings of a points pool."""

from typing import Final

from view.mechanisms.face import MULTIPLES, Fields, Group

FIELDS: Final = Fields(
    weight=("share", "exit_multiple", "fee"),
    alone=lambda _: ("share", "fee", "exit_multiple"),
    groups=(
        Group(
            "money.group.points",
            (
                "share",
                "fee",
                "exit_multiple",
                "gift",
                "launch_price",
                "issue_cap",
            ),
        ),
        Group(
            "money.group.special",
            (
                "redeem_share",
                "swap_share",
                "debt",
                "debt_tick",
                "debt_batches",
                "debt_interval",
                "outside",
            ),
            "all",
        ),
    ),
    main=("gift", "fee", "exit_multiple", "launch_price"),
    more=(
        "issue_cap",
        "redeem_share",
        "swap_share",
        "swap_back_share",
        "debt",
        "debt_tick",
        "debt_batches",
        "debt_interval",
        "outside",
    ),
    stops={"exit_multiple": MULTIPLES},
    meant={
        "swap_back_share": lambda _, pool: pool.swap_share > 0,
        "debt_tick": lambda _, pool: pool.debt > 0,
        "debt_batches": lambda _, pool: pool.debt > 0,
        "debt_interval": lambda _, pool: pool.debt > 0 and pool.debt_batches > 1,
    },
)
