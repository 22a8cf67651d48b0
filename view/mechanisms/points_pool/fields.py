"""The settings of a points pool."""

from typing import Final

from view.mechanisms.face import MULTIPLES, Ask, Fields, Group, Table, always

FIELDS: Final = Fields(
    title="rules.kind.points_pool",
    help="rules.kind.points_pool.help",
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
            early=True,
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
    beside={
        "behaviour.sell_share": always,
        # Dividends and points that share a quota leave no moment to take profit at.
        "behaviour.take_profit": lambda scheme, _: not scheme.sharing,
        "behaviour.take_profit_share": lambda scheme, _: scheme.behaviour.take_profit is not None,
        "behaviour.panic_growth": always,
        "behaviour.panic_share": lambda scheme, _: scheme.behaviour.panic_growth is not None,
    },
    sold=True,
    packages=False,
    tables={
        "outside": Table(
            ("number", "number"), "rules.line.outside", "rules.must.outside", days=True
        ),
    },
    ask=Ask("ask.pool", 2),
    limit="exit_multiple",
)
